/* SPDX-License-Identifier: Apache-2.0 */
/* Histories as minutes, and the entries of a watch as they come. */
#include "json.h"
#include "remote.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX     262144
#define PAGE         500
#define HISTORY_MOST 1000 /* entries shown without --limit */

/* ---- one entry ---- */

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
    { "deadline", "deadline" },
    { "send", "a message to itself came due" },
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

/* The name of an event, given bare or as {"name", "data"}. */
static const char *
event_of(const json_t *entry)
{
    const json_t *event = json_object_get(entry, "event");

    return json_is_object(event) ? sgn_json_str(event, "name") : json_string_value(event);
}

/* What a vote chose: the entry's own ballot. */
static const char *
choice_of(const json_t *entry, const char *actor)
{
    const json_t *ballots = json_object_get(entry, "ballots");
    const json_t *ballot;
    size_t i;

    json_array_foreach(ballots, i, ballot) {
        const char *person = sgn_json_str(ballot, "person");
        if (person == NULL || strcmp(person, actor) == 0)
            return sgn_json_str(ballot, "choice");
    }
    return sgn_json_str(entry, "choice");
}

static void
put_what(struct sgn_buf *buf, const json_t *entry, const char *actor)
{
    const char *kind = sgn_json_str(entry, "kind");
    const char *event = event_of(entry);
    const char *choice = choice_of(entry, actor);

    if (kind == NULL)
        kind = "";
    if (strcmp(kind, "fire") == 0 && event != NULL)
        sgn_buf_puts(buf, event);
    else if (strcmp(kind, "data") == 0)
        sgn_buf_puts(buf,
                     sgn_json_str(entry, "method") != NULL ? sgn_json_str(entry, "method") : kind);
    else
        sgn_buf_puts(buf, phrase_of(kind));
    if (strcmp(kind, "vote") == 0 && choice != NULL)
        sgn_buf_printf(buf, " %s", choice);
    if (strcmp(kind, "fire") != 0 && event != NULL)
        sgn_buf_printf(buf, " (%s)", event);
}

static void
put_states(struct sgn_buf *buf, const json_t *entry)
{
    const json_t *states = json_object_get(entry, "states");
    const json_t *entered = json_object_get(entry, "entered");

    /* Only where something was entered: else the states are those of the line before. */
    if (json_array_size(entered) > 0 && json_array_size(states) > 0) {
        sgn_buf_puts(buf, " → ");
        cli_value_put(buf, states);
    }
    if (sgn_json_str(entry, "outcome") != NULL)
        sgn_buf_printf(buf, "; the case ended: %s", sgn_json_str(entry, "outcome"));
}

/* A line of its own below the entry. */
static void
print_below(const struct cli_output *o, int indent, const char *name, const json_t *value)
{
    struct sgn_buf buf, line;

    sgn_buf_init(&buf, TEXT_MAX);
    sgn_buf_init(&line, TEXT_MAX);
    cli_value_put(&buf, value);
    if (buf.len > 0) {
        int room = o->width > 0 ? o->width - indent - (int)strlen(name) - 2 : 0;
        cli_text_put(&line, buf.bytes, room > 10 ? room : 0);
        fprintf(o->out, "%*s%s%s:%s %s\n", indent, "", cli_style(o->colour, CLI_DIM), name,
                cli_style(o->colour, CLI_PLAIN), line.bytes != NULL ? line.bytes : "");
    }
    sgn_buf_deinit(&line);
    sgn_buf_deinit(&buf);
}

static void
print_details(const struct cli_output *o, const json_t *entry, int indent)
{
    static const char *const told[] = { "comment", "decided", "priority", "failed", "stuck" };
    const json_t *fields = json_object_get(entry, "fields");
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)fields, name, value) {
        static const char emptied[] = "(emptied)";
        if (!json_is_null(value)) {
            print_below(o, indent, name, value);
        } else {
            json_t *text = json_string(emptied);
            print_below(o, indent, name, text);
            json_decref(text);
        }
    }
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        const json_t *item = json_object_get(entry, told[i]);
        const json_t *text = json_object_get(item, "text");
        if (item != NULL)
            print_below(o, indent, told[i], text != NULL ? text : item);
    }
}

