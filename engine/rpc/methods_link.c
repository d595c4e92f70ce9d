/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link.*: sign-off links, see links.h. Whoever holds a link's address can answer for its person,
 * so they are made by that person, or by who could give that person a token.
 */
#include "data.h"
#include "links.h"
#include "methods.h"
#include "rpc_internal.h"
#include <string.h>

/* Without the hash: nobody needs it. */
static json_t *
link_view(struct lane_run *run, const struct lane_job *job, const json_t *row)
{
    json_t *view = rpc_row_view(STORE_LINK, row, rpc_zone(lane_of(run), job->team));

    (void)json_object_del(view, "hash");
    (void)json_object_del(view, "kind");
    (void)json_object_del(view, "wrong_at");
    return view;
}

/* May the caller see to links of others? */
static bool
leads(const struct lane_run *run, const struct lane_job *job)
{
    return job->is_operator || rpc_row_true(lane_caller(run), "lead");
}

/* The address leaves here, and in messages to the person; a repeated request_id answers without
 * it. */
static enum sgn_status
link_create(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *person = sgn_json_str(job->params, "person");
    const char *expires = sgn_json_str(job->params, "expires");
    struct lane_link link;
    int64_t ends = 0;
    json_t *said;
    enum sgn_status status;

    if (person == NULL)
        person = job->person;
    if (strcmp(person, job->person) != 0 && !leads(run, job))
        return sgn_fail(err, SGN_FORBIDDEN, "a link for somebody else is made by the team's leads");
    if (expires != NULL && sgn_time_parse(expires, &ends, NULL) != SGN_OK)
        return sgn_nomem(err); /* the shape check has parsed it */
    status = lane_link_make(run, job, person, sgn_json_str(job->params, "approval"), ends,
                            job->person, &link, err);
    if (status != SGN_OK)
        return status;
    said = link_view(run, job, link.row);
    job->result = json_copy(said);
    (void)json_object_set_new(job->result, "path", lane_link_path(&link));
    (void)json_object_set_new(job->result, "url", lane_link_url(lane_of(run), &link));
    lane_link_deinit(&link);
    return rpc_data_give(run, job, said, err);
}

/* One answer for what is not there and what is somebody else's. */
static enum sgn_status
link_revoke(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *id = sgn_json_str(job->params, "id");
    json_t *match = json_pack("{s:s, s:s, s:s}", "id", id, "team", job->team, "kind", "signoff");
    json_t *rows = NULL, *row;
    const char *person;
    enum sgn_status status = lane_row_list(run, STORE_LINK, match, &rows, err);

    json_decref(match);
    row = json_array_get(rows, 0);
    person = sgn_json_str(row, "person");
    if (status == SGN_OK &&
        (row == NULL || (strcmp(person, job->person) != 0 && !leads(run, job)))) {
        status = sgn_fail(err, SGN_NOT_FOUND, "there is no link '%.40s'", id);
        sgn_error_add(err, "pointer", json_string("/id"));
    }
    if (status == SGN_OK && sgn_json_int(row, "used", 0) != 0)
        status = sgn_fail(err, SGN_NOT_NOW, "this link has been used: its answer stands in %s",
                          sgn_json_str(row, "case"));
    if (status == SGN_OK && sgn_json_int(row, "revoked", 0) == 0) {
        (void)json_object_set_new(row, "revoked", json_integer(lane_now(run)));
        status = lane_row_put(run, STORE_LINK, row, err);
    }
    if (status == SGN_OK)
        status = rpc_data_give(run, job, link_view(run, job, row), err);
    json_decref(rows);
    return status;
}

static enum sgn_status
link_list(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *of = leads(run, job) ? sgn_json_str(job->params, "person") : job->person;
    json_t *of_case = json_object_get(job->params, "case");
    json_t *match =
        json_pack("{s:s, s:s, s:s*}", "team", job->team, "kind", "signoff", "person", of);
    json_t *rows = NULL, *items = json_array();
    enum sgn_status status;
    const json_t *row;
    size_t i;

    if (of_case != NULL)
        (void)json_object_set(match, "case", of_case);
    status = lane_row_list(run, STORE_LINK, match, &rows, err);
    json_decref(match);
    json_array_foreach(rows, i, row)
        (void)json_array_append_new(items, link_view(run, job, row));
    json_decref(rows);
    return rpc_page_end(status, job, items, err);
}

/* clang-format off */
#define RESULT "id, team, person, case, approval, round, digest, maker, created, expires, used, " \
               "revoked, wrong (wrong answers so far)"

static const struct rpc_param create_params[] = {
    RPC_PARAM_CASE,
    { "person", RPC_STRING, false, SGN_KEY_MAX,
      "Who shall answer by it, when a lead makes it for somebody; else you." },
    { "approval", RPC_STRING, false, 64, "The state whose approval it is, when several are open." },
    { "expires", RPC_TIME, false, 0, "When it ends; two weeks from now when not said." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_link_create = {
    .name = "link.create",
    .summary = "Makes an address by which one person, without logging in, answers what is asked now: "
               "this round, this content, once.",
    .access = CORE_PERSON, .where = RPC_WRITE, .params = create_params,
    .result = RESULT ", and once: path, and url where the site has a public address.",
    .run = link_create,
};

static const struct rpc_param revoke_params[] = {
    { "id", RPC_STRING, true, 32, "The link's id, as link.list shows it." }, RPC_PARAM_END
};

const struct rpc_method rpc_m_link_revoke = {
    .name = "link.revoke",
    .summary = "Ends a link that has not been used.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_WRITE, .params = revoke_params,
    .result = RESULT ".", .run = link_revoke,
};

static const struct rpc_param list_params[] = {
    { "case", RPC_STRING, false, 32, "Only of this case." },
    { "person", RPC_STRING, false, SGN_KEY_MAX, "Only this person's; for leads and the operator." },
    RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_link_list = {
    .name = "link.list",
    .summary = "Lists sign-off links, never their addresses: yours, or for leads the team's.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_READ, .params = list_params,
    .result = "items: " RESULT "; the cursor of the next page or null.", .run = link_list,
};
/* clang-format on */
