/* SPDX-License-Identifier: Apache-2.0 */
/* "project show": where a project stands, on one page. */
#include "json.h"
#include "page.h"
#include "remote.h"
#include "say.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX  262144
#define BAR_WIDTH 30

static enum cli_style
style_of(const char *colour)
{
    if (colour == NULL)
        return CLI_PLAIN;
    return strcmp(colour, "red") == 0      ? CLI_RED
           : strcmp(colour, "yellow") == 0 ? CLI_YELLOW
           : strcmp(colour, "green") == 0  ? CLI_GREEN
                                           : CLI_PLAIN;
}

/* A colour as people read it. */
static const char *
colour_word(const char *language, const char *colour)
{
    if (strcmp(colour, "red") == 0)
        return sgn_say(language, "red");
    if (strcmp(colour, "yellow") == 0)
        return sgn_say(language, "yellow");
    return sgn_say(language, "green");
}

/* A line of ours with a mark before it; what a server sent goes by cli_text_put. */
static void
marked(const struct page *page, enum cli_style style, const char *mark, const char *text)
{
    fprintf(page->o->out, "  %s%s%s ", cli_style(page->o->colour, style), mark,
            cli_style(page->o->colour, CLI_PLAIN));
    cli_text_lines(page->o, text, 4, 3 + cli_text_width(mark));
}

static void
line_deinit(const struct page *page, const char *name, struct sgn_buf *text)
{
    page_line(page, name, text->bytes != NULL ? text->bytes : "");
    sgn_buf_deinit(text);
}

/* ---- head and health ---- */

static void
show_head(const struct page *page, const json_t *view)
{
    const char *client = sgn_json_str(view, "client_title");
    struct sgn_buf text;

    page_line(page, page_say(page, "project"), sgn_json_str(view, "project"));
    page_line(page, page_say(page, "title"), sgn_json_str(view, "title"));
    sgn_buf_init(&text, TEXT_MAX);
    if (client != NULL)
        sgn_buf_printf(&text, "%s (%s)", client, sgn_json_str(view, "client"));
    else
        sgn_buf_puts(&text, page_say(page, "the team itself"));
    line_deinit(page, page_say(page, "client"), &text);
    page_line(page, page_say(page, "state"), sgn_json_str(view, "state"));
}

static void
show_health(const struct page *page, const json_t *health)
{
    const char *colour = sgn_json_str(health, "colour");
    const json_t *reason;
    size_t i;

    if (colour == NULL)
        return;
    page_heading(page, page_say(page, "Health"));
    marked(page, style_of(colour), "●", colour_word(page->cli->language, colour));
    json_array_foreach(json_object_get(health, "reasons"), i, reason)
        marked(page, style_of(sgn_json_str(reason, "colour")), "·", sgn_json_str(reason, "text"));
}

/* ---- charter ---- */

static void
show_baseline(const struct page *page, const json_t *baseline)
{
    const char *change = sgn_json_str(baseline, "change"),
               *budget = sgn_json_str(baseline, "budget");
    struct sgn_buf text, name;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_init(&name, 64);
    sgn_buf_printf(&name, page_say(page, "baseline %lld"),
                   (long long)sgn_json_int(baseline, "number", 0));
    cli_time_put(&text, json_object_get(baseline, "signed_on"));
    if (budget != NULL)
        sgn_buf_printf(&text, page_say(page, ", budget %s"), budget);
    if (change != NULL)
        sgn_buf_printf(&text, page_say(page, ", after %s"), change);
    line_deinit(page, name.bytes != NULL ? name.bytes : "", &text);
    sgn_buf_deinit(&name);
}

static void
show_charter(const struct page *page, const json_t *charter)
{
    const json_t *state, *baseline;
    struct sgn_buf text;
    size_t i;

    if (!json_is_object(charter))
        return;
    page_heading(page, page_say(page, "Charter"));
    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_puts(&text, sgn_json_str(charter, "title"));
    json_array_foreach(json_object_get(charter, "states"), i, state)
        sgn_buf_printf(&text, ", %s", page_state(charter, json_string_value(state)));
    line_deinit(page, sgn_json_str(charter, "case"), &text);
    json_array_foreach(json_object_get(charter, "baselines"), i, baseline)
        show_baseline(page, baseline);
}

/* ---- milestones ---- */

static enum cli_style
status_style(const char *status)
{
    return strcmp(status, "late") == 0                                           ? CLI_RED
           : strcmp(status, "slipped") == 0                                      ? CLI_YELLOW
           : strcmp(status, "reached") == 0 || strcmp(status, "confirming") == 0 ? CLI_GREEN
                                                                                 : CLI_PLAIN;
}

