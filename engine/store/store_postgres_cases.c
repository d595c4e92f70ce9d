/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A unit's cases as statements with arrays: their rows, when they fire, their indexed fields, and
 * what they wait for.
 *
 * Most transitions change neither the fields nor how many wait. The writer remembers what it wrote
 * of a case last, so that no row is written that did not change; of cases that it does not know
 * the server compares.
 */
#include "store_postgres.h"

#include "json.h"
#include "text.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- cases ---- */

/* A case with what its row holds besides the struct's members. */
struct store_postgres_case_out {
    const struct store_case *row;
    char order[STORE_KEY_ORDER];
    char *fields; /* JSON of the indexed ones */
    struct store_postgres_known now;
    bool look; /* what it was is not known: the server looks */
    bool fields_other, waiting_other, waiting_fewer, due_other;
};

#define C(kind, name)                                                                              \
    {                                                                                              \
        STORE_PG_AS_##kind, offsetof(struct store_case, name)                                      \
    }
static const struct store_postgres_member case_members[] = {
    C(TEXT, key),           C(INT, version),   C(INT, rev),
    C(INT, case_seq),       C(INT, opened_at), C(INT, closed_at),
    C(INT, due_at),         C(INT, last_seq),  C(INT, last_at),
    C(FLAG, stuck),         C(TEXT, workflow), C(TEXT, rules),
    C(TEXT, project),       C(TEXT, client),   C(TEXT, opener),
    C(TEXT, owner),         C(TEXT, group),    C(TEXT, priority),
    C(TEXT, outcome),       C(TEXT, states),   C(TEXT_OR_EMPTY, last_hash),
    C(TEXT_OR_EMPTY, text), C(TEXT, document),
};
/* The whole row, also where little changed: a row has one writer, and no column can be forgotten.
 */
static const char case_sql[] =
    "INSERT INTO case_(team, key, version, rev, case_seq, opened_at, closed_at, due_at, last_seq, "
    "last_at, stuck, workflow, rules, project, client, opener, owner, \"group\", "
    "priority, outcome, states, last_hash, text, document, key_order, fields) "
    "SELECT $1, t.* FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], "
    "$6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], "
    "$12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], "
    "$19::text[], $20::text[], $21::text[], $22::text[], $23::text[], $24::text[], $25::text[], "
    "$26::text[]) t ON CONFLICT(team, key) DO UPDATE SET "
    "version = excluded.version, rev = excluded.rev, case_seq = excluded.case_seq, "
    "opened_at = excluded.opened_at, closed_at = excluded.closed_at, due_at = excluded.due_at, "
    "last_seq = excluded.last_seq, last_at = excluded.last_at, "
    "stuck = excluded.stuck, workflow = excluded.workflow, rules = excluded.rules, "
    "project = excluded.project, client = excluded.client, opener = excluded.opener, "
    "owner = excluded.owner, \"group\" = excluded.\"group\", priority = excluded.priority, "
    "outcome = excluded.outcome, states = excluded.states, last_hash = excluded.last_hash, "
    "text = excluded.text, document = excluded.document, fields = excluded.fields";

static enum sgn_status
send_case_rows(struct store_postgres_conn *conn, const char *team,
               const struct store_postgres_case_out *cases, int n, struct sgn_error *err)
{
    const void **things = calloc((size_t)n, sizeof(void *));
    struct store_postgres_params params;
    struct sgn_buf *array;
    enum sgn_status st;

    if (things == NULL)
        return sgn_nomem(err);
    for (int i = 0; i < n; i++)
        things[i] = cases[i].row;
    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    store_postgres_members(&params, case_members, sizeof case_members / sizeof case_members[0],
                           things, n);
    array = store_postgres_array(&params, STORE_PG_TEXT, n);
    for (int i = 0; i < n; i++)
        store_postgres_put_text(array, cases[i].order);
    array = store_postgres_array(&params, STORE_PG_TEXT, n);
    for (int i = 0; i < n; i++)
        store_postgres_put_text(array, cases[i].fields);
    st = store_postgres_send(conn, case_sql, &params, false, err);
    store_postgres_params_deinit(&params);
    free(things);
    return st;
}

/* ---- what fires ---- */

