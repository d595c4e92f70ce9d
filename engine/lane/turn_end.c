/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a turn: batches are committed and their jobs answered, each batch by itself, so that
 * one team's failed commit is no other team's.
 *
 * Where a commit carries one team, a turn may end between two commits of its teams. Nothing of one
 * job is lost by it: what a job stages lies in its team's batch, site-wide rows too. What belongs
 * to no team comes last: virtual time and signs of life, which a crash before it leaves where they
 * were, so that an advance is made again, over cases that have fired already and do not again.
 */
#include "again.h"
#include "calendars.h"
#include "json.h"
#include "known.h"
#include "lane_internal.h"
#include "leases.h"
#include "retention.h"
#include "scheduled.h"
#include "sweep.h"
#include <stdlib.h>
#include <string.h>

/* ---- forgetting ---- */

/* Whose batch it is, NULL: everybody's. */
static const char *
whose(const struct lane *lane, const struct lane_batch *batch)
{
    return lane->by_team ? batch->team : NULL;
}

/* Nothing that was staged or kept for this team (NULL: for all) can be trusted. The counters stay
 * while jobs are held, which may have taken keys of them: a gap does no harm, and the same key
 * twice does. */
static void
forget(struct lane *lane, const char *team)
{
    lane_cases_forget(&lane->cases, team);
    json_object_clear(lane->facts);
    lane_forget_in(lane->heads, team);
    lane_forget_in(lane->stored_versions, team);
    lane_effects_clear(lane, team);
    lane_own_drop(lane, team, 0);
    lane_sweeps_clear(lane, team);
    if (lane->jobs == NULL)
        json_object_clear(lane->counters);
}

/* What the engine does by itself for this team is found in the store. */
static void
find_again(struct lane *lane, const char *team)
{
    if (lane_effects_resume(lane, team, NULL) != SGN_OK ||
        lane_sweeps_resume(lane, team, NULL) != SGN_OK)
        lane_work_missed(lane, team);
}

static void
refuse_from_now_on(struct lane *lane, const struct sgn_error *why)
{
    lane->refused = true;
    if (lane->options.failed != NULL)
        lane->options.failed(lane->options.ctx, why);
}

/* After all commits of the turn: what is read again finds what they have left. */
static void
forget_lost(struct lane *lane)
{
    for (struct lane_batch *b = &lane->batch; b != NULL && lane->advance != NULL; b = b->next)
        if (b->status != SGN_OK) { /* half done, and its caller hears so */
            lane_finished(lane, lane->advance);
            lane->advance = NULL;
        }
    lane_calendars_changed(lane, NULL);
    lane->held_more = true; /* what waited behind the engine's own jobs */
    lane->due_known = false;
    for (struct lane_batch *b = &lane->batch; b != NULL; b = b->next) {
        if (b->status == SGN_OK && b->overtaken == 0)
            continue;
        if (b->status != SGN_OK || b->work_lost) {
            lane_schedules_changed(lane);
            lane_retention_changed(lane, NULL);
            lane_periods_changed(lane);
        }
        if (b->status != SGN_OK) {
            lane->n_stuck -= b->n_stuck;
            forget(lane, whose(lane, b));
            lane_rest(lane);
            lane->clock_unsaved = lane->options.clock->is_virtual;
            sgn_log(SGN_LOG_ERROR, "commit failed", "team", b->team, "why", b->why.message, NULL);
        }
        if (b->status == SGN_UNKNOWN_OUTCOME && !lane->refused)
            refuse_from_now_on(lane, &b->why);
        if (b->status != SGN_UNKNOWN_OUTCOME)
            find_again(lane, whose(lane, b));
    }
}

/* Memory ran out when all was committed, or nothing was to be: what the engine remembers may lack
 * something, and is read again. */
static void
forget_starved(struct lane *lane)
{
    lane_calendars_changed(lane, NULL);
    lane_schedules_changed(lane);
    lane_retention_changed(lane, NULL);
    lane_periods_changed(lane);
    lane->due_known = false;
    lane->held_more = true;
    forget(lane, NULL);
    find_again(lane, NULL);
}

/* ---- the end ---- */

/* A team's commit failed: virtual time does not go on over what it was to hold. */
static bool
time_stands(struct lane *lane)
{
    const struct lane_batch *b = lane->batch.next;

    while (b != NULL && b->status == SGN_OK)
        b = b->next;
    if (b == NULL || !lane->options.clock->is_virtual)
        return false;
    lane->batch.status = sgn_fail(&lane->batch.why, b->status, "%s", b->why.message);
    return true;
}

int
lane_turn_end(struct lane *lane)
{
    bool lost = false;
    int n = 0;

    if (lane->by_team)
        n += lane_commits(lane, true, &lost);
    if (!time_stands(lane))
        n += lane_commits(lane, false, &lost);
    if (lost)
        forget_lost(lane);
    else if (lane_starved(lane))
        forget_starved(lane);
    lane_rows_rest(lane);
    lane_cases_trim(&lane->cases, LANE_CACHED_BYTES);
    if (json_object_size(lane->facts) > LANE_CACHED_FACTS)
        json_object_clear(lane->facts);
    for (struct lane_batch *b = &lane->batch; b != NULL; b = b->next)
        n += lane_batch_answer(lane, b);
    json_object_clear(lane->new_requests); /* they are no longer */
    lane_batches_clear(lane);
    return n;
}
