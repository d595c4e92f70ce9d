/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the teams have on a schedule. See schedule.c and schedule_fire.c.
 */
#ifndef LANE_SCHEDULED_H
#define LANE_SCHEDULED_H

#include "lane_internal.h"

#define LANE_SCHEDULE_ALL_MOST 100 /* of those that were missed, with missed = "all" */

/* ---- schedule.c: which there are, and when they are due ---- */

struct lane_schedules *lane_schedules_new(void);
void lane_schedules_free(struct lane_schedules *schedules);
/* What is declared or stored may be other than what is known: it is looked at again before
 * anything is fired. */
void lane_schedules_changed(struct lane *lane);
/* Must they be looked at again? */
bool lane_schedules_stale(const struct lane *lane);
/* When the first of all is due; 0: none is, ever. Stages rows when they have changed. */
enum sgn_status lane_schedules_first(struct lane *lane, int64_t *due,
                                     struct sgn_error *err) SGN_MUST_CHECK;
/* The same without looking again. */
int64_t lane_schedules_due(const struct lane *lane);
/* Fires the one that is due first, at this time. */
enum sgn_status lane_schedules_fire(struct lane *lane, int64_t now,
                                    struct sgn_error *err) SGN_MUST_CHECK;
/* Fires what is due by the beginning of the turn, a bounded number. */
void lane_schedules_turn(struct lane *lane);

/* ---- schedule_fire.c ---- */

/* Fires the schedule of that name: its entry and its row. *next: when it is due again, 0: never.
 * What is not due, or is gone, is left alone. */
enum sgn_status lane_schedule_run(struct lane_run *run, const char *name, int64_t *next,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* When a schedule is due after that time; 0: never. */
int64_t lane_schedule_next(const json_t *spec, int64_t after);
/* What became of an effect of a schedule; its row tells. A failure is an entry, and the team's
 * leads are told: of an effect of an entry of data, too. key: of the case that was opened. */
enum sgn_status lane_schedule_opened(struct lane_run *run, const struct lane_effect *effect,
                                     const char *key, struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status lane_schedule_failed(struct lane_run *run, const struct lane_effect *effect,
                                     const struct sgn_error *why,
                                     struct sgn_error *err) SGN_MUST_CHECK;

#endif
