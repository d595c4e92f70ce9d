/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers: status, fields, bytes. Nothing is sent that depends on what a request said, but for its
 * answer: no header is ever made of a request's bytes.
 */
#include "http_internal.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define FIELDS_MAX 1024

static const char *
reason_of(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        { 200, "OK" },
        { 204, "No Content" },
        { 304, "Not Modified" },
        { 400, "Bad Request" },
        { 401, "Unauthorized" },
        { 403, "Forbidden" },
        { 404, "Not Found" },
        { 405, "Method Not Allowed" },
        { 408, "Request Timeout" },
        { 413, "Content Too Large" },
        { 414, "URI Too Long" },
        { 415, "Unsupported Media Type" },
        { 417, "Expectation Failed" },
        { 426, "Upgrade Required" },
        { 429, "Too Many Requests" },
        { 431, "Request Header Fields Too Large" },
        { 500, "Internal Server Error" },
        { 501, "Not Implemented" },
        { 503, "Service Unavailable" },
        { 505, "HTTP Version Not Supported" },
    };

    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "";
}

/* As IMF-fixdate; names of days and months are never those of a locale. */
static void
date_of(time_t now, char out[32])
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct tm t = { 0 };

    (void)gmtime_r(&now, &t);
    snprintf(out, 32, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * t.tm_wday, t.tm_mday,
             months + 3 * t.tm_mon, (t.tm_year + 1900) % 10000, t.tm_hour, t.tm_min, t.tm_sec);
}

/* What every answer tells a browser: this is what it says it is, it runs nothing, it is shown in no
 * frame, it is nobody else's to read. */
#define GUARDS                                                                                     \
    "X-Content-Type-Options: nosniff\r\n"                                                          \
    "X-Frame-Options: DENY\r\n"                                                                    \
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; "           \
    "frame-ancestors 'none'\r\n"                                                                   \
    "Cross-Origin-Resource-Policy: same-origin\r\n"                                                \
    "Referrer-Policy: no-referrer\r\n"

static void
send_bytes(struct net_http *http, const char *bytes, size_t n)
{
    http->wire.send(http->wire.ctx, bytes, n);
    http->unsent += n;
}

/* RFC 9110, 8.6: no length beside 204 and 304; the answer to HEAD has the length of its like. */
void
net_http_answer(struct net_http *http, const struct net_answer *answer)
{
    bool bare = answer->status == 204 || answer->status == 304;
    char fields[FIELDS_MAX], date[32], length[48] = "";
    const char *cache = answer->more != NULL && strstr(answer->more, "Cache-Control") != NULL
                            ? ""
                            : "Cache-Control: no-store\r\n";
    int n;

    /* Answered without its body, it could not be told where the next request begins. */
    if (!http->whole && (http->head.chunked || http->head.length > 0))
        http->keep = false;
    date_of(time(NULL), date);
    if (!bare)
        snprintf(length, sizeof length, "Content-Length: %zu\r\n", answer->n);
    n = snprintf(fields, sizeof fields, "HTTP/1.1 %d %s\r\nDate: %s\r\n%s%s%s%s%s%s%s%s\r\n",
                 answer->status, reason_of(answer->status), date,
                 answer->type != NULL ? "Content-Type: " : "",
                 answer->type != NULL ? answer->type : "", answer->type != NULL ? "\r\n" : "",
                 length, cache, answer->more != NULL ? answer->more : "",
                 http->keep ? "" : "Connection: close\r\n", GUARDS);
    send_bytes(http, fields, (size_t)n);
    if (!bare && answer->n > 0 && !net_text_is(http->head.method, "HEAD"))
        send_bytes(http, answer->body, answer->n);
    http->answered = true;
}

void
net_http_deny(struct net_http *http, int status, const char *why, const char *more)
{
    char body[256];
    int n = snprintf(body, sizeof body, "%s\n", why);

    net_http_answer(
        http, &(struct net_answer){ status, "text/plain; charset=utf-8", body, (size_t)n, more });
}

void
net_http_refuse(struct net_http *http, int status, const char *why)
{
    http->keep = false;
    net_http_deny(http, status, why, NULL);
}

/* RFC 9110, 13.1.2: a list of tags, or a star; weak ones match. */
static bool
has_page(struct net_text tags, const char *etag)
{
    return net_text_is(tags, "*") ||
           (tags.at != NULL && memmem(tags.at, tags.n, etag, strlen(etag)) != NULL);
}

void
net_http_page(struct net_http *http, const struct net_page *page, const char *type)
{
    char more[128];
    bool same = has_page(http->head.if_none_match, page->etag);

    snprintf(more, sizeof more, "ETag: %s\r\nCache-Control: no-cache\r\n", page->etag);
    net_http_answer(http, &(struct net_answer){ same ? 304 : 200, same ? NULL : type, page->bytes,
                                                page->n, more });
}

const char *
net_http_refusal(char *out, size_t size, const char *message, int retry_after_s)
{
    char date[32];

    date_of(time(NULL), date);
    snprintf(out, size,
             "HTTP/1.1 503 Service Unavailable\r\nDate: %s\r\nRetry-After: %d\r\n"
             "Content-Type: text/plain; charset=utf-8\r\nContent-Length: %zu\r\n"
             "Connection: close\r\n\r\n%s\n",
             date, retry_after_s, strlen(message) + 1, message);
    return out;
}
