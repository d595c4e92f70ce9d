/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoints: where a team has its entries delivered to. What both sides of it share: the methods
 * that keep them, and the threads that deliver (engine/outbox).
 *
 * Rows. An endpoint is a row of STORE_ENDPOINT. How far it has come is the row of STORE_READER
 * that lane_endpoint_reader() names: seq is the last entry that was dealt with; part counts up
 * whenever a person sets seq, and a thread that knew the one before writes nothing any more. What
 * did not arrive at the first attempt, and what was asked for by hand, has a row of STORE_DELIVERY:
 *
 *     status     waiting: tried again at next; dead: given up;
 *                delivered, failed: what became of what a person asked for
 *     seq        of the entry; 0: a test
 *     person     who asked for it by hand; null: it is the entry's own turn
 *
 * paused of an endpoint says why nothing is sent: off (a person), gone (it answered 410), failing
 * (it was not to be reached for as long as the schedule lasts); null: it is on.
 *
 * Pure functions, any thread, but for the two that say "lane".
 */
#ifndef LANE_ENDPOINTS_H
#define LANE_ENDPOINTS_H

#include "lane.h"

#define LANE_ENDPOINTS_MAX 64 /* of a team */

/* How a delivery looks; outbox has a file for each. */
struct lane_format {
    const char *name;
    const char *help;  /* for whom, in words */
    bool signs;        /* by Standard Webhooks, with secrets that are made here */
    bool takes_secret; /* one may be given that the other side has made */
    bool secret_url;   /* whoever knows the URL may send there: it is never shown again */
};
/* Ended by a row without name. */
const struct lane_format *lane_formats(void);
const struct lane_format *lane_format_find(const char *name);

/* Kinds of entries that may be asked for, ended by NULL. */
const char *const *lane_entry_kinds(void);

#define LANE_SECRET_TEXT 64
/* A fresh secret: signature "hmac" "whsec_" and 32 random bytes in base64, "ed25519" "whsk_" and a
 * seed. */
void lane_secret_new(const char *signature, char out[LANE_SECRET_TEXT]);
/* The bytes of one; false: it is none, or too short or long for what the standard asks (24 to 64
 * bytes; a seed has 32). */
#define LANE_SECRET_MAX 64
bool lane_secret_bytes(const char *text, unsigned char out[LANE_SECRET_MAX], size_t *n,
                       bool *asymmetric);
/* Of a "whsk_" secret: "whpk_" and the public key. false: it is none. */
bool lane_secret_public(const char *text, char out[LANE_SECRET_TEXT]);

#define LANE_READER_TEXT      (SGN_KEY_MAX + 16)
#define LANE_ENDPOINT_READERS "endpoint/" /* how all of them begin */
const char *lane_endpoint_reader(const char *endpoint, char out[LANE_READER_TEXT]);

/* On the lane: the cursor's row, a new reference; SGN_NOT_FOUND. */
enum sgn_status lane_cursor_get(struct lane_run *run, const char *endpoint, json_t **out,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* On the lane: a person sets it. The first time, and counted up from then on. */
enum sgn_status lane_cursor_set(struct lane_run *run, const char *endpoint, int64_t seq,
                                struct sgn_error *err) SGN_MUST_CHECK;

#endif
