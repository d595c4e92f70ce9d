/* SPDX-License-Identifier: Apache-2.0 */
/* "client show": the file of a client, a page of lines and small tables. */
#include "clock.h"
#include "json.h"
#include "page.h"
#include "remote.h"
#include "say.h"
#include <string.h>

#define TEXT_MAX 65536

/* The channel's name; a word that is none of them stays. */
static const char *
channel(const struct page *page, const char *word)
{
    static const char *const names[][2] = {
        { "call", "Call" },       { "mail", "Mail" },   { "meeting", "Meeting" },
        { "message", "Message" }, { "visit", "Visit" }, { "letter", "Letter" },
        { "portal", "Portal" },
    };

    for (size_t i = 0; word != NULL && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i][0], word) == 0)
            return page_say(page, names[i][1]);
    return word != NULL ? word : "";
}

/* "Contacts (60, the first 50)". */
static void
heading(const struct page *page, const char *text, const json_t *list)
{
    long long n = (long long)sgn_json_int(list, "n", 0);
    long long shown = (long long)json_array_size(json_object_get(list, "items"));
    struct sgn_buf said;

    sgn_buf_init(&said, TEXT_MAX);
    sgn_buf_puts(&said, text);
    if (shown < n)
        sgn_buf_printf(&said, page_say(page, " (%lld, the first %lld)"), n, shown);
    page_heading(page, said.bytes != NULL ? said.bytes : text);
    sgn_buf_deinit(&said);
}

static void
table(const struct page *page, const char *columns, const json_t *rows, const char *empty)
{
    struct sgn_error err = { 0 };

    if (json_array_size(rows) == 0)
        fprintf(page->o->out, "  %s\n", empty);
    else if (cli_table_print(page->o, columns, rows, &err) != SGN_OK)
        cli_print_error(page->o, &err);
    sgn_error_clear(&err);
}

static void
show_client(const struct page *page, const json_t *file)
{
    const char *key = sgn_json_str(file, "client");
    const json_t *attributes = json_object_get(file, "attributes");

    fprintf(page->o->out, "%s", cli_style(page->o->colour, CLI_BOLD));
    cli_text_lines(page->o, cli_title(json_object_get(file, "title"), page->cli->language, key), 0,
                   0);
    fprintf(page->o->out, "%s", cli_style(page->o->colour, CLI_PLAIN));
    page_line(page, page_say(page, "key"), key);
    if (!sgn_json_true(file, "active"))
        page_line(page, page_say(page, "state"), page_say(page, "no longer served"));
    page_value(page, page_say(page, "calendar"), json_object_get(file, "calendar"));
    if (json_object_size(attributes) > 0)
        page_value(page, page_say(page, "kept"), attributes);
}

static void
show_contacts(const struct page *page, const json_t *file)
{
    json_t *list = json_object_get(file, "contacts"), *row;
    size_t i;

    json_array_foreach(json_object_get(list, "items"), i, row) {
        const char *word = sgn_json_str(row, "channel");
        (void)json_object_set_new(row, "by", json_string(channel(page, word)));
        if (!sgn_json_true(row, "active"))
            (void)json_object_set_new(row, "gone", json_string(page_say(page, "has left")));
    }
    heading(page, page_say(page, "Contacts"), list);
    table(page, page_say(page, "person title by=prefers language mail gone=state"),
          json_object_get(list, "items"), page_say(page, "No contact yet."));
}

static void
show_projects(const struct page *page, const json_t *file)
{
    json_t *list = json_object_get(file, "projects");

    heading(page, page_say(page, "Projects"), list);
    table(page, page_say(page, "project title state currency calendar since:t"),
          json_object_get(list, "items"), page_say(page, "No project yet."));
}

/* "Visit 2026-01-02 10:00, Mail 2026-01-05 09:00". */
static void
show_last(const struct page *page, const json_t *file)
{
    json_t *last = json_object_get(file, "last"), *at;
    const char *way;
    struct sgn_buf text;

    page_heading(page, page_say(page, "Communication"));
    sgn_buf_init(&text, TEXT_MAX);
    if (json_is_object(last)) {
        sgn_buf_printf(&text, "%s %s ", sgn_json_str(last, "case"),
                       channel(page, sgn_json_str(last, "kind")));
        cli_time_put(&text, json_object_get(last, "happened"));
        sgn_buf_printf(&text, ": %s",
                       sgn_json_str(last, "summary") != NULL ? sgn_json_str(last, "summary") : "");
        page_line(page, page_say(page, "noted last"), text.bytes != NULL ? text.bytes : "");
    }
    sgn_buf_reset(&text);
    json_object_foreach(json_object_get(file, "heard"), way, at) {
        sgn_buf_printf(&text, "%s%s ", text.len > 0 ? ", " : "", channel(page, way));
        cli_time_put(&text, at);
    }
    page_line(page, page_say(page, "heard of us"),
              text.len > 0 ? text.bytes : page_say(page, "never"));
    sgn_buf_deinit(&text);
}

