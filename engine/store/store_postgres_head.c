/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A transaction's beginning on one connection: BEGIN, the team's name for row-level security, the
 * lock of the team's head row and the server's clock, in one round trip that may be waited for
 * later. And its end without a commit.
 *
 * Decides nothing about a commit; what became of one is store_postgres_write.c's business.
 */
#include "store_postgres.h"

#include "clock.h"
#include <stdio.h>
#include <string.h>

/* ---- letting go ---- */

void
store_postgres_writer_clear(struct store_postgres_writer *writer)
{
    writer->stage = STORE_PG_FREE;
    writer->held = (struct store_postgres_held){ .team = "" };
    writer->committing = false;
    writer->status = SGN_OK;
    sgn_error_clear(&writer->why);
    writer->rested = sgn_monotonic_ms();
}

void
store_postgres_let_go(struct store_postgres_writer *writer)
{
    struct store_postgres_conn *conn = &writer->conn;
    bool open = writer->stage != STORE_PG_FREE;

    store_postgres_writer_clear(writer);
    if (open && conn->pushed)
        (void)store_postgres_gather(conn, "rolling back", NULL);
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

/* ---- the lock ---- */

#define LOCK_HEAD                                                                                  \
    "SELECT seq, hash, at, data_seq, case_seq, next_due, cases FROM head WHERE team = $1 "         \
    "FOR UPDATE"

static enum sgn_status
send_lock(struct store_postgres_conn *conn, const char *team, struct sgn_error *err)
{
    struct store_postgres_params params;
    enum sgn_status st = SGN_OK;

    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    st = store_postgres_send(conn, LOCK_HEAD, &params, false, err);
    if (st == SGN_OK)
        /* Behind the lock: the time when it was got, not when it was waited for. */
        st = store_postgres_send(conn, STORE_POSTGRES_CLOCK, NULL, false, err);
    return st;
}

/* What the lock gave; false for a team that has no head yet. */
static bool
read_lock(struct store_postgres_writer *writer)
{
    struct store_postgres_conn *conn = &writer->conn;
    struct store_postgres_held *held = &writer->held;
    PGresult *head = store_postgres_take(conn, conn->n_results - 2),
             *now = store_postgres_take(conn, conn->n_results - 1);
    bool row = PQntuples(head) > 0;

    if (row) {
        store_postgres_head_read(head, &held->head);
        held->next_due = store_postgres_value(head, 0, 5);
        held->cases = store_postgres_value(head, 0, 6);
        held->head.now = store_postgres_value(now, 0, 0);
    }
    PQclear(head);
    PQclear(now);
    return row;
}

/* A team's first head is made here, and is gone again if nothing is committed. */
static enum sgn_status
make_head(struct store_postgres_writer *writer, struct sgn_error *err)
{
    struct store_postgres_conn *conn = &writer->conn;
    struct store_postgres_params params;
    enum sgn_status st = SGN_OK;

    store_postgres_params_init(&params);
    store_postgres_text(&params, writer->held.team);
    st = store_postgres_send(conn, "INSERT INTO head(team) VALUES($1) ON CONFLICT DO NOTHING",
                             &params, false, err);
    if (st == SGN_OK)
        st = send_lock(conn, writer->held.team, err);
    if (st == SGN_OK)
        st = store_postgres_flush(conn, "making a team's head", err);
    if (st == SGN_OK && !read_lock(writer))
        st = sgn_fail(err, SGN_INTERNAL, "%s: team %s has no head after it was made", conn->where,
                      writer->held.team);
    return st;
}

enum sgn_status
store_postgres_lock_send(struct store_postgres_writer *writer, const char *team,
                         struct sgn_error *err)
{
    struct store_postgres_conn *conn = &writer->conn;
    enum sgn_status st = SGN_OK;

    writer->stage = STORE_PG_ASKED;
    if (team != writer->held.team)
        snprintf(writer->held.team, sizeof writer->held.team, "%s", team);
    st = store_postgres_send(conn, "BEGIN ISOLATION LEVEL READ COMMITTED", NULL, false, err);
    if (st == SGN_OK)
        st = store_postgres_send_team(conn, team, err);
    if (st == SGN_OK)
        st = send_lock(conn, team, err);
    if (st == SGN_OK)
        st = store_postgres_push(conn, "asking for a team's head", err);
    return st;
}

enum sgn_status
store_postgres_lock_once(struct store_postgres_writer *writer, const char *team,
                         struct sgn_error *err)
{
    struct store_postgres_conn *conn = &writer->conn;
    enum sgn_status st = SGN_OK;

    if (writer->stage != STORE_PG_ASKED || !conn->pushed) {
        st = store_postgres_ensure(conn, err);
        if (st == SGN_OK)
            st = store_postgres_lock_send(writer, team, err);
    }
    if (st == SGN_OK)
        st = store_postgres_gather(conn, "taking a team's head", err);
    if (st == SGN_OK && !read_lock(writer))
        st = make_head(writer, err);
    if (st == SGN_OK)
        writer->stage = STORE_PG_HELD;
    return st;
}

/* Is it worth another try? A connection that was cut while nothing was held is made anew once;
 * others in the way are waited for. */
static bool
again(struct store_postgres_writer *writer, bool fresh, int attempt)
{
    if (store_postgres_transient(&writer->conn))
        return attempt < STORE_POSTGRES_TRIES;
    return !fresh && !store_postgres_alive(&writer->conn) && attempt == 1;
}

enum sgn_status
store_postgres_lock(struct store_postgres_writer *writer, const char *team, struct sgn_error *err)
{
    char name[sizeof writer->held.team]; /* team may be the writer's own, which letting go clears */
    enum sgn_status st = SGN_OK;

    snprintf(name, sizeof name, "%s", team);
    for (int attempt = 1;; attempt++) {
        bool fresh = !writer->conn.pushed && !store_postgres_alive(&writer->conn);

        st = store_postgres_lock_once(writer, name, err);
        if (st == SGN_OK)
            return SGN_OK;
        store_postgres_let_go(writer);
        if (!again(writer, fresh, attempt))
            return st;
    }
}
