/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "signoff import --from": files of other tools, by a map (see import_map.h). As with files of our
 * own all of it is read twice, first as a dry run that tells every mistake. The same files and the
 * same map always ask for the same: clients, people and projects by keys made from what they are
 * called, cases by their key in the other tool. So a command that broke off is given again.
 */
#include "import.h"

#include "hash.h"
#include "json.h"
#include "say.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRESS_EVERY 100 /* items between two looks at how far it is */
#define KINDS          5

/* In this order: each may name those before it. */
static const char *const kind_words[KINDS] = { "clients", "people", "projects", "members",
                                               "cases" };

struct count {
    int64_t created, changed, same;
};

struct import_moves {
    json_t *map;
    struct import_rules rules;
    struct import_source *sources;
    int n;
    struct count counts[KINDS];
    struct import_seen alike; /* rows, and keys of cases, that there were */
    int64_t items;            /* of the kind under way */
};

/* ---- a row of an item ---- */

/* "field.x" into member x of fields, "at" of a case into imported. */
static enum sgn_status
put_target(const struct import *import, json_t *row, const char *target, json_t *value,
           struct sgn_error *err)
{
    static const char *const outside[] = { "workflow", "project", "comment" };
    const char *dot = strchr(target, '.');
    char head[64];
    json_t *into = row;
    bool is_case = import->kind->kind == NULL, direct = !is_case;

    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
        direct = direct || strcmp(outside[i], target) == 0;
    if (dot != NULL)
        snprintf(head, sizeof(head), "%.*s", (int)(dot - target), target);
    else
        snprintf(head, sizeof(head), "imported");
    if (strcmp(head, "field") == 0)
        snprintf(head, sizeof(head), "fields");
    if (dot != NULL || !direct)
        into = sgn_json_within(row, head);
    return json_object_set(into, dot != NULL ? dot + 1 : target, value) == 0 ? SGN_OK
                                                                             : sgn_nomem(err);
}

/* A mistake is told at its cell, and the next rule is asked: a row's mistakes come all at once. */
static enum sgn_status
build(struct import *import, const json_t *item, json_t *row, bool *good, struct sgn_error *err)
{
    const char *target;
    json_t *rule;

    json_object_foreach((json_t *)import->set, target, rule) {
        struct sgn_error why = { 0 };
        const char *name = NULL;
        json_t *value = NULL;
        enum sgn_status st = SGN_OK;
        if (strcmp(target, "note") != 0)
            st = import_rule(&import->moves->rules, rule, item, &value, &name, &why);
        if (st == SGN_OK && value != NULL)
            st = put_target(import, row, target, value, &why);
        json_decref(value);
        if (st == SGN_INVALID) {
            import_mistake_at(import, import->source->line, name, why.message);
            *good = false;
            sgn_error_clear(&why);
        } else if (st != SGN_OK) {
            sgn_error_move(err, &why);
            return st;
        }
    }
    return SGN_OK;
}

/* What the row is known by: of members project, person and role. NULL: it is nothing of this kind.
 */
static const char *
key_of(const struct import *import, const json_t *row)
{
    if (import->kind->kind == NULL)
        return sgn_json_str(json_object_get(row, "imported"), "key");
    if (strcmp(import->kind->kind, "member") == 0)
        return sgn_json_str(row, "person");
    return sgn_json_str(row, import->kind->kind);
}

/* *again: a row like this was there (the company of another contact), or, of cases, this key. */
static enum sgn_status
look_again(struct import *import, const json_t *row, bool *again, struct sgn_error *err)
{
    bool is_case = import->kind->kind == NULL;
    json_t *what =
        json_pack("[s, O]", import->kind->word,
                  is_case ? json_object_get(json_object_get(row, "imported"), "key") : row);
    char digest[SGN_HASH_HEX], said[80];
    int64_t *line = NULL;
    enum sgn_status st = what != NULL ? import_digest(what, 0, digest, err) : sgn_nomem(err);

    *again = false;
    if (st == SGN_OK && (line = import_seen_at(&import->moves->alike, digest)) == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK && *line != 0) {
        *again = true;
        if (is_case) {
            char place[IMPORT_PLACE_TEXT];
            import_source_place(import->source, *line - 1, NULL, place);
            snprintf(said, sizeof(said), "this key stands at %.40s already", place);
            import_mistake_at(import, import->source->line, NULL, said);
        }
    } else if (st == SGN_OK) {
        *line = import->source->line + 1;
    }
    json_decref(what);
    return st;
}

