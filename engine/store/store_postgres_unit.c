/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of a unit as statements with arrays: entries, cases with their fields and what they
 * wait for, data rows, the head. Begins and ends nothing; what a failure means is
 * store_postgres_write.c's business.
 *
 * What a case's fields and waiting rows were is compared on the server, so that a transition that
 * did not change them writes no row of theirs.
 */
#include "store_postgres.h"

#include "json.h"
#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* How a member of a struct becomes an element of an array. */
enum member_kind {
    TEXT,
    TEXT_OR_EMPTY, /* NULL is "" */
    INT,
    FLAG,  /* 1 or 0 */
    BYTES, /* struct store_bytes */
    SALT   /* 16 bytes, or NULL */
};

struct member {
    enum member_kind kind;
    size_t offset;
};

static void
put_member(struct sgn_buf *array, const struct member *member, const void *of)
{
    const char *at = (const char *)of + member->offset;
    const char *text = NULL;
    struct store_bytes bytes;
    const unsigned char *salt;

    switch (member->kind) {
    case TEXT:
    case TEXT_OR_EMPTY:
        memcpy(&text, at, sizeof text);
        store_postgres_put_text(array, text == NULL && member->kind == TEXT_OR_EMPTY ? "" : text);
        break;
    case INT: {
        int64_t n;

        memcpy(&n, at, sizeof n);
        store_postgres_put_int(array, n);
        break;
    }
    case FLAG:
        store_postgres_put_int(array, *(const bool *)at ? 1 : 0);
        break;
    case BYTES:
        memcpy(&bytes, at, sizeof bytes);
        store_postgres_put_bytes(array, bytes.bytes, bytes.n);
        break;
    case SALT:
        memcpy(&salt, at, sizeof salt);
        store_postgres_put_bytes(array, salt, 16);
        break;
    }
}

static enum store_postgres_type
element_of(enum member_kind kind)
{
    return kind == TEXT || kind == TEXT_OR_EMPTY ? STORE_PG_TEXT
           : kind == INT || kind == FLAG         ? STORE_PG_INT8
                                                 : STORE_PG_BYTEA;
}

/* A parameter per member: an array over things, which are structs of one size or pointers. */
static void
put_members(struct store_postgres_params *params, const struct member *members, size_t n_members,
            const void *const *things, int n)
{
    for (size_t m = 0; m < n_members; m++) {
        struct sgn_buf *array = store_postgres_array(params, element_of(members[m].kind), n);

        for (int i = 0; i < n; i++)
            put_member(array, &members[m], things[i]);
    }
}

/* ---- entries ---- */

#define E(kind, name)                                                                              \
    {                                                                                              \
        kind, offsetof(struct store_entry, name)                                                   \
    }
static const struct member entry_members[] = {
    E(INT, seq),
    E(INT, case_seq),
    E(INT, previous),
    E(INT, at),
    E(FLAG, has_effects),
    E(TEXT, case_key),
    E(TEXT, kind),
    E(TEXT, actor),
    E(TEXT, hash),
    E(TEXT, request),
    E(TEXT, request_digest),
    E(SALT, shared_salt),
    E(SALT, internal_salt),
    E(BYTES, header),
    E(BYTES, shared),
    E(BYTES, internal),
};
static const char entry_sql[] =
    "INSERT INTO entry(team, seq, case_seq, previous, at, effects, case_key, kind, actor, hash, "
    "request, request_digest, shared_salt, internal_salt, header, shared, internal) "
    "SELECT $1, t.* FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], "
    "$6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], "
    "$13::bytea[], $14::bytea[], $15::bytea[], $16::bytea[], $17::bytea[]) t";

static enum sgn_status
send_entries(struct store_postgres_conn *conn, const char *team, const struct store_unit *unit,
             const void **things, struct sgn_error *err)
{
    struct store_postgres_params params;
    enum sgn_status st = SGN_OK;

    if (unit->n_entries == 0)
        return SGN_OK;
    for (int i = 0; i < unit->n_entries; i++)
        things[i] = &unit->entries[i];
    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    put_members(&params, entry_members, sizeof entry_members / sizeof entry_members[0], things,
                unit->n_entries);
    st = store_postgres_send(conn, entry_sql, &params, false, err);
    store_postgres_params_deinit(&params);
    return st;
}

