/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /events: a watch as a stream of Server-sent events, which browsers' EventSource and curl read
 * and which resumes by itself. It is watch.start and nothing else: what may be seen, filters and
 * backpressure are those of every watch.
 *
 *   GET /events?since=41&case=CR-1&kind=fire        Last-Event-ID: 57, if given, goes before since
 *
 *   event: start     what watch.start answers; its id is the entry before the first
 *   (no event:)      an entry, under its number; data are the params of watch.entry
 *   id: 58           alone: looked at up to here, nothing of it was for this reader
 *   event: behind    the reader is slow
 *   event: end       why it ended by itself; then the stream closes
 *   :                a sign of life when nothing else was to be said
 *
 * The stream has no length and ends with its connection: half an event means nothing to a reader,
 * who comes again with the last number.
 */
#include "http_internal.h"
#include "http_query.h"
#include "json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_MS 2000 /* after which a reader whose stream has ended comes again */

/* Resuming goes before beginning: a browser comes again with the address that it was given. */
static bool
begin_at(struct net_http *http, json_t *params)
{
    static const struct net_query_param number[] = { { "id", NET_QUERY_NUMBER }, { NULL, 0 } };
    struct net_text last = http->head.last_event_id;
    const json_t *since = json_object_get(params, "since");
    char text[32], why[NET_QUERY_WHY];
    json_t *read = NULL;
    int64_t from = since != NULL ? json_integer_value(since) + 1 : 0;

    if (last.n > 0) {
        int n = snprintf(text, sizeof text, "id=%.*s", (int)(last.n < 20 ? last.n : 20), last.at);
        read = net_http_query((struct net_text){ text, (size_t)n }, number, why);
        if (read == NULL)
            return false;
        from = sgn_json_int(read, "id", 0) + 1;
        json_decref(read);
    }
    (void)json_object_del(params, "since");
    return from == 0 || json_object_set_new(params, "from", json_integer(from)) == 0;
}

static void
take_first(struct net_http *http, const char *bytes, size_t n)
{
    json_t *answer = NULL, *result;
    struct sgn_buf text;

    if (sgn_json_parse(bytes, n, &answer, NULL) != SGN_OK)
        answer = NULL;
    result = json_object_get(answer, "result");
    if (result == NULL) {
        net_http_fail(http, answer);
        json_decref(answer);
        return;
    }
    http->phase = NET_HTTP_STREAMING;
    sgn_buf_reset(&http->in); /* whatever was sent ahead is not read any more */
    net_http_begin(http, 200, "text/event-stream; charset=utf-8", -1, "X-Accel-Buffering: no\r\n");
    sgn_buf_init(&text, (size_t)RPC_PIECE_MAX);
    sgn_buf_printf(&text, "retry: %d\nid: %lld\nevent: start\ndata: ", RETRY_MS,
                   (long long)sgn_json_int(result, "from", 1) - 1);
    sgn_json_append(&text, result);
    sgn_buf_puts(&text, "\n\n");
    if (!text.failed)
        net_http_send(http, text.bytes, text.len);
    sgn_buf_deinit(&text);
    json_decref(answer);
}

void
net_http_events(struct net_http *http)
{
    static const struct net_query_param known[] = {
        { "since", NET_QUERY_NUMBER },  { "case", NET_QUERY_TEXTS },
        { "kind", NET_QUERY_TEXTS },    { "workflow", NET_QUERY_TEXTS },
        { "project", NET_QUERY_TEXTS }, { "titles", NET_QUERY_FLAG },
        { "team", NET_QUERY_TEXT },     { NULL, 0 },
    };
    char why[NET_QUERY_WHY];
    json_t *params = net_http_query(http->head.query, known, why);

    http->keep = false;
    if (params == NULL) {
        net_http_refuse(http, why[0] != '\0' ? 400 : 503, why[0] != '\0' ? why : "out of memory");
        return;
    }
    if (!begin_at(http, params)) {
        json_decref(params);
        net_http_refuse(http, 400, "Last-Event-ID must be the number of an entry");
        return;
    }
    http->take = take_first;
    net_http_ask(http, "watch.start", params, true);
}

void
net_http_events_beat(struct net_http *http)
{
    if (http->unsent == 0)
        net_http_send(http, ":\n\n", 3);
    else
        http->beats++; /* it has enough to read */
}
