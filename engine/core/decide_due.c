/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What time does: a rung of a within, an after, a send; what failed, and trying it again.
 */
#include "core_internal.h"
#include <string.h>

#define OUTAGE_MS (5 * SGN_MINUTE_MS) /* shorter ones are nobody's excuse */

/* Rows may be older than this program: a deadline without a kind is none of ours. */
static bool
is_kind(const json_t *deadline, const char *kind)
{
    const char *its = sgn_json_str(deadline, "kind");

    return its != NULL && strcmp(its, kind) == 0;
}

/* ---- after, send ---- */

/* after and send: spent before they run, since what they start may arm their like
 * again. Each is an external event of its own; an after is taken by its own transition
 * only, and if that says no at this moment it is spent, and the entry says so. */
static enum sgn_status
fire_timer(struct stage *stage, const json_t *deadline)
{
    bool after = is_kind(deadline, "after");
    const char *name = sgn_json_str(deadline, after ? "name" : "event");
    json_t *data = json_object_get(deadline, "data");
    int only = after ? (int)sgn_json_int(deadline, "transition", -1) : -1;
    bool taken = false;
    enum sgn_status status;

    deadline_remove(stage, sgn_json_str(deadline, "id"));
    stage->out->kind = after ? "deadline" : "send";
    stage_put(stage, stage->event, "name", json_string(name));
    if (data != NULL)
        stage_put(stage, stage->event, "data", json_incref(data));
    status = macrostep_event(stage, name, data, only, false, &taken);
    if (status == SGN_OK && !taken)
        stage_put(stage, stage->event, "taken", json_false());
    return status == SGN_OK ? macrostep_settle(stage) : status;
}

/* ---- rungs ---- */

/* Of missed reminders only the latest is sent. */
static bool
reminds(const struct model_rung *rung)
{
    for (int i = 0; i < rung->actions.n; i++) {
        enum model_action_kind kind = rung->actions.items[i].kind;
        if (kind == MODEL_REMIND || kind == MODEL_NOTIFY)
            return true;
    }
    return false;
}

/* Will a later rung of this ladder, due by now too, remind as well? Then this one is
 * mute. It is found by walking ahead on a copy: nothing has fired yet. */
static bool
overtaken(struct stage *stage, const struct model_deadline *within, const json_t *deadline)
{
    json_t *ahead = sgn_json_copy(deadline);
    bool later = false;
    int rung;
    int64_t at;

    while (ahead != NULL && !later && deadline_next(stage, within, ahead, &rung, &at) &&
           at <= stage->now) {
        later = reminds(&within->rungs[rung]);
        deadline_spend(stage, within, ahead, rung);
    }
    json_decref(ahead);
    return later;
}

/* The approval that a rung's decide means: around the deadline, or below it when the
 * deadline stands in a state around approvals. */
static int
approval_near(const struct stage *stage, int at)
{
    const struct model *model = stage->model;

    for (int i = at; i >= 0; i = model->states[i].parent)
        if (round_is_open(round_of(stage, model->states[i].name)) && stage_active(stage, i))
            return i;
    for (int i = 1; i < model->n_states; i++)
        if (stage_active(stage, i) && (at == 0 || model_descends(model, i, at)) &&
            round_is_open(round_of(stage, model->states[i].name)))
            return i;
    return -1;
}

/* A round that has been decided meanwhile is left as it is: exactly one decision. */
static enum sgn_status
run_decide(struct stage *stage, const struct model_action *action, int at, bool *taken)
{
    int state = approval_near(stage, at);
    enum sgn_status status;

    *taken = state >= 0;
    if (state < 0)
        return SGN_OK;
    status = round_end(stage, state, action->name, sgn_json_str(action->json, "as"));
    return status == SGN_OK ? macrostep_event(stage, NULL, NULL, -1, false, NULL) : status;
}

/* One action of a rung: those that speak for somebody start a macrostep, as system.
 * What enables nothing is recorded and is no failure. */
static enum sgn_status
run_action(struct stage *stage, const struct model_rung *rung, const struct model_action *action,
           int at)
{
    bool taken = true;
    enum sgn_status status = SGN_OK;

    if (action->kind == MODEL_DECIDE) {
        status = run_decide(stage, action, at, &taken);
    } else if (action->kind == MODEL_GO && rung->go_transition >= 0) {
        const struct model_transition *go = &stage->model->transitions[rung->go_transition];
        status = macrostep_event(stage, go->n_events > 0 ? go->events[0] : "go", NULL, go->index,
                                 false, &taken);
    } else if (action->kind == MODEL_FIRE && sgn_json_str(action->json, "case") == NULL) {
        status = macrostep_event(stage, action->name, json_object_get(action->json, "data"), -1,
                                 false, &taken);
    } else {
        return action_json(stage, action->json, action->who, at);
    }
    if (!taken)
        stage_put(stage, stage->event, "taken", json_false());
    return status;
}

