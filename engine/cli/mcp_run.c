/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tools of "signoff mcp" that are more than one call.
 *
 * A decision is never a slip: without the digest of what was shown nothing is sent, and with it the
 * server compares it with what is being agreed to at that moment. Nothing here decides whether it
 * fits.
 */
#include "json.h"
#include "mcp.h"
#include <string.h>

#define REPORT_PAGES 20 /* of a report: 10,000 cases */
#define PAGE_MOST    500

enum sgn_status
mcp_call(struct mcp *mcp, const char *method, const json_t *params, json_t **out,
         struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    if (mcp->client == NULL)
        st = cli_connect(mcp->cli, &mcp->client, err);
    if (st == SGN_OK)
        st = client_call(mcp->client, method, params, out, err);
    /* The next call finds the server that may have been started again by then. */
    if (st == SGN_UNKNOWN_OUTCOME || st == SGN_UNAVAILABLE) {
        client_free(mcp->client);
        mcp->client = NULL;
    }
    return st;
}

/* ---- decide ---- */

/* What a ballot would agree to: [{field, title, value}] of the covered fields. */
static json_t *
content(const json_t *view, const json_t *round)
{
    const json_t *fields = json_object_get(view, "fields");
    const json_t *titles = json_object_get(view, "field_titles");
    json_t *list = json_array();
    const json_t *name;
    size_t i;

    json_array_foreach(json_object_get(round, "covers"), i, name) {
        const char *key = json_string_value(name);
        (void)json_array_append_new(list, json_pack("{s:s, s:O?, s:O?}", "field", key, "title",
                                                    json_object_get(titles, key), "value",
                                                    json_object_get(fields, key)));
    }
    return list;
}

static json_t *
preview(const json_t *view, const json_t *round, const char *choice)
{
    return json_pack("{s:b, s:O, s:O?, s:O, s:s, s:o, s:O?, s:O, s:s}", "decided", 0, "case",
                     json_object_get(view, "case"), "title", json_object_get(view, "title"),
                     "approval", json_object_get(round, "approval"), "choice", choice, "agrees_to",
                     content(view, round), "files", json_object_get(view, "files"), "digest",
                     json_object_get(round, "digest"), "next",
                     "Nothing is decided yet. Show this to the person. When they agree to exactly "
                     "this, call case_decide again with confirm set to this digest.");
}

static enum sgn_status
find_round(const json_t *view, const json_t *arguments, const json_t **out, struct sgn_error *err)
{
    const char *key = sgn_json_str(arguments, "case");
    const char *approval = sgn_json_str(arguments, "approval");

    *out = remote_open_round(view, approval);
    if (*out == NULL && approval == NULL && remote_open_rounds(view) > 1)
        return sgn_fail(err, SGN_NOT_NOW,
                        "%s has several open approvals: name one with the argument approval", key);
    if (*out == NULL)
        return sgn_fail(err, SGN_NOT_NOW, "%s has no open approval%s%s that you could vote in", key,
                        approval != NULL ? " " : "", approval != NULL ? approval : "");
    if (!sgn_json_true(*out, "asked"))
        return sgn_fail(err, SGN_FORBIDDEN, "you are not asked in the approval %s of %s",
                        sgn_json_str(*out, "approval"), key);
    if (json_object_get(json_object_get(*out, "choices"), sgn_json_str(arguments, "choice")) ==
        NULL)
        return sgn_fail(err, SGN_INVALID, "the approval %s of %s has no choice '%.40s'",
                        sgn_json_str(*out, "approval"), key, sgn_json_str(arguments, "choice"));
    return SGN_OK;
}

static enum sgn_status
vote(struct mcp *mcp, const json_t *arguments, const json_t *round, json_t **out,
     struct sgn_error *err)
{
    json_t *params = json_copy((json_t *)arguments);
    enum sgn_status st = params != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK && (json_object_set(params, "digest", json_object_get(params, "confirm")) ||
                         json_object_del(params, "confirm") ||
                         json_object_set(params, "approval", json_object_get(round, "approval"))))
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = remote_name_request(params, err);
    if (st == SGN_OK)
        st = mcp_call(mcp, "approval.vote", params, out, err);
    if (st == SGN_OK && (json_object_set_new(*out, "decided", json_true()) != 0 ||
                         json_object_set(*out, "digest", json_object_get(params, "digest")) != 0))
        st = sgn_nomem(err);
    json_decref(params);
    return st;
}

