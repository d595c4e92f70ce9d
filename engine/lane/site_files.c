/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A team's folder as the input of a load (see rules.h).
 */
#include "in_force.h"
#include "json.h"
#include "lane_internal.h"
#include "scripts.h"
#include <stdio.h>
#include <string.h>

/* A folder that cannot be read is a mistake of the team's, as any other; the reader of mistakes
 * need not know where the site lies. */
static enum sgn_status
add_unreadable(json_t *mistakes, const char *why)
{
    char message[200];

    snprintf(message, sizeof message, "the team's folder cannot be read: %s", why);
    return json_array_append_new(mistakes, json_pack("{s:s, s:s, s:i, s:i, s:s}", "severity",
                                                     "error", "file", "team.lua", "line", 1,
                                                     "column", 1, "message", message)) == 0
               ? SGN_INVALID
               : SGN_NOMEM;
}

enum sgn_status
lane_site_load_input(const struct lane *lane, const char *team, json_t **out, json_t **refused,
                     struct sgn_error *err)
{
    const json_t *shipped = lane->options.shipped;
    json_t *files = NULL, *mistakes = json_array();
    struct sgn_error why = { 0 };
    char dir[4096];
    enum sgn_status st;

    *out = *refused = NULL;
    snprintf(dir, sizeof dir, "%s/teams/%s", lane->options.site, team);
    st = mistakes != NULL ? check_scripts_read(dir, mistakes, &files, &why) : SGN_NOMEM;
    if (st == SGN_NOT_FOUND || st == SGN_UNAVAILABLE)
        st = add_unreadable(mistakes, why.message + strlen(dir) + 2);
    if (st != SGN_NOMEM && json_array_size(mistakes) > 0)
        *refused = json_pack("{s:n, s:{}, s:O}", "team", "workflows", "mistakes", mistakes);
    else if (st == SGN_OK)
        *out = json_pack("{s:s, s:O, s:o}", "team", team, "files", files, "shipped",
                         shipped != NULL ? json_incref((json_t *)shipped) : json_object());
    json_decref(files);
    json_decref(mistakes);
    sgn_error_clear(&why);
    return *out != NULL || *refused != NULL ? SGN_OK : sgn_nomem(err);
}
