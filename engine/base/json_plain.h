/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a JSON text holds as it is, for the reader and the writer.
 */
#ifndef SGN_JSON_PLAIN_H
#define SGN_JSON_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define JSON_EACH_BYTE UINT64_C(0x0101010101010101)

/* Exact for "is there one": a borrow may mark bytes above one that is marked rightly, no other. */
static inline uint64_t
json_bytes_below(uint64_t word, uint64_t limit)
{
    return (word - JSON_EACH_BYTE * limit) & ~word & (JSON_EACH_BYTE * 0x80);
}

/* How many bytes at the front stand in a JSON string as they are: no quote, no backslash, no
 * control character. Eight at a time, since most texts are nothing else. */
static inline size_t
json_plain(const char *text, size_t n)
{
    size_t i = 0;

    for (; n - i >= 8; i += 8) {
        uint64_t word;

        memcpy(&word, text + i, sizeof word);
        if ((json_bytes_below(word, 0x20) | json_bytes_below(word ^ (JSON_EACH_BYTE * '"'), 1) |
             json_bytes_below(word ^ (JSON_EACH_BYTE * '\\'), 1)) != 0)
            break;
    }
    while (i < n && (unsigned char)text[i] >= 0x20 && text[i] != '"' && text[i] != '\\')
        i++;
    return i;
}

#endif
