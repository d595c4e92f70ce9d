/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The connections of a PostgreSQL store that write: that none waits for another, how many there
 * are, and what is done when the server has no room for them. Run with the file that holds the
 * server's address.
 */
#include "contract.h"

#include "clock.h"
#include "hash.h"
#include <libpq-fe.h>
#include <unistd.h>

static struct store_unit
unit_of(const struct sample *sample)
{
    return (struct store_unit){ .entries = &sample->entry, .n_entries = 1 };
}

/* ---- none waits for another ---- */

static void
test_store_team_whose_head_another_node_holds_keeps_nobody_waiting(void **state)
{
    struct contract *c = *state;
    struct store_options options = { .url = c->url };
    struct store *node = NULL;
    struct sample theirs, ours, beta;
    struct store_unit units[3];
    struct store_head head;

    sample_init(&theirs, "alpha", 1, NULL, 0, 0);
    commit_one(c, &theirs, NULL);
    sample_init(&theirs, "alpha", 2, NULL, 0, 0);
    sample_init(&ours, "alpha", 3, NULL, 0, 0);
    sample_init(&beta, "beta", 1, NULL, 0, 0);
    units[0] = unit_of(&theirs), units[1] = unit_of(&ours), units[2] = unit_of(&beta);
    assert_ok(c, store_open(&options, &node, &c->err));
    assert_int_equal(store_ways(c->store, 2), 2);
    assert_ok(c, store_begin(node, "alpha", &head, &c->err));

    store_begin_send(c->store, "alpha");
    store_begin_send(c->store, "beta");
    assert_string_equal(store_answered(c->store, true), "beta");
    assert_ok(c, store_begin(c->store, "beta", &head, &c->err));
    assert_null(store_answered(c->store, false));
    store_commit_send(c->store, &units[2]);
    assert_string_equal(store_answered(c->store, true), "beta");
    assert_ok(c, store_commit_wait(c->store, &units[2], &c->err));

    assert_ok(c, store_commit(node, &units[0], &c->err));
    assert_string_equal(store_answered(c->store, true), "alpha");
    assert_ok(c, store_begin(c->store, "alpha", &head, &c->err));
    assert_int_equal(head.seq, 2); /* as the other node has left it */
    assert_ok(c, store_commit(c->store, &units[1], &c->err));
    store_close(node);
}

/* More than any socket takes while the server stands at what came before. */
static void
test_store_sending_much_does_not_wait_for_the_server(void **state)
{
    enum {
        MUCH = 16 * 1024 * 1024
    };
    struct contract *c = *state;
    char *much = malloc(MUCH);
    PGconn *pg = PQconnectdb(c->url);
    struct sample sample;
    struct store_case one = sample_case("alpha", "CR-1", 1);
    struct store_row person = { .table = STORE_PERSON, .team = "beta" };
    struct store_unit units[2] = { { .n_entries = 1, .cases = &one, .n_cases = 1 },
                                   { .rows = &person, .n_rows = 1 } };
    struct store_head head;

    assert_non_null(much);
    memset(much, ' ', MUCH);
    snprintf(much + MUCH - 3, 3, "{}");
    one.document = much;
    sample_init(&sample, "alpha", 1, "CR-1", 1, 0);
    units[0].entries = &sample.entry;
    person.row = json_pack("{s:s}", "person", "li");
    assert_int_equal(store_ways(c->store, 2), 2);
    assert_ok(c, store_begin(c->store, "alpha", &head, &c->err));
    assert_ok(c, store_begin(c->store, "beta", &head, &c->err));
    PQclear(PQexec(pg, "BEGIN; LOCK TABLE signoff.entry IN SHARE MODE"));
    assert_int_equal(PQtransactionStatus(pg), PQTRANS_INTRANS);

    store_commit_send(c->store, &units[0]);
    store_commit_send(c->store, &units[1]);
    assert_string_equal(store_answered(c->store, true), "beta");
    assert_ok(c, store_commit_wait(c->store, &units[1], &c->err));
    assert_null(store_answered(c->store, false));
    PQfinish(pg); /* the lock goes with it */
    assert_string_equal(store_answered(c->store, true), "alpha");
    assert_ok(c, store_commit_wait(c->store, &units[0], &c->err));
    json_decref((json_t *)(uintptr_t)person.row);
    free(much);
}

/* ---- how many ---- */

/* Connections of the store to the test's database. */
static int
connections(const struct contract *c)
{
    char *n = contract_postgres_ask(c->url, "SELECT count(*) FROM pg_stat_activity WHERE datname = "
                                            "current_database() AND application_name = 'signoff'");
    int count = atoi(n);

    free(n);
    return count;
}

/* The server needs a moment to see that one was closed. */
static void
await_connections(const struct contract *c, int n)
{
    int64_t begun = sgn_monotonic_ms();

    while (connections(c) > n && sgn_monotonic_ms() - begun < 10000)
        ;
    assert_int_equal(connections(c), n);
}

