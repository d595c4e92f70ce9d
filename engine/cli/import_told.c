/* SPDX-License-Identifier: Apache-2.0 */
/* What an import tells: every mistake at its place, and what both readings came to. */
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

/* ---- both readings ---- */

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
