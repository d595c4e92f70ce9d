/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which servers and databases the PostgreSQL store refuses: with words that help, without the
 * password, and leaving everything as it was. Run with the file that holds the server's address.
 *
 * The linker sends PQserverVersion through here, so that an old server can be played.
 */
#include "contract.h"

#include "hash.h"
#include <libpq-fe.h>
#include <unistd.h>

static int played_version;

int __real_PQserverVersion(const PGconn *pg);
int __wrap_PQserverVersion(const PGconn *pg);

int
__wrap_PQserverVersion(const PGconn *pg)
{
    return played_version != 0 ? played_version : __real_PQserverVersion(pg);
}

/* Opens the store and expects a refusal with the words, and without the password. */
static void
assert_refused(struct contract *c, const char *url, enum sgn_status want, const char *words)
{
    struct store_options options = { .url = url };
    struct store *store = NULL;
    const char *secret = strchr(c->backend + strlen("postgres://"), ':');
    char password[64];

    assert_status(c, want, store_open(&options, &store, &c->err));
    assert_null(store);
    if (strstr(c->err.message, words) == NULL)
        print_error("\"%s\" is not in \"%s\"\n", words, c->err.message);
    assert_non_null(strstr(c->err.message, words));
    assert_non_null(secret);
    snprintf(password, sizeof password, "%.*s", (int)strcspn(secret + 1, "@"), secret + 1);
    assert_null(strstr(c->err.message, password));
}

/* SQL that names the test's database where it says %s. */
static void
alter_database(const struct contract *c, const char *format)
{
    char sql[256];

    /* NOLINTNEXTLINE(clang-diagnostic-format-nonliteral): the tests' own constants */
    snprintf(sql, sizeof sql, format, strrchr(c->backend, '/') + 1);
    contract_postgres_sql(c->backend, sql);
}

/* The address of another database, or of another role without a password of its own kind. */
static const char *
url_of(const struct contract *c, const char *role, const char *database, char out[512])
{
    const char *secret = strchr(c->backend + strlen("postgres://"), ':');

    snprintf(out, 512, "postgres://%s%.*s/%s", role, (int)(strrchr(c->backend, '/') - secret),
             secret, database);
    return out;
}

/* ---- refusals ---- */

static void
test_store_refuses_a_url_that_is_none_and_hides_it(void **state)
{
    struct contract *c = *state;

    assert_refused(c, "postgres://li:secret%zz@host/db", SGN_INVALID, "postgres://USER@HOST");
    assert_null(strstr(c->err.message, "secret"));
    assert_refused(c, "postgre://li:secret@host/db", SGN_INVALID, "postgres://USER@HOST");
    assert_null(strstr(c->err.message, "secret"));
}

static void
test_store_refuses_a_server_that_cannot_be_reached(void **state)
{
    assert_refused(*state, "postgres://li:secret@127.0.0.1:1/db", SGN_UNAVAILABLE,
                   "whether the server runs");
}

static void
test_store_refuses_a_wrong_password_and_a_missing_database(void **state)
{
    struct contract *c = *state;
    char url[512];

    assert_refused(c, url_of(c, "nobody-such", "signoff", url), SGN_UNAVAILABLE, "pg_hba.conf");
    assert_refused(c, url_of(c, "signoff", "missing", url), SGN_UNAVAILABLE, "CREATE DATABASE");
}

static void
test_store_refuses_a_server_that_is_too_old(void **state)
{
    struct contract *c = *state;

    played_version = 130011;
    assert_refused(c, c->url, SGN_INVALID, "PostgreSQL 13.11 is too old; Signoff needs 14");
    played_version = 0;
}

