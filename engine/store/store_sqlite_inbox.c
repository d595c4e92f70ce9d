/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What waits for a person: by name, by a role the person holds in the case's project, or by
 * a group the person is in. A row that is reached by two ways stands in the list once.
 */
#include "store_sqlite_overlay.h"

#include "json.h"
#include "store_query.h"
#include <stdlib.h>

/* No due time stands last. Every part is never null, so that the cursor can compare it. */
#define DUE       "CASE ifnull(w.due, 0) WHEN 0 THEN 9223372036854775807 ELSE w.due END"
#define ORDER_KEY DUE ", -(" STORE_PRIORITY "), c.opened_at, w.\"case\", w.n"

/* Of all that waits no more is read than its place, which it is sorted by; what the list shows,
 * with a look at the fields of each case, is read of what the limit leaves. ?10: keys of the cases
 * that stand in memory, which the file leaves out before it counts. */
#define SHOWN                                                                                      \
    "SELECT " STORE_SQLITE_CASE_SELECT ", w.kind, w.person, w.role, w.\"group\", w.state, "        \
    "w.since, w.due, w.clock, w.working, w.\"left\", w.why, w.n, w.\"case\", s.giver, " ORDER_KEY  \
    " FROM (SELECT i.k AS k, i.n AS n, i.giver AS giver FROM ("
#define SORTED                                                                                     \
    ") i CROSS JOIN waiting w ON w.team = ?1 AND w.\"case\" = i.k AND w.n = i.n "                  \
    "CROSS JOIN case_ c ON c.team = ?1 AND c.key = i.k WHERE (?9 IS NULL OR w.\"case\" = ?9) "     \
    "AND i.k NOT IN (SELECT value FROM json_each(?10)) "                                           \
    "AND (" ORDER_KEY ") > (?3, ?4, ?5, ?6, ?7) ORDER BY " ORDER_KEY " LIMIT ?8) s "               \
    "CROSS JOIN waiting w ON w.team = ?1 AND w.\"case\" = s.k AND w.n = s.n "                      \
    "CROSS JOIN case_ c ON c.team = ?1 AND c.key = s.k ORDER BY " ORDER_KEY

/* The cursor's condition is always there: the first page begins after nothing. UNION and not
 * UNION ALL: it is what makes a row that is reached by two ways stand once. A role counts only
 * in the project it is held in. CROSS JOIN keeps its order in SQLite: from what the person holds
 * to what waits for it, never from all that waits in the team. */
static const char inbox_sql[] = SHOWN
    "SELECT \"case\" AS k, n, NULL AS giver FROM waiting WHERE team = ?1 AND person = ?2 "
    "UNION SELECT v.\"case\", v.n, NULL FROM membership m CROSS JOIN waiting v ON v.team = m.team "
    "AND v.role = m.role AND v.project = m.project WHERE m.team = ?1 AND m.person = ?2 "
    "UNION SELECT v.\"case\", v.n, NULL FROM group_member g CROSS JOIN waiting v ON v.team = "
    "g.team "
    "AND v.\"group\" = g.\"group\" WHERE g.team = ?1 AND g.person = ?2" SORTED;

/*
 * The same with what waits for those whom the person stands in for (?11: [{person, projects,
 * workflows}], the lists null where the scope has none). What the person is reached by too is
 * their own. What makes a case stuck waits for the team's leads, whom nobody stands in for.
 */
#define OTHERS_SCOPE                                                                               \
    "(h.own OR (v.kind <> 'stuck' AND (h.projects IS NULL OR v.project IN "                        \
    "(SELECT value FROM json_each(h.projects))) AND (h.workflows IS NULL OR "                      \
    "(SELECT workflow FROM case_ WHERE team = ?1 AND key = v.\"case\") IN "                        \
    "(SELECT value FROM json_each(h.workflows)))))"
