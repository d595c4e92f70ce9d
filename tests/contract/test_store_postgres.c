/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only the PostgreSQL store promises: row-level security, keys that can be distributed,
 * connections that come back, several nodes. Run with the file that holds the server's address.
 */
#include "contract.h"

#include "hash.h"
#include "thread.h"
#include <poll.h>

/* ---- row-level security ---- */

static void
test_store_rows_are_hidden_from_connections_of_other_teams(void **state)
{
    static const char *const counts[][2] = {
        { "", "0" },
        { "SET signoff.team = 'others'; ", "0" },
        { "SET signoff.team = '*'; ", "0" },
        { "SET signoff.team = 'delivery'; ", "1" },
    };
    struct contract *c = *state;
    struct store_case row = sample_case("delivery", "CR-1", 0);
    char *unprotected = NULL;

    commit_case(c, &row);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        char sql[128], *n = NULL;

        snprintf(sql, sizeof sql, "%sSELECT count(*) FROM signoff.case_", counts[i][0]);
        n = contract_postgres_ask(c->url, sql);
        assert_string_equal(n, counts[i][1]);
        free(n);
    }
    /* Every table with a team in its key, also the one that is forgotten next. */
    unprotected = contract_postgres_ask(
        c->url, "SELECT string_agg(c.relname, ' ') FROM pg_class c JOIN pg_namespace n "
                "ON n.oid = c.relnamespace AND n.nspname = 'signoff' WHERE c.relkind = 'r' "
                "AND c.relname NOT IN ('version', 'token', 'setting', 'team_', 'node', 'link') "
                "AND NOT (c.relrowsecurity AND c.relforcerowsecurity)");
    assert_string_equal(unprotected, "");
    free(unprotected);
}

/* So that the tables can be distributed by it. */
static void
test_store_every_key_and_index_begins_with_the_team(void **state)
{
    struct contract *c = *state;
    char *others = contract_postgres_ask(
        c->url, "SELECT string_agg(i.relname, ' ' ORDER BY i.relname) FROM pg_index x "
                "JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n "
                "ON n.oid = i.relnamespace AND n.nspname = 'signoff' JOIN pg_attribute a "
                "ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0] WHERE a.attname <> 'team'");

    assert_string_equal(others, "link_pkey node_pkey setting_pkey token_pkey");
    free(others);
}

/* ---- connections that are cut ---- */

static void
cut_all(const struct contract *c)
{
    contract_postgres_sql(c->url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                                  "datname = current_database() AND pid <> pg_backend_pid() "
                                  "AND backend_type = 'client backend'");
}

static void
test_store_readers_and_writers_connect_again(void **state)
{
    struct contract *c = *state;
    struct store_case row = sample_case("delivery", "CR-1", 0);
    struct store_head head;

    commit_case(c, &row);
    cut_all(c);
    assert_ok(c, store_head_get(c->reader, "delivery", &head, &c->err));
    assert_int_equal(head.seq, 1);
    commit_case(c, &row);
    assert_ok(c, store_head_get(c->reader, "delivery", &head, &c->err));
    assert_int_equal(head.seq, 2);
}

static void
test_store_commit_whose_connection_was_cut_before_it_did_not_happen(void **state)
{
    struct contract *c = *state;
    struct sample sample;
    struct store_unit unit = { .n_entries = 1 };
    struct store_head head;

    sample_init(&sample, "delivery", 1, NULL, 0, 0);
    unit.entries = &sample.entry;
    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
    cut_all(c);
    assert_status(c, SGN_UNAVAILABLE, store_commit(c->store, &unit, &c->err));
    assert_ok(c, store_head_get(c->reader, "delivery", &head, &c->err));
    assert_int_equal(head.seq, 0);
    commit_one(c, &sample, NULL); /* and it is not held against the store */
}

/* ---- several nodes ---- */

