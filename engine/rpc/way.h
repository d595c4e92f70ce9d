/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of a case through its versions, for a drawing by the one that it is of now. On query
 * threads.
 */
#ifndef RPC_WAY_H
#define RPC_WAY_H

#include "diagram.h"
#include "rpc_internal.h"

/*
 * Reads the case's whole history and notes it in the trace, which is one of model. What happened
 * in an earlier version is put into the words of model by the migrations that lie between, as
 * far as it has a counterpart; and the way through each earlier version stands beside the drawing
 * in that version's own words. As far as sight goes.
 */
enum sgn_status rpc_way(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
                        const char *key, enum core_sight sight, struct model *model,
                        struct diagram_trace *trace, struct sgn_error *err) SGN_MUST_CHECK;

#endif
