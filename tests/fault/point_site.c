/* SPDX-License-Identifier: Apache-2.0 */
/* See point_site.h. */
#include "point_site.h"

#include "dsl.h"
#include "json.h"
#include "points.h"
#include "shipped.h"
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define START "2026-01-05T09:00:00+08:00"
#define QUIET 3   /* turns in which nothing is committed: nothing is under way */
#define TURNS 400 /* nothing of the scenario needs more */

/* ---- folders ---- */

static void
run(const char *fmt, const char *a, const char *b)
{
    char command[1024];

    snprintf(command, sizeof command, fmt, a, b);
    if (system(command) != 0) {
        fprintf(stderr, "fault_points: %s\n", command);
        abort();
    }
}

void
point_site_make(struct point_site *site, const char *team)
{
    memset(site, 0, sizeof *site);
    snprintf(site->dir, sizeof site->dir, "/tmp/sgn-points-XXXXXX");
    if (mkdtemp(site->dir) == NULL)
        abort();
    snprintf(site->site, sizeof site->site, "%s/site", site->dir);
    snprintf(site->url, sizeof site->url, "sqlite:%s/data", site->dir);
    run("mkdir -p %s/teams%s", site->site, "");
    run("cp -r %s %s/teams/" SITE_TEAM, team, site->site);
}

static int
remove_one(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
    (void)info;
    (void)flag;
    (void)walk;
    return remove(path);
}

void
point_site_remove(struct point_site *site)
{
    (void)nftw(site->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- its life ---- */

static void
add_person(json_t *rows, const char *person, const char *client, const char *role, bool lead)
{
    in_process_token(rows, SITE_TEAM, person);
    in_process_row(rows, "person", SITE_TEAM,
                   json_pack("{s:s, s:s, s:s*, s:b, s:b}", "person", person, "title", person,
                             "client", client, "lead", lead, "active", 1));
    in_process_row(rows, "membership", SITE_TEAM,
                   json_pack("{s:s, s:s, s:s}", "project", "erp", "person", person, "role", role));
}

static json_t *
first_rows(void)
{
    json_t *rows = json_array();

    in_process_row(rows, "client", SITE_TEAM,
                   json_pack("{s:s, s:s, s:b}", "client", "acme", "title", "Acme", "active", 1));
    in_process_row(rows, "project", SITE_TEAM,
                   json_pack("{s:s, s:s, s:s, s:s}", "project", "erp", "title", "ERP", "state",
                             "open", "client", "acme"));
    in_process_token(rows, "", "operator");
    add_person(rows, "li", NULL, "pm", true);
    add_person(rows, "wang", NULL, "engineer", false);
    add_person(rows, "zhao", NULL, "engineer", false);
    add_person(rows, "mei", "acme", "client", false);
    return rows;
}

enum sgn_status
point_site_start(struct point_site *site, struct sgn_error *err)
{
    struct in_process_options options = {
        .store = { .url = site->url, .reserve_bytes = 1 },
        .start = START,
        .site = site->site,
        .shipped = site->shipped = dsl_shipped_all(),
        .holidays = site->holidays = dsl_shipped_holidays(),
    };
    enum sgn_status st = dsl_rules_new(NULL, &options.rules, err);

    if (st == SGN_OK)
        st = in_process_start(&site->server, &options, first_rows(), err);
    if (st != SGN_OK)
        point_site_stop(site);
    return st;
}

void
point_site_stop(struct point_site *site)
{
    while (site->peers != NULL)
        point_site_leave(site, site->peers);
    in_process_stop(&site->server);
    json_decref(site->shipped);
    json_decref(site->holidays);
    site->shipped = site->holidays = NULL;
}

/* ---- talking ---- */

static void
peer_send(void *ctx, const void *bytes, size_t n)
{
    struct point_peer *peer = ctx;

    peer->said = points_realloc(peer->said, peer->n + n + 1);
    memcpy(peer->said + peer->n, bytes, n);
    peer->n += n;
    peer->said[peer->n] = '\0';
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
    ((struct point_peer *)ctx)->closing = true;
}

void
point_site_leave(struct point_site *site, struct point_peer *peer)
{
    struct point_peer **link = &site->peers;

    while (*link != peer)
        link = &(*link)->next;
    *link = peer->next;
    rpc_connection_close(peer->connection);
    points_free(peer->said);
    points_free(peer);
}

struct point_peer *
point_site_peer(struct point_site *site, const char *person)
{
    struct rpc_peer calls = {
        .send = peer_send, .pause = peer_pause, .close = peer_close, .channel = "line"
    };
    struct point_peer *peer = site->peers;

    while (peer != NULL && strcmp(peer->person, person) != 0)
        peer = peer->next;
    if (peer != NULL)
        return peer;
    peer = points_realloc(NULL, sizeof *peer);
    *peer = (struct point_peer){ .next = site->peers };
    snprintf(peer->person, sizeof peer->person, "%s", person);
    calls.ctx = peer;
    peer->connection = rpc_connection_new(site->server.rpc, &calls);
    if (peer->connection == NULL) {
        points_free(peer);
        return NULL;
    }
    site->peers = peer;
    in_process_login(peer->connection, person);
    return peer;
}

void
point_site_send(struct point_peer *peer, const char *line)
{
    rpc_connection_receive(peer->connection, line, strlen(line));
}

char *
point_site_line(struct point_peer *peer)
{
    char *end = peer->n > 0 ? memchr(peer->said, '\n', peer->n) : NULL, *line;

    if (end == NULL)
        return NULL;
    *end = '\0';
    line = points_strdup(peer->said);
    peer->n -= (size_t)(end + 1 - peer->said);
    memmove(peer->said, end + 1, peer->n + 1);
    return line;
}

void
point_site_settle(struct point_site *site)
{
    int quiet = 0;

    for (int i = 0; i < TURNS && quiet < QUIET; i++)
        quiet = in_process_turn(&site->server) ? quiet + 1 : 0;
    /* Rows that wait to be merged reach their tables, where the dump looks. */
    for (int i = 0; i < TURNS && store_idle(site->server.store); i++)
        ;
}
