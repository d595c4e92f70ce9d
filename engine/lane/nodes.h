/* SPDX-License-Identifier: Apache-2.0 */
/*
 * This node among others, see nodes.c. A store that nobody else writes, and a site on virtual time,
 * have none: then all of these do nothing.
 */
#ifndef LANE_NODES_H
#define LANE_NODES_H

#include "lane.h"

/* Says that this node lives, for the first time; lane->nodes is set also when it fails. */
enum sgn_status lane_nodes_new(struct lane *lane, struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status lane_nodes_start(struct lane *lane, struct sgn_error *err) SGN_MUST_CHECK;
/* Ends its thread, and says that this node is gone. Nobody is told of commits from then on. */
void lane_nodes_stop(struct lane *lane);
void lane_nodes_free(struct lane *lane);
/* After a commit of this node: the team's new head, told to those who watch here and, soon, to
 * other nodes. */
void lane_nodes_committed(struct lane *lane, const char *team, int64_t head);
/* The same of rows alone. */
void lane_nodes_wrote(struct lane *lane, const char *team);
/* How long to leave the database alone after asking it took so long, in ms: with a great many teams
 * it is asked less often. What took long once only, as where a connection was cut, is no measure;
 * *last is what the time before took. */
int64_t lane_nodes_pause(int64_t *last, int64_t took, int64_t least);
/* Its thread is to look now. */
void lane_nodes_wake(struct lane *lane);
/* Are there others? */
bool lane_nodes_others(struct lane *lane);
/* What others have written since the last turn is looked at anew. */
void lane_nodes_hear(struct lane *lane);

#endif
