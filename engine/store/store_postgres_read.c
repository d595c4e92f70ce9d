/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading single things: heads, a case by its key, what is due next, the clock, figures.
 *
 * What is due. Each head holds when the first of its cases fires next; the writer keeps it right
 * in the transaction that changes a case. So the question over all teams reads nothing but heads,
 * and then the cases of teams that have something due, earliest first, until no other team can
 * have anything earlier.
 */
#include "store_postgres.h"

#include "json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- teams and heads ---- */

enum sgn_status
store_postgres_teams(struct store_reader *base, json_t **out, struct sgn_error *err)
{
    PGresult *res = NULL;
    json_t *teams = NULL;
    enum sgn_status st = store_postgres_ask(store_postgres_conn_of(base), "*",
                                            "SELECT team FROM head WHERE team <> '' UNION "
                                            "SELECT team FROM team_ ORDER BY team",
                                            NULL, false, "listing teams", &res, err);

    if (st != SGN_OK)
        return st;
    teams = json_array();
    for (int i = 0; i < PQntuples(res); i++)
        json_array_append_new(teams, store_postgres_json(res, i, 0));
    if (json_array_size(teams) != (size_t)PQntuples(res)) {
        json_decref(teams);
        st = sgn_nomem(err);
    }
    PQclear(res);
    if (st == SGN_OK)
        *out = teams;
    return st;
}

/* A team without a row has an empty head, as one that has just begun: no first entry is special. */
enum sgn_status
store_postgres_head_get(struct store_reader *base, const char *team, struct store_head *out,
                        struct sgn_error *err)
{
    struct store_postgres_params params;
    PGresult *res = NULL;
    enum sgn_status st = SGN_OK;

    *out = (struct store_head){ 0 };
    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    st = store_postgres_ask(store_postgres_conn_of(base), team,
                            "SELECT seq, hash, at, data_seq, case_seq FROM head WHERE team = $1",
                            &params, false, "reading a head", &res, err);
    if (st == SGN_OK && PQntuples(res) > 0)
        store_postgres_head_read(res, out);
    PQclear(res);
    return st;
}

/* A hash of another length is left out rather than cut: a wrong chain must not look like a right
 * one. */
void
store_postgres_head_read(const PGresult *res, struct store_head *out)
{
    out->seq = store_postgres_value(res, 0, 0);
    if ((size_t)PQgetlength(res, 0, 1) < sizeof out->hash)
        snprintf(out->hash, sizeof out->hash, "%s", PQgetvalue(res, 0, 1));
    out->at = store_postgres_value(res, 0, 2);
    out->data_seq = store_postgres_value(res, 0, 3);
    out->case_seq = store_postgres_value(res, 0, 4);
}

enum sgn_status
store_postgres_clock(struct store_reader *base, int64_t *out, struct sgn_error *err)
{
    PGresult *res = NULL;
    enum sgn_status st =
        store_postgres_ask(store_postgres_conn_of(base), NULL, STORE_POSTGRES_CLOCK, NULL, false,
                           "asking for the time", &res, err);

    if (st == SGN_OK)
        *out = store_postgres_value(res, 0, 0);
    PQclear(res);
    return st;
}

enum sgn_status
store_postgres_changes(struct store_reader *base, const char *team, int64_t since, int limit,
                       json_t **out, struct sgn_error *err)
{
    struct store_postgres_params params;
    PGresult *res = NULL;
    json_t *cases = json_object();
    enum sgn_status st = cases == NULL ? sgn_nomem(err) : SGN_OK;

    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    store_postgres_int(&params, since);
    store_postgres_int(&params, (int64_t)limit + 1);
    if (st == SGN_OK)
        st = store_postgres_ask(store_postgres_conn_of(base), team,
                                "SELECT case_key, max(seq) FROM entry WHERE team = $1 "
                                "AND seq > $2 AND case_key IS NOT NULL GROUP BY case_key LIMIT $3",
                                &params, false, "looking for changes", &res, err);
    for (int i = 0; st == SGN_OK && i < PQntuples(res); i++) {
        if (json_object_set_new(cases, PQgetvalue(res, i, 0), store_postgres_json(res, i, 1)) != 0)
            st = sgn_nomem(err);
    }
    PQclear(res);
    return store_changes_done(st, cases, limit, out, err);
}

/* ---- cases ---- */

