/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a word of the command line means to "check", "test" and "graph": teams, a folder of
 * workflows, a script or a test. One answer for all of them, so that what one command takes the
 * others take, too.
 */
#ifndef CLI_SITE_WHAT_H
#define CLI_SITE_WHAT_H

#include "status.h"
#include <jansson.h>
#include <stdbool.h>

#define SITE_OWN_TEAM "team" /* of scripts that lie in no team's folder */

enum site_kind {
    SITE_IS_TEAMS,     /* a site, its folder of teams, a team, a team.lua, a folder within a team */
    SITE_IS_WORKFLOWS, /* a folder of workflows that belongs to no team */
    SITE_IS_SCRIPT,    /* NAME.lua */
    SITE_IS_TEST       /* NAME_test.lua */
};

struct site_what {
    enum site_kind kind;
    char *path;    /* of the folder or the file; as the user can open it */
    json_t *teams; /* SITE_IS_TEAMS: the paths of their folders, sorted, at least one */
    bool whole;    /* SITE_IS_TEAMS: path is the folder that holds them, none may lead out of it */
};

/* SGN_NOT_FOUND or SGN_INVALID say what is there, and what was expected. Zeroed by the caller,
 * freed by site_what_deinit also after a failure. */
enum sgn_status site_what(const char *word, struct site_what *out,
                          struct sgn_error *err) SGN_MUST_CHECK;
void site_what_deinit(struct site_what *what);

/* Where the user finds a file of a load's answer, of the only team there is. malloc'ed. */
char *site_place(const struct site_what *what, const char *file);

/* The name of the team of this folder: the folder's own. malloc'ed; NULL when there is none. */
char *site_team_name(const char *dir);

/*
 * The files of a folder of workflows, {NAME.lua: SOURCE}, as if a team that works from 09:00 to
 * 12:00 and from 13:30 to 18:00 in Shanghai had them: {"team.lua", "workflows/NAME.lua"}. Those in
 * folders below are left out.
 */
enum sgn_status site_wrap(const json_t *found, json_t **files,
                          struct sgn_error *err) SGN_MUST_CHECK;

#endif
