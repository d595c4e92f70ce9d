/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known: facts by key, and the answers of the rules' functions.
 *
 * What is not known is noted, once, and SGN_NEEDS goes up. The order in which things are
 * found out can never matter: a decision begins anew with more known, from the same start.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

static enum sgn_status
need_fact(struct stage *stage, const char *key)
{
    if (stage->out->facts == NULL)
        stage->out->facts = json_array();
    if (!sgn_json_has(stage->out->facts, key) &&
        json_array_append_new(stage->out->facts, json_string(key)) != 0)
        return sgn_nomem(stage->err);
    return SGN_NEEDS;
}

enum sgn_status
known_fact(struct stage *stage, const char *key, const json_t **out)
{
    const struct core_known *known = stage->question->known;
    const json_t *value = known != NULL ? json_object_get(known->facts, key) : NULL;

    if (value == NULL)
        return need_fact(stage, key);
    *out = value;
    return SGN_OK;
}

enum sgn_status
known_fact_of(struct stage *stage, const char *kind, const char *key, const json_t **out)
{
    char *text = sgn_format("%s:%s", kind, key);
    enum sgn_status status;

    if (text == NULL)
        return sgn_nomem(stage->err);
    status = known_fact(stage, text, out);
    free(text);
    return status;
}

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

static enum sgn_status
answer_open(struct stage *stage, int function, const json_t *answer, const json_t **out)
{
    const json_t *error = json_object_get(answer, "error");
    const char *code = sgn_json_str(error, "code");
    const char *message = sgn_json_str(error, "message");

    if (error != NULL) {
        bool overrun = code != NULL && strcmp(code, "rule_overrun") == 0;
        return sgn_fail(stage->err, overrun ? SGN_RULE_OVERRUN : SGN_RULE_ERROR, "%s",
                        message != NULL ? message : "a function of the rules failed");
    }
    *out = json_object_get(answer, "value");
    if (*out == NULL)
        return sgn_fail(stage->err, SGN_RULE_ERROR, "function %d of the rules gave no answer",
                        function);
    return SGN_OK;
}

enum sgn_status
known_call(struct stage *stage, int function, const char *purpose, const json_t **out)
{
    const struct core_known *known = stage->question->known;
    const json_t *answer;
    json_t *input = NULL;
    char *key = NULL;
    enum sgn_status status = input_make(stage, function, &input);

    if (status != SGN_OK)
        return status;
    status = call_key(stage, function, input, &key);
    if (status != SGN_OK)
        goto out;
    answer = known != NULL ? json_object_get(known->answers, key) : NULL;
    status = answer == NULL ? need_call(stage, key, function, purpose, input)
                            : answer_open(stage, function, answer, out);
out:
    json_decref(input);
    free(key);
    return status;
}
