/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of visits share. The loop. */
#ifndef RPC_VISIT_INTERNAL_H
#define RPC_VISIT_INTERNAL_H

#include "rpc_internal.h"
#include "visit.h"

#define VISIT_PAGE_MAX ((size_t)2 << 20) /* bytes of an answer */

struct rpc_visit {
    struct rpc_task task; /* first: tasks are cast to visits */
    struct rpc *rpc;
    rpc_visit_fn answer; /* NULL: nobody waits for it any more */
    void *ctx;
    /* What comes after the job that is under way. */
    void (*next)(struct rpc_visit *visit, struct lane_job *job);
    enum rpc_visit_kind kind;
    bool posts, tasks;
    char file[65];
    char language[8];
    char *address;
    char secret[SGN_HASH_HEX]; /* of the address that was asked for, its hash */
    json_t *typed;             /* what was sent along, as the kind reads it; or NULL */
    json_t *visitor;           /* {token, ...}: of the jobs' params */
    json_t *found;             /* the row that the address belongs to */
    json_t *plan;              /* of a hook: what is to be done, see hook.h; or NULL */
    int status;                /* of the answer, once it is known; 0: not yet */
    char state[16];            /* of what was posted; "": nothing was */
    char *message;             /* of a refusal, or NULL */
};

/* A job of this visit, which visit->next takes when it is done; lane_put or lane_query it with
 * visit_submit. NULL: out of memory. */
struct lane_job *visit_job(struct rpc_visit *visit, const char *method,
                           void (*next)(struct rpc_visit *visit, struct lane_job *job));
/* Hands it to the lane, or with query set to a query thread. False: the job is freed, and the visit
 * is still to be answered. */
bool visit_submit(struct rpc_visit *visit, struct lane_job *job);
/* Answers, and frees it. */
void visit_answer(struct rpc_visit *visit, const struct rpc_visit_answer *answer);
/* A short text instead of what was asked for. */
void visit_fail(struct rpc_visit *visit, int status, const char *why); /* English */
/* What was asked of the lane has failed: unknown answers when it is not there, or its person may
 * not see it; else why, as HTTP says it. */
void visit_broken(struct rpc_visit *visit, enum sgn_status st,
                  void (*unknown)(struct rpc_visit *visit), const char *why); /* English */
/* The visitor has asked for what there is not, or typed what is wrong; for what there is. */
void visit_missed(struct rpc_visit *visit, bool is_secret_wrong);
void visit_met(struct rpc_visit *visit);

/* ---- visit_link.c ---- */

/* Reads what was sent, and looks the link up; false: out of memory, or too busy. */
bool visit_link_begin(struct rpc_visit *visit, const struct rpc_visit_ask *ask);

/* ---- visit_file.c ---- */

/* visit->found is the row of a link that has been looked up: its file is read and is the answer. */
void visit_file(struct rpc_visit *visit);

/* ---- visit_hook.c ---- */

/* Has it looked at who has signed what was sent; false: out of memory, or too busy. */
bool visit_hook_begin(struct rpc_visit *visit, const struct rpc_visit_ask *ask);

/* ---- visit_feed.c ---- */

/* Looks the feed up; false: out of memory, or too busy. */
bool visit_feed_begin(struct rpc_visit *visit, const struct rpc_visit_ask *ask);

#endif
