/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of addresses. As large as twice the number of addresses that are connected, once.
 */
#include "addresses.h"
#include "hash.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define FIRST 64

/* Prefixes that no IPv6 network has: "0000:0001::" and "0000:0002::". */
#define IPV4 (UINT64_C(1) << 32)
#define LOOP (UINT64_C(2) << 32)

void
net_addresses_init(struct net_addresses *addresses)
{
    *addresses = (struct net_addresses){ 0 };
    sgn_random(&addresses->seed, sizeof addresses->seed);
}

void
net_addresses_deinit(struct net_addresses *addresses)
{
    free(addresses->places);
    *addresses = (struct net_addresses){ 0 };
}

uint64_t
net_address_key(const struct sockaddr_storage *address)
{
    const struct in6_addr *six = &((const struct sockaddr_in6 *)address)->sin6_addr;
    uint64_t key = 0;
    uint32_t four;

    if (address->ss_family == AF_INET) {
        four = ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr);
        return IPV4 | four;
    }
    if (IN6_IS_ADDR_V4MAPPED(six)) {
        memcpy(&four, six->s6_addr + 12, sizeof four);
        return IPV4 | ntohl(four);
    }
    for (int i = 0; i < 8; i++)
        key = key << 8 | six->s6_addr[i];
    return key != 0 ? key : LOOP;
}

/* The finalizer of MurmurHash3: every bit of the key moves half of the others. */
static size_t
place_of(const struct net_addresses *addresses, uint64_t address)
{
    uint64_t h = address ^ addresses->seed;

    h = (h ^ (h >> 33)) * UINT64_C(0xff51afd7ed558ccd);
    h = (h ^ (h >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
    return (size_t)(h ^ (h >> 33)) & (addresses->cap - 1);
}

/* Where it is, or the free place where it would be. */
static size_t
find(const struct net_addresses *addresses, uint64_t address)
{
    size_t i = place_of(addresses, address);

    while (addresses->places[i].address != 0 && addresses->places[i].address != address)
        i = (i + 1) & (addresses->cap - 1);
    return i;
}

int64_t
net_addresses_count(const struct net_addresses *addresses, uint64_t address)
{
    return addresses->cap > 0 ? addresses->places[find(addresses, address)].n : 0;
}

static bool
grow(struct net_addresses *addresses)
{
    struct net_addresses more = *addresses;

    more.cap = addresses->cap > 0 ? 2 * addresses->cap : FIRST;
    more.places = calloc(more.cap, sizeof *more.places);
    if (more.places == NULL)
        return false;
    for (size_t i = 0; i < addresses->cap; i++)
        if (addresses->places[i].address != 0)
            more.places[find(&more, addresses->places[i].address)] = addresses->places[i];
    free(addresses->places);
    *addresses = more;
    return true;
}

bool
net_addresses_add(struct net_addresses *addresses, uint64_t address)
{
    struct net_address_place *place;

    if (2 * (addresses->n + 1) > addresses->cap && !grow(addresses))
        return false;
    place = &addresses->places[find(addresses, address)];
    if (place->address == 0)
        addresses->n++;
    place->address = address;
    place->n++;
    return true;
}

void
net_addresses_remove(struct net_addresses *addresses, uint64_t address)
{
    size_t mask = addresses->cap - 1, hole = find(addresses, address), i;

    if (--addresses->places[hole].n > 0)
        return;
    addresses->n--;
    addresses->places[hole].address = 0;
    /* Whoever was pushed behind the hole by what lay there moves into it. */
    for (i = (hole + 1) & mask; addresses->places[i].address != 0; i = (i + 1) & mask) {
        size_t home = place_of(addresses, addresses->places[i].address);
        if (((i - home) & mask) < ((i - hole) & mask))
            continue;
        addresses->places[hole] = addresses->places[i];
        addresses->places[i] = (struct net_address_place){ 0 };
        hole = i;
    }
}

bool
net_address_is_local(const struct sockaddr_storage *address)
{
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;

    if (address->ss_family == AF_INET)
        return (ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 24) == 127;
    return address->ss_family == AF_INET6 &&
           (IN6_IS_ADDR_LOOPBACK(&six->sin6_addr) ||
            (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr) && six->sin6_addr.s6_addr[12] == 127));
}

void
net_address_text(const struct sockaddr_storage *address, char out[NET_ADDRESS_TEXT])
{
    const void *bytes = NULL;

    out[0] = '\0';
    if (address != NULL && address->ss_family == AF_INET)
        bytes = &((const struct sockaddr_in *)address)->sin_addr;
    else if (address != NULL && address->ss_family == AF_INET6)
        bytes = &((const struct sockaddr_in6 *)address)->sin6_addr;
    if (bytes != NULL)
        (void)inet_ntop(address->ss_family, bytes, out, NET_ADDRESS_TEXT);
}
