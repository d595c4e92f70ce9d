/* SPDX-License-Identifier: Apache-2.0 */
/* The page behind a sign-off link: what became of it, or why it cannot be answered. */
#include "link_page_internal.h"

#include "core.h"
#include <stdlib.h>

static bool
is_state(const struct page *page, const char *state)
{
    return strcmp(page->scene->state, state) == 0;
}

struct words {
    const char *state, *english;
    bool good;
};

static const struct words *
words_of(const char *state)
{
    static const struct words all[] = {
        { "done", "Your answer has been recorded.", true },
        { "used", "This link has been used. The answer that was given by it is below.", true },
        { "answered", "You have answered this already in another way, and your answer stands.",
          true },
        { "revoked", "This link was withdrawn. Ask whoever sent it for a new one.", false },
        { "expired", "This link has ended. Ask whoever sent it for a new one.", false },
        { "worn",
          "There were too many wrong answers: this link is of no use any more. Ask whoever sent it "
          "for a new one.",
          false },
        { "resting", "There were too many wrong answers. Try again in a quarter of an hour.",
          false },
        { "decided", "This has been decided already. An answer would come too late.", false },
        { "changed",
          "What is asked has changed since this link was made: it cannot be answered by it. Ask "
          "whoever sent it for a new one.",
          false },
        { "again",
          "This is being asked anew since this link was made: it cannot be answered by it. Ask "
          "whoever sent it for a new one.",
          false },
        { "not_asked", "You are not asked for an answer now.", false },
        { "client_ended",
          "The team does not work for your organisation any more: you cannot answer here. Ask "
          "whoever "
          "sent this link.",
          false },
        { "code", "The code is not the one on this page. Nothing has been decided.", false },
        { "name", "The name is not that of the person who is asked. Nothing has been decided.",
          false },
        { "empty", "Choose an answer, and type your name and the code. Nothing has been decided.",
          false },
        { "unknown",
          "There is no such link. It may have been copied in part, or have ended long ago. Ask "
          "whoever sent it for a new one.",
          false },
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i].state, state) == 0)
            return &all[i];
    return NULL;
}

static void
put_changed(const struct page *page)
{
    const json_t *titles = json_object_get(page->view, "field_titles"), *name;
    size_t i;

    if (json_array_size(json_object_get(page->round, "changed")) == 0)
        return;
    put(page, "<p>");
    rpc_html_put(page->out, said(page, "What has changed:"));
    put(page, "<ul>");
    json_array_foreach(json_object_get(page->round, "changed"), i, name) {
        const char *title = sgn_json_str(titles, json_string_value(name));
        put(page, "<li>");
        rpc_html_put(page->out, title != NULL ? title : json_string_value(name));
    }
    put(page, "</ul>");
}

/* What was decided, where it has been. */
static void
put_ended(const struct page *page)
{
    const json_t *ended = json_object_get(link_round(page), "ended");

    if (ended == NULL)
        return;
    put(page, "<p><strong>");
    rpc_html_put(page->out, sgn_json_str(ended, "outcome_title"));
    put(page, "</strong>, ");
    rpc_link_time(page->out, sgn_json_str(ended, "at"));
    if (sgn_json_str(ended, "manner_title") != NULL) {
        put(page, " (");
        rpc_html_put(page->out, sgn_json_str(ended, "manner_title"));
        put(page, ")");
    }
}

/* The answer that the link's person has given, whichever way. */
static const json_t *
ballot_of(const struct page *page)
{
    const char *person = sgn_json_str(page->link, "person");
    const json_t *ballot;
    size_t i;

    json_array_foreach(json_object_get(link_round(page), "ballots"), i, ballot) {
        const char *giver = case_ballot_giver(ballot);
        if (giver != NULL && strcmp(giver, person) == 0)
            return ballot;
    }
    return NULL;
}

static void
put_receipt(const struct page *page)
{
    const json_t *round = link_round(page), *ballot = ballot_of(page);
    const char *choice = sgn_json_str(ballot, "choice");
    const char *title =
        choice != NULL ? sgn_json_str(json_object_get(round, "choices"), choice) : NULL;

    if (choice == NULL)
        return;
    put(page, "<p><strong>");
    rpc_html_put(page->out, title != NULL ? title : choice);
    put(page, "</strong>, ");
    rpc_link_time(page->out, sgn_json_str(ballot, "at"));
    if (sgn_json_str(ballot, "comment") != NULL) {
        put(page, "<br>“<bdi>");
        rpc_html_put(page->out, sgn_json_str(ballot, "comment"));
        put(page, "</bdi>”");
    }
    put(page, "<br><code>");
    rpc_html_put(page->out, sgn_json_str(ballot, "digest"));
    put(page, "</code>");
}

void
link_state_put(const struct page *page)
{
    const struct words *words = words_of(page->scene->state);
    char *told;

    if (words == NULL && page->scene->message == NULL)
        return;
    put(page, "<div\nclass="); /* no sentence */
    put(page, words != NULL && words->good ? "good" : "bad");
    put(page, "><p>");
    if (words != NULL) {
        rpc_html_put(page->out, said(page, words->english));
    } else {
        told = sgn_say_text(page->scene->language, page->scene->message);
        rpc_html_put(page->out, told != NULL ? told : page->scene->message);
        free(told);
        put(page, " ");
        rpc_html_put(page->out, said(page, "Nothing has been decided."));
    }
    if (is_state(page, "changed"))
        put_changed(page);
    if (is_state(page, "decided"))
        put_ended(page);
    if (is_state(page, "used") || is_state(page, "done") || is_state(page, "answered"))
        put_receipt(page);
    put(page, "</div>\n");
}
