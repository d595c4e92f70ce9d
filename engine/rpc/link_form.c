/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page behind a sign-off link: what is asked, and the form.
 *
 * Nothing on it is filled in beforehand, and no choice is chosen: a program that sends the form as
 * it finds it decides nothing.
 */
#include "link_page_internal.h"

static void
put_row_begin(const struct page *page, const char *label)
{
    put(page, "<tr><th>");
    rpc_html_put(page->out, label);
    put(page, "<td>");
}

static void
put_text_row(const struct page *page, const char *label, const char *text)
{
    if (text == NULL)
        return;
    put_row_begin(page, label);
    put(page, "<bdi>");
    rpc_html_put(page->out, text);
    put(page, "</bdi>");
}

/* A title of the store: a text, or one for each language. */
static const char *
title_of(const struct page *page, const json_t *title, const char *or_else)
{
    const char *own = json_is_object(title) ? sgn_json_str(title, page->scene->language) : NULL;

    if (json_is_string(title))
        return json_string_value(title);
    if (own == NULL)
        own = sgn_json_str(title, "en");
    return own != NULL ? own : or_else;
}

static void
put_leads(const struct page *page, const json_t *leads)
{
    const json_t *name;
    size_t i;

    json_array_foreach(leads, i, name) {
        put(page, i > 0 ? ", “" : "“");
        rpc_html_put(page->out, json_string_value(name));
        put(page, "”");
    }
}

/* When nobody answers: what then happens, and when. */
static void
put_silence(const struct page *page)
{
    const json_t *list = json_object_get(page->round, "silence"), *item;
    size_t i;

    put_row_begin(page, said(page, "When nobody answers"));
    if (json_array_size(list) == 0)
        rpc_html_put(page->out, said(page, "nothing is decided by itself"));
    json_array_foreach(list, i, item) {
        const char *outcome = sgn_json_str(item, "outcome_title");
        put(page, i > 0 ? "<br>" : "");
        rpc_link_time(page->out, sgn_json_str(item, "at"));
        rpc_html_put(page->out, said(page, ": "));
        if (outcome != NULL) {
            put(page, "<strong>");
            rpc_html_put(page->out, outcome);
            put(page, "</strong>");
        }
        if (sgn_json_str(item, "manner_title") != NULL) {
            put(page, " (");
            rpc_html_put(page->out, sgn_json_str(item, "manner_title"));
            put(page, ")");
        }
        if (json_array_size(json_object_get(item, "leads")) > 0) {
            put(page, " → ");
            put_leads(page, json_object_get(item, "leads"));
        }
    }
}

void
link_about_put(const struct page *page)
{
    const char *approval = sgn_json_str(page->link, "approval");
    const char *step = sgn_json_str(link_round(page), "title");

    put(page, "<table class=\"about\">");
    put_text_row(page, said(page, "Asked for an answer"),
                 sgn_json_str(json_object_get(page->scene->shown, "person"), "title"));
    put_text_row(page, said(page, "Asked by"),
                 title_of(page, json_object_get(page->view, "opener_title"),
                          sgn_json_str(page->view, "opener")));
    put_text_row(page, said(page, "Project"),
                 title_of(page, json_object_get(page->view, "project_title"),
                          sgn_json_str(page->view, "project")));
    put_text_row(page, said(page, "Step"), step != NULL ? step : approval);
    put_row_begin(page, said(page, "Version"));
    (void)sgn_buf_printf(page->out, said(page, "round %lld"),
                         (long long)sgn_json_int(page->link, "round", 1));
    if (page->round != NULL && json_is_string(json_object_get(page->round, "due"))) {
        put_row_begin(page, said(page, "Answer by"));
        rpc_link_time(page->out, sgn_json_str(page->round, "due"));
    }
    if (page->round != NULL && page->open)
        put_silence(page);
    put_row_begin(page, said(page, "This link ends"));
    rpc_link_time(page->out, sgn_json_str(page->link, "expires"));
    put(page, "</table>\n");
}

static void
put_field(const struct page *page, const char *name, const json_t *value)
{
    const char *title = sgn_json_str(json_object_get(page->view, "field_titles"), name);
    bool changed = sgn_json_has(json_object_get(page->round, "changed"), name);

    put(page, changed ? "<tr><th><mark>" : "<tr><th>");
    rpc_html_put(page->out, title != NULL ? title : name);
    put(page, changed ? "</mark><td>" : "<td>");
    if (value != NULL)
        rpc_link_value(page->out, page->view, name, value, page->scene->language, true);
    else
        put(page, "–");
}

static void
put_files(const struct page *page)
{
    const json_t *files = json_object_get(page->view, "files"), *file;
    size_t i;

    if (json_array_size(files) == 0)
        return;
    put(page, "<section class=\"sheet\"><h2>");
    rpc_html_put(page->out, said(page, "Files"));
    put(page, "</h2>\n<table>");
    json_array_foreach(files, i, file) {
        put(page, "<tr><td>");
        rpc_link_file(page->out, file, page->scene->language, true);
    }
    put(page, "</table></section>\n");
}

