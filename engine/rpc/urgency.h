/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of an inbox: most urgent first, by how much time is left that counts.
 *
 *   1. what has a running clock, by what is left of it: overdue first, by how much counted time
 *      it is over. Time counts as its deadline counts it: working time in the calendar of its
 *      clock, or every hour. Two hours before a weekend are not three days;
 *   2. what stands in a pause, by what is left; it hurries nobody now;
 *   3. what has a clock that has not started;
 *   4. what has no deadline.
 *
 * Then by due time, priority, how long the case is open, and its key.
 *
 * No index can hold this order: what is left on two clocks crosses while nothing happens. It is
 * made of stretches of at most RPC_URGENT_MOST items, which the store gives by due time: within
 * a stretch it is exact, and a person for whom more than that waits sees the next one after it.
 *
 * A cursor keeps the time at which its first page was sorted. So pages neither overlap nor leave
 * out what stays, however long the reader takes. Any thread.
 */
#ifndef RPC_URGENCY_H
#define RPC_URGENCY_H

#include "rpc_internal.h"

#define RPC_URGENT_MOST STORE_INBOX_MAX

struct rpc_urgent_page {
    json_t *items; /* as store_inbox_for gives them, each with "urgency": {rank, left} */
    char *cursor;  /* NULL: this was the last */
};
void rpc_urgent_page_deinit(struct rpc_urgent_page *page);

/*
 * A page of what waits for the caller and for the others (see store_inbox_for), in the case that
 * the job's parameters name or in all, of at most limit items, after the cursor of the page before
 * (NULL: from the start; one that is none of ours is SGN_INVALID).
 */
enum sgn_status rpc_urgent_page(struct store_reader *reader, struct lane *lane,
                                const struct lane_job *job, const json_t *others,
                                const char *cursor, int limit, struct rpc_urgent_page *out,
                                struct sgn_error *err) SGN_MUST_CHECK;

/* Does it wait for its clock to start? */
bool rpc_urgency_waits(const json_t *item);
/* What is left of an item's clock, in words a machine reads: {clock: "running"|"paused"|"not
 * started"|null, left_seconds, counts: "working time"|"elapsed time"}, into view. */
enum sgn_status rpc_urgency_show(const json_t *item, json_t *view, struct sgn_error *err);

#endif
