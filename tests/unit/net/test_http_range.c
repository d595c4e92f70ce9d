/* SPDX-License-Identifier: Apache-2.0 */
/* Which bytes are asked for, and what they are called: by the RFCs' own examples and edges. */
#include "http_range.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct net_text
text_of(const char *text)
{
    return (struct net_text){ text, text != NULL ? strlen(text) : 0 };
}

/* "206 0-500": status, first, end. */
static void
asks(const char *range, const char *if_range, int64_t size, const char *words)
{
    struct net_head head = { .method = text_of("GET"),
                             .range = text_of(range),
                             .if_range = text_of(if_range) };
    int64_t from, end;
    char text[64];
    int status = net_range(&head, "\"t\"", size, &from, &end);

    if (status == 416)
        snprintf(text, sizeof text, "416");
    else
        snprintf(text, sizeof text, "%d %lld-%lld", status, (long long)from, (long long)end);
    if (strcmp(text, words) != 0)
        fail_msg("%s of %lld: %s, not %s", range, (long long)size, text, words);
}

static void
test_ranges_are_read_by_rfc_9110_14(void **state)
{
    (void)state;
    asks(NULL, NULL, 10000, "200 0-10000");
    asks("bytes=0-499", NULL, 10000, "206 0-500"); /* 14.1.2 has these */
    asks("bytes=500-999", NULL, 10000, "206 500-1000");
    asks("bytes=-500", NULL, 10000, "206 9500-10000");
    asks("bytes=9500-", NULL, 10000, "206 9500-10000");
    asks("BYTES=0-0", NULL, 10000, "206 0-1");
    asks("bytes=-20000", NULL, 10000, "206 0-10000");
    asks("bytes=0-99999999999999999999999", NULL, 10000, "206 0-10000");
    asks("bytes=10000-", NULL, 10000, "416");
    asks("bytes=99999999999999999999999-", NULL, 10000, "416");
    asks("bytes=-0", NULL, 10000, "416");
    asks("bytes=0-", NULL, 0, "416");
    asks("bytes=-1", NULL, 0, "416");
    asks("bytes=0-0,2-3", NULL, 10000, "200 0-10000");
    asks("bytes=3-2", NULL, 10000, "200 0-10000");
    asks("bytes=", NULL, 10000, "200 0-10000");
    asks("bytes=-", NULL, 10000, "200 0-10000");
    asks("bytes=1", NULL, 10000, "200 0-10000");
    asks("bytes= 0-1", NULL, 10000, "200 0-10000");
    asks("items=0-1", NULL, 10000, "200 0-10000");
    asks("bytes=0-0", "\"t\"", 10000, "206 0-1");
    asks("bytes=0-0", "\"u\"", 10000, "200 0-10000");
    asks("bytes=0-0", "W/\"t\"", 10000, "200 0-10000");
}

static void
named(const char *name, const char *field)
{
    char out[NET_DISPOSITION_MAX];

    net_disposition(false, name, out);
    assert_string_equal(out, field);
}

static void
test_names_are_written_by_rfc_6266(void **state)
{
    char name[256], out[NET_DISPOSITION_MAX];

    (void)state;
    named("foo.html", "attachment; filename=\"foo.html\"");
    named("a b;c.txt", "attachment; filename=\"a b;c.txt\"");
    named("\xe2\x82\xac rates", /* the example of 5 */
          "attachment; filename=\"_ rates\"; filename*=UTF-8''%E2%82%AC%20rates");
    named("a\"\\%\n.txt", "attachment; filename=\"a____.txt\"; filename*=UTF-8''a%22%5C%25%0A.txt");
    memset(name, 0x7f, sizeof name);
    name[255] = '\0';
    net_disposition(true, name, out); /* the longest there is */
    assert_int_equal(strlen(out), strlen("inline; filename=\"\"; filename*=UTF-8''") + 4 * 255);
}

static void
test_digests_are_read_by_rfc_9530(void **state)
{
    static const char good[] = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
    char out[65], more[128];

    (void)state;
    assert_true(net_digest(text_of(good), out)); /* the example of 2 */
    assert_string_equal(out, "44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38");
    snprintf(more, sizeof more, "sha-512=:YQ==:, %s", good);
    assert_true(net_digest(text_of(more), out));
    snprintf(more, sizeof more, "x%s", good);
    assert_false(net_digest(text_of(more), out));
    assert_false(net_digest(text_of(NULL), out));
    assert_false(net_digest(text_of("sha-256=:YQ==:"), out));
    assert_false(net_digest(text_of("sha-256=:"), out));
    assert_false(net_digest(text_of("sha-256=RK"), out));
}

static void
test_tags_are_found_in_lists(void **state)
{
    (void)state;
    assert_true(net_etag_listed(text_of("*"), "\"t\""));
    assert_true(net_etag_listed(text_of("\"s\", W/\"t\""), "\"t\""));
    assert_false(net_etag_listed(text_of("\"s\""), "\"t\""));
    assert_false(net_etag_listed(text_of(NULL), "\"t\""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges_are_read_by_rfc_9110_14),
        cmocka_unit_test(test_names_are_written_by_rfc_6266),
        cmocka_unit_test(test_digests_are_read_by_rfc_9530),
        cmocka_unit_test(test_tags_are_found_in_lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
