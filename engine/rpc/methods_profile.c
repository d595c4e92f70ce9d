/* SPDX-License-Identifier: Apache-2.0 */
/* admin.profile: where the time of teams goes. Names of workflows, events and places in scripts,
 * and the key of the case that took longest; nothing that a case holds. */
#include "methods.h"
#include "rpc_internal.h"

#define ROWS 20

/* Rows of rules say in milliseconds when they were slowest. */
static void
tell_times(const json_t *rules, const struct calendar_zone *zone)
{
    json_t *rule;
    size_t i;

    json_array_foreach((json_t *)rules, i, rule) {
        json_t *slowest = json_object_get(rule, "slowest");

        if (json_is_object(slowest))
            (void)json_object_set_new(slowest, "at",
                                      rpc_time(zone, sgn_json_int(slowest, "at", 0)));
    }
}

static enum sgn_status
admin_profile(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const struct calendar_zone *zone = rpc_zone(lane_of(run), job->team);
    const char *team = job->team[0] != '\0' ? job->team : NULL;
    json_t *item;
    size_t i;

    job->result = lane_profile_tell(run, team, (int)sgn_json_int(job->params, "limit", ROWS));
    if (job->result == NULL)
        return sgn_nomem(err);
    (void)json_object_set_new(job->result, "since",
                              rpc_time(zone, sgn_json_int(job->result, "since", 0)));
    tell_times(json_object_get(job->result, "rules"), zone);
    json_array_foreach(json_object_get(job->result, "teams"), i, item)
        tell_times(json_object_get(item, "rules"), zone);
    return SGN_OK;
}

/* clang-format off */
static const struct rpc_param profile_params[] = {
    { "limit", RPC_INTEGER, false, 500, "Rows of each list; 20 when not said." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_admin_profile = {
    .name = "admin.profile",
    .summary = "Says where the time of teams goes: by team, and of one by workflow, event and rule.",
    .access = CORE_OPERATOR, .where = RPC_READ, .site = true, .whose = true, .params = profile_params,
    .result = "since (when this server began to count); teams, each with team, parked (commands that wait for its rules now), commands, refused, "
              "decide_us (deciding them, in microseconds), wait_us (their waiting for its rules), "
              "calls, errors, steps, rules_us, slowest_us (of its functions, where they run; steps are what their budget counts, 0 is fewer than a thousand). "
              "With the parameter team it is that one's alone, and has also workflows (workflow, version; null of hooks), events (kind, event; null when nothing is fired) and "
              "rules (team, rule: file and line; slowest: case, steps, at), each with such figures; without it there are rules, of all teams. What took most comes first.",
    .run = admin_profile,
};
/* clang-format on */
