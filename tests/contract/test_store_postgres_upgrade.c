/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exchanging servers one by one on PostgreSQL: when the schema is changed beside older ones that
 * are at work, when it is refused, and what an older one finds afterwards. What an older server is
 * to the others is played: the lock of those who live, and a row of node. Run with the file that
 * holds the server's address.
 */
#include "contract.h"

#include "hash.h"
#include "thread.h"
#include <libpq-fe.h>

extern const char store_schema_postgres_001[];
extern const char store_schema_postgres_002[];
extern const char store_schema_postgres_003[];
extern const char store_schema_postgres_004[];
extern const char store_schema_postgres_005[];
extern const char store_schema_postgres_006[];

static const char *const migrations[] = {
    store_schema_postgres_001, store_schema_postgres_002, store_schema_postgres_003,
    store_schema_postgres_004, store_schema_postgres_005, store_schema_postgres_006,
};

/* The database has that schema, as a release left it, and nothing in it. */
static void
go_back_to(struct contract *c, int schema)
{
    char mark[96];

    contract_close(c);
    contract_postgres_sql(c->url, "DROP SCHEMA IF EXISTS signoff CASCADE; CREATE SCHEMA signoff");
    for (int n = 0; n < schema; n++) {
        size_t size = strlen(migrations[n]) + 64;
        char *sql = malloc(size);

        assert_non_null(sql);
        snprintf(sql, size, "SET search_path = signoff;\n%s", migrations[n]);
        contract_postgres_sql(c->url, sql);
        free(sql);
    }
    snprintf(mark, sizeof mark, "INSERT INTO signoff.version VALUES('signoff', %d)", schema);
    contract_postgres_sql(c->url, mark);
}

static PGconn *
older_server(const struct contract *c)
{
    PGconn *pg = PQconnectdb(c->url);
    PGresult *res = PQexec(pg, "INSERT INTO signoff.node SELECT 'n1', 'planted', '', '0.0.9', 0, "
                               "(extract(epoch FROM clock_timestamp()) * 1000)::bigint; "
                               "SELECT pg_advisory_lock_shared(hashtext('signoff'), 1)");

    assert_int_equal(PQresultStatus(res), PGRES_TUPLES_OK);
    PQclear(res);
    return pg;
}

static void
assert_version(const struct contract *c, const char *want)
{
    char *found = contract_postgres_ask(
        c->url, "SELECT format('%s %s', schema, to_jsonb(v)->>'oldest') FROM signoff.version v");

    assert_string_equal(found, want);
    free(found);
}

static void
test_store_is_changed_beside_older_servers_that_can_go_on(void **state)
{
    struct contract *c = *state;
    struct store_options options = { .url = c->url, .shared = true };
    struct store *store = NULL;
    PGconn *older = NULL;

    go_back_to(c, 6);
    older = older_server(c);
    assert_ok(c, store_open(&options, &store, &c->err));
    store_close(store);
    assert_version(c, "7 6");
    assert_int_equal(PQstatus(older), CONNECTION_OK);
    PQfinish(older);
}

static void
test_store_is_not_changed_under_older_servers_that_could_not_go_on(void **state)
{
    struct contract *c = *state;
    struct store_options options = { .url = c->url, .shared = true };
    struct store *store = NULL;
    PGconn *older = NULL;

    go_back_to(c, 5);
    older = older_server(c);
    assert_status(c, SGN_CONFLICT, store_open(&options, &store, &c->err));
    assert_non_null(strstr(c->err.message, "older Signoff are at work on it (1: planted (0.0.9))"));
    assert_non_null(strstr(c->err.message, "from 5 to 7"));
    assert_version(c, "5 ");
    PQfinish(older); /* the last of them is stopped */
    assert_ok(c, store_open(&options, &store, &c->err));
    store_close(store);
    assert_version(c, "7 6");
}

struct opening {
    struct contract *c;
    enum sgn_status st;
};

