/* SPDX-License-Identifier: Apache-2.0 */
/* What is open in a case, for its page: who is waited for, clocks, approvals. */
#include "page.h"

#include "clock.h"
#include "json.h"
#include <string.h>

#define TEXT_MAX     262144
#define DIGEST_SHOWN 16 /* characters; --json has all */

/* ---- waiting, deadlines ---- */

/* "to act in Screening": what is asked of somebody. */
static const char *
asked_for(const struct page *page, const char *kind)
{
    static const struct {
        const char *kind, *said;
    } kinds[] = {
        { "owner", "to act in %s" },
        { "offer", "to take over %s" },
        { "approval", "to vote in %s" },
    };

    for (size_t i = 0; kind != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i].kind, kind) == 0)
            return page_say(page, kinds[i].said);
    }
    return page_say(page, "to answer in %s");
}

/* One line for all of whom the same is asked. */
static void
waiting_line(const struct page *page, const json_t *view, const json_t *item, const char *who)
{
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_printf(&text, asked_for(page, sgn_json_str(item, "kind")),
                   page_state(view, sgn_json_str(item, "state")));
    if (cli_time_ms(json_object_get(item, "since")) > 0) {
        sgn_buf_puts(&text, page_say(page, ", since "));
        cli_time_put(&text, json_object_get(item, "since"));
    }
    if (cli_time_ms(json_object_get(item, "due")) > 0) {
        sgn_buf_puts(&text, page_say(page, ", due "));
        page_due_put(&text, page, json_object_get(item, "due"));
    }
    page_line(page, who, text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
}

static bool
same_waiting(const json_t *a, const json_t *b)
{
    static const char *const members[] = { "kind", "state", "since", "due" };

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (!json_equal(json_object_get(a, members[i]), json_object_get(b, members[i])))
            return false;
    }
    return true;
}

/* Whom item and those behind it name who wait for the same; returns how many they are. */
static size_t
put_waiting(const struct page *page, struct sgn_buf *who, const json_t *list, size_t i)
{
    const json_t *item = json_array_get(list, i);
    size_t k = i;

    for (; k < json_array_size(list) && same_waiting(item, json_array_get(list, k)); k++) {
        sgn_buf_puts(who, k > i ? ", " : "");
        cli_who_put(who, json_array_get(list, k));
        if (sgn_json_str(json_array_get(list, k), "stand_in") != NULL)
            sgn_buf_printf(who, page_say(page, " (%s stands in)"),
                           sgn_json_str(json_array_get(list, k), "stand_in"));
    }
    return k - i;
}

void
page_waiting(struct page *page, const json_t *view)
{
    const json_t *list = json_object_get(view, "waiting");
    struct sgn_buf who;
    size_t n = json_array_size(list);

    if (n == 0)
        return;
    page_heading(page, page_say(page, "Waiting for"));
    sgn_buf_init(&who, TEXT_MAX);
    for (size_t i = 0; i < n;) {
        sgn_buf_reset(&who);
        i += put_waiting(page, &who, list, i);
        page_widen(page, who.bytes);
    }
    for (size_t i = 0; i < n;) {
        const json_t *item = json_array_get(list, i);
        sgn_buf_reset(&who);
        i += put_waiting(page, &who, list, i);
        waiting_line(page, view, item, who.bytes != NULL ? who.bytes : "?");
    }
    sgn_buf_deinit(&who);
    page->names = PAGE_NAMES;
}

static void
put_deadline(struct sgn_buf *text, const struct page *page, const json_t *deadline)
{
    const json_t *due = json_object_get(deadline, "due"), *next = json_object_get(deadline, "next");
    int64_t left = sgn_json_int(deadline, "left_seconds", -1);

    if (sgn_json_true(deadline, "paused") && left >= 0) {
        struct sgn_buf span;
        sgn_buf_init(&span, TEXT_MAX);
        cli_span_put(&span, left * SGN_SECOND_MS, page->cli->language);
        sgn_buf_printf(text, page_say(page, "paused, with %s left"), span.bytes);
        sgn_buf_deinit(&span);
        return;
    }
    if (cli_time_ms(due) <= 0) {
        sgn_buf_puts(text, page_say(page, "its clock has not started"));
        return;
    }
    page_due_put(text, page, due);
    if (cli_time_ms(next) > 0 && cli_time_ms(next) != cli_time_ms(due)) {
        sgn_buf_puts(text, page_say(page, ", next step "));
        page_due_put(text, page, next);
    }
}

static const char *
deadline_name(const json_t *view, const json_t *deadline)
{
    const char *title = sgn_json_str(deadline, "title");

    return title != NULL ? title : page_state(view, sgn_json_str(deadline, "name"));
}

