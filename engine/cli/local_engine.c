/* SPDX-License-Identifier: Apache-2.0 */
/* An engine that only looks, see local_engine.h. */
#include "local_engine.h"

#include "dsl.h"
#include "local.h"
#include "shipped.h"
#include "store.h"
#include <stdlib.h>
#include <string.h>

enum sgn_status
local_engine_init(struct local_engine *engine, struct cli *cli, const char *site,
                  struct sgn_error *err)
{
    struct lane_options options = { .site = site };
    char *files = NULL;
    bool ignored;
    enum sgn_status st;

    *engine = (struct local_engine){ 0 };
    (void)setenv("SIGNOFF_LOG", "error", 0);
    st = local_store_open(cli, site, &engine->store, &files, err);
    free(files);
    engine->shipped = dsl_shipped_all();
    engine->holidays = dsl_shipped_holidays();
    if (st == SGN_OK && (engine->shipped == NULL || engine->holidays == NULL))
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = lane_clock_open(engine->store, NULL, &engine->clock, &ignored, err);
    if (st == SGN_OK)
        st = dsl_rules_new(NULL, &engine->rules, err);
    if (st != SGN_OK)
        return st;
    lane_limits_default(&options.limits);
    options.store = engine->store;
    options.rules = engine->rules;
    options.clock = &engine->clock;
    options.shipped = engine->shipped;
    options.holidays = engine->holidays;
    options.look = true;
    return lane_new(&options, &engine->lane, err);
}

void
local_engine_deinit(struct local_engine *engine)
{
    lane_free(engine->lane);
    if (engine->rules != NULL)
        engine->rules->ops->free(engine->rules);
    store_close(engine->store);
    json_decref(engine->shipped);
    json_decref(engine->holidays);
}

/* The last part of a path, without slashes behind it. */
static void
base_of(const char *path, char out[SGN_KEY_MAX + 1])
{
    size_t n = strlen(path), begin;

    while (n > 0 && path[n - 1] == '/')
        n--;
    begin = n;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    snprintf(out, SGN_KEY_MAX + 1, "%.*s",
             (int)(n - begin <= SGN_KEY_MAX ? n - begin : SGN_KEY_MAX), path + begin);
}

enum sgn_status
local_engine_team(const struct local_engine *engine, const char *team, const char *dir,
                  char out[SGN_KEY_MAX + 1], struct sgn_error *err)
{
    const struct lane_site *site = lane_site_ref(engine->lane);
    json_t *names = json_array();
    enum sgn_status st = SGN_OK;

    base_of(team != NULL ? team : dir != NULL ? dir : "", out);
    for (int i = 0; i < site->n_teams; i++)
        (void)json_array_append_new(names, json_string(site->teams[i]->name));
    if (lane_site_team(site, out) == NULL && team == NULL && site->n_teams == 1)
        snprintf(out, SGN_KEY_MAX + 1, "%s", site->teams[0]->name);
    if (lane_site_team(site, out) == NULL) {
        st =
            sgn_fail(err, SGN_NOT_FOUND, "the site has no team \"%s\": say which with --team", out);
        sgn_error_add(err, "teams", json_incref(names));
    }
    json_decref(names);
    lane_site_free(engine->lane, site);
    return st;
}
