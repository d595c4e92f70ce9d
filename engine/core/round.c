/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A round of an approval as the row holds it: found, and read. Nothing here looks people up.
 */
#include "approval_internal.h"
#include <string.h>

json_t *
round_of(const struct stage *stage, const char *approval)
{
    return json_object_get(stage_member(stage, "rounds"), approval);
}

/* "ended" is written once and never taken away: a round cannot open again. */
bool
round_is_open(const json_t *round)
{
    return round != NULL && json_object_get(round, "ended") == NULL;
}

json_t *
round_ballot(const json_t *round, const char *person, const char *on_behalf)
{
    json_t *ballot;
    size_t i;

    json_array_foreach(json_object_get(round, "ballots"), i, ballot) {
        const char *giver = sgn_json_str(ballot, "person");
        const char *other = sgn_json_str(ballot, "on_behalf");
        if (person == NULL || giver == NULL || strcmp(giver, person) != 0)
            continue;
        if ((other == NULL) == (on_behalf == NULL) &&
            (other == NULL || strcmp(other, on_behalf) == 0))
            return ballot;
    }
    return NULL;
}

/* What stands of a round: {person: choice}; a stand-in's ballot is his whom he stands
 * for. Judging sees nothing but this: neither times nor comments can weigh. */
json_t *
round_choices(struct stage *stage, const json_t *round)
{
    json_t *choices = json_object();
    const json_t *ballot;
    size_t i;

    json_array_foreach(json_object_get(round, "ballots"), i, ballot) {
        const char *giver = case_ballot_giver(ballot);
        if (sgn_json_true(ballot, "standing") && giver != NULL)
            stage_put(stage, choices, giver, json_incref(json_object_get(ballot, "choice")));
    }
    return choices;
}
