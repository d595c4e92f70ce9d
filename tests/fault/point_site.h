/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server in this process (in_process.h) with Lua. People send lines and get lines. Its files lie
 * in this process, too (fork_vfs.h).
 */
#ifndef FAULT_POINT_SITE_H
#define FAULT_POINT_SITE_H

#include "in_process.h"

#define SITE_TEAM "loss"

/* One person's connection. */
struct point_peer {
    char person[SGN_KEY_MAX + 1]; /* "operator" */
    struct rpc_connection *connection;
    char *said; /* what came and was not read yet; of points_realloc */
    size_t n;
    bool closing; /* the server wants to close */
    struct point_peer *next;
};

struct point_site {
    char dir[64];
    char site[96], url[112];
    struct in_process server;
    json_t *shipped, *holidays;
    struct point_peer *peers;
};

/* The folders are made; nothing is open yet. team: the folder to serve. */
void point_site_make(struct point_site *site, const char *team);
void point_site_remove(struct point_site *site);
/* As "serve" begins and ends. */
enum sgn_status point_site_start(struct point_site *site, struct sgn_error *err);
void point_site_stop(struct point_site *site);

/* The person's connection, made and logged in by a first line when there is none; NULL: no memory
 * for one. */
struct point_peer *point_site_peer(struct point_site *site, const char *person);
/* It hangs up. */
void point_site_leave(struct point_site *site, struct point_peer *peer);
void point_site_send(struct point_peer *peer, const char *line);
/* The next line that has come, without its end; points_free(); NULL: none. */
char *point_site_line(struct point_peer *peer);
/* Turns until nothing moves. */
void point_site_settle(struct point_site *site);
/* All that the store holds but for what chance decides (hashes, salts), as text; points_free(). */
char *point_site_dump(const struct point_site *site);

#endif
