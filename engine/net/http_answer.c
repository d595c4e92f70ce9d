/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers: status, fields, bytes. Nothing is sent that depends on what a request said, but for its
 * answer: no header is ever made of a request's bytes, but for its id, of which every byte is
 * judged.
 */
#include "hash.h"
#include "http_internal.h"
#include "http_range.h"
#include "json.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define FIELDS_MAX 4096

static const char *
reason_of(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        { 200, "OK" },
        { 201, "Created" },
        { 204, "No Content" },
        { 206, "Partial Content" },
        { 302, "Found" },
        { 304, "Not Modified" },
        { 400, "Bad Request" },
        { 401, "Unauthorized" },
        { 403, "Forbidden" },
        { 404, "Not Found" },
        { 405, "Method Not Allowed" },
        { 408, "Request Timeout" },
        { 409, "Conflict" },
        { 410, "Gone" },
        { 411, "Length Required" },
        { 413, "Content Too Large" },
        { 414, "URI Too Long" },
        { 415, "Unsupported Media Type" },
        { 416, "Range Not Satisfiable" },
        { 417, "Expectation Failed" },
        { 422, "Unprocessable Content" },
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
    "Cross-Origin-Resource-Policy: same-origin\r\n"                                                \
    "Referrer-Policy: no-referrer\r\n"

/* Of a page that says nothing else: nothing of it is run, shown or sent. */
#define POLICY                                                                                     \
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; "           \
    "frame-ancestors 'none'\r\n"

/* Has the answer a field of its own instead of the usual one? */
static bool
says(const char *more, const char *field)
{
    return more != NULL && strstr(more, field) != NULL;
}

void
net_http_send(struct net_http *http, const char *bytes, size_t n)
{
    http->wire.send(http->wire.ctx, bytes, n);
    http->unsent += n;
    http->beats++;
}

static bool
is_request_id(struct net_text text)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";

    for (size_t i = 0; i < text.n; i++)
        if (text.at[i] == '\0' || strchr(allowed, text.at[i]) == NULL)
            return false;
    return text.n > 0 && text.n <= RPC_TRACE_MAX;
}

const char *
net_http_request_id(struct net_http *http)
{
    struct net_text said = http->head.request_id;
    unsigned char bytes[8];

    if (http->request_id[0] != '\0')
        return http->request_id;
    if (is_request_id(said)) {
        memcpy(http->request_id, said.at, said.n);
        http->request_id[said.n] = '\0';
    } else {
        sgn_random(bytes, sizeof bytes);
        sgn_hex(bytes, sizeof bytes, http->request_id);
    }
    return http->request_id;
}

/* All of the head; length -1: the body ends with the connection, or there is none. */
static void
send_head(struct net_http *http, int status, const char *type, int64_t length, const char *more)
{
    char fields[FIELDS_MAX], date[32], size[48] = "";
    const char *cache = says(more, "Cache-Control") ? "" : "Cache-Control: no-store\r\n";
    const char *policy = says(more, "Content-Security-Policy") ? "" : POLICY;
    int n;

    http->status = status;
    date_of(time(NULL), date);
    if (length >= 0)
        snprintf(size, sizeof size, "Content-Length: %lld\r\n", (long long)length);
    n = snprintf(fields, sizeof fields,
                 "HTTP/1.1 %d %s\r\nDate: %s\r\nX-Request-Id: %s\r\n%s%s%s%s%s%s%s%s%s\r\n", status,
                 reason_of(status), date, net_http_request_id(http),
                 type != NULL ? "Content-Type: " : "", type != NULL ? type : "",
                 type != NULL ? "\r\n" : "", size, cache, more != NULL ? more : "",
                 http->keep ? "" : "Connection: close\r\n", GUARDS, policy);
    net_http_send(http, fields, (size_t)n);
}

/* RFC 9110, 8.6: no length beside 204 and 304; the answer to HEAD has the length of its like. */
void
net_http_answer(struct net_http *http, const struct net_answer *answer)
{
    bool bare = answer->status == 204 || answer->status == 304;

    http->answered = true;
    if (http->begun) { /* in the middle of another answer, which then has no end */
        http->keep = false;
        return;
    }
    /* Answered without its body, it could not be told where the next request begins. */
    if (!http->whole && (http->head.chunked || http->head.length > 0))
        http->keep = false;
    send_head(http, answer->status, answer->type, bare ? -1 : (int64_t)answer->n, answer->more);
    if (!bare && answer->n > 0 && !net_text_is(http->head.method, "HEAD"))
        net_http_send(http, answer->body, answer->n);
}

void
net_http_begin(struct net_http *http, int status, const char *type, int64_t length,
               const char *more)
{
    http->begun = true;
    send_head(http, status, type, length, more);
}

void
net_http_deny(struct net_http *http, int status, const char *why, const char *more)
{
    char body[256];
    int n = snprintf(body, sizeof body, "%s\n", why);

    net_http_answer(
        http, &(struct net_answer){ status, "text/plain; charset=utf-8", body, (size_t)n, more });
}

static int
status_of(const char *code)
{
    static const struct {
        enum sgn_status code;
        int status;
    } table[] = {
        { SGN_UNAUTHENTICATED, 401 }, { SGN_FORBIDDEN, 403 }, { SGN_NOT_FOUND, 404 },
        { SGN_CONFLICT, 409 },        { SGN_TOO_LARGE, 413 }, { SGN_OVERLOADED, 503 },
        { SGN_UNAVAILABLE, 503 },     { SGN_INTERNAL, 500 },  { SGN_NOMEM, 503 },
        { SGN_UNKNOWN_OUTCOME, 503 },
    };

    for (size_t i = 0; code != NULL && i < sizeof table / sizeof table[0]; i++)
        if (strcmp(sgn_status_code(table[i].code), code) == 0)
            return table[i].status;
    return 400;
}

void
net_http_fail(struct net_http *http, const json_t *answer)
{
    const json_t *error = json_object_get(answer, "error");
    const char *code = sgn_json_str(json_object_get(error, "data"), "code");
    int status = error != NULL ? status_of(code) : 500;
    const char *more = status == 401   ? "WWW-Authenticate: Bearer\r\n"
                       : status == 503 ? "Retry-After: 10\r\n"
                                       : NULL;
    struct sgn_buf text;

    sgn_buf_init(&text, (size_t)RPC_PIECE_MAX);
    sgn_buf_puts(&text, "{\"error\":");
    sgn_json_append(&text, error);
    sgn_buf_puts(&text, "}\n");
    if (error == NULL || text.failed)
        net_http_refuse(http, 500, "the answer could not be written");
    else
        net_http_answer(
            http, &(struct net_answer){ status, "application/json", text.bytes, text.len, more });
    sgn_buf_deinit(&text);
}

void
net_http_refuse(struct net_http *http, int status, const char *why)
{
    http->keep = false;
    net_http_deny(http, status, why, NULL);
}

void
net_http_page(struct net_http *http, const struct net_page *page, const char *type)
{
    char more[128];
    bool same = net_etag_listed(http->head.if_none_match, page->etag);

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
