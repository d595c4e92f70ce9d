/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP from its first byte. The first byte of the input chooses the pieces. A head that is
 * understood has a parser of its own that agrees (llhttp, which knows nothing of ours); and what is
 * answered is the same in pieces as at once.
 */
#include "../unit/net/http_fixture.h"
#include "fuzz.h"
#include "http_head.h"
#include <llhttp.h>
#include <time.h>

#define HEAD_MAX 16384

/* What llhttp says of the same bytes. */
struct theirs {
    size_t target;
    bool whole;
};

static int
on_url(llhttp_t *parser, const char *at, size_t n)
{
    (void)at;
    ((struct theirs *)parser->data)->target += n;
    return 0;
}

static int
on_head(llhttp_t *parser)
{
    ((struct theirs *)parser->data)->whole = true;
    return HPE_PAUSED;
}

static void
compare(const struct net_head *head, const char *bytes, size_t n)
{
    llhttp_settings_t settings;
    llhttp_t parser;
    struct theirs theirs = { 0 };
    llhttp_errno_t status;

    llhttp_settings_init(&settings);
    settings.on_url = on_url;
    settings.on_headers_complete = on_head;
    llhttp_init(&parser, HTTP_REQUEST, &settings);
    parser.data = &theirs;
    status = llhttp_execute(&parser, bytes, n);
    /* It knows lists of methods and versions; we refuse unknown methods later, and answer
     * HTTP/1.2 as RFC 9110 (2.5) has it. */
    if (status == HPE_INVALID_METHOD || status == HPE_INVALID_VERSION)
        return;
    FUZZ_CHECK(theirs.whole);
    FUZZ_CHECK(theirs.target == head->path.n + (head->query.at != NULL ? head->query.n + 1 : 0));
    FUZZ_CHECK(head->length < 0 || parser.content_length == (uint64_t)head->length);
    FUZZ_CHECK(head->chunked == ((parser.flags & F_CHUNKED) != 0));
}

/* The head by itself; looked for in pieces, and at once. */
static void
read_head(const char *bytes, size_t n, unsigned choice)
{
    const char *why = NULL;
    size_t scanned = 0, end = 0, at = 0, once = 0, whole = 0;
    struct net_head head;
    int status = 0;

    while (at < n && end == 0 && status == 0) {
        at += fuzz_piece(choice, n - at);
        status = net_head_find(bytes, at, HEAD_MAX, &scanned, &end, &why);
        FUZZ_CHECK(status == 0 || why != NULL);
    }
    if (status == 0) {
        FUZZ_CHECK(net_head_find(bytes, at, HEAD_MAX, &once, &whole, &why) == 0 && whole == end);
        if (end > 0 && net_head_read(bytes, end, 100, &head, &why) == 0)
            compare(&head, bytes, end);
    }
}

/* Answers bear the date; two of them are compared. */
time_t __wrap_time(time_t *out);
time_t
__wrap_time(time_t *out)
{
    (void)out;
    return 1767225600;
}

static struct wire wire;

static void
talk(const char *bytes, size_t n, unsigned choice)
{
    wire_dial(&wire, true);
    for (size_t at = 0; at < n && !wire.closed;) {
        size_t piece = fuzz_piece(choice, n - at);

        wire_receive(&wire, bytes + at, piece);
        at += piece;
        while (wire.lane.n > 0) {
            fake_finish(&wire.lane, 0, SGN_UNAVAILABLE, NULL);
            wire_turn(&wire);
        }
    }
    wire_hang_up(&wire);
}

/* Whose body has begun to come is not asked for it (RFC 9110, 10.1.1): that depends on the pieces.
 */
static void
without_continue(struct sgn_buf *out)
{
    static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";
    char *at;

    while (out->len > 0 &&
           (at = memmem(out->bytes, out->len, interim, sizeof interim - 1)) != NULL) {
        size_t behind = out->len - (size_t)(at - out->bytes) - (sizeof interim - 1);

        memmove(at, at + sizeof interim - 1, behind);
        out->len -= sizeof interim - 1;
    }
}

/* Each answer has an id of its own, which is no part of what is alike. */
static void
alike(struct sgn_buf *out)
{
    static const char name[] = "\r\nX-Request-Id: ";
    char *at, *end;

    without_continue(out);
    at = out->bytes, end = out->bytes + out->len;
    while (at != NULL && at < end &&
           (at = memmem(at, (size_t)(end - at), name, sizeof name - 1)) != NULL)
        for (at += sizeof name - 1; at < end && *at != '\r'; at++)
            *at = '-';
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sgn_buf once;

    if (size < 1)
        return 0;
    if (wire.rpc == NULL) {
        wire_init(&wire, 4096);
        wire_hang_up(&wire);
    }
    read_head((const char *)data + 1, size - 1, data[0]);
    talk((const char *)data + 1, size - 1, 0);
    alike(&wire.out);
    sgn_buf_init(&once, (size_t)1 << 24);
    FUZZ_CHECK(sgn_buf_append(&once, wire.out.bytes, wire.out.len) == SGN_OK);
    sgn_buf_reset(&wire.out);
    talk((const char *)data + 1, size - 1, data[0]);
    alike(&wire.out);
    /* Figures for Prometheus count these very connections. */
    if (once.len > 0 && memmem(once.bytes, once.len, "signoff_", 8) == NULL) {
        FUZZ_CHECK(once.len == wire.out.len);
        FUZZ_CHECK(memcmp(once.bytes, wire.out.bytes, once.len) == 0);
    }
    sgn_buf_reset(&wire.out);
    sgn_buf_deinit(&once);
    return 0;
}

#ifdef FUZZ_FAULT
/* That the body comes in chunks is overlooked: where the next request begins is anybody's guess. */
int __real_net_head_read(const char *bytes, size_t n, int fields_max, struct net_head *out,
                         const char **why);
int __wrap_net_head_read(const char *bytes, size_t n, int fields_max, struct net_head *out,
                         const char **why);
int
__wrap_net_head_read(const char *bytes, size_t n, int fields_max, struct net_head *out,
                     const char **why)
{
    int status = __real_net_head_read(bytes, n, fields_max, out, why);

    out->chunked = false;
    return status;
}
#endif
