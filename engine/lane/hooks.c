/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hooks of the rules in force: which there are, and what their functions say.
 */
#include "hooks.h"

#include "hash.h"
#include "held.h"
#include "json.h"
#include "lane_internal.h"
#include <string.h>

static const struct model_team *
team_in(const struct lane_site *site, const char *name)
{
    const struct lane_team *team = site != NULL ? lane_site_team(site, name) : NULL;

    return team != NULL ? team->team : NULL;
}

json_t *
lane_hooks(struct lane *lane, const char *team)
{
    const struct lane_site *site = lane_site_ref(lane);
    const struct model_team *model = team_in(site, team);
    json_t *hooks = model != NULL ? json_deep_copy(model->hooks) : json_array();

    lane_site_free(lane, site);
    return hooks;
}

json_t *
lane_hook(struct lane *lane, const char *team, const char *name)
{
    const struct lane_site *site = lane_site_ref(lane);
    const struct model_team *model = team_in(site, team);
    const json_t *found = model != NULL ? model_team_hook(model, name) : NULL;
    json_t *hook = found != NULL ? json_deep_copy(found) : NULL;

    lane_site_free(lane, site);
    return hook;
}

/* What was asked before, among the answers of the job; NULL: it was not. */
static const struct core_answer *
answer_of(const struct lane_job *job, int function, const struct sgn_buf *input)
{
    const struct core_answers *answers = job->parked != NULL ? &job->parked->answers : NULL;

    for (int i = 0; answers != NULL && i < answers->n; i++) {
        const struct core_answer *one = &answers->items[i];

        if (one->function == function && one->input.len == input->len &&
            memcmp(one->input.bytes, input->bytes, input->len) == 0)
            return one;
    }
    return NULL;
}

static enum sgn_status
give(const struct core_answer *answer, json_t **out, struct sgn_error *err)
{
    if (answer->status != SGN_OK)
        return sgn_fail(err, answer->status, "%s",
                        answer->message != NULL ? answer->message : "the hook's function failed");
    *out = json_incref(answer->value);
    return *out != NULL ? SGN_OK : sgn_nomem(err);
}

/* The function is asked in the source that it was read from, whatever the folder holds by now. */
static enum sgn_status
ask(struct lane_run *run, const char *source, struct core_call *call, struct sgn_error *err)
{
    char digest[SGN_HASH_HEX];
    json_t *opened = json_pack("{s:b, s:s, s:s}", "hooks", 1, "file", "team.lua", "source", source);
    enum sgn_status st;

    sgn_hash(SGN_HASH_RULES, NULL, source, strlen(source), digest);
    st = lane_ask_hook(run, digest, opened, call, err);
    return st == SGN_OK ? SGN_NEEDS : st;
}

enum sgn_status
lane_hook_ask(struct lane_run *run, const char *name, const json_t *sent, json_t **out,
              struct sgn_error *err)
{
    const struct model_team *team = team_in(run->lane->site, run->team);
    const json_t *hook = team != NULL ? model_team_hook(team, name) : NULL;
    struct core_call call = { .purpose = RULES_HOOK };
    const struct core_answer *answer;
    enum sgn_status st;

    *out = NULL;
    if (hook == NULL)
        return sgn_fail(err, SGN_NOT_FOUND, "the team's rules have no hook '%.40s'", name);
    call.function = (int)sgn_json_int(hook, "does", 0);
    sgn_buf_init(&call.input, RULES_INPUT_MAX);
    st = rules_put_json(&call.input, sent, err);
    if (st == SGN_OK) {
        answer = answer_of(run->job, call.function, &call.input);
        if (answer != NULL && answer->given)
            st = give(answer, out, err);
        else
            st = answer != NULL ? SGN_NEEDS : ask(run, team->source, &call, err);
    }
    core_call_deinit(&call);
    return st;
}
