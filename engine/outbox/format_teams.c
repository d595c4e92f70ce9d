/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Microsoft Teams by a workflow's webhook ("Post to a channel when a webhook request is received",
 * learn.microsoft.com): an Adaptive Card of at most 28 KB, 4 requests a second; no signature:
 * whoever knows the URL may send.
 *
 * Text stands in text runs, which know no markdown; a mention would take a member of its own.
 */
#include "chat.h"

#include "clock.h"
#include "json.h"
#include <string.h>

#define CARD_BYTES 24000 /* with room for what stands around */
#define PER_SECOND 4

/* link: where a title leads, or NULL. */
static bool
add_text(json_t *array, const char *text, bool title, bool first, const char *link)
{
    json_t *run = json_pack("{s:s, s:s}", "type", "TextRun", "text", text[0] != '\0' ? text : " ");
    json_t *block = json_pack("{s:s, s:[o]}", "type", "RichTextBlock", "inlines", run);

    if (title && run != NULL && block != NULL) {
        (void)json_object_set_new(run, "weight", json_string("Bolder"));
        if (!first)
            (void)json_object_set_new(block, "separator", json_true());
        if (link != NULL)
            (void)json_object_set_new(
                run, "selectAction",
                json_pack("{s:s, s:s}", "type", "Action.OpenUrl", "url", link));
    }
    return json_array_append_new(array, block) == 0;
}

static bool
add(json_t *array, const struct outbox_message *before, const struct outbox_message *message)
{
    const struct outbox_story *story = &message->story;
    bool fine = outbox_chat_goes_on(before, message) ||
                add_text(array, story->about, true, before == NULL, story->link);

    for (int i = 0; fine && i < story->n_lines; i++)
        fine = add_text(array, story->lines[i], false, false, NULL);
    return fine;
}

static enum sgn_status
make(const struct outbox_making *making, struct outbox_post *post, struct sgn_error *err)
{
    json_t *blocks = json_array(), *body = NULL;

    if (blocks != NULL && outbox_chat_elements(blocks, CARD_BYTES, making, add, &post->told))
        body = json_pack(
            "{s:s, s:[{s:s, s:n, s:{s:s, s:s, s:s, s:s, s:O}}]}", "type", "message", "attachments",
            "contentType", "application/vnd.microsoft.card.adaptive", "contentUrl", "content",
            "$schema", "http://adaptivecards.io/schemas/adaptive-card.json", "type", "AdaptiveCard",
            "version", "1.4", "fallbackText", making->messages->story.about, "body", blocks);
    json_decref(blocks);
    return outbox_chat_post(post, making->endpoint, body, err);
}

/* The connectors that workflows have taken the place of answered 200 also when Teams had refused,
 * and said so in words; "1" was their success. A workflow answers 202 and nothing. */
static enum outbox_outcome
judge(int status, const char *body, struct outbox_verdict *verdict)
{
    enum outbox_outcome outcome = outbox_judge(status, verdict);

    if (outcome != OUTBOX_DELIVERED || strstr(body, "returned HTTP error") == NULL)
        return outcome;
    if (strstr(body, "HTTP error 429") != NULL)
        verdict->wait_ms = SGN_MINUTE_MS;
    sgn_text_copy(verdict->why, sizeof verdict->why, "answered 200: ");
    outbox_chat_why(verdict, body);
    return OUTBOX_AGAIN;
}

const struct outbox_format outbox_format_teams = {
    .name = "teams",
    .pause_ms = SGN_SECOND_MS / PER_SECOND * 11 / 10,
    .people = true,
    .make = make,
    .judge = judge,
};
