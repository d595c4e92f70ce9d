/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the formats for chats share: texts that cannot turn into markup, lengths that end at a
 * character, and answers that say "failed" under the HTTP status 200.
 *
 * Where a chat has elements of plain text they are used; where it has only markdown, without an
 * escape that its makers promise, the characters that could mean something are put in their wide
 * forms, which people read the same and no parser knows. Any thread.
 */
#ifndef OUTBOX_CHAT_H
#define OUTBOX_CHAT_H

#include "formats.h"

/* What stands for one character of ASCII, the one behind it being next; NULL: itself. */
typedef const char *(*outbox_escape_fn)(char c, char next);

/* Appends text; what does not fit into max bytes ends in "…" behind a whole character. escape NULL:
 * as it is. */
void outbox_chat_put(struct sgn_buf *buf, const char *text, outbox_escape_fn escape, size_t max);

/* The lines of a story with line ends between them, as outbox_chat_put; new, NULL when out of
 * memory. */
char *outbox_chat_lines(const struct outbox_story *story, outbox_escape_fn escape, size_t max);

/* Is the message of the same case as the one before it (NULL: there is none)? Then a chat names it
 * once. */
bool outbox_chat_goes_on(const struct outbox_message *before, const struct outbox_message *message);

/* ---- chats that have only markdown ---- */

/* Wide forms of what markdown and mentions are made of. */
const char *outbox_chat_wide(char c, char next);

struct outbox_markdown {
    const char *line_end, *paragraph_end;
    size_t max; /* bytes of all */
};
/* Tells as many of the messages as fit, the first at least, though cut. */
void outbox_chat_markdown(struct sgn_buf *buf, const struct outbox_markdown *markdown,
                          const struct outbox_making *making, int *told);

/* ---- chats that have elements ---- */

/* Has add put message after message into the array, whose text has no more than max bytes but for
 * the first message. False: out of memory. */
typedef bool (*outbox_add_fn)(json_t *array, const struct outbox_message *before,
                              const struct outbox_message *message);
bool outbox_chat_elements(json_t *array, size_t max, const struct outbox_making *making,
                          outbox_add_fn add, int *told);

/* ---- requests and answers ---- */

/* The endpoint's URL, the body (taken; NULL: out of memory) and what type it has. */
enum sgn_status outbox_chat_post(struct outbox_post *post, const json_t *endpoint,
                                 json_t *body_take, struct sgn_error *err) SGN_MUST_CHECK;

/* What a number in an answer means, where it is not just to be tried again. */
struct outbox_code {
    int64_t code;
    enum outbox_outcome outcome;
    int64_t wait_ms;
};
/*
 * Of an answer of the form {NUMBER: 0, TEXT: "ok"}. What is not 2xx is judged by the status. Under
 * 2xx the number decides: 0 has arrived; another is what codes (ended by code 0) say of it; and an
 * answer without one was not this chat's, so nothing has arrived.
 */
enum outbox_outcome outbox_chat_judge(int status, const char *body, const char *number,
                                      const char *text, const struct outbox_code *codes,
                                      struct outbox_verdict *verdict);
/* Puts what an answer says behind verdict->why, without line ends and cut. */
void outbox_chat_why(struct outbox_verdict *verdict, const char *text);

#endif
