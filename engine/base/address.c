/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses judged by their numbers.
 *
 * Everything is compared as 16 bytes, IPv4 as RFC 4291 section 2.5.5.2 maps it, so that
 * ::ffff:127.0.0.1 is the same as 127.0.0.1 and cannot pass for something else.
 */
#include "address.h"

#include "text.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static bool
to_bytes(const struct sockaddr *address, unsigned char out[16])
{
    if (address->sa_family == AF_INET) {
        memcpy(out, mapped, sizeof mapped);
        memcpy(out + 12, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
        return true;
    }
    if (address->sa_family != AF_INET6)
        return false;
    memcpy(out, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, 16);
    return true;
}

/* Do the first bits agree? */
static bool
begins(const unsigned char *address, const unsigned char *network, int bits)
{
    int whole = bits / 8, rest = bits % 8;

    if (memcmp(address, network, (size_t)whole) != 0)
        return false;
    return rest == 0 || ((address[whole] ^ network[whole]) >> (8 - rest)) == 0;
}

/* ---- networks ---- */

static bool
network_parse(const char *text, struct sgn_network *out)
{
    char address[SGN_ADDRESS_TEXT];
    const char *slash = strchr(text, '/');
    size_t n = slash != NULL ? (size_t)(slash - text) : strlen(text);
    int most = 128, bits;
    char *end;

    if (n >= sizeof address)
        return false;
    memcpy(address, text, n);
    address[n] = '\0';
    memcpy(out->bytes, mapped, sizeof mapped);
    if (inet_pton(AF_INET, address, out->bytes + 12) == 1)
        most = 32;
    else if (inet_pton(AF_INET6, address, out->bytes) != 1)
        return false;
    bits = most;
    if (slash != NULL) {
        if (slash[1] < '0' || slash[1] > '9')
            return false;
        bits = (int)strtol(slash + 1, &end, 10);
        if (*end != '\0' || bits > most)
            return false;
    }
    out->bits = bits + 128 - most;
    return true;
}

/* The next word of a list; NULL behind the last. *at moves on. */
static const char *
word_next(const char **at, char *out, size_t size)
{
    size_t n;

    *at += strspn(*at, " ,\t");
    n = strcspn(*at, " ,\t");
    if (n == 0)
        return NULL;
    snprintf(out, size, "%.*s", (int)n, *at);
    *at += n;
    return out;
}

enum sgn_status
sgn_networks_parse(const char *text, struct sgn_networks *out, struct sgn_error *err)
{
    char word[SGN_ADDRESS_TEXT + 8];

    out->n = 0;
    while (word_next(&text, word, sizeof word) != NULL) {
        if (out->n == SGN_NETWORKS_MAX)
            return sgn_fail(err, SGN_INVALID, "more than %d networks", SGN_NETWORKS_MAX);
        if (!network_parse(word, &out->items[out->n]))
            return sgn_fail(err, SGN_INVALID,
                            "'%s' is no network: expected addresses as 10.1.0.0/16 or ::1", word);
        out->n++;
    }
    return SGN_OK;
}

static bool
have_bytes(const struct sgn_networks *networks, const unsigned char *bytes)
{
    for (int i = 0; i < networks->n; i++)
        if (begins(bytes, networks->items[i].bytes, networks->items[i].bits))
            return true;
    return false;
}

bool
sgn_networks_have(const struct sgn_networks *networks, const struct sockaddr *address)
{
    unsigned char bytes[16];

    return to_bytes(address, bytes) && have_bytes(networks, bytes);
}

/* ---- what an address is ---- */

/* clang-format off */
static const struct {
    const char *network, *kind;
} special[] = {
    { "0.0.0.0/8", "this network's" },    { "10.0.0.0/8", "private" },
    { "100.64.0.0/10", "a provider's own" }, { "127.0.0.0/8", "loopback" },
    { "169.254.0.0/16", "link-local" },   { "172.16.0.0/12", "private" },
    { "192.0.0.0/24", "reserved" },       { "192.0.2.0/24", "for documentation" },
    { "192.88.99.0/24", "reserved" },     { "192.168.0.0/16", "private" },
    { "198.18.0.0/15", "for measuring" }, { "198.51.100.0/24", "for documentation" },
    { "203.0.113.0/24", "for documentation" }, { "224.0.0.0/4", "multicast" },
    { "240.0.0.0/4", "reserved" },
    { "::/128", "this network's" },       { "::1/128", "loopback" },
    { "fc00::/7", "private" },            { "fe80::/10", "link-local" },
    { "fec0::/10", "private" },           { "ff00::/8", "multicast" },
    { "2001:db8::/32", "for documentation" }, { "3fff::/20", "for documentation" },
    { "100::/64", "reserved" },           { "5f00::/16", "reserved" },
    /* Those that carry an IPv4 address to somewhere else: nobody's webhook is there. */
    { "::/96", "reserved" },              { "64:ff9b::/96", "translated" },
    { "64:ff9b:1::/48", "translated" },   { "2001::/23", "reserved" },
    { "2002::/16", "translated" },
};
/* clang-format on */

const char *
sgn_address_kind(const struct sockaddr *address)
{
    unsigned char bytes[16];

    if (!to_bytes(address, bytes))
        return "not of the internet";
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++) {
        struct sgn_network network;

        if (network_parse(special[i].network, &network) &&
            begins(bytes, network.bytes, network.bits))
            return special[i].kind;
    }
    return NULL;
}

