/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate's page, see certificate_page.h. */
#include "certificate_page.h"

#include "entry.h"
#include "html.h"
#include "json.h"
#include "link_value.h"
#include "page_style.h"
#include "say.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

#define STYLE                                                                                      \
    RPC_PAGE_STYLE                                                                                 \
    ".verdict{font-size:1.35rem;font-weight:650;margin:1.3rem 0 0;padding:.9rem 1.1rem;"           \
    "border-radius:10px;border:1px solid var(--line)}.verdict>small{display:block;"                \
    "font-weight:400}.yes{color:var(--good);background:var(--good-ground)}"                        \
    ".no{color:var(--bad);background:var(--bad-ground)}ol{list-style:none;margin:0;padding:0}"     \
    "li.then{border-left:2px solid var(--line);padding:0 0 1rem 1.1rem;position:relative}"         \
    "li.then:before{content:\"\";position:absolute;left:-5px;top:.5rem;width:8px;height:8px;"      \
    "border-radius:50%;background:var(--soft)}li.then:last-child{padding-bottom:0}"                \
    "li.then>small{display:block}q{quotes:\"\\201C\" \"\\201D\";color:var(--soft)}"                \
    ".said{display:inline-block}.said::first-letter{text-transform:uppercase}"                     \
    "@media print{.verdict{border-color:#000}}"

struct sheet {
    struct sgn_buf *out;
    const struct rpc_certificate_scene *scene;
    const json_t *titles, *decision; /* the last entry as it is seen */
};

static void
put(const struct sheet *s, const char *html)
{
    (void)sgn_buf_puts(s->out, html);
}

static void
put_text(const struct sheet *s, const char *text)
{
    put(s, "<bdi>");
    rpc_html_put(s->out, text);
    put(s, "</bdi>");
}

/* A text of ours in the reader's language. */
static const char *said(const struct sheet *s, const char *english) __attribute__((format_arg(2)));
static const char *
said(const struct sheet *s, const char *english)
{
    return sgn_say(s->scene->language, english);
}

/* Of the titles of that kind; the name where there is none. */
static const char *
title_of(const struct sheet *s, const char *kind, const char *name)
{
    const json_t *titles = json_object_get(s->titles, kind);
    const json_t *title = name != NULL ? json_object_get(titles, name) : NULL;
    const char *text;

    if (json_is_string(title))
        return json_string_value(title);
    text = sgn_json_str(title, "title"); /* a state's */
    if (text == NULL)
        text = sgn_json_str(title, s->scene->language); /* one for each language */
    if (text == NULL)
        text = sgn_json_str(title, "en");
    return text != NULL ? text : name;
}

/* The same of a title that stands by itself. */
static const char *
own_title(const struct sheet *s, const char *name)
{
    const json_t *title = json_object_get(s->scene->said, name);
    const char *text = sgn_json_str(title, s->scene->language);

    if (json_is_string(title))
        return json_string_value(title);
    return text != NULL ? text : sgn_json_str(title, "en");
}

static void
put_row(const struct sheet *s, const char *label)
{
    put(s, "<tr><th>");
    rpc_html_put(s->out, label);
    put(s, "<td>");
}

/* ---- the head and what was decided ---- */

static void
put_head(const struct sheet *s)
{
    const char *parts[] = { sgn_json_str(s->titles, "workflow"), s->scene->case_key,
                            own_title(s, "project"), own_title(s, "client") };
    const char *title = own_title(s, "title"), *between = "";
    char *whole;

    if (title == NULL)
        title = parts[0];
    whole = sgn_format("%s – %s", s->scene->case_key, title != NULL ? title : "");
    rpc_html_begin(s->out, s->scene->language, whole, STYLE, said(s, "Certificate of a decision"));
    free(whole);
    put_text(s, title);
    put(s, "</h1>\n<p class=\"sub\">");
    for (size_t i = 0; i < 4; i++) {
        if (parts[i] == NULL)
            continue;
        put(s, between);
        put_text(s, parts[i]);
        between = " · ";
    }
    put(s, "</p>\n");
}

/* How it came out: of the round that ended, else of the case. */
static const json_t *
ended_of(const struct sheet *s)
{
    const json_t *round, *ended = NULL;
    size_t i;

    json_array_foreach(json_object_get(s->decision, "round"), i, round)
        if (json_object_get(round, "ended") != NULL)
            ended = round;
    return ended;
}

