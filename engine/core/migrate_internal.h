/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of a migration share: a case that comes to another version of its workflow.
 *
 * stage->model is the new version, old the one that the row is of. First the row is put into
 * the new version's words (states by the migration, all else by its own name); then the chart
 * is made; what has a counterpart goes on, what has none ends, what is new begins.
 */
#ifndef CORE_MIGRATE_INTERNAL_H
#define CORE_MIGRATE_INTERNAL_H

#include "core_internal.h"

struct migrating {
    struct stage *stage;
    const struct model *old;
    const struct model_migration *migration;
    struct statechart_set was; /* active states of the old version */
    struct statechart_set
        kept;       /* active states of the new one that were active, by whatever name */
    json_t *fields; /* as they were; borrowed from the question's row */
};

/* ---- migrate_row.c ---- */

/* SGN_REFUSED with data.reason: no_migration, state, together, field, required. */
enum sgn_status migrate_stuck(struct migrating *m, const char *reason, const char *about,
                              const char *fmt, ...) SGN_PRINTF(4, 5);
/* What a state of the old version is called in the new one, whether it exists there or not. */
const char *migrate_name(const struct migrating *m, const char *old_name);
/* Puts the row into the new version's words. */
enum sgn_status migrate_words(struct migrating *m) SGN_MUST_CHECK;
/* Makes stage->chart, was and kept. Refuses when a state has no counterpart. */
enum sgn_status migrate_chart(struct migrating *m) SGN_MUST_CHECK;

/* ---- migrate_clock.c ---- */

/* The old version's name of a deadline or timer in the new version's words; malloc'ed. */
char *migrate_deadline_name(const struct migrating *m, const struct model_deadline *within);
/* What is armed goes on by its name, with the rungs that have fired; or it ends. */
enum sgn_status migrate_deadlines(struct migrating *m) SGN_MUST_CHECK;
/* Arms what the new version has and the old one had not. */
enum sgn_status migrate_arm(struct migrating *m) SGN_MUST_CHECK;
/* After deadlines were settled: of repeats that are new, those whose time is over are spent. */
void migrate_repeats(struct migrating *m);

/* ---- migrate_report.c ---- */

/* What has become of the case, from stage->base and the row; into stage->migrate. */
enum sgn_status migrate_report(struct migrating *m) SGN_MUST_CHECK;

#endif
