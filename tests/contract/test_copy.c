/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying a site: with the file of a PostgreSQL server's address from SQLite to it and back,
 * without it between two SQLite stores.
 *
 * Random histories are copied and copied back, and every row of both files must be the same. Copies
 * are broken off at each of their commits. Damage of every kind is planted in the source, and in
 * what was written; all of it must be found.
 */
#include "copy_world.h"

#include <sys/stat.h>

struct test {
    struct world *w;
    const char *postgres; /* the database's address, or NULL: from SQLite to SQLite */
    char to[512];         /* on the other backend */
    char back[200];       /* SQLite again */
    struct sgn_error err;
};

static int fail_at; /* the commit that fails, counted down; 0: none does */
static bool broken; /* one has failed */

enum sgn_status __real_store_commit(struct store *store, const struct store_unit *unit,
                                    struct sgn_error *err);
enum sgn_status __wrap_store_commit(struct store *store, const struct store_unit *unit,
                                    struct sgn_error *err);

/* As when the process ends there: nothing is written any more. */
enum sgn_status
__wrap_store_commit(struct store *store, const struct store_unit *unit, struct sgn_error *err)
{
    broken = broken || (fail_at > 0 && --fail_at == 0);
    if (!broken)
        return __real_store_commit(store, unit, err);
    store_rollback(store, NULL);
    return sgn_fail(err, SGN_UNAVAILABLE, "the disk is full");
}

/* ---- places ---- */

/* An empty store on the other backend. */
static void
empty(struct test *t)
{
    if (t->postgres == NULL) {
        snprintf(t->to, sizeof t->to, "sqlite:%s/copy", t->w->dir);
        remove_tree(t->to + strlen("sqlite:"));
    } else {
        snprintf(t->to, sizeof t->to, "%s", t->postgres);
        contract_postgres_sql(t->to, "DROP SCHEMA IF EXISTS signoff CASCADE");
    }
    snprintf(t->back, sizeof t->back, "sqlite:%s/back", t->w->dir);
    remove_tree(t->back + strlen("sqlite:"));
}

/* state: the backend to copy to, as contract_run() gives it. */
static void
begin(struct test *t, void **state, uint64_t seed, int n)
{
    const char *backend = *state;

    *t = (struct test){ .w = copy_world(seed, n),
                        .postgres = strncmp(backend, "postgres", 8) == 0 ? backend : NULL };
    empty(t);
}

static void
end(struct test *t)
{
    sgn_error_clear(&t->err);
    world_free(t->w);
}

static void
assert_copied(struct test *t, const char *from, const char *to)
{
    enum sgn_status st = copy_run(from, to, NULL, &t->err);

    if (st != SGN_OK)
        fail_msg("%s: %s", sgn_status_code(st), t->err.message);
}

static void
assert_refused(struct test *t, const char *from, const char *to, enum sgn_status want,
               const char *words)
{
    enum sgn_status st = copy_run(from, to, NULL, &t->err);

    if (st != want || strstr(t->err.message, words) == NULL)
        fail_msg("%s (%s); expected %s (%s)", sgn_status_code(st), t->err.message,
                 sgn_status_code(want), words);
}

/* ---- what is the same afterwards ---- */

static void
test_copy_there_and_back_gives_the_same_rows(void **state)
{
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct test t;

        begin(&t, state, seed, 150);
        assert_copied(&t, t.w->url, t.to);
        assert_copied(&t, t.to, t.back);
        assert_same_dump(copy_dump(t.w->url), copy_dump(t.back));
        end(&t);
    }
}

