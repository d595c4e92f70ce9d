/* SPDX-License-Identifier: Apache-2.0 */
/*
 * endpoint.*: where the team's entries are delivered to. Here what is kept of one; what is done
 * to one stands in methods_endpoint_change.c.
 *
 * A secret leaves here once, in the answer that made it: no list shows it, and no entry holds it.
 */
#include "address.h"
#include "data.h"
#include "endpoint.h"
#include "methods.h"
#include <string.h>

/* ---- what may be asked for ---- */

static enum sgn_status
check_kinds(const json_t *kinds, struct sgn_error *err)
{
    const char *const *known = lane_entry_kinds();
    const json_t *kind;
    size_t i, n = 0;

    while (known[n] != NULL)
        n++;
    json_array_foreach(kinds, i, kind) {
        const char *name = json_string_value(kind), *near;
        bool found = false;

        for (size_t k = 0; k < n; k++)
            found = found || strcmp(known[k], name) == 0;
        near = found ? NULL : sgn_nearest(name, known, n);
        if (!found)
            return rpc_data_invalid(err, "/kinds", "'%.40s' is no kind of entry%s%s%s", name,
                                    near != NULL ? "; did you mean '" : "",
                                    near != NULL ? near : "", near != NULL ? "'?" : "");
    }
    return SGN_OK;
}

static enum sgn_status
check_workflows(struct lane_run *run, const struct lane_job *job, const json_t *names,
                struct sgn_error *err)
{
    const struct lane_site *site = lane_site_ref(lane_of(run));
    const struct lane_team *team = site != NULL ? lane_site_team(site, job->team) : NULL;
    const json_t *name;
    size_t i;
    enum sgn_status status = SGN_OK;

    json_array_foreach(names, i, name) {
        const char *text = json_string_value(name);

        if (status == SGN_OK && (team == NULL || lane_team_workflow(team, text) == NULL))
            status = rpc_data_invalid(err, "/workflows", "the team has no workflow '%.64s'", text);
    }
    lane_site_free(lane_of(run), site);
    return status;
}

static enum sgn_status
check_url(struct lane_run *run, const char *url, struct sgn_error *err)
{
    static const struct sgn_outward none = { 0 };
    const struct sgn_outward *outward = lane_outward(lane_of(run));
    struct sgn_error why = { 0 };
    enum sgn_status status = SGN_OK;

    if (sgn_url_check(url, outward != NULL ? outward : &none, NULL, &why) != SGN_OK)
        status = rpc_data_invalid(err, "/url", "%s", why.message);
    sgn_error_clear(&why);
    return status;
}

/* "kinds" and "workflows": a string or several become an array; none means all. */
static void
filter_fill(json_t *row, const json_t *params, const char *name)
{
    json_t *given = json_object_get(params, name);

    if (given == NULL)
        return;
    if (json_is_string(given) && json_string_length(given) > 0)
        (void)json_object_set_new(row, name, json_pack("[O]", given));
    else if (json_array_size(given) > 0)
        (void)json_object_set(row, name, given);
    else
        (void)json_object_set_new(row, name, json_null());
}

/* Fills what the parameters say into the row, and judges it. */
static enum sgn_status
fill(struct lane_run *run, const struct lane_job *job, json_t *row, struct sgn_error *err)
{
    static const char *const plain[] = { "url", "internal", "language" };
    enum sgn_status status;

    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (json_object_get(job->params, plain[i]) != NULL)
            (void)json_object_set(row, plain[i], json_object_get(job->params, plain[i]));
    filter_fill(row, job->params, "kinds");
    filter_fill(row, job->params, "workflows");
    status = rpc_data_language(sgn_json_str(row, "language"), "/language", err);
    if (status == SGN_OK)
        status = check_url(run, sgn_json_str(row, "url"), err);
    if (status == SGN_OK)
        status = check_kinds(json_object_get(row, "kinds"), err);
    if (status == SGN_OK)
        status = check_workflows(run, job, json_object_get(row, "workflows"), err);
    return status;
}

/* ---- secrets ---- */

