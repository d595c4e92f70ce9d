/* SPDX-License-Identifier: Apache-2.0 */
/* Which addresses are of the public internet, by IANA's registries; networks; URLs. */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct sockaddr *
address(const char *text, struct sockaddr_storage *out)
{
    struct sockaddr_in *four = (struct sockaddr_in *)out;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;

    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, text, &four->sin_addr) == 1)
        out->ss_family = AF_INET;
    else if (inet_pton(AF_INET6, text, &six->sin6_addr) == 1)
        out->ss_family = AF_INET6;
    else
        fail_msg("%s is no address", text);
    return (const struct sockaddr *)out;
}

/* https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-, first and last of each.
 */
static void
test_addresses_that_are_not_public_are_known(void **state)
{
    static const char *const none[] = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fc00::1",
        "fdff::1",
        "fd00:ec2::254",
        "fe80::1",
        "febf::1",
        "ff02::1",
        "2001:db8::1",
        "100::1",
        "64:ff9b::a00:1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "::a00:1",
    };
    struct sockaddr_storage storage;
    struct sockaddr_storage unix_socket = { .ss_family = AF_UNIX };

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (sgn_address_kind(address(none[i], &storage)) == NULL)
            fail_msg("%s passes for public", none[i]);
    assert_non_null(sgn_address_kind((struct sockaddr *)&unix_socket));
}

static void
test_addresses_that_are_public_are_let_through(void **state)
{
    static const char *const open[] = {
        "1.1.1.1",         "9.255.255.255",   "11.0.0.0",        "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.1",       "169.253.255.255", "169.255.0.0",    "172.15.255.255",
        "172.32.0.0",      "192.167.255.255", "192.169.0.0",     "198.17.255.255", "198.20.0.0",
        "223.255.255.255", "2606:4700::1111", "2a00:1450::8a",   "::ffff:8.8.8.8",
    };
    struct sockaddr_storage storage;

    (void)state;
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        if (sgn_address_kind(address(open[i], &storage)) != NULL)
            fail_msg("%s does not pass for public", open[i]);
}

static void
test_networks_have_what_lies_in_them(void **state)
{
    struct sgn_networks networks;
    struct sockaddr_storage storage;

    (void)state;
    assert_int_equal(sgn_networks_parse("10.1.0.0/16, ::1 192.168.7.3", &networks, NULL), SGN_OK);
    assert_int_equal(networks.n, 3);
    assert_true(sgn_networks_have(&networks, address("10.1.255.255", &storage)));
    assert_true(sgn_networks_have(&networks, address("::ffff:10.1.0.1", &storage)));
    assert_true(sgn_networks_have(&networks, address("::1", &storage)));
    assert_true(sgn_networks_have(&networks, address("192.168.7.3", &storage)));
    assert_false(sgn_networks_have(&networks, address("10.2.0.0", &storage)));
    assert_false(sgn_networks_have(&networks, address("192.168.7.4", &storage)));
    assert_false(sgn_networks_have(&networks, address("::2", &storage)));
    assert_int_equal(sgn_networks_parse("", &networks, NULL), SGN_OK);
    assert_int_equal(networks.n, 0);
}

static void
test_networks_that_are_none_are_refused(void **state)
{
    static const char *const bad[] = { "10.0.0.0/33", "::/129",     "ten",         "10.0.0/8",
                                       "10.0.0.0/",   "10.0.0.0/x", "10.0.0.0/8x", "10.0.0.0/-1" };
    struct sgn_networks networks;
    struct sgn_error err = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(sgn_networks_parse(bad[i], &networks, &err), SGN_INVALID);
        assert_non_null(strstr(err.message, bad[i]));
        sgn_error_clear(&err);
    }
}

static void
test_urls_are_taken_apart(void **state)
{
    struct sgn_outward outward = { .insecure = true };
    struct sgn_url url;

    (void)state;
    assert_int_equal(sgn_url_check("https://ci.example.com/in?a=b", &outward, &url, NULL), SGN_OK);
    assert_string_equal(url.host, "ci.example.com");
    assert_int_equal(url.port, 443);
    assert_true(url.secure);
    assert_int_equal(sgn_url_check("http://[::1]:8080/", &outward, &url, NULL), SGN_OK);
    assert_string_equal(url.host, "::1");
    assert_int_equal(url.port, 8080);
    assert_int_equal(sgn_url_check("https://h?x", &outward, &url, NULL), SGN_OK);
    assert_string_equal(url.host, "h");
}

static void
test_urls_that_may_not_be_sent_to_are_refused(void **state)
{
    static const char *const bad[] = {
        "ftp://h/",
        "file:///etc/passwd",
        "gopher://h/",
        "https:/h",
        "//h/",
        "https://",
        "https:///x",
        "https://u:p@h/",
        "https://h@evil/",
        "https://h:0/",
        "https://h:65536/",
        "https://h:x/",
        "https://h:/",
        "https://h/#x",
        "https://h /",
        "https://h/\r\nX: y",
        "https://h/\x01",
        "https://h\\@evil/",
        "https://\xc3\xa4/",
        "https://[::1/",
        "https://[::1]x/",
        "https://h:8080/",
        "http://h/",
        "https://h_%00/",
        "HTTPS://h/",
    };
    struct sgn_outward outward = { 0 };
    char name[300] = "https://";

    (void)state;
    assert_int_equal(sgn_outward_ports("443, 8443", &outward, NULL), SGN_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (sgn_url_check(bad[i], &outward, NULL, NULL) != SGN_INVALID)
            fail_msg("%s is let through", bad[i]);
    assert_int_equal(sgn_url_check("https://h:8443/", &outward, NULL, NULL), SGN_OK);
    memset(name + 8, 'a', SGN_HOST_MAX); /* RFC 1035: 253 bytes of a name, and no more */
    assert_int_equal(sgn_url_check(name, &outward, NULL, NULL), SGN_OK);
    name[8 + SGN_HOST_MAX] = 'a';
    assert_int_equal(sgn_url_check(name, &outward, NULL, NULL), SGN_INVALID);
}

static void
test_ports_are_numbers_or_any(void **state)
{
    struct sgn_outward outward = { 0 };

    (void)state;
    assert_int_equal(sgn_outward_ports("any", &outward, NULL), SGN_OK);
    assert_int_equal(outward.n_ports, 0);
    assert_int_equal(sgn_outward_ports("", &outward, NULL), SGN_INVALID);
    assert_int_equal(sgn_outward_ports("443, all", &outward, NULL), SGN_INVALID);
    assert_int_equal(sgn_outward_ports("70000", &outward, NULL), SGN_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses_that_are_not_public_are_known),
        cmocka_unit_test(test_addresses_that_are_public_are_let_through),
        cmocka_unit_test(test_networks_have_what_lies_in_them),
        cmocka_unit_test(test_networks_that_are_none_are_refused),
        cmocka_unit_test(test_urls_are_taken_apart),
        cmocka_unit_test(test_urls_that_may_not_be_sent_to_are_refused),
        cmocka_unit_test(test_ports_are_numbers_or_any),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
