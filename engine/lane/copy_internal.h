/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of copying share: copy.c the order of things, copy_rows.c data rows,
 * copy_entries.c entries, copy_cases.c cases.
 */
#ifndef LANE_COPY_INTERNAL_H
#define LANE_COPY_INTERNAL_H

#include "chain.h"
#include "copy.h"
#include "lane_internal.h"

/* A version that cases of the team go by. */
struct copy_version {
    struct copy_version *next;
    char digest[65];
    struct model *model;
};

struct copying {
    const struct lane_copy_options *options;
    struct store_reader *from, *to;
    const char *team;              /* the one it is at */
    bool reading_back;             /* nothing is written: source and target must be the same */
    struct copy_version *versions; /* of this team */
    int64_t entries, cases, rows, files;
    int redacted;
};

void copy_tell(const struct copying *copying, enum lane_copy_part part, int64_t done, int64_t all);
/* Writes a unit of the team that copying is at, or of site-wide rows. */
enum sgn_status copy_write(struct copying *copying, const char *team, const struct store_unit *unit,
                           struct sgn_error *err) SGN_MUST_CHECK;

/* Each of these makes the target's part of the team what the source's is; reading back it only
 * compares: SGN_INVALID names the first that differs. */
enum sgn_status copy_table(struct copying *copying, enum store_table table, const char *team,
                           struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status copy_entries(struct copying *copying, struct sgn_error *err) SGN_MUST_CHECK;
/* Is what an earlier try has left the beginning of the source's entries? SGN_CONFLICT. */
enum sgn_status copy_entries_fit(struct copying *copying, const char *team,
                                 struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status copy_cases(struct copying *copying, struct sgn_error *err) SGN_MUST_CHECK;
/* Forgets the team's versions. */
void copy_versions_free(struct copying *copying);

#endif
