/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's columns of a case, as people read them: states as an array, times as text.
 *
 * Never decides whether a case may be seen at all: who calls this has asked.
 */
#include "case_item.h"
#include "rpc_internal.h"
#include <string.h>

/* " a b " -> ["a", "b"] */
static json_t *
states_array(const char *states)
{
    json_t *array = json_array();

    while (array != NULL && states != NULL && *states != '\0') {
        size_t n = strcspn(states, " ");
        if (n > 0)
            (void)json_array_append_new(array, json_stringn(states, n));
        states += n + strspn(states + n, " ");
    }
    return array;
}

/* null where there is nothing, so that every item has the same members. */
static void
copy(json_t *view, const json_t *item, const char *const *names)
{
    for (; *names != NULL; names++) {
        json_t *value = json_object_get(item, *names);
        (void)json_object_set(view, *names, value != NULL ? value : json_null());
    }
}

/* Where it came from is kept beside the fields, and is none. */
static void
put_imported(json_t *view)
{
    json_t *fields = json_object_get(view, "fields");
    json_t *imported = json_object_get(fields, LANE_IMPORTED);

    if (imported == NULL)
        return;
    (void)json_object_set(view, "imported", imported);
    fields = json_copy(fields);
    (void)json_object_del(fields, LANE_IMPORTED);
    (void)json_object_set_new(view, "fields", fields);
}

/* A list of what a client is shown, not of what is hidden: a new column stays inside until
 * somebody decides otherwise. */
json_t *
rpc_case_item(const json_t *item, bool for_client, const struct calendar_zone *zone)
{
    static const char *const shared[] = { "workflow", "project", "opener", "outcome", "rev", NULL };
    static const char *const internal[] = { "client", "owner",   "group",  "priority",
                                            "stuck",  "version", "fields", NULL };
    json_t *view = json_pack("{s:O?, s:o}", "case", json_object_get(item, "key"), "states",
                             states_array(sgn_json_str(item, "states")));

    if (view == NULL)
        return NULL;
    copy(view, item, shared);
    (void)json_object_set_new(view, "opened_at",
                              rpc_time(zone, sgn_json_int(item, "opened_at", 0)));
    (void)json_object_set_new(view, "closed_at",
                              rpc_time(zone, sgn_json_int(item, "closed_at", 0)));
    if (for_client)
        return view;
    copy(view, item, internal);
    put_imported(view);
    (void)json_object_set_new(view, "due_at", rpc_time(zone, sgn_json_int(item, "due_at", 0)));
    (void)json_object_set_new(view, "updated_at", rpc_time(zone, sgn_json_int(item, "last_at", 0)));
    return view;
}
