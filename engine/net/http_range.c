/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges, tags, digests and names of what is fetched. */
#include "http_range.h"
#include "hash.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define DIGITS_MAX 18

/* ---- names ---- */

/* RFC 8187, 3.2.1: what stands for itself. */
static bool
is_plain(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           strchr("!#$&+-.^_`|~", c) != NULL;
}

/* What an old reader makes of the second form it does not know, so it goes second; the first has
 * no character that readers disagree on. */
void
net_disposition(bool is_inline, const char *name, char out[NET_DISPOSITION_MAX])
{
    static const char hex[] = "0123456789ABCDEF";
    size_t n = (size_t)snprintf(out, NET_DISPOSITION_MAX, "%s; filename=\"",
                                is_inline ? "inline" : "attachment");
    const unsigned char *at;
    bool plain = true;

    for (at = (const unsigned char *)name; *at != '\0' && n < NET_DISPOSITION_MAX - 32; at++) {
        bool fine = *at >= 0x20 && *at < 0x7f && strchr("\"\\%", *at) == NULL;
        plain = plain && fine;
        if (fine || (*at & 0xc0) != 0x80) /* one sign for each character */
            out[n++] = fine ? (char)*at : '_';
    }
    out[n++] = '"';
    out[n] = '\0';
    if (plain)
        return;
    n += (size_t)snprintf(out + n, NET_DISPOSITION_MAX - n, "; filename*=UTF-8''");
    for (at = (const unsigned char *)name; *at != '\0' && n < NET_DISPOSITION_MAX - 4; at++) {
        if (is_plain(*at)) {
            out[n++] = (char)*at;
        } else {
            out[n++] = '%';
            out[n++] = hex[*at >> 4];
            out[n++] = hex[*at & 15];
        }
    }
    out[n] = '\0';
}

/* ---- tags and ranges ---- */

bool
net_etag_listed(struct net_text tags, const char *etag)
{
    return net_text_is(tags, "*") ||
           (tags.at != NULL && memmem(tags.at, tags.n, etag, strlen(etag)) != NULL);
}

/* Digits from *at on; -1: there are none. A number that no file has is as large as any. */
static int64_t
number(const char **at, const char *end)
{
    int64_t value = 0;
    int digits = 0;

    while (*at < end && **at >= '0' && **at <= '9') {
        if (digits++ < DIGITS_MAX)
            value = value * 10 + (**at - '0');
        else
            value = INT64_MAX;
        (*at)++;
    }
    return digits > 0 ? value : -1;
}

int
net_range(const struct net_head *head, const char *etag, int64_t size, int64_t *from, int64_t *end)
{
    const char *at = head->range.at, *stop = at + head->range.n;
    int64_t first, last;

    *from = 0;
    *end = size;
    if (at == NULL || !net_text_is(head->method, "GET") || head->range.n < 7 ||
        strncasecmp(at, "bytes=", 6) != 0 ||
        (head->if_range.at != NULL && !net_text_is(head->if_range, etag)))
        return 200;
    at += 6;
    first = number(&at, stop);
    if (at == stop || *at++ != '-')
        return 200;
    last = number(&at, stop);
    if (at != stop || (first < 0 && last < 0) || (first >= 0 && last >= 0 && last < first))
        return 200;
    if (first < 0) { /* so many at the end */
        *from = last < size ? size - last : 0;
        return last > 0 && size > 0 ? 206 : 416;
    }
    if (first >= size)
        return 416;
    *from = first;
    if (last >= 0 && last < size)
        *end = last + 1;
    return 206;
}

/* ---- digests ---- */

bool
net_digest(struct net_text field, char out[65])
{
    static const char name[] = "sha-256=:";
    const char *at = field.at != NULL ? memmem(field.at, field.n, name, strlen(name)) : NULL;
    const char *stop;
    unsigned char bits[32];
    size_t n = 0;

    if (at == NULL || (at > field.at && strchr(" \t,", at[-1]) == NULL))
        return false;
    at += strlen(name);
    stop = memchr(at, ':', (size_t)(field.at + field.n - at));
    if (stop == NULL || !sgn_unbase64(at, (size_t)(stop - at), bits, sizeof bits, &n) ||
        n != sizeof bits)
        return false;
    sgn_hex(bits, sizeof bits, out);
    return true;
}
