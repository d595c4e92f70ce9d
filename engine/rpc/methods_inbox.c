/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inbox.*: what waits for the caller.
 *
 * It is read from what cases wait for, never kept beside it: nothing can be in an inbox that no
 * case waits for.
 */
#include "can.h"
#include "case_item.h"
#include "case_seen.h"
#include "methods.h"
#include "names.h"
#include "rpc_internal.h"
#include "say.h"
#include "titles.h"
#include "urgency.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNREAD_MOST 100

/* The digest that the giver's ballot must carry, as the case's row keeps it: theirs where a rule
 * covers something of its own, else that of the open round. Who votes says with it what they saw:
 * a case that has changed since refuses the ballot. */
static void
add_digest(json_t *view, const json_t *document, const char *state, const char *giver)
{
    const json_t *round = json_object_get(json_object_get(document, "rounds"), state), *waiting;
    json_t *digest = json_object_get(round, "digest");
    size_t i;

    json_array_foreach(json_object_get(document, "waiting"), i, waiting) {
        const char *person = sgn_json_str(waiting, "person"), *its = sgn_json_str(waiting, "state");
        if (json_object_get(waiting, "digest") != NULL && person != NULL && its != NULL &&
            strcmp(person, giver) == 0 && strcmp(its, state) == 0)
            digest = json_object_get(waiting, "digest");
    }

    if (digest != NULL && json_object_get(round, "ended") == NULL)
        (void)json_object_set(view, "digest", digest);
}

/* The field that a clock around the state waits for, or NULL. */
static const struct model_field *
field_awaited(const struct model *model, const json_t *document, const char *state)
{
    int at = model_state_find(model, state);
    const json_t *deadline;
    size_t i;

    json_array_foreach(json_object_get(document, "deadlines"), i, deadline) {
        const char *name = sgn_json_str(deadline, "name");
        int where = model_state_find(model, sgn_json_str(deadline, "state"));
        if (json_is_integer(json_object_get(deadline, "from")) ||
            (where > 0 && where != at && !model_descends(model, at, where)))
            continue;
        for (int k = 0; name != NULL && k < model->n_deadlines; k++)
            if (strcmp(model->deadlines[k].name, name) == 0 && model->deadlines[k].from != NULL)
                return model_field_find(model, model->deadlines[k].from);
    }
    return NULL;
}

/* Nobody is late for what has not begun, and its reader is told what it waits for; the team also
 * why it was offered to its leads. */
static json_t *
why_of(const struct model *model, const struct lane_job *job, const json_t *item,
       const json_t *document)
{
    const char *state = sgn_json_str(item, "state"), *why = sgn_json_str(item, "why");
    const char *offered =
        sgn_json_str(json_object_get(json_object_get(document, "owners"), state), "why");
    bool for_client = rpc_query_is_client(job);
    const struct model_field *field =
        rpc_urgency_waits(item) && state != NULL ? field_awaited(model, document, state) : NULL;
    bool hidden = for_client && field != NULL && !field->shared;
    const char *title =
        field != NULL && !hidden ? model_title(field->title, job->language, field->name) : NULL;
    char *nobody = NULL;
    json_t *out;

    if (offered != NULL && !for_client && strcmp(sgn_json_str(item, "kind"), "offer") == 0)
        nobody = sgn_say_text(job->language, offered);
    if (title == NULL)
        out = sgn_json_string_or_null(for_client ? NULL : nobody != NULL ? nobody : why);
    else if (nobody == NULL)
        out = json_sprintf(sgn_say(job->language, "its clock has not started: %s is empty"), title);
    else
        out = json_sprintf(sgn_say(job->language, "its clock has not started: %s is empty; %s"),
                           title, nobody);
    free(nobody);
    return out;
}

/* What it is about, and what can be done. */
static enum sgn_status
add_about(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
          const json_t *item, const json_t *document, json_t *view, struct sgn_error *err)
{
    const char *rules = sgn_json_str(document, "rules");
    struct model *model = NULL;
    enum sgn_status status = rpc_case_titles(reader, lane, job, document, view, err);

    if (status == SGN_OK)
        status = lane_model(lane, reader, job->team, rules != NULL ? rules : "", &model, err);
    if (status == SGN_OK) {
        (void)json_object_set_new(
            view, "can",
            rpc_can_do(model, document, sgn_json_str(item, "kind"), sgn_json_str(item, "state")));
        (void)json_object_set_new(view, "why", why_of(model, job, item, document));
        status = rpc_urgency_show(item, view, err);
    }
    model_free(model);
    return status;
}

