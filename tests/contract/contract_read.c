/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The contract of reading entries, requests, single cases and what is due.
 */
#include "contract.h"

struct walk {
    int64_t seqs[64];
    int n;
    int stop_after; /* 0: never */
};

static enum sgn_status
walk_on(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct walk *walk = ctx;

    assert_in_range(walk->n, 0, 63);
    walk->seqs[walk->n++] = entry->seq;
    if (walk->stop_after != 0 && walk->n == walk->stop_after)
        return sgn_fail(err, SGN_REFUSED, "enough");
    return SGN_OK;
}

static void
assert_walk(const struct walk *walk, int n, const int64_t *seqs)
{
    assert_int_equal(walk->n, n);
    for (int i = 0; i < n; i++)
        assert_int_equal(walk->seqs[i], seqs[i]);
}

/* Six entries: of case CR-1 the numbers 1, 3, 6, of CR-2 2 and 4, of no case 5. */
static void
commit_six(struct contract *c)
{
    static const struct {
        const char *key;
        int64_t case_seq, previous;
        bool effects;
    } rows[] = { { "CR-1", 1, 0, true }, { "CR-2", 1, 0, false }, { "CR-1", 2, 1, false },
                 { "CR-2", 2, 2, true }, { NULL, 0, 0, true },    { "CR-1", 3, 3, false } };

    for (int i = 0; i < 6; i++) {
        struct sample sample;
        struct store_case row = sample_case("delivery", rows[i].key, i + 1);

        sample_init(&sample, "delivery", i + 1, rows[i].key, rows[i].case_seq, rows[i].previous);
        sample.entry.has_effects = rows[i].effects;
        commit_one(c, &sample, rows[i].key == NULL ? NULL : &row);
    }
}

static enum sgn_status
check_row(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    const struct sample *want = ctx;
    unsigned char none[16] = { 0 };

    (void)err;
    assert_string_equal(entry->team, want->entry.team);
    assert_int_equal(entry->seq, want->entry.seq);
    if (want->entry.case_key == NULL)
        assert_null(entry->case_key);
    else
        assert_string_equal(entry->case_key, want->entry.case_key);
    assert_int_equal(entry->case_seq, want->entry.case_seq);
    assert_int_equal(entry->previous, want->entry.previous);
    assert_int_equal(entry->at, want->entry.at);
    assert_string_equal(entry->kind, want->entry.kind);
    assert_string_equal(entry->actor, want->entry.actor);
    assert_string_equal(entry->hash, want->entry.hash);
    assert_int_equal(entry->header_n, want->entry.header.n);
    assert_memory_equal(entry->header, want->entry.header.bytes, entry->header_n);
    if (want->entry.shared.bytes == NULL) {
        assert_null(entry->shared);
        assert_memory_equal(entry->shared_salt, none, 16);
    } else {
        assert_int_equal(entry->shared_n, want->entry.shared.n);
        assert_memory_equal(entry->shared, want->entry.shared.bytes, entry->shared_n);
        assert_memory_equal(entry->shared_salt, want->entry.shared_salt, 16);
    }
    assert_memory_equal(entry->internal, want->entry.internal.bytes, entry->internal_n);
    assert_memory_equal(entry->internal_salt, want->entry.internal_salt, 16);
    if (want->entry.request == NULL)
        assert_true(entry->request == NULL && entry->request_digest == NULL);
    else
        assert_string_equal(entry->request, want->entry.request);
    return SGN_OK;
}

static void
test_store_entry_comes_back_byte_for_byte(void **state)
{
    struct contract *c = *state;
    struct sample sample;

    /* Any bytes, a NUL too, are kept as they are. */
    sample_init(&sample, "delivery", 1, "CR-1", 1, 0);
    memcpy(sample.internal, "a\0b\xff", 4);
    sample.entry.internal.n = 4;
    sample.entry.request = "r-1";
    sample.entry.request_digest = "abc";
    commit_one(c, &sample, NULL);
    assert_ok(c, store_entries(c->reader, "delivery", 1, 1, check_row, &sample, &c->err));

    sample_init(&sample, "delivery", 2, NULL, 0, 0);
    sample.entry.shared = (struct store_bytes){ NULL, 0 };
    sample.entry.shared_salt = NULL;
    commit_one(c, &sample, NULL);
    assert_ok(c, store_entries(c->reader, "delivery", 2, 1, check_row, &sample, &c->err));
}

