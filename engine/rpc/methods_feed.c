/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calendar.feed.*: addresses by which calendar programs, which cannot log in, read what waits for
 * somebody. They show no more than that, and change nothing; each is its person's own business.
 */
#include "data.h"
#include "links.h"
#include "methods.h"
#include "rpc_internal.h"

static json_t *
feed_view(struct lane_run *run, const struct lane_job *job, const json_t *row)
{
    static const char *const members[] = { "id", "person", "created", "expires", "revoked" };
    json_t *all = rpc_row_view(STORE_LINK, row, rpc_zone(lane_of(run), job->team));
    json_t *view = json_object();

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        (void)json_object_set(view, members[i], json_object_get(all, members[i]));
    json_decref(all);
    return view;
}

static enum sgn_status
feed_rows(struct lane_run *run, const struct lane_job *job, const char *id, json_t **out,
          struct sgn_error *err)
{
    json_t *match = json_pack("{s:s, s:s, s:s, s:s*}", "team", job->team, "kind", "calendar",
                              "person", job->person, "id", id);
    enum sgn_status status = lane_row_list(run, STORE_LINK, match, out, err);

    json_decref(match);
    return status;
}

static enum sgn_status
feed_create(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *expires = sgn_json_str(job->params, "expires");
    struct lane_link link;
    int64_t ends = 0;
    json_t *said;
    enum sgn_status status = SGN_OK;

    if (expires != NULL)
        status = sgn_time_parse(expires, &ends, err);
    if (status == SGN_OK && expires != NULL && ends <= lane_now(run))
        status = rpc_data_invalid(err, "/expires", "%s has passed", expires);
    if (status == SGN_OK)
        status = lane_feed_make(run, job, ends, &link, err);
    if (status != SGN_OK)
        return status;
    said = feed_view(run, job, link.row);
    job->result = json_copy(said);
    (void)json_object_set_new(job->result, "path", lane_link_path(&link));
    (void)json_object_set_new(job->result, "url", lane_link_url(lane_of(run), &link));
    lane_link_deinit(&link);
    return rpc_data_give(run, job, said, err);
}

static enum sgn_status
feed_revoke(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *id = sgn_json_str(job->params, "id");
    json_t *rows = NULL, *row;
    enum sgn_status status = feed_rows(run, job, id, &rows, err);

    row = json_array_get(rows, 0);
    if (status == SGN_OK && row == NULL) {
        status = sgn_fail(err, SGN_NOT_FOUND, "you have no calendar '%.40s'", id);
        sgn_error_add(err, "pointer", json_string("/id"));
    }
    if (status == SGN_OK && sgn_json_int(row, "revoked", 0) == 0) {
        (void)json_object_set_new(row, "revoked", json_integer(lane_now(run)));
        status = lane_row_put(run, STORE_LINK, row, err);
    }
    if (status == SGN_OK)
        status = rpc_data_give(run, job, feed_view(run, job, row), err);
    json_decref(rows);
    return status;
}

static enum sgn_status
feed_list(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *rows = NULL, *items = json_array();
    enum sgn_status status = feed_rows(run, job, NULL, &rows, err);
    const json_t *row;
    size_t i;

    json_array_foreach(rows, i, row)
        (void)json_array_append_new(items, feed_view(run, job, row));
    json_decref(rows);
    return rpc_page_end(status, job, items, err);
}

/* clang-format off */
#define RESULT "id, person, created, expires, revoked"

static const struct rpc_param create_params[] = {
    { "expires", RPC_TIME, false, 0, "When it ends; never when not said." }, RPC_PARAM_END
};

const struct rpc_method rpc_m_calendar_feed_create = {
    .name = "calendar.feed.create",
    .summary = "Makes an address by which calendar programs read what waits for you: events at what is "
               "due, or with ?as=tasks tasks.",
    .access = CORE_PERSON, .where = RPC_WRITE, .params = create_params,
    .result = RESULT ", and once: path, and url where the site has a public address.",
    .run = feed_create,
};

static const struct rpc_param revoke_params[] = {
    { "id", RPC_STRING, true, 32, "As calendar.feed.list shows it." }, RPC_PARAM_END
};

const struct rpc_method rpc_m_calendar_feed_revoke = {
    .name = "calendar.feed.revoke",
    .summary = "Ends such an address of yours.",
    .access = CORE_PERSON, .where = RPC_WRITE, .params = revoke_params, .result = RESULT ".",
    .run = feed_revoke,
};

static const struct rpc_param list_params[] = { RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END };

const struct rpc_method rpc_m_calendar_feed_list = {
    .name = "calendar.feed.list",
    .summary = "Lists your calendars' addresses, without their secrets.",
    .access = CORE_PERSON, .where = RPC_READ, .params = list_params,
    .result = "items: " RESULT "; the cursor of the next page or null.", .run = feed_list,
};
/* clang-format on */
