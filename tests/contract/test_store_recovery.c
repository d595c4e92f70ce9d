/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a store on SQLite reads again when it is opened after a kill: rows that are in its log
 * alone, entries that are in no index. And that it refuses what cannot be true.
 */
#include "contract.h"

#include "hash.h"
#include <sqlite3.h>
#include <stdbool.h>

#define N_ENTRIES 8100 /* more than one thread reads */
#define N_TEAMS   3
#define TOGETHER  90 /* entries of a commit, of one team */

static long
stat_of(const struct contract *c, const char *name)
{
    json_t *stats = store_stats(c->reader);
    long n = (long)json_integer_value(json_object_get(stats, name));

    json_decref(stats);
    return n;
}

/* From now on the contract's store is what is left of it, only looked at or not. */
static void
open_copy(struct contract *c, bool look)
{
    char path[160], url[170];
    struct store_options options = { .url = url, .look = look };

    contract_copy(c);
    contract_copy_path(path, c, "");
    snprintf(url, sizeof url, "sqlite:%s", path);
    contract_close(c);
    assert_ok(c, store_open(&options, &c->store, &c->err));
    c->reader = store_own_reader(c->store);
}

static void
end_copy(struct contract *c)
{
    contract_close(c);
    contract_open(c);
}

/* ---- very many ---- */

static const char *
team_of(int i)
{
    static const char *const teams[N_TEAMS] = { "delivery", "platform", "support" };

    return teams[i / TOGETHER % N_TEAMS];
}

/* Entries of three teams in turn, with a case each of a few, which change many times. */
static void
commit_many(struct contract *c)
{
    static struct store_entry entries[TOGETHER];
    static struct sample samples[TOGETHER];
    static char requests[TOGETHER][16];
    struct store_head head;

    for (int i = 0; i < N_ENTRIES; i += TOGETHER) {
        struct store_case row = sample_case(team_of(i), "CR-1", 0);
        struct store_unit unit = {
            .entries = entries, .n_entries = TOGETHER, .cases = &row, .n_cases = 1
        };

        assert_ok(c, store_begin(c->store, team_of(i), &head, &c->err));
        for (int k = 0; k < TOGETHER; k++) {
            sample_init(&samples[k], team_of(i), head.seq + 1 + k, NULL, 0, 0);
            snprintf(requests[k], sizeof requests[k], "r-%d", i + k);
            entries[k] = samples[k].entry;
            entries[k].request = requests[k];
            entries[k].request_digest = samples[k].hash;
            entries[k].has_effects = k % 3 == 0;
        }
        row.last_seq = head.seq + TOGETHER;
        row.rev = i + 1;
        assert_ok(c, store_commit(c->store, &unit, &c->err));
    }
}

struct seen {
    int64_t next;
    int n;
};

static enum sgn_status
see_next(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct seen *seen = ctx;

    (void)err;
    assert_int_equal(entry->seq, seen->next);
    seen->next++;
    seen->n++;
    return SGN_OK;
}

/* By number each team's entries are there without a gap, and each by its request. */
static void
look_at_many(struct contract *c)
{
    int of_team = N_ENTRIES / N_TEAMS;

    for (int t = 0; t < N_TEAMS; t++) {
        const char *team = team_of(t * TOGETHER);
        struct seen seen = { .next = 1 };

        for (int before = -1; seen.n < of_team && seen.n > before;) {
            before = seen.n;
            assert_ok(c, store_entries(c->reader, team, seen.next, 500, see_next, &seen, &c->err));
        }
        assert_int_equal(seen.n, of_team);
    }
    for (int i = 0; i < N_ENTRIES; i += 37) {
        int64_t seq = i / (TOGETHER * N_TEAMS) * TOGETHER + i % TOGETHER + 1;
        struct store_entry_row row;
        char request[16];

        snprintf(request, sizeof request, "r-%d", i);
        assert_ok(c, store_request_get(c->reader, team_of(i), "li", request, 0, &row, &c->err));
        assert_int_equal(row.seq, seq);
        store_entry_row_deinit(&row);
    }
}

static void
test_recovery_of_very_many_entries_finds_each_of_them(void **state)
{
    struct contract *c = *state;
    struct store_case_row row;

    commit_many(c);
    assert_int_equal(stat_of(c, "indexed_entries"), 0); /* or little of it is tried */
    open_copy(c, false);
    assert_int_equal(stat_of(c, "recovered_rows"), N_ENTRIES / TOGETHER);
    assert_int_equal(stat_of(c, "unmerged_cases"), N_TEAMS);
    look_at_many(c);
    assert_ok(c, store_case_get(c->reader, team_of(N_ENTRIES - 1), "CR-1", &row, &c->err));
    assert_int_equal(row.last_seq, N_ENTRIES / N_TEAMS);
    store_case_row_deinit(&row);
    end_copy(c);
}

/* ---- what is open ---- */

static int64_t
open_of(struct contract *c, const char *workflow)
{
    int64_t n = -1;

    assert_ok(c, store_open_count(c->reader, "delivery", "erp", workflow, &n, &c->err));
    return n;
}

