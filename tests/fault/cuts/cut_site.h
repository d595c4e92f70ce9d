/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server without sockets on a disk whose power can be cut: the real store, lane and protocol,
 * turned by hand; and the people who ask it for things.
 *
 * A request is known to its asker from the moment it is sent, until it was answered; what comes
 * after the world has ended reached nobody and counts for nothing. Requests outlive the server:
 * they are what its next life is judged by.
 */
#ifndef CUT_SITE_H
#define CUT_SITE_H

#include "cut_disk.h"
#include "cut_vfs.h"
#include "in_process.h"

#define CUT_TEAM    "fault"
#define CUT_PROJECT "rounds"
#define CUT_PERSONS 4 /* three who vote, and one who leads */

enum cut_answer {
    CUT_OPEN,    /* sent, and not answered */
    CUT_DONE,    /* acknowledged */
    CUT_REFUSED, /* and nothing happened */
};

struct cut_request {
    struct cut_request *next;
    int person;
    char id[24]; /* its request_id; "": it only reads */
    char method[32];
    json_t *params;
    enum cut_answer answer;
    json_t *result; /* of one that was acknowledged */
    char code[24];  /* of one that was refused */
    char why[200];  /* likewise */
    int sent;       /* how often */
    int64_t judged; /* the life in which it was asked again last */
    bool again;     /* it is being asked again ... */
    json_t *first;  /* ... and this was its result before */
};

struct cut_person {
    struct cut_site *site;
    struct rpc_connection *connection;
    struct sgn_buf answers; /* that have come and were not read */
    struct cut_request *asked[512];
    int n_asked;
    bool closed; /* by the server */
};

struct cut_site {
    char dir[64];  /* of this process: site/ and data/, of which only the lock is used */
    char site[96]; /* the folder with teams/ */
    char url[96];
    struct cut_vfs *cut;
    struct rules *rules; /* outlive the server */
    struct in_process server;
    struct cut_person persons[CUT_PERSONS];
    struct cut_request *requests, *newest; /* of a line, oldest first */
    int n_requests;
    int64_t unmerged; /* bytes of rows that may wait for their tables; 0: as many as usual */
    int64_t lives;    /* how often it was started */
};

/* Makes the folders, below dir. */
bool cut_site_init(struct cut_site *site, struct cut_vfs *cut, struct sgn_error *err);
void cut_site_deinit(struct cut_site *site);

/* Opens the store, starts the server, everybody logs in. SGN_OK on a disk that is dead by then is
 * possible, too: look. On failure nothing is left open. */
enum sgn_status cut_site_start(struct cut_site *site, struct sgn_error *err) SGN_MUST_CHECK;
/* Ends it, in good order or dead. */
void cut_site_stop(struct cut_site *site);
/* A turn of the server, and the answers that it gave. Did nothing move? */
bool cut_site_turn(struct cut_site *site);
/* Turns until nothing moves any more. */
void cut_site_settle(struct cut_site *site);

/* Takes the answers that have come. */
void cut_site_answers(struct cut_site *site);

/* Asks for something. params is taken; id "" only for what writes nothing. */
struct cut_request *cut_site_ask(struct cut_site *site, int person, const char *method,
                                 json_t *params_take, const char *id);
/* Asks for it once more; answer says what became of it this time. */
void cut_site_repeat(struct cut_site *site, struct cut_request *request);
/* Turns until it is answered; false: it is not, since the world has ended. */
bool cut_site_wait(struct cut_site *site, const struct cut_request *request);
void cut_site_forget(struct cut_site *site); /* all requests: a new line */

const char *cut_person_name(int person);

#endif
