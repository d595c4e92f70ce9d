/* SPDX-License-Identifier: Apache-2.0 */
/* A site's own view of its scripts, see local_check_site.h. */
#include "local_check_site.h"

#include "client.h"
#include "json.h"
#include "local.h"
#include "site.h"
#include "site_what.h"
#include <stdlib.h>
#include <string.h>

/* SITE of SITE/teams/TEAM, by what the folder really is; NULL when it lies in no site. */
static char *
site_of(const char *dir)
{
    char *path = realpath(dir, NULL), *slash = path != NULL ? strrchr(path, '/') : NULL;

    if (slash != NULL)
        *slash = '\0';
    slash = slash != NULL ? strrchr(path, '/') : NULL;
    if (slash != NULL && strcmp(slash, "/teams") == 0) {
        *slash = '\0';
        if (site_has(path, SITE_SETTINGS))
            return path;
    }
    free(path);
    return NULL;
}

static void
leave(struct site_view *view)
{
    client_free(view->client);
    if (view->open)
        local_engine_deinit(&view->engine);
    free(view->site);
    *view = (struct site_view){ 0 };
}

/* Nothing to look at is no failure: a site that has never been served. */
static enum sgn_status
enter(struct site_view *view, struct cli *cli, char *site_take, struct sgn_error *err)
{
    enum sgn_status st;

    leave(view);
    view->site = site_take;
    view->open = true;
    st = local_engine_init(&view->engine, cli, view->site, err);
    if (st == SGN_OK)
        return SGN_OK;
    local_engine_deinit(&view->engine);
    view->open = false;
    if (st != SGN_CONFLICT && st != SGN_NOT_FOUND)
        return st;
    sgn_error_clear(err);
    return st == SGN_CONFLICT ? local_operator(view->site, &view->client, err) : SGN_OK;
}

static enum sgn_status
ask_server(struct site_view *view, const char *team, json_t **mistakes, struct sgn_error *err)
{
    json_t *params = json_pack("{s:s}", "team", team), *answer = NULL;
    enum sgn_status st = params != NULL
                             ? client_call(view->client, "workflow.check", params, &answer, err)
                             : sgn_nomem(err);

    if (st == SGN_OK)
        *mistakes = json_incref(json_object_get(answer, "mistakes"));
    json_decref(answer);
    json_decref(params);
    return st;
}

/* The engine has loaded all teams when it was made, as a server does that starts. */
static void
ask_engine(struct site_view *view, const char *name, json_t **mistakes)
{
    const struct lane_site *site = lane_site_ref(view->engine.lane);
    const struct lane_team *team = lane_site_team(site, name);

    *mistakes = json_incref(team != NULL ? team->mistakes : json_object_get(site->without, name));
    lane_site_free(view->engine.lane, site);
}

enum sgn_status
site_view_says(struct site_view *view, struct cli *cli, const char *dir, json_t **mistakes,
               struct sgn_error *err)
{
    char *site = site_of(dir), *name = NULL;
    enum sgn_status st = SGN_OK;

    *mistakes = NULL;
    if (site == NULL)
        return SGN_OK;
    if (view->site == NULL || strcmp(site, view->site) != 0)
        st = enter(view, cli, site, err);
    else
        free(site);
    if (st != SGN_OK || (view->client == NULL && !view->open))
        return st;
    name = site_team_name(dir);
    if (name == NULL)
        st = sgn_nomem(err);
    else if (view->client != NULL)
        st = ask_server(view, name, mistakes, err);
    else
        ask_engine(view, name, mistakes);
    free(name);
    return st;
}

void
site_view_deinit(struct site_view *view)
{
    leave(view);
}