/* The one that was given, or a new one, into the row. out: what is shown, if it was made here. */
static enum sgn_status
secret_fill(const struct lane_job *job, const struct lane_format *format, json_t *row,
            char out[LANE_SECRET_TEXT], struct sgn_error *err)
{
    const char *given = sgn_json_str(job->params, "secret");
    const char *signature = sgn_json_str(row, "signature");
    unsigned char bytes[LANE_SECRET_MAX];
    bool asymmetric;
    size_t n;

    out[0] = '\0';
    if (given != NULL && !format->takes_secret)
        return rpc_data_invalid(err, "/secret", "format %s has no secret", format->name);
    if (given != NULL && format->signs) {
        if (!lane_secret_bytes(given, bytes, &n, &asymmetric))
            return rpc_data_invalid(err, "/secret",
                                    "a secret is whsec_ and 24 to 64 bytes in base64, or whsk_ and "
                                    "the 32 bytes of an ed25519 seed");
        (void)json_object_set_new(row, "signature", json_string(asymmetric ? "ed25519" : "hmac"));
    }
    if (given == NULL && !format->signs)
        return SGN_OK;
    if (given == NULL)
        lane_secret_new(signature, out);
    (void)json_object_set_new(row, "secret", json_string(given != NULL ? given : out));
    return SGN_OK;
}

/* Of an asymmetric key the public half is in the answer anyway; the secret one is nobody's but
 * ours. */
static const char *
shown_secret(const json_t *row, const char *made)
{
    const char *signature = sgn_json_str(row, "signature");

    return made[0] == '\0' || (signature != NULL && strcmp(signature, "ed25519") == 0) ? NULL
                                                                                       : made;
}

/* ---- the methods ---- */

static enum sgn_status
new_row(struct lane_run *run, const struct lane_job *job, const struct lane_format **format,
        json_t **out, struct sgn_error *err)
{
    const char *name = sgn_json_str(job->params, "format");
    const char *signature = sgn_json_str(job->params, "signature");

    *format = lane_format_find(name != NULL ? name : "webhook");
    if (*format == NULL)
        return rpc_data_invalid(err, "/format", "'%.40s' is no format of deliveries", name);
    if (signature != NULL && !(*format)->signs)
        return rpc_data_invalid(err, "/signature", "format %s is not signed by a choice of ours",
                                name);
    if (signature == NULL)
        signature = "hmac";
    if (strcmp(signature, "hmac") != 0 && strcmp(signature, "ed25519") != 0)
        return rpc_data_invalid(err, "/signature", "signature is hmac or ed25519");
    *out = json_pack("{s:O, s:s, s:b, s:s?, s:I}", "endpoint",
                     json_object_get(job->params, "endpoint"), "format", (*format)->name,
                     "internal", 0, "signature", (*format)->signs ? signature : NULL, "since",
                     (json_int_t)lane_now(run));
    return *out != NULL ? fill(run, job, *out, err) : sgn_nomem(err);
}

static enum sgn_status
endpoint_add(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *key = sgn_json_str(job->params, "endpoint");
    const struct lane_format *format = NULL;
    json_t *row = NULL, *rows = NULL;
    char made[LANE_SECRET_TEXT];
    int64_t head = 0;
    enum sgn_status status = rpc_data_absent(run, STORE_ENDPOINT, key, err);

    if (status == SGN_OK)
        status = lane_row_list(run, STORE_ENDPOINT, NULL, &rows, err);
    if (status == SGN_OK && json_array_size(rows) >= LANE_ENDPOINTS_MAX)
        status =
            sgn_fail(err, SGN_TOO_LARGE, "a team has at most %d endpoints", LANE_ENDPOINTS_MAX);
    if (status == SGN_OK)
        status = new_row(run, job, &format, &row, err);
    if (status == SGN_OK)
        status = secret_fill(job, format, row, made, err);
    if (status == SGN_OK)
        status = lane_team_head(run, &head, err);
    if (status ==
        SGN_OK) /* what was before is not sent; the entry of this is the first that may be */
        status = lane_cursor_set(run, key, head, err);
    if (status == SGN_OK)
        status = rpc_endpoint_put(run, job, row, shown_secret(row, made), err);
    json_decref(rows);
    json_decref(row);
    return status;
}

