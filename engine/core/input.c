/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a function of the rules is given: c, the case as it is staged, and e, the event.
 * Nothing else: no clock, no other case, so that the same input gives the same answer.
 *
 * Written as bytes straight from the row, members in the order of their names as rules_value.h
 * wants them: no value is built to be thrown away again. Decisions and foresight (foresee.c)
 * write through here alone, so that both ask in the same bytes.
 */
#include "core_internal.h"
#include <string.h>

/* A member whose value is JSON; a missing one is null. */
#define PUT_JSON(out, name, value)                                                                 \
    do {                                                                                           \
        RULES_PUT_NAME(out, name);                                                                 \
        put_json(out, value);                                                                      \
    } while (0)

#define PUT_TEXT(out, name, text)                                                                  \
    do {                                                                                           \
        RULES_PUT_NAME(out, name);                                                                 \
        rules_put_text_or_null(out, text);                                                         \
    } while (0)

/* What cannot be written is found once, at the end. */
static void
put_json(struct sgn_buf *out, const json_t *value)
{
    if (rules_put_json(out, value, NULL) != SGN_OK)
        out->failed = true;
}

/* c.people: who holds each role of the workflow; the opener and the owner by their names. */
static json_t *
people_make(struct stage *stage)
{
    json_t *people = json_object();
    const char *opener = json_string_value(stage_member(stage, "opener"));
    const json_t *role, *target;
    const char *alias;
    size_t i;

    if (opener != NULL)
        stage_put(stage, people, "opener", json_pack("[s]", opener));
    if (owner_first(stage) != NULL)
        stage_put(stage, people, "owner", json_pack("[s]", owner_first(stage)));
    json_array_foreach(stage->model->roles, i, role)
        stage_put(stage, people, json_string_value(role),
                  who_holders(stage, json_string_value(role)));
    json_object_foreach((json_t *)stage->model->aliases, alias, target) {
        const char *name = json_string_value(target);
        if (name != NULL && strcmp(name, "opener") == 0 && opener != NULL)
            stage_put(stage, people, alias, json_pack("[s]", opener));
    }
    return people;
}

static void
put_people(struct stage *stage, struct sgn_buf *out)
{
    json_t *people = people_make(stage);

    PUT_JSON(out, "people", people);
    json_decref(people);
}

/* "its fields" are the project's attributes; members come by c.people, in roles. */
static void
put_project(const struct stage *stage, struct sgn_buf *out)
{
    size_t place;

    RULES_PUT_NAME(out, "project");
    place = rules_put_open(out, RULES_VALUE_RECORD);
    PUT_JSON(out, "attributes", json_object_get(stage->project, "attributes"));
    PUT_JSON(out, "client", json_object_get(stage->project, "client"));
    PUT_JSON(out, "key", json_object_get(stage->project, "key"));
    PUT_JSON(out, "title", json_object_get(stage->project, "title"));
    rules_put_close(out, place);
}

/* Also the ballots that do not stand: a function may ask who has changed its mind. */
static void
put_ballots(struct stage *stage, struct sgn_buf *out)
{
    json_t *ballots = json_object();
    const char *approval;
    json_t *round;

    json_object_foreach(stage_member(stage, "rounds"), approval, round)
        stage_put(stage, ballots, approval, json_incref(json_object_get(round, "ballots")));
    PUT_JSON(out, "ballots", ballots);
    json_decref(ballots);
}

/* Of the chart under way, not of the row: in leave, run and enter they are what SCXML says is
 * active at that moment. */
static void
put_states(const struct stage *stage, struct sgn_buf *out)
{
    size_t place;

    RULES_PUT_NAME(out, "states");
    if (!stage->has_chart) {
        put_json(out, stage_member(stage, "states"));
        return;
    }
    place = rules_put_open(out, RULES_VALUE_LIST);
    for (int i = stage_next_leaf(stage, 0); i >= 0; i = stage_next_leaf(stage, i + 1))
        rules_put_text_or_null(out, stage->model->states[i].name);
    rules_put_close(out, place);
}

/* A record of those of these names, in their order, that it has. */
static void
put_named(struct sgn_buf *out, const json_t *record, const char **names, int n)
{
    size_t place = rules_put_open(out, RULES_VALUE_RECORD);

    for (int i = 0; i < n; i++) {
        const json_t *value = json_object_get(record, names[i]);

        if (value == NULL)
            continue;
        rules_put_name(out, names[i], strlen(names[i]));
        put_json(out, value);
    }
    rules_put_close(out, place);
}

static void
put_fields(const struct stage *stage, const struct model_function *function, struct sgn_buf *out)
{
    const json_t *fields;

    if (!(function->uses & MODEL_USES_FIELDS) && function->n_fields == 0)
        return;
    fields = stage_member(stage, "fields");
    RULES_PUT_NAME(out, "fields");
    if (function->uses & MODEL_USES_FIELDS)
        put_json(out, fields);
    else
        put_named(out, fields, function->fields, function->n_fields);
}

