/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The row of a case in the words of another version, and where the case stands in it.
 *
 * Only names change here: whatever was kept under an old state's name is kept under the new one.
 * Where two old states become one, the first in the old document order is it.
 */
#include "memory.h"
#include "migrate_internal.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum sgn_status
migrate_stuck(struct migrating *m, const char *reason, const char *about, const char *fmt, ...)
{
    struct sgn_error *err = m->stage->err;
    char text[512];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    sgn_fail(err, SGN_REFUSED, "%s", text);
    sgn_error_add(err, "reason", json_string(reason));
    if (about != NULL)
        sgn_error_add(err, "about", json_string(about));
    return SGN_REFUSED;
}

const char *
migrate_name(const struct migrating *m, const char *old_name)
{
    const char *name = sgn_json_str(m->migration->states, old_name);

    return name != NULL ? name : old_name;
}

/* {state: value} under the new names. sum: integers of states that become one are added up. */
static json_t *
renamed(const struct migrating *m, const json_t *object, bool sum)
{
    json_t *out = json_object(), *value;
    const char *name;

    json_object_foreach((json_t *)object, name, value) {
        const char *now = migrate_name(m, name);
        json_t *there = json_object_get(out, now);
        if (there == NULL)
            stage_put(m->stage, out, now, json_incref(value));
        else if (sum)
            stage_put(m->stage, out, now,
                      json_integer(json_integer_value(there) + json_integer_value(value)));
    }
    return out;
}

static json_t *
renamed_tasks(const struct migrating *m)
{
    json_t *out = json_object(), *value;
    const char *key;

    json_object_foreach(stage_member(m->stage, "tasks"), key, value) {
        const char *slash = strchr(key, '/');
        char *state = sgn_strndup(key, slash != NULL ? (size_t)(slash - key) : strlen(key));
        char *now = state != NULL && slash != NULL
                        ? sgn_format("%s%s", migrate_name(m, state), slash)
                        : NULL;
        if (now == NULL)
            m->stage->nomem = true;
        else if (json_object_get(out, now) == NULL)
            stage_put(m->stage, out, now, json_incref(value));
        free(state);
        free(now);
    }
    return out;
}

/* Ballots of open rounds keep the rules that they were given under: their digests name them. */
static json_t *
renamed_rounds(const struct migrating *m)
{
    json_t *out = renamed(m, stage_member(m->stage, "rounds"), false);
    const char *rules = sgn_json_str(m->stage->question->row, "rules");
    const char *name;
    json_t *round, *ballot;
    size_t i;

    json_object_foreach(out, name, round) {
        stage_put(m->stage, round, "state", json_string(name));
        if (!round_is_open(round))
            continue;
        json_array_foreach(json_object_get(round, "ballots"), i, ballot)
            if (json_object_get(ballot, "rules") == NULL)
                stage_put(m->stage, ballot, "rules", json_string(rules));
    }
    return out;
}

/* "after.screening.1" -> "after.triage.1" */
static void
rename_timer(const struct migrating *m, json_t *deadline, const char *state)
{
    const char *name = sgn_json_str(deadline, "name"), *number = strrchr(name, '.');
    char *now = number != NULL ? sgn_format("after.%s%s", state, number) : NULL;

    if (number != NULL && strncmp(name, "after.", 6) == 0)
        stage_put(m->stage, deadline, "name", stage_text(m->stage, now));
    free(now);
}

static void
rename_deadline(const struct migrating *m, json_t *deadline)
{
    const char *kind = sgn_json_str(deadline, "kind");
    const char *state = migrate_name(m, sgn_json_str(deadline, "state"));
    const struct model_deadline *within =
        strcmp(kind, "within") == 0 ? deadline_of(m->old, deadline) : NULL;
    json_t *pause;
    size_t i;

    if (strcmp(kind, "after") == 0 && state[0] != '\0')
        rename_timer(m, deadline, state);
    if (within != NULL) {
        char *name = migrate_deadline_name(m, within);
        stage_put(m->stage, deadline, "name", stage_text(m->stage, name));
        free(name);
    }
    json_array_foreach(json_object_get(deadline, "pauses"), i, pause)
        stage_put(m->stage, pause, "state",
                  json_string(migrate_name(m, sgn_json_str(pause, "state"))));
    stage_put(m->stage, deadline, "state", json_string(state));
}

/* What a history remembers; what the new version cannot take is forgotten. */
static json_t *
renamed_history(const struct migrating *m)
{
    json_t *out = json_object(), *names, *name;
    const char *history;
    size_t i;

    json_object_foreach(stage_member(m->stage, "history"), history, names) {
        struct statechart trial;
        json_t *now = json_array(), *one;
        json_array_foreach(names, i, name)
            names_add(m->stage, now, migrate_name(m, json_string_value(name)));
        one = json_pack("{s:O}", history, now);
        if (statechart_init(&trial, m->stage->model, NULL, one, NULL) == SGN_OK) {
            statechart_deinit(&trial);
            stage_put(m->stage, out, history, json_incref(now));
        }
        json_decref(one);
        json_decref(now);
    }
    return out;
}

