/* SPDX-License-Identifier: Apache-2.0 */
/* "case show": one page that says what a case is, where it stands, who is waited for, and
 * what the reader may do about it. */
#include "clock.h"
#include "json.h"
#include "remote.h"
#include <ctype.h>
#include <string.h>

#define TEXT_MAX   262144
#define NAME_WIDTH 12

struct page {
    struct cli *cli;
    const struct cli_output *o;
    int64_t now; /* the server's; -1: not known */
};

static void
heading(const struct page *page, const char *text)
{
    fprintf(page->o->out, "\n%s%s%s\n", cli_style(page->o->colour, CLI_BOLD), text,
            cli_style(page->o->colour, CLI_PLAIN));
}

/* "  name        text", the name dimmed, control characters gone. */
static void
line(const struct page *page, const char *name, const char *text)
{
    struct sgn_buf left, right;
    int width;

    sgn_buf_init(&left, TEXT_MAX);
    sgn_buf_init(&right, TEXT_MAX);
    width = cli_text_put(&left, name, 0);
    cli_text_put(&right, text, 0);
    fprintf(page->o->out, "  %s%s%s%*s %s\n", cli_style(page->o->colour, CLI_DIM),
            left.bytes != NULL ? left.bytes : "", cli_style(page->o->colour, CLI_PLAIN),
            width < NAME_WIDTH ? NAME_WIDTH - width : 0, "",
            right.bytes != NULL ? right.bytes : "");
    sgn_buf_deinit(&right);
    sgn_buf_deinit(&left);
}

static void
value_line(const struct page *page, const char *name, const json_t *value)
{
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    cli_value_put(&text, value);
    if (text.len > 0)
        line(page, name, text.bytes);
    sgn_buf_deinit(&text);
}

/* "2026-01-06 18:00 (in 1 d 3 h)" or "(late by 20 min)". */
static void
put_due(struct sgn_buf *buf, const struct page *page, const json_t *due)
{
    int64_t ms = cli_time_ms(due);

    cli_time_put(buf, due);
    if (ms < 0 || page->now < 0)
        return;
    sgn_buf_puts(buf, ms >= page->now ? " (in " : " (late by ");
    cli_span_put(buf, ms - page->now);
    sgn_buf_puts(buf, ")");
}

/* ---- parts of the page ---- */

static void
show_head(const struct page *page, const json_t *view)
{
    const struct cli_output *o = page->o;
    const char *key = sgn_json_str(view, "case");
    const char *workflow = sgn_json_str(view, "workflow");
    const char *client = sgn_json_str(view, "client");
    const char *project = sgn_json_str(view, "project");

    fprintf(o->out, "%s%s%s  %s", cli_style(o->colour, CLI_BOLD), key != NULL ? key : "?",
            cli_style(o->colour, CLI_PLAIN),
            cli_title(json_object_get(view, "title"), workflow != NULL ? workflow : ""));
    fprintf(o->out, "  %sproject %s%s%s, revision %lld%s\n", cli_style(o->colour, CLI_DIM),
            project != NULL ? project : "?", client != NULL ? " of " : "",
            client != NULL ? client : "", (long long)sgn_json_int(view, "rev", 0),
            cli_style(o->colour, CLI_PLAIN));
}

/* A title says something only when it is more than its name in other letters. */
static bool
is_news(const char *title, const char *name)
{
    for (; *name != '\0' && *title != '\0'; name++, title++) {
        bool gap = (*name == '_' || *name == '-' || *name == ' ') &&
                   (*title == '_' || *title == '-' || *title == ' ');
        if (!gap && tolower((unsigned char)*name) != tolower((unsigned char)*title))
            return true;
    }
    return *name != *title;
}

