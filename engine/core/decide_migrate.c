/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Migrating: a case comes to another version of its workflow, all of it or nothing.
 *
 * Nothing of "leave" and "enter" runs; states that are only new begin with their owner, timers,
 * round and tasks. What then holds, an eventless transition, a round that its ballots decide by
 * the new rule, happens at once, as after any change from outside. The same decision, without
 * being committed, is the rehearsal.
 *
 *   "migrate": { "from", "to": version, "rules": the old one's digest, "was"?: [STATE],
 *     "by"?, "reason"?: who ordered it and why,
 *     "deadlines"?: [{"deadline", "what": "moved"|"new"|"gone", "was"?: ms, "due"?: ms,
 *                     "at_once"?: rung that is due already}],
 *     "ballots"?:   [{"approval", "person", "on_behalf"?, "choice", "kept": bool}],
 *     "owners"?:    [{"state", "was", "owner"}], "dropped"?: [FIELD], "changed"?: [FIELD],
 *     "tasks"?:     [STATE/TASK that were ticked and are no more], "forgotten"?: [HISTORY] }
 */
#include "approval_internal.h"
#include "migrate_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- fields ---- */

static json_t *typing(const json_t *field);

static json_t *
typings(const json_t *fields)
{
    json_t *list = json_array();
    const json_t *field;
    size_t i;

    json_array_foreach(fields, i, field)
        (void)json_array_append_new(list, typing(field));
    return list;
}

/* Of a field what its values are read by. The words for readers are most of it, and the whole input
 * is hashed at each call. */
static json_t *
typing(const json_t *field)
{
    static const char *const members[] = { "name", "type", "places" };
    json_t *out = json_object();
    const json_t *of = json_object_get(field, "of"), *fields = json_object_get(field, "fields");

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (json_object_get(field, members[i]) != NULL)
            (void)json_object_set(out, members[i], json_object_get(field, members[i]));
    if (of != NULL)
        (void)json_object_set_new(out, "of", typing(of));
    if (fields != NULL)
        (void)json_object_set_new(out, "fields", typings(fields));
    return out;
}

/* What the migration's function gives; an empty object when there is none. */
static enum sgn_status
ask_fields(struct migrating *m, json_t **out)
{
    const json_t *given = NULL;
    json_t *input;
    enum sgn_status status = SGN_OK;

    *out = NULL;
    if (m->migration->function != 0) {
        input = json_pack("{s:O, s:o}", "fields", m->fields, "types",
                          typings(json_object_get(m->old->json, "fields")));
        status = input != NULL ? known_call_with(m->stage, m->migration->function, RULES_FIELDS,
                                                 input, &given)
                               : sgn_nomem(m->stage->err);
        json_decref(input);
    }
    if (status == SGN_OK && given != NULL && !json_is_object(given))
        status = sgn_fail(m->stage->err, SGN_RULE_ERROR, "a migration answers the new fields");
    if (status == SGN_OK)
        *out = given != NULL ? json_incref((json_t *)given) : json_object();
    return status;
}

/* Given, or as it was, or by default where the old version had no such field. */
static const json_t *
value_of(const struct migrating *m, const json_t *given, const struct model_field *field)
{
    const json_t *value = json_object_get(given, field->name);

    if (value == NULL)
        value = json_object_get(m->fields, field->name);
    if (value == NULL && model_field_find(m->old, field->name) == NULL)
        value = field->or_else;
    return value;
}

static enum sgn_status
put_fields(struct migrating *m, const json_t *given)
{
    struct stage *stage = m->stage;
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)given, name, value)
        if (model_field_find(stage->model, name) == NULL)
            return sgn_fail(stage->err, SGN_RULE_ERROR,
                            "a migration gives the field \"%s\", "
                            "which there is not",
                            name);
    stage_put(stage, stage->row, "fields", json_object());
    for (int i = 0; i < stage->model->n_fields; i++) {
        const struct model_field *field = &stage->model->fields[i];
        const json_t *now = value_of(m, given, field);
        enum sgn_status status =
            now != NULL ? field_set(stage, field, now, SGN_REFUSED, "/fields") : SGN_OK;
        if (status == SGN_REFUSED) {
            sgn_error_add(stage->err, "reason", json_string("field"));
            sgn_error_add(stage->err, "about", json_string(field->name));
        }
        if (status != SGN_OK)
            return status;
    }
    return SGN_OK;
}

