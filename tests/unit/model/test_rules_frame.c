/* SPDX-License-Identifier: Apache-2.0 */
/* Messages between the server and the rules' processes: made, cut into pieces, and wrong ones. */
#include "rules_frame.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct rules_frame
a_call(void)
{
    return (struct rules_frame){
        .kind = RULES_FRAME_CALL, .id = 7, .version = 3, .function = 2, .detail = 1
    };
}

/* The status with which these bytes are read; the message must say something when it is no. */
static enum sgn_status
read_head(struct rules_frame head, const char *body)
{
    struct sgn_error err = { 0 };
    struct rules_frame got;
    const char *at;
    char bytes[256];
    enum sgn_status st;

    memcpy(bytes, &head, sizeof head);
    memcpy(bytes + sizeof head, body, strlen(body));
    st = rules_frame_get(bytes, sizeof head + strlen(body), &got, &at, &err);
    assert_int_equal(err.message[0] != '\0', st == SGN_INVALID);
    sgn_error_clear(&err);
    return st;
}

static void
test_frame_comes_back_as_it_went_in_whatever_pieces(void **state)
{
    json_t *body = json_pack("{s:s, s:[i, b]}", "a", "\xe4\xb8\xad\"", "b", 1, 1);
    struct rules_frame head;
    struct sgn_buf out;
    const char *at;

    (void)state;
    sgn_buf_init(&out, 1000);
    rules_frame_put_json(&out, a_call(), body);
    rules_frame_put(&out, (struct rules_frame){ .kind = RULES_FRAME_ANSWER, .id = 9, .detail = 4 },
                    "no", 2);
    assert_false(out.failed);
    for (size_t n = 0; n < out.len - sizeof head - 2; n++)
        assert_int_equal(rules_frame_get(out.bytes, n, &head, &at, NULL), SGN_NEEDS);
    assert_int_equal(rules_frame_get(out.bytes, out.len, &head, &at, NULL), SGN_OK);
    assert_int_equal(head.id, 7);
    assert_int_equal(head.version, 3);
    assert_int_equal(head.function, 2);
    assert_int_equal(head.detail, 1);
    assert_int_equal(head.size, strlen("{\"a\":\"\xe4\xb8\xad\\\"\",\"b\":[1,true]}"));
    assert_memory_equal(at, "{\"a\":\"\xe4\xb8\xad\\\"\",\"b\":[1,true]}", head.size);
    sgn_buf_consume(&out, sizeof head + head.size);
    assert_int_equal(rules_frame_get(out.bytes, out.len, &head, &at, NULL), SGN_OK);
    assert_int_equal(head.kind, RULES_FRAME_ANSWER);
    assert_memory_equal(at, "no", 2);
    json_decref(body);
    sgn_buf_deinit(&out);
}

static void
test_frame_larger_than_its_kind_allows_is_neither_made_nor_taken(void **state)
{
    static const char large[5000];
    struct sgn_buf out;

    (void)state;
    for (unsigned kind = 0; kind < 300; kind++)
        assert_int_equal(rules_frame_limit(kind) > 0,
                         kind > RULES_FRAME_NONE && kind < RULES_FRAME_KINDS);
    sgn_buf_init(&out, 10000);
    rules_frame_put(&out, (struct rules_frame){ .kind = RULES_FRAME_HELLO }, large, sizeof large);
    assert_true(out.failed);
    sgn_buf_deinit(&out);
    /* Refused by its head alone: nobody waits for the body. */
    assert_int_equal(read_head((struct rules_frame){ .kind = RULES_FRAME_HELLO, .size = 5000 }, ""),
                     SGN_INVALID);
    assert_int_equal(read_head((struct rules_frame){ .kind = RULES_FRAME_ANSWER,
                                                     .id = 1,
                                                     .size = RULES_FRAME_MAX + 1 },
                               ""),
                     SGN_INVALID);
    assert_int_equal(
        read_head((struct rules_frame){ .kind = RULES_FRAME_ANSWER, .id = 1, .size = UINT32_MAX },
                  ""),
        SGN_INVALID);
}

static void
test_frame_with_members_that_its_kind_does_not_use_is_none(void **state)
{
    static const struct rules_frame wrong[] = {
        { .kind = RULES_FRAME_NONE },
        { .kind = RULES_FRAME_KINDS },
        { .kind = 255, .id = 1 },
        { .kind = RULES_FRAME_ANSWER },              /* no id */
        { .kind = RULES_FRAME_CALL, .function = 1 }, /* no id */
        { .kind = RULES_FRAME_ANSWER, .id = 1, .version = 1 },
        { .kind = RULES_FRAME_ANSWER, .id = 1, .function = 1 },
        { .kind = RULES_FRAME_ANSWER, .id = 1, .then = 1 },
        { .kind = RULES_FRAME_HELLO, .id = 1 },
        { .kind = RULES_FRAME_OPEN, .detail = 1 },
        { .kind = RULES_FRAME_START, .version = 1 },
        { .kind = RULES_FRAME_CALL, .id = 1, .cost[0].ns = 1 }, /* only answers took something */
        { .kind = RULES_FRAME_LOAD, .id = 1, .cost[1].steps = 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (read_head(wrong[i], "") != SGN_INVALID)
            fail_msg("frame %zu was taken", i);
    assert_int_equal(read_head(a_call(), ""), SGN_OK);
}

/* A value that cannot be written must not leave half a frame behind unnoticed. */
static void
test_frame_of_nothing_or_without_room_fails(void **state)
{
    json_t *long_text = json_stringn("0123456789012345678901234567890123456789", 40);
    struct sgn_buf out;

    (void)state;
    sgn_buf_init(&out, 1000);
    rules_frame_put_json(&out, a_call(), NULL);
    assert_true(out.failed);
    sgn_buf_deinit(&out);
    sgn_buf_init(&out, sizeof(struct rules_frame) + 10);
    rules_frame_put_json(&out, a_call(), long_text);
    assert_true(out.failed);
    sgn_buf_deinit(&out);
    json_decref(long_text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frame_comes_back_as_it_went_in_whatever_pieces),
        cmocka_unit_test(test_frame_larger_than_its_kind_allows_is_neither_made_nor_taken),
        cmocka_unit_test(test_frame_with_members_that_its_kind_does_not_use_is_none),
        cmocka_unit_test(test_frame_of_nothing_or_without_room_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