static void
put_verdict(const struct sheet *s)
{
    const json_t *round = ended_of(s), *ended = json_object_get(round, "ended");
    const char *outcome = sgn_json_str(ended, "outcome"), *manner = sgn_json_str(ended, "manner");
    bool yes, no;

    if (outcome == NULL)
        outcome = sgn_json_str(s->decision, "outcome");
    yes = outcome != NULL && strcmp(outcome, "approved") == 0;
    no = outcome != NULL && strcmp(outcome, "rejected") == 0;
    put(s, "<div class=\"verdict ");
    put(s, yes ? "yes" : no ? "no" : "");
    put(s, "\">");
    put(s, yes ? "✓ " : no ? "✗ " : "");
    put(s, "<span class=\"said\">");
    put_text(s, title_of(s, "outcomes", outcome));
    put(s, "</span>");
    if (manner != NULL) {
        put(s, " (");
        put_text(s, title_of(s, "outcomes", manner));
        put(s, ")");
    }
    put(s, "<small>");
    if (round != NULL) {
        put_text(s, title_of(s, "states", sgn_json_str(round, "approval")));
        put(s, ", ");
        (void)sgn_buf_printf(s->out, said(s, "round %lld"),
                             (long long)sgn_json_int(round, "number", 1));
        put(s, " · ");
    }
    rpc_link_time(s->out, sgn_json_str(s->decision, "at"));
    put(s, "</small></div></section>\n");
}

/* ---- to what ---- */

static void
put_fields(const struct sheet *s, const json_t *fields)
{
    /* As case.get shows them, for what makes values of them. */
    json_t *view =
        json_pack("{s:O*, s:O*, s:O*}", "part_titles", json_object_get(s->titles, "parts"),
                  "value_titles", json_object_get(s->titles, "values"), "files", s->scene->files);
    const char *name;
    json_t *unused, *value;

    put(s, "<table>");
    /* In the order in which the workflow has them. */
    json_object_foreach(json_object_get(s->titles, "fields"), name, unused) {
        value = json_object_get(fields, name);
        if (value == NULL)
            continue;
        put_row(s, title_of(s, "fields", name));
        rpc_link_value(s->out, view, name, value, s->scene->language, false);
    }
    put(s, "</table>\n");
    json_decref(view);
}

/* Whose digest it is. */
static void
put_givers(const struct sheet *s, const char *digest)
{
    const json_t *ballot;
    const char *between = "";
    size_t i;

    json_array_foreach(json_object_get(s->decision, "decided"), i, ballot) {
        const char *its = sgn_json_str(ballot, "digest");
        if (its == NULL || strcmp(its, digest) != 0)
            continue;
        put(s, between);
        put_text(s, title_of(s, "people", sgn_json_str(ballot, "person")));
        between = ", ";
    }
}

static void
put_contents(const struct sheet *s)
{
    const json_t *content;
    char digest[SGN_HASH_HEX];
    size_t i, n = json_array_size(s->scene->contents);

    json_array_foreach(s->scene->contents, i, content) {
        if (sgn_hash_json(SGN_HASH_BALLOT, content, digest, NULL) != SGN_OK)
            continue;
        put(s, "<section class=\"sheet\"><h2>");
        rpc_html_put(s->out, said(s, "What was agreed to"));
        if (n > 1) {
            put(s, " – ");
            put_givers(s, digest);
        }
        put(s, "</h2>\n");
        put_fields(s, json_object_get(content, "fields"));
        put(s, "<p><small>");
        rpc_html_put(s->out, said(s, "Digest of this content:"));
        put(s, "</small> <code>");
        put(s, digest);
        put(s, "</code></p></section>\n");
    }
    if (n > 0 || json_object_size(s->scene->fields) == 0)
        return;
    put(s, "<section class=\"sheet\"><h2>");
    rpc_html_put(s->out, said(s, "As it stood when it was decided"));
    put(s, "</h2>\n");
    put_fields(s, s->scene->fields);
    put(s, "</section>\n");
}

/* ---- by whom ---- */

/* What the client's person wrote with this ballot; the team's comments are its own. */
static const char *
comment_of(const struct sheet *s, const json_t *decided)
{
    const json_t *view, *ballot;
    const char *found = NULL;
    size_t i, k;

    json_array_foreach(s->scene->entries, i, view)
        json_array_foreach(json_object_get(view, "ballots"), k, ballot)
            if (json_equal(json_object_get(ballot, "person"), json_object_get(decided, "person")) &&
                json_equal(json_object_get(ballot, "digest"), json_object_get(decided, "digest")))
                found = sgn_json_str(ballot, "comment");
    return found;
}

