/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owners: each active state with an owner has its own, from entry to exit.
 *
 * An owner is a person, or an offer: {"offer": [{"role"}|{"group"}|{"person"}]}, to be taken by
 * whoever acts first. Roles and groups stay names in it, so that who joins is offered it too.
 * When nobody holds the role it is offered to the team's leads, and "why" says so.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

/* "owner" means the innermost one around where it is written. States without an owner
 * of their own belong to the one around them. */
int
owner_state(const struct stage *stage, int at)
{
    const struct model *model = stage->model;
    const json_t *owners = stage_member(stage, "owners");

    for (int i = at; i > 0; i = model->states[i].parent)
        if (json_object_get(owners, model->states[i].name) != NULL)
            return i;
    return -1;
}

/* c.owner and lists name one: the first in document order. An offer is nobody yet. */
const char *
owner_first(const struct stage *stage)
{
    const json_t *owners = stage_member(stage, "owners");

    for (int i = 1; i < stage->model->n_states; i++) {
        const json_t *owner = json_object_get(owners, stage->model->states[i].name);
        if (json_is_string(owner))
            return json_string_value(owner);
    }
    return NULL;
}

/* Roles and groups are looked up each time: who joins the role meanwhile is offered it
 * too. */
static enum sgn_status
add_offered(struct stage *stage, json_t *persons, const json_t *item)
{
    const char *role = sgn_json_str(item, "role");
    const char *group = sgn_json_str(item, "group");
    const json_t *members = NULL, *name;
    json_t *holders = NULL;
    size_t i;
    enum sgn_status status = SGN_OK;

    if (role != NULL)
        members = holders = who_holders(stage, role);
    else if (group != NULL)
        status = known_fact_of(stage, "group", group, &members);
    else
        names_add(stage, persons, sgn_json_str(item, "person"));
    if (status == SGN_OK)
        json_array_foreach(members, i, name)
            names_add(stage, persons, json_string_value(name));
    json_decref(holders);
    return status;
}

enum sgn_status
owner_persons(struct stage *stage, const json_t *owner, json_t **out)
{
    json_t *persons = json_array();
    const json_t *item;
    size_t i;
    enum sgn_status status = SGN_OK;

    if (json_is_string(owner))
        names_add(stage, persons, json_string_value(owner));
    json_array_foreach(json_object_get(owner, "offer"), i, item) {
        enum sgn_status one = add_offered(stage, persons, item);
        status = status != SGN_OK ? status : one;
    }
    return names_give(persons, status, out);
}
