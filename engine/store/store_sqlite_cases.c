/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing a case: its row, its indexed fields, what it waits for.
 */
#include "store_sqlite_writing.h"

#include "json.h"
#include <string.h>

#define CASE_COLUMNS                                                                               \
    "id, team, key, key_order, workflow, rules, project, client, opener, owner, \"group\", "       \
    "priority, "                                                                                   \
    "outcome, states, version, rev, case_seq, opened_at, closed_at, due_at, next_at, stuck, "      \
    "last_seq, "                                                                                   \
    "last_hash, last_at, text, document"
/* Its key columns and those that never change are left as they are. */
#define CASE_UPDATE                                                                                \
    "workflow = excluded.workflow, rules = excluded.rules, project = excluded.project, "           \
    "client = excluded.client, opener = excluded.opener, owner = excluded.owner, "                 \
    "\"group\" = excluded.\"group\", priority = excluded.priority, outcome = excluded.outcome, "   \
    "states = excluded.states, version = excluded.version, rev = excluded.rev, "                   \
    "case_seq = excluded.case_seq, opened_at = excluded.opened_at, "                               \
    "closed_at = excluded.closed_at, due_at = excluded.due_at, next_at = excluded.next_at, stuck " \
    "= excluded.stuck, "                                                                           \
    "last_seq = excluded.last_seq, last_hash = excluded.last_hash, last_at = excluded.last_at, "   \
    "text = excluded.text, document = excluded.document"

/* The whole row, also where little changed: a row has one writer, and no column can be
 * forgotten. */
static enum sgn_status
put_case_row(struct store_sqlite_writing *w, const struct store_case *row, int64_t id,
             struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    char order[STORE_KEY_ORDER];
    enum sgn_status st =
        store_sqlite_write_prepare(w,
                                   "INSERT INTO case_(" CASE_COLUMNS ") VALUES"
                                   "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
                                   "ON CONFLICT(team, key) DO UPDATE SET " CASE_UPDATE,
                                   &bind.stmt, err);

    if (st != SGN_OK)
        return st;
    /* Borrowed by the statement until it has run: order must live as long. */
    store_key_order(row->key, order);
    const char *const texts[] = { row->team,  row->key,     order,         row->workflow,
                                  row->rules, row->project, row->client,   row->opener,
                                  row->owner, row->group,   row->priority, row->outcome,
                                  row->states };
    const int64_t ints[] = { row->version,   row->rev,           row->case_seq,
                             row->opened_at, row->closed_at,     row->due_at,
                             row->next_at,   row->stuck ? 1 : 0, row->last_seq };

    store_sqlite_bind_int(&bind, id);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        store_sqlite_bind_text(&bind, texts[i]);
    for (size_t i = 0; i < sizeof ints / sizeof ints[0]; i++)
        store_sqlite_bind_int(&bind, ints[i]);
    store_sqlite_bind_text(&bind, row->last_hash == NULL ? "" : row->last_hash);
    store_sqlite_bind_int(&bind, row->last_at);
    store_sqlite_bind_text(&bind, row->text == NULL ? "" : row->text);
    store_sqlite_bind_text(&bind, row->document);
    st = store_sqlite_write_run(w, &bind, "writing a case", err);
    store_sqlite_done(w->conn, bind.stmt);
    return st;
}

/* What changes in a case that goes on; the rest must be as it was. SQLite writes every index that
 * has one of the columns that are set, also where its value stays: of four only one is left. The
 * signs keep the conditions from choosing another index than the key's. */
#define CASE_GOES_ON                                                                               \
    "UPDATE case_ SET rules = ?, client = ?, owner = ?, \"group\" = ?, priority = ?, states = ?, " \
    "version = ?, rev = ?, case_seq = ?, due_at = ?, next_at = ?, stuck = ?, last_seq = ?, "       \
    "last_hash = ?, last_at = ?, text = ?, document = ? "                                          \
    "WHERE team = ? AND key = ? AND +outcome IS NULL AND +workflow = ? AND +project IS ? "         \
    "AND +opener IS ? AND +opened_at = ? AND +closed_at = ?"

static void
bind_what_goes_on(struct store_sqlite_bind *bind, const struct store_case *row)
{
    const char *const texts[] = { row->rules, row->client,   row->owner,
                                  row->group, row->priority, row->states };
    const int64_t ints[] = { row->version, row->rev,           row->case_seq, row->due_at,
                             row->next_at, row->stuck ? 1 : 0, row->last_seq };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        store_sqlite_bind_text(bind, texts[i]);
    for (size_t i = 0; i < sizeof ints / sizeof ints[0]; i++)
        store_sqlite_bind_int(bind, ints[i]);
    store_sqlite_bind_text(bind, row->last_hash == NULL ? "" : row->last_hash);
    store_sqlite_bind_int(bind, row->last_at);
    store_sqlite_bind_text(bind, row->text == NULL ? "" : row->text);
    store_sqlite_bind_text(bind, row->document);
    store_sqlite_bind_text(bind, row->team);
    store_sqlite_bind_text(bind, row->key);
    store_sqlite_bind_text(bind, row->workflow);
    store_sqlite_bind_text(bind, row->project);
    store_sqlite_bind_text(bind, row->opener);
    store_sqlite_bind_int(bind, row->opened_at);
    store_sqlite_bind_int(bind, row->closed_at);
}

/* Most cases that are written are open, and were. What that statement does not find is written
 * whole. */
