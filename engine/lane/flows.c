/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flows of jobs. Those that have something stand in a ring; who takes goes round it.
 *
 * A flow lives as long as the lane: there are as many as teams, and a session is somebody's of a
 * team that there is.
 */
#include "flows.h"
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define QUANTUM   16 /* taken of one flow before the next has its turn */
#define SLOTS     64 /* at first; a power of two */
#define SHARED_MS 60000
#define OPERATORS "*" /* no team is called so; "" are those who log in */

struct lane_flow {
    struct lane_flow *next; /* in the ring */
    struct sgn_node *first, **end;
    int waiting;
    int inside;     /* taken and not done */
    int64_t pushed; /* when its last came, monotonic */
    char team[SGN_KEY_MAX + 1];
};

struct lane_flows {
    struct lane_flows_options options;
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t changed;
    struct lane_flow *last; /* of the ring: the next one's turn comes first; NULL: empty */
    struct lane_flow **slots;
    size_t n, cap; /* flows by the hash of their team */
    int waiting;
    int untold;          /* pushed since a taker was told */
    int sleeping, wakes; /* takers, and those that shall return early */
    bool closed;
};

struct lane_flows *
lane_flows_new(const struct lane_flows_options *options)
{
    struct lane_flows *flows = calloc(1, sizeof *flows);
    pthread_condattr_t attributes;

    if (flows == NULL)
        return NULL;
    flows->options = *options;
    flows->cap = SLOTS;
    flows->slots = calloc(flows->cap, sizeof(struct lane_flow *));
    if (flows->slots == NULL) {
        free(flows);
        return NULL;
    }
    /* Monotonic, so that setting the clock neither shortens nor lengthens a sleep. */
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&flows->lock, NULL);
    pthread_cond_init(&flows->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    return flows;
}

void
lane_flows_free(struct lane_flows *flows)
{
    if (flows == NULL)
        return;
    for (size_t i = 0; i < flows->cap; i++)
        free(flows->slots[i]);
    free(flows->slots);
    pthread_cond_destroy(&flows->changed);
    pthread_mutex_destroy(&flows->lock);
    free(flows);
}

/* ---- which flow ---- */

static const char *
team_of(const struct lane_flows *flows, const struct lane_job *job)
{
    if (flows->options.single)
        return "";
    return job->is_operator ? OPERATORS : job->team;
}

/* Where a team's flow stands, or would. */
static size_t
slot_of(const struct lane_flows *flows, const char *team)
{
    uint64_t h = sgn_text_hash(SGN_TEXT_HASH, team);
    size_t i = (size_t)(h ^ (h >> 32)) & (flows->cap - 1);
    while (flows->slots[i] != NULL && strcmp(flows->slots[i]->team, team) != 0)
        i = (i + 1) & (flows->cap - 1);
    return i;
}

static bool
grow(struct lane_flows *flows)
{
    struct lane_flow **old = flows->slots;
    size_t cap = flows->cap;

    flows->slots = calloc(2 * cap, sizeof(struct lane_flow *));
    if (flows->slots == NULL) {
        flows->slots = old;
        return false;
    }
    flows->cap = 2 * cap;
    for (size_t i = 0; i < cap; i++)
        if (old[i] != NULL)
            flows->slots[slot_of(flows, old[i]->team)] = old[i];
    free(old);
    return true;
}

/* NULL: out of memory. */
static struct lane_flow *
flow_of(struct lane_flows *flows, const char *team)
{
    size_t i = slot_of(flows, team);
    struct lane_flow *flow = flows->slots[i];

    if (flow != NULL || (2 * (flows->n + 1) > flows->cap && !grow(flows)))
        return flow;
    flow = calloc(1, sizeof *flow);
    if (flow == NULL)
        return NULL;
    memcpy(flow->team, team, strlen(team) + 1);
    flow->end = &flow->first;
    flows->slots[slot_of(flows, team)] = flow;
    flows->n++;
    return flow;
}

/* ---- in ---- */

static void
tell(struct lane_flows *flows)
{
    flows->untold = 0;
    pthread_cond_signal(&flows->changed);
}

static enum lane_push
push(struct lane_flows *flows, struct lane_job *job)
{
    struct lane_flow *flow = flow_of(flows, team_of(flows, job));

    if (flow == NULL || flows->waiting >= flows->options.all)
        return LANE_ALL_FULL;
    if (!flows->options.single && flow->waiting >= flows->options.each)
        return LANE_TEAM_FULL;
    job->flow = flow;
    job->node.next = NULL;
    *flow->end = &job->node;
    flow->end = &job->node.next;
    if (flows->options.shared)
        flow->pushed = sgn_monotonic_ms();
    if (flow->waiting++ == 0) { /* its turn comes after all others */
        flow->next = flows->last != NULL ? flows->last->next : flow;
        if (flows->last != NULL)
            flows->last->next = flow;
        flows->last = flow;
    }
    flows->waiting++;
    if (++flows->untold >= LANE_FLOWS_MANY)
        tell(flows);
    return LANE_PUSHED;
}

enum lane_push
lane_flows_push(struct lane_flows *flows, struct lane_job *job)
{
    enum lane_push pushed;

    pthread_mutex_lock(&flows->lock);
    pushed = push(flows, job);
    pthread_mutex_unlock(&flows->lock);
    return pushed;
}

