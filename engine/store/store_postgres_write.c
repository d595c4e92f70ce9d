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
 * until it is opened anew. What other connections had sent by then is still waited for, and has an
 * outcome of its own.
 */
#include "store_postgres.h"

#include "clock.h"
#include "log.h"
#include <poll.h>
#include <stdio.h>
#include <string.h>

#define RESOLVE_MS  4000 /* to find out whether a commit happened */
#define RESOLVE_GAP 100  /* between two tries to reach the server */

#define LARGE ((size_t)1 << 20) /* bytes of a unit that are not sent in a moment */

/* ---- the latch ---- */

static enum sgn_status
latched(const struct store_postgres *store, struct sgn_error *err)
{
    return sgn_fail(err, SGN_UNKNOWN_OUTCOME,
                    "%s: whether the last commit happened is unknown (%s); the server must be "
                    "started anew, and requests repeated with the same request_id",
                    store->writers[0].conn.where, store->latch_why);
}

static enum sgn_status
latch(struct store_postgres *store, const struct sgn_error *why, struct sgn_error *err)
{
    store->latched = true;
    snprintf(store->latch_why, sizeof store->latch_why, "%.255s", why->message);
    sgn_log(SGN_LOG_ERROR, "store latched", "where", store->writers[0].conn.where, "why",
            store->latch_why, NULL);
    return latched(store, err);
}

/* ---- beginning ---- */

void
store_postgres_rollback(struct store *base, const char *team)
{
    struct store_postgres *store = (struct store_postgres *)base;

    for (int i = 0; i < store->n_writers; i++) {
        struct store_postgres_writer *one = &store->writers[i];

        /* What is being committed is: whoever sent it waits for it. */
        if ((one->stage == STORE_PG_ASKED || one->stage == STORE_PG_HELD) &&
            (team == NULL || strcmp(one->held.team, team) == 0))
            store_postgres_let_go(one);
    }
}

/* Of one that is not connected only the place is taken: connecting takes time, and errors. */
void
store_postgres_begin_send(struct store *base, const char *team)
{
    struct store_postgres *store = (struct store_postgres *)base;
    struct store_postgres_writer *writer = store_postgres_writer_of(store, team);

    if (store->latched || writer != NULL || strlen(team) >= sizeof writer->held.team)
        return;
    writer = store_postgres_writer_free(store);
    if (writer != NULL)
        (void)store_postgres_lock_send(writer, team, NULL);
}

enum sgn_status
store_postgres_begin(struct store *base, const char *team, struct store_head *head,
                     struct sgn_error *err)
{
    struct store_postgres *store = (struct store_postgres *)base;
    struct store_postgres_writer *writer = store_postgres_writer_of(store, team);
    enum sgn_status st = SGN_OK;

    if (store->latched) {
        store_postgres_rollback(base, team);
        return latched(store, err);
    }
    if (strlen(team) >= sizeof writer->held.team)
        return sgn_fail(err, SGN_INTERNAL, "team \"%.80s\": its name is too long", team);
    if (writer == NULL)
        writer = store_postgres_writer_free(store);
    if (writer == NULL)
        return sgn_fail(err, SGN_INTERNAL, "team %s: %d transactions are under way, and no more",
                        team, store->n_writers);
    if (writer->stage == STORE_PG_SENT)
        return sgn_fail(err, SGN_INTERNAL, "team %s: its last unit is still being committed", team);
    if (writer->stage != STORE_PG_HELD)
        st = store_postgres_lock(writer, team, err);
    if (st == SGN_OK)
        *head = writer->held.head;
    return st;
}

/* ---- what became of a commit ---- */

/* The hash of an entry, under the head's lock: "" when there is none. */
static enum sgn_status
entry_hash(struct store_postgres_conn *conn, const char *team, int64_t seq, char out[65],
           struct sgn_error *err)
{
    struct store_postgres_params params;
    PGresult *res = NULL;
    enum sgn_status st = SGN_OK;

