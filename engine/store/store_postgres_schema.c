/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose schema it is, its migrations, and the check of what it holds.
 *
 * All of it in one transaction under a lock of its own: of several nodes that start at once one
 * migrates and the others wait for it. Never downwards, and nothing is written into a schema that
 * is not ours.
 */
#include "store_postgres.h"

#include "log.h"
#include "text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Written by the build from schema/; see CMakeLists.txt. */
extern const char store_schema_postgres_001[];
extern const char store_schema_postgres_002[];
extern const char store_schema_postgres_003[];
extern const char store_schema_postgres_004[];
extern const char store_schema_postgres_005[];
extern const char store_schema_postgres_006[];

/* The n-th migration makes schema n of schema n-1. */
static const char *const migrations[STORE_SCHEMA_POSTGRES] = {
    store_schema_postgres_001, store_schema_postgres_002, store_schema_postgres_003,
    store_schema_postgres_004, store_schema_postgres_005, store_schema_postgres_006
};

#define MIGRATION_LOCK "5854163312" /* any number that no other program would take: "SGNF" + 4 */

/* ---- SQL outside of the pipeline ---- */

/* Runs statements one after another, as a migration is. */
static enum sgn_status
run(struct store_postgres_conn *conn, const char *sql, PGresult **out, struct sgn_error *err)
{
    PGresult *res = PQexec(conn->pg, sql);
    ExecStatusType status = PQresultStatus(res);
    enum sgn_status st = SGN_OK;

    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        st = store_postgres_fail(conn, res, "changing its schema", err);
    if (st == SGN_OK && out != NULL)
        *out = res;
    else
        PQclear(res);
    return st;
}

/* A number that a statement answers; 0 for null. */
static enum sgn_status
number(struct store_postgres_conn *conn, const char *sql, int64_t *out, struct sgn_error *err)
{
    PGresult *res = NULL;
    enum sgn_status st = run(conn, sql, &res, err);

    if (st == SGN_OK)
        *out = strtoll(PQgetvalue(res, 0, 0), NULL, 10);
    PQclear(res);
    return st;
}

/* ---- whose is it ---- */

static enum sgn_status
foreign(struct store_postgres_conn *conn, struct sgn_error *err)
{
    return sgn_fail(err, SGN_INVALID,
                    "%s: its schema \"signoff\" is of another program; use a database of its own: "
                    "CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0",
                    conn->where);
}

/* Reads the marks and writes nothing: it may be somebody else's. */
static enum sgn_status
identify(struct store_postgres_conn *conn, int64_t *schema, bool *exists, struct sgn_error *err)
{
    int64_t spaces = 0, tables = 0, columns = 0, ours = 0;
    enum sgn_status st =
        number(conn, "SELECT count(*) FROM pg_namespace WHERE nspname = 'signoff'", &spaces, err);

    if (st == SGN_OK)
        st = number(conn,
                    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                    "WHERE n.nspname = 'signoff'",
                    &tables, err);
    if (st == SGN_OK)
        st = number(conn,
                    "SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
                    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'signoff' "
                    "AND c.relname = 'version' AND a.attname IN ('program', 'schema')",
                    &columns, err);
    *exists = spaces > 0;
    *schema = 0;
    if (st != SGN_OK || tables == 0)
        return st;
    if (columns != 2)
        return foreign(conn, err);
    st = number(conn, "SELECT count(*) FROM signoff.version WHERE program = 'signoff'", &ours, err);
    if (st == SGN_OK && ours != 1)
        return foreign(conn, err);
    return st == SGN_OK ? number(conn, "SELECT schema FROM signoff.version", schema, err) : st;
}

/* ---- rights ---- */

/* Of a schema that is there: every table can be read and written. */
static enum sgn_status
check_rights(struct store_postgres_conn *conn, struct sgn_error *err)
{
    PGresult *res = NULL;
    enum sgn_status st =
        run(conn,
            "SELECT current_user, string_agg(c.relname, ', ' ORDER BY c.relname) FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'signoff' "
            "AND c.relkind = 'r' AND NOT (has_table_privilege(c.oid, 'SELECT') "
            "AND (c.relname = 'version' OR (has_table_privilege(c.oid, 'INSERT') "
            "AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))))",
            &res, err);

    if (st == SGN_OK && !PQgetisnull(res, 0, 1))
        st = sgn_fail(err, SGN_UNAVAILABLE,
                      "%s: role %s may not read and write %.200s; as the owner: GRANT SELECT, "
                      "INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA signoff TO \"%s\"",
                      conn->where, PQgetvalue(res, 0, 0), PQgetvalue(res, 0, 1),
                      PQgetvalue(res, 0, 0));
    PQclear(res);
    return st;
}

