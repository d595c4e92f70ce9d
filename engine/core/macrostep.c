/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One macrostep of a case: what the statechart algorithm asks for, done on the stage.
 *
 * Whatever fails ends the decision, and the stage with everything on it is thrown away;
 * so nothing here has to be undone. The order of things is the algorithm's: leave
 * (inner first), run (document order), enter (outer first), each seeing what the ones
 * before it changed.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

/* Is it the event that came from outside, not one of the queue? By address: an internal
 * event may have the same name, and for it nobody's rights are asked. */
static bool
is_external(const struct stage *stage, const struct statechart_event *event)
{
    return event != NULL && event->name == stage->external;
}

/* An event without "by" is fired by the system only. */
static enum sgn_status
by_holds(struct stage *stage, const struct model_transition *transition, bool *out)
{
    *out = false;
    if (transition->by == NULL)
        return SGN_OK; /* the engine's own */
    return who_has(stage, transition->by, transition->source, stage->as, out);
}

void
macrostep_hear(struct stage *stage, const struct statechart_event *event)
{
    stage->event_name = event->name;
    stage->event_data = event->data;
    stage->event_by = is_external(stage, event) ? stage->command->actor : "system";
}

/*
 * "by" and "when" together are the condition: the first transition in document order
 * for which both hold is taken, so roles may lead to different targets. While it is not
 * known whether a person may, the guard is asked already, to learn what it lacks.
 * Guards see the event they are asked about; eventless ones the last that was taken.
 */
enum sgn_status
macrostep_holds(void *ctx, const struct model_transition *transition,
                const struct statechart_event *event, bool *out)
{
    struct stage *stage = ctx;
    const char *name = stage->event_name;
    const char *by = stage->event_by;
    const json_t *data = stage->event_data;
    bool may = true, holds = false;
    enum sgn_status status = SGN_OK, other;

    *out = false;
    if (event != NULL)
        macrostep_hear(stage, event);
    if (is_external(stage, event) && stage->ask_by && transition->kind == MODEL_ON_EVENT)
        status = by_holds(stage, transition, &may);
    if (status == SGN_NEEDS || (status == SGN_OK && may)) {
        other = cond_holds(stage, transition->when, transition->source, &holds);
        if (status == SGN_OK) {
            status = other;
            *out = holds;
        }
    }
    stage->event_name = name;
    stage->event_by = by;
    stage->event_data = data;
    return status;
}

static bool
taken_by_any(const struct model_transition *const *transitions, int n, const char *field)
{
    for (int i = 0; i < n; i++)
        if (sgn_json_has(transitions[i]->takes, field))
            return true;
    return false;
}

/* What the event carries becomes fields before "run", and before "needs" is checked. A
 * person's event carries only what a selected transition takes, in fields that the
 * person knows; rules may carry more, for guards and functions to look at. */
static enum sgn_status
take_data(struct stage *stage, const struct model_transition *const *transitions, int n,
          const struct statechart_event *event)
{
    bool strict = is_external(stage, event) && stage->ask_by;
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)event->data, name, value) {
        const struct model_field *field = NULL;
        bool takes = taken_by_any(transitions, n, name);
        enum sgn_status status = SGN_OK;
        if (strict)
            status = field_named(stage, name, "/data", &field);
        else if (takes)
            field = model_field_find(stage->model, name);
        if (status != SGN_OK)
            return status;
        if (strict && !takes) {
            char *pointer = sgn_format("/data/%s", name);
            sgn_fail(stage->err, SGN_INVALID, "the event \"%s\" does not take the field \"%s\"",
                     event->name, name);
            sgn_error_add(stage->err, "pointer", stage_text(stage, pointer));
            free(pointer);
            return SGN_INVALID;
        }
        if (field != NULL)
            status = field_set(stage, field, value, strict ? SGN_INVALID : SGN_RULE_ERROR, "/data");
        if (status != SGN_OK)
            return status;
    }
    return SGN_OK;
}

