/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold of a site after its power was cut, by rules of the judge's own: it knows what
 * people were told, and reads the entries; nothing is asked of the lane but to verify.
 */
#ifndef CUT_JUDGE_H
#define CUT_JUDGE_H

#include "cut_site.h"

enum cut_wrong {
    CUT_LOST,    /* what somebody was told, or what was there before, is gone */
    CUT_TWICE,   /* a request, an effect or a rung happened more than once */
    CUT_BROKEN,  /* chain, fold, or the database itself; or the server does not start */
    CUT_STRANGE, /* another answer than the one that is due, something nobody asked for */
    CUT_WRONGS
};
const char *cut_wrong_name(enum cut_wrong wrong);

struct cut_judge {
    struct cut_site *site;
    struct cut_random *random;
    json_t *hashes;   /* of the entries that were there, in their order */
    json_t *requests; /* {request_id: [numbers of its entries]} */
    json_t *effects;  /* {"number/n": kind} of what is to be carried out */
    json_t *carried;  /* {"number/n": number of the entry that did} */
    json_t *armed;    /* {case: {id of a deadline: when it fires next, or null}} */
    int found[CUT_WRONGS];
    int n_found;
    char where[96]; /* what is printed in front of each finding */
    bool quiet;
    int64_t entries, answers, again; /* looked at, compared, asked again: over all lines */
};

void cut_judge_begin(struct cut_judge *judge); /* a new line: nothing is known */
void cut_judge_deinit(struct cut_judge *judge);
/* The server has started again: everything is looked at, everything that may have been lost asked
 * for once more. May end early when the disk is cut meanwhile. */
void cut_judge_look(struct cut_judge *judge);
/* The same of a world that does not go on: nothing is asked for, and nothing is remembered of it.
 */
void cut_judge_glance(struct cut_judge *judge);
/* Of which kind most of what was found is. */
enum cut_wrong cut_judge_found(const struct cut_judge *judge);
void cut_judge_say(struct cut_judge *judge, enum cut_wrong wrong, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
