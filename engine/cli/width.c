/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How wide a text is on a terminal, cutting it and breaking it into lines. Widths are columns
 * of the terminal, not bytes and not code points: East Asian wide characters take two.
 */
#include "output.h"

#include <limits.h>
#include <string.h>

#define LINE_MIN 16 /* narrower lines are not tried */

/*
 * Widths after Unicode's East Asian Width (W and F count two) and the general categories
 * Mn, Me and Cf (count nothing), coarse to blocks. Not wcwidth(): it depends on the locale,
 * and knows nothing in "C".
 */
struct range {
    uint32_t first, last;
};

/* clang-format off */
static const struct range wide[] = {
    { 0x1100, 0x115F }, { 0x231A, 0x231B }, { 0x2E80, 0x303E }, { 0x3041, 0x33FF },
    { 0x3400, 0x4DBF }, { 0x4E00, 0x9FFF }, { 0xA000, 0xA4CF }, { 0xA960, 0xA97F },
    { 0xAC00, 0xD7A3 }, { 0xF900, 0xFAFF }, { 0xFE10, 0xFE19 }, { 0xFE30, 0xFE6F },
    { 0xFF00, 0xFF60 }, { 0xFFE0, 0xFFE6 }, { 0x1F300, 0x1F64F }, { 0x1F680, 0x1F6FF },
    { 0x1F900, 0x1F9FF }, { 0x20000, 0x3FFFD },
};
static const struct range empty[] = {
    { 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD }, { 0x0610, 0x061A },
    { 0x064B, 0x065F }, { 0x0E31, 0x0E31 }, { 0x0E34, 0x0E3A }, { 0x1AB0, 0x1AFF },
    { 0x1DC0, 0x1DFF }, { 0x200B, 0x200F }, { 0x202A, 0x202E }, { 0x2060, 0x2064 },
    { 0x20D0, 0x20F0 }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F }, { 0xFEFF, 0xFEFF },
};
/* clang-format on */

static bool
within(const struct range *ranges, size_t n, uint32_t code)
{
    for (size_t i = 0; i < n; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    }
    return false;
}

/* The code point that text begins with (valid UTF-8) and its bytes. */
static uint32_t
step(const unsigned char *text, size_t *n)
{
    uint32_t code = text[0];

    *n = code < 0x80 ? 1 : code < 0xE0 ? 2 : code < 0xF0 ? 3 : 4;
    if (*n > 1)
        code &= 0x7Fu >> *n;
    for (size_t i = 1; i < *n; i++)
        code = code << 6 | (text[i] & 0x3Fu);
    return code;
}

static int
width_of(uint32_t code)
{
    if (within(empty, sizeof(empty) / sizeof(empty[0]), code))
        return 0;
    return within(wide, sizeof(wide) / sizeof(wide[0]), code) ? 2 : 1;
}

/* Control characters, and those that turn the direction of the text around them. */
static bool
is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

int
cli_text_width(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    int width = 0;
    size_t n;

    for (; *at != '\0'; at += n) {
        uint32_t code = step(at, &n);
        width += is_control(code) ? 1 : width_of(code);
    }
    return width;
}

int
cli_text_put(struct sgn_buf *buf, const char *text, int max)
{
    const unsigned char *at = (const unsigned char *)text;
    bool cut = max > 0 && cli_text_width(text) > max;
    int room = cut ? max - 1 : max;
    int width = 0;
    size_t n;

    for (; *at != '\0'; at += n) {
        uint32_t code = step(at, &n);
        int w = is_control(code) ? 1 : width_of(code);

        if (max > 0 && width + w > room)
            break;
        if (code == '\n' || code == '\t')
            sgn_buf_puts(buf, " ");
        else if (is_control(code))
            sgn_buf_puts(buf, "?");
        else
            sgn_buf_append(buf, at, n);
        width += w;
    }
    if (cut) {
        sgn_buf_puts(buf, "…");
        width++;
    }
    return width;
}

/* ---- lines ---- */

/* Bytes of text that fit into room columns, at least one character. It is broken behind a
 * space, or behind a wide character: Chinese is written without spaces. */
static size_t
line_bytes(const char *text, int room)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t good = 0, bytes = 0, n;
    int width = 0;

    for (; at[bytes] != '\0'; bytes += n) {
        uint32_t code = step(at + bytes, &n);
        int w = width_of(code);
        if (code == '\n')
            return bytes;
        if (width + w > room && code != ' ')
            return good > 0 ? good : bytes > 0 ? bytes : n;
        width += w;
        if (code == ' ' || w == 2)
            good = bytes + n;
    }
    return bytes;
}

static void
put_line(FILE *file, const char *text, size_t n)
{
    struct sgn_buf line, clean;

    while (n > 0 && text[n - 1] == ' ')
        n--;
    sgn_buf_init(&line, n + 1);
    sgn_buf_init(&clean, 4 * n + 1);
    sgn_buf_append(&line, text, n);
    cli_text_put(&clean, line.bytes != NULL ? line.bytes : "", 0);
    fprintf(file, "%s\n", clean.bytes != NULL ? clean.bytes : "");
    sgn_buf_deinit(&clean);
    sgn_buf_deinit(&line);
}

void
cli_text_lines(const struct cli_output *output, const char *text, int indent, int first)
{
    int room = output->width > 0 ? output->width - indent : INT_MAX;
    int here = output->width > 0 ? output->width - first : INT_MAX;

    if (room < LINE_MIN)
        room = LINE_MIN;
    for (;;) {
        size_t n = line_bytes(text, here < LINE_MIN ? LINE_MIN : here);
        put_line(output->out, text, n);
        text += n;
        text += strspn(text, " ");
        if (*text == '\n')
            text++;
        if (*text == '\0')
            return;
        fprintf(output->out, "%*s", indent, "");
        here = room;
    }
}