/* In its start state a case may still be filled in. */
static enum sgn_status
check_required(struct migrating *m)
{
    struct stage *stage = m->stage;

    for (int i = 0; !fields_in_start(stage) && stage->chart.running && i < stage->model->n_fields;
         i++) {
        const struct model_field *field = &stage->model->fields[i];
        if (field->required && stage_field(stage, field->name) == NULL)
            return migrate_stuck(m, "required", field->name,
                                 "the field \"%s\" is required and is empty", field->name);
    }
    return SGN_OK;
}

/* ---- states ---- */

/* Does one of the states that were active, by this name now, satisfy this? */
static bool
was_so(const struct migrating *m, int state,
       bool (*is)(const struct model *model, const struct statechart_set *active, int state))
{
    const char *name = m->stage->model->states[state].name;

    for (int old = statechart_set_next(&m->was, 1); old >= 0;
         old = statechart_set_next(&m->was, old + 1))
        if (strcmp(migrate_name(m, m->old->states[old].name), name) == 0 &&
            is(m->old, &m->was, old))
            return true;
    return false;
}

static bool
has_approval(const struct model *model, const struct statechart_set *active, int state)
{
    (void)active;
    return model->states[state].approval != NULL;
}

/* Is the state complete: a final in it active, or all regions complete? */
static bool
is_complete(const struct model *model, const struct statechart_set *active, int state)
{
    const struct model_state *s = &model->states[state];

    for (int i = 0; i < s->n_children; i++) {
        const struct model_state *child = &model->states[s->children[i]];
        if (s->kind == MODEL_COMPOUND && child->kind == MODEL_FINAL &&
            statechart_set_has(active, child->index))
            return true;
        if (s->kind == MODEL_PARALLEL && child->kind != MODEL_HISTORY &&
            !is_complete(model, active, child->index))
            return false;
    }
    return s->kind == MODEL_PARALLEL;
}

static void
leave_gone(struct migrating *m)
{
    for (int old = statechart_set_previous(&m->was, MODEL_STATES_MAX - 1); old > 0;
         old = statechart_set_previous(&m->was, old - 1)) {
        const char *name = migrate_name(m, m->old->states[old].name);
        int state = model_state_find(m->stage->model, name);
        if (state <= 0 || !stage_active(m->stage, state))
            macrostep_left(m->stage, name);
    }
}

static enum sgn_status
enter_new(struct migrating *m, int state)
{
    enum sgn_status status = macrostep_entered(m->stage, state);

    if (status == SGN_OK && m->stage->model->states[state].approval != NULL)
        round_open(m->stage, state);
    return status;
}

/* Completion that is new: what was complete before has been told then. */
static void
raise_complete(struct migrating *m)
{
    struct stage *stage = m->stage;

    for (int s = statechart_set_previous(&stage->chart.configuration, MODEL_STATES_MAX - 1); s > 0;
         s = statechart_set_previous(&stage->chart.configuration, s - 1)) {
        char *event;
        if (!is_complete(stage->model, &stage->chart.configuration, s) || was_so(m, s, is_complete))
            continue;
        event = sgn_format("done.state.%s", stage->model->states[s].name);
        if (event != NULL)
            stage_raise(stage, event, NULL);
        else
            stage->nomem = true;
        free(event);
    }
}

/* ---- what goes on ---- */

/* Who owns it stays; an offer is made anew, by the roles as they are now. */
static enum sgn_status
keep_owner(struct migrating *m, int state)
{
    struct stage *stage = m->stage;
    const struct model_state *s = &stage->model->states[state];
    const json_t *owner = json_object_get(stage_member(stage, "owners"), s->name);

    if (s->owner == NULL) {
        json_object_del(stage_member(stage, "owners"), s->name);
        return SGN_OK;
    }
    return json_is_string(owner) ? SGN_OK : owner_set(stage, state, s->owner, NULL, state);
}

/* A ballot stands when its giver is still asked and what it covers is the same: the first is
 * looked at here, the second when the round settles, which begins the next one. */
static enum sgn_status
keep_round(struct migrating *m, int state)
{
    struct stage *stage = m->stage;
    const struct model_state *s = &stage->model->states[state];
    json_t *round = round_of(stage, s->name), *seated, *ballot;
    struct seats seats = { 0 };
    size_t i;
    enum sgn_status status;

    if (s->approval == NULL) {
        round_leave(stage, s->name);
        return SGN_OK;
    }
    if (!round_is_open(round)) {
        if (!was_so(m, state, has_approval))
            round_open(stage, state);
        return SGN_OK;
    }
    json_object_del(round, "seats"); /* of a fixed one: the rules are numbered anew */
    seated = json_array();
    status = seats_find(stage, state, &seats);
    if (status == SGN_OK)
        seats_people(stage, &seats, seated);
    json_array_foreach(json_object_get(round, "ballots"), i, ballot)
        if (status == SGN_OK && !sgn_json_has(seated, case_ballot_giver(ballot)))
            stage_put(stage, ballot, "standing", json_false());
    seats_deinit(&seats);
    json_decref(seated);
    return status;
}

