/* SPDX-License-Identifier: Apache-2.0 */
/* What things are called in the minutes, and the lines they are made of, see minutes.h. */
#include "minutes.h"

#include "json.h"
#include "say.h"
#include <string.h>

#define TEXT_MAX   262144
#define STATE_MOST 128

/* ---- what things are called ---- */

const char *
minutes_say(const struct minutes *minutes, const char *english)
{
    return sgn_say(minutes->language, english);
}

/* words.KIND.NAME, or NULL. */
static const char *
title_in(const json_t *words, const char *kind, const char *name)
{
    const json_t *title = json_object_get(json_object_get(words, kind), name);

    if (json_is_object(title) && json_object_get(title, "title") != NULL)
        title = json_object_get(title, "title");
    return json_string_value(title);
}

/* What the version of the entry calls it; what only the version before it had, by that; else the
 * name itself. */
static const char *
title_of(const struct minutes *minutes, const char *kind, const char *name)
{
    const char *title = title_in(minutes->told, kind, name);

    if (title == NULL)
        title = title_in(minutes->came, kind, name);
    return title != NULL ? title : name;
}

const char *
minutes_person(const struct minutes *minutes, const char *key)
{
    if (key == NULL)
        return "?";
    if (strcmp(key, "system") == 0)
        return minutes_say(minutes, "the system");
    return title_in(minutes->titles, "people", key) != NULL
               ? title_in(minutes->titles, "people", key)
               : key;
}

const char *
minutes_state(const struct minutes *minutes, const char *name)
{
    return name != NULL ? title_of(minutes, "states", name) : "?";
}

const char *
minutes_word(const struct minutes *minutes, const char *kind, const char *name)
{
    return name != NULL ? title_of(minutes, kind, name) : "?";
}

struct cli_shown
minutes_shown(const struct minutes *minutes)
{
    return (struct cli_shown){ .language = minutes->language,
                               .values = json_object_get(minutes->told, "values"),
                               .parts = json_object_get(minutes->told, "parts") };
}

/* A deadline's own title; else it is called like its state. What an "after" of a state waits for is
 * that state. */
void
minutes_clock_put(const struct minutes *minutes, struct sgn_buf *buf, const char *name)
{
    const char *title = title_of(minutes, "deadlines", name != NULL ? name : "?");
    const char *dot = name != NULL ? strrchr(name, '.') : NULL;
    char state[STATE_MOST];

    if (name == NULL || title != name || strncmp(name, "after.", 6) != 0 || dot == name + 5) {
        sgn_buf_puts(buf, title == name ? minutes_state(minutes, name) : title);
        return;
    }
    snprintf(state, sizeof(state), "%.*s", (int)(dot - name - 6), name + 6);
    sgn_buf_printf(buf, minutes_say(minutes, "the time in %s"), minutes_state(minutes, state));
}

void
minutes_people_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *names)
{
    const json_t *name;
    size_t i;

    if (json_is_string(names))
        sgn_buf_puts(buf, minutes_person(minutes, json_string_value(names)));
    else if (json_array_size(names) == 0)
        sgn_buf_puts(buf, minutes_say(minutes, "nobody"));
    json_array_foreach(names, i, name) {
        sgn_buf_puts(buf, i > 0 ? minutes_say(minutes, ", ") : "");
        sgn_buf_puts(buf, minutes_person(minutes, json_string_value(name)));
    }
}

const json_t *
minutes_ballot(const json_t *entry)
{
    const char *actor = sgn_json_str(entry, "actor");
    const json_t *ballot;
    size_t i;

    json_array_foreach(json_object_get(entry, "ballots"), i, ballot) {
        const char *person = sgn_json_str(ballot, "person");
        if (person != NULL && actor != NULL && strcmp(person, actor) == 0)
            return ballot;
    }
    return NULL;
}