static const char inbox_for_sql[] =
    "WITH who(person, projects, workflows, own) AS (SELECT ?2, NULL, NULL, 1 UNION ALL "
    "SELECT json_extract(value, '$.person'), json_extract(value, '$.projects'), "
    "json_extract(value, '$.workflows'), 0 FROM json_each(?11)) " SHOWN
    "SELECT k, n, CASE max(own) WHEN 1 THEN NULL ELSE min(giver) END AS giver FROM ("
    "SELECT v.\"case\" AS k, v.n AS n, h.own AS own, h.person AS giver FROM who h "
    "CROSS JOIN waiting v ON v.team = ?1 AND v.person = h.person WHERE " OTHERS_SCOPE
    " UNION ALL SELECT v.\"case\", v.n, h.own, h.person FROM who h "
    "CROSS JOIN membership m ON m.team = ?1 AND m.person = h.person CROSS JOIN waiting v ON "
    "v.team = m.team AND v.role = m.role AND v.project = m.project WHERE " OTHERS_SCOPE
    " UNION ALL SELECT v.\"case\", v.n, h.own, h.person FROM who h "
    "CROSS JOIN group_member g ON g.team = ?1 AND g.person = h.person CROSS JOIN waiting v ON "
    "v.team = g.team AND v.\"group\" = g.\"group\" WHERE " OTHERS_SCOPE ") GROUP BY k, n" SORTED;

/* Where these stand in both: the case's key, behind the case's columns, its fields and twelve of
 * waiting; and the parts of the order, behind on whose behalf it is. */
#define CASE_AT  (STORE_CASE_COLUMNS + 13)
#define ORDER_AT (STORE_CASE_COLUMNS + 15)

/* Binds the place to begin after. */
static void
bind_place(struct store_sqlite_bind *bind, const json_t *place)
{
    size_t i = 0;
    json_t *part = NULL;

    json_array_foreach(place, i, part) {
        if (json_is_string(part))
            store_sqlite_bind_text(bind, json_string_value(part));
        else
            store_sqlite_bind_int(bind, json_integer_value(part));
    }
}

static void
bind_inbox(struct store_sqlite_bind *bind, const struct store_inbox_filter *filter,
           const char *givers, const char *passed, const json_t *place, int limit)
{
    store_sqlite_bind_text(bind, filter->team);
    store_sqlite_bind_text(bind, filter->person);
    bind_place(bind, place);
    store_sqlite_bind_int(bind, limit + 1);
    store_sqlite_bind_text(bind, filter->case_key);
    store_sqlite_bind_text(bind, passed);
    if (givers != NULL)
        store_sqlite_bind_text(bind, givers);
}

enum sgn_status
store_sqlite_inbox(struct store_reader *base, const struct store_inbox_filter *filter,
                   const char *cursor, int limit, struct store_page *out, struct sgn_error *err)
{
    static const int order[] = { ORDER_AT, ORDER_AT + 1, ORDER_AT + 2, ORDER_AT + 3, ORDER_AT + 4 };
    struct store_list list = { .limit = limit, .item = store_inbox_item, .end = store_inbox_end };
    struct store_sqlite_arms arms = { 0 };
    bool for_others = json_array_size(filter->others) > 0;
    char *givers = for_others ? sgn_json_text(filter->others) : NULL;
    char *passed = NULL;
    json_t *place = NULL;
    enum sgn_status st = store_inbox_cursor(cursor, &place, err);

    if (st == SGN_OK && for_others && givers == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = store_sqlite_arms_begin(&arms, base, filter->team,
                                     for_others ? inbox_for_sql : inbox_sql, err);
    if (st == SGN_OK && arms.team != NULL &&
        (passed = store_sqlite_overlay_keys(arms.team)) == NULL)
        st = sgn_nomem(err);
    arms.key = CASE_AT;
    arms.order = order;
    arms.n_order = STORE_INBOX_ORDER;
    for (int a = 0; st == SGN_OK && a < arms.n; a++)
        bind_inbox(&arms.arm[a].bind, filter, givers, a == 0 ? passed : NULL, place, limit);
    if (st == SGN_OK)
        st = store_sqlite_page_read(&arms, &list, out, err);
    store_sqlite_arms_end(&arms);
    free(givers);
    free(passed);
    json_decref(place);
    return st;
}