void
remote_show_entry(struct cli *cli, const json_t *entry)
{
    const struct cli_output *o = &cli->output;
    const char *actor = sgn_json_str(entry, "actor");
    const char *on_behalf = sgn_json_str(entry, "on_behalf");
    struct sgn_buf time, what;
    int indent;

    sgn_buf_init(&time, TEXT_MAX);
    sgn_buf_init(&what, TEXT_MAX);
    actor = actor != NULL ? actor : "?";
    cli_time_put(&time, json_object_get(entry, "at"));
    put_what(&what, entry, actor);
    put_states(&what, entry);
    indent = (int)time.len + 2;
    fprintf(o->out, "%s%s%s  %s%s%s", cli_style(o->colour, CLI_DIM),
            time.bytes != NULL ? time.bytes : "", cli_style(o->colour, CLI_PLAIN),
            cli_style(o->colour, CLI_BOLD), actor, cli_style(o->colour, CLI_PLAIN));
    if (on_behalf != NULL)
        fprintf(o->out, " for %s", on_behalf);
    fprintf(o->out, ": %s\n", what.bytes != NULL ? what.bytes : "");
    print_details(o, entry, indent);
    sgn_buf_deinit(&what);
    sgn_buf_deinit(&time);
}

/* ---- history ---- */

/* The newest entries up to limit, newest first as the server pages them. */
static enum sgn_status
gather(struct client *client, json_t *params, int64_t limit, json_t *entries, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    bool more = true;

    while (st == SGN_OK && more && (int64_t)json_array_size(entries) < limit) {
        int64_t left = limit - (int64_t)json_array_size(entries);
        json_t *page = NULL, *cursor;

        json_object_set_new(params, "limit", json_integer(left < PAGE ? left : PAGE));
        st = client_call(client, "case.history", params, &page, err);
        if (st == SGN_OK && json_array_extend(entries, (json_t *)remote_items(page)) != 0)
            st = sgn_fail(err, SGN_INTERNAL, "case.history answered no list");
        cursor = json_object_get(page, "cursor");
        more = cursor != NULL && !json_is_null(cursor);
        if (more && json_object_set(params, "cursor", cursor) != 0)
            st = sgn_nomem(err);
        json_decref(page);
    }
    return st;
}

enum sgn_status
remote_history(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *entries = json_array();
    const char *limit = cli_option(&cli->args, "limit");
    int64_t most = limit != NULL ? atoll(limit) : HISTORY_MOST;
    enum sgn_status st = entries != NULL ? cli_params(cli, &params, err) : sgn_nomem(err);

    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = gather(client, params, most > 0 ? most : INT64_MAX, entries, err);
    /* Minutes are read from the beginning. */
    for (size_t i = json_array_size(entries); st == SGN_OK && i > 0; i--) {
        if (cli->output.json)
            cli_print_json(&cli->output, json_array_get(entries, i - 1));
        else
            remote_show_entry(cli, json_array_get(entries, i - 1));
    }
    json_decref(entries);
    json_decref(params);
    client_free(client);
    return st;
}

/* ---- watch ---- */

/* An entry is printed; anything else about the watch is said on stderr, its end as an error. */
static enum sgn_status
show_note(struct cli *cli, const json_t *note, struct sgn_error *err)
{
    const char *method = sgn_json_str(note, "method");
    const json_t *params = json_object_get(note, "params");
    const json_t *entry = json_object_get(params, "entry");
    const char *key;

    if (entry == NULL && method != NULL && strcmp(method, "watch.end") == 0)
        return sgn_fail(err, sgn_status_of_code(sgn_json_str(params, "code")),
                        "the watch ended: %s", sgn_json_str(params, "message"));
    if (entry == NULL) {
        fprintf(cli->output.err, "%s\n", method != NULL ? method : "?");
        return SGN_OK;
    }
    if (cli->output.json) {
        cli_print_json(&cli->output, entry);
    } else {
        key = sgn_json_str(entry, "case");
        fprintf(cli->output.out, "%s%-10s%s ", cli_style(cli->output.colour, CLI_CYAN),
                key != NULL ? key : "-", cli_style(cli->output.colour, CLI_PLAIN));
        remote_show_entry(cli, entry);
    }
    fflush(cli->output.out);
    return SGN_OK;
}

enum sgn_status
remote_watch(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *started = NULL;
    const char *text = cli_option(&cli->args, "count");
    int64_t count = text != NULL ? atoll(text) : INT64_MAX;
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = client_call(client, "watch.start", params, &started, err);
    for (int64_t i = 0; st == SGN_OK && i < count; i++) {
        json_t *note = NULL;
        st = client_next(client, &note, err);
        if (st == SGN_OK)
            st = show_note(cli, note, err);
        json_decref(note);
    }
    json_decref(started);
    json_decref(params);
    client_free(client);
    return st;
}
