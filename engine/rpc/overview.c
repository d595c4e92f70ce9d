/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A project at a glance, see overview.h: one list of cases after the other, in slices.
 *
 *   open cases ─▶ those past their time ─▶ the next dates ─▶ milestones ─▶ charter ─▶ ... ─▶
 * silence
 */
#include "case_item.h"
#include "clock.h"
#include "overview_internal.h"
#include "purpose.h"
#include "titles.h"
#include "verdict.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define PAGE      500
#define DATES     8  /* next ones that are told */
#define CHARTERS  20 /* looked through for one that was not called off */
#define CLOSEOUTS 20
#define SURVEYS   50 /* looked through for one that has answers */

enum take {
    TAKE_OPEN,
    TAKE_OVERDUE,
    TAKE_NEXT,
    TAKE_MILESTONE,
    TAKE_CHARTER,
    TAKE_BUDGET,
    TAKE_CHANGE,
    TAKE_SURVEY,
    TAKE_CLOSEOUT,
};

static const struct pass {
    enum take take;
    const char *purpose; /* of workflows that serve as it; NULL: of any */
    const char *filled;  /* only those of which this field is; NULL: all */
    const char *sort;    /* NULL: as opened, the newest first */
    int most;            /* 0: all */
    bool open, overdue;
    bool teams;     /* the team's own: not read for a client's person */
    bool judged;    /* health rests on it */
    bool described; /* the case itself is read: its titles and fields */
    bool counted;   /* by the store, where it can */
} passes[] = {
    { TAKE_OPEN, NULL, NULL, "key", 0, true, false, false, true, false, true },
    { TAKE_OVERDUE, NULL, NULL, "key", 0, true, true, true, true, false, true },
    { TAKE_NEXT, NULL, NULL, "due", DATES, true, false, true, false, true, false },
    { TAKE_MILESTONE, OVERVIEW_MILESTONE, NULL, NULL, 0, false, false, false, true, true, false },
    { TAKE_CHARTER, OVERVIEW_CHARTER, NULL, NULL, CHARTERS, false, false, false, false, true,
      false },
    { TAKE_BUDGET, OVERVIEW_BUDGET, NULL, NULL, 0, false, false, true, true, true, false },
    { TAKE_CHANGE, OVERVIEW_CHANGE, "cost", NULL, 0, false, false, false, false, true, false },
    { TAKE_SURVEY, OVERVIEW_SURVEY, NULL, NULL, SURVEYS, false, false, true, true, true, false },
    { TAKE_CLOSEOUT, OVERVIEW_CLOSEOUT, NULL, NULL, CLOSEOUTS, false, false, true, false, true,
      false },
};
#define PASSES ((int)(sizeof(passes) / sizeof(passes[0])))

void
rpc_overview_free(void *overview)
{
    struct rpc_overview *o = overview;

    if (o == NULL)
        return;
    json_decref(o->row);
    rpc_case_seen_deinit(&o->seen);
    json_decref(o->purposes);
    json_decref(o->there);
    free(o->cursor);
    json_decref(o->items);
    json_decref(o->work);
    json_decref(o->next);
    json_decref(o->milestones);
    json_decref(o->budgets);
    json_decref(o->changes);
    json_decref(o->agreed_costs);
    json_decref(o->charter);
    json_decref(o->closeout);
    json_decref(o->closeout_row);
    free(o);
}

/* Of a client's people those know a project who hold a role in it. */
static enum sgn_status
is_theirs(struct rpc_overview *o, struct store_reader *reader, const struct lane_job *job,
          bool *out, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s, s:s}", "project", o->project, "person", job->person);
    json_t *rows = NULL;
    enum sgn_status status =
        store_row_list(reader, STORE_MEMBERSHIP, job->team, match, NULL, 1, &rows, err);

    *out = json_array_size(rows) > 0 && core_knows_project(job->caller, o->row);
    json_decref(match);
    json_decref(rows);
    return status;
}

