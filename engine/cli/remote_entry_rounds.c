/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rounds in the minutes: who is asked, who counts no more, what was decided and by whose ballots.
 */
#include "minutes.h"

#include "json.h"
#include <string.h>

#define TEXT_MAX     262144
#define DIGEST_SHOWN 16 /* characters of a digest; --json has all */

/* ---- decided ---- */

/* "  Li Ting: approve, 2026-01-06 05:00, for Zhao Min" */
static void
below_ballot(struct minutes *minutes, const json_t *ballot, const char *like)
{
    const char *giver = sgn_json_str(ballot, "on_behalf");
    const char *choice = sgn_json_str(ballot, "choice");
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_puts(&text, minutes_word(minutes, "choices", choice));
    sgn_buf_puts(&text, minutes_say(minutes, ", "));
    cli_time_put_as(&text, json_object_get(ballot, "at"), like);
    if (giver != NULL)
        sgn_buf_printf(&text, minutes_say(minutes, ", for %s"), minutes_person(minutes, giver));
    minutes->indent += 2;
    minutes_line(minutes, minutes_person(minutes, sgn_json_str(ballot, "person")),
                 text.bytes != NULL ? text.bytes : "");
    minutes->indent -= 2;
    sgn_buf_deinit(&text);
}

/* Who agreed to what: the ballots that counted, and the digest of the content. */
static void
below_counted(struct minutes *minutes, const json_t *entry, const char *approval)
{
    const json_t *ballot;
    const char *digest = NULL;
    size_t i;

    json_array_foreach(json_object_get(entry, "decided"), i, ballot) {
        const char *of = sgn_json_str(ballot, "approval");
        if (of == NULL || approval == NULL || strcmp(of, approval) != 0)
            continue;
        below_ballot(minutes, ballot, sgn_json_str(entry, "at"));
        if (digest == NULL)
            digest = sgn_json_str(ballot, "digest");
    }
    if (digest != NULL) {
        char text[DIGEST_SHOWN + 8];
        snprintf(text, sizeof(text), "%.*s…", DIGEST_SHOWN, digest);
        minutes->indent += 2;
        minutes_line(minutes, minutes_say(minutes, "content"), text);
        minutes->indent -= 2;
    }
}

/* "not needed any more: Zhao Min"; where a deadline decided, they did not answer in time. All are
 * in the part of the team, which comes last; the client's own in the shared one. */
static void
below_not_needed(struct minutes *minutes, const json_t *entry, const json_t *end)
{
    const char *kind = sgn_json_str(entry, "kind");
    bool silence = kind != NULL && strcmp(kind, "deadline") == 0;
    const json_t *round, *names = NULL;
    struct sgn_buf who;
    size_t i;

    json_array_foreach(json_object_get(entry, "round"), i, round)
        if (json_object_get(round, "not_needed") != NULL &&
            json_equal(json_object_get(round, "approval"), json_object_get(end, "approval")))
            names = json_object_get(round, "not_needed");
    if (json_array_size(names) == 0)
        return;
    sgn_buf_init(&who, TEXT_MAX);
    minutes_people_put(minutes, &who, names);
    minutes->indent += 2;
    minutes_line(minutes, minutes_say(minutes, silence ? "did not answer" : "not needed any more"),
                 who.bytes != NULL ? who.bytes : "");
    minutes->indent -= 2;
    sgn_buf_deinit(&who);
}

static void
below_end(struct minutes *minutes, const json_t *entry, const json_t *round)
{
    const json_t *ended = json_object_get(round, "ended");
    const char *manner = sgn_json_str(ended, "manner");
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_printf(&text, minutes_say(minutes, "Round %lld of %s: %s"),
                   (long long)sgn_json_int(round, "number", 1),
                   minutes_state(minutes, sgn_json_str(round, "approval")),
                   minutes_word(minutes, "outcomes", sgn_json_str(ended, "outcome")));
    if (manner != NULL)
        sgn_buf_printf(&text, " (%s)", minutes_word(minutes, "outcomes", manner));
    minutes_line(minutes, NULL, text.bytes != NULL ? text.bytes : "");
    below_counted(minutes, entry, sgn_json_str(round, "approval"));
    below_not_needed(minutes, entry, round);
    sgn_buf_deinit(&text);
}

/* ---- asked ---- */

/* Does the entry tell that this round begins (or, with ended, that it ends)? That stands in an
 * item of its own, without who is asked. */
