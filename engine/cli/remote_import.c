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

#define SHOWN_MAX 100 /* mistakes that are told */

/* ---- mistakes ---- */

/* place: "12:3", as it stands behind the file's name; row what --json says of it (taken). */
static void
tell(struct import *import, const char *place, json_t *row_take, const char *message)
{
    const struct cli_output *o = &import->cli->output;
    char *said = sgn_say_text(import->cli->language, message);

    import->wrong++;
    if (import->wrong <= SHOWN_MAX && o->json) {
        (void)json_object_set_new(row_take, "file", json_string(import->path));
        (void)json_object_set_new(row_take, "message", json_string(message));
        cli_print_json(o, row_take);
    } else if (import->wrong <= SHOWN_MAX) {
        fprintf(o->err, "%s:%s: %s\n", import->path, place, said != NULL ? said : message);
    }
    json_decref(row_take);
    free(said);
}

void
import_mistake(struct import *import, int64_t line, int column, const char *message)
{
    char place[48];

    if (column > 0)
        snprintf(place, sizeof(place), "%lld:%d", (long long)line, column);
    else
        snprintf(place, sizeof(place), "%lld", (long long)line);
    tell(import, place, json_pack("{s:I, s:i}", "line", (json_int_t)line, "column", column),
         message);
}

void
import_mistake_at(struct import *import, int64_t line, const char *name, const char *message)
{
    char place[IMPORT_PLACE_TEXT];

    import_source_place(import->source, line, name, place);
    tell(import, place, json_pack("{s:s}", "place", place), message);
}

/* The target of a map that the server's pointer is about: /imported/state is state, /fields/x is
 * field.x. */
static const char *
target_of(const char *pointer, char out[160])
{
    if (strncmp(pointer, "/imported/", 10) == 0)
        snprintf(out, 160, "%s", pointer + 10);
    else if (strncmp(pointer, "/fields/", 8) == 0)
        snprintf(out, 160, "field.%s", pointer + 8);
    else
        snprintf(out, 160, "%s", pointer[0] == '/' ? pointer + 1 : pointer);
    return out;
}

void
import_refused(struct import *import, int64_t line, const char *pointer, const char *message)
{
    char target[160];
    const json_t *rule = NULL;

    if (import->source == NULL) {
        import_mistake(import, line, exchange_column_of(&import->rows, pointer), message);
        return;
    }
    if (pointer != NULL)
        rule = json_object_get(import->set, target_of(pointer, target));
    import_mistake_at(import, line, rule != NULL ? import_source_name(import->source, rule) : NULL,
                      message);
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

enum sgn_status
import_run(struct import *import,
           enum sgn_status (*pass_fn)(struct import *import, struct sgn_error *err),
           void (*show_fn)(const struct import *import), struct sgn_error *err)
{
    enum sgn_status st;

    import->dry = true;
    st = pass_fn(import, err);
    if (st == SGN_OK && import->wrong == 0 && !cli_given(&import->cli->args, "dry-run")) {
        import->dry = false;
        import->n_rows = 0;
        st = pass_fn(import, err);
    }
    if (st == SGN_UNKNOWN_OUTCOME)
        sgn_error_add(err, "hint",
                      json_string("give the same command again: what was done is not "
                                  "done twice"));
    if (st == SGN_OK && import->wrong > 0)
        return refuse(import, err);
    if (st == SGN_OK)
        show_fn(import);
    return st;
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
        return sgn_fail(err, SGN_INVALID, "'%.40s' is no source: %s", name, import_map_names());
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

    if ((from && n >= 1) || (!from && n == 2 && cli_option(&cli->args, "map") == NULL))
        return SGN_OK;
    cli->exit_code = CLI_USAGE;
    return sgn_fail(err, SGN_INVALID,
                    from ? "import --from needs FILE..."
                         : "import needs KIND FILE, or --from SOURCE FILE...; --map goes with "
                           "--from");
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
    if (st == SGN_OK && (import.piece == NULL || import.pasts == NULL || import.types == NULL))
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
    return st;
}
