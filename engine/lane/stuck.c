/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many cases are stuck. What tries them again is a sweep (see sweep.h). Of this node's own
 * commits it is known at once; what others write is counted now and then.
 */
#include "lane_internal.h"
#include "memory.h"
#include <stdlib.h>
#include <string.h>

#define COUNT_MS   SGN_MINUTE_MS /* between two counts */
#define COUNT_PART 200           /* counting takes no more of the time than one part in so many */

void
lane_stuck_turn(struct lane *lane)
{
    int64_t now = sgn_monotonic_ms(), took;

    if (!lane->stuck_stale || now < lane->stuck_next)
        return;
    lane->stuck_stale = lane_stuck_count(lane, NULL) != SGN_OK;
    took = sgn_monotonic_ms() - now;
    lane->stuck_next = now + (took * COUNT_PART > COUNT_MS ? took * COUNT_PART : COUNT_MS);
}

enum sgn_status
lane_stuck_count(struct lane *lane, struct sgn_error *err)
{
    json_t *teams = NULL, *team;
    int64_t n = 0;
    size_t i;
    enum sgn_status st = store_teams(lane->reader, &teams, err);

    json_array_foreach(teams, i, team) {
        int64_t of_team = 0;

        if (st == SGN_OK)
            st = store_stuck_count(lane->reader, json_string_value(team), &of_team, err);
        n += of_team;
    }
    json_decref(teams);
    if (st == SGN_OK)
        lane->n_stuck = n;
    return st;
}
