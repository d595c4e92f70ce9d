/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of cases. The SQL is put together from constant fragments only; every value is a
 * bound parameter. A page ends where its cursor says: the sort value and the key of its
 * last case, so that a case is neither skipped nor shown twice, whatever came in between.
 */
#include "store_sqlite.h"

#include "json.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SQL_MAX    (32 * 1024)
#define VALUES_MAX 160 /* above what any filter needs: reaching it is a fault, not a long list */
#define FIELDS_MAX 32

/* ---- a statement in the making ---- */

struct value {
    const char *text; /* NULL: n */
    int64_t n;
};

struct query {
    struct sgn_buf sql;
    struct value values[VALUES_MAX];
    int n_values;
    char *owned[8]; /* texts made for the query */
    int n_owned;
    bool failed; /* no memory, or more values than a filter can have */
};

static void
query_deinit(struct query *query)
{
    sgn_buf_deinit(&query->sql);
    for (int i = 0; i < query->n_owned; i++)
        free(query->owned[i]);
}

/* A fragment without a value. Constant text only: nothing that anybody sent ever passes here. */
static void
put(struct query *query, const char *fragment)
{
    (void)sgn_buf_puts(&query->sql, fragment);
}

static void
put_value(struct query *query, const char *text, int64_t n)
{
    if (query->n_values == VALUES_MAX)
        query->failed = true;
    else
        query->values[query->n_values++] = (struct value){ text, n };
}

/* A fragment with one text parameter, left out when there is no value. */
static void
put_text(struct query *query, const char *fragment, const char *value)
{
    if (value == NULL)
        return;
    put(query, fragment);
    put_value(query, value, 0);
}

static void
put_int(struct query *query, const char *fragment, int64_t value)
{
    if (value == 0)
        return;
    put(query, fragment);
    put_value(query, NULL, value);
}

/* Gives a text made for this query to it: bound values are borrowed until the statement is done. */
static const char *
own(struct query *query, char *text_take)
{
    if (text_take == NULL || query->n_owned == 8) {
        free(text_take);
        query->failed = true;
        return NULL;
    }
    query->owned[query->n_owned++] = text_take;
    return text_take;
}

/* An array of strings as the JSON text that json_each reads; no array is an empty one. */
static const char *
own_array(struct query *query, const json_t *array)
{
    return own(query, array == NULL ? strdup("[]") : sgn_json_text(array));
}

/* %text% for LIKE, with LIKE's own characters escaped by a backslash, so that a search for
 * "100%" finds just that. */
static const char *
own_like(struct query *query, const char *text)
{
    char *like = malloc(strlen(text) * 2 + 3);
    char *to = like;

    if (like == NULL)
        return own(query, NULL);
    *to++ = '%';
    for (; *text != '\0'; text++) {
        if (*text == '%' || *text == '_' || *text == '\\')
            *to++ = '\\';
        *to++ = *text;
    }
    *to++ = '%';
    *to = '\0';
    return own(query, like);
}

/* ---- sorts ---- */

static const struct sort {
    const char *name;
    const char *up, *down; /* expressions; text or integer, never null */
} sorts[] = {
    /* The key behind each makes every order total, without which pages would repeat or skip cases
     * of equal value. Only the first has an index: the others sort what the filters leave. */
    { "opened", "c.opened_at", "c.opened_at" },
    /* A case with nothing due stands last either way. */
    { "due", "CASE c.due_at WHEN 0 THEN 9223372036854775807 ELSE c.due_at END", "c.due_at" },
    { "updated", "c.last_at", "c.last_at" },
    { "priority", STORE_SQLITE_PRIORITY, STORE_SQLITE_PRIORITY },
    { "key", "c.key_order", "c.key_order" },
};

static const struct sort *
sort_find(const char *name)
{
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++) {
        if (name == NULL || strcmp(sorts[i].name, name) == 0)
            return &sorts[i];
    }
    return NULL;
}

/* ---- filters ---- */

/* Givers (one parameter) whose scope holds the case c, and what waits for one of them, as
 * in an inbox. What makes a case stuck waits for the team's leads, whom nobody stands in for. */
