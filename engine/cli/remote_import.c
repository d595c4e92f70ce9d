/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "signoff import": a file of rows, twice. First all of it as a dry run, which tells every mistake
 * with its line and column; only when there is none, again in earnest. A piece of the file is one
 * request, with a request_id made from its content: a command that broke off is given again, and
 * what was done is not done twice. The file is read in pieces and never as a whole.
 */
#include "import.h"

#include "json.h"
#include "say.h"
#include "text.h"
#include <errno.h>
#include <string.h>

#define SHOWN_MAX  100 /* mistakes that are told */
#define COPY_BYTES 65536

/* ---- mistakes ---- */

void
import_mistake(struct import *import, int64_t line, int column, const char *message)
{
    const struct cli_output *o = &import->cli->output;
    char *said = sgn_say_text(import->cli->language, message);
    json_t *row;

    import->wrong++;
    if (import->wrong <= SHOWN_MAX && o->json) {
        row = json_pack("{s:s, s:I, s:i, s:s}", "file", import->path, "line", (json_int_t)line,
                        "column", column, "message", message);
        cli_print_json(o, row);
        json_decref(row);
    } else if (import->wrong <= SHOWN_MAX && column > 0) {
        fprintf(o->err, "%s:%lld:%d: %s\n", import->path, (long long)line, column,
                said != NULL ? said : message);
    } else if (import->wrong <= SHOWN_MAX) {
        fprintf(o->err, "%s:%lld: %s\n", import->path, (long long)line,
                said != NULL ? said : message);
    }
    free(said);
}

/* A mistake that was found without the server. *go_on: can the next row be read? */
static void
reader_mistake(struct import *import, struct sgn_error *why, bool *go_on)
{
    import_mistake(import, sgn_json_int(why->data, "line", 0),
                   (int)sgn_json_int(why->data, "column", 0), why->message);
    *go_on = sgn_json_true(why->data, "skipped");
    sgn_error_clear(why);
}

/* ---- reading ---- */

/* The next row that can be sent; *row NULL: there is none. A mistake in a row is told, and the next
 * one read; in earnest there is none, since the file has been read before. */
static enum sgn_status
next_row(struct import *import, json_t **row, struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    bool go_on = true;

    *row = NULL;
    while (go_on) {
        enum sgn_status st = exchange_rows_next(&import->rows, row, &why);
        if (st == SGN_OK && *row != NULL)
            import->n_rows++;
        if (st == SGN_OK)
            return SGN_OK;
        if (st != SGN_INVALID) {
            sgn_error_move(err, &why);
            return st;
        }
        reader_mistake(import, &why, &go_on);
    }
    return SGN_OK;
}

/* One reading of the whole file. What is wrong with it is told and counted, and no failure. */
static enum sgn_status
pass(struct import *import, bool dry, struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    bool go_on = false;
    json_t *row = NULL;
    enum sgn_status st;

    import->dry = dry;
    import->created = import->changed = import->same = import->n_rows = 0;
    import_seen_reset(&import->seen);
    rewind(import->file);
    st = exchange_rows_open(&import->rows, import->kind, import->format, import->file, &why);
    if (st == SGN_OK)
        st = next_row(import, &row, err);
    else if (st == SGN_INVALID)
        reader_mistake(import, &why, &go_on);
    else
        sgn_error_move(err, &why);
    while (st == SGN_OK && row != NULL) {
        st = import_put(import, row, err);
        row = NULL;
        if (st == SGN_OK)
            st = next_row(import, &row, err);
    }
    json_decref(row);
    if (st == SGN_OK)
        st = import_flush(import, err);
    exchange_rows_close(&import->rows);
    return st == SGN_INVALID && import->wrong > 0 ? SGN_OK : st;
}

/* ---- the file ---- */

