/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What SQLite's file holds in compact forms: it is in them, it comes out as it went in, and what a
 * disk has changed of it is refused.
 */
#include "contract.h"

#include "hash.h"
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* ---- entries ---- */

/* One that Signoff wrote when the schema was 7, but for its number, with all that its row held. */
static const char old_hash[] = "6c349c221d76b2c4655bd983c87245ce6519ededed66fd16f2f88777d65385f4";
static const char old_digest[] = "a420fda0c2cfe79670d75dd5fc3a9f4715840f5b2b9c1261976c672bdada8bd0";
static const char old_salt[] = "e3d29756a065e1ae628011b5b2782127";
static const char old_header[] =
    "{\"actor\":\"desk\",\"at\":1795357407227,\"case\":\"BN-91\",\"case_prev\":"
    "\"5f0ef50fc4a7006ea278"
    "e8c551554187545f9ef7401b08c82c5fb0893d8a6460\",\"case_seq\":2,\"channel\":\"line\","
    "\"internal\""
    ":\"82659d50de6969efeef3c4cd05ffc07cfb99144245ee40ab13a3856f99bb114c\",\"kind\":\"fire\",\"on_b"
    "ehalf\":null,\"prev\":\"7a841416ecf0fa405e042ddaaf01022da3bf804f77ecab3e031b4008f3583e43\","
    "\"ru"
    "les\":\"f543709649530c1ef6d4b647af9cce72877504273bfaf9136899641605f82225\",\"seq\":1,\"shared"
    "\":null,\"team\":\"team-99\",\"v\":1}";
static const char old_internal[] = "{\"deadlines\":[{\"gone\":true,\"id\":\"d1\"},{\"armed_at\":"
                                   "1795357407227,\"due\":1797949407227,\"fr"
                                   "om\":1795357407227,\"id\":\"d2\",\"kind\":\"within\",\"name\":"
                                   "\"right\",\"next\":1797949407227,\"order"
                                   "\":2,\"repeats\":0,\"rung\":0,\"state\":\"right\",\"total\":"
                                   "2592000000}],\"entered\":[\"right\"],\"eve"
                                   "nt\":{\"data\":{\"amount\":50,\"memo\":\"a line of forty "
                                   "letters, more or less, of text\"},\"name\":\"f"
                                   "lip\"},\"fields\":{\"amount\":50,\"flips\":1,\"memo\":\"a line "
                                   "of forty letters, more or less, of te"
                                   "xt\"},\"left\":[\"left\"],\"rev\":2,\"states\":[\"right\"]}";

/* Counts those that are as that one is, whatever their numbers. */
static enum sgn_status
same_bytes(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    unsigned char salt[16];

    (void)err;
    assert_true(sgn_unhex(old_salt, salt, sizeof salt));
    assert_string_equal(entry->hash, old_hash);
    assert_string_equal(entry->request_digest, old_digest);
    assert_string_equal(entry->header, old_header);
    assert_int_equal(entry->header_n, strlen(old_header));
    assert_null(entry->shared);
    assert_string_equal(entry->internal, old_internal);
    assert_int_equal(entry->internal_n, strlen(old_internal));
    assert_memory_equal(entry->internal_salt, salt, sizeof salt);
    ++*(int *)ctx;
    return SGN_OK;
}

extern const char store_schema_sqlite_001[], store_schema_sqlite_002[], store_schema_sqlite_003[],
    store_schema_sqlite_004[], store_schema_sqlite_005[], store_schema_sqlite_006[],
    store_schema_sqlite_007[];

