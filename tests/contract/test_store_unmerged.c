/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that are durable and not yet in their tables: whatever is merged, and wherever a server
 * ends, every question has the answer of a store in memory, which has no such rows, to which the
 * same was committed.
 *
 * The linker sends what the store says to SQLite through here, so that the files are copied after
 * each transaction of a merge: each copy is what a server leaves that is killed there.
 */
#include "contract.h"
#include "contract_model.h"

#include "hash.h"
#include <sqlite3.h>
#include <stdbool.h>

#define N_CASES    20
#define N_STEPS    60
#define ALL        500
#define N_REQUESTS 12 /* names, so that some are used again and again */

static const char *const teams[] = { "delivery", "support" };

/* Global because a replaced function is called without a context: how many merging transactions the
 * store has begun and ended, and what is done after each; how often a list's memory was changed. */
static struct watch {
    bool merging;
    int n, copies;
    void (*after)(void *ctx);
    void *ctx;
} watch;

int __real_sqlite3_exec(sqlite3 *db, const char *sql, int (*fn)(void *, int, char **, char **),
                        void *ctx, char **err);
int __wrap_sqlite3_exec(sqlite3 *db, const char *sql, int (*fn)(void *, int, char **, char **),
                        void *ctx, char **err);

int
__wrap_sqlite3_exec(sqlite3 *db, const char *sql, int (*fn)(void *, int, char **, char **),
                    void *ctx, char **err)
{
    int rc = __real_sqlite3_exec(db, sql, fn, ctx, err);

    watch.copies += strcmp(sql, "BEGIN") == 0 ? 1 : 0;
    if (strstr(sql, "/* merge") != NULL)
        watch.merging = true;
    if (strcmp(sql, "COMMIT") == 0 && watch.merging) {
        watch.merging = false;
        watch.n++;
        if (watch.after != NULL)
            watch.after(watch.ctx);
    }
    return rc;
}

/* ---- everything that can be asked ---- */

static void
add_list(struct contract *c, struct store_reader *reader, const char *team, const char *sort,
         bool descending, json_t *all)
{
    struct store_case_filter filter = {
        .team = team, .sort = sort, .descending = descending, .limit = 7
    };
    char *cursor = NULL;

    do {
        struct store_page page;

        filter.cursor = cursor;
        assert_ok(c, store_case_query(reader, &filter, &page, &c->err));
        json_array_extend(all, page.items);
        free(cursor);
        cursor = page.cursor;
        page.cursor = NULL;
        store_page_deinit(&page);
    } while (cursor != NULL);
}

static void
add_inbox(struct contract *c, struct store_reader *reader, const char *team, const char *person,
          json_t *all)
{
    struct store_page page;

    assert_ok(c, store_inbox(reader, team, person, NULL, ALL, &page, &c->err));
    json_array_extend(all, page.items);
    store_page_deinit(&page);
}

static enum sgn_status
add_entry(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    (void)err;
    json_array_append_new(ctx, json_integer(entry->seq));
    return SGN_OK;
}

static void
add_case(struct contract *c, struct store_reader *reader, const char *team, int n, json_t *all)
{
    struct store_case_row row;
    char key[16];
    enum sgn_status st;

    snprintf(key, sizeof key, "CR-%d", n);
    st = store_case_get(reader, team, key, &row, &c->err);
    assert_true(st == SGN_OK || st == SGN_NOT_FOUND);
    json_array_append_new(all, st != SGN_OK ? json_null()
                                            : json_pack("[s, I, I, s]", row.document,
                                                        (json_int_t)row.last_seq,
                                                        (json_int_t)row.last_at, row.last_hash));
    store_case_row_deinit(&row);
    assert_ok(c, store_case_entries(reader, team, key, 0, 1000, add_entry, all, &c->err));
}

