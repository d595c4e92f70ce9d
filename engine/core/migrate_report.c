/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a migration does to a case, in numbers that a person can check: what moved, what is gone,
 * what is new, and whose ballot stands. Taken from the rows before and after, so that it cannot
 * promise what has not been done. The form stands in decide_migrate.c.
 */
#include "approval_internal.h"
#include "migrate_internal.h"
#include <string.h>

static json_t *
find_id(const json_t *list, const char *id)
{
    json_t *deadline;
    size_t i;

    json_array_foreach(list, i, deadline)
        if (strcmp(sgn_json_str(deadline, "id"), id) == 0)
            return deadline;
    return NULL;
}

/* The rung that is due already. */
static void
put_at_once(struct stage *stage, json_t *item, const json_t *deadline)
{
    const struct model_deadline *within = deadline_of(stage->model, deadline);
    int64_t next = sgn_json_int(deadline, "next", 0), at;
    char label[CALENDAR_DURATION_TEXT];
    int rung;

    if (next == 0 || next > stage->now)
        return;
    if (within != NULL && strcmp(sgn_json_str(deadline, "kind"), "within") == 0 &&
        deadline_next(stage, within, deadline, &rung, &at))
        stage_put(stage, item, "at_once", json_string(rung_label(&within->rungs[rung], label)));
    else
        stage_put(stage, item, "at_once", json_string("after"));
}

static json_t *
deadline_item(struct stage *stage, const char *what, const json_t *was, const json_t *is)
{
    json_t *item = json_pack("{s:O, s:s, s:O*, s:O*}", "deadline",
                             json_object_get(is != NULL ? is : was, "name"), "what", what, "was",
                             json_object_get(was, "due"), "due", json_object_get(is, "due"));

    if (item == NULL)
        stage->nomem = true;
    else if (is != NULL)
        put_at_once(stage, item, is);
    return item;
}

/* Moved: due at another time, paused or running where it was not, or another rung is next. */
static bool
is_moved(const json_t *was, const json_t *is)
{
    static const char *const members[] = { "due", "left", "next" };

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        json_t *a = json_object_get(was, members[i]), *b = json_object_get(is, members[i]);
        if (a != b && (a == NULL || b == NULL || !json_equal(a, b)))
            return true;
    }
    return false;
}

static json_t *
deadlines(struct stage *stage)
{
    const json_t *before = json_object_get(stage->base, "deadlines");
    const json_t *after = stage_member(stage, "deadlines"), *deadline;
    json_t *list = json_array();
    size_t i;

    json_array_foreach(before, i, deadline) {
        const json_t *is = find_id(after, sgn_json_str(deadline, "id"));
        if (is == NULL)
            stage_append(stage, list, deadline_item(stage, "gone", deadline, NULL));
        else if (is_moved(deadline, is))
            stage_append(stage, list, deadline_item(stage, "moved", deadline, is));
    }
    json_array_foreach(after, i, deadline)
        if (find_id(before, sgn_json_str(deadline, "id")) == NULL)
            stage_append(stage, list, deadline_item(stage, "new", NULL, deadline));
    return list;
}

/* Does it stand still, in a round that its state was not taken away from? */
static bool
still_stands(struct stage *stage, const char *approval, const json_t *ballot)
{
    const json_t *round = round_of(stage, approval);
    const char *ended = sgn_json_str(json_object_get(round, "ended"), "outcome");
    const json_t *now =
        round_ballot(round, sgn_json_str(ballot, "person"), sgn_json_str(ballot, "on_behalf"));

    return sgn_json_true(now, "standing") && (ended == NULL || strcmp(ended, "left") != 0);
}

static json_t *
ballots(struct stage *stage)
{
    json_t *list = json_array(), *round;
    const json_t *ballot;
    const char *approval;
    size_t i;

    json_object_foreach(json_object_get(stage->base, "rounds"), approval, round) {
        if (!round_is_open(round))
            continue;
        json_array_foreach(json_object_get(round, "ballots"), i, ballot)
            if (sgn_json_true(ballot, "standing"))
                stage_append(stage, list,
                             json_pack("{s:s, s:O, s:O*, s:O, s:b}", "approval", approval, "person",
                                       json_object_get(ballot, "person"), "on_behalf",
                                       json_object_get(ballot, "on_behalf"), "choice",
                                       json_object_get(ballot, "choice"), "kept",
                                       still_stands(stage, approval, ballot)));
    }
    return list;
}

/* Of states that go on; elsewhere owners follow from the states. */
static json_t *
owners(struct stage *stage)
{
    json_t *list = json_array(), *was;
    const char *state;

    json_object_foreach(json_object_get(stage->base, "owners"), state, was) {
        json_t *is = json_object_get(stage_member(stage, "owners"), state);
        if (is != NULL && !json_equal(was, is))
            stage_append(stage, list,
                         json_pack("{s:s, s:O, s:O}", "state", state, "was", was, "owner", is));
    }
    return list;
}

/* Names that before has in the member and the row has not. */
static json_t *
gone(struct stage *stage, const json_t *before, const char *member)
{
    json_t *list = json_array(), *value;
    const char *name;

    json_object_foreach(json_object_get(before, member), name, value)
        if (json_object_get(stage_member(stage, member), name) == NULL)
            names_add(stage, list, name);
    names_sort(list);
    return list;
}

static json_t *
changed_fields(struct stage *stage)
{
    json_t *list = json_array(), *is;
    const char *name;

    json_object_foreach(stage_member(stage, "fields"), name, is) {
        json_t *was = json_object_get(json_object_get(stage->base, "fields"), name);
        if (was == NULL || !json_equal(was, is))
            names_add(stage, list, name);
    }
    names_sort(list);
    return list;
}

static void
put_list(struct stage *stage, const char *name, json_t *list_take)
{
    if (json_array_size(list_take) > 0)
        stage_put(stage, stage->migrate, name, json_incref(list_take));
    json_decref(list_take);
}

/* Who wanted it, and why: of the sweep whose command this is. */
static void
put_order(struct stage *stage)
{
    static const char *const members[] = { "by", "reason" };
    const json_t *argument = json_object_get(stage->command->params, "argument");

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        json_t *value = json_object_get(argument, members[i]);
        if (json_is_string(value))
            stage_put(stage, stage->migrate, members[i], json_incref(value));
    }
}

enum sgn_status
migrate_report(struct migrating *m)
{
    struct stage *stage = m->stage;
    json_t *was = json_object_get(stage->question->row, "states");

    stage->migrate = json_pack("{s:I, s:I, s:O*}", "from", (json_int_t)m->old->version, "to",
                               (json_int_t)stage->model->version, "rules",
                               json_object_get(stage->question->row, "rules"));
    if (stage->migrate == NULL)
        return sgn_nomem(stage->err);
    put_order(stage);
    if (!json_equal(was, stage_member(stage, "states")))
        stage_put(stage, stage->migrate, "was", json_incref(was));
    put_list(stage, "deadlines", deadlines(stage));
    put_list(stage, "ballots", ballots(stage));
    put_list(stage, "owners", owners(stage));
    put_list(stage, "dropped", gone(stage, stage->base, "fields"));
    put_list(stage, "changed", changed_fields(stage));
    put_list(stage, "tasks", gone(stage, stage->base, "tasks"));
    put_list(stage, "forgotten", gone(stage, stage->question->row, "history"));
    return stage_check(stage);
}
