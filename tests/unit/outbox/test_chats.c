/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Formats for chats: signatures, answers, lengths, and texts that stay texts. The signatures were
 * made by openssl(1) from what the services document; the answers are those that they document.
 */
#include "chat.h"
#include "hash.h"
#include "json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define AT     INT64_C(1614265330)
#define SECRET "SEC1f2e3d4c"
#define N_ALL  5

static const struct outbox_format *const all[N_ALL] = {
    &outbox_format_dingtalk, &outbox_format_feishu, &outbox_format_wecom,
    &outbox_format_slack,    &outbox_format_teams,
};

/* A chain of n messages, each of a case of its own, with these texts. */
static struct outbox_message *
chain(int n, const char *about, const char *line)
{
    struct outbox_message *first = NULL;

    for (int i = n; i > 0; i--) {
        struct outbox_message *m = calloc(1, sizeof *m);

        m->seq = i;
        m->next = first;
        snprintf(m->subject, sizeof m->subject, "CR-%d", i);
        m->story.about = strdup(about);
        m->story.lines[0] = strdup(line);
        m->story.n_lines = 1;
        first = m;
    }
    return first;
}

static void
chain_free(struct outbox_message *m)
{
    while (m != NULL) {
        struct outbox_message *next = m->next;

        free(m->story.about);
        free(m->story.lines[0]);
        free(m);
        m = next;
    }
}

/* The request that a format makes of them; its body parsed. */
static json_t *
made(const struct outbox_format *format, const struct outbox_message *messages, const char *url,
     const char *secret, struct outbox_post *post)
{
    json_t *endpoint = json_pack("{s:s, s:s*}", "url", url, "secret", secret), *body = NULL;
    struct outbox_making making = { messages, 16, endpoint, 0, AT };

    outbox_post_init(post);
    assert_int_equal(format->make(&making, post, NULL), SGN_OK);
    assert_string_equal(post->headers[0], "Content-Type: application/json");
    assert_int_equal(sgn_json_parse(post->body.bytes, post->body.len, &body, NULL), SGN_OK);
    json_decref(endpoint);
    return body;
}

static void
test_dingtalk_signs_in_the_url(void **state)
{
    static const char signature[] =
        "timestamp=1614265330000&sign=%2BMrr10T17jYzg21%2B%2BhvhfY%2F6%2BfXaFUQZ0YnX%2BRqgIjg%3D";
    struct outbox_message *m = chain(1, "CR-1", "x");
    struct outbox_post post;

    (void)state;
    json_decref(
        made(&outbox_format_dingtalk, m, "https://o/robot/send?access_token=T", SECRET, &post));
    assert_string_equal(post.url + strlen("https://o/robot/send?access_token=T&"), signature);
    outbox_post_deinit(&post);
    json_decref(made(&outbox_format_dingtalk, m, "https://o/robot", SECRET, &post));
    assert_string_equal(post.url + strlen("https://o/robot?"), signature);
    outbox_post_deinit(&post);
    json_decref(made(&outbox_format_dingtalk, m, "https://o/robot", NULL, &post));
    assert_string_equal(post.url, "https://o/robot");
    outbox_post_deinit(&post);
    chain_free(m);
}

static void
test_feishu_signs_in_the_body(void **state)
{
    struct outbox_message *m = chain(1, "CR-1", "x");
    struct outbox_post post;
    json_t *body = made(&outbox_format_feishu, m, "https://o/hook/ID", SECRET, &post);

    (void)state;
    assert_string_equal(sgn_json_str(body, "timestamp"), "1614265330");
    assert_string_equal(sgn_json_str(body, "sign"), "XSkyZv4LMcejiNWl8wpAYn4b3kMQTtX84PXzaznZne0=");
    assert_string_equal(post.url, "https://o/hook/ID");
    json_decref(body);
    outbox_post_deinit(&post);
    body = made(&outbox_format_feishu, m, "https://o/hook/ID", NULL, &post);
    assert_null(json_object_get(body, "sign"));
    json_decref(body);
    outbox_post_deinit(&post);
    chain_free(m);
}

/* ---- answers ---- */