static void
put_data(const struct stage *stage, const struct model_function *function, struct sgn_buf *out)
{
    bool all = (function->uses & MODEL_USES_DATA) != 0;

    if (!all && function->n_data == 0)
        return;
    RULES_PUT_NAME(out, "data");
    if (all && stage->event_data != NULL)
        put_json(out, stage->event_data);
    else
        put_named(out, stage->event_data, function->data, function->n_data);
}

/* c's members behind owner. */
static void
put_rest(struct stage *stage, unsigned uses, struct sgn_buf *out)
{
    if (uses & MODEL_USES_PEOPLE)
        put_people(stage, out);
    if (uses & MODEL_USES_PRIORITY)
        PUT_JSON(out, "priority", stage_member(stage, "priority"));
    if (uses & MODEL_USES_PROJECT)
        put_project(stage, out);
    if (uses & MODEL_USES_REV)
        PUT_JSON(out, "rev", stage_member(stage, "rev"));
    if (uses & MODEL_USES_STATES)
        put_states(stage, out);
    if (uses & MODEL_USES_TASKS)
        PUT_JSON(out, "tasks", stage_member(stage, "tasks"));
    if (uses & MODEL_USES_VERSION)
        PUT_JSON(out, "version", stage_member(stage, "version"));
    if (uses & MODEL_USES_VISITS)
        PUT_JSON(out, "visits", stage_member(stage, "visits"));
    if (uses & MODEL_USES_WORKFLOW)
        PUT_JSON(out, "workflow", stage_member(stage, "workflow"));
}

/* A function gets only what it may read (the loader finds out what that is), so that its
 * answer stays good while other things change: the input is the key to the answer. */
static void
put_case(struct stage *stage, const struct model_function *function, const char *now,
         struct sgn_buf *out)
{
    unsigned uses = function->uses;
    size_t place = rules_put_open(out, RULES_VALUE_RECORD);

    if (uses & MODEL_USES_BALLOTS)
        put_ballots(stage, out);
    put_fields(stage, function, out);
    if (uses & MODEL_USES_KEY)
        PUT_TEXT(out, "key", stage->command->case_key);
    if (uses & MODEL_USES_NOW)
        PUT_TEXT(out, "now", now);
    if (uses & MODEL_USES_OPENER)
        PUT_JSON(out, "opener", stage_member(stage, "opener"));
    if (uses & MODEL_USES_OUTCOME)
        PUT_JSON(out, "outcome", stage_member(stage, "outcome"));
    if (uses & MODEL_USES_OWNER)
        PUT_TEXT(out, "owner", owner_first(stage));
    put_rest(stage, uses, out);
    rules_put_close(out, place);
}

static void
put_event(const struct stage *stage, const struct model_function *function, const char *now,
          struct sgn_buf *out)
{
    unsigned uses = function->uses;
    size_t place = rules_put_open(out, RULES_VALUE_RECORD);

    if (uses & MODEL_USES_AT)
        PUT_TEXT(out, "at", now);
    if (uses & MODEL_USES_BY)
        PUT_TEXT(out, "by", stage->event_by);
    if (uses & MODEL_USES_COMMENT)
        PUT_TEXT(out, "comment", stage->comment);
    put_data(stage, function, out);
    if (uses & MODEL_USES_NAME)
        PUT_TEXT(out, "name", stage->event_name);
    if (uses & MODEL_USES_ON_BEHALF)
        PUT_TEXT(out, "on_behalf", sgn_json_str(stage->command->params, "on_behalf"));
    rules_put_close(out, place);
}

/* The time in the zone of the stage, written once for all inputs. */
static const char *
now_text(struct stage *stage)
{
    if (stage->now_text[0] == '\0')
        sgn_time_format(stage->now, calendar_zone_offset(stage->zone, stage->now), stage->now_text);
    return stage->now_text;
}

enum sgn_status
input_write(struct stage *stage, int number, struct sgn_buf *out)
{
    const struct model_function *function = model_function_find(stage->model, number);
    const char *now = "";
    size_t place;

    if (function == NULL)
        return sgn_fail(stage->err, SGN_RULE_ERROR, "the workflow has no function %d", number);
    if (function->uses & (MODEL_USES_NOW | MODEL_USES_AT))
        now = now_text(stage);
    place = rules_put_open(out, RULES_VALUE_RECORD);
    RULES_PUT_NAME(out, "c");
    put_case(stage, function, now, out);
    RULES_PUT_NAME(out, "e");
    put_event(stage, function, now, out);
    rules_put_close(out, place);
    if (stage->nomem)
        return sgn_nomem(stage->err);
    if (!out->failed)
        return SGN_OK;
    return sgn_fail(stage->err, SGN_TOO_LARGE,
                    "a function of the rules cannot be given a case as "
                    "large as this");
}