/* One answer for absent and not yours. */
static enum sgn_status
project_read(struct rpc_overview *o, struct store_reader *reader, const struct lane_job *job,
             struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "project", o->project);
    enum sgn_status status = store_row_get(reader, STORE_PROJECT, job->team, key, &o->row, err);
    bool known = true;

    json_decref(key);
    if (status == SGN_OK && o->for_client)
        status = is_theirs(o, reader, job, &known, err);
    if (status == SGN_NOT_FOUND || (status == SGN_OK && !known)) {
        status = sgn_fail(err, SGN_NOT_FOUND, "there is no project '%.40s'", o->project);
        sgn_error_add(err, "pointer", json_string("/project"));
    }
    return status;
}

/* A workflow that is in force no more served as what it is called. */
static json_t *
purposes_of(const struct lane_team *team)
{
    json_t *all = json_object();
    const struct model_purpose *purposes;
    size_t n;

    for (int i = 0; team != NULL && i < team->n_workflows; i++)
        (void)json_array_append_new(sgn_json_list_within(all, team->workflows[i]->serves),
                                    json_string(team->workflows[i]->name));
    purposes = model_purposes(&n);
    for (size_t i = 0; i < n; i++)
        if (team == NULL || lane_team_workflow(team, purposes[i].name) == NULL)
            (void)json_array_append_new(sgn_json_list_within(all, purposes[i].name),
                                        json_string(purposes[i].name));
    return all;
}

static void
purposes_read(struct rpc_overview *o, struct lane *lane, const struct lane_job *job)
{
    const struct lane_site *site = lane_site_ref(lane);

    o->purposes = purposes_of(site != NULL ? lane_site_team(site, job->team) : NULL);
    lane_site_free(lane, site);
}

bool
overview_has(const struct rpc_overview *o, const char *workflow)
{
    return o->there == NULL || json_object_get(o->there, workflow) != NULL;
}

enum sgn_status
rpc_overview_new(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
                 const char *project, bool health_alone, struct rpc_overview **out,
                 struct sgn_error *err)
{
    struct rpc_overview *o = calloc(1, sizeof(*o));
    enum sgn_status status;

    *out = o;
    if (o == NULL)
        return sgn_nomem(err);
    sgn_text_copy(o->project, sizeof(o->project), project);
    o->zone = rpc_zone(lane, job->team);
    o->now = sgn_clock_now(lane_clock(lane));
    o->today = sgn_floor_div(
        o->now + (int64_t)calendar_zone_offset(o->zone, o->now) * SGN_SECOND_MS, SGN_DAY_MS);
    o->for_client = rpc_query_is_client(job);
    o->health_alone = health_alone;
    o->work = json_object();
    o->next = json_array();
    o->milestones = json_array();
    o->budgets = json_array();
    o->changes = json_array();
    o->agreed_costs = json_object();
    purposes_read(o, lane, job);
    status = project_read(o, reader, job, err);
    if (status == SGN_OK)
        status = rpc_case_seen(reader, lane, job, &o->seen, err);
    if (status != SGN_OK) {
        rpc_overview_free(o);
        *out = NULL;
    }
    return status;
}

/* ---- the lists ---- */

static void
take(struct rpc_overview *o, const json_t *item, json_t *view, const json_t *document)
{
    switch (passes[o->pass].take) {
    case TAKE_OPEN:
        overview_take_open(o, item);
        break;
    case TAKE_OVERDUE:
        overview_take_overdue(o, item);
        break;
    case TAKE_NEXT:
        overview_take_next(o, item, view);
        break;
    case TAKE_MILESTONE:
        overview_take_milestone(o, view);
        break;
    case TAKE_CHARTER:
        overview_take_charter(o, view);
        break;
    case TAKE_BUDGET:
        overview_take_budget(o, view);
        break;
    case TAKE_CHANGE:
        overview_take_change(o, view);
        break;
    case TAKE_SURVEY:
        overview_take_survey(o, view);
        break;
    case TAKE_CLOSEOUT:
        overview_take_closeout(o, view, document);
        break;
    }
}

/* A case that the caller does not see (any more) is none. */
static enum sgn_status
described(struct rpc_overview *o, struct store_reader *reader, struct lane *lane,
          const struct lane_job *job, const json_t *item, struct sgn_error *err)
{
    json_t *view = rpc_case_item(item, o->for_client, o->zone), *document = NULL;
    enum core_sight sight;
    enum sgn_status status =
        rpc_case_sight(reader, lane, job, sgn_json_str(item, "key"), &sight, &document, err);

    if (status == SGN_OK)
        status = rpc_case_titles(reader, lane, job, document, view, err);
    if (status == SGN_OK && passes[o->pass].take != TAKE_NEXT)
        status = rpc_case_fields(reader, lane, job, document, view, err);
    if (status == SGN_OK)
        take(o, item, view, document);
    json_decref(document);
    json_decref(view);
    return sgn_if_any(status, err);
}

