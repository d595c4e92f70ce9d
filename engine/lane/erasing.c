/* SPDX-License-Identifier: Apache-2.0 */
/* The entry of an erasure, and what goes with it. */
#include "erasing.h"
#include "files.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

const char *const erasing_parts[2] = { "shared", "internal" };

bool
erasing_init(struct erasing *e, struct lane_run *run)
{
    *e = (struct erasing){ .run = run, .taken = json_array(), .earlier = json_array() };
    return e->taken != NULL && e->earlier != NULL;
}

void
erasing_deinit(struct erasing *e)
{
    json_decref(e->taken);
    json_decref(e->earlier);
    json_decref(e->gone);
    json_decref(e->row);
}

enum sgn_status
erasing_take(struct erasing *e, int64_t seq, int part, struct sgn_error *err)
{
    json_t *one = json_pack("{s:I, s:s}", "entry", (json_int_t)seq, "part", erasing_parts[part]);

    return one != NULL && json_array_append_new(e->taken, one) == 0 ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
erasing_earlier(struct erasing *e, int64_t seq, int64_t at, const json_t *internal,
                struct sgn_error *err)
{
    json_t *said = json_object_get(internal, "redacted"), *earlier;
    const json_t *item;
    size_t i;

    if (said == NULL)
        return SGN_OK;
    earlier = json_pack("{s:I, s:I, s:O*, s:O}", "entry", (json_int_t)seq, "at", (json_int_t)at,
                        "comment", json_object_get(internal, "comment"), "redacted", said);
    if (earlier == NULL || json_array_append_new(e->earlier, earlier) != 0)
        return sgn_nomem(err);
    json_array_foreach(json_object_get(internal, "earlier"), i, item)
        if (json_array_append(e->earlier, (json_t *)item) != 0)
            return sgn_nomem(err);
    return SGN_OK;
}

static enum sgn_status
drop_files(const struct erasing *e, struct sgn_error *err)
{
    const json_t *id;
    size_t i;
    enum sgn_status st = SGN_OK;

    json_array_foreach(json_object_get(e->gone, "files"), i, id) {
        json_t *key = json_pack("{s:O}", "file", id), *row = NULL;

        if (st == SGN_OK)
            st = sgn_if_any(lane_row_get(e->run, STORE_FILE, key, &row, err), err);
        if (st == SGN_OK && row != NULL)
            st = lane_files_drop(e->run, row, err);
        json_decref(key);
        json_decref(row);
    }
    if (json_array_size(json_object_get(e->gone, "files")) > 0)
        e->run->lane->files_next = 0; /* the bytes soon, too */
    return st;
}

static enum sgn_status
put_erasures(const struct erasing *e, struct lane_entry *entry, struct sgn_error *err)
{
    const json_t *one;
    size_t i;

    entry->erasures = calloc(json_array_size(e->taken) + 1, sizeof *entry->erasures);
    if (entry->erasures == NULL)
        return sgn_nomem(err);
    json_array_foreach(e->taken, i, one) {
        struct store_erasure *last = &entry->erasures[entry->n_erasures];
        int64_t seq = sgn_json_int(one, "entry", 0);

        if (entry->n_erasures > 0 && last[-1].seq == seq)
            last--;
        else
            entry->n_erasures++;
        last->team = entry->team;
        last->seq = seq;
        if (strcmp(sgn_json_str(one, "part"), erasing_parts[0]) == 0)
            last->shared = true;
        else
            last->internal = true;
    }
    return SGN_OK;
}

static enum sgn_status
fill_entry(const struct erasing *e, struct lane_entry *entry, const json_t *said,
           struct sgn_error *err)
{
    const struct lane_job *job = e->run->job;
    enum sgn_status st = put_erasures(e, entry, err);

    entry->kind = "redact";
    entry->decided_at = e->run->now;
    entry->internal = json_pack("{s:O, s:O, s:O*, s:O*, s:O*}", "comment", e->why, "redacted", said,
                                "earlier", json_array_size(e->earlier) > 0 ? e->earlier : NULL,
                                "row", e->row, "rev", json_object_get(e->row, "rev"));
    if (e->tells != 0)
        entry->shared = json_pack("{s:I}", "redacts", (json_int_t)e->tells);
    sgn_text_copy(entry->request, sizeof entry->request, job->request);
    sgn_text_copy(entry->request_digest, sizeof entry->request_digest, job->request_digest);
    if (entry->internal == NULL || (e->tells != 0 && entry->shared == NULL))
        return sgn_nomem(err);
    return st == SGN_OK && e->row != NULL ? lane_entry_case(e->run, entry, e->row, err) : st;
}

enum sgn_status
erasing_write(struct erasing *e, const char *case_key, struct sgn_error *err)
{
    struct lane_run *run = e->run;
    struct lane_entry *entry = lane_entry_draft(run, lane_actor(run->job), run->job->channel);
    json_t *said = json_pack("{s:O, s:O*, s:O*, s:i}", "parts", e->taken, "fields",
                             json_object_get(e->gone, "fields"), "files",
                             json_object_get(e->gone, "files"), "messages", e->messages);
    json_t *header;
    int64_t seq = 0, at;
    enum sgn_status st = entry != NULL && said != NULL ? SGN_OK : sgn_nomem(err);

    run->entry = entry;
    if (st == SGN_OK)
        st = drop_files(e, err);
    if (st == SGN_OK)
        st = fill_entry(e, entry, said, err);
    if (st == SGN_OK)
        st = lane_head(run->lane, run->team, &seq, &at, err);
    header = json_pack("{s:I, s:s?}", "seq", (json_int_t)seq + 1, "case", case_key);
    if (st == SGN_OK) {
        json_decref(run->job->result);
        run->job->result = core_result(header, entry->shared, entry->internal);
        st = run->job->result != NULL ? SGN_OK : sgn_nomem(err);
    }
    json_decref(header);
    json_decref(said);
    return st;
}
