/* SPDX-License-Identifier: Apache-2.0 */
/* The line of an entry in the minutes: when, who, what, and where the case went. */
#include "minutes.h"

#include "duration.h"
#include "entry.h"
#include "json.h"
#include <string.h>

#define TEXT_MAX 262144

/* ---- what happened ---- */

/* "80% of the time for Screening has passed" */
static void
rung_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *rung)
{
    const char *name = sgn_json_str(rung, "deadline");
    const char *step = sgn_json_str(rung, "rung");
    size_t n = step != NULL ? strlen(step) : 0;
    struct sgn_buf length, clock;
    const char *what;

    sgn_buf_init(&length, TEXT_MAX);
    sgn_buf_init(&clock, TEXT_MAX);
    minutes_clock_put(minutes, &clock, name);
    what = clock.bytes != NULL ? clock.bytes : "?";
    if (n > 0 && strchr(step, ' ') != NULL) /* "late 1 workday", "again 1 workday" */
        calendar_duration_text_put(&length, strchr(step, ' ') + 1, minutes->language);
    if (n == 0)
        sgn_buf_printf(buf, minutes_say(minutes, "the deadline %s"), what);
    else if (step[n - 1] == '%') {
        char percent[16];
        snprintf(percent, sizeof(percent), "%.*s", (int)(n - 1), step);
        sgn_buf_printf(buf, minutes_say(minutes, "%s%% of the time for %s has passed"), percent,
                       what);
    } else if (strcmp(step, "late 0") == 0)
        sgn_buf_printf(buf, minutes_say(minutes, "the time for %s is up"), what);
    else if (strncmp(step, "late ", 5) == 0)
        sgn_buf_printf(buf, minutes_say(minutes, "%s is late by %s"), what, length.bytes);
    else
        sgn_buf_printf(buf, minutes_say(minutes, "%s is still late, repeated every %s"), what,
                       length.bytes != NULL ? length.bytes : step);
    sgn_buf_deinit(&clock);
    sgn_buf_deinit(&length);
}

/* A rung with what it did; an after by the state whose time is over. */
static void
deadline_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *entry)
{
    const char *left = json_string_value(json_array_get(json_object_get(entry, "left"), 0));

    if (json_is_object(json_object_get(entry, "rung")))
        rung_put(minutes, buf, json_object_get(entry, "rung"));
    else if (left != NULL)
        sgn_buf_printf(buf, minutes_say(minutes, "the time in %s is over"),
                       minutes_state(minutes, left));
    else
        sgn_buf_puts(buf, minutes_say(minutes, "a timer fired"));
    if (json_array_size(json_object_get(entry, "effects")) > 0) {
        sgn_buf_puts(buf, minutes_say(minutes, "; "));
        minutes_effects_put(minutes, buf, entry);
    }
}

static void
what_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *entry)
{
    const char *kind = sgn_json_str(entry, "kind");
    const char *event = sgn_json_str(entry, "event");
    const char *choice = sgn_json_str(minutes_ballot(entry), "choice");
    const char *method = sgn_json_str(entry, "method");

    kind = kind != NULL ? kind : "?";
    if (json_object_get(entry, "imported") != NULL) {
        entry_imported_put(buf, json_object_get(entry, "imported"), minutes->language);
        return;
    }
    if (strcmp(kind, "deadline") == 0)
        deadline_put(minutes, buf, entry);
    else if (strcmp(kind, "fire") == 0 && event != NULL)
        sgn_buf_puts(buf, minutes_word(minutes, "events", event));
    else if (strcmp(kind, "data") == 0 && method != NULL)
        sgn_buf_puts(buf, method);
    else if (strcmp(kind, "vote") == 0 && choice != NULL)
        sgn_buf_printf(buf, minutes_say(minutes, "voted %s"),
                       minutes_word(minutes, "choices", choice));
    else if (json_object_get(entry, "migrate") != NULL)
        minutes_versions_put(minutes, buf, entry);
    else if (json_object_get(entry, "sweep") != NULL) {
        sgn_buf_printf(buf, "%s%s", minutes_say(minutes, entry_said(kind)),
                       minutes_say(minutes, ": "));
        minutes_cause_put(minutes, buf, json_object_get(entry, "sweep"));
    } else if (event != NULL)
        sgn_buf_printf(buf, "%s (%s)", minutes_say(minutes, entry_said(kind)),
                       minutes_word(minutes, "events", event));
    else
        sgn_buf_puts(buf, minutes_say(minutes, entry_said(kind)));
}