static void
add_counts(struct contract *c, struct store_reader *reader, const char *team, json_t *all)
{
    for (const char *const *w = model_words.workflows; *w != NULL; w++)
        for (const char *const *p = model_words.projects; *p != NULL; p++) {
            int64_t n = -1;

            assert_ok(c, store_open_count(reader, team, strcmp(*p, "-") == 0 ? NULL : *p, *w, &n,
                                          &c->err));
            json_array_append_new(all, json_integer(n));
        }
}

/* By two columns, in the order of their texts: a count has none. */
static void
add_groups(struct contract *c, struct store_reader *reader, const char *team, json_t *all)
{
    struct store_case_filter filter = { .team = team };
    struct store_count count = { .by = { "states", "project" }, .n_by = 2 };
    json_t *groups = NULL, *sorted = json_object(), *group;
    size_t i;

    assert_ok(c, store_case_count(reader, &filter, &count, &groups, &c->err));
    json_array_foreach(groups, i, group) {
        char *text = json_dumps(group, JSON_SORT_KEYS);

        assert_null(json_object_get(sorted, text));
        json_object_set_new(sorted, text, json_true());
        free(text);
    }
    json_array_append_new(all, sorted);
    json_decref(groups);
}

/* By their numbers from several on, those that ask for effects, and by who asked for them. */
static void
add_entries(struct contract *c, struct store_reader *reader, const char *team, json_t *all)
{
    for (int64_t first = 1; first < 2 * N_STEPS; first += 17) {
        assert_ok(c, store_entries(reader, team, first, 20, add_entry, all, &c->err));
        assert_ok(c, store_effect_entries(reader, team, first, 5, add_entry, all, &c->err));
    }
    for (int i = 0; i < N_REQUESTS; i++) {
        struct store_entry_row row;
        char request[16];
        enum sgn_status st;

        snprintf(request, sizeof request, "r-%d", i);
        st = store_request_get(reader, team, "li", request, 0, &row, &c->err);
        assert_true(st == SGN_OK || st == SGN_NOT_FOUND);
        json_array_append_new(all, st == SGN_OK ? json_integer(row.seq) : json_null());
        if (st == SGN_OK)
            store_entry_row_deinit(&row);
        sgn_error_clear(&c->err);
    }
}

static char *
everything(struct contract *c, struct store_reader *reader)
{
    static const char *const sorts[] = { "opened", "due", "updated", "priority", "key" };
    json_t *all = json_array(), *rows = NULL;
    int64_t first = -1;
    char *text;

    for (int t = 0; t < 2; t++) {
        assert_ok(c, store_stuck_count(reader, teams[t], &first, &c->err));
        json_array_append_new(all, json_integer(first));
        for (int s = 0; s < 10; s++)
            add_list(c, reader, teams[t], sorts[s / 2], s % 2 == 1, all);
        for (const char *const *p = model_words.persons; *p != NULL; p++)
            add_inbox(c, reader, teams[t], *p, all);
        for (int n = 1; n <= N_CASES; n++)
            add_case(c, reader, teams[t], n, all);
        add_counts(c, reader, teams[t], all);
        add_groups(c, reader, teams[t], all);
        add_entries(c, reader, teams[t], all);
        assert_ok(c, store_row_list(reader, STORE_WAITING, teams[t], NULL, NULL, 2 * N_CASES, &rows,
                                    &c->err));
        json_array_append_new(all, rows);
    }
    assert_ok(c, store_due_next(reader, INT64_MAX, 4 * N_CASES, &rows, &c->err));
    json_array_append_new(all, rows);
    assert_ok(c, store_due_first(reader, &first, &c->err));
    json_array_append_new(all, json_integer(first));
    text = json_dumps(all, JSON_SORT_KEYS);
    json_decref(all);
    assert_non_null(text);
    return text;
}

/* ---- two stores ---- */

struct twins {
    struct contract *c;
    struct contract truth; /* a store in memory: its rows go to their tables at once */
    struct store_reader *other;
    struct random random;
    int64_t last[2][N_CASES + 1]; /* of a case: number of its last entry */
    char *want;                   /* all that the truth answers */
    int n_copies;
};