static void
test_copy_says_how_much_it_was(void **state)
{
    struct test t;
    json_t *done = NULL;
    struct store_head head;

    begin(&t, state, 7, 60);
    world_start(t.w);
    assert_int_equal(store_head_get(store_own_reader(t.w->store), "demo", &head, &t.err), SGN_OK);
    world_stop(t.w);
    assert_int_equal(copy_run(t.w->url, t.to, &done, &t.err), SGN_OK);
    assert_int_equal(sgn_json_int(done, "teams", 0), 4);
    assert_int_equal(sgn_json_int(done, "entries", 0), head.seq + 600);
    assert_true(sgn_json_int(done, "cases", 0) > 0);
    assert_false(sgn_json_true(done, "went_on"));
    json_decref(done);
    end(&t);
}

/* The next entry follows on the copied head: the world verifies its chain when it stops. */
static void
test_copied_site_goes_on_where_it_was(void **state)
{
    struct test t;
    char *url;

    begin(&t, state, 11, 80);
    url = strdup(t.w->url);
    assert_copied(&t, t.w->url, t.to);
    snprintf(t.w->url, sizeof t.w->url, "%s", t.to);
    copy_world_go_on(t.w, 12, 40);
    assert_copied(&t, t.w->url, t.back);
    snprintf(t.w->url, sizeof t.w->url, "%s", t.back);
    copy_world_go_on(t.w, 13, 40);
    snprintf(t.w->url, sizeof t.w->url, "%s", url);
    free(url);
    end(&t);
}

/* ---- copies that are broken off ---- */

static void
test_copy_broken_off_anywhere_is_served_nowhere_and_goes_on(void **state)
{
    struct test t;
    char *want;
    int n = 0;

    begin(&t, state, 21, 80);
    want = copy_dump(t.w->url);
    do {
        json_t *done = NULL;

        empty(&t);
        fail_at = ++n;
        broken = false;
        if (copy_run(t.w->url, t.to, NULL, &t.err) == SGN_OK)
            break;
        broken = false;
        fail_at = 0;
        /* The very first commit is the mark: before it there is nothing, and nothing half. */
        if (n > 1) {
            assert_int_equal(copy_opens(t.to, &t.err), SGN_INVALID);
            assert_non_null(strstr(t.err.message, "not finished"));
        }
        assert_int_equal(copy_run(t.w->url, t.to, &done, &t.err), SGN_OK);
        assert_int_equal(sgn_json_true(done, "went_on"), n > 1);
        json_decref(done);
        assert_int_equal(copy_opens(t.to, &t.err), SGN_OK);
        assert_copied(&t, t.to, t.back);
        assert_same_dump(strdup(want), copy_dump(t.back));
    } while (true);
    assert_true(n > 8); /* mark, rows, entries, cases, and of more than one team */
    fail_at = 0;
    free(want);
    end(&t);
}

static void
test_copy_goes_on_although_the_source_went_on(void **state)
{
    struct test t;

    begin(&t, state, 31, 60);
    fail_at = 9;
    broken = false;
    assert_int_equal(copy_run(t.w->url, t.to, NULL, &t.err), SGN_UNAVAILABLE);
    fail_at = 0;
    broken = false;
    copy_world_go_on(t.w, 32, 40);
    assert_copied(&t, t.w->url, t.to);
    assert_copied(&t, t.to, t.back);
    assert_same_dump(copy_dump(t.w->url), copy_dump(t.back));
    end(&t);
}

static void
test_copy_into_an_unfinished_one_of_another_site_is_refused(void **state)
{
    struct test t;
    struct world *other = copy_world(42, 30);

    begin(&t, state, 41, 30);
    fail_at = 12; /* behind the entries of team another */
    broken = false;
    assert_int_equal(copy_run(t.w->url, t.to, NULL, &t.err), SGN_UNAVAILABLE);
    fail_at = 0;
    broken = false;
    assert_refused(&t, other->url, t.to, SGN_CONFLICT, "another site");
    assert_copied(&t, t.w->url, t.to); /* it was left as it was */
    world_free(other);
    end(&t);
}

