/* SPDX-License-Identifier: Apache-2.0 */
/* Comma-separated values, a row at a time: the whole file is never in memory. See csv.h. */
#include "csv.h"

#include "text.h"
#include <string.h>

void
csv_init(struct csv *csv, FILE *file)
{
    *csv = (struct csv){ .file = file, .line = 1, .separator = ',' };
    sgn_buf_init(&csv->text, CSV_ROW_MAX + CSV_CELLS_MAX);
}

void
csv_deinit(struct csv *csv)
{
    sgn_buf_deinit(&csv->text);
}

const char *
csv_cell(const struct csv *csv, int i)
{
    return csv->text.bytes + csv->starts[i];
}

static enum sgn_status
fault(const struct csv *csv, struct sgn_error *err, const char *what)
{
    sgn_fail(err, SGN_INVALID, "%s", what);
    sgn_error_add(err, "line", json_integer(csv->line));
    sgn_error_add(err, "column", json_integer(csv->n + 1));
    return SGN_INVALID;
}

static enum sgn_status
keep(struct csv *csv, int c, struct sgn_error *err)
{
    char byte = (char)c;

    if (csv->text.len >= CSV_ROW_MAX)
        return fault(csv, err, "the row is longer than 1 MiB: a quote may be missing");
    if (c == '\0')
        return fault(csv, err, "a zero byte: the file is not text in UTF-8");
    return sgn_buf_append(&csv->text, &byte, 1) == SGN_OK ? SGN_OK : sgn_nomem(err);
}

/* The inside of quotes, up to and with the closing one. */
static enum sgn_status
read_quoted(struct csv *csv, struct sgn_error *err)
{
    for (;;) {
        int c = getc(csv->file);
        enum sgn_status st;

        if (c == EOF)
            return fault(csv, err, "the file ends within quotes");
        if (c == '"') {
            int next = getc(csv->file);
            if (next != '"') {
                if (next != EOF)
                    ungetc(next, csv->file);
                return SGN_OK;
            }
        }
        st = keep(csv, c, err);
        if (st != SGN_OK)
            return st;
        if (c == '\n')
            csv->line++;
    }
}

/* The rest of a cell; *end is what ended it: the separator, '\n' or EOF. */
static enum sgn_status
read_plain(struct csv *csv, bool quoted, int *end, struct sgn_error *err)
{
    for (;;) {
        int c = getc(csv->file);
        enum sgn_status st;

        if (c == '\r') {
            c = getc(csv->file);
            if (c != '\n')
                return fault(csv, err,
                             "a carriage return that ends no line: such a cell stands in "
                             "quotes");
        }
        if (c == csv->separator || c == '\n' || c == EOF) {
            *end = c;
            return SGN_OK;
        }
        if (quoted)
            return fault(csv, err,
                         "text behind the closing quote: a quote within quotes is doubled");
        if (c == '"')
            return fault(csv, err,
                         "a quote within a cell: such a cell stands in quotes, with the "
                         "quote doubled");
        st = keep(csv, c, err);
        if (st != SGN_OK)
            return st;
    }
}

/* Takes back what sgn_csv_put put before a formula. */
static void
unmark(struct csv *csv, size_t start)
{
    char *text = csv->text.bytes + start;

    if (text[0] == '\'' && sgn_csv_wants_mark(text + 1)) {
        memmove(text, text + 1, csv->text.len - start);
        sgn_buf_cut(&csv->text, csv->text.len - 1);
    }
}

static enum sgn_status
read_cell(struct csv *csv, int *end, struct sgn_error *err)
{
    size_t start = csv->text.len;
    int c = getc(csv->file);
    enum sgn_status st = SGN_OK;

    if (csv->n == CSV_CELLS_MAX)
        return fault(csv, err, "more than 512 cells in a row");
    if (c == '"')
        st = read_quoted(csv, err);
    else if (c != EOF)
        ungetc(c, csv->file);
    if (st == SGN_OK)
        st = read_plain(csv, c == '"', end, err);
    if (st != SGN_OK)
        return st;
    if (!sgn_utf8_valid(csv->text.bytes + start, csv->text.len - start))
        return fault(csv, err, "these bytes are not UTF-8: save the file as \"CSV UTF-8\"");
    if (sgn_buf_append(&csv->text, "", 1) != SGN_OK)
        return sgn_nomem(err);
    unmark(csv, start);
    csv->starts[csv->n++] = start;
    if (*end == '\n')
        csv->line++;
    return SGN_OK;
}

/* Looks through the first line, as it will be read; a file that cannot be read twice has commas. */
static void
find_separator(struct csv *csv)
{
    static const char marks[] = ",;\t";
    int count[3] = { 0 }, c, best = 0;
    long start = ftell(csv->file);
    bool quoted = false;
    char said[5] = "";

    if (start < 0)
        return;
    if (fread(said, 1, 4, csv->file) == 4 && strcmp(said, "sep=") == 0 &&
        strchr(marks, c = getc(csv->file)) != NULL && c > 0) {
        csv->separator = (char)c;
        while ((c = getc(csv->file)) != '\n' && c != EOF)
            ;
        csv->line++;
        return;
    }
    (void)fseek(csv->file, start, SEEK_SET);
    while ((c = getc(csv->file)) != EOF && (quoted || c != '\n')) {
        const char *mark = c != '\0' ? strchr(marks, c) : NULL;
        quoted = quoted != (c == '"');
        if (mark != NULL && !quoted)
            count[mark - marks]++;
    }
    for (int i = 1; i < 3; i++)
        best = count[i] > count[best] ? i : best;
    csv->separator = marks[best];
    (void)fseek(csv->file, start, SEEK_SET);
}

static void
skip_mark(struct csv *csv)
{
    static const int mark[] = { 0xef, 0xbb, 0xbf };
    int i = 0, c = EOF;

    csv->begun = true;
    while (i < 3 && (c = getc(csv->file)) == mark[i])
        i++;
    if (i == 0 && c != EOF)
        ungetc(c, csv->file);
}

enum sgn_status
csv_read(struct csv *csv, bool *more, struct sgn_error *err)
{
    int end = '\n';
    bool begins = !csv->begun;
    enum sgn_status st = SGN_OK;

    if (begins)
        skip_mark(csv);
    if (begins)
        find_separator(csv);
    do {
        sgn_buf_reset(&csv->text);
        csv->n = 0;
        csv->row_line = csv->line;
        do {
            st = read_cell(csv, &end, err);
        } while (st == SGN_OK && end == csv->separator);
        /* A line without anything is no row; a file may end with or without a line end. */
    } while (st == SGN_OK && csv->n == 1 && csv->text.len == 1 && end != EOF);
    *more = st == SGN_OK && !(csv->n == 1 && csv->text.len == 1);
    if (st == SGN_OK && ferror(csv->file))
        st = sgn_fail(err, SGN_UNAVAILABLE, "the file could not be read");
    return st;
}
