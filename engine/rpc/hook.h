/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes in by a hook, as values: who has signed it, what it says, and what is to be done about
 * it as a call of a method. Pure functions, any thread.
 *
 *   standard   Standard Webhooks 1.0.0: webhook-id, webhook-timestamp, webhook-signature; v1 is
 *              HMAC-SHA256 of "ID.TIMESTAMP.BODY" under a "whsec_" secret
 *   github     X-Hub-Signature-256: "sha256=" and the HMAC-SHA256 of the body in hex, under the
 *              secret's text. Nothing else is signed: neither an id nor a time
 *   bearer     Authorization: Bearer SECRET. Nothing is signed at all
 */
#ifndef RPC_HOOK_H
#define RPC_HOOK_H

#include "hash.h"
#include "status.h"
#include <jansson.h>

#define RPC_HOOK_TOLERANCE_MS ((int64_t)300000) /* the standard's: five minutes either way */
#define RPC_HOOK_SECRET_MAX   200               /* bytes of one that is given */

struct rpc_hook_sent {
    const char *body;
    size_t n;
    const json_t *headers; /* {name in small letters: value} */
    int64_t now;           /* ms, of this machine: senders know no virtual time */
};

enum rpc_hook_verdict {
    RPC_HOOK_FORGED, /* also: not signed at all, or not in this way */
    RPC_HOOK_STALE,  /* signed, but too long ago or in the future */
    RPC_HOOK_GOOD,
};

/* Compares in constant time; how long it takes tells nothing but the body's length. */
enum rpc_hook_verdict rpc_hook_verify(const char *scheme, const char *secret,
                                      const struct rpc_hook_sent *sent);
/* NULL: a secret that may be given for this scheme; else what it must be like. */
const char *rpc_hook_secret_wrong(const char *scheme, const char *secret);

/*
 * The request id of what was sent, by which it is done once: made of what is signed, which of
 * "github" is the body alone. "": its sender gives none ("bearer" without Idempotency-Key).
 */
void rpc_hook_request(const char *hook, const char *scheme, const struct rpc_hook_sent *sent,
                      char out[SGN_HASH_HEX]);

/* The headers that a function may see: none that a secret or a signature could be in. New. */
json_t *rpc_hook_shown(const json_t *headers);
/* The body's JSON, numbers with a fraction as text. SGN_PARSE, SGN_TOO_LARGE. */
enum sgn_status rpc_hook_body(const char *body, size_t n, json_t **out,
                              struct sgn_error *err) SGN_MUST_CHECK;
/* In place: a value's numbers with a fraction become text. *value is replaced when it is one. */
enum sgn_status rpc_hook_plain(json_t **value, struct sgn_error *err) SGN_MUST_CHECK;

/*
 * DOES of rules.h, a stranger's word, as what is to be called:
 *   { "ignored": REASON } or { "method", "params", "find"?: {"workflow", "fields"},
 *     "otherwise"?: the same }
 * find: params lack their case, which is the one open case that has these values. The method's own
 * shape of params is still to be checked. SGN_RULE_ERROR: it is no such value.
 */
enum sgn_status rpc_hook_plan(const json_t *does, json_t **out,
                              struct sgn_error *err) SGN_MUST_CHECK;

#endif
