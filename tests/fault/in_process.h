/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server without sockets and without threads of its own: store, lane and protocol, started in the
 * order of engine/main.c and turned by hand, on virtual time. What it does about a failed commit is
 * left to whoever asks (failed).
 */
#ifndef FAULT_IN_PROCESS_H
#define FAULT_IN_PROCESS_H

#include "clock.h"
#include "lane.h"
#include "rpc.h"
#include "rules.h"
#include "status.h"
#include "store.h"

struct in_process {
    struct store *store;
    struct sgn_clock clock;
    struct lane *lane;
    struct rpc *rpc;
    struct rules *rules; /* given to in_process_start */
    int64_t commits;
    bool failed; /* a commit's outcome is unknown: the server has to end */
};

struct in_process_options {
    struct store_options store;
    const char
        *start; /* the time at which a new site's clock stands; NULL: it goes with the machine's */
    const char *site;    /* folder with teams/ */
    struct rules *rules; /* borrowed */
    json_t *shipped, *holidays;
    const struct sgn_outward *outward; /* where endpoints may be; NULL: nowhere */
};

/* Opens what options name; a new site begins with these rows (in_process_row; taken). On failure
 * nothing is left open. */
enum sgn_status in_process_start(struct in_process *server,
                                 const struct in_process_options *options, json_t *rows_take,
                                 struct sgn_error *err) SGN_MUST_CHECK;
/* Connections are closed by then. It may not be running. The rules forget what they were asked. */
void in_process_stop(struct in_process *server);
/* A turn of lane and protocol. Did nothing move, and is nothing under way? */
bool in_process_turn(struct in_process *server);
/* Says who sends, as the first line of a connection: whoever has the token "sgn_PERSON". */
void in_process_login(struct rpc_connection *connection, const char *person);

/* ---- rows that a site begins with ---- */

void in_process_row(json_t *rows, const char *table, const char *team, json_t *row_take);
/* The token "sgn_PERSON"; team "": the operator's. */
void in_process_token(json_t *rows, const char *team, const char *person);

#endif