/* Open cases, with those that have ended, and overdue ones by what they are in, all at once.
 * SGN_OVERLOADED, SGN_TOO_LARGE: there are too many for that. */
static enum sgn_status
groups_read(struct rpc_overview *o, struct store_reader *reader, const struct lane_job *job,
            bool stuck, json_t **out, struct sgn_error *err)
{
    static const struct store_count all = { .by = { "workflow", "states", "outcome" }, .n_by = 3 },
                                    overdue = { .by = { "workflow" }, .n_by = 1 };
    const struct pass *pass = &passes[o->pass];
    struct store_case_filter filter = { .team = job->team,
                                        .project = o->project,
                                        .open = pass->overdue || stuck,
                                        .stuck = stuck,
                                        .overdue_at = pass->overdue ? o->now : 0 };

    rpc_case_seen_put(&o->seen, job, &filter);
    return store_case_count(reader, &filter, pass->overdue || stuck ? &overdue : &all, out, err);
}

static int64_t
groups_sum(const json_t *groups)
{
    const json_t *group;
    int64_t n = 0;
    size_t i;

    json_array_foreach(groups, i, group)
        n += sgn_json_int(group, "n", 0);
    return n;
}

/* The groups of all cases: those that are open count; of which workflows there are any spares the
 * lists of those that there are not. */
static enum sgn_status
groups_take(struct rpc_overview *o, const json_t *groups, struct sgn_error *err)
{
    const json_t *group;
    size_t i;
    bool all = passes[o->pass].take == TAKE_OPEN;

    if (all && o->there == NULL && (o->there = json_object()) == NULL)
        return sgn_nomem(err);
    json_array_foreach(groups, i, group) {
        if (all && json_object_set_new(o->there, sgn_json_str(group, "workflow"), json_true()) != 0)
            return sgn_nomem(err);
        if (!all || sgn_json_str(group, "outcome") == NULL)
            take(o, group, NULL, NULL);
    }
    return SGN_OK;
}

static enum sgn_status
count(struct rpc_overview *o, struct store_reader *reader, const struct lane_job *job,
      struct sgn_error *err)
{
    json_t *groups = NULL, *stuck = NULL;
    enum sgn_status status = groups_read(o, reader, job, false, &groups, err);

    if (status == SGN_OK && passes[o->pass].take == TAKE_OPEN)
        status = groups_read(o, reader, job, true, &stuck, err);
    o->listed = status == SGN_OVERLOADED || status == SGN_TOO_LARGE;
    if (o->listed) {
        sgn_error_clear(err);
        status = SGN_OK;
    } else if (status == SGN_OK) {
        status = groups_take(o, groups, err);
        o->stuck += groups_sum(stuck);
        o->pass_ends = true;
    }
    json_decref(groups);
    json_decref(stuck);
    return status;
}

static enum sgn_status
page_read(struct rpc_overview *o, struct store_reader *reader, const struct lane_job *job,
          struct sgn_error *err)
{
    const struct pass *pass = &passes[o->pass];
    struct store_case_filter filter = { .team = job->team,
                                        .workflows = json_object_get(o->purposes, pass->purpose),
                                        .project = o->project,
                                        .open = pass->open,
                                        .overdue_at = pass->overdue ? o->now : 0,
                                        .filled = pass->filled,
                                        .sort = pass->sort,
                                        .descending = pass->sort == NULL,
                                        .cursor = o->cursor,
                                        .limit = pass->most > 0 ? pass->most : PAGE };
    struct store_page page = { 0 };
    enum sgn_status status;

    rpc_case_seen_put(&o->seen, job, &filter);
    status = store_case_query(reader, &filter, &page, err);
    json_decref(o->items);
    free(o->cursor);
    o->items = page.items;
    o->cursor = page.cursor;
    o->at = 0;
    return status;
}

