/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the functions of a team's hooks return, as far as it stands there: workflows, fields and
 * events that there are none of would be refused whenever something is sent. What it is like
 * otherwise is the prelude's to say (hooks.lua); only here all of the team's workflows are at hand.
 */
#include "dsl_internal.h"

#include "json.h"
#include <string.h>

struct hook_check {
    const json_t *workflows;
    json_t *mistakes;
    int line;
    bool failed;
};

/* A name that is not among these, with the nearest of them. "%.64s" twice, then the hint. */
static void
note(struct hook_check *check, const char *said, const char *name, const char *of,
     const json_t *known)
{
    const char *near = sgn_nearest_json(name, known);
    char message[DSL_MESSAGE_MAX], more[DSL_MESSAGE_MAX / 2] = "";

    if (near != NULL)
        snprintf(more, sizeof more, " (did you mean \"%s\"?)", near);
    snprintf(message, sizeof message, "a hook names the %s \"%.64s\", which %.80s has not%s", said,
             name, of, more);
    check->failed =
        !dsl_mistake(check->mistakes, "error", "team.lua", check->line, message, near) ||
        check->failed;
}

/* The constant at this key; NULL: it is no text that is known. */
static const char *
constant(const json_t *keys, const char *name)
{
    return sgn_json_str(json_object_get(keys, name), "is");
}

/* The version of the workflow that is named there; NULL when it is not known, or was noted. */
static const json_t *
workflow_of(struct hook_check *check, const json_t *keys, const char *key)
{
    const char *name = constant(keys, key), *other;
    const json_t *version = name != NULL ? json_object_get(check->workflows, name) : NULL, *value;
    json_t *known;

    if (name == NULL || version != NULL)
        return version;
    known = json_array();
    json_object_foreach((json_t *)check->workflows, other, value)
        (void)json_array_append_new(known, json_string(other));
    note(check, "workflow", name, "the team", known);
    json_decref(known);
    return NULL;
}

/* passed: a key that is no field's. */
static void
check_fields(struct hook_check *check, const json_t *keys, const json_t *version,
             const char *passed)
{
    const json_t *model = json_object_get(version, "model"), *field, *value;
    json_t *known = json_array();
    const char *name;
    size_t i;

    json_array_foreach(json_object_get(model, "fields"), i, field)
        (void)json_array_append(known, json_object_get(field, "name"));
    json_object_foreach((json_t *)keys, name, value)
        if (strcmp(name, passed) != 0 && !sgn_json_has(known, name))
            note(check, "field", name, sgn_json_str(model, "name"), known);
    json_decref(known);
}

/* All events that some transition takes: of a state, of those within, of the workflow. */
static void
add_events(json_t *known, const json_t *part)
{
    const json_t *one;
    size_t i, k;
    json_t *name;

    json_array_foreach(json_object_get(part, "transitions"), i, one)
        json_array_foreach(json_object_get(one, "on"), k, name)
            (void)json_array_append(known, name);
    json_array_foreach(json_object_get(part, "states"), i, one)
        add_events(known, one);
}

/* "claim" takes claim and claim.late; "*" takes all. */
static bool
takes(const json_t *known, const char *event)
{
    const json_t *one;
    size_t i;

    json_array_foreach(known, i, one) {
        const char *on = json_string_value(one);
        size_t n = strlen(on);

        if (strcmp(on, "*") == 0 ||
            (strncmp(on, event, n) == 0 && (event[n] == '\0' || event[n] == '.')))
            return true;
    }
    return false;
}

static void
check_event(struct hook_check *check, const char *event, const json_t *version)
{
    const json_t *model = json_object_get(version, "model");
    json_t *known = json_array();

    add_events(known, model);
    if (!takes(known, event))
        note(check, "event", event, sgn_json_str(model, "name"), known);
    json_decref(known);
}

/* table as in rules.h: { "keys", ... }; what is unknown in it is no object. */
static void
check_does(struct hook_check *check, const json_t *table)
{
    const json_t *keys = json_object_get(table, "keys"), *version;
    const json_t *found = json_object_get(json_object_get(keys, "case"), "keys");
    const json_t *otherwise = json_object_get(keys, "otherwise");
    const char *event = constant(keys, "fire");

    version = workflow_of(check, keys, "open");
    if (version != NULL)
        check_fields(check, json_object_get(json_object_get(keys, "fields"), "keys"), version,
                     "priority");
    version = workflow_of(check, found, "workflow");
    if (version != NULL)
        check_fields(check, found, version, "workflow");
    if (version != NULL && event != NULL)
        check_event(check, event, version);
    if (json_is_object(otherwise))
        check_does(check, otherwise);
}

enum sgn_status
dsl_check_hooks(const json_t *says, const json_t *workflows, json_t *mistakes,
                struct sgn_error *err)
{
    struct hook_check check = { .workflows = workflows, .mistakes = mistakes };
    const json_t *function, *fact;
    const char *number;
    size_t i;

    json_object_foreach(json_object_get(says, "functions"), number, function) {
        json_array_foreach(json_object_get(function, "facts"), i, fact) {
            check.line = (int)sgn_json_int(fact, "line", 1);
            if (json_object_get(fact, "returns") != NULL)
                check_does(&check, json_object_get(fact, "returns"));
        }
    }
    return check.failed ? sgn_nomem(err) : SGN_OK;
}