/* The rung is spent first; its own deadline may end with what it does. */
static enum sgn_status
run_rung(struct stage *stage, const struct model_deadline *within, json_t *deadline, int rung)
{
    const struct model_rung *r = &within->rungs[rung];
    enum sgn_status status = SGN_OK;

    deadline_spend(stage, within, deadline, rung);
    stage->mute = reminds(r) && overtaken(stage, within, deadline);
    if (stage->mute)
        stage_put(stage, stage->event, "silent", json_true());
    else
        stage_trace(stage, "{s:s, s:i}", "deadline", within->name, "rung", r->number);
    stage->event_name = "deadline";
    for (int i = 0; status == SGN_OK && i < r->actions.n; i++)
        status = run_action(stage, r, &r->actions.items[i], within->state);
    /* A rung may have changed the priority or an owner: "always" is looked at, as after any
     * change that no event made. */
    if (status == SGN_OK)
        status = macrostep_event(stage, NULL, NULL, -1, false, NULL);
    return status == SGN_OK ? macrostep_settle(stage) : status;
}

/* Put off once, by the counted time that the server was not there to be answered: who
 * could not answer must not lose by it. The entry says so. */
static bool
put_off(struct stage *stage, const struct model_deadline *within, json_t *deadline, int rung)
{
    const struct core_command *command = stage->command;
    int64_t from = command->down_from != 0 ? command->down_from : stage->now - command->down_ms;
    struct deadline_clock clock;
    int64_t counted;

    if (command->down_ms <= OUTAGE_MS || within->rungs[rung].even_if_down ||
        !deadline_speaks(&within->rungs[rung]) || json_object_get(deadline, "put_off") != NULL)
        return false;
    deadline_clock_of(stage, deadline, &clock);
    counted = clock_counted(&clock, from, from + command->down_ms);
    if (counted == 0) /* nobody would have answered in that time */
        return false;
    stage_put(stage, deadline, "put_off", json_integer(counted));
    stage_put(stage, stage->event, "put_off", json_integer(counted));
    deadline_plan(stage, within, deadline);
    return true;
}

static enum sgn_status
fire_rung(struct stage *stage, json_t *deadline)
{
    const struct model_deadline *within = deadline_of(stage->model, deadline);
    char label[CALENDAR_DURATION_TEXT];
    int rung = -1;
    int64_t at;

    if (within == NULL || !deadline_next(stage, within, deadline, &rung, &at))
        return sgn_fail(stage->err, SGN_NOT_NOW, "nothing of %s is due",
                        sgn_json_str(deadline, "id"));
    stage_put(stage, stage->event, "name", json_string("within"));
    stage_put(stage, stage->event, "deadline", json_string(within->name));
    stage_put(stage, stage->event, "rung", json_string(rung_label(&within->rungs[rung], label)));
    if (put_off(stage, within, deadline, rung))
        return SGN_OK;
    return run_rung(stage, within, deadline, rung);
}

/* What is due is looked up by its id and checked against the time of this command: the
 * caller may have read the list before another command disarmed or moved it. */
enum sgn_status
due_decide(struct stage *stage)
{
    const char *id = sgn_json_str(stage->command->params, "deadline");
    json_t *deadline = deadline_find(stage, id);
    int64_t next = sgn_json_int(deadline, "next", 0);
    enum sgn_status status;

    if (deadline == NULL || next == 0 || next > stage->now)
        return sgn_fail(stage->err, SGN_NOT_NOW, "nothing of the deadline %s is due",
                        id != NULL ? id : "");
    /* Its calendar may have changed, and the sweep not have come here yet. */
    status = deadline_settle(stage);
    if (status != SGN_OK)
        return status;
    next = sgn_json_int(deadline, "next", 0);
    if ((next == 0 || next > stage->now) && sweep_note(stage, "calendar", NULL)) {
        stage->out->kind = "sweep";
        return stage_check(stage);
    }
    stage->due = next;
    stage->fired = json_incref(deadline);
    stage->event_by = "system";
    return is_kind(deadline, "within") ? fire_rung(stage, deadline) : fire_timer(stage, deadline);
}

/* ---- what failed ---- */

/* The rung counts as spent, and is remembered for a retry. */
static void
spend_failed(struct stage *stage, json_t *deadline)
{
    const struct model_deadline *within = deadline_of(stage->model, deadline);
    json_t *failed = json_object_get(deadline, "failed");
    int rung = 0;
    int64_t at;

    stage->due = sgn_json_int(deadline, "next", 0);
    if (failed == NULL) {
        failed = json_array();
        stage_put(stage, deadline, "failed", failed);
    }
    if (!is_kind(deadline, "within")) {
        stage->out->kind = is_kind(deadline, "send") ? "send" : "deadline";
        stage_put(stage, deadline, "next", json_null());
    } else if (within != NULL && deadline_next(stage, within, deadline, &rung, &at)) {
        deadline_spend(stage, within, deadline, rung);
    } else {
        stage_put(stage, deadline, "next", json_null());
    }
    stage_append(stage, failed, json_integer(rung));
}

