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
#include <string.h>

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
pass(struct import *import, struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    bool go_on = false;
    json_t *row = NULL;
    enum sgn_status st;

    import->created = import->changed = import->same = 0;
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

/* A file in the form of "signoff export". */
static enum sgn_status
import_own(struct import *import, struct sgn_error *err)
{
    struct cli *cli = import->cli;
    enum sgn_status st;

    import->path = cli_word(&cli->args, 1);
    import->kind = exchange_kind(cli_word(&cli->args, 0), err);
    st = import->kind != NULL
             ? exchange_format(cli_option(&cli->args, "format"), import->path, &import->format, err)
             : SGN_INVALID;
    if (st == SGN_INVALID)
        cli->exit_code = CLI_USAGE;
    if (st == SGN_OK)
        st = import_open(import->path, cli_option(&cli->args, "encoding"), &import->file, err);
    if (st == SGN_OK)
        st = cli_connect(cli, &import->client, err);
    if (st == SGN_OK)
        st = import_run(import, pass, show, err);
    if (import->file != NULL)
        fclose(import->file);
    return st;
}

static enum sgn_status
print_map(struct cli *cli, const char *name, struct sgn_error *err)
{
    const char *text = import_map_text(name);

    if (text == NULL) {
        cli->exit_code = CLI_USAGE;
        return import_map_unknown(name, err);
    }
    fputs(text, cli->output.out);
    return SGN_OK;
}

/* KIND FILE, or --from SOURCE FILE... */
static enum sgn_status
check_words(struct cli *cli, struct sgn_error *err)
{
    size_t n = json_array_size(cli->args.words);
    bool from = cli_option(&cli->args, "from") != NULL;

    bool moves = cli_option(&cli->args, "map") != NULL || cli_option(&cli->args, "files") != NULL;

    if ((from && n >= 1) || (!from && n == 2 && !moves))
        return SGN_OK;
    cli->exit_code = CLI_USAGE;
    return sgn_fail(err, SGN_INVALID,
                    from ? "import --from needs FILE..."
                         : "import needs KIND FILE, or --from SOURCE FILE...; --map and --files go "
                           "with --from");
}

enum sgn_status
remote_import(struct cli *cli, struct sgn_error *err)
{
    const char *printed = cli_option(&cli->args, "print-map");
    struct import import = { .cli = cli };
    enum sgn_status st;

    if (printed != NULL)
        return print_map(cli, printed, err);
    st = check_words(cli, err);
    import.piece = json_array();
    import.pasts = json_array();
    import.types = json_object();
    import.made = json_object();
    if (st == SGN_OK && (import.piece == NULL || import.pasts == NULL || import.types == NULL ||
                         import.made == NULL))
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = cli_params(cli, &import.params, err);
    if (st == SGN_OK)
        st = cli_option(&cli->args, "from") != NULL ? import_from(&import, err)
                                                    : import_own(&import, err);
    client_free(import.client);
    import_seen_deinit(&import.seen);
    json_decref(import.params);
    json_decref(import.piece);
    json_decref(import.pasts);
    json_decref(import.types);
    json_decref(import.made);
    return st;
}
