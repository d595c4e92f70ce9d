/* SPDX-License-Identifier: Apache-2.0 */
/* What stands below a line of the minutes: what was said, changed, asked for and decided. */
#include "minutes.h"

#include "json.h"
#include <string.h>

#define TEXT_MAX 262144

static bool
is_hidden(const struct minutes *minutes, const json_t *entry, const char *kind, const char *name)
{
    char pointer[128];

    snprintf(pointer, sizeof(pointer), "/%s%s%s", kind, name != NULL ? "/" : "",
             name != NULL ? name : "");
    return minutes->marks && sgn_json_has(json_object_get(entry, "hidden"), pointer);
}

static const char *
mark_of(const struct minutes *minutes, bool hidden)
{
    return hidden ? minutes_say(minutes, "(internal)") : "";
}

/* ---- said ---- */

static void
below_said(const struct minutes *minutes, const json_t *entry)
{
    const char *said = sgn_json_str(minutes_ballot(entry), "comment");
    bool hidden = false;
    struct sgn_buf text;

    if (said == NULL) {
        const json_t *comment = json_object_get(entry, "comment");
        said = json_is_string(comment) ? json_string_value(comment) : sgn_json_str(comment, "text");
        hidden = is_hidden(minutes, entry, "comment", NULL);
    }
    if (said == NULL)
        return;
    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_printf(&text, "“%s”%s%s", said, hidden ? " " : "", mark_of(minutes, hidden));
    minutes_line(minutes, NULL, text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
}

/* How an answer by a sign-off link came: "by link 5f0c..., as “Mei Lin”, from 192.0.2.7, Firefox".
 */
static void
below_via(const struct minutes *minutes, const json_t *entry)
{
    const json_t *via = json_object_get(minutes_ballot(entry), "via");
    const char *agent = sgn_json_str(via, "agent");
    struct sgn_buf text;

    if (sgn_json_str(via, "link") == NULL)
        return;
    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_printf(&text, minutes_say(minutes, "by link %s, as “%s”, from %s"),
                   sgn_json_str(via, "link"), sgn_json_str(via, "name"),
                   sgn_json_str(via, "address"));
    if (agent != NULL)
        sgn_buf_printf(&text, ", %s", agent);
    minutes_line(minutes, NULL, text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
}

/* ---- changed ---- */

/* words: of the version that the value was given under. */
static void
put_or_empty(const struct minutes *minutes, struct sgn_buf *buf, const json_t *words,
             const char *name, const json_t *value)
{
    struct cli_shown shown = { .language = minutes->language,
                               .values = json_object_get(words, "values"),
                               .parts = json_object_get(words, "parts") };

    if (value == NULL || json_is_null(value))
        sgn_buf_puts(buf, minutes_say(minutes, "(empty)"));
    else
        cli_shown_put(buf, &shown, name, value);
}

/* "Cost: 100.00 → 200.00"; without what it was where that is not known. */
static void
below_field(const struct minutes *minutes, const json_t *entry, const char *name,
            const json_t *value)
{
    const json_t *before = json_object_get(minutes->fields, name);
    const char *title = minutes_word(minutes, "fields", name);
    bool hidden = is_hidden(minutes, entry, "fields", name);
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    if (before != NULL && !json_is_null(before)) {
        put_or_empty(minutes, &text, minutes->came != NULL ? minutes->came : minutes->told, name,
                     before);
        sgn_buf_puts(&text, " → ");
        put_or_empty(minutes, &text, minutes->told, name, value);
    } else if (json_is_null(value)) {
        sgn_buf_puts(&text, minutes_say(minutes, "(emptied)"));
    } else {
        put_or_empty(minutes, &text, minutes->told, name, value);
    }
    sgn_buf_printf(&text, "%s%s", hidden ? " " : "", mark_of(minutes, hidden));
    minutes_line(minutes, title, text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
}

/* In the order of the workflow, as far as that is known; else in that of the entry. */
static void
below_fields(struct minutes *minutes, const json_t *entry)
{
    json_t *fields = json_object_get(entry, "fields");
    json_t *order = json_object_get(minutes->told, "fields");
    const char *name;
    json_t *value;

    json_object_foreach(order, name, value) {
        if (json_object_get(fields, name) != NULL)
            below_field(minutes, entry, name, json_object_get(fields, name));
    }
    json_object_foreach(fields, name, value) {
        if (json_object_get(order, name) == NULL)
            below_field(minutes, entry, name, value);
    }
    if (minutes->fields != NULL && fields != NULL)
        (void)json_object_update(minutes->fields, fields);
}

/* ---- owners, priority, links, tasks ---- */

static void
below_owners(const struct minutes *minutes, const json_t *entry)
{
    json_t *owners = json_object_get(entry, "owners");
    const char *state;
    json_t *owner;

    json_object_foreach(owners, state, owner) {
        struct sgn_buf text;
        if (json_equal(json_object_get(minutes->owners, state), owner))
            continue;
        sgn_buf_init(&text, TEXT_MAX);
        if (json_is_string(owner)) {
            minutes_people_put(minutes, &text, owner);
        } else {
            struct sgn_buf whom;
            sgn_buf_init(&whom, TEXT_MAX);
            cli_who_put(&whom, json_object_get(owner, "offer"));
            sgn_buf_printf(&text, minutes_say(minutes, "offered to %s"),
                           whom.bytes != NULL ? whom.bytes : "?");
            sgn_buf_deinit(&whom);
        }
        if (json_object_size(owners) > 1)
            sgn_buf_printf(&text, " (%s)", minutes_state(minutes, state));
        minutes_line(minutes, minutes_say(minutes, "owner"), text.bytes != NULL ? text.bytes : "");
        sgn_buf_deinit(&text);
    }
}

static void
below_links(const struct minutes *minutes, const json_t *entry)
{
    const json_t *link;
    size_t i;

    json_array_foreach(json_object_get(entry, "links"), i, link) {
        const char *other = sgn_json_str(link, "case");
        const char *kind = sgn_json_str(link, "kind");
        struct sgn_buf text;
        sgn_buf_init(&text, TEXT_MAX);
        sgn_buf_puts(&text, other != NULL ? other : "?");
        if (kind != NULL)
            sgn_buf_printf(&text, " (%s)", kind);
        minutes_line(minutes,
                     minutes_say(minutes, sgn_json_true(link, "gone") ? "no longer linked with"
                                                                      : "linked with"),
                     text.bytes != NULL ? text.bytes : "");
        sgn_buf_deinit(&text);
    }
}

static void
below_tasks(const struct minutes *minutes, const json_t *entry)
{
    const char *name;
    json_t *task;

    json_object_foreach(json_object_get(entry, "tasks"), name, task) {
        const char *title = minutes_word(minutes, "tasks", name);
        struct sgn_buf text;
        const char *proof = sgn_json_str(task, "file_name");
        if (sgn_json_str(task, "by") == NULL) /* it begins anew, or is gone: nobody did anything */
            continue;
        sgn_buf_init(&text, TEXT_MAX);
        if (sgn_json_true(task, "done"))
            sgn_buf_printf(&text, minutes_say(minutes, "task %s done"), title);
        else
            sgn_buf_printf(&text, minutes_say(minutes, "task %s not done after all"), title);
        if (proof != NULL)
            sgn_buf_printf(&text, minutes_say(minutes, "; proof: %s"), proof);
        minutes_line(minutes, NULL, text.bytes != NULL ? text.bytes : "");
        sgn_buf_deinit(&text);
    }
}

/* ---- what a change around the case moved ---- */

/* {"calendar", "date", "reason"?}, {"project"}, {"client"} or nothing: every calendar. */
static void
calendar_cause_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *argument)
{
    const char *calendar = sgn_json_str(argument, "calendar");
    const char *date = sgn_json_str(argument, "date");
    const char *reason = sgn_json_str(argument, "reason");

    if (calendar == NULL || date == NULL) {
        sgn_buf_puts(buf, minutes_say(minutes, "the calendar has changed"));
        return;
    }
    sgn_buf_printf(buf, minutes_say(minutes, "calendar %s, %s"), calendar, date);
    if (reason != NULL)
        sgn_buf_printf(buf, "%s%s", minutes_say(minutes, ": "), reason);
}

void
minutes_cause_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *sweep)
{
    const json_t *argument = json_object_get(sweep, "argument");
    const char *kind = sgn_json_str(sweep, "kind");
    const char *key = sgn_json_str(argument, "person");
    const char *role = sgn_json_str(argument, "role"), *group = sgn_json_str(argument, "group");
    const char *stand_in = sgn_json_str(argument, "stand_in");
    const char *person = minutes_person(minutes, key);

    if (kind != NULL && strcmp(kind, "calendar") == 0)
        calendar_cause_put(minutes, buf, argument);
    else if (key == NULL)
        sgn_buf_puts(buf, minutes_say(minutes, "who takes part has changed"));
    else if (stand_in != NULL)
        sgn_buf_printf(buf, minutes_say(minutes, "the standing in of %s for %s has changed"),
                       minutes_person(minutes, stand_in), person);
    else if (role != NULL)
        sgn_buf_printf(buf, minutes_say(minutes, "the role %s of %s has changed"), role, person);
    else if (group != NULL)
        sgn_buf_printf(buf, minutes_say(minutes, "the group %s has changed: %s"), group, person);
    else
        sgn_buf_printf(buf, minutes_say(minutes, "what %s is to the team has changed"), person);
}

static void
below_sweep(const struct minutes *minutes, const json_t *sweep)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(sweep, "moved"), i, item)
        minutes_moved(minutes, item);
    minutes_names(minutes, "asked no longer", json_object_get(sweep, "left"));
    minutes_names(minutes, "asked now", json_object_get(sweep, "asked"));
}

