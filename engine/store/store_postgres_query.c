/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of cases and inboxes: what of their SQL is PostgreSQL's own (the rest of the lists' stands
 * in store_query.c), and how their rows are read.
 *
 * A list is planned for the values it is asked with, and not kept: which index serves it depends
 * on them.
 */
#include "store_postgres.h"

#include "json.h"
#include "store_query.h"
#include <stdlib.h>

#define CASE_SELECT                                                                                \
    "c.key, c.workflow, c.rules, c.project, c.client, c.opener, c.owner, c.\"group\", "            \
    "c.priority, c.outcome, c.states, c.version, c.rev, c.case_seq, c.opened_at, c.closed_at, "    \
    "c.due_at, c.stuck, c.last_seq, c.last_at, c.fields "

/* lower() of a text whose order is "C" knows ASCII letters and no others, as LIKE on SQLite. */
static const struct store_dialect dialect = {
    .numbered = true,
    .select = CASE_SELECT,
    .in_array = " IN (SELECT jsonb_array_elements_text(?::jsonb))",
    .in_projects = " IN (SELECT jsonb_array_elements_text(d.projects))",
    .in_workflows = " IN (SELECT jsonb_array_elements_text(d.workflows))",
    .givers = "(SELECT v->>'person' AS giver, nullif(v->'projects', 'null') AS projects, "
              "nullif(v->'workflows', 'null') AS workflows "
              "FROM jsonb_array_elements(?::jsonb) v) d",
    .has_state = "strpos(c.states, ' ' || ? || ' ') > 0",
    .text = "lower(c.text)",
    .shared_text = "lower(split_part(c.text,chr(31),1))",
    .hand = "c.document::jsonb->>'hand'",
    .field_text = "f.value",
    .field_int = "f.number",
    .field = "(c.document::jsonb->'fields'->>(?::text))",
    .counts = true,
};

/* ---- rows of any list ---- */

struct rows {
    PGresult *res;
    int at;
};

static enum sgn_status
next_row(void *ctx, bool *row, struct sgn_error *err)
{
    struct rows *rows = ctx;

    (void)err;
    *row = ++rows->at < PQntuples(rows->res);
    return SGN_OK;
}

static json_t *
row_column(void *ctx, int column)
{
    struct rows *rows = ctx;

    return store_postgres_json(rows->res, rows->at, column);
}

/* Takes the result, which is NULL when asking failed with st. */
static enum sgn_status
read_page(PGresult *res_take, enum sgn_status st, struct store_list *list, struct store_page *out,
          struct sgn_error *err)
{
    struct rows rows = { .res = res_take, .at = -1 };

    list->rows = &rows;
    list->next = next_row;
    list->column = row_column;
    if (st == SGN_OK)
        st = store_page_read(list, out, err);
    list->rows = NULL;
    PQclear(res_take);
    return st;
}

/* Asks it, for the values it is asked with. */
static enum sgn_status
ask(struct store_reader *base, const struct store_query *query, const char *team, const char *doing,
    PGresult **out, struct sgn_error *err)
{
    struct store_postgres_params params;

    store_postgres_params_init(&params);
    for (int i = 0; i < query->n_values; i++) {
        if (query->values[i].text != NULL)
            store_postgres_text(&params, query->values[i].text);
        else
            store_postgres_int(&params, query->values[i].n);
    }
    return store_postgres_ask(store_postgres_conn_of(base), team, query->sql.bytes, &params, true,
                              doing, out, err);
}

enum sgn_status
store_postgres_case_query(struct store_reader *base, const struct store_case_filter *filter,
                          struct store_page *out, struct sgn_error *err)
{
    struct store_list list = {
        .limit = filter->limit, .item = store_case_item, .end = store_case_end, .ctx = filter
    };
    struct store_query query;
    PGresult *res = NULL;
    enum sgn_status st = store_query_build(&query, &dialect, filter, err);

    if (st == SGN_OK)
        st = ask(base, &query, filter->team, "listing cases", &res, err);
    st = read_page(res, st, &list, out, err);
    store_query_deinit(&query);
    return st;
}

/* ---- counts ---- */

/* A text in libpq's binary form is the text, with a NUL behind it. */
static enum sgn_status
take_group(const PGresult *res, int row, struct store_counting *counting, struct sgn_error *err)
{
    const char *values[STORE_COUNT_VALUES];

    for (int i = 0; i < counting->n_values; i++)
        values[i] = PQgetisnull(res, row, i) ? NULL : PQgetvalue(res, row, i);
    return store_counting_add(counting, values, store_postgres_value(res, row, counting->n_values),
                              err);
}

enum sgn_status
store_postgres_case_count(struct store_reader *base, const struct store_case_filter *filter,
                          const struct store_count *count, json_t **out, struct sgn_error *err)
{
    struct store_counting counting;
    struct store_query query;
    PGresult *res = NULL;
    enum sgn_status st = store_query_count(&query, &dialect, filter, count, err);
    enum sgn_status begun = store_counting_init(&counting, count, err);

    if (st == SGN_OK)
        st = begun;
    if (st == SGN_OK)
        st = ask(base, &query, filter->team, "counting cases", &res, err);
    for (int i = 0; st == SGN_OK && i < PQntuples(res); i++)
        st = take_group(res, i, &counting, err);
    PQclear(res);
    store_query_deinit(&query);
    return store_counting_end(st, &counting, out);
}

/* ---- inboxes ---- */