static void
show_promises(const struct page *page, const json_t *file)
{
    json_t *list = json_object_get(file, "promises"), *row;
    size_t i;

    json_array_foreach(json_object_get(list, "items"), i, row)
        if (sgn_json_true(row, "late"))
            (void)json_object_set_new(row, "how", json_string(page_say(page, "late")));
    heading(page, page_say(page, "Open promises"), list);
    table(page, page_say(page, "promised_for=until how=state promise holder case project"),
          json_object_get(list, "items"), page_say(page, "Nothing is promised."));
    if (sgn_json_true(list, "more"))
        fprintf(page->o->out, "  %s\n",
                page_say(page, "Only the first 500 open communications were looked through."));
}

/* Neither counted nor said why not: nobody asked for it. */
static bool
is_left_out(const json_t *file, const char *name)
{
    const json_t *note;
    size_t i;

    json_array_foreach(json_object_get(file, "notes"), i, note)
        if (strcmp(sgn_json_str(note, "of"), name) == 0)
            return false;
    return !json_is_object(json_object_get(file, name));
}

static void
show_satisfaction(const struct page *page, const json_t *file)
{
    json_t *found = json_object_get(file, "satisfaction");
    const json_t *each = json_object_get(found, "each");

    if (is_left_out(file, "satisfaction"))
        return;
    page_heading(page, page_say(page, "Satisfaction"));
    if (!json_is_object(found))
        return;
    table(page,
          page_say(page, "key=quarter csat_answers=CSAT csat_mean=mean csat_top=top-box "
                         "nps_answers=NPS nps=points ces_answers=CES ces_easy=easy"),
          json_object_get(found, "quarters"), page_say(page, "Nobody has answered."));
    if (sgn_json_int(each, "n", 0) == 0)
        return;
    heading(page, page_say(page, "Answers"), each);
    table(page, page_say(page, "on question score case project"), json_object_get(each, "items"),
          "");
}

static void
put_hours(struct sgn_buf *buf, const struct page *page, const char *name, const json_t *value)
{
    struct sgn_buf span;

    if (!json_is_integer(value))
        return;
    sgn_buf_init(&span, TEXT_MAX);
    remote_span_put(&span, json_integer_value(value) / SGN_SECOND_MS, "working time",
                    page->cli->language);
    sgn_buf_printf(buf, "; %s %s", name, span.bytes != NULL ? span.bytes : "");
    sgn_buf_deinit(&span);
}

static void
show_participation(const struct page *page, const json_t *file)
{
    const json_t *found = json_object_get(file, "participation");
    struct sgn_buf text;

    if (is_left_out(file, "participation"))
        return;
    page_heading(page, page_say(page, "Participation"));
    if (!json_is_object(found))
        return;
    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_printf(
        &text, page_say(page, "asked %lld, answered %lld, without an answer %lld, open %lld"),
        (long long)sgn_json_int(found, "asked", 0), (long long)sgn_json_int(found, "answers", 0),
        (long long)sgn_json_int(found, "unanswered", 0),
        (long long)sgn_json_int(found, "still_asked", 0));
    put_hours(&text, page, page_say(page, "median"), json_object_get(found, "answer_median"));
    put_hours(&text, page, page_say(page, "85 of 100 within"),
              json_object_get(found, "answer_p85"));
    fprintf(page->o->out, "  ");
    cli_text_lines(page->o, text.bytes != NULL ? text.bytes : "", 2, 2);
    sgn_buf_deinit(&text);
}

static void
show_notes(const struct page *page, const json_t *file)
{
    const json_t *note;
    size_t i;

    json_array_foreach(json_object_get(file, "notes"), i, note) {
        char *said = sgn_say_text(page->cli->language, sgn_json_str(note, "message"));
        fprintf(page->o->out, "\n%s: %s\n", page_say(page, "not counted"),
                said != NULL ? said : sgn_json_str(note, "message"));
        free(said);
    }
}

void
remote_show_client(struct cli *cli, const json_t *result)
{
    struct page page = { .cli = cli, .o = &cli->output, .now = -1, .names = PAGE_NAMES };

    show_client(&page, result);
    show_contacts(&page, result);
    show_projects(&page, result);
    show_last(&page, result);
    show_promises(&page, result);
    show_satisfaction(&page, result);
    show_participation(&page, result);
    show_notes(&page, result);
}