/* When a case fires next; what has ended does not. */
static int64_t
next_at(const struct store_case *row)
{
    return row->outcome == NULL ? row->next_at : 0;
}

static enum sgn_status
send_due(struct store_postgres_conn *conn, const char *team,
         const struct store_postgres_case_out *cases, int n, struct sgn_error *err)
{
    struct store_postgres_params params;
    struct sgn_buf *keys, *times;
    enum sgn_status st;
    int total = 0;

    for (int i = 0; i < n; i++)
        total += cases[i].due_other ? 1 : 0;
    if (total == 0)
        return SGN_OK;
    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    keys = store_postgres_array(&params, STORE_PG_TEXT, total);
    times = store_postgres_array(&params, STORE_PG_INT8, total);
    for (int i = 0; i < n; i++) {
        if (!cases[i].due_other)
            continue;
        store_postgres_put_text(keys, cases[i].row->key);
        store_postgres_put_int(times, cases[i].now.next_at);
    }
    st = store_postgres_send(conn,
                             "INSERT INTO due(team, key, next_at) SELECT $1, t.* FROM "
                             "unnest($2::text[], $3::bigint[]) t ON CONFLICT(team, key) DO UPDATE "
                             "SET next_at = excluded.next_at WHERE due.next_at <> excluded.next_at",
                             &params, false, err);
    store_postgres_params_deinit(&params);
    return st;
}

/* ---- fields ---- */

/* The indexed fields without those that are null, true and false as numbers, in the order of their
 * names; NULL when there are none. */
static enum sgn_status
fields_text(const struct store_case *row, char **out, struct sgn_error *err)
{
    json_t *fields = json_object(), *value = NULL;
    const char *name = NULL;
    enum sgn_status st = fields == NULL ? sgn_nomem(err) : SGN_OK;

    *out = NULL;
    json_object_foreach((json_t *)(uintptr_t)row->indexed, name, value) {
        if (st != SGN_OK || json_is_null(value))
            continue;
        if (json_is_boolean(value))
            json_object_set_new(fields, name, json_integer(json_is_true(value) ? 1 : 0));
        else if (json_is_string(value) || json_is_integer(value))
            json_object_set(fields, name, value);
        else
            st = sgn_fail(err, SGN_INTERNAL,
                          "case %s: indexed field %s is neither text nor integer", row->key, name);
    }
    if (st == SGN_OK && json_object_size(fields) > 0) {
        *out = json_dumps(fields, JSON_COMPACT | JSON_SORT_KEYS);
        st = *out == NULL ? sgn_nomem(err) : SGN_OK;
    }
    json_decref(fields);
    return st;
}

/* What the row's column says no more is removed; it must go out before the rows. Written as
 * questions about one case each: as a join the planner might begin with all that the team has. */
static enum sgn_status
send_fields_gone(struct store_postgres_conn *conn, const char *team,
                 const struct store_postgres_case_out *cases, int n, struct sgn_error *err)
{
    struct store_postgres_params params;
    struct sgn_buf *keys, *fields;
    enum sgn_status st;
    int total = 0;

    for (int i = 0; i < n; i++)
        total += cases[i].fields_other ? 1 : 0;
    if (total == 0)
        return SGN_OK;
    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    keys = store_postgres_array(&params, STORE_PG_TEXT, total);
    fields = store_postgres_array(&params, STORE_PG_TEXT, total);
    for (int i = 0; i < n; i++) {
        if (!cases[i].fields_other)
            continue;
        store_postgres_put_text(keys, cases[i].row->key);
        store_postgres_put_text(fields, cases[i].fields);
    }
    st = store_postgres_send(conn,
                             "DELETE FROM case_field WHERE team = $1 AND \"case\" = ANY(ARRAY("
                             "SELECT t.key FROM unnest($2::text[], $3::text[]) AS t(key, fields) "
                             "WHERE (SELECT c.fields FROM case_ c WHERE c.team = $1 "
                             "AND c.key = t.key) IS DISTINCT FROM t.fields))",
                             &params, false, err);
    store_postgres_params_deinit(&params);
    return st;
}

