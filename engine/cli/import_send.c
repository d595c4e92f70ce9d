/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows as requests. Clients, people, projects and members go as one data.import a piece, in which
 * every row is taken or none; cases one by one, see import_cases.c.
 */
#include "import.h"

#include "hash.h"
#include "json.h"
#include "text.h"
#include <string.h>

#define PIECE_BYTES (256 * 1024)

/* ---- clients, people, projects, members ---- */

static void
tell_rows(struct import *import, const struct sgn_error *why)
{
    const json_t *rows = json_object_get(why->data, "rows"), *row;
    int64_t untold = sgn_json_int(why->data, "wrong", 0) - (int64_t)json_array_size(rows);
    size_t i;

    json_array_foreach(rows, i, row) {
        int64_t n = sgn_json_int(row, "row", 0);
        import_refused(import, import->lines[n >= 0 && n < IMPORT_PIECE ? n : 0],
                       sgn_json_str(row, "pointer"), sgn_json_str(row, "message"));
    }
    import->wrong += untold > 0 ? untold : 0;
}

static enum sgn_status
send_rows(struct import *import, struct sgn_error *err)
{
    json_t *params =
        json_pack("{s:s, s:O, s:b, s:O*}", "kind", import->kind->kind, "rows", import->piece,
                  "dry_run", import->dry, "team", json_object_get(import->params, "team"));
    char digest[SGN_HASH_HEX];
    json_t *answer = NULL;
    enum sgn_status st =
        params != NULL ? import_digest(params, import->lines[0], digest, err) : sgn_nomem(err);

    /* Rows of other tools are known by their keys: asked again, they are the same, and counted so.
     */
    if (st == SGN_OK && !import->dry && import->moves == NULL)
        st = import_name_request(params, digest, err);
    if (st == SGN_OK)
        st = remote_call_patiently(import->client, "data.import", params, &answer, err);
    import->created += sgn_json_int(answer, "created", 0);
    import->changed += sgn_json_int(answer, "changed", 0);
    import->same += sgn_json_int(answer, "same", 0);
    if (st == SGN_INVALID && err != NULL && json_object_get(err->data, "rows") != NULL) {
        tell_rows(import, err);
        sgn_error_clear(err);
        st = import->dry ? SGN_OK : SGN_INVALID;
    }
    json_decref(answer);
    json_decref(params);
    return st;
}

/* A key that stands in two lines: the second would undo the first. */
static enum sgn_status
look_twice(struct import *import, const json_t *row, bool *is_twice, struct sgn_error *err)
{
    static const char *const keys[] = { "client", "person", "project", "role" };
    const char *kind = import->kind->kind;
    bool is_member = strcmp(kind, "member") == 0;
    char digest[SGN_HASH_HEX], said[64];
    json_t *key = json_array();
    int64_t *line = NULL;
    enum sgn_status st = key != NULL ? SGN_OK : sgn_nomem(err);

    *is_twice = false;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if ((is_member && i > 0) || strcmp(keys[i], kind) == 0)
            (void)json_array_append(key, json_object_get(row, keys[i]));
    if (st == SGN_OK)
        st = import_digest(key, 0, digest, err);
    if (st == SGN_OK && (line = import_seen_at(&import->seen, digest)) == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK && *line != 0) {
        snprintf(said, sizeof(said), "stands in line %lld already", (long long)*line);
        import_refused(import, import->rows.line, NULL, said);
        *is_twice = true;
    } else if (st == SGN_OK) {
        *line = import->rows.line;
    }
    json_decref(key);
    return st;
}

/* ---- pieces ---- */

enum sgn_status
import_flush(struct import *import, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    if (json_array_size(import->piece) == 0)
        return SGN_OK;
    st = import->kind->kind != NULL ? send_rows(import, err) : import_cases_send(import, err);
    (void)json_array_clear(import->piece);
    (void)json_array_clear(import->pasts);
    import->bytes = 0;
    return st;
}

static enum sgn_status
prepare(struct import *import, json_t *row, bool *is_twice, struct sgn_error *err)
{
    if (import->kind->kind != NULL)
        return look_twice(import, row, is_twice, err);
    return import_case_prepare(import, row, err);
}

static bool
is_full(const struct import *import)
{
    size_t most = import->kind->kind != NULL ? IMPORT_PIECE : IMPORT_CASES;

    return json_array_size(import->piece) >= most || import->bytes >= PIECE_BYTES;
}

enum sgn_status
import_put(struct import *import, json_t *row_take, struct sgn_error *err)
{
    char *text = sgn_json_text(row_take);
    bool is_twice = false;
    enum sgn_status st = text != NULL ? prepare(import, row_take, &is_twice, err) : sgn_nomem(err);

    /* Numbers that canonical JSON does not have: no field takes them either. */
    if (st == SGN_INVALID) {
        import_refused(import, import->rows.line, NULL, err->message);
        sgn_error_clear(err);
        st = SGN_OK;
        is_twice = true;
    }
    if (st == SGN_OK && !is_twice) {
        import->lines[json_array_size(import->piece)] = import->rows.line;
        import->bytes += strlen(text);
        if (json_array_append(import->piece, row_take) != 0)
            st = sgn_nomem(err);
    }
    free(text);
    json_decref(row_take);
    return st == SGN_OK && is_full(import) ? import_flush(import, err) : st;
}