static void
assert_same(struct contract *c, struct store_reader *reader, const char *want, const char *what)
{
    char *got = everything(c, reader);

    if (strcmp(got, want) != 0) {
        size_t at = 0;

        while (got[at] == want[at])
            at++;
        at = at > 60 ? at - 60 : 0;
        print_error("%s:\n  %.200s\n  %.200s\n", what, got + at, want + at);
    }
    assert_string_equal(got, want);
    free(got);
}

/* A server that looks at what was left, one that goes on with it, and one after that. */
static void
look_at_copy(void *ctx)
{
    struct twins *twins = ctx;
    struct contract copy = { 0 };
    char path[160];

    watch.after = NULL; /* the copy merges when it is closed */
    contract_copy(twins->c);
    contract_copy_path(path, twins->c, "");
    snprintf(copy.url, sizeof copy.url, "sqlite:%s", path);
    for (int i = 0; i < 3; i++) {
        struct store_options options = { .url = copy.url, .look = i == 0 };

        assert_ok(&copy, store_open(&options, &copy.store, &copy.err));
        assert_same(&copy, store_own_reader(copy.store), twins->want, "of a copy");
        store_close(copy.store);
    }
    sgn_error_clear(&copy.err);
    twins->n_copies++;
    watch.after = look_at_copy;
}

static struct twins *
twins_new(struct contract *c, uint64_t seed)
{
    struct twins *twins = calloc(1, sizeof *twins);
    struct store_options options = { .url = "sqlite::memory:" };

    assert_non_null(twins);
    twins->c = c;
    twins->random.state = seed;
    assert_ok(c, store_open(&options, &twins->truth.store, &c->err));
    twins->truth.reader = store_own_reader(twins->truth.store);
    assert_ok(c, store_reader_open(c->store, &twins->other, &c->err));
    return twins;
}

static void
twins_free(struct twins *twins)
{
    watch = (struct watch){ 0 };
    store_reader_close(twins->other);
    store_close(twins->truth.store);
    free(twins->want);
    free(twins);
}

/* One to three cases change, of one team, in one unit. */
static void
change(struct twins *twins)
{
    struct contract *both[] = { twins->c, &twins->truth };
    int t = random_below(&twins->random, 2), n = 1 + random_below(&twins->random, 3);
    /* Half of the time one of a few: those stay where they are when others are merged. */
    int few = random_below(&twins->random, 2) == 0 ? 3 : N_CASES - 2;
    int first = 1 + random_below(&twins->random, few);
    struct model_case cases[3];
    struct store_case rows[3];
    struct store_entry entries[3];
    struct sample samples[3];
    char requests[3][16];
    bool effects[3];
    char documents[3][600];
    struct store_unit unit = { .entries = entries, .n_entries = n, .cases = rows, .n_cases = n };
    struct store_head head;

    for (int i = 0; i < n; i++) {
        model_init(&cases[i], &twins->random, first + i);
        rows[i] = cases[i].row;
        rows[i].team = teams[t];
        /* Most of a row stays as it was, so that the log tells differences. */
        snprintf(documents[i], sizeof documents[i], "{\"hand\":\"kim\",\"a\":\"%0500d\",\"n\":%d}",
                 first + i, random_below(&twins->random, 1000));
        rows[i].document = documents[i];
        snprintf(requests[i], sizeof requests[i], "r-%d", random_below(&twins->random, N_REQUESTS));
        effects[i] = random_below(&twins->random, 3) == 0;
        rows[i].next_at =
            random_below(&twins->random, 4) == 0 ? 0 : 1000 + random_below(&twins->random, 20);
    }
    for (int b = 0; b < 2; b++) {
        assert_ok(twins->c, store_begin(both[b]->store, teams[t], &head, &twins->c->err));
        for (int i = 0; i < n; i++) {
            sample_init(&samples[i], teams[t], head.seq + 1 + i, rows[i].key, 2,
                        twins->last[t][first + i]);
            entries[i] = samples[i].entry;
            entries[i].actor = "li";
            entries[i].request = effects[i] && i == 0 ? NULL : requests[i];
            entries[i].request_digest = entries[i].request == NULL ? NULL : samples[i].hash;
            entries[i].has_effects = effects[i];
            rows[i].last_seq = head.seq + 1 + i;
            rows[i].last_hash = samples[i].hash;
        }
        assert_ok(twins->c, store_commit(both[b]->store, &unit, &twins->c->err));
    }
    for (int i = 0; i < n; i++) {
        twins->last[t][first + i] = rows[i].last_seq;
        model_deinit(&cases[i]);
    }
    free(twins->want);
    twins->want = everything(twins->c, twins->truth.reader);
}

