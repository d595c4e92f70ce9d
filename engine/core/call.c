/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers of the rules' functions: looked up by what they were asked, or noted as
 * missing.
 *
 * The key is the function and the digest of its whole input. So an answer is used only
 * for the very question that it was given to; where the case has changed in between,
 * the key has too, and the function is asked again. Functions remember nothing, which
 * is what makes this right.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

/* "7:<SHA-256 of the input's canonical JSON>", malloc'ed. */
static enum sgn_status
call_key(struct stage *stage, int function, const json_t *input, char **out)
{
    struct sgn_buf buf;
    char hash[SGN_HASH_HEX];
    enum sgn_status status;

    sgn_buf_init(&buf, (size_t)2 * CORE_DOCUMENT_MAX + CORE_COMMENT_MAX);
    status = sgn_json_canonical(&buf, input, stage->err);
    if (status == SGN_OK) {
        sgn_sha256(buf.bytes, buf.len, hash);
        *out = sgn_format("%d:%s", function, hash);
        status = *out != NULL ? SGN_OK : sgn_nomem(stage->err);
    }
    sgn_buf_deinit(&buf);
    return status;
}

/* The same question may come up twice in a decision; it is asked once. */
static enum sgn_status
need_call(struct stage *stage, const char *key, int function, const char *purpose, json_t *input)
{
    const json_t *call;
    size_t i;

    if (stage->out->calls == NULL)
        stage->out->calls = json_array();
    json_array_foreach(stage->out->calls, i, call)
        if (strcmp(sgn_json_str(call, "key"), key) == 0)
            return SGN_NEEDS;
    if (json_array_append_new(stage->out->calls,
                              json_pack("{s:s, s:i, s:s, s:O}", "key", key, "function", function,
                                        "purpose", purpose, "input", input)) != 0)
        return sgn_nomem(stage->err);
    return SGN_NEEDS;
}

/* A mistake of the function, unless it is said that a limit ended it, or that it could not be
 * called at all. */
static enum sgn_status
status_of(const char *code)
{
    static const enum sgn_status known[] = { SGN_RULE_OVERRUN, SGN_UNAVAILABLE, SGN_OVERLOADED };

    for (size_t i = 0; code != NULL && i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(code, sgn_status_code(known[i])) == 0)
            return known[i];
    return SGN_RULE_ERROR;
}

static enum sgn_status
answer_open(struct stage *stage, int function, const json_t *answer, const json_t **out)
{
    const json_t *error = json_object_get(answer, "error");
    const char *code = sgn_json_str(error, "code");
    const char *message = sgn_json_str(error, "message");

    if (error != NULL)
        return sgn_fail(stage->err, status_of(code), "%s",
                        message != NULL ? message : "a function of the rules failed");
    *out = json_object_get(answer, "value");
    if (*out == NULL)
        return sgn_fail(stage->err, SGN_RULE_ERROR, "function %d of the rules gave no answer",
                        function);
    return SGN_OK;
}

enum sgn_status
known_call(struct stage *stage, int function, const char *purpose, const json_t **out)
{
    json_t *input = NULL;
    enum sgn_status status = input_make(stage, function, &input);

    if (status == SGN_OK)
        status = known_call_with(stage, function, purpose, input, out);
    json_decref(input);
    return status;
}

enum sgn_status
known_call_with(struct stage *stage, int function, const char *purpose, json_t *input,
                const json_t **out)
{
    const struct core_known *known = stage->question->known;
    const json_t *answer;
    char *key = NULL;
    enum sgn_status status = call_key(stage, function, input, &key);

    if (status != SGN_OK)
        goto out;
    answer = known != NULL ? json_object_get(known->answers, key) : NULL;
    status = answer == NULL ? need_call(stage, key, function, purpose, input)
                            : answer_open(stage, function, answer, out);
out:
    free(key);
    return status;
}
