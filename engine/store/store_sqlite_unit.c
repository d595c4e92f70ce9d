/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of a unit, written inside its transaction: entries, cases, rows, heads. Begins
 * and ends nothing; what a failure means is store_sqlite_write.c's business.
 */
#include "store_sqlite.h"

#include "json.h"
#include <assert.h>
#include <string.h>

/* Why a part could not be written: SQLite's code, or SQLITE_OK when it was something else. */
struct writing {
    struct store_sqlite *store;
    int rc;
};

static enum sgn_status
run(struct writing *w, struct store_sqlite_bind *bind, const char *doing, struct sgn_error *err)
{
    struct store_sqlite_conn *conn = &w->store->conn;
    enum sgn_status st = SGN_OK;

    /* SQLite's code is kept beside the status: only it tells a refused row from a disk that
     * fails. */
    w->rc = bind->rc;
    if (w->rc == SQLITE_OK) {
        w->rc = sqlite3_step(bind->stmt);
        if (w->rc == SQLITE_DONE)
            w->rc = SQLITE_OK;
    }
    if (w->rc != SQLITE_OK)
        st = store_sqlite_fail(conn, doing, err);
    sqlite3_reset(bind->stmt);
    return st;
}

static enum sgn_status
prepare(struct writing *w, const char *sql, sqlite3_stmt **out, struct sgn_error *err)
{
    enum sgn_status st = store_sqlite_prepare(&w->store->conn, sql, out, err);

    if (st != SGN_OK)
        w->rc = sqlite3_extended_errcode(w->store->conn.db);
    return st;
}

static enum sgn_status
write_entry(struct writing *w, sqlite3_stmt *stmt, const struct store_entry *entry,
            struct sgn_error *err)
{
    struct store_sqlite_bind bind = { .stmt = stmt };
    struct store_sqlite_held *held = store_sqlite_held(w->store, entry->team);

    /* A gap or a double in the numbers would break the chain for good: the process ends before
     * it. */
    assert(held != NULL && entry->seq == held->head.seq + 1);
    store_sqlite_bind_text(&bind, entry->team);
    store_sqlite_bind_int(&bind, entry->seq);
    store_sqlite_bind_text(&bind, entry->case_key);
    store_sqlite_bind_int(&bind, entry->case_seq);
    store_sqlite_bind_int(&bind, entry->previous);
    store_sqlite_bind_int(&bind, entry->at);
    store_sqlite_bind_text(&bind, entry->kind);
    store_sqlite_bind_text(&bind, entry->actor);
    store_sqlite_bind_text(&bind, entry->hash);
    store_sqlite_bind_int(&bind, entry->has_effects ? 1 : 0);
    store_sqlite_bind_text(&bind, entry->request);
    store_sqlite_bind_text(&bind, entry->request_digest);
    store_sqlite_bind_blob(&bind, entry->shared_salt, 16);
    store_sqlite_bind_blob(&bind, entry->internal_salt, 16);
    store_sqlite_bind_blob(&bind, entry->header.bytes, entry->header.n);
    store_sqlite_bind_blob(&bind, entry->shared.bytes, entry->shared.n);
    store_sqlite_bind_blob(&bind, entry->internal.bytes, entry->internal.n);

    /* Moved on before the row is written: if writing fails the heads are let go, whatever they
     * say. */
    held->head.seq = entry->seq;
    held->head.at = entry->at;
    memcpy(held->head.hash, entry->hash, sizeof held->head.hash);
    if (strcmp(entry->kind, "data") == 0)
        held->head.data_seq = entry->seq;
    if (entry->opens_or_ends)
        held->head.case_seq = entry->seq;
    held->changed = true;
    return run(w, &bind, "writing an entry", err);
}

