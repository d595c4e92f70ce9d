/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A project at a glance: what it is held to, where it stands, what comes next, what its end still
 * waits for, and how it is. Counted from the columns of its cases, page by page, and from the few
 * cases whose content matters: milestones, charter, budgets, changes, surveys, closeout. Which
 * workflow serves as which it says itself (model/purpose.h); what none serves as is empty.
 *
 *   rpc_overview_new ─▶ rpc_overview_slice ... (SGN_NEEDS: there is more) ─▶ rpc_overview_give
 *
 * A client's person is counted what they see. What is the team's own they are not told: overdue,
 * stuck, next dates, budgets, closeout, health, members.
 *
 * On query threads, one at a time.
 */
#ifndef RPC_OVERVIEW_H
#define RPC_OVERVIEW_H

#include "lane.h"

struct rpc_overview;

/* health_alone: only what its health is judged by. SGN_NOT_FOUND: no such project, or none that the
 * caller may know of. */
enum sgn_status rpc_overview_new(struct store_reader *reader, struct lane *lane,
                                 const struct lane_job *job, const char *project, bool health_alone,
                                 struct rpc_overview **out, struct sgn_error *err) SGN_MUST_CHECK;
void rpc_overview_free(void *overview);
/* Works until then (monotonic ms); SGN_NEEDS: there is more. */
enum sgn_status rpc_overview_slice(struct rpc_overview *overview, struct store_reader *reader,
                                   struct lane *lane, const struct lane_job *job, int64_t until,
                                   struct sgn_error *err) SGN_MUST_CHECK;
/* The answer of project.overview; new reference. */
enum sgn_status rpc_overview_give(struct rpc_overview *overview, struct store_reader *reader,
                                  struct lane *lane, const struct lane_job *job, json_t **out,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* Its health alone, as report/verdict.h has it; null for the caller of a client and for a project
 * that is closed. New reference, or NULL. */
json_t *rpc_overview_health(const struct rpc_overview *overview, struct lane *lane,
                            const struct lane_job *job);

#endif
