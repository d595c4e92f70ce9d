/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pace: measured in milliseconds of many turns, since one is often shorter than the clock's
 * step; where each begins within a step is chance, so the sum is right.
 */
#include "pace.h"
#include "clock.h"
#include "lane_internal.h"
#include <time.h>

#define WINDOW      4096 /* jobs, after which the older figures count half */
#define USUAL_NS    60000
#define BATCH_LEAST 64  /* a commit for less costs more than it shortens anybody's wait */
#define WAIT_LEAST  200 /* ms */
#define WAIT_MOST   60000
#define NS_PER_MS   1000000

static int64_t
own_ns(void)
{
    struct timespec now = { 0 };

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void
lane_pace_begin(struct lane *lane)
{
    lane->pace.began = sgn_monotonic_ms();
    lane->pace.began_ns = own_ns();
    lane->pace.began_jobs = lane->n_jobs;
}

void
lane_pace_decided(struct lane *lane)
{
    lane->pace.decided_ns += own_ns() - lane->pace.began_ns;
}

void
lane_pace_ended(struct lane *lane)
{
    struct lane_pace *pace = &lane->pace;

    pace->turn_ms += sgn_monotonic_ms() - pace->began;
    pace->jobs += lane->n_jobs - pace->began_jobs;
    if (pace->jobs < WINDOW / 8)
        return;
    pace->decide_ns = pace->decided_ns / pace->jobs;
    pace->turn_ns = pace->turn_ms * NS_PER_MS / pace->jobs;
    if (pace->jobs < WINDOW)
        return;
    pace->jobs /= 2;
    pace->decided_ns /= 2;
    pace->turn_ms /= 2;
}

int
lane_pace_batch(const struct lane *lane)
{
    const struct lane_limits *limits = &lane->options.limits;
    int64_t each = lane->pace.decide_ns > 0 ? lane->pace.decide_ns : USUAL_NS;
    int64_t n = limits->batch_ms * NS_PER_MS / each;

    if (lane->options.clock->is_virtual || n > limits->batch_jobs)
        return limits->batch_jobs;
    return n > BATCH_LEAST ? (int)n : BATCH_LEAST;
}

/* Each is an eighth of what is known. */
void
lane_pace_query(struct lane *lane, int64_t ms)
{
    int64_t known = lane->pace.query_ns;

    lane->pace.query_ns = known + (ms * NS_PER_MS - known) / 8;
}

static int64_t
wait_ms(int64_t each_ns, int n)
{
    int64_t ms = n * (each_ns > 0 ? each_ns : USUAL_NS) / NS_PER_MS;

    return ms < WAIT_LEAST ? WAIT_LEAST : ms > WAIT_MOST ? WAIT_MOST : ms;
}

enum sgn_status
lane_pace_refuse(const struct lane *lane, bool queries, bool team, int n, struct sgn_error *err)
{
    int64_t ms = queries ? wait_ms(lane->pace.query_ns / LANE_QUERY_THREADS, n)
                         : wait_ms(lane->pace.turn_ns, n);
    long long seconds = (long long)(ms + 999) / 1000;

    if (team && queries)
        sgn_fail(err, SGN_OVERLOADED,
                 "%d lists and reports of this team wait already; try again in %lld seconds", n,
                 seconds);
    else if (team)
        sgn_fail(err, SGN_OVERLOADED,
                 "%d requests of this team wait already; try again in %lld seconds", n, seconds);
    else if (queries)
        sgn_fail(err, SGN_OVERLOADED,
                 "%d lists and reports wait already; try again in %lld seconds", n, seconds);
    else
        sgn_fail(err, SGN_OVERLOADED, "%d requests wait already; try again in %lld seconds", n,
                 seconds);
    sgn_error_add(err, "retry_after_ms", json_integer(ms));
    return SGN_OVERLOADED;
}
