/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Foresight: the functions that a command is going to ask, before it is decided.
 *
 * A decision that lacks an answer is begun anew when it has come: for a guard and a change that
 * is three times the work of one. What can be told from the row and the event alone is told
 * here, on a stage that copies nothing, and with the statechart itself: the guards of the
 * transitions that the event may take, and of the first transition that is taken if its guard
 * agrees the function that it runs, with the case as it is at that moment.
 *
 * Nothing rests on it. What is asked in vain costs a call; what is not foreseen, or is asked with
 * another case in the end, the decision asks for itself.
 */
#include "core_internal.h"
#include <limits.h>
#include <stdlib.h>

#define PASSES                                                                                     \
    4 /* how many transitions behind one another are looked at, each if the last denies */

/* What a transition changes before it runs: what its event carries, whoever acts takes an offered
 * state, and states are left. */
#define CHANGED_BEFORE                                                                             \
    (MODEL_USES_FIELDS | MODEL_USES_OWNER | MODEL_USES_PEOPLE | MODEL_USES_STATES |                \
     MODEL_USES_BALLOTS)

struct foresight {
    struct stage stage;
    struct core_decision asked; /* takes what the stage asks for */
    int agree_from;             /* of this pass, see stage->agree_from */
    int first;                  /* the first call that the event itself brought up; -1 */
    int from;                   /* and the first one in this pass; -1 */
    bool rounds_move;           /* a state with an approval is left */
    int run;                    /* the function that is run, 0: none is foreseen */
    struct sgn_buf input;       /* of it */
};

/* Changes that a function could see; effects are only written down. */
static bool
is_seen(const struct model_action *action)
{
    switch (action->kind) {
    case MODEL_REMIND:
    case MODEL_NOTIFY:
    case MODEL_OPEN:
    case MODEL_START:
    case MODEL_FIRE:
    case MODEL_EMIT:
        return false;
    default:
        return true;
    }
}

static bool
has_files(const struct model_field *field)
{
    bool has = field->type == MODEL_FILE;

    for (int i = 0; !has && i < field->n_fields; i++)
        has = has_files(&field->fields[i]);
    return has;
}

/* A file that the event carries becomes the case's: the one thing that take_data writes beside
 * the fields. */
static bool
carries_files(const struct stage *stage, const json_t *data)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)data, name, value) {
        const struct model_field *field = model_field_find(stage->model, name);
        if (field != NULL && has_files(field))
            return true;
    }
    return false;
}

/* The function that is the first to see or change anything when this runs; 0: none is. */
static int
first_run(const struct model_transition *transition)
{
    const struct model_action *action = transition->run.items;
    const struct model_action *end = action + transition->run.n;

    while (action < end && !is_seen(action))
        action++;
    return action < end && action->kind == MODEL_CALL ? action->function : 0;
}

/* Is it given the same now as when its transition runs? Then that need not be gone through. */
static bool
sees_no_change(const struct stage *stage, int number, const json_t *data)
{
    const struct model_function *function = model_function_find(stage->model, number);
    const struct statechart_set *active = &stage->chart.configuration;

    if (function == NULL || (function->uses & CHANGED_BEFORE) != 0)
        return false;
    for (int i = 0; i < function->n_fields; i++)
        if (json_object_get(data, function->fields[i]) != NULL)
            return false;
    for (int s = statechart_set_next(active, 0); s >= 0; s = statechart_set_next(active, s + 1))
        if (stage->model->states[s].leave.n > 0)
            return false;
    return true;
}

static enum sgn_status
foresee_run(struct foresight *f, int function)
{
    sgn_buf_deinit(&f->input);
    if (input_keep(&f->stage, function, &f->input) == SGN_OK)
        f->run = function;
    return SGN_NEEDS;
}

/* What the transition changes before it runs is changed in copies of the two members that it
 * changes; the row belongs to the caller. */
static enum sgn_status
cover(struct stage *stage)
{
    json_t *fields = json_copy(stage_member(stage, "fields"));
    json_t *owners = json_copy(stage_member(stage, "owners"));

    stage->over = json_object();
    stage_put(stage, stage->over, "fields", fields);
    stage_put(stage, stage->over, "owners", owners);
    return stage_check(stage);
}

/* ---- what the statechart does on the way; SGN_NEEDS ends it ---- */

/* Without the event nothing is taken: after the command before there was nothing left. */
static enum sgn_status
on_holds(void *ctx, const struct model_transition *transition, const struct statechart_event *event,
         bool *out)
{
    struct foresight *f = ctx;

    if (event != NULL && f->from < 0)
        f->from = f->asked.calls.n;
    if (event != NULL && f->first < 0)
        f->first = f->asked.calls.n;
    f->stage.asked_from = event != NULL ? f->first : 0;
    f->stage.agree_from = event != NULL ? f->agree_from : INT_MAX;
    return macrostep_holds(&f->stage, transition, event, out);
}

/* Of several transitions at once a function sees what the ones before it did. */
static enum sgn_status
on_selected(void *ctx, const struct model_transition *const *transitions, int n,
            const struct statechart_event *event)
{
    struct foresight *f = ctx;
    struct stage *stage = &f->stage;
    int function = event != NULL && n == 1 ? first_run(transitions[0]) : 0;
    enum sgn_status status;

    if (function == 0)
        return SGN_NEEDS;
    if (sees_no_change(stage, function, event->data)) {
        macrostep_hear(stage, event);
        return foresee_run(f, function);
    }
    if (carries_files(stage, event->data))
        return SGN_NEEDS;
    status = cover(stage);
    if (status == SGN_OK)
        status = macrostep_take(stage, transitions, n, event);
    if (status == SGN_OK && stage->ask_by)
        status = owner_take(stage, transitions[0]);
    return status;
}

