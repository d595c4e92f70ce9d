/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads TZif: two blocks of the same form, a header and tables each, then a line with the rule for
 * all later times.
 *
 *     [header 44][tables, 32-bit times][header 44][tables, 64-bit times]["\n" rule "\n"]
 *      skipped                          read                             read
 *
 * Every length is computed from counts that the file itself gives, so counts have ceilings, which
 * keep the sums small, and each table is cut from what is left before it is looked at. Never reads
 * behind the bytes it was given, whatever they say.
 */
#include "tzif.h"
#include <stdlib.h>
#include <string.h>

#define HEADER_BYTES   44
#define TIMES_MAX      8192 /* some 60 times what the longest file has */
#define TYPES_MAX      256  /* their numbers are bytes */
#define CHARS_MAX      4096
#define LEAPS_MAX      1024
#define TYPE_BYTES     6
#define OFFSET_LOW     (-89999) /* what RFC 9636 lets an offset be: -24:59:59 to 25:59:59 */
#define OFFSET_HIGH    93599
#define RULE_BYTES_MAX 512

/* What is left of the file; taken from its front only. */
struct left {
    const unsigned char *at;
    size_t n;
};

struct counts {
    uint32_t ut, standard, leaps, times, types, chars;
};

/* The tables of the second block, still as bytes. */
struct tables {
    const unsigned char *times, *indexes, *types, *names, *standard, *ut;
};

static enum sgn_status
wrong(struct sgn_error *err, const char *what)
{
    return sgn_fail(err, SGN_INVALID, "not a time zone file: %s", what);
}

/* The next n bytes, or NULL when there are fewer. */
static const unsigned char *
take(struct left *left, size_t n)
{
    const unsigned char *from = left->at;

    if (n > left->n)
        return NULL;
    left->at += n;
    left->n -= n;
    return from;
}