static void
test_copy_into_a_site_is_refused_and_leaves_it_alone(void **state)
{
    struct test t;
    struct world *other = copy_world(52, 20);
    char *before;

    begin(&t, state, 51, 20);
    before = copy_dump(other->url);
    assert_refused(&t, t.w->url, other->url, SGN_CONFLICT, "holds a site already");
    assert_same_dump(before, copy_dump(other->url));
    assert_copied(&t, t.w->url, t.to);
    assert_refused(&t, t.w->url, t.to, SGN_CONFLICT, "holds a site already");
    world_free(other);
    end(&t);
}

/* ---- damage ---- */

struct damage {
    const char *sql, *words;
};

/* Of entries as older programs wrote them: what columns say twice is compared. */
static const struct damage unpacked_damages[] = {
    { "UPDATE entry SET header = CAST(replace(CAST(header AS TEXT), '\"channel\":\"engine\"', "
      "'\"channel\":\"unix\"') AS BLOB) WHERE team = 'another' AND seq = 300",
      "team another, entry 300" },
    { "UPDATE entry SET shared = CAST('{\"n\":301}' AS BLOB) WHERE team = 'another' AND seq = 300",
      "team another, entry 300" },
    { "UPDATE entry SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE team = 'another' AND "
      "seq = 300",
      "team another, entry 300" },
    { "UPDATE entry SET shared_salt = zeroblob(16) WHERE team = 'another' AND seq = 300",
      "team another, entry 300" },
    { "UPDATE entry SET at = at + 1 WHERE team = 'another' AND seq = 300", "\"at\"" },
    { "UPDATE entry SET actor = 'li' WHERE team = 'another' AND seq = 300", "\"actor\"" },
    { "UPDATE entry SET kind = 'open' WHERE team = 'another' AND seq = 300", "\"kind\"" },
    { "UPDATE entry SET case_key = 'TK-99' WHERE team = 'demo' AND case_key = 'TK-1' AND case_seq "
      "= "
      "1",
      "\"case_key\"" },
};

static const struct damage damages[] = {
    /* The version of its format, its hash, what stands behind that, half of it. */
    { "UPDATE entry SET header = CAST(substr(header, 1, length(header) - 1) || x'02' AS BLOB) "
      "WHERE team = 'another' AND seq = 300",
      "team another, entry 300" },
    { "UPDATE entry SET header = CAST(substr(header, 1, 2) || x'00010203' || substr(header, 7) "
      "AS BLOB) WHERE team = 'another' AND seq = 300",
      "team another, entry 300" },
    { "UPDATE entry SET header = CAST(substr(header, 1, 40) || x'ffffffff' || substr(header, 45) "
      "AS BLOB) WHERE team = 'another' AND seq = 300",
      "team another, entry 300" },
    { "UPDATE entry SET header = substr(header, 1, 40) WHERE team = 'another' AND seq = 300",
      "team another, entry 300" },
    { "UPDATE entry SET header = x'01' WHERE team = 'another' AND seq = 300",
      "team another, entry 300" },
    { "UPDATE entry SET header = x'' WHERE team = 'another' AND seq = 300",
      "team another, entry 300" },
    /* Columns that are empty beside packed bytes. */
    { "UPDATE entry SET shared = CAST('{\"n\":301}' AS BLOB) WHERE team = 'another' AND seq = 300",
      "team another, entry 300" },
    { "UPDATE entry SET internal_salt = zeroblob(16) WHERE team = 'another' AND seq = 300",
      "team another, entry 300" },
    { "UPDATE entry SET hash = 'x' WHERE team = 'another' AND seq = 300",
      "team another, entry 300" },
    /* Columns that the header is made of. */
    { "UPDATE entry SET at = at + 1 WHERE team = 'another' AND seq = 300",
      "team another, entry 300" },
    { "UPDATE entry SET actor = 'li' WHERE team = 'another' AND seq = 300",
      "team another, entry 300" },
    { "UPDATE entry SET kind = 'open' WHERE team = 'another' AND seq = 300",
      "team another, entry 300" },
    { "UPDATE entry SET case_key = 'TK-99' WHERE team = 'demo' AND case_key = 'TK-1' AND case_seq "
      "= 1",
      "its hash is not that of its header" },
    { "UPDATE entry SET previous = 1 WHERE team = 'demo' AND case_key = 'TK-1' AND case_seq = 2",
      "case TK-1: " },
    { "DELETE FROM entry WHERE team = 'another' AND seq = 300", "entry 300 is missing" },
    { "DELETE FROM entry WHERE team = 'another' AND seq = 600", "entry 600 is missing" },
    { "UPDATE head SET seq = 599 WHERE team = 'another'", "head" },
    { "UPDATE head SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE team = 'another'",
      "head" },
    { "UPDATE case_ SET document = replace(document, '\"rev\":', '\"rev\":1') WHERE key = 'TK-1'",
      "the row of TK-1" },
    { "UPDATE case_ SET document = '{' WHERE key = 'TK-1'", "the row of TK-1" },
    { "UPDATE case_ SET states = ' elsewhere ' WHERE key = 'TK-1'", "\"states\"" },
    { "UPDATE case_ SET owner = 'nobody' WHERE key = 'TK-1'", "\"owner\"" },
    { "UPDATE case_ SET opened_at = 1 WHERE key = 'TK-1'", "\"opened_at\"" },
    { "UPDATE case_field SET value = 'other' WHERE \"case\" = 'TK-1'", "\"fields\"" },
    { "DELETE FROM workflow", "rules that it goes by" },
    { "INSERT INTO waiting(team, \"case\", n) VALUES('demo', 'TK-1', 77)", "waiting" },
};