/* Read twice: what comes through a pipe is kept in a file without a name. */
static enum sgn_status
spool(FILE **file, struct sgn_error *err)
{
    char bytes[COPY_BYTES];
    FILE *copy = tmpfile();
    size_t n;

    if (copy == NULL)
        return sgn_fail(err, SGN_UNAVAILABLE, "no temporary file: %s", strerror(errno));
    while ((n = fread(bytes, 1, sizeof(bytes), stdin)) > 0)
        if (fwrite(bytes, 1, n, copy) != n)
            break;
    if (ferror(stdin) || ferror(copy)) {
        fclose(copy);
        return sgn_fail(err, SGN_UNAVAILABLE, "the input could not be read: %s", strerror(errno));
    }
    *file = copy;
    return SGN_OK;
}

static enum sgn_status
open_file(struct import *import, struct sgn_error *err)
{
    if (strcmp(import->path, "-") == 0)
        return spool(&import->file, err);
    import->file = fopen(import->path, "r");
    return import->file != NULL ? SGN_OK
                                : sgn_fail(err, SGN_NOT_FOUND, "%s: could not be read: %s",
                                           import->path, strerror(errno));
}

/* ---- the command ---- */

static void
show(const struct import *import)
{
    const struct cli_output *o = &import->cli->output;
    json_t *said;

    if (o->json) {
        said = json_pack("{s:I, s:I, s:I, s:I, s:b}", "rows", (json_int_t)import->n_rows, "created",
                         (json_int_t)import->created, "changed", (json_int_t)import->changed,
                         "same", (json_int_t)import->same, "dry_run", import->dry);
        cli_print_json(o, said);
        json_decref(said);
        return;
    }
    fprintf(o->out,
            sgn_say(import->cli->language,
                    import->dry
                        ? "would create %lld, change %lld and leave %lld as they are; nothing "
                          "was changed\n"
                        : "created %lld, changed %lld, left %lld as they were\n"),
            (long long)import->created, (long long)import->changed, (long long)import->same);
}

/* What was told line by line, in one sentence. */
static enum sgn_status
refuse(const struct import *import, struct sgn_error *err)
{
    int64_t in = import->created + import->changed + import->same;

    if (import->dry)
        return sgn_fail(err, SGN_INVALID, "%s has mistakes (%lld); nothing was changed",
                        import->path, (long long)import->wrong);
    return sgn_fail(
        err, SGN_INVALID,
        "something has changed since %s was checked: %lld of its rows are in, the others "
        "are not; give the same command again when the mistake is mended",
        import->path, (long long)in);
}

static enum sgn_status
run(struct import *import, struct sgn_error *err)
{
    enum sgn_status st = pass(import, true, err);

    if (st == SGN_OK && import->wrong == 0 && !cli_given(&import->cli->args, "dry-run"))
        st = pass(import, false, err);
    if (st == SGN_UNKNOWN_OUTCOME)
        sgn_error_add(err, "hint",
                      json_string("give the same command again: what was done is not "
                                  "done twice"));
    if (st == SGN_OK && import->wrong > 0)
        return refuse(import, err);
    if (st == SGN_OK)
        show(import);
    return st;
}

enum sgn_status
remote_import(struct cli *cli, struct sgn_error *err)
{
    struct import import = { .cli = cli, .path = cli_word(&cli->args, 1) };
    enum sgn_status st = SGN_OK;

    import.kind = exchange_kind(cli_word(&cli->args, 0), err);
    st = import.kind != NULL
             ? exchange_format(cli_option(&cli->args, "format"), import.path, &import.format, err)
             : SGN_INVALID;
    if (st == SGN_INVALID)
        cli->exit_code = CLI_USAGE;
    import.piece = json_array();
    import.types = json_object();
    if (st == SGN_OK && (import.piece == NULL || import.types == NULL))
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = cli_params(cli, &import.params, err);
    if (st == SGN_OK)
        st = open_file(&import, err);
    if (st == SGN_OK)
        st = cli_connect(cli, &import.client, err);
    if (st == SGN_OK)
        st = run(&import, err);
    client_free(import.client);
    if (import.file != NULL)
        fclose(import.file);
    import_seen_deinit(&import.seen);
    json_decref(import.params);
    json_decref(import.piece);
    json_decref(import.types);
    return st;
}
