/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The contract's thin side: picks the backend by the URL and checks what callers owe, once
 * for all backends. What a backend may assume stands here.
 *
 * Never decides for a backend: nothing here opens a file or knows SQL.
 */
#include "store_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define QUERY_MAX 500 /* rows of a page */

/* The only place that names a backend. A new one is a row here, its files in CMake, and a green
 * run of the contract's suite. */
static const struct {
    const char *scheme;
    const struct store_ops *ops;
} backends[] = {
    { "sqlite", &store_sqlite_ops },
    { "postgres", &store_postgres_ops },
    { "postgresql", &store_postgres_ops },
};

/* ---- opening ---- */

enum sgn_status
store_unfinished(struct store_reader *reader, bool *out, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "name", STORE_UNFINISHED), *row = NULL;
    struct sgn_error why = { 0 };
    enum sgn_status st =
        key != NULL ? store_row_get(reader, STORE_SETTING, "", key, &row, &why) : sgn_nomem(&why);

    *out = st == SGN_OK;
    if (st == SGN_NOT_FOUND)
        st = SGN_OK;
    if (st != SGN_OK)
        sgn_error_move(err, &why);
    sgn_error_clear(&why);
    json_decref(row);
    json_decref(key);
    return st;
}

/* Half a site must not be served: nobody could tell it from a whole one. */
static enum sgn_status
check_whole(struct store *store, struct sgn_error *err)
{
    bool unfinished = false;
    enum sgn_status st = store_unfinished(store_own_reader(store), &unfinished, err);

    if (st == SGN_OK && unfinished)
        st = sgn_fail(err, SGN_INVALID,
                      "the store is a copy that was not finished and holds only a part of a site: "
                      "begin signoff store copy again, which goes on, or go on with the source");
    return st;
}

static enum sgn_status
open_with(const struct store_ops *ops, const struct store_options *options, const char *place,
          struct store **out, struct sgn_error *err)
{
    enum sgn_status st = ops->open(options, place, out, err);

    if (st != SGN_OK || options->unfinished)
        return st;
    st = check_whole(*out, err);
    if (st != SGN_OK) {
        store_close(*out);
        *out = NULL;
    }
    return st;
}

/* Nothing behind the colon is looked at here: what a place is, its backend knows. */
enum sgn_status
store_open(const struct store_options *options, struct store **out, struct sgn_error *err)
{
    const char *colon;

    assert(options != NULL && options->url != NULL && out != NULL);
    *out = NULL;
    colon = strchr(options->url, ':');
    for (size_t i = 0; colon != NULL && i < sizeof backends / sizeof backends[0]; i++) {
        size_t n = strlen(backends[i].scheme);

        if (n == (size_t)(colon - options->url) &&
            strncmp(options->url, backends[i].scheme, n) == 0 && colon[1] != '\0')
            return open_with(backends[i].ops, options, colon + 1, out, err);
    }
    /* What stands behind the colon may hold a password. */
    return sgn_fail(err, SGN_INVALID,
                    "store \"%.*s\": expected sqlite:FOLDER or postgres://USER@HOST/DATABASE",
                    (int)strcspn(options->url, ":"), options->url);
}

void
store_close(struct store *store)
{
    if (store != NULL)
        store->ops->close(store);
}

enum sgn_status
store_keep_alone(struct store *store, struct sgn_error *err)
{
    assert(store != NULL);
    return store->ops->keep_alone == NULL ? SGN_OK : store->ops->keep_alone(store, err);
}

struct store_reader *
store_own_reader(struct store *store)
{
    assert(store != NULL);
    return store->ops->own_reader(store);
}

void
store_reads_begin(struct store *store)
{
    assert(store != NULL);
    if (store->ops->reads != NULL)
        store->ops->reads(store, true);
}

void
store_reads_end(struct store *store)
{
    assert(store != NULL);
    if (store->ops->reads != NULL)
        store->ops->reads(store, false);
}

enum sgn_status
store_reader_open(struct store *store, struct store_reader **out, struct sgn_error *err)
{
    assert(store != NULL && out != NULL);
    *out = NULL;
    return store->ops->reader_open(store, out, err);
}

void
store_reader_close(struct store_reader *reader)
{
    if (reader != NULL)
        reader->ops->reader_close(reader);
}

/* ---- writing ---- */

