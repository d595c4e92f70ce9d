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

/*
 * The same for rows that are at hand, one by one, such as those that are counted: where the rules
 * show all cases of a project to its people that is asked once for rules and project, else for each
 * case. It holds for this query, whose caller does not change.
 */
struct rpc_case_eyes {
    struct store_reader *reader;
    struct lane *lane;
    const struct lane_job *job;
    json_t *known; /* {rules and project: true where the caller sees all of their cases} */
};

/* of: "rules" and "project". Are all such cases theirs to see? */
enum sgn_status rpc_case_eyes_all(struct rpc_case_eyes *eyes, const json_t *of, bool *all,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* row: "rules" and "project" of the case with this key. */
enum sgn_status rpc_case_eyes_see(struct rpc_case_eyes *eyes, const json_t *row, const char *key,
                                  bool *sees, struct sgn_error *err) SGN_MUST_CHECK;
void rpc_case_eyes_deinit(struct rpc_case_eyes *eyes);

#endif
