/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of every unit before it is written, whatever the backend. */
#include "store_internal.h"

#include <assert.h>
#include <string.h>

/* What every backend may take for granted in a unit. Asserted and not reported: these are
 * promises of the lane, and a unit that breaks one must not reach the disk half right. */
void
store_unit_check(const struct store_unit *unit)
{
    for (int i = 0; i < unit->n_entries; i++) {
        const struct store_entry *entry = &unit->entries[i];

        assert(entry->team != NULL && entry->team[0] != '\0' && entry->seq > 0);
        assert(entry->kind != NULL && entry->actor != NULL && entry->hash != NULL);
        assert(strlen(entry->hash) == 64 && entry->header.bytes != NULL);
        assert((entry->case_key == NULL) == (entry->case_seq == 0));
        /* A part without its salt could be guessed from its hash once it has been redacted. */
        assert((entry->shared.bytes == NULL) == (entry->shared_salt == NULL));
        assert((entry->internal.bytes == NULL) == (entry->internal_salt == NULL));
        assert((entry->request == NULL) == (entry->request_digest == NULL));
    }
    for (int i = 0; i < unit->n_cases; i++) {
        const struct store_case *row = &unit->cases[i];

        assert(row->team != NULL && row->key != NULL && row->workflow != NULL);
        assert(row->states != NULL && row->document != NULL);
    }
    for (int i = 0; i < unit->n_rows; i++) {
        const struct store_row *row = &unit->rows[i];

        assert(row->team != NULL && json_is_object(row->row));
        /* A row with a team in a site-wide table would be seen by every team. */
        assert(store_table(row->table)->site == (row->team[0] == '\0'));
        assert(row->table != STORE_WAITING); /* written with its case */
    }
    for (int i = 0; i < unit->n_erasures; i++) {
        const struct store_erasure *erasure = &unit->erasures[i];

        assert(erasure->team != NULL && erasure->team[0] != '\0' && erasure->seq > 0);
        assert(erasure->shared || erasure->internal);
    }
}

void
store_rollback(struct store *store, const char *team)
{
    assert(store != NULL);
    store->ops->rollback(store, team);
}

/* ---- several at the same time ---- */

int
store_ways(struct store *store, int n)
{
    assert(store != NULL);
    return store->ops->ways != NULL ? store->ops->ways(store, n) : 1;
}

void
store_begin_send(struct store *store, const char *team)
{
    assert(store != NULL && team != NULL);
    if (store->ops->begin_send != NULL)
        store->ops->begin_send(store, team);
}
