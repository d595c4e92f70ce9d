/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of cases as SQL: filters, sorts, cursors. See the header.
 *
 * Never puts anything into the text that a client sent.
 */
#include "store_query.h"

#include "json.h"
#include "memory.h"
#include <stdlib.h>
#include <string.h>

#define SQL_MAX    (32 * 1024)
#define FIELDS_MAX 32

/* ---- a statement in the making ---- */

void
store_query_deinit(struct store_query *query)
{
    sgn_buf_deinit(&query->sql);
    json_decref(query->cursor);
    for (int i = 0; i < query->n_owned; i++)
        free(query->owned[i]);
}

/* A fragment without a value. Constant text only: nothing that anybody sent ever passes here. */
static void
put(struct store_query *query, const char *fragment)
{
    for (const char *mark; query->dialect->numbered && (mark = strchr(fragment, '?')) != NULL;) {
        (void)sgn_buf_append(&query->sql, fragment, (size_t)(mark - fragment));
        (void)sgn_buf_printf(&query->sql, "$%d", ++query->n_marks);
        fragment = mark + 1;
    }
    (void)sgn_buf_puts(&query->sql, fragment);
}

static void
put_value(struct store_query *query, const char *text, int64_t n)
{
    if (query->n_values == STORE_QUERY_VALUES)
        query->failed = true;
    else
        query->values[query->n_values++] = (struct store_query_value){ text, n };
}

/* A fragment with one text parameter, left out when there is no value. */
static void
put_text(struct store_query *query, const char *fragment, const char *value)
{
    if (value == NULL)
        return;
    put(query, fragment);
    put_value(query, value, 0);
}

static void
put_int(struct store_query *query, const char *fragment, int64_t value)
{
    if (value == 0)
        return;
    put(query, fragment);
    put_value(query, NULL, value);
}

/* Gives a text made for this query to it: bound values are borrowed until the statement is done. */
static const char *
own(struct store_query *query, char *text_take)
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
own_array(struct store_query *query, const json_t *array)
{
    return own(query, array == NULL ? sgn_strdup("[]") : sgn_json_text(array));
}

/* %text% for LIKE, with LIKE's own characters escaped by a backslash, so that a search for
 * "100%" finds just that; ASCII letters small, as the text is looked at. */
static const char *
own_like(struct store_query *query, const char *text)
{
    char *like = malloc(strlen(text) * 2 + 3);
    char *to = like;

    if (like == NULL)
        return own(query, NULL);
    *to++ = '%';
    for (; *text != '\0'; text++) {
        if (*text == '%' || *text == '_' || *text == '\\')
            *to++ = '\\';
        *to++ = *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text;
    }
    *to++ = '%';
    *to = '\0';
    return own(query, like);
}

/* ---- sorts ---- */

