/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the lane remembers of teams where other nodes write, too: see known.c. Lane thread.
 */
#ifndef LANE_KNOWN_H
#define LANE_KNOWN_H

#include "lane_internal.h"

/* Members of a map {team/...} of one team, or (NULL) all. */
void lane_forget_in(json_t *map, const char *team);
/* Is all that is remembered of the team of the head in lane->heads? */
bool lane_team_known(const struct lane *lane, const char *team);
/* Makes it so: before anything of a team is remembered. */
enum sgn_status lane_team_look(struct lane *lane, const char *team, struct sgn_error *err);
/* The head is further on: what has changed since is forgotten. Is any of it data? */
bool lane_team_changed(struct lane *lane, const char *team);
/* SGN_CONFLICT: the team's head is not the one that is known. */
enum sgn_status lane_head_check(const struct lane *lane, const char *team,
                                const struct store_head *head,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* Of a batch that writes nothing: does what it answers rest on the head as it is? SGN_CONFLICT: it
 * is to be decided again; when that has happened often the head is held meanwhile. */
enum sgn_status lane_batch_stands(struct lane *lane, const struct lane_batch *batch,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* Is it held for that? */
bool lane_batch_stands_held(const struct lane_batch *batch);
/* The database's clock told this time after that moment of the monotonic clock. 0: it told none. */
void lane_clock_hear(struct lane *lane, int64_t told, int64_t before);
/* SGN_CONFLICT: a command got the head so late that others may have fired what it came before. It
 * comes now, and is to be decided again. */
enum sgn_status lane_batch_in_time(const struct lane *lane, const struct lane_batch *batch,
                                   int64_t now, struct sgn_error *err) SGN_MUST_CHECK;
/* How long after its time what is due fires by itself: with several nodes a timely command at
 * another one gets the head first. */
int64_t lane_late_ms(const struct lane *lane);

#endif
