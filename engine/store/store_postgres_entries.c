/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading entries: a team's from a number on, a case's walking back, the one of a request.
 *
 * Entries never change and are numbered without gaps, so a walk is made of as many statements as
 * it needs, each with a bounded number of rows, and no transaction around them: a walk's function
 * may read with the same reader.
 */
#include "store_postgres.h"

#include "store_entry.h"

#define CHUNK 128 /* rows of one statement */

static void
salt(const PGresult *res, int row, int column, unsigned char out[16])
{
    store_entry_salt(out, PQgetvalue(res, row, column), (size_t)PQgetlength(res, row, column));
}

/* Fills an empty row from a result of STORE_ENTRY_COLUMNS. */
static enum sgn_status
entry_row(const PGresult *res, int row, struct store_entry_row *out, struct sgn_error *err)
{
    struct store_entry_text texts[STORE_ENTRY_TEXTS];
    enum sgn_status st = SGN_OK;

    out->seq = store_postgres_value(res, row, STORE_ENTRY_SEQ);
    out->case_seq = store_postgres_value(res, row, STORE_ENTRY_CASE_SEQ);
    out->previous = store_postgres_value(res, row, STORE_ENTRY_PREVIOUS);
    out->at = store_postgres_value(res, row, STORE_ENTRY_AT);
    salt(res, row, STORE_ENTRY_SHARED_SALT, out->shared_salt);
    salt(res, row, STORE_ENTRY_INTERNAL_SALT, out->internal_salt);
    store_entry_texts(out, texts);
    for (size_t i = 0; st == SGN_OK && i < STORE_ENTRY_TEXTS; i++)
        st = store_postgres_copy(res, row, texts[i].column, texts[i].text, texts[i].n, err);
    if (st != SGN_OK)
        store_entry_row_deinit(out);
    return st;
}

/* Gives the rows of a result to fn; *seq and *previous are those of the last one then. */
static enum sgn_status
walk(const PGresult *res, store_entry_fn fn, void *ctx, int64_t *seq, int64_t *previous,
     struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; st == SGN_OK && i < PQntuples(res); i++) {
        struct store_entry_row entry = { 0 };

        st = entry_row(res, i, &entry, err);
        *seq = entry.seq;
        *previous = entry.previous;
        if (st == SGN_OK)
            st = fn(ctx, &entry, err);
        store_entry_row_deinit(&entry);
    }
    return st;
}

/* sql: the team is $1, the number to begin at $2, the limit $3. */
static enum sgn_status
entries_from(struct store_reader *base, const char *sql, const char *team, int64_t first, int limit,
             store_entry_fn fn, void *ctx, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    int n = CHUNK;

    while (st == SGN_OK && limit > 0 && n == CHUNK) {
        struct store_postgres_params params;
        PGresult *res = NULL;
        int64_t seq = first, previous = 0;

        store_postgres_params_init(&params);
        store_postgres_text(&params, team);
        store_postgres_int(&params, first);
        store_postgres_int(&params, limit < CHUNK ? limit : CHUNK);
        st = store_postgres_ask(store_postgres_conn_of(base), team, sql, &params, false,
                                "reading entries", &res, err);
        if (st != SGN_OK)
            break;
        n = PQntuples(res);
        limit -= n;
        st = walk(res, fn, ctx, &seq, &previous, err);
        first = seq + 1;
        PQclear(res);
    }
    return st;
}

enum sgn_status
store_postgres_entries(struct store_reader *base, const char *team, int64_t first, int limit,
                       store_entry_fn fn, void *ctx, struct sgn_error *err)
{
    return entries_from(base,
                        "SELECT " STORE_ENTRY_COLUMNS "FROM entry WHERE team = $1 AND seq >= $2 "
                        "ORDER BY team, seq LIMIT $3",
                        team, first, limit, fn, ctx, err);
}

enum sgn_status
store_postgres_effect_entries(struct store_reader *base, const char *team, int64_t first, int limit,
                              store_entry_fn fn, void *ctx, struct sgn_error *err)
{
    return entries_from(base,
                        "SELECT " STORE_ENTRY_COLUMNS "FROM entry WHERE team = $1 AND seq >= $2 "
                        "AND effects = 1 ORDER BY team, seq LIMIT $3",
                        team, first, limit, fn, ctx, err);
}

