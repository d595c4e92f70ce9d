/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the methods endpoint.* and delivery.* share: how an endpoint is shown, and to whom of its
 * secrets: to nobody. Lane thread, but for rpc_endpoint_view.
 */
#ifndef RPC_ENDPOINT_H
#define RPC_ENDPOINT_H

#include "endpoints.h"
#include "rpc_internal.h"

#define RPC_PARAM_ENDPOINT                                                                         \
    {                                                                                              \
        "endpoint", RPC_STRING, true, SGN_KEY_MAX, "Key of the endpoint."                          \
    }

/* An endpoint without its secrets; cursor (borrowed, NULL: none) is its row of STORE_READER. What
 * goes into the history is brief: of the URL nothing but whose it is. Any thread. */
json_t *rpc_endpoint_view(const json_t *row, const json_t *cursor, const struct calendar_zone *zone,
                          bool brief);
/* The endpoint that the job names. */
enum sgn_status rpc_endpoint_row(struct lane_run *run, const struct lane_job *job, json_t **out,
                                 struct sgn_error *err) SGN_MUST_CHECK;
/* Stages the row, answers it, and writes it down; secret: shown in the answer alone, or NULL. */
enum sgn_status rpc_endpoint_put(struct lane_run *run, struct lane_job *job, const json_t *row,
                                 const char *secret, struct sgn_error *err) SGN_MUST_CHECK;
/* A delivery of the endpoint: a new reference; SGN_NOT_FOUND. */
enum sgn_status rpc_delivery_row(struct lane_run *run, const char *endpoint, int64_t seq,
                                 json_t **out, struct sgn_error *err) SGN_MUST_CHECK;
/* Stages one that is to be sent now because this job's caller asks for it. was: its row, or NULL.
 */
enum sgn_status rpc_delivery_ask(struct lane_run *run, const struct lane_job *job,
                                 const char *endpoint, int64_t seq, const json_t *was,
                                 struct sgn_error *err) SGN_MUST_CHECK;

#endif
