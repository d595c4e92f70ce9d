/* SPDX-License-Identifier: Apache-2.0 */
/* See copy_world.h. */
#include "copy_world.h"

#include "contract_model.h"
#include "entry.h"
#include <limits.h>
#include <sqlite3.h>

/* ---- random histories ---- */

/* What is refused is as good as what is done: a copy takes what became of it. */
static void
random_step(struct world *w, struct random *random, int *n_cases)
{
    static const char *const events[] = { "begin",  "count", "drop",  "finish",
                                          "refuse", "break", "poked", "last" };
    static const char *const people[] = { "li", "li", "li", "wang", "mei" };
    const char *who = people[random_below(random, 5)];
    char key[16], params[256];

    snprintf(key, sizeof key, "TK-%d", 1 + random_below(random, *n_cases + 1));
    switch (random_below(random, 8)) {
    case 0:
    case 1:
        snprintf(params, sizeof params, "{'summary': '签核 \\ud83d\\ude00 \\u0001 %d'}",
                 random_below(random, 100));
        *n_cases += world_open(w, who, params)->status == SGN_OK;
        break;
    case 2:
        snprintf(params, sizeof params, "{'fields': {'summary': 'number %d', 'log': 'Ünicode'}}",
                 random_below(random, 100));
        (void)world_ask(w, &(struct ask){ .person = who,
                                          .run = run_edit,
                                          .method = "case.edit",
                                          .key = key,
                                          .params = params });
        break;
    case 3:
        snprintf(params, sizeof params, "r%d", random_below(random, 1000));
        (void)world_ask(w, &(struct ask){ .person = who,
                                          .run = run_comment,
                                          .request = params,
                                          .method = "case.comment",
                                          .key = key,
                                          .params = "{'text': 'said'}" });
        break;
    case 4:
        snprintf(params, sizeof params,
                 "{'table': 'person', 'row': {'person': 'p%d', 'title': '%d', 'active': true}}",
                 random_below(random, 150), random_below(random, 9));
        (void)world_ask(
            w, &(struct ask){ .run = run_put, .method = "person.update", .params = params });
        break;
    case 5:
        (void)world_advance(w, random_below(random, 2) == 0 ? "3 hours" : "10 minutes");
        break;
    default:
        (void)world_fire(w, who, key, events[random_below(random, 8)]);
    }
    world_settle(w);
}

void
copy_world_go_on(struct world *w, uint64_t seed, int n)
{
    struct random random = { .state = seed };
    int n_cases = 1;

    world_start(w);
    for (int i = 0; i < n; i++)
        random_step(w, &random, &n_cases);
    world_verify(w);
    world_stop(w);
}

/* A team of which the store alone knows: entries of data, sealed as any. */
static void
other_team(struct store *store, const char *team, int n, struct sgn_error *err)
{
    char prev[65] = "";

    for (int i = 1; i <= n; i++) {
        struct entry_seal seal = { .team = team,
                                   .actor = "system",
                                   .channel = "engine",
                                   .kind = "data",
                                   .prev = i > 1 ? prev : NULL,
                                   .seq = i,
                                   .at = 1000 + i };
        json_t *shared = json_pack("{s:i}", "n", i);
        struct entry sealed;
        struct store_head head;

        assert_int_equal(entry_make(&seal, shared, NULL, &sealed, err), SGN_OK);
        struct store_entry entry = { .team = team,
                                     .seq = i,
                                     .at = 1000 + i,
                                     .kind = "data",
                                     .actor = "system",
                                     .hash = sealed.hash,
                                     .header = { sealed.header, strlen(sealed.header) },
                                     .shared = { sealed.shared, strlen(sealed.shared) },
                                     .shared_salt = sealed.shared_salt };

        assert_int_equal(store_begin(store, team, &head, err), SGN_OK);
        assert_int_equal(
            store_commit(store, &(struct store_unit){ .entries = &entry, .n_entries = 1 }, err),
            SGN_OK);
        snprintf(prev, sizeof prev, "%s", sealed.hash);
        entry_deinit(&sealed);
        json_decref(shared);
    }
}

