/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers of the rules' functions: looked up by what they were asked, or noted as
 * missing.
 *
 * An answer is found by the function and the bytes of its whole input. So it is used only
 * for the very question that it was given to; where the case has changed in between,
 * the bytes have too, and the function is asked again. Functions remember nothing, which
 * is what makes this right. A command has few answers: going along them is cheaper than any
 * digest of the bytes would be.
 */
#include "core_internal.h"
#include "memory.h"
#include <stdlib.h>
#include <string.h>

#define INPUT_USUAL 1000 /* bytes that hold most inputs: made room for at once, not in steps */

/* ---- calls ---- */

void
core_call_deinit(struct core_call *call)
{
    sgn_buf_deinit(&call->input);
    sgn_buf_deinit(&call->then_input);
}

void
core_calls_deinit(struct core_calls *calls)
{
    for (int i = 0; i < calls->n; i++)
        core_call_deinit(&calls->items[i]);
    free(calls->items);
    *calls = (struct core_calls){ 0 };
}

static bool
is_asked(int function, const struct sgn_buf *input, int other, const struct sgn_buf *bytes)
{
    return function == other && input->len == bytes->len &&
           memcmp(input->bytes, bytes->bytes, bytes->len) == 0;
}

/* The same question may come up twice in a decision; it is asked once. */
int
calls_note(struct core_calls *calls, int function, enum rules_purpose purpose,
           const struct sgn_buf *input)
{
    struct core_call call = { .function = function, .purpose = purpose };

    for (int i = 0; i < calls->n; i++)
        if (is_asked(calls->items[i].function, &calls->items[i].input, function, input))
            return i;
    if (calls->n == calls->max) {
        int max = calls->max == 0 ? 4 : 2 * calls->max;
        struct core_call *items = realloc(calls->items, (size_t)max * sizeof(*items));
        if (items == NULL)
            return -1;
        calls->items = items;
        calls->max = max;
    }
    sgn_buf_init(&call.input, RULES_INPUT_MAX);
    if (sgn_buf_append(&call.input, input->bytes, input->len) != SGN_OK)
        return -1;
    calls->items[calls->n] = call;
    return calls->n++;
}

/* ---- answers ---- */

void
core_answers_clear(struct core_answers *answers)
{
    for (int i = 0; i < answers->n; i++) {
        sgn_buf_deinit(&answers->items[i].input);
        json_decref(answers->items[i].value);
        free(answers->items[i].message);
    }
    free(answers->items);
    *answers = (struct core_answers){ 0 };
}

int
core_answers_expect(struct core_answers *answers, int function, const struct sgn_buf *input)
{
    struct core_answer *answer;

    if (answers->n == answers->max) {
        int max = answers->max == 0 ? 2 : 2 * answers->max;
        struct core_answer *items = realloc(answers->items, (size_t)max * sizeof(*items));
        if (items == NULL)
            return -1;
        answers->items = items;
        answers->max = max;
    }
    answer = &answers->items[answers->n];
    *answer = (struct core_answer){ .function = function };
    sgn_buf_init(&answer->input, input->len);
    if (sgn_buf_append(&answer->input, input->bytes, input->len) != SGN_OK)
        return -1;
    return answers->n++;
}

void
core_answers_give(struct core_answers *answers, int place, enum sgn_status status,
                  const json_t *value, const char *message)
{
    struct core_answer *answer = &answers->items[place];

    answer->given = true;
    answer->status = status;
    answer->value = status == SGN_OK ? json_incref((json_t *)value) : NULL;
    answer->message = status != SGN_OK && message != NULL ? sgn_strdup(message) : NULL;
}

static const struct core_answer *
find(const struct core_answers *answers, int function, const struct sgn_buf *input)
{
    for (int i = 0; answers != NULL && i < answers->n; i++) {
        const struct core_answer *answer = &answers->items[i];
        if (answer->given && is_asked(answer->function, &answer->input, function, input))
            return answer;
    }
    return NULL;
}

/* A mistake of the function, unless it is said that a limit ended it, or that it could not be
 * called at all. */
static enum sgn_status
open_answer(struct stage *stage, int function, const struct core_answer *answer, const json_t **out)
{
    bool known = answer->status == SGN_RULE_OVERRUN || answer->status == SGN_UNAVAILABLE ||
                 answer->status == SGN_OVERLOADED;

    if (answer->status != SGN_OK)
        return sgn_fail(stage->err, known ? answer->status : SGN_RULE_ERROR, "%s",
                        answer->message != NULL ? answer->message
                                                : "a function of the rules failed");
    *out = answer->value;
    if (*out == NULL)
        return sgn_fail(stage->err, SGN_RULE_ERROR, "function %d of the rules gave no answer",
                        function);
    return SGN_OK;
}

/* ---- asking ---- */

/* The input stands in the stage's buffer, which is used again. */
static enum sgn_status
ask(struct stage *stage, int function, enum rules_purpose purpose, const json_t **out)
{
    const struct core_known *known = stage->question->known;
    const struct core_answer *answer =
        find(known != NULL ? known->answers : NULL, function, &stage->input);
    enum sgn_status status = SGN_NEEDS;

    if (answer != NULL) {
        status = open_answer(stage, function, answer, out);
    } else {
        stage->asked = calls_note(&stage->out->calls, function, purpose, &stage->input);
        status = stage->asked >= 0 ? SGN_NEEDS : sgn_nomem(stage->err);
    }
    return status;
}

static struct sgn_buf *
input_begin(struct stage *stage)
{
    if (stage->input.max == 0)
        sgn_buf_init(&stage->input, RULES_INPUT_MAX);
    sgn_buf_reset(&stage->input);
    (void)sgn_buf_reserve(&stage->input, INPUT_USUAL); /* what fails shows when it is written */
    return &stage->input;
}

/* What waits for its answer has no more room than it needs: hundreds do. */
enum sgn_status
input_keep(struct stage *stage, int number, struct sgn_buf *out)
{
    enum sgn_status status = input_write(stage, number, input_begin(stage));

    sgn_buf_init(out, RULES_INPUT_MAX);
    return status == SGN_OK ? sgn_buf_append(out, stage->input.bytes, stage->input.len) : status;
}

enum sgn_status
known_call(struct stage *stage, int function, enum rules_purpose purpose, const json_t **out)
{
    enum sgn_status status = input_write(stage, function, input_begin(stage));

    return status == SGN_OK ? ask(stage, function, purpose, out) : status;
}

enum sgn_status
known_call_with(struct stage *stage, int function, enum rules_purpose purpose, const json_t *input,
                const json_t **out)
{
    enum sgn_status status = rules_put_json(input_begin(stage), input, stage->err);

    return status == SGN_OK ? ask(stage, function, purpose, out) : status;
}
