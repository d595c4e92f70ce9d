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
known_open(struct stage *stage, const char *workflow, int64_t *out)
{
    const char *project = json_string_value(stage_member(stage, "project"));
    char *key = sgn_format("open:%s:%s", project != NULL ? project : "", workflow);
    const json_t *count = NULL;
    enum sgn_status status = key != NULL ? known_fact(stage, key, &count) : sgn_nomem(stage->err);

    *out = status == SGN_OK ? json_integer_value(count) : 0;
    free(key);
    return status;
}

enum sgn_status
known_fact_of(struct stage *stage, const char *kind, const char *key, const json_t **out)
{
    char few[128], *text = few; /* keys are short; what a stranger calls one may be long */
    size_t n = strlen(kind), m = strlen(key);
    enum sgn_status status;

    if (n + m + 2 > sizeof(few))
        text = malloc(n + m + 2);
    if (text == NULL)
        return sgn_nomem(stage->err);
    memcpy(text, kind, n);
    text[n] = ':';
    memcpy(text + n + 1, key, m + 1);
    status = known_fact(stage, text, out);
    if (text != few)
        free(text);
    return status;
}
