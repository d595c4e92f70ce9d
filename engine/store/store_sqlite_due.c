/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is due, and how many cases are open or stuck: never found by a walk over cases.
 * Both are of all cases, those in their table and those that are not yet.
 */
#include "store_sqlite.h"

#include "json.h"
#include <stdlib.h>
#include <string.h>

/* ---- open cases ---- */

/* "IS" and not "=": a case may belong to no project, and null equals nothing. */
static enum sgn_status
count_merged(struct store_sqlite_conn *conn, const char *team, const char *project,
             const char *workflow, int64_t *out, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    bool row = false;
    enum sgn_status st = store_sqlite_prepare(conn,
                                              "SELECT count(*) FROM case_ WHERE team = ? AND "
                                              "project IS ? AND workflow = ? AND outcome IS NULL",
                                              &bind.stmt, err);

    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, team);
    store_sqlite_bind_text(&bind, project);
    store_sqlite_bind_text(&bind, workflow);
    store_sqlite_read_begin(conn);
    st = store_sqlite_step(conn, &bind, &row, err);
    if (st == SGN_OK)
        *out = sqlite3_column_int64(bind.stmt, 0);
    store_sqlite_read_end(conn);
    store_sqlite_done(conn, bind.stmt);
    return st;
}

/* Of rows that were read again from the log at the start it is looked up when it is asked for
 * first: at the start there are so many of them that looking for each would take longer than all
 * else. */
static enum sgn_status
know_bases(struct store_sqlite_conn *conn, struct store_unmerged *map, const char *team,
           struct sgn_error *err)
{
    struct store_unmerged_team *of = store_unmerged_team(map, team);
    enum sgn_status st = SGN_OK;

    if (of == NULL || of->n_unknown == 0)
        return SGN_OK;
    for (struct store_unmerged_row *row = of->newest; st == SGN_OK && row != NULL;
         row = row->older) {
        char *base = NULL;
        int64_t id = 0;

        if (!row->base_unknown)
            continue;
        st = store_sqlite_base(conn, team, row->key, &id, &base, err);
        if (st == SGN_OK)
            store_unmerged_base_known(row, base);
    }
    return st;
}

/* What the table says, and what is different by now. Where rows of the team were merged between the
 * two, both are asked again; in the end with the lock held, so that none is. */
enum sgn_status
store_sqlite_open_count(struct store_reader *base, const char *team, const char *project,
                        const char *workflow, int64_t *out, struct sgn_error *err)
{
    struct store_unmerged *map = &store_sqlite_of(base)->unmerged;
    enum sgn_status st = SGN_OK;
    bool same = false;

    for (int tries = 0; st == SGN_OK && !same; tries++) {
        const struct store_unmerged_team *of;
        uint64_t merged;
        bool held = tries == 3;

        pthread_mutex_lock(&map->lock);
        of = store_unmerged_team(map, team);
        merged = of == NULL ? 0 : of->merged;
        if (!held)
            pthread_mutex_unlock(&map->lock);
        st = count_merged(store_sqlite_conn_of(base), team, project, workflow, out, err);
        if (!held)
            pthread_mutex_lock(&map->lock);
        of = store_unmerged_team(map, team);
        same = merged == (of == NULL ? 0 : of->merged);
        if (st == SGN_OK && same)
            st = know_bases(store_sqlite_conn_of(base), map, team, err);
        if (st == SGN_OK && same)
            *out += store_unmerged_open(map, team, project, workflow);
        pthread_mutex_unlock(&map->lock);
    }
    return st;
}

/* ---- stuck cases ---- */

/* Those in the table, few and by an index of their own, that are not different by now, and those
 * that are. */
