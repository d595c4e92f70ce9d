/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files that make an entry's parts share.
 */
#ifndef CORE_PARTS_INTERNAL_H
#define CORE_PARTS_INTERNAL_H

#include "core_internal.h"

struct parts {
    struct stage *stage;
    const json_t *old; /* the question's row, or an empty one */
    json_t *shared, *internal;
};

/* Where an item goes that may be shared; with no client everything is internal. */
json_t *parts_part_for(struct parts *parts, bool shared);
/* Appends to a list member of a part, which is made when it is first used. */
void parts_add_item(struct parts *parts, json_t *part, const char *name, json_t *item_take);
/* The rounds that began, changed or ended, their ballots, and what was decided. */
void parts_put_rounds(struct parts *parts);
bool parts_ballots_changed(const struct parts *parts);

#endif
