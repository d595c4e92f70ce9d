/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON in a third of its bytes, for texts that are read back byte for byte: names of members that
 * are known take a byte, digests the bytes that they are of, numbers and times what they need, and
 * what was said before is named by its place. Made for texts of some hundred bytes, where a general
 * compressor has nothing to go by yet.
 *
 * Several texts may be packed one behind the other, and what both sides know beforehand be told;
 * who unpacks tells the same in the same order.
 */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "buf.h"
#include "store_pack_codes.h"

/* The words by their hashes; made once, then read by any thread. */
struct store_packer {
    uint8_t slots[512];
    uint8_t lengths[STORE_PACK_WORDS];
};
void store_packer_init(struct store_packer *packer);

/* ---- packing ---- */

/* A text that is known: it must stay where it is until all is packed. */
struct store_pack_text {
    const char *text;
    uint32_t n;
};

struct store_packing {
    const struct store_packer *packer;
    struct sgn_buf *out;
    const char *at, *end; /* of what is being packed */
    char *to;             /* room for it, of out */
    struct store_pack_text seen[STORE_PACK_SEEN];
    int64_t numbers[STORE_PACK_NUMBERS];
    int n_seen, n_numbers, depth;
    uint8_t slots[1024]; /* of those seen: place + 1 */
};

/* Packed bytes are appended to out. base: the first number that is known, a time that others are
 * near to. */
void store_pack_begin(struct store_packing *packing, const struct store_packer *packer,
                      struct sgn_buf *out, int64_t base);
/* Known beforehand; NULL: a place that nothing has. */
void store_pack_know(struct store_packing *packing, const char *text);
void store_pack_know_number(struct store_packing *packing, int64_t number);
/* False, and the bytes of out are of no use: it is no JSON without spaces, or there is no memory.
 */
bool store_pack_value(struct store_packing *packing, const char *text, size_t n);
/* An object with exactly these n_names members in this order; their values alone are packed. */
bool store_pack_members(struct store_packing *packing, const char *text, size_t n,
                        const char *const *names, size_t n_names);

/* ---- unpacking ---- */

struct store_unpacking {
    const unsigned char *at, *end; /* what is left of the packed bytes */
    struct sgn_buf *out;           /* of one call or of several: nothing may be taken from it */
    struct {
        const char *text; /* NULL: at this place of out */
        size_t at;
        uint32_t n;
    } seen[STORE_PACK_SEEN];
    int64_t numbers[STORE_PACK_NUMBERS];
    int n_seen, n_numbers, depth;
};

void store_unpack_begin(struct store_unpacking *unpacking, const void *bytes, size_t n,
                        struct sgn_buf *out, int64_t base);
void store_unpack_know(struct store_unpacking *unpacking, const char *text);
void store_unpack_know_number(struct store_unpacking *unpacking, int64_t number);
/* Appends the text to out. False: the bytes are not of this form, or out has failed. */
bool store_unpack_value(struct store_unpacking *unpacking);
bool store_unpack_members(struct store_unpacking *unpacking, const char *const *names,
                          size_t n_names);

#endif