static enum sgn_status
endpoint_update(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *row = NULL;
    enum sgn_status status = rpc_endpoint_row(run, job, &row, err);

    if (status == SGN_OK)
        status = fill(run, job, row, err);
    if (status == SGN_OK)
        status = rpc_endpoint_put(run, job, row, NULL, err);
    json_decref(row);
    return status;
}

/* The old key signs beside the new one for a while, so that the receiver may change its own when
 * it suits. */
static enum sgn_status
endpoint_rotate(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    int64_t hours = sgn_json_int(job->params, "hours", 24);
    const struct lane_format *format;
    char made[LANE_SECRET_TEXT] = "";
    json_t *row = NULL;
    enum sgn_status status = rpc_endpoint_row(run, job, &row, err);

    format = lane_format_find(sgn_json_str(row, "format"));
    if (status == SGN_OK && (format == NULL || !format->takes_secret))
        status = sgn_fail(err, SGN_INVALID, "format %s has no secret", sgn_json_str(row, "format"));
    if (status == SGN_OK && format != NULL && !format->signs) {
        if (sgn_json_str(job->params, "secret") == NULL)
            status = rpc_data_invalid(err, "/secret",
                                      "the secret of format %s is made by the other side: give the "
                                      "new one",
                                      format->name);
        else
            status = secret_fill(job, format, row, made, err);
    } else if (status == SGN_OK && format != NULL) {
        (void)json_object_set(row, "old_secret", json_object_get(row, "secret"));
        (void)json_object_set_new(row, "old_until",
                                  json_integer(lane_now(run) + hours * SGN_HOUR_MS));
        status = secret_fill(job, format, row, made, err);
    }
    if (status == SGN_OK)
        status = rpc_endpoint_put(run, job, row, shown_secret(row, made), err);
    json_decref(row);
    return status;
}

/* ---- reading ---- */

static json_t *
view_of(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
        const json_t *row)
{
    char name[LANE_READER_TEXT];
    json_t *key =
        json_pack("{s:s}", "name", lane_endpoint_reader(sgn_json_str(row, "endpoint"), name));
    json_t *cursor = NULL, *view;

    /* Without one it is shown all the same: that it stands at nothing is the news. */
    if (store_row_get(reader, STORE_READER, job->team, key, &cursor, NULL) != SGN_OK)
        cursor = NULL;
    view = rpc_endpoint_view(row, cursor, rpc_zone(lane, job->team), false);
    json_decref(key);
    json_decref(cursor);
    return view;
}

static enum sgn_status
endpoint_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
              struct sgn_error *err)
{
    json_t *rows = NULL, *row, *items = json_array();
    struct store_head head = { 0 };
    size_t i;
    enum sgn_status status = store_row_list(reader, STORE_ENDPOINT, job->team, NULL, NULL,
                                            LANE_ENDPOINTS_MAX, &rows, err);

    if (status == SGN_OK)
        status = store_head_get(reader, job->team, &head, err);
    json_array_foreach(rows, i, row) {
        json_t *view = view_of(reader, lane, job, row);

        (void)json_object_set_new(view, "head", json_integer(head.seq));
        (void)json_array_append_new(items, view);
    }
    json_decref(rows);
    return rpc_page_end(status, job, items, err);
}

static enum sgn_status
endpoint_get(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *row = NULL, *cursor = NULL, *waiting = NULL;
    int64_t head = 0;
    enum sgn_status status = rpc_endpoint_row(run, job, &row, err);

    if (status == SGN_OK)
        status = lane_cursor_get(run, sgn_json_str(row, "endpoint"), &cursor, err);
    if (status == SGN_OK)
        status = lane_team_head(run, &head, err);
    if (status == SGN_OK)
        status = rpc_data_rows(run, job, STORE_DELIVERY, "endpoint", sgn_json_str(row, "endpoint"),
                               &waiting, err);
    if (status == SGN_OK) {
        job->result = rpc_endpoint_view(row, cursor, rpc_zone(lane_of(run), job->team), false);
        (void)json_object_set_new(job->result, "head", json_integer(head));
        (void)json_object_set(job->result, "deliveries", waiting);
    }
    json_decref(row);
    json_decref(cursor);
    json_decref(waiting);
    return status;
}

