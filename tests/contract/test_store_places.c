/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where an SQLite store may lie and what it refuses to open: each refusal says which file,
 * what is wrong, and what to do, and leaves the file as it was.
 */
#include "contract.h"

#include "hash.h"
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

static int
setup(void **state)
{
    *state = (void *)(uintptr_t) "sqlite:DIR";
    return contract_setup(state);
}

/* Opens the store and expects a refusal that mentions the words. */
static void
assert_refused(struct contract *c, const char *url, enum sgn_status want, const char *words)
{
    struct store_options options = { .url = url };
    struct store *store = NULL;

    assert_status(c, want, store_open(&options, &store, &c->err));
    assert_null(store);
    if (strstr(c->err.message, words) == NULL)
        print_error("\"%s\" is not in \"%s\"\n", words, c->err.message);
    assert_non_null(strstr(c->err.message, words));
}

static char *
file_in(const struct contract *c, char path[128])
{
    snprintf(path, 128, "%s/data/signoff.db", c->dir);
    return path;
}

/* Runs SQL on the closed store's file. */
static void
run_sql(const struct contract *c, const char *sql)
{
    char path[128];
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(file_in(c, path), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static long
query_sql(const struct contract *c, const char *sql)
{
    char path[128];
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    long n;

    assert_int_equal(sqlite3_open(file_in(c, path), &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    n = (long)sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return n;
}

static void
write_file(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static void
test_store_refuses_urls_it_does_not_know(void **state)
{
    static const char *const urls[] = { "",        "sqlite",           "sqlite:",
                                        "mysql:x", "/var/lib/signoff", ":memory:" };

    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++)
        assert_refused(*state, urls[i], SGN_INVALID, "sqlite:FOLDER");
}

static void
test_store_refuses_a_folder_in_use(void **state)
{
    struct contract *c = *state;

    assert_refused(c, c->url, SGN_CONFLICT, "in use by another server (process ");
    assert_non_null(strstr(c->err.message, c->dir));
    contract_reopen(c); /* closing lets the folder go */
}

static void
test_store_makes_its_folder_for_its_user_alone(void **state)
{
    struct contract *c = *state;
    char path[128];
    struct stat st;

    snprintf(path, sizeof path, "%s/data", c->dir);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(stat(file_in(c, path), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void
test_store_refuses_places_that_are_no_folder(void **state)
{
    struct contract *c = *state;
    char path[128], url[160];

    snprintf(path, sizeof path, "%s/file", c->dir);
    write_file(path, "x", 1);
    snprintf(url, sizeof url, "sqlite:%s", path);
    assert_refused(c, url, SGN_INVALID, "not a folder");
    snprintf(url, sizeof url, "sqlite:%s/missing/data", c->dir);
    assert_refused(c, url, SGN_INVALID, "cannot be made");
}

static void
test_store_refuses_a_newer_schema_and_leaves_it_alone(void **state)
{
    struct contract *c = *state;
    char path[128];

    contract_close(c);
    run_sql(c, "PRAGMA user_version = 99");
    assert_refused(c, c->url, SGN_INVALID, "newer Signoff (schema 99, this one knows");
    assert_non_null(strstr(c->err.message, file_in(c, path)));
    assert_int_equal(query_sql(c, "PRAGMA user_version"), 99);
}

extern const char store_schema_sqlite_001[];

/* A site of schema 1: what waited and was told then is there afterwards, and new rows go in. */
static void
test_store_of_schema_1_is_migrated_and_keeps_its_rows(void **state)
{
    struct contract *c = *state;
    struct store_options look = { .url = c->url, .look = true };
    struct store_case row = sample_case("delivery", "CR-2", 0);
    json_t *waiting = json_pack("[{s:s, s:s, s:s, s:i, s:s}]", "kind", "owner", "person", "li",
                                "clock", "office", "left", 5, "why", "its clock stands");
    struct store_page page;
    char path[128];

    contract_close(c);
    assert_int_equal(unlink(file_in(c, path)), 0);
    run_sql(c, store_schema_sqlite_001);
    run_sql(c, "PRAGMA application_id = 0x53474E46; PRAGMA user_version = 1;"
               "INSERT INTO case_(team, key, key_order, workflow, states, version, rev, case_seq,"
               " opened_at, closed_at, due_at, next_at, stuck, last_seq, last_hash, last_at, text,"
               " document) VALUES('delivery', 'CR-1', 'CR-1', 'w', ' a ', 1, 1, 1, 1, 0, 9, 0, 0,"
               " 1, 'h', 1, '', '{}');"
               "INSERT INTO waiting(team, \"case\", n, kind, person, since, due)"
               " VALUES('delivery', 'CR-1', 0, 'owner', 'li', 1, 9);"
               "INSERT INTO message(team, id, person, read) VALUES('delivery', 1, 'li', 0)");
    assert_status(c, SGN_NOT_NOW, store_open(&look, &c->store, &c->err)); /* as it is */
    assert_non_null(strstr(c->err.message, "older Signoff (schema 1, this one writes"));
    assert_int_equal(query_sql(c, "PRAGMA user_version"), 1);
    contract_open(c);
    assert_int_equal(query_sql(c, "PRAGMA user_version"), STORE_SCHEMA);
    assert_int_equal(query_sql(c, "SELECT count(*) FROM message WHERE person = 'li'"), 1);
    row.waiting = waiting;
    commit_case(c, &row);
    assert_ok(c, store_inbox(c->reader, "delivery", "li", NULL, 5, &page, &c->err));
    assert_int_equal(json_array_size(page.items), 2);
    assert_true(json_is_null(json_object_get(json_array_get(page.items, 0), "clock")));
    assert_string_equal(json_string_value(json_object_get(json_array_get(page.items, 1), "clock")),
                        "office");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(page.items, 1), "left")), 5);
    assert_string_equal(json_string_value(json_object_get(json_array_get(page.items, 1), "why")),
                        "its clock stands");
    store_page_deinit(&page);
    json_decref(waiting);
}

static void
test_store_refuses_the_database_of_another_program(void **state)
{
    struct contract *c = *state;
    char path[128];

    contract_close(c);
    assert_int_equal(unlink(file_in(c, path)), 0);
    run_sql(c, "CREATE TABLE recipe(name); INSERT INTO recipe VALUES('soup')");
    assert_refused(c, c->url, SGN_INVALID, "another program");
    assert_int_equal(query_sql(c, "SELECT count(*) FROM recipe"), 1);
    assert_int_equal(query_sql(c, "SELECT count(*) FROM sqlite_schema"), 1);

    run_sql(c, "DROP TABLE recipe; PRAGMA application_id = 12345");
    assert_refused(c, c->url, SGN_INVALID, "another program");
}

static void
test_store_refuses_a_file_that_is_no_database(void **state)
{
    struct contract *c = *state;
    char path[128], garbage[8192];
    struct stat st;

    contract_close(c);
    memset(garbage, 'g', sizeof garbage);
    write_file(file_in(c, path), garbage, sizeof garbage);
    assert_refused(c, c->url, SGN_INVALID, "not a Signoff store");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, sizeof garbage);
}

/* A store of 60 cases, of which everything behind the schema is overwritten with nonsense. */
static void
damage(struct contract *c)
{
    char path[128], key[16];
    FILE *file;

    for (int i = 1; i <= 60; i++) {
        struct store_case row = sample_case("delivery", key, 0);

        snprintf(key, sizeof key, "CR-%d", i);
        commit_case(c, &row);
    }
    contract_close(c);
    file = fopen(file_in(c, path), "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 12 * 4096, SEEK_SET), 0);
    for (int i = 0; i < 8 * 4096; i++)
        assert_int_not_equal(fputc(0xA5, file), EOF);
    assert_int_equal(fclose(file), 0);
}

static void
test_store_refuses_a_damaged_file(void **state)
{
    struct contract *c = *state;

    damage(c);
    assert_refused(c, c->url, SGN_INVALID, "damaged");
    assert_non_null(strstr(c->err.message, "backup"));
}

/* Where looking through it takes too long for a start, it is the check on demand that finds it. */
static void
test_store_of_a_large_damaged_file_is_found_by_the_check(void **state)
{
    struct contract *c = *state;
    struct store_options options = { .url = c->url, .reserve_bytes = 1, .examine_bytes = 1 };

    damage(c);
    assert_int_equal(store_open(&options, &c->store, &c->err), SGN_OK);
    assert_int_equal(store_check(c->store, &c->err), SGN_INVALID);
    assert_non_null(strstr(c->err.message, "damaged"));
    sgn_error_clear(&c->err);
}

static void
test_store_opens_an_empty_file_as_a_new_store(void **state)
{
    struct contract *c = *state;
    char path[128];

    contract_close(c);
    write_file(file_in(c, path), "", 0);
    contract_open(c);
}

static void
test_store_begins_nothing_when_the_disk_is_nearly_full(void **state)
{
    struct contract *c = *state;
    struct store_options options = { .url = c->url, .reserve_bytes = INT64_MAX };
    struct store_head head;

    contract_close(c);
    assert_ok(c, store_open(&options, &c->store, &c->err));
    c->reader = store_own_reader(c->store);
    assert_status(c, SGN_UNAVAILABLE, store_begin(c->store, "delivery", &head, &c->err));
    assert_non_null(strstr(c->err.message, "nearly full"));
    assert_ok(c, store_head_get(c->reader, "delivery", &head, &c->err)); /* reading goes on */
    contract_reopen(c);
    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
}

static void
test_store_says_what_to_do_when_another_program_writes(void **state)
{
    struct contract *c = *state;
    struct store_head head;
    struct sample sample;
    struct store_unit unit = { .entries = &sample.entry, .n_entries = 1 };
    char path[128];
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(file_in(c, path), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    sample_init(&sample, "delivery", 1, NULL, 0, 0);
    assert_ok(c, store_begin(c->store, "delivery", &head, &c->err));
    assert_status(c, SGN_OVERLOADED, store_commit(c->store, &unit, &c->err));
    assert_non_null(strstr(c->err.message, "another program"));
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    commit_one(c, &sample, NULL); /* nothing had happened */
}

/* n bytes that cannot be squeezed, others each time; there is room for one more. */
static void
fill(char *text, size_t n, uint64_t *random)
{
    for (size_t i = 0; i < n; i++) {
        *random = *random * UINT64_C(6364136223846793005) + 1;
        text[i] = (char)(1 + (*random >> 40) % 255);
    }
    text[n] = '\0';
}

/* The log is copied back while it runs, not only at the end, and does not grow for ever. */
static void
test_store_checkpoints_as_it_writes(void **state)
{
    struct contract *c = *state;
    json_t *stats = NULL;
    char *large = malloc(100001), key[16];
    uint64_t random = 1;

    assert_non_null(large);
    for (int i = 1; i <= 200; i++) {
        struct store_case row = sample_case("delivery", key, 0);

        fill(large, 100000, &random);
        snprintf(key, sizeof key, "CR-%d", i % 20);
        row.document = large;
        commit_case(c, &row);
    }
    stats = store_stats(c->reader);
    /* 20 MB were written; about 1,000 pages are let gather. */
    assert_true(json_integer_value(json_object_get(stats, "wal_bytes")) < (8 << 20));
    assert_true(json_integer_value(json_object_get(stats, "bytes")) > 20 * 100000);
    assert_int_equal(json_integer_value(json_object_get(stats, "commits")), 200);
    /* Some 5,000 pages went through the log, of which about 1,000 are still in it. */
    /* In three slices each time. */
    assert_in_range(json_integer_value(json_object_get(stats, "checkpoints")), 6, 15);
    assert_in_range(json_integer_value(json_object_get(stats, "checkpoint_pages")), 3000, 7000);
    assert_in_range(json_integer_value(json_object_get(stats, "log_pages")), 4900, 7000);
    json_decref(stats);
    free(large);
}

static int64_t
log_bytes(struct contract *c)
{
    json_t *stats = store_stats(c->reader);
    int64_t bytes = json_integer_value(json_object_get(stats, "wal_bytes"));

    json_decref(stats);
    return bytes;
}

/* Writes while a walk is under way, whose view of the file keeps the log from being reused. */
static enum sgn_status
write_while_reading(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct contract *c = ctx;
    char *large = malloc((1 << 20) + 1);
    uint64_t random = 1;

    (void)entry;
    (void)err;
    assert_non_null(large);
    for (int i = 0; i < 66; i++) {
        struct store_case row = sample_case("delivery", "CR-1", 1);

        fill(large, 1 << 20, &random); /* the same again would not be written */
        row.document = large;
        commit_case(c, &row);
    }
    free(large);
    assert_true(log_bytes(c) > (64 << 20));
    return SGN_OK;
}

static void
test_store_cuts_a_log_that_a_reader_held_up(void **state)
{
    struct contract *c = *state;
    struct sample sample;

    sample_init(&sample, "delivery", 1, NULL, 0, 0);
    commit_one(c, &sample, NULL);
    assert_ok(c, store_entries(c->reader, "delivery", 1, 1, write_while_reading, c, &c->err));
    sample_init(&sample, "delivery", 68, NULL, 0, 0);
    commit_one(c, &sample, NULL);
    while (store_idle(c->store))
        ;
    assert_int_equal(log_bytes(c), 0);
}

#define PLACED(test) cmocka_unit_test_setup_teardown(test, setup, contract_teardown)

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        PLACED(test_store_refuses_urls_it_does_not_know),
        PLACED(test_store_refuses_a_folder_in_use),
        PLACED(test_store_makes_its_folder_for_its_user_alone),
        PLACED(test_store_refuses_places_that_are_no_folder),
        PLACED(test_store_refuses_a_newer_schema_and_leaves_it_alone),
        PLACED(test_store_of_schema_1_is_migrated_and_keeps_its_rows),
        PLACED(test_store_refuses_the_database_of_another_program),
        PLACED(test_store_refuses_a_file_that_is_no_database),
        PLACED(test_store_refuses_a_damaged_file),
        PLACED(test_store_of_a_large_damaged_file_is_found_by_the_check),
        PLACED(test_store_opens_an_empty_file_as_a_new_store),
        PLACED(test_store_begins_nothing_when_the_disk_is_nearly_full),
        PLACED(test_store_says_what_to_do_when_another_program_writes),
        PLACED(test_store_checkpoints_as_it_writes),
        PLACED(test_store_cuts_a_log_that_a_reader_held_up),
    };

    if (sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return cmocka_run_group_tests_name("store on SQLite", tests, NULL, NULL);
}