    out[0] = '\0';
    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    store_postgres_int(&params, seq);
    st = store_postgres_send(conn, "SELECT hash FROM entry WHERE team = $1 AND seq = $2", &params,
                             false, err);
    if (st == SGN_OK)
        st = store_postgres_flush(conn, "looking for a commit", err);
    res = st == SGN_OK ? store_postgres_take(conn, 0) : NULL;
    if (res != NULL && PQntuples(res) > 0)
        snprintf(out, 65, "%s", PQgetvalue(res, 0, 0));
    PQclear(res);
    return st;
}

/* Asks until the server answers or the time is over. */
static enum sgn_status
resolve(struct store_postgres *store, struct store_postgres_writer *writer,
        const struct store_unit *unit, const struct sgn_error *why, struct sgn_error *err)
{
    struct store_postgres_conn *conn = &writer->conn;
    int64_t until = sgn_monotonic_ms() + RESOLVE_MS;
    const struct store_entry *first = unit->entries;
    enum sgn_status st = SGN_UNAVAILABLE;
    char hash[65];

    if (unit->n_entries == 0)
        return latch(store, why, err);
    while (sgn_monotonic_ms() < until) {
        store_postgres_disconnect(conn);
        store_postgres_writer_clear(writer);
        st = store_postgres_lock_once(writer, first->team, NULL);
        if (st == SGN_OK)
            st = entry_hash(conn, first->team, first->seq, hash, NULL);
        if (st == SGN_OK)
            break;
        (void)poll(NULL, 0, RESOLVE_GAP);
    }
    if (st != SGN_OK) {
        store_postgres_disconnect(conn);
        return latch(store, why, err);
    }
    store_postgres_let_go(writer);
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
    return unit->n_erasures > 0 ? unit->erasures[0].team : "";
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
    for (int i = 0; i < unit->n_erasures; i++)
        other = strcmp(unit->erasures[i].team, team) == 0 ? other : unit->erasures[i].team;
    if (other == NULL)
        return SGN_OK;
    return sgn_fail(err, SGN_INTERNAL, "a commit of team %s holds something of %s", team, other);
}

