/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The columns of an entry as every backend selects them, and which of them are texts: header and
 * parts have their lengths, since their bytes are what was hashed and are given as they are.
 */
#ifndef STORE_ENTRY_H
#define STORE_ENTRY_H

#include "store.h"

#define STORE_ENTRY_COLUMNS                                                                        \
    "team, seq, case_key, case_seq, previous, at, kind, actor, hash, request, request_digest, "    \
    "shared_salt, internal_salt, header, shared, internal "

/* The places of those that are no texts. */
enum {
    STORE_ENTRY_SEQ = 1,
    STORE_ENTRY_CASE_SEQ = 3,
    STORE_ENTRY_PREVIOUS,
    STORE_ENTRY_AT,
    STORE_ENTRY_SHARED_SALT = 11,
    STORE_ENTRY_INTERNAL_SALT,
    STORE_ENTRY_HEADER
};

/* A text's column, where it goes, and its length (NULL: not wanted). */
struct store_entry_text {
    int column;
    char **text;
    size_t *n;
};
#define STORE_ENTRY_TEXTS 10
void store_entry_texts(struct store_entry_row *out,
                       struct store_entry_text texts[STORE_ENTRY_TEXTS]);

/* Takes a salt over. Of any other length it was not written by us; a part with a zero salt then
 * fails its hash in audit.verify, which is where damage is reported. */
void store_entry_salt(unsigned char out[16], const void *bytes, size_t n);

#endif
