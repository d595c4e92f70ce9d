/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which cases case.list and case.count are about: the same parameters, and the same eyes. On query
 * threads.
 */
#ifndef RPC_CASE_FILTER_H
#define RPC_CASE_FILTER_H

#include "case_seen.h"

/* What the params of a job ask for, as the store takes it, and what that borrows from. */
struct rpc_case_filter {
    struct store_case_filter filter; /* sort, cursor and limit are the caller's to say */
    struct lane *lane;
    const struct lane_site *site;
    const struct lane_team *team; /* NULL: none of this name is in use */
    struct rpc_case_seen seen;
    json_t *workflows, *waited, *fields;
};

/* SGN_FORBIDDEN where a client's person filters by what they may not see. To be ended by
 * rpc_case_filter_deinit() whatever the status. */
enum sgn_status rpc_case_filter_read(struct rpc_case_filter *out, struct store_reader *reader,
                                     struct lane *lane, const struct lane_job *job,
                                     struct sgn_error *err) SGN_MUST_CHECK;
void rpc_case_filter_deinit(struct rpc_case_filter *filter);

/* Nothing was found, which may be a slip of the pen: SGN_INVALID for a workflow or a state that
 * there is none of, with the nearest. Asked only then: cases of a workflow that is not in use any
 * more, or in a state that it had once, can be listed. */
enum sgn_status rpc_case_filter_check(const struct rpc_case_filter *filter,
                                      const struct lane_job *job,
                                      struct sgn_error *err) SGN_MUST_CHECK;

#endif