/* clang-format off */
static const struct {
    const struct outbox_format *format;
    int status;
    const char *body;
    enum outbox_outcome outcome;
    int minutes; /* not before */
} answers[] = {
    { &outbox_format_dingtalk, 200, "{\"errcode\":0,\"errmsg\":\"ok\"}", OUTBOX_DELIVERED, 0 },
    { &outbox_format_dingtalk, 200, "{\"errcode\":310000,\"errmsg\":\"sign not match\"}", OUTBOX_AGAIN, 0 },
    { &outbox_format_dingtalk, 200, "{\"errcode\":130101,\"errmsg\":\"send too fast, exceed 20 times per minute\"}", OUTBOX_AGAIN, 10 },
    { &outbox_format_dingtalk, 200, "{\"errcode\":400013,\"errmsg\":\"group disbanded\"}", OUTBOX_GONE, 0 },
    { &outbox_format_dingtalk, 200, "<html>please sign in</html>", OUTBOX_AGAIN, 0 },
    { &outbox_format_dingtalk, 200, "", OUTBOX_AGAIN, 0 },
    { &outbox_format_dingtalk, 200, "{\"errcode\":\"0\"}", OUTBOX_AGAIN, 0 },
    { &outbox_format_dingtalk, 502, "{\"errcode\":0}", OUTBOX_AGAIN, 0 },
    { &outbox_format_feishu, 200, "{\"code\":0,\"msg\":\"success\",\"data\":{}}", OUTBOX_DELIVERED, 0 },
    { &outbox_format_feishu, 200, "{\"Extra\":null,\"StatusCode\":0,\"StatusMessage\":\"success\"}", OUTBOX_DELIVERED, 0 },
    { &outbox_format_feishu, 200, "{\"code\":19021,\"msg\":\"sign match fail or timestamp is not within one hour from current time\"}", OUTBOX_AGAIN, 0 },
    { &outbox_format_feishu, 200, "{\"code\":11232,\"msg\":\"frequency limited\"}", OUTBOX_AGAIN, 1 },
    { &outbox_format_feishu, 400, "{\"code\":9499,\"msg\":\"Bad Request\",\"data\":{}}", OUTBOX_AGAIN, 0 },
    { &outbox_format_wecom, 200, "{\"errcode\":0,\"errmsg\":\"ok\"}", OUTBOX_DELIVERED, 0 },
    { &outbox_format_wecom, 200, "{\"errcode\":93000,\"errmsg\":\"invalid webhook url\"}", OUTBOX_AGAIN, 0 },
    { &outbox_format_wecom, 200, "{\"errcode\":45009,\"errmsg\":\"api freq out of limit\"}", OUTBOX_AGAIN, 1 },
    { &outbox_format_slack, 200, "ok", OUTBOX_DELIVERED, 0 },
    { &outbox_format_slack, 200, "<html>ok</html>", OUTBOX_AGAIN, 0 },
    { &outbox_format_slack, 404, "no_service", OUTBOX_AGAIN, 0 },
    { &outbox_format_slack, 410, "channel_is_archived", OUTBOX_GONE, 0 },
    { &outbox_format_slack, 429, "rate_limited", OUTBOX_AGAIN, 0 },
    { &outbox_format_teams, 202, "", OUTBOX_DELIVERED, 0 },
    { &outbox_format_teams, 200, "1", OUTBOX_DELIVERED, 0 },
    { &outbox_format_teams, 200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId tcid=1", OUTBOX_AGAIN, 1 },
    { &outbox_format_teams, 413, "", OUTBOX_AGAIN, 0 },
};
/* clang-format on */

typedef enum outbox_outcome (*judge_fn)(int status, const char *body,
                                        struct outbox_verdict *verdict);

/* How many answers are taken for something that they are not. instead: judges for all, or NULL. */
static int
misjudged(judge_fn instead)
{
    int wrong = 0;

    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct outbox_verdict verdict = { 0 };
        judge_fn judge = instead != NULL ? instead : answers[i].format->judge;
        enum outbox_outcome outcome = judge(answers[i].status, answers[i].body, &verdict);

        if (outcome != answers[i].outcome || verdict.wait_ms != answers[i].minutes * 60000 ||
            (outcome != OUTBOX_DELIVERED && verdict.why[0] == '\0')) {
            wrong++;
            if (instead == NULL)
                print_message("%s %d %s: %d\n", answers[i].format->name, answers[i].status,
                              answers[i].body, outcome);
        }
    }
    return wrong;
}

static void
test_answers_mean_what_the_services_document(void **state)
{
    (void)state;
    assert_int_equal(misjudged(NULL), 0);
}

