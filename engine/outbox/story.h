/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files share that tell entries in words. All of it belongs to the outbox's thread.
 */
#ifndef OUTBOX_STORY_H
#define OUTBOX_STORY_H

#include "model.h"
#include "outbox_internal.h"
#include "say.h"

/* One entry being told; all borrowed but the model. */
struct telling {
    struct outbox_endpoint *endpoint;
    const json_t *view; /* the entry */
    const char *language;
    struct model *model; /* of the entry's version; NULL: there is none, names are told */
    bool for_client;
    struct outbox_story *story;
};

/* ---- story_words.c ---- */

/* One line of that text: without what ends lines or makes others look as they are not, and cut at a
 * character. New; NULL when out of memory. */
char *telling_plain(const struct sgn_buf *text);
/* Titles, or names where there are none. */
enum sgn_status telling_put_person(const struct telling *t, struct sgn_buf *buf, const char *key,
                                   struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status telling_put_group(const struct telling *t, struct sgn_buf *buf, const char *key,
                                  struct sgn_error *err) SGN_MUST_CHECK;
const char *telling_state(const struct telling *t, const char *name);
const char *telling_outcome(const struct telling *t, const char *outcome);
/* The ballot of who acts, or NULL. */
const json_t *telling_ballot(const struct telling *t);

static inline const char *telling_say(const struct telling *t, const char *english)
    __attribute__((format_arg(2)));

static inline const char *
telling_say(const struct telling *t, const char *english)
{
    return sgn_say(t->language, english);
}

/* ---- story_what.c ---- */

/* "Submit → Screening" */
void telling_put_what(const struct telling *t, struct sgn_buf *buf);

#endif
