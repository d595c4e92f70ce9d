/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an entry says of rounds and ballots: their beginning and end to both sides, the rest to
 * the team, and to the client its own ballots.
 */
#include "parts_internal.h"
#include <string.h>

bool
parts_ballots_changed(const struct parts *parts)
{
    const json_t *before = json_object_get(parts->old, "rounds");
    const char *approval;
    json_t *round;

    json_object_foreach(stage_member(parts->stage, "rounds"), approval, round) {
        const json_t *old = json_object_get(before, approval);
        if (!json_equal(json_object_get(old, "ballots"), json_object_get(round, "ballots")))
            return true;
    }
    return false;
}

/* The client's ballots are the client's to read; the team's are told by "decided" only. */
static void
put_ballots(struct parts *parts, const char *approval, const json_t *before, const json_t *round)
{
    bool same = json_equal(json_object_get(before, "number"), json_object_get(round, "number"));
    const json_t *ballot;
    size_t i;

    json_array_foreach(json_object_get(round, "ballots"), i, ballot) {
        const json_t *old = same ? round_ballot(before, sgn_json_str(ballot, "person"),
                                                sgn_json_str(ballot, "on_behalf"))
                                 : NULL;
        json_t *item;
        if (old != NULL && json_equal(old, ballot))
            continue;
        item = json_copy((json_t *)ballot);
        stage_put(parts->stage, item, "approval", json_string(approval));
        parts_add_item(parts, parts_part_for(parts, sgn_json_str(ballot, "client") != NULL),
                       "ballots", item);
    }
}

/* Who is asked now and was not in the same round before: no round begins for them. */
static void
put_asked(struct parts *parts, json_t *item, const json_t *before, const json_t *round)
{
    const json_t *old = json_object_get(before, "eligible");
    json_t *asked = json_array();
    const json_t *name;
    size_t i;

    json_array_foreach(json_object_get(round, "eligible"), i, name)
        if (!sgn_json_has(old, json_string_value(name)))
            stage_append(parts->stage, asked, json_incref((json_t *)name));
    if (json_array_size(asked) > 0)
        stage_put(parts->stage, item, "asked", json_incref(asked));
    json_decref(asked);
}

/* What the client never sees of a round: its digest, who is asked, what it was shown and with
 * whom. What stands in more is only told when it has changed. */
static void
put_round_internal(struct parts *parts, const char *approval, const json_t *before,
                   const json_t *round)
{
    static const char *const more[] = { "shown", "earlier", "seats", "left", "not_needed" };
    json_t *number = json_object_get(round, "number");
    bool same = json_equal(json_object_get(before, "number"), number);
    bool changed =
        !same || !json_equal(json_object_get(before, "digest"), json_object_get(round, "digest")) ||
        !json_equal(json_object_get(before, "eligible"), json_object_get(round, "eligible"));
    json_t *item =
        json_pack("{s:s, s:O, s:O, s:O}", "approval", approval, "number", number, "digest",
                  json_object_get(round, "digest"), "eligible", json_object_get(round, "eligible"));

    if (same && json_object_get(round, "ended") == NULL)
        put_asked(parts, item, before, round);
    for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
        json_t *old = same ? json_object_get(before, more[i]) : NULL;
        json_t *now = json_object_get(round, more[i]);
        if (now == NULL || json_equal(old, now))
            continue;
        changed = true;
        stage_put(parts->stage, item, more[i], json_incref(now));
    }
    if (changed)
        parts_add_item(parts, parts->internal, "round", item);
    else
        json_decref(item);
}

/* Of those who need not answer any more the client is told its own. The internal part names all,
 * and has the last word in a fold. */
static void
put_not_needed_shared(struct parts *parts, json_t *item, const json_t *round)
{
    json_t *names = names_of_client(parts->stage, json_object_get(round, "not_needed"));

    if (json_array_size(names) > 0)
        stage_put(parts->stage, item, "not_needed", json_incref(names));
    json_decref(names);
}

/* That a round begins or ends is shared; who is asked and for what is not: the list of
 * those asked would tell the client how the team decides. */
static void
put_round(struct parts *parts, const char *approval, const json_t *before, const json_t *round)
{
    struct stage *stage = parts->stage;
    json_t *number = json_object_get(round, "number");
    bool same = json_equal(json_object_get(before, "number"), number);
    json_t *ended = json_object_get(round, "ended");
    json_t *item;

    if (!same || (ended != NULL && json_object_get(before, "ended") == NULL)) {
        item = json_pack("{s:s, s:O}", "approval", approval, "number", number);
        if (ended != NULL) {
            json_t *end = json_copy(ended);
            json_object_del(end, "at"); /* it is the entry's */
            stage_put(stage, item, "ended", end);
            put_not_needed_shared(parts, item, round);
        }
        parts_add_item(parts, parts_part_for(parts, true), "round", item);
    }
    put_round_internal(parts, approval, before, round);
    put_ballots(parts, approval, before, round);
}

void
parts_put_rounds(struct parts *parts)
{
    const char *approval;
    json_t *round;

    json_object_foreach(stage_member(parts->stage, "rounds"), approval, round) {
        json_t *before = json_object_get(json_object_get(parts->old, "rounds"), approval);
        if (before == NULL || !json_equal(before, round))
            put_round(parts, approval, before, round);
    }
    if (json_array_size(parts->stage->decided) > 0)
        stage_put(parts->stage, parts_part_for(parts, true), "decided",
                  json_incref(parts->stage->decided));
}
