/* SPDX-License-Identifier: Apache-2.0 */
/*
 * own.*: what a person sees and sets of themselves, without being a lead: the language they are
 * written to in, the channel by which they would rather be spoken to, which messages come by mail
 * and when, and where they are signed in.
 *
 * The mail address is not among it: links that sign in go there, and whoever could change it by a
 * token that was left open somewhere would keep the account.
 */
#include "data.h"
#include "methods.h"
#include "notices.h"
#include "rpc_internal.h"
#include <string.h>

static enum sgn_status
own_row(struct lane_run *run, const struct lane_job *job, json_t **out, struct sgn_error *err)
{
    return rpc_data_row(run, STORE_PERSON, job->person, "/person", SGN_NOT_FOUND, out, err);
}

static enum sgn_status
own_get(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    static const char *const members[] = { "person",   "title", "client", "lead",
                                           "language", "mail",  "channel" };
    json_t *row = NULL, *all;
    enum sgn_status status = own_row(run, job, &row, err);

    if (status != SGN_OK)
        return status;
    all = rpc_row_view(STORE_PERSON, row, rpc_zone(lane_of(run), job->team));
    job->result = json_object();
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        (void)json_object_set(job->result, members[i], json_object_get(all, members[i]));
    if (job->result != NULL &&
        json_object_set_new(job->result, "notices", lane_notices_view(row)) != 0)
        status = sgn_nomem(err);
    json_decref(row);
    json_decref(all);
    return job->result != NULL ? status : sgn_nomem(err);
}

/* ---- update ---- */

/* May this be set? What asks somebody can wait for its mail; that it never comes would have them
 * lose by silence what they never heard of. */
static enum sgn_status
check_notice(const char *name, const char *value, struct sgn_error *err)
{
    char pointer[32];

    if (value[0] == '\0')
        return SGN_OK;
    sgn_text_join(pointer, sizeof pointer, "/", name);
    if (strcmp(name, "daily_at") == 0)
        return lane_notice_time(value) >= 0
                   ? SGN_OK
                   : rpc_data_invalid(err, pointer, "daily_at is a time such as 09:00");
    if (!lane_notice_is_way(value))
        return rpc_data_invalid(
            err, pointer, "%s must be mail, hourly, daily, console, or nothing for as usual", name);
    if (strcmp(name, lane_notice_name(LANE_NOTICE_ASKED)) == 0 && strcmp(value, "console") == 0) {
        (void)sgn_fail(err, SGN_REFUSED,
                       "what is asked of you cannot be kept out of your mail: silence may count as "
                       "your answer. It can be gathered: hourly or daily");
        sgn_error_add(err, "pointer", json_string(pointer));
        return SGN_REFUSED;
    }
    return SGN_OK;
}

/* *found: is one of them given? */
static enum sgn_status
set_notices(const json_t *params, json_t *row, bool *found, struct sgn_error *err)
{
    json_t *was = json_object_get(row, "notices");
    json_t *set = json_is_object(was) ? json_copy(was) : json_object();
    enum sgn_status status = set != NULL ? SGN_OK : sgn_nomem(err);
    int bad = 0;

    for (int i = 0; status == SGN_OK && i <= LANE_NOTICES; i++) {
        const char *name = i < LANE_NOTICES ? lane_notice_name((enum lane_notice)i) : "daily_at";
        const char *value = sgn_json_str(params, name);
        if (value == NULL)
            continue;
        *found = true;
        status = check_notice(name, value, err);
        if (value[0] == '\0')
            (void)json_object_del(set, name);
        else
            bad |= json_object_set_new(set, name, json_string(value));
    }
    if (json_object_size(set) == 0) {
        json_decref(set);
        set = json_null();
    }
    bad |= json_object_set_new(row, "notices", set);
    return status == SGN_OK && bad != 0 ? sgn_nomem(err) : status;
}

static enum sgn_status
own_update(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    static const char *const members[] = { "language", "channel" };
    bool found = false;
    json_t *row = NULL;
    enum sgn_status status = rpc_data_reached(job->params, err);

    if (status == SGN_OK)
        status = own_row(run, job, &row, err);
    for (size_t i = 0; status == SGN_OK && i < sizeof members / sizeof members[0]; i++) {
        const char *value = sgn_json_str(job->params, members[i]);
        if (value == NULL)
            continue;
        found = true;
        if (json_object_set_new(row, members[i],
                                value[0] != '\0' ? json_string(value) : json_null()) != 0)
            status = sgn_nomem(err);
    }
    if (status == SGN_OK)
        status = set_notices(job->params, row, &found, err);
    if (status == SGN_OK && !found)
        status = rpc_data_invalid(err, "",
                                  "say what to set: language, channel, asked, reminders, news, "
                                  "escalations or daily_at");
    if (status == SGN_OK)
        return rpc_data_put(run, job, STORE_PERSON, row, err);
    json_decref(row);
    return status;
}

/* ---- tokens ---- */

