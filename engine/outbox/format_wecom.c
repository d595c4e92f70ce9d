/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WeCom's robot of a group (developer.work.weixin.qq.com, path 91770): markdown of at most 4,096
 * bytes, 20 messages a minute, no signature: whoever knows the URL may send.
 *
 * "<@name>" mentions somebody, so no "<" of others comes through.
 */
#include "chat.h"

#include "clock.h"

#define PER_MINUTE 20
#define TEXT_BYTES 4096

static enum sgn_status
make(const struct outbox_making *making, struct outbox_post *post, struct sgn_error *err)
{
    static const struct outbox_markdown markdown = { "\n", "\n\n", TEXT_BYTES };
    json_t *body = NULL;
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_BYTES + 1);
    outbox_chat_markdown(&text, &markdown, making, &post->told);
    if (!text.failed)
        body =
            json_pack("{s:s, s:{s:s}}", "msgtype", "markdown", "markdown", "content", text.bytes);
    sgn_buf_deinit(&text);
    return outbox_chat_post(post, making->endpoint, body, err);
}

static enum outbox_outcome
judge(int status, const char *body, struct outbox_verdict *verdict)
{
    static const struct outbox_code codes[] = {
        { 45009, OUTBOX_AGAIN, SGN_MINUTE_MS }, /* more than a minute may have */
        { 0 },
    };

    return outbox_chat_judge(status, body, "errcode", "errmsg", codes, verdict);
}

const struct outbox_format outbox_format_wecom = {
    .name = "wecom",
    .pause_ms = SGN_MINUTE_MS / PER_MINUTE * 11 / 10, /* as for DingTalk */
    .people = true,
    .make = make,
    .judge = judge,
};
