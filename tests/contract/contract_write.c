/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The contract of writing: numbers, heads, all or nothing, kept across a restart.
 */
#include "contract.h"

static enum sgn_status
collect(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    (void)err;
    return json_array_append_new(ctx, json_integer(entry->seq)) == 0 ? SGN_OK : SGN_NOMEM;
}

/* How many entries a team has, checking that they are numbered 1, 2, 3 ... */
static size_t
count_entries(struct contract *c, const char *team)
{
    json_t *seqs = json_array();
    size_t n = 0;

    assert_ok(c, store_entries(c->reader, team, 1, 100000, collect, seqs, &c->err));
    n = json_array_size(seqs);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(json_integer_value(json_array_get(seqs, i)), i + 1);
    json_decref(seqs);
    return n;
}

static void
test_store_head_of_a_new_team_is_empty(void **state)
{
    struct contract *c = *state;
    struct store_head head = { .seq = 7, .hash = "x", .at = 7, .data_seq = 7, .case_seq = 7 };

    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
    assert_int_equal(head.seq, 0);
    assert_string_equal(head.hash, "");
    assert_int_equal(head.at, 0);
    assert_int_equal(head.data_seq, 0);
    assert_int_equal(head.case_seq, 0);
    store_rollback(c->store, NULL);
}

static void
test_store_head_follows_the_last_entry(void **state)
{
    struct contract *c = *state;
    struct sample samples[4];
    struct store_entry entries[4];
    struct store_head head;
    struct store_unit unit = { .entries = entries, .n_entries = 4 };

    for (int i = 0; i < 4; i++) {
        sample_init(&samples[i], "delivery", i + 1, NULL, 0, 0);
        entries[i] = samples[i].entry;
    }
    entries[0].kind = "data";
    entries[1].opens_or_ends = true;
    entries[2].kind = "data";
    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
    assert_ok(c, store_commit(c->store, &unit, &c->err));

    assert_ok(c, store_head_get(c->reader, "delivery", &head, &c->err));
    assert_int_equal(head.seq, 4);
    assert_string_equal(head.hash, samples[3].hash);
    assert_int_equal(head.at, 1004);
    assert_int_equal(head.data_seq, 3);
    assert_int_equal(head.case_seq, 2);
}

static void
test_store_numbers_each_team_for_itself(void **state)
{
    struct contract *c = *state;
    struct sample samples[3];
    struct store_entry entries[3];
    struct store_unit unit = { .entries = entries, .n_entries = 3 };
    struct store_head head;

    if (store_teams_per_commit(c->store) < 2)
        skip();
    /* The entries of two teams may stand mixed in one unit. */
    sample_init(&samples[0], "alpha", 1, NULL, 0, 0);
    sample_init(&samples[1], "beta", 1, NULL, 0, 0);
    sample_init(&samples[2], "alpha", 2, NULL, 0, 0);
    for (int i = 0; i < 3; i++)
        entries[i] = samples[i].entry;
    assert_ok(c, store_begin(c->store, "alpha", &head, &c->err));
    assert_ok(c, store_begin(c->store, "beta", &head, &c->err));
    assert_ok(c, store_commit(c->store, &unit, &c->err));
    assert_int_equal(count_entries(c, "alpha"), 2);
    assert_int_equal(count_entries(c, "beta"), 1);
    assert_int_equal(count_entries(c, "gamma"), 0);
}

static void
test_store_teams_are_those_with_entries_or_rows(void **state)
{
    struct contract *c = *state;
    struct sample sample;
    json_t *teams = NULL, *want = json_pack("[s, s, s]", "alpha", "beta", "gamma");

    sample_init(&sample, "beta", 1, NULL, 0, 0);
    commit_one(c, &sample, NULL);
    commit_row(c, STORE_PERSON, "alpha", json_pack("{s:s}", "person", "li"));
    commit_row(c, STORE_TEAM, "", json_pack("{s:s}", "team", "gamma"));
    commit_row(c, STORE_SETTING, "", json_pack("{s:s, s:i}", "name", "clock", "value", 5));
    assert_ok(c, store_teams(c->reader, &teams, &c->err));
    assert_true(json_equal(teams, want));
    json_decref(teams);
    json_decref(want);
}

static void
test_store_shows_nothing_of_an_open_unit(void **state)
{
    struct contract *c = *state;
    struct store_head head;
    struct store_reader *other = NULL;
    struct sample sample;

    assert_ok(c, store_reader_open(c->store, &other, &c->err));
    sample_init(&sample, "delivery", 1, NULL, 0, 0);
    commit_one(c, &sample, NULL);
    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
    assert_ok(c, store_head_get(c->reader, "delivery", &head, &c->err));
    assert_int_equal(head.seq, 1);
    assert_ok(c, store_head_get(other, "delivery", &head, &c->err));
    assert_int_equal(head.seq, 1);
    store_rollback(c->store, NULL);
    store_reader_close(other);
}