static void
assert_found(struct test *t, const struct damage *damage, bool unpacked)
{
    char path[300], aside[300];

    snprintf(path, sizeof path, "%s/data", t->w->dir);
    snprintf(aside, sizeof aside, "sqlite:%s/aside", t->w->dir);
    remove_tree(path);
    assert_copied(t, aside, t->w->url);
    if (unpacked)
        copy_unpack(t->w->url);
    copy_sql(t->w->url, damage->sql, 1);
    empty(t);
    assert_refused(t, t->w->url, t->to, SGN_INVALID, damage->words);
    assert_int_equal(copy_opens(t->to, &t->err), SGN_INVALID);
}

static void
test_damage_of_the_source_is_found(void **state)
{
    struct test t;
    char aside[300];

    begin(&t, state, 61, 80);
    snprintf(aside, sizeof aside, "sqlite:%s/aside", t.w->dir);
    assert_copied(&t, t.w->url, aside);
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++)
        assert_found(&t, &damages[i], false);
    for (size_t i = 0; i < sizeof unpacked_damages / sizeof unpacked_damages[0]; i++)
        assert_found(&t, &unpacked_damages[i], true);
    end(&t);
}

/* Half of a team's entries as they are written now, the other half as older programs did. */
static void
test_entries_of_an_older_program_are_copied(void **state)
{
    struct test t;

    begin(&t, state, 62, 40);
    copy_unpack(t.w->url);
    copy_world_go_on(t.w, 63, 40);
    empty(&t);
    assert_copied(&t, t.w->url, t.to);
    end(&t);
}

/* Which entries ask for effects, a column of theirs or of the index that they are found by. */
static const char asks[] = "UPDATE entry SET effects = 1 WHERE team = 'another' AND seq = 300";
static const char asks_sqlite[] =
    "UPDATE entry_at SET asks = 1 WHERE of_team = 'another' AND number = 300";

/* What the test does between writing and reading back. */
struct planted {
    const struct test *t;
    const char *sql;
    bool done;
};

static void
plant(void *ctx, const struct lane_copy_progress *progress)
{
    struct planted *planted = ctx;
    char sql[512];

    if (planted->done || !progress->reading_back)
        return;
    planted->done = true;
    if (planted->t->postgres == NULL) {
        copy_sql(planted->t->to, planted->sql == asks ? asks_sqlite : planted->sql, 1);
        return;
    }
    snprintf(sql, sizeof sql, "SET search_path = signoff; SET signoff.team = '%s'; %s",
             strstr(planted->sql, "another") != NULL ? "another" : "demo", planted->sql);
    contract_postgres_sql(planted->t->to, sql);
}

