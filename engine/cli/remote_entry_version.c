/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Another version in the minutes. Every entry is told in the words of the version that it was
 * decided by: what people agreed to then was called so then. The entry of a migration stands
 * between two versions, and what it left is told in the words of the one before.
 */
#include "minutes.h"

#include "json.h"
#include <string.h>

#define TEXT_MAX 262144

/* ---- whose words ---- */

/* titles.versions has all digests that the entries name but that of the titles themselves. */
static const json_t *
words_of(const struct minutes *minutes, const char *rules)
{
    const json_t *words =
        rules != NULL ? json_object_get(json_object_get(minutes->titles, "versions"), rules) : NULL;

    return words != NULL ? words : minutes->titles;
}

/* The client's entry does not name the version before: it is that of the entry before. */
void
minutes_tell_as(struct minutes *minutes, const json_t *entry)
{
    const char *kind = sgn_json_str(entry, "kind");
    const char *from = sgn_json_str(json_object_get(entry, "migrate"), "rules");

    minutes->came = NULL;
    if (from != NULL)
        minutes->came = words_of(minutes, from);
    else if (kind != NULL && strcmp(kind, "migrate") == 0)
        minutes->came = minutes->told;
    minutes->told = words_of(minutes, sgn_json_str(entry, "rules"));
}

void
minutes_versions_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *entry)
{
    const json_t *migrate = json_object_get(entry, "migrate");

    sgn_buf_printf(buf, minutes_say(minutes, "brought the case from version %lld to version %lld"),
                   (long long)sgn_json_int(migrate, "from", 0),
                   (long long)sgn_json_int(migrate, "to", 0));
}

/* What the client reads does not say how the states were called before. */
bool
minutes_renames(const json_t *entry)
{
    const json_t *migrate = json_object_get(entry, "migrate");
    const char *kind = sgn_json_str(entry, "kind");

    return kind != NULL && strcmp(kind, "migrate") == 0 &&
           (migrate == NULL || json_object_get(migrate, "was") != NULL);
}

void
minutes_was_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *entry)
{
    const json_t *was = json_object_get(json_object_get(entry, "migrate"), "was"), *state;
    struct minutes then = *minutes;
    size_t i;

    if (was == NULL)
        return;
    then.told = minutes->came;
    json_array_foreach(was, i, state) {
        sgn_buf_puts(buf, minutes_say(minutes, i > 0 ? ", " : ": "));
        minutes_place_put(&then, buf, was, json_string_value(state));
    }
}

/* ---- below the line ---- */