static void
test_store_rollback_lets_the_head_go_and_writes_nothing(void **state)
{
    struct contract *c = *state;
    struct store_head head;
    struct sample sample;

    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
    store_rollback(c->store, NULL);
    assert_int_equal(count_entries(c, "delivery"), 0);
    sample_init(&sample, "delivery", 1, NULL, 0, 0);
    commit_one(c, &sample, NULL);
    assert_int_equal(count_entries(c, "delivery"), 1);
}

static void
test_store_begin_twice_answers_the_same_head(void **state)
{
    struct contract *c = *state;
    struct store_head one, two;
    struct sample sample;

    sample_init(&sample, "delivery", 1, NULL, 0, 0);
    commit_one(c, &sample, NULL);
    assert_ok(c, store_begin(c->store, "delivery", &one, &c->err));
    assert_ok(c, store_begin(c->store, "delivery", &two, &c->err));
    assert_memory_equal(&one, &two, sizeof one);
    store_rollback(c->store, NULL);
}

/* A row that cannot be written stands last; nothing before it may remain. */
static void
test_store_unit_that_fails_leaves_nothing(void **state)
{
    struct contract *c = *state;
    json_t *good = json_pack("{s:s}", "person", "li");
    json_t *bad = json_pack("{s:s, s:s}", "person", "wang", "lead", "yes");
    struct store_row rows[] = {
        { .table = STORE_PERSON, .team = "delivery", .row = good },
        { .table = STORE_PERSON, .team = "delivery", .row = bad },
    };
    struct store_case row = sample_case("delivery", "CR-1", 1);
    struct store_case_row found;
    struct sample sample;
    struct store_unit unit = {
        .n_entries = 1, .cases = &row, .n_cases = 1, .rows = rows, .n_rows = 2
    };
    struct store_head head;
    json_t *person = NULL, *teams = NULL;

    sample_init(&sample, "delivery", 1, "CR-1", 1, 0);
    unit.entries = &sample.entry;
    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
    assert_status(c, SGN_INTERNAL, store_commit(c->store, &unit, &c->err));
    assert_non_null(strstr(c->err.message, "lead"));
    assert_int_equal(count_entries(c, "delivery"), 0);
    assert_status(c, SGN_NOT_FOUND, store_case_get(c->reader, "delivery", "CR-1", &found, &c->err));
    assert_status(c, SGN_NOT_FOUND,
                  store_row_get(c->reader, STORE_PERSON, "delivery", good, &person, &c->err));
    assert_ok(c, store_teams(c->reader, &teams, &c->err));
    assert_int_equal(json_array_size(teams), 0);

    /* And it is not held against the store: the same numbers can be taken now. */
    commit_one(c, &sample, &row);
    assert_int_equal(count_entries(c, "delivery"), 1);
    json_decref(teams);
    json_decref(good);
    json_decref(bad);
}

static void
test_store_unit_without_anything_is_fine(void **state)
{
    struct contract *c = *state;
    struct store_unit unit = { 0 };
    struct store_head head;

    assert_ok(c, store_commit(c->store, &unit, &c->err));
    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
    assert_ok(c, store_commit(c->store, &unit, &c->err));
}

static void
test_store_keeps_what_it_committed(void **state)
{
    struct contract *c = *state;
    struct store_case row = sample_case("delivery", "CR-1", 1);
    struct store_case_row found;
    struct store_head head;
    struct sample sample;

    if (!c->durable)
        skip();
    row.document = "{\"n\":1}";
    sample_init(&sample, "delivery", 1, "CR-1", 1, 0);
    commit_one(c, &sample, &row);
    commit_row(c, STORE_COUNTER, "delivery", json_pack("{s:s, s:i}", "name", "CR", "value", 1));
    for (int times = 0; times < 2; times++) {
        contract_reopen(c);
        assert_int_equal(count_entries(c, "delivery"), 1);
        assert_ok(c, store_head_get(c->reader, "delivery", &head, &c->err));
        assert_string_equal(head.hash, sample.hash);
        assert_ok(c, store_case_get(c->reader, "delivery", "CR-1", &found, &c->err));
        assert_string_equal(found.document, "{\"n\":1}");
        store_case_row_deinit(&found);
    }
    assert_ok(c, store_check(c->store, &c->err));
}

static void
test_store_carries_large_units(void **state)
{
    struct contract *c = *state;
    enum {
        N = 300
    };
    struct sample *samples = calloc(N, sizeof *samples);
    struct store_entry *entries = calloc(N, sizeof *entries);
    char *large = malloc(200000);
    struct store_unit unit = { .entries = entries, .n_entries = N };
    struct store_head head;

    if (samples == NULL || entries == NULL || large == NULL)
        abort();
    memset(large, 'x', 200000);
    for (int i = 0; i < N; i++) {
        sample_init(&samples[i], "delivery", i + 1, NULL, 0, 0);
        entries[i] = samples[i].entry;
        entries[i].internal = (struct store_bytes){ large, 200000 };
    }
    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
    assert_ok(c, store_commit(c->store, &unit, &c->err));
    assert_int_equal(count_entries(c, "delivery"), N);
    while (store_idle(c->store))
        ;
    assert_int_equal(count_entries(c, "delivery"), N);
    free(samples);
    free(entries);
    free(large);
}