static uint32_t
read_32(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int64_t
read_64(const unsigned char *bytes)
{
    return (int64_t)((uint64_t)read_32(bytes) << 32 | read_32(bytes + 4));
}

static enum sgn_status
read_header(struct left *left, char *version, struct counts *out, struct sgn_error *err)
{
    const unsigned char *header = take(left, HEADER_BYTES);

    if (header == NULL || memcmp(header, "TZif", 4) != 0)
        return wrong(err, "no header");
    *version = (char)header[4];
    if (*version < '2' || *version > '4')
        return wrong(err, "a version other than 2 to 4");
    *out = (struct counts){ read_32(header + 20), read_32(header + 24), read_32(header + 28),
                            read_32(header + 32), read_32(header + 36), read_32(header + 40) };
    if (out->times > TIMES_MAX || out->types > TYPES_MAX || out->chars > CHARS_MAX ||
        out->leaps > LEAPS_MAX)
        return wrong(err, "too many times, types or names");
    /* Each of the two is all there or not at all. */
    if ((out->ut != 0 && out->ut != out->types) ||
        (out->standard != 0 && out->standard != out->types))
        return wrong(err, "indicators of other types than there are");
    return SGN_OK;
}

static bool
skip_first_block(struct left *left, const struct counts *counts)
{
    size_t n = (size_t)counts->times * 5 + (size_t)counts->types * TYPE_BYTES + counts->chars +
               (size_t)counts->leaps * 8 + counts->standard + counts->ut;

    return take(left, n) != NULL;
}

static enum sgn_status
take_tables(struct left *left, const struct counts *counts, struct tables *out,
            struct sgn_error *err)
{
    if (counts->types == 0 || counts->chars == 0)
        return wrong(err, "no types");
    if (counts->leaps != 0)
        return wrong(err, "it counts leap seconds");
    out->times = take(left, (size_t)counts->times * 8);
    out->indexes = take(left, counts->times);
    out->types = take(left, (size_t)counts->types * TYPE_BYTES);
    out->names = take(left, counts->chars);
    out->standard = take(left, counts->standard);
    out->ut = take(left, counts->ut);
    if (out->times == NULL || out->indexes == NULL || out->types == NULL || out->names == NULL ||
        out->standard == NULL || out->ut == NULL)
        return wrong(err, "it ends too early");
    return SGN_OK;
}

static int32_t
type_offset(const struct tables *tables, size_t type)
{
    return (int32_t)read_32(tables->types + type * TYPE_BYTES);
}

/* Types and what stands beside them. Only offsets are used; the rest tells a file that is whole
 * from one that is not. */
static enum sgn_status
check_types(const struct tables *tables, const struct counts *counts, struct sgn_error *err)
{
    for (size_t i = 0; i < counts->types; i++) {
        const unsigned char *type = tables->types + i * TYPE_BYTES;
        int32_t offset = type_offset(tables, i);
        bool standard = counts->standard != 0 && tables->standard[i] == 1;

        if (offset < OFFSET_LOW || offset > OFFSET_HIGH)
            return wrong(err, "an offset of more than a day");
        if (type[4] > 1)
            return wrong(err, "a daylight flag that is neither 0 nor 1");
        if (type[5] >= counts->chars ||
            memchr(tables->names + type[5], '\0', counts->chars - type[5]) == NULL)
            return wrong(err, "a name that does not end");
        if ((counts->standard != 0 && tables->standard[i] > 1) ||
            (counts->ut != 0 && tables->ut[i] > 1) ||
            (counts->ut != 0 && tables->ut[i] == 1 && !standard))
            return wrong(err, "indicators that contradict each other");
    }
    return SGN_OK;
}

static enum sgn_status
read_times(const struct tables *tables, const struct counts *counts, struct calendar_tzif *out,
           struct sgn_error *err)
{
    /* One more, so that none is no special case. */
    out->times = calloc((size_t)counts->times + 1, sizeof(*out->times));
    out->offsets = calloc((size_t)counts->times + 1, sizeof(*out->offsets));
    if (out->times == NULL || out->offsets == NULL)
        return sgn_nomem(err);
    out->first = type_offset(tables, 0);
    for (size_t i = 0; i < counts->times; i++) {
        out->times[i] = read_64(tables->times + i * 8);
        /* A search by halves would go astray in any other order. */
        if (i > 0 && out->times[i] <= out->times[i - 1])
            return wrong(err, "times that do not ascend");
        if (tables->indexes[i] >= counts->types)
            return wrong(err, "a type that is not there");
        out->offsets[i] = type_offset(tables, tables->indexes[i]);
    }
    out->n = (int)counts->times;
    return SGN_OK;
}

static enum sgn_status
read_rule(struct left *left, char version, struct calendar_tzif *out, struct sgn_error *err)
{
    const char *text;
    size_t n;

    if (left->n < 2 || left->n > RULE_BYTES_MAX || left->at[0] != '\n' ||
        left->at[left->n - 1] != '\n')
        return wrong(err, "no line with a rule at its end");
    text = (const char *)left->at + 1;
    n = left->n - 2;
    if (n == 0)
        return SGN_OK; /* nothing is said: the last offset stays */
    if (!calendar_zone_rule_parse(text, n, version >= '3', &out->rule))
        return wrong(err, "a rule that cannot be read");
    /* The rule takes over at the last change; were it to say something else there, one of the
     * two is wrong. */
    if (out->n > 0 &&
        calendar_zone_rule_offset(&out->rule, out->times[out->n - 1]) != out->offsets[out->n - 1])
        return wrong(err, "a rule that contradicts the last change");
    out->has_rule = true;
    return SGN_OK;
}

enum sgn_status
calendar_tzif_read(const void *bytes, size_t n, struct calendar_tzif *out, struct sgn_error *err)
{
    struct left left = { bytes, n };
    struct counts counts = { 0 };
    struct tables tables = { 0 };
    char version = 0;
    enum sgn_status status;

    *out = (struct calendar_tzif){ 0 };
    status = read_header(&left, &version, &counts, err);
    if (status == SGN_OK && !skip_first_block(&left, &counts))
        status = wrong(err, "it ends too early");
    if (status == SGN_OK)
        status = read_header(&left, &version, &counts, err);
    if (status == SGN_OK)
        status = take_tables(&left, &counts, &tables, err);
    if (status == SGN_OK)
        status = check_types(&tables, &counts, err);
    if (status == SGN_OK)
        status = read_times(&tables, &counts, out, err);
    if (status == SGN_OK)
        status = read_rule(&left, version, out, err);
    if (status != SGN_OK)
        calendar_tzif_deinit(out);
    return status;
}

void
calendar_tzif_deinit(struct calendar_tzif *tzif)
{
    if (tzif == NULL)
        return;
    free(tzif->times);
    free(tzif->offsets);
    *tzif = (struct calendar_tzif){ 0 };
}

int
calendar_tzif_offset(const struct calendar_tzif *tzif, int64_t at)
{
    int low = 0, high = tzif->n; /* the last change at or before at lies in front of high */

    if (tzif->has_rule && (tzif->n == 0 || at >= tzif->times[tzif->n - 1]))
        return calendar_zone_rule_offset(&tzif->rule, at);
    while (low < high) {
        int middle = low + (high - low) / 2;

        if (tzif->times[middle] <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? tzif->first : tzif->offsets[low - 1];
}
