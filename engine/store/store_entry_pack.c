/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packed entries: a byte for the form, one for what there is, then the hash, the digest of the
 * request, the salts, and parts and header as packed JSON (store_pack.h). The header comes last,
 * since by then the digests of the parts are known, which it is half full of. The entry's own hash
 * is kept, so that a changed bit anywhere still shows in this entry and not in the next one.
 */
#include "store_entry_pack.h"

#include "hash.h"
#include <stdlib.h>
#include <string.h>

#define TEXTS_MAX ((size_t)16 << 20) /* of an entry, together: what unpacking may make of bytes */
#define USUAL     2048               /* bytes of them */

/* What there is. */
enum {
    HAS_SHARED = 1,
    HAS_INTERNAL = 2,
    HAS_DIGEST = 4,
    HAS_ALL = 7
};

/* Members of a header, in the order of canonical JSON. */
static const char *const names[] = { "actor",   "at",       "case",   "case_prev", "case_seq",
                                     "channel", "internal", "kind",   "on_behalf", "prev",
                                     "rules",   "seq",      "shared", "team",      "v" };
#define N_NAMES (sizeof names / sizeof names[0])

/* ---- packing ---- */

static void
know(struct store_packing *packing, const struct store_entry *entry)
{
    store_pack_know_number(packing, entry->seq);
    store_pack_know_number(packing, entry->case_seq);
    store_pack_know(packing, entry->team);
    store_pack_know(packing, entry->case_key);
    store_pack_know(packing, entry->kind);
    store_pack_know(packing, entry->actor);
    store_pack_know(packing, entry->request);
}

static bool
put_hash(struct sgn_buf *out, const char *hex)
{
    unsigned char bytes[SGN_HASH_BYTES];

    return sgn_unhex(hex, bytes, sizeof bytes) &&
           sgn_buf_append(out, bytes, sizeof bytes) == SGN_OK;
}

static bool
put_front(const struct store_entry *entry, struct sgn_buf *out)
{
    char front[2] = { STORE_ENTRY_PACKED, 0 };

    front[1] = (char)((entry->shared.bytes != NULL ? HAS_SHARED : 0) |
                      (entry->internal.bytes != NULL ? HAS_INTERNAL : 0) |
                      (entry->request_digest != NULL ? HAS_DIGEST : 0));
    if (sgn_buf_append(out, front, sizeof front) != SGN_OK || !put_hash(out, entry->hash))
        return false;
    if (entry->request_digest != NULL && !put_hash(out, entry->request_digest))
        return false;
    if (entry->shared.bytes != NULL)
        (void)sgn_buf_append(out, entry->shared_salt, SGN_SALT_BYTES);
    if (entry->internal.bytes != NULL)
        (void)sgn_buf_append(out, entry->internal_salt, SGN_SALT_BYTES);
    return !out->failed;
}

/* A part, whose digest is known from then on: digest has room for it until all is packed. */
static bool
put_part(struct store_packing *packing, const struct store_bytes *part, const unsigned char *salt,
         char digest[SGN_HASH_HEX])
{
    if (part->bytes == NULL)
        return true;
    sgn_hash(SGN_HASH_PART, salt, part->bytes, part->n, digest);
    if (!store_pack_value(packing, part->bytes, part->n))
        return false;
    store_pack_know(packing, digest);
    return true;
}

bool
store_entry_pack(const struct store_packer *packer, const struct store_entry *entry,
                 struct sgn_buf *out)
{
    char shared[SGN_HASH_HEX], internal[SGN_HASH_HEX];
    struct store_packing packing;

    sgn_buf_reset(out);
    if (entry->header.n + entry->shared.n + entry->internal.n > TEXTS_MAX - 3 ||
        !put_front(entry, out))
        return false;
    store_pack_begin(&packing, packer, out, entry->at);
    know(&packing, entry);
    return put_part(&packing, &entry->shared, entry->shared_salt, shared) &&
           put_part(&packing, &entry->internal, entry->internal_salt, internal) &&
           store_pack_members(&packing, entry->header.bytes, entry->header.n, names, N_NAMES);
}

/* ---- unpacking ---- */

static enum sgn_status
damaged(const struct store_entry_row *row, struct sgn_error *err)
{
    return sgn_fail(err, SGN_INVALID, "team %s, entry %lld: its bytes in the file are damaged",
                    row->team, (long long)row->seq);
}

static bool
get_bytes(struct store_unpacking *u, void *out, size_t n)
{
    if ((size_t)(u->end - u->at) < n)
        return false;
    memcpy(out, u->at, n);
    u->at += n;
    return true;
}

