/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unpacking. The bytes come from a disk: whatever they say, nothing is read beyond their end, and
 * what comes of them has the ceiling of the buffer.
 */
#include "store_pack.h"

#include "hash.h"
#include <string.h>

/* ---- bytes ---- */

static bool
get(struct store_unpacking *u, unsigned *byte)
{
    if (u->at == u->end)
        return false;
    *byte = *u->at++;
    return true;
}

static bool
get_size(struct store_unpacking *u, uint64_t *n)
{
    unsigned byte;

    *n = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (!get(u, &byte))
            return false;
        *n |= (uint64_t)(byte & 0x7F) << shift;
        if (byte <= 0x7F)
            return true;
    }
    return false;
}

static bool
get_signed(struct store_unpacking *u, int64_t *n)
{
    uint64_t bits;

    if (!get_size(u, &bits))
        return false;
    *n = (bits & 1) != 0 ? -(int64_t)(bits >> 1) - 1 : (int64_t)(bits >> 1);
    return true;
}

/* An entry is put together of two hundred pieces: a call for each would be half of the work. */
static inline bool
put_n(struct store_unpacking *u, const void *bytes, size_t n)
{
    struct sgn_buf *out = u->out;

    if (out->failed || out->bytes == NULL || out->cap - out->len < n)
        return sgn_buf_append(out, bytes, n) == SGN_OK;
    memcpy(out->bytes + out->len, bytes, n);
    out->len += n;
    out->bytes[out->len] = '\0';
    return true;
}

static inline bool
put(struct store_unpacking *u, const char *text)
{
    return put_n(u, text, strlen(text));
}

/* ---- texts ---- */

/* What has been written in full from this place of out on. */
static void
see(struct store_unpacking *u, size_t at)
{
    size_t n = u->out->len - at;

    if (n < 2 || u->n_seen == STORE_PACK_SEEN)
        return;
    u->seen[u->n_seen].text = NULL;
    u->seen[u->n_seen].at = at;
    u->seen[u->n_seen++].n = (uint32_t)n;
}

static bool
put_seen(struct store_unpacking *u, uint64_t i)
{
    size_t n;

    if (i >= (uint64_t)u->n_seen)
        return false;
    n = u->seen[i].n;
    /* Room first: what is copied may lie in the same buffer. */
    if (sgn_buf_reserve(u->out, n) != SGN_OK)
        return false;
    return put_n(u, u->seen[i].text != NULL ? u->seen[i].text : u->out->bytes + u->seen[i].at, n);
}

static bool
put_bytes(struct store_unpacking *u, uint64_t n)
{
    size_t at = u->out->len;

    if ((uint64_t)(u->end - u->at) < n || !put_n(u, u->at, (size_t)n))
        return false;
    u->at += n;
    see(u, at);
    return true;
}

static bool
put_hex(struct store_unpacking *u, uint64_t n)
{
    size_t at = u->out->len;

    if ((uint64_t)(u->end - u->at) < n || sgn_buf_reserve(u->out, (size_t)n * 2) != SGN_OK)
        return false;
    sgn_hex(u->at, (size_t)n, u->out->bytes + at);
    u->at += n;
    u->out->len = at + (size_t)n * 2;
    see(u, at);
    return true;
}

/* ---- numbers ---- */

static bool
put_integer(struct store_unpacking *u, unsigned code)
{
    int64_t n;

    if (!get_signed(u, &n) || (code == PACK_TIME && __builtin_add_overflow(n, u->numbers[0], &n)))
        return false;
    if (store_pack_is_large(n) && u->n_numbers < STORE_PACK_NUMBERS)
        u->numbers[u->n_numbers++] = n;
    return sgn_buf_integer(u->out, n) == SGN_OK;
}

static bool
put_known(struct store_unpacking *u, int i)
{
    return i < u->n_numbers && sgn_buf_integer(u->out, u->numbers[i]) == SGN_OK;
}

/* As it is spelled, which is in no place among texts. */
static bool
put_number(struct store_unpacking *u)
{
    uint64_t n;

    if (!get_size(u, &n) || (uint64_t)(u->end - u->at) < n ||
        sgn_buf_append(u->out, u->at, (size_t)n) != SGN_OK)
        return false;
    u->at += n;
    return true;
}

/* ---- values ---- */

static bool unpack_any(struct store_unpacking *u);

