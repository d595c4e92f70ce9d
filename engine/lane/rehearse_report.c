/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a rehearsal found, put together so that a person can act on it: cases that cannot come,
 * by the reason; and of the others what would be another, by what it is. Each group counts all of
 * its cases and names the first of them. A group of those that cannot come has its reason apart;
 * the others have a title where what they are about has one.
 *
 *   kind       about                      its cases say
 *   stuck      reason, then of what       message
 *   at_once    deadline, then the rung    due
 *   void       approval                   person, on_behalf, choice, choice_title: of the ballot
 *   deadline   name; what: moved new gone was, due
 *   dropped    field
 *   owner      state                      was, owner
 *   task       state/task
 *   forgotten  history
 *   states     how it stands then         was, was_title
 *   ends       outcome
 */
#include "json.h"
#include "memory.h"
#include "migrate.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

#define TITLE_MAX 4096
#define NAME_MOST 128

struct adding {
    json_t *report;
    const char *key; /* of the case */
    int limit;
    const struct model *old; /* its version so far */
    const char *language;
    bool nomem;
};

static void
put(struct adding *a, json_t *object, const char *name, json_t *value_take)
{
    if (json_object_set_new(object, name, value_take) != 0)
        a->nomem = true;
}

static void
count(struct adding *a, json_t *object, const char *name)
{
    put(a, object, name, json_integer(sgn_json_int(object, name, 0) + 1));
}

json_t *
rehearsal_report_new(const struct model *model)
{
    return json_pack("{s:s, s:I, s:s, s:i, s:i, s:i, s:i, s:{s:i, s:i}, s:{}, s:[]}", "workflow",
                     model->name, "version", (json_int_t)model->version, "digest", model->digest,
                     "cases", 0, "unchanged", 0, "changed", 0, "stuck", 0, "ballots", "kept", 0,
                     "void", 0, "versions", "groups");
}

static bool
is_text(const json_t *object, const char *name, const char *text)
{
    const char *its = sgn_json_str(object, name);

    return its == text || (its != NULL && text != NULL && strcmp(its, text) == 0);
}

static json_t *
group_of(struct adding *a, const char *kind, const char *about, const char *what)
{
    json_t *groups = json_object_get(a->report, "groups"), *group;
    size_t i;

    json_array_foreach(groups, i, group)
        if (is_text(group, "kind", kind) && is_text(group, "about", about) &&
            is_text(group, "what", what))
            return group;
    group = json_pack("{s:s, s:s*, s:s*, s:i, s:[]}", "kind", kind, "about", about, "what", what,
                      "count", 0, "cases");
    a->nomem = a->nomem || json_array_append_new(groups, group) != 0;
    return group;
}

/* A case counts once in a group, however much of it is meant. Takes the item, to which the case's
 * key is added. */
static void
add(struct adding *a, const char *kind, const char *about, const char *what, json_t *item_take)
{
    json_t *group = group_of(a, kind, about, what), *cases = json_object_get(group, "cases");
    const json_t *last = json_array_get(cases, json_array_size(cases) - 1);

    if (item_take == NULL || group == NULL) {
        a->nomem = true;
    } else {
        put(a, item_take, "case", json_string(a->key));
        if (!is_text(last, "case", a->key))
            count(a, group, "count");
        if (json_array_size(cases) < (size_t)a->limit)
            a->nomem = a->nomem || json_array_append(cases, item_take) != 0;
    }
    json_decref(item_take);
}

/* "a, b" of two words; malloc'ed. */
static char *
both(struct adding *a, const char *x, const char *y)
{
    char *text = y != NULL ? sgn_format("%s: %s", x, y) : sgn_strdup(x);

    a->nomem = a->nomem || text == NULL;
    return text;
}

/* ---- titles ---- */

/* "Triage, Pricing" of "triage, pricing". */
static char *
states_titled(const struct model *model, const char *names, const char *language)
{
    struct sgn_buf buf;

    sgn_buf_init(&buf, TITLE_MAX);
    while (*names != '\0') {
        size_t n = strcspn(names, ",");
        char name[NAME_MOST];
        int state;
        snprintf(name, sizeof name, "%.*s", (int)n, names);
        state = model_state_find(model, name);
        (void)sgn_buf_printf(&buf, "%s%s", buf.len > 0 ? ", " : "",
                             state > 0 ? model_title(model->states[state].title, language, name)
                                       : name);
        names += n + strspn(names + n, ", ");
    }
    return sgn_buf_take(&buf);
}