/* One item, or NULL in *out when the caller may not see its case. */
static enum sgn_status
inbox_item(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
           const struct calendar_zone *zone, const json_t *item, json_t **out,
           struct sgn_error *err)
{
    const char *kind = sgn_json_str(item, "kind");
    const char *key = sgn_json_str(item, "case");
    bool approval = kind != NULL && strcmp(kind, "approval") == 0;
    bool for_client = rpc_query_is_client(job);
    int64_t now = sgn_clock_now(lane_clock(lane)), due = sgn_json_int(item, "due", 0);
    json_t *document = NULL, *view = NULL;
    enum core_sight sight;
    enum sgn_status status = rpc_case_sight(reader, lane, job, key, &sight, &document, err);

    *out = NULL;
    if (status == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        return SGN_OK;
    }
    if (status == SGN_OK) {
        view = rpc_case_item(item, for_client, zone);
        status = view != NULL ? SGN_OK : sgn_nomem(err);
    }
    if (status == SGN_OK)
        status = add_about(reader, lane, job, item, document, view, err);
    if (status == SGN_OK) {
        (void)json_object_set(view, "kind", json_object_get(item, "kind"));
        (void)json_object_set(view, "state", json_object_get(item, "state"));
        (void)json_object_set(view, "role", json_object_get(item, "role"));
        if (sgn_json_str(item, "on_behalf") != NULL)
            (void)json_object_set(view, "on_behalf", json_object_get(item, "on_behalf"));
        (void)json_object_set_new(view, "since", rpc_time(zone, sgn_json_int(item, "since", 0)));
        (void)json_object_set_new(view, "due", rpc_time(zone, due));
        (void)json_object_set_new(view, "overdue", json_boolean(due != 0 && due < now));
        if (!for_client)
            (void)json_object_set(view, "group", json_object_get(item, "case_group"));
        if (approval)
            add_digest(view, document, sgn_json_str(item, "state"),
                       sgn_json_str(item, "on_behalf") != NULL ? sgn_json_str(item, "on_behalf")
                                                               : job->person);
        *out = view;
        view = NULL;
    }
    json_decref(view);
    json_decref(document);
    return status;
}

/* Whoever lost sight of a case since it asked them is not shown it: the item is left out, and
 * the page may be shorter than its limit. */
static enum sgn_status
inbox_list(struct store_reader *reader, struct lane *lane, struct lane_job *job,
           struct sgn_error *err)
{
    const struct calendar_zone *zone = rpc_zone(lane, job->team);
    const struct rpc_names_from from = { .reader = reader,
                                         .team = job->team,
                                         .language = job->language };
    struct rpc_urgent_page page = { 0 };
    json_t *items = json_array(), *view;
    const json_t *item;
    size_t i;
    json_t *others = NULL;
    enum sgn_status status = rpc_givers(reader, lane, job, job->person, &others, err);

    if (status == SGN_OK)
        status = rpc_urgent_page(reader, lane, job, others, sgn_json_str(job->params, "cursor"),
                                 rpc_page_limit(job->params), &page, err);
    json_decref(others);

    json_array_foreach(page.items, i, item) {
        if (status == SGN_OK)
            status = inbox_item(reader, lane, job, zone, item, &view, err);
        if (status == SGN_OK && view != NULL)
            (void)json_array_append_new(items, view);
    }
    if (status == SGN_OK)
        status = rpc_page_give(job, items, page.cursor, err);
    else
        json_decref(items);
    if (status == SGN_OK)
        status = rpc_names_add(&from, job, err);
    rpc_urgent_page_deinit(&page);
    return status;
}

static void
count_one(json_t *counts, const char *name)
{
    (void)json_object_set_new(counts, name, json_integer(sgn_json_int(counts, name, 0) + 1));
}