static void
test_store_what_another_node_wrote_is_replaced_whole(void **state)
{
    struct contract *c = *state;
    struct contract other = *c;
    struct store_case row = sample_case("delivery", "CR-1", 0);
    struct store_case_filter filter = { .team = "delivery", .limit = 5 };
    json_t *two = json_pack("[{s:s, s:s}, {s:s, s:s}]", "kind", "owner", "person", "li", "kind",
                            "task", "person", "wang");
    json_t *one = json_pack("[{s:s, s:s}]", "kind", "owner", "person", "kim");
    json_t *high = json_pack("{s:s, s:i}", "level", "high", "size", 1);
    json_t *low = json_pack("{s:s}", "level", "low");
    struct store_page page;

    contract_open(&other);
    /* Written in turn by two nodes, each of which remembers what it wrote itself. */
    for (int turn = 0; turn < 6; turn++) {
        struct contract *node = turn % 3 == 1 ? &other : c;

        row.waiting = turn % 2 == 0 ? two : one;
        row.indexed = turn % 2 == 0 ? high : low;
        row.next_at = turn % 2 == 0 ? 100 + turn : 0;
        commit_case(node, &row);
        row.case_seq++;
        for (int person = 0; person < 3; person++) {
            static const char *const persons[] = { "li", "wang", "kim" };

            assert_ok(c,
                      store_inbox(c->reader, "delivery", persons[person], NULL, 5, &page, &c->err));
            assert_int_equal(json_array_size(page.items), (person == 2) == (turn % 2 == 1));
            store_page_deinit(&page);
        }
        filter.fields = turn % 2 == 0 ? high : low;
        assert_ok(c, store_case_query(c->reader, &filter, &page, &c->err));
        assert_int_equal(json_array_size(page.items), 1);
        store_page_deinit(&page);
        filter.fields = turn % 2 == 0 ? low : high;
        assert_ok(c, store_case_query(c->reader, &filter, &page, &c->err));
        assert_int_equal(json_array_size(page.items), 0);
        store_page_deinit(&page);
        assert_ok(c, store_check(c->store, &c->err));
    }
    contract_close(&other);
    sgn_error_clear(&other.err);
    json_decref(two);
    json_decref(one);
    json_decref(high);
    json_decref(low);
}

enum {
    NODES = 3,
    TURNS = 40
};

struct node {
    const char *url;
    char failed[256];
};

/* A node adds one to the counter under the team's lock, TURNS times. */
static void
count_up(void *arg)
{
    struct node *node = arg;
    struct store_options options = { .url = node->url };
    struct sgn_error err = { 0 };
    struct store *store = NULL;
    json_t *key = json_pack("{s:s}", "name", "n");
    enum sgn_status st = store_open(&options, &store, &err);

    for (int i = 0; st == SGN_OK && i < TURNS; i++) {
        struct store_head head;
        json_t *row = NULL;
        struct store_row put = { .table = STORE_COUNTER, .team = "delivery" };
        struct sample sample;
        struct store_unit unit = { .n_entries = 1, .rows = &put, .n_rows = 1 };

        st = store_begin(store, "delivery", &head, &err);
        if (st != SGN_OK)
            break;
        if (store_row_get(store_own_reader(store), STORE_COUNTER, "delivery", key, &row, NULL) !=
            SGN_OK)
            row = json_pack("{s:s, s:i}", "name", "n", "value", 0);
        json_object_set_new(row, "value",
                            json_integer(json_integer_value(json_object_get(row, "value")) + 1));
        put.row = row;
        sample_init(&sample, "delivery", head.seq + 1, NULL, 0, 0);
        unit.entries = &sample.entry;
        st = store_commit(store, &unit, &err);
        json_decref(row);
    }
    if (st != SGN_OK)
        snprintf(node->failed, sizeof node->failed, "%.255s", err.message);
    store_close(store);
    sgn_error_clear(&err);
    json_decref(key);
}

/* They also begin at once on an empty database: one makes the schema, the others wait. */
static void
test_store_nodes_write_one_after_the_other(void **state)
{
    struct contract *c = *state;
    struct node nodes[NODES];
    struct sgn_thread *threads[NODES];
    json_t *key = json_pack("{s:s}", "name", "n"), *row = NULL;
    struct store_head head;

    contract_close(c);
    contract_postgres_sql(c->url, "DROP SCHEMA signoff CASCADE");
    for (int i = 0; i < NODES; i++) {
        nodes[i] = (struct node){ .url = c->url };
        threads[i] = sgn_thread_start("node", count_up, &nodes[i]);
        assert_non_null(threads[i]);
    }
    for (int i = 0; i < NODES; i++) {
        sgn_thread_join(threads[i]);
        assert_string_equal(nodes[i].failed, "");
    }
    contract_open(c);
    assert_ok(c, store_head_get(c->reader, "delivery", &head, &c->err));
    assert_int_equal(head.seq, NODES * TURNS);
    assert_ok(c, store_row_get(c->reader, STORE_COUNTER, "delivery", key, &row, &c->err));
    assert_int_equal(json_integer_value(json_object_get(row, "value")), NODES * TURNS);
    assert_ok(c, store_check(c->store, &c->err));
    json_decref(row);
    json_decref(key);
}

/* What a waker hears within ten seconds; asks again when what came was for somebody else. */
static json_t *
hear(struct contract *c, struct store_waker *waker)
{
    struct pollfd fd = { .fd = store_waker_fd(waker), .events = POLLIN };
    json_t *told = NULL;

    for (;;) {
        assert_int_equal(poll(&fd, 1, 10000), 1);
        assert_ok(c, store_waker_take(waker, &told, &c->err));
        if (!json_is_array(told) || json_array_size(told) > 0)
            return told;
        json_decref(told);
    }
}