static void
test_store_entries_come_oldest_first_from_a_number_on(void **state)
{
    struct contract *c = *state;
    struct walk all = { 0 }, some = { 0 }, none = { 0 }, other = { 0 };

    commit_six(c);
    assert_ok(c, store_entries(c->reader, "delivery", 1, 50, walk_on, &all, &c->err));
    assert_walk(&all, 6, (int64_t[]){ 1, 2, 3, 4, 5, 6 });
    assert_ok(c, store_entries(c->reader, "delivery", 3, 2, walk_on, &some, &c->err));
    assert_walk(&some, 2, (int64_t[]){ 3, 4 });
    assert_ok(c, store_entries(c->reader, "delivery", 7, 2, walk_on, &none, &c->err));
    assert_walk(&none, 0, NULL);
    assert_ok(c, store_entries(c->reader, "other", 1, 2, walk_on, &other, &c->err));
    assert_walk(&other, 0, NULL);
}

static void
test_store_walk_ends_with_the_status_of_its_function(void **state)
{
    struct contract *c = *state;
    struct walk walk = { .stop_after = 2 };

    commit_six(c);
    assert_status(c, SGN_REFUSED,
                  store_entries(c->reader, "delivery", 1, 50, walk_on, &walk, &c->err));
    assert_int_equal(walk.n, 2);
    assert_string_equal(c->err.message, "enough");
}

static void
test_store_case_entries_come_newest_first(void **state)
{
    struct contract *c = *state;
    struct walk all = { 0 }, page = { 0 }, rest = { 0 }, none = { 0 };

    commit_six(c);
    assert_ok(c, store_case_entries(c->reader, "delivery", "CR-1", 0, 50, walk_on, &all, &c->err));
    assert_walk(&all, 3, (int64_t[]){ 6, 3, 1 });
    assert_ok(c, store_case_entries(c->reader, "delivery", "CR-1", 0, 2, walk_on, &page, &c->err));
    assert_walk(&page, 2, (int64_t[]){ 6, 3 });
    assert_ok(c, store_case_entries(c->reader, "delivery", "CR-1", 2, 2, walk_on, &rest, &c->err));
    assert_walk(&rest, 1, (int64_t[]){ 1 });
    assert_ok(c, store_case_entries(c->reader, "delivery", "CR-9", 0, 2, walk_on, &none, &c->err));
    assert_walk(&none, 0, NULL);
}

static void
test_store_effect_entries_are_those_with_effects(void **state)
{
    struct contract *c = *state;
    struct walk all = { 0 }, rest = { 0 };

    commit_six(c);
    assert_ok(c, store_effect_entries(c->reader, "delivery", 1, 50, walk_on, &all, &c->err));
    assert_walk(&all, 3, (int64_t[]){ 1, 4, 5 });
    assert_ok(c, store_effect_entries(c->reader, "delivery", 2, 1, walk_on, &rest, &c->err));
    assert_walk(&rest, 1, (int64_t[]){ 4 });
}

/* A walk whose function reads with the same reader: both must go on undisturbed. */
static enum sgn_status
walk_inside(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct contract *c = ctx;
    struct walk inner = { 0 };

    (void)err;
    assert_ok(c, store_entries(c->reader, "delivery", entry->seq, 50, walk_on, &inner, &c->err));
    assert_int_equal(inner.n, 7 - entry->seq);
    return SGN_OK;
}

static void
test_store_walks_may_be_nested(void **state)
{
    struct contract *c = *state;

    commit_six(c);
    assert_ok(c, store_entries(c->reader, "delivery", 1, 50, walk_inside, c, &c->err));
}

static void
test_store_remembers_requests_per_team_and_person(void **state)
{
    struct contract *c = *state;
    struct store_entry_row found;
    struct sample sample;

    sample_init(&sample, "delivery", 1, NULL, 0, 0);
    sample.entry.request = "r-1";
    sample.entry.request_digest = "first";
    commit_one(c, &sample, NULL);

    assert_ok(c, store_request_get(c->reader, "delivery", "li", "r-1", 0, &found, &c->err));
    assert_int_equal(found.seq, 1);
    assert_string_equal(found.request_digest, "first");
    assert_memory_equal(found.internal, sample.internal, found.internal_n);
    store_entry_row_deinit(&found);
    /* At its time it is still remembered, after it no more. */
    assert_ok(c, store_request_get(c->reader, "delivery", "li", "r-1", 1001, &found, &c->err));
    store_entry_row_deinit(&found);
    assert_status(c, SGN_NOT_FOUND,
                  store_request_get(c->reader, "delivery", "li", "r-1", 1002, &found, &c->err));
    assert_status(c, SGN_NOT_FOUND,
                  store_request_get(c->reader, "delivery", "wang", "r-1", 0, &found, &c->err));
    assert_status(c, SGN_NOT_FOUND,
                  store_request_get(c->reader, "other", "li", "r-1", 0, &found, &c->err));
    assert_status(c, SGN_NOT_FOUND,
                  store_request_get(c->reader, "delivery", "li", "r-2", 0, &found, &c->err));
}