/* clang-format off */
#define ENDPOINT_RESULT \
    "endpoint, url, format, kinds, workflows, internal, language, signature, public_key (of ed25519), " \
    "rotated_until, paused (null, off, gone, failing), since, seen (the last entry it has dealt with)"
#define PARAM_URL(required) \
    { "url", RPC_STRING, required, 2000, "Where to, https://; of chats it holds their secret and is not shown again." }
#define PARAM_FILTERS \
    { "kinds", RPC_STRINGS, false, 0, "Only entries of this kind, or of these; empty: of all." }, \
    { "workflows", RPC_STRINGS, false, 0, "Only entries of cases of this workflow, or of these; empty: of all." }, \
    { "internal", RPC_BOOLEAN, false, 0, "Also what clients do not see? Without it, shared things only." }, \
    { "language", RPC_STRING, false, 8, "Of texts for people: en or zh; the team's when not said." }
#define PARAM_SECRET \
    { "secret", RPC_STRING, false, 200, "One that the other side has; without it one is made, where the format has any." }

static const struct rpc_param add_params[] = {
    { "endpoint", RPC_KEY, true, SGN_KEY_MAX, "Key of the new endpoint; it never changes." },
    PARAM_URL(true),
    { "format", RPC_STRING, false, 32, "How deliveries look: webhook (when not said), dingtalk, feishu, wecom, slack or teams." },
    PARAM_FILTERS,
    { "signature", RPC_STRING, false, 16, "How they are signed: hmac (when not said) or ed25519." },
    PARAM_SECRET, RPC_PARAM_END
};

const struct rpc_method rpc_m_endpoint_add = {
    .name = "endpoint.add",
    .summary = "Has the team's entries delivered to an address, from now on, in their order, each at least once.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = add_params,
    .result = ENDPOINT_RESULT ", and once: secret.", .run = endpoint_add,
};

static const struct rpc_param update_params[] = {
    RPC_PARAM_ENDPOINT, PARAM_URL(false), PARAM_FILTERS, RPC_PARAM_END
};

const struct rpc_method rpc_m_endpoint_update = {
    .name = "endpoint.update",
    .summary = "Changes where an endpoint is and what it gets.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = update_params,
    .result = ENDPOINT_RESULT ".", .run = endpoint_update,
};

static const struct rpc_param rotate_params[] = {
    RPC_PARAM_ENDPOINT, PARAM_SECRET,
    { "hours", RPC_INTEGER, false, 720, "Of webhooks: so long the old secret signs beside it, 24 when not said." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_endpoint_rotate = {
    .name = "endpoint.rotate",
    .summary = "Gives an endpoint a new secret; for a while deliveries are signed with both.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = rotate_params,
    .result = ENDPOINT_RESULT ", and once: secret.", .run = endpoint_rotate,
};

static const struct rpc_param list_params[] = { RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END };

const struct rpc_method rpc_m_endpoint_list = {
    .name = "endpoint.list",
    .summary = "Lists where the team's entries are delivered to, and how far each has come.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_QUERY, .params = list_params,
    .result = "items: " ENDPOINT_RESULT ", head (the team's last entry); the cursor of the next page or null.",
    .query = endpoint_list,
};

static const struct rpc_param get_params[] = { RPC_PARAM_ENDPOINT, RPC_PARAM_END };

const struct rpc_method rpc_m_endpoint_get = {
    .name = "endpoint.get",
    .summary = "Shows an endpoint, how far it has come, and what has not arrived.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_READ, .params = get_params,
    .result = ENDPOINT_RESULT ", head (the team's last entry), deliveries as in delivery.list.",
    .run = endpoint_get,
};
/* clang-format on */
