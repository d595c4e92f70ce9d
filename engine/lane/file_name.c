/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people call their files, and what they say they are. A name is for showing only: nothing on
 * the server's disk is ever called by it. It may be saved under by whoever fetches the file, so
 * it must not lead out of a folder, drive a terminal, or hide its ending.
 */
#include "blobs.h"
#include <string.h>

/* Length of the UTF-8 character at text, which is valid and not at its end. */
static size_t
length_of(const unsigned char *text)
{
    return text[0] < 0x80 ? 1 : text[0] < 0xE0 ? 2 : text[0] < 0xF0 ? 3 : 4;
}

/* C0, DEL, C1; line and paragraph separators; marks and overrides of the writing direction. */
static bool
is_hidden(const unsigned char *c, size_t n)
{
    if (n == 1)
        return c[0] < 0x20 || c[0] == 0x7F;
    if (n == 2)
        return (c[0] == 0xC2 && c[1] < 0xA0) || (c[0] == 0xD8 && c[1] == 0x9C);
    if (n == 3 && c[0] == 0xE2 && c[1] == 0x80)
        return (c[2] >= 0x8B && c[2] <= 0x8F) || (c[2] >= 0xA8 && c[2] <= 0xAE);
    if (n == 3 && c[0] == 0xE2 && c[1] == 0x81)
        return c[2] >= 0xA0 && c[2] <= 0xAF;
    return n == 3 && c[0] == 0xEF && c[1] == 0xBB && c[2] == 0xBF;
}

void
lane_file_name(const char *said, char out[LANE_FILE_NAME_MAX + 1])
{
    const char *base = said;
    size_t n = 0;

    for (const char *at = said; *at != '\0'; at++)
        if (*at == '/' || *at == '\\')
            base = at + 1;
    while (*base == ' ')
        base++;
    for (const char *at = base; *at != '\0';) {
        const unsigned char *c = (const unsigned char *)at;
        size_t length = length_of(c);

        if (n + length > LANE_FILE_NAME_MAX)
            break;
        if (!is_hidden(c, length)) {
            memcpy(out + n, at, length);
            n += length;
        }
        at += length;
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    if (out[strspn(out, ".")] == '\0') /* "", ".", ".." */
        strcpy(out, "file");
}

/* restricted-name: begins with a letter or digit, then also ! # $ & - ^ _ . + */
static size_t
restricted_name(const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    static const char all[] = "abcdefghijklmnopqrstuvwxyz0123456789!#$&-^_.+";

    return strspn(text, plain) > 0 ? strspn(text, all) : 0;
}

bool
lane_media_type_valid(const char *text)
{
    size_t n = restricted_name(text), m;

    if (n == 0 || n > 127 || text[n] != '/')
        return false;
    m = restricted_name(text + n + 1);
    return m > 0 && text[n + 1 + m] == '\0' && n + 1 + m <= LANE_MEDIA_TYPE_MAX;
}

static bool
is_hex(const char *text, size_t n)
{
    return text != NULL && strlen(text) == n && strspn(text, "0123456789abcdef") == n;
}

bool
lane_hash_valid(const char *text)
{
    return is_hex(text, SGN_HASH_HEX - 1);
}

bool
lane_upload_id_valid(const char *text)
{
    return is_hex(text, LANE_UPLOAD_ID - 1);
}