/* ---- erasing ---- */

/* A salt, since a part may be packed: where it is not, the part is not either. */
static const unsigned char secret[16] = "Zhuangzi-4711-ab";

/* What is there of an entry: "SI", with a dash for a part that is not. */
static enum sgn_status
parts_of(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    static const unsigned char none[16] = { 0 };
    char *out = ctx;

    (void)err;
    assert_int_equal(entry->shared == NULL, memcmp(entry->shared_salt, none, 16) == 0);
    assert_int_equal(entry->internal == NULL, memcmp(entry->internal_salt, none, 16) == 0);
    assert_non_null(entry->header);
    assert_int_equal(strlen(entry->hash), 64);
    strcat(out, entry->shared != NULL ? "S" : "-");
    strcat(out, entry->internal != NULL ? "I" : "-");
    strcat(out, " ");
    return SGN_OK;
}

static void
assert_parts(struct contract *c, const char *want)
{
    char got[64] = "";

    assert_ok(c, store_entries(c->reader, "delivery", 1, 10, parts_of, got, &c->err));
    assert_string_equal(got, want);
}

/* Does it stand in the file, or in its log? */
static bool
lies_in(const struct contract *c, const char *name)
{
    char path[160], *all = malloc(1 << 24);
    FILE *file;
    bool found = false;
    size_t n;

    snprintf(path, sizeof path, "%s/data/%s", c->dir, name);
    file = fopen(path, "rb");
    n = file != NULL && all != NULL ? fread(all, 1, 1 << 24, file) : 0;
    for (size_t i = 0; !found && i + sizeof secret <= n; i++)
        found = memcmp(all + i, secret, sizeof secret) == 0;
    if (file != NULL)
        fclose(file);
    free(all);
    return found;
}

static void
idle(struct contract *c)
{
    for (int i = 0; i < 1000 && store_idle(c->store); i++)
        ;
}

static void
test_store_erases_parts_of_entries(void **state)
{
    struct contract *c = *state;
    struct store_erasure erasures[] = { { "delivery", 2, true, false },
                                        { "delivery", 3, true, true },
                                        { "delivery", 1, false, true } };
    struct store_unit unit = { .erasures = erasures, .n_erasures = 3 };
    struct store_head head;
    struct sample sample;
    bool files = c->durable && strncmp(c->backend, "sqlite", 6) == 0;

    for (int i = 1; i <= 3; i++) {
        sample_init(&sample, "delivery", i, NULL, 0, 0);
        if (i == 3)
            sample.entry.internal_salt = secret;
        commit_one(c, &sample, NULL);
    }
    assert_parts(c, "SI SI SI ");
    if (files) /* else looking for them tells nothing */
        assert_true(lies_in(c, "signoff.db") || lies_in(c, "signoff.db-wal"));
    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
    assert_ok(c, store_commit(c->store, &unit, &c->err));
    assert_parts(c, "S- -I -- ");
    idle(c);
    assert_parts(c, "S- -I -- ");
    if (files) {
        assert_false(lies_in(c, "signoff.db"));
        assert_false(lies_in(c, "signoff.db-wal"));
    }
    if (c->durable) {
        contract_reopen(c);
        assert_parts(c, "S- -I -- ");
    }
    assert_ok(c, store_check(c->store, &c->err));
}

static void
test_store_erases_nothing_of_an_entry_that_is_not_there(void **state)
{
    struct contract *c = *state;
    struct store_erasure erasures[] = { { "delivery", 1, true, true },
                                        { "delivery", 2, true, false } };
    struct store_unit unit = { .erasures = erasures, .n_erasures = 2 };
    struct store_head head;
    struct sample sample;

    sample_init(&sample, "delivery", 1, NULL, 0, 0);
    commit_one(c, &sample, NULL);
    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
    assert_status(c, SGN_INTERNAL, store_commit(c->store, &unit, &c->err));
    assert_parts(c, "SI ");
}

static const struct CMUnitTest tests[] = {
    CONTRACT(test_store_erases_parts_of_entries),
    CONTRACT(test_store_erases_nothing_of_an_entry_that_is_not_there),
    CONTRACT(test_store_head_of_a_new_team_is_empty),
    CONTRACT(test_store_head_follows_the_last_entry),
    CONTRACT(test_store_numbers_each_team_for_itself),
    CONTRACT(test_store_teams_are_those_with_entries_or_rows),
    CONTRACT(test_store_shows_nothing_of_an_open_unit),
    CONTRACT(test_store_rollback_lets_the_head_go_and_writes_nothing),
    CONTRACT(test_store_begin_twice_answers_the_same_head),
    CONTRACT(test_store_unit_that_fails_leaves_nothing),
    CONTRACT(test_store_unit_without_anything_is_fine),
    CONTRACT(test_store_keeps_what_it_committed),
    CONTRACT(test_store_carries_large_units),
};
CONTRACT_TESTS(contract_write_tests, tests);