enum sgn_status
migrate_words(struct migrating *m)
{
    struct stage *stage = m->stage;
    json_t *deadline;
    size_t i;

    stage_put(stage, stage->row, "version", json_integer(stage->model->version));
    stage_put(stage, stage->row, "rules", json_string(stage->model->digest));
    stage_put(stage, stage->row, "visits", renamed(m, stage_member(stage, "visits"), true));
    stage_put(stage, stage->row, "owners", renamed(m, stage_member(stage, "owners"), false));
    stage_put(stage, stage->row, "tasks", renamed_tasks(m));
    stage_put(stage, stage->row, "rounds", renamed_rounds(m));
    stage_put(stage, stage->row, "history", renamed_history(m));
    json_array_foreach(stage_member(stage, "deadlines"), i, deadline)
        rename_deadline(m, deadline);
    stage->base = sgn_json_copy(stage->row);
    stage->nomem = stage->nomem || stage->base == NULL;
    return stage_check(stage);
}

/* ---- where it stands ---- */

/* The state of the new version for an active leaf: its own name's, or that of the nearest state
 * around it that the migration names. */
static int
counterpart(const struct migrating *m, int leaf)
{
    int state = model_state_find(m->stage->model, migrate_name(m, m->old->states[leaf].name));

    for (int at = m->old->states[leaf].parent; state <= 0 && at > 0;
         at = m->old->states[at].parent) {
        const char *name = sgn_json_str(m->migration->states, m->old->states[at].name);
        state = name != NULL ? model_state_find(m->stage->model, name) : -1;
    }
    if (state > 0 && m->stage->model->states[state].kind == MODEL_HISTORY)
        return -1;
    return state;
}

/* One that stands around another says no more than that one. */
static enum sgn_status
add_target(struct migrating *m, int state, int *targets, int *n)
{
    const struct model *model = m->stage->model;

    for (int i = 0; i < *n; i++) {
        if (targets[i] == state || model_descends(model, targets[i], state))
            return SGN_OK;
        if (model_descends(model, state, targets[i])) {
            targets[i] = state;
            return SGN_OK;
        }
        if (!model_states_together(model, targets[i], state))
            return migrate_stuck(m, "together", model->states[state].name,
                                 "\"%s\" and \"%s\" cannot be active together in version %lld",
                                 model->states[targets[i]].name, model->states[state].name,
                                 (long long)model->version);
    }
    targets[(*n)++] = state;
    return SGN_OK;
}

static enum sgn_status
find_targets(struct migrating *m, int targets[MODEL_STATES_MAX], int *n)
{
    const json_t *leaf;
    size_t i;
    enum sgn_status status = SGN_OK;

    *n = 0;
    json_array_foreach(json_object_get(m->stage->question->row, "states"), i, leaf) {
        const char *name = json_string_value(leaf);
        int old = model_state_find(m->old, name);
        int state = old > 0 ? counterpart(m, old) : -1;
        for (int at = old; at > 0; at = m->old->states[at].parent)
            statechart_set_add(&m->was, at);
        if (state <= 0)
            return migrate_stuck(m, "state", name, "the state \"%s\" has no counterpart", name);
        status = add_target(m, state, targets, n);
        if (status != SGN_OK)
            return status;
    }
    return status;
}

static void
find_kept(struct migrating *m)
{
    for (int old = statechart_set_next(&m->was, 1); old >= 0;
         old = statechart_set_next(&m->was, old + 1)) {
        int state = model_state_find(m->stage->model, migrate_name(m, m->old->states[old].name));
        if (state > 0 && stage_active(m->stage, state))
            statechart_set_add(&m->kept, state);
    }
}

/* Only the set of active states is wanted; what hangs on them is looked at afterwards. */
enum sgn_status
migrate_chart(struct migrating *m)
{
    static const struct statechart_ops silent = { 0 };
    struct stage *stage = m->stage;
    int targets[MODEL_STATES_MAX], n = 0;
    struct model_transition into = {
        .kind = MODEL_ON_EVENT, .index = -1, .internal = true, .targets = targets
    };
    enum sgn_status status = find_targets(m, targets, &n);

    if (status != SGN_OK)
        return status;
    into.n_targets = n;
    status = statechart_init(&stage->chart, stage->model, NULL, stage_member(stage, "history"),
                             stage->err);
    stage->has_chart = status == SGN_OK;
    if (status != SGN_OK)
        return status;
    statechart_set_add(&stage->chart.configuration, 0);
    status = statechart_take(&stage->chart, &into, &silent, stage, stage->err);
    if (status == SGN_OK)
        find_kept(m);
    return status;
}