static const struct sort {
    const char *name;
    const char *up, *down; /* expressions, never null: integers, but for the key */
} sorts[] = {
    /* The key behind each makes every order total, without which pages would repeat or skip cases
     * of equal value. Only the first has an index: the others sort what the filters leave. */
    { "opened", "c.opened_at", "c.opened_at" },
    /* A case with nothing due stands last either way. */
    { "due", "CASE c.due_at WHEN 0 THEN 9223372036854775807 ELSE c.due_at END", "c.due_at" },
    { "updated", "c.last_at", "c.last_at" },
    { "priority", STORE_PRIORITY, STORE_PRIORITY },
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

#define WAITING_OF_CASE "FROM waiting w WHERE w.team = c.team AND w.\"case\" = c.key"

/* " EXISTS (SELECT 1 FROM givers WHERE the case is in their scope AND": closed by the caller.
 * What makes a case stuck waits for the team's leads, whom nobody stands in for. */
static void
put_givers(struct store_query *query)
{
    const struct store_dialect *sql = query->dialect;

    put(query, " EXISTS (SELECT 1 FROM ");
    put(query, sql->givers);
    put(query, " WHERE (d.projects IS NULL OR c.project");
    put(query, sql->in_projects);
    put(query, ") AND (d.workflows IS NULL OR c.workflow");
    put(query, sql->in_workflows);
    put(query, ") AND ");
}

/* c.workflow is among the strings of the array. */
static void
put_workflow_in(struct store_query *query, const char *before, const json_t *workflows)
{
    put(query, before);
    put(query, "c.workflow");
    put(query, query->dialect->in_array);
    put_value(query, own_array(query, workflows), 0);
}

/* Person or role in one parameter; where somebody's key is a role's name too, both are meant. A
 * role is waited for, too, where one who holds it in the case's project is asked by name. */
static void
put_waiting_for(struct store_query *query, const struct store_case_filter *filter)
{
    if (filter->waiting_for == NULL)
        return;
    put(query, " AND (c.key IN (SELECT w.\"case\" FROM waiting w WHERE w.team = ?");
    put_value(query, filter->team, 0);
    put(query, " AND (w.person = ?");
    put_value(query, filter->waiting_for, 0);
    put(query, " OR w.role = ?");
    put_value(query, filter->waiting_for, 0);
    put(query, " OR EXISTS (SELECT 1 FROM membership m WHERE m.team = w.team AND m.project = "
               "w.project AND m.person = w.person AND m.role = ?)))");
    put_value(query, filter->waiting_for, 0);
    if (json_array_size(filter->waiting_givers) > 0) {
        put(query, " OR");
        put_givers(query);
        put_value(query, own_array(query, filter->waiting_givers), 0);
        put(query,
            "EXISTS (SELECT 1 " WAITING_OF_CASE " AND w.kind <> 'stuck' AND w.person = d.giver))");
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
put_lent(struct store_query *query, const struct store_case_filter *filter)
{
    if (json_array_size(filter->visible_givers) == 0)
        return;
    put_workflow_in(query, " OR ((", filter->own_workflows);
    put_workflow_in(query, " OR ", filter->project_workflows);
    put(query, ") AND");
    put_givers(query);
    put_value(query, own_array(query, filter->visible_givers), 0);
    put(query, "(" WAITS_FOR("d.giver") " OR (c.opener = d.giver AND ");
    put(query, query->dialect->hand);
    put(query, " = ?))))");
    put_value(query, filter->visible_to, 0);
}

/* A client's person sees cases of own_workflows where opener or asked, cases of
 * project_workflows in projects the person is a member of, and those that are lent. */
static void
put_visible_to(struct store_query *query, const struct store_case_filter *filter)
{
    const char *person = filter->visible_to;

    if (person == NULL)
        return;
    put_workflow_in(query, " AND ((", filter->own_workflows);
    put(query, " AND (c.opener = ? OR " WAITS_FOR("?") "))");
    for (int i = 0; i < 4; i++)
        put_value(query, person, 0);
    put_workflow_in(query, " OR (", filter->project_workflows);
    put(query, " AND EXISTS (SELECT 1 FROM membership m WHERE m.team = c.team"
               " AND m.project = c.project AND m.person = ?))");
    put_value(query, person, 0);
    put_lent(query, filter);
    put(query, ")");
}

/* Fields that are not indexed simply match nothing: which ones are is known to the model, above. */
static enum sgn_status
put_fields(struct store_query *query, const struct store_case_filter *filter, struct sgn_error *err)
{
    const char *name = NULL;
    json_t *value = NULL;

    if (json_object_size(filter->fields) > FIELDS_MAX)
        return sgn_fail(err, SGN_INVALID, "a list filters by at most %d fields", FIELDS_MAX);
    json_object_foreach((json_t *)(uintptr_t)filter->fields, name, value) {
        put(query, " AND c.key IN (SELECT f.\"case\" FROM case_field f WHERE f.team = ?");
        put_value(query, filter->team, 0);
        put(query, " AND f.field = ? AND ");
        put_value(query, name, 0);
        put(query, json_is_string(value) ? query->dialect->field_text : query->dialect->field_int);
        put(query, " = ?)");
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
put_filters(struct store_query *query, const struct store_case_filter *filter,
            struct sgn_error *err)
{
    put(query, " WHERE c.team = ?");
    put_value(query, filter->team, 0);
    if (filter->workflows != NULL)
        put_workflow_in(query, " AND ", filter->workflows);
    if (filter->state != NULL) {
        put(query, " AND ");
        put_text(query, query->dialect->has_state, filter->state);
    }
    put_text(query, " AND c.project = ?", filter->project);
    put_text(query, " AND c.client = ?", filter->client);
    put_text(query, " AND c.\"group\" = ?", filter->group);
    put_text(query, " AND c.owner = ?", filter->owner);
    put_text(query, " AND c.priority = ?", filter->priority);
    put_text(query, " AND c.opener = ?", filter->opener);
    put_text(query, " AND c.outcome = ?", filter->outcome);
    if (filter->text != NULL) {
        put(query, " AND ");
        put(query, filter->visible_to == NULL ? query->dialect->text : query->dialect->shared_text);
        put_text(query, " LIKE ? ESCAPE '\\'", own_like(query, filter->text));
    }
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
    if (filter->filled != NULL) {
        put(query, " AND ");
        put_text(query, query->dialect->field, filter->filled);
        put(query, " IS NOT NULL");
    }
    return put_fields(query, filter, err);
}

/* ---- cursors ---- */

/*
 * The condition that begins after the last page's end.
 *
 * By comparing (value, key) with the place of the last item instead of counting rows: cases that
 * are opened or change while somebody pages move no page.
 */
static enum sgn_status
put_cursor(struct store_query *query, const struct store_case_filter *filter,
           const struct sort *sort, struct sgn_error *err)
{
    const json_t *value = NULL, *key = NULL;
    bool by_key = strcmp(sort->name, "key") == 0;
    enum sgn_status st = SGN_OK;

    if (filter->cursor == NULL)
        return SGN_OK;
    st = store_cursor_read(filter->cursor, sort->name, 4, &query->cursor, err);
    if (st != SGN_OK)
        return st;
    value = json_array_get(query->cursor, 2);
    key = json_array_get(query->cursor, 3);
    if (json_is_true(json_array_get(query->cursor, 1)) != filter->descending ||
        !json_is_string(key) || (by_key ? !json_is_string(value) : !json_is_integer(value)))
        return sgn_fail(err, SGN_INVALID, "cursor: of a list that was sorted the other way round");
    put(query, " AND (");
    put(query, filter->descending ? sort->down : sort->up);
    put(query, filter->descending ? ", c.key) < (?, ?)" : ", c.key) > (?, ?)");
    put_value(query, json_string_value(value), json_integer_value(value));
    put_value(query, json_string_value(key), 0);
    return SGN_OK;
}

/* ---- the page ---- */

static void
put_order(struct store_query *query, const struct store_case_filter *filter,
          const struct sort *sort)
{
    put(query, " ORDER BY ");
    put(query, filter->descending ? sort->down : sort->up);
    put(query, filter->descending ? " DESC, c.key DESC" : ", c.key");
}

enum sgn_status
store_query_build(struct store_query *query, const struct store_dialect *dialect,
                  const struct store_case_filter *filter, struct sgn_error *err)
{
    const struct sort *sort = sort_find(filter->sort);
    bool late =
        dialect->late && sort != &sorts[0]; /* in the order of its index nothing is sorted */
    enum sgn_status st = SGN_OK;

    *query = (struct store_query){ .dialect = dialect };
    sgn_buf_init(&query->sql, SQL_MAX);
    if (sort == NULL)
        return sgn_fail(err, SGN_INVALID,
                        "sort \"%s\": expected opened, due, updated, priority or key",
                        filter->sort);
    put(query, "SELECT ");
    put(query, dialect->select);
    put(query, ", ");
    put(query, filter->descending ? sort->down : sort->up);
    put(query, late ? " FROM (SELECT c.id AS id FROM case_ c" : " FROM case_ c");
    st = put_filters(query, filter, err);
    if (st == SGN_OK)
        st = put_cursor(query, filter, sort, err);
    put_order(query, filter, sort);
    put(query, " LIMIT ?");
    put_value(query, NULL, filter->limit + 1); /* one more tells whether a page follows */
    if (late) {
        put(query, ") s CROSS JOIN case_ c ON c.id = s.id");
        put_order(query, filter, sort);
    }
    if (st == SGN_OK && (query->failed || query->sql.failed))
        st = sgn_nomem(err);
    return st;
}

/* ---- counts ---- */

static void
put_group_by(struct store_query *query, int n)
{
    for (int i = 1; i <= n; i++)
        (void)sgn_buf_printf(&query->sql, "%s%d", i == 1 ? " GROUP BY " : ", ", i);
    /* One more tells that there are too many. */
    put(query, " LIMIT ?");
    put_value(query, NULL, STORE_COUNT_GROUPS + 1);
}

enum sgn_status
store_query_count(struct store_query *query, const struct store_dialect *dialect,
                  const struct store_case_filter *filter, const struct store_count *count,
                  struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    *query = (struct store_query){ .dialect = dialect };
    sgn_buf_init(&query->sql, SQL_MAX);
    put(query, "SELECT ");
    for (int i = 0; i < count->n_by; i++) {
        const char *column = store_count_column(count->by[i]);

        if (column == NULL)
            return sgn_fail(err, SGN_INVALID, "cases are not counted by \"%s\"", count->by[i]);
        put(query, column);
        put(query, ", ");
    }
    if (count->field != NULL) {
        put_text(query, dialect->field, count->field);
        put(query, ", ");
    }
    put(query, dialect->counts ? "count(*) FROM case_ c" : "c.key FROM case_ c");
    st = put_filters(query, filter, err);
    if (dialect->counts)
        put_group_by(query, count->n_by + (count->field != NULL ? 1 : 0));
    if (st == SGN_OK && (query->failed || query->sql.failed))
        st = sgn_nomem(err);
    return st;
}

json_t *
store_case_end(const struct store_list *list)
{
    const struct store_case_filter *filter = list->ctx;

    return json_pack("[s, b, o, o]", sort_find(filter->sort)->name, filter->descending,
                     list->column(list->rows, STORE_CASE_COLUMNS + 1), list->column(list->rows, 0));
}