/* "screening (初审), pricing" */
static void
show_states(const struct page *page, const json_t *view)
{
    const json_t *state;
    size_t i;
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    json_array_foreach(json_object_get(view, "states"), i, state) {
        const char *name = json_string_value(state);
        const char *title = sgn_json_str(json_object_get(view, "state_titles"), name);
        sgn_buf_printf(&text, "%s%s", i > 0 ? ", " : "", name);
        if (title != NULL && is_news(title, name))
            sgn_buf_printf(&text, " (%s)", title);
    }
    line(page, "state", text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
}

/* "li", or "offered to pm"; with several active states each says which it is of. */
static void
show_owners(const struct page *page, const json_t *view)
{
    json_t *owners = json_object_get(view, "owners");
    const char *state;
    json_t *owner;
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    json_object_foreach(owners, state, owner) {
        const json_t *offer = json_object_get(owner, "offer");
        sgn_buf_puts(&text, text.len > 0 ? ", " : "");
        sgn_buf_puts(&text, offer != NULL ? "offered to " : "");
        cli_value_put(&text, offer != NULL ? offer : owner);
        if (json_object_size(owners) > 1)
            sgn_buf_printf(&text, " (%s)", state);
    }
    if (text.len > 0)
        line(page, "owner", text.bytes);
    sgn_buf_deinit(&text);
}

static void
show_state(const struct page *page, const json_t *view)
{
    struct sgn_buf opened;
    const json_t *closed = json_object_get(view, "closed_at");
    const json_t *stuck = json_object_get(view, "stuck");

    show_states(page, view);
    value_line(page, "outcome", json_object_get(view, "outcome"));
    show_owners(page, view);
    value_line(page, "priority", json_object_get(view, "priority"));
    sgn_buf_init(&opened, TEXT_MAX);
    cli_time_put(&opened, json_object_get(view, "opened_at"));
    if (sgn_json_str(view, "opener") != NULL)
        sgn_buf_printf(&opened, " by %s", sgn_json_str(view, "opener"));
    if (closed != NULL && !json_is_null(closed)) {
        sgn_buf_puts(&opened, ", closed ");
        cli_time_put(&opened, closed);
    }
    line(page, "opened", opened.bytes != NULL ? opened.bytes : "");
    sgn_buf_deinit(&opened);
    if (json_is_object(stuck))
        value_line(page, "stuck", json_object_get(stuck, "message"));
}

static void
show_fields(const struct page *page, const json_t *view)
{
    json_t *fields = json_object_get(view, "fields");
    const char *name;
    json_t *value;

    if (json_object_size(fields) == 0)
        return;
    heading(page, "Fields");
    json_object_foreach(fields, name, value)
        value_line(page, name, value);
}

static void
show_waiting(const struct page *page, const json_t *view)
{
    const json_t *item;
    size_t i;

    if (json_array_size(json_object_get(view, "waiting")) == 0)
        return;
    heading(page, "Waiting for");
    json_array_foreach(json_object_get(view, "waiting"), i, item) {
        const char *who = sgn_json_str(item, "person");
        struct sgn_buf text;

        if (who == NULL)
            who = sgn_json_str(item, "role") != NULL ? sgn_json_str(item, "role")
                                                     : sgn_json_str(item, "group");
        sgn_buf_init(&text, TEXT_MAX);
        sgn_buf_printf(&text, "%s of %s", sgn_json_str(item, "kind"), sgn_json_str(item, "state"));
        if (cli_time_ms(json_object_get(item, "since")) > 0) {
            sgn_buf_puts(&text, ", since ");
            cli_time_put(&text, json_object_get(item, "since"));
        }
        if (cli_time_ms(json_object_get(item, "due")) > 0) {
            sgn_buf_puts(&text, ", due ");
            put_due(&text, page, json_object_get(item, "due"));
        }
        line(page, who != NULL ? who : "?", text.bytes != NULL ? text.bytes : "");
        sgn_buf_deinit(&text);
    }
}

static void
put_deadline(struct sgn_buf *text, const struct page *page, const json_t *deadline)
{
    const json_t *due = json_object_get(deadline, "due"), *next = json_object_get(deadline, "next");
    int64_t left = sgn_json_int(deadline, "left_seconds", -1);

    if (sgn_json_true(deadline, "paused") && left >= 0) {
        sgn_buf_puts(text, "paused, with ");
        cli_span_put(text, left * SGN_SECOND_MS);
        sgn_buf_puts(text, " left");
        return;
    }
    if (cli_time_ms(due) <= 0) {
        sgn_buf_puts(text, "its clock has not started");
        return;
    }
    put_due(text, page, due);
    if (cli_time_ms(next) > 0 && cli_time_ms(next) != cli_time_ms(due)) {
        sgn_buf_puts(text, ", next step ");
        put_due(text, page, next);
    }
}

static void
show_deadlines(const struct page *page, const json_t *view)
{
    const json_t *item;
    size_t i;

    if (json_array_size(json_object_get(view, "deadlines")) == 0)
        return;
    heading(page, "Deadlines");
    json_array_foreach(json_object_get(view, "deadlines"), i, item) {
        const char *name = sgn_json_str(item, "name");
        struct sgn_buf text;

        sgn_buf_init(&text, TEXT_MAX);
        put_deadline(&text, page, item);
        line(page, name != NULL ? name : "?", text.bytes != NULL ? text.bytes : "");
        sgn_buf_deinit(&text);
    }
}

static void
show_ballots(const struct page *page, const json_t *round)
{
    const json_t *ballot;
    size_t i;

    json_array_foreach(json_object_get(round, "ballots"), i, ballot) {
        const char *comment = sgn_json_str(ballot, "comment");
        struct sgn_buf text;

        if (json_is_false(json_object_get(ballot, "standing")))
            continue;
        sgn_buf_init(&text, TEXT_MAX);
        sgn_buf_printf(&text, "%s, ", sgn_json_str(ballot, "choice"));
        cli_time_put(&text, json_object_get(ballot, "at"));
        if (comment != NULL)
            sgn_buf_printf(&text, ": %s", comment);
        line(page, sgn_json_str(ballot, "person"), text.bytes != NULL ? text.bytes : "");
        sgn_buf_deinit(&text);
    }
}

static void
show_approvals(const struct page *page, const json_t *view)
{
    const json_t *round;
    size_t i;

    json_array_foreach(json_object_get(view, "approvals"), i, round) {
        char title[256];

        snprintf(title, sizeof(title), "Approval in %s, round %lld",
                 sgn_json_str(round, "approval"), (long long)sgn_json_int(round, "number", 1));
        heading(page, title);
        show_ballots(page, round);
        value_line(page, "still asked", json_object_get(round, "pending"));
        value_line(page, "covers", json_object_get(round, "covers"));
        value_line(page, "digest", json_object_get(round, "digest"));
    }
}

/* ---- the page ---- */

/* The server's time; a page without it only lacks the remaining times. */
static int64_t
ask_now(struct client *client)
{
    json_t *answer = NULL;
    int64_t now = -1;

    if (client_call(client, "clock.now", NULL, &answer, NULL) == SGN_OK)
        now = cli_time_ms(json_object_get(answer, "now"));
    json_decref(answer);
    return now;
}

static void
show_page(struct cli *cli, const json_t *view, const json_t *allowed, int64_t now)
{
    struct page page = { .cli = cli, .o = &cli->output, .now = now };

    show_head(&page, view);
    show_state(&page, view);
    show_fields(&page, view);
    show_waiting(&page, view);
    show_deadlines(&page, view);
    show_approvals(&page, view);
    if (json_array_size(remote_items(allowed)) > 0) {
        heading(&page, "What you may do");
        remote_show_allowed(cli, allowed);
    }
}

enum sgn_status
remote_case_show(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *view = NULL, *allowed = NULL;
    int64_t now = -1;
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = client_call(client, "case.get", params, &view, err);
    if (st == SGN_OK && cli->output.json) {
        cli_print_json(&cli->output, view);
    } else if (st == SGN_OK) {
        now = ask_now(client);
        /* An operator sees cases and may do nothing with them: that is no failure here. */
        if (client_call(client, "case.allowed", params, &allowed, NULL) != SGN_OK)
            allowed = NULL;
        show_page(cli, view, allowed, now);
    }
    json_decref(allowed);
    json_decref(view);
    json_decref(params);
    client_free(client);
    return st;
}