#define GIVERS                                                                                     \
    "(SELECT json_extract(value, '$.person') AS giver, json_extract(value, '$.projects') AS "      \
    "projects, json_extract(value, '$.workflows') AS workflows FROM json_each(?)) d "
#define IN_SCOPE                                                                                   \
    "(d.projects IS NULL OR c.project IN (SELECT value FROM json_each(d.projects))) "              \
    "AND (d.workflows IS NULL OR c.workflow IN (SELECT value FROM json_each(d.workflows)))"
#define WAITING_OF_CASE "FROM waiting w WHERE w.team = c.team AND w.\"case\" = c.key"

/* Person or role in one parameter; where somebody's key is a role's name too, both are meant. */
static void
put_waiting_for(struct query *query, const struct store_case_filter *filter)
{
    if (filter->waiting_for == NULL)
        return;
    put(query, " AND (c.key IN (SELECT w.\"case\" FROM waiting w WHERE w.team = ?");
    put_value(query, filter->team, 0);
    put(query, " AND (w.person = ?");
    put_value(query, filter->waiting_for, 0);
    put(query, " OR w.role = ?))");
    put_value(query, filter->waiting_for, 0);
    if (json_array_size(filter->waiting_givers) > 0) {
        put(query, " OR EXISTS (SELECT 1 FROM " GIVERS "WHERE " IN_SCOPE
                   " AND EXISTS (SELECT 1 " WAITING_OF_CASE
                   " AND w.kind <> 'stuck' AND w.person = d.giver))");
        put_value(query, own_array(query, filter->waiting_givers), 0);
    }
    put(query, ")");
}

/* Does the case wait for somebody, whose key is the fragment: by name, by a role in the case's
 * project, by a group? */
#define WAITS_FOR(who)                                                                             \
    "EXISTS (SELECT 1 " WAITING_OF_CASE " AND w.kind <> 'stuck' AND (w.person = " who              \
    " OR EXISTS (SELECT 1 FROM membership m WHERE m.team = c.team AND m.project = c.project"       \
    " AND m.person = " who " AND m.role = w.role)"                                                 \
    " OR EXISTS (SELECT 1 FROM group_member g WHERE g.team = c.team AND g.\"group\" = w.\"group\"" \
    " AND g.person = " who ")))"

/* What waits for whom the person stands in for, and what the person opened for them. */
static void
put_lent(struct query *query, const struct store_case_filter *filter)
{
    if (json_array_size(filter->visible_givers) == 0)
        return;
    put(query,
        " OR ((c.workflow IN (SELECT value FROM json_each(?))"
        " OR c.workflow IN (SELECT value FROM json_each(?)))"
        " AND EXISTS (SELECT 1 FROM " GIVERS "WHERE " IN_SCOPE " AND (" WAITS_FOR("d.giver"));
    put(query, " OR (c.opener = d.giver AND json_extract(c.document, '$.hand') = ?))))");
    put_value(query, own_array(query, filter->own_workflows), 0);
    put_value(query, own_array(query, filter->project_workflows), 0);
    put_value(query, own_array(query, filter->visible_givers), 0);
    put_value(query, filter->visible_to, 0);
}

/* A client's person sees cases of own_workflows where opener or asked, cases of
 * project_workflows in projects the person is a member of, and those that are lent. */
static void
put_visible_to(struct query *query, const struct store_case_filter *filter)
{
    const char *person = filter->visible_to;

    if (person == NULL)
        return;
    put(query, " AND ((c.workflow IN (SELECT value FROM json_each(?)) AND (c.opener = ?"
               " OR " WAITS_FOR("?") "))"
                                     " OR (c.workflow IN (SELECT value FROM json_each(?))"
                                     " AND EXISTS (SELECT 1 FROM membership m WHERE m.team = c.team"
                                     " AND m.project = c.project AND m.person = ?))");
    put_value(query, own_array(query, filter->own_workflows), 0);
    for (int i = 0; i < 4; i++)
        put_value(query, person, 0);
    put_value(query, own_array(query, filter->project_workflows), 0);
    put_value(query, person, 0);
    put_lent(query, filter);
    put(query, ")");
}

