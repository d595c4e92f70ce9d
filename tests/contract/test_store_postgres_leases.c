/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several nodes on one PostgreSQL: who is there, who does which team's work, and who keeps the
 * database for itself. Run with the file that holds the server's address.
 */
#include "contract.h"

#include "hash.h"

/* A node with a store and a connection of its own to hear the others. */
struct node {
    struct contract c;
    struct store_waker *waker;
    struct store_node self;
};

static void
node_open(struct contract *c, struct node *node, const char *id)
{
    *node =
        (struct node){ .c = *c, .self = { .id = id, .host = "h", .address = id, .version = "1" } };
    contract_open(&node->c);
    assert_ok(c, store_waker_open(node->c.store, &node->waker, &c->err));
}

static void
node_close(struct node *node)
{
    store_waker_close(node->waker);
    contract_close(&node->c);
    sgn_error_clear(&node->c.err);
}

static void
sign(struct node *node)
{
    int64_t now = 0, clock = 0;

    assert_ok(&node->c, store_node_sign(node->waker, &node->self, &now, &node->c.err));
    assert_ok(&node->c, store_clock(node->c.reader, &clock, &node->c.err));
    assert_true(now <= clock && clock - now < 60000);
}

/* As if it had said nothing for a while. */
static void
silence(struct contract *c, const char *id)
{
    char sql[128];

    snprintf(sql, sizeof sql, "UPDATE signoff.node SET seen = seen - %d WHERE id = '%s'",
             STORE_NODE_MS + 1, id);
    contract_postgres_sql(c->url, sql);
}

/* "one two": those that live, in the order in which they came. */
static void
assert_nodes(struct contract *c, const char *expected)
{
    char names[256] = "";
    json_t *nodes = NULL, *node;
    size_t i;

    assert_ok(c, store_nodes(c->reader, &nodes, &c->err));
    json_array_foreach(nodes, i, node) {
        strcat(names, i > 0 ? " " : "");
        strcat(names, json_string_value(json_object_get(node, "id")));
        assert_string_equal(json_string_value(json_object_get(node, "address")),
                            json_string_value(json_object_get(node, "id")));
    }
    assert_string_equal(names, expected);
    json_decref(nodes);
}

static void
test_nodes_are_there_while_they_give_signs(void **state)
{
    struct contract *c = *state;
    struct node one, two;

    node_open(c, &one, "one");
    node_open(c, &two, "two");
    assert_nodes(c, "");
    sign(&one);
    sign(&two);
    sign(&one);
    assert_nodes(c, "one two");
    silence(c, "one");
    assert_nodes(c, "two");
    sign(&one); /* it stood still, and goes on */
    assert_nodes(c, "one two");
    store_node_leave(two.waker, "two");
    assert_nodes(c, "one");
    node_close(&one);
    node_close(&two);
}

/* {team: number} as text, sorted. */
static void
assert_taken(struct node *node, bool all, const char *expected)
{
    struct store_fence fence = { .name = "work", .node = node->self.id };
    json_t *taken = NULL;
    char *text;

    assert_ok(&node->c, store_lease_take(node->waker, &fence, all, &taken, &node->c.err));
    text = json_dumps(taken, JSON_SORT_KEYS | JSON_COMPACT);
    assert_string_equal(text, expected);
    free(text);
    json_decref(taken);
}

static void
begin_teams(struct contract *c)
{
    struct sample sample;

    sample_init(&sample, "alpha", 1, NULL, 0, 0);
    commit_one(c, &sample, NULL);
    sample_init(&sample, "beta", 1, NULL, 0, 0);
    commit_one(c, &sample, NULL);
}

static void
test_work_is_one_nodes_until_it_is_gone(void **state)
{
    struct contract *c = *state;
    struct node one, two;
    struct sample sample;

    begin_teams(c);
    node_open(c, &one, "one");
    node_open(c, &two, "two");
    sign(&one);
    sign(&two);
    assert_taken(&one, false, "{\"alpha\":1,\"beta\":1}");
    assert_taken(&one, false, "{}");
    assert_taken(&two, false, "{}");
    silence(c, "one");
    assert_taken(&two, false, "{\"alpha\":2,\"beta\":2}");
    sign(&one);
    assert_taken(&one, true, "{}"); /* what it had is another's */
    sample_init(&sample, "gamma", 1, NULL, 0, 0);
    commit_one(c, &sample, NULL);
    assert_taken(&one, false, "{\"gamma\":1}");
    store_node_leave(two.waker, "two");
    assert_taken(&one, false, "{\"alpha\":3,\"beta\":3}");
    assert_taken(&one, true, "{\"alpha\":3,\"beta\":3,\"gamma\":1}");
    node_close(&one);
    node_close(&two);
}

/* Nobody took what it had: it goes on as before. */
static void
test_node_that_stood_still_alone_keeps_its_work(void **state)
{
    struct contract *c = *state;
    struct node one;

    begin_teams(c);
    node_open(c, &one, "one");
    sign(&one);
    assert_taken(&one, false, "{\"alpha\":1,\"beta\":1}");
    silence(c, "one");
    sign(&one);
    assert_taken(&one, true, "{\"alpha\":1,\"beta\":1}");
    node_close(&one);
}