static void
effect_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *effect)
{
    const char *kind = sgn_json_str(effect, "kind");
    const char *workflow = sgn_json_str(effect, "workflow");
    const json_t *channel = json_object_get(effect, "channel");
    struct sgn_buf who;

    sgn_buf_init(&who, TEXT_MAX);
    minutes_people_put(minutes, &who, channel != NULL ? channel : json_object_get(effect, "to"));
    if (kind == NULL)
        ;
    else if (strcmp(kind, "remind") == 0)
        sgn_buf_printf(buf, minutes_say(minutes, "reminded %s"), who.bytes);
    else if (strcmp(kind, "offered") == 0)
        sgn_buf_printf(buf, minutes_say(minutes, "offered to %s"), who.bytes);
    else if (strcmp(kind, "notify") == 0 || strcmp(kind, "decided") == 0 ||
             strcmp(kind, "voided") == 0 || strcmp(kind, "stuck") == 0)
        sgn_buf_printf(buf, minutes_say(minutes, "told %s"), who.bytes);
    else if (workflow != NULL)
        sgn_buf_printf(buf, minutes_say(minutes, "opened a case of %s"), workflow);
    else if (strcmp(kind, "fire") == 0)
        sgn_buf_printf(buf, minutes_say(minutes, "had %s happen to %s"),
                       sgn_json_str(effect, "event"), sgn_json_str(effect, "case"));
    else
        sgn_buf_puts(buf, kind);
    sgn_buf_deinit(&who);
}

void
minutes_effects_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *entry)
{
    const json_t *effect;
    size_t i;

    json_array_foreach(json_object_get(entry, "effects"), i, effect) {
        sgn_buf_puts(buf, i > 0 ? minutes_say(minutes, "; ") : "");
        effect_put(minutes, buf, effect);
    }
}

/* Is the leaf inside of state, by the titles' own tree? */
static bool
is_inside(const struct minutes *minutes, const char *leaf, const char *state)
{
    const json_t *states = json_object_get(minutes->told, "states");

    for (int i = 0; leaf != NULL && i < 64; i++) {
        if (strcmp(leaf, state) == 0)
            return true;
        leaf = sgn_json_str(json_object_get(states, leaf), "in");
    }
    return false;
}

/* "Technical impact: Estimating": with several active states, the part each of them is of. */
void
minutes_place_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *states,
                  const char *leaf)
{
    const json_t *tree = json_object_get(minutes->told, "states");
    const char *part = sgn_json_str(json_object_get(tree, leaf), "in");
    const json_t *other;
    size_t i;
    bool apart = false;

    json_array_foreach(states, i, other) {
        if (part != NULL && !is_inside(minutes, json_string_value(other), part))
            apart = true;
    }
    if (apart)
        sgn_buf_printf(buf, minutes_say(minutes, "%s: %s"), minutes_state(minutes, part),
                       minutes_state(minutes, leaf));
    else
        sgn_buf_puts(buf, minutes_state(minutes, leaf));
}

/* ---- lines below an entry's ---- */

void
minutes_line(const struct minutes *minutes, const char *name, const char *text)
{
    const struct cli_output *o = &minutes->cli->output;
    int width = minutes->indent;
    struct sgn_buf clean;

    fprintf(o->out, "%*s", minutes->indent, "");
    if (name != NULL) {
        sgn_buf_init(&clean, TEXT_MAX);
        width += cli_text_put(&clean, name, 0) + 2;
        fprintf(o->out, "%s%s%s%s", cli_style(o->colour, CLI_DIM),
                clean.bytes != NULL ? clean.bytes : "", minutes_say(minutes, ": "),
                cli_style(o->colour, CLI_PLAIN));
        sgn_buf_deinit(&clean);
    }
    cli_text_lines(o, text, minutes->indent + 2, width);
}

void
minutes_names(const struct minutes *minutes, const char *label, const json_t *names)
{
    struct sgn_buf text;

    if (json_array_size(names) == 0)
        return;
    sgn_buf_init(&text, TEXT_MAX);
    minutes_people_put(minutes, &text, names);
    minutes_line(minutes, minutes_say(minutes, label), text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
}

void
minutes_moved(const struct minutes *minutes, const json_t *item)
{
    const char *name = sgn_json_str(item, "deadline");
    struct sgn_buf text, clock;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_init(&clock, TEXT_MAX);
    minutes_clock_put(minutes, &clock, name);
    if (sgn_json_str(item, "was") != NULL && sgn_json_str(item, "due") != NULL) {
        cli_time_put(&text, json_object_get(item, "was"));
        sgn_buf_puts(&text, " → ");
        cli_time_put(&text, json_object_get(item, "due"));
    } else {
        sgn_buf_puts(&text, minutes_say(minutes, "its time was counted anew"));
    }
    minutes_line(minutes, clock.bytes != NULL ? clock.bytes : "?",
                 text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&clock);
    sgn_buf_deinit(&text);
}