static void
test_store_finds_many_requests_as_it_finds_one(void **state)
{
    struct contract *c = *state;
    struct store_request requests[] = { { "li", "r-2", true },   { "li", "r-1", false },
                                        { "wang", "r-1", true }, { "li", "r-1", false },
                                        { "li", "", true },      { "li", "r-3", false } };
    static const bool expected[] = { false, true, false, true, false, true };
    struct sample sample;

    for (int seq = 1; seq <= 2; seq++) {
        sample_init(&sample, "delivery", seq, NULL, 0, 0);
        sample.entry.request = seq == 1 ? "r-1" : "r-3";
        sample.entry.request_digest = "digest";
        commit_one(c, &sample, NULL);
    }
    assert_ok(c, store_requests_find(c->reader, "delivery", requests, 6, &c->err));
    for (int i = 0; i < 6; i++)
        assert_int_equal(requests[i].found, expected[i]);
    assert_ok(c, store_requests_find(c->reader, "other", requests, 6, &c->err));
    for (int i = 0; i < 6; i++)
        assert_false(requests[i].found);
    assert_ok(c, store_requests_find(c->reader, "other", NULL, 0, &c->err));
}

static void
test_store_case_is_its_last_row(void **state)
{
    struct contract *c = *state;
    struct store_case row = sample_case("delivery", "CR-1", 0);
    struct store_case_row found;
    char hash[65];

    row.document = "{\"n\":1}";
    commit_case(c, &row);
    row.document = "{\"n\":2}";
    row.last_at = 4711;
    row.case_seq = 2;
    commit_case(c, &row);
    snprintf(hash, sizeof hash, "%064llx", 2ull);
    assert_ok(c, store_case_get(c->reader, "delivery", "CR-1", &found, &c->err));
    assert_string_equal(found.document, "{\"n\":2}");
    assert_int_equal(found.last_seq, 2);
    assert_int_equal(found.last_at, 4711);
    assert_string_equal(found.last_hash, hash);
    store_case_row_deinit(&found);
    assert_status(c, SGN_NOT_FOUND, store_case_get(c->reader, "other", "CR-1", &found, &c->err));
    assert_status(c, SGN_NOT_FOUND, store_case_get(c->reader, "delivery", "CR-2", &found, &c->err));
}

static void
test_store_counts_open_cases_that_are_stuck(void **state)
{
    static const struct {
        const char *team, *key, *outcome;
        bool stuck;
    } cases[] = {
        { "delivery", "CR-1", NULL, true },   { "delivery", "CR-2", NULL, false },
        { "delivery", "CR-3", "done", true }, { "delivery", "CR-4", NULL, true },
        { "support", "CR-1", NULL, true },    { "delivery", "CR-4", NULL, false }
    }; /* no longer */
    struct contract *c = *state;
    int64_t n = -1;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct store_case row = sample_case(cases[i].team, cases[i].key, 0);

        row.outcome = cases[i].outcome;
        row.stuck = cases[i].stuck;
        row.case_seq = 1;
        commit_case(c, &row);
    }
    assert_ok(c, store_stuck_count(c->reader, "delivery", &n, &c->err));
    assert_int_equal(n, 1);
    assert_ok(c, store_stuck_count(c->reader, "sales", &n, &c->err));
    assert_int_equal(n, 0);
}

