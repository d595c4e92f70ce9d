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

/* What an entry says, in the words that people read: texts without markup, in the endpoint's
 * language, and nothing that it may not see. */
#define OUTBOX_STORY_LINES 5
struct outbox_story {
    char *about; /* "CR-1 Export" */
    char *link;  /* its case's page, for who signs in; NULL: none */
    char *lines[OUTBOX_STORY_LINES];
    int n_lines;
};
void outbox_story_deinit(struct outbox_story *story);

/* What is to be told. */
struct outbox_message {
    struct outbox_message *next;
    char team[SGN_KEY_MAX + 1];
    int64_t seq;               /* of the entry; 0: a test */
    char id[OUTBOX_ID_TEXT];   /* of the entry, the same at every attempt and for everybody */
    char kind[16];             /* of entry; "test" */
    char subject[48];          /* the case's key, or "" */
    char at[SGN_TIME_TEXT];    /* when it happened, RFC 3339 in the team's zone */
    json_t *view;              /* the entry as the endpoint may see it (core_entry_view) */
    json_t *document;          /* its case's row, where it was needed; or NULL */
    struct outbox_story story; /* where the format speaks to people */
};

/* What a request is made of; all borrowed. */
struct outbox_making {
    const struct outbox_message *messages; /* a chain */
    int most;               /* of them that one request may tell, in their order; 1 or more */
    const json_t *endpoint; /* its row, with its secrets */
    int64_t now;            /* business time */
    int64_t wall_s;         /* seconds since 1970 on the machine's clock */
};

/* A request; empty at first. */
struct outbox_post {
    char url[2304];
    char headers[OUTBOX_HEADERS_MAX][OUTBOX_HEADER_TEXT]; /* "name: value" */
    int n_headers;
    struct sgn_buf body;
    int told; /* how many of the messages it tells */
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

/* What an answer that is no success says besides; empty at first. */
struct outbox_verdict {
    char why[256];   /* for people */
    int64_t wait_ms; /* not to be asked again before */
};

struct outbox_format {
    const char *name;
    int64_t pause_ms; /* at least so long between two requests to one endpoint (monotonic) */
    bool people;      /* speaks to people: needs stories; what has come meanwhile goes together */
    enum sgn_status (*make)(const struct outbox_making *making, struct outbox_post *post,
                            struct sgn_error *err);
    /* What an answer means that has this HTTP status and begins so. NULL: by the status alone. */
    enum outbox_outcome (*judge)(int status, const char *body, struct outbox_verdict *verdict);
};
/* NULL: there is none. */
const struct outbox_format *outbox_format_find(const char *name);

/* By the status alone: 2xx has arrived, 410 is gone, all else is tried again. */
enum outbox_outcome outbox_judge(int status, struct outbox_verdict *verdict);

extern const struct outbox_format outbox_format_webhook, outbox_format_dingtalk,
    outbox_format_feishu, outbox_format_wecom, outbox_format_slack, outbox_format_teams;

#endif
