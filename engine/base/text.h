/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small text rules that several layers share: keys, case keys, decimals.
 */
#ifndef SGN_TEXT_H
#define SGN_TEXT_H

#include "status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Keys of persons, clients, projects, groups, teams: [a-z][a-z0-9-]{0,31}. */
#define SGN_KEY_MAX 32
bool sgn_key_valid(const char *text);
/* A workflow's name and a state's: [a-z][a-z0-9_.]{0,63}. */
bool sgn_name_valid(const char *text);
/* A case key: two to eight capitals and digits beginning with a capital, '-', a number. */
bool sgn_case_key_valid(const char *text);

/* Well-formed UTF-8 without NUL? */
bool sgn_utf8_valid(const char *bytes, size_t n);
size_t sgn_utf8_length(const char *text); /* code points of valid UTF-8 */
/*
 * What keeps the bytes of a file from being the plain text of a script, and at which line and
 * column (in characters, both from 1); NULL when nothing does. The sentence is a constant.
 */
const char *sgn_text_fault(const char *bytes, size_t n, int *line, int *column);

/* FNV-1a of 64 bits (Fowler, Noll, Vo), for tables and marks; it goes on from hash, and
 * SGN_TEXT_HASH begins. Between two texts something has to come that ends the first. */
#define SGN_TEXT_HASH  UINT64_C(0xcbf29ce484222325)
#define SGN_TEXT_PRIME UINT64_C(0x100000001b3)
uint64_t sgn_text_hash(uint64_t hash, const char *text);
/* Its place in a table of so many, a power of two. */
static inline size_t
sgn_text_slot(uint64_t hash, size_t n_slots)
{
    return (size_t)(hash ^ (hash >> 32)) & (n_slots - 1);
}

bool sgn_text_ends(const char *text, const char *end);
/* Copies text (NULL: "") into out, which has this size (not 0), cut to what fits; as snprintf with
 * "%s" does, without reading a format: some twenty are copied for each command. */
void sgn_text_copy(char *out, size_t size, const char *text);
/* The same of two, one behind the other. */
void sgn_text_join(char *out, size_t size, const char *first, const char *second);
/* malloc'ed printf; NULL when out of memory. */
char *sgn_format(const char *fmt, ...) SGN_PRINTF(1, 2);

/*
 * Exact decimals, for money and numbers with places: a coefficient of at most 18 digits
 * and its scale (0 to 6 digits after the point). Text form: -?digits(.digits)?, no
 * exponent, no leading zeros but one, no "-0".
 */
struct sgn_decimal {
    int64_t coefficient;
    int scale;
};
#define SGN_DECIMAL_TEXT 24
bool sgn_decimal_parse(const char *text, struct sgn_decimal *out);
void sgn_decimal_format(struct sgn_decimal value, char out[SGN_DECIMAL_TEXT]);
int sgn_decimal_compare(struct sgn_decimal a, struct sgn_decimal b);
/* a + b at the larger scale; false when it does not fit. */
bool sgn_decimal_add(struct sgn_decimal a, struct sgn_decimal b, struct sgn_decimal *out);
/* The same value at another scale; false when digits would be lost or it does not fit. */
bool sgn_decimal_rescale(struct sgn_decimal value, int scale, struct sgn_decimal *out);

/* part by whole in percent, rounded up to a tenth, so that what is over a bound never reads as
 * within it; false for a whole that is not above 0, a part below it, or when it does not fit. */
bool sgn_decimal_percent(struct sgn_decimal part, struct sgn_decimal whole,
                         struct sgn_decimal *out);

/* Minor-unit digits of an ISO 4217 currency code: 2 unless it is a known exception. */
int sgn_currency_digits(const char *currency);

#endif
