/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slices of a report, see report_work.h.
 *
 *   open cases, page by page ─▶ cases that ended in the period ─▶ done
 *        each: its entries, the newest first as the store walks, handed over oldest first
 *
 * A case that ends while it is counted stands in both lists, and is counted once.
 */
#include "report_work.h"
#include "report_names.h"
#include "rpc_internal.h"
#include <stdlib.h>
#include <string.h>

#define SLICE_MS     50
#define CASE_ENTRIES 10000              /* of one case; it is left out when it has more */
#define CASE_BYTES   ((size_t)32 << 20) /* likewise */
#define PAGE         500

void
rpc_report_work_free(void *report_work)
{
    struct rpc_report_work *work = report_work;

    if (work == NULL)
        return;
    report_free(work->report);
    calendar_free(work->calendar);
    json_decref(work->workflows);
    json_decref(work->names);
    json_decref(work->skipped);
    json_decref(work->seen);
    json_decref(work->items);
    free(work->cursor);
    free(work);
}

/* ---- a case's history ---- */

/* Entries as they were read, one behind the other: the newest first. */
struct kept {
    size_t at, header_n, shared_n, internal_n;
};
struct history {
    struct sgn_buf bytes;
    struct kept *entries;
    size_t n, cap;
};

static enum sgn_status
history_keep(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct history *h = ctx;
    struct kept *more;
    enum sgn_status status;

    if (h->n == h->cap) {
        size_t cap = h->cap == 0 ? 64 : 2 * h->cap;
        more = realloc(h->entries, cap * sizeof *more);
        if (more == NULL)
            return sgn_nomem(err);
        h->entries = more;
        h->cap = cap;
    }
    h->entries[h->n++] =
        (struct kept){ h->bytes.len, entry->header_n, entry->shared_n, entry->internal_n };
    status = sgn_buf_append(&h->bytes, entry->header, entry->header_n);
    if (status == SGN_OK)
        status =
            sgn_buf_append(&h->bytes, entry->shared != NULL ? entry->shared : "", entry->shared_n);
    if (status == SGN_OK)
        status = sgn_buf_append(&h->bytes, entry->internal != NULL ? entry->internal : "",
                                entry->internal_n);
    return status == SGN_OK ? SGN_OK
                            : sgn_fail(err, status, "the case's history is too long for a report");
}

/* A part that is not there, or was redacted, says nothing. */
static enum sgn_status
part_read(const char *bytes, size_t n, json_t **out, struct sgn_error *err)
{
    *out = NULL;
    return n > 0 ? sgn_json_parse(bytes, n, out, err) : SGN_OK;
}

static enum sgn_status
entry_give(struct rpc_report_work *work, const struct history *h, const struct kept *kept,
           struct sgn_error *err)
{
    const char *at = h->bytes.bytes + kept->at;
    json_t *header = NULL, *shared = NULL, *internal = NULL;
    enum sgn_status status = part_read(at, kept->header_n, &header, err);

    if (status == SGN_OK)
        status = part_read(at + kept->header_n, kept->shared_n, &shared, err);
    if (status == SGN_OK)
        status = part_read(at + kept->header_n + kept->shared_n, kept->internal_n, &internal, err);
    if (status == SGN_OK)
        status = report_entry(
            work->report,
            &(struct report_entry){ .header = header, .shared = shared, .internal = internal },
            err);
    json_decref(header);
    json_decref(shared);
    json_decref(internal);
    return status;
}

static enum sgn_status
history_walk(struct rpc_report_work *work, struct store_reader *reader, const struct lane_job *job,
             const json_t *item, struct sgn_error *err)
{
    const char *key = sgn_json_str(item, "key");
    struct history h = { 0 };
    enum sgn_status status;

    sgn_buf_init(&h.bytes, CASE_BYTES);
    status = store_case_entries(reader, job->team, key, 0, CASE_ENTRIES + 1, history_keep, &h, err);
    work->entries += (int64_t)h.n;
    if (status == SGN_TOO_LARGE || (status == SGN_OK && h.n > CASE_ENTRIES)) {
        sgn_error_clear(err);
        status =
            json_array_append_new(work->skipped, json_string(key)) == 0 ? SGN_OK : sgn_nomem(err);
        goto out;
    }
    if (status == SGN_OK)
        status = report_case(work->report, item, err);
    for (size_t i = h.n; status == SGN_OK && i > 0 && !report_case_is_over(work->report); i--)
        status = entry_give(work, &h, &h.entries[i - 1], err);
    if (status == SGN_OK)
        status = report_case_end(work->report, err);
    work->cases++;
out:
    sgn_buf_deinit(&h.bytes);
    free(h.entries);
    return status;
}