/* What came back for the unit and its COMMIT. *unknown: nobody can say. */
static enum sgn_status
judge(struct store_postgres_conn *conn, enum sgn_status st, bool *unknown, struct sgn_error *err)
{
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

static bool
is_large(const struct store_unit *unit)
{
    size_t n = 0;

    for (int i = 0; i < unit->n_entries; i++)
        n += unit->entries[i].shared.n + unit->entries[i].internal.n;
    return n > LARGE;
}

/* The server counts a node's silence until it has read a statement as a whole, and one of many
 * megabytes may take longer to put together and to send than that. With a small one in front it
 * knows that more is to come. */
static enum sgn_status
send_sign(struct store_postgres_conn *conn, struct sgn_error *err)
{
    enum sgn_status st = store_postgres_send(conn, "SELECT 1", NULL, false, err);

    if (st == SGN_OK && PQflush(conn->pg) < 0)
        st = store_postgres_gone(conn, "committing", err);
    return st;
}

/* Sends the unit for the head that is held. From COMMIT on nobody knows without an answer. */
static void
send_unit(struct store_postgres *store, struct store_postgres_writer *writer,
          const struct store_unit *unit)
{
    struct store_postgres_conn *conn = &writer->conn;
    struct sgn_error *why = &writer->why;
    enum sgn_status st = SGN_OK;

    writer->stage = STORE_PG_SENT;
    if (!store_postgres_listen(conn))
        st = store_postgres_gone(conn, "committing", why);
    if (st == SGN_OK && is_large(unit))
        st = send_sign(conn, why);
    if (st == SGN_OK)
        st = store_postgres_unit_send(store, writer, unit, why);
    writer->committing = st == SGN_OK;
    if (st == SGN_OK)
        st = store_postgres_send(conn, "COMMIT", NULL, false, why);
    if (writer->committing)
        st = store_postgres_push(conn, "committing", why);
    writer->status = st;
}

/* Waits for what was sent. */
static enum sgn_status
write_unit(struct store_postgres *store, struct store_postgres_writer *writer,
           const struct store_unit *unit, struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    bool unknown = false;
    enum sgn_status st = writer->status;

    sgn_error_move(&why, &writer->why);
    if (writer->committing) {
        if (st == SGN_OK)
            st = store_postgres_gather(&writer->conn, "committing", &why);
        st = judge(&writer->conn, st, &unknown, &why);
    }
    if (st == SGN_OK)
        store_postgres_writer_clear(writer);
    else if (unknown)
        st = resolve(store, writer, unit, &why, err);
    else
        sgn_error_move(err, &why);
    sgn_error_clear(&why);
    return st;
}

/* Once more for the same head, or SGN_CONFLICT. */
static enum sgn_status
retake(struct store_postgres_writer *writer, const struct store_postgres_held *before,
       struct sgn_error *err)
{
    enum sgn_status st = store_postgres_lock(writer, before->team, err);

    if (st != SGN_OK || (writer->held.head.seq == before->head.seq &&
                         strcmp(writer->held.head.hash, before->head.hash) == 0))
        return st;
    return sgn_fail(err, SGN_CONFLICT,
                    "team %s: another node wrote first; what was decided must be decided again",
                    before->team);
}

static bool
is_empty(const struct store_unit *unit)
{
    return unit->n_entries == 0 && unit->n_cases == 0 && unit->n_rows == 0 && unit->n_erasures == 0;
}

void
store_postgres_commit_send(struct store *base, const struct store_unit *unit)
{
    struct store_postgres *store = (struct store_postgres *)base;
    struct store_postgres_writer *writer = store_postgres_writer_of(store, unit_team(unit));

    if (!store->latched && !is_empty(unit) && writer != NULL && writer->stage == STORE_PG_HELD &&
        check_one_team(unit, unit_team(unit), NULL) == SGN_OK)
        send_unit(store, writer, unit);
}

/* Takes the head, if nobody did, and sends, if that was not done. */
static enum sgn_status
sent_by(struct store_postgres *store, const struct store_unit *unit,
        struct store_postgres_writer **out, struct sgn_error *err)
{
    const char *team = unit_team(unit);
    struct store_head head;
    enum sgn_status st = SGN_OK;

    *out = store_postgres_writer_of(store, team);
    if (*out != NULL && (*out)->stage == STORE_PG_SENT)
        return SGN_OK;
    st = store->latched ? latched(store, err) : check_one_team(unit, team, err);
    if (st == SGN_OK)
        st = store_postgres_begin(&store->base, team, &head, err);
    if (st != SGN_OK)
        return st;
    *out = store_postgres_writer_of(store, team);
    send_unit(store, *out, unit);
    return SGN_OK;
}

enum sgn_status
store_postgres_commit_wait(struct store *base, const struct store_unit *unit, struct sgn_error *err)
{
    struct store_postgres *store = (struct store_postgres *)base;
    struct store_postgres_writer *writer = NULL;
    struct store_postgres_held before;
    enum sgn_status st = SGN_OK;

    if (is_empty(unit)) {
        store_postgres_rollback(base, NULL);
        return store->latched ? latched(store, err) : SGN_OK;
    }
    st = sent_by(store, unit, &writer, err);
    if (st == SGN_OK)
        before = writer->held;
    for (int attempt = 1; st == SGN_OK; attempt++) {
        st = write_unit(store, writer, unit, err);
        if (st == SGN_OK || store->latched || !store_postgres_transient(&writer->conn) ||
            attempt == STORE_POSTGRES_TRIES)
            break;
        store_postgres_let_go(writer);
        st = retake(writer, &before, err);
        if (st == SGN_OK)
            send_unit(store, writer, unit);
    }
    if (st == SGN_OK)
        return SGN_OK;
    /* What was written last is not what is there, then. */
    memset(store->known, 0, sizeof store->known);
    if (writer != NULL)
        store_postgres_let_go(writer);
    return st;
}