enum sgn_status
store_postgres_case_get(struct store_reader *base, const char *team, const char *key,
                        struct store_case_row *out, struct sgn_error *err)
{
    struct store_postgres_params params;
    PGresult *res = NULL;
    enum sgn_status st = SGN_OK;

    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    store_postgres_text(&params, key);
    st = store_postgres_ask(store_postgres_conn_of(base), team,
                            "SELECT document, last_seq, last_at, last_hash FROM case_ "
                            "WHERE team = $1 AND key = $2",
                            &params, false, "reading a case", &res, err);
    if (st == SGN_OK && PQntuples(res) == 0)
        st = sgn_fail(err, SGN_NOT_FOUND, "there is no case %.40s", key);
    if (st == SGN_OK)
        st = store_postgres_copy(res, 0, 0, &out->document, NULL, err);
    if (st == SGN_OK) {
        out->last_seq = store_postgres_value(res, 0, 1);
        out->last_at = store_postgres_value(res, 0, 2);
        if ((size_t)PQgetlength(res, 0, 3) < sizeof out->last_hash)
            snprintf(out->last_hash, sizeof out->last_hash, "%s", PQgetvalue(res, 0, 3));
    }
    PQclear(res);
    return st;
}

/* Two statements, since no index is searched for "equal or both null". */
enum sgn_status
store_postgres_open_count(struct store_reader *base, const char *team, const char *project,
                          const char *workflow, int64_t *out, struct sgn_error *err)
{
    struct store_postgres_params params;
    PGresult *res = NULL;
    enum sgn_status st = SGN_OK;

    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    store_postgres_text(&params, workflow);
    if (project != NULL)
        store_postgres_text(&params, project);
    st = store_postgres_ask(store_postgres_conn_of(base), team,
                            project != NULL
                                ? "SELECT count(*) FROM case_ WHERE team = $1 AND workflow = $2 "
                                  "AND project = $3 AND outcome IS NULL"
                                : "SELECT count(*) FROM case_ WHERE team = $1 AND workflow = $2 "
                                  "AND project IS NULL AND outcome IS NULL",
                            &params, false, "counting cases", &res, err);
    if (st == SGN_OK)
        *out = store_postgres_value(res, 0, 0);
    PQclear(res);
    return st;
}

/* ---- what is due ---- */

static int
compare_due(const void *a, const void *b)
{
    const json_t *one = *(json_t *const *)a, *two = *(json_t *const *)b;
    int64_t x = sgn_json_int(one, "due", 0), y = sgn_json_int(two, "due", 0);
    int order = strcmp(sgn_json_str(one, "team"), sgn_json_str(two, "team"));

    if (x != y)
        return x < y ? -1 : 1;
    return order != 0 ? order : strcmp(sgn_json_str(one, "case"), sgn_json_str(two, "case"));
}

/* Sorts what was found and drops what is above the limit. */
static enum sgn_status
sort_due(json_t **due, int limit, struct sgn_error *err)
{
    size_t n = json_array_size(*due);
    json_t **items = calloc(n + 1, sizeof *items), *sorted = json_array();
    enum sgn_status st = SGN_OK;

    if (items == NULL || sorted == NULL) {
        free(items);
        json_decref(sorted);
        return sgn_nomem(err);
    }
    for (size_t i = 0; i < n; i++)
        items[i] = json_array_get(*due, i);
    qsort(items, n, sizeof(json_t *), compare_due);
    for (size_t i = 0; st == SGN_OK && i < n && i < (size_t)limit; i++)
        st = json_array_append(sorted, items[i]) == 0 ? SGN_OK : sgn_nomem(err);
    free(items);
    json_decref(*due);
    *due = sorted;
    return st;
}

/* Adds what is due in one team, at most limit. */
static enum sgn_status
due_of_team(struct store_postgres_conn *conn, const char *team, int64_t now, int limit, json_t *due,
            struct sgn_error *err)
{
    struct store_postgres_params params;
    PGresult *res = NULL;
    enum sgn_status st = SGN_OK;

    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    store_postgres_int(&params, now);
    store_postgres_int(&params, limit);
    st = store_postgres_ask(conn, team,
                            "SELECT key, next_at FROM due WHERE team = $1 AND next_at > 0 "
                            "AND next_at <= $2 "
                            "ORDER BY team, next_at, key LIMIT $3",
                            &params, false, "looking for what is due", &res, err);
    for (int i = 0; st == SGN_OK && i < PQntuples(res); i++) {
        if (json_array_append_new(due, json_pack("{s:s, s:o, s:o}", "team", team, "case",
                                                 store_postgres_json(res, i, 0), "due",
                                                 store_postgres_json(res, i, 1))) != 0)
            st = sgn_nomem(err);
    }
    PQclear(res);
    return st;
}

