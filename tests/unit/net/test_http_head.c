/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Heads as an attacker writes them, each with the answer that RFC 9112 (sections alone) or RFC 9110
 * asks for, and heads that must be read. Every head is also given byte by byte, and cut at every
 * place: what it is answered may not depend on how it arrived.
 */
#include "http_head.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD_MAX   16384
#define FIELDS_MAX 100

/* As net_head_read. */
typedef int (*reader)(const char *bytes, size_t n, int fields_max, struct net_head *out,
                      const char **why);

/* Finds the end and reads, in pieces of this many bytes. 0: fine; -1: it has no end. */
static int
judge_by(reader read, const char *bytes, size_t n, size_t piece, struct net_head *head)
{
    size_t scanned = 0, end = 0;
    const char *why = NULL;
    int status = 0;

    for (size_t have = 0; have < n && end == 0 && status == 0;) {
        have = have + piece < n ? have + piece : n;
        status = net_head_find(bytes, have, HEAD_MAX, &scanned, &end, &why);
    }
    if (status == 0 && end == 0)
        return -1;
    if (status == 0)
        status = read(bytes, end, FIELDS_MAX, head, &why);
    assert_true(status == 0 || why != NULL);
    return status;
}

static int
judge(const char *bytes, size_t n, size_t piece, struct net_head *head)
{
    return judge_by(net_head_read, bytes, n, piece, head);
}

/* In pieces of every size: the same answer. The bytes are a copy of just their length, so that a
 * sanitizer sees a read beyond. */
static int
judged(const char *text, size_t n, struct net_head *head)
{
    char *bytes = malloc(n);
    struct net_head other;
    int status;

    memcpy(bytes, text, n);
    status = judge(bytes, n, n, head);
    for (size_t piece = 1; piece < n; piece++)
        assert_int_equal(judge(bytes, n, piece, &other), status);
    free(bytes);
    return status;
}

struct hostile {
    int status;
    const char *section, *what, *text;
    size_t n; /* 0: to the end of the text */
};

#define POST   "POST /rpc HTTP/1.1\r\nHost: a\r\n"
#define LENGTH "Content-Length: 5\r\n"
#define CHUNKS "Transfer-Encoding: chunked\r\n"