/* What is needed to make or change it, said before it fails half-way. */
static enum sgn_status
check_may_change(struct store_postgres_conn *conn, bool exists, struct sgn_error *err)
{
    PGresult *res = NULL;
    enum sgn_status st = run(conn,
                             exists ? "SELECT current_user, current_database(), "
                                      "has_schema_privilege('signoff', 'CREATE')::int"
                                    : "SELECT current_user, current_database(), "
                                      "has_database_privilege(current_database(), 'CREATE')::int",
                             &res, err);

    if (st == SGN_OK && strcmp(PQgetvalue(res, 0, 2), "1") != 0)
        st = exists ? sgn_fail(err, SGN_UNAVAILABLE,
                               "%s: role %s may not change the schema; as its owner: GRANT USAGE, "
                               "CREATE ON SCHEMA signoff TO \"%s\"",
                               conn->where, PQgetvalue(res, 0, 0), PQgetvalue(res, 0, 0))
                    : sgn_fail(err, SGN_UNAVAILABLE,
                               "%s: role %s may not make the schema; as an administrator: CREATE "
                               "SCHEMA signoff AUTHORIZATION \"%s\" (or GRANT CREATE ON DATABASE "
                               "\"%s\" TO \"%s\")",
                               conn->where, PQgetvalue(res, 0, 0), PQgetvalue(res, 0, 0),
                               PQgetvalue(res, 0, 1), PQgetvalue(res, 0, 0));
    PQclear(res);
    return st;
}

static enum sgn_status
check_usage(struct store_postgres_conn *conn, struct sgn_error *err)
{
    PGresult *res = NULL;
    enum sgn_status st =
        run(conn, "SELECT current_user, has_schema_privilege('signoff', 'USAGE')::int", &res, err);

    if (st == SGN_OK && strcmp(PQgetvalue(res, 0, 1), "1") != 0)
        st = sgn_fail(err, SGN_UNAVAILABLE,
                      "%s: role %s may not use the schema; as its owner: GRANT USAGE ON SCHEMA "
                      "signoff TO \"%s\"",
                      conn->where, PQgetvalue(res, 0, 0), PQgetvalue(res, 0, 0));
    PQclear(res);
    return st;
}

/* ---- migrations ---- */

static enum sgn_status
apply(struct store_postgres_conn *conn, int64_t schema, bool exists, struct sgn_error *err)
{
    char mark[128];
    enum sgn_status st = check_may_change(conn, exists, err);

    if (st == SGN_OK && !exists)
        st = run(conn, "CREATE SCHEMA signoff", NULL, err);
    for (int64_t n = schema; st == SGN_OK && n < STORE_SCHEMA_POSTGRES; n++)
        st = run(conn, migrations[n], NULL, err);
    snprintf(mark, sizeof mark,
             schema == 0 ? "INSERT INTO signoff.version VALUES('signoff', %d)"
                         : "UPDATE signoff.version SET schema = %d",
             STORE_SCHEMA_POSTGRES);
    return st == SGN_OK ? run(conn, mark, NULL, err) : st;
}

/* Looks without the lock first: a start of a node must not wait for anything when there is
 * nothing to do. */
static enum sgn_status
migrate(struct store_postgres_conn *conn, bool look, struct sgn_error *err)
{
    int64_t schema = 0;
    bool exists = false;
    enum sgn_status st = identify(conn, &schema, &exists, err);

    if (st == SGN_OK && schema < STORE_SCHEMA_POSTGRES && look) {
        st = store_look(conn->where, schema, STORE_SCHEMA_POSTGRES, err);
    } else if (st == SGN_OK && schema < STORE_SCHEMA_POSTGRES) {
        st = run(conn, "SELECT pg_advisory_xact_lock(" MIGRATION_LOCK ")", NULL, err);
        if (st == SGN_OK)
            st = identify(conn, &schema, &exists, err);
        if (st == SGN_OK && schema < STORE_SCHEMA_POSTGRES)
            st = apply(conn, schema, exists, err);
    } else if (st == SGN_OK && schema > STORE_SCHEMA_POSTGRES) {
        st = sgn_fail(err, SGN_INVALID,
                      "%s: written by a newer Signoff (schema %lld, this one knows %d); use that "
                      "one, or restore a backup from before the upgrade",
                      conn->where, (long long)schema, STORE_SCHEMA_POSTGRES);
    }
    return st == SGN_OK ? check_rights(conn, err) : st;
}