/* ---- where the case went ---- */

static void
states_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *entry)
{
    const json_t *states = json_object_get(entry, "states");
    const json_t *state;
    size_t i;

    /* Only where something was entered: else the states are those of the line before. */
    if (json_array_size(json_object_get(entry, "entered")) == 0 && !minutes_renames(entry))
        return;
    minutes_was_put(minutes, buf, entry);
    sgn_buf_puts(buf, " → ");
    json_array_foreach(states, i, state) {
        sgn_buf_puts(buf, i > 0 ? minutes_say(minutes, ", ") : "");
        minutes_place_put(minutes, buf, states, json_string_value(state));
    }
    if (sgn_json_str(entry, "outcome") != NULL) {
        sgn_buf_puts(buf, minutes_say(minutes, "; "));
        sgn_buf_printf(buf, minutes_say(minutes, "the case ended: %s"),
                       minutes_word(minutes, "outcomes", sgn_json_str(entry, "outcome")));
    }
}

/* ---- the line ---- */

static bool
is_internal(const struct minutes *minutes, const json_t *entry)
{
    return minutes->marks && sgn_json_has(json_object_get(entry, "hidden"), "");
}

static void
actor_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *entry)
{
    const char *actor = minutes_person(minutes, sgn_json_str(entry, "actor"));
    const char *giver = sgn_json_str(entry, "on_behalf");

    if (giver == NULL)
        giver = sgn_json_str(minutes_ballot(entry), "on_behalf");
    if (giver != NULL)
        sgn_buf_printf(buf, minutes_say(minutes, "%s for %s"), actor,
                       minutes_person(minutes, giver));
    else
        sgn_buf_puts(buf, actor);
}

void
minutes_entry(struct minutes *minutes, const json_t *entry)
{
    const struct cli_output *o = &minutes->cli->output;
    const char *bold = cli_style(o->colour, CLI_BOLD), *plain = cli_style(o->colour, CLI_PLAIN);
    struct sgn_buf time, who, what, clean;
    int width;

    minutes_tell_as(minutes, entry);
    sgn_buf_init(&time, TEXT_MAX);
    sgn_buf_init(&who, TEXT_MAX);
    sgn_buf_init(&what, TEXT_MAX);
    sgn_buf_init(&clean, TEXT_MAX);
    cli_time_put(&time, json_object_get(entry, "at"));
    actor_put(minutes, &who, entry);
    width = cli_text_put(&clean, who.bytes != NULL ? who.bytes : "", 0);
    what_put(minutes, &what, entry);
    states_put(minutes, &what, entry);
    if (is_internal(minutes, entry))
        sgn_buf_printf(&what, " %s", minutes_say(minutes, "(internal)"));
    minutes->indent = (int)time.len + 2;
    fprintf(o->out, "%s%s%s  %s%s%s%s", cli_style(o->colour, CLI_DIM),
            time.bytes != NULL ? time.bytes : "", plain, bold,
            clean.bytes != NULL ? clean.bytes : "", plain, minutes_say(minutes, ": "));
    cli_text_lines(o, what.bytes != NULL ? what.bytes : "", minutes->indent,
                   minutes->indent + width + 2);
    minutes_below(minutes, entry);
    sgn_buf_deinit(&clean);
    sgn_buf_deinit(&what);
    sgn_buf_deinit(&who);
    sgn_buf_deinit(&time);
}
