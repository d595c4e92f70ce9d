/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sweeps: durable walks over open cases, one ordinary command of the system for each that is
 * touched. See sweep.c and sweep_cause.c.
 *
 *   kind       argument                                       begun by
 *   calendar   {"calendar", "date", "reason"?}                an exception
 *              {"project"} or {"client"}                      another calendar of theirs
 *              {}                                             a load that declares others
 *   people     {"project", "person", "role"}                  a membership
 *              {"group", "person"}                            who is in a group
 *              {"person"}                                     who left, came back, leads
 *              {"person", "stand_in"}                         a delegation
 *   migrate    see migrate.c                                  workflow.migrate
 *   retry      {}                                             a load put in force: what is stuck
 *                                                             is tried again
 *   retention  {"cases": [KEY]}                               audit.release: what fell due under
 *                                                             the hold is erased
 */
#ifndef LANE_SWEEP_H
#define LANE_SWEEP_H

#include "lane_internal.h"

struct lane_sweep {
    struct lane_sweep *next;
    char team[SGN_KEY_MAX + 1];
    int64_t id, started, touched;
    char kind[16];
    json_t *argument;
    char *cursor;   /* behind the cases that are done; NULL: at the beginning */
    char *reached;  /* behind those of the page under way; NULL: it is the last one */
    bool under_way; /* a page was issued and is not accounted for */
    int waiting;    /* its commands that wait for answers of the rules */
    int64_t said;   /* touched as the row has it */
};

/* ---- sweep.c ---- */

/* Stages the row of a sweep and joins it to those that are walked. argument is borrowed. */
enum sgn_status lane_sweep_begin(struct lane_run *run, const char *kind, const json_t *argument,
                                 struct sgn_error *err) SGN_MUST_CHECK;
/* Takes up what the store knows of, of one team or (NULL) of all: at start, and after a commit that
 * failed. None of its commands may be held. */
enum sgn_status lane_sweeps_resume(struct lane *lane, const char *team, struct sgn_error *err);
/* Joins those of the team (NULL: of all) that are not walked yet, as when another node has begun
 * them. */
enum sgn_status lane_sweeps_more(struct lane *lane, const char *team,
                                 struct sgn_error *err) SGN_MUST_CHECK;
void lane_sweeps_clear(struct lane *lane, const char *team);
/* A bounded number of cases. */
void lane_sweeps_turn(struct lane *lane);
/* Could a turn go on with one? */
bool lane_sweeps_ready(const struct lane *lane);

/* ---- sweep_cause.c ---- */

/* Begins the sweep that the data staged by the run ask for, in the same commit. */
enum sgn_status lane_sweep_caused(struct lane_run *run, struct sgn_error *err) SGN_MUST_CHECK;
/* A team was loaded: if its calendars are others than those its cases were last looked at with,
 * all are looked at. */
enum sgn_status lane_sweep_loaded(struct lane *lane, const struct lane_team *team,
                                  struct sgn_error *err) SGN_MUST_CHECK;

#endif
