/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One entry of a history as minutes put it: when, who, what, where the case went, and below
 * that what was said, changed, asked for and decided.
 */
#include "json.h"
#include "remote.h"
#include <string.h>

#define TEXT_MAX 262144

/* ---- the line ---- */

static const struct {
    const char *kind, *said;
} phrases[] = {
    { "open", "opened it" },
    { "edit", "changed it" },
    { "comment", "wrote" },
    { "assign", "assigned it" },
    { "attach", "attached" },
    { "link", "linked it" },
    { "vote", "voted" },
    { "withdraw", "withdrew the vote" },
    { "task", "did a task" },
    { "effect", "carried out what was asked for" },
    { "correct", "corrected it" },
    { "retry", "tried again" },
    { "redact", "removed content" },
};

static const char *
phrase_of(const char *kind)
{
    for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
        if (strcmp(phrases[i].kind, kind) == 0)
            return phrases[i].said;
    }
    return kind;
}

/* The entry's own ballot, the actor's, or NULL. */
static const json_t *
ballot_of(const json_t *entry)
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

/* "80%" of it, "late 0" at its end, "late 1 day" after it, "again" repeated. */
static void
put_rung(struct sgn_buf *buf, const json_t *rung)
{
    const char *name = sgn_json_str(rung, "deadline");
    const char *step = sgn_json_str(rung, "rung");

    sgn_buf_printf(buf, "deadline %s", name != NULL ? name : "?");
    if (step == NULL)
        return;
    if (strcmp(step, "late 0") == 0)
        sgn_buf_puts(buf, " is missed");
    else if (strncmp(step, "late ", 5) == 0)
        sgn_buf_printf(buf, " is late by %s", step + 5);
    else
        sgn_buf_printf(buf, " is at %s", step);
}

static void
put_what(struct sgn_buf *buf, const json_t *entry)
{
    const char *kind = sgn_json_str(entry, "kind");
    const char *event = sgn_json_str(entry, "event");
    const char *choice = sgn_json_str(ballot_of(entry), "choice");
    const char *method = sgn_json_str(entry, "method");

    kind = kind != NULL ? kind : "?";
    if (json_is_object(json_object_get(entry, "rung")))
        put_rung(buf, json_object_get(entry, "rung"));
    else if (strcmp(kind, "fire") == 0 && event != NULL)
        sgn_buf_puts(buf, event);
    else if (strcmp(kind, "data") == 0 && method != NULL)
        sgn_buf_puts(buf, method);
    else if (strcmp(kind, "vote") == 0 && choice != NULL)
        sgn_buf_printf(buf, "voted %s", choice);
    else if (event != NULL)
        sgn_buf_printf(buf, "%s (%s)", phrase_of(kind), event);
    else
        sgn_buf_puts(buf, phrase_of(kind));
}

static void
put_states(struct sgn_buf *buf, const json_t *entry)
{
    const json_t *states = json_object_get(entry, "states");

    /* Only where something was entered: else the states are those of the line before. */
    if (json_array_size(json_object_get(entry, "entered")) > 0 && json_array_size(states) > 0) {
        sgn_buf_puts(buf, " → ");
        cli_value_put(buf, states);
    }
    if (sgn_json_str(entry, "outcome") != NULL)
        sgn_buf_printf(buf, "; the case ended: %s", sgn_json_str(entry, "outcome"));
}

/* ---- below the line ---- */

static void
below(const struct cli_output *o, int indent, const char *name, const char *text)
{
    struct sgn_buf clean;
    int room = o->width > 0 ? o->width - indent - cli_text_width(name) - 2 : 0;

    sgn_buf_init(&clean, TEXT_MAX);
    cli_text_put(&clean, text, room > 10 ? room : 0);
    fprintf(o->out, "%*s%s%s:%s %s\n", indent, "", cli_style(o->colour, CLI_DIM), name,
            cli_style(o->colour, CLI_PLAIN), clean.bytes != NULL ? clean.bytes : "");
    sgn_buf_deinit(&clean);
}

static void
below_value(const struct cli_output *o, int indent, const char *name, const json_t *value)
{
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    cli_value_put(&text, value);
    if (text.len > 0)
        below(o, indent, name, text.bytes);
    sgn_buf_deinit(&text);
}

static void
print_fields(const struct cli_output *o, int indent, const json_t *entry)
{
    const char *name;
    json_t *value;

    json_object_foreach(json_object_get(entry, "fields"), name, value) {
        if (json_is_null(value))
            below(o, indent, name, "(emptied)");
        else
            below_value(o, indent, name, value);
    }
}

