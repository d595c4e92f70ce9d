/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writing side: the head's lock, one transaction per unit, and what a failure means.
 *
 * A transaction begins with locking the team's head row, in one round trip with BEGIN, the team's
 * name for row-level security and the server's clock. While it is held nobody else writes in that
 * team, on whatever node; it is let go by the commit, or by the server when this node says nothing
 * for STORE_POSTGRES_IDLE_MS. The commit is the whole unit and COMMIT in one more round trip.
 *
 * Failures. What the server refused before COMMIT did not happen. Serialization failures and
 * deadlocks are tried again, as long as the head is still the one that the unit was made for. When
 * the connection is lost after COMMIT was sent, the head tells: it is locked again on a new
 * connection, which waits until the old transaction has ended, and then either holds the unit's
 * entries or does not. Only when that cannot be found out in time, or a unit has no entries to be
 * known by, the outcome stays unknown: the store is latched then and answers SGN_UNKNOWN_OUTCOME
 * until it is opened anew.
 */
#include "store_postgres.h"

#include "clock.h"
#include "log.h"
#include <poll.h>
#include <stdio.h>
#include <string.h>

#define TRIES       8    /* of a transaction that others were in the way of */
#define RESOLVE_MS  4000 /* to find out whether a commit happened */
#define RESOLVE_GAP 100  /* between two tries to reach the server */

/* ---- the latch ---- */

static enum sgn_status
latched(const struct store_postgres *store, struct sgn_error *err)
{
    return sgn_fail(err, SGN_UNKNOWN_OUTCOME,
                    "%s: whether the last commit happened is unknown (%s); the server must be "
                    "started anew, and requests repeated with the same request_id",
                    store->conn.where, store->latch_why);
}

static enum sgn_status
latch(struct store_postgres *store, const struct sgn_error *why, struct sgn_error *err)
{
    store->latched = true;
    snprintf(store->latch_why, sizeof store->latch_why, "%.255s", why->message);
    sgn_log(SGN_LOG_ERROR, "store latched", "where", store->conn.where, "why", store->latch_why,
            NULL);
    return latched(store, err);
}

/* ---- heads ---- */

/* Forgets what is held. The server's side is ended by ROLLBACK or has ended. */
static void
let_go(struct store_postgres *store)
{
    store->open = false;
    store->held = (struct store_postgres_held){ .team = "" };
}

void
store_postgres_rollback(struct store *base)
{
    struct store_postgres *store = (struct store_postgres *)base;
    struct store_postgres_conn *conn = &store->conn;
    bool open = store->open;

    let_go(store);
    if (!open || !store_postgres_alive(conn))
        return;
    /* Statements that were not sent yet go along, into a transaction that ends in nothing. */
    if (store_postgres_send(conn, "ROLLBACK", NULL, false, NULL) != SGN_OK ||
        store_postgres_flush(conn, "rolling back", NULL) != SGN_OK)
        /* A failed statement in front keeps ROLLBACK from running: without it there is none. */
        if (store_postgres_send(conn, "ROLLBACK", NULL, false, NULL) != SGN_OK ||
            store_postgres_flush(conn, "rolling back", NULL) != SGN_OK)
            store_postgres_disconnect(conn);
}

#define LOCK_HEAD                                                                                  \
    "SELECT seq, hash, at, data_seq, case_seq, next_due, cases FROM head WHERE team = $1 "         \
    "FOR UPDATE"

/* Sends the lock and reads what it gives; *row is false for a team that has no head yet. */
static enum sgn_status
lock_head(struct store_postgres *store, const char *team, struct store_postgres_held *out,
          bool *row, struct sgn_error *err)
{
    struct store_postgres_conn *conn = &store->conn;
    struct store_postgres_params params;
    enum sgn_status st = SGN_OK;
    PGresult *head = NULL, *now = NULL;

    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    st = store_postgres_send(conn, LOCK_HEAD, &params, false, err);
    if (st == SGN_OK)
        /* Behind the lock: the time when it was got, not when it was waited for. */
        st = store_postgres_send(conn, STORE_POSTGRES_CLOCK, NULL, false, err);
    if (st == SGN_OK)
        st = store_postgres_flush(conn, "taking a team's head", err);
    if (st != SGN_OK)
        return st;
    head = store_postgres_take(conn, conn->n_results - 2);
    now = store_postgres_take(conn, conn->n_results - 1);
    *row = PQntuples(head) > 0;
    if (*row) {
        snprintf(out->team, sizeof out->team, "%s", team);
        store_postgres_head_read(head, &out->head);
        out->next_due = store_postgres_value(head, 0, 5);
        out->cases = store_postgres_value(head, 0, 6);
        out->head.now = store_postgres_value(now, 0, 0);
    }
    PQclear(head);
    PQclear(now);
    return SGN_OK;
}

/* BEGIN, when nothing has begun yet, and the lock. A team's first head is made here, and is gone
 * again if nothing is committed. */