static void
test_store_nodes_wake_each_other(void **state)
{
    enum {
        MANY = 1000
    };
    struct contract *c = *state;
    struct contract other = *c;
    struct store_waker *one = NULL, *two = NULL;
    json_t *teams = json_pack("[s, s, s]", "delivery", "support", "delivery"), *told = NULL;
    int heard = 0;

    contract_open(&other);
    assert_ok(c, store_waker_open(c->store, &one, &c->err));
    assert_ok(c, store_waker_open(other.store, &two, &c->err));
    assert_ok(c, store_wake(one, teams, &c->err));
    told = hear(c, two);
    assert_int_equal(json_array_size(told), 2);
    assert_string_equal(json_string_value(json_array_get(told, 0)), "delivery");
    assert_string_equal(json_string_value(json_array_get(told, 1)), "support");
    json_decref(told);
    assert_ok(c, store_waker_take(two, &told, &c->err));
    assert_int_equal(json_array_size(told), 0); /* once */
    json_decref(told);

    /* More than one notification can hold. */
    json_array_clear(teams);
    for (int i = 0; i < MANY; i++) {
        char name[32];

        snprintf(name, sizeof name, "a-team-with-a-long-name-%d", i);
        json_array_append_new(teams, json_string(name));
    }
    assert_ok(c, store_wake(two, teams, &c->err));
    while (heard < MANY) {
        told = hear(c, one);
        heard += (int)json_array_size(told);
        json_decref(told);
    }
    assert_int_equal(heard, MANY);
    store_waker_close(one);
    store_waker_close(two);
    json_decref(teams);
    contract_close(&other);
    sgn_error_clear(&other.err);
}

static void
test_store_waker_that_was_cut_says_look_at_all(void **state)
{
    struct contract *c = *state;
    struct store_waker *waker = NULL;
    struct pollfd fd = { .events = POLLIN };
    json_t *told = NULL;
    enum sgn_status st;

    assert_ok(c, store_waker_open(c->store, &waker, &c->err));
    fd.fd = store_waker_fd(waker);
    cut_all(c);
    assert_int_equal(poll(&fd, 1, 10000), 1);
    /* The end may come after the server's last words, and it does not try too often: both the test
     * has to wait for. */
    for (int i = 0; i < 500 && !json_is_null(told); i++) {
        json_decref(told);
        st = store_waker_take(waker, &told, &c->err);
        assert_true(st == SGN_OK || st == SGN_UNAVAILABLE);
        if (!json_is_null(told))
            (void)poll(NULL, 0, 20);
    }
    assert_true(json_is_null(told));
    json_decref(told);
    assert_ok(c, store_waker_take(waker, &told, &c->err));
    assert_int_equal(json_array_size(told), 0);
    json_decref(told);
    store_waker_close(waker);
}

static void
test_store_check_finds_what_was_done_behind_its_back(void **state)
{
    static const char *const harm[][2] = {
        { "UPDATE signoff.head SET hash = 'x' WHERE team = 'delivery'", "not its last entry" },
        { "DELETE FROM signoff.entry WHERE seq = 1", "have a gap" },
        { "UPDATE signoff.due SET next_at = 7", "next due time" },
        { "UPDATE signoff.case_ SET last_seq = 9", "another case's" },
    };
    struct contract *c = *state;

    for (size_t i = 0; i < sizeof harm / sizeof harm[0]; i++) {
        struct store_case row = sample_case("delivery", "CR-1", 0);
        char sql[256];

        contract_close(c);
        contract_postgres_sql(c->url, "DROP SCHEMA signoff CASCADE");
        contract_open(c);
        row.next_at = 5;
        commit_case(c, &row);
        commit_case(c, &row);
        assert_ok(c, store_check(c->store, &c->err));
        snprintf(sql, sizeof sql, "SET signoff.team = 'delivery'; %s", harm[i][0]);
        contract_postgres_sql(c->url, sql);
        assert_status(c, SGN_INVALID, store_check(c->store, &c->err));
        assert_non_null(strstr(c->err.message, harm[i][1]));
    }
}

#define POSTGRES(test) cmocka_unit_test_setup_teardown(test, contract_setup, contract_teardown)

int
main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        POSTGRES(test_store_rows_are_hidden_from_connections_of_other_teams),
        POSTGRES(test_store_every_key_and_index_begins_with_the_team),
        POSTGRES(test_store_readers_and_writers_connect_again),
        POSTGRES(test_store_commit_whose_connection_was_cut_before_it_did_not_happen),
        POSTGRES(test_store_what_another_node_wrote_is_replaced_whole),
        POSTGRES(test_store_nodes_write_one_after_the_other),
        POSTGRES(test_store_nodes_wake_each_other),
        POSTGRES(test_store_waker_that_was_cut_says_look_at_all),
        POSTGRES(test_store_check_finds_what_was_done_behind_its_back),
    };
    CONTRACT_TESTS(all, tests);
    const struct contract_tests *const parts[] = { &all };

    if (argc != 2 || sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return contract_run_postgres("store on PostgreSQL", parts, 1, argv[1]);
}
