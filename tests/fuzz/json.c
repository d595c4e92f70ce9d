/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: what is accepted jansson's own reader accepts too, with the same value; what was written is
 * read again as what it was; the canonical form is one form. */
#include "json.h"
#include "fuzz.h"
#include <string.h>

/* Written and read again it is the same. */
static void
write_again(const json_t *value)
{
    struct sgn_error err = { 0 };
    char *text = sgn_json_text(value);
    json_t *again = NULL;

    FUZZ_CHECK(text != NULL);
    FUZZ_CHECK(sgn_json_parse(text, strlen(text), &again, &err) == SGN_OK);
    FUZZ_CHECK(json_equal(value, again));
    json_decref(again);
    free(text);
    again = sgn_json_copy(value);
    FUZZ_CHECK(json_equal(value, again));
    json_decref(again);
}

/* The canonical text of a canonical text is that text. */
static void
canonical(const json_t *value)
{
    struct sgn_buf first, second;
    json_t *again = NULL;
    struct sgn_error err = { 0 };

    sgn_buf_init(&first, (size_t)1 << 24);
    sgn_buf_init(&second, (size_t)1 << 24);
    if (sgn_json_canonical(&first, value, &err) == SGN_OK) {
        FUZZ_CHECK(sgn_json_parse(first.bytes, first.len, &again, &err) == SGN_OK);
        FUZZ_CHECK(json_equal(value, again));
        FUZZ_CHECK(sgn_json_canonical(&second, again, &err) == SGN_OK);
        FUZZ_CHECK(first.len == second.len && memcmp(first.bytes, second.bytes, first.len) == 0);
    }
    sgn_error_clear(&err);
    json_decref(again);
    sgn_buf_deinit(&first);
    sgn_buf_deinit(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sgn_error err = { 0 };
    json_t *ours = NULL, *theirs;

    if (sgn_json_parse((const char *)data, size, &ours, &err) == SGN_OK) {
        theirs =
            json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
        FUZZ_CHECK(theirs != NULL && json_equal(ours, theirs));
        json_decref(theirs);
        write_again(ours);
        canonical(ours);
    }
    sgn_error_clear(&err);
    json_decref(ours);
    return 0;
}

#ifdef FUZZ_FAULT
/* What is no UTF-8 is taken for it. */
bool __wrap_sgn_utf8_valid(const char *bytes, size_t n);
bool
__wrap_sgn_utf8_valid(const char *bytes, size_t n)
{
    (void)bytes;
    (void)n;
    return true;
}
#endif