/* Where no workflow serves as it, or none of those has a case, there is nothing to be read. */
static bool
has_cases(const struct rpc_overview *o, const char *purpose)
{
    const json_t *workflows = json_object_get(o->purposes, purpose), *name;
    size_t i;

    json_array_foreach(workflows, i, name)
        if (overview_has(o, json_string_value(name)))
            return true;
    return false;
}

static bool
is_wanted(const struct rpc_overview *o, const struct pass *pass)
{
    return (pass->purpose == NULL || has_cases(o, pass->purpose)) &&
           !(pass->teams && o->for_client) && !(o->health_alone && !pass->judged);
}

static void
next_pass(struct rpc_overview *o)
{
    json_decref(o->items);
    free(o->cursor);
    o->items = NULL;
    o->cursor = NULL;
    o->at = 0;
    o->taken = 0;
    o->pass_ends = false;
    o->listed = false;
    o->pass++;
}

/* A case, or a page of them. */
static enum sgn_status
step(struct rpc_overview *o, struct store_reader *reader, struct lane *lane,
     const struct lane_job *job, struct sgn_error *err)
{
    const struct pass *pass = &passes[o->pass];
    const json_t *item;

    if (!is_wanted(o, pass) || o->pass_ends || (pass->most > 0 && o->taken >= pass->most)) {
        next_pass(o);
        return SGN_OK;
    }
    if (o->at < json_array_size(o->items)) {
        item = json_array_get(o->items, o->at++);
        o->taken++;
        if (pass->described)
            return described(o, reader, lane, job, item, err);
        take(o, item, NULL, NULL);
        return SGN_OK;
    }
    if (o->items == NULL && !o->listed && pass->counted)
        return count(o, reader, job, err);
    if (o->items == NULL || o->cursor != NULL)
        return page_read(o, reader, job, err);
    next_pass(o);
    return SGN_OK;
}

enum sgn_status
rpc_overview_slice(struct rpc_overview *o, struct store_reader *reader, struct lane *lane,
                   const struct lane_job *job, int64_t until, struct sgn_error *err)
{
    enum sgn_status status = SGN_OK;

    while (status == SGN_OK && o->pass < PASSES && sgn_monotonic_ms() < until)
        status = step(o, reader, lane, job, err);
    if (status == SGN_OK && o->pass < PASSES)
        return SGN_NEEDS;
    if (status == SGN_OK && !o->for_client && !o->silence_known)
        status = overview_silence(o, reader, job, err);
    return status;
}

/* ---- the answer ---- */

static bool
is_closed(const struct rpc_overview *o)
{
    const char *state = sgn_json_str(o->row, "state");

    return state != NULL && strcmp(state, "closed") == 0;
}

json_t *
rpc_overview_health(const struct rpc_overview *o, struct lane *lane, const struct lane_job *job)
{
    const struct lane_site *site;
    const struct lane_team *team;
    json_t *figures, *health;

    if (o->for_client || is_closed(o))
        return json_null();
    site = lane_site_ref(lane);
    team = site != NULL ? lane_site_team(site, job->team) : NULL;
    figures = overview_figures(o);
    health = report_health(team != NULL && team->team != NULL ? team->team->health : NULL, figures,
                           job->language);
    if (health != NULL)
        (void)json_object_set_new(
            health, "own_limits",
            json_boolean(team != NULL && team->team != NULL && team->team->health != NULL));
    json_decref(figures);
    lane_site_free(lane, site);
    return health;
}

/* What a project or a client is called in the caller's language. */
static json_t *
title_of(const json_t *row, const struct lane_job *job, const char *key)
{
    return json_string(model_title(json_object_get(row, "title"), job->language, key));
}

static enum sgn_status
client_title(struct store_reader *reader, const struct lane_job *job, const char *client,
             json_t **out, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "client", client), *row = NULL;
    enum sgn_status status = store_row_get(reader, STORE_CLIENT, job->team, key, &row, err);

    if (status == SGN_OK || status == SGN_NOT_FOUND)
        *out = title_of(row, job, client);
    json_decref(key);
    json_decref(row);
    return sgn_if_any(status, err);
}