void
page_deadlines(struct page *page, const json_t *view)
{
    const json_t *item;
    size_t i;

    if (json_array_size(json_object_get(view, "deadlines")) == 0)
        return;
    page_heading(page, page_say(page, "Deadlines"));
    json_array_foreach(json_object_get(view, "deadlines"), i, item)
        page_widen(page, deadline_name(view, item));
    json_array_foreach(json_object_get(view, "deadlines"), i, item) {
        struct sgn_buf text;

        sgn_buf_init(&text, TEXT_MAX);
        put_deadline(&text, page, item);
        page_line(page, deadline_name(view, item), text.bytes != NULL ? text.bytes : "");
        sgn_buf_deinit(&text);
    }
    page->names = PAGE_NAMES;
}

/* ---- approvals ---- */

static void
show_ballots(const struct page *page, const json_t *round)
{
    const json_t *ballot;
    size_t i;

    json_array_foreach(json_object_get(round, "ballots"), i, ballot) {
        const char *comment = sgn_json_str(ballot, "comment");
        const char *giver = sgn_json_str(ballot, "on_behalf");
        const char *choice = sgn_json_str(ballot, "choice");
        const char *title = sgn_json_str(json_object_get(round, "choices"), choice);
        struct sgn_buf text;

        if (json_is_false(json_object_get(ballot, "standing")))
            continue;
        sgn_buf_init(&text, TEXT_MAX);
        sgn_buf_puts(&text, title != NULL ? title : choice != NULL ? choice : "?");
        sgn_buf_puts(&text, page_say(page, ", "));
        cli_time_put(&text, json_object_get(ballot, "at"));
        if (giver != NULL)
            sgn_buf_printf(&text, page_say(page, ", for %s"), giver);
        if (json_object_get(ballot, "via") != NULL)
            sgn_buf_puts(&text, page_say(page, ", by a sign-off link"));
        if (sgn_json_true(ballot, "left"))
            sgn_buf_puts(&text, page_say(page, "; has left, does not count"));
        if (comment != NULL)
            sgn_buf_printf(&text, "  “%s”", comment);
        page_line(page, sgn_json_str(ballot, "person"), text.bytes != NULL ? text.bytes : "");
        sgn_buf_deinit(&text);
    }
}

/* What a stand-in's ballot for each of the others must carry. */
static void
show_digests_for(const struct page *page, const json_t *round)
{
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(round, "on_behalf"), i, one) {
        struct sgn_buf name, text;

        sgn_buf_init(&name, TEXT_MAX);
        sgn_buf_init(&text, TEXT_MAX);
        sgn_buf_printf(&name, page_say(page, "digest for %s"), sgn_json_str(one, "person"));
        sgn_buf_printf(&text, "%.*s…", DIGEST_SHOWN, sgn_json_str(one, "digest"));
        page_line(page, name.bytes != NULL ? name.bytes : "", text.bytes);
        sgn_buf_deinit(&text);
        sgn_buf_deinit(&name);
    }
}

/* What a ballot agrees to: the covered fields by title, and the digest of their values. */
static void
show_covers(const struct page *page, const json_t *view, const json_t *round)
{
    const char *digest = sgn_json_str(round, "digest");
    const json_t *covers = json_object_get(round, "covers");
    const char *name;
    json_t *title;
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    json_object_foreach(json_object_get(view, "field_titles"), name, title) {
        if (sgn_json_has(covers, name))
            sgn_buf_printf(&text, "%s%s", text.len > 0 ? page_say(page, ", ") : "",
                           json_string_value(title));
    }
    if (text.len > 0)
        page_line(page, page_say(page, "agreed to"), text.bytes);
    if (digest != NULL) {
        sgn_buf_reset(&text);
        sgn_buf_printf(&text, "%.*s…", DIGEST_SHOWN, digest);
        page_line(page, page_say(page, "digest"), text.bytes);
    }
    sgn_buf_deinit(&text);
}

static void
show_heading(struct page *page, const json_t *view, const json_t *round)
{
    const char *outcome = sgn_json_str(json_object_get(round, "ended"), "outcome_title");
    struct sgn_buf title;

    sgn_buf_init(&title, TEXT_MAX);
    sgn_buf_printf(&title, page_say(page, "Approval in %s, round %lld"),
                   page_state(view, sgn_json_str(round, "approval")),
                   (long long)sgn_json_int(round, "number", 1));
    if (outcome != NULL)
        sgn_buf_printf(&title, "%s%s", page_say(page, ": "), outcome);
    page_heading(page, title.bytes != NULL ? title.bytes : "");
    sgn_buf_deinit(&title);
}

/* The open ones first, as the server lists them; behind them what was decided. */
void
page_approvals(struct page *page, const json_t *view)
{
    const json_t *round;
    size_t i;

    json_array_foreach(json_object_get(view, "approvals"), i, round) {
        show_heading(page, view, round);
        show_ballots(page, round);
        page_value(page, page_say(page, "still asked"), json_object_get(round, "pending"));
        page_value(page, page_say(page, "has left"), json_object_get(round, "left"));
        page_value(page, page_say(page, "not needed"), json_object_get(round, "not_needed"));
        show_covers(page, view, round);
        show_digests_for(page, round);
    }
}
