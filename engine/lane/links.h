/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses that open something without a login. Sign-off links: an address that one person answers
 * one round of one case by, once, without an account. What is agreed to is what the link was made
 * for: its row names case, approval, round and the digest of the content; a ballot of anything else
 * is refused.
 *
 * The secret in the address is made of the site's key and the link's id (HMAC-SHA-256), so that a
 * link can be sent again and is written down nowhere; its row has its SHA-256 only. Looking at a
 * link changes nothing. An answer needs what a program that opens addresses does not know to
 * write: the person's name, and a code that the page shows beside the content.
 *
 * Run functions are called on the lane thread. What they answer is English; who shows it
 * translates.
 */
#ifndef LANE_LINKS_H
#define LANE_LINKS_H

#include "lane.h"

#define LANE_BROWSER_TOKEN                                                                         \
    "sign-in"                 /* name of the tokens that sign-in links were exchanged for          \
                               */
#define LANE_LINK_TOKEN    44 /* a secret's text with its NUL: 256 bits in base64url */
#define LANE_LINK_CODE     7  /* a code's text with its NUL */
#define LANE_LINK_DAYS     14 /* how long a link holds when nothing is said */
#define LANE_LINK_DAYS_MAX 366
/* Wrong answers one after the other, after which the link rests; and altogether, after which it is
 * of no use any more. */
#define LANE_LINK_WRONG     5
#define LANE_LINK_WRONG_MAX 20
#define LANE_LINK_REST_MS   (15 * SGN_MINUTE_MS)
/* An expired link is told from one that never was for so long. */
#define LANE_LINK_TOLD_MS (30 * SGN_DAY_MS)

/* Could this be the secret of a link? */
bool lane_link_token_valid(const char *text, size_t n);
/* The code beside the content: of another link, or another content, it is another one. */
void lane_link_code(const char *token, const char *digest, char out[LANE_LINK_CODE]);

/* What a link is made for, and what it became. */
struct lane_link {
    json_t *row; /* of STORE_LINK; owned */
    char token[LANE_LINK_TOKEN];
};
void lane_link_deinit(struct lane_link *link);

/*
 * Makes a link for a person who is asked in job->case_key, and stages its row; the entry is the
 * caller's. approval NULL: the only one in which the person is asked; expires 0: LANE_LINK_DAYS.
 * SGN_INVALID with a pointer; SGN_NOT_NOW: the person is not asked. SGN_NEEDS as any run function.
 */
enum sgn_status lane_link_make(struct lane_run *run, struct lane_job *job, const char *person,
                               const char *approval, int64_t expires, const char *maker,
                               struct lane_link *out, struct sgn_error *err) SGN_MUST_CHECK;
/*
 * For messages to whoever is asked: the same, of the engine; the link that was made before for the
 * same person, round and content is given again. Params: case, person, approval?. The job has no
 * person, access 0 and the channel "engine". Result: {id, path, url: null without a public address,
 * expires: ms, person, case, approval}.
 */
enum sgn_status lane_link_offer(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
/*
 * A calendar feed of the job's person: an address by which calendar programs read what waits for
 * them. Stages its row; the entry is the caller's. expires 0: never.
 */
enum sgn_status lane_feed_make(struct lane_run *run, struct lane_job *job, int64_t expires,
                               struct lane_link *out, struct sgn_error *err) SGN_MUST_CHECK;
/*
 * A link that signs a person in: it is exchanged once for a token. Stages its row; the entry is the
 * caller's. expires: ms. SGN_INVALID with a pointer.
 */
enum sgn_status lane_login_make(struct lane_run *run, const char *person, int64_t expires,
                                const char *maker, struct lane_link *out,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* For whoever says to be this person: tells the person, by a message of kind "login", unless that
 * was done just now already. As lane_link_offer(); params: person. */
#define LANE_LOGIN_MS (30 * SGN_MINUTE_MS)
enum sgn_status lane_login_offer(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
/* The address of such a message's link, by its id; null without a public address, NULL: it cannot
 * be made. Any thread. */
json_t *lane_login_url(const struct lane *lane, const char *id);
/* Query: makes the job one of the person whose link has params.secret; SGN_UNAUTHENTICATED. */
enum sgn_status lane_login_find(struct store_reader *reader, struct lane *lane,
                                struct lane_job *job, struct sgn_error *err);
/* Then, on the lane: uses it up. The entry is the caller's. */
enum sgn_status lane_login_use(struct lane_run *run, struct lane_job *job,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* What links of all kinds are made by: the row's id is drawn, its secret derived, and it is staged;
 * the secret of a row that there is. */
enum sgn_status lane_link_stage(struct lane_run *run, struct lane_link *out,
                                struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status lane_link_secret(const struct lane *lane, struct lane_link *link,
                                 struct sgn_error *err) SGN_MUST_CHECK;
/* "/s/TOKEN", "/calendar/TOKEN.ics" or "/console/#/enter/TOKEN", and the same behind the site's
 * public address, or null. New references. */
json_t *lane_link_path(const struct lane_link *link);
json_t *lane_link_url(const struct lane *lane, const struct lane_link *link);
/* The page of a case, for who signs in: of the console, or of the client's portal; null without a
 * public address. A new reference. Any thread. */
json_t *lane_case_url(const struct lane *lane, const char *case_key, bool for_client);
/* The page on which a person sets how they are told: likewise. */
json_t *lane_preferences_url(const struct lane *lane, bool for_client);

/* Query: the row of params.token; SGN_NOT_FOUND, also when it has expired long ago. */
enum sgn_status lane_link_find(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                               struct sgn_error *err);

/*
 * As the link's person, on its case: what is asked. Params: link {token, ...}; approval and seen
 * are set from the row. Result: {state, link: the row without its hash, code, person: {person,
 * title}, case: as core_view gives it}. state: "open"; or why it cannot be answered: "used"
 * "revoked" "expired" "answered" "decided" "changed" "again" (another round) "not_asked"
 * "resting" "worn" (too often wrong).
 */
enum sgn_status lane_link_show(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
/*
 * The answer: link {token, name, code, choice, comment?, address, agent}. Result: {state, ...}
 * as above, or "done", "name", "code". "name" and "code" are counted, and stand in the history.
 * What the vote itself refuses fails with its error.
 */
enum sgn_status lane_link_answer(struct lane_run *run, struct lane_job *job, struct sgn_error *err);

#endif