static enum sgn_status
take_head(struct store_postgres *store, const char *team, struct sgn_error *err)
{
    struct store_postgres_conn *conn = &store->conn;
    struct store_postgres_held held = { .team = "" };
    struct store_postgres_params params;
    bool row = false;
    enum sgn_status st = store->open ? SGN_OK : store_postgres_ensure(conn, err);

    if (st == SGN_OK && !store->open)
        st = store_postgres_send(conn, "BEGIN ISOLATION LEVEL READ COMMITTED", NULL, false, err);
    store->open = store->open || st == SGN_OK;
    if (st == SGN_OK)
        st = store_postgres_send_team(conn, team, err);
    if (st == SGN_OK)
        st = lock_head(store, team, &held, &row, err);
    if (st == SGN_OK && !row) {
        store_postgres_params_init(&params);
        store_postgres_text(&params, team);
        st = store_postgres_send(conn, "INSERT INTO head(team) VALUES($1) ON CONFLICT DO NOTHING",
                                 &params, false, err);
        if (st == SGN_OK)
            st = lock_head(store, team, &held, &row, err);
        if (st == SGN_OK && !row)
            st = sgn_fail(err, SGN_INTERNAL, "%s: team %s has no head after it was made",
                          conn->where, team);
    }
    if (st == SGN_OK)
        store->held = held;
    return st;
}

/* Is it worth another try? A connection that was cut while nothing was held is made anew once;
 * others in the way are waited for. */
static bool
again(struct store_postgres *store, bool fresh, int attempt)
{
    if (store_postgres_transient(&store->conn))
        return attempt < TRIES;
    return !fresh && !store_postgres_alive(&store->conn) && attempt == 1;
}

static enum sgn_status
begin(struct store_postgres *store, const char *team, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    bool nested = store->open; /* what is site-wide is held: it would be lost by trying again */
    int attempt = 0;

    do {
        bool fresh = !store_postgres_alive(&store->conn);

        st = take_head(store, team, err);
        if (st == SGN_OK)
            return SGN_OK;
        store->conn.n_pending = 0;
        store_postgres_rollback(&store->base);
        if (nested || !again(store, fresh, ++attempt))
            break;
    } while (true);
    return st;
}

enum sgn_status
store_postgres_begin(struct store *base, const char *team, struct store_head *head,
                     struct sgn_error *err)
{
    struct store_postgres *store = (struct store_postgres *)base;
    enum sgn_status st = SGN_OK;

    if (store->latched)
        return latched(store, err);
    if (strlen(team) >= sizeof store->held.team)
        return sgn_fail(err, SGN_INTERNAL, "team \"%.80s\": its name is too long", team);
    if (store->held.team[0] != '\0' && strcmp(store->held.team, team) != 0)
        return sgn_fail(err, SGN_INTERNAL,
                        "team %s: the head of %s is held, and a transaction carries one team", team,
                        store->held.team);
    if (!store->open || (team[0] != '\0' && store->held.team[0] == '\0'))
        st = begin(store, team, err);
    if (st == SGN_OK)
        *head = store->held.head;
    return st;
}

/* ---- what became of a commit ---- */

/* The hash of an entry, under the head's lock: "" when there is none. */
static enum sgn_status
entry_hash(struct store_postgres *store, const char *team, int64_t seq, char out[65],
           struct sgn_error *err)
{
    struct store_postgres_params params;
    PGresult *res = NULL;
    enum sgn_status st = SGN_OK;

    out[0] = '\0';
    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    store_postgres_int(&params, seq);
    st = store_postgres_send(&store->conn, "SELECT hash FROM entry WHERE team = $1 AND seq = $2",
                             &params, false, err);
    if (st == SGN_OK)
        st = store_postgres_flush(&store->conn, "looking for a commit", err);
    res = st == SGN_OK ? store_postgres_take(&store->conn, 0) : NULL;
    if (res != NULL && PQntuples(res) > 0)
        snprintf(out, 65, "%s", PQgetvalue(res, 0, 0));
    PQclear(res);
    return st;
}

/* Asks until the server answers or the time is over. */
static enum sgn_status
resolve(struct store_postgres *store, const struct store_unit *unit, const struct sgn_error *why,
        struct sgn_error *err)
{
    int64_t until = sgn_monotonic_ms() + RESOLVE_MS;
    const struct store_entry *first = unit->entries;
    enum sgn_status st = SGN_UNAVAILABLE;
    char hash[65];

    if (unit->n_entries == 0)
        return latch(store, why, err);
    while (sgn_monotonic_ms() < until) {
        store_postgres_disconnect(&store->conn);
        let_go(store);
        st = take_head(store, first->team, NULL);
        if (st == SGN_OK)
            st = entry_hash(store, first->team, first->seq, hash, NULL);
        if (st == SGN_OK)
            break;
        (void)poll(NULL, 0, RESOLVE_GAP);
    }
    if (st != SGN_OK) {
        store_postgres_disconnect(&store->conn);
        return latch(store, why, err);
    }
    store_postgres_rollback(&store->base);
    if (strcmp(hash, first->hash) == 0)
        return SGN_OK;
    return sgn_fail(err, SGN_UNAVAILABLE, "%s; the commit did not happen", why->message);
}

