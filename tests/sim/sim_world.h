/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole server and all that it has to do with, in one process and on one
 * thread.
 *
 * Real: the store with SQLite, the lane, the rules in Lua, the protocol from
 * the first byte of a connection on, the outbox from entries to finished
 * requests, and what they do at a start.
 *
 * Simulated: the disk (files in memory that forget what was not synced:
 * ../fault/cuts), its room, locks of its folder, the machine's clocks, chance,
 * the network between clients and the protocol (bytes that wait until a step
 * lets them arrive), the receivers behind outbox/http.h, and who runs next:
 * queries run where they are asked for, rules answer within the turn of the
 * lane, and lane, protocol and outbox have a turn when a step says so. Logs are
 * not written.
 *
 * Neither: TLS, HTTP and WebSocket, libuv's loop, processes of rules, the
 * threads themselves (threads that run in each other's way are the thread
 * sanitizer's business), PostgreSQL, mail, files. See README.md for where those
 * are tried.
 *
 * One world in a process: what the linker sends through sim_seams.c finds it by
 * sim_here().
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "buf.h"
#include "cut_disk.h"
#include "cut_vfs.h"
#include "in_process.h"
#include "outbox.h"
#include "sim_plan.h"

#define SIM_TEAM      "sim" /* its scripts: team/ */
#define SIM_PROJECT   "rounds"
#define SIM_CLIENTS   8
#define SIM_RECEIVERS 2
#define SIM_START_MS  INT64_C(1767603600000) /* 2026-01-05T09:00:00Z */

/* What the server does wrong, for finding out whether anybody notices. */
enum sim_lie {
    SIM_HONEST,
    SIM_EARLY,     /* it acknowledges what is not durable yet */
    SIM_FORGETS,   /* it does not know what it was asked before */
    SIM_TWICE,     /* a deadline that has fired is armed once more */
    SIM_SOON,      /* a deadline fires seconds before its time */
    SIM_SWAPS,     /* two deliveries change places */
    SIM_HASTY,     /* a delivery is dealt with before it was answered */
    SIM_OPEN_DOOR, /* nobody's rights are looked at */
    SIM_LIES
};
const char *sim_lie_name(enum sim_lie lie);

struct sim_request {
    int id, client;
    enum sim_what asks;
    const char *method;
    json_t *params;
    bool told, refused; /* an acknowledgement was read; a refusal was read last */
    json_t *result;     /* the first acknowledgement */
    char code[24], why[160];
    int sent;
};

struct sim_client {
    struct sim_world *world;
    int number;
    struct rpc_connection *connection; /* NULL: there is none */
    struct sgn_buf out;                /* written, and not arrived */
    struct sgn_buf in;                 /* come, and not read */
    int asked[256], n_asked;           /* what is to be answered, in its order; 0: a login */
    bool paused, closed;               /* by the server */
    json_t *seen;                      /* {case: digest of what it saw last} */
};

enum sim_mode {
    SIM_TAKES,  /* and answers 200 */
    SIM_FAILS,  /* answers 503 */
    SIM_LOSES,  /* takes it, and the answer is lost */
    SIM_STALLS, /* never answers */
    SIM_SLOW,   /* takes it, and answers after three seconds */
    SIM_MODES
};
const char *sim_mode_name(enum sim_mode mode);

struct sim_receiver {
    enum sim_mode mode;
    int64_t next; /* the entry that it has not had yet */
    int64_t had;  /* deliveries that came */
};

struct sim_world {
    struct cut_vfs cut; /* first: sim_here() */
    struct cut_tally tally;
    char dir[64], site[96];
    struct rules *rules; /* outlive the server */
    struct in_process server;
    struct outbox *outbox;
    struct store_reader *outbox_reader;
    int64_t commits; /* of the server, as the outbox knows */
    bool up;
    int64_t now;       /* of all clocks, ms since 1970 */
    int64_t turned_at; /* when the lane had its last turn */
    enum sim_lie lie;
    int lied; /* how often it could have */
    struct sim_client clients[SIM_CLIENTS];
    struct sim_request *requests[SIM_STEPS_MAX + 1]; /* by their numbers */
    struct sim_receiver receivers[SIM_RECEIVERS];
    int64_t first; /* the entry behind which receivers get everything */
    struct sim_judge *judge;
    uint64_t trace; /* hash of all that happened */
    FILE *tell;     /* that in words, or NULL */
    int64_t asked, told, starts, cuts, entries, posts;
};

struct sim_world *sim_here(void);
/* ---- sim_lies.c ---- */

/* From now on. */
void sim_lie(struct sim_world *world, enum sim_lie lie);
/* A delivery is about to be sent. */
struct outbox_endpoint;
void sim_lie_of_sending(struct outbox_endpoint *endpoint);

/* Prepares a site: its folder, rules, first rows, endpoints; the server is up
 * then. */
bool sim_world_init(struct sim_world *world, struct sgn_error *err);
/* Removes the folder. */
void sim_world_remove(struct sim_world *world);
/* false: it does not start, although its disk has power. */
bool sim_world_start(struct sim_world *world);
/* In good order where the disk has power, dead where not. */
void sim_world_stop(struct sim_world *world);
/* Its power fails now, or has: what is left is what there is. */
void sim_world_power(struct sim_world *world);
void sim_world_lane(struct sim_world *world); /* a turn of the lane */
void sim_world_rpc(struct sim_world *world);  /* of the protocol */
void sim_world_post(struct sim_world *world); /* of the outbox */
/* Everybody has turns, and reads, until nothing moves. */
void sim_world_rest(struct sim_world *world);
/* Is nothing asked that was not answered? */
bool sim_world_is_quiet(const struct sim_world *world);
/* Has the world ended since? Then the server is gone. */
void sim_world_notice(struct sim_world *world);

void sim_trace(struct sim_world *world, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ---- sim_client.c ---- */

const char *sim_client_person(int client);
/* May this person work in the project? -1: it depends on who has joined. */
int sim_client_may(int client);
void sim_client_connect(struct sim_world *world, int client);
void sim_client_drop(struct sim_world *world, int client);
void sim_client_send(struct sim_world *world, int client, int64_t n);
void sim_client_read(struct sim_world *world, int client);
/* NULL: it makes no sense here. */
struct sim_request *sim_client_ask(struct sim_world *world, const struct sim_step *step);
void sim_client_again(struct sim_world *world, int client, int id);
bool sim_client_is_quiet(const struct sim_client *client);

#endif
