/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one may do with a case: each possible thing with the command line that does it, and of
 * the rest why not.
 */
#include "json.h"
#include "remote.h"
#include "say.h"
#include <string.h>

#define TEXT_MAX 65536
#define NAME_MIN 12

struct listing {
    struct cli *cli;
    const struct cli_output *o;
    const char *key;   /* of the case */
    int names, titles; /* widths of the first two columns */
    int n_owners;      /* states whose owner may be changed */
};

static const char *
say(const struct listing *listing, const char *english)
{
    return sgn_say(listing->cli->language, english);
}

static const char *
name_of(const json_t *item)
{
    const char *name = sgn_json_str(item, "event");

    return name != NULL ? name : sgn_json_str(item, "do");
}

/* ---- what is possible ---- */

/* What stands beside the name: the event's title, the approval, the state. */
static const char *
title_of(const json_t *item)
{
    static const char *const members[] = { "title", "approval", "state" };

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (sgn_json_str(item, members[i]) != NULL)
            return sgn_json_str(item, members[i]);
    }
    return "";
}

/* " --field cost=..." for what is needed, in brackets for what else may come along. */
static void
put_fields(struct sgn_buf *buf, const json_t *item)
{
    const json_t *needs = json_object_get(item, "needs");
    const json_t *name;
    size_t i;

    json_array_foreach(needs, i, name)
        sgn_buf_printf(buf, " --field %s=...", json_string_value(name));
    json_array_foreach(json_object_get(item, "takes"), i, name) {
        if (!sgn_json_has(needs, json_string_value(name)))
            sgn_buf_printf(buf, " [--field %s=...]", json_string_value(name));
    }
    if (sgn_json_true(item, "note"))
        sgn_buf_puts(buf, " --comment \"...\"");
    else if (sgn_json_true(item, "note_shared"))
        sgn_buf_puts(buf, " [--comment \"...\"]");
}

/* What is possible only for somebody whom the person stands in for. */
static void
put_for(struct sgn_buf *buf, const json_t *item)
{
    const char *person = sgn_json_str(item, "on_behalf");

    if (person != NULL)
        sgn_buf_printf(buf, " --for %s", person);
}

/* Only what may be voted in that very approval. */
static void
put_vote(struct sgn_buf *buf, const struct listing *listing, const json_t *item)
{
    const char *choice, *between = " ";
    json_t *title;

    sgn_buf_printf(buf, "signoff case vote %s", listing->key);
    json_object_foreach(json_object_get(item, "choices"), choice, title) {
        sgn_buf_printf(buf, "%s%s", between, choice);
        between = "|";
    }
}

static void
put_command(struct sgn_buf *buf, const struct listing *listing, const json_t *item)
{
    const char *event = sgn_json_str(item, "event");
    const char *what = sgn_json_str(item, "do");
    const json_t *fields = json_object_get(item, "fields");
    const json_t *name;
    size_t i;

    if (event != NULL) {
        sgn_buf_printf(buf, "signoff case fire %s %s", listing->key, event);
        put_fields(buf, item);
    } else if (what != NULL && strcmp(what, "vote") == 0) {
        put_vote(buf, listing, item);
    } else if (what != NULL && strcmp(what, "edit") == 0) {
        sgn_buf_printf(buf, "signoff case edit %s", listing->key);
        json_array_foreach(fields, i, name)
            sgn_buf_printf(buf, " [--field %s=...]", json_string_value(name));
    } else if (what != NULL && strcmp(what, "assign") == 0) {
        sgn_buf_printf(buf, "signoff case assign %s PERSON", listing->key);
        if (listing->n_owners > 1)
            sgn_buf_printf(buf, " --state %s", sgn_json_str(item, "state"));
    } else if (what != NULL && strcmp(what, "task") == 0) {
        sgn_buf_printf(buf, "signoff task done %s %s", listing->key, sgn_json_str(item, "task"));
    } else if (what != NULL) {
        sgn_buf_puts(buf, what);
    }
}