/* "remind: li", "notify: zhao", "open: issue". */
static void
print_effects(const struct cli_output *o, int indent, const json_t *entry)
{
    static const char *const objects[] = { "to", "channel", "workflow", "event", "case" };
    const json_t *effect;
    size_t i;

    json_array_foreach(json_object_get(entry, "effects"), i, effect) {
        const char *kind = sgn_json_str(effect, "kind");
        for (size_t k = 0; kind != NULL && k < sizeof(objects) / sizeof(objects[0]); k++) {
            const json_t *value = json_object_get(effect, objects[k]);
            if (value == NULL)
                continue;
            below_value(o, indent, kind, value);
            break;
        }
    }
}

/* Who counted, by what they chose: "approve: chen, li; reject: zhao". */
static void
put_counted(struct sgn_buf *buf, const json_t *decided)
{
    static const char *const choices[] = { "approve", "reject", "abstain", "defer", "changes" };
    const json_t *ballot;
    size_t i;

    for (size_t c = 0; c < sizeof(choices) / sizeof(choices[0]); c++) {
        int n = 0;
        json_array_foreach(decided, i, ballot) {
            const char *choice = sgn_json_str(ballot, "choice");
            if (choice == NULL || strcmp(choice, choices[c]) != 0)
                continue;
            if (n++ == 0)
                sgn_buf_printf(buf, "; %s: ", choice);
            else
                sgn_buf_puts(buf, ", ");
            sgn_buf_puts(buf, sgn_json_str(ballot, "person"));
            if (sgn_json_str(ballot, "on_behalf") != NULL)
                sgn_buf_printf(buf, " for %s", sgn_json_str(ballot, "on_behalf"));
        }
    }
}

/* How a round ended, with the ballots that count. */
static void
print_rounds(const struct cli_output *o, int indent, const json_t *entry)
{
    const json_t *round;
    size_t i;

    json_array_foreach(json_object_get(entry, "round"), i, round) {
        const json_t *ended = json_object_get(round, "ended");
        const char *manner = sgn_json_str(ended, "manner");
        struct sgn_buf text;

        if (sgn_json_str(ended, "outcome") == NULL)
            continue;
        sgn_buf_init(&text, TEXT_MAX);
        sgn_buf_printf(&text, "%s%s%s%s in round %lld of %s", sgn_json_str(ended, "outcome"),
                       manner != NULL ? " (" : "", manner != NULL ? manner : "",
                       manner != NULL ? ")" : "", (long long)sgn_json_int(round, "number", 1),
                       sgn_json_str(round, "approval"));
        put_counted(&text, json_object_get(entry, "decided"));
        below(o, indent, "decided", text.bytes != NULL ? text.bytes : "");
        sgn_buf_deinit(&text);
    }
}

static void
print_details(const struct cli_output *o, int indent, const json_t *entry)
{
    const char *kind = sgn_json_str(entry, "kind");
    const char *said = sgn_json_str(ballot_of(entry), "comment");
    const json_t *failed = json_object_get(entry, "failed");
    bool moved = kind != NULL && (strcmp(kind, "deadline") == 0 || strcmp(kind, "assign") == 0);

    print_fields(o, indent, entry);
    if (said != NULL)
        below(o, indent, "comment", said);
    else
        below_value(o, indent, "comment", json_object_get(entry, "comment"));
    print_effects(o, indent, entry);
    if (moved)
        below_value(o, indent, "owner", json_object_get(entry, "owners"));
    below_value(o, indent, "priority", json_object_get(entry, "priority"));
    print_rounds(o, indent, entry);
    if (json_is_object(failed))
        below_value(o, indent, "failed", json_object_get(failed, "message"));
}

void
remote_show_entry(struct cli *cli, const json_t *entry)
{
    const struct cli_output *o = &cli->output;
    const char *actor = sgn_json_str(entry, "actor");
    const char *on_behalf = sgn_json_str(entry, "on_behalf");
    struct sgn_buf time, what, clean;

    sgn_buf_init(&time, TEXT_MAX);
    sgn_buf_init(&what, TEXT_MAX);
    sgn_buf_init(&clean, TEXT_MAX);
    cli_time_put(&time, json_object_get(entry, "at"));
    put_what(&what, entry);
    put_states(&what, entry);
    cli_text_put(&clean, what.bytes != NULL ? what.bytes : "", 0);
    fprintf(o->out, "%s%s%s  %s%s%s", cli_style(o->colour, CLI_DIM),
            time.bytes != NULL ? time.bytes : "", cli_style(o->colour, CLI_PLAIN),
            cli_style(o->colour, CLI_BOLD), actor != NULL ? actor : "?",
            cli_style(o->colour, CLI_PLAIN));
    if (on_behalf != NULL)
        fprintf(o->out, " for %s", on_behalf);
    fprintf(o->out, ": %s\n", clean.bytes != NULL ? clean.bytes : "");
    print_details(o, (int)time.len + 2, entry);
    sgn_buf_deinit(&clean);
    sgn_buf_deinit(&what);
    sgn_buf_deinit(&time);
}
