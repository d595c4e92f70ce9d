/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "signoff export": rows of a kind as CSV or JSON, a page at a time, so that the size of the team
 * does not matter. What may be seen is what the list methods show.
 */
#include "exchange.h"

#include "json.h"
#include "say.h"
#include "text.h"
#include "xes.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE_MOST  200 /* a page of whole cases takes some 50 ms */
#define CELL_MAX   (16 * 1024 * 1024)
#define FIELDS_MAX 400
#define XES        "xes"
#define BYTE_MARK  "\xef\xbb\xbf"

struct export
{
    struct cli *cli;
    struct client *client;
    const struct exchange_kind *kind; /* NULL: XES */
    enum exchange_format format;
    json_t *params; /* of the list: filters */
    json_t *fields; /* [name] of the columns that fields of cases have */
    FILE *out;
    json_t *waiting; /* [case] whose histories are asked for next */
    struct sgn_buf row, cell;
    bool begun; /* what comes before the first row has been written */
    int64_t n;
};

/* ---- rows ---- */

static enum sgn_status
put_line(struct export *export, struct sgn_error *err)
{
    if (export->row.failed)
        return sgn_nomem(err);
    if (fwrite(export->row.bytes, 1, export->row.len, export->out) != export->row.len)
        return sgn_fail(err, SGN_UNAVAILABLE, "the output could not be written: %s",
                        strerror(errno));
    sgn_buf_reset(&export->row);
    return SGN_OK;
}

static bool
is_cases(const struct export *export)
{
    return export->kind->kind == NULL;
}

static enum sgn_status
put_heading(struct export *export, struct sgn_error *err)
{
    const char *language = export->cli->language;
    const json_t *field;
    size_t i;

    for (const struct exchange_column *c = export->kind->columns; c->name != NULL; c++)
        (void)sgn_csv_put(&export->row, exchange_heading(c->name, language),
                          c == export->kind->columns);
    json_array_foreach(export->fields, i, field) {
        sgn_buf_reset(&export->cell);
        (void)sgn_buf_printf(&export->cell, "%s%s", EXCHANGE_FIELD, json_string_value(field));
        (void)sgn_csv_put(&export->row, export->cell.bytes, false);
    }
    (void)sgn_csv_end(&export->row);
    return put_line(export, err);
}

/* The fields of a case: those with a column into it, the others into the column fields. */
static json_t *
fields_without_column(const struct export *export, const json_t *item)
{
    json_t *rest = json_copy(json_object_get(item, "fields"));
    const json_t *name;
    size_t i;

    json_array_foreach(export->fields, i, name)
        (void)json_object_del(rest, json_string_value(name));
    if (json_object_size(rest) == 0) {
        json_decref(rest);
        rest = NULL;
    }
    return rest;
}

static enum sgn_status
put_fields(struct export *export, const json_t *item)
{
    const json_t *name;
    size_t i;

    json_array_foreach(export->fields, i, name) {
        const json_t *value =
            json_object_get(json_object_get(item, "fields"), json_string_value(name));
        sgn_buf_reset(&export->cell);
        if (json_is_string(value))
            (void)sgn_buf_puts(&export->cell, json_string_value(value));
        else if (value != NULL && !json_is_null(value))
            (void)sgn_json_append(&export->cell, value);
        (void)sgn_csv_put(&export->row, export->cell.bytes != NULL ? export->cell.bytes : "",
                          false);
    }
    return export->row.failed || export->cell.failed ? SGN_NOMEM : SGN_OK;
}

static enum sgn_status
put_csv(struct export *export, const json_t *item, struct sgn_error *err)
{
    json_t *row = json_copy((json_t *)item);
    enum sgn_status st = row != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK && is_cases(export)) {
        json_t *rest = fields_without_column(export, item);
        if (json_object_set_new(row, "fields", rest != NULL ? rest : json_null()) != 0)
            st = sgn_nomem(err);
    }
    for (const struct exchange_column *c = export->kind->columns; st == SGN_OK && c->name != NULL;
         c++) {
        st = exchange_cell(&export->cell, c, row);
        if (st == SGN_OK)
            st = sgn_csv_put(&export->row, export->cell.bytes != NULL ? export->cell.bytes : "",
                             c == export->kind->columns);
    }
    if (st == SGN_OK && is_cases(export))
        st = put_fields(export, item);
    json_decref(row);
    if (st != SGN_OK || sgn_csv_end(&export->row) != SGN_OK)
        return sgn_nomem(err);
    return put_line(export, err);
}

