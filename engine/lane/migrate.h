/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Migrating cases to another version of their workflow, and rehearsing it: see migrate.c and
 * rehearse.c. Both decide with lane_migrate_decide, so that what is rehearsed is what happens.
 */
#ifndef LANE_MIGRATE_H
#define LANE_MIGRATE_H

#include "lane_internal.h"

struct lane_migration {
    const struct model *to;
    int64_t from; /* only cases of this version; 0: of any other */
};

/* Decides one case of the run's team into run->entry. SGN_NOT_NOW: it is not meant. */
enum sgn_status lane_migrate_decide(struct lane_run *run, const char *key,
                                    const struct lane_migration *m, struct sgn_error *err);
/* The command of a sweep of this kind. */
enum sgn_status lane_migrate_case(struct lane_run *run, struct lane_job *job,
                                  struct sgn_error *err);
/* Notes in the sweep's argument a case that stays where it is. */
void lane_migrate_left(json_t *argument, const char *key, enum sgn_status why,
                       const struct sgn_error *err);

/* ---- rehearse_report.c ---- */

/* The report of one workflow: {workflow, version, digest, cases, unchanged, changed, stuck,
 * ballots: {kept, void}, versions: {VERSION: cases}, groups: [{kind, about, what?, title?,
 * reason?, count, cases: [{case, ...}]}]}. limit: cases that a group names. */
json_t *rehearsal_report_new(const struct model *model);
enum sgn_status rehearsal_report_add(json_t *report, const json_t *row_before,
                                     const struct lane_entry *entry, const struct model *old,
                                     const char *language, int limit);
/* Gives each group a title in a language, where what it is about has one in the new version, or in
 * the old one when it is that one's alone. */
enum sgn_status rehearsal_report_titles(json_t *report, const struct model *model,
                                        const char *language);
enum sgn_status rehearsal_report_stuck(json_t *report, const json_t *row, const char *key,
                                       enum sgn_status why, const struct sgn_error *err, int limit);

/* ---- rehearse.c ---- */

struct lane_rehearsal;
void lane_rehearsal_free(struct lane_rehearsal *rehearsal);

#endif