static enum outbox_outcome
by_status(int status, const char *body, struct outbox_verdict *verdict)
{
    (void)body;
    return outbox_judge(status, verdict);
}

/* The fault that this is about. */
static void
test_the_answers_find_who_takes_200_for_success(void **state)
{
    (void)state;
    assert_true(misjudged(by_status) >= 10);
}

static void
test_why_is_one_short_line_of_whole_characters(void **state)
{
    struct outbox_verdict verdict = { 0 };
    struct sgn_buf body;

    (void)state;
    sgn_buf_init(&body, 65536);
    sgn_buf_puts(&body, "{\"errcode\":1,\"errmsg\":\"a\\u0007\\r\\n");
    for (int i = 0; i < 300; i++)
        sgn_buf_puts(&body, "错");
    sgn_buf_puts(&body, "\"}");
    assert_int_equal(outbox_format_wecom.judge(200, body.bytes, &verdict), OUTBOX_AGAIN);
    assert_int_equal(strncmp(verdict.why, "answered errcode 1: a   错错", 28), 0);
    assert_true(sgn_utf8_valid(verdict.why, strlen(verdict.why)) && strlen(verdict.why) < 200);
    sgn_buf_deinit(&body);
}

/* ---- texts ---- */

/* Every string of a value, one behind the other. */
static void
gather(const json_t *value, struct sgn_buf *out)
{
    const char *name;
    json_t *member;
    size_t i;

    if (json_is_string(value))
        sgn_buf_puts(out, json_string_value(value));
    json_array_foreach((json_t *)value, i, member)
        gather(member, out);
    json_object_foreach((json_t *)value, name, member)
        gather(member, out);
}

/* What would be a mention, a link or a tag. */
static void
test_what_people_wrote_cannot_become_markup(void **state)
{
    static const char evil[] = "<!channel> <@U1> <at user_id=\"all\"></at> <font color=\"info\"> "
                               "[x](https://evil.example) **b** `c` @all";
    struct outbox_message *m = chain(1, evil, evil);

    (void)state;
    for (int i = 0; i < N_ALL - 1; i++) { /* of Teams: below */
        bool markdown = all[i] == &outbox_format_dingtalk || all[i] == &outbox_format_wecom;
        struct outbox_post post;
        struct sgn_buf text;
        json_t *body = made(all[i], m, "https://o/", NULL, &post);

        sgn_buf_init(&text, 1 << 20);
        gather(body, &text);
        assert_null(strstr(text.bytes, "<"));
        if (markdown) {
            assert_null(strstr(text.bytes, "[x]"));
            assert_null(strstr(text.bytes, "://evil"));
            assert_null(strstr(text.bytes, "@all"));
            assert_null(strstr(text.bytes, "`"));
            assert_null(strstr(text.bytes, "**b**"));
        }
        sgn_buf_deinit(&text);
        json_decref(body);
        outbox_post_deinit(&post);
    }
    chain_free(m);
}

/* A text run shows what it holds, so it holds what was written; a text block would not. */
static void
test_teams_gets_runs_of_text_and_no_blocks(void **state)
{
    struct outbox_message *m = chain(2, "**a**", "[x](https://evil.example)");
    struct outbox_post post;
    json_t *body = made(&outbox_format_teams, m, "https://o/", NULL, &post), *card;
    const json_t *block;
    size_t i;

    (void)state;
    card = json_object_get(json_array_get(json_object_get(body, "attachments"), 0), "content");
    json_array_foreach(json_object_get(card, "body"), i, block) {
        assert_string_equal(sgn_json_str(block, "type"), "RichTextBlock");
        assert_string_equal(
            sgn_json_str(json_array_get(json_object_get(block, "inlines"), 0), "text"),
            i % 2 == 0 ? "**a**" : "[x](https://evil.example)");
    }
    assert_int_equal(i, 4);
    json_decref(body);
    outbox_post_deinit(&post);
    chain_free(m);
}

/* ---- lengths ---- */

/* Of the services' documents: WeCom's content, the whole bodies of Feishu and Teams; DingTalk's
 * body. */
static size_t
length_of(const struct outbox_format *format, const json_t *body, const struct outbox_post *post)
{
    return format == &outbox_format_wecom
               ? strlen(sgn_json_str(json_object_get(body, "markdown"), "content"))
               : post->body.len;
}

