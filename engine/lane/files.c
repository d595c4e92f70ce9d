/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files: uploads come in pieces on query threads, so that the lane never waits for their disk;
 * what they become is a row, staged and committed like all data, after its bytes are safe.
 *
 *   query thread                    lane
 *   begin, put, put, ...
 *   end: check, sync, rename   ->   end: quota, row, entry of kind data
 *                                   case.attach: the row gets its case
 */
#include "files.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

/* The counter that holds how many bytes a team keeps. No workflow's key is in lower case. */
#define BYTES_COUNTER "files"

static enum sgn_status
no_files(const struct lane *lane, struct sgn_error *err)
{
    if (lane->files_elsewhere)
        return sgn_fail(err, SGN_UNAVAILABLE,
                        "this server's folder of files is not that of the site's other servers: "
                        "ask another one, and tell whoever runs it");
    return sgn_fail(err, SGN_UNAVAILABLE, "this server keeps no files");
}

static enum sgn_status
bad(struct sgn_error *err, const char *pointer, enum sgn_status st)
{
    sgn_error_add(err, "pointer", json_string(pointer));
    return st;
}

static void
whose(const struct lane_job *job, struct lane_upload *out)
{
    const char *id = sgn_json_str(job->params, "upload");

    memset(out, 0, sizeof *out);
    sgn_text_copy(out->id, sizeof out->id, id);
    sgn_text_copy(out->team, sizeof out->team, job->team);
    sgn_text_copy(out->person, sizeof out->person, job->person);
    out->at = job->at;
}

/* ---- on query threads ---- */

/* The upload of a request has one name, so that repeating it does not begin another. */
static void
upload_id(const struct lane_job *job, char out[LANE_UPLOAD_ID])
{
    unsigned char bits[(LANE_UPLOAD_ID - 1) / 2];
    char text[LANE_KEY_TEXT], hash[SGN_HASH_HEX];

    if (job->request[0] == '\0') {
        sgn_random(bits, sizeof bits);
        sgn_hex(bits, sizeof bits, out);
        return;
    }
    lane_key(text, job->team, job->person, job->request);
    sgn_hash(SGN_HASH_REQUEST, NULL, text, strlen(text), hash);
    snprintf(out, LANE_UPLOAD_ID, "%.*s", LANE_UPLOAD_ID - 1, hash);
}

static enum sgn_status
upload_said(const struct lane *lane, const struct lane_job *job, struct lane_upload *out,
            struct sgn_error *err)
{
    const char *type = sgn_json_str(job->params, "type");
    const char *hash = sgn_json_str(job->params, "sha256");

    whose(job, out);
    upload_id(job, out->id);
    lane_file_name(sgn_json_str(job->params, "name"), out->name);
    out->size = sgn_json_int(job->params, "size", 0);
    out->at = sgn_clock_now(lane->options.clock);
    if (out->size > lane->options.limits.file_bytes)
        return bad(err, "/size",
                   sgn_fail(err, SGN_TOO_LARGE, "a file has at most %lld bytes; this one has %lld",
                            (long long)lane->options.limits.file_bytes, (long long)out->size));
    if (!lane_hash_valid(hash))
        return bad(err, "/sha256",
                   sgn_fail(err, SGN_INVALID, "sha256 must be 64 hex digits in lower case"));
    if (type == NULL)
        type = "application/octet-stream";
    if (!lane_media_type_valid(type))
        return bad(err, "/type",
                   sgn_fail(err, SGN_INVALID,
                            "\"%.80s\" is no media type; one is written like application/pdf, in "
                            "lower case and without parameters",
                            type));
    sgn_text_copy(out->sha256, sizeof out->sha256, hash);
    sgn_text_copy(out->type, sizeof out->type, type);
    return SGN_OK;
}

static enum sgn_status
bytes_stored(struct store_reader *reader, const char *team, int64_t *out, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "name", BYTES_COUNTER), *row = NULL;
    enum sgn_status st = store_row_get(reader, STORE_COUNTER, team, key, &row, err);

    json_decref(key);
    *out = sgn_json_int(row, "value", 0);
    json_decref(row);
    return sgn_if_any(st, err);
}

