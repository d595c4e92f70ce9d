/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share: teams, their endpoints, and how far each has come. All of it
 * belongs to the outbox's thread, but for what says "lane" or "any thread".
 *
 *     store: entries ──read──▶ messages ──▶ request ──▶ answer ──▶ what changed (dirty)
 *                                                                     │ a job of the lane
 *     store: cursor, deliveries ◀─────────────────────────────────────┘
 */
#ifndef OUTBOX_INTERNAL_H
#define OUTBOX_INTERNAL_H

#include "formats.h"
#include "http.h"
#include "json.h"
#include "log.h"
#include "outbox.h"
#include <pthread.h>
#include <stdatomic.h>

#define OUTBOX_ENTRIES_READ 64  /* looked at together */
#define OUTBOX_MESSAGES_MAX 16  /* of an endpoint, in memory */
#define OUTBOX_PASSED_MS    250 /* until its cursor follows over entries that were none for it */

struct outbox_team;

struct outbox_endpoint {
    struct outbox_endpoint *next;
    struct outbox_team *team;
    char key[SGN_KEY_MAX + 1];
    json_t *row; /* as it is in the store */
    const struct outbox_format *format;
    int64_t part; /* of the cursor, see lane/endpoints.h */
    int64_t seen; /* dealt with */
    int64_t kept; /* of that, what the store was told */
    int64_t read; /* looked at; what is wanted of it waits in first */
    struct outbox_message *first;
    int n_messages;
    int attempts;                   /* that the first one has had */
    int64_t next_at;                /* business time of its next one */
    json_t *asked;                  /* [row] of deliveries that people asked for, oldest first */
    struct outbox_request *request; /* under way, or NULL */
    bool by_hand;                   /* it is for the first that was asked for */
    int sent;                       /* else: how many it tells, from the first on */
    int64_t not_before;             /* monotonic: the format's pause between two */
    int64_t passed_at;              /* monotonic: when the cursor may follow again */
    json_t *dirty;   /* {"seq"?, "rows": {seq: row|null}, "paused"?} for the store, or NULL */
    json_t *marking; /* what is on its way there, or NULL */
    int64_t mark_at; /* monotonic: what failed is told again then */
    bool found;      /* by the load that is under way */
};

struct outbox_team {
    struct outbox_team *next;
    struct outbox *outbox;
    char name[SGN_KEY_MAX + 1];
    int64_t work;     /* lane_work() when it was loaded */
    int64_t head;     /* the team's last entry */
    int64_t data_seq; /* of the load */
    bool told;        /* there is something new */
    int64_t look_at;  /* monotonic: not before */
    bool listed;      /* by the look that is under way */
    struct outbox_endpoint *endpoints;
};

struct outbox {
    struct outbox_options options;
    struct outbox_http *http;
    struct sgn_thread *thread;
    struct sgn_queue *marked; /* jobs of the lane that have ended */
    struct outbox_team *teams;
    int64_t teams_at; /* monotonic: when they were listed */
    atomic_bool stopping;

    pthread_mutex_t lock; /* guards what follows */
    json_t *told;         /* {team: true}: has new entries */
    bool told_all;        /* memory did not reach to say which */
};

/* ---- read.c: entries become messages ---- */

/* Is nothing sent to it? */
bool outbox_is_paused(const struct outbox_endpoint *endpoint);
/* May it see what clients do not? */
bool outbox_sees_internal(const struct outbox_endpoint *endpoint);
void outbox_message_free(struct outbox_message *message);
/* They are made anew when they are read again; but for those that are on their way. */
void outbox_messages_drop(struct outbox_endpoint *endpoint);
/* Reads on behind endpoint->read. */
enum sgn_status outbox_read_more(struct outbox_endpoint *endpoint,
                                 struct sgn_error *err) SGN_MUST_CHECK;
/* The message of one entry, whatever the filters say; 0: a test. SGN_NOT_FOUND: there is none that
 * the endpoint may see. */
enum sgn_status outbox_read_one(struct outbox_endpoint *endpoint, int64_t seq,
                                struct outbox_message **out, struct sgn_error *err) SGN_MUST_CHECK;

/* ---- story.c: entries in words ---- */

/* Fills the message's story, in the language of its endpoint. */
enum sgn_status outbox_story_read(struct outbox_endpoint *endpoint, struct outbox_message *message,
                                  struct sgn_error *err) SGN_MUST_CHECK;

/* ---- mark.c: what the store is told ---- */

/* seq is dealt with. */
void outbox_mark_seen(struct outbox_endpoint *endpoint, int64_t seq);
/* row (taken): how a delivery stands; NULL: there is nothing to be said of it any more. */
void outbox_mark_row(struct outbox_endpoint *endpoint, int64_t seq, json_t *row_take);
/* Nothing more is sent: "gone", "failing". */
void outbox_mark_paused(struct outbox_endpoint *endpoint, const char *why);
/* Tells it, when there is something to be told and nothing is on its way. */
void outbox_mark_turn(struct outbox_endpoint *endpoint);
/* What has been told, or could not be. */
void outbox_marks_take(struct outbox *outbox);

/* ---- deliver.c: one endpoint ---- */

/* Does what can be done now. Returns in how many ms there may be something to do; -1: when it is
 * told. *by_clock: business time is waited for. */
int64_t outbox_endpoint_turn(struct outbox_endpoint *endpoint, bool *by_clock);
/* Its request has ended. */
void outbox_endpoint_answered(struct outbox_endpoint *endpoint);

/* ---- teams.c ---- */

/* Lists teams, and reads what has changed of them. Returns in how many ms to do it again. */
int64_t outbox_teams_turn(struct outbox *outbox);
struct outbox_endpoint *outbox_endpoint_find(struct outbox *outbox, const char *team,
                                             const char *endpoint);
void outbox_endpoint_free(struct outbox_endpoint *endpoint);
void outbox_teams_free(struct outbox *outbox);

#endif