/* Members that the columns name, so that the same can be read again. */
static enum sgn_status
put_json(struct export *export, const json_t *item, struct sgn_error *err)
{
    json_t *row = json_object();

    for (const struct exchange_column *c = export->kind->columns; row != NULL && c->name != NULL;
         c++) {
        json_t *value = json_object_get(item, c->name);
        if (value != NULL && !json_is_null(value))
            (void)json_object_set(row, c->name, value);
    }
    if (row == NULL || sgn_json_append(&export->row, row) != SGN_OK ||
        sgn_buf_puts(&export->row, "\n") != SGN_OK) {
        json_decref(row);
        return sgn_nomem(err);
    }
    json_decref(row);
    return put_line(export, err);
}

static enum sgn_status
put_row(struct export *export, const json_t *item, struct sgn_error *err)
{
    export->n++;
    return export->format == EXCHANGE_CSV ? put_csv(export, item, err)
                                          : put_json(export, item, err);
}

/* The members of a project of the list. */
static enum sgn_status
put_members(struct export *export, const json_t *item, struct sgn_error *err)
{
    json_t *ask = json_pack("{s:O, s:O*}", "project", json_object_get(item, "project"), "team",
                            json_object_get(export->params, "team"));
    json_t *project = NULL;
    const json_t *member;
    size_t i;
    enum sgn_status st = ask != NULL
                             ? client_call(export->client, "project.get", ask, &project, err)
                             : sgn_nomem(err);

    json_array_foreach(json_object_get(project, "members"), i, member)
        if (st == SGN_OK)
            st = put_row(export, member, err);
    json_decref(project);
    json_decref(ask);
    return st;
}

/* ---- columns of fields ---- */

static void
add_field(struct export *export, const char *name)
{
    if (name != NULL && !sgn_json_has(export->fields, name) &&
        json_array_size(export->fields) < FIELDS_MAX)
        (void)json_array_append_new(export->fields, json_string(name));
}

static enum sgn_status
add_fields(struct export *export, const char *workflow, struct sgn_error *err)
{
    json_t *ask = json_pack("{s:s, s:O*}", "workflow", workflow, "team",
                            json_object_get(export->params, "team"));
    json_t *answer = NULL;
    const json_t *field;
    size_t i;
    enum sgn_status st = ask != NULL
                             ? client_call(export->client, "workflow.get", ask, &answer, err)
                             : sgn_nomem(err);

    json_array_foreach(json_object_get(json_object_get(answer, "model"), "fields"), i, field)
        add_field(export, sgn_json_str(field, "name"));
    json_decref(answer);
    json_decref(ask);
    return st;
}

/* Of the workflow that was asked for, else of all in force. A client's person is not told of a
 * workflow's fields: theirs are those that the first cases have. */
static enum sgn_status
find_fields(struct export *export, const json_t *items, struct sgn_error *err)
{
    const json_t *workflow = json_object_get(export->params, "workflow");
    json_t *ask = json_pack("{s:i, s:O*}", "limit", PAGE_MOST, "team",
                            json_object_get(export->params, "team"));
    json_t *list = NULL;
    const json_t *item;
    const char *name;
    json_t *value;
    size_t i;
    enum sgn_status st = ask != NULL ? client_call(export->client, "workflow.list", ask, &list, err)
                                     : sgn_nomem(err);

    json_array_foreach(remote_items(list), i, item)
        if (st == SGN_OK &&
            (workflow == NULL || sgn_json_has(workflow, sgn_json_str(item, "name"))))
            st = add_fields(export, sgn_json_str(item, "name"), err);
    json_array_foreach(items, i, item)
        json_object_foreach(json_object_get(item, "fields"), name, value)
            add_field(export, name);
    json_decref(list);
    json_decref(ask);
    return st;
}

/* ---- pages ---- */

/* What comes before the first row, when the first page is there. */
static enum sgn_status
begin(struct export *export, const json_t *items, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    export->begun = true;
    if (export->kind == NULL)
        return xes_begin(&export->row) == SGN_OK ? put_line(export, err) : sgn_nomem(err);
    if (export->format == EXCHANGE_JSON)
        return SGN_OK;
    if (is_cases(export))
        st = find_fields(export, items, err);
    if (st == SGN_OK && cli_given(&export->cli->args, "bom") &&
        fputs(BYTE_MARK, export->out) == EOF)
        st = sgn_fail(err, SGN_UNAVAILABLE, "the output could not be written: %s", strerror(errno));
    return st == SGN_OK ? put_heading(export, err) : st;
}

typedef enum sgn_status (*item_fn)(struct export *export, const json_t *item,
                                   struct sgn_error *err);

static enum sgn_status
walk(struct export *export, const char *method, item_fn take, struct sgn_error *err)
{
    const char *cursor = "";
    enum sgn_status st = SGN_OK;

    while (st == SGN_OK && cursor != NULL) {
        json_t *page = NULL;
        const json_t *item;
        size_t i;

        st = remote_call_patiently(export->client, method, export->params, &page, err);
        if (st == SGN_OK && !export->begun)
            st = begin(export, json_object_get(page, "items"), err);
        json_array_foreach(json_object_get(page, "items"), i, item)
            if (st == SGN_OK)
                st = take(export, item, err);
        cursor = sgn_json_str(page, "cursor");
        if (cursor != NULL &&
            json_object_set_new(export->params, "cursor", json_string(cursor)) != 0)
            st = sgn_nomem(err);
        cursor = cursor != NULL ? sgn_json_str(export->params, "cursor") : NULL;
        json_decref(page);
    }
    return st;
}