/* No due time stands last. Every part is never null, so that the cursor can compare it. */
#define DUE       "CASE coalesce(w.due, 0) WHEN 0 THEN 9223372036854775807 ELSE w.due END"
#define ORDER_KEY DUE ", -(" STORE_PRIORITY ")::bigint, c.opened_at, w.\"case\", w.n"
#define INBOX_HEAD                                                                                 \
    "SELECT " CASE_SELECT ", w.kind, w.person, w.role, w.\"group\", w.state, w.since, w.due, "     \
    "w.clock, w.working, w.\"left\", w.why, w.n, w.\"case\", "
/* The cursor's condition is always there: the first page begins after nothing. */
#define INBOX_TAIL                                                                                 \
    ") i JOIN waiting w ON w.team = $1 AND w.\"case\" = i.k AND w.n = i.n "                        \
    "JOIN case_ c ON c.team = $1 AND c.key = i.k "                                                 \
    "WHERE ($9::text IS NULL OR w.\"case\" = $9::text) "                                           \
    "AND (" ORDER_KEY ") > ($3, $4, $5, $6, $7) "                                                  \
    "ORDER BY " ORDER_KEY " LIMIT $8"

/* UNION and not UNION ALL: it is what makes a row that is reached by two ways stand once. A role
 * counts only in the project it is held in. */
static const char inbox_sql[] =
    INBOX_HEAD "NULL::text, " ORDER_KEY " FROM ("
               "SELECT \"case\" AS k, n FROM waiting WHERE team = $1 AND person = $2 "
               "UNION SELECT v.\"case\", v.n FROM membership m JOIN waiting v ON v.team = $1 "
               "AND v.role = m.role AND v.project = m.project WHERE m.team = $1 AND m.person = $2 "
               "UNION SELECT v.\"case\", v.n FROM group_member g JOIN waiting v ON v.team = $1 "
               "AND v.\"group\" = g.\"group\" WHERE g.team = $1 AND g.person = $2" INBOX_TAIL;

/*
 * The same with what waits for those whom the person stands in for ($10: [{person, projects,
 * workflows}], the lists null where the scope has none). What the person is reached by too is
 * their own. What makes a case stuck waits for the team's leads, whom nobody stands in for.
 */
#define OTHERS_SCOPE                                                                               \
    "(h.own OR (v.kind <> 'stuck' AND (h.projects IS NULL OR v.project IN "                        \
    "(SELECT jsonb_array_elements_text(h.projects))) AND (h.workflows IS NULL OR "                 \
    "(SELECT workflow FROM case_ WHERE team = $1 AND key = v.\"case\") IN "                        \
    "(SELECT jsonb_array_elements_text(h.workflows)))))"
static const char inbox_for_sql[] =
    "WITH who(person, projects, workflows, own) AS (SELECT $2::text COLLATE \"C\", NULL::jsonb, "
    "NULL::jsonb, true UNION ALL SELECT o->>'person', nullif(o->'projects', 'null'), "
    "nullif(o->'workflows', 'null'), false FROM jsonb_array_elements($10::jsonb) o) " INBOX_HEAD
    "i.giver, " ORDER_KEY " FROM ("
    "SELECT k, n, CASE WHEN bool_or(own) THEN NULL ELSE min(giver) END AS giver FROM ("
    "SELECT v.\"case\" AS k, v.n AS n, h.own AS own, h.person AS giver FROM who h "
    "JOIN waiting v ON v.team = $1 AND v.person = h.person WHERE " OTHERS_SCOPE
    " UNION ALL SELECT v.\"case\", v.n, h.own, h.person FROM who h "
    "JOIN membership m ON m.team = $1 AND m.person = h.person JOIN waiting v ON "
    "v.team = $1 AND v.role = m.role AND v.project = m.project WHERE " OTHERS_SCOPE
    " UNION ALL SELECT v.\"case\", v.n, h.own, h.person FROM who h "
    "JOIN group_member g ON g.team = $1 AND g.person = h.person JOIN waiting v ON "
    "v.team = $1 AND v.\"group\" = g.\"group\" WHERE " OTHERS_SCOPE ") r GROUP BY k, n" INBOX_TAIL;

enum sgn_status
store_postgres_inbox(struct store_reader *base, const struct store_inbox_filter *filter,
                     const char *cursor, int limit, struct store_page *out, struct sgn_error *err)
{
    struct store_list list = { .limit = limit, .item = store_inbox_item, .end = store_inbox_end };
    struct store_postgres_params params;
    bool for_others = json_array_size(filter->others) > 0;
    char *givers = for_others ? sgn_json_text(filter->others) : NULL;
    json_t *place = NULL, *part = NULL;
    PGresult *res = NULL;
    size_t i = 0;
    enum sgn_status st;

    if (for_others && givers == NULL)
        return sgn_nomem(err);
    st = store_inbox_cursor(cursor, &place, err);
    if (st == SGN_OK) {
        store_postgres_params_init(&params);
        store_postgres_text(&params, filter->team);
        store_postgres_text(&params, filter->person);
        json_array_foreach(place, i, part) {
            if (json_is_string(part))
                store_postgres_text(&params, json_string_value(part));
            else
                store_postgres_int(&params, json_integer_value(part));
        }
        store_postgres_int(&params, limit + 1);
        store_postgres_text(&params, filter->case_key);
        if (for_others)
            store_postgres_text(&params, givers);
        st = store_postgres_ask(store_postgres_conn_of(base), filter->team,
                                for_others ? inbox_for_sql : inbox_sql, &params, false,
                                "reading an inbox", &res, err);
    }
    st = read_page(res, st, &list, out, err);
    free(givers);
    json_decref(place);
    return st;
}
