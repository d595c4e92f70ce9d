/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entry, format 1. Permanent: what is written here is verified for ever.
 *
 * A header is canonical JSON with exactly the keys
 *   v team seq case case_seq at actor on_behalf channel kind rules prev case_prev shared internal
 * and hash = SHA-256(0x00, header). shared and internal are SHA-256(0x01, 16 random bytes,
 * canonical JSON of the part), or null for a part with no item. Times are ms since 1970.
 */
#ifndef CORE_ENTRY_H
#define CORE_ENTRY_H

#include "buf.h"
#include "hash.h"
#include "status.h"
#include <jansson.h>
#include <stdint.h>

/* What sealing needs beside the parts. NULL and 0 where the header has null. */
struct entry_seal {
    const char *team, *case_key, *actor, *on_behalf, *channel, *kind, *rules, *prev, *case_prev;
    int64_t seq, case_seq, at;
};

/* A sealed entry; owns its bytes. */
struct entry {
    char *header, *shared, *internal; /* canonical JSON; parts NULL when null */
    unsigned char shared_salt[SGN_SALT_BYTES], internal_salt[SGN_SALT_BYTES];
    char hash[SGN_HASH_HEX];
};

enum sgn_status entry_make(const struct entry_seal *seal, const json_t *shared,
                           const json_t *internal, struct entry *out,
                           struct sgn_error *err) SGN_MUST_CHECK;
void entry_deinit(struct entry *entry);

/*
 * Checks one stored entry: header canonical with exactly the keys of the format, its hash, its
 * parts against the header, prev and seq against what went before (prev_hash "" for the
 * first). redacted parts (NULL with a hash in the header) are reported through *redacted,
 * not refused. SGN_INVALID says what is broken. header_out (new reference) may be NULL.
 */
struct entry_check {
    const char *header, *shared, *internal, *hash; /* as stored; parts NULL */
    size_t header_n, shared_n, internal_n;
    const unsigned char *shared_salt, *internal_salt;
    const char *team, *prev_hash; /* expected */
    int64_t seq;                  /* expected */
    /* NULL: its place among the team's entries. Else among those of this case: seq and prev_hash
     * are its case_seq and case_prev, and of an internal part nothing is asked. */
    const char *case_key;
};
enum sgn_status entry_verify(const struct entry_check *check, int *redacted, json_t **header_out,
                             struct sgn_error *err) SGN_MUST_CHECK;

/* What an entry of this kind did, as minutes and messages put it: English for sgn_say(). Static;
 * the kind itself where there are no words for it. */
const char *entry_said(const char *kind);
/* What came from another tool: "imported from jira ACME-12; there 2025-03-04 11:00, by Tom", and
 * what was changed there. imported is that of a case or of an entry as it is shown, its time a
 * text. */
void entry_imported_put(struct sgn_buf *buf, const json_t *imported, const char *language);

#endif