static void
test_store_refuses_another_encoding(void **state)
{
    struct contract *c = *state;
    char sql[256], name[64], url[512];
    char *version = contract_postgres_ask(c->url, "SHOW server_version_num");

    snprintf(name, sizeof name, "ascii_%ld", (long)getpid());
    snprintf(sql, sizeof sql,
             "CREATE DATABASE %s ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' "
             "LC_CTYPE 'C'%s",
             name, strtol(version, NULL, 10) >= 150000 ? " LOCALE_PROVIDER libc" : "");
    contract_postgres_sql(c->url, sql);
    assert_refused(c, url_of(c, "signoff", name, url), SGN_INVALID,
                   "its encoding is SQL_ASCII, Signoff needs UTF8");
    snprintf(sql, sizeof sql, "DROP DATABASE %s", name);
    contract_postgres_sql(c->url, sql);
    free(version);
}

static void
test_store_refuses_servers_that_would_break_a_promise(void **state)
{
    struct contract *c = *state;

    contract_close(c);
    alter_database(c, "ALTER DATABASE %s SET synchronous_commit = off");
    assert_refused(c, c->url, SGN_UNAVAILABLE, "synchronous_commit is off");
    alter_database(c, "ALTER DATABASE %s SET synchronous_commit = local");
    contract_open(c);
    contract_close(c);
    alter_database(c, "ALTER DATABASE %s RESET synchronous_commit");

    alter_database(c, "ALTER DATABASE %s SET default_transaction_read_only = on");
    assert_refused(c, c->url, SGN_UNAVAILABLE, "default_transaction_read_only");
    alter_database(c, "BEGIN READ WRITE; ALTER DATABASE %s RESET default_transaction_read_only; "
                      "COMMIT");

    /* A server in recovery, played by a function that is found first. */
    contract_postgres_sql(c->url, "CREATE SCHEMA play; CREATE FUNCTION play.pg_is_in_recovery() "
                                  "RETURNS boolean LANGUAGE sql AS 'SELECT true'");
    alter_database(c, "ALTER DATABASE %s SET search_path = play, pg_catalog");
    assert_refused(c, c->url, SGN_UNAVAILABLE, "is a standby (in recovery)");
    alter_database(c, "ALTER DATABASE %s RESET search_path");
    contract_postgres_sql(c->url, "DROP SCHEMA play CASCADE");
}

static void
test_store_refuses_when_all_connections_are_taken(void **state)
{
    struct contract *c = *state;
    char url[512];

    contract_close(c);
    contract_postgres_sql(c->url, "CREATE ROLE crowded LOGIN CONNECTION LIMIT 1");
    alter_database(c, "GRANT CREATE ON DATABASE %s TO crowded");
    contract_postgres_sql(
        c->url, "DO $$ BEGIN EXECUTE format('ALTER ROLE crowded PASSWORD %L', 'crowded'); END $$");
    snprintf(url, sizeof url, "postgres://crowded:crowded%s", strchr(c->url, '@'));
    assert_refused(c, url, SGN_UNAVAILABLE, "max_connections");
    alter_database(c, "REVOKE CREATE ON DATABASE %s FROM crowded");
    contract_postgres_sql(c->url, "DROP ROLE crowded");
}

static void
test_store_refuses_the_schema_of_another_program_and_leaves_it_alone(void **state)
{
    struct contract *c = *state;
    char *n = NULL;

    contract_close(c);
    contract_postgres_sql(c->url, "DROP SCHEMA signoff CASCADE; CREATE SCHEMA signoff; "
                                  "CREATE TABLE signoff.recipe(name text)");
    assert_refused(c, c->url, SGN_INVALID, "is of another program");
    contract_postgres_sql(c->url, "CREATE TABLE signoff.version(program text, schema int); "
                                  "INSERT INTO signoff.version VALUES('cookbook', 1)");
    assert_refused(c, c->url, SGN_INVALID, "is of another program");
    n = contract_postgres_ask(c->url, "SELECT count(*) FROM pg_class c JOIN pg_namespace n "
                                      "ON n.oid = relnamespace AND nspname = 'signoff' "
                                      "WHERE relkind = 'r'");
    assert_string_equal(n, "2");
    free(n);
}

