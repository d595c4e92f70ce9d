/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases: one case.open each, in a batch, and what was said and done with them in another tool as
 * comments behind it. A case that is here already, and an entry of its former history that is, is
 * left alone: what broke off goes on where it broke.
 */
#include "import.h"

#include "hash.h"
#include "json.h"
#include "text.h"
#include <string.h>

#define PAST_PIECE 200 /* of a batch: a connection has at most 256 requests under way */
#define PAST_BYTES (512 * 1024)

/* ---- before it is sent ---- */

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
    enum sgn_status st = import_digest(row, 0, digest, err);

    if (st != SGN_OK)
        return st;
    n = import_seen_at(&import->seen, digest);
    if (n == NULL)
        return sgn_nomem(err);
    /* A dry run repeats nothing: the same id would be that of a request with other params. What
     * comes from another tool is known by its key there, longer than requests are remembered. */
    if (!import->dry && json_object_get(row, "imported") != NULL)
        return SGN_OK;
    if (import->dry)
        return json_object_set_new(row, "dry_run", json_true()) == 0 ? SGN_OK : sgn_nomem(err);
    st = import_digest(row, (*n)++, digest, err);
    return st == SGN_OK ? import_name_request(row, digest, err) : st;
}

/* The field that the server wants of another type: from now on its cells are JSON. */
static enum sgn_status
learn(struct import *import, const json_t *row, const char *pointer, struct sgn_error *err)
{
    const char *workflow = sgn_json_str(row, "workflow");
    json_t *types = workflow != NULL ? sgn_json_within(import->types, workflow) : NULL;

    if (workflow == NULL)
        return SGN_OK;
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

/* It was imported before, perhaps without the end of its history. */
static void
here_already(struct import *import, size_t i, const json_t *there)
{
    json_t *past = json_array_get(import->pasts, i);
    int64_t n = sgn_json_int(there, "n", 0);
    bool is_whole = n >= (int64_t)json_array_size(json_object_get(past, "entries"));

    *(is_whole ? &import->same : &import->changed) += 1;
    if (past != NULL) {
        (void)json_object_set(past, "case", json_object_get(there, "case"));
        (void)json_object_set_new(past, "n", json_integer(n));
    }
}

static bool
is_rows_own(enum sgn_status st)
{
    return st != SGN_UNKNOWN_OUTCOME && st != SGN_UNAVAILABLE && st != SGN_OVERLOADED &&
           st != SGN_INTERNAL && st != SGN_NOMEM;
}

/* Does this run make the project? */
static bool
is_made(const struct import *import, const char *project)
{
    return project != NULL &&
           json_object_get(json_object_get(import->made, "projects"), project) != NULL;
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
    if (import->dry && err->status == SGN_NOT_FOUND &&
        is_made(import, sgn_json_str(row, "project"))) {
        sgn_error_clear(err);
        import->created++;
        return SGN_OK;
    }
    if (json_object_get(err->data, "imported") != NULL) {
        here_already(import, i, json_object_get(err->data, "imported"));
        sgn_error_clear(err);
        return SGN_OK;
    }
    import_refused(import, import->lines[i], sgn_json_str(err->data, "pointer"), err->message);
    sgn_error_clear(err);
    return import->dry ? SGN_OK : SGN_INVALID;
}

/* ---- what was said and done ---- */

/* Entries of several cases, each in its order, that go as one batch. */
struct told {
    struct import *import;
    json_t *requests;
    int64_t lines[PAST_PIECE];
    size_t bytes;
};

static enum sgn_status
told_flush(struct told *told, struct sgn_error *err)
{
    json_t *answers = NULL, *answer;
    size_t i;
    enum sgn_status st = SGN_OK;

    if (json_array_size(told->requests) > 0)
        st = client_batch(told->import->client, told->requests, &answers, err);
    json_array_foreach(answers, i, answer) {
        const json_t *error = json_object_get(answer, "error");
        struct sgn_error why = { 0 };
        if (error == NULL) {
            told->import->past++;
            continue;
        }
        /* another command has imported it meanwhile: it is there */
        if (client_error(error, &why) != SGN_CONFLICT) {
            bool first = st == SGN_OK;
            if (first)
                st = why.status;
            if (is_rows_own(why.status))
                import_refused(told->import, told->lines[i], NULL, why.message);
            else if (first)
                sgn_error_move(err, &why);
        }
        sgn_error_clear(&why);
    }
    if (st != SGN_OK && err != NULL && err->status == SGN_OK)
        st = sgn_fail(err, st, "the history could not be imported");
    json_decref(answers);
    (void)json_array_clear(told->requests);
    told->bytes = 0;
    return st;
}

/* What the server has against the file is its item's mistake. */
static enum sgn_status
upload(struct import *import, json_t *params, int64_t line, struct sgn_error *err)
{
    enum sgn_status st = import_files_send(&import->files, import->client, params, err);

    if (st == SGN_OK || !is_rows_own(st))
        return st;
    import_refused(import, line, NULL, err->message);
    sgn_error_clear(err);
    return sgn_fail(err, SGN_INVALID, "an attachment could not be put in");
}

static enum sgn_status
told_put(struct told *told, const json_t *entry, const char *key, int64_t n, int64_t line,
         struct sgn_error *err)
{
    json_t *params = sgn_json_copy(entry);
    bool is_file = sgn_json_str(entry, "path") != NULL;
    json_t *request;

    if (params != NULL && is_file) {
        enum sgn_status st = upload(told->import, params, line, err);
        if (st != SGN_OK) {
            json_decref(params);
            return st;
        }
    }
    if (params == NULL ||
        json_object_set_new(json_object_get(params, "imported"), "n", json_integer(n)) != 0 ||
        json_object_set_new(params, "case", json_string(key)) != 0) {
        json_decref(params);
        return sgn_nomem(err);
    }
    told->bytes += json_string_length(json_object_get(params, "text")) + 256;
    told->lines[json_array_size(told->requests)] = line;
    request = json_pack("{s:s, s:o}", "method", is_file ? "case.attach" : "case.comment", "params",
                        params);
    if (json_array_append_new(told->requests, request) != 0)
        return sgn_nomem(err);
    return json_array_size(told->requests) == PAST_PIECE || told->bytes > PAST_BYTES
               ? told_flush(told, err)
               : SGN_OK;
}

/* Of each case of the piece what is not there yet. In a dry run it is counted. */
static enum sgn_status
send_pasts(struct import *import, struct sgn_error *err)
{
    struct told told = { .import = import, .requests = json_array() };
    const json_t *past, *entry;
    size_t i, k;
    enum sgn_status st = told.requests != NULL ? SGN_OK : sgn_nomem(err);

    json_array_foreach(import->pasts, i, past) {
        const char *key = sgn_json_str(past, "case");
        int64_t n = sgn_json_int(past, "n", 0);
        json_array_foreach(json_object_get(past, "entries"), k, entry) {
            if ((int64_t)k < n)
                import->past_same++;
            else if (import->dry)
                import->past++;
            else if (st == SGN_OK && key != NULL)
                st = told_put(&told, entry, key, (int64_t)k + 1, import->lines[i], err);
        }
    }
    if (st == SGN_OK)
        st = told_flush(&told, err);
    json_decref(told.requests);
    return st;
}

/* ---- sending ---- */

enum sgn_status
import_case_prepare(struct import *import, json_t *row, struct sgn_error *err)
{
    enum sgn_status st = fill_case(import, row, err);

    if (st == SGN_OK)
        st = type_fields(import, row, err);
    return st == SGN_OK ? name_case(import, row, err) : st;
}

static void
opened(struct import *import, size_t i, const json_t *answer)
{
    const char *key = sgn_json_str(json_object_get(answer, "result"), "case");
    json_t *past = json_array_get(import->pasts, i);

    import->created++;
    if (past != NULL && key != NULL)
        (void)json_object_set_new(past, "case", json_string(key));
}

enum sgn_status
import_cases_send(struct import *import, struct sgn_error *err)
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
            opened(import, i, answer);
        st = st == SGN_OK ? one : st;
    }
    json_decref(answers);
    json_decref(requests);
    return st == SGN_OK ? send_pasts(import, err) : st;
}
