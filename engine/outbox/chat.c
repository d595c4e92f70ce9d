/* SPDX-License-Identifier: Apache-2.0 */
/* What the formats for chats share, see chat.h. */
#include "chat.h"

#include "json.h"
#include <stdio.h>
#include <string.h>

#define TEXT_MAX   ((size_t)1 << 20)
#define MORE       "…"
#define ANSWER_MAX 160 /* bytes of what an answer says */

/* ---- texts ---- */

/* Bytes of the character that begins here; text is UTF-8. */
static size_t
step_of(const char *text)
{
    size_t n = 1;

    while ((text[n] & 0xC0) == 0x80)
        n++;
    return n;
}

void
outbox_chat_put(struct sgn_buf *buf, const char *text, outbox_escape_fn escape, size_t max)
{
    size_t begin = buf->len, fits = begin; /* where "…" has room */

    while (*text != '\0') {
        size_t step = step_of(text);
        const char *instead = escape != NULL && step == 1 ? escape(text[0], text[1]) : NULL;
        size_t n = instead != NULL ? strlen(instead) : step;

        if (buf->len - begin + n > max) {
            sgn_buf_cut(buf, fits);
            (void)sgn_buf_puts(buf, max >= strlen(MORE) ? MORE : "");
            return;
        }
        (void)sgn_buf_append(buf, instead != NULL ? instead : text, n);
        if (buf->len - begin + strlen(MORE) <= max)
            fits = buf->len;
        text += step;
    }
}

/* All lines in one text first: what is cut is cut once, at the end. */
char *
outbox_chat_lines(const struct outbox_story *story, outbox_escape_fn escape, size_t max)
{
    struct sgn_buf whole, cut;
    char *text = NULL;

    sgn_buf_init(&whole, TEXT_MAX);
    sgn_buf_init(&cut, TEXT_MAX);
    for (int i = 0; i < story->n_lines; i++)
        (void)sgn_buf_printf(&whole, "%s%s", i > 0 ? "\n" : "", story->lines[i]);
    if (!whole.failed) {
        outbox_chat_put(&cut, whole.bytes != NULL ? whole.bytes : "", escape, max);
        text = sgn_buf_take(&cut);
    }
    sgn_buf_deinit(&whole);
    sgn_buf_deinit(&cut);
    return text;
}

bool
outbox_chat_goes_on(const struct outbox_message *before, const struct outbox_message *message)
{
    return before != NULL && message->subject[0] != '\0' &&
           strcmp(before->subject, message->subject) == 0;
}

/* ---- markdown ---- */

/* A colon before a slash: what looks like an address would become a link. */
const char *
outbox_chat_wide(char c, char next)
{
    static const char *const wide[][2] = {
        { "*", "＊" }, { "_", "＿" }, { "`", "｀" }, { "#", "＃" }, { "<", "＜" },  { ">", "＞" },
        { "[", "［" }, { "]", "］" }, { "~", "～" }, { "@", "＠" }, { "\\", "＼" },
    };

    if (c == ':' && next == '/')
        return "：";
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (wide[i][0][0] == c)
            return wide[i][1];
    return NULL;
}

static void
markdown_one(struct sgn_buf *buf, const struct outbox_markdown *markdown,
             const struct outbox_message *before, const struct outbox_message *message)
{
    const struct outbox_story *story = &message->story;

    (void)sgn_buf_puts(buf, before != NULL ? markdown->paragraph_end : "");
    if (!outbox_chat_goes_on(before, message)) {
        (void)sgn_buf_puts(buf, story->link != NULL ? "**[" : "**");
        outbox_chat_put(buf, story->about, outbox_chat_wide, TEXT_MAX);
        if (story->link != NULL)
            (void)sgn_buf_printf(buf, "](%s)", story->link);
        (void)sgn_buf_puts(buf, "**");
    }
    for (int i = 0; i < story->n_lines; i++) {
        if (i > 0 || !outbox_chat_goes_on(before, message))
            (void)sgn_buf_puts(buf, markdown->line_end);
        (void)sgn_buf_puts(buf, "> ");
        outbox_chat_put(buf, story->lines[i], outbox_chat_wide, TEXT_MAX);
    }
}

