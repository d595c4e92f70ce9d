/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is in which projects with what share, what lies with them, and when they are away: a row for
 * each of the team's own people. Read person by person, in slices. On query threads, one at a time.
 */
#ifndef RPC_PERSON_LOAD_H
#define RPC_PERSON_LOAD_H

#include "lane.h"

struct rpc_person_load;

/* person: of this one alone; NULL: of all who are active. */
enum sgn_status rpc_person_load_new(struct store_reader *reader, struct lane *lane,
                                    const struct lane_job *job, const char *person,
                                    struct rpc_person_load **out,
                                    struct sgn_error *err) SGN_MUST_CHECK;
void rpc_person_load_free(void *load);
/* Works until then (monotonic ms); SGN_NEEDS: there is more. */
enum sgn_status rpc_person_load_slice(struct rpc_person_load *load, struct store_reader *reader,
                                      const struct lane_job *job, int64_t until,
                                      struct sgn_error *err) SGN_MUST_CHECK;
/* The rows, by key; borrowed until it is freed. */
json_t *rpc_person_load_rows(struct rpc_person_load *load);

#endif
