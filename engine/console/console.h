/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console and the clients' portal: pages that run in a browser and speak the protocol.
 *
 * Their sources are in web/, see web/README.md; web/build.mjs bundles, compresses and writes them
 * as the C file of console_files.h. A program that was built without Node has none of them.
 */
#ifndef CONSOLE_H
#define CONSOLE_H

#include "asset.h"

/* What is under a path of n bytes that begins with /console/ or /portal/; NULL: nothing. A page's
 * address is no file's: all of them are the one page that leads to them. Any thread. */
const struct net_asset *console_asset(const char *path, size_t n);

#endif