void
outbox_chat_markdown(struct sgn_buf *buf, const struct outbox_markdown *markdown,
                     const struct outbox_making *making, int *told)
{
    const struct outbox_message *message = making->messages, *before = NULL;
    struct sgn_buf whole;

    sgn_buf_init(&whole, TEXT_MAX);
    *told = 0;
    while (message != NULL && *told < making->most) {
        size_t begun = whole.len;

        markdown_one(&whole, markdown, before, message);
        if (*told > 0 && whole.len > markdown->max) {
            sgn_buf_cut(&whole, begun);
            break;
        }
        ++*told;
        before = message;
        message = message->next;
    }
    /* Escaped once already. A cut through our own stars or link shows them, and means nothing. */
    outbox_chat_put(buf, whole.bytes != NULL ? whole.bytes : "", NULL, markdown->max);
    buf->failed = buf->failed || whole.failed;
    sgn_buf_deinit(&whole);
}

/* ---- elements ---- */

bool
outbox_chat_elements(json_t *array, size_t max, const struct outbox_making *making,
                     outbox_add_fn add, int *told)
{
    const struct outbox_message *message = making->messages, *before = NULL;

    *told = 0;
    while (message != NULL && *told < making->most) {
        size_t begun = json_array_size(array);

        if (!add(array, before, message))
            return false;
        if (*told > 0 && json_dumpb(array, NULL, 0, JSON_COMPACT) > max) {
            while (json_array_size(array) > begun)
                (void)json_array_remove(array, json_array_size(array) - 1);
            break;
        }
        ++*told;
        before = message;
        message = message->next;
    }
    return true;
}

/* ---- requests and answers ---- */

enum sgn_status
outbox_chat_post(struct outbox_post *post, const json_t *endpoint, json_t *body_take,
                 struct sgn_error *err)
{
    bool fine = body_take != NULL && sgn_json_append(&post->body, body_take) == SGN_OK;

    json_decref(body_take);
    sgn_text_copy(post->url, sizeof post->url, sgn_json_str(endpoint, "url"));
    if (!fine)
        return sgn_nomem(err);
    return outbox_post_header(post, err, "Content-Type", "%s", "application/json");
}

void
outbox_chat_why(struct outbox_verdict *verdict, const char *text)
{
    size_t used = strlen(verdict->why), room = sizeof verdict->why - used - 1;
    struct sgn_buf buf;

    if (text == NULL || !sgn_utf8_valid(text, strlen(text)))
        return;
    sgn_buf_init(&buf, ANSWER_MAX + 1);
    outbox_chat_put(&buf, text, NULL, room < ANSWER_MAX ? room : ANSWER_MAX);
    for (size_t i = 0; i < buf.len; i++)
        if ((unsigned char)buf.bytes[i] < ' ' || buf.bytes[i] == 0x7F)
            buf.bytes[i] = ' ';
    if (buf.bytes != NULL)
        sgn_text_copy(verdict->why + used, room + 1, buf.bytes);
    sgn_buf_deinit(&buf);
}

enum outbox_outcome
outbox_chat_judge(int status, const char *body, const char *number, const char *text,
                  const struct outbox_code *codes, struct outbox_verdict *verdict)
{
    enum outbox_outcome outcome = outbox_judge(status, verdict);
    json_t *answer = NULL;
    const json_t *code;

    if (outcome != OUTBOX_DELIVERED)
        return outcome;
    outcome = OUTBOX_AGAIN;
    if (sgn_json_parse(body, strlen(body), &answer, NULL) != SGN_OK)
        answer = NULL;
    code = json_object_get(answer, number);
    if (!json_is_integer(code)) {
        snprintf(verdict->why, sizeof verdict->why, "answered %d without %s", status, number);
    } else if (json_integer_value(code) == 0) {
        outcome = OUTBOX_DELIVERED;
    } else {
        snprintf(verdict->why, sizeof verdict->why, "answered %s %lld: ", number,
                 (long long)json_integer_value(code));
        outbox_chat_why(verdict, sgn_json_str(answer, text));
        for (; codes->code != 0; codes++)
            if (codes->code == json_integer_value(code)) {
                outcome = codes->outcome;
                if (codes->wait_ms > verdict->wait_ms)
                    verdict->wait_ms = codes->wait_ms;
            }
    }
    json_decref(answer);
    return outcome;
}