enum sgn_status
store_sqlite_stuck_count(struct store_reader *base, const char *team, int64_t *out,
                         struct sgn_error *err)
{
    struct store_unmerged *map = &store_sqlite_of(base)->unmerged;
    struct store_sqlite_conn *conn = store_sqlite_conn_of(base);
    const struct store_unmerged_team *of;
    struct store_sqlite_bind bind = { 0 };
    bool row = true;
    enum sgn_status st = store_sqlite_prepare(conn,
                                              "SELECT key FROM case_ INDEXED BY case_stuck WHERE "
                                              "team = ? AND stuck = 1 AND outcome IS NULL",
                                              &bind.stmt, err);

    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, team);
    pthread_mutex_lock(&map->lock); /* nothing is merged between the two */
    while (st == SGN_OK && row) {
        st = store_sqlite_step(conn, &bind, &row, err);
        if (st == SGN_OK && row &&
            store_unmerged_find(map, team, (const char *)sqlite3_column_text(bind.stmt, 0)) == NULL)
            ++*out;
    }
    of = store_unmerged_team(map, team);
    for (const struct store_unmerged_row *at = of == NULL ? NULL : of->newest; at != NULL;
         at = at->older) {
        struct store_image_row says;

        if (store_image_read(at->image, &says, NULL) == SGN_OK && says.row.stuck &&
            says.row.outcome == NULL)
            ++*out;
    }
    pthread_mutex_unlock(&map->lock);
    store_sqlite_done(conn, bind.stmt);
    return st;
}

/* ---- due times ---- */

static enum sgn_status
load_merged(struct store_sqlite_conn *conn, struct store_heap *due, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    bool row = true;
    /* INDEXED BY is an assertion: what is needed stands in that index alone. */
    enum sgn_status st = store_sqlite_prepare(conn,
                                              "SELECT id, next_at FROM case_ INDEXED BY case_armed "
                                              "WHERE next_at > 0 AND outcome IS NULL",
                                              &bind.stmt, err);

    while (st == SGN_OK) {
        st = store_sqlite_step(conn, &bind, &row, err);
        if (st != SGN_OK || !row)
            break;
        st = store_heap_add(due, sqlite3_column_int64(bind.stmt, 0),
                            sqlite3_column_int64(bind.stmt, 1), err);
    }
    store_sqlite_done(conn, bind.stmt);
    return st == SGN_OK ? store_heap_order(due, err) : st;
}

/* Those of rows that are not merged take the place of what their tables say. */
static enum sgn_status
put_unmerged(const struct store_unmerged *map, struct store_heap *due, struct sgn_error *err)
{
    enum sgn_status st = store_heap_reserve(due, map->n + 1, err);

    for (const struct store_unmerged_team *team = map->teams; team != NULL; team = team->next)
        for (const struct store_unmerged_row *row = team->newest; st == SGN_OK && row != NULL;
             row = row->older)
            store_heap_put(due, row->id, row->due);
    return st;
}

/* Made when it is asked for first, so that who only looks does not wait for it. The lock is held,
 * but not while the table is read, which takes long: others look for single cases meanwhile. Should
 * rows have been merged then, the table is read once more. */
static enum sgn_status
load(struct store_reader *base, struct sgn_error *err)
{
    struct store_unmerged *map = &store_sqlite_of(base)->unmerged;
    enum sgn_status st = SGN_OK;

    for (int tries = 0; st == SGN_OK && !map->due_known; tries++) {
        struct store_heap due = { 0 };
        uint64_t removed = map->removed;
        bool held = tries > 0;

        if (!held)
            pthread_mutex_unlock(&map->lock);
        st = load_merged(store_sqlite_conn_of(base), &due, err);
        if (!held)
            pthread_mutex_lock(&map->lock);
        if (st == SGN_OK && removed == map->removed && !map->due_known) {
            st = put_unmerged(map, &due, err);
            if (st == SGN_OK) {
                map->due = due;
                map->due_known = true;
                return SGN_OK;
            }
        }
        store_heap_deinit(&due);
    }
    return st;
}

/* A case that is due; without its names, as long as only its number is known. */
struct due_case {
    int64_t at, id;
    json_t *team, *key;
};

/* Those that fire at the same time stand in the order of their keys. */
static int
due_order(const void *a, const void *b)
{
    const struct due_case *x = a, *y = b;
    int order;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    order = strcmp(json_string_value(x->team), json_string_value(y->team));
    return order != 0 ? order : strcmp(json_string_value(x->key), json_string_value(y->key));
}