/* Entries first: cases and heads refer to them, and their order is the order of the history. */
static enum sgn_status
write_entries(struct writing *w, const struct store_unit *unit, struct sgn_error *err)
{
    sqlite3_stmt *stmt = NULL;
    enum sgn_status st = SGN_OK;

    if (unit->n_entries == 0)
        return SGN_OK;
    st = prepare(w,
                 "INSERT INTO entry(team, seq, case_key, case_seq, previous, at, kind, actor, hash,"
                 " effects, request, request_digest, shared_salt, internal_salt, header, shared,"
                 " internal) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                 &stmt, err);
    for (int i = 0; st == SGN_OK && i < unit->n_entries; i++)
        st = write_entry(w, stmt, &unit->entries[i], err);
    store_sqlite_done(&w->store->conn, stmt);
    return st;
}

#define CASE_COLUMNS                                                                               \
    "team, key, key_order, workflow, rules, project, client, opener, owner, \"group\", priority, " \
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
write_case_row(struct writing *w, const struct store_case *row, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    char order[STORE_KEY_ORDER];
    enum sgn_status st = prepare(w,
                                 "INSERT INTO case_(" CASE_COLUMNS ") VALUES"
                                 "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
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

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        store_sqlite_bind_text(&bind, texts[i]);
    for (size_t i = 0; i < sizeof ints / sizeof ints[0]; i++)
        store_sqlite_bind_int(&bind, ints[i]);
    store_sqlite_bind_text(&bind, row->last_hash == NULL ? "" : row->last_hash);
    store_sqlite_bind_int(&bind, row->last_at);
    store_sqlite_bind_text(&bind, row->text == NULL ? "" : row->text);
    store_sqlite_bind_text(&bind, row->document);
    st = run(w, &bind, "writing a case", err);
    store_sqlite_done(&w->store->conn, bind.stmt);
    return st;
}

/* Runs a statement whose two parameters are team and case. */
static enum sgn_status
clear_of_case(struct writing *w, const char *sql, const struct store_case *row,
              struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    enum sgn_status st = prepare(w, sql, &bind.stmt, err);

    if (st != SGN_OK)
        return st;
    store_sqlite_bind_text(&bind, row->team);
    store_sqlite_bind_text(&bind, row->key);
    st = run(w, &bind, "writing a case", err);
    store_sqlite_done(&w->store->conn, bind.stmt);
    return st;
}

/* All of a case's fields are replaced: which ones there are depends on the version of its
 * workflow, so an update alone would leave those of an older version behind. */
static enum sgn_status
write_fields(struct writing *w, const struct store_case *row, struct sgn_error *err)
{
    struct store_sqlite_bind bind = { 0 };
    sqlite3_stmt *stmt = NULL;
    const char *name = NULL;
    json_t *value = NULL;
    enum sgn_status st =
        clear_of_case(w, "DELETE FROM case_field WHERE team = ? AND \"case\" = ?", row, err);

    if (st != SGN_OK || json_object_size(row->indexed) == 0)
        return st;
    st = prepare(w, "INSERT INTO case_field(team, \"case\", field, value) VALUES(?, ?, ?, ?)",
                 &stmt, err);
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
            st = run(w, &bind, "writing a case's fields", err);
        if (st != SGN_OK)
            break;
    }
    store_sqlite_done(&w->store->conn, stmt);
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
write_waiting(struct writing *w, const struct store_case *row, struct sgn_error *err)
{
    static const char *const texts[] = { "kind", "person", "role", "group", "state" };
    sqlite3_stmt *stmt = NULL;
    size_t i = 0;
    json_t *one = NULL;
    enum sgn_status st =
        clear_of_case(w, "DELETE FROM waiting WHERE team = ? AND \"case\" = ?", row, err);

    if (st != SGN_OK || json_array_size(row->waiting) == 0)
        return st;
    st = prepare(w,
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
        st = run(w, &bind, "writing what a case waits for", err);
        if (st != SGN_OK)
            break;
    }
    store_sqlite_done(&w->store->conn, stmt);
    return st;
}

static enum sgn_status
write_cases(struct writing *w, const struct store_unit *unit, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; st == SGN_OK && i < unit->n_cases; i++) {
        st = write_case_row(w, &unit->cases[i], err);
        if (st == SGN_OK)
            st = write_fields(w, &unit->cases[i], err);
        if (st == SGN_OK)
            st = write_waiting(w, &unit->cases[i], err);
    }
    return st;
}

/* In the order given: a row that is written and then removed in one batch is gone. */
static enum sgn_status
write_rows(struct writing *w, const struct store_unit *unit, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; st == SGN_OK && i < unit->n_rows; i++) {
        const struct store_row *row = &unit->rows[i];
        struct store_sqlite_held *held = NULL;

        st = store_sqlite_row_put(&w->store->conn, row, &w->rc, err);
        if (st != SGN_OK || row->team[0] == '\0')
            continue;
        /* A team with rows is listed among the teams, also before its first entry. */
        st = store_sqlite_hold(w->store, row->team, &held, err);
        if (st == SGN_OK && !held->exists)
            held->changed = true;
    }
    return st;
}

/* Last, with the numbers that writing the entries has counted. */
static enum sgn_status
write_heads(struct writing *w, struct sgn_error *err)
{
    struct store_sqlite *store = w->store;
    sqlite3_stmt *stmt = NULL;
    enum sgn_status st = prepare(w,
                                 "INSERT OR REPLACE INTO head(team, seq, hash, at, data_seq,"
                                 " case_seq) VALUES(?, ?, ?, ?, ?, ?)",
                                 &stmt, err);

    for (int i = 0; st == SGN_OK && i < store->n_held; i++) {
        const struct store_sqlite_held *held = &store->held[i];
        struct store_sqlite_bind bind = { .stmt = stmt };

        if (!held->changed)
            continue;
        store_sqlite_bind_text(&bind, held->team);
        store_sqlite_bind_int(&bind, held->head.seq);
        store_sqlite_bind_text(&bind, held->head.hash);
        store_sqlite_bind_int(&bind, held->head.at);
        store_sqlite_bind_int(&bind, held->head.data_seq);
        store_sqlite_bind_int(&bind, held->head.case_seq);
        st = run(w, &bind, "writing a team's head", err);
    }
    store_sqlite_done(&store->conn, stmt);
    return st;
}

/* Stops at the first failure: the transaction is rolled back as a whole, so nothing behind it
 * counts. */
enum sgn_status
store_sqlite_unit_write(struct store_sqlite *store, const struct store_unit *unit, int *rc,
                        struct sgn_error *err)
{
    struct writing w = { .store = store };
    enum sgn_status st = write_entries(&w, unit, err);

    if (st == SGN_OK)
        st = write_cases(&w, unit, err);
    if (st == SGN_OK)
        st = write_rows(&w, unit, err);
    if (st == SGN_OK)
        st = write_heads(&w, err);
    *rc = w.rc;
    return st;
}
