/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which cases the caller of a query may see, as a condition of the query itself: of a client's
 * person the store is told whose eyes it reads with; the team's own people see all.
 */
#ifndef RPC_CASE_SEEN_H
#define RPC_CASE_SEEN_H

#include "rpc_internal.h"

struct rpc_case_seen {
    json_t *own, *project, *givers; /* NULL: nothing is hidden */
};

/* Of this caller, now. To be let go also on failure. */
enum sgn_status rpc_case_seen(struct store_reader *reader, struct lane *lane,
                              const struct lane_job *job, struct rpc_case_seen *out,
                              struct sgn_error *err) SGN_MUST_CHECK;
/* The filter borrows from seen and job. */
void rpc_case_seen_put(const struct rpc_case_seen *seen, const struct lane_job *job,
                       struct store_case_filter *filter);
void rpc_case_seen_deinit(struct rpc_case_seen *seen);

#endif
