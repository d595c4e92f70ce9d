/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that the page of a sign-off link names: who is to agree to its bytes must be able to read
 * them. As the link's person, so that no other file is seen by it than by that person; of the
 * link's case only, and as long as the link is good.
 */
#include "methods.h"
#include "visit_internal.h"
#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((int64_t)16 << 20) /* bytes of one that is given so: it is held in memory */

static void
unknown(struct rpc_visit *visit)
{
    visit_missed(visit, false);
    visit_fail(visit, 404, "there is no such file");
}

/* On a query thread: all of its pieces, as file.get gives each. */
static enum sgn_status
file_read(struct store_reader *reader, struct lane *lane, struct lane_job *job,
          struct sgn_error *err)
{
    json_t *pieces = json_array(), *last = NULL;
    int64_t offset = 0;
    enum sgn_status st = SGN_OK;

    while (st == SGN_OK && offset >= 0) {
        (void)json_object_set_new(job->params, "offset", json_integer(offset));
        st = rpc_m_file_get.query(reader, lane, job, err);
        if (st == SGN_OK && sgn_json_int(job->result, "size", 0) > FILE_MAX)
            st = sgn_fail(err, SGN_TOO_LARGE, "this file is too large to be given here");
        if (st != SGN_OK)
            break;
        (void)json_array_append(pieces, json_object_get(job->result, "data"));
        offset = sgn_json_int(job->result, "next", -1);
        json_decref(last);
        last = job->result;
        job->result = NULL;
    }
    if (st == SGN_OK)
        (void)json_object_set(last, "pieces", pieces);
    json_decref(pieces);
    if (st == SGN_OK)
        job->result = last;
    else
        json_decref(last);
    return st;
}

/* Bytes out of the pieces; false: they are not whole. */
static bool
put_bytes(struct sgn_buf *out, const json_t *file)
{
    unsigned char *bytes = malloc(LANE_FILE_PIECE);
    const json_t *piece;
    size_t i, n = 0;
    bool whole = bytes != NULL;

    json_array_foreach(json_object_get(file, "pieces"), i, piece)
        whole = whole &&
                sgn_unbase64(json_string_value(piece), json_string_length(piece), bytes,
                             LANE_FILE_PIECE, &n) &&
                sgn_buf_append(out, bytes, n) == SGN_OK;
    free(bytes);
    return whole && (int64_t)out->len == sgn_json_int(file, "size", -1);
}

static void
on_read(struct rpc_visit *visit, struct lane_job *job)
{
    const char *of = sgn_json_str(job->result, "case");
    struct sgn_buf bytes;

    if (job->status == SGN_TOO_LARGE) {
        visit_fail(visit, 413,
                   "this file is too large to be given here; ask whoever sent the link");
        return;
    }
    if (job->status != SGN_OK || of == NULL ||
        strcmp(of, sgn_json_str(visit->found, "case")) != 0) {
        unknown(visit);
        return;
    }
    sgn_buf_init(&bytes, (size_t)FILE_MAX);
    if (put_bytes(&bytes, job->result))
        visit_answer(visit,
                     &(struct rpc_visit_answer){ .status = 200,
                                                 .type = RPC_VISIT_FILE,
                                                 .body = bytes.bytes,
                                                 .n = bytes.len,
                                                 .name = sgn_json_str(job->result, "name") });
    else
        visit_fail(visit, 503, "the server is busy; try again");
    sgn_buf_deinit(&bytes);
}

void
visit_file(struct rpc_visit *visit)
{
    const json_t *row = visit->found;
    struct lane_job *job = visit_job(visit, "link.file", on_read);

    if (job != NULL &&
        (sgn_json_int(row, "revoked", 0) != 0 || sgn_json_int(row, "expires", 0) <= job->at)) {
        lane_job_free(job);
        unknown(visit);
        return;
    }
    if (job != NULL) {
        job->query = file_read;
        job->access = CORE_PERSON;
        job->channel = "link";
        sgn_text_copy(job->team, sizeof job->team, sgn_json_str(row, "team"));
        sgn_text_copy(job->person, sizeof job->person, sgn_json_str(row, "person"));
        (void)json_object_set_new(job->params, "file", json_string(visit->file));
    }
    if (!visit_submit(visit, job))
        visit_fail(visit, 503, "the server is busy; try again");
}