static void
put_ballots(const struct sheet *s)
{
    const json_t *list = json_object_get(s->decision, "decided"), *ballot;
    size_t i;

    put(s, "<section class=\"sheet\"><h2>");
    rpc_html_put(s->out, said(s, "Who decided"));
    put(s, "</h2>\n");
    if (json_array_size(list) == 0) {
        put(s, "<p class=\"sub\">");
        rpc_html_put(s->out, said(s, "No ballot was given: it came about as shown below."));
        put(s, "</p>");
    }
    put(s, "<table class=\"wide\">");
    json_array_foreach(list, i, ballot) {
        const char *behalf = sgn_json_str(ballot, "on_behalf"), *comment = comment_of(s, ballot);
        put(s, "<tr><th>");
        put_text(s, title_of(s, "people", sgn_json_str(ballot, "person")));
        if (behalf != NULL) {
            put(s, "<br><small>");
            rpc_html_put(s->out, said(s, "on behalf of"));
            put(s, " ");
            put_text(s, title_of(s, "people", behalf));
            put(s, "</small>");
        }
        put(s, "<td><strong class=\"said\">");
        put_text(s, title_of(s, "choices", sgn_json_str(ballot, "choice")));
        put(s, "</strong>");
        if (comment != NULL) {
            put(s, "<br><q>");
            put_text(s, comment);
            put(s, "</q>");
        }
        put(s, "<td>");
        rpc_link_time(s->out, sgn_json_str(ballot, "at"));
    }
    put(s, "</table></section>\n");
}

/* ---- how it came to this ---- */

static void
put_imported(const struct sheet *s, const json_t *imported)
{
    struct sgn_buf text;

    sgn_buf_init(&text, 16384);
    entry_imported_put(&text, imported, s->scene->language);
    put_text(s, text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
}

static void
put_entry(const struct sheet *s, const json_t *view)
{
    const char *event = sgn_json_str(view, "event"), *comment = sgn_json_str(view, "comment");
    const char *kind = sgn_json_str(view, "kind"), *actor = sgn_json_str(view, "actor");
    const json_t *state;
    size_t i;

    put(s, "<li class=\"then\">");
    if (actor != NULL && strcmp(actor, "system") == 0)
        rpc_html_put(s->out, said(s, "by itself"));
    else
        put_text(s, title_of(s, "people", actor));
    put(s, " – ");
    if (event != NULL)
        put_text(s, title_of(s, "events", event));
    else if (json_object_get(view, "imported") != NULL)
        put_imported(s, json_object_get(view, "imported"));
    else
        rpc_html_put(s->out, said(s, entry_said(kind)));
    json_array_foreach(json_object_get(view, "entered"), i, state) {
        put(s, i == 0 ? " → " : ", ");
        put_text(s, title_of(s, "states", json_string_value(state)));
    }
    if (comment != NULL) {
        put(s, "<br><q>");
        put_text(s, comment);
        put(s, "</q>");
    }
    put(s, "<small>");
    rpc_link_time(s->out, sgn_json_str(view, "at"));
    put(s, "</small>\n");
}

static void
put_course(const struct sheet *s)
{
    const json_t *view;
    size_t i;

    put(s, "<section class=\"sheet\"><h2>");
    rpc_html_put(s->out, said(s, "How it came to this"));
    put(s, "</h2>\n<ol>");
    json_array_foreach(s->scene->entries, i, view)
        put_entry(s, view);
    put(s, "</ol></section>\n");
}

/* ---- the proof ---- */

static void
put_proof(const struct sheet *s)
{
    put(s, "<section class=\"sheet\"><h2>");
    rpc_html_put(s->out, said(s, "Proof"));
    put(s, "</h2>\n<p class=\"sub\">");
    rpc_html_put(s->out,
                 said(s,
                      "This file carries its own proof: the entries of this case, chained by their "
                      "hashes, and the site's signature over all of it. A file in which one "
                      "character is changed is refused."));
    put(s, "</p>\n<table>");
    put_row(s, said(s, "Issued"));
    rpc_link_time(s->out, json_string_value(s->scene->issued));
    put_row(s, said(s, "Entries"));
    (void)sgn_buf_printf(s->out, "%d", s->scene->n);
    put_row(s, said(s, "Hash of the last one"));
    put(s, "<code>");
    rpc_html_put(s->out, s->scene->hash);
    put(s, "</code>");
    put_row(s, said(s, "Key of the site"));
    put(s, "<code>");
    rpc_html_put(s->out, s->scene->key);
    put(s, "</code>");
    put_row(s, said(s, "To check it"));
    put(s, "<code>signoff verify FILE --key ");
    rpc_html_put(s->out, s->scene->key);
    put(s, "</code><br>");
    rpc_html_put(s->out,
                 said(s, "without the server, on any computer. That the key is the site's, ask "
                         "whoever runs it."));
    put(s, "</table></section>\n</main>\n</body>\n</html>\n");
}

enum sgn_status
rpc_certificate_page(struct sgn_buf *out, const struct rpc_certificate_scene *scene)
{
    const json_t *views = scene->entries;
    struct sheet s = { .out = out,
                       .scene = scene,
                       .titles = json_object_get(scene->said, "titles"),
                       .decision = json_array_get(views, json_array_size(views) - 1) };

    put_head(&s);
    put_verdict(&s);
    put_contents(&s);
    put_ballots(&s);
    put_course(&s);
    put_proof(&s);
    return out->failed ? SGN_NOMEM : SGN_OK;
}
