/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in without a token: somebody says who they are and is sent a link, the link is exchanged
 * for a token, once, and signing out ends that token.
 *
 * Whoever asks for a link is told nothing: not whether there is such a person, nor whether they
 * have an address. Their mail says it to them alone.
 */
#include "data.h"
#include "links.h"
#include "log.h"
#include "methods.h"
#include "rpc_internal.h"
#include <string.h>

#define WHO_MAX   254 /* bytes; RFC 5321, 4.5.3.1.3 */
#define FOUND_MAX 8   /* persons of one address who are sent a link */
#define KEEP_MS   (30 * SGN_DAY_MS)
#define LEND_MS   (SGN_DAY_MS / 2)

/* ---- asking for a link ---- */

static void
offered(struct lane_job *job)
{
    if (job->status != SGN_OK)
        sgn_log(SGN_LOG_WARN, "no sign-in link made", "team", job->team, "why", job->error.message,
                NULL);
    lane_job_free(job);
}

/* Nobody waits for it: how long it takes would tell whether there is such a person. */
static void
offer(struct lane *lane, const char *team, const char *person)
{
    struct lane_job *job = lane_job_new();
    struct sgn_error err = { 0 };

    if (job == NULL)
        return;
    sgn_text_copy(job->team, sizeof job->team, team);
    job->run = lane_login_offer;
    job->done = offered;
    job->channel = "engine";
    job->method = "session.link";
    job->at = sgn_clock_now(lane_clock(lane));
    job->params = json_pack("{s:s}", "person", person);
    if (job->params == NULL || lane_submit(lane, job, &err) != SGN_OK)
        lane_job_free(job);
    sgn_error_clear(&err);
}

/* The persons of a team who have this key or this address. */
static enum sgn_status
offer_in(struct store_reader *reader, struct lane *lane, const char *team, const char *column,
         const char *who, int *left, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", column, who), *rows = NULL, *row;
    enum sgn_status status =
        store_row_list(reader, STORE_PERSON, team, match, NULL, FOUND_MAX, &rows, err);
    size_t i;

    json_array_foreach(rows, i, row) {
        if (rpc_row_true(row, "active") && sgn_json_str(row, "mail") != NULL && (*left)-- > 0)
            offer(lane, team, sgn_json_str(row, "person"));
    }
    json_decref(match);
    json_decref(rows);
    return status;
}

static enum sgn_status
link_query(struct store_reader *reader, struct lane *lane, struct lane_job *job,
           struct sgn_error *err)
{
    const char *who = sgn_json_str(job->params, "who");
    const char *column = strchr(who, '@') != NULL ? "mail" : "person";
    const struct lane_site *site = lane_site_ref(lane);
    enum sgn_status status = SGN_OK;
    int left = FOUND_MAX;

    for (int i = 0; status == SGN_OK && site != NULL && i < site->n_teams; i++)
        status = offer_in(reader, lane, site->teams[i]->name, column, who, &left, err);
    lane_site_free(lane, site);
    job->result = json_object();
    return status;
}

/* ---- the exchange ---- */

/* Those of the person that are of no use any more go: nobody would. */
static enum sgn_status
tidy(struct lane_run *run, const struct lane_job *job, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s, s:s, s:s}", "team", job->team, "person", job->person, "name",
                              LANE_BROWSER_TOKEN);
    json_t *rows = NULL, *row;
    enum sgn_status status = lane_row_list(run, STORE_TOKEN, match, &rows, err);
    size_t i;

    json_array_foreach(rows, i, row) {
        json_t *key = json_pack("{s:O}", "hash", json_object_get(row, "hash"));
        if (status == SGN_OK && (sgn_json_int(row, "revoked", 0) != 0 ||
                                 sgn_json_int(row, "expires", 0) <= lane_now(run)))
            status = lane_row_remove(run, STORE_TOKEN, key, err);
        json_decref(key);
    }
    json_decref(match);
    json_decref(rows);
    return status;
}

static enum sgn_status
enter_run(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    bool keep = sgn_json_true(job->params, "keep");
    struct rpc_token about = { .team = job->team,
                               .person = job->person,
                               .name = LANE_BROWSER_TOKEN,
                               .expires = lane_now(run) + (keep ? KEEP_MS : LEND_MS) };
    char secret[SGN_TOKEN_TEXT];
    json_t *row, *said;
    enum sgn_status status = lane_login_use(run, job, err);

    if (status == SGN_OK)
        status = tidy(run, job, err);
    if (status != SGN_OK)
        return status;
    row = rpc_token_make(run, &about, secret);
    said = json_pack("{s:O, s:s, s:o}", "id", json_object_get(row, "id"), "person", job->person,
                     "expires", rpc_time(rpc_zone(lane_of(run), job->team), about.expires));
    job->result = json_copy(said);
    (void)json_object_set_new(job->result, "token", json_string(secret));
    status =
        row != NULL && said != NULL ? lane_row_put(run, STORE_TOKEN, row, err) : sgn_nomem(err);
    json_decref(row);
    if (status == SGN_OK)
        return rpc_data_give(run, job, said, err);
    json_decref(said);
    return status;
}