/* ---- cases ---- */

/* A case with what its row holds besides the struct's members. */
struct case_out {
    const struct store_case *row;
    char order[STORE_KEY_ORDER];
    char *fields; /* JSON of the indexed ones */
    int64_t n_waiting;
};

#define C(kind, name)                                                                              \
    {                                                                                              \
        kind, offsetof(struct store_case, name)                                                    \
    }
static const struct member case_members[] = {
    C(TEXT, key),
    C(INT, version),
    C(INT, rev),
    C(INT, case_seq),
    C(INT, opened_at),
    C(INT, closed_at),
    C(INT, due_at),
    C(INT, next_at),
    C(INT, last_seq),
    C(INT, last_at),
    C(FLAG, stuck),
    C(TEXT, workflow),
    C(TEXT, rules),
    C(TEXT, project),
    C(TEXT, client),
    C(TEXT, opener),
    C(TEXT, owner),
    C(TEXT, group),
    C(TEXT, priority),
    C(TEXT, outcome),
    C(TEXT, states),
    C(TEXT_OR_EMPTY, last_hash),
    C(TEXT_OR_EMPTY, text),
    C(TEXT, document),
};
/* The whole row, also where little changed: a row has one writer, and no column can be forgotten.
 */
static const char case_sql[] =
    "INSERT INTO case_(team, key, version, rev, case_seq, opened_at, closed_at, due_at, next_at, "
    "last_seq, last_at, stuck, workflow, rules, project, client, opener, owner, \"group\", "
    "priority, outcome, states, last_hash, text, document, key_order, fields) "
    "SELECT $1, t.* FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], "
    "$6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], "
    "$12::bigint[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], "
    "$19::text[], $20::text[], $21::text[], $22::text[], $23::text[], $24::text[], $25::text[], "
    "$26::text[], $27::text[]) t ON CONFLICT(team, key) DO UPDATE SET "
    "version = excluded.version, rev = excluded.rev, case_seq = excluded.case_seq, "
    "opened_at = excluded.opened_at, closed_at = excluded.closed_at, due_at = excluded.due_at, "
    "next_at = excluded.next_at, last_seq = excluded.last_seq, last_at = excluded.last_at, "
    "stuck = excluded.stuck, workflow = excluded.workflow, rules = excluded.rules, "
    "project = excluded.project, client = excluded.client, opener = excluded.opener, "
    "owner = excluded.owner, \"group\" = excluded.\"group\", priority = excluded.priority, "
    "outcome = excluded.outcome, states = excluded.states, last_hash = excluded.last_hash, "
    "text = excluded.text, document = excluded.document, fields = excluded.fields";