/* {"project", "title", "client", "client_title", "currency", "state", "since"}. */
static enum sgn_status
head_give(const struct rpc_overview *o, struct store_reader *reader, const struct lane_job *job,
          json_t *out, struct sgn_error *err)
{
    const char *client = sgn_json_str(o->row, "client");
    json_t *title = NULL;
    enum sgn_status status =
        client != NULL ? client_title(reader, job, client, &title, err) : SGN_OK;

    (void)json_object_set_new(out, "project", json_string(o->project));
    (void)json_object_set_new(out, "title", title_of(o->row, job, o->project));
    (void)json_object_set_new(out, "client", sgn_json_string_or_null(client));
    (void)json_object_set_new(out, "client_title", title != NULL ? title : json_null());
    (void)json_object_set(out, "state", json_object_get(o->row, "state"));
    (void)json_object_set_new(out, "since", rpc_time(o->zone, sgn_json_int(o->row, "since", 0)));
    (void)json_object_set_new(out, "made_at", rpc_time(o->zone, o->now));
    return status;
}

/* The title of each member beside them. */
static enum sgn_status
members_give(const struct rpc_overview *o, struct store_reader *reader, const struct lane_job *job,
             json_t **out, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", "project", o->project), *rows = NULL, *row;
    size_t i;
    enum sgn_status status =
        store_row_list(reader, STORE_MEMBERSHIP, job->team, match, NULL, INT_MAX, &rows, err);

    *out = json_array();
    json_array_foreach(rows, i, row) {
        const char *person = sgn_json_str(row, "person");
        json_t *key = json_pack("{s:s}", "person", person), *its = NULL;
        json_t *share = json_object_get(row, "share");
        if (status == SGN_OK)
            status =
                sgn_if_any(store_row_get(reader, STORE_PERSON, job->team, key, &its, err), err);
        (void)json_array_append_new(*out, json_pack("{s:s, s:o, s:O, s:O}", "person", person,
                                                    "title", title_of(its, job, person), "role",
                                                    json_object_get(row, "role"), "share",
                                                    share != NULL ? share : json_null()));
        json_decref(key);
        json_decref(its);
    }
    json_decref(match);
    json_decref(rows);
    return status;
}

static void
work_give(const struct rpc_overview *o, const struct lane_team *team, const struct lane_job *job,
          json_t *out)
{
    const char *currency = sgn_json_str(o->row, "currency");

    if (currency == NULL && team != NULL && team->team != NULL)
        currency = team->team->currency;
    (void)json_object_set_new(out, "currency", sgn_json_string_or_null(currency));
    (void)json_object_set_new(
        out, "work",
        json_pack("{s:I, s:o, s:o, s:o}", "open", (json_int_t)o->open, "overdue",
                  o->for_client ? json_null() : json_integer(o->overdue), "stuck",
                  o->for_client ? json_null() : json_integer(o->stuck), "workflows",
                  overview_work(o, team, job->language)));
    (void)json_object_set_new(out, "next", o->for_client ? json_null() : json_incref(o->next));
    (void)json_object_set_new(out, "charter",
                              o->charter != NULL ? json_incref(o->charter) : json_null());
    (void)json_object_set_new(out, "milestones", overview_timeline(o));
    (void)json_object_set_new(out, "budget", overview_money(o, currency));
}

enum sgn_status
rpc_overview_give(struct rpc_overview *o, struct store_reader *reader, struct lane *lane,
                  const struct lane_job *job, json_t **out, struct sgn_error *err)
{
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, job->team) : NULL;
    json_t *members = NULL, *closeout = NULL;
    enum sgn_status status;

    *out = json_object();
    status = *out != NULL ? head_give(o, reader, job, *out, err) : sgn_nomem(err);
    if (status == SGN_OK)
        status = overview_baselines(o, reader, job, err);
    if (status == SGN_OK && !o->for_client)
        status = members_give(o, reader, job, &members, err);
    if (status == SGN_OK && !o->for_client)
        status = overview_closeout(o, reader, lane, job, &closeout, err);
    if (status == SGN_OK) {
        work_give(o, team, job, *out);
        (void)json_object_set_new(*out, "closeout", closeout != NULL ? closeout : json_null());
        (void)json_object_set_new(*out, "health", rpc_overview_health(o, lane, job));
        if (json_object_set_new(*out, "members", members != NULL ? members : json_null()) != 0)
            status = sgn_nomem(err);
    } else {
        json_decref(closeout);
        json_decref(members);
    }
    lane_site_free(lane, site);
    return status;
}
