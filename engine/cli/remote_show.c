/* SPDX-License-Identifier: Apache-2.0 */
/* "case show": one page that says what a case is, where it stands, who is waited for, and
 * what the reader may do about it. */
#include "clock.h"
#include "entry.h"
#include "json.h"
#include "page.h"
#include "remote.h"
#include <ctype.h>
#include <string.h>

#define TEXT_MAX 262144

/* ---- parts of the page ---- */

/* What the case is about: its first text field that is filled. */
static const char *
subject_of(const json_t *view)
{
    const char *name;
    json_t *title;

    json_object_foreach(json_object_get(view, "field_titles"), name, title) {
        const char *text = sgn_json_str(json_object_get(view, "fields"), name);
        if (text != NULL)
            return text;
    }
    return NULL;
}

static void
show_head(const struct page *page, const json_t *view)
{
    const struct cli_output *o = page->o;
    const char *key = sgn_json_str(view, "case");
    const char *client = sgn_json_str(view, "client");
    const char *project = sgn_json_str(view, "project");
    const char *subject = subject_of(view);
    const char *kind = cli_title(json_object_get(view, "title"), page->cli->language, "");
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_printf(&text, "%s%s%s", kind, subject != NULL ? page_say(page, ": ") : "",
                   subject != NULL ? subject : "");
    fprintf(o->out, "%s%s%s  ", cli_style(o->colour, CLI_BOLD), key != NULL ? key : "?",
            cli_style(o->colour, CLI_PLAIN));
    cli_text_lines(o, text.bytes != NULL ? text.bytes : "", 2,
                   2 + cli_text_width(key != NULL ? key : "?"));
    sgn_buf_reset(&text);
    sgn_buf_printf(&text, page_say(page, "project %s%s%s, revision %lld"),
                   project != NULL ? project : "?", client != NULL ? page_say(page, " of ") : "",
                   client != NULL ? client : "", (long long)sgn_json_int(view, "rev", 0));
    fprintf(o->out, "  %s%s%s\n", cli_style(o->colour, CLI_DIM),
            text.bytes != NULL ? text.bytes : "", cli_style(o->colour, CLI_PLAIN));
    sgn_buf_deinit(&text);
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

/* "初审 (screening), Pricing": the name too where it cannot be guessed, for --state. */
static void
show_states(const struct page *page, const json_t *view)
{
    const json_t *state;
    size_t i;
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    json_array_foreach(json_object_get(view, "states"), i, state) {
        const char *name = json_string_value(state);
        const char *title = page_state(view, name);
        sgn_buf_printf(&text, "%s%s", i > 0 ? page_say(page, ", ") : "", title);
        if (is_news(title, name))
            sgn_buf_printf(&text, " (%s)", name);
    }
    page_line(page, page_say(page, "state"), text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
}

/* "li", or "offered to pm"; with several active states each says which it is of. */
static void
show_owners(const struct page *page, const json_t *view)
{
    json_t *owners = json_object_get(view, "owners");
    const char *state;
    json_t *owner;
    struct sgn_buf text, who;

    sgn_buf_init(&text, TEXT_MAX);
    json_object_foreach(owners, state, owner) {
        const json_t *offer = json_object_get(owner, "offer");
        sgn_buf_init(&who, TEXT_MAX);
        cli_who_put(&who, offer != NULL ? offer : owner);
        sgn_buf_puts(&text, text.len > 0 ? page_say(page, ", ") : "");
        sgn_buf_printf(&text, offer != NULL ? page_say(page, "offered to %s") : "%s",
                       who.bytes != NULL ? who.bytes : "?");
        if (json_object_size(owners) > 1)
            sgn_buf_printf(&text, " (%s)", page_state(view, state));
        sgn_buf_deinit(&who);
    }
    if (text.len > 0)
        page_line(page, page_say(page, "owner"), text.bytes);
    sgn_buf_deinit(&text);
}

static void
show_opened(const struct page *page, const json_t *view)
{
    const char *opener = sgn_json_str(view, "opener"), *hand = sgn_json_str(view, "hand");
    struct sgn_buf text, opened, who;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_init(&opened, TEXT_MAX);
    sgn_buf_init(&who, TEXT_MAX);
    cli_time_put(&opened, json_object_get(view, "opened_at"));
    if (hand != NULL)
        sgn_buf_printf(&who, page_say(page, "%s for %s"), hand, opener != NULL ? opener : "?");
    else
        sgn_buf_puts(&who, opener != NULL ? opener : "?");
    sgn_buf_printf(&text, page_say(page, "%s by %s"), opened.bytes != NULL ? opened.bytes : "?",
                   who.bytes != NULL ? who.bytes : "?");
    sgn_buf_deinit(&who);
    if (cli_time_ms(json_object_get(view, "closed_at")) > 0) {
        sgn_buf_puts(&text, page_say(page, ", closed "));
        cli_time_put(&text, json_object_get(view, "closed_at"));
    }
    page_line(page, page_say(page, "opened"), text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&opened);
    sgn_buf_deinit(&text);
}

/* Of a case that was imported. */
static void
show_origin(const struct page *page, const json_t *view)
{
    const json_t *imported = json_object_get(view, "imported");
    struct sgn_buf text;

    if (imported == NULL)
        return;
    sgn_buf_init(&text, TEXT_MAX);
    entry_imported_put(&text, imported, page->cli->language);
    page_line(page, page_say(page, "origin"), text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
    if (sgn_json_str(imported, "url") != NULL)
        page_line(page, "", sgn_json_str(imported, "url"));
}

static void
show_state(const struct page *page, const json_t *view)
{
    struct cli_shown shown = page_shown(page->cli, view);
    const char *outcome = sgn_json_str(view, "outcome_title");
    const char *priority = sgn_json_str(view, "priority");
    const json_t *stuck = json_object_get(view, "stuck");

    show_states(page, view);
    if (outcome != NULL)
        page_line(page, page_say(page, "outcome"), outcome);
    show_owners(page, view);
    if (priority != NULL)
        page_line(page, page_say(page, "priority"), cli_shown_word(&shown, "priority", priority));
    show_opened(page, view);
    show_origin(page, view);
    if (json_is_object(stuck))
        page_value(page, page_say(page, "stuck"), json_object_get(stuck, "message"));
}

/* One field by its titles; nothing for an empty one. */
static void
show_field(const struct page *page, const struct cli_shown *shown, const char *name,
           const char *title, const json_t *value)
{
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    cli_shown_put(&text, shown, name, value);
    if (text.len > 0)
        page_line(page, title, text.bytes);
    sgn_buf_deinit(&text);
}

static void
show_fields(struct page *page, const json_t *view)
{
    struct cli_shown shown = page_shown(page->cli, view);
    json_t *fields = json_object_get(view, "fields");
    json_t *titles = json_object_get(view, "field_titles");
    const char *name;
    json_t *title;

    if (json_object_size(fields) == 0)
        return;
    page_heading(page, page_say(page, "Fields"));
    json_object_foreach(titles, name, title) {
        if (json_object_get(fields, name) != NULL)
            page_widen(page, json_string_value(title));
    }
    json_object_foreach(titles, name, title)
        show_field(page, &shown, name, json_string_value(title), json_object_get(fields, name));
    page->names = PAGE_NAMES;
}

/* ---- tasks, links ---- */

/* "open, for pm, optional" or "done, zhao, 2026-01-05 09:00". */
static void
show_task(const struct page *page, const json_t *task)
{
    bool is_done = sgn_json_true(task, "done");
    const char *who = sgn_json_str(task, is_done ? "by" : "for");
    const char *title = sgn_json_str(task, "title");
    struct sgn_buf text, name;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_init(&name, TEXT_MAX);
    sgn_buf_puts(&text, page_say(page, is_done ? "done" : "open"));
    sgn_buf_printf(&text, is_done ? ", %s" : page_say(page, ", to be done by %s"),
                   who != NULL ? who : "?");
    if (is_done && cli_time_ms(json_object_get(task, "at")) > 0) {
        sgn_buf_puts(&text, ", ");
        cli_time_put(&text, json_object_get(task, "at"));
    }
    if (is_done && sgn_json_str(task, "file_name") != NULL)
        sgn_buf_printf(&text, page_say(page, "; proof: %s"), sgn_json_str(task, "file_name"));
    if (sgn_json_true(task, "optional"))
        sgn_buf_printf(&text, ", %s", page_say(page, "optional"));
    /* The name is what "signoff task done" takes; the title says what it means. */
    sgn_buf_puts(&name, sgn_json_str(task, "task"));
    page_line(page, name.bytes != NULL ? name.bytes : "?", text.bytes != NULL ? text.bytes : "");
    if (title != NULL && name.bytes != NULL && strcmp(title, name.bytes) != 0)
        page_line(page, "", title);
    sgn_buf_deinit(&name);
    sgn_buf_deinit(&text);
}

static void
show_tasks(const struct page *page, const json_t *view)
{
    const json_t *tasks = json_object_get(view, "tasks");
    const json_t *task;
    size_t i;

    if (json_array_size(tasks) == 0)
        return;
    page_heading(page, page_say(page, "Tasks"));
    json_array_foreach(tasks, i, task)
        show_task(page, task);
}

/* from_there: the other case has the link. */
static void
show_link(const struct page *page, const json_t *link, bool from_there)
{
    const char *other = sgn_json_str(link, "case"), *kind = sgn_json_str(link, "kind");

    if (kind != NULL && strcmp(kind, "opened_by") == 0)
        kind = page_say(page, from_there ? "opened from here" : "has opened this case");
    page_line(page, other != NULL ? other : "?", kind != NULL ? kind : "");
}

static void
show_links(const struct page *page, const json_t *view)
{
    const json_t *own = json_object_get(view, "links"),
                 *others = json_object_get(view, "linked_from");
    const json_t *link;
    size_t i;

    if (json_array_size(own) + json_array_size(others) == 0)
        return;
    page_heading(page, page_say(page, "Links"));
    json_array_foreach(own, i, link)
        show_link(page, link, false);
    json_array_foreach(others, i, link)
        show_link(page, link, true);
    if (sgn_json_true(view, "linked_more"))
        page_line(page, "...", page_say(page, "there are more"));
}

/* ---- the page ---- */

static void
show_allowed(const struct page *page, const json_t *allowed)
{
    bool all = cli_given(&page->cli->args, "all");
    int rest;

    page_heading(page, page_say(page, "What you may do"));
    rest = remote_list_allowed(page->cli, allowed, all);
    if (all || rest == 0)
        return;
    fprintf(page->o->out, "  %s", cli_style(page->o->colour, CLI_DIM));
    fprintf(page->o->out,
            page_say(page, "%d more events are not possible for you now: --all says why"), rest);
    fprintf(page->o->out, "%s\n", cli_style(page->o->colour, CLI_PLAIN));
}

/*
 * case.get has the titles of the active states; deadlines and owners may stand in states around
 * them, whose titles a page of the history has.
 */
static void
add_titles(struct client *client, const json_t *params, json_t *view)
{
    json_t *ask = json_pack("{s:O, s:i}", "case", json_object_get(params, "case"), "limit", 1);
    json_t *page = NULL, *state;
    json_t *titles = json_object_get(view, "state_titles");
    const char *name;

    if (json_object_get(params, "team") != NULL)
        (void)json_object_set(ask, "team", json_object_get(params, "team"));
    if (client_call(client, "case.history", ask, &page, NULL) == SGN_OK)
        json_object_foreach(json_object_get(json_object_get(page, "titles"), "states"), name, state)
            if (json_object_get(titles, name) == NULL)
                (void)json_object_set(titles, name, json_object_get(state, "title"));
    json_decref(page);
    json_decref(ask);
}

static void
show_page(struct cli *cli, const json_t *view, const json_t *allowed, int64_t now)
{
    struct page page = { .cli = cli, .o = &cli->output, .now = now, .names = PAGE_NAMES };

    show_head(&page, view);
    show_state(&page, view);
    show_fields(&page, view);
    page_waiting(&page, view);
    page_deadlines(&page, view);
    page_approvals(&page, view);
    show_tasks(&page, view);
    show_links(&page, view);
    page_files(&page, view);
    if (allowed != NULL && json_is_null(json_object_get(view, "outcome")))
        show_allowed(&page, allowed);
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
        now = remote_now(client);
        /* An operator sees cases and may do nothing with them: that is no failure here. */
        if (client_call(client, "case.allowed", params, &allowed, NULL) != SGN_OK)
            allowed = NULL;
        add_titles(client, params, view);
        show_page(cli, view, allowed, now);
    }
    json_decref(allowed);
    json_decref(view);
    json_decref(params);
    client_free(client);
    return st;
}