/* ---- commit ---- */

static const char *
unit_team(const struct store_unit *unit)
{
    if (unit->n_entries > 0)
        return unit->entries[0].team;
    if (unit->n_cases > 0)
        return unit->cases[0].team;
    for (int i = 0; i < unit->n_rows; i++) {
        if (unit->rows[i].team[0] != '\0')
            return unit->rows[i].team;
    }
    return "";
}

static enum sgn_status
check_one_team(const struct store_unit *unit, const char *team, struct sgn_error *err)
{
    const char *other = NULL;

    for (int i = 0; i < unit->n_entries; i++)
        other = strcmp(unit->entries[i].team, team) == 0 ? other : unit->entries[i].team;
    for (int i = 0; i < unit->n_cases; i++)
        other = strcmp(unit->cases[i].team, team) == 0 ? other : unit->cases[i].team;
    for (int i = 0; i < unit->n_rows; i++) {
        if (unit->rows[i].team[0] != '\0' && strcmp(unit->rows[i].team, team) != 0)
            other = unit->rows[i].team;
    }
    if (other == NULL)
        return SGN_OK;
    return sgn_fail(err, SGN_INTERNAL, "a commit of team %s holds something of %s", team, other);
}

/* What came back for the unit and its COMMIT. *unknown: nobody can say. */
static enum sgn_status
judge(struct store_postgres *store, enum sgn_status st, bool *unknown, struct sgn_error *err)
{
    struct store_postgres_conn *conn = &store->conn;
    bool all_but_commit = conn->n_results == conn->n_asked - 1;

    *unknown = false;
    if (st == SGN_OK) {
        const PGresult *commit = conn->results[conn->n_results - 1];

        if (strcmp(PQcmdStatus((PGresult *)(uintptr_t)commit), "COMMIT") == 0)
            return SGN_OK;
        return sgn_fail(err, SGN_INTERNAL, "%s: the server rolled the commit back", conn->where);
    }
    /* A statement of the unit was refused, or the transaction was ended before all had run: then
     * COMMIT did not run. A COMMIT that was refused by a server that is still there is none. */
    if (conn->state[0] != '\0' && (!all_but_commit || store_postgres_alive(conn)))
        return st;
    *unknown = true;
    return st;
}

/* Sends the unit for the head that is held. */
static enum sgn_status
write_unit(struct store_postgres *store, const struct store_unit *unit, struct sgn_error *err)
{
    struct store_postgres_conn *conn = &store->conn;
    struct sgn_error why = { 0 };
    bool unknown = false;
    enum sgn_status st = SGN_OK;

    if (!store_postgres_listen(conn))
        return store_postgres_gone(conn, "committing", err);
    st = store_postgres_unit_send(store, unit, err);
    if (st == SGN_OK)
        st = store_postgres_send(conn, "COMMIT", NULL, false, err);
    if (st != SGN_OK)
        return st;
    st = judge(store, store_postgres_flush(conn, "committing", &why), &unknown, &why);
    if (st == SGN_OK)
        store->open = false;
    else if (unknown)
        st = resolve(store, unit, &why, err);
    else
        sgn_error_move(err, &why);
    sgn_error_clear(&why);
    return st;
}

/* Once more for the same head, or SGN_CONFLICT. */
static enum sgn_status
retake(struct store_postgres *store, const struct store_postgres_held *before,
       struct sgn_error *err)
{
    enum sgn_status st = begin(store, before->team, err);

    if (st != SGN_OK || (store->held.head.seq == before->head.seq &&
                         strcmp(store->held.head.hash, before->head.hash) == 0))
        return st;
    return sgn_fail(err, SGN_CONFLICT,
                    "team %s: another node wrote first; what was decided must be decided again",
                    before->team);
}

enum sgn_status
store_postgres_commit(struct store *base, const struct store_unit *unit, struct sgn_error *err)
{
    struct store_postgres *store = (struct store_postgres *)base;
    const char *team = unit_team(unit);
    struct store_postgres_held before;
    struct store_head head;
    enum sgn_status st = SGN_OK;

    if (store->latched)
        return latched(store, err);
    if (unit->n_entries == 0 && unit->n_cases == 0 && unit->n_rows == 0)
        goto out;
    st = check_one_team(unit, team, err);
    if (st == SGN_OK && (!store->open || strcmp(store->held.team, team) != 0) &&
        (team[0] != '\0' || !store->open))
        st = store_postgres_begin(base, team, &head, err);
    before = store->held;
    for (int attempt = 1; st == SGN_OK; attempt++) {
        st = write_unit(store, unit, err);
        if (st == SGN_OK || store->latched || !store_postgres_transient(&store->conn) ||
            attempt == TRIES)
            break;
        store_postgres_rollback(base);
        st = retake(store, &before, err);
    }
    /* What was written last is not what is there, then. */
    if (st != SGN_OK)
        memset(store->known, 0, sizeof store->known);
out:
    store_postgres_rollback(base); /* lets the heads go */
    return st;
}
