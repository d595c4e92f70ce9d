/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON as this project reads and writes it: one parser, one set of refusals.
 */
#ifndef SGN_JSON_H
#define SGN_JSON_H

#include "buf.h"
#include "status.h"
#include <jansson.h>

#define SGN_JSON_DEPTH_MAX 64

/*
 * Parses one JSON text. Refused with SGN_PARSE: bad UTF-8, duplicate keys, NUL (raw or
 * escaped), integers outside 64 bits, anything after the value; with SGN_TOO_LARGE:
 * nesting deeper than SGN_JSON_DEPTH_MAX (found by a scan before the parser runs).
 * *out is a new reference; scalars are allowed at the top.
 */
enum sgn_status sgn_json_parse(const char *bytes, size_t n, json_t **out,
                               struct sgn_error *err) SGN_MUST_CHECK;

/* The same of a text of ours, without those members of its object that have one of these names
 * (NULL behind the last): what they hold costs next to nothing, and is not judged. They may be
 * there all the same. */
enum sgn_status sgn_json_parse_but(const char *bytes, size_t n, const char *const *names,
                                   json_t **out, struct sgn_error *err) SGN_MUST_CHECK;

/* Compact text, keys in the order they were set; malloc'ed; NULL when out of memory. */
char *sgn_json_text(const json_t *value);
enum sgn_status sgn_json_append(struct sgn_buf *buf, const json_t *value);
/* Appends a JSON string with these bytes, which are UTF-8, or null when text is NULL. */
enum sgn_status sgn_json_append_text(struct sgn_buf *buf, const char *text);

/*
 * Canonical JSON, RFC 8785: object keys ordered by their UTF-16 code units, no spaces,
 * only the escapes of section 3.2.2.2, integers in plain decimal. Reals are refused with
 * SGN_INVALID, as are integers beyond +-(2^53-1): nothing we hash may hold them.
 */
enum sgn_status sgn_json_canonical(struct sgn_buf *buf, const json_t *value,
                                   struct sgn_error *err) SGN_MUST_CHECK;

/*
 * A copy that may be changed without changing this one; NULL when out of memory. What cannot be
 * changed, numbers and texts, is shared: nobody sets the value of one in place. (jansson's own copy
 * prints the address of each container that it is in, to look for cycles.) Not for what another
 * thread gets while this one keeps its own: that shares nothing, by json_deep_copy().
 */
json_t *sgn_json_copy(const json_t *value);

/* Reading with defaults; never fails. The strings are borrowed from the object. */
const char *sgn_json_str(const json_t *object, const char *name); /* or NULL */
int64_t sgn_json_int(const json_t *object, const char *name, int64_t or_else);
bool sgn_json_true(const json_t *object, const char *name); /* is it true? */
/* Is text one of the strings of this array (NULL: an empty one)? */
bool sgn_json_has(const json_t *array, const char *text);

/* The object's member of this name that is an object, or a list: made where there is none, or
 * another thing. Borrowed from the object, which may be NULL; NULL: out of memory. */
json_t *sgn_json_within(json_t *object, const char *name);
json_t *sgn_json_list_within(json_t *object, const char *name);

/* A JSON string from bytes that are known UTF-8, or null when text is NULL. New reference. */
json_t *sgn_json_string_or_null(const char *text);

/*
 * The known word nearest to text (Damerau-Levenshtein, at most a third of its length
 * away), or NULL. For "did you mean".
 */
const char *sgn_nearest(const char *text, const char *const *known, size_t n);
/* The same over an array of strings. Borrowed from it. */
const char *sgn_nearest_json(const char *text, const json_t *known);

#endif