/* Recorded once, with the error, and never tried again by itself: the rung is spent,
 * the case is stuck, and its other deadlines go on. The leads see it in their inbox. */
static enum sgn_status
mark_failed(struct stage *stage, const struct sgn_error *why)
{
    const struct core_command *command = stage->command;
    const char *id = sgn_json_str(command->params, "deadline");
    json_t *deadline = command->kind == CORE_DEADLINE ? deadline_find(stage, id) : NULL;
    json_t *stuck = json_pack("{s:I, s:s, s:s}", "at", (json_int_t)stage->now, "code",
                              sgn_status_code(why->status), "message", why->message);
    const json_t *lead;
    size_t i;

    stage->failed =
        json_pack("{s:s, s:s}", "code", sgn_status_code(why->status), "message", why->message);
    if (why->data != NULL)
        stage_put(stage, stage->failed, "data", json_incref(why->data));
    if (deadline != NULL) {
        stage_put(stage, stuck, "deadline", json_string(id));
        spend_failed(stage, deadline);
    } else {
        stage->out->kind = "effect";
    }
    if (command->cause != NULL)
        stage_put(stage, stuck, "cause", json_incref((json_t *)command->cause));
    stage_put(stage, stage->row, "stuck", stuck);
    tell_stuck(stage, sgn_status_code(why->status), why->message);
    json_array_foreach(json_object_get(stage->team, "leads"), i, lead)
        stage_append(stage, stage_member(stage, "waiting"),
                     json_pack("{s:s, s:O, s:s, s:I, s:n}", "kind", "stuck", "person", lead,
                               "state", "", "since", (json_int_t)stage->now, "due"));
    return parts_make(stage);
}

/* It goes on without facts: a failure is told whatever is known. */
enum sgn_status
core_decide_failed(const struct core_question *question, const struct sgn_error *why,
                   struct core_decision *decision, struct sgn_error *err)
{
    struct stage stage;
    enum sgn_status status;

    *decision = (struct core_decision){ .kind = "deadline", .verdict = CORE_ACCEPTED };
    status = ask_begin(&stage, question, decision, err);
    if (status == SGN_NEEDS) { /* it goes on without: a failure is told whatever is known */
        json_decref(decision->facts);
        decision->facts = NULL;
        stage.zone = calendar_zone_get("UTC");
        status = SGN_OK;
    }
    if (status == SGN_OK)
        status = mark_failed(&stage, why);
    if (status == SGN_OK)
        decision->row = json_incref(stage.row);
    else
        decision->verdict = CORE_REFUSED;
    stage_deinit(&stage);
    return status;
}

/* ---- retry ---- */

/* What failed is due at once again; the time for which it was planned stays in the
 * history. */
static void
arm_again(struct stage *stage, json_t *deadline)
{
    json_t *failed = json_object_get(deadline, "failed");
    const struct model_deadline *within = deadline_of(stage->model, deadline);

    if (failed == NULL)
        return;
    if (is_kind(deadline, "within")) {
        stage_put(stage, deadline, "retry", json_incref(failed));
        stage_put(stage, deadline, "retry_at", json_integer(stage->now));
        if (within != NULL)
            deadline_plan(stage, within, deadline);
    } else {
        stage_put(stage, deadline, "next", json_integer(stage->now));
    }
    json_object_del(deadline, "failed");
}

/* For leads: trying again may do what the rules meant, late. The effect that failed is
 * taken up by its reader. */
enum sgn_status
retry_decide(struct stage *stage)
{
    json_t *stuck = stage_member(stage, "stuck");
    json_t *cause = json_object_get(stuck, "cause");
    json_t *deadline;
    size_t i;

    if (!stage->is_system && !stage->is_lead)
        return sgn_fail(stage->err, SGN_FORBIDDEN, "trying again is for the team's leads");
    if (!json_is_object(stuck))
        return sgn_fail(stage->err, SGN_NOT_NOW, "%s is not stuck", stage_key(stage));
    json_array_foreach(stage_member(stage, "deadlines"), i, deadline)
        arm_again(stage, deadline);
    if (cause != NULL) /* the reader of effects takes that effect up once more */
        stage_append(stage, stage->effects,
                     json_pack("{s:s, s:O}", "kind", "again", "cause", cause));
    stage_put(stage, stage->row, "stuck", json_null());
    return stage_check(stage);
}
