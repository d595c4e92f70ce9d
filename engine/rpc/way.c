/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of a case, read from its newest entry to its oldest, see way.h.
 *
 * An entry's header names the version that it was decided by. Where that changes, a migration lies
 * between: the older version's names go through its mapping, and then through those that were
 * passed before.
 */
#include "way.h"

#include "say.h"
#include "titles.h"
#include <stdlib.h>
#include <string.h>

#define PAGE       500  /* entries read at a time */
#define STEPS_MOST 40   /* of one version that are told */
#define TEXT_MAX   8192 /* bytes of one note */

struct way {
    struct store_reader *reader;
    struct lane *lane;
    const struct lane_job *job;
    struct diagram_trace *trace;
    enum core_sight sight;
    const struct model *model; /* of the drawing */
    struct model *then;        /* that the entries being read were decided by; NULL: it is lost */
    char rules[SGN_HASH_HEX];  /* its digest */
    json_t *names;             /* {state of then: state of model}; NULL: they are the same */
    json_t *steps;             /* where the case went in then, newest first: texts */
    json_t *notes;             /* of the versions passed, newest first */
    int64_t oldest;            /* case_seq of the last entry that was read */
    int n;
};

/* ---- from version to version ---- */

/* The state that a migration takes it for: its own, or that of the nearest around it. */
static const char *
counterpart(const struct model *old, const struct model *is, const struct model_migration *m,
            int state)
{
    const json_t *states = m != NULL ? m->states : NULL;
    const char *name = sgn_json_str(states, old->states[state].name);

    name = name != NULL ? name : old->states[state].name;
    for (int at = old->states[state].parent; model_state_find(is, name) <= 0 && at > 0;
         at = old->states[at].parent)
        if (sgn_json_str(states, old->states[at].name) != NULL)
            name = sgn_json_str(states, old->states[at].name);
    return name;
}

/* The names of old in those of the drawing, where now is the version that came after it. */
static json_t *
names_of(const struct way *way, const struct model *old, const struct model *now)
{
    const struct model_migration *m = model_migration_from(now, old->version);
    json_t *names = json_object();

    for (int i = 1; i < old->n_states; i++) {
        const char *name = counterpart(old, now, m, i);
        if (way->names != NULL)
            name = sgn_json_str(way->names, name);
        if (name != NULL && model_state_find(way->model, name) > 0)
            (void)json_object_set_new(names, old->states[i].name, json_string(name));
    }
    return names;
}

/* "In version 1 the case came this way: Screening → Astray" */
static void
end_version(struct way *way)
{
    const char *language = way->job->language;
    size_t n = json_array_size(way->steps);
    struct sgn_buf text;

    if (n == 0 || way->then == NULL)
        return;
    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_printf(&text, sgn_say(language, "In version %lld the case came this way: "),
                   (long long)way->then->version);
    sgn_buf_puts(&text, n > STEPS_MOST ? "… → " : "");
    for (size_t i = n < STEPS_MOST ? n : STEPS_MOST; i > 0; i--)
        sgn_buf_printf(&text, "%s%s", json_string_value(json_array_get(way->steps, i - 1)),
                       i > 1 ? " → " : "");
    if (text.bytes != NULL)
        (void)json_array_append_new(way->notes, json_string(text.bytes));
    (void)json_array_clear(way->steps);
    sgn_buf_deinit(&text);
}

/* The entries from here on are of an older version. One that is lost has no counterparts. */
static enum sgn_status
begin_version(struct way *way, const char *rules, struct sgn_error *err)
{
    struct model *old = NULL;
    json_t *names;
    enum sgn_status status = lane_model(way->lane, way->reader, way->job->team, rules, &old, err);

    if (status == SGN_NOMEM)
        return status;
    if (status != SGN_OK)
        sgn_error_clear(err);
    end_version(way);
    names = old != NULL && way->then != NULL ? names_of(way, old, way->then) : json_object();
    json_decref(way->names);
    way->names = names;
    model_free(way->then);
    way->then = old;
    snprintf(way->rules, sizeof(way->rules), "%s", rules);
    return names != NULL ? SGN_OK : sgn_nomem(err);
}

/* ---- entries ---- */

static json_t *
mapped(const struct way *way, const json_t *names)
{
    json_t *out = json_array();
    const json_t *name;
    size_t i;

    json_array_foreach(names, i, name) {
        json_t *now = json_object_get(way->names, json_string_value(name));
        if (now != NULL)
            (void)json_array_append(out, now);
    }
    return out;
}