static char *
deadline_titled(const struct model *model, const char *name, const char *language)
{
    for (int i = 0; i < model->n_deadlines; i++)
        if (strcmp(model->deadlines[i].name, name) == 0)
            return sgn_strdup(model_deadline_title(model, &model->deadlines[i], language));
    return NULL;
}

static char *
field_titled(const struct model *model, const char *name, const char *language)
{
    const struct model_field *field = model_field_find(model, name);

    return field != NULL ? sgn_strdup(model_title(field->title, language, name)) : NULL;
}

/* What only the old version has is called as it calls it. */
static void
put_old_title(struct adding *a, const char *kind, const char *about, const char *what)
{
    json_t *group = group_of(a, kind, about, what);
    char *title = NULL;

    if (about == NULL || json_object_get(group, "title") != NULL)
        return;
    if (strcmp(kind, "dropped") == 0)
        title = field_titled(a->old, about, a->language);
    else if (strcmp(kind, "deadline") == 0)
        title = deadline_titled(a->old, about, a->language);
    if (title != NULL)
        put(a, group, "title", json_string(title));
    free(title);
}

/* ---- what a case adds ---- */

static void
add_deadlines(struct adding *a, const json_t *list)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item) {
        const char *name = sgn_json_str(item, "deadline"), *rung = sgn_json_str(item, "at_once");
        char *at_once = rung != NULL ? both(a, name, rung) : NULL;
        add(a, "deadline", name, sgn_json_str(item, "what"),
            json_pack("{s:O*, s:O*}", "was", json_object_get(item, "was"), "due",
                      json_object_get(item, "due")));
        if (is_text(item, "what", "gone"))
            put_old_title(a, "deadline", name, "gone");
        if (at_once != NULL)
            add(a, "at_once", at_once, NULL,
                json_pack("{s:O*}", "due", json_object_get(item, "due")));
        free(at_once);
    }
}

static int
add_ballots(struct adding *a, const json_t *list)
{
    json_t *counts = json_object_get(a->report, "ballots");
    json_t *item;
    size_t i;
    int n = 0;

    json_array_foreach(list, i, item) {
        bool kept = sgn_json_true(item, "kept");
        count(a, counts, kept ? "kept" : "void");
        if (kept)
            continue;
        n++;
        add(a, "void", sgn_json_str(item, "approval"), NULL,
            json_pack("{s:O, s:O*, s:O}", "person", json_object_get(item, "person"), "on_behalf",
                      json_object_get(item, "on_behalf"), "choice",
                      json_object_get(item, "choice")));
    }
    return n;
}

static void
add_names(struct adding *a, const char *kind, const json_t *names)
{
    const json_t *name;
    size_t i;

    json_array_foreach(names, i, name) {
        add(a, kind, json_string_value(name), NULL, json_object());
        put_old_title(a, kind, json_string_value(name), NULL);
    }
}

static void
add_owners(struct adding *a, const json_t *list)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
        add(a, "owner", sgn_json_str(item, "state"), NULL,
            json_pack("{s:O, s:O}", "was", json_object_get(item, "was"), "owner",
                      json_object_get(item, "owner")));
}

/* "a, b"; malloc'ed. */
static char *
states_text(struct adding *a, const json_t *states)
{
    char *text = sgn_strdup("");
    const json_t *name;
    size_t i;

    json_array_foreach(states, i, name) {
        char *more = text != NULL
                         ? sgn_format("%s%s%s", text, i > 0 ? ", " : "", json_string_value(name))
                         : NULL;
        free(text);
        text = more;
    }
    a->nomem = a->nomem || text == NULL;
    return text;
}

static void
add_states(struct adding *a, const json_t *was, const json_t *row)
{
    char *now, *then, *title;

    if (was != NULL) {
        now = states_text(a, json_object_get(row, "states"));
        then = states_text(a, was);
        title = then != NULL ? states_titled(a->old, then, a->language) : NULL;
        add(a, "states", now, NULL, json_pack("{s:O, s:s*}", "was", was, "was_title", title));
        free(title);
        free(then);
        free(now);
    }
    if (!case_is_open(row))
        add(a, "ends", sgn_json_str(row, "outcome"), NULL, json_object());
}

