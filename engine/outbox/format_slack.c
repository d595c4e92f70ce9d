/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slack's incoming webhooks (docs.slack.dev): blocks of plain text, which hold no markup and
 * mention nobody, and beside them a text for notifications. &, < and > are control characters in
 * every text and stand as entities; the one element that knows markup is a link of our own. One
 * message a second; no signature: whoever knows the URL may send.
 */
#include "chat.h"

#include "clock.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

#define BLOCKS_BYTES  24000 /* Slack takes 50 blocks: three for each of 16 messages */
#define HEADER_BYTES  150   /* characters for Slack */
#define SECTION_BYTES 3000  /* likewise */

static const char *
escape(char c, char next)
{
    (void)next;
    return c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : NULL;
}

static bool
add_block(json_t *array, const char *type, const char *text)
{
    return json_array_append_new(array,
                                 json_pack("{s:s, s:{s:s, s:s, s:b}}", "type", type, "text", "type",
                                           "plain_text", "text", text, "emoji", 0)) == 0;
}

/* A case's key and a public address have nothing in them that could mean anything. */
static bool
add_link(json_t *array, const char *link, const char *text)
{
    return json_array_append_new(array, json_pack("{s:s, s:[{s:s, s:o}]}", "type", "context",
                                                  "elements", "type", "mrkdwn", "text",
                                                  json_sprintf("<%s|%s>", link, text))) == 0;
}

static bool
add(json_t *array, const struct outbox_message *before, const struct outbox_message *message)
{
    char *lines = outbox_chat_lines(&message->story, escape, SECTION_BYTES);
    struct sgn_buf about;
    bool fine = lines != NULL;

    sgn_buf_init(&about, HEADER_BYTES + 1);
    outbox_chat_put(&about, message->story.about, escape, HEADER_BYTES);
    if (fine && !outbox_chat_goes_on(before, message))
        fine =
            !about.failed && add_block(array, "header", about.bytes) &&
            (message->story.link == NULL || add_link(array, message->story.link, message->subject));
    if (fine)
        fine = add_block(array, "section", lines);
    sgn_buf_deinit(&about);
    free(lines);
    return fine;
}

/* What a notification shows. Its "*" and "_" may make it bold, and nothing else. */
static json_t *
fallback(const struct outbox_story *story)
{
    json_t *text = NULL;
    struct sgn_buf buf;

    sgn_buf_init(&buf, SECTION_BYTES);
    outbox_chat_put(&buf, story->about, escape, HEADER_BYTES);
    if (!buf.failed)
        text = json_string(buf.bytes);
    sgn_buf_deinit(&buf);
    return text;
}

static enum sgn_status
make(const struct outbox_making *making, struct outbox_post *post, struct sgn_error *err)
{
    json_t *blocks = json_array(), *body = NULL;

    if (blocks != NULL && outbox_chat_elements(blocks, BLOCKS_BYTES, making, add, &post->told))
        body = json_pack("{s:o, s:b, s:b, s:O}", "text", fallback(&making->messages->story),
                         "unfurl_links", 0, "unfurl_media", 0, "blocks", blocks);
    json_decref(blocks);
    return outbox_chat_post(post, making->endpoint, body, err);
}

/* "ok", and nothing else, is what it says when a message has arrived. */
static enum outbox_outcome
judge(int status, const char *body, struct outbox_verdict *verdict)
{
    enum outbox_outcome outcome = outbox_judge(status, verdict);
    bool fine = strcmp(body, "ok") == 0;

    if (outcome == OUTBOX_DELIVERED && fine)
        return outcome;
    if (outcome == OUTBOX_DELIVERED) {
        sgn_text_copy(verdict->why, sizeof verdict->why, "answered 200");
        outcome = OUTBOX_AGAIN;
    }
    if (body[0] != '\0') {
        outbox_chat_why(verdict, ": ");
        outbox_chat_why(verdict, body);
    }
    return outcome;
}

const struct outbox_format outbox_format_slack = {
    .name = "slack",
    .pause_ms = SGN_SECOND_MS * 11 / 10,
    .people = true,
    .make = make,
    .judge = judge,
};