static enum sgn_status
write_case_row(struct store_sqlite_writing *w, const struct store_case *row, int64_t id,
               struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    bool written = false;
    enum sgn_status st = SGN_OK;

    if (!w->fresh && row->case_seq > 1 && row->outcome == NULL) {
        st = store_sqlite_write_prepare(w, CASE_GOES_ON, &bind.stmt, err);
        if (st != SGN_OK)
            return st;
        bind_what_goes_on(&bind, row);
        st = store_sqlite_write_run(w, &bind, "writing a case", err);
        written = st == SGN_OK && sqlite3_changes(w->conn->db) > 0;
        store_sqlite_done(w->conn, bind.stmt);
    }
    return st != SGN_OK || written ? st : put_case_row(w, row, id, err);
}

/* Runs a statement whose two parameters are team and case. */
static enum sgn_status
clear_of_case(struct store_sqlite_writing *w, const char *sql, const struct store_case *row,
              struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    enum sgn_status st = SGN_OK;

    if (w->fresh)
        return SGN_OK;
    st = store_sqlite_write_prepare(w, sql, &bind.stmt, err);
    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, row->team);
    store_sqlite_bind_text(&bind, row->key);
    st = store_sqlite_write_run(w, &bind, "writing a case", err);
    store_sqlite_done(w->conn, bind.stmt);
    return st;
}

/* All of a case's fields are replaced: which ones there are depends on the version of its
 * workflow, so an update alone would leave those of an older version behind. */
static enum sgn_status
write_fields(struct store_sqlite_writing *w, const struct store_case *row, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    sqlite3_stmt *stmt = NULL;
    const char *name = NULL;
    json_t *value = NULL;
    enum sgn_status st =
        clear_of_case(w, "DELETE FROM case_field WHERE team = ? AND \"case\" = ?", row, err);

    if (st != SGN_OK || json_object_size(row->indexed) == 0)
        return st;
    st = store_sqlite_write_prepare(
        w, "INSERT INTO case_field(team, \"case\", field, value) VALUES(?, ?, ?, ?)", &stmt, err);
    if (st != SGN_OK)
        return st;
    /* jansson walks an object only through a pointer that might change it. */
    json_object_foreach((json_t *)(uintptr_t)row->indexed, name, value) {
        if (json_is_null(value))
            continue;
        bind = (struct store_sqlite_bind){ .stmt = stmt };
        store_sqlite_bind_text(&bind, row->team);
        store_sqlite_bind_text(&bind, row->key);
        store_sqlite_bind_text(&bind, name);
        if (json_is_string(value))
            store_sqlite_bind_text(&bind, json_string_value(value));
        else if (json_is_integer(value))
            store_sqlite_bind_int(&bind, json_integer_value(value));
        else if (json_is_boolean(value))
            store_sqlite_bind_int(&bind, json_is_true(value) ? 1 : 0);
        else
            st = sgn_fail(err, SGN_INTERNAL,
                          "case %s: indexed field %s is neither text nor integer", row->key, name);
        if (st == SGN_OK)
            st = store_sqlite_write_run(w, &bind, "writing a case's fields", err);
        if (st != SGN_OK)
            break;
    }
    store_sqlite_done(w->conn, stmt);
    return st;
}

static void
bind_time(struct store_sqlite_bind *bind, const json_t *row, const char *name)
{
    if (json_is_integer(json_object_get(row, name)))
        store_sqlite_bind_int(bind, sgn_json_int(row, name, 0));
    else
        store_sqlite_bind_text(bind, NULL);
}

/* Null is another answer than no. */
static void
bind_flag(struct store_sqlite_bind *bind, const json_t *row, const char *name)
{
    if (json_is_boolean(json_object_get(row, name)))
        store_sqlite_bind_int(bind, sgn_json_true(row, name));
    else
        store_sqlite_bind_text(bind, NULL);
}

/* Likewise whole: who is asked changes as a set. */
static enum sgn_status
write_waiting(struct store_sqlite_writing *w, const struct store_case *row, struct sgn_error *err)
{
    static const char *const texts[] = { "kind", "person", "role", "group", "state" };
    sqlite3_stmt *stmt = NULL;
    size_t i = 0;
    json_t *one = NULL;
    enum sgn_status st =
        clear_of_case(w, "DELETE FROM waiting WHERE team = ? AND \"case\" = ?", row, err);

    if (st != SGN_OK || json_array_size(row->waiting) == 0)
        return st;
    st = store_sqlite_write_prepare(
        w,
        "INSERT INTO waiting(team, \"case\", n, project, kind, person, role, \"group\","
        " state, since, due, clock, working, \"left\", why)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &stmt, err);
    if (st != SGN_OK)
        return st;
    json_array_foreach(row->waiting, i, one) {
        struct store_sqlite_bind bind = { .stmt = stmt };

        store_sqlite_bind_text(&bind, row->team);
        store_sqlite_bind_text(&bind, row->key);
        store_sqlite_bind_int(&bind, (int64_t)i);
        store_sqlite_bind_text(&bind, row->project);
        for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
            store_sqlite_bind_text(&bind, sgn_json_str(one, texts[t]));
        bind_time(&bind, one, "since");
        bind_time(&bind, one, "due");
        store_sqlite_bind_text(&bind, sgn_json_str(one, "clock"));
        bind_flag(&bind, one, "working");
        bind_time(&bind, one, "left");
        store_sqlite_bind_text(&bind, sgn_json_str(one, "why"));
        st = store_sqlite_write_run(w, &bind, "writing what a case waits for", err);
        if (st != SGN_OK)
            break;
    }
    store_sqlite_done(w->conn, stmt);
    return st;
}

enum sgn_status
store_sqlite_write_case(struct store_sqlite_writing *w, const struct store_case *row, int64_t id,
                        struct sgn_error *err)
{
    enum sgn_status st = write_case_row(w, row, id, err);

    if (st == SGN_OK)
        st = write_fields(w, row, err);
    return st == SGN_OK ? write_waiting(w, row, err) : st;
}
