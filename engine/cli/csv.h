/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading comma-separated values, in the form in which base/csv_row.h writes them: RFC 4180, line
 * ends CR LF or LF, UTF-8; a byte order mark at the beginning is skipped, and so is the apostrophe
 * before what spreadsheets would run as a formula. Read are also semicolons and tabs between cells,
 * which spreadsheets write where a comma is the decimal sign, or as "Unicode text": the one that
 * the first line has most of. A first line "sep=;" says it (Excel).
 */
#ifndef CLI_CSV_H
#define CLI_CSV_H

#include "csv_row.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define CSV_CELLS_MAX 512
#define CSV_ROW_MAX   (1024 * 1024) /* bytes */

struct csv {
    FILE *file;   /* borrowed */
    int64_t line; /* of the next byte, from 1 */
    /* The row that was read last: its cells, NUL-terminated, in text. */
    struct sgn_buf text;
    size_t starts[CSV_CELLS_MAX];
    int n;
    int64_t row_line; /* where it begins */
    bool begun;       /* byte order mark and separator have been looked for */
    char separator;
};

void csv_init(struct csv *csv, FILE *file);
void csv_deinit(struct csv *csv);
/* The next row; *more false: there is none. Empty lines are no rows. SGN_INVALID with data.line and
 * data.column (a cell's number, from 1): what is wrong there. After it reading cannot go on. */
enum sgn_status csv_read(struct csv *csv, bool *more, struct sgn_error *err) SGN_MUST_CHECK;
/* Text of a cell of that row, i < n. Borrowed until the next one is read. */
const char *csv_cell(const struct csv *csv, int i);

#endif
