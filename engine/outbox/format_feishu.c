/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feishu's robot of a group (open.feishu.cn, "custom bot"; Lark's is the same): rich text of
 * elements, signed in the body, which has at most 20 KB; 100 messages a minute, 5 a second.
 *
 * A text element holds no markup; "<" is put in its wide form all the same, since other kinds of
 * messages mention people by <at ...>.
 */
#include "chat.h"

#include "clock.h"
#include "hash.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

#define PER_MINUTE 100
#define BODY_BYTES 18000 /* with room for what stands around */
#define LINE_BYTES 4000

static const char *
escape(char c, char next)
{
    (void)next;
    return c == '<' ? "＜" : c == '>' ? "＞" : NULL;
}

/* A paragraph of one element, which leads there if link is not NULL. */
static bool
add_text(json_t *array, const char *text, bool bold, const char *link)
{
    json_t *element = NULL;
    struct sgn_buf buf;

    sgn_buf_init(&buf, LINE_BYTES + 1);
    outbox_chat_put(&buf, text, escape, LINE_BYTES);
    if (!buf.failed)
        element = json_pack("{s:s, s:s, s:s*}", "tag", link != NULL ? "a" : "text", "text",
                            buf.len > 0 ? buf.bytes : " ", "href", link);
    sgn_buf_deinit(&buf);
    if (bold && element != NULL)
        (void)json_object_set_new(element, "style", json_pack("[s]", "bold"));
    return json_array_append_new(array, json_pack("[o]", element)) == 0;
}

static bool
add(json_t *array, const struct outbox_message *before, const struct outbox_message *message)
{
    const struct outbox_story *story = &message->story;
    bool fine = true;

    if (!outbox_chat_goes_on(before, message))
        fine = (before == NULL || add_text(array, " ", false, NULL)) &&
               add_text(array, story->about, true, story->link);
    for (int i = 0; fine && i < story->n_lines; i++)
        fine = add_text(array, story->lines[i], false, NULL);
    return fine;
}

/* HMAC-SHA256 in base64 whose key is "SECONDS\nSECRET", over nothing: the other way round than
 * DingTalk. */
static bool
sign(json_t *body, const char *secret, int64_t wall_s)
{
    unsigned char mac[SGN_HASH_BYTES];
    char text[SGN_BASE64_TEXT(SGN_HASH_BYTES)];
    char *key = sgn_format("%lld\n%s", (long long)wall_s, secret);

    if (key == NULL)
        return false;
    sgn_hmac_sha256(key, strlen(key), "", 0, mac);
    free(key);
    sgn_base64(mac, sizeof mac, text);
    return json_object_set_new(body, "timestamp", json_sprintf("%lld", (long long)wall_s)) == 0 &&
           json_object_set_new(body, "sign", json_string(text)) == 0;
}

static enum sgn_status
make(const struct outbox_making *making, struct outbox_post *post, struct sgn_error *err)
{
    const char *secret = sgn_json_str(making->endpoint, "secret");
    json_t *content = json_array(), *body = NULL;

    if (content != NULL && outbox_chat_elements(content, BODY_BYTES, making, add, &post->told))
        /* Whoever reads another language is shown this one where there is no other. */
        body = json_pack("{s:s, s:{s:{s:{s:O}}}}", "msg_type", "post", "content", "post", "zh_cn",
                         "content", content);
    json_decref(content);
    if (body != NULL && secret != NULL && !sign(body, secret, making->wall_s)) {
        json_decref(body);
        body = NULL;
    }
    return outbox_chat_post(post, making->endpoint, body, err);
}

/* Older robots answer by StatusCode alone. */
static enum outbox_outcome
judge(int status, const char *body, struct outbox_verdict *verdict)
{
    static const struct outbox_code codes[] = {
        { 9499, OUTBOX_AGAIN, SGN_MINUTE_MS },  /* too many, or a bad request */
        { 11232, OUTBOX_AGAIN, SGN_MINUTE_MS }, /* more than a minute may have */
        { 0 },
    };
    bool old = strstr(body, "\"code\"") == NULL;

    return outbox_chat_judge(status, body, old ? "StatusCode" : "code",
                             old ? "StatusMessage" : "msg", codes, verdict);
}

const struct outbox_format outbox_format_feishu = {
    .name = "feishu",
    .pause_ms = SGN_MINUTE_MS / PER_MINUTE * 11 / 10,
    .people = true,
    .make = make,
    .judge = judge,
};