/* "Li Ting “the new tariff”" */
static void
below_order(const struct minutes *minutes, const json_t *migrate)
{
    const char *by = sgn_json_str(migrate, "by"), *reason = sgn_json_str(migrate, "reason");
    struct sgn_buf text;

    if (by == NULL)
        return;
    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_puts(&text, minutes_person(minutes, by));
    if (reason != NULL)
        sgn_buf_printf(&text, minutes_say(minutes, ": “%s”"), reason);
    minutes_line(minutes, minutes_say(minutes, "ordered by"), text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
}

static void
below_ballots(const struct minutes *minutes, const json_t *ballots, bool kept, const char *label)
{
    const json_t *ballot;
    struct sgn_buf text;
    size_t i;

    sgn_buf_init(&text, TEXT_MAX);
    json_array_foreach(ballots, i, ballot) {
        const char *giver = sgn_json_str(ballot, "on_behalf");
        const char *person = minutes_person(minutes, sgn_json_str(ballot, "person"));
        if (sgn_json_true(ballot, "kept") != kept)
            continue;
        sgn_buf_puts(&text, text.len > 0 ? minutes_say(minutes, ", ") : "");
        if (giver != NULL)
            sgn_buf_printf(&text, minutes_say(minutes, "%s for %s"), person,
                           minutes_person(minutes, giver));
        else
            sgn_buf_puts(&text, person);
        sgn_buf_printf(&text, minutes_say(minutes, " (%s)"),
                       minutes_word(minutes, "choices", sgn_json_str(ballot, "choice")));
    }
    if (text.len > 0)
        minutes_line(minutes, minutes_say(minutes, label), text.bytes);
    sgn_buf_deinit(&text);
}

/* "Triage: a new deadline, 2026-01-15 09:00" */
static void
below_clock(const struct minutes *minutes, const json_t *item, const char *said)
{
    const json_t *due = json_object_get(item, "due");
    struct sgn_buf text, clock;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_init(&clock, TEXT_MAX);
    minutes_clock_put(minutes, &clock, sgn_json_str(item, "deadline"));
    sgn_buf_puts(&text, minutes_say(minutes, said));
    if (json_is_string(due)) {
        sgn_buf_puts(&text, minutes_say(minutes, ", due "));
        cli_time_put(&text, due);
    }
    minutes_line(minutes, clock.bytes != NULL ? clock.bytes : "?",
                 text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&clock);
    sgn_buf_deinit(&text);
}

static void
below_clocks(const struct minutes *minutes, const json_t *deadlines)
{
    const json_t *item;
    size_t i;

    json_array_foreach(deadlines, i, item) {
        const char *what = sgn_json_str(item, "what");
        if (what == NULL)
            continue;
        if (strcmp(what, "moved") == 0)
            minutes_moved(minutes, item);
        else
            below_clock(minutes, item,
                        strcmp(what, "new") == 0 ? "a new deadline" : "no deadline any more");
    }
}

/* An owner as entries have it: a person, or {"offer": who}. */
static void
owner_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *owner)
{
    struct sgn_buf whom;

    if (json_is_string(owner)) {
        sgn_buf_puts(buf, minutes_person(minutes, json_string_value(owner)));
        return;
    }
    sgn_buf_init(&whom, TEXT_MAX);
    cli_who_put(&whom, json_object_get(owner, "offer"));
    sgn_buf_printf(buf, minutes_say(minutes, "offered to %s"),
                   whom.bytes != NULL ? whom.bytes : "?");
    sgn_buf_deinit(&whom);
}

static void
below_owners(const struct minutes *minutes, const json_t *owners)
{
    const json_t *item;
    struct sgn_buf text;
    size_t i;

    json_array_foreach(owners, i, item) {
        sgn_buf_init(&text, TEXT_MAX);
        owner_put(minutes, &text, json_object_get(item, "was"));
        sgn_buf_puts(&text, " → ");
        owner_put(minutes, &text, json_object_get(item, "owner"));
        sgn_buf_printf(&text, minutes_say(minutes, " (%s)"),
                       minutes_state(minutes, sgn_json_str(item, "state")));
        minutes_line(minutes, minutes_say(minutes, "owner"), text.bytes != NULL ? text.bytes : "");
        sgn_buf_deinit(&text);
    }
}

/* What is no more, by the words of before: it has none now. */
static void
below_gone(const struct minutes *minutes, const char *label, const char *kind, const json_t *names)
{
    struct minutes then = *minutes;
    const json_t *name;
    struct sgn_buf text;
    size_t i;

    if (json_array_size(names) == 0)
        return;
    then.told = minutes->came;
    sgn_buf_init(&text, TEXT_MAX);
    json_array_foreach(names, i, name) {
        sgn_buf_puts(&text, i > 0 ? minutes_say(minutes, ", ") : "");
        sgn_buf_puts(&text, minutes_word(&then, kind, json_string_value(name)));
    }
    minutes_line(minutes, minutes_say(minutes, label), text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
}

/* The fields that a migration's function filled stand among those that changed. */
void
minutes_migrate(const struct minutes *minutes, const json_t *migrate)
{
    const json_t *ballots = json_object_get(migrate, "ballots");

    if (migrate == NULL)
        return;
    below_gone(minutes, "fields that are no more", "fields", json_object_get(migrate, "dropped"));
    below_order(minutes, migrate);
    below_ballots(minutes, ballots, true, "ballots that stand");
    below_ballots(minutes, ballots, false, "ballots void");
    below_clocks(minutes, json_object_get(migrate, "deadlines"));
    below_owners(minutes, json_object_get(migrate, "owners"));
    below_gone(minutes, "tasks no longer done", "tasks", json_object_get(migrate, "tasks"));
    below_gone(minutes, "no longer remembered", "states", json_object_get(migrate, "forgotten"));
}