/* Whom a row names that this run makes, a dry run cannot find: it is checked without. */
static void
forget_made(struct import *import, json_t *row)
{
    const json_t *clients = json_object_get(import->made, "clients");
    const char *client = sgn_json_str(row, "client");

    if (import->dry && import->kind->kind != NULL && strcmp(import->kind->kind, "client") != 0 &&
        client != NULL && json_object_get(clients, client) != NULL)
        (void)json_object_del(row, "client");
}

static enum sgn_status
note_made(struct import *import, const char *key, struct sgn_error *err)
{
    json_t *keys = sgn_json_within(import->made, import->kind->word);

    return json_object_set_new(keys, key, json_true()) == 0 ? SGN_OK : sgn_nomem(err);
}

/* What the command line says goes before the map. */
static enum sgn_status
finish_case(struct import *import, json_t *row, struct sgn_error *err)
{
    static const char *const names[] = { "workflow", "project" };
    json_t *imported = json_object_get(row, "imported");
    int bad = json_object_set(imported, "source", json_object_get(import->moves->map, "source"));

    import->due += json_object_get(imported, "due") != NULL;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (json_object_get(import->params, names[i]) != NULL)
            bad |= json_object_set(row, names[i], json_object_get(import->params, names[i]));
    return bad == 0 ? SGN_OK : sgn_nomem(err);
}

/* What was said and done with the item, with the files that lie beside the export. */
static enum sgn_status
read_past(struct import *import, const json_t *item, const char *key, json_t **entries,
          const char **name, struct sgn_error *err)
{
    const json_t *kind = json_object_get(import->moves->map, import->kind->word);
    json_t *entry;
    size_t i;
    enum sgn_status st = import_past(&import->moves->rules, json_object_get(kind, "history"), item,
                                     entries, name, err);

    if (st == SGN_OK)
        *name = NULL;
    json_array_foreach(*entries, i, entry)
        if (st == SGN_OK)
            st = import_files_find(&import->files, key, entry, err);
    return st;
}

/* The history is kept with the case until it is sent. */
static enum sgn_status
find_past(struct import *import, const json_t *item, const char *key, bool *good,
          struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    json_t *entries = NULL;
    const char *name = NULL;
    enum sgn_status st = read_past(import, item, key, &entries, &name, &why);

    if (st == SGN_OK &&
        json_array_append_new(import->pasts, json_pack("{s:O}", "entries", entries)) != 0)
        st = sgn_nomem(&why);
    json_decref(entries);
    if (st == SGN_INVALID) {
        import_mistake_at(import, import->source->line, name, why.message);
        *good = false;
        sgn_error_clear(&why);
        return SGN_OK;
    }
    if (st != SGN_OK)
        sgn_error_move(err, &why);
    return st;
}

/* Does one of the kind's "when" say something? */
static bool
is_wanted(const struct import *import, const json_t *item)
{
    const json_t *kind = json_object_get(import->moves->map, import->kind->word);
    const json_t *when = json_object_get(kind, "when"), *name;
    json_t *text = NULL;
    size_t i;

    if (json_is_string(when))
        text = import_plain(import_at(item, json_string_value(when)));
    json_array_foreach(when, i, name)
        if (text == NULL)
            text = import_plain(import_at(item, json_string_value(name)));
    json_decref(text);
    return when == NULL || text != NULL;
}

/* One item as a row of the kind under way, if it is one. */
static enum sgn_status
take_item(struct import *import, const json_t *item, struct sgn_error *err)
{
    bool is_case = import->kind->kind == NULL, good = true, again = false;
    json_t *row = json_object();
    enum sgn_status st = row != NULL ? build(import, item, row, &good, err) : sgn_nomem(err);

    if (st == SGN_OK && good && key_of(import, row) == NULL && is_case &&
        json_object_size(row) > 0) {
        import_mistake_at(import, import->source->line, NULL,
                          "nothing says which case this is: the map's key names no column of it");
        good = false;
    }
    good = good && key_of(import, row) != NULL;
    if (st == SGN_OK && good)
        st = look_again(import, row, &again, err);
    if (st == SGN_OK && good && !again && !is_case)
        st = note_made(import, key_of(import, row), err);
    if (st == SGN_OK && good && !again && is_case)
        st = finish_case(import, row, err);
    if (st == SGN_OK && good && !again && is_case)
        st = find_past(import, item, key_of(import, row), &good, err);
    if (st != SGN_OK || !good || again) {
        json_decref(row);
        return st;
    }
    forget_made(import, row);
    import->rows.line = import->source->line;
    return import_put(import, row, err);
}

/* ---- a reading ---- */

