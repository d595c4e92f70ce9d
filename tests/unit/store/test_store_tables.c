/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of tables against the schema: both name the same tables, columns, keys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store_tables.h"
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Runs one migration; false: there is none of this number. */
static bool
migrate(sqlite3 *db, int number)
{
    char path[512];
    FILE *file;
    char *sql;

    snprintf(path, sizeof path, SGN_SOURCE_DIR "/engine/store/schema/sqlite_%03d.sql", number);
    file = fopen(path, "rb");
    if (file == NULL)
        return false;
    sql = calloc(1, 65536);
    assert_non_null(sql);
    assert_in_range(fread(sql, 1, 65535, file), 100, 65534);
    fclose(file);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    free(sql);
    return true;
}

/* A database in memory with the schema as the files in the source tree say it. */
static int
setup(void **state)
{
    sqlite3 *db = NULL;
    int number = 1;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    while (migrate(db, number))
        number++;
    assert_in_range(number, 7, 999);
    *state = db;
    return 0;
}

static int
teardown(void **state)
{
    return sqlite3_close(*state) == SQLITE_OK ? 0 : 1;
}

static int
count(sqlite3 *db, const char *sql, const char *table, const char *column)
{
    sqlite3_stmt *stmt = NULL;
    int n;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC);
    if (column != NULL)
        sqlite3_bind_text(stmt, 2, column, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    n = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return n;
}

static int
columns_of(const struct store_table_row *table)
{
    int n = 0;

    while (n < STORE_COLUMNS_MAX && table->columns[n].name != NULL)
        n++;
    return n;
}

static void
test_store_tables_are_complete(void **state)
{
    (void)state;
    for (int i = 0; i < STORE_TABLES; i++) {
        const struct store_table_row *table = store_table((enum store_table)i);

        assert_non_null(table->name);
        assert_in_range(table->n_key, 1, columns_of(table));
        assert_null(table->columns[STORE_COLUMNS_MAX].name); /* the list always ends */
        for (int k = 0; k < i; k++)
            assert_string_not_equal(table->name, store_table((enum store_table)k)->name);
    }
}

static void
test_store_tables_have_the_columns_of_the_schema(void **state)
{
    for (int i = 0; i < STORE_TABLES; i++) {
        const struct store_table_row *table = store_table((enum store_table)i);
        int team = table->site ? 0 : 1;

        assert_int_equal(
            count(*state, "SELECT count(*) FROM pragma_table_info(?)", table->name, NULL),
            columns_of(table) + team);
        for (int c = 0; c < columns_of(table); c++) {
            bool text =
                table->columns[c].type == STORE_TEXT || table->columns[c].type == STORE_JSON;
            const char *sql = text ? "SELECT count(*) FROM pragma_table_info(?) "
                                     "WHERE name = ? AND type = 'TEXT'"
                                   : "SELECT count(*) FROM pragma_table_info(?) "
                                     "WHERE name = ? AND type = 'INTEGER'";

            assert_int_equal(count(*state, sql, table->name, table->columns[c].name), 1);
        }
    }
}

static void
test_store_tables_have_the_keys_of_the_schema(void **state)
{
    for (int i = 0; i < STORE_TABLES; i++) {
        const struct store_table_row *table = store_table((enum store_table)i);

        for (int c = 0; c < columns_of(table); c++) {
            int place = c < table->n_key ? c + 1 + (table->site ? 0 : 1) : 0;

            assert_int_equal(count(*state, "SELECT pk FROM pragma_table_info(?) WHERE name = ?",
                                   table->name, table->columns[c].name),
                             place);
        }
        if (!table->site)
            assert_int_equal(count(*state, "SELECT pk FROM pragma_table_info(?) WHERE name = ?",
                                   table->name, "team"),
                             1);
    }
}

#define WITH_SCHEMA(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_store_tables_are_complete),
        WITH_SCHEMA(test_store_tables_have_the_columns_of_the_schema),
        WITH_SCHEMA(test_store_tables_have_the_keys_of_the_schema),
    };
    return cmocka_run_group_tests_name("store/tables", tests, NULL, NULL);
}
