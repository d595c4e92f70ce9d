/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packing: one pass over the text, value by value, without a tree of it. Room for the worst case is
 * made first, so that nothing below asks for any.
 */
#include "store_pack.h"

#include "hash.h"
#include <string.h>

#define TEXT_MAX ((size_t)16 << 20) /* longer ones are kept as they are */

/* ---- words and texts that were seen, by their hashes ---- */

static uint64_t
text_hash(const char *text, size_t n)
{
    uint64_t a = 0, b = 0;

    if (n >= 8) {
        memcpy(&a, text, 8);
        memcpy(&b, text + n - 8, 8);
    } else if (n >= 4) {
        uint32_t first, last;

        memcpy(&first, text, 4);
        memcpy(&last, text + n - 4, 4);
        a = first;
        b = last;
    } else if (n > 0) {
        a = (uint64_t)(unsigned char)text[0] | (uint64_t)(unsigned char)text[n / 2] << 8 |
            (uint64_t)(unsigned char)text[n - 1] << 16;
    }
    a = (a ^ n) * UINT64_C(0x9E3779B97F4A7C15);
    b = (b ^ (a >> 32)) * UINT64_C(0xC2B2AE3D27D4EB4F);
    return b ^ (b >> 29);
}

void
store_packer_init(struct store_packer *packer)
{
    memset(packer, 0, sizeof *packer);
    for (int i = 0; i < STORE_PACK_WORDS; i++) {
        const char *word = store_pack_words[i];
        size_t n = strlen(word), slot = text_hash(word, n) % sizeof packer->slots;

        while (packer->slots[slot] != 0)
            slot = (slot + 1) % sizeof packer->slots;
        packer->slots[slot] = (uint8_t)(i + 1);
        packer->lengths[i] = (uint8_t)n;
    }
}

/* The word's place, -1: it is none. */
static int
find_word(const struct store_packer *packer, uint64_t hash, const char *text, size_t n)
{
    for (size_t slot = hash % sizeof packer->slots; packer->slots[slot] != 0;
         slot = (slot + 1) % sizeof packer->slots) {
        int i = packer->slots[slot] - 1;

        if (packer->lengths[i] == n && memcmp(store_pack_words[i], text, n) == 0)
            return i;
    }
    return -1;
}

static int
find_seen(const struct store_packing *p, uint64_t hash, const char *text, size_t n)
{
    for (size_t slot = hash % sizeof p->slots; p->slots[slot] != 0;
         slot = (slot + 1) % sizeof p->slots) {
        int i = p->slots[slot] - 1;

        if (p->seen[i].n == n && memcmp(p->seen[i].text, text, n) == 0)
            return i;
    }
    return -1;
}

static void
see(struct store_packing *p, uint64_t hash, const char *text, size_t n)
{
    size_t slot = hash % sizeof p->slots;

    if (p->n_seen == STORE_PACK_SEEN)
        return;
    p->seen[p->n_seen++] = (struct store_pack_text){ text, (uint32_t)n };
    if (n == 0)
        return;
    while (p->slots[slot] != 0)
        slot = (slot + 1) % sizeof p->slots;
    p->slots[slot] = (uint8_t)p->n_seen;
}

/* ---- bytes ---- */

static void
put(struct store_packing *p, unsigned byte)
{
    *p->to++ = (char)byte;
}

static void
put_size(struct store_packing *p, uint64_t n)
{
    for (; n > 0x7F; n >>= 7)
        put(p, 0x80 | (n & 0x7F));
    put(p, (unsigned)n);
}

static void
put_signed(struct store_packing *p, int64_t n)
{
    put_size(p, n < 0 ? ((uint64_t) - (n + 1) << 1) + 1 : (uint64_t)n << 1);
}

static void
put_bytes(struct store_packing *p, const char *bytes, size_t n)
{
    memcpy(p->to, bytes, n);
    p->to += n;
}

/* ---- texts ---- */

/* As pairs of digits, if it is nothing else. */
static bool
put_hex(struct store_packing *p, const char *text, size_t n)
{
    char *back = p->to;

    if (n < 16 || n % 2 != 0)
        return false;
    put(p, n == 64 ? PACK_DIGEST : PACK_HEX);
    if (n != 64)
        put_size(p, n / 2);
    if (!sgn_unhex_front(text, p->to, n / 2)) {
        p->to = back;
        return false;
    }
    p->to += n / 2;
    return true;
}

