/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys, UTF-8, and exact decimals.
 *
 * Never depends on the locale: isalpha() and its like would.
 */
#include "text.h"
#include "base_internal.h"
#include "memory.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool
is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A small letter, then small letters, digits and the characters of also; max bytes in all. No
 * letters beyond ASCII: two keys that look alike must be alike. */
static bool
word_valid(const char *text, const char *also, size_t max)
{
    size_t n;

    if (text == NULL || !is_lower(text[0]))
        return false;
    for (n = 1; text[n] != '\0'; n++)
        if (n == max || (!is_lower(text[n]) && !is_digit(text[n]) && !strchr(also, text[n])))
            return false;
    return true;
}

bool
sgn_key_valid(const char *text)
{
    return word_valid(text, "-", SGN_KEY_MAX);
}

bool
sgn_name_valid(const char *text)
{
    return word_valid(text, "_.", 64);
}

/* Numbers of cases fit what JSON readers keep exactly. */
#define CASE_NUMBER_DIGITS 15

/* No leading zeros: a case has one key, and CR-007 would be a second one. */
bool
sgn_case_key_valid(const char *text)
{
    size_t prefix = 1;
    size_t number = 0;

    if (text == NULL || !is_upper(text[0]))
        return false;
    while (is_upper(text[prefix]) || is_digit(text[prefix]))
        prefix++;
    if (prefix < 2 || prefix > 8 || text[prefix] != '-')
        return false;
    text += prefix + 1;
    while (is_digit(text[number]))
        number++;
    return text[0] != '0' && number >= 1 && number <= CASE_NUMBER_DIGITS && text[number] == '\0';
}

/* The bytes that may follow a lead byte first: they keep out overlong forms (E0, F0),
 * surrogates (ED) and what lies beyond U+10FFFF (F4). */
static bool
second_fits(unsigned char lead, unsigned char second)
{
    unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;

    return second >= low && second <= high;
}

/* How many bytes the character at text has; 0 when they are none. By the table of well-formed
 * sequences in chapter 3 of the Unicode standard. */
size_t
sgn_utf8_step(const unsigned char *text, size_t n)
{
    size_t length;

    if (n == 0)
        return 0;
    if (text[0] < 0x80)
        return 1;
    if (text[0] < 0xc2 || text[0] > 0xf4)
        return 0;
    length = text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
    if (n < length || !second_fits(text[0], text[1]))
        return 0;
    for (size_t i = 2; i < length; i++)
        if (text[i] < 0x80 || text[i] > 0xbf)
            return 0;
    return length;
}

/* Are these eight bytes ASCII without NUL? A NUL borrows from what is above it, and shows its high
 * bit. */
static inline bool
are_plain(uint64_t word)
{
    const uint64_t high = 0x8080808080808080u, ones = 0x0101010101010101u;

    return ((word | (word - ones)) & high) == 0;
}

static inline uint64_t
word_at(const unsigned char *text)
{
    uint64_t word;

    memcpy(&word, text, sizeof word);
    return word;
}

/* The same for a whole text of fewer bytes than that: read in two pieces that may lap over. */
static inline bool
is_plain_short(const unsigned char *text, size_t n)
{
    uint32_t first, last;

    if (n >= 4) {
        memcpy(&first, text, sizeof first);
        memcpy(&last, text + n - sizeof last, sizeof last);
        return are_plain((uint64_t)first << 32 | last);
    }
    for (size_t i = 0; i < n; i++)
        if (text[i] == 0 || text[i] >= 0x80)
            return false;
    return true;
}

/* A NUL is well-formed UTF-8, and refused all the same: whoever reads the text as a C string
 * would see another one. Most bytes are ASCII, so those are looked at eight at a time. */