static void
progress(const struct import *import)
{
    const struct cli_output *o = &import->cli->output;

    if (o->json || isatty(fileno(o->err)) != 1 || import->moves->items % PROGRESS_EVERY != 0)
        return;
    fprintf(o->err, "\r%s: %s %3d %%\033[K", import->path, import->kind->word,
            import_source_percent(import->source));
    fflush(o->err);
}

static void
progress_end(const struct import *import)
{
    const struct cli_output *o = &import->cli->output;

    if (!o->json && isatty(fileno(o->err)) == 1)
        fprintf(o->err, "\r\033[K");
}

/* What is wrong with the file itself is told; *go_on: the next item can be read. */
static enum sgn_status
file_mistake(struct import *import, enum sgn_status st, bool *go_on, struct sgn_error *err)
{
    *go_on = false;
    if (st != SGN_INVALID || err == NULL)
        return st;
    *go_on = sgn_json_true(err->data, "skipped");
    import_mistake(import, sgn_json_int(err->data, "line", 0),
                   (int)sgn_json_int(err->data, "column", 0), err->message);
    sgn_error_clear(err);
    return SGN_OK;
}

static enum sgn_status
take_items(struct import *import, struct sgn_error *err)
{
    const json_t *item = NULL;
    bool go_on = true;
    enum sgn_status st = SGN_OK;

    while (st == SGN_OK && go_on) {
        st = import_source_next(import->source, &item, err);
        if (st != SGN_OK) {
            st = file_mistake(import, st, &go_on, err);
            continue;
        }
        if (item == NULL)
            break;
        import->n_rows++;
        import->moves->items++;
        progress(import);
        if (is_wanted(import, item))
            st = take_item(import, item, err);
    }
    return st == SGN_OK ? import_flush(import, err) : st;
}

/* One kind of one file. */
static enum sgn_status
take_file(struct import *import, int file, struct sgn_error *err)
{
    bool go_on = true;
    enum sgn_status st;

    import->source = &import->moves->sources[file];
    import->path = cli_word(&import->cli->args, (size_t)file);
    import_rules_root(&import->moves->rules, import->source->root);
    st = import_source_rewind(import->source, err);
    if (st != SGN_OK)
        return file_mistake(import, st, &go_on, err);
    st = take_items(import, err);
    progress_end(import);
    return st;
}

static enum sgn_status
pass(struct import *import, struct sgn_error *err)
{
    struct import_moves *moves = import->moves;
    enum sgn_status st = SGN_OK;

    import->past = import->past_same = import->due = 0;
    import_seen_reset(&moves->alike);
    import_files_reset(&import->files);
    for (int k = 0; st == SGN_OK && k < KINDS; k++) {
        const json_t *kind = json_object_get(moves->map, kind_words[k]);
        int64_t wrong = import->wrong;
        import->kind = exchange_kind(kind_words[k], err);
        import->set = json_object_get(kind, "set");
        import->created = import->changed = import->same = moves->items = 0;
        import_seen_reset(&import->seen);
        for (int i = 0; st == SGN_OK && kind != NULL && i < moves->n; i++)
            st = take_file(import, i, err);
        moves->counts[k] = (struct count){ import->created, import->changed, import->same };
        /* the file's own mistakes would be told again with each kind */
        if (st == SGN_OK && import->wrong > wrong)
            break;
    }
    return st == SGN_INVALID && import->wrong > 0 ? SGN_OK : st;
}

/* ---- what it came to ---- */

static json_t *
counted(const struct import *import, const struct count *count)
{
    (void)import;
    return json_pack("{s:I, s:I, s:I}", "created", (json_int_t)count->created, "changed",
                     (json_int_t)count->changed, "same", (json_int_t)count->same);
}

/* [{what, created, changed, same}], only kinds that there are. */
static json_t *
summary(const struct import *import)
{
    struct count past = { import->past, 0, import->past_same };
    json_t *rows = json_array();

    for (int k = 0; k < KINDS; k++) {
        const struct count *count = &import->moves->counts[k];
        json_t *row;
        if (count->created + count->changed + count->same == 0)
            continue;
        row = counted(import, count);
        (void)json_object_set_new(row, "what", json_string(kind_words[k]));
        (void)json_array_append_new(rows, row);
    }
    if (past.created + past.same > 0) {
        json_t *row = counted(import, &past);
        (void)json_object_set_new(row, "what", json_string("history"));
        (void)json_array_append_new(rows, row);
    }
    return rows;
}

