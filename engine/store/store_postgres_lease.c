/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leases: which node does a team's work of some name, and for the how-manieth time it was given
 * away.
 *
 * A lease has no time of its own: it stands as long as its node gives signs of life, one row for
 * however many teams. Whoever finds it with a node that is gone takes it and counts its fence up.
 * What is written for it holds its row meanwhile and is refused when the fence is another one, so
 * that a node that stood still, and does not know what became of its lease, writes nothing.
 */
#include "store_postgres.h"

#include "text.h"
#include <stdlib.h>

/* Leases that another one is taking, or is writing for, are left for the next time. */
#define LIVE                                                                                       \
    "WITH live AS (SELECT id FROM node WHERE id = $1 OR "                                          \
    "seen >= (extract(epoch FROM clock_timestamp()) * 1000)::bigint - $3::bigint) "

static const char take_sql[] = LIVE
    ", lost AS (SELECT team FROM lease WHERE name = $2 AND node NOT IN (SELECT id FROM live) "
    "FOR UPDATE SKIP LOCKED), "
    "moved AS (UPDATE lease l SET node = $1, fence = fence + 1 FROM lost WHERE "
    "l.team = lost.team AND l.name = $2 AND l.node NOT IN (SELECT id FROM live) "
    "RETURNING l.team, l.fence), "
    "fresh AS (INSERT INTO lease(team, name, node, fence) SELECT h.team, $2, $1, 1 FROM head h "
    "WHERE h.team <> '' AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.team = h.team AND "
    "l.name = $2) ON CONFLICT DO NOTHING RETURNING team, fence) "
    "SELECT team, fence FROM moved UNION ALL SELECT team, fence FROM fresh";

static const char own_sql[] = "SELECT team, fence FROM lease WHERE node = $1 AND name = $2";

enum sgn_status
store_postgres_lease_take(struct store_waker *base, const struct store_fence *fence, bool all,
                          json_t **out, struct sgn_error *err)
{
    struct store_postgres_waker *waker = (struct store_postgres_waker *)base;
    char *gone_ms = sgn_format("%d", STORE_NODE_MS);
    const char *values[] = { fence->node, fence->name, gone_ms };
    json_t *leases = json_object();
    PGresult *res = NULL;
    enum sgn_status st = gone_ms != NULL && leases != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK)
        res = store_postgres_waker_ask(waker, take_sql, 3, values, "taking over work", err);
    if (res != NULL && all) {
        PQclear(res);
        res = store_postgres_waker_ask(waker, own_sql, 2, values, "taking over work", err);
    }
    if (st == SGN_OK && res == NULL)
        st = SGN_UNAVAILABLE;
    for (int i = 0; st == SGN_OK && i < PQntuples(res); i++)
        if (json_object_set_new(leases, PQgetvalue(res, i, 0),
                                json_integer(strtoll(PQgetvalue(res, i, 1), NULL, 10))) != 0)
            st = sgn_nomem(err);
    PQclear(res);
    free(gone_ms);
    if (st == SGN_OK)
        *out = leases;
    else
        json_decref(leases);
    return st;
}

/* There is nothing to divide by when it is not so, and with that the transaction ends. The row is
 * held until then: nobody takes the lease in between. */
enum sgn_status
store_postgres_fence_send(struct store_postgres_conn *conn, const char *team,
                          const struct store_fence *fence, struct sgn_error *err)
{
    struct store_postgres_params params;

    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    store_postgres_text(&params, fence->name);
    store_postgres_text(&params, fence->node);
    store_postgres_int(&params, fence->number);
    return store_postgres_send(conn,
                               "SELECT 1 / count(*) FROM (SELECT 1 FROM lease WHERE team = $1 "
                               "AND name = $2 AND node = $3 AND fence = $4 FOR SHARE) AS standing",
                               &params, false, err);
}