static const char *
status_mark(const char *status)
{
    return strcmp(status, "reached") == 0      ? "●"
           : strcmp(status, "confirming") == 0 ? "◐"
           : strcmp(status, "late") == 0       ? "!"
           : strcmp(status, "dropped") == 0    ? "×"
                                               : "○";
}

/* "moved", "reached 2026-03-02 14:00". */
static void
status_put(struct sgn_buf *text, const struct page *page, const char *status, const json_t *one)
{
    const char *language = page->cli->language;

    if (strcmp(status, "reached") == 0) {
        sgn_buf_puts(text, sgn_say(language, "reached on "));
        cli_time_put(text, json_object_get(one, "closed_at"));
    } else if (strcmp(status, "slipped") == 0) {
        sgn_buf_puts(text, sgn_say(language, "moved"));
    } else if (strcmp(status, "late") == 0) {
        sgn_buf_puts(text, sgn_say(language, "its day has passed"));
    } else if (strcmp(status, "confirming") == 0) {
        sgn_buf_puts(text, sgn_say(language, "being confirmed"));
    } else if (strcmp(status, "dropped") == 0) {
        sgn_buf_puts(text, sgn_say(language, "dropped"));
    } else if (strcmp(status, "passed") == 0) {
        sgn_buf_puts(text, sgn_say(language, "nobody says whether it was reached"));
    } else {
        sgn_buf_puts(text, sgn_say(language, "planned"));
    }
}

