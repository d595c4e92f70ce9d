/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The access log and the administrators' log: one JSON object a line, for people who ask later who
 * did what from where, and for programs that watch for what should not be.
 *
 *   {"at":"2026-01-05T01:00:00.123Z","channel":"line","from":"192.0.2.7","connection":17,
 *    "request":"17-3","team":"delivery","person":"li","token":"9f2c01ab77de","method":"case.fire","case":"CR-1","request_id":"0f9c",
 *    "result":"ok","entry":42,"ms":3}
 *
 * at is this machine's clock, also where the site's is virtual; ms is how long it took, waiting
 * included; result is "ok" or the stable code of an error. An operator has "operator":true instead
 * of team and person; team is then the one that was named. What is not there is left out. A line of
 * HTTP that is no call has "http":"GET /metrics" (of longer paths only the beginning: the rest may
 * be a secret) and its "status".
 *
 * request is what the request is called in all logs: X-Request-Id of HTTP, else the connection and
 * which of its requests it was. request_id is the parameter.
 *
 * The administrators' log has, of the calls that change rights, people, tokens and the like, and of
 * logins that failed, the same with "about": what the call was about, and "error" in words.
 *
 * The server's own log (log.h) has a line of each request that took slow_request_ms or longer, and
 * of each that failed by no fault of who asked, at most SLOW_LINES a minute.
 *
 * No token, no text of a case, no parameter but those named here is ever written. All is ASCII:
 * what is not, or is a control character, is escaped as \uXXXX. On the loop.
 */
#ifndef RPC_JOURNAL_H
#define RPC_JOURNAL_H

#include "rpc.h"

/* A request of HTTP that is not told by its calls. */
struct rpc_journal_line {
    const char *from; /* as in rpc_peer */
    const char *method;
    const char
        *target; /* what stands in the request line; of its path only the first part is told */
    const char *request; /* its id */
    int status;
    int64_t ms;
};
void rpc_journal_http(struct rpc *rpc, const struct rpc_journal_line *told);

#endif
