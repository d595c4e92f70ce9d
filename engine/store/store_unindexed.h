/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries that are durable, and in no index yet: where they lie, what a store keeps in memory until
 * it has indexed them. Whoever looks for an entry by its number or its request looks here first:
 * what has been indexed by the time that it is looked for there is found there.
 *
 * Threads: the one that writes changes it, and holds the lock while it does; others come by the
 * functions that take the lock. Entries never change, so a place is true for good.
 */
#ifndef STORE_UNINDEXED_H
#define STORE_UNINDEXED_H

#include "status.h"
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store_unindexed_entry {
    struct store_unindexed_entry *next_staged;
    struct store_unindexed_entry *next; /* of the same hash */
    struct store_unindexed_team *team;
    int64_t seq, id;
    bool effects;
    uint32_t actor_n; /* bytes of the actor with its NUL; 0: no request */
    char text[];      /* the actor, then the request */
};

/* Of a team, by their numbers: from first on, n of them. */
struct store_unindexed_team {
    struct store_unindexed_team *next; /* of the same hash */
    struct store_unindexed_entry **entries;
    size_t first, n, cap, staged;
    int64_t last_staged; /* its number; of those that are staged */
    char name[];
};

struct store_unindexed {
    pthread_mutex_t lock;
    struct store_unindexed_entry **by_request;
    size_t n_slots;
    struct store_unindexed_team **teams; /* chains by a hash of their names */
    size_t n_teams;
    struct store_unindexed_entry *staged, **staged_end; /* of the commit under way */
    size_t n_staged;
    bool shown; /* they are among the others already */
    size_t n, bytes;
};

enum sgn_status store_unindexed_init(struct store_unindexed *map,
                                     struct sgn_error *err) SGN_MUST_CHECK;
void store_unindexed_deinit(struct store_unindexed *map);

/* ---- by the one that writes ---- */

/* An entry of the commit under way; seq is greater than any of its team before, or SGN_INVALID.
 * request NULL: none. Makes all room that settling needs. */
enum sgn_status store_unindexed_stage(struct store_unindexed *map, const char *team, int64_t seq,
                                      int64_t id, bool effects, const char *actor,
                                      const char *request, struct sgn_error *err) SGN_MUST_CHECK;
/* Room for about so many, before very many are staged. Out of memory it is made later. */
void store_unindexed_expect(struct store_unindexed *map, size_t n);
/* From now on those of the commit under way are found: before it ends, since who sees that it has
 * looks here for its entries. Who looks sooner finds places where nothing is yet. */
void store_unindexed_show(struct store_unindexed *map);
/* The commit has succeeded, or failed. Allocates nothing. */
void store_unindexed_settle(struct store_unindexed *map, bool committed);
/* All teams that there are, by their names; freed by the caller, the teams are the map's. */
enum sgn_status store_unindexed_teams(const struct store_unindexed *map,
                                      struct store_unindexed_team ***out,
                                      struct sgn_error *err) SGN_MUST_CHECK;
/* The first n entries of the team are indexed. The caller holds the lock. */
void store_unindexed_drop(struct store_unindexed *map, struct store_unindexed_team *team, size_t n);

/* ---- by whoever reads ---- */

struct store_unindexed_range {
    int64_t *ids; /* of entries, in the order of their numbers */
    size_t n;
    int64_t from; /* the team's entries from this number on are here; INT64_MAX: none is */
};
/* Those from a number on, at most limit; of those alone that ask for effects, if so told. */
enum sgn_status store_unindexed_range(struct store_unindexed *map, const char *team, int64_t first,
                                      int limit, bool effects, struct store_unindexed_range *out,
                                      struct sgn_error *err) SGN_MUST_CHECK;
/* Where an entry lies, by its number, or the newest by its request; 0: it is not here. */
int64_t store_unindexed_find(struct store_unindexed *map, const char *team, int64_t seq);
int64_t store_unindexed_request(struct store_unindexed *map, const char *team, const char *actor,
                                const char *request);

#endif
