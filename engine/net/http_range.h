/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields about bytes that are fetched: which of them (RFC 9110, 13 and 14), and under what name
 * they are saved (RFC 6266, RFC 8187). Pure functions.
 */
#ifndef NET_HTTP_RANGE_H
#define NET_HTTP_RANGE_H

#include "http_head.h"

/* Bytes of a name at most 255 long, thrice as "%XX" and once in ASCII, with what stands around. */
#define NET_DISPOSITION_MAX 1152

/* Content-Disposition for a name in UTF-8, without its field's name and line end. */
void net_disposition(bool is_inline, const char *name, char out[NET_DISPOSITION_MAX]);

/* Is the tag (with quotes) in the list, or is that a star? Weak ones match. */
bool net_etag_listed(struct net_text tags, const char *etag);

/*
 * What a request for size bytes under this tag asks for: 200 all, 206 those from *from up to *end
 * (without it), 416 there are none such. Several ranges at once, other units, a range that makes no
 * sense, and one that is for other bytes than these (If-Range) are as good as none.
 */
int net_range(const struct net_head *head, const char *etag, int64_t size, int64_t *from,
              int64_t *end);

/* The SHA-256 that Content-Digest (RFC 9530) tells, as 64 hex digits. False: it tells none. */
bool net_digest(struct net_text field, char out[65]);

#endif