static void
test_messages_go_together_as_far_as_the_limit_reaches(void **state)
{
    static const size_t limits[N_ALL] = { 20000, 20480, 4096, 50000, 28672 };
    char line[1001];
    struct outbox_message *m;

    (void)state;
    memset(line, 'x', 1000);
    line[1000] = '\0';
    m = chain(16, "about", line);
    for (int i = 0; i < N_ALL; i++) {
        struct outbox_post post;
        json_t *body = made(all[i], m, "https://o/", NULL, &post);

        assert_true(length_of(all[i], body, &post) <= limits[i]);
        assert_true(post.told >= 3 && post.told <= 16);
        /* No less than would have fitted, by a wide measure. */
        assert_true((size_t)post.told * 1100 > limits[i] / 2 || post.told == 16);
        json_decref(body);
        outbox_post_deinit(&post);
    }
    chain_free(m);
}

static void
test_one_that_is_too_long_is_cut_at_a_character(void **state)
{
    char line[1000];
    struct outbox_message *m;
    struct sgn_buf buf;

    (void)state;
    for (int i = 0; i < 333; i++)
        memcpy(line + 3 * i, "核", 4);
    m = chain(1, "about", line);
    for (int i = 0; i < 4; i++) { /* five lines: 5,000 bytes */
        m->story.lines[m->story.n_lines++] = m->story.lines[0];
    }
    for (int i = 0; i < N_ALL; i++) {
        struct outbox_post post;
        json_t *body = made(all[i], m, "https://o/", NULL, &post); /* parsed: it is UTF-8 */

        assert_int_equal(post.told, 1);
        if (all[i] == &outbox_format_wecom) {
            const char *text = sgn_json_str(json_object_get(body, "markdown"), "content");

            assert_true(strlen(text) <= 4096 && strlen(text) > 4090);
            assert_true(sgn_text_ends(text, "核…"));
        }
        json_decref(body);
        outbox_post_deinit(&post);
    }
    chain_free(m);
    /* At every length. */
    for (size_t max = 3; max < 40; max++) {
        sgn_buf_init(&buf, 1024);
        outbox_chat_put(&buf, "a<核b核核核核核核核核核核核", outbox_chat_wide, max);
        assert_true(buf.len <= max && sgn_utf8_valid(buf.bytes, buf.len));
        assert_true(buf.len + 5 >= max || buf.len == 39);
        sgn_buf_deinit(&buf);
    }
}

/* Slack's limits are of its blocks: 150 characters of a header, 3,000 of a section, 50 blocks. */
static void
test_slack_blocks_keep_their_limits(void **state)
{
    char long_text[1001];
    struct outbox_message *m;
    struct outbox_post post;
    const json_t *block;
    json_t *body;
    size_t i;

    (void)state;
    memset(long_text, '&', 1000); /* five times as long as an entity */
    long_text[1000] = '\0';
    m = chain(16, long_text, long_text);
    body = made(&outbox_format_slack, m, "https://o/", NULL, &post);
    assert_true(json_array_size(json_object_get(body, "blocks")) <= 50);
    json_array_foreach(json_object_get(body, "blocks"), i, block) {
        const char *text = sgn_json_str(json_object_get(block, "text"), "text");
        bool header = strcmp(sgn_json_str(block, "type"), "header") == 0;

        assert_true(sgn_utf8_length(text) <= (header ? 150 : 3000));
        assert_true(sgn_text_ends(text, "&amp;…"));
    }
    json_decref(body);
    outbox_post_deinit(&post);
    chain_free(m);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dingtalk_signs_in_the_url),
        cmocka_unit_test(test_feishu_signs_in_the_body),
        cmocka_unit_test(test_answers_mean_what_the_services_document),
        cmocka_unit_test(test_the_answers_find_who_takes_200_for_success),
        cmocka_unit_test(test_why_is_one_short_line_of_whole_characters),
        cmocka_unit_test(test_what_people_wrote_cannot_become_markup),
        cmocka_unit_test(test_teams_gets_runs_of_text_and_no_blocks),
        cmocka_unit_test(test_messages_go_together_as_far_as_the_limit_reaches),
        cmocka_unit_test(test_one_that_is_too_long_is_cut_at_a_character),
        cmocka_unit_test(test_slack_blocks_keep_their_limits),
    };

    if (sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