static enum sgn_status
on_leave(void *ctx, const struct model_state *state, const struct statechart_event *event)
{
    struct foresight *f = ctx;

    (void)event;
    for (int i = 0; i < state->leave.n; i++)
        if (is_seen(&state->leave.items[i]))
            return SGN_NEEDS;
    f->rounds_move = f->rounds_move || state->approval != NULL;
    json_object_del(stage_member(&f->stage, "owners"), state->name);
    return SGN_OK;
}

static enum sgn_status
on_run(void *ctx, const struct model_transition *transition, const struct statechart_event *event)
{
    struct foresight *f = ctx;
    int function = first_run(transition);

    (void)event;
    if (function == 0 || (f->rounds_move && (model_function_uses(f->stage.model, function) &
                                             MODEL_USES_BALLOTS) != 0))
        return SGN_NEEDS;
    return foresee_run(f, function);
}

static bool
on_next_internal(void *ctx, struct statechart_event *out)
{
    (void)ctx;
    (void)out;
    return false;
}

static const struct statechart_ops foresight_ops = {
    .holds = on_holds,
    .selected = on_selected,
    .leave = on_leave,
    .run = on_run,
    .next_internal = on_next_internal,
};

/* ---- passes ---- */

/* As if every guard that is first asked in this pass agreed, and those before denied. */
static enum sgn_status
look(struct foresight *f, const struct statechart_event *event)
{
    struct stage *stage = &f->stage;
    struct statechart_set configuration = stage->chart.configuration;
    json_t *history = stage->chart.history;
    enum sgn_status status;
    bool taken;

    stage->chart.history = json_copy(history);
    if (stage->chart.history == NULL) {
        stage->chart.history = history;
        return sgn_nomem(stage->err);
    }
    f->agree_from = f->asked.calls.n;
    f->from = -1;
    f->rounds_move = false;
    stage->external = event->name;
    stage->ask_by = !stage->is_system;
    status = statechart_step(&stage->chart, event, &foresight_ops, f, &taken, stage->err);
    /* As it was, for the next pass. */
    stage->event_name = NULL;
    stage->event_data = NULL;
    stage->event_by = stage->command->actor;
    stage->chart.configuration = configuration;
    json_decref(stage->chart.history);
    stage->chart.history = history;
    json_decref(stage->over);
    stage->over = NULL;
    return status;
}

/* The run belongs to the one guard that was asked on the way to it; where there is none it is
 * going to be asked anyway. */
static enum sgn_status
add_run(struct foresight *f, bool first)
{
    struct core_calls *calls = &f->asked.calls;
    struct core_call *guard =
        f->from >= 0 && f->from + 1 == calls->n ? &calls->items[f->from] : NULL;
    enum sgn_status status = SGN_OK;

    if (f->run == 0)
        return SGN_OK;
    if (guard != NULL && guard->purpose == RULES_GUARD) {
        guard->then = f->run;
        guard->then_input = f->input;
        f->input = (struct sgn_buf){ .max = f->input.max };
    } else if (first && calls_note(calls, f->run, RULES_RUN, &f->input) < 0) {
        status = sgn_nomem(f->stage.err);
    }
    sgn_buf_deinit(&f->input);
    f->run = 0;
    return status;
}

/* Several passes, one for each that listens: when a guard denies, the next is asked about. What it
 * is going to run is only asked for when its own guard agrees. */
static enum sgn_status
foresee(struct foresight *f)
{
    struct statechart_event event = { .only = -1 };
    enum sgn_status status = fire_begin(&f->stage, &event.name, &event.data);
    int passes;

    if (status == SGN_OK && !case_is_open(f->stage.row))
        return SGN_OK;
    if (status == SGN_OK)
        status = stage_chart(&f->stage);
    if (status != SGN_OK)
        return status;
    f->stage.foresees = true;
    passes = statechart_listening(&f->stage.chart, &event);
    passes = passes < PASSES ? passes : PASSES;
    for (int pass = 0, n = -1; pass < passes && f->asked.calls.n > n; pass++) {
        n = f->asked.calls.n;
        status = look(f, &event);
        if (status == SGN_NOMEM)
            return status;
        status = add_run(f, pass == 0);
        if (status != SGN_OK)
            return status;
    }
    return SGN_OK;
}

/* Of a row that has them many, and long. */
const char *const *
core_foresees_without(void)
{
    static const char *const names[] = { "deadlines", "links", "waiting", "stuck", "opened_at",
                                         "case_seq",  "armed", "key",     NULL };

    return names;
}

enum sgn_status
core_foresee(const struct core_question *question, struct core_calls *out, struct sgn_error *err)
{
    struct sgn_error why = { 0 }; /* a refusal is for the decision to tell */
    struct foresight f = { .first = -1 };
    enum sgn_status status;

    *out = (struct core_calls){ 0 };
    if (question->command->kind != CORE_FIRE || question->row == NULL)
        return SGN_OK;
    sgn_buf_init(&f.input, RULES_INPUT_MAX);
    status = ask_look(&f.stage, question, &f.asked, &why);
    if (status == SGN_OK)
        status = decide_sight(&f.stage);
    if (status == SGN_OK)
        status = foresee(&f);
    stage_deinit(&f.stage);
    if (status == SGN_OK) {
        *out = f.asked.calls;
        f.asked.calls = (struct core_calls){ 0 };
    }
    core_decision_deinit(&f.asked);
    sgn_buf_deinit(&f.input);
    sgn_error_clear(&why);
    return status == SGN_NOMEM ? sgn_nomem(err) : SGN_OK;
}
