/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoints and deliveries as rows: shown, found, staged.
 */
#include "endpoint.h"

#include "address.h"
#include "data.h"
#include <stdio.h>
#include <string.h>

/* Scheme and host of a URL: who gets what is sent, and nothing that would let one send there. */
static json_t *
origin_of(const char *url)
{
    const char *host = strstr(url, "//");

    return host != NULL
               ? json_sprintf("%.*s", (int)(host - url + 2 + (long)strcspn(host + 2, "/?")), url)
               : json_string("");
}

json_t *
rpc_endpoint_view(const json_t *row, const json_t *cursor, const struct calendar_zone *zone,
                  bool brief)
{
    static const char *const hidden[] = { "secret", "old_secret", "old_until" };
    json_t *view = rpc_row_view(STORE_ENDPOINT, row, zone);
    const char *secret = sgn_json_str(row, "secret"), *url = sgn_json_str(row, "url");
    const struct lane_format *format = lane_format_find(sgn_json_str(row, "format"));
    char key[LANE_SECRET_TEXT];

    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        (void)json_object_del(view, hidden[i]);
    if (url != NULL && (brief || format == NULL || format->secret_url))
        (void)json_object_set_new(view, "url", origin_of(url));
    if (lane_secret_public(secret, key))
        (void)json_object_set_new(view, "public_key", json_string(key));
    if (sgn_json_str(row, "old_secret") != NULL)
        (void)json_object_set_new(view, "rotated_until",
                                  rpc_time(zone, sgn_json_int(row, "old_until", 0)));
    if (!brief)
        (void)json_object_set_new(view, "seen", json_integer(sgn_json_int(cursor, "seq", 0)));
    return view;
}

enum sgn_status
rpc_endpoint_row(struct lane_run *run, const struct lane_job *job, json_t **out,
                 struct sgn_error *err)
{
    return rpc_data_row(run, STORE_ENDPOINT, sgn_json_str(job->params, "endpoint"), "/endpoint",
                        SGN_NOT_FOUND, out, err);
}

enum sgn_status
rpc_endpoint_put(struct lane_run *run, struct lane_job *job, const json_t *row, const char *secret,
                 struct sgn_error *err)
{
    const struct calendar_zone *zone = rpc_zone(lane_of(run), job->team);
    json_t *cursor = NULL;
    enum sgn_status status = lane_row_put(run, STORE_ENDPOINT, row, err);

    if (status == SGN_OK)
        status = lane_cursor_get(run, sgn_json_str(row, "endpoint"), &cursor, err);
    if (status == SGN_OK) {
        job->result = rpc_endpoint_view(row, cursor, zone, false);
        if (secret != NULL)
            (void)json_object_set_new(job->result, "secret", json_string(secret));
        status = job->result != NULL
                     ? rpc_data_give(run, job, rpc_endpoint_view(row, NULL, zone, true), err)
                     : sgn_nomem(err);
    }
    json_decref(cursor);
    return status;
}

enum sgn_status
rpc_delivery_row(struct lane_run *run, const char *endpoint, int64_t seq, json_t **out,
                 struct sgn_error *err)
{
    json_t *key = json_pack("{s:s, s:I}", "endpoint", endpoint, "seq", (json_int_t)seq);
    enum sgn_status status =
        key != NULL ? lane_row_get(run, STORE_DELIVERY, key, out, err) : sgn_nomem(err);

    json_decref(key);
    return status;
}

enum sgn_status
rpc_delivery_ask(struct lane_run *run, const struct lane_job *job, const char *endpoint,
                 int64_t seq, const json_t *was, struct sgn_error *err)
{
    json_t *row = json_pack(
        "{s:s, s:I, s:s, s:i, s:I, s:s, s:O*}", "endpoint", endpoint, "seq", (json_int_t)seq,
        "status", "waiting", "attempts", 0, "next", (json_int_t)lane_now(run), "person",
        job->person[0] != '\0' ? job->person : "operator", "last", json_object_get(was, "last"));
    enum sgn_status status =
        row != NULL ? lane_row_put(run, STORE_DELIVERY, row, err) : sgn_nomem(err);

    json_decref(row);
    return status;
}