/* Until something that was used just now has been without work for 1 ms. */
static void
pass_some_ms(void)
{
    int64_t begun = sgn_monotonic_ms();

    while (sgn_monotonic_ms() - begun < 3)
        ;
}

static void
test_store_connections_are_opened_when_there_is_work(void **state)
{
    struct contract *c = *state;
    struct store_head head;

    assert_int_equal(connections(c), 2);
    assert_int_equal(store_ways(c->store, 1), 1);
    assert_int_equal(connections(c), 2);
    assert_int_equal(store_ways(c->store, 3), 3);
    assert_int_equal(connections(c), 4);
    assert_int_equal(store_ways(c->store, 100), STORE_CONNECTIONS);
    for (int i = 0; i < STORE_CONNECTIONS; i++) {
        char team[16];

        snprintf(team, sizeof team, "team-%d", i);
        assert_ok(c, store_begin(c->store, team, &head, &c->err));
    }
    assert_status(c, SGN_INTERNAL, store_begin(c->store, "one-more", &head, &c->err));
    store_rollback(c->store, NULL);
}

static void
test_store_connections_without_work_are_closed(void **state)
{
    struct contract *c = *state;
    struct store_options options = { .url = c->url, .connections = 3, .spare_ms = 1 };
    struct sample samples[2];
    struct store_unit units[2];
    struct store_head head;

    contract_close(c);
    assert_ok(c, store_open(&options, &c->store, &c->err));
    c->reader = store_own_reader(c->store);
    assert_int_equal(store_ways(c->store, 9), 3);
    for (int i = 0; i < 2; i++) {
        sample_init(&samples[i], i == 0 ? "alpha" : "beta", 1, NULL, 0, 0);
        units[i] = unit_of(&samples[i]);
        assert_ok(c, store_begin(c->store, samples[i].entry.team, &head, &c->err));
    }
    pass_some_ms();
    (void)store_idle(c->store);
    for (int i = 0; i < 2; i++) /* those at work were left alone */
        assert_ok(c, store_commit(c->store, &units[i], &c->err));
    await_connections(c, 3);
    pass_some_ms();
    (void)store_idle(c->store);
    await_connections(c, 2); /* the first one stays, and the reader's */
    assert_ok(c, store_begin(c->store, "alpha", &head, &c->err));
    store_rollback(c->store, NULL);
}

/* ---- no room ---- */

static void
limit_connections(const struct contract *c, int n)
{
    const char *name = strrchr(c->backend, '/') + 1;
    char base[512], sql[128];

    snprintf(base, sizeof base, "%.*s/signoff", (int)(name - 1 - c->backend), c->backend);
    snprintf(sql, sizeof sql, "ALTER DATABASE %.40s CONNECTION LIMIT %d", name, n);
    contract_postgres_sql(base, sql);
}

/* How many lines of what was written to the file hold the words. */
static int
count_lines(FILE *file, const char *words)
{
    char line[1024];
    int n = 0;

    rewind(file);
    while (fgets(line, sizeof line, file) != NULL)
        n += strstr(line, words) != NULL ? 1 : 0;
    return n;
}

static void
test_store_goes_on_with_fewer_connections_and_says_so_once(void **state)
{
    struct contract *c = *state;
    struct sample sample;
    FILE *said = tmpfile();
    int err = dup(STDERR_FILENO), ways[3];

    assert_non_null(said);
    await_connections(c, 2); /* those of tests before are gone */
    limit_connections(c, 3);
    assert_int_equal(dup2(fileno(said), STDERR_FILENO), STDERR_FILENO);
    for (int i = 0; i < 3; i++)
        ways[i] = store_ways(c->store, 4);
    assert_int_equal(dup2(err, STDERR_FILENO), STDERR_FILENO);
    close(err);
    limit_connections(c, -1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(ways[i], 2);
    assert_int_equal(count_lines(said, "fewer teams at a time"), 1);
    assert_int_equal(count_lines(said, "raise max_connections"), 1);
    sample_init(&sample, "alpha", 1, NULL, 0, 0);
    commit_one(c, &sample, NULL);
    assert_int_equal(fclose(said), 0);
}

#define WAYS(test) cmocka_unit_test_setup_teardown(test, contract_setup, contract_teardown)

int
main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        WAYS(test_store_team_whose_head_another_node_holds_keeps_nobody_waiting),
        WAYS(test_store_sending_much_does_not_wait_for_the_server),
        WAYS(test_store_connections_are_opened_when_there_is_work),
        WAYS(test_store_connections_without_work_are_closed),
        WAYS(test_store_goes_on_with_fewer_connections_and_says_so_once),
    };
    CONTRACT_TESTS(all, tests);
    const struct contract_tests *const parts[] = { &all };

    if (argc != 2 || sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return contract_run_postgres("store on PostgreSQL, ways", parts, 1, argv[1]);
}
