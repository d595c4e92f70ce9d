/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The heads that are held between begin and commit. Nothing is locked in the file: this process
 * alone writes it, so holding a head is remembering it.
 */
#include "store_sqlite.h"

#include "clock.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

/* The head as it will be after what was staged: write_entry() moves it on. */
struct store_sqlite_held *
store_sqlite_held(struct store_sqlite *store, const char *team)
{
    /* A batch tends to stay with a team for some entries: look where the last one was. */
    if (store->last_held < store->n_held && strcmp(store->held[store->last_held].team, team) == 0)
        return &store->held[store->last_held];
    for (int i = 0; i < store->n_held; i++) {
        if (strcmp(store->held[i].team, team) == 0) {
            store->last_held = i;
            return &store->held[i];
        }
    }
    return NULL;
}

/* Reads the head when the team comes first in this batch. Nobody else writes this file, so what
 * was read stays true until the commit. */
enum sgn_status
store_sqlite_hold(struct store_sqlite *store, const char *team, struct store_sqlite_held **out,
                  struct sgn_error *err)
{
    struct store_sqlite_held held = { 0 };
    struct sgn_clock clock;
    enum sgn_status st = SGN_OK;

    *out = store_sqlite_held(store, team);
    if (*out != NULL)
        return SGN_OK;
    if (store->n_held == store->cap_held) {
        int cap = store->cap_held == 0 ? 16 : store->cap_held * 2;
        struct store_sqlite_held *more = realloc(store->held, sizeof *more * (size_t)cap);

        if (more == NULL)
            return sgn_nomem(err);
        store->held = more;
        store->cap_held = cap;
    }
    st = store_sqlite_head_read(&store->conn, team, &held.head, &held.exists, err);
    if (st != SGN_OK)
        return st;
    sgn_clock_init_real(&clock);
    held.head.now = sgn_clock_now(&clock);
    held.team = sgn_format("%s", team);
    if (held.team == NULL)
        return sgn_nomem(err);
    store->held[store->n_held] = held;
    store->last_held = store->n_held++;
    *out = &store->held[store->last_held];
    return SGN_OK;
}

/* Lets all heads go: one commit carries them all. Nothing of the file is touched: before the commit
 * there is no transaction. */
void
store_sqlite_rollback(struct store *base, const char *team)
{
    struct store_sqlite *store = (struct store_sqlite *)base;

    (void)team;
    for (int i = 0; i < store->n_held; i++)
        free(store->held[i].team);
    store->n_held = 0;
    store->last_held = 0;
}
