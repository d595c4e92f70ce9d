/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commits of a turn, side by side: where each carries one team, as many are under way as the
 * store has ways, and whichever is answered goes on. A team has one at a time, so what comes
 * meanwhile makes its next batch larger instead of queueing.
 *
 * While commits are under way, what has come for other teams is decided and joins the turn, for a
 * while: the database and this thread work at the same time.
 *
 * What takes this thread's time, deciding again what another node has overtaken, is done while
 * nothing has been answered. Its head is held by then: others go on, and nobody moves it.
 *
 * Site-wide rows may be the same for two teams, and their order counts: of batches that hold some,
 * one is under way at a time, in the order of the turn.
 */
#include "again.h"
#include "known.h"
#include "lane_internal.h"
#include <assert.h>
#include <string.h>

#define AGAIN_MOST   8   /* times that a batch is decided again */
#define MEANWHILE_MS 100 /* that a turn takes in more while it commits */

struct commits {
    struct lane *lane;
    struct lane_batch *first, *end; /* the row of them; end is none of it */
    int ways, taken;                /* ways of the store */
    const struct lane_batch *site;  /* the one with site-wide rows that is under way */
    bool lost;
    int64_t until; /* monotonic: to take in more; 0: nothing more is taken in */
    int n;         /* jobs answered */
};

static bool
has_site_rows(const struct lane_batch *batch)
{
    for (const struct lane_put *p = batch->puts; p != NULL; p = p->next)
        if (p->team[0] == '\0')
            return true;
    return false;
}

static void
take_way(struct commits *all, struct lane_batch *batch)
{
    all->taken++;
    batch->held = true;
    if (has_site_rows(batch))
        all->site = batch;
}

/* Whatever head it has is let go. */
static void
leave_way(struct commits *all, struct lane_batch *batch)
{
    if (!batch->held)
        return;
    store_rollback(all->lane->options.store, batch->team);
    if (strcmp(lane_batch_head(all->lane, batch), batch->team) != 0)
        store_rollback(all->lane->options.store, lane_batch_head(all->lane, batch));
    all->taken--;
    batch->held = false;
    all->site = all->site == batch ? NULL : all->site;
}

/* ---- steps ---- */

/* A failed one's jobs wait until all that they rest on is forgotten. */
static void
ended(struct commits *all, struct lane_batch *batch, enum sgn_status st)
{
    leave_way(all, batch);
    batch->stage = LANE_ENDED;
    batch->status = st;
    all->lost = all->lost || st != SGN_OK || batch->overtaken > 0;
    if (st == SGN_OK)
        all->n += lane_batch_answer(all->lane, batch);
}

/* Goes on after a step that came to this. */
static void
came_to(struct commits *all, struct lane_batch *batch, enum sgn_status st, enum lane_stage next)
{
    if (st == SGN_CONFLICT && all->lane->by_team)
        batch->stage = LANE_MOVED;
    else if (st == SGN_OK && next != LANE_ENDED)
        batch->stage = next;
    else
        ended(all, batch, st);
}

static void
send(struct commits *all, struct lane_batch *batch)
{
    came_to(all, batch, lane_batch_begin(all->lane, batch, &batch->why), LANE_SENT);
}

static void
look(struct commits *all, struct lane_batch *batch)
{
    if (!batch->held && lane_batch_stands_held(batch))
        take_way(all, batch);
    came_to(all, batch, lane_batch_stands(all->lane, batch, &batch->why), LANE_ENDED);
}

/* Of what was sent nothing is held when it was not committed. */
static void
finish(struct commits *all, struct lane_batch *batch)
{
    enum sgn_status st = lane_batch_end(all->lane, batch, &batch->why);

    if (st != SGN_OK)
        leave_way(all, batch);
    came_to(all, batch, st, LANE_ENDED);
}

/* One that has its head goes straight on, but with site-wide rows, which come in their turn. */
static void
decide_again(struct commits *all, struct lane_batch *batch)
{
    if (batch->overtaken == AGAIN_MOST) {
        sgn_error_clear(&batch->why);
        ended(all, batch,
              sgn_fail(&batch->why, SGN_OVERLOADED,
                       "team %s: other nodes wrote %d times while this was decided: repeat the "
                       "request with the same request_id",
                       batch->team, AGAIN_MOST + 1));
        return;
    }
    if (batch->held && has_site_rows(batch))
        leave_way(all, batch);
    lane_batch_again(all->lane, batch, &batch->why);
    sgn_error_clear(&batch->why);
    batch->stage = LANE_STAGED;
    if (batch->held && has_site_rows(batch))
        leave_way(all, batch);
    if (batch->held && lane_batch_writes(batch))
        send(all, batch);
    else if (batch->held)
        look(all, batch);
}