enum sgn_status
macrostep_take(struct stage *stage, const struct model_transition *const *transitions, int n,
               const struct statechart_event *event)
{
    macrostep_hear(stage, event);
    return take_data(stage, transitions, n, event);
}

/* Withdrawing a draft must not ask for its required fields: a case that ends from its
 * start state is not going to be worked on. */
static bool
leads_to_final(const struct stage *stage, const struct model_transition *transition)
{
    for (int i = 0; i < transition->n_targets; i++)
        if (!model_ends_at(stage->model, transition->targets[i]))
            return false;
    return true;
}

/* Whoever wrote the rules knows to whom such a comment speaks; whoever gives it may say otherwise.
 * Events of several parts of a case share it only when all of them do. */
static void
share_comment(struct stage *stage, const struct model_transition *const *transitions, int n)
{
    const json_t *said = json_object_get(stage->command->params, "shared");
    bool all = n > 0;

    for (int i = 0; i < n; i++)
        all = all && transitions[i]->note_shared;
    if (stage->comment_part != NULL && (said == NULL || json_is_null(said)))
        stage->comment_shared = stage->comment_shared || all;
}

/* needs, takes and note are checked for all selected transitions before anything runs:
 * a refusal can then name all that is lacking. By acting the person takes an offered
 * state, also when it stays in it. */
static enum sgn_status
op_selected(void *ctx, const struct model_transition *const *transitions, int n,
            const struct statechart_event *event)
{
    struct stage *stage = ctx;
    bool person = is_external(stage, event) && stage->ask_by;
    enum sgn_status status = SGN_OK;

    stage->to_final = true;
    for (int i = 0; i < n; i++)
        stage_trace(stage, "{s:i}", "transition", transitions[i]->index);
    for (int i = 0; i < n; i++)
        stage->to_final = stage->to_final && leads_to_final(stage, transitions[i]);
    if (event != NULL) {
        deadline_until(stage, event->name);
        status = macrostep_take(stage, transitions, n, event);
    }
    for (int i = 0; status == SGN_OK && i < n; i++)
        status =
            fields_needed(stage, transitions[i]->needs, person && transitions[i]->note_required);
    for (int i = 0; status == SGN_OK && person && i < n; i++)
        status = owner_take(stage, transitions[i]);
    if (status == SGN_OK && person)
        share_comment(stage, transitions, n);
    return status;
}

void
macrostep_left(struct stage *stage, const char *state)
{
    stage_append(stage, stage->left, json_string(state));
    json_object_del(stage_member(stage, "owners"), state);
    deadline_disarm(stage, state);
    round_leave(stage, state);
}

/* The state's own content runs while it is still active; then its owner, timers and
 * round end with it. The root is never left: what stands in the workflow itself runs
 * till the end. */
static enum sgn_status
op_leave(void *ctx, const struct model_state *state, const struct statechart_event *event)
{
    struct stage *stage = ctx;
    enum sgn_status status = SGN_OK;

    (void)event;
    if (state->index == 0)
        return SGN_OK;
    if (state->index == fields_start_leaf(stage->model) && !stage->to_final)
        status = fields_required(stage);
    if (status == SGN_OK)
        status = actions_run(stage, &state->leave, state->index);
    if (status == SGN_OK)
        macrostep_left(stage, state->name);
    return status;
}

static enum sgn_status
op_run(void *ctx, const struct model_transition *transition, const struct statechart_event *event)
{
    struct stage *stage = ctx;

    (void)event;
    return actions_run(stage, &transition->run, transition->source);
}

enum sgn_status
macrostep_entered(struct stage *stage, int state)
{
    const struct model_state *s = &stage->model->states[state];
    json_t *visits = stage_member(stage, "visits");
    enum sgn_status status = SGN_OK;

    stage_append(stage, stage->entered, json_string(s->name));
    stage_put(stage, visits, s->name, json_integer(sgn_json_int(visits, s->name, 0) + 1));
    tasks_reset(stage, state);
    if (s->owner != NULL)
        status = owner_set(stage, state, s->owner, NULL, state);
    return status;
}

