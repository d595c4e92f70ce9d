/* SPDX-License-Identifier: Apache-2.0 */
/* A case's columns as lists and inboxes answer them. Any thread. */
#ifndef RPC_CASE_ITEM_H
#define RPC_CASE_ITEM_H

#include "zone.h"
#include <jansson.h>
#include <stdbool.h>

/* item: columns as store_case_query gives them. For a client's person, what is internal is
 * left out. New reference, or NULL. */
json_t *rpc_case_item(const json_t *item, bool for_client, const struct calendar_zone *zone);

#endif
