/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of the server as Prometheus reads them: its text format, version 0.0.4. */
#ifndef RPC_METRICS_H
#define RPC_METRICS_H

#include "buf.h"
#include "rpc.h"

/* Numbers only: nothing names a team, a case or a person. On the loop. */
enum sgn_status rpc_metrics(struct rpc *rpc, struct sgn_buf *out);

#endif