/* Owner and timers are there before the content runs, so that "enter" may remind the
 * owner or look at c.owner; the round opens after it, so that it asks about what
 * "enter" has set. */
static enum sgn_status
op_enter(void *ctx, const struct model_state *state, const struct statechart_event *event)
{
    struct stage *stage = ctx;
    enum sgn_status status;

    (void)event;
    if (state->index == 0)
        return SGN_OK;
    stage_trace(stage, "{s:s}", "state", state->name);
    status = macrostep_entered(stage, state->index);
    if (status == SGN_OK)
        status = deadline_arm(stage, state->index);
    if (status == SGN_OK)
        status = actions_run(stage, &state->enter, state->index);
    if (status == SGN_OK && state->approval != NULL)
        round_open(stage, state->index);
    return status;
}

/* The queue is only read forward: the item stays valid while the step that takes it
 * lasts. */
static bool
op_next_internal(void *ctx, struct statechart_event *out)
{
    struct stage *stage = ctx;
    const json_t *item = json_array_get(stage->queue, stage->queue_at);

    if (item == NULL)
        return false;
    stage->queue_at++;
    *out = (struct statechart_event){ .name = sgn_json_str(item, "name"),
                                      .data = json_object_get(item, "data"),
                                      .only = -1 };
    return true;
}

enum sgn_status
macrostep_raise_done(void *ctx, const char *name)
{
    struct stage *stage = ctx;
    char *event = sgn_format("done.state.%s", name);

    if (event == NULL)
        return sgn_nomem(stage->err);
    stage_raise(stage, event, NULL);
    free(event);
    return SGN_OK;
}

static const struct statechart_ops stage_ops = {
    .holds = macrostep_holds,
    .selected = op_selected,
    .leave = op_leave,
    .run = op_run,
    .enter = op_enter,
    .next_internal = op_next_internal,
    .raise_done = macrostep_raise_done,
};

/* What the row shows of the chart, after each macrostep: conditions and views look
 * there. */
void
macrostep_write(struct stage *stage)
{
    stage_put(stage, stage->row, "states", statechart_leaves(&stage->chart));
    stage_put(stage, stage->row, "history",
              stage->chart.history != NULL ? sgn_json_copy(stage->chart.history) : json_object());
}

enum sgn_status
macrostep_start(struct stage *stage)
{
    enum sgn_status status;

    stage->event_name = "open";
    status = statechart_start(&stage->chart, &stage_ops, stage, stage->err);
    if (status == SGN_OK)
        macrostep_write(stage);
    return status == SGN_OK ? stage_check(stage) : status;
}

/* A case may end in the middle of a decision, by a round or a rung; what would come
 * after it moves nothing and is no mistake. */
enum sgn_status
macrostep_event(struct stage *stage, const char *name, const json_t *data, int only, bool by_person,
                bool *taken)
{
    struct statechart_event event = { .name = name, .data = data, .only = only };
    bool ignored;
    enum sgn_status status;

    if (taken != NULL)
        *taken = false;
    if (!stage->chart.running) /* it has ended under way: what comes after it moves nothing */
        return SGN_OK;
    stage->external = name;
    stage->ask_by = by_person;
    status = statechart_step(&stage->chart, name != NULL ? &event : NULL, &stage_ops, stage,
                             taken != NULL ? taken : &ignored, stage->err);
    stage->external = NULL;
    stage->ask_by = false;
    if (status == SGN_OK)
        macrostep_write(stage);
    return status == SGN_OK ? stage_check(stage) : status;
}

/* Asks the conditions and runs nothing. Eventless transitions are not looked at first:
 * after every command there is none left that could be taken. */
enum sgn_status
macrostep_would(struct stage *stage, const char *name, bool *out)
{
    struct statechart_event event = { .name = name, .only = -1 };
    enum sgn_status status;

    stage->external = name;
    stage->ask_by = !stage->is_system;
    status = statechart_would(&stage->chart, &event, &stage_ops, stage, out);
    stage->external = NULL;
    stage->ask_by = false;
    return status;
}
