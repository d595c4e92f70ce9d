/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a head may look like. Section numbers are those of RFC 9112, unless RFC 9110 is named.
 *
 * Reads each byte once and gives parts of the head out where they lie. Never mends anything: a
 * head is taken as it is, or refused.
 */
#include "http_head.h"
#include <string.h>
#include <strings.h>

#define LENGTH_DIGITS 15 /* of a Content-Length: more than any limit, less than an overflow */

/* ---- words ---- */

bool
net_text_is(struct net_text text, const char *word)
{
    return text.at != NULL && text.n == strlen(word) && strncasecmp(text.at, word, text.n) == 0;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct net_text
trimmed(const char *at, size_t n)
{
    while (n > 0 && is_blank(*at)) {
        at++;
        n--;
    }
    while (n > 0 && is_blank(at[n - 1]))
        n--;
    return (struct net_text){ at, n };
}

bool
net_text_lists(struct net_text text, const char *word)
{
    const char *at = text.at, *end = text.at + text.n, *comma, *stop;

    for (; text.at != NULL && at < end; at = comma + 1) {
        comma = memchr(at, ',', (size_t)(end - at));
        if (comma == NULL)
            comma = end;
        stop = memchr(at, ';', (size_t)(comma - at));
        if (net_text_is(trimmed(at, (size_t)((stop != NULL ? stop : comma) - at)), word))
            return true;
    }
    return false;
}

/* RFC 9110, 5.6.2: token. */
static bool
is_token_char(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool
is_token(struct net_text text)
{
    for (size_t i = 0; i < text.n; i++)
        if (!is_token_char((unsigned char)text.at[i]))
            return false;
    return text.n > 0;
}

/* RFC 9110, 5.5: field-vchar, space and tab; what lies above ASCII is opaque. */
static bool
is_field_value(struct net_text text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static int
refuse(const char **why, int status, const char *words)
{
    *why = words;
    return status;
}

/* ---- where it ends ---- */

int
net_head_find(const char *bytes, size_t n, size_t max, size_t *scanned, size_t *end,
              const char **why)
{
    size_t i;

    *end = 0;
    for (i = *scanned; i < n && i < max; i++) {
        if (bytes[i] == '\0')
            return refuse(why, 400, "a NUL in the head");
        if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r'))
            return refuse(why, 400, "a line of the head ends without a carriage return");
        if (bytes[i] != '\n' && i > 0 && bytes[i - 1] == '\r')
            return refuse(why, 400, "a carriage return inside a line of the head");
        /* An empty line before the request line is passed over (2.2); a second one is none of it.
         */
        if (bytes[i] == '\n' && i >= 5 && memcmp(bytes + i - 3, "\r\n\r\n", 4) == 0) {
            *end = i + 1;
            return 0;
        }
        if (bytes[i] == '\n' && i == 3 && memcmp(bytes, "\r\n\r\n", 4) == 0)
            return refuse(why, 400, "empty lines where a request was expected");
    }
    *scanned = i;
    if (i == max)
        return memchr(bytes, '\n', max) == NULL
                   ? refuse(why, 414, "the request line is longer than a head may be")
                   : refuse(why, 431, "the head is larger than it may be");
    return 0;
}

/* ---- the request line ---- */

/* 3.2: visible ASCII only. A fragment is never sent. */
static bool
is_target(struct net_text target)
{
    for (size_t i = 0; i < target.n; i++) {
        unsigned char c = (unsigned char)target.at[i];
        if (c <= 0x20 || c >= 0x7f || c == '#' || c == '"' || c == '<' || c == '>' || c == '\\' ||
            c == '^' || c == '`' || c == '{' || c == '|' || c == '}')
            return false;
    }
    return target.n > 0;
}

/* 3.2.2: "http://HOST/PATH" is what proxies are sent, and servers must read it. Gives the host. */
static bool
take_absolute(struct net_text *target, struct net_text *authority)
{
    static const char *const schemes[] = { "http://", "https://" };

    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t n = strlen(schemes[i]), host = 0;
        if (target->n <= n || strncasecmp(target->at, schemes[i], n) != 0)
            continue;
        while (n + host < target->n && target->at[n + host] != '/' && target->at[n + host] != '?')
            host++;
        *authority = (struct net_text){ target->at + n, host };
        *target = (struct net_text){ target->at + n + host, target->n - n - host };
        return host > 0;
    }
    return false;
}

/* 3.2.4: the server as a whole is asked for its options, and for nothing else. */
static bool
is_options(struct net_text method)
{
    return method.n == 7 && memcmp(method.at, "OPTIONS", 7) == 0;
}

static int
read_target(struct net_text target, struct net_head *out, struct net_text *authority,
            const char **why)
{
    const char *mark;

    if (target.n > NET_TARGET_MAX)
        return refuse(why, 414, "the request target is too long");
    if (!is_target(target))
        return refuse(why, 400, "the request target has characters that must be encoded");
    if (target.at[0] != '/' && !take_absolute(&target, authority) &&
        !(net_text_is(target, "*") && is_options(out->method)))
        return refuse(why, 400, "the request target is no path");
    if (target.n == 0 || target.at[0] == '?') { /* http://HOST?QUERY */
        out->path = (struct net_text){ "/", 1 };
    } else {
        mark = memchr(target.at, '?', target.n);
        out->path =
            (struct net_text){ target.at, mark != NULL ? (size_t)(mark - target.at) : target.n };
    }
    mark = memchr(target.at, '?', target.n);
    if (mark != NULL)
        out->query = (struct net_text){ mark + 1, (size_t)(target.at + target.n - mark) - 1 };
    return 0;
}

/* 2.3 and RFC 9110, 2.5: of a version that is not HTTP/1 nothing is understood; of a later 1.x it
 * is read as 1.1. */
static int
read_version(struct net_text version, struct net_head *out, const char **why)
{
    if (version.n != 8 || memcmp(version.at, "HTTP/", 5) != 0 || version.at[6] != '.' ||
        version.at[5] < '0' || version.at[5] > '9' || version.at[7] < '0' || version.at[7] > '9')
        return refuse(why, 400, "the request line does not end with a version");
    if (version.at[5] != '1')
        return refuse(why, 505, "HTTP/1.1 is spoken here");
    out->version = version;
    out->is_old = version.at[7] == '0';
    return 0;
}

/* 3: method SP target SP version, with exactly these spaces. */
static int
read_request_line(const char *line, size_t n, struct net_head *out, struct net_text *authority,
                  const char **why)
{
    const char *first = memchr(line, ' ', n);
    const char *second =
        first != NULL ? memchr(first + 1, ' ', (size_t)(line + n - first) - 1) : NULL;
    int status;

    if (second == NULL)
        return refuse(why, 400, "the request line is not METHOD TARGET HTTP/1.1");
    out->method = (struct net_text){ line, (size_t)(first - line) };
    if (!is_token(out->method))
        return refuse(why, 400, "the method is no word");
    status =
        read_version((struct net_text){ second + 1, (size_t)(line + n - second) - 1 }, out, why);
    if (status != 0)
        return status;
    return read_target((struct net_text){ first + 1, (size_t)(second - first) - 1 }, out, authority,
                       why);
}

/* ---- fields ---- */

/* What only some of the fields need while they are read. */
struct fields {
    struct net_text length, coding, expect, connection;
};

/* 6.3: a length in plain digits, once. "5, 5" is allowed to be taken for 5; it is refused, for the
 * next reader may take it for something else. */
static int
read_length(struct net_text text, struct net_head *out, const char **why)
{
    out->length = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return refuse(why, 400, "Content-Length is not one number");
        if (i >= LENGTH_DIGITS)
            return refuse(why, 413, "the body is larger than it may be");
        out->length = out->length * 10 + (text.at[i] - '0');
    }
    return text.n > 0 ? 0 : refuse(why, 400, "Content-Length is empty");
}

/* 6.1, 6.3: chunked, and alone. */
static int
read_framing(const struct fields *fields, struct net_head *out, const char **why)
{
    if (fields->coding.at == NULL)
        return fields->length.at != NULL ? read_length(fields->length, out, why) : 0;
    if (fields->length.at != NULL)
        return refuse(why, 400, "Transfer-Encoding beside Content-Length");
    if (out->is_old)
        return refuse(why, 400, "HTTP/1.0 has no Transfer-Encoding");
    out->chunked = net_text_is(fields->coding, "chunked");
    if (out->chunked)
        return 0;
    return fields->coding.n > 8 &&
                   net_text_is(trimmed(fields->coding.at + fields->coding.n - 7, 7), "chunked") &&
                   memchr(fields->coding.at, ',', fields->coding.n) != NULL
               ? refuse(why, 501, "no transfer coding but chunked is known")
               : refuse(why, 400, "Transfer-Encoding does not end with chunked");
}

/* Where the value of a field goes that may stand once; NULL: it is of no use here. */
static struct net_text *
place_of(struct net_text name, struct net_head *out, struct fields *fields)
{
    const struct {
        const char *name;
        struct net_text *place;
    } known[] = {
        { "host", &out->host },
        { "content-length", &fields->length },
        { "transfer-encoding", &fields->coding },
        { "authorization", &out->authorization },
        { "content-type", &out->content_type },
        { "origin", &out->origin },
        { "accept-language", &out->language },
        { "if-none-match", &out->if_none_match },
        { "user-agent", &out->agent },
        { "upgrade", &out->upgrade },
        { "expect", &fields->expect },
        { "connection", &fields->connection },
        { "sec-websocket-key", &out->websocket_key },
        { "sec-websocket-version", &out->websocket_version },
        { "last-event-id", &out->last_event_id },
        { "x-request-id", &out->request_id },
        { "range", &out->range },
        { "if-range", &out->if_range },
        { "content-digest", &out->content_digest },
        { "content-encoding", &out->content_encoding },
        { "content-range", &out->content_range },
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (net_text_is(name, known[i].name))
            return known[i].place;
    if (net_text_is(name, "forwarded") || net_text_is(name, "via") ||
        (name.n > 12 && strncasecmp(name.at, "x-forwarded-", 12) == 0))
        out->proxied = true;
    return NULL;
}

/* 5: name, colon, value. A list that was cut into two fields would be one again (RFC 9110, 5.3);
 * of the fields that are read here none has a reason to be. */
static int
read_field(const char *line, size_t n, struct net_head *out, struct fields *fields,
           const char **why)
{
    const char *colon = memchr(line, ':', n);
    struct net_text name, value, *place;

    if (is_blank(line[0]))
        return refuse(why, 400, "a line of the head is folded, or begins with a space");
    if (colon == NULL)
        return refuse(why, 400, "a line of the head has no colon");
    name = (struct net_text){ line, (size_t)(colon - line) };
    if (!is_token(name))
        return refuse(why, 400, "the name of a field is no word, or has a space behind it");
    value = trimmed(colon + 1, (size_t)(line + n - colon) - 1);
    if (!is_field_value(value))
        return refuse(why, 400, "a control character in a field");
    place = place_of(name, out, fields);
    if (net_text_is(name, "x-forwarded-for")) /* of several the last: the nearest proxy's word */
        out->forwarded = value;
    if (place != NULL && place->at != NULL)
        return refuse(why, 400, "a field that may stand once stands twice");
    if (place != NULL)
        *place = value;
    return 0;
}

/* RFC 9110, 4.2: what an authority is made of, loosely; no user, no path, no list. */
static bool
is_host(struct net_text host)
{
    for (size_t i = 0; i < host.n; i++) {
        unsigned char c = (unsigned char)host.at[i];
        if (!is_token_char(c) && c != ':' && c != '[' && c != ']')
            return false;
    }
    return host.n > 0;
}

/* 3.2: one Host, and where the target names one, the same. */
static int
check_host(const struct net_head *head, struct net_text authority, const char **why)
{
    if (head->host.at == NULL)
        return head->is_old && authority.at == NULL ? 0 : refuse(why, 400, "Host is missing");
    if (!is_host(head->host))
        return refuse(why, 400, "Host is no name of a host");
    if (authority.at != NULL &&
        (authority.n != head->host.n || strncasecmp(authority.at, head->host.at, authority.n) != 0))
        return refuse(why, 400, "the request target names another host than Host");
    return 0;
}

static int
read_wishes(const struct fields *fields, struct net_head *out, const char **why)
{
    out->keep = out->is_old ? net_text_lists(fields->connection, "keep-alive")
                            : !net_text_lists(fields->connection, "close");
    out->upgrades = net_text_lists(fields->connection, "upgrade");
    /* RFC 9110, 10.1.1: of HTTP/1.0 it is not heard. */
    if (fields->expect.at != NULL && !net_text_is(fields->expect, "100-continue"))
        return refuse(why, 417, "nothing but 100-continue can be expected");
    out->waits = fields->expect.at != NULL && !out->is_old;
    return 0;
}

int
net_head_read(const char *bytes, size_t n, int fields_max, struct net_head *out, const char **why)
{
    struct fields fields = { 0 };
    struct net_text authority = { 0 };
    const char *line = bytes, *end = bytes + n, *stop;
    int status, count = 0;

    *out = (struct net_head){ .length = -1 };
    if (n >= 2 && memcmp(line, "\r\n", 2) == 0)
        line += 2;
    stop = memchr(line, '\r', (size_t)(end - line));
    status = read_request_line(line, (size_t)(stop - line), out, &authority, why);
    for (line = stop + 2; status == 0 && line < end && *line != '\r'; line = stop + 2) {
        stop = memchr(line, '\r', (size_t)(end - line));
        status = ++count > fields_max
                     ? refuse(why, 431, "the head has more fields than it may have")
                     : read_field(line, (size_t)(stop - line), out, &fields, why);
    }
    if (status == 0)
        status = read_framing(&fields, out, why);
    if (status == 0)
        status = check_host(out, authority, why);
    return status != 0 ? status : read_wishes(&fields, out, why);
}