enum sgn_status
mcp_decide(struct mcp *mcp, json_t *arguments, json_t **out, struct sgn_error *err)
{
    json_t *ask = json_pack("{s:O}", "case", json_object_get(arguments, "case"));
    json_t *view = NULL;
    const json_t *round = NULL;
    enum sgn_status st = ask != NULL ? mcp_call(mcp, "case.get", ask, &view, err) : sgn_nomem(err);

    if (st == SGN_OK)
        st = find_round(view, arguments, &round, err);
    if (st == SGN_OK && json_object_get(arguments, "confirm") == NULL) {
        *out = preview(view, round, sgn_json_str(arguments, "choice"));
        st = *out != NULL ? SGN_OK : sgn_nomem(err);
    } else if (st == SGN_OK) {
        st = vote(mcp, arguments, round, out, err);
    }
    json_decref(ask);
    json_decref(view);
    return st;
}

/* ---- report ---- */

static void
count(json_t *counts, const char *name)
{
    if (name != NULL)
        (void)json_object_set_new(counts, name, json_integer(sgn_json_int(counts, name, 0) + 1));
}

static void
count_case(json_t *report, const json_t *item, int64_t now)
{
    static const char *const members[] = { "workflow", "project", "owner", "priority" };
    int64_t due = cli_time_ms(json_object_get(item, "due_at"));
    const json_t *state;
    char by[32];
    size_t i;

    count(report, "open");
    if (due >= 0 && now >= 0 && due < now)
        count(report, "overdue");
    json_array_foreach(json_object_get(item, "states"), i, state)
        count(json_object_get(report, "by_state"), json_string_value(state));
    for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        snprintf(by, sizeof(by), "by_%s", members[i]);
        count(json_object_get(report, by), sgn_json_str(item, members[i]));
    }
}

/* Counted here, from the list that the person may see: what they do not see is not in the sums. */
enum sgn_status
mcp_report(struct mcp *mcp, json_t *arguments, json_t **out, struct sgn_error *err)
{
    json_t *params = json_copy(arguments);
    json_t *report = json_pack("{s:i, s:i, s:{}, s:{}, s:{}, s:{}, s:{}}", "open", 0, "overdue", 0,
                               "by_workflow", "by_state", "by_project", "by_owner", "by_priority");
    const char *cursor = "";
    int64_t now = -1;
    enum sgn_status st = SGN_OK;

    if (params == NULL || report == NULL || json_object_set_new(params, "open", json_true()) != 0 ||
        json_object_set_new(params, "limit", json_integer(PAGE_MOST)) != 0)
        st = sgn_nomem(err);
    for (int pages = 0; st == SGN_OK && cursor != NULL && pages < REPORT_PAGES; pages++) {
        json_t *page = NULL;
        const json_t *item;
        size_t i;

        st = mcp_call(mcp, "case.list", params, &page, err);
        if (st == SGN_OK && now < 0)
            now = remote_now(mcp->client);
        json_array_foreach(json_object_get(page, "items"), i, item)
            count_case(report, item, now);
        cursor = sgn_json_str(page, "cursor");
        if (cursor != NULL && json_object_set_new(params, "cursor", json_string(cursor)) != 0)
            st = sgn_nomem(err);
        cursor = sgn_json_str(params, cursor != NULL ? "cursor" : "");
        json_decref(page);
    }
    /* false: there are more than were counted. */
    if (st == SGN_OK && json_object_set_new(report, "complete", json_boolean(cursor == NULL)) != 0)
        st = sgn_nomem(err);
    json_decref(params);
    if (st == SGN_OK)
        *out = report;
    else
        json_decref(report);
    return st;
}
