/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of a replay share: see replay.c. */
#ifndef LANE_REPLAY_INTERNAL_H
#define LANE_REPLAY_INTERNAL_H

#include "lane_internal.h"
#include "replay.h"

struct replay {
    struct lane *lane;
    struct lane_job *job;
    const json_t *versions; /* of the load: {NAME: VERSION} */
    json_t *rows;           /* {case: row so far} */
    json_t *report;
    int limit;
    int64_t seq; /* read so far */
    /* the entry under way */
    const json_t *header, *shared, *internal, *before, *after;
    const struct model *old, *changed;
};

/* ---- replay_request.c ---- */

/* A member of either part of the entry. Borrowed. */
json_t *replay_part(const struct replay *r, const char *name);
bool replay_is(const json_t *object, const char *name, const char *text);
/* Is the entry a decision that is judged, and of which kind? */
bool replay_kind(const struct replay *r, enum core_kind *out);
/* The command's params made again; new reference. NULL: they cannot be. */
json_t *replay_request(const struct replay *r, enum core_kind kind);

#endif
