/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables in memory that stand beside the file in lists. See the header.
 *
 * A row stays here until it has changed or was merged; whether it is still as the map has it, its
 * image tells, which both hold. Rows are looked at before the file's statement begins: what is
 * merged in between is seen here as well as there, and hidden there.
 */
#include "store_sqlite_overlay.h"

#include "json.h"
#include "store_sqlite_writing.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_MIN 256
#define FEW       64 /* rows that are taken out one by one, however few are left */

/* A row that stands in memory. */
struct overlay_row {
    struct overlay_row *next_key; /* of the same hash */
    struct overlay_row *next_row; /* of the same team */
    struct overlay_team *team;
    struct store_image *image;
    char key[];
};

struct overlay_team {
    struct overlay_team *next;
    struct overlay_row *rows;
    size_t n;
    uint64_t change, merged; /* of the team in the map, as far as it is known here */
    char name[];
};

struct store_sqlite_overlay {
    struct store_sqlite_conn conn;
    struct overlay_team *teams;
    struct overlay_row **slots;
    size_t n, n_slots;
};

/* What has to change, found under the map's lock and done without it. */
struct changes {
    struct overlay_row *gone;
    struct store_image **fresh;
    size_t n_fresh, cap;
    bool nomem;
};

/* ---- the rows ---- */

static size_t
slot_of(size_t n_slots, const struct overlay_team *team, const char *key)
{
    uint64_t hash = sgn_text_hash((uint64_t)(uintptr_t)team * UINT64_C(0x9E3779B97F4A7C15), key);

    return sgn_text_slot(hash, n_slots);
}

static struct overlay_row *
row_find(const struct store_sqlite_overlay *overlay, const struct overlay_team *team,
         const char *key)
{
    struct overlay_row *row = overlay->slots[slot_of(overlay->n_slots, team, key)];

    while (row != NULL && (row->team != team || strcmp(row->key, key) != 0))
        row = row->next_key;
    return row;
}

static struct overlay_team *
team_find(const struct store_sqlite_overlay *overlay, const char *name)
{
    struct overlay_team *team = overlay == NULL ? NULL : overlay->teams;

    while (team != NULL && strcmp(team->name, name) != 0)
        team = team->next;
    return team;
}

static void
rows_free(struct overlay_row *row)
{
    for (struct overlay_row *next; row != NULL; row = next) {
        next = row->next_row;
        store_image_drop(row->image);
        free(row);
    }
}

void
store_sqlite_overlay_free(struct store_sqlite_overlay *overlay)
{
    struct overlay_team *next = NULL;

    if (overlay == NULL)
        return;
    for (struct overlay_team *team = overlay->teams; team != NULL; team = next) {
        next = team->next;
        rows_free(team->rows);
        free(team);
    }
    store_sqlite_conn_close(&overlay->conn);
    free(overlay->slots);
    free(overlay);
}

static bool
grow(struct store_sqlite_overlay *overlay, size_t n_slots)
{
    struct overlay_row **slots = calloc(n_slots, sizeof(struct overlay_row *));

    if (slots == NULL)
        return false;
    for (size_t i = 0; i < overlay->n_slots; i++)
        for (struct overlay_row *row = overlay->slots[i], *next; row != NULL; row = next) {
            size_t slot = slot_of(n_slots, row->team, row->key);

            next = row->next_key;
            row->next_key = slots[slot];
            slots[slot] = row;
        }
    free(overlay->slots);
    overlay->slots = slots;
    overlay->n_slots = n_slots;
    return true;
}

bool
store_sqlite_overlay_has(const struct store_sqlite_overlay *overlay,
                         const struct overlay_team *team, const char *key)
{
    return row_find(overlay, team, key) != NULL;
}

size_t
store_sqlite_overlay_rows(const struct overlay_team *team)
{
    return team->n;
}

char *
store_sqlite_overlay_keys(const struct overlay_team *team)
{
    json_t *keys = json_array();
    char *text = NULL;
    bool whole = keys != NULL;

    for (const struct overlay_row *row = team->rows; whole && row != NULL; row = row->next_row)
        whole = json_array_append_new(keys, json_string(row->key)) == 0;
    if (whole)
        text = sgn_json_text(keys);
    json_decref(keys);
    return text;
}

