/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an entry's columns are, for every backend.
 */
#include "store_entry.h"

#include <string.h>

void
store_entry_texts(struct store_entry_row *out, struct store_entry_text texts[STORE_ENTRY_TEXTS])
{
    const struct store_entry_text all[STORE_ENTRY_TEXTS] = {
        { 0, &out->team, NULL },
        { 2, &out->case_key, NULL },
        { 6, &out->kind, NULL },
        { 7, &out->actor, NULL },
        { 8, &out->hash, NULL },
        { 9, &out->request, NULL },
        { 10, &out->request_digest, NULL },
        { 13, &out->header, &out->header_n },
        { 14, &out->shared, &out->shared_n },
        { 15, &out->internal, &out->internal_n },
    };

    memcpy(texts, all, sizeof all);
}

void
store_entry_salt(unsigned char out[16], const void *bytes, size_t n)
{
    if (n == 16)
        memcpy(out, bytes, n);
}
