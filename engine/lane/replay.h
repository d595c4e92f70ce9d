/* SPDX-License-Identifier: Apache-2.0 */
/* Recorded histories by changed rules: see replay.c. */
#ifndef LANE_REPLAY_H
#define LANE_REPLAY_H

#include "lane.h"

/*
 * Decides every recorded decision of the team again by these scripts ({PATH: SOURCE}) and gives
 * what would have been different; limit: items that a group names; language: of titles. On a lane
 * that was made and not started, with rules in this process; writes nothing. SGN_INVALID: the
 * scripts have mistakes.
 */
enum sgn_status lane_replay(struct lane *lane, const char *team, json_t *files, int limit,
                            const char *language, json_t **out,
                            struct sgn_error *err) SGN_MUST_CHECK;

#endif
