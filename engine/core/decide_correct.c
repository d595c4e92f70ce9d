/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Correcting: a lead moves a case as no rule would, and says why.
 *
 * The move itself asks no condition and runs nothing of the rules: neither "leave" nor
 * "enter", so that a script that fails cannot hold a case. All that hangs on a state ends and
 * begins with it, owners, timers, rounds and tasks; and what follows from where the case then
 * stands (completion, eventless transitions, approvals) follows by the rules again. Parts of
 * the case that the new states can stand beside stay as they are. A case that has ended runs
 * again when it is moved out of its final state.
 *
 * It is never a way round an approval: whoever is asked in an open round, for themselves or
 * for somebody else, leaves the correction to another lead.
 */
#include "approval_internal.h"
#include <stdlib.h>
#include <string.h>

/* ---- who may not ---- */

/* Is the actor, or one of those they stand in for, on the state's rules or among its ballots? */
static enum sgn_status
is_approver(struct stage *stage, int state, const json_t *givers, bool *out)
{
    const char *actor = stage->command->actor;
    json_t *seated = json_array();
    struct seats seats = { 0 };
    const json_t *item;
    size_t i;
    enum sgn_status status = seats_find(stage, state, &seats);

    if (status == SGN_OK)
        seats_people(stage, &seats, seated);
    json_array_foreach(
        json_object_get(round_of(stage, stage->model->states[state].name), "ballots"), i, item) {
        names_add(stage, seated, sgn_json_str(item, "person"));
        names_add(stage, seated, case_ballot_giver(item));
    }
    *out = sgn_json_has(seated, actor);
    json_array_foreach(givers, i, item)
        *out = *out || sgn_json_has(seated, json_string_value(item));
    seats_deinit(&seats);
    json_decref(seated);
    return status;
}

static enum sgn_status
check_rounds(struct stage *stage)
{
    json_t *givers = NULL;
    enum sgn_status status = delegation_givers(stage, &givers);

    for (int i = 1; status == SGN_OK && i < stage->model->n_states; i++) {
        const char *name = stage->model->states[i].name;
        bool is = false;
        if (stage->model->states[i].approval == NULL || !stage_active(stage, i) ||
            !round_is_open(round_of(stage, name)))
            continue;
        status = is_approver(stage, i, givers, &is);
        if (status == SGN_OK && is) {
            status = sgn_fail(stage->err, SGN_FORBIDDEN,
                              "you are an approver in %s, which is being decided: another lead "
                              "must correct this case",
                              name);
            sgn_error_add(stage->err, "approval", json_string(name));
        }
    }
    json_decref(givers);
    return status;
}

/* ---- what is asked for ---- */

static enum sgn_status
check_params(struct stage *stage)
{
    const json_t *params = stage->command->params;
    const char *reason = sgn_json_str(params, "reason");

    if (!stage->is_lead)
        return sgn_fail(stage->err, SGN_FORBIDDEN, "correcting a case is for the team's leads");
    if (reason == NULL || reason[0] == '\0') {
        sgn_fail(stage->err, SGN_PARAMS, "reason must say why the case is corrected");
        sgn_error_add(stage->err, "pointer", json_string("/reason"));
        return SGN_PARAMS;
    }
    if (json_object_get(params, "to") == NULL &&
        json_object_size(json_object_get(params, "fields")) == 0) {
        sgn_fail(stage->err, SGN_PARAMS, "to must name a state, or fields what is to be changed");
        sgn_error_add(stage->err, "pointer", json_string("/to"));
        return SGN_PARAMS;
    }
    return json_object_get(params, "to") == NULL ? decide_open_case(stage) : SGN_OK;
}

static enum sgn_status
add_target(struct stage *stage, const char *name, const char *base, int *targets, int *n)
{
    const struct model *model = stage->model;
    int state = name != NULL ? model_state_find(model, name) : -1;

    if (state <= 0)
        sgn_fail(stage->err, SGN_INVALID, "the workflow has no state \"%.100s\"",
                 name != NULL ? name : "");
    for (int i = 0; state > 0 && i < *n; i++)
        if (!model_states_together(model, targets[i], state)) {
            sgn_fail(stage->err, SGN_INVALID,
                     "\"%s\" and \"%s\" cannot be active together: they are not in different "
                     "regions of a parallel",
                     model->states[targets[i]].name, name);
            state = -1;
        }
    if (state <= 0) {
        sgn_error_add(stage->err, "pointer", json_string(base));
        return SGN_INVALID;
    }
    targets[(*n)++] = state;
    return SGN_OK;
}

/* More states than there can be are not together, so the array never overflows. */
static enum sgn_status
find_targets(struct stage *stage, const json_t *to, const char *base, int targets[MODEL_STATES_MAX],
             int *n)
{
    const json_t *name;
    enum sgn_status status = SGN_OK;
    size_t i;

    *n = 0;
    if (json_is_string(to))
        status = add_target(stage, json_string_value(to), base, targets, n);
    json_array_foreach(to, i, name)
        if (status == SGN_OK)
            status = add_target(stage, json_string_value(name), base, targets, n);
    if (status == SGN_OK && to != NULL && *n == 0) {
        sgn_fail(stage->err, SGN_PARAMS, "%s must name a state", base + 1);
        sgn_error_add(stage->err, "pointer", json_string(base));
        return SGN_PARAMS;
    }
    return status;
}

/* Any field, as no state would let it be edited; its value is checked like everybody's. */
static enum sgn_status
set_fields(struct stage *stage)
{
    const json_t *fields = NULL;
    const char *name;
    json_t *value;
    enum sgn_status status = decide_object(stage, "fields", &fields);

    json_object_foreach((json_t *)fields, name, value) {
        const struct model_field *field = NULL;
        if (status == SGN_OK)
            status = field_named(stage, name, "/fields", &field);
        if (status == SGN_OK)
            status = field_set(stage, field, value, SGN_INVALID, "/fields");
    }
    return status;
}

