/* SPDX-License-Identifier: Apache-2.0 */
/*
 * delivery.*: what did not arrive at once, what was given up, what was sent again by hand.
 *
 * An entry that arrived at its first attempt leaves nothing here but the endpoint's "seen".
 */
#include "data.h"
#include "endpoint.h"
#include "methods.h"
#include <string.h>

#define LISTED_MOST 10000

static json_t *
delivery_view(const json_t *row, const struct calendar_zone *zone)
{
    json_t *view = rpc_row_view(STORE_DELIVERY, row, zone);

    (void)json_object_set(view, "entry", json_object_get(view, "seq"));
    (void)json_object_del(view, "seq");
    return view;
}

static enum sgn_status
delivery_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
              struct sgn_error *err)
{
    static const char *const filters[] = { "endpoint", "status" };
    json_t *match = json_object(), *rows = NULL, *row, *items = json_array();
    size_t i;
    enum sgn_status status;

    for (i = 0; i < sizeof filters / sizeof filters[0]; i++)
        if (json_object_get(job->params, filters[i]) != NULL)
            (void)json_object_set(match, filters[i], json_object_get(job->params, filters[i]));
    status =
        store_row_list(reader, STORE_DELIVERY, job->team, match, NULL, LISTED_MOST, &rows, err);
    json_array_foreach(rows, i, row)
        (void)json_array_append_new(items, delivery_view(row, rpc_zone(lane, job->team)));
    json_decref(match);
    json_decref(rows);
    return rpc_page_end(status, job, items, err);
}

/* Of what is in its own turn the next attempt is now; what has had its turn is sent once more. */
static enum sgn_status
retry_row(struct lane_run *run, const struct lane_job *job, int64_t seq, struct sgn_error *err)
{
    const char *endpoint = sgn_json_str(job->params, "endpoint");
    json_t *cursor = NULL, *row = NULL;
    enum sgn_status status = lane_cursor_get(run, endpoint, &cursor, err);
    int64_t seen = sgn_json_int(cursor, "seq", 0);

    json_decref(cursor);
    if (status != SGN_OK)
        return status;
    status = rpc_delivery_row(run, endpoint, seq, &row, err);
    if (status == SGN_OK && sgn_json_str(row, "person") == NULL && seq > seen) {
        (void)json_object_set_new(row, "next", json_integer(lane_now(run)));
        status = lane_row_put(run, STORE_DELIVERY, row, err);
    } else if (status == SGN_OK || (status == SGN_NOT_FOUND && seq >= 1 && seq <= seen)) {
        sgn_error_clear(err);
        status = rpc_delivery_ask(run, job, endpoint, seq, NULL, err);
    } else if (status == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        status = rpc_data_invalid(err, "/entry",
                                  "entry %lld has not had its turn: %s has seen %lld entries",
                                  (long long)seq, endpoint, (long long)seen);
    }
    json_decref(row);
    return status;
}

static enum sgn_status
retry_endpoint(struct lane_run *run, const struct lane_job *job, int64_t seq, struct sgn_error *err)
{
    json_t *endpoint = NULL;
    enum sgn_status status = rpc_endpoint_row(run, job, &endpoint, err);

    if (status == SGN_OK && sgn_json_str(endpoint, "paused") != NULL)
        status = sgn_fail(err, SGN_NOT_NOW, "%s is switched off: switch it on first",
                          sgn_json_str(job->params, "endpoint"));
    json_decref(endpoint);
    return status == SGN_OK ? retry_row(run, job, seq, err) : status;
}

/* Of mails only those that were given up have rows; see outbox/mail.h. */
static enum sgn_status
retry_mail(struct lane_run *run, const struct lane_job *job, int64_t seq, struct sgn_error *err)
{
    const char *box = sgn_json_str(job->params, "endpoint"), *person = strchr(box, '/') + 1;
    json_t *row = NULL, *who = NULL;
    enum sgn_status status = rpc_delivery_row(run, box, seq, &row, err);

    if (status == SGN_NOT_FOUND)
        status = rpc_data_invalid(err, "/entry", "no mail %lld to %s was given up", (long long)seq,
                                  person);
    if (status == SGN_OK)
        status = rpc_data_row(run, STORE_PERSON, person, "/endpoint", SGN_NOT_FOUND, &who, err);
    if (status == SGN_OK && (!rpc_row_true(who, "active") || sgn_json_str(who, "mail") == NULL))
        status = sgn_fail(err, SGN_NOT_NOW, "%s has no mail address, or has left", person);
    if (status == SGN_OK)
        status = rpc_delivery_ask(run, job, box, seq, row, err);
    json_decref(row);
    json_decref(who);
    return status;
}

static enum sgn_status
delivery_retry(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const struct calendar_zone *zone = rpc_zone(lane_of(run), job->team);
    int64_t seq = sgn_json_int(job->params, "entry", 0);
    bool mail = strchr(sgn_json_str(job->params, "endpoint"), '/') != NULL;
    json_t *row = NULL;
    enum sgn_status status =
        mail ? retry_mail(run, job, seq, err) : retry_endpoint(run, job, seq, err);

    if (status == SGN_OK)
        status = rpc_delivery_row(run, sgn_json_str(job->params, "endpoint"), seq, &row, err);
    if (status == SGN_OK)
        status = rpc_data_give(run, job, delivery_view(row, zone), err);
    json_decref(row);
    return status;
}

/* clang-format off */
#define DELIVERY_RESULT \
    "endpoint (of mails mail/PERSON, digest/PERSON, hourly/PERSON or daily/PERSON), entry (0: a test; of mails the number of the " \
    "first message), status (waiting, dead, delivered, failed), attempts, next, " \
    "tried, code (of HTTP), error, person (who asked for it by hand)"

static const struct rpc_param list_params[] = {
    { "endpoint", RPC_STRING, false, SGN_KEY_MAX + 16, "Only this endpoint's, or mail/PERSON's." },
    { "status", RPC_STRING, false, 16, "Only those: waiting, dead, delivered or failed." },
    RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_delivery_list = {
    .name = "delivery.list",
    .summary = "Lists deliveries that did not arrive at once, were given up, or were asked for by hand.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_QUERY, .params = list_params,
    .result = "items: " DELIVERY_RESULT "; the cursor of the next page or null.",
    .query = delivery_list,
};

static const struct rpc_param retry_params[] = {
    { "endpoint", RPC_STRING, true, SGN_KEY_MAX + 16, "Key of the endpoint; of mails as delivery.list names it." },
    { "entry", RPC_INTEGER, true, 0, "Number of the entry, as delivery.list has it." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_delivery_retry = {
    .name = "delivery.retry",
    .summary = "Sends an entry to an endpoint now: one that waits for its next attempt, or once more one that "
               "was given up or delivered; or once more a mail that was given up.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = retry_params,
    .result = DELIVERY_RESULT ".", .run = delivery_retry,
};
/* clang-format on */
