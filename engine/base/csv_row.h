/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of comma-separated values by RFC 4180: cells with a comma, a quote or a line end stand in
 * quotes, a quote in them is doubled, lines end with CR LF.
 *
 * Spreadsheets run cells that begin with = + - @, a tab or a line end as formulas (OWASP, "CSV
 * Injection"; the full-width forms of those signs too). Such a cell is written with an apostrophe
 * before it, which spreadsheets take for "this is text"; so is one that begins with an apostrophe,
 * so that reading (cli/csv.h) takes exactly what writing put, and every text comes back as it was.
 * Numbers that a program made are no texts: they are written without this.
 */
#ifndef SGN_CSV_ROW_H
#define SGN_CSV_ROW_H

#include "buf.h"

/* Appends a cell, with the comma that divides it from the one before. text NULL: empty. */
enum sgn_status sgn_csv_put(struct sgn_buf *row, const char *text, bool first);
/* Appends the line end. */
enum sgn_status sgn_csv_end(struct sgn_buf *row);
/* Does the text get an apostrophe before it? */
bool sgn_csv_wants_mark(const char *text);

#endif
