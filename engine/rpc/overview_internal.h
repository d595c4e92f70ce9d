/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of an overview share: what was counted so far. */
#ifndef RPC_OVERVIEW_INTERNAL_H
#define RPC_OVERVIEW_INTERNAL_H

#include "case_seen.h"
#include "json.h"
#include "overview.h"
#include "rpc_internal.h"

/* What workflows serve as (model/purpose.h) whose content an overview reads. */
#define OVERVIEW_MILESTONE "milestone"
#define OVERVIEW_CHARTER   "charter"
#define OVERVIEW_BUDGET    "budget"
#define OVERVIEW_CHANGE    "change_request"
#define OVERVIEW_SURVEY    "survey"
#define OVERVIEW_CLOSEOUT  "closeout"
#define OVERVIEW_ISSUE     "issue"
#define OVERVIEW_COMPLAINT "complaint"

struct overview_money {
    struct sgn_decimal sum;
    int64_t n;
};

struct rpc_overview {
    char project[SGN_KEY_MAX + 1];
    json_t *row; /* of the project */
    const struct calendar_zone *zone;
    int64_t now;
    int64_t today; /* the day by the team's clock, since 1970 */
    bool for_client, health_alone;
    struct rpc_case_seen seen;
    json_t *purposes; /* {PURPOSE: [WORKFLOW]} */
    json_t *there;    /* {WORKFLOW: true} of which the project has a case; NULL: not known */

    int pass;       /* which list is read, see overview.c */
    char *cursor;   /* of its next page */
    json_t *items;  /* of this one; NULL: none was read yet */
    size_t at;      /* in it */
    int taken;      /* of this list */
    bool pass_ends; /* what was looked for is found */
    bool listed;    /* of this pass the store could not count at once: case by case */

    int64_t open, overdue, stuck;
    json_t *work; /* {WORKFLOW: {"open", "overdue", "states": {STATE: n}}} */
    json_t *next, *milestones, *budgets, *changes; /* items, as they are answered */
    json_t *charter, *closeout;                    /* NULL: none */
    json_t *closeout_row;                          /* its document */
    int64_t milestones_late, milestones_slipped;
    struct overview_money granted, spent; /* of budgets */
    struct overview_money agreed, asked;  /* of changes; agreed: that no baseline has yet */
    json_t *agreed_costs;                 /* {CHANGE: its cost}, of those */
    int64_t csat_sum, csat_n;
    int64_t heard; /* when the client was last heard from; 0: not known */
    bool silence_known;
    int64_t entries; /* read for it */
};

/* May the project have a case of this workflow? True where that is not known yet. */
bool overview_has(const struct rpc_overview *o, const char *workflow);

/* ---- overview_parts.c: a case of each list ---- */

/* item: the store's columns, of open and overdue ones also a group of cases ("n", their number,
 * with the columns that all of them share); view: as a list shows it, with titles and the fields
 * that the caller may see, or NULL; document: the case's row, or NULL. Each takes what it wants. */
void overview_take_open(struct rpc_overview *o, const json_t *item);
void overview_take_overdue(struct rpc_overview *o, const json_t *item);
void overview_take_next(struct rpc_overview *o, const json_t *item, json_t *view);
void overview_take_milestone(struct rpc_overview *o, const json_t *view);
void overview_take_charter(struct rpc_overview *o, const json_t *view);
void overview_take_budget(struct rpc_overview *o, const json_t *view);
void overview_take_change(struct rpc_overview *o, const json_t *view);
/* A baseline rests on this change: what it costs is in the charter's budget, and counts no more. */
void overview_settle_change(struct rpc_overview *o, const char *change, json_t *baseline);
void overview_take_survey(struct rpc_overview *o, const json_t *view);
void overview_take_closeout(struct rpc_overview *o, const json_t *view, const json_t *document);
/* Timeline and budget as they are answered; new references. */
json_t *overview_timeline(const struct rpc_overview *o);
json_t *overview_money(const struct rpc_overview *o, const char *currency);
/* {FIGURE: decimal text}, see model/health.h; new reference. */
json_t *overview_figures(const struct rpc_overview *o);
/* Open work by workflow, the most first: [{"workflow", "title", "open", "overdue", "states"}]. */
json_t *overview_work(const struct rpc_overview *o, const struct lane_team *team,
                      const char *language);

/* ---- overview_baseline.c ---- */

/* The charter's baselines, from its entries: puts "baselines" into o->charter. Changes that they
 * rest on are settled. */
enum sgn_status overview_baselines(struct rpc_overview *o, struct store_reader *reader,
                                   const struct lane_job *job,
                                   struct sgn_error *err) SGN_MUST_CHECK;
/* When the client was last heard from. */
enum sgn_status overview_silence(struct rpc_overview *o, struct store_reader *reader,
                                 const struct lane_job *job, struct sgn_error *err) SGN_MUST_CHECK;

/* ---- overview_closeout.c ---- */

/* What the project's end still waits for: {"case"?, ..., "ready", "items"}; null: the team has no
 * such workflow. New reference. */
enum sgn_status overview_closeout(const struct rpc_overview *o, struct store_reader *reader,
                                  struct lane *lane, const struct lane_job *job, json_t **out,
                                  struct sgn_error *err) SGN_MUST_CHECK;

#endif