/* Those that are there already are right: what changed was removed before. */
static enum sgn_status
send_fields(struct store_postgres_conn *conn, const char *team,
            const struct store_postgres_case_out *cases, int n, struct sgn_error *err)
{
    struct store_postgres_params params;
    struct sgn_buf *keys, *names, *values, *numbers;
    enum sgn_status st;
    int total = 0;

    for (int i = 0; i < n; i++) {
        const char *name = NULL;
        json_t *value = NULL;

        if (!cases[i].fields_other)
            continue;
        json_object_foreach((json_t *)(uintptr_t)cases[i].row->indexed, name, value)
            total += json_is_null(value) ? 0 : 1;
    }
    if (total == 0)
        return SGN_OK;
    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    keys = store_postgres_array(&params, STORE_PG_TEXT, total);
    names = store_postgres_array(&params, STORE_PG_TEXT, total);
    values = store_postgres_array(&params, STORE_PG_TEXT, total);
    numbers = store_postgres_array(&params, STORE_PG_INT8, total);
    for (int i = 0; i < n; i++) {
        const char *name = NULL;
        json_t *value = NULL;

        json_object_foreach((json_t *)(uintptr_t)cases[i].row->indexed, name, value) {
            if (json_is_null(value) || !cases[i].fields_other)
                continue;
            store_postgres_put_text(keys, cases[i].row->key);
            store_postgres_put_text(names, name);
            store_postgres_put_text(values, json_string_value(value));
            if (json_is_string(value))
                store_postgres_put_null(numbers);
            else
                store_postgres_put_int(numbers, json_is_integer(value) ? json_integer_value(value)
                                                                       : json_is_true(value));
        }
    }
    st = store_postgres_send(conn,
                             "INSERT INTO case_field(team, \"case\", field, value, number) "
                             "SELECT $1, t.* FROM unnest($2::text[], $3::text[], $4::text[], "
                             "$5::bigint[]) t ON CONFLICT DO NOTHING",
                             &params, false, err);
    store_postgres_params_deinit(&params);
    return st;
}

/* ---- what cases wait for ---- */

enum {
    WAITING_COLUMNS = 11
};
/* Those that come from the row itself; before them the case, its number and its project. */
static const struct store_column waiting_columns[WAITING_COLUMNS] = {
    { "kind", STORE_TEXT },  { "person", STORE_TEXT }, { "role", STORE_TEXT },
    { "group", STORE_TEXT }, { "state", STORE_TEXT },  { "since", STORE_INT },
    { "due", STORE_INT },    { "clock", STORE_TEXT },  { "working", STORE_BOOL },
    { "left", STORE_INT },   { "why", STORE_TEXT },
};
#define WAITING_NEW                                                                                \
    "(excluded.project, excluded.kind, excluded.person, excluded.role, excluded.\"group\", "       \
    "excluded.state, excluded.since, excluded.due, excluded.clock, excluded.working, "             \
    "excluded.\"left\", excluded.why)"
static const char waiting_sql[] =
    "INSERT INTO waiting(team, \"case\", n, project, kind, person, role, \"group\", state, since, "
    "due, clock, working, \"left\", why) SELECT $1, t.* FROM unnest($2::text[], $3::bigint[], "
    "$4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[], "
    "$11::bigint[], $12::text[], $13::bigint[], $14::bigint[], $15::text[]) t "
    "ON CONFLICT(team, \"case\", n) DO UPDATE SET (project, kind, person, role, \"group\", state, "
    "since, due, clock, working, \"left\", why) = ROW" WAITING_NEW
    " WHERE (waiting.project, waiting.kind, waiting.person, waiting.role, waiting.\"group\", "
    "waiting.state, waiting.since, waiting.due, waiting.clock, waiting.working, waiting.\"left\", "
    "waiting.why) IS DISTINCT FROM " WAITING_NEW;

/* A value of another type than the column's is none, as on SQLite. */
static void
put_waiting(struct sgn_buf *array, const struct store_column *column, const json_t *value)
{
    if (column->type == STORE_TEXT)
        store_postgres_put_text(array, json_string_value(value));
    else if (column->type == STORE_INT && json_is_integer(value))
        store_postgres_put_int(array, json_integer_value(value));
    else if (column->type == STORE_BOOL && json_is_boolean(value))
        store_postgres_put_int(array, json_is_true(value) ? 1 : 0);
    else
        store_postgres_put_null(array);
}

