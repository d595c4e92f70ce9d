/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a file as parameters of the server's methods. What can be told without the server is
 * refused here, with line and column; what a value means is the server's to judge.
 */
#include "exchange.h"

#include "json.h"
#include "say.h"
#include "text.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIELD_ZH "字段."

/* ---- faults ---- */

/* A fault of one row: the next one can be read. column from 1; 0: none in particular. */
static enum sgn_status
row_fault(const struct exchange_rows *rows, int column, struct sgn_error *err)
{
    sgn_error_add(err, "line", json_integer(rows->line));
    if (column > 0)
        sgn_error_add(err, "column", json_integer(column));
    sgn_error_add(err, "skipped", json_true());
    return SGN_INVALID;
}

/* ---- the heading ---- */

static const struct exchange_column *
column_find(const struct exchange_kind *kind, const char *name)
{
    for (const struct exchange_column *c = kind->columns; c->name != NULL; c++)
        if (strcmp(c->name, name) == 0 || strcmp(exchange_heading(c->name, "zh"), name) == 0)
            return c;
    return NULL;
}

/* The name of the field that a heading stands for, or NULL. */
static const char *
field_of(const struct exchange_kind *kind, const char *heading)
{
    static const char *const begins[] = { EXCHANGE_FIELD, FIELD_ZH };

    for (size_t i = 0; kind->kind == NULL && i < sizeof(begins) / sizeof(begins[0]); i++)
        if (strncmp(heading, begins[i], strlen(begins[i])) == 0)
            return heading + strlen(begins[i]);
    return NULL;
}

static enum sgn_status
unknown_column(const struct exchange_rows *rows, const char *name, struct sgn_error *err)
{
    json_t *known = json_array();
    const char *near;

    for (const struct exchange_column *c = rows->kind->columns; c->name != NULL; c++)
        (void)json_array_append_new(known, json_string(c->name));
    near = sgn_nearest_json(name, known);
    sgn_fail(err, SGN_INVALID, "%s have no column '%.80s'%s%s%s", rows->kind->word, name,
             near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
             near != NULL ? "'?" : "");
    json_decref(known);
    return SGN_INVALID;
}

/* The name by which a column is kept; malloc'ed. *column NULL: of a field. SGN_INVALID: there is no
 * such column. */
static enum sgn_status
name_of(const struct exchange_rows *rows, const char *said, const struct exchange_column **column,
        char **name, struct sgn_error *err)
{
    const char *field = field_of(rows->kind, said);

    *column = column_find(rows->kind, said);
    if (*column == NULL && field == NULL)
        return unknown_column(rows, said, err);
    *name = *column != NULL ? strdup((*column)->name) : sgn_format("%s%s", EXCHANGE_FIELD, field);
    return *name != NULL ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
take_heading(struct exchange_rows *rows, int i, struct sgn_error *err)
{
    const char *said = csv_cell(&rows->csv, i);
    char *name = NULL;
    enum sgn_status st = name_of(rows, said, &rows->columns[i], &name, err);

    if (st == SGN_OK && sgn_json_has(rows->heading, name))
        st = sgn_fail(err, SGN_INVALID, "the column '%.80s' stands there twice", said);
    if (st == SGN_OK && json_array_append_new(rows->heading, json_string(name)) != 0)
        st = sgn_nomem(err);
    free(name);
    if (st == SGN_INVALID) {
        sgn_error_add(err, "line", json_integer(rows->csv.row_line));
        sgn_error_add(err, "column", json_integer(i + 1));
    }
    return st;
}

enum sgn_status
exchange_rows_open(struct exchange_rows *rows, const struct exchange_kind *kind,
                   enum exchange_format format, FILE *file, struct sgn_error *err)
{
    bool more = false;
    enum sgn_status st = SGN_OK;

    *rows = (struct exchange_rows){ .kind = kind, .format = format, .file = file };
    csv_init(&rows->csv, file);
    if (format == EXCHANGE_JSON)
        return SGN_OK;
    rows->heading = json_array();
    if (rows->heading == NULL)
        return sgn_nomem(err);
    st = csv_read(&rows->csv, &more, err);
    if (st == SGN_OK && !more)
        st = sgn_fail(err, SGN_INVALID, "the file is empty: its first line names the columns");
    for (int i = 0; st == SGN_OK && i < rows->csv.n; i++)
        st = take_heading(rows, i, err);
    return st;
}

void
exchange_rows_close(struct exchange_rows *rows)
{
    csv_deinit(&rows->csv);
    json_decref(rows->heading);
    free(rows->line_bytes);
    *rows = (struct exchange_rows){ 0 };
}

int
exchange_column_of(const struct exchange_rows *rows, const char *pointer)
{
    const json_t *name;
    size_t i;
    char wanted[160];
    int whole = 0;

    if (pointer == NULL || pointer[0] != '/')
        return 0;
    snprintf(wanted, sizeof(wanted), "%s", pointer + 1);
    if (strncmp(pointer, "/fields/", 8) == 0)
        snprintf(wanted, sizeof(wanted), "%s%s", EXCHANGE_FIELD, pointer + 8);
    json_array_foreach(rows->heading, i, name) {
        if (strcmp(json_string_value(name), wanted) == 0)
            return (int)i + 1;
        if (strcmp(json_string_value(name), "fields") == 0 && strncmp(pointer, "/fields/", 8) == 0)
            whole = (int)i + 1;
    }
    return whole;
}

/* ---- cells ---- */

static json_t *
read_flag(const char *text)
{
    static const char *const yes[] = { "true", "yes", "1", "是", "TRUE" };
    static const char *const no[] = { "false", "no", "0", "否", "FALSE" };

    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        if (strcmp(text, yes[i]) == 0)
            return json_true();
        if (strcmp(text, no[i]) == 0)
            return json_false();
    }
    return NULL;
}

