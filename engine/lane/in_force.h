/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The teams' rules: what is in force, what is kept for a start over a broken folder, and workflow
 * versions by their digest. Of the lane's files; the lane's thread, but where it says otherwise.
 */
#ifndef LANE_IN_FORCE_H
#define LANE_IN_FORCE_H

#include "lane_internal.h"

/* ---- site*.c: what is in force ---- */

void lane_team_free(struct lane_team *team);
/* A new snapshot in which the team (or NULL) stands instead of its namesake. */
enum sgn_status lane_site_swap(struct lane *lane, struct lane_team *team_take,
                               struct sgn_error *err);
/* A new snapshot that says of a team that it has mistakes and nothing in force. */
enum sgn_status lane_site_without(struct lane *lane, const char *name, const json_t *mistakes,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* The team's folder as the input of a load, in *out; or, where scripts cannot be read, what a load
 * of them answers, in *refused: no rules, and why as mistakes. */
enum sgn_status lane_site_load_input(const struct lane *lane, const char *team, json_t **out,
                                     json_t **refused, struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status lane_site_open(struct lane *lane, struct sgn_error *err);
void lane_site_log_mistakes(const char *team, const json_t *mistakes);
/* Stages these rules as what a start over a broken folder goes on with, unless they are it already.
 * versions: of the answer to the load. */
enum sgn_status lane_kept_put(struct lane *lane, struct lane_team *team, const json_t *versions,
                              const char *of, struct sgn_error *err) SGN_MUST_CHECK;
/* The team as it was kept, when it was made of this (see lane_kept_put) and its calendars are as
 * they were; NULL: its folder is to be loaded. */
struct lane_team *lane_kept_unchanged(struct lane *lane, const char *name, const char *of);
/* *out: were rules of the team kept? */
enum sgn_status lane_kept_has(struct lane *lane, const char *team, bool *out,
                              struct sgn_error *err) SGN_MUST_CHECK;
/* A node that starts beside others changes nothing: where what is kept is other than what its
 * folder says, *out is the team as it was kept. NULL: put the folder's in force. */
enum sgn_status lane_kept_beside(struct lane *lane, const struct lane_team *team,
                                 const json_t *versions, struct lane_team **out,
                                 struct sgn_error *err) SGN_MUST_CHECK;
/* Puts in force here what another node has put in force since this was asked last: of a team whose
 * head is known, and while no job of it runs. */
void lane_kept_follow(struct lane *lane, const char *team);
/* {NAME: VERSION}, new reference, or NULL. */
json_t *lane_kept_versions(struct lane *lane, const char *team);
/* The team as it was kept, old and without mistakes; SGN_NOT_FOUND: nothing was. */
enum sgn_status lane_kept_get(struct lane *lane, const char *name, struct lane_team **out,
                              struct sgn_error *err) SGN_MUST_CHECK;
/* Puts a load in force. of: what the load was made of, where a start may do without it; or NULL. */
enum sgn_status lane_site_apply(struct lane *lane, const char *name, const json_t *answer,
                                const char *of, json_t **report, struct sgn_error *err);
/* The same without effect: *report is {team, taken: would it be put in force, rules: as
 * lane_site_rules says, workflows, mistakes}. */
enum sgn_status lane_site_check(struct lane *lane, const char *name, const json_t *answer,
                                json_t **report, struct sgn_error *err) SGN_MUST_CHECK;
/* SGN_INVALID when there is an error among the mistakes of a load. */
enum sgn_status lane_check_mistakes(const json_t *mistakes, struct sgn_error *err);

/* ---- versions.c ---- */

void lane_models_free(struct lane *lane);
enum sgn_status lane_version_store(struct lane_run *run, const struct model *model,
                                   struct sgn_error *err);
enum sgn_status lane_version_open(struct lane *lane, const char *team, const struct model *model,
                                  struct sgn_error *err);
/* A stored version without a lane: its model (model_free) and its row. On failure *row is to be
 * let go, too. */
enum sgn_status lane_version_read(struct store_reader *reader, const char *team, const char *digest,
                                  struct model **out, json_t **row,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* A kept version as in rules.h; a copy, NULL: not kept. */
json_t *lane_models_version(struct lane *lane, const char *team, const char *digest);
/* The file of a kept version's script, "workflows/x.lua"; "": not kept. */
void lane_models_file(struct lane *lane, const char *team, const char *digest, char *out,
                      size_t size);
bool lane_models_has(struct lane *lane, const char *team, const char *digest);
/* Forgets a version that was kept for a while. */
void lane_models_drop(struct lane *lane, const char *team, const char *digest);
/* Keeps a version for lane_model and lane_models_version; one of the same digest gets its newer
 * texts. SGN_NOMEM: all is as before. */
enum sgn_status lane_models_keep(struct lane *lane, const char *team, struct model *model,
                                 const json_t *version, struct sgn_error *err) SGN_MUST_CHECK;

#endif
