/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An engine on a stopped site that only looks: it is in this process and never started, answers
 * questions about the store by the rules in this process, and writes nothing.
 */
#ifndef CLI_LOCAL_ENGINE_H
#define CLI_LOCAL_ENGINE_H

#include "clock.h"
#include "commands.h"
#include "lane.h"

struct local_engine {
    struct store *store;
    struct rules *rules;
    struct lane *lane;
    struct sgn_clock clock; /* the site's own */
    json_t *shipped, *holidays;
};

/* On failure too local_engine_deinit() is to be called. Nothing is logged but errors, unless
 * SIGNOFF_LOG says so. SGN_CONFLICT: a server runs on the site. */
enum sgn_status local_engine_init(struct local_engine *engine, struct cli *cli, const char *site,
                                  struct sgn_error *err) SGN_MUST_CHECK;
void local_engine_deinit(struct local_engine *engine);
/* Which team is meant: team when it is not NULL, else the one that DIR is named after, else the
 * site's only one. SGN_NOT_FOUND names those there are. */
enum sgn_status local_engine_team(const struct local_engine *engine, const char *team,
                                  const char *dir, char out[SGN_KEY_MAX + 1],
                                  struct sgn_error *err) SGN_MUST_CHECK;

#endif
