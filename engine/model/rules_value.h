/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
/*
 * Values as functions of the rules are given them, and answer them: the same values as JSON's, in
 * bytes that are written field by field and read where they lie, so that who asks for one member
 * of a case pays for that one.
 *
 *   null, false, true   'n', 'f', 't'
 *   integer             'i', 8 bytes
 *   real                'd', 8 bytes of a finite binary fraction (a number field may hold one)
 *   text                's', 4 bytes: its length, UTF-8 without a NUL byte
 *   list                'l', 4 bytes: the length of what follows, values
 *   record              'r', 4 bytes: the same, for each member 4 bytes: its name's length, its name,
 *                       its value; in the order of the names' bytes, each once
 *
 * Numbers are little-endian. There is one form for each value, so equal bytes are equal values and
 * the other way round: the bytes are what identifies a question.
 *
 * Writing. rules_put_* append to a buffer; what goes wrong (no memory, too large) shows in
 * out->failed. Names and texts must be UTF-8 without NUL, and names in their order; whoever writes
 * from other sources uses rules_put_json.
 *
 * Reading. Bytes from elsewhere go through rules_value_check first; everything else here reads
 * bytes that passed it, and never fails. What is read points into them.
 */
/* clang-format on */
#ifndef MODEL_RULES_VALUE_H
#define MODEL_RULES_VALUE_H

#include "buf.h"
#include "status.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RULES_VALUE_DEPTH 64 /* lists and records in one another: as deep as JSON may be */

enum rules_value_kind {
    RULES_VALUE_NULL = 'n',
    RULES_VALUE_FALSE = 'f',
    RULES_VALUE_TRUE = 't',
    RULES_VALUE_INTEGER = 'i',
    RULES_VALUE_REAL = 'd',
    RULES_VALUE_TEXT = 's',
    RULES_VALUE_LIST = 'l',
    RULES_VALUE_RECORD = 'r'
};

struct rules_value {
    enum rules_value_kind kind;
    uint32_t n;        /* bytes of a text, or of what is in a list or record */
    const char *bytes; /* ... which begins here; a text has no NUL behind it */
    int64_t integer;
    double real;
};

/* ---- writing ---- */

void rules_put_null(struct sgn_buf *out);
void rules_put_bool(struct sgn_buf *out, bool value);
void rules_put_integer(struct sgn_buf *out, int64_t value);
void rules_put_real(struct sgn_buf *out, double value);
void rules_put_text(struct sgn_buf *out, const char *text, size_t n);
/* A text that ends with NUL; NULL: null. */
void rules_put_text_or_null(struct sgn_buf *out, const char *text);
/* Begins a list or record; what is put until rules_put_close of the same place is in it. */
size_t rules_put_open(struct sgn_buf *out, enum rules_value_kind kind);
void rules_put_close(struct sgn_buf *out, size_t place);
/* A member's name; its value is put next. */
void rules_put_name(struct sgn_buf *out, const char *name, size_t n);
#define RULES_PUT_NAME(out, literal) rules_put_name(out, "" literal, sizeof(literal) - 1)
/* Any JSON value (NULL: null). SGN_INVALID: deeper than RULES_VALUE_DEPTH, or a NUL in a text;
 * SGN_TOO_LARGE, SGN_NOMEM: also in out->failed. */
enum sgn_status rules_put_json(struct sgn_buf *out, const json_t *value,
                               struct sgn_error *err) SGN_MUST_CHECK;

/* ---- reading ---- */

/* Are these n bytes exactly one value? SGN_INVALID: no. */
enum sgn_status rules_value_check(const char *bytes, size_t n,
                                  struct sgn_error *err) SGN_MUST_CHECK;

/* The value that begins here; returns where it ends. */
const char *rules_value_read(const char *at, struct rules_value *out);
/* The name of the member that begins here; returns where its value begins. */
const char *rules_value_name(const char *at, const char **name, size_t *n);
/* The member of this name. False: there is none, or this is no record. */
bool rules_value_member(const struct rules_value *record, const char *name, size_t n,
                        struct rules_value *out);

/* New reference; NULL when out of memory. */
json_t *rules_value_json(const struct rules_value *value);
/* Checks and converts. */
enum sgn_status rules_value_parse(const char *bytes, size_t n, json_t **out,
                                  struct sgn_error *err) SGN_MUST_CHECK;

#endif