/* $3: the entry to begin at, or 0 for the case's last one; $4: below this case_seq, or 0. */
static const char case_sql[] =
    "WITH RECURSIVE back AS ("
    "SELECT e.* FROM entry e WHERE e.team = $1 AND e.seq = CASE $3 WHEN 0 THEN "
    "(SELECT last_seq FROM case_ WHERE team = $1 AND key = $2) ELSE $3 END "
    "UNION ALL SELECT e.* FROM back b JOIN entry e ON e.team = $1 AND e.seq = b.previous) "
    "SELECT " STORE_ENTRY_COLUMNS "FROM back WHERE $4 = 0 OR case_seq < $4 LIMIT $5";

/* Walks back from a case's last entry: the server follows the numbers, for as long as rows are
 * asked for. */
enum sgn_status
store_postgres_case_entries(struct store_reader *base, const char *team, const char *case_key,
                            int64_t before, int limit, store_entry_fn fn, void *ctx,
                            struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    int64_t from = 0;
    int n = CHUNK;

    while (st == SGN_OK && limit > 0 && n == CHUNK) {
        struct store_postgres_params params;
        PGresult *res = NULL;
        int64_t seq = 0, previous = 0;

        store_postgres_params_init(&params);
        store_postgres_text(&params, team);
        store_postgres_text(&params, case_key);
        store_postgres_int(&params, from);
        store_postgres_int(&params, before);
        store_postgres_int(&params, limit < CHUNK ? limit : CHUNK);
        st = store_postgres_ask(store_postgres_conn_of(base), team, case_sql, &params, false,
                                "reading a case's entries", &res, err);
        if (st != SGN_OK)
            break;
        n = PQntuples(res);
        limit -= n;
        st = walk(res, fn, ctx, &seq, &previous, err);
        PQclear(res);
        if (previous == 0)
            break;
        from = previous;
    }
    return st;
}

enum sgn_status
store_postgres_request_get(struct store_reader *base, const char *team, const char *person,
                           const char *request, int64_t since, struct store_entry_row *out,
                           struct sgn_error *err)
{
    struct store_postgres_params params;
    PGresult *res = NULL;
    enum sgn_status st = SGN_OK;

    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    store_postgres_text(&params, person);
    store_postgres_text(&params, request);
    store_postgres_int(&params, since);
    st = store_postgres_ask(store_postgres_conn_of(base), team,
                            "SELECT " STORE_ENTRY_COLUMNS
                            "FROM entry WHERE team = $1 AND actor = $2 "
                            "AND request = $3 AND request IS NOT NULL AND at >= $4 "
                            "ORDER BY team DESC, actor DESC, request DESC, seq DESC LIMIT 1",
                            &params, false, "looking for a request", &res, err);
    if (st == SGN_OK)
        st = PQntuples(res) > 0 ? entry_row(res, 0, out, err)
                                : sgn_fail(err, SGN_NOT_FOUND, "no entry of request %s", request);
    PQclear(res);
    return st;
}

/* Of each one its place in the array; by the index, however little there is to read so far. */
static const char find_sql[] =
    "SELECT t.n FROM unnest($2::text[], $3::text[]) WITH ORDINALITY t(person, request, n) "
    "CROSS JOIN LATERAL (SELECT FROM entry e WHERE e.team = $1 AND e.actor = t.person "
    "AND e.request = t.request AND e.request IS NOT NULL "
    "ORDER BY e.team DESC, e.actor DESC, e.request DESC, e.seq DESC LIMIT 1) e";

enum sgn_status
store_postgres_requests_find(struct store_reader *base, const char *team,
                             struct store_request *requests, int n, struct sgn_error *err)
{
    struct store_postgres_params params;
    struct sgn_buf *array = NULL;
    PGresult *res = NULL;
    enum sgn_status st = SGN_OK;

    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    array = store_postgres_array(&params, STORE_PG_TEXT, n);
    for (int i = 0; i < n; i++)
        store_postgres_put_text(array, requests[i].person);
    array = store_postgres_array(&params, STORE_PG_TEXT, n);
    for (int i = 0; i < n; i++)
        store_postgres_put_text(array, requests[i].request);
    st = store_postgres_ask(store_postgres_conn_of(base), team, find_sql, &params, false,
                            "looking for requests", &res, err);
    for (int i = 0; i < n; i++)
        requests[i].found = false;
    for (int i = 0; st == SGN_OK && i < PQntuples(res); i++)
        requests[store_postgres_value(res, i, 0) - 1].found = true;
    PQclear(res);
    store_postgres_params_deinit(&params);
    return st;
}
