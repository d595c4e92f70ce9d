/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What nobody needs any more: uploads that were never ended, files that were never attached,
 * bytes that no row names.
 *
 * The first step of a sweep is the lane's: rows of files that are a day old and in no case go,
 * with an entry that says so. The following ones run on query threads, a few folders each: they
 * look at what is committed alone. That is enough: an upload keeps its bytes until the lane has
 * seen its row committed.
 */
#include "backup.h"
#include "files.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

#define EVERY_MS     SGN_HOUR_MS /* of business time */
#define FOLDERS      32          /* looked at in one step */
#define ROWS_AT_ONCE 200         /* removed by one entry */
#define ROWS_PAGE    500

/* ---- uploads whose rows are there ---- */

void
lane_files_settled(struct lane *lane)
{
    struct lane_upload upload;

    while (lane->blobs != NULL && lane_blobs_next_named(lane->blobs, &upload)) {
        json_t *key = json_pack("{s:s}", "file", upload.id), *row = NULL;

        /* Without the row the commit has failed, and file.end may come again. */
        if (store_row_get(lane->reader, STORE_FILE, upload.team, key, &row, NULL) == SGN_OK)
            lane_blobs_drop(lane->blobs, upload.id);
        json_decref(key);
        json_decref(row);
    }
}

/* ---- files that were never attached ---- */

/* Removes one that is still in no case, as staged rows say. */
static enum sgn_status
row_remove(struct lane_run *run, const json_t *stored, json_t *gone, struct sgn_error *err)
{
    const char *id = sgn_json_str(stored, "file");
    json_t *key = json_pack("{s:s}", "file", id), *row = NULL;
    enum sgn_status st = lane_row_get(run, STORE_FILE, key, &row, err);

    if (st == SGN_OK && sgn_json_str(row, "case") == NULL) {
        st = lane_files_drop(run, row, err);
        if (st == SGN_OK)
            json_array_append_new(gone, json_string(id));
    }
    json_decref(row);
    json_decref(key);
    return st;
}

static enum sgn_status
rows_remove(struct lane_run *run, int64_t before, json_t *gone, struct sgn_error *err)
{
    json_t *match = json_pack("{s:n}", "case"), *after = NULL;
    enum sgn_status st = SGN_OK;
    size_t n = ROWS_PAGE;

    while (st == SGN_OK && n == ROWS_PAGE && json_array_size(gone) < ROWS_AT_ONCE) {
        json_t *rows = NULL;
        const json_t *row;
        size_t i;

        st = store_row_list(run->lane->reader, STORE_FILE, run->team, match, after, ROWS_PAGE,
                            &rows, err);
        n = json_array_size(rows);
        json_array_foreach(rows, i, row)
            if (st == SGN_OK && sgn_json_int(row, "at", 0) < before &&
                json_array_size(gone) < ROWS_AT_ONCE)
                st = row_remove(run, row, gone, err);
        json_decref(after);
        after =
            n > 0 ? json_pack("{s:O}", "file", json_object_get(json_array_get(rows, n - 1), "file"))
                  : NULL;
        json_decref(rows);
    }
    json_decref(after);
    json_decref(match);
    return st;
}

static enum sgn_status
run_remove(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    int64_t before = run->now - run->lane->options.limits.upload_ms;
    json_t *gone = json_array(), *said;
    enum sgn_status st = rows_remove(run, before, gone, err);

    (void)job;
    if (st == SGN_OK && json_array_size(gone) > 0) {
        if (json_array_size(gone) >= ROWS_AT_ONCE)
            run->lane->files_again = true;
        said = json_pack("{s:O}", "files", gone);
        st = lane_data_entry(run, said, err);
        if (st == SGN_OK)
            json_object_set_new(run->entry->internal, "method", json_string("file.expire"));
        json_decref(said);
    }
    json_decref(gone);
    return st;
}

