/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch.*: a team's entries as they come. The watching itself is in watch.c.
 *
 * What they do is in watch.c; here is how they are called.
 */
#include "methods.h"
#include "rpc_internal.h"

/* Where the watch begins, against the head as it is now: {head, from, team}. */
static enum sgn_status
start_query(struct store_reader *reader, struct lane *lane, struct lane_job *job,
            struct sgn_error *err)
{
    struct store_head head = { 0 };
    enum sgn_status status = store_head_get(reader, job->team, &head, err);
    int64_t from;

    (void)lane;
    status = sgn_if_any(status, err); /* a team without entries yet */
    if (status != SGN_OK)
        return status;
    from = sgn_json_int(job->params, "from", head.seq + 1);
    if (from > head.seq + 1) {
        sgn_fail(err, SGN_INVALID, "from %lld: the team's last entry is %lld", (long long)from,
                 (long long)head.seq);
        sgn_error_add(err, "pointer", json_string("/from"));
        sgn_error_add(err, "head", json_integer(head.seq));
        return SGN_INVALID;
    }
    job->result = json_pack("{s:I, s:I, s:s}", "head", (json_int_t)head.seq, "from",
                            (json_int_t)(from > 0 ? from : 1), "team", job->team);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

/* clang-format off */
static const struct rpc_param start_params[] = {
    { "from", RPC_INTEGER, false, 0, "Number of the first entry wanted; the next one when not said." },
    { "case", RPC_STRINGS, false, 0, "Only entries of this case, or of these." },
    { "kind", RPC_STRINGS, false, 0, "Only entries of this kind, or of these." },
    { "workflow", RPC_STRINGS, false, 0, "Only entries of cases of this workflow, or of these." },
    { "project", RPC_STRINGS, false, 0, "Only entries of cases in this project, or in these." },
    { "titles", RPC_BOOLEAN, false, 0, "Each entry of a case comes with titles, as in case.history." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_watch_start = {
    .name = "watch.start",
    .summary = "Sends the team's entries from a number on, as watch.entry notifications.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_SESSION, .lasting = true, .params = start_params,
    .result = "watch (its number on this connection), from, head, team. Then watch.entry "
              "notifications; watch.behind when you read too slowly; watch.end when it ends by itself.",
    .query = start_query, .local = rpc_watch_start,
};

static const struct rpc_param stop_params[] = {
    { "watch", RPC_INTEGER, false, 0, "Which; the latest when not said." }, RPC_PARAM_END
};

const struct rpc_method rpc_m_watch_stop = {
    .name = "watch.stop",
    .summary = "Ends a watch of this connection.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_SESSION, .lasting = true, .site = true,
    .params = stop_params,
    .result = "watch, and seq: the last entry it looked at.",
    .local = rpc_watch_stop,
};
/* clang-format on */
