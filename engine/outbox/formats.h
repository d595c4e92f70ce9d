/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a delivery looks: a row for each format, a file for each row. Its name and what an endpoint
 * of it may have stand in lane/endpoints.c, under the same name.
 *
 * A format makes a request of an entry, and says what the answer means. It reads nothing but what
 * it is given: the same entry makes the same body at each attempt. Any thread.
 */
#ifndef OUTBOX_FORMATS_H
#define OUTBOX_FORMATS_H

#include "buf.h"
#include "endpoints.h"

#define OUTBOX_BODY_MAX    ((size_t)4 << 20)
#define OUTBOX_ID_TEXT     96
#define OUTBOX_HEADERS_MAX 8
#define OUTBOX_HEADER_TEXT 512

/* What is to be told. */
struct outbox_message {
    struct outbox_message *next;
    char team[SGN_KEY_MAX + 1];
    int64_t seq;             /* of the entry; 0: a test */
    char id[OUTBOX_ID_TEXT]; /* of the entry, the same at every attempt and for everybody */
    char kind[16];           /* of entry; "test" */
    char subject[48];        /* the case's key, or "" */
    char at[SGN_TIME_TEXT];  /* when it happened, RFC 3339 in the team's zone */
    json_t *view;            /* the entry as the endpoint may see it (core_entry_view) */
    json_t *document;        /* its case's row, where a format asks for it; or NULL */
};

/* A request; empty at first. */
struct outbox_post {
    char url[2304];
    char headers[OUTBOX_HEADERS_MAX][OUTBOX_HEADER_TEXT]; /* "name: value" */
    int n_headers;
    struct sgn_buf body;
};
void outbox_post_init(struct outbox_post *post);
void outbox_post_deinit(struct outbox_post *post);
enum sgn_status outbox_post_header(struct outbox_post *post, struct sgn_error *err,
                                   const char *name, const char *fmt, ...) SGN_PRINTF(4, 5);

enum outbox_outcome {
    OUTBOX_DELIVERED,
    OUTBOX_AGAIN, /* by the schedule */
    OUTBOX_GONE,  /* the endpoint wants nothing any more */
};

struct outbox_format {
    const char *name;
    int64_t pause_ms; /* at least so long between two requests to one endpoint (monotonic) */
    bool document;    /* needs the case's row */
    /* endpoint: its row, with its secrets; now: business time; wall_s: seconds since 1970 on the
     * machine's clock. */
    enum sgn_status (*make)(const struct outbox_message *message, const json_t *endpoint,
                            int64_t now, int64_t wall_s, struct outbox_post *post,
                            struct sgn_error *err);
    /* What an answer means that has this HTTP status and begins so; why: for people, when it is
     * no success. NULL: by the status alone. */
    enum outbox_outcome (*judge)(int status, const char *body, char *why, size_t size);
};
/* NULL: there is none. */
const struct outbox_format *outbox_format_find(const char *name);

/* By the status alone: 2xx has arrived, 410 is gone, all else is tried again. */
enum outbox_outcome outbox_judge(int status, char *why, size_t size);

extern const struct outbox_format outbox_format_webhook;

#endif