void
lane_flows_tell(struct lane_flows *flows)
{
    pthread_mutex_lock(&flows->lock);
    if (flows->untold > 0)
        tell(flows);
    pthread_mutex_unlock(&flows->lock);
}

/* ---- out ---- */

/* Has another team asked for something lately? Logins and operators come and go, and are no reason
 * to keep a thread free for long. */
static bool
others_ask(const struct lane_flows *flows, const struct lane_flow *flow)
{
    int64_t since = sgn_monotonic_ms() - SHARED_MS;

    for (size_t i = 0; i < flows->cap; i++) {
        const struct lane_flow *other = flows->slots[i];

        if (other != NULL && other != flow && other->pushed > since && other->team[0] != '\0' &&
            strcmp(other->team, OPERATORS) != 0)
            return true;
    }
    return false;
}

static bool
may_take(const struct lane_flows *flows, const struct lane_flow *flow)
{
    return flows->options.single || flows->options.window == 0 ||
           flow->inside < flows->options.window ||
           (flows->options.shared && !others_ask(flows, flow));
}

/* Moves some of the flow whose turn it is behind *end; its turn is over then. */
static int
take_turn(struct lane_flows *flows, int most, bool all, struct sgn_node ***end)
{
    struct lane_flow *flow = flows->last->next;
    int n = 0;

    while (n < most && flow->first != NULL && (all || may_take(flows, flow))) {
        struct sgn_node *node = flow->first;

        flow->first = node->next;
        flow->inside++;
        node->next = NULL;
        **end = node;
        *end = &node->next;
        n++;
    }
    flow->waiting -= n;
    flows->waiting -= n;
    if (flow->first != NULL) {
        flows->last = flow;
        return n;
    }
    flow->end = &flow->first;
    if (flows->last == flow)
        flows->last = NULL;
    else
        flows->last->next = flow->next;
    return n;
}

static struct sgn_node *
take(struct lane_flows *flows, int n, bool all)
{
    struct sgn_node *first = NULL, **end = &first;
    const struct lane_flow *idle = NULL; /* the first of those whose turn gave nothing */
    int quantum = flows->options.single || all ? INT_MAX : QUANTUM;

    while (n > 0 && flows->last != NULL && flows->last->next != idle) {
        const struct lane_flow *flow = flows->last->next;
        int taken = take_turn(flows, n < quantum ? n : quantum, all, &end);

        n -= taken;
        if (taken > 0)
            idle = NULL;
        else if (idle == NULL)
            idle = flow;
    }
    return first;
}

/* Sleeps until somebody changes something; false: it is late. */
static bool
sleep_until(struct lane_flows *flows, int64_t until)
{
    struct timespec at = { until / 1000, (until % 1000) * 1000000 };
    int error = 0;

    flows->sleeping++;
    if (until == INT64_MAX)
        error = pthread_cond_wait(&flows->changed, &flows->lock);
    else
        error = pthread_cond_timedwait(&flows->changed, &flows->lock, &at);
    flows->sleeping--;
    return error != ETIMEDOUT;
}

struct sgn_node *
lane_flows_take(struct lane_flows *flows, int n, int64_t timeout_ms)
{
    int64_t until = timeout_ms < 0 ? INT64_MAX : sgn_monotonic_ms() + timeout_ms;
    struct sgn_node *node;
    bool in_time = timeout_ms != 0;

    pthread_mutex_lock(&flows->lock);
    while ((node = take(flows, n, false)) == NULL && flows->wakes == 0 && in_time && !flows->closed)
        in_time = sleep_until(flows, until);
    /* Who goes home with jobs leaves the wake for the next taker. */
    if (node == NULL && flows->wakes > 0)
        flows->wakes--;
    pthread_mutex_unlock(&flows->lock);
    return node;
}

struct sgn_node *
lane_flows_take_all(struct lane_flows *flows)
{
    struct sgn_node *node;

    pthread_mutex_lock(&flows->lock);
    node = take(flows, INT_MAX, true);
    pthread_mutex_unlock(&flows->lock);
    return node;
}

void
lane_flows_done(struct lane_flows *flows, struct lane_job *job)
{
    if (job->flow == NULL)
        return;
    pthread_mutex_lock(&flows->lock);
    job->flow->inside--;
    job->flow = NULL;
    if (flows->waiting > 0)
        pthread_cond_signal(&flows->changed);
    pthread_mutex_unlock(&flows->lock);
}

void
lane_flows_wake(struct lane_flows *flows)
{
    pthread_mutex_lock(&flows->lock);
    /* With nobody asleep the next to come must not sleep: it may have looked at what the wake is
     * about just before it was true. */
    flows->wakes = flows->sleeping > 0 ? flows->sleeping : 1;
    pthread_cond_broadcast(&flows->changed);
    pthread_mutex_unlock(&flows->lock);
}

void
lane_flows_close(struct lane_flows *flows)
{
    pthread_mutex_lock(&flows->lock);
    flows->closed = true;
    pthread_cond_broadcast(&flows->changed);
    pthread_mutex_unlock(&flows->lock);
}

int
lane_flows_length(struct lane_flows *flows, const struct lane_job *job)
{
    int n;

    pthread_mutex_lock(&flows->lock);
    n = flows->waiting;
    if (job != NULL) {
        const struct lane_flow *flow = flows->slots[slot_of(flows, team_of(flows, job))];
        n = flow != NULL ? flow->waiting : 0;
    }
    pthread_mutex_unlock(&flows->lock);
    return n;
}
