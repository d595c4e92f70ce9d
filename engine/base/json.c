/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parsing with our refusals, reading with defaults, and "did you mean".
 *
 * Never hands jansson a text that is nested deeper than we allow, or one that C would cut short.
 */
#include "json.h"
#include "json_read.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

/*
 * Is the nesting within bounds? jansson recurses per level, so this must be known before
 * it runs. Text that is not JSON may be counted wrongly; then the parser refuses it.
 */
static bool
depth_is_fine(const char *bytes, size_t n)
{
    bool in_string = false;
    int depth = 0;

    for (size_t i = 0; i < n; i++) {
        char c = bytes[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > SGN_JSON_DEPTH_MAX)
                return false;
        } else if (c == ']' || c == '}') {
            depth--;
        }
    }
    return true;
}

/* The one parser of all that comes from outside: the same rules for lines, files, rules' answers
 * and what the store gives back. */
enum sgn_status
sgn_json_parse(const char *bytes, size_t n, json_t **out, struct sgn_error *err)
{
    return sgn_json_parse_but(bytes, n, NULL, out, err);
}

enum sgn_status
sgn_json_parse_but(const char *bytes, size_t n, const char *const *names, json_t **out,
                   struct sgn_error *err)
{
    json_error_t why;
    json_t *value;

    *out = NULL;
    if (n == 0)
        return sgn_fail(err, SGN_PARSE, "not JSON: there is no text");
    /* Before jansson, which reads on behind it: C code would later see only the text in front. */
    if (memchr(bytes, '\0', n) != NULL)
        return sgn_fail(err, SGN_PARSE, "not JSON: a NUL byte");
    if (!sgn_utf8_valid(bytes, n))
        return sgn_fail(err, SGN_PARSE, "not JSON: the text is not UTF-8");
    value = json_read_but(bytes, n, names);
    if (value != NULL) {
        *out = value;
        return SGN_OK;
    }
    if (!depth_is_fine(bytes, n))
        return sgn_fail(err, SGN_TOO_LARGE, "JSON nested deeper than %d levels",
                        SGN_JSON_DEPTH_MAX);
    /* Of two members of one name, different readers take different ones: an audit would see
     * another request than the engine did. */
    value = json_loadb(bytes, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (value != NULL) {
        *out = value;
        return SGN_OK;
    }
    if (json_error_code(&why) == json_error_out_of_memory)
        return sgn_nomem(err);
    return sgn_fail(err, SGN_PARSE, "not JSON: %s (line %d, column %d)", why.text, why.line,
                    why.column);
}

static json_t *
copy_object(json_t *object)
{
    json_t *copy = json_object();

    for (void *at = json_object_iter(object); at != NULL && copy != NULL;
         at = json_object_iter_next(object, at)) {
        if (json_object_setn_new_nocheck(copy, json_object_iter_key(at),
                                         json_object_iter_key_len(at),
                                         sgn_json_copy(json_object_iter_value(at))) != 0) {
            json_decref(copy);
            copy = NULL;
        }
    }
    return copy;
}

static json_t *
copy_array(const json_t *array)
{
    json_t *copy = json_array(), *item;
    size_t i;

    json_array_foreach(array, i, item) {
        if (json_array_append_new(copy, sgn_json_copy(item)) != 0) {
            json_decref(copy);
            return NULL;
        }
    }
    return copy;
}

json_t *
sgn_json_copy(const json_t *value)
{
    if (json_is_object(value))
        return copy_object((json_t *)value); /* iterating needs it mutable and changes nothing */
    return json_is_array(value) ? copy_array(value) : json_incref((json_t *)value);
}

/* NULL also when the member is of another type: callers that need one say so in their shape. */
const char *
sgn_json_str(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* A real is no integer, even 3.0: the two are different values in what is hashed. */
int64_t
sgn_json_int(const json_t *object, const char *name, int64_t or_else)
{
    const json_t *value = json_object_get(object, name);

    return json_is_integer(value) ? (int64_t)json_integer_value(value) : or_else;
}

bool
sgn_json_true(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

bool
sgn_json_has(const json_t *array, const char *text)
{
    const json_t *item;
    size_t i;

    if (text == NULL)
        return false;
    json_array_foreach(array, i, item) {
        const char *member = json_string_value(item);
        if (member != NULL && strcmp(member, text) == 0)
            return true;
    }
    return false;
}

json_t *
sgn_json_within(json_t *object, const char *name)
{
    if (!json_is_object(json_object_get(object, name)) &&
        json_object_set_new(object, name, json_object()) != 0)
        return NULL;
    return json_object_get(object, name);
}

json_t *
sgn_json_list_within(json_t *object, const char *name)
{
    if (!json_is_array(json_object_get(object, name)) &&
        json_object_set_new(object, name, json_array()) != 0)
        return NULL;
    return json_object_get(object, name);
}

json_t *
sgn_json_string_or_null(const char *text)
{
    return text != NULL ? json_string_nocheck(text) : json_null();
}

/* Longer words are not names of ours; the bound keeps the rows on the stack. */
#define NEAREST_MAX 64

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits from a to b: insertion, deletion, replacement, and the swap of two neighbours, since
 * that is how people mistype. Three rows suffice, as nothing looks further back. */
static size_t
distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t rows[3][NEAREST_MAX + 1]; /* row i of the table is rows[i % 3] */

    for (size_t j = 0; j <= nb; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            row[j] = least(above[j], row[j - 1]) + 1;
            row[j] = least(row[j], above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[na % 3][nb];
}

/* Takes word for *best when it is nearer than *limit, the distance to beat. */
static void
consider(const char *text, size_t n, const char *word, const char **best, size_t *limit)
{
    size_t length = word != NULL ? strlen(word) : SIZE_MAX;
    size_t d;

    if (length > NEAREST_MAX)
        return;
    d = distance(text, n, word, length);
    if (d < *limit) {
        *best = word;
        *limit = d;
    }
}

/* A third of its letters may be wrong: beyond that a suggestion confuses more than it helps. */
const char *
sgn_nearest(const char *text, const char *const *known, size_t n)
{
    size_t length = text != NULL ? strlen(text) : SIZE_MAX;
    size_t limit = length / 3 + 1;
    const char *best = NULL;

    if (length > NEAREST_MAX)
        return NULL;
    for (size_t i = 0; i < n; i++)
        consider(text, length, known[i], &best, &limit);
    return best;
}

const char *
sgn_nearest_json(const char *text, const json_t *known)
{
    size_t length = text != NULL ? strlen(text) : SIZE_MAX;
    size_t limit = length / 3 + 1;
    const char *best = NULL;
    const json_t *item;
    size_t i;

    if (length > NEAREST_MAX)
        return NULL;
    json_array_foreach(known, i, item)
        consider(text, length, json_string_value(item), &best, &limit);
    return best;
}
