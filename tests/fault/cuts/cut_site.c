/* SPDX-License-Identifier: Apache-2.0 */
/* See cut_site.h: the server's life. */
#include "cut_site.h"

#include "cut_rules.h"
#include "hash.h"
#include "json.h"
#include "store.h"
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
on_committed(void *ctx, const char *team, int64_t head)
{
    struct cut_site *site = ctx;

    site->commits++;
    if (site->rpc != NULL)
        rpc_committed(site->rpc, team, head);
}

static void
on_failed(void *ctx, const struct sgn_error *err)
{
    (void)ctx;
    (void)err;
}

static void
on_wake(void *ctx)
{
    (void)ctx;
}

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
put(json_t *rows, const char *table, const char *team, json_t *row_take)
{
    (void)json_array_append_new(
        rows, json_pack("{s:s, s:s, s:o}", "table", table, "team", team, "row", row_take));
}

static void
put_person(json_t *rows, int person)
{
    const char *name = cut_person_name(person);
    char token[16], hash[SGN_HASH_HEX];

    snprintf(token, sizeof token, "sgn_%s", name);
    sgn_sha256(token, strlen(token), hash);
    put(rows, "person", CUT_TEAM,
        json_pack("{s:s, s:s, s:b, s:b}", "person", name, "title", name, "lead",
                  person == CUT_PERSONS - 1, "active", 1));
    put(rows, "token", "",
        json_pack("{s:s, s:s, s:s, s:s, s:b}", "hash", hash, "id", name, "team", CUT_TEAM, "person",
                  name, "operator", 0));
    put(rows, "membership", CUT_TEAM,
        json_pack("{s:s, s:s, s:s}", "project", CUT_PROJECT, "person", name, "role", "agent"));
    if (person < CUT_PERSONS - 1)
        put(rows, "membership", CUT_TEAM,
            json_pack("{s:s, s:s, s:s}", "project", CUT_PROJECT, "person", name, "role", "voter"));
}

static json_t *
first_rows(void)
{
    json_t *rows = json_array();

    put(rows, "project", CUT_TEAM,
        json_pack("{s:s, s:s, s:s}", "project", CUT_PROJECT, "title", "Rounds", "state", "open"));
    for (int i = 0; i < CUT_PERSONS; i++)
        put_person(rows, i);
    return json_pack("{s:o}", "rows", rows);
}

/* ---- start and end ---- */

static enum sgn_status
open_lane(struct cut_site *site, struct sgn_error *err)
{
    struct lane_options options = {
        .store = site->store,
        .rules = site->rules,
        .clock = &site->clock,
        .site = site->site,
        .committed = on_committed,
        .failed = on_failed,
        .ctx = site,
    };
    json_t *rows = first_rows();
    enum sgn_status st;

    lane_limits_default(&options.limits);
    options.limits.retry_ms = 0;
    st = lane_new(&options, &site->lane, err);
    if (st == SGN_OK)
        st = lane_bootstrap(site->lane, rows, err);
    json_decref(rows);
    return st;
}

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
    char line[160];

    person->site = site;
    person->closed = false;
    person->n_asked = 0;
    sgn_buf_init(&person->answers, (size_t)64 << 20);
    person->connection = rpc_connection_new(site->rpc, &peer);
    if (person->connection == NULL)
        return;
    snprintf(line, sizeof line,
             "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"session.login\",\"params\":{\"token\":"
             "\"sgn_%s\"}}\n",
             cut_person_name(i));
    person->asked[person->n_asked++] = NULL; /* the answer to the login is nobody's */
    rpc_connection_receive(person->connection, line, strlen(line));
}

enum sgn_status
cut_site_start(struct cut_site *site, struct sgn_error *err)
{
    struct store_options store = { .url = site->url,
                                   .reserve_bytes = 1,
                                   .unmerged_bytes = site->unmerged };
    struct rpc_options rpc = { .wake = on_wake };
    enum sgn_status st;
    bool ignored;

    site->lives++;
    site->commits = 0;
    st = store_open(&store, &site->store, err);
    if (st == SGN_OK)
        st = lane_clock_open(site->store, START, &site->clock, &ignored, err);
    if (st == SGN_OK)
        st = open_lane(site, err);
    rpc_limits_default(&rpc.limits);
    rpc.lane = site->lane;
    if (st == SGN_OK)
        st = rpc_new(&rpc, &site->rpc, err);
    for (int i = 0; st == SGN_OK && i < CUT_PERSONS; i++)
        connect_person(site, i);
    if (st != SGN_OK)
        cut_site_stop(site);
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
    lane_stop(site->lane);
    rpc_free(site->rpc);
    lane_free(site->lane);
    site->rules->ops->free(site->rules);
    store_close(site->store);
    site->rpc = NULL;
    site->lane = NULL;
    site->store = NULL;
}

void
cut_site_turn(struct cut_site *site)
{
    (void)lane_turn(site->lane);
    rpc_turn(site->rpc);
    cut_site_answers(site);
}

void
cut_site_settle(struct cut_site *site)
{
    int quiet = 0;

    for (int i = 0; i < TURNS_MAX && quiet < QUIET && !cut_disk_is_dead(site->cut->disk); i++) {
        int64_t before = site->commits;

        cut_site_turn(site);
        quiet =
            site->commits == before && site->rules->ops->pending(site->rules) == 0 ? quiet + 1 : 0;
    }
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
