/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers of the history that tell the world outside: each endpoint of a team (lane/endpoints.h)
 * gets the team's entries in their order, each at least once, on a thread of its own, so that no
 * commit waits for anybody.
 *
 * An entry is dealt with when the endpoint has answered 2xx; only then does its cursor move, in a
 * commit of the lane. A crash in between sends what was sent once more, under the same id. What
 * does not arrive is tried again by the schedule (outbox_retry_ms), and what comes behind it waits;
 * other endpoints do not. A schedule that has ended makes the entry a dead letter, kept to be sent
 * by hand. Of several nodes the one that does the team's work delivers (lane_work).
 *
 * Retries go by business time; limits of an attempt by the clock on the wall, and so does the time
 * in a signature: the receiver judges it by its own.
 *
 * Thread: outbox_committed from any; all else from the one that made it.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

#include "address.h"
#include "lane.h"

struct outbox;

struct outbox_options {
    struct lane *lane;           /* borrowed */
    struct store_reader *reader; /* borrowed; of the thread alone once it is started */
    struct sgn_outward outward;  /* where endpoints may be */
    int64_t connect_ms;          /* of one attempt, until there is a connection; 0: 5 s */
    int64_t attempt_ms;          /* and until its answer is there; 0: 15 s */
};

enum sgn_status outbox_new(const struct outbox_options *options, struct outbox **out,
                           struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status outbox_start(struct outbox *outbox, struct sgn_error *err) SGN_MUST_CHECK;
/* One turn by hand, without outbox_start: what is new is read, what is due is sent, what has been
 * answered is marked. Waits for nothing. Returns in how many ms there may be more to do. */
int64_t outbox_turn(struct outbox *outbox);
/* The team has entries up to head. NULL is fine. */
void outbox_committed(struct outbox *outbox, const char *team);
/* Ends the thread; what is on its way is sent again at the next start. Before lane_stop(). */
void outbox_stop(struct outbox *outbox);
/* After lane_stop(). */
void outbox_free(struct outbox *outbox);

/* How long after attempt number n (from 1) the next one is made, ms; 0: it was the last. The
 * schedule that Standard Webhooks suggests (spec/standard-webhooks.md 1.0.0). */
int64_t outbox_retry_ms(int attempts);
#define OUTBOX_ATTEMPTS 10

#endif