/* ---- all of it ---- */

static bool
is_kind(const json_t *entry, const char *kind)
{
    const char *its = sgn_json_str(entry, "kind");

    return its != NULL && strcmp(its, kind) == 0;
}

/* What an attached file is called; where a field holds it, its line says so. */
static void
below_files(const struct minutes *minutes, const json_t *entry)
{
    const json_t *file;
    size_t i;

    json_array_foreach(json_object_get(entry, "files"), i, file)
        if (is_kind(entry, "attach") && sgn_json_str(file, "name") != NULL)
            minutes_line(minutes, minutes_say(minutes, "Files"), sgn_json_str(file, "name"));
}

void
minutes_below(struct minutes *minutes, const json_t *entry)
{
    const char *failed = sgn_json_str(json_object_get(entry, "failed"), "message");
    const char *priority = sgn_json_str(entry, "priority");
    struct cli_shown shown = minutes_shown(minutes);
    struct sgn_buf effects;

    if (json_array_size(json_object_get(entry, "removed")) > 0)
        minutes_line(minutes, NULL, minutes_say(minutes, "what it said has been removed"));
    below_said(minutes, entry);
    below_via(minutes, entry);
    below_fields(minutes, entry);
    below_files(minutes, entry);
    below_links(minutes, entry);
    below_tasks(minutes, entry);
    sgn_buf_init(&effects, TEXT_MAX);
    if (!is_kind(entry, "deadline"))
        minutes_effects_put(minutes, &effects, entry);
    if (effects.len > 0)
        minutes_line(minutes, NULL, effects.bytes);
    sgn_buf_deinit(&effects);
    /* Elsewhere owners follow from the states that were entered. */
    if (is_kind(entry, "deadline") || is_kind(entry, "assign") || is_kind(entry, "sweep"))
        below_owners(minutes, entry);
    if (json_object_get(entry, "owners") != NULL) {
        json_decref(minutes->owners);
        minutes->owners = json_incref(json_object_get(entry, "owners"));
    }
    if (priority != NULL)
        minutes_line(minutes, minutes_say(minutes, "priority"),
                     cli_shown_word(&shown, "priority", priority));
    minutes_rounds(minutes, entry);
    below_sweep(minutes, json_object_get(entry, "sweep"));
    minutes_migrate(minutes, json_object_get(entry, "migrate"));
    if (failed != NULL)
        minutes_line(minutes, minutes_say(minutes, "failed"), failed);
}