/* Fields that are not indexed simply match nothing: which ones are is known to the model, above. */
static enum sgn_status
put_fields(struct query *query, const struct store_case_filter *filter, struct sgn_error *err)
{
    const char *name = NULL;
    json_t *value = NULL;

    if (json_object_size(filter->fields) > FIELDS_MAX)
        return sgn_fail(err, SGN_INVALID, "a list filters by at most %d fields", FIELDS_MAX);
    json_object_foreach((json_t *)(uintptr_t)filter->fields, name, value) {
        put(query, " AND c.key IN (SELECT f.\"case\" FROM case_field f WHERE f.team = ?");
        put_value(query, filter->team, 0);
        put(query, " AND f.field = ? AND f.value = ?)");
        put_value(query, name, 0);
        if (json_is_string(value))
            put_value(query, json_string_value(value), 0);
        else if (json_is_integer(value) || json_is_boolean(value))
            put_value(query, NULL,
                      json_is_integer(value) ? json_integer_value(value) : json_is_true(value));
        else
            return sgn_fail(err, SGN_INVALID,
                            "field %s: a list filters by a string, an integer, true or false",
                            name);
    }
    return SGN_OK;
}

/* Every filter is a condition more, never another query: what a client may see (put_visible_to)
 * stands beside what they asked for, and no combination of the two can leave it out. */
static enum sgn_status
put_filters(struct query *query, const struct store_case_filter *filter, struct sgn_error *err)
{
    put(query, " WHERE c.team = ?");
    put_value(query, filter->team, 0);
    if (filter->workflows != NULL)
        put_text(query, " AND c.workflow IN (SELECT value FROM json_each(?))",
                 own_array(query, filter->workflows));
    put_text(query, " AND instr(c.states, ' ' || ? || ' ') > 0", filter->state);
    put_text(query, " AND c.project = ?", filter->project);
    put_text(query, " AND c.client = ?", filter->client);
    put_text(query, " AND c.\"group\" = ?", filter->group);
    put_text(query, " AND c.owner = ?", filter->owner);
    put_text(query, " AND c.priority = ?", filter->priority);
    put_text(query, " AND c.opener = ?", filter->opener);
    put_text(query, " AND c.outcome = ?", filter->outcome);
    if (filter->text != NULL)
        put_text(query,
                 filter->visible_to == NULL
                     ? " AND c.text LIKE ? ESCAPE '\\'"
                     : " AND substr(c.text, 1, instr(c.text || char(31), char(31)) - 1)"
                       " LIKE ? ESCAPE '\\'",
                 own_like(query, filter->text));
    if (filter->open)
        put(query, " AND c.outcome IS NULL");
    if (filter->ended)
        put(query, " AND c.outcome IS NOT NULL");
    if (filter->stuck)
        put(query, " AND c.stuck = 1");
    if (filter->overdue_at != 0) {
        put_int(query, " AND c.outcome IS NULL AND ((c.due_at > 0 AND c.due_at < ?)",
                filter->overdue_at);
        put_int(query,
                " OR EXISTS (SELECT 1 FROM waiting w WHERE w.team = c.team AND w.\"case\" = c.key"
                " AND w.due > 0 AND w.due < ?))",
                filter->overdue_at);
    }
    put_int(query, " AND c.version = ?", filter->version);
    put_int(query, " AND c.opened_at >= ?", filter->opened_from);
    put_int(query, " AND c.opened_at < ?", filter->opened_to);
    put_int(query, " AND c.closed_at >= ?", filter->closed_from);
    put_int(query, " AND c.closed_at > 0 AND c.closed_at < ?", filter->closed_to);
    put_waiting_for(query, filter);
    put_visible_to(query, filter);
    return put_fields(query, filter, err);
}

/* ---- cursors ---- */

/*
 * The condition that begins after the last page's end. *cursor keeps the bound text.
 *
 * By comparing (value, key) with the place of the last item instead of counting rows: cases that
 * are opened or change while somebody pages move no page.
 */
