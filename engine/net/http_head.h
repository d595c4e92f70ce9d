/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The head of an HTTP/1.1 request, by the letter of RFC 9112 and stricter where it leaves a choice.
 *
 * Requests are smuggled where two readers of one stream disagree on where a request ends. So all
 * that could be read in two ways is refused here, before any parser sees it: line ends other than
 * CRLF, folded lines, spaces before colons, control characters, more than one length, a length
 * beside a transfer coding, codings but "chunked" alone. Whoever is refused is closed.
 *
 * Pure functions: nothing here knows a socket, a clock or a setting.
 */
#ifndef NET_HTTP_HEAD_H
#define NET_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_TARGET_MAX 8000 /* bytes of a request target: RFC 9110, 4.1 asks for at least that */

/* A part of the head; at is NULL where it has none. Not NUL-terminated. */
struct net_text {
    const char *at;
    size_t n;
};

struct net_head {
    struct net_text method; /* as sent; case matters */
    struct net_text path;   /* as sent, undecoded; begins with a slash, or is "*" */
    struct net_text query;  /* behind the "?", without it */
    struct net_text version;
    /* Of fields that may stand once only, the values without the spaces around them. */
    struct net_text host, authorization, content_type, origin, language, if_none_match;
    struct net_text agent;     /* User-Agent */
    struct net_text forwarded; /* X-Forwarded-For, as the proxy next to us has left it */
    struct net_text upgrade, websocket_key, websocket_version;
    struct net_text last_event_id;
    struct net_text request_id; /* X-Request-Id */
    struct net_text range, if_range, content_digest, content_encoding, content_range;
    int64_t length; /* of the body as Content-Length says; -1: it says nothing */
    bool chunked;   /* the body comes in chunks */
    bool keep;      /* the connection stays after the answer */
    bool upgrades;  /* Connection lists "upgrade" */
    bool waits;     /* for "100 Continue" before it sends its body */
    bool proxied;   /* a proxy says that it has passed it on */
    bool is_old;    /* HTTP/1.0 */
};

/*
 * Looks for the end of a head in what has come so far, and refuses what no further byte can mend.
 * *scanned is 0 at first, and kept between calls on the same, longer bytes. 0: *end is the head's
 * length with its empty line, or 0 while that is still to come; else the status to refuse with,
 * and why.
 */
int net_head_find(const char *bytes, size_t n, size_t max, size_t *scanned, size_t *end,
                  const char **why);

/* Reads a whole head of at most fields_max fields; *out borrows from bytes. 0, or the status to
 * refuse with, and why. */
int net_head_read(const char *bytes, size_t n, int fields_max, struct net_head *out,
                  const char **why);

/* Does text say this word, whatever the case of its letters? */
bool net_text_is(struct net_text text, const char *word);
/* Is it one of the words of a list with commas? Parameters behind a ";" do not count. */
bool net_text_lists(struct net_text text, const char *word);

#endif
