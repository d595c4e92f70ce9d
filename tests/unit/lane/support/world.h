/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server without sockets: a store, a folder with one team, fake rules, a lane that is turned
 * by hand, and people who ask for things.
 *
 * JSON is written with ' for ". Team demo has the project acme of the client acme: li leads it
 * and is pm, wang and zhao are engineers, mei is the client's; the workflow is in ticket.json.
 *
 * twice() runs a scenario with the answers of the rules at once and with each a turn later, and
 * compares what every case's history says.
 */
#ifndef LANE_WORLD_H
#define LANE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "fake_rules.h"
#include "json.h"
#include "lane.h"
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE SGN_MINUTE_MS
#define HOUR   SGN_HOUR_MS
#define DAY    SGN_DAY_MS
#define START  INT64_C(1767574800000) /* 2026-01-05T09:00:00+08:00, a Monday */

/* What a job was answered. Kept by the world until its end. */
struct reply {
    struct reply *next;
    struct world *world;
    int times; /* how often done was called */
    int order; /* the how-manieth answer of all it was */
    enum sgn_status status;
    char message[1024];
    json_t *data, *result;
};

struct world {
    char dir[64]; /* site/ and data/ lie in it */
    char site[96];
    char url[512];
    const struct world *of; /* whose folder and store it shares; NULL: they are its own */
    const char *files;      /* the folder of files, or NULL: none are taken */
    const char *program;    /* what the program is; NULL: its folder is loaded at each start */
    bool delayed;
    bool real;  /* the clock is real */
    bool apart; /* of another's folder, with a store of its own */
    struct sgn_clock clock;
    struct lane_limits limits;
    struct store *store;
    struct fake_rules *fake;
    struct rules *rules;
    struct lane *lane;
    struct reply *replies;
    _Atomic int n_answers;
    int n_failed;       /* calls of failed() */
    int64_t told;       /* the head that committed() told last */
    json_t *last_input; /* of the last call of a function */
    json_t *answer;     /* of loads, also after a restart; NULL: ticket.json. Owned */
    json_t *holidays;   /* shipped ones, for the next start; NULL: none. Owned */
    struct sgn_error err;
};

json_t *quoted(const char *text); /* ' for " */
/* Fails the test unless the JSON is as written. */
void assert_json_at(const json_t *value, const char *expected, const char *file, int line);
#define assert_json(value, expected) assert_json_at(value, expected, __FILE__, __LINE__)

/* on_disk: it can be restarted. */
struct world *world_new(bool on_disk, bool delayed);
void world_free(struct world *w);
/* A file in the team's folder, or in holidays/ of it. */
void world_write_file(struct world *w, const char *name, const char *text);
/* Another node on the same store. Freed before the first. */
struct world *world_beside(const struct world *of);
/* The same with connections of its own: a store that several may open. */
struct world *world_apart(const struct world *of);
/* Opens store and lane; called by world_new. */
void world_start(struct world *w);
/* As after a crash: what was not committed is gone. */
void world_stop(struct world *w);
void world_restart(struct world *w);
/* Runs SQL that changes one row of the store's file while the server is stopped. */
void world_tamper(struct world *w, const char *sql);

typedef void (*scenario_fn)(struct world *w);
void twice(scenario_fn scenario);
void twice_on_disk(scenario_fn scenario);

json_t *world_model(void); /* ticket.json; new reference */
/* What a load answers when the team has this model alone. Takes it; new reference. */
json_t *world_answer(json_t *model_take);
/* A comment in this file that allows what ticket.json does: opening a workflow that is not used. */
void world_allow(json_t *answer, const char *file);
/* Loads answer this from now on. Takes it. */
void world_set_answer(struct world *w, json_t *answer_take);

/* ---- asking ---- */

struct ask {
    const char *person; /* NULL: the operator */
    lane_run_fn run;
    const char *method;
    const char *team;   /* NULL: demo */
    const char *params; /* with ' for "; NULL: {} */
    const char *key;    /* of the case */
    const char *request;
    const char *token;
    uint64_t connection;
    int64_t at;
    unsigned access; /* 0: CORE_PERSON, for the operator CORE_OPERATOR */
};

/* For jobs made by hand whose ctx is a reply: frees the job. */
void reply_done(struct lane_job *job);
/* Submits; answered by a later turn. */
struct reply *world_submit(struct world *w, const struct ask *ask);
/* The same, and turns until it is answered. */
struct reply *world_ask(struct world *w, const struct ask *ask);
int world_turns(struct world *w, int n);
/* Turns until nothing is owed and nothing waits. */
void world_settle(struct world *w);

enum sgn_status run_edit(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
enum sgn_status run_comment(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
enum sgn_status run_assign(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
enum sgn_status run_retry(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
/* Puts params.row into params.table, with a data entry: a stand-in for person.update and so on. */
enum sgn_status run_put(struct lane_run *run, struct lane_job *job, struct sgn_error *err);

struct reply *world_open(struct world *w, const char *person, const char *fields);
struct reply *world_fire(struct world *w, const char *person, const char *key, const char *event);
struct reply *world_advance(struct world *w, const char *by);
/* What an advance says it fired. Borrowed. */
json_t *fired(const struct reply *advance);
struct reply *submit_fire(struct world *w, const char *person, const char *key, const char *event);
/* Puts the person "new" in a team; answered by a later turn. */
struct reply *submit_person(struct world *w, const char *team);
/* li counts on TK-1, as request r1. */
struct ask ask_count(void);

/* It was answered once, and so. */
void assert_reply_at(const struct reply *reply, enum sgn_status want, const char *file, int line);
#define assert_reply(reply, want) assert_reply_at(reply, want, __FILE__, __LINE__)
#define assert_done(reply)        assert_reply(reply, SGN_OK)

/* ---- looking ---- */

int64_t world_head(struct world *w);
/* The case's document as the store has it; new reference, NULL: there is none. */
json_t *world_case(struct world *w, const char *key);
void assert_states(struct world *w, const char *key, const char *states);
/* {case: [{kind, actor, at, shared, internal}]} of all entries, "-" for those of no case. */
json_t *world_history(struct world *w);
/* How many entries of the case have this kind. */
int world_count(struct world *w, const char *key, const char *kind);
/* The times at which entries of this kind happened in a case, in minutes after the start. */
void assert_minutes_at(struct world *w, const char *key, const char *kind, const char *expected,
                       const char *file, int line);
#define assert_minutes(w, key, kind, expected)                                                     \
    assert_minutes_at(w, key, kind, expected, __FILE__, __LINE__)
/* So many rungs and timers fired, in the team's order of due times, each at its own time. */
void assert_order(struct world *w, int n);
/* Rows of a table of team demo; new reference. */
json_t *world_rows(struct world *w, enum store_table table);
/* Verifies the chain and the fold of every case. */
void world_verify(struct world *w);

#endif