/* What stands between quotation marks, the first of which is passed already. */
static bool
take_text(struct store_packing *p, const char **text, size_t *n)
{
    const char *at = p->at;

    while (at < p->end && *at != '"')
        at += *at == '\\' ? 2 : 1;
    if (at >= p->end)
        return false;
    *text = p->at;
    *n = (size_t)(at - p->at);
    p->at = at + 1;
    return true;
}

/* A text or a name, and where it is known, -1: nowhere. */
struct taken {
    const char *text;
    size_t n;
    uint64_t hash;
    int word, seen;
};

/* n_words: how many of the words it may be. */
static bool
take_known(struct store_packing *p, int n_words, struct taken *out)
{
    if (!take_text(p, &out->text, &out->n))
        return false;
    out->hash = text_hash(out->text, out->n);
    out->word = find_word(p->packer, out->hash, out->text, out->n);
    if (out->word >= n_words)
        out->word = -1;
    out->seen = out->word >= 0 ? -1 : find_seen(p, out->hash, out->text, out->n);
    return true;
}

/* One that is in a place: the codes from first on have it themselves, n of them. */
static void
put_place(struct store_packing *p, int place, unsigned first, int n, unsigned beyond)
{
    if (place < n) {
        put(p, first + (unsigned)place);
    } else {
        put(p, beyond);
        put_size(p, (uint64_t)place);
    }
}

static void
see_taken(struct store_packing *p, const struct taken *taken)
{
    if (taken->n >= 2)
        see(p, taken->hash, taken->text, taken->n);
}

static bool
pack_text(struct store_packing *p)
{
    struct taken t;

    if (!take_known(p, STORE_PACK_TEXTS, &t))
        return false;
    if (t.word >= 0) {
        put(p, PACK_WORD + (unsigned)t.word);
    } else if (t.seen >= 0) {
        put_place(p, t.seen, PACK_SEEN, 0x100 - PACK_SEEN, PACK_PLACE);
    } else {
        if (!put_hex(p, t.text, t.n)) {
            if (t.n < PACK_WORD - PACK_SHORT) {
                put(p, PACK_SHORT + (unsigned)t.n);
            } else {
                put(p, PACK_TEXT);
                put_size(p, t.n);
            }
            put_bytes(p, t.text, t.n);
        }
        see_taken(p, &t);
    }
    return true;
}

static bool
pack_name(struct store_packing *p)
{
    struct taken t;

    if (!take_known(p, STORE_PACK_WORDS, &t))
        return false;
    if (t.word >= 0) {
        put(p, (unsigned)t.word);
    } else if (t.seen >= 0) {
        put_place(p, t.seen, PACK_NAME_SEEN, PACK_NAME_PLACE - PACK_NAME_SEEN, PACK_NAME_PLACE);
    } else {
        put(p, PACK_NAME_NEW);
        put_size(p, t.n);
        put_bytes(p, t.text, t.n);
        see_taken(p, &t);
    }
    return true;
}