/* A store that keeps something else than it was given: SQL of both backends. */
static void
test_damage_of_the_copy_is_found_when_it_is_read_back(void **state)
{
    static const struct damage written[] = {
        { "UPDATE entry SET request = 'other' WHERE team = 'another' AND seq = 300", "entry 300" },
        { asks, "entry 300" },
        { "UPDATE entry SET previous = 5 WHERE team = 'another' AND seq = 300", "entry 300" },
        { "DELETE FROM entry WHERE team = 'another' AND seq = 300", "entry 300" },
        { "UPDATE head SET data_seq = 1 WHERE team = 'another'", "head" },
        { "UPDATE person SET title = 'other' WHERE team = 'demo' AND person = 'li'", "person" },
        { "DELETE FROM person WHERE team = 'demo' AND person = 'li'", "person" },
        { "INSERT INTO person(team, person) VALUES('demo', 'new')", "person" },
        { "UPDATE case_ SET document = '{}' WHERE team = 'demo' AND key = 'TK-1'", "TK-1" },
        { "UPDATE case_ SET \"group\" = 'x' WHERE team = 'demo' AND key = 'TK-1'", "TK-1" },
        { "UPDATE setting SET value = '2' WHERE name = 'anything'", "setting" },
    };
    struct test t;

    begin(&t, state, 71, 60);
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        struct store_options source = { .url = t.w->url, .reserve_bytes = 1 };
        struct store_options target = { .url = t.to, .reserve_bytes = 1, .unfinished = true };
        struct planted planted = { .t = &t, .sql = written[i].sql };
        struct lane_copy_options options = { .progress = plant, .ctx = &planted };
        json_t *done = NULL;

        empty(&t);
        assert_int_equal(store_open(&source, &options.from, &t.err), SGN_OK);
        assert_int_equal(store_open(&target, &options.to, &t.err), SGN_OK);
        assert_int_equal(lane_copy(&options, &done, &t.err), SGN_INVALID);
        assert_true(planted.done);
        if (strstr(t.err.message, written[i].words) == NULL)
            fail_msg("%s; expected %s", t.err.message, written[i].words);
        store_close(options.to);
        store_close(options.from);
        assert_int_equal(copy_opens(t.to, &t.err), SGN_INVALID);
        /* What is wrong there is put right by going on, but for entries, which are never written
         * over. */
        if (strstr(written[i].sql, " entry ") == NULL && strstr(written[i].sql, "head") == NULL)
            assert_copied(&t, t.w->url, t.to);
    }
    end(&t);
}

int
main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copy_there_and_back_gives_the_same_rows),
        cmocka_unit_test(test_copy_says_how_much_it_was),
        cmocka_unit_test(test_copied_site_goes_on_where_it_was),
        cmocka_unit_test(test_copy_broken_off_anywhere_is_served_nowhere_and_goes_on),
        cmocka_unit_test(test_copy_goes_on_although_the_source_went_on),
        cmocka_unit_test(test_copy_into_an_unfinished_one_of_another_site_is_refused),
        cmocka_unit_test(test_copy_into_a_site_is_refused_and_leaves_it_alone),
        cmocka_unit_test(test_damage_of_the_source_is_found),
        cmocka_unit_test(test_entries_of_an_older_program_are_copied),
        cmocka_unit_test(test_damage_of_the_copy_is_found_when_it_is_read_back),
    };
    CONTRACT_TESTS(all, tests);
    const struct contract_tests *const parts[] = { &all };

    return argc > 1 ? contract_run_postgres("copy", parts, 1, argv[1])
                    : contract_run("copy", parts, 1, "sqlite");
}
