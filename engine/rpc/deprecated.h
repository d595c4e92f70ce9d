/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of the protocol is going to be removed: announced by server.info for at least one minor
 * version, and warned of in the log where it is used, once for each connection.
 */
#ifndef RPC_DEPRECATED_H
#define RPC_DEPRECATED_H

#include "rpc.h"

struct rpc_deprecation {
    const char
        *what; /* a method, or one of its parameters: "case.fire comment"; NULL ends a table */
    const char *since;   /* version that announced it */
    const char *removed; /* version that has it no more */
    const char *instead; /* what to use */
};

/* The program's table; see deprecated.c, the one place where a line is added. */
const struct rpc_deprecation *rpc_deprecations(void);

/* [{what, since, removed, instead}]; NULL without memory. */
json_t *rpc_deprecations_json(const struct rpc_deprecation *table);
/* The first line that a call of the method with these params uses; NULL: none. */
const struct rpc_deprecation *rpc_deprecation_used(const struct rpc_deprecation *table,
                                                   const char *method, const json_t *params);

#endif
