/* SPDX-License-Identifier: Apache-2.0 */
/* Tables that line up on a terminal; how wide a text is there is told by width.c. */
#include "output.h"

#include "json.h"
#include "say.h"
#include "text.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 16
#define CELL_MAX    65536
#define GAP         2  /* between columns */
#define CUT_MIN     12 /* a column is never cut below this width */

/* ---- columns ---- */

struct column {
    char member[48];
    char title[48];
    char kind; /* 't' time, 0 any other */
    int width;
    bool used;
};

struct table {
    struct column columns[COLUMNS_MAX];
    int n;
};

/* "member:kind=Title" */
static void
read_column(struct column *column, const char *text, size_t n)
{
    const char *equals = memchr(text, '=', n);
    size_t member = equals != NULL ? (size_t)(equals - text) : n;

    *column = (struct column){ 0 };
    if (member > 2 && text[member - 2] == ':') {
        column->kind = text[member - 1];
        member -= 2;
    }
    assert(member < sizeof(column->member));
    memcpy(column->member, text, member);
    if (equals != NULL)
        snprintf(column->title, sizeof(column->title), "%.*s",
                 (int)(n - 1 - (size_t)(equals - text)), equals + 1);
    else
        memcpy(column->title, column->member, sizeof(column->title));
    for (char *c = column->title; *c != '\0'; c++) {
        if (*c == '_')
            *c = ' ';
    }
}

static void
read_columns(struct table *table, const char *text)
{
    table->n = 0;
    while (*text != '\0') {
        size_t n = strcspn(text, " ");
        assert(table->n < COLUMNS_MAX);
        read_column(&table->columns[table->n++], text, n);
        text += n + strspn(text + n, " ");
    }
}

/* A member, or with a dot a member of a member. */
static const json_t *
member_of(const json_t *row, const char *name)
{
    const char *dot = strchr(name, '.');
    char head[48];

    if (dot == NULL)
        return json_object_get(row, name);
    snprintf(head, sizeof(head), "%.*s", (int)(dot - name), name);
    return member_of(json_object_get(row, head), dot + 1);
}

/* The cell's text, borrowed from buf; "" for one that is too long to be read in a table. */
static const char *
cell(struct sgn_buf *buf, const struct column *column, const json_t *row, const char *language)
{
    const json_t *value = member_of(row, column->member);

    sgn_buf_reset(buf);
    if (column->kind == 't')
        cli_time_put(buf, value);
    else if (strcmp(column->member, "title") == 0)
        sgn_buf_puts(buf, cli_title(value, language, ""));
    else if (json_is_boolean(value))
        sgn_buf_puts(buf, sgn_say(language, json_is_true(value) ? "yes" : "no"));
    else
        cli_value_put(buf, value);
    return buf->bytes != NULL ? buf->bytes : "";
}

static void
measure(struct table *table, const json_t *rows, const char *language, struct sgn_buf *buf)
{
    const json_t *row;
    size_t i;

    json_array_foreach(rows, i, row) {
        for (int c = 0; c < table->n; c++) {
            int width = cli_text_width(cell(buf, &table->columns[c], row, language));
            table->columns[c].used = table->columns[c].used || width > 0;
            if (width > table->columns[c].width)
                table->columns[c].width = width;
        }
    }
    for (int c = 0; c < table->n; c++) {
        int width = cli_text_width(table->columns[c].title);
        if (width > table->columns[c].width)
            table->columns[c].width = width;
    }
}

/* Columns that the line takes, and the widest one that may be cut. */
static int
line_width(struct table *table, struct column **widest)
{
    int sum = 0;

    *widest = NULL;
    for (int c = 0; c < table->n; c++) {
        struct column *column = &table->columns[c];
        if (!column->used)
            continue;
        sum += column->width + (sum > 0 ? GAP : 0);
        if (column->kind != 't' && column->width > CUT_MIN &&
            (*widest == NULL || column->width >= (*widest)->width))
            *widest = column;
    }
    return sum;
}

/* Makes the widest narrower until the line fits; what then is still too much is left out from
 * the end, where the least important columns stand: half a time says nothing. */
static void
fit(struct table *table, int room)
{
    struct column *widest;

    while (line_width(table, &widest) > room && widest != NULL)
        widest->width--;
    for (int c = table->n - 1; c > 1 && line_width(table, &widest) > room; c--)
        table->columns[c].used = false;
}

static void
print_line(const struct cli_output *output, const struct table *table, const json_t *row,
           struct sgn_buf *buf, struct sgn_buf *line)
{
    int pad = 0;
    bool first = true;

    sgn_buf_reset(line);
    for (int c = 0; c < table->n; c++) {
        const struct column *column = &table->columns[c];
        const char *text = row != NULL ? cell(buf, column, row, output->language) : column->title;

        if (!column->used)
            continue;
        if (!first)
            sgn_buf_printf(line, "%*s", pad + GAP, "");
        first = false;
        pad = column->width - cli_text_put(line, text, column->width);
    }
    while (line->len > 0 && line->bytes[line->len - 1] == ' ')
        line->bytes[--line->len] = '\0';
    if (row == NULL)
        fprintf(output->out, "%s%s%s\n", cli_style(output->colour, CLI_BOLD),
                line->bytes != NULL ? line->bytes : "", cli_style(output->colour, CLI_PLAIN));
    else
        fprintf(output->out, "%s\n", line->bytes != NULL ? line->bytes : "");
}

enum sgn_status
cli_table_print(const struct cli_output *output, const char *columns, const json_t *rows,
                struct sgn_error *err)
{
    struct table table = { 0 };
    struct sgn_buf buf, line;
    enum sgn_status st = SGN_OK;
    const json_t *row;
    size_t i;

    sgn_buf_init(&buf, CELL_MAX);
    sgn_buf_init(&line, COLUMNS_MAX * CELL_MAX);
    read_columns(&table, columns);
    measure(&table, rows, output->language, &buf);
    if (output->width > 0)
        fit(&table, output->width);
    print_line(output, &table, NULL, &buf, &line);
    json_array_foreach(rows, i, row)
        print_line(output, &table, row, &buf, &line);
    if (line.failed)
        st = sgn_nomem(err);
    sgn_buf_deinit(&line);
    sgn_buf_deinit(&buf);
    return st;
}
