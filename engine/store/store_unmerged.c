/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows in memory: two tables of chains over them, by key and by number, and for each team a row
 * of them by their last change, so that who has seen a team before sees only what is new. See the
 * header.
 */
#include "store_unmerged.h"

#include "text.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_MIN  256
#define TEAM_SLOTS 1024 /* teams are hundreds or thousands, and stay until the end */

/* ---- the tables ---- */

static size_t
key_slot(size_t n_slots, const char *team, const char *key)
{
    uint64_t hash = sgn_text_hash(sgn_text_hash(SGN_TEXT_HASH, team) ^ '/', key);

    return sgn_text_slot(hash, n_slots);
}

static size_t
id_slot(size_t n_slots, int64_t id)
{
    return (size_t)(((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (n_slots - 1);
}

static void
link_row(struct store_unmerged_row **by_key, struct store_unmerged_row **by_id, size_t n_slots,
         struct store_unmerged_row *row)
{
    size_t key = key_slot(n_slots, row->team->name, row->key), id = id_slot(n_slots, row->id);

    row->next_key = by_key[key];
    by_key[key] = row;
    row->next_id = by_id[id];
    by_id[id] = row;
}

/* The lock is held, or nobody else knows the map yet. */
static enum sgn_status
grow(struct store_unmerged *map, size_t n_slots, struct sgn_error *err)
{
    struct store_unmerged_row **by_key = calloc(n_slots, sizeof(struct store_unmerged_row *));
    struct store_unmerged_row **by_id = calloc(n_slots, sizeof(struct store_unmerged_row *));

    if (by_key == NULL || by_id == NULL) {
        free(by_key);
        free(by_id);
        return sgn_nomem(err);
    }
    for (size_t i = 0; i < map->n_slots; i++)
        for (struct store_unmerged_row *row = map->by_id[i], *next; row != NULL; row = next) {
            next = row->next_id;
            link_row(by_key, by_id, n_slots, row);
        }
    free(map->by_key);
    free(map->by_id);
    map->by_key = by_key;
    map->by_id = by_id;
    map->n_slots = n_slots;
    return SGN_OK;
}

enum sgn_status
store_unmerged_init(struct store_unmerged *map, struct sgn_error *err)
{
    *map = (struct store_unmerged){ 0 };
    map->staged_end = &map->staged;
    pthread_mutex_init(&map->lock, NULL);
    map->by_name = calloc(TEAM_SLOTS, sizeof(struct store_unmerged_team *));
    return map->by_name == NULL ? sgn_nomem(err) : grow(map, SLOTS_MIN, err);
}

static void
row_free(struct store_unmerged_row *row)
{
    store_image_drop(row->image);
    store_image_drop(row->staged);
    free(row->base);
    free(row);
}

void
store_unmerged_deinit(struct store_unmerged *map)
{
    for (size_t i = 0; i < map->n_slots; i++)
        for (struct store_unmerged_row *row = map->by_id[i], *next; row != NULL; row = next) {
            next = row->next_id;
            row_free(row);
        }
    for (struct store_unmerged_team *team = map->teams, *next; team != NULL; team = next) {
        next = team->next;
        free(team);
    }
    free(map->by_name);
    free(map->by_key);
    free(map->by_id);
    store_heap_deinit(&map->due);
    pthread_mutex_destroy(&map->lock);
    *map = (struct store_unmerged){ 0 };
}

/* ---- finding ---- */

struct store_unmerged_row *
store_unmerged_find(const struct store_unmerged *map, const char *team, const char *key)
{
    struct store_unmerged_row *row = map->by_key[key_slot(map->n_slots, team, key)];

    while (row != NULL && (strcmp(row->key, key) != 0 || strcmp(row->team->name, team) != 0))
        row = row->next_key;
    return row;
}

struct store_unmerged_row *
store_unmerged_find_id(const struct store_unmerged *map, int64_t id)
{
    struct store_unmerged_row *row = map->by_id[id_slot(map->n_slots, id)];

    while (row != NULL && row->id != id)
        row = row->next_id;
    return row;
}

static size_t
team_slot(const char *name)
{
    return sgn_text_slot(sgn_text_hash(SGN_TEXT_HASH, name), TEAM_SLOTS);
}

struct store_unmerged_team *
store_unmerged_team(const struct store_unmerged *map, const char *team)
{
    struct store_unmerged_team *at = map->by_name[team_slot(team)];

    while (at != NULL && strcmp(at->name, team) != 0)
        at = at->next_name;
    return at;
}

struct store_image *
store_unmerged_image(struct store_unmerged *map, const char *team, const char *key)
{
    const struct store_unmerged_row *row;
    struct store_image *image = NULL;

    pthread_mutex_lock(&map->lock);
    row = store_unmerged_find(map, team, key);
    if (row != NULL && row->image != NULL)
        image = store_image_hold(row->image);
    pthread_mutex_unlock(&map->lock);
    return image;
}

/* ---- changing ---- */

/* Teams stay until the end: they are few, and readers remember how far they have read them. */
static struct store_unmerged_team *
team_of(struct store_unmerged *map, const char *name)
{
    struct store_unmerged_team *team = store_unmerged_team(map, name);
    size_t n = strlen(name) + 1, slot = team_slot(name);

    if (team != NULL)
        return team;
    team = calloc(1, sizeof *team + n);
    if (team == NULL)
        return NULL;
    memcpy(team->name, name, n);
    team->next_name = map->by_name[slot];
    map->by_name[slot] = team;
    team->next = map->teams;
    map->teams = team;
    return team;
}

enum sgn_status
store_unmerged_add(struct store_unmerged *map, const char *team, const char *key, int64_t id,
                   char *base_take, struct store_unmerged_row **out, struct sgn_error *err)
{
    size_t n = strlen(key) + 1;
    struct store_unmerged_row *row = calloc(1, sizeof *row + n);
    enum sgn_status st = SGN_OK;

    if (row == NULL) {
        free(base_take);
        return sgn_nomem(err);
    }
    row->base = base_take;
    row->id = id;
    memcpy(row->key, key, n);
    pthread_mutex_lock(&map->lock);
    row->team = team_of(map, team);
    if (row->team == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK && map->n >= map->n_slots)
        st = grow(map, map->n_slots * 2, err);
    /* One of which nothing was armed may be armed now. */
    if (st == SGN_OK && map->due_known)
        st = store_heap_reserve(&map->due, map->n + 1, err);
    if (st == SGN_OK) {
        link_row(map->by_key, map->by_id, map->n_slots, row);
        map->n++;
        map->bytes += sizeof *row + n;
    }
    pthread_mutex_unlock(&map->lock);
    if (st != SGN_OK)
        row_free(row);
    else
        *out = row;
    return st;
}

void
store_unmerged_base_unknown(struct store_unmerged_row *row)
{
    row->base_unknown = true;
    row->team->n_unknown++;
}

void
store_unmerged_base_known(struct store_unmerged_row *row, char *base_take)
{
    free(row->base);
    row->base = base_take;
    row->base_unknown = false;
    row->team->n_unknown--;
}

void
store_unmerged_stage(struct store_unmerged *map, struct store_unmerged_row *row,
                     struct store_image *image_take, int64_t due, uint64_t whole)
{
    if (row->staged == NULL) {
        row->next_staged = NULL;
        *map->staged_end = row;
        map->staged_end = &row->next_staged;
    }
    store_image_drop(row->staged);
    row->staged = image_take;
    row->staged_due = due;
    row->staged_whole = whole;
}

static void
take_from_team(struct store_unmerged_row *row)
{
    if (row->newer != NULL)
        row->newer->older = row->older;
    else if (row->team->newest == row)
        row->team->newest = row->older;
    else
        return; /* not in it yet */
    if (row->older != NULL)
        row->older->newer = row->newer;
    row->newer = row->older = NULL;
    row->team->n--;
}

size_t
store_unmerged_bytes(const struct store_unmerged_row *row)
{
    return sizeof *row + strlen(row->key) + 1 + (row->image != NULL ? row->image->n : 0);
}

static void
unlink_row(struct store_unmerged *map, struct store_unmerged_row *row)
{
    struct store_unmerged_row **link =
        &map->by_key[key_slot(map->n_slots, row->team->name, row->key)];

    while (*link != row)
        link = &(*link)->next_key;
    *link = row->next_key;
    link = &map->by_id[id_slot(map->n_slots, row->id)];
    while (*link != row)
        link = &(*link)->next_id;
    *link = row->next_id;
    take_from_team(row);
    row->team->n_unknown -= row->base_unknown ? 1 : 0;
    map->n--;
    map->bytes -= store_unmerged_bytes(row);
}

static void
adopt(struct store_unmerged *map, struct store_unmerged_row *row)
{
    take_from_team(row);
    map->bytes += row->staged->n;
    map->bytes -= row->image != NULL ? row->image->n : 0;
    store_image_drop(row->image);
    row->image = row->staged;
    row->staged = NULL;
    row->whole = row->staged_whole;
    row->due = row->staged_due;
    row->change = ++map->change;
    row->changes++;
    row->older = row->team->newest;
    if (row->older != NULL)
        row->older->newer = row;
    row->team->newest = row;
    row->team->n++;
    if (map->due_known)
        store_heap_put(&map->due, row->id, row->due);
}

void
store_unmerged_forget(struct store_unmerged *map, struct store_unmerged_row *row)
{
    if (row->image != NULL || row->staged != NULL)
        return;
    pthread_mutex_lock(&map->lock);
    unlink_row(map, row);
    pthread_mutex_unlock(&map->lock);
    row_free(row);
}

void
store_unmerged_settle(struct store_unmerged *map, bool committed)
{
    struct store_unmerged_row *row = map->staged, *next;

    map->staged = NULL;
    map->staged_end = &map->staged;
    if (row == NULL)
        return;
    pthread_mutex_lock(&map->lock);
    for (; row != NULL; row = next) {
        next = row->next_staged;
        if (committed) {
            adopt(map, row);
            continue;
        }
        store_image_drop(row->staged);
        row->staged = NULL;
        if (row->image == NULL) {
            unlink_row(map, row);
            row_free(row);
        }
    }
    pthread_mutex_unlock(&map->lock);
}

void
store_unmerged_remove(struct store_unmerged *map, struct store_unmerged_row *row)
{
    assert(row->staged == NULL && row->image != NULL);
    row->team->merged++;
    map->removed++;
    unlink_row(map, row);
    row_free(row);
}

void
store_unmerged_clear(struct store_unmerged *map)
{
    pthread_mutex_lock(&map->lock);
    for (const struct store_unmerged_team *team = map->teams; team != NULL; team = team->next)
        while (team->newest != NULL)
            store_unmerged_remove(map, team->newest);
    pthread_mutex_unlock(&map->lock);
}

/* ---- counting ---- */

static bool
is_of(const char *project, const char *workflow, const char *its_project, const char *its_workflow)
{
    return strcmp(workflow, its_workflow) == 0 &&
           strcmp(project == NULL ? "" : project, its_project == NULL ? "" : its_project) == 0;
}

int64_t
store_unmerged_open(const struct store_unmerged *map, const char *team, const char *project,
                    const char *workflow)
{
    const struct store_unmerged_team *of = store_unmerged_team(map, team);
    int64_t n = 0;

    for (const struct store_unmerged_row *row = of == NULL ? NULL : of->newest; row != NULL;
         row = row->older) {
        struct store_image_row now;

        if (row->base != NULL &&
            is_of(project, workflow, row->base, row->base + strlen(row->base) + 1))
            n--;
        if (store_image_read(row->image, &now, NULL) == SGN_OK && now.row.outcome == NULL &&
            is_of(project, workflow, now.row.project, now.row.workflow))
            n++;
    }
    return n;
}