static bool
unpack_name(struct store_unpacking *u, unsigned code)
{
    uint64_t n;
    bool done;

    if (!put(u, "\""))
        return false;
    if (code < STORE_PACK_WORDS)
        done = put(u, store_pack_words[code]);
    else if (code < PACK_NAME_PLACE)
        done = put_seen(u, code - PACK_NAME_SEEN);
    else if (code == PACK_NAME_PLACE)
        done = get_size(u, &n) && put_seen(u, n);
    else
        done = code == PACK_NAME_NEW && get_size(u, &n) && put_bytes(u, n);
    return done && put(u, "\":");
}

static bool
unpack_object(struct store_unpacking *u)
{
    const char *before = "{";
    unsigned code = 0;

    while (get(u, &code) && code != PACK_NAME_END) {
        if (!put(u, before) || !unpack_name(u, code) || !unpack_any(u))
            return false;
        before = ",";
    }
    /* An object without members has a code of its own. */
    return code == PACK_NAME_END && *before == ',' && put(u, "}");
}

static bool
unpack_array(struct store_unpacking *u)
{
    const char *before = "[";

    while (u->at < u->end && *u->at != PACK_END) {
        if (!put(u, before) || !unpack_any(u))
            return false;
        before = ",";
    }
    if (u->at == u->end || *before == '[')
        return false;
    u->at++;
    return put(u, "]");
}

/* A text in one of its forms, without its marks. */
static bool
unpack_text(struct store_unpacking *u, unsigned code)
{
    uint64_t n;

    if (code >= PACK_SEEN)
        return put_seen(u, code - PACK_SEEN);
    if (code >= PACK_WORD)
        return put(u, store_pack_words[code - PACK_WORD]);
    if (code >= PACK_SHORT)
        return put_bytes(u, code - PACK_SHORT);
    if (code == PACK_DIGEST)
        return put_hex(u, 32);
    if (!get_size(u, &n))
        return false;
    return code == PACK_TEXT  ? put_bytes(u, n)
           : code == PACK_HEX ? put_hex(u, n)
                              : code == PACK_PLACE && put_seen(u, n);
}

static bool
unpack_code(struct store_unpacking *u, unsigned code)
{
    if (code <= PACK_INT_MAX)
        return sgn_buf_integer(u->out, code) == SGN_OK;
    if (code >= PACK_KNOWN && code < PACK_SHORT)
        return put_known(u, (int)(code - PACK_KNOWN));
    switch (code) {
    case PACK_NULL:
        return put(u, "null");
    case PACK_TRUE:
        return put(u, "true");
    case PACK_FALSE:
        return put(u, "false");
    case PACK_NO_OBJECT:
        return put(u, "{}");
    case PACK_NO_ARRAY:
        return put(u, "[]");
    case PACK_OBJECT:
        return unpack_object(u);
    case PACK_ARRAY:
        return unpack_array(u);
    case PACK_INT:
    case PACK_TIME:
        return put_integer(u, code);
    case PACK_NUMBER:
        return put_number(u);
    default:
        return put(u, "\"") && unpack_text(u, code) && put(u, "\"");
    }
}

static bool
unpack_any(struct store_unpacking *u)
{
    unsigned code;
    bool done;

    if (u->depth == STORE_PACK_DEPTH || !get(u, &code))
        return false;
    u->depth++;
    done = unpack_code(u, code);
    u->depth--;
    return done;
}

/* ---- texts as a whole ---- */

void
store_unpack_begin(struct store_unpacking *unpacking, const void *bytes, size_t n,
                   struct sgn_buf *out, int64_t base)
{
    unpacking->at = bytes;
    unpacking->end = unpacking->at + n;
    unpacking->out = out;
    unpacking->n_seen = unpacking->n_numbers = unpacking->depth = 0;
    store_unpack_know_number(unpacking, base);
}

void
store_unpack_know(struct store_unpacking *unpacking, const char *text)
{
    if (unpacking->n_seen == STORE_PACK_SEEN)
        return;
    unpacking->seen[unpacking->n_seen].text = text == NULL ? "" : text;
    unpacking->seen[unpacking->n_seen].at = 0;
    unpacking->seen[unpacking->n_seen++].n = text == NULL ? 0 : (uint32_t)strlen(text);
}

void
store_unpack_know_number(struct store_unpacking *unpacking, int64_t number)
{
    unpacking->numbers[unpacking->n_numbers++] = number;
}

bool
store_unpack_value(struct store_unpacking *unpacking)
{
    return unpack_any(unpacking);
}

bool
store_unpack_members(struct store_unpacking *unpacking, const char *const *names, size_t n_names)
{
    for (size_t i = 0; i < n_names; i++)
        if (!put(unpacking, i == 0 ? "{\"" : ",\"") || !put(unpacking, names[i]) ||
            !put(unpacking, "\":") || !unpack_any(unpacking))
            return false;
    return put(unpacking, "}");
}
