/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often an address may show a credential that is not good: a number at once, then one in each
 * EACH_MS (the generic cell rate algorithm of ATM Forum TM 4.0, 4.4.2: one time per address).
 *
 * A stranger must lock nobody out, also not who shares an address with them: a credential that was
 * good lately is looked at whatever its address has done. Only one that has never been good here
 * waits. What is remembered has a fixed size: of the addresses that would share a place the one
 * that has least to wait is forgotten first, of the credentials the one not seen for longest.
 */
#ifndef RPC_ATTEMPTS_H
#define RPC_ATTEMPTS_H

#include <stdbool.h>
#include <stdint.h>

#define RPC_ATTEMPT_MS 6000 /* after which one more failure is borne */

struct rpc_attempts;

/* most: failures at once. NULL: out of memory. */
struct rpc_attempts *rpc_attempts_new(int most);
void rpc_attempts_free(struct rpc_attempts *attempts);

/*
 * now: monotonic ms. address: 0 is not limited. hash: the credential's SHA-256 in hex, or NULL.
 * May it be looked at? false: *retry_ms, when it may.
 */
bool rpc_attempts_may(const struct rpc_attempts *attempts, uint64_t address, const char *hash,
                      int64_t now, int64_t *retry_ms);
/* It was looked at, and is no good (any more). hash may be NULL. */
void rpc_attempts_failed(struct rpc_attempts *attempts, uint64_t address, const char *hash,
                         int64_t now);
/* It is good. */
void rpc_attempts_good(struct rpc_attempts *attempts, const char *hash);

#endif