static void
remove_of_team(struct lane *lane, const char *team)
{
    struct lane_job *job = lane_job_new();

    if (job == NULL)
        return;
    job->run = run_remove;
    job->channel = "engine";
    job->params = json_object();
    sgn_text_copy(job->team, sizeof job->team, team);
    (void)lane_run_own(lane, job);
}

static void
rows_step(struct lane *lane)
{
    json_t *teams = NULL, *team;
    size_t i;

    if (store_teams(lane->reader, &teams, NULL) != SGN_OK)
        return;
    json_array_foreach(teams, i, team)
        if (json_string_length(team) > 0)
            remove_of_team(lane, json_string_value(team));
    json_decref(teams);
}

/* ---- bytes that no row names ---- */

struct looking {
    struct store_reader *reader;
    json_t *teams;
};

static enum sgn_status
is_named(void *ctx, const char *sha256, bool *needed, struct sgn_error *err)
{
    const struct looking *looking = ctx;
    json_t *match = json_pack("{s:s}", "sha256", sha256), *team;
    size_t i;
    enum sgn_status st = SGN_OK;

    *needed = false;
    json_array_foreach(looking->teams, i, team) {
        json_t *rows = NULL;

        if (st == SGN_OK && !*needed)
            st = store_row_list(looking->reader, STORE_FILE, json_string_value(team), match, NULL,
                                1, &rows, err);
        *needed = *needed || json_array_size(rows) > 0;
        json_decref(rows);
    }
    json_decref(match);
    return st;
}

static enum sgn_status
query_sweep(struct store_reader *reader, struct lane *lane, struct lane_job *job,
            struct sgn_error *err)
{
    struct looking looking = { .reader = reader };
    int first = (int)sgn_json_int(job->params, "folder", 0), removed = 0;
    enum sgn_status st = store_teams(reader, &looking.teams, err);

    if (first == 0)
        (void)lane_blobs_expire(lane->blobs, sgn_clock_now(lane->options.clock) -
                                                 lane->options.limits.upload_ms);
    for (int i = first; st == SGN_OK && i < first + FOLDERS && i < LANE_BLOB_FOLDERS; i++)
        st = lane_blobs_sweep(lane->blobs, i, is_named, &looking, &removed, err);
    json_decref(looking.teams);
    return st;
}

static void
sweep_done(struct lane_job *job)
{
    struct lane *lane = job->ctx;

    if (job->status != SGN_OK)
        sgn_log(SGN_LOG_WARN, "files_sweep", "why", job->error.message, NULL);
    lane_job_free(job);
    lane->files_sweeping = false;
    lane_flows_wake(lane->inbox);
}

static void
bytes_step(struct lane *lane)
{
    struct lane_job *job = lane_job_new();

    if (job == NULL)
        return;
    job->query = query_sweep;
    job->done = sweep_done;
    job->ctx = lane;
    job->params = json_pack("{s:i}", "folder", lane->files_folder);
    lane->files_folder += FOLDERS;
    lane->files_sweeping = true;
    if (lane_query(lane, job, NULL) != SGN_OK) { /* it stops, or has too much to do */
        lane->files_sweeping = false;
        lane_job_free(job);
    }
}

/* ---- when ---- */

bool
lane_files_has_more(const struct lane *lane)
{
    return lane->blobs != NULL && !lane->files_sweeping && !lane_backups_busy(lane->backups) &&
           (lane->files_again || lane->files_folder < LANE_BLOB_FOLDERS);
}

void
lane_files_turn(struct lane *lane)
{
    int64_t now = sgn_clock_now(lane->options.clock); /* also after an advance in this turn */

    if (lane->blobs == NULL || lane->files_sweeping || lane_backups_busy(lane->backups))
        return;
    if (lane->files_again || now >= lane->files_next) {
        lane->files_again = false;
        lane->files_next = now + EVERY_MS;
        rows_step(lane);
        lane->files_folder = 0; /* from the next turn on: after the commit of this one */
    } else if (lane->files_folder < LANE_BLOB_FOLDERS) {
        bytes_step(lane);
    }
}
