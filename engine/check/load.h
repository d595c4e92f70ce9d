/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The findings of one load on their way to an answer: shared by load.c, silence.c and team.c.
 */
#ifndef CHECK_LOAD_H
#define CHECK_LOAD_H

#include "check_internal.h"

struct loading {
    const json_t *answer;
    json_t *mistakes;
    struct check_team team;
    bool failed;
};

/* A warning at a place of a file; hint may be NULL. */
void load_add(struct loading *loading, const char *file, int line, int column, const char *id,
              const char *message, const char *hint);
/* Applies the silences of a file. judged: nothing kept its models from being looked at. */
void silences_apply(struct loading *loading, const char *file, const json_t *remarks, bool judged);
/* What all workflows and schedules of an answer say of the team. */
struct gathered {
    struct check_team team; /* what stands below, borrowed */
    json_t *opened, *fired, *workflows, *channels, *awaited, *carried;
    bool any_data; /* some rule gives events along what cannot be told */
};
enum sgn_status team_gather(const json_t *answer, struct gathered *g,
                            struct sgn_error *err) SGN_MUST_CHECK;
void team_gathered_deinit(struct gathered *g);

#endif