/* ---- the tests ---- */

static long
stat_of(const struct contract *c, const char *name)
{
    json_t *stats = store_stats(c->reader);
    long n = (long)json_integer_value(json_object_get(stats, name));

    json_decref(stats);
    return n;
}

static int
setup(void **state)
{
    struct contract *c;

    *state = (void *)(uintptr_t)CONTRACT_MERGING;
    if (contract_setup(state) != 0)
        return -1;
    c = *state;
    c->unmerged_bytes = 16 * 1024;
    contract_reopen(c);
    return 0;
}

/* Each with its own way of merging: by its turns before commits, at the ceiling, in idle moments.
 */
static void
test_store_answers_alike_whatever_is_merged(void **state)
{
    struct contract *c = *state;
    struct twins *twins = twins_new(c, 20260107);

    for (int i = 0; i < N_STEPS; i++) {
        change(twins);
        if (random_below(&twins->random, 8) == 0)
            (void)store_idle(c->store);
        assert_same(c, c->reader, twins->want, "the writer's own reader");
        assert_same(c, twins->other, twins->want, "another reader");
    }
    assert_true(watch.n > 20); /* or little of it was tried */
    assert_in_range(stat_of(c, "indexed_entries"), 60, 3 * N_STEPS);
    assert_in_range(stat_of(c, "kept_cases"), 10, 1000);
    assert_in_range(stat_of(c, "merged_cases"), 20, 1000);
    twins_free(twins);
}

static void
test_store_killed_between_any_two_transactions_has_lost_nothing(void **state)
{
    struct contract *c = *state;
    struct twins *twins = twins_new(c, 20260108);

    change(twins);
    for (int i = 0; i < N_STEPS; i++) {
        watch.after = look_at_copy; /* what a merge leaves is what was there before it */
        watch.ctx = twins;
        if (random_below(&twins->random, 8) == 0)
            (void)store_idle(c->store);
        change(twins);
        watch.after = NULL;
        if (i % 8 == 0)
            look_at_copy(twins);
    }
    assert_true(twins->n_copies > N_STEPS / 8 + 20);
    store_reader_close(twins->other);
    twins->other = NULL;
    contract_reopen(c);
    assert_same(c, c->reader, twins->want, "after stopping");
    twins_free(twins);
}

