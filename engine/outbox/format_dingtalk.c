/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DingTalk's robot of a group (open.dingtalk.com, "custom robot"): markdown, signed in the URL, 20
 * messages a minute; who sends more is refused for ten minutes.
 *
 * Nobody is mentioned: that takes the member "at", which says so.
 */
#include "chat.h"

#include "clock.h"
#include "hash.h"
#include "json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PER_MINUTE  20
#define TEXT_BYTES  15000
#define TITLE_BYTES 120 /* of what a notification shows */
#define REFUSED_MS  (10 * SGN_MINUTE_MS)

/* HMAC-SHA256 by the secret over "MS\nSECRET", in base64, of which three characters must be
 * encoded in a URL. */
static enum sgn_status
sign(const char *secret, int64_t wall_s, struct outbox_post *post, struct sgn_error *err)
{
    long long ms = wall_s * SGN_SECOND_MS;
    unsigned char mac[SGN_HASH_BYTES];
    char text[SGN_BASE64_TEXT(SGN_HASH_BYTES)];
    char *bytes = sgn_format("%lld\n%s", ms, secret);
    struct sgn_buf url;

    if (bytes == NULL)
        return sgn_nomem(err);
    sgn_hmac_sha256(secret, strlen(secret), bytes, strlen(bytes), mac);
    free(bytes);
    sgn_base64(mac, sizeof mac, text);
    sgn_buf_init(&url, sizeof post->url - 1);
    (void)sgn_buf_printf(&url, "%s%ctimestamp=%lld&sign=", post->url,
                         strchr(post->url, '?') != NULL ? '&' : '?', ms);
    for (const char *c = text; *c != '\0'; c++)
        (void)sgn_buf_printf(&url, strchr("+/=", *c) != NULL ? "%%%02X" : "%c", *c);
    if (!url.failed)
        sgn_text_copy(post->url, sizeof post->url, url.bytes);
    sgn_buf_deinit(&url);
    return url.failed ? sgn_fail(err, SGN_INVALID, "the URL is too long to be signed") : SGN_OK;
}

static enum sgn_status
make(const struct outbox_making *making, struct outbox_post *post, struct sgn_error *err)
{
    static const struct outbox_markdown markdown = { "\n\n", "\n\n", TEXT_BYTES };
    const char *secret = sgn_json_str(making->endpoint, "secret");
    struct sgn_buf title, text;
    json_t *body = NULL;
    enum sgn_status st;

    sgn_buf_init(&title, TITLE_BYTES + 1);
    sgn_buf_init(&text, TEXT_BYTES + 1);
    outbox_chat_put(&title, making->messages->story.about, outbox_chat_wide, TITLE_BYTES);
    outbox_chat_markdown(&text, &markdown, making, &post->told);
    if (!title.failed && !text.failed)
        body = json_pack("{s:s, s:{s:s, s:s}, s:{s:b}}", "msgtype", "markdown", "markdown", "title",
                         title.bytes, "text", text.bytes, "at", "isAtAll", 0);
    sgn_buf_deinit(&title);
    sgn_buf_deinit(&text);
    st = outbox_chat_post(post, making->endpoint, body, err);
    return st == SGN_OK && secret != NULL ? sign(secret, making->wall_s, post, err) : st;
}

static enum outbox_outcome
judge(int status, const char *body, struct outbox_verdict *verdict)
{
    static const struct outbox_code codes[] = {
        { 130101, OUTBOX_AGAIN, REFUSED_MS }, /* sent too fast */
        { 410100, OUTBOX_AGAIN, REFUSED_MS }, /* the same, of later robots */
        { 400013, OUTBOX_GONE, 0 },           /* the group was dissolved */
        { 400106, OUTBOX_GONE, 0 },           /* there is no such robot */
        { 0 },
    };

    return outbox_chat_judge(status, body, "errcode", "errmsg", codes, verdict);
}

/* A tenth more than the limit allows: on the way two requests may come closer. */
const struct outbox_format outbox_format_dingtalk = {
    .name = "dingtalk",
    .pause_ms = SGN_MINUTE_MS / PER_MINUTE * 11 / 10,
    .people = true,
    .make = make,
    .judge = judge,
};
