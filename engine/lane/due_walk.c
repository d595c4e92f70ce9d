/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of what is due over all cases, through what the batch has staged.
 */
#include "json.h"
#include "lane_internal.h"
#include <stdlib.h>
#include <string.h>

enum sgn_status
lane_walk_init(struct lane_walk *walk, struct lane *lane, int64_t until, struct sgn_error *err)
{
    int limit = lane->options.limits.due_per_turn;
    enum sgn_status st;

    *walk = (struct lane_walk){ .lane = lane, .until = until, .held = json_object() };
    st = store_due_next(lane->reader, until, limit, &walk->list, err);
    walk->more = json_array_size(walk->list) >= (size_t)limit;
    return st;
}

void
lane_walk_deinit(struct lane_walk *walk)
{
    json_decref(walk->list);
    json_decref(walk->held);
}

/* The case that is due first of those changed in this turn; false: none. */
static bool
staged_first(const struct lane_walk *walk, struct lane_due *out)
{
    const char *found = NULL, *slash;

    out->due = 0;
    for (const struct lane_batch *b = &walk->lane->batch; b != NULL; b = b->next)
        for (const struct lane_case *c = b->cases.map; c != NULL; c = c->hh.next)
            if (c->due != 0 && c->due <= walk->until && (found == NULL || c->due < out->due) &&
                json_object_get(walk->held, c->name) == NULL) {
                found = c->name;
                out->due = c->due;
            }
    if (found == NULL)
        return false;
    slash = strchr(found, '/');
    snprintf(out->team, sizeof out->team, "%.*s", (int)(slash - found), found);
    sgn_text_copy(out->key, sizeof out->key, slash + 1);
    return true;
}

/* The next case the store listed that is still as it was listed; false: none. */
static bool
listed_first(struct lane_walk *walk, struct lane_due *out)
{
    for (; walk->next < json_array_size(walk->list); walk->next++) {
        const json_t *item = json_array_get(walk->list, walk->next);
        char name[LANE_KEY_TEXT];

        sgn_text_copy(out->team, sizeof out->team, sgn_json_str(item, "team"));
        sgn_text_copy(out->key, sizeof out->key, sgn_json_str(item, "case"));
        out->due = sgn_json_int(item, "due", 0);
        lane_key(name, out->team, out->key, NULL);
        if (lane_cases_find(&lane_batch_of(walk->lane, out->team)->cases, name) == NULL &&
            json_object_get(walk->held, name) == NULL)
            return true;
    }
    return false;
}

bool
lane_walk_next(struct lane_walk *walk, struct lane_due *out)
{
    struct lane_due listed;
    bool is_listed = listed_first(walk, &listed), is_staged = staged_first(walk, out);

    if (!is_listed && walk->more)
        return false; /* the store may have something earlier than what is staged */
    if (is_listed && (!is_staged || listed.due <= out->due))
        *out = listed;
    return is_listed || is_staged;
}

void
lane_walk_hold(struct lane_walk *walk, const struct lane_due *due)
{
    char name[LANE_KEY_TEXT];

    json_object_set_new(walk->held, lane_key(name, due->team, due->key, NULL), json_true());
}