static enum sgn_status
write_with(struct node *node, int64_t seq, int64_t number)
{
    struct store_fence fence = { .name = "work", .node = node->self.id, .number = number };
    struct sample sample;
    struct store_head head;

    sample_init(&sample, "alpha", seq, NULL, 0, 0);
    assert_ok(&node->c, store_begin(node->c.store, "alpha", &head, &node->c.err));
    assert_int_equal(head.seq, seq - 1);
    sgn_error_clear(&node->c.err);
    return store_commit(
        node->c.store,
        &(struct store_unit){ .fence = &fence, .entries = &sample.entry, .n_entries = 1 },
        &node->c.err);
}

static void
test_what_is_written_with_an_old_number_is_not_written(void **state)
{
    struct contract *c = *state;
    struct node one, two;
    struct store_head head;

    begin_teams(c);
    node_open(c, &one, "one");
    node_open(c, &two, "two");
    sign(&one);
    sign(&two);
    assert_taken(&one, false, "{\"alpha\":1,\"beta\":1}");
    assert_status(&one.c, SGN_OK, write_with(&one, 2, 1));
    silence(c, "one");
    assert_taken(&two, false, "{\"alpha\":2,\"beta\":2}");
    assert_status(&one.c, SGN_CONFLICT, write_with(&one, 3, 1));
    assert_non_null(strstr(one.c.err.message, "taken this work over"));
    assert_status(&one.c, SGN_CONFLICT, write_with(&one, 3, 2)); /* nor with a guessed one */
    assert_ok(c, store_head_get(c->reader, "alpha", &head, &c->err));
    assert_int_equal(head.seq, 2);
    assert_status(&two.c, SGN_OK, write_with(&two, 3, 2));
    assert_ok(c, store_check(c->store, &c->err));
    node_close(&one);
    node_close(&two);
}

static void
test_heads_are_told_of_some_teams_or_of_all(void **state)
{
    struct contract *c = *state;
    json_t *some = json_pack("[s, s, s]", "beta", "nosuch", "b'eta"), *heads = NULL;
    struct sample sample;
    struct node one;

    begin_teams(c);
    sample_init(&sample, "beta", 2, NULL, 0, 0);
    commit_one(c, &sample, NULL);
    node_open(c, &one, "one");
    assert_ok(c, store_heads(one.waker, NULL, &heads, &c->err));
    assert_int_equal(json_object_size(heads), 2);
    assert_int_equal(json_integer_value(json_object_get(heads, "alpha")), 1);
    assert_int_equal(json_integer_value(json_object_get(heads, "beta")), 2);
    json_decref(heads);
    assert_ok(c, store_heads(one.waker, some, &heads, &c->err));
    assert_int_equal(json_object_size(heads), 1);
    assert_int_equal(json_integer_value(json_object_get(heads, "beta")), 2);
    json_decref(heads);
    json_decref(some);
    node_close(&one);
}

/* ---- alone or not ---- */

static enum sgn_status
try_open(struct contract *c, bool alone, struct store **out)
{
    struct store_options options = { .url = c->url, .alone = alone, .shared = !alone };

    sgn_error_clear(&c->err);
    return store_open(&options, out, &c->err);
}

static void
test_nodes_share_the_database_and_who_is_alone_does_not(void **state)
{
    struct contract *c = *state;
    struct store *one = NULL, *two = NULL, *alone = NULL;

    assert_ok(c, try_open(c, false, &one));
    assert_ok(c, try_open(c, false, &two));
    assert_status(c, SGN_CONFLICT, try_open(c, true, &alone));
    assert_non_null(strstr(c->err.message, "in use by another server"));
    assert_status(c, SGN_CONFLICT, store_keep_alone(one, &c->err));
    store_close(one);
    assert_ok(c, store_keep_alone(two, &c->err));
    assert_status(c, SGN_CONFLICT, try_open(c, false, &one));
    assert_non_null(strstr(c->err.message, "keeps it for itself"));
    store_close(two);
    assert_ok(c, try_open(c, true, &alone));
    assert_status(c, SGN_CONFLICT, try_open(c, false, &one));
    store_close(alone);
    assert_ok(c, try_open(c, false, &one));
    store_close(one);
}

#define POSTGRES(test) cmocka_unit_test_setup_teardown(test, contract_setup, contract_teardown)

int
main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        POSTGRES(test_nodes_are_there_while_they_give_signs),
        POSTGRES(test_work_is_one_nodes_until_it_is_gone),
        POSTGRES(test_node_that_stood_still_alone_keeps_its_work),
        POSTGRES(test_what_is_written_with_an_old_number_is_not_written),
        POSTGRES(test_heads_are_told_of_some_teams_or_of_all),
        POSTGRES(test_nodes_share_the_database_and_who_is_alone_does_not),
    };
    CONTRACT_TESTS(all, tests);
    const struct contract_tests *const parts[] = { &all };

    if (argc != 2 || sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return contract_run_postgres("nodes on PostgreSQL", parts, 1, argv[1]);
}