/* What the ballot covers, and apart from it what else the person may see. */
void
link_content_put(const struct page *page)
{
    const json_t *fields = json_object_get(page->view, "fields");
    const json_t *covers = json_object_get(page->round, "covers");
    const char *name;
    json_t *value;
    bool more = false;

    put(page, "<section class=\"sheet\"><h2>");
    rpc_html_put(page->out, said(page, "What you would agree to"));
    put(page, "</h2>\n<table>");
    /* In the order in which the workflow has them. */
    json_object_foreach(json_object_get(page->view, "field_titles"), name, value)
        if (sgn_json_has(covers, name))
            put_field(page, name, json_object_get(fields, name));
    put(page, "</table>\n<p><small>");
    rpc_html_put(page->out, said(page, "Digest of this content:"));
    put(page, "</small> <code>");
    rpc_html_put(page->out, sgn_json_str(page->round, "digest"));
    put(page, "</code></p></section>\n");
    json_object_foreach(json_object_get(page->view, "field_titles"), name, value) {
        if (sgn_json_has(covers, name) || json_object_get(fields, name) == NULL)
            continue;
        if (!more) {
            put(page, "<section class=\"sheet\"><h2>");
            rpc_html_put(page->out, said(page, "For information: not part of what you agree to"));
            put(page, "</h2>\n<table>");
        }
        more = true;
        put_field(page, name, json_object_get(fields, name));
    }
    put(page, more ? "</table></section>\n" : "");
    put_files(page);
}

/* ---- the form ---- */

static void
put_choices(const struct page *page)
{
    const char *typed = sgn_json_str(page->scene->typed, "choice");
    const char *choice;
    json_t *title;

    put(page, "<fieldset><legend>");
    rpc_html_put(page->out, said(page, "Your answer"));
    put(page, "</legend>");
    json_object_foreach(json_object_get(page->round, "choices"), choice, title) {
        const json_t *leads = json_object_get(json_object_get(page->round, "leads"), choice);
        bool ends = strcmp(choice, "defer") == 0 || strcmp(choice, "changes") == 0;
        (void)sgn_buf_printf(page->out,
                             "<label><input type=\"radio\" name=\"choice\" value=\"%s\" "
                             "required%s> <strong>",
                             choice, typed != NULL && strcmp(typed, choice) == 0 ? " checked" : "");
        rpc_html_put(page->out, json_string_value(title));
        put(page, "</strong> <small>");
        if (json_array_size(leads) > 0) {
            rpc_html_put(page->out,
                         said(page, ends ? "at once:" : "when all who are needed say so:"));
            put(page, " ");
            put_leads(page, leads);
        } else if (strcmp(choice, "abstain") == 0) {
            rpc_html_put(page->out, said(page, "you leave it to the others"));
        }
        put(page, ends ? "; " : "");
        if (ends)
            rpc_html_put(page->out, said(page, "a comment is needed"));
        put(page, "</small></label>\n");
    }
    put(page, "</fieldset>\n");
}

void
link_form_put(const struct page *page)
{
    put(page, "<section class=\"sheet answer\"><h2>");
    rpc_html_put(page->out, said(page, "Your answer"));
    put(page, "</h2>\n<p>");
    rpc_html_put(page->out, said(page, "The code of this content:"));
    put(page, " <span class=\"code\">");
    rpc_html_put(page->out, sgn_json_str(page->scene->shown, "code"));
    (void)sgn_buf_printf(page->out, "</span></p>\n<form method=\"post\" action=\"?lang=%s\">\n",
                         page->scene->language);
    put_choices(page);
    put(page, "<label>");
    rpc_html_put(page->out, said(page, "Comment"));
    put(page, "<textarea name=\"comment\" rows=\"4\" maxlength=\"10000\">");
    rpc_html_put(page->out, sgn_json_str(page->scene->typed, "comment"));
    put(page, "</textarea></label>\n<label>");
    rpc_html_put(page->out, said(page, "Your name, as it stands above"));
    put(page, "<input type=\"text\" name=\"name\" required maxlength=\"200\" autocomplete=\"off\">"
              "</label>\n<label>");
    rpc_html_put(page->out, said(page, "The code from above"));
    put(page, "<input type=\"text\" name=\"code\" required maxlength=\"20\" autocomplete=\"off\" "
              "autocapitalize=\"characters\" spellcheck=\"false\"></label>\n<p><small>");
    rpc_html_put(
        page->out,
        said(page, "Recorded with your answer: the time, the digest of this content, your network "
                   "address and your browser's name."));
    put(page, "</small></p>\n<p><button>");
    rpc_html_put(page->out, said(page, "Send this answer"));
    put(page, "</button></p>\n</form></section>\n");
}