/* Counts by kind; a client's person sees the same items as in the list. */
static enum sgn_status
count_page(struct rpc_case_eyes *eyes, const json_t *items, json_t *counts, struct sgn_error *err)
{
    int64_t now = sgn_clock_now(lane_clock(eyes->lane));
    const json_t *item;
    size_t i;

    json_array_foreach(items, i, item) {
        int64_t due = sgn_json_int(item, "due", 0);
        bool sees = false;
        enum sgn_status status =
            rpc_case_eyes_see(eyes, item, sgn_json_str(item, "case"), &sees, err);
        if (status != SGN_OK)
            return status;
        if (!sees)
            continue;
        count_one(counts, "count");
        if (sgn_json_str(item, "kind") != NULL)
            count_one(json_object_get(counts, "kinds"), sgn_json_str(item, "kind"));
        if (due > 0 && due < now)
            count_one(counts, "overdue");
    }
    return SGN_OK;
}

/* Messages not read yet, up to UNREAD_MOST. */
static enum sgn_status
count_unread(struct store_reader *reader, const struct lane_job *job, json_t *counts,
             struct sgn_error *err)
{
    json_t *match = json_pack("{s:s, s:b}", "person", job->person, "read", 0), *rows = NULL;
    enum sgn_status status = match != NULL ? store_row_list(reader, STORE_MESSAGE, job->team, match,
                                                            NULL, UNREAD_MOST, &rows, err)
                                           : sgn_nomem(err);

    if (status == SGN_OK &&
        json_object_set_new(counts, "unread", json_integer((json_int_t)json_array_size(rows))) != 0)
        status = sgn_nomem(err);
    json_decref(match);
    json_decref(rows);
    return status;
}

/* One page of the store's: beyond it there are many, and how many nobody asks for a number that
 * is asked for again with each event. */
static enum sgn_status
inbox_count(struct store_reader *reader, struct lane *lane, struct lane_job *job,
            struct sgn_error *err)
{
    json_t *counts = json_pack("{s:i, s:i, s:{}}", "count", 0, "overdue", 0, "kinds");
    struct store_inbox_filter filter = { .team = job->team, .person = job->person };
    struct rpc_case_eyes eyes = { .reader = reader, .lane = lane, .job = job };
    struct store_page page = { 0 };
    json_t *others = NULL;
    enum sgn_status status = counts != NULL ? SGN_OK : sgn_nomem(err);

    if (status == SGN_OK)
        status = rpc_givers(reader, lane, job, job->person, &others, err);
    filter.others = others;
    if (status == SGN_OK)
        status = store_inbox_for(reader, &filter, NULL, STORE_INBOX_MAX, &page, err);
    if (status == SGN_OK)
        status = count_page(&eyes, page.items, counts, err);
    rpc_case_eyes_deinit(&eyes);
    if (status == SGN_OK &&
        json_object_set_new(counts, "more", json_boolean(page.cursor != NULL)) != 0)
        status = sgn_nomem(err);
    if (status == SGN_OK)
        status = count_unread(reader, job, counts, err);
    store_page_deinit(&page);
    json_decref(others);
    if (status == SGN_OK)
        job->result = counts;
    else
        json_decref(counts);
    return status;
}

/* clang-format off */
static const struct rpc_param list_params[] = {
    { "case", RPC_STRING, false, 32, "Only what this case waits for." },
    RPC_PARAM_NAMES, RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_inbox_list = {
    .name = "inbox.list",
    .summary = "Lists what waits for you, most urgent first: by how much time is left that counts; then "
               "what is paused, what has not started and what has no deadline.",
    .access = CORE_PERSON, .where = RPC_QUERY, .params = list_params,
    .result = "items: a case as in case.list, with kind (owner, offer, approval, task, stuck), "
              "state, role, since, due, overdue, clock (running, paused, not started or null), left_seconds "
              "of the time that counts (below zero: over) and counts (which), why or null, can: {method, ...} "
              "which answers it and, for an approval, the digest that your ballot (or, with on_behalf, that "
              "person's) must carry; the cursor of the next page or null.",
    .query = inbox_list,
};

static const struct rpc_param count_params[] = { RPC_PARAM_END };

const struct rpc_method rpc_m_inbox_count = {
    .name = "inbox.count",
    .summary = "Counts what waits for you, up to a thousand, and what you were told and have not read.",
    .access = CORE_PERSON, .where = RPC_QUERY, .params = count_params,
    .result = "count, overdue, kinds: {KIND: count}, more: not all of it was counted; unread: messages not read, up to "
              "100.", .query = inbox_count,
};
/* clang-format on */
