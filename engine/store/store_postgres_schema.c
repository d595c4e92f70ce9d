/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose schema it is, its migrations, and the check of what it holds.
 *
 * All of it in one transaction under a lock of its own: of several nodes that start at once one
 * migrates and the others wait for it. Never downwards, and nothing is written into a schema that
 * is not ours.
 *
 * Whether older servers are at work tells the lock that each holds as long as it lives
 * (store_postgres_keep_out). Who takes it reads the schema after that; so who changes the schema
 * without them takes signoff.version from all readers first and counts the locks then: who is not
 * counted reads the new schema.
 */
#include "store_postgres.h"

#include "clock.h"
#include "log.h"
#include "store_migrations.h"
#include "text.h"
#include <poll.h>
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
extern const char store_schema_postgres_007[];

/* The n-th migration makes schema n of schema n-1. Servers of an older schema may be at work
 * meanwhile, and afterwards, from that of `beside` on: where a migration only adds, and what it
 * adds is right when those write nothing into it. */
static const struct {
    const char *sql;
    int64_t beside;
} migrations[STORE_SCHEMA_POSTGRES] = {
    { store_schema_postgres_001, 1 }, { store_schema_postgres_002, 2 },
    { store_schema_postgres_003, 3 }, { store_schema_postgres_004, 4 },
    { store_schema_postgres_005, 5 }, { store_schema_postgres_006, 6 },
    { store_schema_postgres_007, 6 },
};

#define MIGRATION_LOCK "5854163312" /* any number that no other program would take: "SGNF" + 4 */

/* What signoff.version says. */
struct version {
    bool exists;    /* there is a schema named signoff */
    int64_t schema; /* 0: nothing is in it */
    int64_t oldest; /* programs of this schema may work on it */
    char by[32];    /* which Signoff made it; "": it does not say */
};

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

/* Columns that an older schema has not are null in a row's JSON. */
static enum sgn_status
read_version(struct store_postgres_conn *conn, struct version *out, struct sgn_error *err)
{
    PGresult *res = NULL;
    enum sgn_status st = run(conn,
                             "SELECT j->>'schema', coalesce(j->>'oldest', j->>'schema'), "
                             "coalesce(j->>'signoff', '') FROM (SELECT to_jsonb(v) AS j "
                             "FROM signoff.version v) r WHERE j->>'program' = 'signoff'",
                             &res, err);

    if (st == SGN_OK && PQntuples(res) != 1)
        st = foreign(conn, err);
    if (st == SGN_OK) {
        out->schema = strtoll(PQgetvalue(res, 0, 0), NULL, 10);
        out->oldest = strtoll(PQgetvalue(res, 0, 1), NULL, 10);
        snprintf(out->by, sizeof out->by, "%s", PQgetvalue(res, 0, 2));
    }
    PQclear(res);
    return st;
}

/* Reads the marks and writes nothing: it may be somebody else's. */
static enum sgn_status
identify(struct store_postgres_conn *conn, struct version *out, struct sgn_error *err)
{
    int64_t spaces = 0, tables = 0, columns = 0;
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
    *out = (struct version){ .exists = spaces > 0 };
    if (st != SGN_OK || tables == 0)
        return st;
    return columns == 2 ? read_version(conn, out, err) : foreign(conn, err);
}

/* A newer schema may say that this program goes on beside its own. */
static enum sgn_status
expect_known(const struct store_postgres_conn *conn, const struct version *found,
             struct sgn_error *err)
{
    if (found->schema <= STORE_SCHEMA_POSTGRES || found->oldest <= STORE_SCHEMA_POSTGRES)
        return SGN_OK;
    return store_newer(conn->where, found->schema, STORE_SCHEMA_POSTGRES, found->by, err);
}

