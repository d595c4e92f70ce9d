/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Data rows through both levels of staging: a run's own, the batch's, the store's.
 */
#include "json.h"
#include "lane_internal.h"
#include <stdlib.h>
#include <string.h>

#define LIST_MAX 10000

/* "person/delivery/li": table, team ("" for site-wide ones), key columns. malloc'ed. */
static char *
row_key(enum store_table table, const char *team, const json_t *row)
{
    const struct store_table_row *t = store_table(table);
    struct sgn_buf buf;

    sgn_buf_init(&buf, 4096);
    (void)sgn_buf_printf(&buf, "%s/%s", t->name, t->site ? "" : team);
    for (int i = 0; i < t->n_key; i++) {
        const json_t *value = json_object_get(row, t->columns[i].name);

        if (json_is_string(value))
            (void)sgn_buf_printf(&buf, "/%s", json_string_value(value));
        else
            (void)sgn_buf_printf(&buf, "/%lld", (long long)json_integer_value(value));
    }
    return sgn_buf_take(&buf);
}

/* Where staged rows of a table are seen: site-wide ones by every team. */
static json_t *
overlay_of(struct lane *lane, enum store_table table, const char *team)
{
    return store_table(table)->site ? lane->batch.overlay : lane_batch_of(lane, team)->overlay;
}

void
lane_rows_unsee(struct lane *lane, const struct lane_batch *batch)
{
    for (const struct lane_put *put = batch->puts; put != NULL; put = put->next) {
        char *name = store_table(put->table)->site ? row_key(put->table, "", put->row) : NULL;

        if (name != NULL)
            json_object_del(lane->batch.overlay, name);
        free(name);
    }
}

enum sgn_status
lane_row_get(struct lane_run *run, enum store_table table, const json_t *key, json_t **out,
             struct sgn_error *err)
{
    char *name = row_key(table, run->team, key);
    const json_t *staged;

    *out = NULL;
    if (name == NULL)
        return sgn_nomem(err);
    staged = json_object_get(run->overlay, name);
    if (staged == NULL)
        staged = json_object_get(overlay_of(run->lane, table, run->team), name);
    free(name);
    if (staged == NULL)
        return store_row_get(run->lane->reader, table, store_table(table)->site ? "" : run->team,
                             key, out, err);
    if (json_is_null(staged))
        return sgn_fail(err, SGN_NOT_FOUND, "no such %s", store_table(table)->name);
    *out = json_deep_copy(staged);
    return *out != NULL ? SGN_OK : sgn_nomem(err);
}

static bool
row_matches(const json_t *row, const json_t *match)
{
    const char *name;
    const json_t *value;

    json_object_foreach((json_t *)match, name, value)
        if (!json_equal(value, json_object_get(row, name)))
            return false;
    return true;
}

/* Lays staged rows over those of the store, which are in by_key. */
static void
overlay_rows(json_t *by_key, const json_t *overlay, const char *prefix, const json_t *match)
{
    const char *name;
    const json_t *row;

    json_object_foreach((json_t *)overlay, name, row) {
        if (strncmp(name, prefix, strlen(prefix)) != 0)
            continue;
        if (json_is_null(row) || !row_matches(row, match))
            json_object_del(by_key, name);
        else
            json_object_set(by_key, name, (json_t *)row);
    }
}

enum sgn_status
lane_row_some(struct lane_run *run, const struct lane_rows *which, json_t **out, bool *more,
              struct sgn_error *err)
{
    enum store_table table = which->table;
    const json_t *match = which->match;
    const char *team = store_table(table)->site ? "" : run->team;
    json_t *stored = NULL, *by_key = json_object(), *row;
    char prefix[LANE_KEY_TEXT + 2];
    size_t i;
    enum sgn_status st;
    const char *name;

    *out = NULL;
    st = store_row_list(run->lane->reader, table, team, match, NULL, which->most + 1, &stored, err);
    if (st != SGN_OK)
        goto out;
    *more = json_array_size(stored) > (size_t)which->most;
    if (*more)
        (void)json_array_remove(stored, (size_t)which->most);
    json_array_foreach(stored, i, row) {
        char *key = row_key(table, team, row);

        if (key != NULL)
            json_object_set(by_key, key, row);
        free(key);
    }
    snprintf(prefix, sizeof prefix, "%s/%s/", store_table(table)->name, team);
    overlay_rows(by_key, overlay_of(run->lane, table, run->team), prefix, match);
    overlay_rows(by_key, run->overlay, prefix, match);
    *out = json_array();
    json_object_foreach(by_key, name, row)
        json_array_append_new(*out, json_deep_copy(row));
out:
    json_decref(stored);
    json_decref(by_key);
    return st;
}

enum sgn_status
lane_row_list(struct lane_run *run, enum store_table table, const json_t *match, json_t **out,
              struct sgn_error *err)
{
    const struct lane_rows all = { table, match, LIST_MAX };
    bool more = false;
    enum sgn_status st = lane_row_some(run, &all, out, &more, err);

    if (st != SGN_OK || !more)
        return st;
    json_decref(*out);
    *out = NULL;
    return sgn_fail(err, SGN_TOO_LARGE, "more than %d rows of %s", LIST_MAX,
                    store_table(table)->name);
}

/* Do facts (facts.c) or rights rest on rows of this table? */
static bool
facts_rest_on(enum store_table table)
{
    return table <= STORE_TOKEN;
}

static enum sgn_status
row_stage(struct lane_run *run, enum store_table table, const json_t *row, bool drop,
          struct sgn_error *err)
{
    struct lane_put *put = calloc(1, sizeof *put);
    char *name = row_key(table, run->team, row);

    if (run->overlay == NULL)
        run->overlay = json_object();
    if (put == NULL || name == NULL || run->overlay == NULL) {
        free(put);
        free(name);
        return sgn_nomem(err);
    }
    put->table = table;
    sgn_text_copy(put->team, sizeof put->team, store_table(table)->site ? "" : run->team);
    put->row = json_deep_copy(row);
    put->remove = drop;
    run->touches_facts |= facts_rest_on(table);
    run->touches_site |= store_table(table)->site;
    *run->puts_end = put;
    run->puts_end = &put->next;
    json_object_set_new(run->overlay, name, drop ? json_null() : json_incref(put->row));
    free(name);
    return put->row != NULL ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
lane_row_put(struct lane_run *run, enum store_table table, const json_t *row, struct sgn_error *err)
{
    return row_stage(run, table, row, false, err);
}

enum sgn_status
lane_row_remove(struct lane_run *run, enum store_table table, const json_t *key,
                struct sgn_error *err)
{
    return row_stage(run, table, key, true, err);
}

enum sgn_status
lane_batch_put(struct lane *lane, const char *team, enum store_table table, json_t *row_take,
               struct sgn_error *err)
{
    struct lane_batch *batch = lane_batch_of(lane, team);
    struct lane_put *put = calloc(1, sizeof *put);
    char *name = row_take != NULL ? row_key(table, team, row_take) : NULL;

    if (put == NULL || name == NULL) {
        free(put);
        free(name);
        json_decref(row_take);
        return sgn_nomem(err);
    }
    put->table = table;
    sgn_text_copy(put->team, sizeof put->team, store_table(table)->site ? "" : team);
    put->row = row_take;
    *batch->puts_end = put;
    batch->puts_end = &put->next;
    json_object_set(overlay_of(lane, table, team), name, row_take);
    free(name);
    return SGN_OK;
}
