/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sorted lists of names, and who holds a role in the project.
 *
 * Lists of persons are sorted by key before anybody looks at them, so that the order in
 * which somebody was added to a project can never change a decision.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

/* Names may come from rows and answers that lack them: NULL adds nothing. */
void
names_add(struct stage *stage, json_t *names, const char *name)
{
    if (name != NULL && !sgn_json_has(names, name))
        stage_append(stage, names, json_string(name));
}

/* By insertion: the lists are short, and mostly sorted already. */
void
names_sort(json_t *names)
{
    size_t n = json_array_size(names);

    for (size_t i = 1; i < n; i++) {
        size_t j = i;
        json_t *name = json_incref(json_array_get(names, i));
        while (j > 0 &&
               strcmp(json_string_value(json_array_get(names, j - 1)), json_string_value(name)) > 0)
            j--;
        /* Removing and inserting does not allocate: the array keeps its room. */
        json_array_remove(names, i);
        json_array_insert_new(names, j, name);
    }
}

void
names_add_all(struct stage *stage, json_t *names, const json_t *more)
{
    const json_t *name;
    size_t i;

    json_array_foreach(more, i, name)
        names_add(stage, names, json_string_value(name));
}

/* The common end of every search for people: what is incomplete is never handed out,
 * since a list that lacks somebody would decide wrongly and look right. */
enum sgn_status
names_give(json_t *names_take, enum sgn_status status, json_t **out)
{
    if (status != SGN_OK) {
        json_decref(names_take);
        return status;
    }
    names_sort(names_take);
    *out = names_take;
    return SGN_OK;
}

char *
names_text(const json_t *names, const char *between)
{
    char *text = NULL;
    const json_t *name;
    size_t i;

    json_array_foreach(names, i, name) {
        char *longer = sgn_format("%s%s%s", text != NULL ? text : "", text != NULL ? between : "",
                                  json_string_value(name));
        free(text);
        text = longer;
    }
    return text;
}

/* Active members of either side; who is not active is not in the project's fact. */
json_t *
who_members(const struct stage *stage)
{
    return json_object_get(stage->project, "members");
}

json_t *
names_of_client(struct stage *stage, const json_t *names)
{
    const json_t *members = who_members(stage);
    json_t *list = json_array();
    const json_t *name;
    size_t i;

    json_array_foreach(names, i, name)
        if (sgn_json_str(json_object_get(members, json_string_value(name)), "client") != NULL)
            names_add(stage, list, json_string_value(name));
    return list;
}

/* The role "client" is held by the client's persons only, all others by the team's own:
 * a client that was given a role of the team by mistake has no right from it. */
bool
who_holds(const json_t *member, const char *role)
{
    bool of_client = sgn_json_str(member, "client") != NULL;

    return sgn_json_has(json_object_get(member, "roles"), role) &&
           of_client == (strcmp(role, "client") == 0);
}

json_t *
who_holders(struct stage *stage, const char *role)
{
    json_t *persons = json_array();
    const char *person;
    json_t *member;

    json_object_foreach(who_members(stage), person, member)
        if (who_holds(member, role))
            names_add(stage, persons, person);
    names_sort(persons);
    return persons;
}