/* A file of schema 7 with this entry, made as that program made it. */
static void
make_old(const char *file)
{
    static const char *const schema[] = { store_schema_sqlite_001, store_schema_sqlite_002,
                                          store_schema_sqlite_003, store_schema_sqlite_004,
                                          store_schema_sqlite_005, store_schema_sqlite_006,
                                          store_schema_sqlite_007 };
    char sql[4096];
    sqlite3 *db = NULL;

    (void)unlink(file);
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    for (size_t i = 0; i < sizeof schema / sizeof schema[0]; i++)
        assert_int_equal(sqlite3_exec(db, schema[i], NULL, NULL, NULL), SQLITE_OK);
    snprintf(sql, sizeof sql,
             "PRAGMA application_id = 0x53474E46; PRAGMA user_version = 7;"
             "INSERT INTO entry(team, seq, case_key, case_seq, previous, at, kind, actor, hash,"
             " effects, request, request_digest, internal_salt, header, internal) VALUES('team-99',"
             " 1, 'BN-91', 2, 0, 1795357407227, 'fire', 'desk', '%s', 0, 'r-1', '%s', x'%s',"
             " CAST('%s' AS BLOB), CAST('%s' AS BLOB));"
             "INSERT INTO head VALUES('team-99', 1, '%s', 1795357407227, 0, 0)",
             old_hash, old_digest, old_salt, old_header, old_internal, old_hash);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The same bytes once more, under another number in the row. */
static void
commit_again(struct contract *c)
{
    unsigned char salt[16];
    struct store_entry entry = { .team = "team-99",
                                 .seq = 2,
                                 .case_key = "BN-91",
                                 .case_seq = 2,
                                 .previous = 1,
                                 .at = 1795357407227,
                                 .kind = "fire",
                                 .actor = "desk",
                                 .hash = old_hash,
                                 .header = { old_header, strlen(old_header) },
                                 .internal = { old_internal, strlen(old_internal) },
                                 .internal_salt = salt,
                                 .request = "r-2",
                                 .request_digest = old_digest };
    struct store_unit unit = { .entries = &entry, .n_entries = 1 };
    struct store_head head;

    assert_true(sgn_unhex(old_salt, salt, sizeof salt));
    assert_ok(c, store_begin(c->store, "team-99", &head, &c->err));
    assert_int_equal(head.seq, 1);
    assert_ok(c, store_commit(c->store, &unit, &c->err));
}

static void
test_entries_of_schema_7_are_read_beside_packed_ones(void **state)
{
    struct contract *c = *state;
    struct store_entry_row row;
    char file[100];
    int n = 0;

    contract_close(c);
    snprintf(file, sizeof file, "%s/data/signoff.db", c->dir);
    make_old(file);
    contract_open(c);
    commit_again(c);
    for (int i = 0; i < 2; i++) {
        assert_ok(c, store_entries(c->reader, "team-99", 1, 10, same_bytes, &n, &c->err));
        assert_int_equal(n, 2 * (i + 1));
        contract_reopen(c);
    }
    assert_ok(c, store_request_get(c->reader, "team-99", "desk", "r-1", 0, &row, &c->err));
    store_entry_row_deinit(&row);
    contract_close(c);
    assert_int_equal(run_sql(file,
                             "SELECT count(*) FROM entry WHERE hash = '' AND internal IS NULL "
                             "AND request_digest IS NULL AND internal_salt IS NULL AND "
                             "length(header) < 400 AND seq = 2"),
                     1);
    assert_int_equal(run_sql(file, "SELECT length(header) FROM entry WHERE seq = 1"),
                     (int64_t)strlen(old_header));
    contract_open(c);
}

static enum sgn_status
no_entry(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    (void)ctx;
    (void)entry;
    (void)err;
    fail_msg("an entry that is damaged was given");
    return SGN_OK;
}

static void
test_entry_that_is_damaged_is_not_given_however_it_is_asked_for(void **state)
{
    struct contract *c = *state;
    struct store_entry_row row = { 0 };
    char file[100];

    contract_close(c);
    snprintf(file, sizeof file, "%s/data/signoff.db", c->dir);
    make_old(file);
    contract_open(c);
    commit_again(c);
    contract_close(c);
    (void)run_sql(file, "UPDATE entry SET header = substr(header, 1, 200) WHERE seq = 2");
    contract_open(c);
    assert_status(c, SGN_INVALID,
                  store_entries(c->reader, "team-99", 2, 10, no_entry, NULL, &c->err));
    assert_string_equal(c->err.message, "team team-99, entry 2: its bytes in the file are damaged");
    sgn_error_clear(&c->err);
    assert_status(c, SGN_INVALID,
                  store_request_get(c->reader, "team-99", "desk", "r-2", 0, &row, &c->err));
    sgn_error_clear(&c->err);
    assert_ok(c, store_request_get(c->reader, "team-99", "desk", "r-1", 0, &row, &c->err));
    store_entry_row_deinit(&row);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        CONTRACT(test_log_of_many_rows_is_squeezed_and_read_again),
        CONTRACT(test_log_that_was_squeezed_is_refused_when_it_is_damaged),
        CONTRACT(test_entries_of_schema_7_are_read_beside_packed_ones),
        CONTRACT(test_entry_that_is_damaged_is_not_given_however_it_is_asked_for),
    };
    static const CONTRACT_TESTS(all, tests);
    static const struct contract_tests *const parts[] = { &all };

    return contract_run("compact", parts, 1, "sqlite:DIR");
}
