/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of several nodes one does a team's work: carries out its effects, walks its sweeps, fires its
 * schedules and tells its periods. It has a lease of the team as long as it gives signs of life;
 * after that another one takes it. What is due needs none: the head's lock and the case's row
 * decide who was first.
 *
 * That this node has a lease is what it knew a moment ago. Each commit of such work says the number
 * under which it was begun, and the store refuses it when another node has taken the lease since:
 * a node that stood still for an hour writes nothing of what it was about to.
 *
 * The thread of nodes takes leases; the lane looks at the beginning of a turn, so that within one
 * it has the same ones.
 */
#include "leases.h"

#include "again.h"
#include "clock.h"
#include "json.h"
#include "nodes.h"
#include "retention.h"
#include "scheduled.h"
#include "sweep.h"
#include <stdlib.h>
#include <string.h>

#define WORK    "engine"
#define TAKE_MS 250 /* between two looks for leases that nobody has */

struct lane_leases {
    const char *node;
    int64_t taken_at, pause_ms, cost; /* of the thread of nodes; see lane_nodes_pause() */
    _Atomic bool doubted;             /* what it has must be read anew */

    pthread_mutex_t lock; /* guards what follows */
    json_t *held;         /* {team: number}, as the store said last; never written again */
    bool changed;         /* the lane has not looked since */

    json_t *mine; /* of the lane: {team: number} */
};

struct lane_leases *
lane_leases_new(const char *node)
{
    struct lane_leases *leases = calloc(1, sizeof *leases);

    if (leases == NULL)
        return NULL;
    leases->node = node;
    leases->doubted = true;
    pthread_mutex_init(&leases->lock, NULL);
    leases->held = json_object();
    leases->mine = json_object();
    if (leases->held != NULL && leases->mine != NULL)
        return leases;
    lane_leases_free(leases);
    return NULL;
}

void
lane_leases_free(struct lane_leases *leases)
{
    if (leases == NULL)
        return;
    pthread_mutex_destroy(&leases->lock);
    json_decref(leases->held);
    json_decref(leases->mine);
    free(leases);
}

/* ---- the thread of nodes ---- */

/* all: leases is all there is, else what is new. */
static bool
publish(struct lane_leases *leases, json_t *taken_take, bool all)
{
    json_t *held = all ? json_incref(taken_take) : json_copy(leases->held);
    bool changed = all ? !json_equal(held, leases->held) : json_object_size(taken_take) > 0;

    if (!all && held != NULL)
        json_object_update(held, taken_take);
    json_decref(taken_take);
    if (held == NULL) { /* without memory it is found again by the next look at all */
        leases->doubted = true;
        return false;
    }
    pthread_mutex_lock(&leases->lock);
    json_decref(leases->held);
    leases->held = held;
    leases->changed = leases->changed || changed || all;
    pthread_mutex_unlock(&leases->lock);
    return changed || all;
}

enum sgn_status
lane_leases_take(struct lane_leases *leases, struct store_waker *waker, bool *changed,
                 struct sgn_error *err)
{
    struct store_fence fence = { .name = WORK, .node = leases->node };
    int64_t now = sgn_monotonic_ms();
    bool all = leases->doubted;
    json_t *taken = NULL;
    enum sgn_status st;

    *changed = false;
    if (!all && now - leases->taken_at < leases->pause_ms)
        return SGN_OK;
    /* So long without a look it was gone, and others may have taken what it had. */
    all = all || now - leases->taken_at >= STORE_NODE_MS;
    st = store_lease_take(waker, &fence, all, &taken, err);
    if (st != SGN_OK)
        return st;
    if (all)
        leases->doubted = false;
    leases->taken_at = now;
    leases->pause_ms = lane_nodes_pause(&leases->cost, sgn_monotonic_ms() - now, TAKE_MS);
    *changed = publish(leases, taken, all);
    return SGN_OK;
}

/* ---- the lane ---- */

static void
drop(struct lane *lane, const char *team)
{
    lane_effects_clear(lane, team);
    lane_own_drop(lane, team, 0);
    lane_sweeps_clear(lane, team);
}

void
lane_leases_turn(struct lane *lane)
{
    struct lane_leases *leases = lane->leases;
    json_t *before, *held = NULL, *number;
    const char *team;

    if (leases == NULL)
        return;
    pthread_mutex_lock(&leases->lock);
    if (leases->changed)
        held = json_copy(leases->held);
    leases->changed = leases->changed && held == NULL;
    pthread_mutex_unlock(&leases->lock);
    if (held == NULL)
        return;
    before = leases->mine;
    leases->mine = held;
    json_object_foreach(before, team, number)
        if (!json_equal(number, json_object_get(held, team)))
            drop(lane, team);
    json_object_foreach(held, team, number)
        if (!json_equal(number, json_object_get(before, team)))
            lane_work_missed(lane, team); /* the store knows what waits to be done */
    json_decref(before);
    lane_schedules_changed(lane);
    lane_retention_changed(lane, NULL);
    lane_periods_changed(lane);
}

bool
lane_leased(const struct lane *lane, const char *team)
{
    return lane->leases == NULL || json_object_get(lane->leases->mine, team) != NULL;
}

bool
lane_works(const struct lane_run *run)
{
    return lane_leased(run->lane, run->team);
}

int64_t
lane_leases_number(struct lane_leases *leases, const char *team)
{
    int64_t number;

    pthread_mutex_lock(&leases->lock);
    number = sgn_json_int(leases->held, team, 0);
    pthread_mutex_unlock(&leases->lock);
    return number;
}

bool
lane_lease_fence(const struct lane *lane, const char *team, struct store_fence *out)
{
    const json_t *number = json_object_get(lane->leases->mine, team);

    *out = (struct store_fence){ .name = WORK,
                                 .node = lane->leases->node,
                                 .number = json_integer_value(number) };
    return number != NULL;
}

void
lane_lease_doubt(struct lane *lane, const char *team)
{
    if (lane->leases == NULL)
        return;
    if (team != NULL)
        json_object_del(lane->leases->mine, team);
    lane->leases->doubted = true;
    lane_nodes_wake(lane);
}
