/* SPDX-License-Identifier: Apache-2.0 */
/* Two tables of places in groups: see attempts.h for what they are for. */
#include "attempts.h"
#include "hash.h"
#include <stdlib.h>
#include <string.h>

#define GROUPS 1024 /* a power of two */
#define WAYS   4    /* places of one group */
#define KEPT   32   /* hex digits of a credential: 128 bits, which nobody meets by chance */

struct stranger {
    uint64_t address;    /* 0: free */
    int64_t forgiven_at; /* when all its failures are */
};

struct rpc_attempts {
    int most;
    uint64_t seed; /* whoever chooses addresses must not choose whom they push out */
    struct stranger strangers[GROUPS][WAYS];
    char good[GROUPS][WAYS][KEPT]; /* "": free; the last seen first */
};

struct rpc_attempts *
rpc_attempts_new(int most)
{
    struct rpc_attempts *attempts = calloc(1, sizeof(*attempts));

    if (attempts == NULL)
        return NULL;
    attempts->most = most > 0 ? most : 1;
    sgn_random(&attempts->seed, sizeof(attempts->seed));
    return attempts;
}

void
rpc_attempts_free(struct rpc_attempts *attempts)
{
    free(attempts);
}

/* The finalizer of MurmurHash3, as in net/addresses.c. */
static size_t
group_of(const struct rpc_attempts *attempts, uint64_t key)
{
    uint64_t h = key ^ attempts->seed;

    h = (h ^ (h >> 33)) * UINT64_C(0xff51afd7ed558ccd);
    h = (h ^ (h >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
    return (size_t)(h ^ (h >> 33)) & (GROUPS - 1);
}

static size_t
group_of_hash(const struct rpc_attempts *attempts, const char *hash)
{
    uint64_t key;

    memcpy(&key, hash, sizeof(key));
    return group_of(attempts, key);
}

/* Where it stands in its group, or WAYS. Its time tells nothing: what is compared is a hash. */
static int
good_find(const struct rpc_attempts *attempts, const char *hash)
{
    const char(*group)[KEPT] = attempts->good[group_of_hash(attempts, hash)];
    int i = 0;

    while (i < WAYS && memcmp(group[i], hash, KEPT) != 0)
        i++;
    return i;
}

static const struct stranger *
stranger_find(const struct rpc_attempts *attempts, uint64_t address)
{
    const struct stranger *group = attempts->strangers[group_of(attempts, address)];

    for (int i = 0; i < WAYS; i++)
        if (group[i].address == address)
            return &group[i];
    return NULL;
}

bool
rpc_attempts_may(const struct rpc_attempts *attempts, uint64_t address, const char *hash,
                 int64_t now, int64_t *retry_ms)
{
    const struct stranger *stranger = address != 0 ? stranger_find(attempts, address) : NULL;
    int64_t wait = stranger != NULL ? stranger->forgiven_at - now -
                                          (int64_t)(attempts->most - 1) * RPC_ATTEMPT_MS
                                    : 0;

    *retry_ms = 0;
    if (wait <= 0 || (hash != NULL && good_find(attempts, hash) < WAYS))
        return true;
    *retry_ms = wait;
    return false;
}

/* Its place, or that of whoever has least to wait. */
static struct stranger *
stranger_take(struct rpc_attempts *attempts, uint64_t address)
{
    struct stranger *group = attempts->strangers[group_of(attempts, address)];
    struct stranger *least = &group[0];

    for (int i = 0; i < WAYS; i++) {
        if (group[i].address == address)
            return &group[i];
        if (group[i].forgiven_at < least->forgiven_at)
            least = &group[i];
    }
    *least = (struct stranger){ .address = address };
    return least;
}

void
rpc_attempts_failed(struct rpc_attempts *attempts, uint64_t address, const char *hash, int64_t now)
{
    struct stranger *stranger;
    int at = hash != NULL ? good_find(attempts, hash) : WAYS;

    if (at < WAYS)
        memset(attempts->good[group_of_hash(attempts, hash)][at], 0, KEPT);
    if (address == 0)
        return;
    stranger = stranger_take(attempts, address);
    if (stranger->forgiven_at < now)
        stranger->forgiven_at = now;
    stranger->forgiven_at += RPC_ATTEMPT_MS;
}

void
rpc_attempts_good(struct rpc_attempts *attempts, const char *hash)
{
    char(*group)[KEPT] = attempts->good[group_of_hash(attempts, hash)];
    int at = good_find(attempts, hash);

    /* The others move back by one, the last out of the group or into the place that is left. */
    memmove(group[1], group[0], (size_t)(at < WAYS ? at : WAYS - 1) * KEPT);
    memcpy(group[0], hash, KEPT);
}