enum sgn_status
lane_file_begin(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                struct sgn_error *err)
{
    struct lane_upload upload;
    int64_t stored = 0, held = 0;
    enum sgn_status st =
        lane->blobs != NULL ? upload_said(lane, job, &upload, err) : no_files(lane, err);

    if (st == SGN_OK)
        st = bytes_stored(reader, job->team, &stored, err);
    if (st == SGN_OK)
        st = lane_blobs_begin(lane->blobs, &upload, lane->options.limits.team_file_bytes - stored,
                              &held, err);
    if (st != SGN_OK)
        return st;
    job->result = json_pack("{s:s, s:I, s:i}", "upload", upload.id, "offset", (json_int_t)held,
                            "piece", LANE_FILE_PIECE);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
lane_file_put(struct store_reader *reader, struct lane *lane, struct lane_job *job,
              struct sgn_error *err)
{
    const json_t *data = json_object_get(job->params, "data");
    struct lane_upload upload;
    int64_t held = 0;
    size_t n = 0;
    char *bytes;
    enum sgn_status st = SGN_OK;

    (void)reader;
    if (lane->blobs == NULL)
        return no_files(lane, err);
    bytes = malloc(LANE_FILE_PIECE);
    if (bytes == NULL)
        return sgn_nomem(err);
    whose(job, &upload);
    if (!sgn_unbase64(json_string_value(data), json_string_length(data), bytes, LANE_FILE_PIECE,
                      &n))
        st = bad(err, "/data",
                 sgn_fail(err, SGN_INVALID,
                          "data must be base64 (RFC 4648 section 4, padded) of at most %d bytes",
                          LANE_FILE_PIECE));
    if (st == SGN_OK)
        st = lane_blobs_put(lane->blobs, &upload, sgn_json_int(job->params, "offset", 0), bytes, n,
                            &held, err);
    free(bytes);
    if (st != SGN_OK)
        return st;
    job->result = json_pack("{s:s, s:I}", "upload", upload.id, "offset", (json_int_t)held);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
lane_file_settle(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                 struct sgn_error *err)
{
    struct lane_upload upload;
    enum sgn_status st;

    (void)reader;
    if (lane->blobs == NULL)
        return no_files(lane, err);
    whose(job, &upload);
    st = lane_blobs_settle(lane->blobs, &upload, err);
    if (st != SGN_NOT_FOUND)
        return st;
    /* It may have ended before: the lane knows, and answers again. */
    sgn_error_clear(err);
    return SGN_OK;
}

enum sgn_status
lane_file_piece(struct lane *lane, const json_t *row, int64_t offset, int64_t length, json_t **out,
                struct sgn_error *err)
{
    int64_t size = sgn_json_int(row, "size", 0);
    size_t n = 0;
    char *bytes, *text;
    enum sgn_status st;

    if (lane->blobs == NULL)
        return no_files(lane, err);
    if (offset > size)
        return bad(err, "/offset",
                   sgn_fail(err, SGN_INVALID, "the file has %lld bytes", (long long)size));
    bytes = malloc(LANE_FILE_PIECE);
    text = malloc(SGN_BASE64_TEXT(LANE_FILE_PIECE));
    st = bytes != NULL && text != NULL ? SGN_OK : sgn_nomem(err);
    if (st == SGN_OK)
        st = lane_blobs_read(lane->blobs, sgn_json_str(row, "sha256"), offset, bytes,
                             length < LANE_FILE_PIECE ? (size_t)length : LANE_FILE_PIECE, &n, err);
    if (st == SGN_NOT_FOUND) /* the row is there: the disk lost its bytes */
        st = sgn_fail(err, SGN_UNAVAILABLE, "the file's bytes are missing on the server");
    if (st == SGN_OK) {
        sgn_base64(bytes, n, text);
        *out = json_pack("{s:s, s:o}", "data", text, "next",
                         offset + (int64_t)n < size ? json_integer(offset + (json_int_t)n)
                                                    : json_null());
        st = *out != NULL ? SGN_OK : sgn_nomem(err);
    }
    free(bytes);
    free(text);
    return st;
}

/* ---- on the lane ---- */

static enum sgn_status
file_row(struct lane_run *run, const char *id, json_t **out, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "file", id);
    enum sgn_status st = lane_row_get(run, STORE_FILE, key, out, err);

    json_decref(key);
    return st;
}

enum sgn_status
lane_files_count(struct lane_run *run, int64_t change, int64_t most, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "name", BYTES_COUNTER), *row = NULL;
    enum sgn_status st = lane_row_get(run, STORE_COUNTER, key, &row, err);
    int64_t bytes = sgn_json_int(row, "value", 0) + change;

    json_decref(row);
    st = sgn_if_any(st, err);
    if (st == SGN_OK && bytes > most)
        st = sgn_fail(err, SGN_TOO_LARGE, "the team's files would be %lld bytes; %lld are allowed",
                      (long long)bytes, (long long)most);
    json_object_set_new(key, "value", json_integer(bytes > 0 ? bytes : 0));
    if (st == SGN_OK)
        st = lane_row_put(run, STORE_COUNTER, key, err);
    json_decref(key);
    return st;
}