static enum sgn_status
names_merged(struct store_sqlite_conn *conn, struct due_case *of, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    bool row = false;
    enum sgn_status st =
        store_sqlite_prepare(conn, "SELECT team, key FROM case_ WHERE id = ?", &bind.stmt, err);

    if (st != SGN_OK)
        return st;
    store_sqlite_bind_int(&bind, of->id);
    st = store_sqlite_step(conn, &bind, &row, err);
    if (st == SGN_OK && row) {
        of->team = store_sqlite_column(bind.stmt, 0);
        of->key = store_sqlite_column(bind.stmt, 1);
    }
    store_sqlite_done(conn, bind.stmt);
    if (st == SGN_OK && !row)
        return sgn_fail(err, SGN_INTERNAL, "%s: no case of number %lld", conn->path,
                        (long long)of->id);
    if (st == SGN_OK && (!json_is_string(of->team) || !json_is_string(of->key)))
        return sgn_nomem(err);
    return st;
}

/* Who is due, first of all by their numbers. */
static enum sgn_status
find_due(struct store_reader *base, int64_t now, struct due_case *cases, size_t *n,
         struct sgn_error *err)
{
    struct store_unmerged *map = &store_sqlite_of(base)->unmerged;
    struct store_heap_item *items = malloc(*n * sizeof *items);
    enum sgn_status st = SGN_OK;

    if (items == NULL)
        return sgn_nomem(err);
    pthread_mutex_lock(&map->lock);
    st = load(base, err);
    *n = st == SGN_OK ? store_heap_first(&map->due, now, items, *n) : 0;
    for (size_t i = 0; i < *n; i++) {
        const struct store_unmerged_row *row = store_unmerged_find_id(map, items[i].id);

        cases[i] = (struct due_case){ .at = items[i].at, .id = items[i].id };
        if (row == NULL)
            continue;
        cases[i].team = json_string(row->team->name);
        cases[i].key = json_string(row->key);
        if (cases[i].team == NULL || cases[i].key == NULL)
            st = sgn_nomem(err);
    }
    pthread_mutex_unlock(&map->lock);
    free(items);
    return st;
}

enum sgn_status
store_sqlite_due_next(struct store_reader *base, int64_t now, int limit, json_t **out,
                      struct sgn_error *err)
{
    struct due_case *cases = calloc((size_t)limit, sizeof *cases);
    json_t *due = json_array();
    size_t n = (size_t)limit;
    enum sgn_status st = cases == NULL || due == NULL ? sgn_nomem(err) : SGN_OK;

    if (st == SGN_OK)
        st = find_due(base, now, cases, &n, err);
    for (size_t i = 0; cases != NULL && st == SGN_OK && i < n; i++)
        if (cases[i].team == NULL)
            st = names_merged(store_sqlite_conn_of(base), &cases[i], err);
    if (st == SGN_OK)
        qsort(cases, n, sizeof *cases, due_order);
    for (size_t i = 0; st == SGN_OK && i < n; i++)
        if (json_array_append_new(due, json_pack("{s:O, s:O, s:I}", "team", cases[i].team, "case",
                                                 cases[i].key, "due", (json_int_t)cases[i].at)) !=
            0)
            st = sgn_nomem(err);
    for (size_t i = 0; cases != NULL && i < (size_t)limit; i++) {
        json_decref(cases[i].team);
        json_decref(cases[i].key);
    }
    free(cases);
    if (st != SGN_OK) {
        json_decref(due);
        return st;
    }
    *out = due;
    return SGN_OK;
}

enum sgn_status
store_sqlite_due_first(struct store_reader *base, int64_t *out, struct sgn_error *err)
{
    struct store_unmerged *map = &store_sqlite_of(base)->unmerged;
    struct store_heap_item first;
    enum sgn_status st;

    pthread_mutex_lock(&map->lock);
    st = load(base, err);
    if (st == SGN_OK)
        *out = store_heap_first(&map->due, INT64_MAX, &first, 1) > 0 ? first.at : 0;
    pthread_mutex_unlock(&map->lock);
    return st;
}
