/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of the store as they are answered: times as text in the team's zone, flags as booleans.
 *
 * Never changes a row: what is answered is a copy.
 */
#include "rpc_internal.h"
#include <string.h>

const struct calendar_zone *
rpc_zone(struct lane *lane, const char *team)
{
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *found = site != NULL ? lane_site_whose(site, team) : NULL;
    const struct calendar_zone *zone =
        found != NULL && found->team != NULL ? found->team->zone : NULL;

    lane_site_free(lane, site);
    /* Zones outlive the site that named them. */
    return zone != NULL ? zone : calendar_zone_get("UTC");
}

/* With the team's offset at that very time, which may not be today's. */
json_t *
rpc_time(const struct calendar_zone *zone, int64_t ms)
{
    char text[SGN_TIME_TEXT];

    if (ms == 0)
        return json_null();
    return json_string(
        sgn_time_format(ms, zone != NULL ? calendar_zone_offset(zone, ms) : 0, text));
}

/* The store keeps flags as numbers, the lane stages them as booleans: both mean the same. */
bool
rpc_row_true(const json_t *row, const char *name)
{
    const json_t *value = json_object_get(row, name);

    return json_is_true(value) || (json_is_integer(value) && json_integer_value(value) != 0);
}

/* Whole numbers of rows are times but for these. */
static bool
is_time_column(const char *name)
{
    static const char *const times[] = { "since",    "at",        "created", "expires",
                                         "last_use", "starts",    "ends",    "ended",
                                         "started",  "due",       "revoked", "next",
                                         "tried",    "old_until", "used",    "wrong_at" };

    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        if (strcmp(times[i], name) == 0)
            return true;
    return false;
}

/* All columns, also those that are empty: who reads the answer need not know which may be
 * missing. */
json_t *
rpc_row_view(enum store_table table, const json_t *row, const struct calendar_zone *zone)
{
    json_t *view = json_object();
    const json_t *value;

    for (const struct store_column *c = store_table(table)->columns;
         view != NULL && c->name != NULL; c++) {
        json_t *shown;
        value = json_object_get(row, c->name);
        if (c->type == STORE_BOOL)
            shown = json_boolean(rpc_row_true(row, c->name));
        else if (c->type == STORE_INT && is_time_column(c->name))
            shown = rpc_time(zone, json_integer_value(value));
        else
            shown = value != NULL ? json_incref((json_t *)value) : json_null();
        if (json_object_set_new(view, c->name, shown) != 0) {
            json_decref(view);
            return NULL;
        }
    }
    return view;
}