/* ---- the move ---- */

/* What must be filled when the start state is left must be filled now too. */
static enum sgn_status
op_leave(void *ctx, const struct model_state *state, const struct statechart_event *event)
{
    struct stage *stage = ctx;
    enum sgn_status status = SGN_OK;

    (void)event;
    if (state->index == fields_start_leaf(stage->model) && !stage->to_final)
        status = fields_required(stage);
    if (status == SGN_OK)
        macrostep_left(stage, state->name);
    return status;
}

static enum sgn_status
op_enter(void *ctx, const struct model_state *state, const struct statechart_event *event)
{
    struct stage *stage = ctx;
    enum sgn_status status = macrostep_entered(stage, state->index);

    (void)event;
    if (status == SGN_OK)
        status = deadline_arm(stage, state->index);
    if (status == SGN_OK && state->approval != NULL)
        round_open(stage, state->index);
    return status;
}

/* Nothing is selected, and no rule's content runs. */
static const struct statechart_ops by_hand_ops = {
    .leave = op_leave,
    .enter = op_enter,
    .raise_done = macrostep_raise_done,
};

/* The innermost active state around it in which only one can be active: what stands outside of
 * it need not move. */
static int
domain_of(const struct stage *stage, int target)
{
    const struct model *model = stage->model;
    int state = model->states[target].parent;

    while (state > 0 &&
           !(stage_active(stage, state) && model->states[state].kind == MODEL_COMPOUND))
        state = model->states[state].parent;
    return state;
}

/* The domain in which a target moves together with others: where the domain of one stands inside
 * that of another, the outer one. */
static int
common_domain(const struct stage *stage, const int *domains, int n, int at)
{
    int outer = domains[at];

    for (int i = 0; i < n; i++)
        if (model_descends(stage->model, outer, domains[i]))
            outer = domains[i];
    return outer;
}

/* Regions move one by one, so that a parallel that is active goes on; states of one that is not
 * are entered together. */
static enum sgn_status
take(struct stage *stage, const int *targets, int n)
{
    int domains[MODEL_STATES_MAX], group[MODEL_STATES_MAX];
    struct statechart_set done = { 0 };
    enum sgn_status status = SGN_OK;

    for (int i = 0; i < n; i++)
        domains[i] = domain_of(stage, targets[i]);
    for (int i = 0; status == SGN_OK && i < n; i++) {
        struct model_transition by_hand = { .kind = MODEL_ON_EVENT,
                                            .index = -1,
                                            .source = common_domain(stage, domains, n, i),
                                            .internal = true,
                                            .targets = group };
        if (statechart_set_has(&done, by_hand.source))
            continue;
        statechart_set_add(&done, by_hand.source);
        for (int k = i; k < n; k++)
            if (common_domain(stage, domains, n, k) == by_hand.source)
                group[by_hand.n_targets++] = targets[k];
        status = statechart_take(&stage->chart, &by_hand, &by_hand_ops, stage, stage->err);
    }
    return status;
}

static enum sgn_status
move(struct stage *stage, const int *targets, int n)
{
    enum sgn_status status = SGN_OK;

    stage->to_final = model_ends_at(stage->model, targets[0]);
    stage_put(stage, stage->row, "stuck", json_null());
    if (!case_is_open(stage->row)) {
        stage_put(stage, stage->row, "outcome", json_null());
        stage_put(stage, stage->row, "closed_at", json_null());
        status = deadline_arm(stage, 0); /* the workflow's own, which ended with the case */
    }
    if (status == SGN_OK)
        status = take(stage, targets, n);
    if (status == SGN_OK)
        macrostep_write(stage);
    return status;
}

enum sgn_status
correct_decide(struct stage *stage)
{
    int targets[MODEL_STATES_MAX], n = 0;
    enum sgn_status status = check_params(stage);

    if (status == SGN_OK)
        status = decide_expect(stage);
    if (status == SGN_OK)
        status = check_rounds(stage);
    if (status == SGN_OK)
        status = decide_comment(stage, "reason");
    if (status == SGN_OK)
        status =
            find_targets(stage, json_object_get(stage->command->params, "to"), "/to", targets, &n);
    if (status == SGN_OK)
        status = set_fields(stage);
    stage->event_name = "correct";
    if (status == SGN_OK && n > 0)
        status = move(stage, targets, n);
    if (status == SGN_OK)
        status = macrostep_event(stage, NULL, NULL, -1, false, NULL);
    return status == SGN_OK ? macrostep_settle(stage) : status;
}

/* From nothing: every target is below the root, which alone is active. */
enum sgn_status
correct_place(struct stage *stage, const json_t *to, const char *base)
{
    const struct model *model = stage->model;
    int targets[MODEL_STATES_MAX], n = 0, start = fields_start_leaf(model);
    bool at_start;
    enum sgn_status status = find_targets(stage, to, base, targets, &n);

    if (status != SGN_OK)
        return status;
    stage->to_final = model_ends_at(model, targets[0]);
    at_start = start >= 0 && (targets[0] == start || model_descends(model, start, targets[0]));
    if (!stage->to_final && !at_start)
        status = fields_required(stage);
    statechart_set_add(&stage->chart.configuration, 0);
    if (status == SGN_OK)
        status = take(stage, targets, n);
    if (status == SGN_OK)
        macrostep_write(stage);
    return status == SGN_OK ? macrostep_event(stage, NULL, NULL, -1, false, NULL) : status;
}