bool
sgn_utf8_valid(const char *bytes, size_t n)
{
    const unsigned char *text = (const unsigned char *)bytes;

    if (n < 8 && is_plain_short(text, n))
        return true;
    while (n >= 8 && are_plain(word_at(text))) {
        text += 8;
        n -= 8;
        if (n < 8 && is_plain_short(text, n))
            return true;
    }
    while (n > 0) {
        size_t step = 1;

        if (n >= 8 && are_plain(word_at(text)))
            step = 8;
        else if (*text == 0 || *text >= 0x80)
            step = *text != 0 ? sgn_utf8_step(text, n) : 0;
        if (step == 0)
            return false;
        text += step;
        n -= step;
    }
    return true;
}

size_t
sgn_utf8_length(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80; /* all but continuation bytes */
    return n;
}

uint64_t
sgn_text_hash(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * SGN_TEXT_PRIME;
    return hash;
}

bool
sgn_text_ends(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

/* Appends at *n what fits. */
static void
put(char *out, size_t size, size_t *n, const char *text)
{
    size_t more = text != NULL ? strnlen(text, size - 1 - *n) : 0;

    if (more > 0)
        memcpy(out + *n, text, more);
    *n += more;
    out[*n] = '\0';
}

void
sgn_text_copy(char *out, size_t size, const char *text)
{
    size_t n = 0;

    put(out, size, &n, text);
}

void
sgn_text_join(char *out, size_t size, const char *first, const char *second)
{
    size_t n = 0;

    put(out, size, &n, first);
    put(out, size, &n, second);
}

char *
sgn_format(const char *fmt, ...)
{
    va_list args;
    char *text;
    int n;

    va_start(args, fmt);
    n = vasprintf(&text, fmt, args);
    va_end(args);
    if (n >= 0)
        return text;
    sgn_memory_failed();
    return NULL;
}

#define DECIMAL_LIMIT  INT64_C(1000000000000000000) /* 10^18: one more than fits */
#define DECIMAL_PLACES 6

/* Wide enough for 18 digits moved by six places, so comparing can never overflow. */
typedef __int128 wide;

static wide
power_of_ten(int n)
{
    wide power = 1;

    for (int i = 0; i < n; i++)
        power *= 10;
    return power;
}

/* Both ends alike, so that negating never overflows. */
static bool
decimal_fits(wide coefficient)
{
    return coefficient > -DECIMAL_LIMIT && coefficient < DECIMAL_LIMIT;
}

/* Appends the digits that text begins with to *value and moves on; false when there are
 * none or they are too many. */
static bool
read_digits(const char **text, int64_t *value, int *count)
{
    for (*count = 0; is_digit(**text); (*text)++, (*count)++) {
        if (*value >= DECIMAL_LIMIT / 10)
            return false;
        *value = *value * 10 + (**text - '0');
    }
    return *count > 0;
}

/* One text for each value: no exponent, no "+", no leading zeros, no "-0". What is hashed as
 * text must not have two forms. */
bool
sgn_decimal_parse(const char *text, struct sgn_decimal *out)
{
    bool negative;
    int64_t value = 0;
    int whole;
    int scale = 0;

    if (text == NULL)
        return false;
    negative = *text == '-';
    text += negative;
    if (text[0] == '0' && is_digit(text[1]))
        return false;
    if (!read_digits(&text, &value, &whole))
        return false;
    if (*text == '.') {
        text++;
        if (!read_digits(&text, &value, &scale) || scale > DECIMAL_PLACES)
            return false;
    }
    if (*text != '\0' || (negative && value == 0))
        return false;
    *out = (struct sgn_decimal){ negative ? -value : value, scale };
    return true;
}

void
sgn_decimal_format(struct sgn_decimal value, char out[SGN_DECIMAL_TEXT])
{
    uint64_t magnitude = (uint64_t)value.coefficient;
    const char *sign = "";
    char digits[SGN_DECIMAL_TEXT];
    int n;

    if (value.coefficient < 0) {
        magnitude = 0 - magnitude;
        sign = "-";
    }
    /* At least one digit stands before the point. */
    n = snprintf(digits, sizeof(digits), "%0*" PRIu64, value.scale + 1, magnitude);
    if (value.scale == 0)
        snprintf(out, SGN_DECIMAL_TEXT, "%s%.20s", sign, digits);
    else
        snprintf(out, SGN_DECIMAL_TEXT, "%s%.*s.%.6s", sign, n - value.scale, digits,
                 digits + n - value.scale);
}

static int
larger_scale(struct sgn_decimal a, struct sgn_decimal b)
{
    return a.scale > b.scale ? a.scale : b.scale;
}

static wide
at_scale(struct sgn_decimal value, int scale)
{
    return value.coefficient * power_of_ten(scale - value.scale);
}

/* At the larger of the two scales, exactly: 1.5 and 1.50 are equal. */
int
sgn_decimal_compare(struct sgn_decimal a, struct sgn_decimal b)
{
    int scale = larger_scale(a, b);
    wide x = at_scale(a, scale);
    wide y = at_scale(b, scale);

    return (x > y) - (x < y);
}

bool
sgn_decimal_add(struct sgn_decimal a, struct sgn_decimal b, struct sgn_decimal *out)
{
    int scale = larger_scale(a, b);
    wide sum = at_scale(a, scale) + at_scale(b, scale);

    if (!decimal_fits(sum))
        return false;
    *out = (struct sgn_decimal){ (int64_t)sum, scale };
    return true;
}

/* Refuses to lose a digit: rounding is the caller's decision, never a side effect. */
bool
sgn_decimal_rescale(struct sgn_decimal value, int scale, struct sgn_decimal *out)
{
    wide moved;

    if (scale < 0 || scale > DECIMAL_PLACES)
        return false;
    if (scale >= value.scale) {
        moved = at_scale(value, scale);
    } else {
        wide unit = power_of_ten(value.scale - scale);
        if (value.coefficient % unit != 0)
            return false;
        moved = value.coefficient / unit;
    }
    if (!decimal_fits(moved))
        return false;
    *out = (struct sgn_decimal){ (int64_t)moved, scale };
    return true;
}

bool
sgn_decimal_percent(struct sgn_decimal part, struct sgn_decimal whole, struct sgn_decimal *out)
{
    wide tenths, by;

    if (whole.coefficient <= 0 || part.coefficient < 0)
        return false;
    by = whole.coefficient * power_of_ten(part.scale);
    tenths = (part.coefficient * power_of_ten(whole.scale) * 1000 + by - 1) / by;
    if (!decimal_fits(tenths))
        return false;
    *out = (struct sgn_decimal){ (int64_t)tenths, 1 };
    return true;
}

struct currency {
    char code[4];
    int digits;
};

/* ISO 4217, table A.1: the currencies whose minor unit is not 2. */
static const struct currency currencies[] = {
    { "BHD", 3 }, { "BIF", 0 }, { "CLF", 4 }, { "CLP", 0 }, { "DJF", 0 }, { "GNF", 0 },
    { "IQD", 3 }, { "ISK", 0 }, { "JOD", 3 }, { "JPY", 0 }, { "KMF", 0 }, { "KRW", 0 },
    { "KWD", 3 }, { "LYD", 3 }, { "OMR", 3 }, { "PYG", 0 }, { "RWF", 0 }, { "TND", 3 },
    { "UGX", 0 }, { "UYI", 0 }, { "UYW", 4 }, { "VND", 0 }, { "VUV", 0 }, { "XAF", 0 },
    { "XOF", 0 }, { "XPF", 0 },
};

/* An unknown code has two: ISO adds some, and the exceptions are what it takes time to agree on. */
int
sgn_currency_digits(const char *currency)
{
    for (size_t i = 0; i < sizeof(currencies) / sizeof(currencies[0]); i++)
        if (currencies[i].code[0] == currency[0] && strcmp(currencies[i].code, currency) == 0)
            return currencies[i].digits;
    return 2;
}
