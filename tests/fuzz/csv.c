/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as spreadsheets save them. What was read, written by our own writer, is read again as the
 * same cells. */
#include "csv.h"
#include "fuzz.h"
#include "json.h"
#include <string.h>

/* All rows: [[CELL]]; *whole false: it broke off. */
static json_t *
rows_of(const void *bytes, size_t n, bool *whole)
{
    FILE *file = fmemopen((void *)bytes, n, "rb");
    json_t *rows = json_array();
    struct sgn_error err = { 0 };
    struct csv csv;
    bool more = true;

    FUZZ_CHECK(file != NULL && rows != NULL);
    csv_init(&csv, file);
    while ((*whole = csv_read(&csv, &more, &err) == SGN_OK) && more) {
        json_t *row = json_array();

        FUZZ_CHECK(csv.n > 0 && csv.row_line > 0);
        for (int i = 0; i < csv.n; i++) {
            json_t *cell = json_string(csv_cell(&csv, i));

            FUZZ_CHECK(cell != NULL); /* UTF-8 */
            json_array_append_new(row, cell);
        }
        /* One empty cell is written as an empty line, which is no row. */
        if (csv.n > 1 || csv_cell(&csv, 0)[0] != '\0')
            json_array_append(rows, row);
        json_decref(row);
    }
    FUZZ_CHECK(*whole || err.message[0] != '\0');
    sgn_error_clear(&err);
    csv_deinit(&csv);
    fclose(file);
    return rows;
}

static void
again(json_t *rows)
{
    struct sgn_buf text;
    json_t *row, *second, *cell;
    bool whole = false;
    size_t i, k;

    sgn_buf_init(&text, (size_t)1 << 24);
    sgn_buf_puts(&text, "sep=,\r\n");
    json_array_foreach(rows, i, row) {
        json_array_foreach(row, k, cell)
            FUZZ_CHECK(sgn_csv_put(&text, json_string_value(cell), k == 0) == SGN_OK);
        FUZZ_CHECK(sgn_csv_end(&text) == SGN_OK);
    }
    FUZZ_CHECK(!text.failed);
    second = rows_of(text.bytes, text.len, &whole);
    FUZZ_CHECK(whole && json_equal(rows, second));
    json_decref(second);
    sgn_buf_deinit(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *rows;
    bool whole = false;

    if (size == 0)
        return 0;
    rows = rows_of(data, size, &whole);
    if (whole)
        again(rows);
    json_decref(rows);
    return 0;
}

#ifdef FUZZ_FAULT
/* Cells are never put into quotes. */
enum sgn_status __wrap_sgn_csv_put(struct sgn_buf *row, const char *text, bool first);
enum sgn_status
__wrap_sgn_csv_put(struct sgn_buf *row, const char *text, bool first)
{
    if (!first)
        sgn_buf_puts(row, ",");
    return sgn_buf_puts(row, text);
}
#endif
