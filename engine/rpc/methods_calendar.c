/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calendar.*: the working calendars that the team declares.
 *
 * They show what the team's rules say; nothing of it is changed by a method.
 */
#include "methods.h"
#include "rpc_internal.h"

/* The team's calendars; a deep copy, because the declaration is shared between threads. */
static json_t *
calendars_of(struct lane *lane, const char *name)
{
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, name) : NULL;
    json_t *copy =
        team != NULL && team->team != NULL ? json_deep_copy(team->team->calendars) : json_object();

    lane_site_free(lane, site);
    return copy;
}

static json_t *
calendar_json(const char *name, json_t *declared)
{
    json_t *view = json_pack("{s:s}", "calendar", name);

    (void)json_object_update_missing(view, declared);
    (void)json_object_del(view, "line"); /* where it stands in team.lua: for mistakes only */
    return view;
}

static enum sgn_status
calendar_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
              struct sgn_error *err)
{
    json_t *calendars = calendars_of(lane, job->team), *items = json_array();
    const char *name;
    json_t *declared;

    (void)reader;
    json_object_foreach(calendars, name, declared)
        (void)json_array_append_new(items, calendar_json(name, declared));
    json_decref(calendars);
    return rpc_page_cut(job, items, err);
}

static enum sgn_status
calendar_get(struct store_reader *reader, struct lane *lane, struct lane_job *job,
             struct sgn_error *err)
{
    const char *name = sgn_json_str(job->params, "calendar");
    json_t *calendars = calendars_of(lane, job->team);
    json_t *declared = json_object_get(calendars, name);
    enum sgn_status status = SGN_OK;

    (void)reader;
    if (declared != NULL) {
        job->result = calendar_json(name, declared);
        if (job->result == NULL)
            status = sgn_nomem(err);
    } else {
        status = sgn_fail(err, SGN_NOT_FOUND, "there is no calendar '%.64s'", name);
        sgn_error_add(err, "pointer", json_string("/calendar"));
    }
    json_decref(calendars);
    return status;
}

/* clang-format off */
static const struct rpc_param list_params[] = { RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END };

const struct rpc_method rpc_m_calendar_list = {
    .name = "calendar.list",
    .summary = "Lists the team's working calendars.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_QUERY, .params = list_params,
    .result = "items: calendar, timezone, hours, holidays; the cursor of the next page or null.",
    .query = calendar_list,
};

static const struct rpc_param get_params[] = {
    { "calendar", RPC_STRING, true, 64, "Name of the calendar." }, RPC_PARAM_END
};

const struct rpc_method rpc_m_calendar_get = {
    .name = "calendar.get",
    .summary = "Shows a working calendar.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_QUERY, .params = get_params,
    .result = "calendar, timezone, hours, holidays.", .query = calendar_get,
};
/* clang-format on */