enum sgn_status
store_postgres_migrate(struct store_postgres *store, struct sgn_error *err)
{
    struct store_postgres_conn *conn = &store->writers[0].conn;
    int64_t exists = 0;
    enum sgn_status st = SGN_OK;

    /* Several statements in one text are for the simple protocol. */
    if (PQexitPipelineMode(conn->pg) != 1)
        return store_postgres_gone(conn, "changing its schema", err);
    st = number(conn, "SELECT count(*) FROM pg_namespace WHERE nspname = 'signoff'", &exists, err);
    if (st == SGN_OK && exists > 0)
        st = check_usage(conn, err);
    if (st == SGN_OK)
        /* Waiting for the lock is waiting for another node's migration, however long it takes. */
        st = run(conn, "BEGIN; SET LOCAL lock_timeout = 0; SET LOCAL client_min_messages = warning",
                 NULL, err);
    if (st != SGN_OK)
        return st;
    st = migrate(conn, store->look, err);
    if (st == SGN_OK)
        st = run(conn, "COMMIT", NULL, err);
    else
        (void)run(conn, "ROLLBACK", NULL, NULL);
    if (st == SGN_OK && PQenterPipelineMode(conn->pg) != 1)
        st = store_postgres_gone(conn, "changing its schema", err);
    return st;
}

/* ---- checking ---- */

struct complaint {
    const char *sql; /* answers rows of one text each; none: all is well */
    const char *means;
    bool of_team;
};

static const struct complaint complaints[] = {
    { "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
      "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'signoff' "
      "AND NOT (i.indisvalid AND i.indisready) ORDER BY 1 LIMIT 1",
      "an index is not valid, REINDEX it", false },
    { "SELECT format('%s entries, last %s, head %s', count(*), max(seq), "
      "(SELECT seq FROM head WHERE team = $1)) FROM entry WHERE team = $1 "
      "HAVING count(*) <> coalesce(max(seq), 0) "
      "OR count(*) <> (SELECT seq FROM head WHERE team = $1)",
      "the numbers of a team's entries have a gap or do not end at its head", true },
    { "SELECT format('entry %s', h.seq) FROM head h LEFT JOIN entry e ON e.team = h.team "
      "AND e.seq = h.seq WHERE h.team = $1 AND h.seq > 0 "
      "AND (e.hash IS DISTINCT FROM h.hash OR e.at IS DISTINCT FROM h.at)",
      "a team's head is not its last entry", true },
    { "SELECT c.key FROM case_ c LEFT JOIN entry e ON e.team = c.team AND e.seq = c.last_seq "
      "WHERE c.team = $1 AND e.case_key IS DISTINCT FROM c.key ORDER BY 1 LIMIT 1",
      "a case's last entry is another case's", true },
    { "SELECT format('%s, %s', h.next_due, coalesce(min(d.next_at), 0)) FROM head h "
      "LEFT JOIN due d ON d.team = h.team AND d.next_at > 0 "
      "WHERE h.team = $1 GROUP BY h.next_due HAVING h.next_due <> coalesce(min(d.next_at), 0)",
      "a team's next due time is not its cases'", true },
};

static enum sgn_status
complain(struct store_postgres_conn *conn, const struct complaint *one, const char *team,
         struct sgn_error *err)
{
    struct store_postgres_params params;
    PGresult *res = NULL;
    enum sgn_status st = SGN_OK;

    store_postgres_params_init(&params);
    if (one->of_team)
        store_postgres_text(&params, team);
    st = store_postgres_ask(conn, one->of_team ? team : "*", one->sql, &params, true, "checking it",
                            &res, err);
    if (st == SGN_OK && PQntuples(res) > 0)
        st = sgn_fail(err, SGN_INVALID,
                      "%s: the store is damaged: %s (%s%s%s); restore the last "
                      "backup",
                      conn->where, one->means, one->of_team ? team : "", one->of_team ? ": " : "",
                      PQgetvalue(res, 0, 0));
    PQclear(res);
    return st;
}

/* As long as it takes: a connection of its own without a limit of time. */
enum sgn_status
store_postgres_check(struct store *base, struct sgn_error *err)
{
    struct store_postgres *store = (struct store_postgres *)base;
    struct store_postgres_conn *conn = calloc(1, sizeof *conn);
    PGresult *teams = NULL;
    enum sgn_status st = SGN_OK;

    if (conn == NULL)
        return sgn_nomem(err);
    conn->url = store->url;
    st = store_postgres_ask(conn, "*", "SELECT team FROM head WHERE team <> '' ORDER BY team", NULL,
                            true, "checking it", &teams, err);
    for (size_t i = 0; st == SGN_OK && i < sizeof complaints / sizeof complaints[0]; i++) {
        if (!complaints[i].of_team)
            st = complain(conn, &complaints[i], "", err);
        for (int t = 0; st == SGN_OK && complaints[i].of_team && t < PQntuples(teams); t++)
            st = complain(conn, &complaints[i], PQgetvalue(teams, t, 0), err);
    }
    PQclear(teams);
    store_postgres_disconnect(conn);
    free(conn);
    return st;
}
