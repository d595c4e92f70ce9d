/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schedule.list: what the team has on a schedule, when next, and what became of it last.
 */
#include "methods.h"
#include "model.h"
#include "rpc_internal.h"
#include "schedule.h"
#include <string.h>

#define UPCOMING 3 /* next times that are shown */

/* The next times in the schedule's own zone, from the one that is due. */
static json_t *
upcoming(const json_t *spec, const struct calendar_zone *zone, int64_t next)
{
    struct calendar_schedule *schedule = NULL;
    const char *every = sgn_json_str(spec, "every");
    json_t *times = json_array();

    if (every == NULL || calendar_schedule_parse(every, &schedule, NULL) != SGN_OK)
        return times;
    for (int i = 0; i < UPCOMING && next != 0 && next != CALENDAR_NEVER; i++) {
        (void)json_array_append_new(times, rpc_time(zone, next));
        next = calendar_schedule_next(schedule, zone, next);
    }
    calendar_schedule_free(schedule);
    return times;
}

/* What it starts, with the workflow's title as now in force. */
static json_t *
starts_view(const struct lane_team *team, const json_t *spec, const char *language)
{
    json_t *starts = json_array();
    const json_t *start;
    size_t i;

    json_array_foreach(json_object_get(spec, "starts"), i, start) {
        json_t *view = json_copy((json_t *)start);
        const char *name = sgn_json_str(start, "start");
        const struct model *model = lane_team_workflow(team, name);

        (void)json_object_set(view, "workflow", json_object_get(start, "start"));
        (void)json_object_del(view, "start");
        (void)json_object_set_new(
            view, "title",
            json_string(model != NULL ? model_title(model->title, language, model->name) : name));
        (void)json_array_append_new(starts, view);
    }
    return starts;
}

static json_t *
schedule_view(const struct lane_job *job, const struct lane_team *team, const json_t *row)
{
    const json_t *spec = json_object_get(row, "spec"), *result = json_object_get(spec, "result");
    const char *missed = sgn_json_str(spec, "missed"), *name = sgn_json_str(spec, "zone");
    const struct calendar_zone *zone = calendar_zone_get(name != NULL ? name : "UTC");
    json_t *last = NULL;

    if (result != NULL) {
        last = json_copy((json_t *)result);
        (void)json_object_set_new(last, "at", rpc_time(zone, sgn_json_int(result, "at", 0)));
        (void)json_object_set_new(last, "due", rpc_time(zone, sgn_json_int(row, "last", 0)));
    }
    return json_pack(
        "{s:O, s:O, s:s?, s:s, s:o, s:o, s:o, s:o}", "schedule", json_object_get(row, "name"),
        "every", json_object_get(spec, "every"), "timezone", name, "missed",
        missed != NULL ? missed : "latest", "next", rpc_time(zone, sgn_json_int(row, "next", 0)),
        "upcoming", upcoming(spec, zone, sgn_json_int(row, "next", 0)), "starts",
        starts_view(team, spec, job->language), "last", last != NULL ? last : json_null());
}

static enum sgn_status
schedule_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
              struct sgn_error *err)
{
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, job->team) : NULL;
    json_t *rows = NULL, *items = json_array();
    const json_t *row;
    size_t i;
    enum sgn_status status =
        store_row_list(reader, STORE_SCHEDULE, job->team, NULL, NULL, 10000, &rows, err);

    json_array_foreach(rows, i, row)
        if (json_array_append_new(items, schedule_view(job, team, row)) != 0)
            status = sgn_nomem(err);
    json_decref(rows);
    lane_site_free(lane, site);
    return rpc_page_end(status, job, items, err);
}

/* clang-format off */
static const struct rpc_param list_params[] = { RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END };

const struct rpc_method rpc_m_schedule_list = {
    .name = "schedule.list",
    .summary = "Lists what the team has on a schedule.",
    .access = CORE_MEMBER | CORE_OPERATOR, .where = RPC_QUERY, .params = list_params,
    .result = "items: schedule, every, timezone, missed, next, upcoming: the next times, starts: "
              "{workflow, title, for_each, project, fields}, last: {entry, due, at, asked, opened, "
              "failed, cases, failures} or null; the cursor of the next page or null.",
    .query = schedule_list,
};
/* clang-format on */
