/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The teams' working calendars: declared in team.lua, with holidays from files and dated
 * exceptions from the store laid on top.
 *
 * They are read and checked when a team's scripts are loaded (calendar_files.c), and compiled when
 * they are first needed after a load or an exception (calendars.c). What was compiled never
 * changes; a change makes others.
 */
#ifndef LANE_CALENDARS_H
#define LANE_CALENDARS_H

#include "hash.h"
#include "lane.h"

/* ---- calendar_files.c: any thread ---- */

/*
 * The calendars that team declares: [{"name", "calendar": JSON as calendar.h has it}], the
 * team's own first. dir is the team's folder, in which holiday files are read, no links
 * followed; shipped: {"cn-2026": TEXT}, whose lists are named without the year. Either may be
 * NULL. Adds mistakes (see rules.h); a holiday file with one is left out. SGN_NOMEM only.
 */
enum sgn_status lane_calendars_read(const char *dir, const struct model_team *team,
                                    const json_t *shipped, json_t *mistakes, json_t **out,
                                    struct sgn_error *err) SGN_MUST_CHECK;

/* ---- calendars.c: the lane thread ---- */

struct lane_calendars;

struct lane_calendars *lane_calendars_new(void);
void lane_calendars_free(struct lane_calendars *all);
/* What is declared, or what exceptions there are, may be other than what was compiled. team
 * NULL: of all. */
void lane_calendars_changed(struct lane *lane, const char *team);
/* The team's calendars with what this batch has staged. Borrowed until the job ends. */
enum sgn_status lane_calendars_of(struct lane_run *run, const struct core_calendars **out,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* One of them, with the exceptions that the run itself has staged: calendar_free(). SGN_NOT_FOUND;
 * SGN_INVALID when the exceptions cannot stand. NULL: the team's own. */
enum sgn_status lane_calendar_make(struct lane_run *run, const char *name, struct calendar **out,
                                   struct sgn_error *err) SGN_MUST_CHECK;
/* A digest of the calendars as declared, which tells whether a load has changed them. */
enum sgn_status lane_calendars_digest(const json_t *declared, char out[SGN_HASH_HEX],
                                      struct sgn_error *err) SGN_MUST_CHECK;

#endif
