/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The connections that write: as many as transactions are under way at once, up to a limit.
 *
 * The first is there from the start and stays. Others are opened when there is work for them, and
 * closed when they had none for long. Where the server has no more room it goes on with fewer: that
 * is said once, and tried again after a while.
 */
#include "store_postgres.h"

#include "clock.h"
#include "log.h"
#include <poll.h>
#include <stdio.h>
#include <string.h>

/* ---- which ---- */

struct store_postgres_writer *
store_postgres_writer_of(struct store_postgres *store, const char *team)
{
    for (int i = 0; i < store->n_writers; i++) {
        struct store_postgres_writer *one = &store->writers[i];

        if (one->stage != STORE_PG_FREE && strcmp(one->held.team, team) == 0)
            return one;
    }
    return NULL;
}

/* One that is connected, if there is one. */
struct store_postgres_writer *
store_postgres_writer_free(struct store_postgres *store)
{
    struct store_postgres_writer *found = NULL;

    for (int i = 0; i < store->n_writers; i++) {
        struct store_postgres_writer *one = &store->writers[i];

        if (one->stage != STORE_PG_FREE)
            continue;
        if (store_postgres_alive(&one->conn))
            return one;
        found = found == NULL ? one : found;
    }
    return found;
}

/* ---- how many ---- */

void
store_postgres_close_spare(struct store_postgres *store)
{
    int64_t now = sgn_monotonic_ms();

    for (int i = 1; i < store->n_writers; i++) {
        struct store_postgres_writer *one = &store->writers[i];

        if (one->stage == STORE_PG_FREE && store_postgres_alive(&one->conn) &&
            now - one->rested >= store->spare_ms)
            store_postgres_disconnect(&one->conn);
    }
}

/* One more connection, unless the last try failed a moment ago. */
static bool
open_spare(struct store_postgres *store, struct store_postgres_writer *one)
{
    struct sgn_error err = { 0 };

    if (store->full && sgn_monotonic_ms() - store->full_at < STORE_POSTGRES_FULL_MS)
        return false;
    if (store_postgres_ensure(&one->conn, &err) == SGN_OK) {
        one->rested = sgn_monotonic_ms();
        store->full = false;
        return true;
    }
    if (!store->full)
        sgn_log(SGN_LOG_WARN, "no further connection to the database: fewer teams at a time", "why",
                err.message, NULL);
    store->full = true;
    store->full_at = sgn_monotonic_ms();
    sgn_error_clear(&err);
    return false;
}

/* Of a server that is not there, who begins says so. */
int
store_postgres_ways(struct store *base, int n)
{
    struct store_postgres *store = (struct store_postgres *)base;
    int ready = 0;

    store_postgres_close_spare(store);
    if (!store_postgres_listen(&store->writers[0].conn))
        return 1;
    for (int i = 0; i < store->n_writers; i++)
        ready += store_postgres_alive(&store->writers[i].conn) ? 1 : 0;
    for (int i = 1; ready < n && i < store->n_writers; i++) {
        struct store_postgres_writer *one = &store->writers[i];

        if (one->stage != STORE_PG_FREE || store_postgres_alive(&one->conn))
            continue;
        if (!open_spare(store, one))
            break;
        ready++;
    }
    return ready;
}

/* ---- which is answered ---- */

enum look {
    WAITS,
    ANSWERED,
    LOST /* to be made anew, or searched for: that takes time */
};

/* Sends on what the server did not take yet, and reads what it has said. */
static enum look
look(struct store_postgres_writer *writer)
{
    struct store_postgres_conn *conn = &writer->conn;

    if (!conn->pushed)
        return store_postgres_alive(conn) ? ANSWERED : LOST;
    if (!store_postgres_alive(conn) || PQflush(conn->pg) < 0 || PQconsumeInput(conn->pg) != 1)
        return LOST;
    return PQisBusy(conn->pg) ? WAITS : ANSWERED;
}

const char *
store_postgres_answered(struct store *base, bool wait)
{
    struct store_postgres *store = (struct store_postgres *)base;
    struct pollfd fds[STORE_CONNECTIONS_MAX];

    for (;;) {
        const struct store_postgres_writer *lost = NULL;
        nfds_t n = 0;

        for (int i = 0; i < store->n_writers; i++) {
            struct store_postgres_writer *one = &store->writers[i];

            if (one->stage != STORE_PG_ASKED && one->stage != STORE_PG_SENT)
                continue;
            switch (look(one)) {
            case ANSWERED:
                return one->held.team;
            case LOST:
                lost = one;
                break;
            case WAITS:
                fds[n++] = (struct pollfd){
                    .fd = PQsocket(one->conn.pg),
                    .events = (short)(PQflush(one->conn.pg) > 0 ? POLLIN | POLLOUT : POLLIN)
                };
            }
        }
        /* Nobody else is kept waiting while it is looked for. */
        if (n == 0)
            return lost == NULL ? NULL : lost->held.team;
        if (!wait)
            return NULL;
        (void)poll(fds, n, -1);
    }
}
