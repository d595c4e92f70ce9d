/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.*: the server's business time, and moving it where it is virtual.
 *
 * A real clock is never moved: where it is not virtual, clock.advance is refused.
 */
#include "methods.h"
#include "rpc_internal.h"

/* On the lane, so that a clock.advance sent before it has taken effect. */
static enum sgn_status
clock_now(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    struct sgn_clock *clock = lane_clock(lane_of(run));

    job->result = json_pack("{s:o, s:b}", "now",
                            rpc_time(rpc_zone(lane_of(run), job->team), sgn_clock_now(clock)),
                            "virtual", clock->is_virtual);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

/* clang-format off */
static const struct rpc_param no_params[] = { RPC_PARAM_END };

const struct rpc_method rpc_m_clock_now = {
    .name = "clock.now",
    .summary = "Says what time it is for the engine.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_READ, .site = true, .whose = true, .params = no_params,
    .result = "now, virtual.", .run = clock_now,
};

static const struct rpc_param advance_params[] = {
    { "by", RPC_STRING, false, 100, "How far, such as 90 minutes." },
    { "to", RPC_TIME, false, 0, "Until when; not before now." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_clock_advance = {
    .name = "clock.advance",
    .summary = "Moves virtual time on and answers when everything due has fired.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .site = true,
    .whose = true, .params = advance_params,
    .result = "now, fired (how many).", .run = lane_clock_advance,
};
/* clang-format on */