static void
step(struct commits *all, struct lane_batch *batch)
{
    switch (batch->stage) {
    case LANE_STAGED: /* it only reads */
        look(all, batch);
        break;
    case LANE_ASKED:
        send(all, batch);
        break;
    case LANE_MOVED:
        decide_again(all, batch);
        break;
    case LANE_SENT:
        finish(all, batch);
        break;
    case LANE_ENDED:
        break;
    }
}

/* ---- which is next ---- */

/* Asks for the heads of as many as there are ways for. */
static void
ask(struct commits *all)
{
    for (struct lane_batch *b = all->first; b != all->end && all->taken < all->ways; b = b->next) {
        if (b->stage != LANE_STAGED || !lane_batch_writes(b) ||
            (all->site != NULL && has_site_rows(b)))
            continue;
        lane_batch_ask(all->lane, b);
        b->stage = LANE_ASKED;
        take_way(all, b);
    }
}

/* One that waits for nobody but this thread. */
static struct lane_batch *
ready(const struct commits *all)
{
    for (struct lane_batch *b = all->first; b != all->end; b = b->next) {
        if (b->stage == LANE_MOVED)
            return b;
        if (b->stage == LANE_STAGED && !lane_batch_writes(b) &&
            (!lane_batch_stands_held(b) || all->taken < all->ways))
            return b;
    }
    return NULL;
}

/* The one that is answered; where the store cannot tell, the first of those that wait for it. */
static struct lane_batch *
answered(const struct commits *all, bool wait)
{
    const char *head = store_answered(all->lane->options.store, wait);
    struct lane_batch *oldest = NULL;

    for (struct lane_batch *b = all->first; b != all->end; b = b->next) {
        if (b->stage != LANE_ASKED && b->stage != LANE_SENT)
            continue;
        if (head != NULL && strcmp(head, lane_batch_head(all->lane, b)) == 0)
            return b;
        oldest = oldest == NULL ? b : oldest;
    }
    return wait ? oldest : NULL;
}

/* ---- meanwhile ---- */

/* One that is durable, and of which nothing is to be found again, makes room for the team's next
 * one: what has come for it since can be decided. */
static void
retire(struct commits *all, struct lane_batch *batch)
{
    if (batch->stage != LANE_ENDED || batch->status != SGN_OK || batch->overtaken > 0)
        return;
    lane_forget_in(all->lane->new_requests, batch->team); /* they are no longer */
    lane_batch_retire(all->lane, batch);
    all->first = all->lane->batch.next;
    all->lane->held_more = true;
}

/* The database lets go of a head whose node says nothing for long: as long as one is asked for, it
 * is waited for. */
static bool
any_asked(const struct commits *all)
{
    for (const struct lane_batch *b = all->first; b != all->end; b = b->next)
        if (b->stage == LANE_ASKED)
            return true;
    return false;
}

/* Decides what has come for teams that have nothing under way, instead of waiting for the database;
 * but not for ever, since what the engine does by itself has a turn of its own. False: there was
 * nothing, or it is time to come to an end. */
static bool
go_on(struct commits *all)
{
    const struct lane_batch *before = all->lane->batch.next;
    int64_t jobs = all->lane->n_jobs;

    if (all->until == 0 || all->taken == 0 || all->lost || all->lane->stopping ||
        sgn_monotonic_ms() >= all->until || any_asked(all))
        return false;
    lane_turn_more(all->lane);
    all->first = all->lane->batch.next;
    return all->lane->n_jobs != jobs || before != all->first;
}

bool
lane_team_busy(const struct lane *lane, const char *team)
{
    for (const struct lane_batch *b = lane->batch.next; b != NULL; b = b->next)
        if (b->stage != LANE_STAGED && strcmp(b->team, team) == 0)
            return true;
    return false;
}

/* One more step. False: all have ended. */
static bool
turn(struct commits *all)
{
    struct lane_batch *batch;

    ask(all);
    batch = answered(all, false);
    if (batch == NULL)
        batch = ready(all);
    if (batch == NULL && go_on(all))
        return true;
    if (batch == NULL)
        batch = answered(all, true);
    if (batch == NULL)
        return false;
    step(all, batch);
    if (all->until != 0)
        retire(all, batch);
    return true;
}

int
lane_commits(struct lane *lane, bool teams, bool *lost)
{
    struct commits all = {
        .lane = lane,
        .first = teams ? lane->batch.next : &lane->batch,
        .end = teams ? NULL : lane->batch.next,
        .ways = 1,
    };
    int n_write = 0;

    for (const struct lane_batch *b = all.first; b != all.end; b = b->next)
        n_write += lane_batch_writes(b) ? 1 : 0;
    if (n_write > 0 && teams)
        all.ways = store_ways(lane->options.store, n_write);
    if (n_write > 0 && teams && !lane->options.clock->is_virtual)
        all.until = sgn_monotonic_ms() + MEANWHILE_MS;
    while (turn(&all))
        ;
    for (const struct lane_batch *b = all.first; b != all.end; b = b->next)
        assert(b->stage == LANE_ENDED);
    *lost = *lost || all.lost;
    return all.n;
}
