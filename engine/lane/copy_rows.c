/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Data rows of one table, source and target side by side in the order of their keys: what the
 * target lacks or has otherwise is put, what the source has not is removed. Reading back, any
 * difference is damage.
 */
#include "copy_internal.h"
#include "json.h"
#include <string.h>

#define PAGE 64 /* rows of a list, and of a commit: some hold a whole team's rules */

/* One of the two. */
struct side {
    struct store_reader *reader;
    json_t *page;
    size_t at;
    bool ended;
};

struct pair {
    struct copying *copying;
    enum store_table table;
    const char *team;
    struct side from, to;
    struct store_row puts[PAGE]; /* whose rows are ours until they are written */
    int n_puts;
    int64_t done;
};

/* A copy's own mark is no row of the site's. */
static bool
is_mark(enum store_table table, const json_t *row)
{
    return table == STORE_SETTING && strcmp(sgn_json_str(row, "name"), STORE_UNFINISHED) == 0;
}

/* The row that comes next, borrowed until the one after it is asked for; NULL: there is none. */
static enum sgn_status
side_row(struct side *side, enum store_table table, const char *team, const json_t **out,
         struct sgn_error *err)
{
    for (;;) {
        size_t n = json_array_size(side->page);
        json_t *page = NULL;
        enum sgn_status st;

        *out = json_array_get(side->page, side->at);
        if (*out == NULL && side->ended)
            return SGN_OK;
        if (*out != NULL && !is_mark(table, *out))
            return SGN_OK;
        if (*out != NULL) {
            side->at++;
            continue;
        }
        st = store_row_list(side->reader, table, team, NULL,
                            n > 0 ? json_array_get(side->page, n - 1) : NULL, PAGE, &page, err);
        if (st != SGN_OK)
            return st;
        json_decref(side->page);
        side->page = page;
        side->at = 0;
        side->ended = json_array_size(page) < PAGE;
    }
}

/* Both stores order texts by their bytes and numbers by their values. */
static int
key_compare(const struct store_table_row *table, const json_t *a, const json_t *b)
{
    int order = 0;

    for (int i = 0; order == 0 && i < table->n_key; i++) {
        const json_t *x = json_object_get(a, table->columns[i].name);
        const json_t *y = json_object_get(b, table->columns[i].name);

        if (json_is_integer(x) && json_is_integer(y))
            order = (json_integer_value(x) > json_integer_value(y)) -
                    (json_integer_value(x) < json_integer_value(y));
        else if (json_is_string(x) && json_is_string(y))
            order = strcmp(json_string_value(x), json_string_value(y));
    }
    return order;
}

static enum sgn_status
flush(struct pair *pair, struct sgn_error *err)
{
    enum sgn_status st =
        pair->n_puts == 0
            ? SGN_OK
            : copy_write(pair->copying, pair->team,
                         &(struct store_unit){ .rows = pair->puts, .n_rows = pair->n_puts }, err);

    for (int i = 0; i < pair->n_puts; i++)
        json_decref((json_t *)(uintptr_t)pair->puts[i].row);
    pair->n_puts = 0;
    return st;
}

enum difference {
    COPY_LACKS,
    COPY_HAS_MORE,
    COPY_DIFFERS
};

/* Named by the first column of its key. */
static enum sgn_status
differs(const struct pair *pair, const json_t *row, enum difference how, struct sgn_error *err)
{
    static const char *const words[] = {
        [COPY_LACKS] = "team %s, table %s: the copy has no %s",
        [COPY_HAS_MORE] = "team %s, table %s: the copy has %s, and the source has none",
        [COPY_DIFFERS] = "team %s, table %s: the copy has %s otherwise",
    };
    const struct store_table_row *table = store_table(pair->table);
    const json_t *key = json_object_get(row, table->columns[0].name);
    char *text = sgn_json_text(key);
    enum sgn_status st =
        sgn_fail(err, SGN_INVALID, words[how], pair->team[0] != '\0' ? pair->team : "-",
                 table->name, text != NULL ? text : "?");

    free(text);
    return st;
}

static enum sgn_status
put(struct pair *pair, const json_t *row, enum difference how, struct sgn_error *err)
{
    if (pair->copying->reading_back)
        return differs(pair, row, how, err);
    pair->puts[pair->n_puts++] = (struct store_row){ .table = pair->table,
                                                     .team = pair->team,
                                                     .row = json_incref((json_t *)(uintptr_t)row),
                                                     .remove = how == COPY_HAS_MORE };
    return pair->n_puts == PAGE ? flush(pair, err) : SGN_OK;
}

/* *row is removed by its key alone. */
static enum sgn_status
drop(struct pair *pair, const json_t *row, struct sgn_error *err)
{
    const struct store_table_row *table = store_table(pair->table);
    json_t *key = json_object();
    enum sgn_status st = key != NULL ? SGN_OK : sgn_nomem(err);

    for (int i = 0; st == SGN_OK && i < table->n_key; i++) {
        const char *name = table->columns[i].name;

        if (json_object_set(key, name, json_object_get(row, name)) != 0)
            st = sgn_nomem(err);
    }
    if (st == SGN_OK)
        st = put(pair, key, COPY_HAS_MORE, err);
    json_decref(key);
    return st;
}

/* Looks at the first of both; false in *more: neither has any. */
static enum sgn_status
step(struct pair *pair, bool *more, struct sgn_error *err)
{
    const json_t *a = NULL, *b = NULL;
    int order;
    enum sgn_status st = side_row(&pair->from, pair->table, pair->team, &a, err);

    if (st == SGN_OK)
        st = side_row(&pair->to, pair->table, pair->team, &b, err);
    *more = st == SGN_OK && (a != NULL || b != NULL);
    if (!*more)
        return st;
    order = a == NULL ? 1 : b == NULL ? -1 : key_compare(store_table(pair->table), a, b);
    if (order < 0)
        st = put(pair, a, COPY_LACKS, err);
    else if (order > 0)
        st = drop(pair, b, err);
    else if (!json_equal((json_t *)(uintptr_t)a, (json_t *)(uintptr_t)b))
        st = put(pair, a, COPY_DIFFERS, err);
    if (order <= 0) {
        pair->from.at++;
        pair->done++;
    }
    if (order >= 0)
        pair->to.at++;
    return st;
}

enum sgn_status
copy_table(struct copying *copying, enum store_table table, const char *team, struct sgn_error *err)
{
    struct pair pair = { .copying = copying,
                         .table = table,
                         .team = team,
                         .from = { .reader = copying->from },
                         .to = { .reader = copying->to } };
    enum sgn_status st = SGN_OK, flushed;
    bool more = true;

    while (st == SGN_OK && more) {
        if (pair.done % PAGE == 0)
            copy_tell(copying, LANE_COPY_ROWS, copying->rows + pair.done, 0);
        st = step(&pair, &more, err);
    }
    flushed = st == SGN_OK ? flush(&pair, err) : SGN_OK;
    for (int i = 0; i < pair.n_puts; i++)
        json_decref((json_t *)(uintptr_t)pair.puts[i].row);
    json_decref(pair.from.page);
    json_decref(pair.to.page);
    if (!copying->reading_back)
        copying->rows += pair.done;
    return st != SGN_OK ? st : flushed;
}
