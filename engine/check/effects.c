/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes and effects that functions ask for: where they may not, and with names and values that
 * there are none of. Only constants are judged. What an event is good for: some transition of the
 * workflow awaits it, or a deadline ends with it; that it is awaited only in another state is the
 * author's business.
 */
#include "said.h"

#include "duration.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const json_t *
argument(const struct said *said, size_t i)
{
    return json_array_get(json_object_get(said->fact, "args"), i);
}

/* What is said of the fact is said at this argument. */
static struct said
at_argument(const struct said *said, const json_t *arg)
{
    struct said at = *said;

    at.at = arg;
    return at;
}

/* Are there so many at most? Behind an open end there may be any. */
static bool
is_last(const struct said *said, size_t n)
{
    return json_array_size(json_object_get(said->fact, "args")) <= n &&
           !sgn_json_true(said->fact, "more");
}

/* ---- values ---- */

/* A constant, or a table of constants, as JSON; NULL: not known, or none. New reference. */
static json_t *
constant(const json_t *arg)
{
    const json_t *items = json_object_get(arg, "items"), *keys = json_object_get(arg, "keys"), *one;
    json_t *out = NULL;
    const char *key;
    size_t i;

    if (json_object_get(arg, "is") != NULL)
        return json_incref(json_object_get(arg, "is"));
    if (items == NULL || sgn_json_true(arg, "open") ||
        (json_array_size(items) > 0) == (json_object_size(keys) > 0))
        return NULL;
    out = json_array_size(items) > 0 ? json_array() : json_object();
    json_array_foreach(items, i, one) {
        if (json_array_append_new(out, constant(one)) != 0)
            goto none;
    }
    json_object_foreach((json_t *)keys, key, one) {
        if (json_object_set_new(out, key, constant(one)) != 0)
            goto none;
    }
    return out;
none:
    json_decref(out);
    return NULL;
}

/* As c:set itself takes it: whole numbers are decimals where the field is one. */
static void
look_value(const struct said *said, const struct model_field *field, json_t *value_take)
{
    struct sgn_error why = { 0 };
    json_t *value = value_take, *checked = NULL;

    if (json_is_integer(value) && (field->type == MODEL_MONEY || field->places > 0)) {
        value = json_sprintf("%lld", (long long)json_integer_value(value_take));
        json_decref(value_take);
    }
    if (value != NULL && model_value_check(field, value, 6, &checked, &why) == SGN_INVALID)
        said_note(said, CHECK_FUNCTION_VALUE, NULL, "c:set(\"%s\"): %s", field->name, why.message);
    sgn_error_clear(&why);
    json_decref(checked);
    json_decref(value);
}

static void
look_set(const struct said *said)
{
    const char *name = said_text(argument(said, 0));
    const struct model_field *field =
        name != NULL ? model_field_find(said->check->model, name) : NULL;
    json_t *known, *value;

    if (name == NULL)
        return;
    if (field == NULL) {
        known = said_names(said->check->model, "field");
        said_unknown(said, "field", name, known);
        json_decref(known);
        return;
    }
    value = constant(argument(said, 1));
    if (value != NULL)
        look_value(said, field, value);
}

static void
look_priority(const struct said *said)
{
    const char *level = said_text(argument(said, 0));
    json_t *known =
        json_pack("[s, s, s, s, s, s]", "low", "normal", "high", "urgent", "up", "down");
    char near[SAID_NEAR];

    if (level != NULL && !sgn_json_has(known, level))
        said_note(said, CHECK_FUNCTION_VALUE, NULL,
                  "c:priority: \"%.100s\" is none of low, normal, high, urgent, up, down%s", level,
                  said_near(near, level, known));
    json_decref(known);
}

/* ---- people and channels ---- */

static void
look_channel(const struct said *said, const char *name)
{
    const json_t *known = said->check->team->channels;
    char near[SAID_NEAR];

    if (known != NULL && !sgn_json_has(known, name))
        said_note(said, CHECK_CHANNEL_UNKNOWN, NULL, "team.lua has no channel \"%.100s\"%s", name,
                  said_near(near, name, known));
}

/* A text is a role's name; it may be somebody's key where it is computed, but whoever writes a key
 * down writes person "key". */
