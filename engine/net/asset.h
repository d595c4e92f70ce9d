/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A part of the program that is served as it is: pages, scripts and style sheets of the console.
 * Whoever has them (engine/console) gives net a function that finds them, see net_options.
 */
#ifndef NET_ASSET_H
#define NET_ASSET_H

#include <stdbool.h>
#include <stddef.h>

/* All of it is static. */
struct net_asset {
    const char *path; /* whole, "/console/assets/inbox-3KQ7.js" */
    const char *type; /* Content-Type */
    const unsigned char *bytes;
    size_t n;
    const char *etag; /* with its quotes */
    bool gzip;        /* bytes are compressed (RFC 1952), and sent so */
    bool lasts;       /* another content would have another path */
    int status;       /* 200, or what stands for something that is not there */
};

#endif