static void
count_case(struct adding *a, const json_t *row, const char *as)
{
    char version[24];

    snprintf(version, sizeof version, "%lld", (long long)sgn_json_int(row, "version", 0));
    count(a, a->report, "cases");
    count(a, json_object_get(a->report, "versions"), version);
    count(a, a->report, as);
}

enum sgn_status
rehearsal_report_add(json_t *report, const json_t *row_before, const struct lane_entry *entry,
                     const struct model *old, const char *language, int limit)
{
    static const char *const telling[] = { "deadlines", "owners",    "dropped",
                                           "tasks",     "forgotten", "was" };
    struct adding a = { .report = report,
                        .key = sgn_json_str(entry->row, "key"),
                        .limit = limit,
                        .old = old,
                        .language = language };
    const json_t *m = json_object_get(entry->internal, "migrate");
    bool changed = add_ballots(&a, json_object_get(m, "ballots")) > 0 || !case_is_open(entry->row);

    for (size_t i = 0; i < sizeof telling / sizeof telling[0]; i++)
        changed = changed || json_object_get(m, telling[i]) != NULL;
    count_case(&a, row_before, changed ? "changed" : "unchanged");
    add_deadlines(&a, json_object_get(m, "deadlines"));
    add_owners(&a, json_object_get(m, "owners"));
    add_names(&a, "dropped", json_object_get(m, "dropped"));
    add_names(&a, "task", json_object_get(m, "tasks"));
    add_names(&a, "forgotten", json_object_get(m, "forgotten"));
    add_states(&a, json_object_get(m, "was"), entry->row);
    return a.nomem ? SGN_NOMEM : SGN_OK;
}

enum sgn_status
rehearsal_report_stuck(json_t *report, const json_t *row, const char *key, enum sgn_status why,
                       const struct sgn_error *err, int limit)
{
    struct adding a = { .report = report, .key = key, .limit = limit };
    const char *reason = sgn_json_str(err->data, "reason");
    char *about;

    if (reason == NULL)
        reason = sgn_status_code(why);
    about = both(&a, reason, sgn_json_str(err->data, "about"));
    count_case(&a, row, "stuck");
    put(&a, group_of(&a, "stuck", about, NULL), "reason", json_string(reason));
    add(&a, "stuck", about, NULL, json_pack("{s:s}", "message", err->message));
    free(about);
    return a.nomem ? SGN_NOMEM : SGN_OK;
}

/* ---- the whole ---- */

/* Ballots by their choice. */
static bool
title_choices(const json_t *cases, const char *language)
{
    json_t *titles = model_vote_titles(NULL, language), *item;
    bool good = titles != NULL;
    size_t i;

    json_array_foreach(cases, i, item) {
        json_t *title = json_object_get(titles, sgn_json_str(item, "choice"));

        if (title != NULL && json_object_set(item, "choice_title", title) != 0)
            good = false;
    }
    json_decref(titles);
    return good;
}

/* By the new version's words, but for what only the old one has. */
enum sgn_status
rehearsal_report_titles(json_t *report, const struct model *model, const char *language)
{
    json_t *group;
    size_t i;

    json_array_foreach(json_object_get(report, "groups"), i, group) {
        const char *kind = sgn_json_str(group, "kind"), *about = sgn_json_str(group, "about");
        char *title = NULL;
        if (strcmp(kind, "void") == 0 && !title_choices(json_object_get(group, "cases"), language))
            return SGN_NOMEM;
        if (about == NULL || json_object_get(group, "title") != NULL)
            continue;
        if (strcmp(kind, "deadline") == 0)
            title = deadline_titled(model, about, language);
        else if (strcmp(kind, "states") == 0 || strcmp(kind, "void") == 0 ||
                 strcmp(kind, "owner") == 0)
            title = states_titled(model, about, language);
        else if (strcmp(kind, "ends") == 0)
            title = sgn_strdup(model_outcome_title(model, about, language));
        if (title != NULL && json_object_set_new(group, "title", json_string(title)) != 0) {
            free(title);
            return SGN_NOMEM;
        }
        free(title);
    }
    return SGN_OK;
}
