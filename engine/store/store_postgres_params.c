/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values on their way to PostgreSQL and back, in the binary form of its protocol: integers in
 * network order, texts and bytes as they are, arrays with a header of five numbers before their
 * elements (one dimension, are there nulls, type, size, first index).
 *
 * Source of the forms: PostgreSQL's array_recv and int8recv (src/backend/utils/adt).
 */
#include "store_postgres.h"

#include <assert.h>
#include <endian.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- parameters ---- */

void
store_postgres_params_init(struct store_postgres_params *params)
{
    /* Not all of it: the arrays of pointers are read up to n only, and there are many. */
    params->n = 0;
    params->n_arrays = 0;
    params->failed = false;
}

void
store_postgres_params_deinit(struct store_postgres_params *params)
{
    for (int i = 0; i < params->n_arrays; i++)
        sgn_buf_deinit(&params->arrays[i]);
    params->n_arrays = 0;
    params->n = 0;
}

static int
next(struct store_postgres_params *params, Oid type, const char *value, int length)
{
    int at = params->n;

    if (at == STORE_POSTGRES_PARAMS) {
        params->failed = true;
        return at - 1;
    }
    params->types[at] = type;
    params->values[at] = value;
    params->lengths[at] = length;
    params->formats[at] = 1;
    params->n++;
    return at;
}

void
store_postgres_text(struct store_postgres_params *params, const char *text)
{
    (void)next(params, STORE_PG_TEXT, text, text == NULL ? 0 : (int)strlen(text));
}

void
store_postgres_int(struct store_postgres_params *params, int64_t n)
{
    uint64_t big = htobe64((uint64_t)n);
    int at = next(params, STORE_PG_INT8, NULL, 8);

    memcpy(params->ints[at], &big, 8);
    params->values[at] = (const char *)params->ints[at];
}

/* ---- arrays ---- */

static void
put_number(struct sgn_buf *array, uint32_t n)
{
    uint32_t big = htobe32(n);

    (void)sgn_buf_append(array, &big, 4);
}

static Oid
array_of(enum store_postgres_type element)
{
    return element == STORE_PG_TEXT   ? STORE_PG_TEXT_ARRAY
           : element == STORE_PG_INT8 ? STORE_PG_INT8_ARRAY
                                      : STORE_PG_BYTEA_ARRAY;
}

struct sgn_buf *
store_postgres_array(struct store_postgres_params *params, enum store_postgres_type element, int n)
{
    struct sgn_buf *array;

    /* Which statements there are is known when this is written: a constant number of arrays. */
    assert(params->n_arrays < STORE_POSTGRES_ARRAYS && params->n < STORE_POSTGRES_PARAMS);
    array = &params->arrays[params->n_arrays++];
    sgn_buf_init(array, (size_t)STORE_POSTGRES_UNIT);
    (void)next(params, array_of(element), NULL, 0);
    /* That none is null is never said: the server looks at each element's length anyway. */
    put_number(array, n > 0 ? 1 : 0);
    put_number(array, 1);
    put_number(array, element);
    if (n > 0) {
        put_number(array, (uint32_t)n);
        put_number(array, 1);
    }
    return array;
}

void
store_postgres_put_null(struct sgn_buf *array)
{
    put_number(array, UINT32_MAX); /* -1 */
}

void
store_postgres_put_bytes(struct sgn_buf *array, const void *bytes, size_t n)
{
    if (bytes == NULL) {
        store_postgres_put_null(array);
        return;
    }
    if (n > INT_MAX) {
        array->failed = true;
        return;
    }
    put_number(array, (uint32_t)n);
    (void)sgn_buf_append(array, bytes, n);
}

void
store_postgres_put_text(struct sgn_buf *array, const char *text)
{
    store_postgres_put_bytes(array, text, text == NULL ? 0 : strlen(text));
}

void
store_postgres_put_int(struct sgn_buf *array, int64_t n)
{
    uint64_t big = htobe64((uint64_t)n);

    store_postgres_put_bytes(array, &big, 8);
}