/* A digest as the text that it was. */
static bool
get_hash(struct store_unpacking *u, char hex[SGN_HASH_HEX])
{
    unsigned char bytes[SGN_HASH_BYTES];

    if (!get_bytes(u, bytes, sizeof bytes))
        return false;
    sgn_hex(bytes, sizeof bytes, hex);
    return true;
}

/* What stands in front of the texts. */
struct front {
    unsigned char form, has;
    char hash[SGN_HASH_HEX], digest[SGN_HASH_HEX];
};

static bool
get_front(struct store_unpacking *u, struct front *front, struct store_entry_row *row)
{
    return get_bytes(u, &front->form, 1) && get_bytes(u, &front->has, 1) &&
           front->form == STORE_ENTRY_PACKED && front->has <= HAS_ALL && get_hash(u, front->hash) &&
           ((front->has & HAS_DIGEST) == 0 || get_hash(u, front->digest)) &&
           ((front->has & HAS_SHARED) == 0 || get_bytes(u, row->shared_salt, SGN_SALT_BYTES)) &&
           ((front->has & HAS_INTERNAL) == 0 || get_bytes(u, row->internal_salt, SGN_SALT_BYTES));
}

/* What stands behind that: where each text ends in the buffer of them all, and digests of the
 * parts. */
struct texts {
    size_t shared, internal, header;
    char shared_digest[SGN_HASH_HEX], internal_digest[SGN_HASH_HEX];
};

static bool
get_part(struct store_unpacking *u, const unsigned char *salt, char digest[SGN_HASH_HEX])
{
    size_t at = u->out->len;

    if (!store_unpack_value(u))
        return false;
    sgn_hash(SGN_HASH_PART, salt, u->out->bytes + at, u->out->len - at, digest);
    store_unpack_know(u, digest);
    return true;
}

static bool
get_texts(struct store_unpacking *u, unsigned has, const struct store_entry_row *row,
          struct texts *texts)
{
    if ((has & HAS_SHARED) != 0 && !get_part(u, row->shared_salt, texts->shared_digest))
        return false;
    texts->shared = u->out->len;
    if ((has & HAS_INTERNAL) != 0 && !get_part(u, row->internal_salt, texts->internal_digest))
        return false;
    texts->internal = u->out->len;
    if (!store_unpack_members(u, names, N_NAMES))
        return false;
    texts->header = u->out->len;
    return u->at == u->end;
}

static char *
copy(const char *bytes, size_t n)
{
    char *text = malloc(n + 1);

    if (text != NULL) {
        memcpy(text, bytes, n);
        text[n] = '\0';
    }
    return text;
}

static enum sgn_status
give(const struct front *front, const char *bytes, const struct texts *texts,
     struct store_entry_row *row, struct sgn_error *err)
{
    bool shared = (front->has & HAS_SHARED) != 0, internal = (front->has & HAS_INTERNAL) != 0;
    bool digest = (front->has & HAS_DIGEST) != 0;

    row->hash = copy(front->hash, SGN_HASH_HEX - 1);
    row->request_digest = digest ? copy(front->digest, SGN_HASH_HEX - 1) : NULL;
    row->shared_n = texts->shared;
    row->internal_n = texts->internal - texts->shared;
    row->header_n = texts->header - texts->internal;
    row->shared = shared ? copy(bytes, row->shared_n) : NULL;
    row->internal = internal ? copy(bytes + texts->shared, row->internal_n) : NULL;
    row->header = copy(bytes + texts->internal, row->header_n);
    return row->hash != NULL && row->header != NULL && digest == (row->request_digest != NULL) &&
                   shared == (row->shared != NULL) && internal == (row->internal != NULL)
               ? SGN_OK
               : sgn_nomem(err);
}

enum sgn_status
store_entry_unpack(const void *bytes, size_t n, struct store_entry_row *row, struct sgn_error *err)
{
    struct store_unpacking u;
    struct sgn_buf out;
    struct front front;
    struct texts texts;
    enum sgn_status st = SGN_OK;

    sgn_buf_init(&out, TEXTS_MAX);
    if (sgn_buf_reserve(&out, USUAL) != SGN_OK)
        return sgn_nomem(err);
    store_unpack_begin(&u, bytes, n, &out, row->at);
    store_unpack_know_number(&u, row->seq);
    store_unpack_know_number(&u, row->case_seq);
    store_unpack_know(&u, row->team);
    store_unpack_know(&u, row->case_key);
    store_unpack_know(&u, row->kind);
    store_unpack_know(&u, row->actor);
    store_unpack_know(&u, row->request);
    if (get_front(&u, &front, row) && get_texts(&u, front.has, row, &texts))
        st = give(&front, out.bytes, &texts, row, err);
    else
        st = out.failed && out.len < TEXTS_MAX / 2 ? sgn_nomem(err) : damaged(row, err);
    sgn_buf_deinit(&out);
    return st;
}
