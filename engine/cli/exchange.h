/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "signoff export" and "signoff import": the kinds of rows, their columns, and rows as CSV or JSON
 * (one object a line). The same table says what is written and what is read.
 */
#ifndef CLI_EXCHANGE_H
#define CLI_EXCHANGE_H

#include "csv.h"
#include "remote.h"

struct exchange_column {
    const char *name; /* in the heading; "title.zh" is member zh of title. NULL ends */
    /* 't' text; 'w' the same, and an empty cell says nothing, where one of 't' empties; 'b' true or
     * false; 'i' integer; 'j' JSON; 'l' list of words */
    char type;
    bool shown_only; /* the server's own: written, and skipped when read */
};

struct exchange_kind {
    const char *word; /* "clients", as the command line says it */
    const char *kind; /* "client", as data.import has it; NULL: cases */
    const char *list; /* method that lists them */
    const struct exchange_column *columns;
};

/* NULL and SGN_INVALID (with the nearest) for another word. */
const struct exchange_kind *exchange_kind(const char *word, struct sgn_error *err);

/* How a heading calls a column; in Chinese for language "zh". Borrowed. */
const char *exchange_heading(const char *column, const char *language);

#define EXCHANGE_FIELD "field." /* of a case: "field.summary" */

/* The text of a value in a cell; empties buf first. */
enum sgn_status exchange_cell(struct sgn_buf *buf, const struct exchange_column *column,
                              const json_t *row);

/* ---- rows that are read ---- */

enum exchange_format {
    EXCHANGE_CSV,
    EXCHANGE_JSON,
};
/* Of the name's end, unless format (may be NULL) says it. SGN_INVALID for another word. */
enum sgn_status exchange_format(const char *format, const char *path, enum exchange_format *out,
                                struct sgn_error *err) SGN_MUST_CHECK;

struct exchange_rows {
    const struct exchange_kind *kind;
    enum exchange_format format;
    FILE *file; /* borrowed */
    struct csv csv;
    json_t *heading;                                      /* [column name] of a CSV file */
    const struct exchange_column *columns[CSV_CELLS_MAX]; /* of its cells; NULL: a case's field */
    char *line_bytes;                                     /* of JSON */
    size_t line_room;
    int64_t line; /* of the row read last */
};

/* Reads the heading of a CSV file, too. SGN_INVALID with data.line, data.column. */
enum sgn_status exchange_rows_open(struct exchange_rows *rows, const struct exchange_kind *kind,
                                   enum exchange_format format, FILE *file,
                                   struct sgn_error *err) SGN_MUST_CHECK;
void exchange_rows_close(struct exchange_rows *rows);
/* The next row as parameters, a new reference; *out NULL: there is none. A row that is wrong is
 * SGN_INVALID with data.line, data.column and data.skipped (true: the next one can be read). */
enum sgn_status exchange_rows_next(struct exchange_rows *rows, json_t **out,
                                   struct sgn_error *err) SGN_MUST_CHECK;
/* The number of the column, from 1, that a pointer of the server's is about; 0: none. */
int exchange_column_of(const struct exchange_rows *rows, const char *pointer);

#endif