int
store_teams_per_commit(const struct store *store)
{
    assert(store != NULL);
    return store->ops->teams_per_commit;
}

enum sgn_status
store_begin(struct store *store, const char *team, struct store_head *head, struct sgn_error *err)
{
    assert(store != NULL && team != NULL && head != NULL);
    return store->ops->begin(store, team, head, err);
}

/* The checks of a whole unit stand in front of the transaction, so that none is begun in vain. */
void
store_commit_send(struct store *store, const struct store_unit *unit)
{
    assert(store != NULL && unit != NULL);
    store_unit_check(unit);
    if (store->ops->commit_send != NULL)
        store->ops->commit_send(store, unit);
}

enum sgn_status
store_commit_wait(struct store *store, const struct store_unit *unit, struct sgn_error *err)
{
    assert(store != NULL && unit != NULL);
    return store->ops->commit_wait(store, unit, err);
}

enum sgn_status
store_commit(struct store *store, const struct store_unit *unit, struct sgn_error *err)
{
    store_commit_send(store, unit);
    return store_commit_wait(store, unit, err);
}

const char *
store_answered(struct store *store, bool wait)
{
    assert(store != NULL);
    return store->ops->answered != NULL ? store->ops->answered(store, wait) : NULL;
}

bool
store_idle(struct store *store)
{
    assert(store != NULL);
    return store->ops->idle(store);
}

enum sgn_status
store_check(struct store *store, struct sgn_error *err)
{
    assert(store != NULL);
    return store->ops->check(store, err);
}

/* ---- several nodes ---- */

enum sgn_status
store_waker_open(struct store *store, struct store_waker **out, struct sgn_error *err)
{
    assert(store != NULL && out != NULL);
    *out = NULL;
    return store->ops->waker_open == NULL ? SGN_OK : store->ops->waker_open(store, out, err);
}

void
store_waker_close(struct store_waker *waker)
{
    if (waker != NULL)
        waker->ops->waker_close(waker);
}

int
store_waker_fd(struct store_waker *waker)
{
    return waker == NULL ? -1 : waker->ops->waker_fd(waker);
}

enum sgn_status
store_waker_take(struct store_waker *waker, json_t **out, struct sgn_error *err)
{
    assert(out != NULL);
    *out = NULL;
    if (waker != NULL)
        return waker->ops->waker_take(waker, out, err);
    *out = json_array();
    return *out == NULL ? sgn_nomem(err) : SGN_OK;
}

enum sgn_status
store_wake(struct store_waker *waker, const json_t *teams, struct sgn_error *err)
{
    assert(json_is_array(teams));
    if (waker == NULL || json_array_size(teams) == 0)
        return SGN_OK;
    return waker->ops->wake(waker, teams, err);
}

enum sgn_status
store_node_sign(struct store_waker *waker, const struct store_node *node, int64_t *now,
                struct sgn_error *err)
{
    assert(node != NULL && node->id != NULL && now != NULL);
    *now = 0;
    return waker == NULL ? SGN_OK : waker->ops->node_sign(waker, node, now, err);
}

void
store_node_leave(struct store_waker *waker, const char *id)
{
    assert(id != NULL);
    if (waker != NULL)
        waker->ops->node_leave(waker, id);
}

enum sgn_status
store_nodes(struct store_reader *reader, json_t **out, struct sgn_error *err)
{
    assert(reader != NULL && out != NULL);
    *out = NULL;
    if (reader->ops->nodes != NULL)
        return reader->ops->nodes(reader, out, err);
    *out = json_array();
    return *out == NULL ? sgn_nomem(err) : SGN_OK;
}

enum sgn_status
store_lease_take(struct store_waker *waker, const struct store_fence *fence, bool all, json_t **out,
                 struct sgn_error *err)
{
    assert(fence != NULL && out != NULL);
    *out = NULL;
    if (waker != NULL)
        return waker->ops->lease_take(waker, fence, all, out, err);
    *out = json_object();
    return *out == NULL ? sgn_nomem(err) : SGN_OK;
}

enum sgn_status
store_heads(struct store_waker *waker, const json_t *teams, json_t **out, struct sgn_error *err)
{
    assert(out != NULL);
    *out = NULL;
    if (waker != NULL)
        return waker->ops->heads(waker, teams, out, err);
    *out = json_object();
    return *out == NULL ? sgn_nomem(err) : SGN_OK;
}

