/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ends of what readers give, and the order of keys: the same for all backends, and needed by
 * them too, so it stands below them and not in store.c, which knows them all.
 */
#include "store_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Leaves an empty row: walking over entries uses one of them again and again. */
void
store_entry_row_deinit(struct store_entry_row *row)
{
    if (row == NULL)
        return;
    free(row->team);
    free(row->case_key);
    free(row->kind);
    free(row->actor);
    free(row->hash);
    free(row->header);
    free(row->shared);
    free(row->internal);
    free(row->request);
    free(row->request_digest);
    *row = (struct store_entry_row){ 0 };
}

void
store_case_row_deinit(struct store_case_row *row)
{
    if (row == NULL)
        return;
    free(row->document);
    *row = (struct store_case_row){ 0 };
}

void
store_page_deinit(struct store_page *page)
{
    if (page == NULL)
        return;
    json_decref(page->items);
    free(page->cursor);
    *page = (struct store_page){ 0 };
}

void
store_key_order(const char *key, char out[STORE_KEY_ORDER])
{
    const char *dash = strrchr(key, '-');
    char *end = NULL;
    unsigned long long n = dash == NULL ? 0 : strtoull(dash + 1, &end, 10);

    /* A key that is not PREFIX-NUMBER sorts by its letters. */
    if (dash == NULL || end == dash + 1 || *end != '\0')
        snprintf(out, STORE_KEY_ORDER, "%s", key);
    else
        snprintf(out, STORE_KEY_ORDER, "%.*s-%019llu", (int)(dash - key > 40 ? 40 : dash - key),
                 key, n);
}

enum sgn_status
store_changes_done(enum sgn_status st, json_t *cases_take, int limit, json_t **out,
                   struct sgn_error *err)
{
    if (st == SGN_OK && json_object_size(cases_take) > (size_t)limit)
        st = sgn_fail(err, SGN_TOO_LARGE, "more than %d cases changed", limit);
    if (st == SGN_OK)
        *out = cases_take;
    else
        json_decref(cases_take);
    return st;
}

enum sgn_status
store_look(const char *where, int64_t schema, int newest, struct sgn_error *err)
{
    if (schema == newest)
        return SGN_OK;
    if (schema == 0)
        return sgn_fail(err, SGN_NOT_FOUND,
                        "%s: there is no data yet; it begins with signoff serve", where);
    return sgn_fail(err, SGN_NOT_NOW,
                    "%s: written by an older Signoff (schema %lld, this one writes %d); signoff "
                    "serve brings it up to date",
                    where, (long long)schema, newest);
}
