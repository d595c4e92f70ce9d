/* SPDX-License-Identifier: Apache-2.0 */
/* Mails as bytes: RFC 5322, 2045, 2047; what an end-to-end test reads back by another parser. */
#include "mime.h"

#include "address.h"
#include "hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct outbox_mail
mail(void)
{
    return (struct outbox_mail){ .from_name = "Signoff",
                                 .from = "signoff@example.com",
                                 .to_name = "Li Ting",
                                 .to = "li@example.com",
                                 .subject = "Hello",
                                 .language = "en",
                                 .id = "signoff.delivery.1000000",
                                 .thread = "",
                                 .at = 1767574800000, /* 2026-01-05T01:00:00Z */
                                 .text = "Hello\n",
                                 .html = "<p>Hello</p>\n" };
}

static char *
made(const struct outbox_mail *m)
{
    struct sgn_buf out;
    char *text;

    sgn_buf_init(&out, OUTBOX_MAIL_MAX);
    assert_int_equal(outbox_mime(m, &out, NULL), SGN_OK);
    text = sgn_buf_take(&out);
    assert_non_null(text);
    return text;
}

static void
test_a_mail_is_put_together_as_the_standards_say(void **state)
{
    struct outbox_mail m = mail();
    char *text;

    (void)state;
    m.thread = "signoff.delivery.CR-1";
    text = made(&m);
    assert_string_equal(text, "From: \"Signoff\"\r\n <signoff@example.com>\r\n"
                              "To: \"Li Ting\"\r\n <li@example.com>\r\n"
                              "Subject: Hello\r\n"
                              "Date: Mon, 5 Jan 2026 01:00:00 +0000\r\n"
                              "Message-ID: <signoff.delivery.1000000@example.com>\r\n"
                              "In-Reply-To: <signoff.delivery.CR-1@example.com>\r\n"
                              "References: <signoff.delivery.CR-1@example.com>\r\n"
                              "Auto-Submitted: auto-generated\r\n"
                              "Content-Language: en\r\n"
                              "MIME-Version: 1.0\r\n"
                              "Content-Type: multipart/alternative; "
                              "boundary=\"=_signoff_alternative\"\r\n\r\n"
                              "--=_signoff_alternative\r\n"
                              "Content-Type: text/plain; charset=utf-8\r\n"
                              "Content-Transfer-Encoding: base64\r\n\r\n"
                              "SGVsbG8K\r\n"
                              "--=_signoff_alternative\r\n"
                              "Content-Type: text/html; charset=utf-8\r\n"
                              "Content-Transfer-Encoding: base64\r\n\r\n"
                              "PHA+SGVsbG88L3A+Cg==\r\n"
                              "--=_signoff_alternative--\r\n");
    free(text);
}

/* RFC 2047 section 2: an encoded word has at most 75 characters, its line at most 76; section 5
 * (3): a character is never divided between two. */
static void
test_long_chinese_subjects_are_encoded_in_whole_characters(void **state)
{
    struct outbox_mail m = mail();
    char subject[301] = "", *text, *line, *rest = NULL;
    unsigned char bytes[64];
    size_t n;

    (void)state;
    for (int i = 0; i < 100; i++)
        strcat(subject, "审");
    m.subject = subject;
    text = made(&m);
    assert_non_null(strstr(text, "Subject: =?UTF-8?B?"));
    for (line = strtok_r(strstr(text, "Subject:"), "\r\n", &rest); strncmp(line, "Date", 4) != 0;
         line = strtok_r(NULL, "\r\n", &rest)) {
        char *word = strstr(line, "=?UTF-8?B?") + 10, *end = strstr(word, "?=");

        assert_true(strlen(line) <= 76 && end != NULL);
        assert_true(sgn_unbase64(word, (size_t)(end - word), bytes, sizeof bytes, &n));
        assert_int_equal(n % 3, 0);
        assert_int_equal(bytes[0], 0xe5);
    }
    free(text);
}

static void
test_nothing_written_becomes_a_header(void **state)
{
    struct outbox_mail m = mail();
    struct sgn_buf out;
    char *text;

    (void)state;
    m.subject = "x\r\nBcc: a@evil.example\r\n\r\nbody";
    m.to_name = "\"Li\" <a@evil.example>,\r\nBcc: b@evil.example";
    text = made(&m);
    assert_null(strstr(text, "evil"));
    assert_null(strstr(text, "\nBcc"));
    free(text);
    m = mail();
    m.to = "li@example.com>\r\nBcc: a@evil.example";
    sgn_buf_init(&out, OUTBOX_MAIL_MAX);
    assert_int_equal(outbox_mime(&m, &out, NULL), SGN_INVALID);
    sgn_buf_deinit(&out);
}

static void
test_lines_of_a_long_text_are_short(void **state)
{
    struct outbox_mail m = mail();
    char *long_text = malloc(20001), *text, *line, *rest = NULL;

    (void)state;
    memset(long_text, '.', 20000);
    long_text[20000] = '\0';
    m.text = long_text;
    text = made(&m);
    for (line = strtok_r(text, "\r\n", &rest); line != NULL; line = strtok_r(NULL, "\r\n", &rest))
        assert_true(strlen(line) <= 78 && line[0] != '.');
    free(text);
    free(long_text);
}

/* RFC 5321 section 4.1.2 and 4.5.3.1, without what it allows and nobody needs. */
static void
test_mail_addresses_are_what_they_seem(void **state)
{
    static const char *const good[] = { "li@example.com", "li.ting+x@mail.example.co.uk",
                                        "a_b'c@x-y.io" };
    static const char *const bad[] = { "",           "li",           "li@",          "@x.y",
                                       "li@x",       "li@.x.y",      "li@-x.y",      ".li@x.y",
                                       "li.@x.y",    "l..i@x.y",     "li@x..y",      "li@x.y.",
                                       "l i@x.y",    "li@x y.z",     "<li@x.y>",     "li@x.y>",
                                       "li@x.y\r\n", "\"l\"@x.y",    "li@x.y,z@x.y", "li@x@y.z",
                                       "-li@x.y",    "l\xc3\xa4@x.y" };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (!sgn_mail_valid(good[i]))
            fail_msg("%s is refused", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (sgn_mail_valid(bad[i]))
            fail_msg("%s is taken", bad[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_mail_is_put_together_as_the_standards_say),
        cmocka_unit_test(test_long_chinese_subjects_are_encoded_in_whole_characters),
        cmocka_unit_test(test_nothing_written_becomes_a_header),
        cmocka_unit_test(test_lines_of_a_long_text_are_short),
        cmocka_unit_test(test_mail_addresses_are_what_they_seem),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