/* ---- which cases ---- */

static enum sgn_status
page_read(struct rpc_report_work *work, struct store_reader *reader, const struct lane_job *job,
          struct sgn_error *err)
{
    json_t *workflow = json_object_get(job->params, "workflow");
    json_t *workflows = work->workflows != NULL ? json_incref(work->workflows)
                        : workflow != NULL      ? json_pack("[O]", workflow)
                                                : NULL;
    struct store_case_filter filter = { .team = job->team,
                                        .workflows = workflows,
                                        .project = sgn_json_str(job->params, "project"),
                                        .client = sgn_json_str(job->params, "client"),
                                        .group = sgn_json_str(job->params, "group"),
                                        .open = !work->ended,
                                        .ended = work->ended,
                                        .opened_to = work->options.to,
                                        .closed_from = work->ended ? work->options.from : 0,
                                        .cursor = work->cursor,
                                        .limit = PAGE };
    struct store_page page = { 0 };
    enum sgn_status status = store_case_query(reader, &filter, &page, err);

    json_decref(workflows);
    json_decref(work->items);
    free(work->cursor);
    work->items = page.items;
    work->cursor = page.cursor;
    work->at = 0;
    return status;
}

static enum sgn_status
limits_check(const struct rpc_report_work *work, struct lane *lane, struct sgn_error *err)
{
    const struct lane_limits *limits = lane_limits(lane);

    if (work->entries > limits->report_entries)
        return sgn_fail(err, SGN_TOO_LARGE,
                        "the report would read more than %lld entries: choose a shorter period, a "
                        "project or a workflow",
                        (long long)limits->report_entries);
    if (work->spent > limits->report_ms)
        return sgn_fail(err, SGN_TOO_LARGE,
                        "the report would take longer than %lld ms: choose a shorter period, a "
                        "project or a workflow",
                        (long long)limits->report_ms);
    return SGN_OK;
}

/* The next case; false: there is none on this page. */
static enum sgn_status
next_case(struct rpc_report_work *work, struct store_reader *reader, const struct lane_job *job,
          struct sgn_error *err)
{
    const json_t *item = json_array_get(work->items, work->at++);
    const char *key = sgn_json_str(item, "key");

    if (work->ended && json_object_get(work->seen, key) != NULL)
        return SGN_OK;
    if (!work->ended && json_object_set_new(work->seen, key, json_true()) != 0)
        return sgn_nomem(err);
    return history_walk(work, reader, job, item, err);
}

/* Those that are open, then those that ended in the period, are read; no workflow at all means no
 * case. */
static bool
all_read(const struct rpc_report_work *work)
{
    bool page_done = work->at >= json_array_size(work->items);
    bool none = work->workflows != NULL && json_array_size(work->workflows) == 0;

    return page_done && (none || (work->items != NULL && work->cursor == NULL && work->ended));
}

enum sgn_status
rpc_report_slice(struct rpc_report_work *work, struct store_reader *reader, struct lane *lane,
                 const struct lane_job *job, struct sgn_error *err)
{
    int64_t began = sgn_monotonic_ms(), now = began;
    enum sgn_status status = SGN_OK;

    while (status == SGN_OK && now - began < SLICE_MS) {
        if (all_read(work))
            return SGN_OK;
        if (work->at < json_array_size(work->items)) {
            status = next_case(work, reader, job, err);
        } else if (work->items == NULL || work->cursor != NULL) {
            status = page_read(work, reader, job, err);
        } else {
            work->ended = true;
            json_decref(work->items);
            work->items = NULL;
        }
        now = sgn_monotonic_ms();
        if (status == SGN_OK)
            status = limits_check(work, lane, err);
    }
    work->spent += now - began;
    return status == SGN_OK ? SGN_NEEDS : status;
}

enum sgn_status
rpc_report_begin(struct rpc_report_work *work, struct store_reader *reader, struct lane *lane,
                 const struct lane_job *job, struct sgn_error *err)
{
    enum sgn_status status = rpc_report_names(reader, lane, job, &work->names, err);

    if (status == SGN_OK)
        status = sgn_if_any(lane_calendar_read(lane, reader, job->team, NULL, &work->calendar, err),
                            err);
    work->skipped = json_array();
    work->seen = json_object();
    if (status == SGN_OK && (work->skipped == NULL || work->seen == NULL))
        status = sgn_nomem(err);
    work->options.names = work->names;
    work->options.calendar = work->calendar;
    return status == SGN_OK ? report_new(&work->options, &work->report, err) : status;
}