static void
look_people(const struct said *said, const json_t *arg, bool channels)
{
    const char *name = said_text(arg), *word = sgn_json_str(arg, "word");
    struct said at = at_argument(said, arg);
    const json_t *one;
    char near[SAID_NEAR], hint[160];
    json_t *known;
    size_t i;

    if (name != NULL) {
        known = said_names(said->check->model, "role");
        snprintf(hint, sizeof hint, "a person is named by person \"%.100s\"", name);
        if (!sgn_json_has(known, name))
            said_note(&at, CHECK_FUNCTION_NAME, hint, "the workflow has no %s \"%.100s\"%s", "role",
                      name, said_near(near, name, known));
        json_decref(known);
    }
    if (word != NULL && channels && strcmp(word, "channel") == 0 &&
        sgn_json_str(arg, "name") != NULL)
        look_channel(said, sgn_json_str(arg, "name"));
    json_array_foreach(json_object_get(arg, "items"), i, one)
        look_people(said, one, false);
}

/* ---- events ---- */

bool
check_awaits(const struct model *model, const char *event)
{
    for (int i = 0; i < model->n_transitions; i++)
        for (int k = 0; k < model->transitions[i].n_events; k++)
            if (model_event_matches(model->transitions[i].events[k], event))
                return true;
    for (int i = 0; i < model->n_deadlines; i++)
        if (model->deadlines[i].until != NULL &&
            model_event_matches(model->deadlines[i].until, event))
            return true;
    return false;
}

/* One that comes to this case itself. */
static void
look_event(const struct said *said, const char *method)
{
    const char *event = said_text(argument(said, 0));
    json_t *known;
    char near[SAID_NEAR];

    if (event == NULL)
        return;
    if (model_event_is_engines(event)) {
        said_note(said, CHECK_FUNCTION_VALUE, NULL,
                  "c:%s(\"%.100s\"): only the engine raises such an event", method, event);
        return;
    }
    known = model_events(said->check->model);
    if (!check_awaits(said->check->model, event))
        said_note(said, CHECK_EVENT_LOST, NULL, "no transition awaits the event \"%.100s\"%s",
                  event, said_near(near, event, known));
    json_decref(known);
}

bool
check_fire_lost(const struct check *check, const char *event)
{
    const json_t *descriptor;
    size_t i;

    json_array_foreach(check->team->awaited, i, descriptor) {
        if (model_event_matches(json_string_value(descriptor), event))
            return false;
    }
    return check->team->awaited != NULL;
}

static void
look_fire(const struct said *said)
{
    const char *event = said_text(argument(said, 1));
    struct said at = at_argument(said, argument(said, 1));
    char near[SAID_NEAR];

    if (event != NULL && check_fire_lost(said->check, event))
        said_note(&at, CHECK_FIRE_LOST, NULL,
                  "no workflow of the team awaits the event \"%.100s\"%s", event,
                  said_near(near, event, said->check->team->awaited));
}

static void
look_send(const struct said *said)
{
    const json_t *options = argument(said, 1), *keys = json_object_get(options, "keys");
    const json_t *after = json_object_get(keys, "after");
    const char *text = said_text(after);
    struct calendar_duration duration;
    struct sgn_error why = { 0 };

    if ((options == NULL && is_last(said, 1)) || json_object_get(options, "is") != NULL ||
        (keys != NULL && after == NULL && !sgn_json_true(options, "open")))
        said_note(said, CHECK_FUNCTION_VALUE, NULL, "c:send needs { after = \"3 days\" }");
    else if (text != NULL && calendar_duration_parse(text, &duration, &why) != SGN_OK)
        said_note(said, CHECK_FUNCTION_VALUE, NULL, "c:send: %s", why.message);
    sgn_error_clear(&why);
}

/* ---- cancel ---- */

/* Is some id given that is this one, or that nobody can know? Looked for in the texts, since a send
 * may stand where no instruction is followed: "id =", and what comes behind. */
static bool
gives_id(const char *source, const char *id)
{
    size_t n = strlen(id);

    if (strstr(source, "\"id\"") != NULL || strstr(source, "'id'") != NULL)
        return true;
    for (const char *at = strstr(source, "id"); at != NULL; at = strstr(at + 1, "id")) {
        const char *value = at + 2 + strspn(at + 2, " \t\r\n");

        if ((at > source && (isalnum((unsigned char)at[-1]) || at[-1] == '_')) || *value != '=' ||
            value[1] == '=')
            continue;
        value += 1 + strspn(value + 1, " \t\r\n");
        if ((*value != '"' && *value != '\'') ||
            (strncmp(value + 1, id, n) == 0 && value[n + 1] == *value))
            return true;
    }
    return false;
}

static bool
in_sources(const json_t *functions, const char *id)
{
    const char *key;
    json_t *one;
    size_t i;

    json_object_foreach((json_t *)functions, key, one) {
        if (strcmp(key, "source") == 0 && json_is_string(one) ? gives_id(json_string_value(one), id)
                                                              : in_sources(one, id))
            return true;
    }
    json_array_foreach((json_t *)functions, i, one) {
        if (in_sources(one, id))
            return true;
    }
    return false;
}

