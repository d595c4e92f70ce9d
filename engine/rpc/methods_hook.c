/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hook.*: what other tools may send in. Which hooks there are stands in the team's rules; what they
 * sign with is set here, leaves here once, in the answer that made it, and no entry holds it.
 */
#include "data.h"
#include "endpoints.h"
#include "hook.h"
#include "hooks.h"
#include "methods.h"
#include "rpc_internal.h"
#include <string.h>

/* ---- what is shown ---- */

/* row: NULL: nothing can be sent yet. */
static json_t *
view_of(const char *team, const json_t *hook, const json_t *row, const struct calendar_zone *zone,
        int64_t now)
{
    int64_t until = sgn_json_int(row, "old_until", 0);

    return json_pack(
        "{s:O, s:O, s:O, s:o, s:b, s:o, s:O?, s:o}", "hook", json_object_get(hook, "name"),
        "scheme", json_object_get(hook, "scheme"), "by", json_object_get(hook, "by"), "path",
        json_sprintf("/hooks/%s/%s", team, sgn_json_str(hook, "name")), "ready", row != NULL,
        "since", row != NULL ? rpc_time(zone, sgn_json_int(row, "since", 0)) : json_null(),
        "person", json_object_get(row, "person"), "rotated_until",
        until > now ? rpc_time(zone, until) : json_null());
}

static enum sgn_status
hook_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
          struct sgn_error *err)
{
    json_t *hooks = lane_hooks(lane, job->team), *items = json_array();
    const json_t *hook;
    size_t i;
    enum sgn_status status = hooks != NULL && items != NULL ? SGN_OK : sgn_nomem(err);

    json_array_foreach(hooks, i, hook) {
        json_t *key = json_pack("{s:O}", "hook", json_object_get(hook, "name")), *row = NULL;

        if (status == SGN_OK)
            status = store_row_get(reader, STORE_HOOK, job->team, key, &row, err);
        status = sgn_if_any(status, err);
        if (status == SGN_OK)
            (void)json_array_append_new(items,
                                        view_of(job->team, hook, row, rpc_zone(lane, job->team),
                                                sgn_clock_now(lane_clock(lane))));
        json_decref(key);
        json_decref(row);
    }
    json_decref(hooks);
    return rpc_page_end(status, job, items, err);
}

/* ---- the one that is meant ---- */

static enum sgn_status
hook_missing(struct lane_run *run, const struct lane_job *job, const char *name,
             struct sgn_error *err)
{
    json_t *hooks = lane_hooks(lane_of(run), job->team), *names = json_array();
    const json_t *hook;
    const char *near;
    size_t i;

    json_array_foreach(hooks, i, hook)
        (void)json_array_append(names, json_object_get(hook, "name"));
    near = sgn_nearest_json(name, names);
    sgn_fail(err, SGN_NOT_FOUND, "the team's rules have no hook '%.40s'%s%s%s", name,
             near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
             near != NULL ? "'?" : "");
    sgn_error_add(err, "pointer", json_string("/hook"));
    json_decref(hooks);
    json_decref(names);
    return SGN_NOT_FOUND;
}

static enum sgn_status
hook_find(struct lane_run *run, const struct lane_job *job, json_t **out, struct sgn_error *err)
{
    const char *name = sgn_json_str(job->params, "hook");

    *out = lane_hook(lane_of(run), job->team, name);
    return *out != NULL ? SGN_OK : hook_missing(run, job, name, err);
}

/* ---- the secret ---- */

/* The row as it is, or a new one; *old: the secret that it has. */
static enum sgn_status
row_find(struct lane_run *run, const struct lane_job *job, json_t **out, struct sgn_error *err)
{
    json_t *key = json_pack("{s:O}", "hook", json_object_get(job->params, "hook"));
    enum sgn_status status =
        key != NULL ? lane_row_get(run, STORE_HOOK, key, out, err) : sgn_nomem(err);

    if (status == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        *out = json_incref(key);
        status = SGN_OK;
    }
    json_decref(key);
    return status;
}

/* The one before stays good for a while, so that the sender may change its own when it suits. */
static enum sgn_status
row_fill(struct lane_run *run, const struct lane_job *job, json_t *row, const char *secret,
         struct sgn_error *err)
{
    int64_t hours = sgn_json_int(job->params, "hours", 24);
    json_t *before = json_incref(json_object_get(row, "secret"));
    bool keeps = json_is_string(before) && hours > 0;
    json_t *until = keeps ? json_integer(lane_now(run) + hours * SGN_HOUR_MS) : json_null();
    json_t *person = job->person[0] != '\0' ? json_string(job->person) : json_null();
    int failed = json_object_set_new(row, "secret", json_string(secret)) |
                 json_object_set_new(row, "old_secret", keeps ? json_incref(before) : json_null()) |
                 json_object_set_new(row, "old_until", until) |
                 json_object_set_new(row, "since", json_integer(lane_now(run))) |
                 json_object_set_new(row, "person", person);

    json_decref(before);
    return failed != 0 ? sgn_nomem(err) : SGN_OK;
}