static enum sgn_status
send_case_rows(struct store_postgres_conn *conn, const char *team, const struct case_out *cases,
               int n, const void **things, struct sgn_error *err)
{
    struct store_postgres_params params;
    struct sgn_buf *array;
    enum sgn_status st;

    for (int i = 0; i < n; i++)
        things[i] = cases[i].row;
    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    put_members(&params, case_members, sizeof case_members / sizeof case_members[0], things, n);
    array = store_postgres_array(&params, STORE_PG_TEXT, n);
    for (int i = 0; i < n; i++)
        store_postgres_put_text(array, cases[i].order);
    array = store_postgres_array(&params, STORE_PG_TEXT, n);
    for (int i = 0; i < n; i++)
        store_postgres_put_text(array, cases[i].fields);
    st = store_postgres_send(conn, case_sql, &params, false, err);
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

/* What the row's column says no more is removed; it must go out before the rows. */
static enum sgn_status
send_fields_gone(struct store_postgres_conn *conn, const char *team, const struct case_out *cases,
                 int n, struct sgn_error *err)
{
    struct store_postgres_params params;
    struct sgn_buf *keys, *fields;
    enum sgn_status st;

    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    keys = store_postgres_array(&params, STORE_PG_TEXT, n);
    fields = store_postgres_array(&params, STORE_PG_TEXT, n);
    for (int i = 0; i < n; i++) {
        store_postgres_put_text(keys, cases[i].row->key);
        store_postgres_put_text(fields, cases[i].fields);
    }
    st = store_postgres_send(conn,
                             "DELETE FROM case_field f USING unnest($2::text[], $3::text[]) "
                             "AS t(key, fields) JOIN case_ c ON c.team = $1 AND c.key = t.key "
                             "WHERE c.fields IS DISTINCT FROM t.fields AND f.team = $1 "
                             "AND f.\"case\" = t.key",
                             &params, false, err);
    store_postgres_params_deinit(&params);
    return st;
}

/* Those that are there already are right: what changed was removed before. */
static enum sgn_status
send_fields(struct store_postgres_conn *conn, const char *team, const struct case_out *cases, int n,
            struct sgn_error *err)
{
    struct store_postgres_params params;
    struct sgn_buf *keys, *names, *values, *numbers;
    enum sgn_status st;
    int total = 0;

    for (int i = 0; i < n; i++) {
        const char *name = NULL;
        json_t *value = NULL;

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
            if (json_is_null(value))
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
send_waiting(struct store_postgres_conn *conn, const char *team, const struct case_out *cases,
             int n, struct sgn_error *err)
{
    struct store_postgres_params params;
    struct sgn_buf *keys, *numbers, *projects, *columns[WAITING_COLUMNS];
    enum sgn_status st;
    int64_t total = 0;

    for (int i = 0; i < n; i++)
        total += cases[i].n_waiting;
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

        json_array_foreach(cases[i].row->waiting, w, one) {
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
send_waiting_gone(struct store_postgres_conn *conn, const char *team, const struct case_out *cases,
                  int n, struct sgn_error *err)
{
    struct store_postgres_params params;
    struct sgn_buf *keys, *numbers;
    enum sgn_status st;

    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    keys = store_postgres_array(&params, STORE_PG_TEXT, n);
    numbers = store_postgres_array(&params, STORE_PG_INT8, n);
    for (int i = 0; i < n; i++) {
        store_postgres_put_text(keys, cases[i].row->key);
        store_postgres_put_int(numbers, cases[i].n_waiting);
    }
    st = store_postgres_send(conn,
                             "DELETE FROM waiting w USING unnest($2::text[], $3::bigint[]) "
                             "AS t(key, n) WHERE w.team = $1 AND w.\"case\" = t.key AND w.n >= t.n",
                             &params, false, err);
    store_postgres_params_deinit(&params);
    return st;
}

/* ---- all of a case ---- */

/* Of several rows of one case the last one counts, and one statement must not write a row twice. */
static enum sgn_status
collect_cases(const struct store_unit *unit, struct case_out *out, int *n, struct sgn_error *err)
{
    json_t *seen = json_object();
    enum sgn_status st = seen == NULL ? sgn_nomem(err) : SGN_OK;

    *n = 0;
    for (int i = unit->n_cases - 1; st == SGN_OK && i >= 0; i--) {
        struct case_out *one = &out[*n];

        if (json_object_get(seen, unit->cases[i].key) != NULL)
            continue;
        json_object_set_new(seen, unit->cases[i].key, json_true());
        *one = (struct case_out){ .row = &unit->cases[i] };
        one->n_waiting = (int64_t)json_array_size(one->row->waiting);
        store_key_order(one->row->key, one->order);
        st = fields_text(one->row, &one->fields, err);
        (*n)++;
    }
    json_decref(seen);
    return st;
}

static enum sgn_status
send_cases(struct store_postgres_conn *conn, const char *team, const struct case_out *cases, int n,
           const void **things, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    if (n == 0)
        return SGN_OK;
    st = send_fields_gone(conn, team, cases, n, err);
    if (st == SGN_OK)
        st = send_case_rows(conn, team, cases, n, things, err);
    if (st == SGN_OK)
        st = send_fields(conn, team, cases, n, err);
    if (st == SGN_OK)
        st = send_waiting_gone(conn, team, cases, n, err);
    if (st == SGN_OK)
        st = send_waiting(conn, team, cases, n, err);
    return st;
}

/* ---- the head ---- */

/* What the unit makes of the head, and when its cases fire first (0: never). */
static int64_t
move_head(struct store_postgres_held *held, const struct store_unit *unit,
          const struct case_out *cases, int n_cases)
{
    int64_t first = 0;

    for (int i = 0; i < unit->n_entries; i++) {
        const struct store_entry *entry = &unit->entries[i];

        /* A gap or a double in the numbers would break the chain for good: the process ends
         * before it. */
        assert(strcmp(entry->team, held->team) == 0 && entry->seq == held->head.seq + 1);
        held->head.seq = entry->seq;
        held->head.at = entry->at;
        memcpy(held->head.hash, entry->hash, sizeof held->head.hash);
        if (strcmp(entry->kind, "data") == 0)
            held->head.data_seq = entry->seq;
        if (entry->opens_or_ends)
            held->head.case_seq = entry->seq;
        if (entry->case_seq == 1)
            held->cases++;
    }
    for (int i = 0; i < n_cases; i++) {
        const struct store_case *row = cases[i].row;

        if (row->outcome == NULL && row->next_at > 0 && (first == 0 || row->next_at < first))
            first = row->next_at;
    }
    return first;
}

/* When the first of all of the team's cases fires is looked up only where the unit cannot tell:
 * where it did not bring a case that fires no later than what was first until now. */
static enum sgn_status
send_head(struct store_postgres_conn *conn, const struct store_postgres_held *before,
          const struct store_unit *unit, const struct case_out *cases, int n_cases,
          struct sgn_error *err)
{
    struct store_postgres_held held = *before;
    struct store_postgres_params params;
    int64_t first = move_head(&held, unit, cases, n_cases);
    bool known =
        n_cases == 0 || (before->next_due == 0 ? true : first > 0 && first <= before->next_due);

    if (n_cases > 0 && known)
        held.next_due = first;
    store_postgres_params_init(&params);
    store_postgres_text(&params, held.team);
    store_postgres_int(&params, held.head.seq);
    store_postgres_text(&params, held.head.hash);
    store_postgres_int(&params, held.head.at);
    store_postgres_int(&params, held.head.data_seq);
    store_postgres_int(&params, held.head.case_seq);
    store_postgres_int(&params, held.cases);
    if (known)
        store_postgres_int(&params, held.next_due);
#define SET_HEAD                                                                                   \
    "UPDATE head SET seq = $2, hash = $3, at = $4, data_seq = $5, case_seq = $6, cases = $7, "     \
    "next_due = "
    return store_postgres_send(conn,
                               known ? SET_HEAD "$8 WHERE team = $1"
                                     : SET_HEAD "coalesce((SELECT c.next_at FROM case_ c "
                                                "WHERE c.team = $1 AND c.next_at > 0 "
                                                "AND c.outcome IS NULL "
                                                "ORDER BY c.team, c.next_at LIMIT 1), 0) "
                                                "WHERE team = $1",
                               &params, false, err);
}

/* ---- the unit ---- */

/* The head stands last: it says what the other rows made of it. */
enum sgn_status
store_postgres_unit_send(struct store_postgres_conn *conn, const struct store_postgres_held *held,
                         const struct store_unit *unit, struct sgn_error *err)
{
    size_t most = (size_t)(unit->n_entries > unit->n_cases ? unit->n_entries : unit->n_cases) + 1;
    struct case_out *cases = calloc((size_t)unit->n_cases + 1, sizeof *cases);
    const void **things = calloc(most, sizeof(void *));
    int n = 0;
    enum sgn_status st =
        cases == NULL || things == NULL ? sgn_nomem(err) : store_postgres_rows_check(unit, err);

    if (st == SGN_OK)
        st = collect_cases(unit, cases, &n, err);
    if (st == SGN_OK)
        st = send_entries(conn, held->team, unit, things, err);
    if (st == SGN_OK)
        st = send_cases(conn, held->team, cases, n, things, err);
    if (st == SGN_OK)
        st = store_postgres_rows_send(conn, unit, err);
    if (st == SGN_OK && held->team[0] != '\0')
        st = send_head(conn, held, unit, cases, n, err);
    for (int i = 0; cases != NULL && i < unit->n_cases; i++)
        free(cases[i].fields);
    free(cases);
    free(things);
    return st;
}