/* The entry in the words of the drawing; *view is put in its place. */
static enum sgn_status
map_entry(const struct way *way, json_t *view, struct sgn_error *err)
{
    static const char *const members[] = { "left", "entered", "states" };
    json_t *round;
    size_t i;
    int bad = 0;

    for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (json_object_get(view, members[i]) != NULL)
            bad |= json_object_set_new(view, members[i],
                                       mapped(way, json_object_get(view, members[i])));
    json_array_foreach(json_object_get(view, "round"), i, round) {
        json_t *now = json_object_get(way->names, sgn_json_str(round, "approval") != NULL
                                                      ? sgn_json_str(round, "approval")
                                                      : "");
        bad |= now != NULL ? json_object_set(round, "approval", now)
                           : json_object_del(round, "approval");
    }
    return bad == 0 ? SGN_OK : sgn_nomem(err);
}

/* Where the entry led, in the words of its own version. */
static void
note_step(struct way *way, const json_t *view)
{
    bool for_client = rpc_query_is_client(way->job);
    const json_t *name;
    struct sgn_buf text;
    size_t i;

    if (way->then == NULL || json_array_size(json_object_get(view, "entered")) == 0)
        return;
    sgn_buf_init(&text, TEXT_MAX);
    json_array_foreach(json_object_get(view, "states"), i, name) {
        int state = model_state_find(way->then, json_string_value(name));
        if (state > 0)
            sgn_buf_printf(&text, "%s%s", text.len > 0 ? sgn_say(way->job->language, ", ") : "",
                           rpc_state_title(way->then, state, way->job->language, for_client));
    }
    if (text.bytes != NULL && json_array_size(way->steps) <= STEPS_MOST)
        (void)json_array_append_new(way->steps, json_string(text.bytes));
    sgn_buf_deinit(&text);
}

static enum sgn_status
take_view(struct way *way, json_t *view, struct sgn_error *err)
{
    enum sgn_status status = SGN_OK;

    if (way->names != NULL) {
        note_step(way, view);
        status = map_entry(way, view, err);
    }
    if (status == SGN_OK)
        diagram_trace_entry(way->trace, view);
    return status;
}

/* The version is looked at also of entries that the caller may not see. */
static enum sgn_status
take(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct way *way = ctx;
    json_t *view = NULL, *header = NULL;
    const char *rules;
    enum sgn_status status = sgn_json_parse(entry->header, entry->header_n, &header, err);

    way->n++;
    way->oldest = entry->case_seq;
    rules = sgn_json_str(header, "rules");
    if (status == SGN_OK && rules != NULL && strcmp(rules, way->rules) != 0)
        status = begin_version(way, rules, err);
    if (status == SGN_OK)
        status = rpc_entry_view(entry, way->sight, NULL, &view, err);
    if (status == SGN_OK && view != NULL)
        status = take_view(way, view, err);
    json_decref(view);
    json_decref(header);
    return status;
}

/* ---- all of it ---- */

enum sgn_status
rpc_way(struct store_reader *reader, struct lane *lane, const struct lane_job *job, const char *key,
        enum core_sight sight, struct model *model, struct diagram_trace *trace,
        struct sgn_error *err)
{
    struct way way = { .reader = reader,
                       .lane = lane,
                       .job = job,
                       .trace = trace,
                       .sight = sight,
                       .model = model,
                       .then = model_ref(model),
                       .steps = json_array(),
                       .notes = json_array() };
    enum sgn_status status = way.steps != NULL && way.notes != NULL ? SGN_OK : sgn_nomem(err);

    snprintf(way.rules, sizeof(way.rules), "%s", model->digest);
    for (way.n = PAGE; status == SGN_OK && way.n == PAGE && way.oldest != 1;) {
        int64_t before = way.oldest;
        way.n = 0;
        status = store_case_entries(reader, job->team, key, before, PAGE, take, &way, err);
    }
    if (way.names != NULL)
        end_version(&way);
    for (size_t i = json_array_size(way.notes); status == SGN_OK && i > 0; i--)
        diagram_trace_note(trace, json_string_value(json_array_get(way.notes, i - 1)));
    model_free(way.then);
    json_decref(way.names);
    json_decref(way.steps);
    json_decref(way.notes);
    return status;
}
