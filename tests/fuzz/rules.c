/* SPDX-License-Identifier: Apache-2.0 */
/* Frames and values of the process that runs a team's rules. There is one form for each value, so
 * what is read and written again is the same bytes. */
#include "fuzz.h"
#include "rules_frame.h"
#include "rules_value.h"
#include <string.h>

static void
value(const char *bytes, size_t n)
{
    struct sgn_error err = { 0 };
    struct sgn_buf again;
    json_t *json = NULL;

    sgn_buf_init(&again, (size_t)1 << 24);
    if (rules_value_parse(bytes, n, &json, &err) == SGN_OK) {
        FUZZ_CHECK(rules_put_json(&again, json, &err) == SGN_OK);
        FUZZ_CHECK(again.len == n && memcmp(again.bytes, bytes, n) == 0);
    }
    sgn_error_clear(&err);
    json_decref(json);
    sgn_buf_deinit(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *at = (const char *)data, *body = NULL;
    struct rules_frame head;
    struct sgn_error err = { 0 };
    size_t left = size;

    value(at, size);
    while (rules_frame_get(at, left, &head, &body, &err) == SGN_OK) {
        FUZZ_CHECK(head.size <= rules_frame_limit(head.kind));
        FUZZ_CHECK(body == at + sizeof head && head.size <= left - sizeof head);
        value(body, head.size);
        at += sizeof head + head.size;
        left -= sizeof head + head.size;
    }
    sgn_error_clear(&err);
    return 0;
}

#ifdef FUZZ_FAULT
/* Nobody checks what came. */
enum sgn_status __wrap_rules_value_check(const char *bytes, size_t n, struct sgn_error *err);
enum sgn_status
__wrap_rules_value_check(const char *bytes, size_t n, struct sgn_error *err)
{
    (void)bytes;
    (void)n;
    (void)err;
    return SGN_OK;
}
#endif
