/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A calendar feed is read: its address is looked up, then the inbox of its person as that person
 * would see it. Nothing is changed by it.
 */
#include "feed.h"
#include "links.h"
#include "methods.h"
#include "visit_internal.h"
#include <stdlib.h>
#include <string.h>

#define ITEMS_MOST RPC_PAGE_MAX /* of one calendar: the most urgent ones */
#define SUFFIX     ".ics"

static void
unknown(struct rpc_visit *visit)
{
    visit_missed(visit, true);
    visit_fail(visit, 404, "there is no such calendar");
}

static void
broken(struct rpc_visit *visit, enum sgn_status st)
{
    visit_broken(visit, st, unknown, "the calendar could not be read; try again");
}

/* ---- the items ---- */

/* Times as numbers: how they are written is the calendar's business. */
static void
number_times(json_t *items)
{
    static const char *const names[] = { "since", "due" };
    json_t *item;
    size_t i;

    json_array_foreach(items, i, item)
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            const char *text = sgn_json_str(item, names[k]);
            int64_t ms = 0;
            if (text != NULL && sgn_time_parse(text, &ms, NULL) == SGN_OK)
                (void)json_object_set_new(item, names[k], json_integer(ms));
        }
}

/* On a query thread, as the person: their inbox, in their language. */
static enum sgn_status
inbox_read(struct store_reader *reader, struct lane *lane, struct lane_job *job,
           struct sgn_error *err)
{
    const char *language = sgn_json_str(job->caller, "language");
    enum sgn_status st;

    if (language != NULL)
        sgn_text_copy(job->language, sizeof job->language, language);
    st = rpc_m_inbox_list.query(reader, lane, job, err);
    if (st == SGN_OK) {
        number_times(json_object_get(job->result, "items"));
        (void)json_object_set_new(job->result, "language", json_string(job->language));
    }
    return st;
}

static void
on_read(struct rpc_visit *visit, struct lane_job *job)
{
    struct rpc_feed feed = { .team = sgn_json_str(visit->found, "team"),
                             .language = sgn_json_str(job->result, "language"),
                             .tasks = visit->tasks };
    struct sgn_buf text;

    if (job->status != SGN_OK) {
        broken(visit, job->status);
        return;
    }
    sgn_buf_init(&text, VISIT_PAGE_MAX);
    if (rpc_feed_put(&text, &feed, json_object_get(job->result, "items")) == SGN_OK)
        visit_answer(visit, &(struct rpc_visit_answer){ .status = 200,
                                                        .type = RPC_VISIT_CALENDAR,
                                                        .body = text.bytes,
                                                        .n = text.len });
    else
        visit_fail(visit, 503, "the server is busy; try again");
    sgn_buf_deinit(&text);
}

static void
on_found(struct rpc_visit *visit, struct lane_job *found)
{
    const json_t *row = found->result;
    const char *kind = sgn_json_str(row, "kind");
    int64_t expires = sgn_json_int(row, "expires", 0);
    struct lane_job *job;

    if (found->status != SGN_OK || kind == NULL || strcmp(kind, "calendar") != 0 ||
        sgn_json_int(row, "revoked", 0) != 0 || (expires != 0 && expires <= found->at)) {
        broken(visit, found->status == SGN_OK ? SGN_NOT_FOUND : found->status);
        return;
    }
    visit_met(visit);
    visit->found = json_incref((json_t *)row);
    job = visit_job(visit, "calendar.read", on_read);
    if (job != NULL) {
        job->query = inbox_read;
        job->access = CORE_PERSON;
        job->channel = "link";
        sgn_text_copy(job->team, sizeof job->team, sgn_json_str(row, "team"));
        sgn_text_copy(job->person, sizeof job->person, sgn_json_str(row, "person"));
        (void)json_object_set_new(job->params, "limit", json_integer(ITEMS_MOST));
    }
    if (!visit_submit(visit, job))
        visit_fail(visit, 503, "the server is busy; try again");
}

bool
visit_feed_begin(struct rpc_visit *visit, const struct rpc_visit_ask *ask)
{
    size_t suffix = strlen(SUFFIX), n = ask->name_n;
    bool valid = n > suffix && memcmp(ask->name + n - suffix, SUFFIX, suffix) == 0 &&
                 lane_link_token_valid(ask->name, n - suffix);
    struct lane_job *job = visit_job(visit, "calendar.read", on_found);

    if (job == NULL)
        return false;
    job->access = CORE_ANYONE;
    job->channel = "link";
    job->query = lane_link_find;
    /* What could be no feed is looked up all the same: it takes as long. */
    (void)json_object_set_new(job->params, "token",
                              json_stringn(valid ? ask->name : "-", valid ? n - suffix : 1));
    return visit_submit(visit, job);
}
