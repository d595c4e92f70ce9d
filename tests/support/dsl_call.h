/* SPDX-License-Identifier: Apache-2.0 */
/* A call of an opened version with JSON on both ends, as tests write it. Header-only. */
#ifndef DSL_CALL_H
#define DSL_CALL_H

#include "dsl_internal.h"
#include "rules_frame.h"

static inline enum sgn_status
dsl_call_json(struct dsl_state *state, const char *path, int function, enum rules_purpose purpose,
              const json_t *input, json_t **out, struct sgn_error *err)
{
    struct sgn_buf bytes, answer;
    enum sgn_status st;

    sgn_buf_init(&bytes, RULES_INPUT_MAX);
    sgn_buf_init(&answer, 2 * (size_t)RULES_FRAME_MAX);
    st = rules_put_json(&bytes, input, err);
    if (st == SGN_OK)
        st = dsl_version_call(state, path, function, purpose, bytes.bytes, &answer, err);
    if (st == SGN_OK)
        st = rules_value_parse(answer.bytes, answer.len, out, err);
    sgn_buf_deinit(&bytes);
    sgn_buf_deinit(&answer);
    return st;
}

#endif
