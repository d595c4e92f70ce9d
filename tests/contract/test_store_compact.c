/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What SQLite's file holds in compact forms: it is in them, it comes out as it went in, and what a
 * disk has changed of it is refused.
 */
#include "contract.h"

#include <sqlite3.h>
#include <sys/stat.h>

#define N_CASES 20

/* ---- a copy of the file, as a server leaves it that is killed ---- */

static void
copy_file(const char *from, const char *to)
{
    static char bytes[1 << 16];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    size_t n;

    assert_non_null(in);
    assert_non_null(out);
    while ((n = fread(bytes, 1, sizeof bytes, in)) > 0)
        assert_int_equal(fwrite(bytes, 1, n, out), n);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

/* Into the test's folder; its URL and its file. */
static void
copy_store(const struct contract *c, char url[100], char file[100])
{
    char from[160], to[160];

    snprintf(to, sizeof to, "%s/copy", c->dir);
    remove_tree(to);
    assert_int_equal(mkdir(to, 0700), 0);
    for (int i = 0; i < 2; i++) {
        snprintf(from, sizeof from, "%s/data/signoff.db%s", c->dir, i == 0 ? "" : "-wal");
        snprintf(to, sizeof to, "%s/copy/signoff.db%s", c->dir, i == 0 ? "" : "-wal");
        copy_file(from, to);
    }
    snprintf(url, 100, "sqlite:%s/copy", c->dir);
    snprintf(file, 100, "%s/copy/signoff.db", c->dir);
}

static int64_t
run_sql(const char *file, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    sqlite3 *db = NULL;
    int64_t got = -1;

    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        print_error("%s: %s\n", sql, sqlite3_errmsg(db));
    assert_non_null(stmt);
    if (sqlite3_step(stmt) == SQLITE_ROW)
        got = sqlite3_column_int64(stmt, 0);
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return got;
}

/* ---- the log of rows ---- */

/* One commit that changes many cases. */
static void
commit_many(struct contract *c)
{
    struct sample samples[N_CASES];
    struct store_entry entries[N_CASES];
    struct store_case cases[N_CASES];
    char keys[N_CASES][16];
    struct store_unit unit = {
        .entries = entries, .n_entries = N_CASES, .cases = cases, .n_cases = N_CASES
    };
    struct store_head head;

    for (int i = 0; i < N_CASES; i++) {
        snprintf(keys[i], sizeof keys[i], "CR-%d", i + 1);
        sample_init(&samples[i], "delivery", i + 1, keys[i], 1, 0);
        entries[i] = samples[i].entry;
        cases[i] = sample_case("delivery", keys[i], i + 1);
        cases[i].last_hash = samples[i].hash;
    }
    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
    assert_ok(c, store_commit(c->store, &unit, &c->err));
}

static void
test_log_of_many_rows_is_squeezed_and_read_again(void **state)
{
    struct contract *c = *state;
    char url[100], file[100], key[16];
    struct store_options options = { .url = url };
    struct store_case_row row;
    struct store *store = NULL;

    commit_many(c);
    copy_store(c, url, file);
    assert_int_equal(run_sql(file, "SELECT hex(substr(images, 1, 1)) FROM unmerged"), 2);
    /* 20 rows of more than 200 bytes. */
    assert_true(run_sql(file, "SELECT length(images) FROM unmerged") < N_CASES * 200 / 3);
    assert_ok(c, store_open(&options, &store, &c->err));
    for (int i = 1; i <= N_CASES; i++) {
        snprintf(key, sizeof key, "CR-%d", i);
        assert_ok(c, store_case_get(store_own_reader(store), "delivery", key, &row, &c->err));
        assert_int_equal(row.last_seq, i);
        store_case_row_deinit(&row);
    }
    store_close(store);
}

static void
test_log_that_was_squeezed_is_refused_when_it_is_damaged(void **state)
{
    static const char *const damage[] = {
        "UPDATE unmerged SET images = substr(images, 1, length(images) - 1)",
        "UPDATE unmerged SET images = CAST(images || x'00' AS BLOB)",
        "UPDATE unmerged SET images = substr(images, 1, 24)",
        "UPDATE unmerged SET images = substr(images, 1, 10)",
        /* A longer row than it says, a shorter one, one that no memory holds. */
        "UPDATE unmerged SET images = CAST(substr(images, 1, 8) || x'01' || substr(images, 10) AS "
        "BLOB)",
        "UPDATE unmerged SET images = CAST(substr(images, 1, 8) || x'ff' || substr(images, 10) AS "
        "BLOB)",
        "UPDATE unmerged SET images = CAST(substr(images, 1, 11) || x'ff' || substr(images, 13) AS "
        "BLOB)",
        /* A byte of what is squeezed. */
        "UPDATE unmerged SET images = CAST(substr(images, 1, 99) || x'2a2b' || substr(images, 102) "
        "AS BLOB)",
        "UPDATE unmerged SET images = CAST(substr(images, 1, length(images) - 1) || "
        "x'00' AS BLOB)",
    };
    struct contract *c = *state;

    commit_many(c);
    for (size_t i = 0; i < sizeof damage / sizeof damage[0]; i++) {
        char url[100], file[100];
        struct store_options options = { .url = url };
        struct store *store = NULL;

        copy_store(c, url, file);
        (void)run_sql(file, damage[i]);
        assert_status(c, SGN_INVALID, store_open(&options, &store, &c->err));
        assert_non_null(strstr(c->err.message, "the file is damaged (record "));
    }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        CONTRACT(test_log_of_many_rows_is_squeezed_and_read_again),
        CONTRACT(test_log_that_was_squeezed_is_refused_when_it_is_damaged),
    };
    static const CONTRACT_TESTS(all, tests);
    static const struct contract_tests *const parts[] = { &all };

    return contract_run("compact", parts, 1, "sqlite:DIR");
}
