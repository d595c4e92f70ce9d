/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the lane does about files beside the functions of lane.h. See files.c.
 */
#ifndef LANE_FILES_H
#define LANE_FILES_H

#include "blobs.h"
#include "lane_internal.h"

/* Adds to the bytes that the team keeps; SGN_TOO_LARGE over most. */
enum sgn_status lane_files_count(struct lane_run *run, int64_t change, int64_t most,
                                 struct sgn_error *err) SGN_MUST_CHECK;
/* Does no other file of the team have these bytes? */
enum sgn_status lane_files_alone(struct lane_run *run, const char *id, const char *sha256,
                                 bool *alone, struct sgn_error *err) SGN_MUST_CHECK;
/* Stages that a file is gone; its bytes go with the next sweep that finds no name of theirs. */
enum sgn_status lane_files_drop(struct lane_run *run, const json_t *row,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* The rows of the files that an entry brings into its case. */
enum sgn_status lane_files_attach(struct lane_run *run, const struct lane_entry *entry,
                                  struct sgn_error *err) SGN_MUST_CHECK;

/* ---- files_place.c ---- */

/* At the start of a node among others: a folder that is not theirs is closed again, and said. */
enum sgn_status lane_files_place(struct lane *lane, struct sgn_error *err) SGN_MUST_CHECK;
/* What this node's uploads are told by in a folder that others use, too: of its host and its site's
 * folder. NULL: there never are others. */
const char *lane_files_node(const struct lane *lane, char out[17]);

/* ---- files_sweep.c ---- */

/* Uploads whose rows are committed are over. At the beginning of a turn, before anything is
 * staged. */
void lane_files_settled(struct lane *lane);
/* A bounded step of the sweep, when it is time. */
void lane_files_turn(struct lane *lane);
/* Is a step waiting to be done? */
bool lane_files_has_more(const struct lane *lane);

#endif