/* clang-format off */
static const struct hostile hostile[] = {
    { 400, "6.1", "Content-Length then Transfer-Encoding", POST LENGTH CHUNKS "\r\n", 0 },
    { 400, "6.1", "Transfer-Encoding then Content-Length", POST CHUNKS LENGTH "\r\n", 0 },
    { 400, "6.1", "Content-Length 0 beside Transfer-Encoding", POST "Content-Length: 0\r\n" CHUNKS "\r\n", 0 },
    { 400, "6.1", "an unknown coding beside Content-Length", POST LENGTH "Transfer-Encoding: x\r\n\r\n", 0 },
    { 400, "6.3", "two lengths", POST LENGTH "Content-Length: 6\r\n\r\n", 0 },
    { 400, "6.3", "two equal lengths", POST LENGTH LENGTH "\r\n", 0 },
    { 400, "6.3", "two lengths, in other letters", POST LENGTH "content-length: 6\r\n\r\n", 0 },
    { 400, "6.3", "a list of lengths", POST "Content-Length: 5, 5\r\n\r\n", 0 },
    { 400, "6.3", "a length with a sign", POST "Content-Length: +5\r\n\r\n", 0 },
    { 400, "6.3", "a negative length", POST "Content-Length: -5\r\n\r\n", 0 },
    { 400, "6.3", "a length in hex", POST "Content-Length: 0x5\r\n\r\n", 0 },
    { 400, "6.3", "a length with a space", POST "Content-Length: 1 2\r\n\r\n", 0 },
    { 400, "6.3", "an empty length", POST "Content-Length:\r\n\r\n", 0 },
    { 413, "6.3", "a length beyond 64 bits", POST "Content-Length: 18446744073709551621\r\n\r\n", 0 },
    { 400, "6.1", "two codings", POST CHUNKS CHUNKS "\r\n", 0 },
    { 400, "6.1", "two codings of two kinds", POST CHUNKS "Transfer-Encoding: identity\r\n\r\n", 0 },
    { 400, "6.3", "chunked is not last", POST "Transfer-Encoding: chunked, gzip\r\n\r\n", 0 },
    { 501, "6.1", "another coding before chunked", POST "Transfer-Encoding: gzip, chunked\r\n\r\n", 0 },
    { 501, "6.1", "chunked twice", POST "Transfer-Encoding: chunked, chunked\r\n\r\n", 0 },
    { 400, "6.1", "a coding that only looks like it", POST "Transfer-Encoding: xchunked\r\n\r\n", 0 },
    { 400, "6.1", "identity", POST "Transfer-Encoding: identity\r\n\r\n", 0 },
    { 400, "6.1", "a vertical tab before chunked", POST "Transfer-Encoding: \x0b" "chunked\r\n\r\n", 0 },
    { 400, "6.1", "a quoted coding", POST "Transfer-Encoding: \"chunked\"\r\n\r\n", 0 },
    { 400, "6.1", "an empty coding", POST "Transfer-Encoding:\r\n\r\n", 0 },
    { 400, "6.1", "a coding in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\n" CHUNKS "\r\n", 0 },
    { 400, "5.1", "a space before the colon", POST "Content-Length : 5\r\n\r\n", 0 },
    { 400, "5.1", "a tab before the colon", POST "Content-Length\t: 5\r\n\r\n", 0 },
    { 400, "5.1", "a space before the colon of the coding", POST "Transfer-Encoding : chunked\r\n\r\n", 0 },
    { 400, "5.2", "a folded line", POST "X: a\r\n b\r\n\r\n", 0 },
    { 400, "5.2", "a line folded with a tab", POST "X: a\r\n\tb\r\n\r\n", 0 },
    { 400, "5.2", "a folded coding", POST "Transfer-Encoding:\r\n chunked\r\n\r\n", 0 },
    { 400, "2.2", "a space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 0 },
    { 400, "2.2", "bare line feeds", "GET / HTTP/1.1\nHost: a\n\n", 0 },
    { 400, "2.2", "one bare line feed", POST "X: a\nY: b\r\n\r\n", 0 },
    { 400, "2.2", "a bare line feed hides a field", POST "X: a\n" CHUNKS "\r\n", 0 },
    { 400, "2.2", "carriage returns alone", "GET / HTTP/1.1\rHost: a\r\r", 0 },
    { 400, "2.2", "a bare carriage return in a value", POST "X: a\rb\r\n\r\n", 0 },
    { 400, "2.2", "a bare carriage return hides a field", POST "X: a\r" CHUNKS "\r\n", 0 },
    { 400, "2.2", "the head ends with a bare line feed", "GET / HTTP/1.1\r\nHost: a\r\n\n", 0 },
    { 400, "2.2", "two carriage returns", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 0 },
    { 400, "2.2", "empty lines only", "\r\n\r\n\r\n", 0 },
    { 400, "RFC 9110, 5.5", "a NUL in a value", POST "X: a\0b\r\n\r\n", sizeof POST "X: a\0b\r\n\r\n" - 1 },
    { 400, "RFC 9110, 5.5", "a NUL in a name", POST "X\0: b\r\n\r\n", sizeof POST "X\0: b\r\n\r\n" - 1 },
    { 400, "RFC 9110, 5.5", "an escape in a value", POST "X: \x1b[2J\r\n\r\n", 0 },
    { 400, "RFC 9110, 5.5", "a delete in a value", POST "X: \x7f\r\n\r\n", 0 },
    { 400, "5", "a field without a colon", POST "X\r\n\r\n", 0 },
    { 400, "5.1", "a field without a name", POST ": a\r\n\r\n", 0 },
    { 400, "5.1", "a name with a parenthesis", POST "X(: a\r\n\r\n", 0 },
    { 400, "5.1", "a name beyond ASCII", POST "X\xc3\xa9: a\r\n\r\n", 0 },
    { 400, "3.2", "no Host", "GET / HTTP/1.1\r\n\r\n", 0 },
    { 400, "3.2", "two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 0 },
    { 400, "3.2", "an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 0 },
    { 400, "3.2", "a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 0 },
    { 400, "3.2", "a Host with a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 0 },
    { 400, "3.2", "a list of Hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 0 },
    { 400, "3.2.2", "the absolute form of another host", "GET http://evil/ HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
    { 400, "3.2.2", "the absolute form of another port", "GET http://a:1/ HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
    { 400, "3.2.2", "the absolute form without a host", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
    { 400, "3.2.2", "the absolute form with a user", "GET http://a@evil/ HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
    { 400, "3.2", "another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
    { 400, "3.2.3", "the form of a tunnel", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 0 },
    { 400, "3.2", "a fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
    { 400, "3", "a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
    { 400, "3", "two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
    { 400, "3", "a tab for a space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
    { 400, "3", "a space at the end", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 0 },
    { 400, "3", "a space at the beginning", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
    { 400, "3", "no version", "GET /\r\nHost: a\r\n\r\n", 0 },
    { 400, "3.1", "a method with a slash", "G/T / HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
    { 400, "3.2", "a target beyond ASCII", "GET /\xe7\xad\xbe HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
    { 400, "2.3", "a version in small letters", "GET / http/1.1\r\nHost: a\r\n\r\n", 0 },
    { 400, "2.3", "a version of three digits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 0 },
    { 505, "2.3", "HTTP/2 by its words", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0 },
    { 505, "2.3", "HTTP/0.9 by its words", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 0 },
    { 417, "RFC 9110, 10.1.1", "another expectation", POST LENGTH "Expect: tea\r\n\r\n", 0 },
    { 400, "RFC 9110, 5.3", "two credentials", POST "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", 0 },
    { 400, "RFC 9110, 5.3", "two origins", POST "Origin: http://a\r\nOrigin: http://b\r\n\r\n", 0 },
    { 400, "RFC 9110, 5.3", "two types", POST "Content-Type: text/plain\r\nContent-Type: application/json\r\n\r\n", 0 },
    { 400, "2.2", "TLS where HTTP was expected", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11 },
};
/* clang-format on */

static size_t
size_of(const struct hostile *h)
{
    return h->n != 0 ? h->n : strlen(h->text);
}

static void
test_http_head_refuses_what_could_be_read_in_two_ways(void **state)
{
    struct net_head head;

    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        const struct hostile *h = &hostile[i];
        int status = judged(h->text, size_of(h), &head);
        if (status != h->status)
            fail_msg("%s: %d, and RFC 9112, %s wants %d", h->what, status, h->section, h->status);
    }
}

/* A reader with a fault: where both say how long the body is, the coding is taken. */
static int
lax_read(const char *bytes, size_t n, int fields_max, struct net_head *out, const char **why)
{
    int status = net_head_read(bytes, n, fields_max, out, why);

    return status != 0 && strstr(*why, "Transfer-Encoding beside") != NULL ? 0 : status;
}

static void
test_http_head_table_finds_a_reader_that_takes_two_lengths(void **state)
{
    struct net_head head;
    int found = 0;

    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        size_t n = size_of(&hostile[i]);
        found += judge_by(lax_read, hostile[i].text, n, n, &head) != hostile[i].status;
    }
    assert_int_equal(found, 4);
}

/* A head of n bytes of target, or of n fields. */
static char *
grown(const char *before, size_t n, const char *piece, const char *behind)
{
    char *text = calloc(1, strlen(before) + n * strlen(piece) + strlen(behind) + 1);

    strcpy(text, before);
    for (size_t i = 0, at = strlen(before); i < n; i++, at += strlen(piece))
        strcpy(text + at, piece);
    strcat(text, behind);
    return text;
}

static void
expect_grown(int status, const char *before, size_t n, const char *piece, const char *behind)
{
    char *text = grown(before, n, piece, behind);
    struct net_head head;

    assert_int_equal(judge(text, strlen(text), strlen(text), &head), status);
    assert_int_equal(judge(text, strlen(text), 1000, &head), status);
    free(text);
}

static void
test_http_head_has_bounds(void **state)
{
    (void)state;
    expect_grown(0, "GET /", NET_TARGET_MAX - 1, "a", " HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_grown(414, "GET /", NET_TARGET_MAX, "a", " HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_grown(414, "GET /", HEAD_MAX, "a", "");
    expect_grown(431, "GET / HTTP/1.1\r\nHost: a\r\nX: ", HEAD_MAX, "a", "\r\n\r\n");
    expect_grown(0, "GET / HTTP/1.1\r\nHost: a\r\n", FIELDS_MAX - 1, "X: a\r\n", "\r\n");
    expect_grown(431, "GET / HTTP/1.1\r\nHost: a\r\n", FIELDS_MAX, "X: a\r\n", "\r\n");
    expect_grown(431, "GET / HTTP/1.1\r\nHost: a\r\n", HEAD_MAX, "X: a\r\n", "");
}

/* ---- what must be read ---- */

static void
reads(const char *text, struct net_head *head)
{
    int status = judged(text, strlen(text), head);

    if (status != 0)
        fail_msg("%s: refused with %d", text, status);
}

static bool
says(struct net_text text, const char *word)
{
    return text.at != NULL && text.n == strlen(word) && memcmp(text.at, word, text.n) == 0;
}

static void
test_http_head_reads_what_browsers_and_proxies_send(void **state)
{
    const char *text = "POST /rpc?x=1&y HTTP/1.1\r\nHost: example.org:7481\r\n"
                       "Content-Type:application/json\r\nContent-Length:\t 12 \t\r\n"
                       "Authorization: Bearer sgn_x\r\nX-Empty:\r\nX-Latin: \xe9\r\n\r\n";
    char *bytes = strdup(text);
    struct net_head head;

    (void)state;
    assert_int_equal(judge(bytes, strlen(bytes), strlen(bytes), &head), 0);
    assert_true(says(head.method, "POST") && says(head.path, "/rpc") && says(head.query, "x=1&y"));
    assert_true(says(head.host, "example.org:7481") && says(head.content_type, "application/json"));
    assert_true(says(head.authorization, "Bearer sgn_x"));
    assert_int_equal(head.length, 12);
    assert_true(head.keep && !head.chunked && !head.upgrades && !head.waits && !head.proxied);
    free(bytes);
    reads("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", &head);
    reads("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", &head);
    reads("GET http://A.b:80/x?y HTTP/1.1\r\nHost: a.B:80\r\n\r\n", &head);
    reads("GET http://a?y HTTP/1.1\r\nHost: a\r\n\r\n", &head);
    reads("GET / HTTP/1.1\r\nHost: [::1]:7481\r\n\r\n", &head);
    reads(POST "TRANSFER-ENCODING: Chunked\r\n\r\n", &head);
    assert_true(head.chunked && head.length == -1);
    reads(POST "Content-Length: 0\r\nExpect: 100-Continue\r\n\r\n", &head);
    assert_true(head.length == 0 && head.waits);
    reads("GET / HTTP/1.7\r\nHost: a\r\nVia: 1.1 p\r\n\r\n", &head);
    assert_true(head.keep && head.proxied);
}

static void
test_http_head_says_whether_the_connection_stays(void **state)
{
    struct net_head head;

    (void)state;
    reads("GET / HTTP/1.1\r\nHost: a\r\nConnection: x , Close\r\n\r\n", &head);
    assert_false(head.keep);
    reads("GET / HTTP/1.0\r\n\r\n", &head);
    assert_false(head.keep);
    reads("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", &head);
    assert_true(head.keep);
    reads("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: "
          "websocket\r\n\r\n",
          &head);
    assert_true(head.upgrades);
}

static void
test_http_head_waits_for_the_rest(void **state)
{
    struct net_head head;

    (void)state;
    assert_int_equal(judged("GET / HTTP/1.1\r\nHost: a\r\n", 25, &head), -1);
    assert_int_equal(judged("\r", 1, &head), -1);
    assert_int_equal(judged("G", 1, &head), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_http_head_refuses_what_could_be_read_in_two_ways),
        cmocka_unit_test(test_http_head_table_finds_a_reader_that_takes_two_lengths),
        cmocka_unit_test(test_http_head_has_bounds),
        cmocka_unit_test(test_http_head_reads_what_browsers_and_proxies_send),
        cmocka_unit_test(test_http_head_says_whether_the_connection_stays),
        cmocka_unit_test(test_http_head_waits_for_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