static void
put_row(struct store *store, enum store_table table, const char *team, json_t *json_take,
        struct sgn_error *err)
{
    struct store_row row = { .table = table, .team = team, .row = json_take };
    struct store_head head;

    assert_int_equal(store_begin(store, team, &head, err), SGN_OK);
    assert_int_equal(store_commit(store, &(struct store_unit){ .rows = &row, .n_rows = 1 }, err),
                     SGN_OK);
    json_decref(json_take);
}

struct world *
copy_world(uint64_t seed, int n)
{
    struct world *w = world_new(true, false);
    struct store_options options = { .url = w->url, .reserve_bytes = 1 };
    struct store *store = NULL;

    world_stop(w);
    copy_world_go_on(w, seed, n);
    assert_int_equal(store_open(&options, &store, &w->err), SGN_OK);
    other_team(store, "another", 600, &w->err); /* more than a page */
    put_row(store, STORE_PERSON, "rows-only",
            json_pack("{s:s, s:n, s:b}", "person", "li", "title", "active", 1), &w->err);
    put_row(store, STORE_TEAM, "",
            json_pack("{s:s, s:{s:s}}", "team", "named-only", "title", "en", "Named"), &w->err);
    put_row(store, STORE_SETTING, "",
            json_pack("{s:s, s:[i, n, b, s]}", "name", "anything", "value", 1, 1, "x"), &w->err);
    store_close(store);
    return w;
}

/* ---- dumps ---- */

static sqlite3 *
open_file(const char *url)
{
    sqlite3 *db = NULL;
    char path[600];

    snprintf(path, sizeof path, "%s/signoff.db", url + strlen("sqlite:"));
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    return db;
}