/* ---- numbers ---- */

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_of_number(char c)
{
    return is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static void
put_integer(struct store_packing *p, int64_t n)
{
    int64_t later = 0;
    bool is_time = n >= INT64_C(1000000000000) && n < INT64_C(10000000000000) &&
                   !__builtin_sub_overflow(n, p->numbers[0], &later);

    if (n >= 0 && n <= PACK_INT_MAX) {
        put(p, (unsigned)n);
        return;
    }
    for (int i = 0; i < p->n_numbers; i++)
        if (p->numbers[i] == n) {
            put(p, PACK_KNOWN + (unsigned)i);
            return;
        }
    put(p, is_time ? PACK_TIME : PACK_INT);
    put_signed(p, is_time ? later : n);
    if (store_pack_is_large(n) && p->n_numbers < STORE_PACK_NUMBERS)
        p->numbers[p->n_numbers++] = n;
}

/* A whole number as it is always spelled, or anything else by its letters. */
static bool
pack_number(struct store_packing *p)
{
    const char *from = p->at, *digits = *from == '-' ? from + 1 : from, *at = digits;
    int64_t n = 0;

    while (at < p->end && is_digit(*at) && at - digits < 18)
        n = n * 10 + (*at++ - '0');
    if (at > digits && (*digits != '0' || (at == digits + 1 && digits == from)) &&
        (at == p->end || !is_of_number(*at))) {
        p->at = at;
        put_integer(p, digits == from ? n : -n);
        return true;
    }
    for (at = from; at < p->end && is_of_number(*at);)
        at++;
    if (at == from)
        return false;
    put(p, PACK_NUMBER);
    put_size(p, (uint64_t)(at - from));
    put_bytes(p, from, (size_t)(at - from));
    p->at = at;
    return true;
}

/* ---- values ---- */

static bool pack_any(struct store_packing *p);

static bool
take(struct store_packing *p, char c)
{
    if (p->at == p->end || *p->at != c)
        return false;
    p->at++;
    return true;
}

static bool
take_bytes(struct store_packing *p, const char *bytes, size_t n)
{
    if ((size_t)(p->end - p->at) < n || memcmp(p->at, bytes, n) != 0)
        return false;
    p->at += n;
    return true;
}

static bool
pack_word(struct store_packing *p, const char *word, unsigned code)
{
    if (!take_bytes(p, word, strlen(word)))
        return false;
    put(p, code);
    return true;
}

static bool
pack_object(struct store_packing *p)
{
    if (take(p, '}')) {
        put(p, PACK_NO_OBJECT);
        return true;
    }
    put(p, PACK_OBJECT);
    do
        if (!take(p, '"') || !pack_name(p) || !take(p, ':') || !pack_any(p))
            return false;
    while (take(p, ','));
    put(p, PACK_NAME_END);
    return take(p, '}');
}

static bool
pack_array(struct store_packing *p)
{
    if (take(p, ']')) {
        put(p, PACK_NO_ARRAY);
        return true;
    }
    put(p, PACK_ARRAY);
    do
        if (!pack_any(p))
            return false;
    while (take(p, ','));
    put(p, PACK_END);
    return take(p, ']');
}

static bool
pack_any(struct store_packing *p)
{
    bool done = false;

    if (p->at == p->end || p->depth == STORE_PACK_DEPTH)
        return false;
    p->depth++;
    switch (*p->at) {
    case '"':
        p->at++;
        done = pack_text(p);
        break;
    case '{':
        p->at++;
        done = pack_object(p);
        break;
    case '[':
        p->at++;
        done = pack_array(p);
        break;
    case 'n':
        done = pack_word(p, "null", PACK_NULL);
        break;
    case 't':
        done = pack_word(p, "true", PACK_TRUE);
        break;
    case 'f':
        done = pack_word(p, "false", PACK_FALSE);
        break;
    default:
        done = pack_number(p);
    }
    p->depth--;
    return done;
}

/* ---- texts as a whole ---- */

void
store_pack_begin(struct store_packing *packing, const struct store_packer *packer,
                 struct sgn_buf *out, int64_t base)
{
    packing->packer = packer;
    packing->out = out;
    packing->n_seen = packing->n_numbers = packing->depth = 0;
    memset(packing->slots, 0, sizeof packing->slots);
    store_pack_know_number(packing, base);
}

void
store_pack_know(struct store_packing *packing, const char *text)
{
    size_t n = text == NULL ? 0 : strlen(text);

    see(packing, text_hash(text, n), text, n);
}

void
store_pack_know_number(struct store_packing *packing, int64_t number)
{
    packing->numbers[packing->n_numbers++] = number;
}

/* A byte of the text never becomes more than two: a number as it is spelled takes two more than its
 * letters, and a text as long as a short one two less than with its marks. */
static bool
begin_text(struct store_packing *p, const char *text, size_t n)
{
    if (n > TEXT_MAX || sgn_buf_reserve(p->out, 2 * n + 16) != SGN_OK)
        return false;
    p->at = text;
    p->end = text + n;
    p->to = p->out->bytes + p->out->len;
    return true;
}

static bool
end_text(struct store_packing *p)
{
    if (p->at != p->end)
        return false;
    *p->to = '\0';
    p->out->len = (size_t)(p->to - p->out->bytes);
    return true;
}

bool
store_pack_value(struct store_packing *packing, const char *text, size_t n)
{
    return begin_text(packing, text, n) && pack_any(packing) && end_text(packing);
}

bool
store_pack_members(struct store_packing *packing, const char *text, size_t n,
                   const char *const *names, size_t n_names)
{
    if (!begin_text(packing, text, n))
        return false;
    for (size_t i = 0; i < n_names; i++)
        if (!take(packing, i == 0 ? '{' : ',') || !take(packing, '"') ||
            !take_bytes(packing, names[i], strlen(names[i])) || !take(packing, '"') ||
            !take(packing, ':') || !pack_any(packing))
            return false;
    return take(packing, '}') && end_text(packing);
}
