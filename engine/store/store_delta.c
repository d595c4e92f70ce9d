/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Differences by blocks of the older bytes, found by their hash (as in Bentley and McIlroy, "Data
 * compression using long common strings", 1999; one block for each hash, the last one). The form is
 * a row of steps: how many bytes of its own follow, those bytes, then how far behind the end of the
 * last copy the next one begins, and its length; numbers in sevens of bits, least first.
 */
#include "store_delta.h"

#include <stdint.h>
#include <string.h>

#define BLOCK  16
#define BLOCKS 512 /* of a table; longer bases are looked at in larger steps */

static uint64_t
block_hash(const char *at)
{
    uint64_t a, b;

    memcpy(&a, at, sizeof a);
    memcpy(&b, at + sizeof a, sizeof b);
    return ((a * UINT64_C(0x9E3779B97F4A7C15)) ^ (b * UINT64_C(0xC2B2AE3D27D4EB4F))) >> 55;
}

static void
put_number(struct sgn_buf *out, uint64_t n)
{
    char bytes[10];
    size_t used = 0;

    do {
        bytes[used++] = (char)((n & 0x7f) | (n > 0x7f ? 0x80 : 0));
        n >>= 7;
    } while (n > 0);
    (void)sgn_buf_append(out, bytes, used);
}

/* Signed numbers as unsigned ones, small ones small. */
static uint64_t
zigzag(int64_t n)
{
    return ((uint64_t)n << 1) ^ (n < 0 ? UINT64_MAX : 0);
}

struct run {
    size_t base, next, n;
};

/* As far as both agree, to both sides; not before what was written already. */
static struct run
stretch(const char *base, size_t base_n, const char *next, size_t next_n, size_t done,
        struct run run)
{
    while (run.base > 0 && run.next > done && base[run.base - 1] == next[run.next - 1]) {
        run.base--;
        run.next--;
        run.n++;
    }
    while (run.base + run.n < base_n && run.next + run.n < next_n &&
           base[run.base + run.n] == next[run.next + run.n])
        run.n++;
    return run;
}

void
store_delta_make(const char *base, size_t base_n, const char *next, size_t next_n,
                 struct sgn_buf *out)
{
    uint32_t table[BLOCKS] = { 0 }; /* where a block begins, + 1 */
    size_t step = BLOCK * (1 + base_n / (BLOCK * BLOCKS)), done = 0, end = 0, at = 0;

    for (size_t i = 0; i + BLOCK <= base_n; i += step)
        table[block_hash(base + i)] = (uint32_t)i + 1;
    while (at + BLOCK <= next_n) {
        uint32_t found = table[block_hash(next + at)];
        struct run run = { found - 1, at, BLOCK };

        if (found == 0 || memcmp(base + run.base, next + at, BLOCK) != 0) {
            at++;
            continue;
        }
        run = stretch(base, base_n, next, next_n, done, run);
        put_number(out, run.next - done);
        (void)sgn_buf_append(out, next + done, run.next - done);
        put_number(out, zigzag((int64_t)run.base - (int64_t)end));
        put_number(out, run.n);
        end = run.base + run.n;
        at = done = run.next + run.n;
    }
    if (done < next_n) {
        put_number(out, next_n - done);
        (void)sgn_buf_append(out, next + done, next_n - done);
    }
}

/* ---- back ---- */

static bool
take_number(const char **at, const char *end, uint64_t *out)
{
    *out = 0;
    for (int shift = 0; *at < end && shift < 63; shift += 7) {
        unsigned char byte = (unsigned char)*(*at)++;

        *out |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return true;
    }
    return false;
}

bool
store_delta_apply(const char *base, size_t base_n, const char *delta, size_t delta_n, char *out,
                  size_t n)
{
    const char *at = delta, *end = delta + delta_n;
    size_t done = 0;
    uint64_t from = 0;

    while (at < end) {
        uint64_t own, gap, copied;

        if (!take_number(&at, end, &own) || own > (uint64_t)(end - at) || own > n - done)
            return false;
        memcpy(out + done, at, own);
        at += own;
        done += own;
        if (at == end)
            break;
        if (!take_number(&at, end, &gap) || !take_number(&at, end, &copied))
            return false;
        from += (gap >> 1) ^ ((gap & 1) != 0 ? UINT64_MAX : 0);
        if (from > base_n || copied > base_n - from || copied > n - done)
            return false;
        memcpy(out + done, base + from, copied);
        done += copied;
        from += copied;
    }
    return done == n;
}
