/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deciding a command: look around, do it on the stage, say what changed.
 *
 * Pure: the same row, command, model and facts give the same decision, in every
 * process. That is what lets a decision be begun anew each time something was lacking,
 * and a history be checked by deciding it again.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

typedef enum sgn_status (*decide_fn)(struct stage *stage);

static const struct {
    const char *name;
    decide_fn decide;
} kinds[CORE_KINDS] = {
    [CORE_OPEN] = { "open", open_decide },
    [CORE_FIRE] = { "fire", fire_decide },
    [CORE_EDIT] = { "edit", edit_decide },
    [CORE_COMMENT] = { "comment", comment_decide },
    [CORE_ATTACH] = { "attach", attach_decide },
    [CORE_ASSIGN] = { "assign", assign_decide },
    [CORE_LINK] = { "link", link_decide },
    [CORE_VOTE] = { "vote", vote_decide },
    [CORE_WITHDRAW] = { "withdraw", withdraw_decide },
    [CORE_TASK] = { "task", task_decide },
    [CORE_DEADLINE] = { "deadline", due_decide },
    [CORE_RETRY] = { "retry", retry_decide },
    [CORE_CORRECT] = { "correct", correct_decide },
    [CORE_MIGRATE] = { "migrate", migrate_decide },
    [CORE_SWEEP] = { "sweep", sweep_decide },
};

const char *
core_kind_name(enum core_kind kind)
{
    return (unsigned)kind < CORE_KINDS ? kinds[kind].name : "data";
}

void
core_decision_deinit(struct core_decision *decision)
{
    json_decref(decision->row);
    json_decref(decision->shared);
    json_decref(decision->internal);
    json_decref(decision->takes);
    json_decref(decision->facts);
    core_calls_deinit(&decision->calls);
    *decision = (struct core_decision){ 0 };
}

/* No text of the value is longer than this; found without writing it. */
static size_t
size_bound(const json_t *value)
{
    size_t n = 24; /* a number, or the marks of a list */
    const char *name;
    json_t *item;
    size_t i;

    if (json_is_string(value))
        return 2 + 6 * json_string_length(value); /* every byte as \u00xx */
    json_array_foreach(value, i, item)
        n += 1 + size_bound(item);
    json_object_foreach((json_t *)value, name, item)
        n += 4 + 6 * strlen(name) + size_bound(item);
    return n;
}

/* Written out only when it might be too large: most cases are far from it. */
static enum sgn_status
check_size(struct stage *stage)
{
    if (size_bound(stage->row) <= CORE_DOCUMENT_MAX ||
        json_dumpb(stage->row, NULL, 0, JSON_COMPACT) <= CORE_DOCUMENT_MAX)
        return SGN_OK;
    return sgn_fail(stage->err, SGN_TOO_LARGE, "a case holds at most %d bytes", CORE_DOCUMENT_MAX);
}

/* The list of whom it waits for comes before the parts: it is one of the things that
 * changed. The size is checked last, since the parts only say what the row holds. */
static enum sgn_status
finish(struct stage *stage)
{
    struct core_decision *out = stage->out;
    enum sgn_status status = waiting_make(stage);

    if (status == SGN_OK && !stage->imports) /* what was there before is no news */
        status = tell_offered(stage);
    if (status == SGN_OK)
        status = parts_make(stage);
    if (status == SGN_OK)
        status = check_size(stage);
    if (status != SGN_OK)
        return status;
    out->row = json_incref(stage->row);
    out->opens_or_ends = stage->question->row == NULL ||
                         case_is_open(stage->question->row) != case_is_open(stage->row);
    return SGN_OK;
}

static enum sgn_status
decide(struct stage *stage)
{
    enum sgn_status status = decide_sight(stage);

    /* The states in the row are another version's: the migration makes the chart of its own. */
    if (status == SGN_OK && stage->command->kind != CORE_MIGRATE)
        status = stage_chart(stage);
    if (status == SGN_OK)
        status = kinds[stage->command->kind].decide(stage);
    return status == SGN_OK ? finish(stage) : status;
}

enum sgn_status
core_decide(const struct core_question *question, struct core_decision *decision,
            struct sgn_error *err)
{
    struct stage stage;
    enum sgn_status status;

    *decision = (struct core_decision){ .kind = core_kind_name(question->command->kind) };
    status = ask_begin(&stage, question, decision, err);
    if (status == SGN_OK)
        status = decide(&stage);
    if (status == SGN_OK && stage.as != question->command->actor)
        decision->on_behalf = stage.as;
    stage_deinit(&stage);
    if (status == SGN_OK) {
        decision->verdict = CORE_ACCEPTED;
        json_decref(decision->facts);
        decision->facts = NULL;
        core_calls_deinit(&decision->calls);
        return SGN_OK;
    }
    json_decref(decision->row);
    json_decref(decision->shared);
    json_decref(decision->internal);
    decision->row = decision->shared = decision->internal = NULL;
    decision->verdict = status == SGN_NEEDS ? CORE_NEEDS : CORE_REFUSED;
    return status;
}
