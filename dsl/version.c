/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A version with whoever answers calls to it, in the server's process or in a worker: opened when
 * it is called, put away when a call overran, and two functions called for one question.
 */
#include "dsl_internal.h"

#include "json.h"
#include "memory.h"
#include <string.h>

#define MESSAGE_MAX 1000 /* as much of an error as an answer may hold */

void
dsl_version_deinit(struct dsl_version *version)
{
    json_decref(version->json);
    dsl_state_free(version->state);
    *version = (struct dsl_version){ 0 };
}

/* Of an opened version. */
static enum sgn_status
call(struct dsl_version *version, const struct dsl_question *question, struct rules_cost *cost,
     struct sgn_buf *out, struct sgn_error *err)
{
    struct dsl_state *state = version->state;
    enum sgn_status st =
        dsl_version_call(state, sgn_json_str(version->json, "file"), question->function,
                         question->purpose, question->input, out, err);

    cost->ns = state->took_ns;
    cost->steps = state->limits.instructions - state->steps;
    /* What overran starts afresh: a heap that was full would trip the next call as well. */
    if (st == SGN_RULE_OVERRUN) {
        dsl_state_free(version->state);
        version->state = NULL;
    }
    return st;
}

/* Only these two are a function's own: the rest are faults that its author can do nothing about. */
static const char *
code_of(enum sgn_status st)
{
    return sgn_status_code(st == SGN_RULE_OVERRUN ? st : SGN_RULE_ERROR);
}

/* { "value" } or { "error" } of the second function. */
static void
put_then(struct dsl_version *version, const struct dsl_question *question, struct sgn_buf *out)
{
    const struct dsl_question then = { .function = question->then,
                                       .purpose = RULES_RUN,
                                       .input = question->then_input };
    size_t place = rules_put_open(out, RULES_VALUE_RECORD), value, n;
    struct sgn_error err = { 0 };
    enum sgn_status st;

    value = out->len;
    RULES_PUT_NAME(out, "value");
    st = call(version, &then, &version->cost[1], out, &err);
    if (st != SGN_OK) {
        sgn_buf_cut(out, value);
        RULES_PUT_NAME(out, "error");
        value = rules_put_open(out, RULES_VALUE_RECORD);
        RULES_PUT_NAME(out, "code");
        rules_put_text_or_null(out, code_of(st));
        RULES_PUT_NAME(out, "message");
        n = strnlen(err.message, MESSAGE_MAX);
        while (!sgn_utf8_valid(err.message, n))
            n--; /* the cut may have split a character */
        rules_put_text(out, err.message, n);
        rules_put_close(out, value);
    }
    rules_put_close(out, place);
    sgn_error_clear(&err);
}

static enum sgn_status
answer(const struct dsl_limits *limits, struct dsl_version *version,
       const struct dsl_question *question, struct sgn_buf *out, struct sgn_error *err)
{
    size_t place = out->len, first;
    enum sgn_status st = SGN_OK;

    version->cost[0] = version->cost[1] = (struct rules_cost){ 0 };
    /* What was lost is made anew when it is called and not when it was lost: the next call may
     * never come. */
    if (version->state == NULL)
        st = dsl_version_open(limits, version->json, &version->state, err);
    if (st != SGN_OK)
        return st;
    if (question->then != 0)
        rules_put_open(out, RULES_VALUE_LIST);
    first = out->len;
    st = call(version, question, &version->cost[0], out, err);
    if (st != SGN_OK) {
        sgn_buf_cut(out, place);
        return st;
    }
    if (question->then == 0)
        return st;
    if (!out->failed && out->bytes[first] == RULES_VALUE_TRUE)
        put_then(version, question, out);
    else
        rules_put_null(out);
    rules_put_close(out, place);
    return out->failed ? sgn_nomem(err) : SGN_OK;
}

/* What a function was not given for want of memory is no error of the function's. */
enum sgn_status
dsl_version_answer(const struct dsl_limits *limits, struct dsl_version *version,
                   const struct dsl_question *question, struct sgn_buf *out, struct sgn_error *err)
{
    uint64_t failures = sgn_memory_failures();
    size_t place = out->len;
    enum sgn_status st = answer(limits, version, question, out, err);

    if (sgn_memory_failures() == failures)
        return st;
    sgn_buf_cut(out, place);
    return sgn_nomem(err);
}
