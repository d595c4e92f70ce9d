/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many connections each address has.
 *
 * Open addressing with linear probing; a place that is freed is filled by those behind it, so that
 * the table never has to be made anew but to grow. Its hash is seeded: whoever may choose addresses
 * must not choose where they lie.
 */
#ifndef NET_ADDRESSES_H
#define NET_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct net_addresses {
    struct net_address_place {
        uint64_t address; /* 0: free */
        int64_t n;
    } * places;
    size_t n, cap; /* cap: 0 or a power of two */
    uint64_t seed;
};

void net_addresses_init(struct net_addresses *addresses);
void net_addresses_deinit(struct net_addresses *addresses);
/* What counts as one: an IPv4 address, or the 64 bits of an IPv6 network. Never 0. */
uint64_t net_address_key(const struct sockaddr_storage *address);
#define NET_ADDRESS_TEXT 46
/* Without its port; "" for what is no address of the Internet, and for NULL. */
void net_address_text(const struct sockaddr_storage *address, char out[NET_ADDRESS_TEXT]);
/* Is it one of this machine's own, the loopback's? */
bool net_address_is_local(const struct sockaddr_storage *address);
int64_t net_addresses_count(const struct net_addresses *addresses, uint64_t address);
/* One more; false: out of memory. */
bool net_addresses_add(struct net_addresses *addresses, uint64_t address);
/* One less, of an address that was added. */
void net_addresses_remove(struct net_addresses *addresses, uint64_t address);

#endif