enum sgn_status
store_postgres_expect_schema(struct store_postgres_conn *conn, struct sgn_error *err)
{
    struct version found = { 0 };
    enum sgn_status st = read_version(conn, &found, err);

    if (st == SGN_OK)
        st = expect_known(conn, &found, err);
    if (st == SGN_INVALID && err != NULL)
        err->status = SGN_UNAVAILABLE; /* a server that has begun goes on asking */
    return st == SGN_INVALID ? SGN_UNAVAILABLE : st;
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

/* ---- who is at work ---- */

#define OTHERS_MS  2000 /* for who is just starting to get as far as reading the schema */
#define OTHERS_GAP 50

/* Servers that hold the lock of those who live. Not us, nor those that wait for us to read the
 * schema or to change it themselves: they will find the new one. */
static const char at_work_sql[] =
    "SELECT count(*) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND l.classid::bigint = hashtext('signoff')::bigint & 4294967295 AND l.objid = 1::oid "
    "AND l.objsubid = 2 AND l.pid <> pg_backend_pid() AND NOT EXISTS (SELECT 1 FROM pg_locks w "
    "WHERE w.pid = l.pid AND NOT w.granted AND (w.relation = 'signoff.version'::regclass "
    "OR (w.locktype = 'advisory' AND w.objsubid = 1 "
    "AND (w.classid::bigint << 32) + w.objid::bigint = " MIGRATION_LOCK ")))";

static const char names_sql[] =
    "SELECT coalesce(string_agg(format('%s (%s)', host, version), ', ' ORDER BY host, id), '') "
    "FROM signoff.node WHERE seen >= (extract(epoch FROM clock_timestamp()) * 1000)::bigint - "
    "60000";

static enum sgn_status
expect_alone(struct store_postgres_conn *conn, int64_t schema, struct sgn_error *err)
{
    PGresult *res = NULL;
    int64_t others = 1, until = sgn_monotonic_ms() + OTHERS_MS;
    enum sgn_status st =
        run(conn, "LOCK TABLE signoff.version IN ACCESS EXCLUSIVE MODE", NULL, err);

    while (st == SGN_OK && others > 0 && sgn_monotonic_ms() < until) {
        st = number(conn, at_work_sql, &others, err);
        if (st == SGN_OK && others > 0)
            (void)poll(NULL, 0, OTHERS_GAP);
    }
    if (st != SGN_OK || others == 0)
        return st;
    st = run(conn, names_sql, &res, err);
    if (st == SGN_OK)
        st = sgn_fail(
            err, SGN_CONFLICT,
            "%s: servers of an older Signoff are at work on it (%lld: %.300s); this one, %s, "
            "would change its schema from %lld to %d, with which they cannot go on: stop all "
            "of them, then start this one; nothing was changed",
            conn->where, (long long)others, PQgetvalue(res, 0, 0), SGN_VERSION, (long long)schema,
            STORE_SCHEMA_POSTGRES);
    PQclear(res);
    return st;
}

/* ---- migrations ---- */

static enum sgn_status
mark(struct store_postgres_conn *conn, bool fresh, int64_t oldest, struct sgn_error *err)
{
    char sql[192];

    snprintf(sql, sizeof sql,
             fresh
                 ? "INSERT INTO signoff.version(schema, oldest, program, signoff) "
                   "VALUES(%d, %lld, 'signoff', '" SGN_VERSION "')"
                 : "UPDATE signoff.version SET schema = %d, oldest = %lld, signoff = '" SGN_VERSION
                   "'",
             STORE_SCHEMA_POSTGRES, (long long)oldest);
    return run(conn, sql, NULL, err);
}

static enum sgn_status
apply(struct store_postgres_conn *conn, const struct version *found, struct sgn_error *err)
{
    int64_t oldest = found->oldest;
    enum sgn_status st = check_may_change(conn, found->exists, err);

    for (int64_t n = found->schema; n < STORE_SCHEMA_POSTGRES; n++)
        oldest = migrations[n].beside > oldest ? migrations[n].beside : oldest;
    if (st == SGN_OK && found->schema > 0 && oldest > found->schema)
        st = expect_alone(conn, found->schema, err);
    if (st == SGN_OK && !found->exists)
        st = run(conn, "CREATE SCHEMA signoff", NULL, err);
    if (st == SGN_OK && found->schema > 0)
        store_migration_begins(conn->where, found->schema, STORE_SCHEMA_POSTGRES);
    for (int64_t n = found->schema; st == SGN_OK && n < STORE_SCHEMA_POSTGRES; n++) {
        if (found->schema > 0)
            store_migration_tells(n + 1, migrations[n].sql);
        st = run(conn, migrations[n].sql, NULL, err);
    }
    return st == SGN_OK ? mark(conn, found->schema == 0, oldest, err) : st;
}

/* Under the lock, and seen anew: another node may have done it meanwhile. */
static enum sgn_status
migrate(struct store_postgres_conn *conn, struct version *found, struct sgn_error *err)
{
    bool older = false;
    /* Waiting for the lock is waiting for another node's migration, however long it takes. */
    enum sgn_status st =
        run(conn,
            "BEGIN; SET LOCAL lock_timeout = 0; SET LOCAL client_min_messages = warning; "
            "SELECT pg_advisory_xact_lock(" MIGRATION_LOCK ")",
            NULL, err);

    if (st != SGN_OK)
        return st;
    st = identify(conn, found, err);
    if (st == SGN_OK && found->schema < STORE_SCHEMA_POSTGRES) {
        older = found->schema > 0;
        st = apply(conn, found, err);
    }
    if (st == SGN_OK)
        st = run(conn, "COMMIT", NULL, err);
    else
        (void)run(conn, "ROLLBACK", NULL, NULL);
    if (st == SGN_OK && older)
        store_migration_ends(conn->where, STORE_SCHEMA_POSTGRES);
    return st;
}

/* Looks without a lock first: a start of a node must not wait for anything when there is nothing to
 * do, nor hold what another one that changes the schema waits for. */
static enum sgn_status
settle(struct store_postgres_conn *conn, bool look, struct sgn_error *err)
{
    struct version found = { 0 };
    enum sgn_status st = identify(conn, &found, err);

    if (st == SGN_OK && found.schema < STORE_SCHEMA_POSTGRES)
        st = look ? store_look(conn->where, found.schema, STORE_SCHEMA_POSTGRES, err)
                  : migrate(conn, &found, err);
    if (st == SGN_OK)
        st = expect_known(conn, &found, err);
    if (st == SGN_OK && found.schema > STORE_SCHEMA_POSTGRES)
        sgn_log(SGN_LOG_WARN, "the store has a newer schema, beside which this server may go on",
                "store", conn->where, "signoff", found.by, NULL);
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
        st = settle(conn, store->look, err);
    if (st == SGN_OK && PQenterPipelineMode(conn->pg) != 1)
        st = store_postgres_gone(conn, "changing its schema", err);
    for (int i = 0; st == SGN_OK && i < store->n_writers; i++)
        store->writers[i].conn.settled = true;
    store->own->conn.settled = store->settled = st == SGN_OK;
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