static void
show_possible(const struct listing *listing, const json_t *item)
{
    const struct cli_output *o = listing->o;
    struct sgn_buf name, title, command;
    int w, t;

    sgn_buf_init(&name, TEXT_MAX);
    sgn_buf_init(&title, TEXT_MAX);
    sgn_buf_init(&command, TEXT_MAX);
    w = cli_text_put(&name, name_of(item) != NULL ? name_of(item) : "?", 0);
    t = cli_text_put(&title, title_of(item), 0);
    put_command(&command, listing, item);
    put_for(&command, item);
    if (sgn_json_true(item, "note_shared"))
        sgn_buf_printf(&command, "  %s", say(listing, "(the client reads the comment)"));
    fprintf(o->out, "  %s✓%s %s%s%s%*s  %s%*s  ", cli_style(o->colour, CLI_GREEN),
            cli_style(o->colour, CLI_PLAIN), cli_style(o->colour, CLI_BOLD), name.bytes,
            cli_style(o->colour, CLI_PLAIN), listing->names - w, "",
            title.bytes != NULL ? title.bytes : "", listing->titles - t, "");
    cli_text_lines(o, command.bytes != NULL ? command.bytes : "", listing->names + 8,
                   listing->names + listing->titles + 8);
    sgn_buf_deinit(&command);
    sgn_buf_deinit(&title);
    sgn_buf_deinit(&name);
}

static void
measure(struct listing *listing, const json_t *items)
{
    const json_t *item;
    size_t i;

    json_array_foreach(items, i, item) {
        int w = cli_text_width(name_of(item) != NULL ? name_of(item) : "?");
        int t = cli_text_width(title_of(item));
        listing->names = w > listing->names ? w : listing->names;
        if (sgn_json_str(item, "do") != NULL && strcmp(sgn_json_str(item, "do"), "assign") == 0)
            listing->n_owners++;
        if (sgn_json_true(item, "allowed") && t > listing->titles)
            listing->titles = t;
    }
}

static int
show_all_possible(const struct listing *listing, const json_t *items)
{
    const json_t *item;
    size_t i;
    int n = 0;

    json_array_foreach(items, i, item) {
        if (!sgn_json_true(item, "allowed"))
            continue;
        show_possible(listing, item);
        n++;
    }
    return n;
}

/* ---- what is not ---- */

static bool
is_not_now(const json_t *item)
{
    const char *code = sgn_json_str(item, "code");

    return code != NULL && strcmp(code, "not_now") == 0;
}

/* "the event "accept" is for pm (li)": who has the role now is whom to ask. */
static void
show_impossible(const struct listing *listing, const json_t *item)
{
    const struct cli_output *o = listing->o;
    const char *reason = sgn_json_str(item, "reason");
    const char *role;
    json_t *people;
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_puts(&text, reason != NULL ? reason : "");
    json_object_foreach(json_object_get(item, "holders"), role, people) {
        sgn_buf_puts(&text, " (");
        cli_value_put(&text, people);
        sgn_buf_puts(&text, ")");
    }
    fprintf(o->out, "  %s✗ %-*s%s  ", cli_style(o->colour, CLI_DIM), listing->names, name_of(item),
            cli_style(o->colour, CLI_PLAIN));
    cli_text_lines(o, text.bytes != NULL ? text.bytes : "", listing->names + 6, listing->names + 6);
    sgn_buf_deinit(&text);
}

/* Events of other states are most of them and say little: one line for all. */
static void
show_all_impossible(const struct listing *listing, const json_t *items)
{
    const json_t *item;
    size_t i;
    struct sgn_buf others;

    sgn_buf_init(&others, TEXT_MAX);
    json_array_foreach(items, i, item) {
        if (is_not_now(item))
            sgn_buf_printf(&others, "%s%s", others.len > 0 ? ", " : "", name_of(item));
        else if (!sgn_json_true(item, "allowed"))
            show_impossible(listing, item);
    }
    if (others.len > 0) {
        const char *said = say(listing, "not in this state: ");
        fprintf(listing->o->out, "  %s", said);
        cli_text_lines(listing->o, others.bytes, 4, 2 + cli_text_width(said));
    }
    sgn_buf_deinit(&others);
}

int
remote_list_allowed(struct cli *cli, const json_t *allowed, bool all)
{
    const json_t *events = json_object_get(allowed, "events");
    const json_t *also = json_object_get(allowed, "also");
    const char *key = sgn_json_str(allowed, "case");
    struct listing listing = { cli, &cli->output, key != NULL ? key : "?", NAME_MIN, 0, 0 };
    int n;

    measure(&listing, events);
    measure(&listing, also);
    n = show_all_possible(&listing, events) + show_all_possible(&listing, also);
    if (n == 0)
        fprintf(cli->output.out, "  %s\n", say(&listing, "nothing at the moment"));
    if (all)
        show_all_impossible(&listing, events);
    return (int)(json_array_size(events) + json_array_size(also)) - n;
}

void
remote_show_allowed(struct cli *cli, const json_t *result)
{
    (void)remote_list_allowed(cli, result, true);
}