/* ---- members of structs ---- */

static void
put_member(struct sgn_buf *array, const struct store_postgres_member *member, const void *of)
{
    const char *at = (const char *)of + member->offset;
    const char *text = NULL;
    struct store_bytes bytes;
    const unsigned char *salt;

    switch (member->kind) {
    case STORE_PG_AS_TEXT:
    case STORE_PG_AS_TEXT_OR_EMPTY:
        memcpy(&text, at, sizeof text);
        store_postgres_put_text(
            array, text == NULL && member->kind == STORE_PG_AS_TEXT_OR_EMPTY ? "" : text);
        break;
    case STORE_PG_AS_INT: {
        int64_t n;

        memcpy(&n, at, sizeof n);
        store_postgres_put_int(array, n);
        break;
    }
    case STORE_PG_AS_FLAG:
        store_postgres_put_int(array, *(const bool *)at ? 1 : 0);
        break;
    case STORE_PG_AS_BYTES:
        memcpy(&bytes, at, sizeof bytes);
        store_postgres_put_bytes(array, bytes.bytes, bytes.n);
        break;
    case STORE_PG_AS_SALT:
        memcpy(&salt, at, sizeof salt);
        store_postgres_put_bytes(array, salt, 16);
        break;
    }
}

static enum store_postgres_type
element_of(enum store_postgres_kind kind)
{
    return kind == STORE_PG_AS_TEXT || kind == STORE_PG_AS_TEXT_OR_EMPTY ? STORE_PG_TEXT
           : kind == STORE_PG_AS_INT || kind == STORE_PG_AS_FLAG         ? STORE_PG_INT8
                                                                         : STORE_PG_BYTEA;
}

void
store_postgres_members(struct store_postgres_params *params,
                       const struct store_postgres_member *members, size_t n_members,
                       const void *const *things, int n)
{
    for (size_t m = 0; m < n_members; m++) {
        struct sgn_buf *array = store_postgres_array(params, element_of(members[m].kind), n);

        for (int i = 0; i < n; i++)
            put_member(array, &members[m], things[i]);
    }
}

/* ---- results ---- */

int64_t
store_postgres_value(const PGresult *res, int row, int column)
{
    const char *bytes = PQgetvalue(res, row, column);
    uint64_t eight;
    uint32_t four;
    uint16_t two;

    if (PQgetisnull(res, row, column))
        return 0;
    switch (PQgetlength(res, row, column)) {
    case 8:
        memcpy(&eight, bytes, 8);
        return (int64_t)be64toh(eight);
    case 4:
        memcpy(&four, bytes, 4);
        return (int32_t)be32toh(four);
    case 2:
        memcpy(&two, bytes, 2);
        return (int16_t)be16toh(two);
    case 1:
        return bytes[0] != 0;
    default:
        return 0;
    }
}

json_t *
store_postgres_json(const PGresult *res, int row, int column)
{
    if (PQgetisnull(res, row, column))
        return json_null();
    switch (PQftype(res, column)) {
    case STORE_PG_INT8:
    case STORE_PG_INT4:
    case STORE_PG_INT2:
        return json_integer(store_postgres_value(res, row, column));
    default:
        return json_stringn(PQgetvalue(res, row, column), (size_t)PQgetlength(res, row, column));
    }
}

enum sgn_status
store_postgres_copy(const PGresult *res, int row, int column, char **out, size_t *n,
                    struct sgn_error *err)
{
    size_t length = (size_t)PQgetlength(res, row, column);

    *out = NULL;
    if (n != NULL)
        *n = length;
    if (PQgetisnull(res, row, column))
        return SGN_OK;
    *out = malloc(length + 1);
    if (*out == NULL)
        return sgn_nomem(err);
    memcpy(*out, PQgetvalue(res, row, column), length);
    (*out)[length] = '\0';
    return SGN_OK;
}
