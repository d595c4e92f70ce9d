/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each team's entries in a row, and a table of chains over those that have a request, the newest
 * first. See the header.
 */
#include "store_unindexed.h"

#include "text.h"
#include <stdlib.h>
#include <string.h>

#define SLOTS_MIN      256
#define SLOTS_EXPECTED ((size_t)1 << 22) /* however many somebody speaks of */
#define TEAM_SLOTS     1024 /* teams are hundreds or thousands, and stay until the end */

/* ---- finding ---- */

static size_t
request_slot(size_t n_slots, const char *team, const char *actor, const char *request)
{
    uint64_t hash = sgn_text_hash(
        sgn_text_hash(sgn_text_hash(SGN_TEXT_HASH, team) ^ '/', actor) ^ '/', request);

    return sgn_text_slot(hash, n_slots);
}

static size_t
slot_of(size_t n_slots, const struct store_unindexed_entry *entry)
{
    return request_slot(n_slots, entry->team->name, entry->text, entry->text + entry->actor_n);
}

static size_t
team_slot(const char *name)
{
    return sgn_text_slot(sgn_text_hash(SGN_TEXT_HASH, name), TEAM_SLOTS);
}

static struct store_unindexed_team *
team_find(const struct store_unindexed *map, const char *name)
{
    struct store_unindexed_team *team = map->teams[team_slot(name)];

    while (team != NULL && strcmp(team->name, name) != 0)
        team = team->next;
    return team;
}

