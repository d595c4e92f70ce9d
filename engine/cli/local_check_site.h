/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a site says of a team's scripts, as a reload would: beside what stands in the files it knows
 * the version in force, the numbers that cases were opened with, and its limits. Where a server
 * runs it is asked; else the store is looked at, and left as it is.
 */
#ifndef CLI_LOCAL_CHECK_SITE_H
#define CLI_LOCAL_CHECK_SITE_H

#include "local_engine.h"

struct client;

/* Of one site at a time. Zeroed by the caller, freed by site_view_deinit. */
struct site_view {
    char *site; /* looked at last; NULL: none */
    struct client *client;
    struct local_engine engine;
    bool open; /* engine is */
};

/*
 * The mistakes (rules.h) of the team whose folder this is, a new reference; NULL where the folder
 * lies in no site, or in one that has no data yet. A site that cannot be asked is an error, once: a
 * second question about it gives NULL.
 */
enum sgn_status site_view_says(struct site_view *view, struct cli *cli, const char *dir,
                               json_t **mistakes, struct sgn_error *err) SGN_MUST_CHECK;
void site_view_deinit(struct site_view *view);

#endif
