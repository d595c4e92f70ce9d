/* SPDX-License-Identifier: Apache-2.0 */
/* CSV: its exact form (RFC 4180), formulas defused and given back, and what is refused where. */
#include "csv.h"

#include "json.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define TEXT_MAX 65536
#define ROUNDS   2000
#define LETTERS  24

static void
assert_written(const char *text, const char *expected)
{
    struct sgn_buf row;

    sgn_buf_init(&row, TEXT_MAX);
    assert_int_equal(sgn_csv_put(&row, text, true), SGN_OK);
    assert_string_equal(row.bytes != NULL ? row.bytes : "", expected);
    sgn_buf_deinit(&row);
}

static void
test_csv_quotes_what_the_standard_wants_quoted(void **state)
{
    (void)state;
    assert_written("plain text", "plain text");
    assert_written("", "");
    assert_written("a,b", "\"a,b\"");
    assert_written("say \"yes\"", "\"say \"\"yes\"\"\"");
    assert_written("two\r\nlines", "\"two\r\nlines\"");
    assert_written("加导出", "加导出");
}

static void
test_csv_defuses_what_a_spreadsheet_would_run(void **state)
{
    (void)state;
    assert_written("=1+1", "'=1+1");
    assert_written("+49 30 123", "'+49 30 123");
    assert_written("-5", "'-5");
    assert_written("@SUM(A1)", "'@SUM(A1)");
    assert_written("\t=1", "\"'\t=1\"");
    assert_written("\r=1", "\"'\r=1\"");
    assert_written("＝1", "'＝1");
    assert_written("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
    assert_written("'quoted'", "''quoted'");
    assert_written("a=1", "a=1");
}

/* Reads text; its one row must have these cells (NULL ends), or the error this line and column. */
static void
assert_read(const char *text, const char *const *cells, int line, int column)
{
    FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    struct sgn_error err = { 0 };
    struct csv csv;
    bool more = false;
    enum sgn_status st;

    assert_non_null(file);
    csv_init(&csv, file);
    st = csv_read(&csv, &more, &err);
    if (cells == NULL) {
        assert_int_equal(st, SGN_INVALID);
        assert_int_equal(sgn_json_int(err.data, "line", 0), line);
        assert_int_equal(sgn_json_int(err.data, "column", 0), column);
    } else {
        int n = 0;
        assert_int_equal(st, SGN_OK);
        assert_true(more);
        for (; cells[n] != NULL; n++) {
            assert_true(n < csv.n);
            assert_string_equal(csv_cell(&csv, n), cells[n]);
        }
        assert_int_equal(csv.n, n);
        assert_int_equal(csv.row_line, line);
        assert_int_equal(csv_read(&csv, &more, &err), SGN_OK);
        assert_false(more);
    }
    sgn_error_clear(&err);
    csv_deinit(&csv);
    fclose(file);
}

#define CELLS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
test_csv_reads_every_way_to_write_it(void **state)
{
    (void)state;
    assert_read("a,b\r\n", CELLS("a", "b"), 1, 0);
    assert_read("a,b\n", CELLS("a", "b"), 1, 0);
    assert_read("a,b", CELLS("a", "b"), 1, 0);
    assert_read("\xef\xbb\xbf\"a\",b\n", CELLS("a", "b"), 1, 0);
    assert_read("\r\n\n,\n", CELLS("", ""), 3, 0);
    assert_read("\"x\ny\",\"\"\"\"\n", CELLS("x\ny", "\""), 1, 0);
    assert_read("a,\n", CELLS("a", ""), 1, 0);
}

static void
test_csv_takes_back_only_what_it_put(void **state)
{
    (void)state;
    assert_read("'=1,'-5,''x,'x,'\n", CELLS("=1", "-5", "'x", "'x", "'"), 1, 0);
}

static void
test_csv_says_where_it_is_wrong(void **state)
{
    (void)state;
    assert_read("a,b\"c\n", NULL, 1, 2);
    assert_read("a,\"b\"c\n", NULL, 1, 2);
    assert_read("\"a\nb\",\"c", NULL, 2, 2);
    assert_read("\n\na,b,\xff\n", NULL, 3, 3);
    assert_read("a\rb\n", NULL, 1, 1);
}

/* Texts of the letters that matter, from a generator with a seed that is said: they come back. */
static void
test_csv_gives_every_text_back(void **state)
{
    static const char *const letters[] = { "=",  "+", "-", "@", "\t", "\r", "\n", "'",
                                           "\"", ",", ";", " ", "a",  "1",  "＝", "加" };
    uint32_t seed = 20260105;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        char texts[3][4 * LETTERS] = { "", "", "" };
        struct sgn_buf row;

        sgn_buf_init(&row, TEXT_MAX);
        for (int cell = 0; cell < 3; cell++) {
            seed = seed * 1664525u + 1013904223u;
            for (uint32_t n = (seed >> 16) % LETTERS; n > 0; n--) {
                seed = seed * 1664525u + 1013904223u;
                strcat(texts[cell], letters[(seed >> 16) % 16]);
            }
            assert_int_equal(sgn_csv_put(&row, texts[cell], cell == 0), SGN_OK);
        }
        assert_int_equal(sgn_csv_end(&row), SGN_OK);
        assert_read(row.bytes, CELLS(texts[0], texts[1], texts[2]), 1, 0);
        sgn_buf_deinit(&row);
    }
}

static void
assert_first_row(const char *text, const char *first, const char *second)
{
    FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    struct csv csv;
    bool more = false;

    assert_non_null(file);
    csv_init(&csv, file);
    assert_int_equal(csv_read(&csv, &more, NULL), SGN_OK);
    assert_true(more);
    assert_int_equal(csv.n, 2);
    assert_string_equal(csv_cell(&csv, 0), first);
    assert_string_equal(csv_cell(&csv, 1), second);
    csv_deinit(&csv);
    fclose(file);
}

static void
test_csv_finds_what_divides_its_cells(void **state)
{
    (void)state;
    assert_first_row("a,b\n", "a", "b");
    assert_first_row("a;b\n", "a", "b");
    assert_first_row("a\tb\n", "a", "b");
    assert_first_row("\xef\xbb\xbf"
                     "a;b\n",
                     "a", "b");
    assert_first_row("\"a;x;y;z\",b\n", "a;x;y;z", "b"); /* not those within quotes */
    assert_first_row("sep=;\r\na,1;b\n", "a,1", "b");
    assert_first_row("a;b\n1,2;3,4,5\n", "a", "b"); /* the first line says it */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_finds_what_divides_its_cells),
        cmocka_unit_test(test_csv_quotes_what_the_standard_wants_quoted),
        cmocka_unit_test(test_csv_defuses_what_a_spreadsheet_would_run),
        cmocka_unit_test(test_csv_reads_every_way_to_write_it),
        cmocka_unit_test(test_csv_takes_back_only_what_it_put),
        cmocka_unit_test(test_csv_says_where_it_is_wrong),
        cmocka_unit_test(test_csv_gives_every_text_back),
    };
    return cmocka_run_group_tests_name("cli/csv", tests, NULL, NULL);
}