static void
open_and_close(void *ctx)
{
    struct opening *opening = ctx;
    struct store_options options = { .url = opening->c->url, .shared = true };
    struct sgn_error err = { 0 };
    struct store *store = NULL;

    opening->st = store_open(&options, &store, &err);
    if (opening->st == SGN_OK)
        store_close(store);
    else
        print_error("%s\n", err.message);
    sgn_error_clear(&err);
}

/* Each holds the lock of those who live, and neither is older. */
static void
test_newer_servers_that_start_at_once_do_not_take_each_other_for_older_ones(void **state)
{
    struct contract *c = *state;

    for (int round = 0; round < 5; round++) {
        struct opening openings[3] = { { c, SGN_OK }, { c, SGN_OK }, { c, SGN_OK } };
        struct sgn_thread *threads[3] = { NULL };

        go_back_to(c, 5);
        for (int i = 0; i < 3; i++)
            threads[i] = sgn_thread_start("opening", open_and_close, &openings[i]);
        for (int i = 0; i < 3; i++)
            sgn_thread_join(threads[i]);
        for (int i = 0; i < 3; i++)
            assert_int_equal(openings[i].st, SGN_OK);
        assert_version(c, "7 6");
    }
}

static void
plant_newer(const struct contract *c, int oldest)
{
    char sql[128];

    snprintf(sql, sizeof sql,
             "UPDATE signoff.version SET schema = 99, oldest = %d, signoff = '9.8.7'", oldest);
    contract_postgres_sql(c->url, sql);
}

static void
test_store_of_a_newer_schema_is_opened_where_that_says_so(void **state)
{
    struct contract *c = *state;
    struct store_options options = { .url = c->url, .shared = true };
    struct store *store = NULL;

    contract_close(c);
    plant_newer(c, STORE_SCHEMA_POSTGRES);
    assert_ok(c, store_open(&options, &store, &c->err));
    store_close(store);
    plant_newer(c, STORE_SCHEMA_POSTGRES + 1);
    assert_status(c, SGN_INVALID, store_open(&options, &store, &c->err));
    assert_non_null(
        strstr(c->err.message, "newer Signoff (schema 99, this one knows 7): by 9.8.7"));
    assert_version(c, "99 8");
}

/* One that was at work, and was cut off while the schema was changed. */
static void
test_server_that_is_too_old_by_now_gets_no_connection_any_more(void **state)
{
    struct contract *c = *state;
    struct store_case row = sample_case("delivery", "CR-1", 0);
    struct store_head head;

    commit_case(c, &row);
    plant_newer(c, STORE_SCHEMA_POSTGRES + 1);
    contract_postgres_sql(c->url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                                  "datname = current_database() AND pid <> pg_backend_pid()");
    assert_status(c, SGN_UNAVAILABLE, store_head_get(c->reader, "delivery", &head, &c->err));
    assert_non_null(strstr(c->err.message, "newer Signoff"));
    plant_newer(c, STORE_SCHEMA_POSTGRES);
    assert_ok(c, store_head_get(c->reader, "delivery", &head, &c->err));
    assert_int_equal(head.seq, 1);
}

#define POSTGRES(test) cmocka_unit_test_setup_teardown(test, contract_setup, contract_teardown)

int
main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        POSTGRES(test_store_is_changed_beside_older_servers_that_can_go_on),
        POSTGRES(test_store_is_not_changed_under_older_servers_that_could_not_go_on),
        POSTGRES(test_newer_servers_that_start_at_once_do_not_take_each_other_for_older_ones),
        POSTGRES(test_store_of_a_newer_schema_is_opened_where_that_says_so),
        POSTGRES(test_server_that_is_too_old_by_now_gets_no_connection_any_more),
    };
    CONTRACT_TESTS(all, tests);
    const struct contract_tests *const parts[] = { &all };

    if (argc != 2 || sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return contract_run_postgres("exchanging servers on PostgreSQL", parts, 1, argv[1]);
}