/* ---- the command ---- */

static enum sgn_status
export_rows(struct export *export, struct sgn_error *err)
{
    if (is_cases(export) && json_object_set_new(export->params, "whole", json_true()) != 0)
        return sgn_nomem(err);
    return walk(export, export->kind->list,
                strcmp(export->kind->word, "members") == 0 ? put_members : put_row, err);
}

static enum sgn_status
put_traces(struct export *export, struct sgn_error *err)
{
    enum sgn_status st = xes_traces(export->client, export->waiting,
                                    sgn_json_str(export->params, "team"), &export->row, err);

    (void)json_array_clear(export->waiting);
    return st == SGN_OK ? put_line(export, err) : st;
}

/* Their histories are asked for together. */
static enum sgn_status
take_case(struct export *export, const json_t *item, struct sgn_error *err)
{
    export->n++;
    if (json_array_append(export->waiting, (json_t *)item) != 0)
        return sgn_nomem(err);
    return json_array_size(export->waiting) < XES_TRACES ? SGN_OK : put_traces(export, err);
}

static enum sgn_status
export_xes(struct export *export, struct sgn_error *err)
{
    enum sgn_status st = walk(export, "case.list", take_case, err);

    if (st == SGN_OK && json_array_size(export->waiting) > 0)
        st = put_traces(export, err);
    if (st == SGN_OK)
        st = xes_end(&export->row) == SGN_OK ? put_line(export, err) : sgn_nomem(err);
    return st;
}

/* With --output the file appears when it is whole, and is then said to be. */
static enum sgn_status
write_out(struct export *export, struct sgn_error *err)
{
    const char *path = cli_option(&export->cli->args, "output");
    char *part = path != NULL ? sgn_format("%s.part", path) : NULL;
    enum sgn_status st = SGN_OK;

    export->out = part != NULL ? fopen(part, "w") : export->cli->output.out;
    if (export->out == NULL)
        st = sgn_fail(err, SGN_UNAVAILABLE, "%s: could not be written: %s", part, strerror(errno));
    if (st == SGN_OK)
        st = export->kind != NULL ? export_rows(export, err) : export_xes(export, err);
    if (part != NULL && export->out != NULL) {
        if (fclose(export->out) != 0 && st == SGN_OK)
            st = sgn_fail(err, SGN_UNAVAILABLE, "%s: could not be written: %s", part,
                          strerror(errno));
        if (st == SGN_OK && rename(part, path) != 0)
            st = sgn_fail(err, SGN_UNAVAILABLE, "%s: could not be written: %s", path,
                          strerror(errno));
        if (st != SGN_OK)
            (void)unlink(part);
    }
    if (st == SGN_OK && path != NULL && !export->cli->output.json)
        fprintf(export->cli->output.err, sgn_say(export->cli->language, "%s: %lld written\n"), path,
                (long long)export->n);
    free(part);
    return st;
}

enum sgn_status
remote_export(struct cli *cli, struct sgn_error *err)
{
    const char *word = cli_word(&cli->args, 0);
    const char *format = cli->output.json ? "json" : cli_option(&cli->args, "format");
    struct export export = { .cli = cli, .fields = json_array(), .waiting = json_array() };
    enum sgn_status st = export.fields != NULL && export.waiting != NULL ? SGN_OK : sgn_nomem(err);

    sgn_buf_init(&export.row, CELL_MAX);
    sgn_buf_init(&export.cell, CELL_MAX);
    if (st == SGN_OK && strcmp(word, XES) != 0)
        st = (export.kind = exchange_kind(word, err)) != NULL ? SGN_OK : SGN_INVALID;
    if (st == SGN_OK)
        st = exchange_format(format, cli_option(&cli->args, "output"), &export.format, err);
    if (st == SGN_INVALID)
        cli->exit_code = CLI_USAGE;
    if (st == SGN_OK)
        st = cli_params(cli, &export.params, err);
    if (st == SGN_OK && json_object_set_new(export.params, "limit", json_integer(PAGE_MOST)) != 0)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = cli_connect(cli, &export.client, err);
    if (st == SGN_OK)
        st = write_out(&export, err);
    client_free(export.client);
    json_decref(export.params);
    json_decref(export.fields);
    json_decref(export.waiting);
    sgn_buf_deinit(&export.row);
    sgn_buf_deinit(&export.cell);
    return st;
}
