/* SPDX-License-Identifier: Apache-2.0 */
/* See cut_site.h: the server's life. */
#include "cut_site.h"

#include "cut_rules.h"
#include "json.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define START     "2026-01-05T09:00:00Z"
#define QUIET     3    /* turns without a commit after which nothing is under way */
#define TURNS_MAX 3000 /* more is a server that never comes to rest */

const char *
cut_person_name(int person)
{
    static const char *const names[CUT_PERSONS] = { "an", "bo", "cy", "li" };

    return names[person];
}

/* ---- what the parts tell each other ---- */

static void
peer_send(void *ctx, const void *bytes, size_t n)
{
    (void)sgn_buf_append(&((struct cut_person *)ctx)->answers, bytes, n);
}

static void
peer_pause(void *ctx, bool paused)
{
    (void)ctx;
    (void)paused;
}

static void
peer_close(void *ctx)
{
    ((struct cut_person *)ctx)->closed = true;
}

/* ---- the rows that a site begins with ---- */

static void
put_member(json_t *rows, const char *person, const char *role)
{
    in_process_row(
        rows, "membership", CUT_TEAM,
        json_pack("{s:s, s:s, s:s}", "project", CUT_PROJECT, "person", person, "role", role));
}

static void
put_person(json_t *rows, int person)
{
    const char *name = cut_person_name(person);

    in_process_row(rows, "person", CUT_TEAM,
                   json_pack("{s:s, s:s, s:b, s:b}", "person", name, "title", name, "lead",
                             person == CUT_PERSONS - 1, "active", 1));
    in_process_token(rows, CUT_TEAM, name);
    put_member(rows, name, "agent");
    if (person < CUT_PERSONS - 1)
        put_member(rows, name, "voter");
}

static json_t *
first_rows(void)
{
    json_t *rows = json_array();

    in_process_row(
        rows, "project", CUT_TEAM,
        json_pack("{s:s, s:s, s:s}", "project", CUT_PROJECT, "title", "Rounds", "state", "open"));
    for (int i = 0; i < CUT_PERSONS; i++)
        put_person(rows, i);
    return rows;
}

/* ---- start and end ---- */

static void
connect_person(struct cut_site *site, int i)
{
    struct cut_person *person = &site->persons[i];
    const struct rpc_peer peer = {
        .ctx = person,
        .send = peer_send,
        .pause = peer_pause,
        .close = peer_close,
        .channel = "line",
    };

    person->site = site;
    person->closed = false;
    person->n_asked = 0;
    sgn_buf_init(&person->answers, (size_t)64 << 20);
    person->connection = rpc_connection_new(site->server.rpc, &peer);
    if (person->connection == NULL)
        return;
    person->asked[person->n_asked++] = NULL; /* the answer to the login is nobody's */
    in_process_login(person->connection, cut_person_name(i));
}

enum sgn_status
cut_site_start(struct cut_site *site, struct sgn_error *err)
{
    const struct in_process_options options = {
        .store = { .url = site->url, .reserve_bytes = 1, .unmerged_bytes = site->unmerged },
        .start = START,
        .site = site->site,
        .rules = site->rules,
    };
    enum sgn_status st;

    site->lives++;
    st = in_process_start(&site->server, &options, first_rows(), err);
    for (int i = 0; st == SGN_OK && i < CUT_PERSONS; i++)
        connect_person(site, i);
    return st;
}

void
cut_site_stop(struct cut_site *site)
{
    for (int i = 0; i < CUT_PERSONS; i++) {
        if (site->persons[i].connection != NULL)
            rpc_connection_close(site->persons[i].connection);
        site->persons[i].connection = NULL;
        sgn_buf_deinit(&site->persons[i].answers);
    }
    in_process_stop(&site->server);
}

bool
cut_site_turn(struct cut_site *site)
{
    bool quiet = in_process_turn(&site->server);

    cut_site_answers(site);
    return quiet;
}

void
cut_site_settle(struct cut_site *site)
{
    int quiet = 0;

    for (int i = 0; i < TURNS_MAX && quiet < QUIET && !cut_disk_is_dead(site->cut->disk); i++)
        quiet = cut_site_turn(site) ? quiet + 1 : 0;
}

/* ---- its folders ---- */

static bool
make_folder(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

bool
cut_site_init(struct cut_site *site, struct cut_vfs *cut, struct sgn_error *err)
{
    char path[160];

    *site = (struct cut_site){ .cut = cut };
    snprintf(site->dir, sizeof site->dir, "/tmp/sgn-cuts-XXXXXX");
    if (mkdtemp(site->dir) == NULL)
        return false;
    snprintf(site->site, sizeof site->site, "%s/site", site->dir);
    snprintf(site->url, sizeof site->url, "sqlite:%s/data", site->dir);
    snprintf(path, sizeof path, "%s/site/teams", site->dir);
    if (!make_folder(site->site) || !make_folder(path))
        return false;
    snprintf(path, sizeof path, "%s/site/teams/" CUT_TEAM, site->dir);
    if (symlink(SGN_SOURCE_DIR "/tests/fault/team", path) != 0)
        return false;
    return cut_rules_new(&site->rules, err) == SGN_OK;
}

void
cut_site_deinit(struct cut_site *site)
{
    static const char *const rests[] = { "site/teams/" CUT_TEAM, "site/teams", "site", "data/lock",
                                         "data/signoff.db",      "data",       "" };
    char path[160];

    cut_site_forget(site);
    cut_rules_free(site->rules);
    for (size_t i = 0; i < sizeof rests / sizeof rests[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", site->dir, rests[i]);
        (void)remove(path);
    }
}