static enum sgn_status
hook_secret(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *given = sgn_json_str(job->params, "secret"), *wrong = NULL;
    const struct calendar_zone *zone = rpc_zone(lane_of(run), job->team);
    char made[LANE_SECRET_TEXT] = "";
    json_t *hook = NULL, *row = NULL, *said = NULL;
    enum sgn_status status = hook_find(run, job, &hook, err);

    if (status == SGN_OK && given != NULL)
        wrong = rpc_hook_secret_wrong(sgn_json_str(hook, "scheme"), given);
    if (wrong != NULL)
        status = rpc_data_invalid(err, "/secret", "%s", wrong);
    if (status == SGN_OK && given == NULL)
        lane_secret_new("hmac", made);
    if (status == SGN_OK)
        status = row_find(run, job, &row, err);
    if (status == SGN_OK)
        status = row_fill(run, job, row, given != NULL ? given : made, err);
    if (status == SGN_OK)
        status = lane_row_put(run, STORE_HOOK, row, err);
    if (status == SGN_OK) {
        said = view_of(job->team, hook, row, zone, lane_now(run));
        job->result = json_deep_copy(said);
        if (made[0] != '\0')
            (void)json_object_set_new(job->result, "secret", json_string(made));
        status = job->result != NULL ? rpc_data_give(run, job, said, err) : sgn_nomem(err);
    }
    json_decref(hook);
    json_decref(row);
    return status;
}

static enum sgn_status
hook_revoke(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    enum sgn_status status = rpc_data_remove(run, job, STORE_HOOK, err);

    if (status != SGN_NOT_FOUND)
        return status;
    sgn_fail(err, SGN_NOT_FOUND, "hook '%.40s' has no secret", sgn_json_str(job->params, "hook"));
    sgn_error_add(err, "pointer", json_string("/hook"));
    return SGN_NOT_FOUND;
}

/* ---- trying one ---- */

/* As it would come in: small letters, and only what the function would see of it. */
static json_t *
headers_of(const json_t *given)
{
    json_t *lower = json_object(), *shown, *value;
    const char *name;

    json_object_foreach((json_t *)given, name, value) {
        char text[128];
        size_t n = 0;

        for (; name[n] != '\0' && n + 1 < sizeof text; n++)
            text[n] = (char)(name[n] >= 'A' && name[n] <= 'Z' ? name[n] + ('a' - 'A') : name[n]);
        text[n] = '\0';
        if (json_is_string(value))
            (void)json_object_set(lower, text, value);
    }
    shown = rpc_hook_shown(lower);
    json_decref(lower);
    return shown;
}

/* Asked again from its beginning when the function has answered: the same is sent then. */
static enum sgn_status
hook_try(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *hook = NULL, *does = NULL, *sent = NULL;
    json_t *body = json_deep_copy(json_object_get(job->params, "body"));
    enum sgn_status status = hook_find(run, job, &hook, err);

    if (status == SGN_OK && body == NULL)
        status = sgn_nomem(err);
    if (status == SGN_OK)
        status = rpc_hook_plain(&body, err);
    if (status == SGN_OK)
        sent = json_pack("{s:O, s:o}", "body", body, "headers",
                         headers_of(json_object_get(job->params, "headers")));
    if (status == SGN_OK)
        status = lane_hook_ask(run, sgn_json_str(hook, "name"), sent, &does, err);
    if (status == SGN_OK)
        status = rpc_hook_plan(does, &job->result, err);
    if (status == SGN_OK)
        (void)json_object_set(job->result, "by", json_object_get(hook, "by"));
    json_decref(hook);
    json_decref(body);
    json_decref(sent);
    json_decref(does);
    return status;
}

/* clang-format off */
#define HOOK_RESULT \
    "hook, scheme, by, path (of the address it is sent to), ready (it has a secret), since, person (who set it), " \
    "rotated_until (so long the secret before is good, too)"
#define PARAM_HOOK \
    { "hook", RPC_STRING, true, SGN_KEY_MAX, "Name of the hook, as the team's rules have it." }

static const struct rpc_param list_params[] = { RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END };

const struct rpc_method rpc_m_hook_list = {
    .name = "hook.list",
    .summary = "Lists the hooks of the team's rules: what other tools may send in, and on whose behalf.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_QUERY, .params = list_params,
    .result = "items: " HOOK_RESULT "; the cursor of the next page or null.", .query = hook_list,
};

static const struct rpc_param one_params[] = { PARAM_HOOK, RPC_PARAM_END };

const struct rpc_method rpc_m_hook_revoke = {
    .name = "hook.revoke",
    .summary = "Forgets the secrets of a hook: nothing that is sent there is taken any more.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = one_params,
    .result = "hook.", .run = hook_revoke,
};

static const struct rpc_param secret_params[] = {
    PARAM_HOOK,
    { "secret", RPC_STRING, false, RPC_HOOK_SECRET_MAX, "One that the sender has; without it one is made. Of standard whsec_ and 24 to 64 bytes in base64." },
    { "hours", RPC_INTEGER, false, 8760, "So long the one before is good, too; 24 when not said, 0: it ends now." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_hook_secret = {
    .name = "hook.secret",
    .summary = "Gives a hook the secret that its sender signs with, the first one or a new one.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = secret_params,
    .result = HOOK_RESULT ", and once, when it was made here: secret.", .run = hook_secret,
};

static const struct rpc_param try_params[] = {
    PARAM_HOOK,
    { "body", RPC_ANY, true, 0, "What would be sent: any JSON." },
    { "headers", RPC_OBJECT, false, 0, "And with which headers: {NAME: TEXT}." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_hook_try = {
    .name = "hook.try",
    .summary = "Says what a hook would do about a body, and does nothing.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_READ, .params = try_params,
    .result = "ignored (the reason), or method and params of the call that would be made; find: the values of the case "
              "that would be looked for, otherwise: what would be done without one; by.",
    .run = hook_try,
};
/* clang-format on */
