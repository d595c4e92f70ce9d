/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold, by rules of the judge's own. It knows what clients were told
 * and what receivers got, reads the entries as they are stored, and knows the
 * two workflows of team/ as their texts say (sim_model.c); nothing is asked of
 * lane or core.
 */
#ifndef SIM_JUDGE_H
#define SIM_JUDGE_H

#include "sim_world.h"

enum sim_wrong {
    SIM_LOST,     /* what somebody was told, or what was there before, is gone or
                     another */
    SIM_DOUBLED,  /* a request or an effect happened more than once */
    SIM_DEADLINE, /* fired early, late, twice, or not at all */
    SIM_STATE,    /* a case is not where its history leads */
    SIM_CHAIN,    /* hashes, numbers */
    SIM_DELIVERY, /* left out, or out of order */
    SIM_RIGHTS,   /* somebody did or saw what is not for them */
    SIM_WAITING,  /* an inbox does not say what waits */
    SIM_DISORDER, /* answers that nobody asked for, or in another order */
    SIM_BROKEN,   /* it does not start, come to rest, or read its own disk */
    SIM_WRONGS
};
const char *sim_wrong_name(enum sim_wrong wrong);

struct sim_model;

struct sim_judge {
    struct sim_world *world;
    struct sim_model *model; /* of the look under way */
    json_t *hashes;          /* of the entries that were there, in their order */
    json_t *requests;        /* {request_id: [numbers of its entries]} */
    json_t *effects;         /* {"number/n": what is to be carried out} */
    json_t *carried;         /* {"number/n": the entry that did} */
    json_t *last;            /* {case: hash of its last entry} */
    int64_t seq;             /* of the entry before, in a look */
    char hash[65];           /* and its hash */
    int64_t at;              /* and its time */
    json_t *shown;           /* cases that people were shown since this was cleared */
    json_t *inboxes[3];      /* likewise, of those who vote */
    int found[SIM_WRONGS];
    int n_found;
    char first[400]; /* what was found first, in words */
};

void sim_judge_init(struct sim_judge *judge, struct sim_world *world);
void sim_judge_deinit(struct sim_judge *judge);
void sim_judge_say(struct sim_judge *judge, enum sim_wrong wrong, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A client has read an answer. */
void sim_judge_told(struct sim_judge *judge, int client, const struct sim_request *request,
                    const json_t *result);
void sim_judge_refused(struct sim_judge *judge, int client, const struct sim_request *request);
/* A receiver has got an entry. */
void sim_judge_delivery(struct sim_judge *judge, int receiver, int64_t seq);
/* Everything that is stored. */
enum sim_look {
    SIM_AFTER_START, /* something may be under way */
    SIM_AT_REST,     /* nothing is, and judge->shown is what people have just been
                        shown */
    SIM_AT_END,      /* nor does anything wait for its time */
};
void sim_judge_look(struct sim_judge *judge, enum sim_look look);

/* ---- sim_model.c: cases as their workflows say ---- */

struct sim_model *sim_model_new(struct sim_judge *judge);
void sim_model_free(struct sim_model *model);
void sim_model_entry(struct sim_model *model, const struct store_entry_row *entry,
                     const json_t *internal);
/* What case.get and inbox.list have shown since the last entry. */
void sim_model_see(struct sim_model *model, const json_t *shown);
void sim_model_inbox(struct sim_model *model, int client, const json_t *shown);
/* Nothing may be due at this time, nothing under way; at_end: nor wait for its
 * time. */
void sim_model_rest(struct sim_model *model, int64_t now, bool at_end);

#endif
