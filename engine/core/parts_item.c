/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Putting an item into one of the two parts of an entry: the only way into the shared one.
 */
#include "parts_internal.h"

/* Where an item goes that may be shared; with no client everything is internal. */
json_t *
parts_part_for(struct parts *parts, bool shared)
{
    return shared && stage_shares(parts->stage) ? parts->shared : parts->internal;
}

/* Appends to a list member of a part, which is made when it is first used. */
void
parts_add_item(struct parts *parts, json_t *part, const char *name, json_t *item_take)
{
    json_t *list = json_object_get(part, name);

    if (list == NULL) {
        list = json_array();
        stage_put(parts->stage, part, name, list);
    }
    stage_append(parts->stage, list, item_take);
}
