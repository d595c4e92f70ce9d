/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What lists, an inbox and the look for a repeated request cost: SQLite is asked how it would carry
 * out the statement that the store prepares. Every step must be a search by an index, or a walk
 * over what the searches found, or what the statement was given; a scan of a table would grow with
 * the team and not with what waits for the person.
 */
#include "contract.h"

#include <sqlite3.h>
#include <stdbool.h>

/* The statement prepared last that reads the tables waiting or message, or entries by their
 * request; the linker sends the store's calls through here. */
static char seen[8192];

/* Lists of cases by their last change, and what reads the table waiting, of all connections: how
 * many steps they take is counted. */
#define MANY 8
static struct {
    sqlite3_stmt *stmt[MANY];
    int n;
} lists;

int __real_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int n, unsigned int flags,
                              sqlite3_stmt **stmt, const char **tail);
int __wrap_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int n, unsigned int flags,
                              sqlite3_stmt **stmt, const char **tail);

int
__wrap_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int n, unsigned int flags,
                          sqlite3_stmt **stmt, const char **tail)
{
    int rc = __real_sqlite3_prepare_v3(db, sql, n, flags, stmt, tail);

    if (rc == SQLITE_OK && lists.n < MANY && strncmp(sql, "SELECT", 6) == 0 &&
        (strstr(sql, "FROM group_member g") != NULL || strstr(sql, "ORDER BY c.last_at") != NULL))
        lists.stmt[lists.n++] = *stmt;
    if (strncmp(sql, "SELECT", 6) == 0 &&
        (strstr(sql, "waiting") != NULL || strstr(sql, "message") != NULL ||
         strstr(sql, "FROM request") != NULL))
        snprintf(seen, sizeof seen, "%s", sql);
    return rc;
}

static int
setup(void **state)
{
    *state = (void *)(uintptr_t) "sqlite:DIR";
    return contract_setup(state);
}

/* Calls fn for every step of the plan; returns how many there were. */
static int
each_step(const struct contract *c, const char *sql, void (*fn)(const char *step, void *ctx),
          void *ctx)
{
    char path[128], explain[8300];
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    int n = 0;

    snprintf(path, sizeof path, "%s/data/signoff.db", c->dir);
    snprintf(explain, sizeof explain, "EXPLAIN QUERY PLAN %s", sql);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, explain, -1, &stmt, NULL), SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        fn((const char *)sqlite3_column_text(stmt, 3), ctx);
        n++;
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return n;
}

static void
print_step(const char *step, void *ctx)
{
    (void)ctx;
    print_error("  %s\n", step);
}

struct found {
    int searches; /* of the table waiting, for somebody */
    int scans;    /* of a table, or of all that waits in the team */
};

/* A search of waiting must name whom it is for: one that knows the team alone reads all that
 * waits in it. "SCAN i" and "SCAN s" walk over what the searches gave, json_each over what was
 * bound. */
static void
look_at(const char *step, void *ctx)
{
    struct found *found = ctx;
    bool of_waiting = strstr(step, "INDEX waiting_") != NULL;

    if (of_waiting && (strstr(step, "person=?") != NULL || strstr(step, "role=?") != NULL ||
                       strstr(step, "group=?") != NULL))
        found->searches++;
    else if (of_waiting ||
             (strncmp(step, "SCAN ", 5) == 0 && strcmp(step, "SCAN i") != 0 &&
              strcmp(step, "SCAN s") != 0 && strstr(step, "json_each") == NULL) ||
             strstr(step, "SEARCH w USING PRIMARY KEY (team=?)") != NULL)
        found->scans++;
}

static void
test_inbox_is_read_by_indexes_and_never_by_a_scan(void **state)
{
    struct contract *c = *state;
    struct store_page page;
    struct found found = { 0, 0 };

    assert_ok(c, store_inbox(c->reader, "delivery", "li", NULL, 50, &page, &c->err));
    store_page_deinit(&page);
    assert_true(seen[0] != '\0');
    assert_true(each_step(c, seen, look_at, &found) > 0);
    if (found.scans != 0 || found.searches < 3)
        (void)each_step(c, seen, print_step, NULL);
    assert_int_equal(found.scans, 0);
    assert_true(found.searches >= 3); /* by name, by role, by group */
}

static enum sgn_status
inbox_page(struct contract *c, int limit, struct store_page *out)
{
    return store_inbox(c->reader, "delivery", "li", NULL, limit, out, &c->err);
}

static enum sgn_status
changed_page(struct contract *c, int limit, struct store_page *out)
{
    struct store_case_filter filter = {
        .team = "delivery", .sort = "updated", .descending = true, .limit = limit
    };

    return store_case_query(c->reader, &filter, out, &c->err);
}

/* Steps of SQLite's machine for a page of so many. */
static int
steps_of(struct contract *c,
         enum sgn_status (*read)(struct contract *c, int limit, struct store_page *out), int limit)
{
    struct store_page page;
    int steps = 0;

    assert_ok(c, read(c, limit, &page));
    assert_int_equal(json_array_size(page.items), limit);
    store_page_deinit(&page);
    assert_in_range(lists.n, 1, MANY - 1);
    for (int i = 0; i < lists.n; i++)
        steps += sqlite3_stmt_status(lists.stmt[i], SQLITE_STMTSTATUS_VM_STEP, 1);
    return steps;
}