static enum sgn_status
send_waiting(struct store_postgres_conn *conn, const char *team,
             const struct store_postgres_case_out *cases, int n, struct sgn_error *err)
{
    struct store_postgres_params params;
    struct sgn_buf *keys, *numbers, *projects, *columns[WAITING_COLUMNS];
    enum sgn_status st;
    int64_t total = 0;

    for (int i = 0; i < n; i++)
        total += cases[i].waiting_other ? cases[i].now.n_waiting : 0;
    if (total == 0)
        return SGN_OK;
    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    keys = store_postgres_array(&params, STORE_PG_TEXT, (int)total);
    numbers = store_postgres_array(&params, STORE_PG_INT8, (int)total);
    projects = store_postgres_array(&params, STORE_PG_TEXT, (int)total);
    for (int i = 0; i < WAITING_COLUMNS; i++)
        columns[i] = store_postgres_array(
            &params, waiting_columns[i].type == STORE_TEXT ? STORE_PG_TEXT : STORE_PG_INT8,
            (int)total);
    for (int i = 0; i < n; i++) {
        size_t w = 0;
        json_t *one = NULL;

        json_array_foreach(cases[i].waiting_other ? cases[i].row->waiting : NULL, w, one) {
            store_postgres_put_text(keys, cases[i].row->key);
            store_postgres_put_int(numbers, (int64_t)w);
            store_postgres_put_text(projects, cases[i].row->project);
            for (int column = 0; column < WAITING_COLUMNS; column++)
                put_waiting(columns[column], &waiting_columns[column],
                            json_object_get(one, waiting_columns[column].name));
        }
    }
    st = store_postgres_send(conn, waiting_sql, &params, false, err);
    store_postgres_params_deinit(&params);
    return st;
}

/* Rows whose number a case has no more. */
static enum sgn_status
send_waiting_gone(struct store_postgres_conn *conn, const char *team,
                  const struct store_postgres_case_out *cases, int n, struct sgn_error *err)
{
    struct store_postgres_params params;
    struct sgn_buf *keys, *numbers;
    enum sgn_status st;
    int total = 0;

    for (int i = 0; i < n; i++)
        total += cases[i].waiting_fewer ? 1 : 0;
    if (total == 0)
        return SGN_OK;
    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    keys = store_postgres_array(&params, STORE_PG_TEXT, total);
    numbers = store_postgres_array(&params, STORE_PG_INT8, total);
    for (int i = 0; i < n; i++) {
        if (!cases[i].waiting_fewer)
            continue;
        store_postgres_put_text(keys, cases[i].row->key);
        store_postgres_put_int(numbers, cases[i].now.n_waiting);
    }
    st = store_postgres_send(conn,
                             "DELETE FROM waiting w WHERE w.team = $1 AND w.\"case\" = ANY(ARRAY("
                             "SELECT t.key FROM unnest($2::text[], $3::bigint[]) AS t(key, n) "
                             "WHERE (SELECT max(x.n) FROM waiting x WHERE x.team = $1 "
                             "AND x.\"case\" = t.key) >= t.n)) AND w.n >= "
                             "(SELECT t.n FROM unnest($2::text[], $3::bigint[]) AS t(key, n) "
                             "WHERE t.key = w.\"case\")",
                             &params, false, err);
    store_postgres_params_deinit(&params);
    return st;
}

/* ---- all of a case ---- */

static uint64_t
hash_text(const char *text, uint64_t hash)
{
    /* 0xff: where it ends */
    return (sgn_text_hash(hash, text != NULL ? text : "") ^ 0xff) * SGN_TEXT_PRIME;
}

static enum sgn_status
hash_json(const json_t *value, uint64_t *out, struct sgn_error *err)
{
    char *text = value == NULL ? NULL : sgn_json_text(value);

    if (value != NULL && text == NULL)
        return sgn_nomem(err);
    *out = hash_text(text, SGN_TEXT_HASH);
    free(text);
    return SGN_OK;
}

/* The numbers of the entries that each case had before this unit: {case: previous}. */
static json_t *
previous_entries(const struct store_unit *unit)
{
    json_t *previous = json_object();

    for (int i = 0; previous != NULL && i < unit->n_entries; i++) {
        const struct store_entry *entry = &unit->entries[i];

        if (entry->case_key != NULL && json_object_get(previous, entry->case_key) == NULL)
            json_object_set_new(previous, entry->case_key, json_integer(entry->previous));
    }
    return previous;
}