static bool
is_told(const json_t *entry, const json_t *round, bool ended)
{
    const json_t *other;
    size_t i;

    json_array_foreach(json_object_get(entry, "round"), i, other)
        if (json_object_get(other, "eligible") == NULL &&
            (json_object_get(other, "ended") != NULL) == ended &&
            json_equal(json_object_get(other, "approval"), json_object_get(round, "approval")) &&
            json_equal(json_object_get(other, "number"), json_object_get(round, "number")))
            return true;
    return false;
}

/* Does the entry say who is asked in it? Not to the client. */
static bool
has_people(const json_t *entry, const json_t *round)
{
    const json_t *other;
    size_t i;

    json_array_foreach(json_object_get(entry, "round"), i, other)
        if (json_object_get(other, "eligible") != NULL &&
            json_equal(json_object_get(other, "approval"), json_object_get(round, "approval")))
            return true;
    return false;
}

/* A round that begins is told once, with who is asked where that may be known (else NULL). */
static void
below_begin(const struct minutes *minutes, const json_t *round, const char *who)
{
    const char *approval = minutes_state(minutes, sgn_json_str(round, "approval"));
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    if (who != NULL)
        sgn_buf_printf(&text, minutes_say(minutes, "round %lld of %s begins; asked: %s"),
                       (long long)sgn_json_int(round, "number", 1), approval, who);
    else
        sgn_buf_printf(&text, minutes_say(minutes, "round %lld of %s begins"),
                       (long long)sgn_json_int(round, "number", 1), approval);
    minutes_line(minutes, NULL, text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
}

static void
below_people(const struct minutes *minutes, const char *format, const json_t *names)
{
    struct sgn_buf text, who;

    if (json_array_size(names) == 0)
        return;
    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_init(&who, TEXT_MAX);
    minutes_people_put(minutes, &who, names);
    sgn_buf_printf(&text, minutes_say(minutes, format), who.bytes != NULL ? who.bytes : "");
    minutes_line(minutes, NULL, text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&who);
    sgn_buf_deinit(&text);
}

/* A later round: whose ballots were on what has changed, and whose still stand. A migration says
 * both itself. */
static void
below_earlier(const struct minutes *minutes, const json_t *entry, const json_t *round)
{
    json_t *gone = json_array(), *kept = json_array();
    const json_t *ballot;
    size_t i;

    json_array_foreach(json_object_get(entry, "ballots"), i, ballot) {
        json_t *giver = json_object_get(ballot, "on_behalf");
        if (json_object_get(entry, "migrate") != NULL)
            continue;
        if (!json_is_string(giver))
            giver = json_object_get(ballot, "person");
        if (!json_equal(json_object_get(ballot, "approval"), json_object_get(round, "approval")))
            continue;
        if (json_is_false(json_object_get(ballot, "standing")))
            (void)json_array_append(gone, giver);
        else if (json_object_get(ballot, "carried") != NULL)
            (void)json_array_append(kept, giver);
    }
    below_people(minutes, "void, since what was asked has changed: the ballots of %s", gone);
    below_people(minutes, "still standing: the ballots of %s", kept);
    json_decref(gone);
    json_decref(kept);
}

/* In a round that goes on: whose turn it is now, and who is out of it. A sweep says both itself. */
static void
below_asked(const struct minutes *minutes, const json_t *entry, const json_t *round)
{
    const json_t *asked = json_object_get(round, "eligible");
    struct sgn_buf who;

    if (json_object_get(entry, "sweep") == NULL)
        below_people(minutes, "asked no longer, counts no more: %s",
                     json_object_get(round, "left"));
    if (asked == NULL && sgn_json_int(round, "number", 1) > 1 && !has_people(entry, round)) {
        below_begin(minutes, round, NULL);
        below_earlier(minutes, entry, round);
    }
    if (asked == NULL || is_told(entry, round, true))
        return;
    if (is_told(entry, round, false)) {
        sgn_buf_init(&who, TEXT_MAX);
        minutes_people_put(minutes, &who, asked);
        below_begin(minutes, round, who.bytes != NULL ? who.bytes : "");
        below_earlier(minutes, entry, round);
        sgn_buf_deinit(&who);
    } else if (json_object_get(entry, "sweep") == NULL) {
        below_people(minutes, "now asked: %s", json_object_get(round, "asked"));
    }
}

void
minutes_rounds(struct minutes *minutes, const json_t *entry)
{
    const json_t *round;
    size_t i;

    json_array_foreach(json_object_get(entry, "round"), i, round) {
        if (sgn_json_str(json_object_get(round, "ended"), "outcome") != NULL)
            below_end(minutes, entry, round);
        else
            below_asked(minutes, entry, round);
    }
}
