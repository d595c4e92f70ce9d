/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a writing method answers, and how an entry is shown: made from what is stored.
 */
#include "core_internal.h"

static json_t *
either(const json_t *shared, const json_t *internal, const char *name)
{
    json_t *value = json_object_get(shared, name);

    return value != NULL ? value : json_object_get(internal, name);
}

static int
put(json_t *object, const char *name, const json_t *value)
{
    return json_object_set_new(object, name, value != NULL ? sgn_json_copy(value) : json_null());
}

json_t *
core_result(const json_t *header, const json_t *shared, const json_t *internal)
{
    json_t *result = json_object();
    int bad = put(result, "case", json_object_get(header, "case"));

    bad |= put(result, "rev", either(shared, internal, "rev"));
    bad |= put(result, "entry", json_object_get(header, "seq"));
    if (json_object_get(internal, "redacted") != NULL) {
        bad |= put(result, "redacted", json_object_get(internal, "redacted"));
    } else {
        bad |= put(result, "states", either(shared, internal, "states"));
        bad |= put(result, "outcome", either(shared, internal, "outcome"));
    }
    if (bad == 0)
        return result;
    json_decref(result);
    return NULL;
}

/* Adds a part's members; objects of both parts are put together, lists one after the other. */
static int
merge(json_t *view, const json_t *part)
{
    const char *name;
    json_t *value;
    int bad = 0;

    json_object_foreach((json_t *)part, name, value) {
        json_t *there = json_object_get(view, name);
        if (json_is_object(there) && json_is_object(value))
            bad |= merge(there, value);
        else if (json_is_array(there) && json_is_array(value))
            bad |= json_array_extend(there, value);
        else
            bad |= put(view, name, value);
    }
    return bad;
}

static json_t *
time_text(int64_t ms, int offset_s)
{
    char text[SGN_TIME_TEXT];

    return json_string(sgn_time_format(ms, offset_s, text));
}

/* ---- times, which every part keeps in milliseconds, as text ---- */

static int
times_put(json_t *object, const char *const *names, int offset_s)
{
    int bad = 0;

    for (; *names != NULL; names++) {
        const json_t *ms = json_object_get(object, *names);
        if (json_is_integer(ms))
            bad |= json_object_set_new(object, *names, time_text(json_integer_value(ms), offset_s));
    }
    return bad;
}

/* Of each item of a list, or of each member of an object. */
static int
times_below(json_t *items, const char *const *names, int offset_s)
{
    const char *key;
    json_t *item;
    size_t i;
    int bad = 0;

    json_array_foreach(items, i, item)
        bad |= times_put(item, names, offset_s);
    json_object_foreach(items, key, item)
        if (json_is_object(item))
            bad |= times_put(item, names, offset_s);
    return bad;
}

/* What people entered, fields and data, is left alone: its times are text already. */
static int
times_all(json_t *view, int offset_s)
{
    static const char *const own[] = { "arrived", "due", NULL };
    static const struct {
        const char *member;
        const char *names[4];
    } below[] = {
        { "ballots", { "at" } },
        { "decided", { "at" } },
        { "tasks", { "at" } },
        { "waiting", { "since", "due" } },
        { "deadlines", { "from", "due", "next" } },
    };
    static const char *const at[] = { "at", NULL };
    static const char *const pause[] = { "from", "to", NULL };
    static const char *const moved[] = { "was", "due", NULL };
    json_t *deadline;
    size_t i;
    int bad = times_put(view, own, offset_s);

    for (i = 0; i < sizeof(below) / sizeof(below[0]); i++)
        bad |= times_below(json_object_get(view, below[i].member), below[i].names, offset_s);
    bad |= times_put(json_object_get(view, "stuck"), at, offset_s);
    bad |= times_put(json_object_get(view, "imported"), at, offset_s);
    bad |= times_below(json_object_get(json_object_get(view, "sweep"), "moved"), moved, offset_s);
    bad |= times_below(json_object_get(json_object_get(view, "migrate"), "deadlines"), moved,
                       offset_s);
    json_array_foreach(json_object_get(view, "deadlines"), i, deadline)
        bad |= times_below(json_object_get(deadline, "pauses"), pause, offset_s);
    return bad;
}

/* The event by its name, with what it carried beside it. */
static int
event_put(json_t *view)
{
    json_t *event = json_incref(json_object_get(view, "event"));
    json_t *name = json_object_get(event, "name");
    json_t *data = json_object_get(event, "data");
    json_t *taken = json_object_get(event, "taken");
    int bad = 0;

    if (name != NULL)
        bad |= json_object_set(view, "event", name);
    if (data != NULL)
        bad |= json_object_set(view, "data", data);
    if (taken != NULL)
        bad |= json_object_set(view, "taken", taken);
    if (json_object_get(event, "deadline") != NULL)
        bad |= json_object_set_new(view, "rung", json_copy(event));
    json_decref(event);
    return bad;
}

/* Parts that were there once, and have been taken out: the header has their hashes. */
static int
put_removed(json_t *view, const json_t *header, const json_t *part, const char *name)
{
    json_t *removed = json_object_get(view, "removed");

    if (part != NULL || sgn_json_str(header, name) == NULL)
        return 0;
    if (removed == NULL && json_object_set_new(view, "removed", removed = json_array()) != 0)
        return -1;
    return json_array_append_new(removed, json_string(name));
}

json_t *
core_entry_view(const json_t *header, const json_t *shared, const json_t *internal,
                enum core_sight sight, int offset_s)
{
    static const char *const members[] = { "seq",  "case",    "actor",   "on_behalf",
                                           "kind", "channel", "case_seq" };
    const json_t *rules = json_object_get(header, "rules");
    json_t *view = json_object();
    int bad = 0;

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        bad |= put(view, members[i], json_object_get(header, members[i]));
    if (json_is_string(rules))
        bad |= put(view, "rules", rules);
    bad |= json_object_set_new(view, "at", time_text(sgn_json_int(header, "at", 0), offset_s));
    bad |= merge(view, shared);
    if (sight == CORE_SEES_ALL)
        bad |= merge(view, internal);
    (void)json_object_del(view, "row"); /* what a fold needs; the rest says what changed */
    bad |= put_removed(view, header, shared, "shared");
    if (sight == CORE_SEES_ALL)
        bad |= put_removed(view, header, internal, "internal");
    bad |= times_all(view, offset_s);
    bad |= event_put(view);
    if (bad == 0)
        return view;
    json_decref(view);
    return NULL;
}
