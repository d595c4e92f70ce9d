/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a job must wait for: an earlier one of its case, of its connection, or a clock.advance.
 */
#include "held.h"
#include "lane_internal.h"
#include <string.h>

/* Made once for each job: all that wait are gone over again and again. */
static uint64_t
case_hash(struct lane_job *job)
{
    if (job->case_hash == 0)
        job->case_hash =
            sgn_text_hash(sgn_text_hash(SGN_TEXT_HASH, job->team) ^ '/', job->case_key) | 1;
    return job->case_hash;
}

static uint64_t
connection_hash(uint64_t connection)
{
    return (connection * UINT64_C(0x9E3779B97F4A7C15)) | 1;
}

static bool
held_has(const struct lane_held *held, uint64_t h)
{
    for (uint64_t i = h % LANE_HELD_SLOTS;; i = (i + 1) % LANE_HELD_SLOTS) {
        if (held->slots[i] == h)
            return true;
        if (held->slots[i] == 0)
            return false;
    }
}

static void
held_add(struct lane_held *held, uint64_t h)
{
    uint64_t i = h % LANE_HELD_SLOTS;

    if (held_has(held, h))
        return;
    if (held->n >= LANE_HELD_SLOTS / 2) {
        held->full = true;
        return;
    }
    while (held->slots[i] != 0)
        i = (i + 1) % LANE_HELD_SLOTS;
    held->slots[i] = h;
    held->taken[held->n++] = (uint16_t)i;
}

/* Walks are many and mostly short: what the last one left is less than the whole table. */
void
lane_held_begin(struct lane_held *held)
{
    for (int i = 0; i < held->n; i++)
        held->slots[held->taken[i]] = 0;
    held->n = 0;
    held->full = held->barrier = false;
}

void
lane_hold_line(struct lane_held *held, const struct lane_job *job)
{
    if (job->connection != 0)
        held_add(held, connection_hash(job->connection));
}

void
lane_hold(struct lane_held *held, struct lane_job *job)
{
    lane_hold_line(held, job);
    if (job->case_key[0] != '\0')
        held_add(held, case_hash(job));
    if (job->run == lane_clock_advance)
        held->barrier = true;
}

bool
lane_must_wait(const struct lane_held *held, struct lane_job *job, bool first)
{
    if (held->full || (held->barrier && job->method != NULL))
        return true;
    if (job->run == lane_clock_advance && !first)
        return true;
    if (job->connection != 0 && held_has(held, connection_hash(job->connection)))
        return true;
    return job->case_key[0] != '\0' && held_has(held, case_hash(job));
}

bool
lane_case_waits(const struct lane_held *held, struct lane_job *job)
{
    return held->full || held->barrier || held_has(held, case_hash(job));
}

/* There are few teams, and mostly one job after the other is of the same. */
struct lane_waits *
lane_waits_of(struct lane *lane, const char *team)
{
    for (int i = 0; i < lane->n_waits; i++)
        if (strcmp(lane->waits[i].team, team) == 0)
            return &lane->waits[i];
    if (lane->n_waits == lane->max_waits) {
        int max = 2 * lane->max_waits + 8;
        struct lane_waits *waits = realloc(lane->waits, (size_t)max * sizeof *waits);

        if (waits == NULL)
            return &lane->no_waits;
        lane->waits = waits;
        lane->max_waits = max;
    }
    lane->waits[lane->n_waits] = (struct lane_waits){ 0 };
    sgn_text_copy(lane->waits[lane->n_waits].team, sizeof lane->waits[0].team, team);
    return &lane->waits[lane->n_waits++];
}

bool
lane_case_is_held(struct lane *lane, const char *team, const char *key)
{
    for (struct sgn_node *node = lane->jobs; node != NULL; node = node->next) {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);

        if (strcmp(job->case_key, key) == 0 && strcmp(job->team, team) == 0)
            return true;
    }
    return false;
}
