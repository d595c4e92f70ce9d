/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of formats, and what all of them share.
 */
#include "formats.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct outbox_format *const formats[] = {
    &outbox_format_webhook, &outbox_format_dingtalk, &outbox_format_feishu,
    &outbox_format_wecom,   &outbox_format_slack,    &outbox_format_teams,
};

const struct outbox_format *
outbox_format_find(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}

void
outbox_post_init(struct outbox_post *post)
{
    post->url[0] = '\0';
    post->n_headers = 0;
    post->told = 0;
    sgn_buf_init(&post->body, OUTBOX_BODY_MAX);
}

void
outbox_post_deinit(struct outbox_post *post)
{
    sgn_buf_deinit(&post->body);
}

/* A line end in a header would begin another header: whoever wrote the value must not be able to.
 */
enum sgn_status
outbox_post_header(struct outbox_post *post, struct sgn_error *err, const char *name,
                   const char *fmt, ...)
{
    char value[OUTBOX_HEADER_TEXT], *header;
    va_list args;
    size_t used;
    int n;

    if (post->n_headers == OUTBOX_HEADERS_MAX)
        return sgn_fail(err, SGN_INTERNAL, "more than %d headers", OUTBOX_HEADERS_MAX);
    header = post->headers[post->n_headers];
    va_start(args, fmt);
    n = vsnprintf(value, sizeof value, fmt, args);
    va_end(args);
    if (n < 0 || n + strlen(name) + 3 > OUTBOX_HEADER_TEXT || strpbrk(value, "\r\n") != NULL)
        return sgn_fail(err, SGN_INVALID, "a header of the request is too long or has a line end");
    sgn_text_join(header, OUTBOX_HEADER_TEXT, name, ": ");
    used = strlen(header);
    sgn_text_copy(header + used, OUTBOX_HEADER_TEXT - used, value);
    post->n_headers++;
    return SGN_OK;
}

enum outbox_outcome
outbox_judge(int status, struct outbox_verdict *verdict)
{
    if (status >= 200 && status < 300)
        return OUTBOX_DELIVERED;
    if (status >= 300 && status < 400)
        snprintf(verdict->why, sizeof verdict->why, "answered %d: redirects are not followed",
                 status);
    else
        snprintf(verdict->why, sizeof verdict->why, "answered %d", status);
    return status == 410 ? OUTBOX_GONE : OUTBOX_AGAIN;
}