static void
look_cancel(const struct said *said)
{
    const char *id = said_text(argument(said, 0));

    if (id != NULL && !in_sources(said->check->functions, id))
        said_note(said, CHECK_CANCEL_UNSENT, "give c:send the same id: { after = ..., id = ... }",
                  "nothing is sent under the id \"%.100s\"", id);
}

/* ---- other workflows ---- */

bool
check_uses(const struct check *check, const char *workflow)
{
    return check->team->workflows == NULL ||
           json_object_get(check->team->workflows, workflow) != NULL;
}

json_t *
check_used(const struct check *check)
{
    json_t *known = json_array(), *fields;
    const char *name;

    json_object_foreach((json_t *)check->team->workflows, name, fields)
        (void)json_array_append_new(known, json_string(name));
    return known;
}

static void
look_open(const struct said *said)
{
    const char *workflow = said_text(argument(said, 0)), *field;
    const json_t *fields, *value;
    char near[SAID_NEAR], hint[160];
    json_t *known;

    if (workflow == NULL || said->check->team->workflows == NULL)
        return;
    if (!check_uses(said->check, workflow)) {
        known = check_used(said->check);
        snprintf(hint, sizeof hint, "add use \"%.100s\" to team.lua", workflow);
        said_note(said, CHECK_WORKFLOW_UNKNOWN, hint, "team.lua uses no workflow \"%.100s\"%s",
                  workflow, said_near(near, workflow, known));
        json_decref(known);
        return;
    }
    fields = json_object_get(said->check->team->workflows, workflow);
    json_object_foreach(json_object_get(argument(said, 1), "keys"), field, value) {
        if (json_is_array(fields) && !sgn_json_has(fields, field))
            said_note(said, CHECK_FUNCTION_NAME, NULL,
                      "the workflow \"%.100s\" has no field \"%.100s\"%s", workflow, field,
                      said_near(near, field, fields));
    }
}

/* ---- calls ---- */

static void
look_state(const struct said *said)
{
    const char *name = said_text(argument(said, 0));
    json_t *known;

    if (name == NULL)
        return;
    known = said_names(said->check->model, "state");
    if (!sgn_json_has(known, name))
        said_unknown(said, "state", name, known);
    json_decref(known);
}

static void
look_arguments(const struct said *fact, const char *method)
{
    const struct said at = at_argument(fact, argument(fact, 0)), *said = &at;

    if (strcmp(method, "set") == 0)
        look_set(said);
    else if (strcmp(method, "priority") == 0)
        look_priority(said);
    else if (strcmp(method, "assign") == 0 || strcmp(method, "remind") == 0)
        look_people(said, argument(said, 0), false);
    else if (strcmp(method, "notify") == 0)
        look_people(said, argument(said, 0), true);
    else if (strcmp(method, "emit") == 0 || strcmp(method, "send") == 0)
        look_event(said, method);
    else if (strcmp(method, "fire") == 0)
        look_fire(said);
    else if (strcmp(method, "cancel") == 0)
        look_cancel(said);
    else if (strcmp(method, "open") == 0)
        look_open(said);
    else
        look_state(said);
    if (strcmp(method, "send") == 0)
        look_send(said);
}

/* Of is_in and visits nothing changes; all else that can be called does. */
static bool
asks_only(const char *method)
{
    return strcmp(method, "is_in") == 0 || strcmp(method, "visits") == 0;
}

void
said_call(const struct said *said, const char *method)
{
    const json_t *methods = json_object_get(said->check->says, "methods");
    char near[SAID_NEAR];

    if (!sgn_json_has(methods, method)) {
        if (sgn_json_has(json_object_get(said->check->says, "members"), method))
            said_note(said, CHECK_FUNCTION_MEMBER, NULL, "c.%s is no method: it cannot be called",
                      method);
        else if (!sgn_json_true(said->fact, "dot")) /* reading it was noted */
            said_note(said, CHECK_FUNCTION_MEMBER, NULL, "the case has no method \"%.100s\"%s",
                      method, said_near(near, method, methods));
    } else if (strcmp(said->purpose, "run") != 0 && !asks_only(method)) {
        said_note(said, CHECK_FUNCTION_CHANGES, "move it to run, enter or leave",
                  strcmp(said->purpose, "guard") == 0
                      ? "c:%s: a condition decides and changes nothing"
                      : "c:%s: a function that names people decides and changes nothing",
                  method);
    } else if (sgn_json_true(said->fact, "dot")) {
        said_note(said, CHECK_FUNCTION_MEMBER, NULL, "write c:%s(...), with a colon", method);
    } else {
        look_arguments(said, method);
    }
}