enum sgn_status
store_clock(struct store_reader *reader, int64_t *out, struct sgn_error *err)
{
    assert(reader != NULL && out != NULL);
    return reader->ops->clock(reader, out, err);
}

enum sgn_status
store_changes(struct store_reader *reader, const char *team, int64_t since, int limit, json_t **out,
              struct sgn_error *err)
{
    assert(reader != NULL && team != NULL && limit > 0 && out != NULL);
    *out = NULL;
    return reader->ops->changes(reader, team, since, limit, out, err);
}

/* ---- heads and entries ---- */

enum sgn_status
store_teams(struct store_reader *reader, json_t **out, struct sgn_error *err)
{
    assert(reader != NULL && out != NULL);
    *out = NULL;
    return reader->ops->teams(reader, out, err);
}

enum sgn_status
store_head_get(struct store_reader *reader, const char *team, struct store_head *out,
               struct sgn_error *err)
{
    assert(reader != NULL && team != NULL && out != NULL);
    return reader->ops->head_get(reader, team, out, err);
}

enum sgn_status
store_entries(struct store_reader *reader, const char *team, int64_t first, int limit,
              store_entry_fn fn, void *ctx, struct sgn_error *err)
{
    assert(reader != NULL && team != NULL && fn != NULL && limit > 0);
    return reader->ops->entries(reader, team, first, limit, fn, ctx, err);
}

enum sgn_status
store_case_entries(struct store_reader *reader, const char *team, const char *case_key,
                   int64_t before, int limit, store_entry_fn fn, void *ctx, struct sgn_error *err)
{
    assert(reader != NULL && team != NULL && case_key != NULL && fn != NULL && limit > 0);
    return reader->ops->case_entries(reader, team, case_key, before, limit, fn, ctx, err);
}

enum sgn_status
store_effect_entries(struct store_reader *reader, const char *team, int64_t first, int limit,
                     store_entry_fn fn, void *ctx, struct sgn_error *err)
{
    assert(reader != NULL && team != NULL && fn != NULL && limit > 0);
    return reader->ops->effect_entries(reader, team, first, limit, fn, ctx, err);
}

enum sgn_status
store_request_get(struct store_reader *reader, const char *team, const char *person,
                  const char *request, int64_t since, struct store_entry_row *out,
                  struct sgn_error *err)
{
    assert(reader != NULL && team != NULL && person != NULL && request != NULL && out != NULL);
    /* Emptied first, in each of these: a caller may deinit whatever the status is. */
    *out = (struct store_entry_row){ 0 };
    return reader->ops->request_get(reader, team, person, request, since, out, err);
}

enum sgn_status
store_requests_find(struct store_reader *reader, const char *team, struct store_request *requests,
                    int n, struct sgn_error *err)
{
    assert(reader != NULL && team != NULL && (requests != NULL || n == 0));
    return reader->ops->requests_find(reader, team, requests, n, err);
}

/* ---- cases ---- */

enum sgn_status
store_case_get(struct store_reader *reader, const char *team, const char *key,
               struct store_case_row *out, struct sgn_error *err)
{
    assert(reader != NULL && team != NULL && key != NULL && out != NULL);
    *out = (struct store_case_row){ 0 };
    return reader->ops->case_get(reader, team, key, out, err);
}

enum sgn_status
store_case_query(struct store_reader *reader, const struct store_case_filter *filter,
                 struct store_page *out, struct sgn_error *err)
{
    assert(reader != NULL && filter != NULL && out != NULL && filter->team != NULL);
    assert(filter->limit > 0 && filter->limit <= QUERY_MAX);
    *out = (struct store_page){ 0 };
    return reader->ops->case_query(reader, filter, out, err);
}

enum sgn_status
store_case_count(struct store_reader *reader, const struct store_case_filter *filter,
                 const struct store_count *count, json_t **out, struct sgn_error *err)
{
    assert(reader != NULL && filter != NULL && filter->team != NULL && out != NULL);
    assert(count != NULL && count->n_by >= 0 && count->n_by <= STORE_COUNT_BY);
    *out = NULL;
    return reader->ops->case_count(reader, filter, count, out, err);
}

