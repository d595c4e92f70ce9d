/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The nodes that use the database, and the heads of all teams as they look for them.
 *
 * A node is a row that it renews by the database's time; who has not done so for STORE_NODE_MS is
 * gone. Signs of life go over the connection of the one who listens, whose commits do not wait for
 * the disk.
 */
#include "store_postgres.h"

#include "json.h"
#include <stdlib.h>

#define FORGET_MS "60000"            /* when the row of one that is gone is taken away */
#define NAMES_MAX ((size_t)16 << 20) /* bytes of teams that are asked for at once */
#define NOW       "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"

static const char sign_sql[] =
    "WITH t AS (SELECT " NOW " AS now), "
    "gone AS (DELETE FROM node USING t WHERE seen < t.now - " FORGET_MS " AND id <> $1), "
    "own AS (INSERT INTO node(id, host, address, version, started, seen) "
    "SELECT $1, $2, $3, $4, t.now, t.now FROM t ON CONFLICT (id) DO UPDATE SET "
    "seen = excluded.seen, host = excluded.host, address = excluded.address) "
    "SELECT now FROM t";

enum sgn_status
store_postgres_node_sign(struct store_waker *base, const struct store_node *node, int64_t *now,
                         struct sgn_error *err)
{
    struct store_postgres_waker *waker = (struct store_postgres_waker *)base;
    const char *values[] = { node->id, node->host, node->address, node->version };
    PGresult *res =
        store_postgres_waker_ask(waker, sign_sql, 4, values, "telling that this node lives", err);

    if (res == NULL)
        return SGN_UNAVAILABLE;
    *now = strtoll(PQgetvalue(res, 0, 0), NULL, 10);
    PQclear(res);
    return SGN_OK;
}

void
store_postgres_node_leave(struct store_waker *base, const char *id)
{
    struct store_postgres_waker *waker = (struct store_postgres_waker *)base;
    const char *values[] = { id };

    PQclear(store_postgres_waker_ask(waker, "DELETE FROM node WHERE id = $1 RETURNING id", 1,
                                     values, "telling that this node ends", NULL));
}

enum sgn_status
store_postgres_nodes(struct store_reader *base, json_t **out, struct sgn_error *err)
{
    static const char *const names[] = { "id", "host", "address", "version", "started", "seen" };
    struct store_postgres_params params;
    PGresult *res = NULL;
    json_t *nodes = json_array();
    enum sgn_status st = nodes == NULL ? sgn_nomem(err) : SGN_OK;

    store_postgres_params_init(&params);
    store_postgres_int(&params, STORE_NODE_MS);
    if (st == SGN_OK)
        st = store_postgres_ask(store_postgres_conn_of(base), NULL,
                                "SELECT id, host, address, version, started, seen FROM node "
                                "WHERE seen >= " NOW " - $1 ORDER BY started, id",
                                &params, false, "looking for other nodes", &res, err);
    for (int i = 0; st == SGN_OK && i < PQntuples(res); i++) {
        json_t *node = json_object();

        for (int c = 0; c < (int)(sizeof names / sizeof names[0]); c++)
            if (json_object_set_new(node, names[c], store_postgres_json(res, i, c)) != 0)
                st = sgn_nomem(err);
        if (json_array_append_new(nodes, node) != 0)
            st = sgn_nomem(err);
    }
    PQclear(res);
    if (st != SGN_OK) {
        json_decref(nodes);
        return st;
    }
    *out = nodes;
    return SGN_OK;
}

/* Names with a space between; none of them holds one. */
static char *
joined(const json_t *teams)
{
    struct sgn_buf text;
    const json_t *team;
    size_t i;

    sgn_buf_init(&text, NAMES_MAX);
    (void)sgn_buf_puts(&text, "");
    json_array_foreach((json_t *)teams, i, team)
        (void)sgn_buf_printf(&text, "%s%s", i > 0 ? " " : "", json_string_value(team));
    return sgn_buf_take(&text);
}

enum sgn_status
store_postgres_heads(struct store_waker *base, const json_t *teams, json_t **out,
                     struct sgn_error *err)
{
    struct store_postgres_waker *waker = (struct store_postgres_waker *)base;
    char *names = teams != NULL ? joined(teams) : NULL;
    const char *values[] = { names };
    json_t *heads = json_object();
    PGresult *res = NULL;
    enum sgn_status st =
        (teams == NULL || names != NULL) && heads != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK)
        res = store_postgres_waker_ask(
            waker,
            teams == NULL ? "SELECT team, seq FROM head WHERE team <> ''"
                          : "SELECT team, seq FROM head WHERE team <> '' AND team = "
                            "ANY(string_to_array($1, ' '))",
            teams == NULL ? 0 : 1, values, "looking for what others wrote", err);
    if (st == SGN_OK && res == NULL)
        st = SGN_UNAVAILABLE;
    for (int i = 0; st == SGN_OK && i < PQntuples(res); i++)
        if (json_object_set_new(heads, PQgetvalue(res, i, 0),
                                json_integer(strtoll(PQgetvalue(res, i, 1), NULL, 10))) != 0)
            st = sgn_nomem(err);
    PQclear(res);
    free(names);
    if (st == SGN_OK)
        *out = heads;
    else
        json_decref(heads);
    return st;
}