/*
 * Compares with what this connection wrote last. The row of a case is written with an entry of
 * it, so what was written with the entry before this one is what is there. Of any other case, a
 * new one too, the server must look.
 */
static enum sgn_status
compare(struct store_postgres *store, struct store_postgres_case_out *one, const json_t *previous,
        struct sgn_error *err)
{
    const struct store_case *row = one->row;
    const struct store_postgres_known *then;
    int64_t before = previous == NULL ? -1 : json_integer_value(previous);
    enum sgn_status st = hash_json(row->waiting, &one->now.waiting, err);

    one->now.name = hash_text(row->key, hash_text(row->team, SGN_TEXT_HASH));
    one->now.fields = hash_text(one->fields, SGN_TEXT_HASH);
    one->now.waiting = hash_text(row->project, one->now.waiting);
    one->now.last_seq = row->last_seq;
    one->now.n_waiting = (int)json_array_size(row->waiting);
    one->now.next_at = next_at(row);
    then = &store->known[one->now.name % STORE_POSTGRES_KNOWN];
    one->look = before <= 0 || then->name != one->now.name || then->last_seq != before;
    one->due_other = one->look || then->next_at != one->now.next_at;
    one->fields_other = one->look || then->fields != one->now.fields;
    one->waiting_other = one->look || then->waiting != one->now.waiting;
    one->waiting_fewer = one->look || then->n_waiting > one->now.n_waiting;
    return st;
}

/* Of several rows of one case the last one counts, and one statement must not write a row twice. */
enum sgn_status
store_postgres_cases_collect(struct store_postgres *store, const struct store_unit *unit,
                             struct store_postgres_cases *out, struct sgn_error *err)
{
    json_t *seen = json_object(), *previous = previous_entries(unit);
    enum sgn_status st = SGN_OK;

    *out = (struct store_postgres_cases){ .n = 0 };
    out->items = calloc((size_t)unit->n_cases + 1, sizeof *out->items);
    if (seen == NULL || previous == NULL || out->items == NULL) {
        json_decref(seen);
        json_decref(previous);
        return sgn_nomem(err);
    }
    for (int i = unit->n_cases - 1; st == SGN_OK && i >= 0; i--) {
        struct store_postgres_case_out *one = &out->items[out->n];

        if (json_object_get(seen, unit->cases[i].key) != NULL)
            continue;
        json_object_set_new(seen, unit->cases[i].key, json_true());
        one->row = &unit->cases[i];
        store_key_order(one->row->key, one->order);
        st = fields_text(one->row, &one->fields, err);
        if (st == SGN_OK)
            st = compare(store, one, json_object_get(previous, one->row->key), err);
        if (one->now.next_at > 0 && (out->first == 0 || one->now.next_at < out->first))
            out->first = one->now.next_at;
        out->n++;
    }
    json_decref(seen);
    json_decref(previous);
    return st;
}

enum sgn_status
store_postgres_cases_send(struct store_postgres_conn *conn, const char *team,
                          const struct store_postgres_cases *cases, struct sgn_error *err)
{
    static enum sgn_status (*const parts[])(struct store_postgres_conn * conn, const char *team,
                                            const struct store_postgres_case_out *cases, int n,
                                            struct sgn_error *err) = {
        send_fields_gone, send_case_rows, send_due, send_fields, send_waiting_gone, send_waiting
    };
    enum sgn_status st = SGN_OK;

    for (size_t i = 0; st == SGN_OK && cases->n > 0 && i < sizeof parts / sizeof parts[0]; i++)
        st = parts[i](conn, team, cases->items, cases->n, err);
    return st;
}

/* Forgotten again if it is not committed. */
void
store_postgres_cases_done(struct store_postgres *store, struct store_postgres_cases *cases)
{
    for (int i = 0; i < cases->n; i++) {
        store->known[cases->items[i].now.name % STORE_POSTGRES_KNOWN] = cases->items[i].now;
        free(cases->items[i].fields);
    }
    free(cases->items);
}