enum sgn_status
store_open_count(struct store_reader *reader, const char *team, const char *project,
                 const char *workflow, int64_t *out, struct sgn_error *err)
{
    assert(reader != NULL && team != NULL && workflow != NULL && out != NULL);
    return reader->ops->open_count(reader, team, project, workflow, out, err);
}

/* Page by page; stuck cases are few. */
static enum sgn_status
count_stuck(struct store_reader *reader, const char *team, int64_t *out, struct sgn_error *err)
{
    struct store_case_filter filter = {
        .team = team, .stuck = true, .open = true, .sort = "key", .limit = QUERY_MAX
    };
    char *cursor = NULL;
    enum sgn_status st;

    do {
        struct store_page page = { 0 };

        filter.cursor = cursor;
        st = store_case_query(reader, &filter, &page, err);
        *out += (int64_t)json_array_size(page.items);
        free(cursor);
        cursor = page.cursor;
        page.cursor = NULL;
        store_page_deinit(&page);
    } while (st == SGN_OK && cursor != NULL);
    free(cursor);
    return st;
}

enum sgn_status
store_stuck_count(struct store_reader *reader, const char *team, int64_t *out,
                  struct sgn_error *err)
{
    assert(reader != NULL && team != NULL && out != NULL);
    *out = 0;
    return reader->ops->stuck_count != NULL ? reader->ops->stuck_count(reader, team, out, err)
                                            : count_stuck(reader, team, out, err);
}

enum sgn_status
store_due_next(struct store_reader *reader, int64_t now, int limit, json_t **out,
               struct sgn_error *err)
{
    assert(reader != NULL && limit > 0 && out != NULL);
    *out = NULL;
    return reader->ops->due_next(reader, now, limit, out, err);
}

enum sgn_status
store_due_first(struct store_reader *reader, int64_t *out, struct sgn_error *err)
{
    assert(reader != NULL && out != NULL);
    return reader->ops->due_first(reader, out, err);
}

enum sgn_status
store_inbox(struct store_reader *reader, const char *team, const char *person, const char *cursor,
            int limit, struct store_page *out, struct sgn_error *err)
{
    const struct store_inbox_filter filter = { .team = team, .person = person };

    return store_inbox_for(reader, &filter, cursor, limit, out, err);
}

enum sgn_status
store_inbox_for(struct store_reader *reader, const struct store_inbox_filter *filter,
                const char *cursor, int limit, struct store_page *out, struct sgn_error *err)
{
    assert(reader != NULL && filter->team != NULL && filter->person != NULL && out != NULL);
    assert(limit > 0 && limit <= STORE_INBOX_MAX);
    *out = (struct store_page){ 0 };
    return reader->ops->inbox(reader, filter, cursor, limit, out, err);
}

/* ---- data rows ---- */

enum sgn_status
store_row_get(struct store_reader *reader, enum store_table table, const char *team,
              const json_t *key, json_t **out, struct sgn_error *err)
{
    assert(reader != NULL && team != NULL && out != NULL);
    assert(key == NULL || json_is_object(key));
    *out = NULL;
    if (key == NULL) /* it could not be made */
        return sgn_nomem(err);
    return reader->ops->row_get(reader, table, team, key, out, err);
}

enum sgn_status
store_row_list(struct store_reader *reader, enum store_table table, const char *team,
               const json_t *match, const json_t *after, int limit, json_t **out,
               struct sgn_error *err)
{
    assert(reader != NULL && team != NULL && limit > 0 && out != NULL);
    assert(match == NULL || json_is_object(match));
    assert(after == NULL || json_is_object(after));
    *out = NULL;
    return reader->ops->row_list(reader, table, team, match, after, limit, out, err);
}

enum sgn_status
store_row_list_back(struct store_reader *reader, enum store_table table, const char *team,
                    const json_t *match, const json_t *before, int limit, json_t **out,
                    struct sgn_error *err)
{
    assert(reader != NULL && team != NULL && limit > 0 && out != NULL && table != STORE_WAITING);
    *out = NULL;
    return reader->ops->row_list(reader, table, team, match, before, -limit, out, err);
}

json_t *
store_describe(struct store *store)
{
    assert(store != NULL);
    return store->ops->describe(store);
}

json_t *
store_stats(struct store_reader *reader)
{
    assert(reader != NULL);
    return reader->ops->stats(reader);
}