static void
test_store_open_count_counts_open_cases_of_a_workflow_in_a_project(void **state)
{
    struct contract *c = *state;
    static const struct {
        const char *key, *project, *workflow, *outcome;
    } rows[] = {
        { "CR-1", "erp", "change_request", NULL }, { "CR-2", "erp", "change_request", "done" },
        { "CR-3", "erp", "change_request", NULL }, { "CR-4", "crm", "change_request", NULL },
        { "IS-1", "erp", "issue", NULL },          { "IS-2", NULL, "issue", NULL }
    };
    int64_t n = -1;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct store_case row = sample_case("delivery", rows[i].key, 0);

        row.project = rows[i].project;
        row.workflow = rows[i].workflow;
        row.outcome = rows[i].outcome;
        commit_case(c, &row);
    }
    assert_ok(c, store_open_count(c->reader, "delivery", "erp", "change_request", &n, &c->err));
    assert_int_equal(n, 2);
    assert_ok(c, store_open_count(c->reader, "delivery", "crm", "issue", &n, &c->err));
    assert_int_equal(n, 0);
    assert_ok(c, store_open_count(c->reader, "delivery", NULL, "issue", &n, &c->err));
    assert_int_equal(n, 1);
}

static void
test_store_due_comes_earliest_first_over_all_teams(void **state)
{
    struct contract *c = *state;
    static const struct {
        const char *team, *key, *outcome;
        int64_t due;
    } rows[] = { { "beta", "CR-1", NULL, 300 },  { "alpha", "CR-1", NULL, 200 },
                 { "alpha", "CR-2", NULL, 0 },   { "alpha", "CR-3", "done", 50 },
                 { "alpha", "CR-4", NULL, 400 }, { "beta", "CR-2", NULL, 100 } };
    json_t *due = NULL;
    json_t *want = json_pack("[{s:s,s:s,s:i},{s:s,s:s,s:i},{s:s,s:s,s:i}]", "team", "beta", "case",
                             "CR-2", "due", 100, "team", "alpha", "case", "CR-1", "due", 200,
                             "team", "beta", "case", "CR-1", "due", 300);
    int64_t first = -1;

    assert_ok(c, store_due_first(c->reader, &first, &c->err));
    assert_int_equal(first, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct store_case row = sample_case(rows[i].team, rows[i].key, 0);

        row.due_at = 7; /* when a deadline is due does not say when a rung fires */
        row.next_at = rows[i].due;
        row.outcome = rows[i].outcome;
        commit_case(c, &row);
    }
    assert_ok(c, store_due_first(c->reader, &first, &c->err));
    assert_int_equal(first, 100);
    assert_ok(c, store_due_next(c->reader, 300, 50, &due, &c->err)); /* at 300: due */
    assert_true(json_equal(due, want));
    json_decref(due);
    assert_ok(c, store_due_next(c->reader, 1000, 1, &due, &c->err));
    assert_int_equal(json_array_size(due), 1);
    json_decref(due);
    assert_ok(c, store_due_next(c->reader, 99, 50, &due, &c->err));
    assert_int_equal(json_array_size(due), 0);
    json_decref(due);
    json_decref(want);
}

/* Sets when one case fires and tells what is first then. */
static int64_t
first_after(struct contract *c, const char *key, int64_t next_at, const char *outcome)
{
    struct store_case row = sample_case("delivery", key, 0);
    int64_t first = -1;

    row.next_at = next_at;
    row.outcome = outcome;
    commit_case(c, &row);
    assert_ok(c, store_due_first(c->reader, &first, &c->err));
    return first;
}

static void
test_store_due_follows_what_is_armed_and_disarmed(void **state)
{
    struct contract *c = *state;
    json_t *due = NULL;

    assert_int_equal(first_after(c, "CR-1", 100, NULL), 100);
    assert_int_equal(first_after(c, "CR-2", 200, NULL), 100);
    assert_int_equal(first_after(c, "CR-1", 300, NULL), 200); /* later than another one now */
    assert_int_equal(first_after(c, "CR-3", 150, NULL), 150);
    assert_int_equal(first_after(c, "CR-3", 0, NULL), 200);
    assert_int_equal(first_after(c, "CR-2", 200, "done"), 300); /* what has ended fires no more */
    assert_ok(c, store_due_next(c->reader, 1000, 9, &due, &c->err));
    assert_int_equal(json_array_size(due), 1);
    json_decref(due);
    assert_int_equal(first_after(c, "CR-1", 0, NULL), 0);
    assert_int_equal(first_after(c, "CR-2", 50, NULL), 50); /* opened again */
}