void
copy_sql(const char *url, const char *sql, int changes)
{
    sqlite3 *db = open_file(url);
    char *message = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    if (sqlite3_changes(db) != changes)
        fail_msg("%s: changed %d rows", sql, sqlite3_changes(db));
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Writes an entry again that was read. */
static enum sgn_status
write_unpacked(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    static const char sql[] =
        "UPDATE entry SET hash = ?, request_digest = ?, shared_salt = ?, internal_salt = ?,"
        " header = ?, shared = ?, internal = ? WHERE team = ? AND seq = ?";
    const char *texts[] = { entry->hash, entry->request_digest };
    sqlite3_stmt *stmt = NULL;
    sqlite3 *db = ctx;

    (void)err;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    for (int i = 0; i < 2; i++)
        sqlite3_bind_text(stmt, i + 1, texts[i], -1, SQLITE_STATIC);
    sqlite3_bind_blob(stmt, 3, entry->shared == NULL ? NULL : entry->shared_salt, 16, NULL);
    sqlite3_bind_blob(stmt, 4, entry->internal == NULL ? NULL : entry->internal_salt, 16, NULL);
    sqlite3_bind_blob(stmt, 5, entry->header, (int)entry->header_n, NULL);
    sqlite3_bind_blob(stmt, 6, entry->shared, (int)entry->shared_n, NULL);
    sqlite3_bind_blob(stmt, 7, entry->internal, (int)entry->internal_n, NULL);
    sqlite3_bind_text(stmt, 8, entry->team, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 9, entry->seq);
    assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
    assert_int_equal(sqlite3_changes(db), 1);
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    return SGN_OK;
}

void
copy_unpack(const char *url)
{
    struct store_options options = { .url = url, .look = true };
    struct sgn_error err = { 0 };
    struct store *store = NULL;
    json_t *teams = NULL, *team;
    sqlite3 *db = open_file(url);
    size_t i;

    assert_int_equal(store_open(&options, &store, &err), SGN_OK);
    assert_int_equal(store_teams(store_own_reader(store), &teams, &err), SGN_OK);
    json_array_foreach(teams, i, team)
        assert_int_equal(store_entries(store_own_reader(store), json_string_value(team), 1, INT_MAX,
                                       write_unpacked, db, &err),
                         SGN_OK);
    json_decref(teams);
    store_close(store);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int
add_line(void *ctx, int n, char **values, char **names)
{
    FILE *out = ctx;

    (void)names;
    for (int i = 0; i < n; i++)
        fprintf(out, "%s%s", i == 0 ? "" : "|", values[i] != NULL ? values[i] : "null");
    fprintf(out, "\n");
    return 0;
}

/* Of each table the SQL that dumps it: every column quoted, in an order of its own, without the
 * number that a row was given by its place in the file. */
static int
add_table(void *ctx, int n, char **values, char **names)
{
    void **both = ctx;
    char *message = NULL;

    (void)n;
    (void)names;
    fprintf(both[1], "-- %s\n", values[0]);
    if (sqlite3_exec(both[0], values[1], add_line, both[1], &message) != SQLITE_OK)
        fail_msg("%s: %s", values[1], message);
    return 0;
}

char *
copy_dump(const char *url)
{
    /* But where rows lie: of entries and cases, and of entries in their indexes. */
    static const char tables[] =
        "WITH kept AS (SELECT m.name AS of_table, c.name FROM sqlite_schema m, "
        "pragma_table_info(m.name) c WHERE m.type = 'table' AND "
        "NOT (c.name = 'id' AND m.name IN ('entry', 'case_')) AND "
        "NOT (c.name = 'entry' AND m.name IN ('entry_at', 'request')) AND m.name <> 'indexed') "
        "SELECT of_table, 'SELECT ' || group_concat('quote(\"' || name || '\")') || ' FROM ' || "
        "of_table || ' ORDER BY ' || group_concat('\"' || name || '\"') FROM kept "
        "GROUP BY of_table ORDER BY of_table";
    sqlite3 *db = open_file(url);
    char *text = NULL, *message = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    void *both[] = { db, out };

    assert_non_null(out);
    if (sqlite3_exec(db, tables, add_table, both, &message) != SQLITE_OK)
        fail_msg("%s", message);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_true(n > 1000);
    return text;
}

void
assert_same_dump(char *a_take, char *b_take)
{
    const char *a = a_take, *b = b_take;

    while (*a != '\0' && strcspn(a, "\n") == strcspn(b, "\n") &&
           strncmp(a, b, strcspn(a, "\n")) == 0) {
        a += strcspn(a, "\n") + (strchr(a, '\n') != NULL);
        b += strcspn(b, "\n") + (strchr(b, '\n') != NULL);
    }
    if (*a != '\0' || *b != '\0')
        fail_msg("they differ:\n%.*s\n%.*s", (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"), b);
    free(a_take);
    free(b_take);
}

/* ---- copying ---- */

enum sgn_status
copy_run(const char *from, const char *to, json_t **out, struct sgn_error *err)
{
    struct store_options source = { .url = from, .reserve_bytes = 1, .alone = true };
    struct store_options target = {
        .url = to, .reserve_bytes = 1, .alone = true, .unfinished = true
    };
    struct lane_copy_options options = { .from = NULL };
    json_t *done = NULL;
    enum sgn_status st;

    sgn_error_clear(err);
    assert_int_equal(store_open(&source, &options.from, err), SGN_OK);
    assert_int_equal(store_open(&target, &options.to, err), SGN_OK);
    st = lane_copy(&options, &done, err);
    store_close(options.to);
    store_close(options.from);
    if (out != NULL)
        *out = done;
    else
        json_decref(done);
    return st;
}

enum sgn_status
copy_opens(const char *url, struct sgn_error *err)
{
    struct store_options options = { .url = url, .reserve_bytes = 1 };
    struct store *store = NULL;
    enum sgn_status st;

    sgn_error_clear(err);
    st = store_open(&options, &store, err);
    store_close(store);
    return st;
}
