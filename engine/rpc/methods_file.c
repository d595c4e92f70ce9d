/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.*: bytes on their way to a case, and from it. case.attach is in methods_case.c.
 *
 * A file is seen by who uploaded it, and by who sees the case it belongs to: all of its files,
 * or for the client the shared ones.
 */
#include "methods.h"
#include "rpc_internal.h"
#include <string.h>

static enum sgn_status
unknown(struct sgn_error *err, const char *id)
{
    sgn_fail(err, SGN_NOT_FOUND, "there is no file '%.40s'", id);
    sgn_error_add(err, "pointer", json_string("/file"));
    return SGN_NOT_FOUND;
}

static enum sgn_status
file_sight(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
           const json_t *row, bool *seen, struct sgn_error *err)
{
    const char *of = sgn_json_str(row, "case");
    enum core_sight sight = CORE_SEES_NOTHING;
    enum sgn_status status = SGN_OK;

    if (of != NULL)
        status = rpc_case_sight(reader, lane, job, of, &sight, NULL, err);
    status = sgn_if_any(status, err);
    *seen = core_sees_file(job->caller, row, sight);
    return status;
}

static enum sgn_status
file_get(struct store_reader *reader, struct lane *lane, struct lane_job *job,
         struct sgn_error *err)
{
    static const char *const members[] = { "file", "name", "type", "size", "sha256", "case" };
    const char *id = sgn_json_str(job->params, "file");
    json_t *key = json_pack("{s:s}", "file", id), *row = NULL, *piece = NULL;
    bool seen = false;
    enum sgn_status status = store_row_get(reader, STORE_FILE, job->team, key, &row, err);

    json_decref(key);
    if (status == SGN_OK)
        status = file_sight(reader, lane, job, row, &seen, err);
    if (status == SGN_NOT_FOUND || (status == SGN_OK && !seen))
        status = unknown(err, id);
    if (status == SGN_OK)
        status = lane_file_piece(lane, row, sgn_json_int(job->params, "offset", 0),
                                 sgn_json_int(job->params, "length", LANE_FILE_PIECE), &piece, err);
    if (status == SGN_OK) {
        for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
            (void)json_object_set(piece, members[i], json_object_get(row, members[i]));
        (void)json_object_set_new(piece, "shared", json_boolean(rpc_row_true(row, "shared")));
        (void)json_object_set_new(piece, "offset",
                                  json_integer(sgn_json_int(job->params, "offset", 0)));
        job->result = piece;
    }
    json_decref(row);
    return status;
}

/* clang-format off */
#define PARAM_UPLOAD \
    { "upload", RPC_STRING, true, 32, "The upload, as file.begin named it." }
/* Base64 of a piece. */
#define DATA_MAX (LANE_FILE_PIECE / 3 * 4 + 4)

static const struct rpc_param begin_params[] = {
    { "name", RPC_STRING, true, 1024, "What the file is called; folders in it are dropped." },
    { "size", RPC_INTEGER, true, 0, "Its bytes." },
    { "sha256", RPC_STRING, true, 0, "Their SHA-256, 64 hex digits in lower case." },
    { "type", RPC_STRING, false, 128, "Its media type; application/octet-stream when not said." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_file_begin = {
    .name = "file.begin",
    .summary = "Begins an upload, which must be ended within a day; one that has not grown for ten minutes gives "
               "way where others need its place.",
    .access = CORE_PERSON, .where = RPC_DISK, .params = begin_params,
    .result = "upload, offset (how much is there), piece (bytes that file.put takes at most).",
    .query = lane_file_begin,
};

static const struct rpc_param put_params[] = {
    PARAM_UPLOAD,
    { "offset", RPC_INTEGER, true, 0, "Where the piece begins: where the last one ended, or before." },
    { "data", RPC_STRING, true, DATA_MAX, "The piece as base64, at most 512 KiB of bytes." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_file_put = {
    .name = "file.put",
    .summary = "Gives a piece of an upload; the same again does no harm.",
    .access = CORE_PERSON, .where = RPC_DISK, .params = put_params,
    .result = "upload, offset (how much is there).",
    .query = lane_file_put,
};

static const struct rpc_param end_params[] = { PARAM_UPLOAD, RPC_PARAM_END };

const struct rpc_method rpc_m_file_end = {
    .name = "file.end",
    .summary = "Ends an upload: its bytes are checked and safe, and may be attached within a day.",
    .access = CORE_PERSON, .where = RPC_DISK, .params = end_params,
    .result = "file (its id), name, size, sha256, type, entry.",
    .query = lane_file_settle, .run = lane_file_end,
};

static const struct rpc_param get_params[] = {
    { "file", RPC_STRING, true, 128, "Its id, as a case lists it." },
    { "offset", RPC_INTEGER, false, 0, "The first byte; 0 when not said." },
    { "length", RPC_INTEGER, false, LANE_FILE_PIECE, "At most so many; 512 KiB when not said." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_file_get = {
    .name = "file.get",
    .summary = "Gives a piece of a file that you may see.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_QUERY, .params = get_params,
    .result = "data (base64), offset, next (where the next piece begins, or null), file, name, "
              "type, size, sha256, case, shared.",
    .query = file_get,
};
/* clang-format on */
