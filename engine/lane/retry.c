/* SPDX-License-Identifier: Apache-2.0 */
/*
 * After a reload: what left cases stuck is tried again, each by a command of "system", a bounded
 * number per turn. The walk is not kept over a restart; the next reload makes another.
 */
#include "json.h"
#include "lane_internal.h"
#include <stdlib.h>
#include <string.h>

#define CASES_PER_TURN 100

void
lane_retry_stuck(struct lane *lane, const char *team)
{
    json_array_append_new(lane->retries, json_pack("{s:s}", "team", team));
}

static enum sgn_status
run_retry(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return lane_command(run, job, CORE_RETRY, err);
}

static void
retry_case(struct lane *lane, const char *team, const char *key)
{
    struct lane_job *job = lane_job_new();

    if (job == NULL)
        return;
    job->run = run_retry;
    job->channel = "engine";
    job->params = json_object();
    snprintf(job->team, sizeof job->team, "%s", team);
    snprintf(job->case_key, sizeof job->case_key, "%s", key);
    (void)lane_run_own(lane, job);
}

void
lane_retry_turn(struct lane *lane)
{
    json_t *walk = json_array_get(lane->retries, 0), *item;
    struct store_page page = { 0 };
    size_t i;
    struct store_case_filter filter = { .team = sgn_json_str(walk, "team"),
                                        .cursor = sgn_json_str(walk, "cursor"),
                                        .stuck = true,
                                        .open = true,
                                        .sort = "key",
                                        .limit = CASES_PER_TURN };

    if (walk == NULL || store_case_query(lane->reader, &filter, &page, NULL) != SGN_OK)
        return;
    json_array_foreach(page.items, i, item)
        retry_case(lane, filter.team, sgn_json_str(item, "key"));
    if (page.cursor != NULL)
        json_object_set_new(walk, "cursor", json_string(page.cursor));
    else
        json_array_remove(lane->retries, 0);
    store_page_deinit(&page);
}

enum sgn_status
lane_stuck_count(struct lane *lane, struct sgn_error *err)
{
    json_t *teams = NULL, *team;
    int64_t n = 0;
    size_t i;
    enum sgn_status st = store_teams(lane->reader, &teams, err);

    json_array_foreach(teams, i, team) {
        struct store_case_filter filter = { .team = json_string_value(team),
                                            .stuck = true,
                                            .open = true,
                                            .sort = "key",
                                            .limit = 500 };
        struct store_page page = { 0 };
        char *cursor = NULL;

        do {
            filter.cursor = cursor;
            if (st == SGN_OK)
                st = store_case_query(lane->reader, &filter, &page, err);
            n += (int64_t)json_array_size(page.items);
            free(cursor);
            cursor = st == SGN_OK && page.cursor != NULL ? strdup(page.cursor) : NULL;
            store_page_deinit(&page);
            page = (struct store_page){ 0 };
        } while (cursor != NULL);
    }
    json_decref(teams);
    lane->n_stuck = n;
    return st;
}