static long
in_file(const struct contract *c, const char *sql)
{
    char path[160];
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    long n;

    snprintf(path, sizeof path, "%s/data/signoff.db", c->dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_true(sqlite3_step(stmt) == SQLITE_ROW || sqlite3_errcode(db) == SQLITE_DONE);
    n = (long)sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return n;
}

static void
test_store_keeps_rows_and_log_under_their_ceilings(void **state)
{
    struct contract *c = *state;
    char document[2048];

    memset(document, 'x', sizeof document);
    memcpy(document, "{\"a\":\"", 6);
    strcpy(document + sizeof document - 3, "\"}");
    for (int i = 0; i < 2000; i++) {
        struct store_case row = sample_case("delivery", "CR-1", 0);
        char key[16];

        snprintf(key, sizeof key, "CR-%d", i % 700);
        memset(document + 7, 'a' + i % 26, 1 + (size_t)i);
        row.key = key;
        row.document = document;
        commit_case(c, &row);
        /* A unit may go over it, the next one waits. */
        assert_true(stat_of(c, "unmerged_bytes") <= c->unmerged_bytes + 4096);
    }
    assert_int_equal(stat_of(c, "cases"), 700);
    /* Twice as much on the disk as in memory, and a record. */
    assert_true(in_file(c, "SELECT sum(length(images)) FROM unmerged") <=
                2 * c->unmerged_bytes + 4096);
    contract_close(c);
    assert_int_equal(in_file(c, "SELECT count(*) FROM unmerged"), 0);
    assert_int_equal(in_file(c, "SELECT count(*) FROM case_"), 700);
    contract_open(c);
}

static size_t
listed(struct contract *c, struct store_reader *reader)
{
    json_t *all = json_array();
    size_t n;

    add_list(c, reader, "delivery", "key", false, all);
    n = json_array_size(all);
    json_decref(all);
    return n;
}

/* A list copies what is not merged, so idle moments leave few rows to copy: less than 1024. What
 * was merged since a reader copied it costs that reader nothing. */
static void
test_store_leaves_few_rows_to_copy_when_it_had_time(void **state)
{
    enum {
        MANY = 1024
    };
    struct contract *c = *state;
    struct store_reader *early = NULL, *late = NULL;
    char key[16];

    c->unmerged_bytes = 0; /* room for a hundred times as many */
    contract_reopen(c);
    assert_ok(c, store_reader_open(c->store, &early, &c->err));
    assert_ok(c, store_reader_open(c->store, &late, &c->err));
    for (int i = 1; i <= MANY; i++) {
        struct store_case row = sample_case("delivery", "CR-1", 0);

        snprintf(key, sizeof key, "CR-%d", i);
        row.key = key;
        if (i == MANY) {
            assert_false(store_idle(c->store));
            assert_int_equal(stat_of(c, "merged_cases"), 0);
            assert_int_equal(listed(c, early), MANY - 1);
        }
        commit_case(c, &row);
    }
    while (store_idle(c->store))
        continue;
    assert_int_equal(stat_of(c, "merged_cases"), MANY);
    watch.copies = 0;
    assert_int_equal(listed(c, early), MANY);
    assert_int_equal(listed(c, late), MANY);
    assert_int_equal(watch.copies, 0);
    store_reader_close(early);
    store_reader_close(late);
}

/* What is not merged stands in its log alone; one who only looks leaves it there. */
static void
test_store_that_is_only_looked_at_merges_nothing(void **state)
{
    struct contract *c = *state;
    struct twins *twins = twins_new(c, 3);
    struct store_options look = { .look = true };
    char path[160], url[170];

    for (int i = 0; i < 5; i++)
        change(twins);
    contract_copy(c);
    contract_copy_path(path, c, "");
    snprintf(url, sizeof url, "sqlite:%s", path);
    look.url = url;
    store_reader_close(twins->other);
    twins->other = NULL;
    contract_close(c);
    for (int i = 0; i < 2; i++) {
        assert_ok(c, store_open(&look, &c->store, &c->err));
        c->reader = store_own_reader(c->store);
        assert_same(c, c->reader, twins->want, "who looks");
        assert_int_equal(stat_of(c, "merged_cases"), 0);
        contract_close(c);
    }
    contract_open(c);
    twins_free(twins);
}

static int
teardown(void **state)
{
    char path[160];

    contract_copy_path(path, *state, "");
    remove_tree(path);
    return contract_teardown(state);
}

#define MERGING(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        MERGING(test_store_answers_alike_whatever_is_merged),
        MERGING(test_store_killed_between_any_two_transactions_has_lost_nothing),
        MERGING(test_store_keeps_rows_and_log_under_their_ceilings),
        MERGING(test_store_leaves_few_rows_to_copy_when_it_had_time),
        MERGING(test_store_that_is_only_looked_at_merges_nothing),
    };

    if (sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return cmocka_run_group_tests_name("rows that are not merged", tests, NULL, NULL);
}