static void
commit_waiting(struct contract *c, int from, int to)
{
    json_t *waiting = json_pack("[{s:s, s:s, s:s, s:i}]", "kind", "owner", "person", "li", "state",
                                "draft", "since", 5);

    for (int i = from; i < to; i++) {
        struct store_case row = sample_case("delivery", "CR-1", 0);
        char key[16];

        snprintf(key, sizeof key, "CR-%d", i);
        row.key = key;
        row.waiting = waiting;
        row.last_at = 1000 + i; /* each changed behind those before it */
        commit_case(c, &row);
    }
    json_decref(waiting);
}

/* What a list shows of a case, its fields above all, is looked up for those that it shows, and not
 * for all that it sorts; whether these are in the file, or some of them in memory. */
static void
assert_shown_alone(struct contract *c,
                   enum sgn_status (*read)(struct contract *c, int limit, struct store_page *out))
{
    enum {
        CASES = 200,
        FEW = 2
    };
    int few, all;

    commit_waiting(c, 0, CASES);
    lists.n = 0;
    contract_reopen(c); /* all are in the file then */
    for (int i = 0; i < 2; i++) {
        few = steps_of(c, read, FEW);
        all = steps_of(c, read, CASES - FEW);
        if (few > all / 2)
            print_error("%d steps for %d, %d for %d\n", few, FEW, all, CASES - FEW);
        assert_true(few <= all / 2);
        commit_waiting(c, 0, 3);
    }
}

static void
test_inbox_looks_up_what_it_shows_alone(void **state)
{
    assert_shown_alone(*state, inbox_page);
}

static void
test_list_of_what_changed_last_looks_up_what_it_shows_alone(void **state)
{
    assert_shown_alone(*state, changed_page);
}

struct messages {
    int searches; /* of a person's unread ones, by the index alone */
    int others;   /* any other step: a scan, or sorting what was found */
};

static void
look_at_messages(const char *step, void *ctx)
{
    struct messages *found = ctx;

    if (strstr(step, "INDEX message_person (team=? AND person=? AND read=? AND id>?)") != NULL)
        found->searches++;
    else
        found->others++;
}

/* Unread ones first is what is asked for most: neither those read long ago nor a sort may cost. */
static void
test_unread_messages_are_read_by_one_index_in_order(void **state)
{
    struct contract *c = *state;
    json_t *match = json_pack("{s:s, s:b}", "person", "li", "read", 0), *rows = NULL;
    json_t *after = json_pack("{s:i}", "id", 7);
    struct messages found = { 0, 0 };

    assert_ok(
        c, store_row_list(c->reader, STORE_MESSAGE, "delivery", match, after, 50, &rows, &c->err));
    assert_true(each_step(c, seen, look_at_messages, &found) > 0);
    if (found.searches != 1 || found.others != 0)
        (void)each_step(c, seen, print_step, NULL);
    assert_int_equal(found.searches, 1);
    assert_int_equal(found.others, 0);
    json_decref(rows);
    json_decref(match);
    json_decref(after);
}

struct requests {
    int searches; /* by the index of requests, and of the entry by its place */
    int others;
};

static void
look_at_request(const char *step, void *ctx)
{
    struct requests *found = ctx;

    if (strstr(step, "SEARCH request USING PRIMARY KEY (of_team=? AND person=? AND name=?)") !=
            NULL ||
        strstr(step, "SEARCH entry USING INTEGER PRIMARY KEY (rowid=?)") != NULL)
        found->searches++;
    else if (strstr(step, "SCALAR SUBQUERY") == NULL)
        found->others++;
}

/* It is done for every command: a sort would make a table in memory each time. */
static void
test_repeated_request_is_looked_for_without_a_sort(void **state)
{
    struct contract *c = *state;
    struct store_entry_row row;
    struct requests found = { 0, 0 };

    assert_int_equal(store_request_get(c->reader, "delivery", "li", "none", 0, &row, &c->err),
                     SGN_NOT_FOUND);
    sgn_error_clear(&c->err);
    assert_true(each_step(c, seen, look_at_request, &found) > 0);
    if (found.searches != 2 || found.others != 0)
        (void)each_step(c, seen, print_step, NULL);
    assert_int_equal(found.searches, 2);
    assert_int_equal(found.others, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_inbox_looks_up_what_it_shows_alone, setup,
                                        contract_teardown),
        cmocka_unit_test_setup_teardown(test_list_of_what_changed_last_looks_up_what_it_shows_alone,
                                        setup, contract_teardown),
        cmocka_unit_test_setup_teardown(test_inbox_is_read_by_indexes_and_never_by_a_scan, setup,
                                        contract_teardown),
        cmocka_unit_test_setup_teardown(test_unread_messages_are_read_by_one_index_in_order, setup,
                                        contract_teardown),
        cmocka_unit_test_setup_teardown(test_repeated_request_is_looked_for_without_a_sort, setup,
                                        contract_teardown),
    };

    return cmocka_run_group_tests_name("store plans: sqlite", tests, NULL, NULL);
}
