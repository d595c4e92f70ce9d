/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses that this program connects to because somebody said so.
 *
 * Who may name an address for the server to send to could have it speak to what only the server
 * reaches: itself, the machines beside it, a cloud's own service at 169.254.169.254. So every
 * address that a name resolves to is judged here, at the moment of connecting, by its number and
 * not by how it was written. What an operator allows by a named network may be reached all the
 * same.
 *
 * Ranges: IANA's registries of special purpose addresses (RFC 6890 and its updates).
 * Pure functions; any thread.
 */
#ifndef SGN_ADDRESS_H
#define SGN_ADDRESS_H

#include "status.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define SGN_NETWORKS_MAX 32

struct sgn_networks {
    struct sgn_network {
        unsigned char bytes[16]; /* of IPv4: as mapped into IPv6 */
        int bits;                /* of 128 */
    } items[SGN_NETWORKS_MAX];
    int n;
};

/* "10.1.0.0/16, ::1 192.168.7.3": networks and addresses with commas or spaces between them.
 * SGN_INVALID names the one that is none. */
enum sgn_status sgn_networks_parse(const char *text, struct sgn_networks *out,
                                   struct sgn_error *err) SGN_MUST_CHECK;
bool sgn_networks_have(const struct sgn_networks *networks, const struct sockaddr *address);

/* Why an address is none of the public internet's: "loopback", "private", ... NULL: it is one.
 * Static. What is neither IPv4 nor IPv6 is "not of the internet". */
const char *sgn_address_kind(const struct sockaddr *address);
/* The address alone, without its port; for messages. */
#define SGN_ADDRESS_TEXT 64
const char *sgn_address_text(const struct sockaddr *address, char out[SGN_ADDRESS_TEXT]);

/* A mail address as this program takes it: letters, digits and !#$%&'*+-/=?^_`{|}~. before the @,
 * a name with a dot behind it, ASCII, at most 254 bytes (RFC 5321 section 4.5.3.1): no quotes, no
 * spaces, no line ends, nothing that a header or a command could end with. */
bool sgn_mail_valid(const char *text);

/* ---- where to ---- */

/* What may be sent to, as the operator has set it. */
struct sgn_outward {
    struct sgn_networks allowed; /* networks that may be reached although they are not public */
    bool insecure;               /* http:, too */
    int ports[16];               /* that may be reached; none: any */
    int n_ports;
};
/* "443, 8443", or "any". */
enum sgn_status sgn_outward_ports(const char *text, struct sgn_outward *out,
                                  struct sgn_error *err) SGN_MUST_CHECK;

#define SGN_HOST_MAX 253 /* bytes of a name, RFC 1035 section 2.3.4 */
struct sgn_url {
    bool secure; /* https */
    char host[SGN_HOST_MAX + 1];
    int port;
};
/*
 * An http or https URL that may be sent to: no name and password in it, no fragment, nothing
 * but printing ASCII, a host that is not too long, a port that is allowed. out may be NULL.
 * SGN_INVALID says what is wrong. Of its address nothing is known before it is connected to.
 */
enum sgn_status sgn_url_check(const char *text, const struct sgn_outward *outward,
                              struct sgn_url *out, struct sgn_error *err) SGN_MUST_CHECK;

#endif
