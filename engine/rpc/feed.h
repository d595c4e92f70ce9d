/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What waits for a person as an iCalendar (RFC 5545): one event or task for each item of
 * inbox.list. Any thread.
 */
#ifndef RPC_FEED_H
#define RPC_FEED_H

#include "buf.h"
#include <jansson.h>
#include <stdbool.h>

struct rpc_feed {
    const char *team;
    const char *language; /* "en" or "zh" */
    bool tasks;           /* VTODO, which has also what has no deadline; else VEVENT */
};

/*
 * Appends the whole calendar. UIDs are the same as long as the item is; nothing in it depends on
 * when it is made, so that a calendar in which nothing has changed has the same bytes. items: as
 * inbox.list answers them, with since and due in ms.
 */
enum sgn_status rpc_feed_put(struct sgn_buf *out, const struct rpc_feed *feed, const json_t *items);

#endif