/* What no rule speaks of is not taken: nobody shall find that out a year later. */
static void
show_left(const struct import *import)
{
    const struct cli_output *o = &import->cli->output;

    for (int i = 0; i < import->moves->n; i++) {
        json_t *left = import_source_left(&import->moves->sources[i]);
        struct sgn_buf text;
        sgn_buf_init(&text, 65536);
        cli_value_put(&text, left);
        if (text.len > 0)
            fprintf(o->out, sgn_say(import->cli->language, "%s: not taken: %s\n"),
                    cli_word(&import->cli->args, (size_t)i), text.bytes);
        sgn_buf_deinit(&text);
        json_decref(left);
    }
}

static void
show_due(const struct import *import)
{
    if (import->due > 0)
        fprintf(import->cli->output.out,
                sgn_say(import->cli->language,
                        "due dates: %lld; what is to come is when the case is due here, if its "
                        "state has a deadline\n"),
                (long long)import->due);
}

/* Which attachments are at hand: who forgot the folder shall see it in the dry run. */
static void
show_files(const struct import *import)
{
    const struct import_files *files = &import->files;
    const struct cli_output *o = &import->cli->output;

    if (files->path != NULL && files->found + files->missing > 0)
        fprintf(o->out,
                sgn_say(import->cli->language,
                        "attachments: %lld in %s, %lld only named and not there\n"),
                (long long)files->found, files->path, (long long)files->missing);
    else if (files->missing > 0)
        fprintf(o->out,
                sgn_say(import->cli->language,
                        "attachments: %lld only named; what lies in a folder is put in with "
                        "--files DIR\n"),
                (long long)files->missing);
}

static void
show(const struct import *import)
{
    const struct cli_output *o = &import->cli->output;
    json_t *rows = summary(import), *said;

    if (o->json) {
        said = json_pack("{s:I, s:O, s:{s:I, s:I}, s:I, s:b}", "rows", (json_int_t)import->n_rows,
                         "kinds", rows, "attachments", "found", (json_int_t)import->files.found,
                         "missing", (json_int_t)import->files.missing, "due",
                         (json_int_t)import->due, "dry_run", import->dry);
        cli_print_json(o, said);
        json_decref(said);
    } else {
        if (cli_table_print(o, sgn_say(import->cli->language, "what created changed same"), rows,
                            NULL) != SGN_OK)
            fputs("?\n", o->out);
        show_files(import);
        show_due(import);
        if (import->dry) {
            show_left(import);
            fputs(sgn_say(import->cli->language, "nothing was changed\n"), o->out);
        }
    }
    json_decref(rows);
}

/* ---- the command ---- */

static enum sgn_status
open_files(struct import *import, struct sgn_error *err)
{
    const char *encoding = cli_option(&import->cli->args, "encoding");
    struct import_moves *moves = import->moves;
    int n = (int)json_array_size(import->cli->args.words);
    enum sgn_status st = SGN_OK;

    moves->sources = calloc((size_t)n + 1, sizeof(*moves->sources));
    if (moves->sources == NULL)
        return sgn_nomem(err);
    for (int i = 0; st == SGN_OK && i < n; i++) {
        const char *path = cli_word(&import->cli->args, (size_t)i);
        FILE *file = NULL;
        st = import_open(path, encoding, &file, err);
        if (st != SGN_OK)
            break;
        moves->n++;
        st = import_source_open(&moves->sources[i], moves->map, file, err);
        if (st != SGN_OK)
            sgn_error_prefix(err, "%s: ", path);
    }
    return st;
}

enum sgn_status
import_from(struct import *import, struct sgn_error *err)
{
    const struct cli_args *args = &import->cli->args;
    struct import_moves moves = { 0 };
    enum sgn_status st;

    import->moves = &moves;
    st = import_map_load(cli_option(args, "from"), cli_option(args, "map"), &moves.map, err);
    if (st == SGN_INVALID)
        import->cli->exit_code = CLI_USAGE;
    if (st == SGN_OK)
        st = import_rules_init(&moves.rules, moves.map, err);
    if (st == SGN_OK)
        st = open_files(import, err);
    if (st == SGN_OK)
        st = cli_connect(import->cli, &import->client, err);
    if (st == SGN_OK)
        st = import_files_open(&import->files, cli_option(args, "files"), import->client, err);
    if (st == SGN_OK)
        st = import_run(import, pass, show, err);
    import_files_close(&import->files);
    for (int i = 0; i < moves.n; i++)
        import_source_close(&moves.sources[i]);
    free(moves.sources);
    import_rules_deinit(&moves.rules);
    import_seen_deinit(&moves.alike);
    json_decref(moves.map);
    import->moves = NULL;
    return st;
}