static void
show_milestone(const struct page *page, const json_t *one)
{
    const char *status = sgn_json_str(one, "status"), *key = sgn_json_str(one, "case");
    const char *agreed = sgn_json_str(one, "agreed");
    long long moved = sgn_json_int(one, "moved_days", 0);
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_printf(&text, "%s  %s%s%s  ", sgn_json_str(one, "planned"), key != NULL ? key : "",
                   key != NULL ? "  " : "", sgn_json_str(one, "title"));
    status_put(&text, page, status, one);
    if (moved != 0 && agreed != NULL)
        sgn_buf_printf(&text, page_say(page, " (agreed for %s, %lld d moved)"), agreed, moved);
    marked(page, status_style(status), status_mark(status), text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
}

/* A line of today stands between what was and what is to come. */
static void
show_milestones(const struct page *page, const json_t *view)
{
    const json_t *list = json_object_get(view, "milestones"), *one;
    const char *now = sgn_json_str(view, "made_at");
    bool passed = false;
    char today[11];
    size_t i;

    if (json_array_size(list) == 0)
        return;
    sgn_text_copy(today, sizeof(today), now);
    page_heading(page, page_say(page, "Milestones"));
    json_array_foreach(list, i, one) {
        if (!passed && strcmp(sgn_json_str(one, "planned"), today) >= 0) {
            char *text = sgn_format(page_say(page, "%s  today"), today);
            if (i > 0 && text != NULL)
                marked(page, CLI_CYAN, "─", text);
            free(text);
            passed = true;
        }
        show_milestone(page, one);
    }
}

/* ---- budget ---- */

/* "[###########-------------------] 37.5 %"; over the whole it is full. */
static void
show_bar(const struct page *page, const json_t *budget)
{
    const char *used = sgn_json_str(budget, "used");
    double percent = used != NULL ? strtod(used, NULL) : 0;
    int filled = percent >= 100 ? BAR_WIDTH : (int)(percent * BAR_WIDTH / 100);
    struct sgn_buf text;

    if (used == NULL)
        return;
    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_puts(&text, "[");
    for (int i = 0; i < BAR_WIDTH; i++)
        sgn_buf_puts(&text, i < filled ? "█" : "·");
    sgn_buf_printf(&text, page_say(page, "] %s %%: %s of %s"), used, sgn_json_str(budget, "spent"),
                   sgn_json_str(budget, "granted"));
    line_deinit(page, page_say(page, "spent"), &text);
}

static void
show_changes(const struct page *page, const char *name, const json_t *sum)
{
    long long n = sgn_json_int(sum, "changes", 0);
    struct sgn_buf text;

    if (n == 0)
        return;
    sgn_buf_init(&text, TEXT_MAX);
    if (n == 1)
        sgn_buf_printf(&text, page_say(page, "%s by one change"), sgn_json_str(sum, "amount"));
    else
        sgn_buf_printf(&text, page_say(page, "%s by %lld changes"), sgn_json_str(sum, "amount"), n);
    line_deinit(page, name, &text);
}

static void
show_budget(const struct page *page, const json_t *budget)
{
    const json_t *agreed = json_object_get(budget, "agreed"),
                 *asked = json_object_get(budget, "asked");
    const char *charter = sgn_json_str(budget, "charter"), *total = sgn_json_str(budget, "total");
    const char *currency = sgn_json_str(budget, "currency");
    char *heading;

    if (charter == NULL && sgn_json_str(budget, "granted") == NULL &&
        sgn_json_int(agreed, "changes", 0) + sgn_json_int(asked, "changes", 0) == 0)
        return;
    heading = sgn_format(page_say(page, "Budget (%s)"), currency != NULL ? currency : "");
    page_heading(page, heading != NULL ? heading : "");
    free(heading);
    if (charter != NULL)
        page_line(page, page_say(page, "charter"), charter);
    show_changes(page, page_say(page, "agreed since"), agreed);
    if (total != NULL && sgn_json_int(agreed, "changes", 0) > 0)
        page_line(page, page_say(page, "together"), total);
    show_changes(page, page_say(page, "asked for"), asked);
    show_bar(page, budget);
}

/* ---- work and dates ---- */

static void
show_workflow(const struct page *page, const json_t *one)
{
    long long overdue = sgn_json_int(one, "overdue", 0);
    const json_t *state;
    struct sgn_buf text;
    size_t i;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_printf(&text, "%lld: ", (long long)sgn_json_int(one, "open", 0));
    json_array_foreach(json_object_get(one, "states"), i, state)
        sgn_buf_printf(&text, "%s%s %lld", i > 0 ? ", " : "", sgn_json_str(state, "title"),
                       (long long)sgn_json_int(state, "open", 0));
    if (overdue > 0)
        sgn_buf_printf(&text, page_say(page, "; %lld overdue"), overdue);
    line_deinit(page, sgn_json_str(one, "title"), &text);
}

static void
show_work(struct page *page, const json_t *work)
{
    const json_t *list = json_object_get(work, "workflows"), *one;
    size_t i;

    page_heading(page, page_say(page, "Open work"));
    if (json_array_size(list) == 0)
        marked(page, CLI_DIM, "·", page_say(page, "nothing is open"));
    json_array_foreach(list, i, one)
        page_widen(page, sgn_json_str(one, "title"));
    json_array_foreach(list, i, one)
        show_workflow(page, one);
    page->names = PAGE_NAMES;
}

static void
show_next(const struct page *page, const json_t *next)
{
    const json_t *one;
    size_t i;

    if (json_array_size(next) == 0)
        return;
    page_heading(page, page_say(page, "Next dates"));
    json_array_foreach(next, i, one) {
        const char *owner = sgn_json_str(one, "owner");
        struct sgn_buf text;

        sgn_buf_init(&text, TEXT_MAX);
        page_due_put(&text, page, json_object_get(one, "due_at"));
        sgn_buf_printf(&text, "  %s  %s%s%s", sgn_json_str(one, "case"), sgn_json_str(one, "title"),
                       owner != NULL ? ", " : "", owner != NULL ? owner : "");
        marked(page, sgn_json_true(one, "late") ? CLI_RED : CLI_PLAIN,
               sgn_json_true(one, "late") ? "!" : "○", text.bytes != NULL ? text.bytes : "");
        sgn_buf_deinit(&text);
    }
}

/* ---- closeout, people ---- */

/* What is done already is told by its number. */
static void
show_closeout(const struct page *page, const json_t *closeout)
{
    const json_t *items = json_object_get(closeout, "items"), *item;
    size_t i, done = 0, all = 0;
    char *text;

    if (!json_is_object(closeout))
        return;
    page_heading(page, page_say(page, "Closeout"));
    json_array_foreach(items, i, item) {
        bool decided = !json_is_null(json_object_get(item, "done"));

        all += decided;
        if (sgn_json_true(item, "done"))
            done++;
        else
            marked(page, decided ? CLI_YELLOW : CLI_DIM, decided ? "○" : "?",
                   sgn_json_str(item, "text"));
    }
    if (sgn_json_str(closeout, "outcome_title") != NULL)
        marked(page, CLI_GREEN, "●", sgn_json_str(closeout, "outcome_title"));
    text = sgn_format(page_say(page, "%zu of %zu done"), done, all);
    marked(page, CLI_GREEN, "●", text != NULL ? text : "");
    free(text);
}

/* A person's roles on one line. */
static void
show_people(struct page *page, const json_t *members)
{
    json_t *roles = json_object(), *value;
    const json_t *member;
    const char *person;
    size_t i;

    if (json_array_size(members) == 0) {
        json_decref(roles);
        return;
    }
    page_heading(page, page_say(page, "People"));
    json_array_foreach(members, i, member) {
        const char *key = sgn_json_str(member, "person"), *before = sgn_json_str(roles, key);
        const json_t *share = json_object_get(member, "share");
        char *text = json_is_integer(share)
                         ? sgn_format("%s%s%s %lld %%", before != NULL ? before : "",
                                      before != NULL ? ", " : "", sgn_json_str(member, "role"),
                                      (long long)json_integer_value(share))
                         : sgn_format("%s%s%s", before != NULL ? before : "",
                                      before != NULL ? ", " : "", sgn_json_str(member, "role"));
        if (text != NULL)
            (void)json_object_set_new(roles, key, json_string(text));
        page_widen(page, key);
        free(text);
    }
    json_object_foreach(roles, person, value)
        page_line(page, person, json_string_value(value));
    page->names = PAGE_NAMES;
    json_decref(roles);
}

void
remote_show_overview(struct cli *cli, const json_t *view)
{
    struct page page = { .cli = cli,
                         .o = &cli->output,
                         .now = cli_time_ms(json_object_get(view, "made_at")),
                         .names = PAGE_NAMES };

    show_head(&page, view);
    show_health(&page, json_object_get(view, "health"));
    show_charter(&page, json_object_get(view, "charter"));
    show_milestones(&page, view);
    show_budget(&page, json_object_get(view, "budget"));
    show_work(&page, json_object_get(view, "work"));
    show_next(&page, json_object_get(view, "next"));
    show_closeout(&page, json_object_get(view, "closeout"));
    show_people(&page, json_object_get(view, "members"));
}

/* ---- lists ---- */

/* Of a list: the colour, and why, in the reader's language. */
void
remote_prepare_projects(struct cli *cli, struct client *client, json_t *rows)
{
    json_t *row;
    size_t i;

    (void)client;
    json_array_foreach(rows, i, row) {
        const json_t *health = json_object_get(row, "health"), *reason;
        const char *colour = sgn_json_str(health, "colour");
        struct sgn_buf text;
        size_t k;

        if (colour == NULL)
            continue;
        sgn_buf_init(&text, TEXT_MAX);
        sgn_buf_puts(&text, colour_word(cli->language, colour));
        json_array_foreach(json_object_get(health, "reasons"), k, reason)
            sgn_buf_printf(&text, "%s%s", k > 0 ? "; " : ": ", sgn_json_str(reason, "text"));
        (void)json_object_set_new(row, "health", json_string(text.bytes != NULL ? text.bytes : ""));
        sgn_buf_deinit(&text);
    }
}

/* "acme-erp pm 60 %, globex-crm engineer". */
static json_t *
projects_text(const json_t *projects)
{
    struct sgn_buf text;
    const json_t *one, *role;
    json_t *out;
    size_t i, k;

    sgn_buf_init(&text, TEXT_MAX);
    json_array_foreach(projects, i, one) {
        const json_t *share = json_object_get(one, "share");

        sgn_buf_printf(&text, "%s%s", i > 0 ? ", " : "", sgn_json_str(one, "project"));
        json_array_foreach(json_object_get(one, "roles"), k, role)
            sgn_buf_printf(&text, "%s%s", k > 0 ? "/" : " ", json_string_value(role));
        if (json_is_integer(share))
            sgn_buf_printf(&text, " %lld %%", (long long)json_integer_value(share));
    }
    out = json_string(text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
    return out;
}

/* "until 2026-02-23 09:00: sun"; what begins later says when. */
static json_t *
periods_text(const struct cli *cli, const json_t *list)
{
    struct sgn_buf text;
    const json_t *one;
    json_t *out;
    size_t i;

    sgn_buf_init(&text, TEXT_MAX);
    json_array_foreach(list, i, one) {
        sgn_buf_printf(&text, "%s%s ", i > 0 ? ", " : "", sgn_json_str(one, "person"));
        if (!sgn_json_true(one, "now")) {
            sgn_buf_puts(&text, sgn_say(cli->language, "from "));
            cli_time_put(&text, json_object_get(one, "from"));
            sgn_buf_puts(&text, " ");
        }
        sgn_buf_puts(&text, sgn_say(cli->language, "until "));
        cli_time_put(&text, json_object_get(one, "until"));
        if (sgn_json_true(one, "in_part"))
            sgn_buf_puts(&text, sgn_say(cli->language, " (in part)"));
    }
    out = json_string(text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
    return out;
}

/* Lists within a row as texts; more than all of somebody's time is marked. */
void
remote_prepare_load(struct cli *cli, struct client *client, json_t *rows)
{
    json_t *row;
    size_t i;

    (void)client;
    json_array_foreach(rows, i, row) {
        const json_t *share = json_object_get(row, "share");

        if (json_is_integer(share))
            (void)json_object_set_new(row, "shared",
                                      json_sprintf("%lld %%%s",
                                                   (long long)json_integer_value(share),
                                                   sgn_json_true(row, "over") ? " !" : ""));
        (void)json_object_set_new(row, "projects", projects_text(json_object_get(row, "projects")));
        (void)json_object_set_new(row, "away", periods_text(cli, json_object_get(row, "away")));
        (void)json_object_set_new(row, "stands_in",
                                  periods_text(cli, json_object_get(row, "stands_in")));
    }
}