/* Is what was found all that can be among the first limit, when other teams begin at next? */
static enum sgn_status
enough(json_t **due, int limit, int64_t next, bool *out, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    *out = false;
    if (json_array_size(*due) < (size_t)limit)
        return SGN_OK;
    st = sort_due(due, limit, err);
    if (st == SGN_OK)
        *out = sgn_json_int(json_array_get(*due, (size_t)limit - 1), "due", 0) < next;
    return st;
}

enum sgn_status
store_postgres_due_next(struct store_reader *base, int64_t now, int limit, json_t **out,
                        struct sgn_error *err)
{
    struct store_postgres_conn *conn = store_postgres_conn_of(base);
    struct store_postgres_params params;
    PGresult *teams = NULL;
    json_t *due = json_array();
    enum sgn_status st = due == NULL ? sgn_nomem(err) : SGN_OK;

    store_postgres_params_init(&params);
    store_postgres_int(&params, now);
    store_postgres_int(&params, limit);
    /* No more teams than rows are wanted can have the first of them. */
    if (st == SGN_OK)
        st = store_postgres_ask(conn, "*",
                                "SELECT team, next_due FROM head WHERE next_due > 0 "
                                "AND next_due <= $1 ORDER BY next_due, team LIMIT $2",
                                &params, false, "looking for what is due", &teams, err);
    for (int i = 0; st == SGN_OK && i < PQntuples(teams); i++) {
        bool done = false;

        st = enough(&due, limit, store_postgres_value(teams, i, 1), &done, err);
        if (st != SGN_OK || done)
            break;
        st = due_of_team(conn, PQgetvalue(teams, i, 0), now, limit, due, err);
    }
    PQclear(teams);
    if (st == SGN_OK)
        st = sort_due(&due, limit, err);
    if (st != SGN_OK) {
        json_decref(due);
        return st;
    }
    *out = due;
    return SGN_OK;
}

enum sgn_status
store_postgres_due_first(struct store_reader *base, int64_t *out, struct sgn_error *err)
{
    PGresult *res = NULL;
    enum sgn_status st =
        store_postgres_ask(store_postgres_conn_of(base), "*",
                           "SELECT coalesce(min(next_due), 0) FROM head WHERE next_due > 0", NULL,
                           false, "looking for what is due", &res, err);

    if (st == SGN_OK)
        *out = store_postgres_value(res, 0, 0);
    PQclear(res);
    return st;
}

/* ---- figures ---- */

/* Figures that fail are left out: somebody who looks at a server in trouble wants the others. */
json_t *
store_postgres_stats(struct store_reader *base)
{
    static const struct {
        const char *name, *sql;
    } figures[] = {
        { "schema", "SELECT schema FROM version" },
        { "teams", "SELECT count(*) FROM head WHERE team <> ''" },
        { "entries", "SELECT coalesce(sum(seq), 0)::bigint FROM head" },
        { "cases", "SELECT coalesce(sum(cases), 0)::bigint FROM head" },
        { "bytes", "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c "
                   "WHERE c.relnamespace = 'signoff'::regnamespace AND c.relkind = 'r'" },
        /* What recovery would have to go through. */
        { "wal_bytes", "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn)::bigint "
                       "FROM pg_control_checkpoint()" },
        /* Rows that nobody sees any more; many of them, or a long transaction, slow all down. */
        { "dead_rows", "SELECT coalesce(sum(n_dead_tup), 0)::bigint FROM pg_stat_user_tables "
                       "WHERE schemaname = 'signoff'" },
        { "oldest_transaction_ms",
          "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start) * 1000), "
          "0)::bigint FROM pg_stat_activity WHERE datname = current_database()" },
    };
    json_t *stats = json_pack("{s:s}", "backend", "postgres");

    for (size_t i = 0; stats != NULL && i < sizeof figures / sizeof figures[0]; i++) {
        PGresult *res = NULL;

        if (store_postgres_ask(store_postgres_conn_of(base), "*", figures[i].sql, NULL, true,
                               "reading figures", &res, NULL) == SGN_OK)
            json_object_set_new(stats, figures[i].name,
                                json_integer(store_postgres_value(res, 0, 0)));
        PQclear(res);
    }
    return stats;
}