struct store_sqlite_conn *
store_sqlite_overlay_conn(struct store_sqlite_overlay *overlay)
{
    return &overlay->conn;
}

/* ---- making one ---- */

/* The same tables and indexes as in the file, by the words that made those. */
static enum sgn_status
make_tables(struct store_sqlite_overlay *overlay, struct sgn_error *err)
{
    struct store_sqlite_conn *conn = &overlay->conn;
    struct store_sqlite_bind bind = { 0 };
    bool row = true;
    enum sgn_status st = store_sqlite_prepare(
        conn,
        "SELECT sql FROM site.sqlite_schema WHERE tbl_name IN ('case_', 'case_field', 'waiting') "
        "AND sql IS NOT NULL ORDER BY type DESC",
        &bind.stmt, err);

    while (st == SGN_OK) {
        st = store_sqlite_step(conn, &bind, &row, err);
        if (st != SGN_OK || !row)
            break;
        if (store_sqlite_exec(conn, (const char *)sqlite3_column_text(bind.stmt, 0)) != SQLITE_OK)
            st = store_sqlite_fail(conn, "making tables in memory", err);
    }
    store_sqlite_done(conn, bind.stmt);
    return st;
}

/* The file is attached by a URI that says that nothing is written to it. */
static enum sgn_status
attach_file(struct store_sqlite_overlay *overlay, const char *path, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    struct sgn_buf uri;
    bool row;
    enum sgn_status st;

    sgn_buf_init(&uri, 64 * 1024);
    (void)sgn_buf_puts(&uri, "file:");
    for (; *path != '\0'; path++) {
        if (strchr("%?#", *path) != NULL)
            (void)sgn_buf_printf(&uri, "%%%02X", (unsigned char)*path);
        else
            (void)sgn_buf_append(&uri, path, 1);
    }
    (void)sgn_buf_puts(&uri, "?mode=ro");
    st = uri.failed ? sgn_nomem(err)
                    : store_sqlite_prepare(&overlay->conn, "ATTACH ? AS site", &bind.stmt, err);
    if (st == SGN_OK) {
        store_sqlite_bind_text(&bind, uri.bytes);
        st = store_sqlite_step(&overlay->conn, &bind, &row, err);
        store_sqlite_done(&overlay->conn, bind.stmt);
    }
    sgn_buf_deinit(&uri);
    return st;
}

static enum sgn_status
overlay_new(const struct store_sqlite *store, int64_t read_ms, struct store_sqlite_overlay **out,
            struct sgn_error *err)
{
    struct store_sqlite_overlay *overlay = calloc(1, sizeof *overlay);
    enum sgn_status st = overlay == NULL || !grow(overlay, SLOTS_MIN) ? sgn_nomem(err) : SGN_OK;

    if (st == SGN_OK)
        st = store_sqlite_conn_open(&overlay->conn, store, STORE_SQLITE_MEMORY, err);
    if (st == SGN_OK)
        overlay->conn.read_ms = read_ms; /* as its reader's */
    if (st == SGN_OK)
        st = attach_file(overlay, store->file, err);
    if (st == SGN_OK)
        st = make_tables(overlay, err);
    /* A change that fails takes all of this with it. */
    if (st == SGN_OK && store_sqlite_exec(&overlay->conn, "PRAGMA journal_mode = OFF") != SQLITE_OK)
        st = store_sqlite_fail(&overlay->conn, "setting up memory", err);
    if (st != SGN_OK) {
        store_sqlite_overlay_free(overlay);
        return st;
    }
    *out = overlay;
    return SGN_OK;
}

static struct overlay_team *
team_new(struct store_sqlite_overlay *overlay, const char *name)
{
    size_t n = strlen(name) + 1;
    struct overlay_team *team = calloc(1, sizeof *team + n);

    if (team != NULL) {
        memcpy(team->name, name, n);
        team->next = overlay->teams;
        overlay->teams = team;
    }
    return team;
}

/* ---- what has changed ---- */

static void
row_unlink(struct store_sqlite_overlay *overlay, struct overlay_row *row)
{
    struct overlay_row **link = &overlay->slots[slot_of(overlay->n_slots, row->team, row->key)];

    while (*link != row)
        link = &(*link)->next_key;
    *link = row->next_key;
    row->team->n--;
    overlay->n--;
}

