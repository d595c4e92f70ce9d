/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Those of a round whose answer does not count any more: who has left it while it was open, and
 * who was asked and had not answered when it was decided. Both are names in the round, so that a
 * reader of the case is told and need not infer it from what is missing.
 */
#include "approval_internal.h"
#include <string.h>

void
seats_people(struct stage *stage, const struct seats *seats, json_t *into)
{
    const char *person;
    json_t *weight;

    if (seats->fixed == VERDICT_OUT)
        return;
    json_object_foreach(seats->people, person, weight)
        names_add(stage, into, person);
    for (int i = 0; i < seats->n_rules; i++)
        seats_people(stage, &seats->rules[i], into);
}

/* Who had a part in the round so far: was asked, had left, or has a ballot that stands (one that
 * was carried over, say, whose giver is not asked any more). */
static json_t *
taken_part(struct stage *stage, const json_t *round)
{
    json_t *names = json_array();
    const json_t *ballot;
    size_t i;

    names_add_all(stage, names, json_object_get(round, "eligible"));
    names_add_all(stage, names, json_object_get(round, "left"));
    json_array_foreach(json_object_get(round, "ballots"), i, ballot)
        if (sgn_json_true(ballot, "standing"))
            names_add(stage, names, case_ballot_giver(ballot));
    return names;
}

/* E is all of its people, asked yet or not: the second rule of an in_order has not left while it
 * waits. Who comes back is asked again and is no longer among them. */
void
round_mark_left(struct stage *stage, json_t *round, const struct seats *seats)
{
    json_t *seated = json_array(), *left = json_array();
    json_t *names = taken_part(stage, round);
    const json_t *name;
    size_t i;

    seats_people(stage, seats, seated);
    json_array_foreach(names, i, name)
        if (!sgn_json_has(seated, json_string_value(name)))
            names_add(stage, left, json_string_value(name));
    names_sort(left);
    if (json_array_size(left) > 0 || json_object_get(round, "left") != NULL)
        stage_put(stage, round, "left", json_incref(left));
    json_decref(seated);
    json_decref(left);
    json_decref(names);
}

/* A ballot that does not count is no answer: its giver could still have given one. */
void
round_mark_not_needed(struct stage *stage, json_t *round, const struct seats *seats,
                      const json_t *heard)
{
    json_t *asked = json_array(), *rest = json_array();
    const json_t *name;
    size_t i;

    seats_asked(seats, heard, asked);
    json_array_foreach(asked, i, name)
        if (json_object_get(heard, json_string_value(name)) == NULL)
            names_add(stage, rest, json_string_value(name));
    names_sort(rest);
    if (json_array_size(rest) > 0)
        stage_put(stage, round, "not_needed", json_incref(rest));
    json_decref(asked);
    json_decref(rest);
}