enum sgn_status
lane_files_alone(struct lane_run *run, const char *id, const char *sha256, bool *alone,
                 struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", "sha256", sha256), *rows = NULL;
    const json_t *row;
    size_t i;
    enum sgn_status st = lane_row_list(run, STORE_FILE, match, &rows, err);

    json_decref(match);
    *alone = st == SGN_OK;
    json_array_foreach(rows, i, row)
        if (strcmp(sgn_json_str(row, "file"), id) != 0)
            *alone = false;
    json_decref(rows);
    if (st != SGN_TOO_LARGE) /* so many that it surely is not */
        return st;
    sgn_error_clear(err);
    return SGN_OK;
}

enum sgn_status
lane_files_drop(struct lane_run *run, const json_t *row, struct sgn_error *err)
{
    const char *id = sgn_json_str(row, "file");
    bool alone = false;
    enum sgn_status st = lane_files_alone(run, id, sgn_json_str(row, "sha256"), &alone, err);

    if (st == SGN_OK && alone)
        st = lane_files_count(run, -sgn_json_int(row, "size", 0), INT64_MAX, err);
    return st == SGN_OK ? lane_row_remove(run, STORE_FILE, row, err) : st;
}

static json_t *
row_of(const struct lane_upload *upload, int64_t at)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:I, s:n, s:b}", "file", upload->id, "sha256",
                     upload->sha256, "name", upload->name, "type", upload->type, "size",
                     (json_int_t)upload->size, "person", upload->person, "at", (json_int_t)at,
                     "case", "shared", 0);
}

/* What the method answers and its entry holds. */
static json_t *
said_of(const json_t *row)
{
    static const char *const members[] = { "file", "name", "size", "sha256", "type" };
    json_t *said = json_object();

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        json_object_set(said, members[i], json_object_get(row, members[i]));
    return said;
}

static enum sgn_status
file_new(struct lane_run *run, const struct lane_upload *upload, struct sgn_error *err)
{
    json_t *row = row_of(upload, run->now), *said = row != NULL ? said_of(row) : NULL;
    bool alone = true;
    enum sgn_status st = said != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK)
        st = lane_files_alone(run, upload->id, upload->sha256, &alone, err);
    if (st == SGN_OK && alone)
        st = lane_files_count(run, upload->size, run->lane->options.limits.team_file_bytes, err);
    if (st == SGN_OK)
        st = lane_row_put(run, STORE_FILE, row, err);
    if (st == SGN_OK)
        st = lane_data_entry(run, said, err);
    if (st == SGN_OK)
        lane_blobs_named(run->lane->blobs, upload->id);
    json_decref(row);
    json_decref(said);
    return st;
}

enum sgn_status
lane_file_end(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    struct lane_upload asked, upload;
    const char *by;
    json_t *row = NULL;
    enum sgn_status st;

    if (run->lane->blobs == NULL)
        return no_files(run->lane, err);
    whose(job, &asked);
    st = file_row(run, asked.id, &row, err);
    by = sgn_json_str(row, "person");
    if (st == SGN_OK && by != NULL && strcmp(by, job->person) == 0) {
        job->result = said_of(row); /* it has ended already, and so it stays */
    } else if (st == SGN_NOT_FOUND && lane_blobs_settled(run->lane->blobs, &asked, &upload)) {
        sgn_error_clear(err);
        st = file_new(run, &upload, err);
    } else if (st == SGN_OK || st == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        st = bad(err, "/upload",
                 sgn_fail(err, SGN_NOT_FOUND, "there is no upload %.40s; it may have expired",
                          asked.id));
    }
    json_decref(row);
    return st;
}

static enum sgn_status
attach(struct lane_run *run, const json_t *item, const char *case_key, struct sgn_error *err)
{
    json_t *row = NULL;
    enum sgn_status st = file_row(run, sgn_json_str(item, "id"), &row, err);

    if (st == SGN_NOT_FOUND) { /* the decision saw it a moment ago */
        sgn_error_clear(err);
        return sgn_fail(err, SGN_INTERNAL, "the file %s is gone", sgn_json_str(item, "id"));
    }
    if (st != SGN_OK)
        return st;
    json_object_set_new(row, "case", json_string(case_key));
    json_object_set_new(row, "shared", json_boolean(sgn_json_true(item, "shared")));
    st = lane_row_put(run, STORE_FILE, row, err);
    json_decref(row);
    return st;
}

enum sgn_status
lane_files_attach(struct lane_run *run, const struct lane_entry *entry, struct sgn_error *err)
{
    const json_t *parts[2] = { entry->shared, entry->internal };
    const json_t *item;
    size_t i;
    enum sgn_status st = SGN_OK;

    for (int k = 0; k < 2; k++)
        json_array_foreach(json_object_get(parts[k], "files"), i, item)
            if (st == SGN_OK)
                st = attach(run, item, sgn_json_str(entry->row, "key"), err);
    return st;
}