/* Many teams, several cases each, limits of all sizes: always the earliest of all. */
static void
test_store_due_next_is_the_earliest_whatever_the_limit(void **state)
{
    enum {
        TEAMS = 5,
        CASES = 6
    };
    struct contract *c = *state;

    for (int i = 0; i < TEAMS * CASES; i++) {
        char team[8], key[8];
        struct store_case row = sample_case(team, key, 0);

        snprintf(team, sizeof team, "t%d", i % TEAMS);
        snprintf(key, sizeof key, "CR-%d", i);
        row.next_at = 1 + i * 7 % (TEAMS * CASES); /* each number once */
        commit_case(c, &row);
    }
    for (int limit = 1; limit <= TEAMS * CASES; limit++) {
        json_t *due = NULL, *one = NULL;
        size_t i = 0;

        assert_ok(c, store_due_next(c->reader, 20, limit, &due, &c->err));
        assert_int_equal(json_array_size(due), limit < 20 ? limit : 20);
        json_array_foreach(due, i, one)
            assert_int_equal(json_integer_value(json_object_get(one, "due")), i + 1);
        json_decref(due);
    }
}

static void
test_store_changes_are_the_cases_with_later_entries(void **state)
{
    struct contract *c = *state;
    json_t *cases = NULL, *want = json_pack("{s:i, s:i}", "CR-1", 6, "CR-2", 4);
    json_t *last = json_pack("{s:i}", "CR-1", 6);

    commit_six(c);
    assert_ok(c, store_changes(c->reader, "delivery", 0, 2, &cases, &c->err));
    assert_true(json_equal(cases, want));
    json_decref(cases);
    assert_ok(c, store_changes(c->reader, "delivery", 4, 2, &cases, &c->err));
    assert_true(json_equal(cases, last));
    json_decref(cases);
    assert_ok(c, store_changes(c->reader, "delivery", 6, 2, &cases, &c->err));
    assert_int_equal(json_object_size(cases), 0);
    json_decref(cases);
    assert_ok(c, store_changes(c->reader, "other", 0, 2, &cases, &c->err));
    assert_int_equal(json_object_size(cases), 0);
    json_decref(cases);
    assert_status(c, SGN_TOO_LARGE, store_changes(c->reader, "delivery", 0, 1, &cases, &c->err));
    json_decref(want);
    json_decref(last);
}

/* The database's clock goes on, and a head comes with its time. */
static void
test_store_clock_is_the_databases(void **state)
{
    struct contract *c = *state;
    struct store_head head;
    int64_t before = 0, after = 0;

    assert_ok(c, store_clock(c->reader, &before, &c->err));
    assert_in_range(before, INT64_C(1767225600000), INT64_C(4102444800000)); /* 2026 to 2100 */
    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
    store_rollback(c->store, NULL);
    assert_ok(c, store_clock(c->reader, &after, &c->err));
    assert_in_range(head.now, before, after);
}

static void
test_store_stats_tell_the_figures(void **state)
{
    struct contract *c = *state;
    json_t *stats = NULL;

    commit_six(c);
    stats = store_stats(c->reader);
    assert_non_null(stats);
    assert_int_equal(json_integer_value(json_object_get(stats, "schema")), c->schema);
    assert_int_equal(json_integer_value(json_object_get(stats, "entries")), 6);
    assert_int_equal(json_integer_value(json_object_get(stats, "cases")), 2);
    assert_true(json_integer_value(json_object_get(stats, "bytes")) > 0);
    assert_true(json_is_integer(json_object_get(stats, "wal_bytes")));
    json_decref(stats);
}

static const struct CMUnitTest tests[] = {
    CONTRACT(test_store_entry_comes_back_byte_for_byte),
    CONTRACT(test_store_entries_come_oldest_first_from_a_number_on),
    CONTRACT(test_store_walk_ends_with_the_status_of_its_function),
    CONTRACT(test_store_case_entries_come_newest_first),
    CONTRACT(test_store_effect_entries_are_those_with_effects),
    CONTRACT(test_store_walks_may_be_nested),
    CONTRACT(test_store_remembers_requests_per_team_and_person),
    CONTRACT(test_store_finds_many_requests_as_it_finds_one),
    CONTRACT(test_store_case_is_its_last_row),
    CONTRACT(test_store_counts_open_cases_that_are_stuck),
    CONTRACT(test_store_open_count_counts_open_cases_of_a_workflow_in_a_project),
    CONTRACT(test_store_due_comes_earliest_first_over_all_teams),
    CONTRACT(test_store_due_follows_what_is_armed_and_disarmed),
    CONTRACT(test_store_due_next_is_the_earliest_whatever_the_limit),
    CONTRACT(test_store_changes_are_the_cases_with_later_entries),
    CONTRACT(test_store_clock_is_the_databases),
    CONTRACT(test_store_stats_tell_the_figures),
};
CONTRACT_TESTS(contract_read_tests, tests);