/* ---- and the end ---- */

static enum sgn_status
end_run(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "hash", job->token), *row = NULL, *said;
    enum sgn_status status = lane_row_get(run, STORE_TOKEN, key, &row, err);
    const char *name = sgn_json_str(row, "name");

    json_decref(key);
    if (status == SGN_OK && (name == NULL || strcmp(name, LANE_BROWSER_TOKEN) != 0)) {
        json_decref(row);
        job->result = json_pack("{s:b}", "ended", 0);
        return job->result != NULL ? SGN_OK : sgn_nomem(err);
    }
    if (status == SGN_OK)
        (void)json_object_set_new(row, "revoked", json_integer(lane_now(run)));
    if (status == SGN_OK)
        status = lane_row_put(run, STORE_TOKEN, row, err);
    said = json_pack("{s:O*, s:s}", "id", json_object_get(row, "id"), "person", job->person);
    json_decref(row);
    if (status != SGN_OK || said == NULL) {
        json_decref(said);
        return status != SGN_OK ? status : sgn_nomem(err);
    }
    job->result = json_pack("{s:b}", "ended", 1);
    return rpc_data_give(run, job, said, err);
}

/* ---- a link that somebody hands over ---- */

static enum sgn_status
login_run(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *person = sgn_json_str(job->params, "person");
    const char *expires = sgn_json_str(job->params, "expires");
    int64_t ends = lane_now(run) + SGN_DAY_MS;
    struct lane_link link;
    json_t *said;
    enum sgn_status status = SGN_OK;

    if (expires != NULL)
        status = sgn_time_parse(expires, &ends, err);
    if (status == SGN_OK && (ends <= lane_now(run) || ends > lane_now(run) + 7 * SGN_DAY_MS))
        return rpc_data_invalid(err, "/expires", "a sign-in link ends after now and within 7 days");
    if (status == SGN_OK)
        status = lane_login_make(run, person, ends,
                                 job->person[0] != '\0' ? job->person : "operator", &link, err);
    if (status != SGN_OK)
        return status;
    said = json_pack("{s:O, s:s, s:o}", "id", json_object_get(link.row, "id"), "person", person,
                     "expires", rpc_time(rpc_zone(lane_of(run), job->team), ends));
    job->result = json_copy(said);
    (void)json_object_set_new(job->result, "path", lane_link_path(&link));
    (void)json_object_set_new(job->result, "url", lane_link_url(lane_of(run), &link));
    lane_link_deinit(&link);
    return said != NULL ? rpc_data_give(run, job, said, err) : sgn_nomem(err);
}

/* clang-format off */
static const struct rpc_param link_params[] = {
    { "who", RPC_STRING, true, WHO_MAX, "A mail address, or a person's name in their team." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_session_link = {
    .name = "session.link",
    .summary = "Sends a link to sign in by to whoever has this address or name; says nothing of whether "
               "there is somebody.",
    .access = CORE_ANYONE, .where = RPC_QUERY, .site = true, .credential = "who", .spends = true,
    .params = link_params, .result = "An empty object.", .query = link_query,
};

static const struct rpc_param enter_params[] = {
    { "secret", RPC_STRING, true, 128, "What stands behind the last slash of the link." },
    { "keep", RPC_BOOLEAN, false, 0, "For 30 days; else for half a day." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_session_enter = {
    .name = "session.enter",
    .summary = "Exchanges a sign-in link, once, for a token to log in with.",
    .access = CORE_ANYONE, .where = RPC_DISK, .site = true, .credential = "secret",
    .needs = CORE_READS, .params = enter_params,
    .result = "id, person, expires, and once: token.", .query = lane_login_find, .run = enter_run,
};

const struct rpc_method rpc_m_session_end = {
    .name = "session.end",
    .summary = "Ends the token that you are logged in with, if session.enter made it.",
    .access = CORE_PERSON, .where = RPC_WRITE, .needs = CORE_READS,
    .result = "ended: false for a token that somebody was given.", .run = end_run,
};

static const struct rpc_param login_params[] = {
    { "person", RPC_STRING, true, SGN_KEY_MAX, "Who shall be signed in by it." },
    { "expires", RPC_TIME, false, 0, "When it ends, within 7 days; a day from now when not said." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_link_login = {
    .name = "link.login",
    .summary = "Makes an address by which a person signs in to the console, once; to be handed over.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = login_params,
    .result = "id, person, expires, and once: path, and url where the site has a public address.",
    .run = login_run,
};
/* clang-format on */