static void
find_gone(struct store_sqlite_overlay *overlay, const struct store_unmerged *map,
          struct overlay_team *team, struct changes *changes)
{
    for (struct overlay_row **link = &team->rows, *row; (row = *link) != NULL;) {
        const struct store_unmerged_row *is = store_unmerged_find(map, team->name, row->key);

        if (is != NULL && is->image == row->image) {
            link = &row->next_row;
            continue;
        }
        *link = row->next_row;
        row_unlink(overlay, row);
        row->next_row = changes->gone;
        changes->gone = row;
    }
}

static void
find_fresh(const struct store_unmerged_team *of, uint64_t since, struct changes *changes)
{
    for (const struct store_unmerged_row *row = of->newest; row != NULL && row->change > since;
         row = row->older) {
        if (changes->n_fresh == changes->cap) {
            size_t cap = changes->cap == 0 ? 64 : changes->cap * 2;
            struct store_image **more = realloc(changes->fresh, cap * sizeof(struct store_image *));

            if (more == NULL) {
                changes->nomem = true;
                return;
            }
            changes->fresh = more;
            changes->cap = cap;
        }
        changes->fresh[changes->n_fresh++] = store_image_hold(row->image);
    }
}

static void
find_changes(struct store_sqlite_overlay *overlay, struct store_unmerged *map,
             struct overlay_team *team, struct changes *changes)
{
    const struct store_unmerged_team *of;

    pthread_mutex_lock(&map->lock);
    of = store_unmerged_team(map, team->name);
    if (of != NULL) {
        if (of->merged != team->merged)
            find_gone(overlay, map, team, changes);
        find_fresh(of, team->change, changes);
        team->merged = of->merged;
        team->change = of->newest != NULL ? of->newest->change : team->change;
    }
    pthread_mutex_unlock(&map->lock);
}

/* ---- doing it ---- */

static enum sgn_status
remove_row(struct store_sqlite_writing *w, const struct overlay_row *row, struct sgn_error *err)
{
    static const char *const sql[] = { "DELETE FROM case_ WHERE team = ? AND key = ?",
                                       "DELETE FROM case_field WHERE team = ? AND \"case\" = ?",
                                       "DELETE FROM waiting WHERE team = ? AND \"case\" = ?" };
    enum sgn_status st = SGN_OK;

    for (size_t i = 0; st == SGN_OK && i < sizeof sql / sizeof sql[0]; i++) {
        struct store_sqlite_bind bind = { 0 };

        st = store_sqlite_write_prepare(w, sql[i], &bind.stmt, err);
        if (st != SGN_OK)
            break;
        store_sqlite_bind_text(&bind, row->team->name);
        store_sqlite_bind_text(&bind, row->key);
        st = store_sqlite_write_run(w, &bind, "changing memory", err);
        store_sqlite_done(w->conn, bind.stmt);
    }
    return st;
}

/* Notes which image stands for the case. */
static enum sgn_status
note_row(struct store_sqlite_overlay *overlay, struct overlay_team *team, const char *key,
         struct store_image *image, struct sgn_error *err)
{
    struct overlay_row *row = row_find(overlay, team, key);
    size_t n = strlen(key) + 1, slot;

    if (row == NULL) {
        if (overlay->n >= overlay->n_slots && !grow(overlay, overlay->n_slots * 2))
            return sgn_nomem(err);
        row = calloc(1, sizeof *row + n);
        if (row == NULL)
            return sgn_nomem(err);
        memcpy(row->key, key, n);
        row->team = team;
        slot = slot_of(overlay->n_slots, team, key);
        row->next_key = overlay->slots[slot];
        overlay->slots[slot] = row;
        row->next_row = team->rows;
        team->rows = row;
        team->n++;
        overlay->n++;
    }
    store_image_drop(row->image);
    row->image = store_image_hold(image);
    return SGN_OK;
}

static enum sgn_status
put_row(struct store_sqlite_writing *w, struct store_sqlite_overlay *overlay,
        struct overlay_team *team, struct store_image *image, struct sgn_error *err)
{
    struct store_image_row says;
    enum sgn_status st = store_image_read(image, &says, err);