const char *
sgn_address_text(const struct sockaddr *address, char out[SGN_ADDRESS_TEXT])
{
    unsigned char bytes[16];

    snprintf(out, SGN_ADDRESS_TEXT, "?");
    if (to_bytes(address, bytes)) {
        bool four = memcmp(bytes, mapped, sizeof mapped) == 0;

        (void)inet_ntop(four ? AF_INET : AF_INET6, four ? bytes + 12 : bytes, out,
                        SGN_ADDRESS_TEXT);
    }
    return out;
}

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

bool
sgn_mail_valid(const char *text)
{
    size_t local = strspn(text, LETTERS "!#$%&'*+-/=?^_`{|}~.");
    const char *domain = text + local + 1;
    const char *dot;

    if (local == 0 || local > 64 || text[local] != '@' || strlen(text) > 254 || text[0] == '.' ||
        text[0] == '-' || text[local - 1] == '.' || strstr(text, "..") != NULL)
        return false;
    dot = strrchr(domain, '.');
    return domain[0] != '.' && domain[0] != '-' && dot != NULL && dot[1] != '\0' &&
           strspn(domain, LETTERS ".-") == strlen(domain);
}

/* ---- URLs ---- */

enum sgn_status
sgn_outward_ports(const char *text, struct sgn_outward *out, struct sgn_error *err)
{
    char word[16];

    out->n_ports = 0;
    if (strcmp(text, "any") == 0)
        return SGN_OK;
    while (word_next(&text, word, sizeof word) != NULL) {
        char *end;
        long port = strtol(word, &end, 10);

        if (*end != '\0' || port < 1 || port > 65535 ||
            out->n_ports == (int)(sizeof out->ports / sizeof out->ports[0]))
            return sgn_fail(err, SGN_INVALID,
                            "'%s' is no port: expected up to 16 as in 443, 8443; or any", word);
        out->ports[out->n_ports++] = (int)port;
    }
    return out->n_ports > 0 ? SGN_OK
                            : sgn_fail(err, SGN_INVALID, "no port is named; any: all of them");
}

/* Host and port; a bracketed IPv6 address is kept without its brackets. */
static bool
authority(const char *at, size_t n, struct sgn_url *out)
{
    const char *host = at, *end = at + n, *colon;
    size_t host_n;
    char *port_end;

    if (n > 0 && at[0] == '[') {
        const char *close = memchr(at, ']', n);

        if (close == NULL || (close + 1 < end && close[1] != ':'))
            return false;
        host = at + 1;
        host_n = (size_t)(close - host);
        colon = close + 1 < end ? close + 1 : NULL;
    } else {
        colon = memchr(at, ':', n);
        host_n = colon != NULL ? (size_t)(colon - at) : n;
    }
    if (host_n == 0 || host_n > SGN_HOST_MAX)
        return false;
    memcpy(out->host, host, host_n);
    out->host[host_n] = '\0';
    if (strspn(out->host, LETTERS ".-_:") != host_n)
        return false;
    out->port = out->secure ? 443 : 80;
    if (colon == NULL)
        return true;
    if (colon[1] < '0' || colon[1] > '9')
        return false;
    out->port = (int)strtol(colon + 1, &port_end, 10);
    return port_end == end && out->port >= 1 && out->port <= 65535;
}

static bool
port_allowed(const struct sgn_outward *outward, int port)
{
    for (int i = 0; i < outward->n_ports; i++)
        if (outward->ports[i] == port)
            return true;
    return outward->n_ports == 0;
}

enum sgn_status
sgn_url_check(const char *text, const struct sgn_outward *outward, struct sgn_url *out,
              struct sgn_error *err)
{
    struct sgn_url url = { .secure = strncmp(text, "https://", 8) == 0 };
    const char *at = text + (url.secure ? 8 : 7);
    size_t n;

    if (!url.secure && strncmp(text, "http://", 7) != 0)
        return sgn_fail(err, SGN_INVALID, "a URL begins with https://");
    for (const char *c = text; *c != '\0'; c++)
        if (*c <= ' ' || *c > '~' || *c == '\\')
            return sgn_fail(err, SGN_INVALID,
                            "a URL holds no spaces, no control characters and only ASCII");
    n = strcspn(at, "/?#");
    if (memchr(at, '@', n) != NULL)
        return sgn_fail(err, SGN_INVALID, "a URL holds no name and password here");
    if (strchr(at, '#') != NULL)
        return sgn_fail(err, SGN_INVALID, "a URL holds no fragment (#) here");
    if (!authority(at, n, &url))
        return sgn_fail(err, SGN_INVALID, "a URL is https://HOST/PATH or https://HOST:PORT/PATH");
    if (!url.secure && !outward->insecure)
        return sgn_fail(err, SGN_INVALID,
                        "http:// is not encrypted: use https://, or have the operator set insecure "
                        "= yes in [outbox]");
    if (!port_allowed(outward, url.port))
        return sgn_fail(err, SGN_INVALID,
                        "port %d is not one that may be sent to: the operator's setting ports of "
                        "[outbox] names them",
                        url.port);
    if (out != NULL)
        *out = url;
    return SGN_OK;
}
