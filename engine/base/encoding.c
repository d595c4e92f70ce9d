/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a file is that is no text of ours: its author is told what the editor has saved, not which
 * byte was met.
 *
 * A guess is made only where it is hardly ever wrong. GB2312 (in EUC-CN form, the common part of
 * GBK and GB 18030) has both bytes of a character from 0xA1 to 0xFE; a text of a western code page
 * hardly ever has its accented letters in pairs.
 */
#include "base_internal.h"
#include "text.h"

#include <stdbool.h>
#include <string.h>

/* The place of a byte: lines and characters, from 1. */
static void
place(const char *bytes, size_t at, int *line, int *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < at; i++) {
        if (bytes[i] == '\n') {
            ++*line;
            *column = 1;
        } else if (((unsigned char)bytes[i] & 0xc0) != 0x80) {
            ++*column;
        }
    }
}

/* Do all bytes beyond ASCII stand in pairs, as GB2312 has them? */
static bool
in_pairs(const unsigned char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] < 0x80)
            continue;
        if (text[i] < 0xa1 || text[i] > 0xf7 || i + 1 >= n || text[i + 1] < 0xa1 ||
            text[i + 1] > 0xfe)
            return false;
        i++;
    }
    return true;
}

/* Where the first byte stands that begins no character, or is a NUL; n when there is none. */
static size_t
first_wrong(const unsigned char *text, size_t n)
{
    size_t at = 0;

    while (at < n) {
        size_t step = text[at] != 0 ? sgn_utf8_step(text + at, n - at) : 0;

        if (step == 0)
            break;
        at += step;
    }
    return at;
}

/* Lua takes a lone CR for the end of a line, editors do not, and all places would differ. */
static size_t
first_lone_return(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i] == '\r' && (i + 1 == n || bytes[i + 1] != '\n'))
            return i;
    return n;
}

const char *
sgn_text_fault(const char *bytes, size_t n, int *line, int *column)
{
    const unsigned char *text = (const unsigned char *)bytes;
    size_t at = first_wrong(text, n);

    *line = *column = 1;
    if (n >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0))
        return "the file is UTF-16: save it as UTF-8";
    if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        return "the file begins with a byte order mark (BOM): save it as UTF-8 without one";
    if (at < n) {
        place(bytes, at, line, column);
        if (text[at] == 0)
            return "a NUL character: a script is plain text in UTF-8";
        return in_pairs(text, n) ? "the file is not UTF-8 but most likely GBK: save it as UTF-8"
                                 : "the file is not UTF-8 text: save it as UTF-8";
    }
    at = first_lone_return(bytes, n);
    if (at == n)
        return NULL;
    place(bytes, at, line, column);
    return "a carriage return (CR) without a line feed: save the file with line ends LF or CR LF";
}
