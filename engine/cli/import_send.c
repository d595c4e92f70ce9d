/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows as requests. Clients, people, projects and members go as one data.import a piece, in which
 * every row is taken or none; cases one case.open each, in a batch.
 */
#include "import.h"

#include "hash.h"
#include "json.h"
#include "text.h"
#include <string.h>

#define PIECE_BYTES (256 * 1024)
#define CASES_PIECE 100 /* of a batch: a connection has at most 256 requests under way */
#define TEXT_MAX    (4 * 1024 * 1024)
#define ID_DIGITS   40

/* SHA-256 over the canonical text of a value and a number. */
static enum sgn_status
digest_of(const json_t *value, int64_t number, char digest[SGN_HASH_HEX], struct sgn_error *err)
{
    struct sgn_buf text;
    enum sgn_status st;

    sgn_buf_init(&text, TEXT_MAX);
    st = sgn_json_canonical(&text, value, err);
    if (st == SGN_OK && sgn_buf_printf(&text, " %lld", (long long)number) != SGN_OK)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        sgn_hash(SGN_HASH_REQUEST, NULL, text.bytes, text.len, digest);
    sgn_buf_deinit(&text);
    return st;
}

/* The same content gives the same request_id, so that a repeated command repeats requests. */
static enum sgn_status
name_request(json_t *params, const char *digest, struct sgn_error *err)
{
    char id[16 + ID_DIGITS];

    snprintf(id, sizeof(id), "import-%.*s", ID_DIGITS, digest);
    return json_object_set_new(params, "request_id", json_string(id)) == 0 ? SGN_OK
                                                                           : sgn_nomem(err);
}

/* ---- clients, people, projects, members ---- */

