/* SPDX-License-Identifier: Apache-2.0 */
/* "verify": the chain of every team and the fold of every case, without a server. */
#include "local.h"

#include "json.h"
#include "lane.h"
#include "site.h"
#include "store.h"
#include <stdlib.h>
#include <unistd.h>

/* One team; a broken history is told and the others are still looked at. */
static void
verify_team(struct cli *cli, struct store *store, const char *team)
{
    const struct cli_output *o = &cli->output;
    struct sgn_error why = { 0 };
    json_t *found = NULL;
    enum sgn_status st = lane_verify(store_own_reader(store), team, &found, &why);

    if (st != SGN_OK) {
        sgn_error_prefix(&why, "team %s: ", team);
        cli_print_error(o, &why);
        cli->exit_code = CLI_FAILED;
    } else if (o->json) {
        json_object_set_new(found, "team", json_string(team));
        cli_print_json(o, found);
    } else {
        fprintf(o->out, "team %s: %lld entries and %lld cases verified", team,
                (long long)sgn_json_int(found, "entries", 0),
                (long long)sgn_json_int(found, "cases", 0));
        if (sgn_json_int(found, "redacted", 0) > 0)
            fprintf(o->out, ", %lld parts redacted", (long long)sgn_json_int(found, "redacted", 0));
        fprintf(o->out, "\n");
    }
    json_decref(found);
    sgn_error_clear(&why);
}

static enum sgn_status
open_store(struct cli *cli, const char *dir, struct store **out, struct sgn_error *err)
{
    struct settings settings;
    char *url = NULL;
    enum sgn_status st = site_expect(dir, err);

    if (st == SGN_OK)
        st = site_settings(dir, &settings, err);
    if (st != SGN_OK)
        return st;
    url = site_store_url(dir, &settings, cli_option(&cli->args, "data"));
    if (url == NULL)
        return sgn_nomem(err);
    /* Opening would make what is missing, and there would be nothing wrong with it. */
    if (access(url + sizeof("sqlite:") - 1, F_OK) != 0)
        st = sgn_fail(err, SGN_NOT_FOUND, "%s: there is no data yet; it begins with signoff serve",
                      url + sizeof("sqlite:") - 1);
    else
        st = store_open(&(struct store_options){ .url = url }, out, err);
    if (st == SGN_CONFLICT)
        sgn_error_add(err, "hint",
                      json_string("stop the server, or let it verify: signoff audit verify"));
    free(url);
    return st;
}

enum sgn_status
local_verify(struct cli *cli, struct sgn_error *err)
{
    struct store *store = NULL;
    json_t *teams = NULL;
    const json_t *team;
    size_t i;
    enum sgn_status st = open_store(cli, cli_word(&cli->args, 0), &store, err);

    if (st == SGN_OK)
        st = store_check(store, err);
    if (st == SGN_OK)
        st = store_teams(store_own_reader(store), &teams, err);
    if (st == SGN_OK) {
        json_array_foreach(teams, i, team)
            verify_team(cli, store, json_string_value(team));
        if (json_array_size(teams) == 0 && !cli->output.json)
            fprintf(cli->output.out, "nothing is written yet\n");
    }
    json_decref(teams);
    store_close(store);
    return st;
}
