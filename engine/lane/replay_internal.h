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
    const char *language;
    const struct calendar_zone *zone;
    int64_t seq; /* read so far */
    /* the entry under way */
    const json_t *header, *shared, *internal, *before, *after;
    const struct model *old, *changed;
};

/* ---- replay_words.c: of the version of the time, in the words of the changed one ---- */

/* What a state is called, whether the changed version has it or not. Borrowed. */
const char *replay_name(const struct replay *r, const char *state);
/* What a deadline or timer of a row is called; malloc'ed. */
char *replay_clock_name(const struct replay *r, const json_t *deadline);
/* A command's params with its approval and state renamed; new reference. */
json_t *replay_mapped(const struct replay *r, const json_t *params);
/* What a group of that kind is about, for people; NULL: it has no title. Borrowed. */
const char *replay_title(const struct replay *r, const char *kind, const char *about);

/* ---- replay_request.c ---- */

/* A member of either part of the entry. Borrowed. */
json_t *replay_part(const struct replay *r, const char *name);
bool replay_is(const json_t *object, const char *name, const char *text);
/* Is the entry a decision that is judged, and of which kind? */
bool replay_kind(const struct replay *r, enum core_kind *out);
/* The command's params made again; new reference. NULL: they cannot be. */
json_t *replay_request(const struct replay *r, enum core_kind kind);

#endif