static void
test_store_refuses_a_newer_schema_and_leaves_it_alone(void **state)
{
    struct contract *c = *state;
    char *schema = NULL;

    contract_close(c);
    contract_postgres_sql(c->url, "UPDATE signoff.version SET schema = 99, oldest = 99");
    assert_refused(c, c->url, SGN_INVALID, "newer Signoff (schema 99, this one knows");
    schema = contract_postgres_ask(c->url, "SELECT schema FROM signoff.version");
    assert_string_equal(schema, "99");
    free(schema);
}

static void
test_store_that_is_only_looked_at_is_not_made(void **state)
{
    struct contract *c = *state;
    struct store_options look = { .url = c->url, .look = true };
    struct store *store = NULL;
    char *schemas = NULL;

    contract_close(c);
    assert_ok(c, store_open(&look, &store, &c->err));
    store_close(store);
    contract_postgres_sql(c->url, "DROP SCHEMA signoff CASCADE");
    assert_status(c, SGN_NOT_FOUND, store_open(&look, &store, &c->err));
    schemas = contract_postgres_ask(c->url,
                                    "SELECT count(*) FROM pg_namespace WHERE nspname = 'signoff'");
    assert_string_equal(schemas, "0");
    free(schemas);
}

/* A role without rights is told one after another what to ask for, until it can work. */
static void
test_store_says_which_right_is_lacking(void **state)
{
    struct contract *c = *state;
    struct store_options options;
    struct store *store = NULL;
    char url[512];

    contract_close(c);
    contract_postgres_sql(c->url, "DROP SCHEMA signoff CASCADE; CREATE ROLE guest LOGIN PASSWORD "
                                  "'guest'");
    snprintf(url, sizeof url, "postgres://guest:guest%s", strchr(c->url, '@'));
    assert_refused(c, url, SGN_UNAVAILABLE, "CREATE SCHEMA signoff AUTHORIZATION \"guest\"");
    contract_open(c);
    assert_refused(c, url, SGN_UNAVAILABLE, "GRANT USAGE ON SCHEMA signoff TO \"guest\"");
    contract_postgres_sql(c->url, "GRANT USAGE ON SCHEMA signoff TO guest");
    assert_refused(c, url, SGN_UNAVAILABLE, "GRANT USAGE ON SCHEMA signoff, and SELECT, INSERT");
    contract_postgres_sql(c->url, "GRANT SELECT ON ALL TABLES IN SCHEMA signoff TO guest");
    assert_refused(c, url, SGN_UNAVAILABLE, "role guest may not read and write case_, case_field");
    contract_postgres_sql(c->url, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "
                                  "signoff TO guest");
    options = (struct store_options){ .url = url };
    assert_ok(c, store_open(&options, &store, &c->err));
    store_close(store);
    contract_postgres_sql(c->url, "REVOKE ALL ON ALL TABLES IN SCHEMA signoff FROM guest; "
                                  "REVOKE ALL ON SCHEMA signoff FROM guest; DROP ROLE guest");
}

#define POSTGRES(test) cmocka_unit_test_setup_teardown(test, contract_setup, contract_teardown)

int
main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        POSTGRES(test_store_refuses_a_url_that_is_none_and_hides_it),
        POSTGRES(test_store_refuses_a_server_that_cannot_be_reached),
        POSTGRES(test_store_refuses_a_wrong_password_and_a_missing_database),
        POSTGRES(test_store_refuses_a_server_that_is_too_old),
        POSTGRES(test_store_refuses_another_encoding),
        POSTGRES(test_store_refuses_servers_that_would_break_a_promise),
        POSTGRES(test_store_refuses_when_all_connections_are_taken),
        POSTGRES(test_store_refuses_the_schema_of_another_program_and_leaves_it_alone),
        POSTGRES(test_store_refuses_a_newer_schema_and_leaves_it_alone),
        POSTGRES(test_store_that_is_only_looked_at_is_not_made),
        POSTGRES(test_store_says_which_right_is_lacking),
    };
    CONTRACT_TESTS(all, tests);
    const struct contract_tests *const parts[] = { &all };

    if (argc != 2 || sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return contract_run_postgres("where a store on PostgreSQL may lie", parts, 1, argv[1]);
}
