/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of cases that are durable, and not yet in their table: what a store keeps in memory until it
 * merges them. Whoever reads a case looks here first.
 *
 * Threads: the one that writes changes it, and holds the lock while it does; others hold it to
 * read. The one that writes reads without. What readers take with them are images, which never
 * change.
 */
#ifndef STORE_UNMERGED_H
#define STORE_UNMERGED_H

#include "store_heap.h"
#include "store_image.h"
#include <pthread.h>

struct store_unmerged_row {
    struct store_unmerged_row *next_key, *next_id; /* of the same hash */
    struct store_unmerged_row *newer, *older;      /* of its team, by their last change */
    struct store_unmerged_row *next_staged;
    struct store_unmerged_team *team;
    struct store_image *image;  /* NULL: its first commit is under way */
    struct store_image *staged; /* of the commit that is under way */
    char *base;         /* the row in its table, if that is open: project, NUL, workflow, NUL */
    int64_t id;         /* of the row in its table, or that it will have there */
    int64_t staged_due; /* when it fires next, by what is staged; 0: not at all */
    int64_t due;        /* the same of its image */
    uint64_t change;    /* number of its last change, of all rows */
    uint64_t whole;     /* the pass in which it was last written to the log as a whole */
    uint64_t staged_whole;
    uint32_t changes;  /* since it came here, or was kept by a pass */
    bool base_unknown; /* the row in its table has not been looked up yet */
    char key[];
};

struct store_unmerged_team {
    struct store_unmerged_team *next;
    struct store_unmerged_team *next_name; /* of the same hash */
    struct store_unmerged_row *newest;
    size_t n;
    size_t n_unknown; /* of its rows, those whose base is */
    uint64_t merged;  /* rows of it that have left, ever */
    char name[];
};

struct store_unmerged {
    pthread_mutex_t lock;
    struct store_unmerged_row **by_key, **by_id;
    struct store_unmerged_row *staged, **staged_end; /* of the commit under way */
    struct store_unmerged_team *teams;
    struct store_unmerged_team **by_name;
    size_t n_slots; /* of the tables of rows */
    size_t n;       /* rows, those included that are staged for the first time */
    size_t bytes;   /* that they take */
    uint64_t change;
    uint64_t removed;      /* rows that have left, ever */
    struct store_heap due; /* of all cases, merged or not */
    bool due_known;
};

enum sgn_status store_unmerged_init(struct store_unmerged *map,
                                    struct sgn_error *err) SGN_MUST_CHECK;
void store_unmerged_deinit(struct store_unmerged *map);

struct store_unmerged_row *store_unmerged_find(const struct store_unmerged *map, const char *team,
                                               const char *key);
struct store_unmerged_row *store_unmerged_find_id(const struct store_unmerged *map, int64_t id);
struct store_unmerged_team *store_unmerged_team(const struct store_unmerged *map, const char *team);
/* The image of a case for a thread that holds no lock; NULL: it is not here. */
struct store_image *store_unmerged_image(struct store_unmerged *map, const char *team,
                                         const char *key);

/* A row of this case that has no image yet, for the first change of a case that is not here. */
enum sgn_status store_unmerged_add(struct store_unmerged *map, const char *team, const char *key,
                                   int64_t id, char *base_take, struct store_unmerged_row **out,
                                   struct sgn_error *err) SGN_MUST_CHECK;
/* What the table has for the row is not known; nobody else knows the row yet. */
void store_unmerged_base_unknown(struct store_unmerged_row *row);
/* It is known now. The caller holds the lock. */
void store_unmerged_base_known(struct store_unmerged_row *row, char *base_take);
/* The image it has once the commit under way has succeeded. Room for it was made before. */
void store_unmerged_stage(struct store_unmerged *map, struct store_unmerged_row *row,
                          struct store_image *image_take, int64_t due, uint64_t whole);
/* Takes back a row that was added and not staged. */
void store_unmerged_forget(struct store_unmerged *map, struct store_unmerged_row *row);
/* The commit under way has succeeded, or failed. Allocates nothing. */
void store_unmerged_settle(struct store_unmerged *map, bool committed);
/* What a row that is not staged takes, of map->bytes. */
size_t store_unmerged_bytes(const struct store_unmerged_row *row);
/* The row is in its table; the caller holds the lock. */
void store_unmerged_remove(struct store_unmerged *map, struct store_unmerged_row *row);
/* All are. */
void store_unmerged_clear(struct store_unmerged *map);

/* How many open cases of this workflow and project (or NULL) there are more than the table says;
 * the caller holds the lock, or writes. The base of each of the team's rows is known. */
int64_t store_unmerged_open(const struct store_unmerged *map, const char *team, const char *project,
                            const char *workflow);

#endif
