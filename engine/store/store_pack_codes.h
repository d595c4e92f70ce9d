/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The form of packed JSON (store_pack.h): what each byte says. Known to store_pack.c, which writes
 * it, and to store_unpack.c, which reads it, and kept for ever: entries are in it.
 *
 * A value is a byte of those below. Numbers of bytes and places are in sevens of bits, least first,
 * each but the last with its high bit set; a number that may be negative has its sign in its lowest
 * bit. Texts are what stands between the quotation marks, escapes and all. One that was written in
 * full, of two bytes or more, is known from then on by its place among those known, as long as
 * there are places; so are numbers that take more than two bytes.
 */
#ifndef STORE_PACK_CODES_H
#define STORE_PACK_CODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Values. */
#define PACK_INT_MAX   0x3F /* up to here: this number */
#define PACK_NULL      0x40
#define PACK_TRUE      0x41
#define PACK_FALSE     0x42
#define PACK_OBJECT    0x43 /* then members, each a name and a value, up to PACK_NAME_END */
#define PACK_ARRAY     0x44 /* then values up to PACK_END */
#define PACK_END       0x45
#define PACK_INT       0x46
#define PACK_TIME      0x47 /* a number, as the difference from the first one that is known */
#define PACK_NUMBER    0x48 /* as it is spelled: how many bytes, those */
#define PACK_TEXT      0x49 /* how many bytes, those */
#define PACK_HEX       0x4A /* a text of pairs of hex digits: how many pairs, bytes */
#define PACK_PLACE     0x4B /* a text that is known: its place */
#define PACK_NO_OBJECT 0x4C /* {} */
#define PACK_NO_ARRAY  0x4D /* [] */
#define PACK_DIGEST    0x4E /* a text of 64 hex digits: 32 bytes */
#define PACK_KNOWN     0x50 /* and 15 more: a number that is known, by its place */
#define PACK_SHORT     0x60 /* and 31 more: a text of so many bytes, those */
#define PACK_WORD      0x80 /* and 63 more: a word */
#define PACK_SEEN      0xC0 /* and 63 more: a text that is known, by its place */

/* Names of members; below these: a word. */
#define PACK_NAME_SEEN  0xC0 /* and 58 more: a text that is known, by its place */
#define PACK_NAME_PLACE 0xFB /* the same: its place */
#define PACK_NAME_NEW   0xFC /* how many bytes, those */
#define PACK_NAME_END   0xFF

#define STORE_PACK_WORDS   192 /* as names of members */
#define STORE_PACK_TEXTS   64  /* of them also as texts */
#define STORE_PACK_NUMBERS 16  /* that may be known */
#define STORE_PACK_SEEN    255 /* the same of texts */
#define STORE_PACK_DEPTH   64  /* values within values */

extern const char *const store_pack_words[STORE_PACK_WORDS];

/* Is a number worth a place among those that are known? */
static inline bool
store_pack_is_large(int64_t n)
{
    return n >= 8192 || n < -8192;
}

#endif