    if (st == SGN_OK)
        st = store_image_parse(&says, err);
    if (st == SGN_OK) {
        w->fresh = row_find(overlay, team, says.row.key) == NULL;
        st = store_sqlite_write_case(w, &says.row, says.id, err);
    }
    if (st == SGN_OK)
        st = note_row(overlay, team, says.row.key, image, err);
    store_image_row_deinit(&says);
    return st;
}

static enum sgn_status
apply_changes(struct store_sqlite_overlay *overlay, struct overlay_team *team,
              const struct changes *changes, struct sgn_error *err)
{
    struct store_sqlite_writing w = { .conn = &overlay->conn };
    enum sgn_status st = changes->nomem ? sgn_nomem(err) : SGN_OK;

    if (st != SGN_OK || (changes->gone == NULL && changes->n_fresh == 0))
        return st;
    if (store_sqlite_exec(&overlay->conn, "BEGIN") != SQLITE_OK)
        return store_sqlite_fail(&overlay->conn, "changing memory", err);
    for (const struct overlay_row *row = changes->gone; st == SGN_OK && row != NULL;
         row = row->next_row)
        st = remove_row(&w, row, err);
    /* The oldest first: rows and most of their indexes then grow at their end. */
    for (size_t i = changes->n_fresh; st == SGN_OK && i > 0; i--)
        st = put_row(&w, overlay, team, changes->fresh[i - 1], err);
    if (st == SGN_OK && store_sqlite_exec(&overlay->conn, "COMMIT") != SQLITE_OK)
        st = store_sqlite_fail(&overlay->conn, "changing memory", err);
    return st;
}

/* Is anything of the team not merged? */
static bool
has_unmerged(struct store_unmerged *map, const char *team)
{
    const struct store_unmerged_team *of;
    bool has;

    pthread_mutex_lock(&map->lock);
    of = store_unmerged_team(map, team);
    has = of != NULL && of->n > 0;
    pthread_mutex_unlock(&map->lock);
    return has;
}

/* Has most of what stands in memory been merged? A memory made anew is cheaper then than taking
 * each row out. */
static bool
is_mostly_merged(const struct store_sqlite_overlay *overlay, const struct overlay_team *team,
                 struct store_unmerged *map)
{
    const struct store_unmerged_team *of;
    uint64_t gone;

    pthread_mutex_lock(&map->lock);
    of = store_unmerged_team(map, team->name);
    gone = of != NULL ? of->merged - team->merged : 0;
    pthread_mutex_unlock(&map->lock);
    return gone > FEW && gone > overlay->n / 2;
}

enum sgn_status
store_sqlite_overlay_bring(struct store_sqlite_reader *reader, const char *name,
                           struct overlay_team **out, struct sgn_error *err)
{
    struct store_sqlite *store = reader->store;
    struct overlay_team *team = team_find(reader->overlay, name);
    struct changes changes = { 0 };
    enum sgn_status st = SGN_OK;

    *out = NULL;
    /* Rows of teams that nobody asks for any more go with all others. */
    if (reader->overlay != NULL &&
        (reader->overlay->n > store->merge.rows_max ||
         (team != NULL && is_mostly_merged(reader->overlay, team, &store->unmerged)))) {
        store_sqlite_overlay_free(reader->overlay);
        reader->overlay = NULL;
        team = NULL;
    }
    if (team == NULL && !has_unmerged(&store->unmerged, name))
        return SGN_OK;
    if (reader->overlay == NULL)
        st = overlay_new(store, reader->conn->read_ms, &reader->overlay, err);
    if (st == SGN_OK && team == NULL)
        team = team_new(reader->overlay, name);
    if (st == SGN_OK)
        st = team == NULL ? sgn_nomem(err) : SGN_OK;
    if (st == SGN_OK) {
        find_changes(reader->overlay, &store->unmerged, team, &changes);
        st = apply_changes(reader->overlay, team, &changes, err);
    }
    for (size_t i = 0; i < changes.n_fresh; i++)
        store_image_drop(changes.fresh[i]);
    free(changes.fresh);
    rows_free(changes.gone);
    if (st != SGN_OK) {
        store_sqlite_overlay_free(reader->overlay);
        reader->overlay = NULL;
        return st;
    }
    *out = team->n > 0 ? team : NULL;
    return SGN_OK;
}
