/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An entry's bytes as the SQLite store keeps them: header, parts, salts, hash and the digest of its
 * request in one run, a third as long. What columns beside it say is left out of the header and put
 * in again; so are the digests of parts that are there. Every byte comes out as it went in, or the
 * entry is not packed.
 */
#ifndef STORE_ENTRY_PACK_H
#define STORE_ENTRY_PACK_H

#include "store.h"
#include "store_pack.h"

/* The first byte of a packed entry. No header begins with it. */
#define STORE_ENTRY_PACKED 0x01

/* Puts the packed bytes into out, which is emptied first. False: this entry is kept in its own
 * columns (it is not of the usual form, or there is no memory). */
bool store_entry_pack(const struct store_packer *packer, const struct store_entry *entry,
                      struct sgn_buf *out);
/* Fills what was packed into a row that has team, seq, case_key, case_seq, at, kind, actor and
 * request already. SGN_INVALID: the bytes are damaged. */
enum sgn_status store_entry_unpack(const void *bytes, size_t n, struct store_entry_row *row,
                                   struct sgn_error *err) SGN_MUST_CHECK;

#endif