static void
tell_rows(struct import *import, const struct sgn_error *why)
{
    const json_t *rows = json_object_get(why->data, "rows"), *row;
    int64_t untold = sgn_json_int(why->data, "wrong", 0) - (int64_t)json_array_size(rows);
    size_t i;

    json_array_foreach(rows, i, row) {
        int64_t n = sgn_json_int(row, "row", 0);
        import_mistake(import, import->lines[n >= 0 && n < IMPORT_PIECE ? n : 0],
                       exchange_column_of(&import->rows, sgn_json_str(row, "pointer")),
                       sgn_json_str(row, "message"));
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
        params != NULL ? digest_of(params, import->lines[0], digest, err) : sgn_nomem(err);

    if (st == SGN_OK && !import->dry)
        st = name_request(params, digest, err);
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
        st = digest_of(key, 0, digest, err);
    if (st == SGN_OK && (line = import_seen_at(&import->seen, digest)) == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK && *line != 0) {
        snprintf(said, sizeof(said), "stands in line %lld already", (long long)*line);
        import_mistake(import, import->rows.line, 0, said);
        *is_twice = true;
    } else if (st == SGN_OK) {
        *line = import->rows.line;
    }
    json_decref(key);
    return st;
}

/* ---- cases ---- */

/* Cells are text. What a field of another type has is read as JSON: of which ones the server has
 * said so before, see learn(). */
static enum sgn_status
type_fields(const struct import *import, json_t *row, struct sgn_error *err)
{
    const char *workflow = sgn_json_str(row, "workflow");
    json_t *fields = json_object_get(row, "fields"), *known;
    const json_t *types = workflow != NULL ? json_object_get(import->types, workflow) : NULL;
    const char *name;

    json_object_foreach((json_t *)types, name, known) {
        const char *text = sgn_json_str(fields, name);
        json_t *value = NULL;
        if (text != NULL && sgn_json_parse(text, strlen(text), &value, NULL) == SGN_OK &&
            json_object_set_new(fields, name, value) != 0)
            return sgn_nomem(err);
    }
    return SGN_OK;
}

/* What --workflow and --project say of rows that do not. */
static enum sgn_status
fill_case(const struct import *import, json_t *row, struct sgn_error *err)
{
    static const char *const names[] = { "workflow", "project" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        json_t *value = json_object_get(import->params, names[i]);
        if (value != NULL && json_object_get(row, names[i]) == NULL &&
            json_object_set(row, names[i], value) != 0)
            return sgn_nomem(err);
    }
    return SGN_OK;
}

/* Two rows that are alike are two cases: the second's request_id counts them. */
static enum sgn_status
name_case(struct import *import, json_t *row, struct sgn_error *err)
{
    char digest[SGN_HASH_HEX];
    int64_t *n;
    enum sgn_status st = digest_of(row, 0, digest, err);

    if (st != SGN_OK)
        return st;
    n = import_seen_at(&import->seen, digest);
    if (n == NULL)
        return sgn_nomem(err);
    /* A dry run repeats nothing: the same id would be that of a request with other params. */
    if (import->dry)
        return json_object_set_new(row, "dry_run", json_true()) == 0 ? SGN_OK : sgn_nomem(err);
    st = digest_of(row, (*n)++, digest, err);
    return st == SGN_OK ? name_request(row, digest, err) : st;
}

/* The field that the server wants of another type: from now on its cells are JSON. */
static enum sgn_status
learn(struct import *import, const json_t *row, const char *pointer, struct sgn_error *err)
{
    const char *workflow = sgn_json_str(row, "workflow");
    json_t *types = workflow != NULL ? json_object_get(import->types, workflow) : NULL;

    if (workflow == NULL)
        return SGN_OK;
    if (types == NULL) {
        types = json_object();
        if (json_object_set_new(import->types, workflow, types) != 0)
            return sgn_nomem(err);
    }
    return json_object_set_new(types, strrchr(pointer, '/') + 1, json_true()) == 0 ? SGN_OK
                                                                                   : sgn_nomem(err);
}

/* In the dry run: a refused row once more, with the cell that was wrong read as JSON. *better: it
 * was that cell's type. */
static enum sgn_status
try_typed(struct import *import, json_t *row, const struct sgn_error *why, bool *better,
          struct sgn_error *err)
{
    const char *pointer = sgn_json_str(why->data, "pointer");
    json_t *answer = NULL;
    enum sgn_status st;

    *better = false;
    if (!import->dry || why->status != SGN_INVALID || pointer == NULL ||
        strncmp(pointer, "/fields/", 8) != 0 || !remote_retype(row, why))
        return why->status;
    st = client_call(import->client, "case.open", row, &answer, err);
    json_decref(answer);
    *better = st == SGN_OK || sgn_json_str(err->data, "pointer") == NULL ||
              strcmp(sgn_json_str(err->data, "pointer"), pointer) != 0;
    if (*better && learn(import, row, pointer, NULL) != SGN_OK)
        return sgn_nomem(err);
    return st;
}

static bool
is_rows_own(enum sgn_status st)
{
    return st != SGN_UNKNOWN_OUTCOME && st != SGN_UNAVAILABLE && st != SGN_OVERLOADED &&
           st != SGN_INTERNAL && st != SGN_NOMEM;
}

/* A row that was refused: tells why, unless its cells only had to be read otherwise. */
static enum sgn_status
case_failed(struct import *import, size_t i, const json_t *error, struct sgn_error *err)
{
    json_t *row = json_array_get(import->piece, i);
    enum sgn_status st = client_error(error, err);
    bool better = true;

    while (better && st != SGN_OK && is_rows_own(st)) {
        struct sgn_error next = { 0 };
        st = try_typed(import, row, err, &better, &next);
        if (better)
            sgn_error_move(err, &next);
        sgn_error_clear(&next);
    }
    if (st == SGN_OK) {
        import->created++;
        return SGN_OK;
    }
    if (!is_rows_own(err->status))
        return err->status;
    import_mistake(import, import->lines[i],
                   exchange_column_of(&import->rows, sgn_json_str(err->data, "pointer")),
                   err->message);
    sgn_error_clear(err);
    return import->dry ? SGN_OK : SGN_INVALID;
}

static enum sgn_status
send_cases(struct import *import, struct sgn_error *err)
{
    json_t *requests = json_array(), *answers = NULL, *row, *answer;
    size_t i;
    enum sgn_status st = requests != NULL ? SGN_OK : sgn_nomem(err);

    json_array_foreach(import->piece, i, row)
        (void)json_array_append_new(requests,
                                    json_pack("{s:s, s:O}", "method", "case.open", "params", row));
    if (st == SGN_OK)
        st = client_batch(import->client, requests, &answers, err);
    json_array_foreach(answers, i, answer) {
        const json_t *error = json_object_get(answer, "error");
        enum sgn_status one = SGN_OK;
        if (error != NULL && (st == SGN_OK || st == SGN_INVALID))
            one = case_failed(import, i, error, err);
        else if (error == NULL)
            import->created++;
        st = st == SGN_OK ? one : st;
    }
    json_decref(answers);
    json_decref(requests);
    return st;
}

/* ---- pieces ---- */

enum sgn_status
import_flush(struct import *import, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    if (json_array_size(import->piece) == 0)
        return SGN_OK;
    st = import->kind->kind != NULL ? send_rows(import, err) : send_cases(import, err);
    (void)json_array_clear(import->piece);
    import->bytes = 0;
    return st;
}

static enum sgn_status
prepare(struct import *import, json_t *row, bool *is_twice, struct sgn_error *err)
{
    enum sgn_status st;

    if (import->kind->kind != NULL)
        return look_twice(import, row, is_twice, err);
    st = fill_case(import, row, err);
    if (st == SGN_OK)
        st = type_fields(import, row, err);
    return st == SGN_OK ? name_case(import, row, err) : st;
}

static bool
is_full(const struct import *import)
{
    size_t most = import->kind->kind != NULL ? IMPORT_PIECE : CASES_PIECE;

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
        import_mistake(import, import->rows.line, 0, err->message);
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