/* Ticks of tasks that there are not any more would count for nothing. */
static void
keep_tasks(struct migrating *m)
{
    struct stage *stage = m->stage;
    json_t *tasks = stage_member(stage, "tasks"), *kept = json_object();

    for (int s = 0; s < stage->model->n_states; s++)
        for (int i = 0; i < stage->model->states[s].n_tasks; i++) {
            json_t *record = task_record(stage, s, &stage->model->states[s].tasks[i]);
            char *key = sgn_format("%s/%s", stage->model->states[s].name,
                                   stage->model->states[s].tasks[i].name);
            if (key == NULL)
                stage->nomem = true;
            else if (record != NULL)
                stage_put(stage, kept, key, json_incref(record));
            free(key);
        }
    if (json_object_size(kept) != json_object_size(tasks))
        stage_put(stage, stage->row, "tasks", json_incref(kept));
    json_decref(kept);
}

static void
keep_visits(struct migrating *m)
{
    json_t *visits = stage_member(m->stage, "visits"), *count;
    const char *name;
    void *next;

    json_object_foreach_safe(visits, next, name, count)
        if (model_state_find(m->stage->model, name) <= 0)
            json_object_del(visits, name);
}

static enum sgn_status
go_over(struct migrating *m)
{
    struct stage *stage = m->stage;
    const struct statechart_set *active = &stage->chart.configuration;
    enum sgn_status status = migrate_deadlines(m);

    leave_gone(m);
    keep_visits(m);
    for (int s = statechart_set_next(active, 1); status == SGN_OK && s >= 0;
         s = statechart_set_next(active, s + 1)) {
        if (!statechart_set_has(&m->kept, s)) {
            status = enter_new(m, s);
            continue;
        }
        status = keep_owner(m, s);
        if (status == SGN_OK)
            status = keep_round(m, s);
    }
    keep_tasks(m);
    if (status == SGN_OK)
        status = migrate_arm(m);
    if (status == SGN_OK)
        status = deadline_settle(stage);
    if (status == SGN_OK)
        migrate_repeats(m);
    return status == SGN_OK ? stage_check(stage) : status;
}

/* ---- the command ---- */

/* For a replay: rules that say no migration keep all names. */
static const struct model_migration same_names = { .states = NULL };

static enum sgn_status
begin(struct migrating *m)
{
    struct stage *stage = m->stage;
    const char *rules = sgn_json_str(stage->row, "rules");
    int64_t version = sgn_json_int(stage->row, "version", 0);
    char from[24];

    if (!stage->is_system)
        return sgn_fail(stage->err, SGN_FORBIDDEN, "cases are migrated by workflow.migrate");
    if (rules != NULL && strcmp(rules, stage->model->digest) == 0)
        return sgn_fail(stage->err, SGN_NOT_NOW, "%s is of this version already", stage_key(stage));
    m->migration = model_migration_from(stage->model, version);
    if (m->migration == NULL && sgn_json_true(stage->command->params, "anyhow"))
        m->migration = &same_names;
    snprintf(from, sizeof(from), "%lld", (long long)version);
    if (m->old == NULL || m->migration == NULL)
        return migrate_stuck(
            m, "no_migration", from, "version %lld of %s has no migration from version %lld",
            (long long)stage->model->version, stage->model->name, (long long)version);
    m->fields = json_object_get(stage->question->row, "fields");
    return SGN_OK;
}

enum sgn_status
migrate_decide(struct stage *stage)
{
    struct migrating m = { .stage = stage, .old = stage->command->from_model };
    json_t *given = NULL;
    enum sgn_status status = decide_open_case(stage);

    if (status == SGN_OK)
        status = begin(&m);
    stage->event_name = "migrate";
    if (status == SGN_OK)
        status = ask_fields(&m, &given);
    if (status == SGN_OK)
        status = migrate_words(&m);
    if (status == SGN_OK)
        status = migrate_chart(&m);
    if (status == SGN_OK)
        status = put_fields(&m, given);
    json_decref(given);
    if (status == SGN_OK)
        status = check_required(&m);
    if (status == SGN_OK)
        status = go_over(&m);
    if (status != SGN_OK)
        return status;
    raise_complete(&m);
    macrostep_write(stage);
    status = macrostep_event(stage, NULL, NULL, -1, false, NULL);
    if (status == SGN_OK)
        status = macrostep_settle(stage);
    return status == SGN_OK ? migrate_report(&m) : status;
}
