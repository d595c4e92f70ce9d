/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole rule: what it says now, whom it asks, and whose answer it still waits for.
 */
#include "approval.h"
#include "json.h"
#include <string.h>

enum verdict
seats_judge(const struct seats *seats, const json_t *choices)
{
    return seats->distinct ? seats_judge_distinct(seats, choices)
                           : seats_judge_each(seats, choices);
}

/* Lists are short: looking through them is cheaper than keeping an index. */
static void
add_people(const struct seats *seats, const json_t *choices, bool pending, json_t *into)
{
    const char *person;
    json_t *weight;

    json_object_foreach(seats->people, person, weight)
        if (!(pending && json_object_get(choices, person) != NULL) && !sgn_json_has(into, person))
            (void)json_array_append_new(into, json_string(person));
}

/*
 * Everybody who is asked, or with pending those whose answer still matters. in_order
 * stops behind the rule whose turn it is: later ones are not asked before the earlier
 * have said yes, and never when one of them has said no. A veto is yes while nobody speaks, and its
 * people are asked all the same.
 */
static void
walk(const struct seats *seats, const json_t *choices, bool pending, json_t *into)
{
    enum verdict verdict = seats_judge_each(seats, choices);

    if (seats->fixed != VERDICT_OPEN || verdict == VERDICT_OUT)
        return;
    if (seats->people != NULL) {
        add_people(seats, choices, pending, into);
        return;
    }
    for (int i = 0; i < seats->n_rules; i++) {
        enum verdict one = seats_judge_each(&seats->rules[i], choices);
        bool everyone = seats->kind == MODEL_EVERYONE_ANSWERS;
        /* A veto is yes while nobody speaks, and its people are asked all the same. */
        bool matters = one == VERDICT_OPEN || everyone || seats->rules[i].kind == MODEL_VETO;
        if (!pending || matters)
            walk(&seats->rules[i], choices, pending, into);
        if (seats->kind == MODEL_IN_ORDER && one != VERDICT_YES && one != VERDICT_OUT)
            return;
    }
}

void
seats_asked(const struct seats *seats, const json_t *choices, json_t *into)
{
    walk(seats, choices, false, into);
}

/* Whose approval would fill a seat that nobody fills, in whatever rule. */
static void
pending_distinct(const struct seats *seats, const json_t *choices, json_t *into)
{
    json_t *asked = json_array();
    const json_t *name;
    size_t i;

    walk(seats, choices, false, asked);
    json_array_foreach(asked, i, name) {
        const char *person = json_string_value(name);
        if (json_object_get(choices, person) == NULL && !sgn_json_has(into, person) &&
            seats_distinct_helps(seats, choices, person))
            (void)json_array_append(into, (json_t *)name);
    }
    json_decref(asked);
}

void
seats_pending(const struct seats *seats, const json_t *choices, json_t *into)
{
    if (seats_judge(seats, choices) != VERDICT_OPEN)
        return;
    if (seats->distinct)
        pending_distinct(seats, choices, into);
    else
        walk(seats, choices, true, into);
}