static json_t *
read_integer(const char *text)
{
    char *end = NULL;
    long long number;

    errno = 0;
    number = strtoll(text, &end, 10);
    return end == text || *end != '\0' || errno != 0 ? NULL : json_integer(number);
}

static enum sgn_status
cell_fault(char type, const char *text, struct sgn_error *err)
{
    if (type == 'b')
        return sgn_fail(err, SGN_INVALID, "'%.40s' is neither true nor false", text);
    if (type == 'i')
        return sgn_fail(err, SGN_INVALID, "'%.40s' is no whole number", text);
    return sgn_fail(err, SGN_INVALID, "'%.40s' is no JSON", text);
}

/* "title.en" into member en of title. */
static enum sgn_status
put_within(json_t *row, const char *name, const char *text, struct sgn_error *err)
{
    const char *dot = strchr(name, '.');
    json_t *object = json_object_getn(row, name, (size_t)(dot - name));

    if (text[0] == '\0')
        return SGN_OK;
    if (json_string_length(object) > 0)
        return sgn_fail(err, SGN_INVALID, "%.*s and %s are both given: one or the other",
                        (int)(dot - name), name, name);
    if (!json_is_object(object)) {
        object = json_object();
        if (json_object_setn_new(row, name, (size_t)(dot - name), object) != 0)
            return sgn_nomem(err);
    }
    return json_object_set_new(object, dot + 1, json_string(text)) == 0 ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
put_cell(json_t *row, const struct exchange_column *column, const char *text, struct sgn_error *err)
{
    json_t *value = NULL;

    if (column->shown_only || (text[0] == '\0' && column->type != 't'))
        return SGN_OK;
    if (strchr(column->name, '.') != NULL)
        return put_within(row, column->name, text, err);
    if (column->type == 'b')
        value = read_flag(text);
    else if (column->type == 'i')
        value = read_integer(text);
    else if (column->type != 'j')
        value = json_string(text);
    if (column->type == 'j' && sgn_json_parse(text, strlen(text), &value, NULL) != SGN_OK)
        value = NULL;
    if (value == NULL)
        return cell_fault(column->type, text, err);
    return json_object_set_new(row, column->name, value) == 0 ? SGN_OK : sgn_nomem(err);
}

/* Fields with a column of their own come beside those that the column fields holds. */
static enum sgn_status
put_field(json_t *fields, const char *name, const char *text, struct sgn_error *err)
{
    if (text[0] == '\0')
        return SGN_OK;
    return json_object_set_new(fields, name, json_string(text)) == 0 ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
put_fields(json_t *row, json_t *fields, struct sgn_error *err)
{
    json_t *rest = json_object_get(row, "fields");

    if (rest != NULL && !json_is_object(rest))
        return sgn_fail(err, SGN_INVALID, "fields must be a JSON object");
    if ((rest != NULL && json_object_update_missing(fields, rest) != 0) ||
        json_object_set(row, "fields", fields) != 0)
        return sgn_nomem(err);
    return SGN_OK;
}

static enum sgn_status
take_cells(struct exchange_rows *rows, json_t *row, struct sgn_error *err)
{
    bool cases = rows->kind->kind == NULL;
    json_t *fields = json_object();
    enum sgn_status st = fields != NULL ? SGN_OK : sgn_nomem(err);
    int i = 0;

    for (; st == SGN_OK && i < rows->csv.n; i++) {
        const char *text = csv_cell(&rows->csv, i);
        if (rows->columns[i] != NULL)
            st = put_cell(row, rows->columns[i], text, err);
        else
            st = put_field(fields,
                           json_string_value(json_array_get(rows->heading, (size_t)i)) +
                               strlen(EXCHANGE_FIELD),
                           text, err);
    }
    if (st == SGN_OK && cases)
        st = put_fields(row, fields, err);
    json_decref(fields);
    return st == SGN_INVALID ? row_fault(rows, i, err) : st;
}

static enum sgn_status
next_csv(struct exchange_rows *rows, json_t **out, struct sgn_error *err)
{
    bool more = false;
    json_t *row;
    enum sgn_status st = csv_read(&rows->csv, &more, err);

    rows->line = rows->csv.row_line;
    if (st != SGN_OK || !more)
        return st;
    if (rows->csv.n != (int)json_array_size(rows->heading)) {
        sgn_fail(err, SGN_INVALID, "the row has %d cells, and the first line names %zu columns",
                 rows->csv.n, json_array_size(rows->heading));
        return row_fault(rows, 0, err);
    }
    row = json_object();
    st = row != NULL ? take_cells(rows, row, err) : sgn_nomem(err);
    if (st == SGN_OK)
        *out = row;
    else
        json_decref(row);
    return st;
}

/* ---- JSON, one object a line ---- */

/* Members that the server alone says are left out, as are those that say nothing. */
static enum sgn_status
clean(const struct exchange_rows *rows, json_t *row, struct sgn_error *err)
{
    const char *name;
    json_t *value;
    void *following;

    if (!json_is_object(row))
        return sgn_fail(err, SGN_INVALID, "expected a JSON object in each line");
    json_object_foreach_safe(row, following, name, value) {
        const struct exchange_column *column = column_find(rows->kind, name);
        if (column == NULL)
            return unknown_column(rows, name, err);
        if (column->shown_only || json_is_null(value))
            (void)json_object_del(row, name);
    }
    return SGN_OK;
}

static enum sgn_status
next_json(struct exchange_rows *rows, json_t **out, struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    json_t *row = NULL;
    ssize_t n;
    enum sgn_status st;

    do {
        n = getline(&rows->line_bytes, &rows->line_room, rows->file);
        rows->line++;
        while (n > 0 && strchr("\r\n ", rows->line_bytes[n - 1]) != NULL)
            n--;
    } while (n == 0);
    if (n < 0)
        return SGN_OK;
    st = sgn_json_parse(rows->line_bytes, (size_t)n, &row, &why);
    if (st == SGN_OK)
        st = clean(rows, row, err);
    else
        st = sgn_fail(err, SGN_INVALID, "%s", why.message);
    sgn_error_clear(&why);
    if (st == SGN_OK)
        *out = row;
    else
        json_decref(row);
    return st == SGN_INVALID ? row_fault(rows, 0, err) : st;
}

enum sgn_status
exchange_rows_next(struct exchange_rows *rows, json_t **out, struct sgn_error *err)
{
    *out = NULL;
    return rows->format == EXCHANGE_CSV ? next_csv(rows, out, err) : next_json(rows, out, err);
}
