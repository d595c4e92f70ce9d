/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comma-separated values by RFC 4180: cells with a comma, a quote or a line end stand in quotes, a
 * quote in them is doubled, lines end with CR LF (read: or LF). UTF-8; a byte order mark at the
 * beginning is skipped.
 *
 * Spreadsheets run cells that begin with = + - @, a tab or a line end as formulas (OWASP, "CSV
 * Injection"; the full-width forms of those signs too). Such a cell is written with an apostrophe
 * before it, which spreadsheets take for "this is text"; so is one that begins with an apostrophe,
 * so that reading takes exactly what writing put, and every text comes back as it was.
 */
#ifndef CLI_CSV_H
#define CLI_CSV_H

#include "buf.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define CSV_CELLS_MAX 512
#define CSV_ROW_MAX   (1024 * 1024) /* bytes */

/* ---- writing ---- */

/* Appends a cell, with the comma that divides it from the one before. text NULL: empty. */
enum sgn_status csv_put(struct sgn_buf *row, const char *text, bool first);
/* Appends the line end. */
enum sgn_status csv_end(struct sgn_buf *row);

/* ---- reading ---- */

struct csv {
    FILE *file;   /* borrowed */
    int64_t line; /* of the next byte, from 1 */
    /* The row that was read last: its cells, NUL-terminated, in text. */
    struct sgn_buf text;
    size_t starts[CSV_CELLS_MAX];
    int n;
    int64_t row_line; /* where it begins */
    bool begun;       /* the byte order mark has been looked for */
};

void csv_init(struct csv *csv, FILE *file);
void csv_deinit(struct csv *csv);
/* The next row; *more false: there is none. Empty lines are no rows. SGN_INVALID with data.line and
 * data.column (a cell's number, from 1): what is wrong there. After it reading cannot go on. */
enum sgn_status csv_read(struct csv *csv, bool *more, struct sgn_error *err) SGN_MUST_CHECK;
/* Text of a cell of that row, i < n. Borrowed until the next one is read. */
const char *csv_cell(const struct csv *csv, int i);

#endif