/* The caller's, of this id or (NULL) all. */
static enum sgn_status
own_tokens(struct lane_run *run, const struct lane_job *job, const char *id, json_t **out,
           struct sgn_error *err)
{
    json_t *match =
        json_pack("{s:s, s:s, s:s*}", "team", job->team, "person", job->person, "id", id);
    enum sgn_status status = lane_row_list(run, STORE_TOKEN, match, out, err);

    json_decref(match);
    return status;
}

/* What is over needs no looking after. */
static bool
is_good(const struct lane_run *run, const json_t *row)
{
    struct sgn_error why = { 0 };
    bool good = core_token_check(row, lane_now(run), &why) == SGN_OK;

    sgn_error_clear(&why);
    return good;
}

static enum sgn_status
own_token_list(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *rows = NULL, *items = json_array();
    enum sgn_status status = own_tokens(run, job, NULL, &rows, err);
    const json_t *row;
    size_t i;

    json_array_foreach(rows, i, row) {
        const char *hash = sgn_json_str(row, "hash");
        json_t *view = is_good(run, row) ? rpc_token_view(run, job, row) : NULL;
        if (view == NULL)
            continue;
        (void)json_object_set_new(view, "this",
                                  json_boolean(hash != NULL && strcmp(hash, job->token) == 0));
        (void)json_array_append_new(items, view);
    }
    json_decref(rows);
    return rpc_page_end(status, job, items, err);
}

static enum sgn_status
own_token_revoke(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *id = sgn_json_str(job->params, "id");
    json_t *rows = NULL, *row;
    enum sgn_status status = own_tokens(run, job, id, &rows, err);

    row = json_array_get(rows, 0);
    if (status == SGN_OK && row == NULL) {
        status = sgn_fail(err, SGN_NOT_FOUND, "you have no token '%.40s'", id);
        sgn_error_add(err, "pointer", json_string("/id"));
    }
    if (status == SGN_OK)
        status = rpc_token_end(run, row, err);
    if (status == SGN_OK)
        status = rpc_data_give(run, job, rpc_token_view(run, job, row), err);
    json_decref(rows);
    return status;
}

/* clang-format off */
#define TOKEN_RESULT "id, name, scope, created, expires, last_use (to the hour), revoked"

#define NOTICES "notices: {asked, reminders, news, escalations: mail, hourly, daily, console or null (as usual), daily_at}"

const struct rpc_method rpc_m_own_get = {
    .name = "own.get",
    .summary = "Shows what is kept of you.",
    .access = CORE_PERSON, .where = RPC_READ,
    .result = "person, title, client, lead, language (null: the team's), mail, channel (null: you have not said), " NOTICES ".", .run = own_get,
};

/* What is asked of a person is told by mail whatever they set; see lane/notices.h. */
static const struct rpc_param update_params[] = {
    { "language", RPC_STRING, false, 7, "en or zh; the team's when empty." },
    { "channel", RPC_STRING, false, 16, "By which channel you would rather be spoken to, one of those of person.update; empty: any. What is mailed to you stays the same." },
    { "asked", RPC_STRING, false, 7,
      "How you hear of what is offered to you, or asked again: mail (at once), hourly or daily (gathered); as usual "
      "(at once) when empty. An approval with a deadline is not gathered." },
    { "reminders", RPC_STRING, false, 7,
      "How you are reminded: mail, hourly, daily or console (not by mail); as usual (gathered as the site is set) when "
      "empty. What reminds you of an approval with a deadline comes as usual." },
    { "news", RPC_STRING, false, 7, "How you hear of decisions and notices: likewise; as usual is at once." },
    { "escalations", RPC_STRING, false, 7,
      "How you hear that a deadline has called for you, or that something failed: likewise; as usual is at once." },
    { "daily_at", RPC_STRING, false, 5, "When daily mail comes on working days of the team, such as 09:00; 09:00 when empty." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_own_update = {
    .name = "own.update",
    .summary = "Sets in which language you are written to, by which channel you would rather be spoken to, and which "
               "messages come by mail, and when.",
    .access = CORE_PERSON, .where = RPC_WRITE, .params = update_params,
    .result = "person, title, client, lead, language, mail, active, since, channel, notices (what is set; null: nothing).",
    .run = own_update,
};

static const struct rpc_param list_params[] = { RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END };

const struct rpc_method rpc_m_own_token_list = {
    .name = "own.token.list",
    .summary = "Lists your tokens that are good now, without their secrets: where you are signed in.",
    .access = CORE_PERSON, .where = RPC_READ, .params = list_params,
    .result = "items: " TOKEN_RESULT ", this (you ask by it); the cursor of the next page or null.",
    .run = own_token_list,
};

static const struct rpc_param revoke_params[] = {
    { "id", RPC_STRING, true, 32, "As own.token.list shows it." }, RPC_PARAM_END
};

/* A program's token that is bound to a scope shall not sign its person out elsewhere. */
const struct rpc_method rpc_m_own_token_revoke = {
    .name = "own.token.revoke",
    .summary = "Ends a token of yours; sessions that logged in with it end with it.",
    .access = CORE_PERSON, .where = RPC_WRITE, .needs = CORE_ADMINISTERS, .params = revoke_params,
    .result = TOKEN_RESULT ".", .run = own_token_revoke,
};
/* clang-format on */