static enum sgn_status
put_cursor(struct query *query, const struct store_case_filter *filter, const struct sort *sort,
           json_t **cursor, struct sgn_error *err)
{
    const json_t *value = NULL, *key = NULL;
    enum sgn_status st = SGN_OK;

    if (filter->cursor == NULL)
        return SGN_OK;
    st = store_sqlite_cursor_read(filter->cursor, sort->name, 4, cursor, err);
    if (st != SGN_OK)
        return st;
    value = json_array_get(*cursor, 2);
    key = json_array_get(*cursor, 3);
    if (json_is_true(json_array_get(*cursor, 1)) != filter->descending || !json_is_string(key) ||
        (!json_is_string(value) && !json_is_integer(value)))
        return sgn_fail(err, SGN_INVALID, "cursor: of a list that was sorted the other way round");
    put(query, " AND (");
    put(query, filter->descending ? sort->down : sort->up);
    put(query, filter->descending ? ", c.key) < (?, ?)" : ", c.key) > (?, ?)");
    put_value(query, json_string_value(value), json_integer_value(value));
    put_value(query, json_string_value(key), 0);
    return SGN_OK;
}

/* ---- the page ---- */

static enum sgn_status
build(struct query *query, const struct store_case_filter *filter, json_t **cursor,
      struct sgn_error *err)
{
    const struct sort *sort = sort_find(filter->sort);
    enum sgn_status st = SGN_OK;

    if (sort == NULL)
        return sgn_fail(err, SGN_INVALID,
                        "sort \"%s\": expected opened, due, updated, priority or key",
                        filter->sort);
    put(query, "SELECT " STORE_SQLITE_CASE_SELECT ", ");
    put(query, filter->descending ? sort->down : sort->up);
    put(query, " FROM case_ c");
    st = put_filters(query, filter, err);
    if (st == SGN_OK)
        st = put_cursor(query, filter, sort, cursor, err);
    put(query, " ORDER BY ");
    put(query, filter->descending ? sort->down : sort->up);
    put(query, filter->descending ? " DESC, c.key DESC LIMIT ?" : ", c.key LIMIT ?");
    put_value(query, NULL, filter->limit + 1); /* one more tells whether a page follows */
    if (st == SGN_OK && (query->failed || query->sql.failed))
        st = sgn_nomem(err);
    return st;
}

static json_t *
query_end(const void *ctx, sqlite3_stmt *stmt)
{
    const struct store_case_filter *filter = ctx;

    return json_pack("[s, b, o, o]", sort_find(filter->sort)->name, filter->descending,
                     store_sqlite_column(stmt, STORE_SQLITE_CASE_COLUMNS + 1),
                     store_sqlite_column(stmt, 0));
}

enum sgn_status
store_sqlite_case_query(struct store_reader *base, const struct store_case_filter *filter,
                        struct store_page *out, struct sgn_error *err)
{
    const struct store_sqlite_list list = { .doing = "listing cases",
                                            .limit = filter->limit,
                                            .item = store_sqlite_case_item,
                                            .end = query_end,
                                            .ctx = filter };
    struct store_sqlite_conn *conn = store_sqlite_conn_of(base);
    struct query query = { .n_values = 0 };
    struct store_sqlite_bind bind = { 0 };
    json_t *cursor = NULL;
    enum sgn_status st = SGN_OK;

    sgn_buf_init(&query.sql, SQL_MAX);
    st = build(&query, filter, &cursor, err);
    if (st == SGN_OK)
        st = store_sqlite_prepare(conn, query.sql.bytes, &bind.stmt, err);
    if (st == SGN_OK) {
        for (int i = 0; i < query.n_values; i++) {
            if (query.values[i].text != NULL)
                store_sqlite_bind_text(&bind, query.values[i].text);
            else
                store_sqlite_bind_int(&bind, query.values[i].n);
        }
        st = store_sqlite_page_read(conn, &bind, &list, out, err);
    }
    query_deinit(&query);
    json_decref(cursor);
    return st;
}