/* The place in the team's row of the first one with this number or a greater one. */
static size_t
team_lower(const struct store_unindexed_team *team, int64_t seq)
{
    size_t low = team->first, high = team->first + team->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (team->entries[middle]->seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t
bytes_of(const struct store_unindexed_entry *entry)
{
    const char *request = entry->text + entry->actor_n;

    /* With its place in the team's row. */
    return sizeof *entry + sizeof(void *) +
           (entry->actor_n == 0 ? 0 : entry->actor_n + strlen(request) + 1);
}

/* ---- making, ending ---- */

static enum sgn_status
grow(struct store_unindexed *map, size_t n_slots, struct sgn_error *err)
{
    struct store_unindexed_entry **slots = calloc(n_slots, sizeof(struct store_unindexed_entry *));

    if (slots == NULL)
        return sgn_nomem(err);
    for (size_t i = 0; i < map->n_slots; i++) {
        struct store_unindexed_entry *oldest = NULL;

        /* Turned round, so that the newest comes last, and is put in front. */
        for (struct store_unindexed_entry *at = map->by_request[i], *next; at != NULL; at = next) {
            next = at->next;
            at->next = oldest;
            oldest = at;
        }
        for (struct store_unindexed_entry *at = oldest, *next; at != NULL; at = next) {
            size_t slot = slot_of(n_slots, at);

            next = at->next;
            at->next = slots[slot];
            slots[slot] = at;
        }
    }
    free(map->by_request);
    map->by_request = slots;
    map->n_slots = n_slots;
    return SGN_OK;
}

enum sgn_status
store_unindexed_init(struct store_unindexed *map, struct sgn_error *err)
{
    *map = (struct store_unindexed){ 0 };
    map->staged_end = &map->staged;
    pthread_mutex_init(&map->lock, NULL);
    map->teams = calloc(TEAM_SLOTS, sizeof(struct store_unindexed_team *));
    return map->teams == NULL ? sgn_nomem(err) : grow(map, SLOTS_MIN, err);
}

static void
team_free(struct store_unindexed_team *team)
{
    for (size_t i = 0; i < team->n; i++)
        free(team->entries[team->first + i]);
    free(team->entries);
    free(team);
}

void
store_unindexed_deinit(struct store_unindexed *map)
{
    if (map->teams != NULL)
        store_unindexed_settle(map, false);
    for (size_t i = 0; map->teams != NULL && i < TEAM_SLOTS; i++)
        for (struct store_unindexed_team *team = map->teams[i], *next; team != NULL; team = next) {
            next = team->next;
            team_free(team);
        }
    free(map->teams);
    free(map->by_request);
    pthread_mutex_destroy(&map->lock);
    *map = (struct store_unindexed){ 0 };
}

/* ---- writing ---- */

static struct store_unindexed_team *
team_of(struct store_unindexed *map, const char *name)
{
    struct store_unindexed_team *team = team_find(map, name);
    size_t n = strlen(name) + 1, slot = team_slot(name);

    if (team != NULL)
        return team;
    team = calloc(1, sizeof *team + n);
    if (team == NULL)
        return NULL;
    memcpy(team->name, name, n);
    team->next = map->teams[slot];
    map->teams[slot] = team;
    map->n_teams++;
    return team;
}

/* Room for one more that is staged; what has been dropped at the row's beginning is used again. */
static bool
team_reserve(struct store_unindexed_team *team)
{
    size_t need = team->n + team->staged + 1, cap = team->cap * 2 > 16 ? team->cap * 2 : 16;
    struct store_unindexed_entry **more;

    if (team->first + need <= team->cap)
        return true;
    if (team->first > 0 && need <= team->cap / 2) {
        memmove(team->entries, team->entries + team->first, team->n * sizeof(void *));
        team->first = 0;
        return true;
    }
    more = realloc(team->entries, (team->first + cap) * sizeof(void *));
    if (more == NULL)
        return false;
    team->entries = more;
    team->cap = team->first + cap;
    return true;
}

/* Makes the room, with the lock held. */
static enum sgn_status
reserve(struct store_unindexed *map, const char *name, int64_t seq,
        struct store_unindexed_team **out, struct sgn_error *err)
{
    struct store_unindexed_team *team = team_of(map, name);

    if (team == NULL || !team_reserve(team))
        return sgn_nomem(err);
    *out = team;
    if ((team->n > 0 && team->entries[team->first + team->n - 1]->seq >= seq) ||
        (team->staged > 0 && team->last_staged >= seq))
        return sgn_fail(err, SGN_INVALID, "entry %lld of team %s stands behind a later one",
                        (long long)seq, name);
    if (map->n + map->n_staged >= map->n_slots)
        return grow(map, map->n_slots * 2, err);
    return SGN_OK;
}

enum sgn_status
store_unindexed_stage(struct store_unindexed *map, const char *team, int64_t seq, int64_t id,
                      bool effects, const char *actor, const char *request, struct sgn_error *err)
{
    size_t actor_n = request == NULL ? 0 : strlen(actor) + 1;
    size_t request_n = request == NULL ? 0 : strlen(request) + 1;
    struct store_unindexed_entry *entry = malloc(sizeof *entry + actor_n + request_n);
    struct store_unindexed_team *of = NULL;
    enum sgn_status st = entry == NULL ? sgn_nomem(err) : SGN_OK;

    if (st == SGN_OK) {
        pthread_mutex_lock(&map->lock);
        st = reserve(map, team, seq, &of, err);
        pthread_mutex_unlock(&map->lock);
    }
    if (st != SGN_OK) {
        free(entry);
        return st;
    }
    *entry = (struct store_unindexed_entry){
        .team = of, .seq = seq, .id = id, .effects = effects, .actor_n = (uint32_t)actor_n
    };
    if (request != NULL) {
        memcpy(entry->text, actor, actor_n);
        memcpy(entry->text + actor_n, request, request_n);
    }
    of->staged++;
    of->last_staged = seq;
    map->n_staged++;
    *map->staged_end = entry;
    map->staged_end = &entry->next_staged;
    return SGN_OK;
}

static void
adopt(struct store_unindexed *map, struct store_unindexed_team *team,
      struct store_unindexed_entry *entry)
{
    team->entries[team->first + team->n++] = entry;
    map->n++;
    map->bytes += bytes_of(entry);
    entry->next = NULL;
    if (entry->actor_n > 0) {
        struct store_unindexed_entry **slot = &map->by_request[slot_of(map->n_slots, entry)];

        entry->next = *slot;
        *slot = entry;
    }
}

void
store_unindexed_expect(struct store_unindexed *map, size_t n)
{
    size_t n_slots = map->n_slots;

    while (n_slots < n && n_slots < SLOTS_EXPECTED)
        n_slots *= 2;
    if (n_slots == map->n_slots)
        return;
    pthread_mutex_lock(&map->lock);
    (void)grow(map, n_slots, NULL);
    pthread_mutex_unlock(&map->lock);
}

void
store_unindexed_show(struct store_unindexed *map)
{
    if (map->staged == NULL || map->shown)
        return;
    pthread_mutex_lock(&map->lock);
    for (struct store_unindexed_entry *at = map->staged; at != NULL; at = at->next_staged) {
        at->team->staged--;
        adopt(map, at->team, at);
    }
    pthread_mutex_unlock(&map->lock);
    map->shown = true;
}

static void
forget(struct store_unindexed *map, struct store_unindexed_entry *entry)
{
    map->n--;
    map->bytes -= bytes_of(entry);
    if (entry->actor_n > 0) {
        struct store_unindexed_entry **link = &map->by_request[slot_of(map->n_slots, entry)];

        while (*link != entry)
            link = &(*link)->next;
        *link = entry->next;
    }
    free(entry);
}

/* They are the last ones of their teams. */
static void
take_back(struct store_unindexed *map, struct store_unindexed_entry *staged)
{
    pthread_mutex_lock(&map->lock);
    for (struct store_unindexed_entry *at = staged, *next; at != NULL; at = next) {
        next = at->next_staged;
        if (map->shown) {
            at->team->n--;
            forget(map, at);
        } else {
            at->team->staged--;
            free(at);
        }
    }
    pthread_mutex_unlock(&map->lock);
}

void
store_unindexed_settle(struct store_unindexed *map, bool committed)
{
    struct store_unindexed_entry *staged = map->staged;

    if (staged != NULL && committed)
        store_unindexed_show(map);
    else if (staged != NULL)
        take_back(map, staged);
    map->staged = NULL;
    map->staged_end = &map->staged;
    map->n_staged = 0;
    map->shown = false;
}

static int
team_order(const void *a, const void *b)
{
    const struct store_unindexed_team *const *x = a, *const *y = b;

    return strcmp((*x)->name, (*y)->name);
}

enum sgn_status
store_unindexed_teams(const struct store_unindexed *map, struct store_unindexed_team ***out,
                      struct sgn_error *err)
{
    struct store_unindexed_team **teams = malloc((map->n_teams + 1) * sizeof *teams);
    size_t n = 0;

    if (teams == NULL)
        return sgn_nomem(err);
    for (size_t i = 0; i < TEAM_SLOTS; i++)
        for (struct store_unindexed_team *team = map->teams[i]; team != NULL; team = team->next)
            teams[n++] = team;
    qsort(teams, n, sizeof(struct store_unindexed_team *), team_order);
    *out = teams;
    return SGN_OK;
}

void
store_unindexed_drop(struct store_unindexed *map, struct store_unindexed_team *team, size_t n)
{
    for (size_t i = 0; i < n; i++)
        forget(map, team->entries[team->first + i]);
    team->n -= n;
    team->first = team->n == 0 && team->staged == 0 ? 0 : team->first + n;
}

/* ---- reading ---- */

enum sgn_status
store_unindexed_range(struct store_unindexed *map, const char *team, int64_t first, int limit,
                      bool effects, struct store_unindexed_range *out, struct sgn_error *err)
{
    const struct store_unindexed_team *of;
    size_t at, end, most = limit > 0 ? (size_t)limit : 0;
    enum sgn_status st = SGN_OK;

    *out = (struct store_unindexed_range){ .from = INT64_MAX };
    pthread_mutex_lock(&map->lock);
    of = team_find(map, team);
    if (of != NULL && of->n > 0) {
        out->from = of->entries[of->first]->seq;
        at = team_lower(of, first);
        end = of->first + of->n;
        most = most < end - at ? most : end - at;
        out->ids = malloc((most + 1) * sizeof *out->ids);
        if (out->ids == NULL)
            st = sgn_nomem(err);
        for (; st == SGN_OK && at < end && out->n < most; at++)
            if (!effects || of->entries[at]->effects)
                out->ids[out->n++] = of->entries[at]->id;
    }
    pthread_mutex_unlock(&map->lock);
    return st;
}

int64_t
store_unindexed_find(struct store_unindexed *map, const char *team, int64_t seq)
{
    const struct store_unindexed_team *of;
    int64_t id = 0;

    pthread_mutex_lock(&map->lock);
    of = team_find(map, team);
    if (of != NULL) {
        size_t at = team_lower(of, seq);

        if (at < of->first + of->n && of->entries[at]->seq == seq)
            id = of->entries[at]->id;
    }
    pthread_mutex_unlock(&map->lock);
    return id;
}

int64_t
store_unindexed_request(struct store_unindexed *map, const char *team, const char *actor,
                        const char *request)
{
    const struct store_unindexed_entry *at;
    int64_t id = 0;

    pthread_mutex_lock(&map->lock);
    at = map->by_request[request_slot(map->n_slots, team, actor, request)];
    while (at != NULL && (strcmp(at->text + at->actor_n, request) != 0 ||
                          strcmp(at->text, actor) != 0 || strcmp(at->team->name, team) != 0))
        at = at->next;
    if (at != NULL)
        id = at->id;
    pthread_mutex_unlock(&map->lock);
    return id;
}