/* Some cases are in their table as they were, of another workflow, or open still. */
static void
test_recovery_counts_open_cases_by_what_they_are_now(void **state)
{
    struct contract *c = *state;

    for (int i = 0; i < 6; i++) {
        struct store_case row = sample_case("delivery", "CR-1", 0);
        char key[16];

        snprintf(key, sizeof key, "CR-%d", i);
        row.key = key;
        commit_case(c, &row);
    }
    contract_reopen(c); /* all are in their table now */
    assert_int_equal(stat_of(c, "unmerged_cases"), 0);
    for (int i = 0; i < 5; i++) {
        struct store_case row = sample_case("delivery", "CR-1", i + 1);
        char key[16];

        snprintf(key, sizeof key, "CR-%d", i < 4 ? i : 9); /* the last one is new */
        row.key = key;
        row.rev = 2;
        row.outcome = i == 0 ? "done" : NULL;
        row.workflow = i == 1 ? "incident" : row.workflow;
        commit_case(c, &row);
    }
    open_copy(c, true);
    assert_int_equal(stat_of(c, "unmerged_cases"), 5);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(open_of(c, "change_request"), 5);
        assert_int_equal(open_of(c, "incident"), 1);
    }
    end_copy(c);
}

/* ---- how many, and what is damaged ---- */

static void
test_recovery_tells_how_many_rows_it_read(void **state)
{
    struct contract *c = *state;

    for (int i = 0; i < 6; i++) {
        struct store_case row = sample_case("delivery", i % 2 == 0 ? "CR-1" : "CR-2", 0);
        commit_case(c, &row);
    }
    assert_int_equal(stat_of(c, "recovered_rows"), 0);
    open_copy(c, true);
    assert_int_equal(stat_of(c, "recovered_rows"), 6);
    assert_int_equal(stat_of(c, "unmerged_cases"), 2);
    end_copy(c);
}

static void
test_recovery_refuses_a_file_that_is_damaged(void **state)
{
    static const struct {
        const char *sql, *says;
    } damage[] = {
        { "UPDATE unmerged SET images = substr(images, 1, length(images) - 1) WHERE id = 1",
          "(record 1 " },
        { "UPDATE unmerged SET images = x'07' WHERE id = 1", "(record 1 " },
        /* what the next one tells the difference from */
        { "DELETE FROM unmerged WHERE id = 1", "(record 2 " },
        /* the image says that it is another row's than its record: its number is at byte 25 */
        { "UPDATE unmerged SET images = substr(images, 1, 25) || x'09' || substr(images, 27) "
          "WHERE id = 1",
          "(record " },
        { "UPDATE indexed SET upto = -5", "(how far entries are indexed)" },
        { "DELETE FROM indexed", "(how far entries are indexed)" },
        { "UPDATE entry SET seq = 1", "(entry in row 2)" },
    };
    struct contract *c = *state;
    struct store_case row = sample_case("delivery", "CR-1", 0);

    commit_case(c, &row);
    row.rev = 2;
    commit_case(c, &row);
    for (size_t i = 0; i < sizeof damage / sizeof damage[0]; i++) {
        struct store_options options = { 0 };
        char path[160], url[170];
        struct store *store = NULL;
        sqlite3 *db = NULL;

        contract_copy(c);
        contract_copy_path(path, c, "/signoff.db");
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, damage[i].sql, NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
        contract_copy_path(path, c, "");
        snprintf(url, sizeof url, "sqlite:%s", path);
        options.url = url;
        assert_status(c, SGN_INVALID, store_open(&options, &store, &c->err));
        if (strstr(c->err.message, damage[i].says) == NULL)
            print_error("%s: %s\n", damage[i].sql, c->err.message);
        assert_non_null(strstr(c->err.message, "the file is damaged "));
        assert_non_null(strstr(c->err.message, damage[i].says));
    }
}

/* ---- when the place is told to be ours ---- */

struct told {
    int times;
    enum sgn_status answer;
};

static enum sgn_status
on_taken(void *ctx, struct sgn_error *err)
{
    struct told *told = ctx;

    told->times++;
    return told->answer == SGN_OK ? SGN_OK : sgn_fail(err, told->answer, "the port is in use");
}

/* Before anything is read, which may take long; and not when another one has the place. */
static void
test_place_is_told_to_be_ours_before_it_is_read(void **state)
{
    struct contract *c = *state;
    struct told told = { 0 };
    struct store_options options = { .url = c->url, .taken = on_taken, .ctx = &told };
    struct store *store = NULL;
    char path[160];
    FILE *file;

    assert_status(c, SGN_CONFLICT, store_open(&options, &store, &c->err));
    assert_int_equal(told.times, 0);
    contract_close(c);
    told.answer = SGN_UNAVAILABLE;
    assert_status(c, SGN_UNAVAILABLE, store_open(&options, &store, &c->err));
    assert_string_equal(c->err.message, "the port is in use");
    assert_int_equal(told.times, 1);
    told.answer = SGN_OK;
    assert_ok(c, store_open(&options, &store, &c->err));
    store_close(store);
    assert_int_equal(told.times, 2);
    snprintf(path, sizeof path, "%s/data/signoff.db", c->dir);
    file = fopen(path, "r+b");
    assert_non_null(file);
    assert_true(fputs("no file of SQLite", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_status(c, SGN_INVALID, store_open(&options, &store, &c->err));
    assert_int_equal(told.times, 3);
    assert_int_equal(remove(path), 0);
    contract_open(c);
}

static int
setup(void **state)
{
    *state = (void *)(uintptr_t) "sqlite:DIR";
    return contract_setup(state);
}

static int
teardown(void **state)
{
    char path[160];

    contract_copy_path(path, *state, "");
    remove_tree(path);
    return contract_teardown(state);
}

#define RECOVERY(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        RECOVERY(test_recovery_of_very_many_entries_finds_each_of_them),
        RECOVERY(test_recovery_counts_open_cases_by_what_they_are_now),
        RECOVERY(test_recovery_tells_how_many_rows_it_read),
        RECOVERY(test_recovery_refuses_a_file_that_is_damaged),
        RECOVERY(test_place_is_told_to_be_ours_before_it_is_read),
    };

    if (sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return cmocka_run_group_tests_name("recovery", tests, NULL, NULL);
}
