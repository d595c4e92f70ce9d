/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console and the portal: files that are parts of the program, see asset.h. They hold nothing
 * of anybody: what their pages show is asked by the methods of the protocol.
 */
#include "http_internal.h"
#include "http_range.h"
#include <stdio.h>

/* Everything comes from here, and no script or style stands in a page: what somebody has written
 * into a field cannot become one. data: is what small pictures in style sheets are. */
#define PAGE_POLICY                                                                                \
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "           \
    "connect-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; "              \
    "frame-ancestors 'none'; base-uri 'none'\r\n"

void
net_http_console(struct net_http *http)
{
    net_http_deny(http, 302, "the console is at /console/", "Location: /console/\r\n");
}

void
net_http_portal(struct net_http *http)
{
    net_http_deny(http, 302, "the portal is at /portal/", "Location: /portal/\r\n");
}

void
net_http_asset(struct net_http *http)
{
    struct net_text path = http->head.path;
    const struct net_asset *asset =
        http->site->asset != NULL ? http->site->asset(path.at, path.n) : NULL;
    char more[768];
    bool same;

    if (asset == NULL) {
        net_http_deny(http, 404, "there is nothing here; /console/ is the console", NULL);
        return;
    }
    same = asset->status == 200 && net_etag_listed(http->head.if_none_match, asset->etag);
    snprintf(more, sizeof more, "ETag: %s\r\n%s%s" PAGE_POLICY, asset->etag,
             asset->lasts ? "Cache-Control: public, max-age=31536000, immutable\r\n"
                          : "Cache-Control: no-cache\r\n",
             asset->gzip ? "Content-Encoding: gzip\r\n" : "");
    net_http_answer(http,
                    &(struct net_answer){ same ? 304 : asset->status, same ? NULL : asset->type,
                                          (const char *)asset->bytes, asset->n, more });
}
