/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it went: the registers of a project or a client's year, as a document tells them, case by
 * case. By what workflows serve as (model/purpose.h), and the fields that are read of those.
 */
#include "report_internal.h"
#include <string.h>

/* What of a case stands in its row: the column, and the field that it shows. */
struct cell {
    const char *column, *field;
};
struct book {
    const char *serves, *table;
    struct cell cells[6];
};

/* clang-format off */
static const struct book books[] = {
    { "charter", "charters", { { "what", "summary" }, { "purpose", "purpose" }, { "budget", "budget" } } },
    { "milestone", "milestones", { { "what", "summary" }, { "agreed_for", "agreed" }, { "planned_for", "planned" }, { "moved", "slips" } } },
    { "change_request", "change_list", { { "what", "summary" }, { "cost", "cost" }, { "days", "days" } } },
    { "acceptance", "acceptances", { { "what", "deliverable" }, { "reservations", "reservations" } } },
    { "complaint", "complaints", { { "what", "summary" }, { "answer", "answer" } } },
    { "feedback", "complaints", { { "what", "summary" }, { "answer", "answer" } } },
    { "risk", "risks", { { "what", "summary" }, { "plan", "plan" } } },
    { "lesson", "lessons", { { "what", "summary" }, { "recommendation", "recommendation" } } },
    { "improvement", "improvements", { { "what", "summary" }, { "effect", "effect" } } },
};
/* clang-format on */

static void
put_value(struct report_count *count, const char *table, const char *key, const char *column,
          const json_t *value)
{
    char text[32];

    if (json_is_integer(value)) {
        snprintf(text, sizeof text, "%lld", (long long)json_integer_value(value));
        report_say(count, table, key, column, text);
    } else {
        report_say(count, table, key, column, json_string_value(value));
    }
}

/* The charter's goals: a row each. */
static void
put_goals(struct report_count *count, const struct report_walk *walk)
{
    const json_t *goal;
    char key[REPORT_KEY_BYTES];
    size_t i;

    json_array_foreach(json_object_get(walk->fields, "goals"), i, goal) {
        snprintf(key, sizeof key, "%s.%zu", walk->key, i + 1);
        put_value(count, "goals", key, "goal", json_object_get(goal, "goal"));
        put_value(count, "goals", key, "measure", json_object_get(goal, "measure"));
        put_value(count, "goals", key, "by_day", json_object_get(goal, "by_day"));
    }
}

static void
put_case(struct report_count *count, const struct report_walk *walk, const struct book *book)
{
    const struct report *report = count->report;
    const char *outcome = json_string_value(walk->outcome), *said;
    char day[12];

    for (const struct cell *c = book->cells; c->column != NULL; c++)
        put_value(count, book->table, walk->key, c->column,
                  json_object_get(walk->fields, c->field));
    report_day(report, walk->opened_at, day);
    report_say(count, book->table, walk->key, "opened_on", day);
    if (walk->closed_at != 0) {
        report_day(report, walk->closed_at, day);
        report_say(count, book->table, walk->key, "ended_on", day);
    }
    said = outcome != NULL ? sgn_json_str(report_flow(report, walk->workflow, "outcomes"), outcome)
                           : sgn_json_str(report_flow(report, walk->workflow, "states"),
                                          json_string_value(json_array_get(walk->states, 0)));
    report_say(count, book->table, walk->key, "stands", said != NULL ? said : outcome);
}

static void
course_last(struct report_count *count, struct report_walk *walk)
{
    const char *serves = report_serves(count->report, walk->workflow);

    for (size_t i = 0; serves != NULL && i < sizeof books / sizeof books[0]; i++) {
        if (strcmp(books[i].serves, serves) != 0)
            continue;
        put_case(count, walk, &books[i]);
        if (strcmp(serves, "charter") == 0)
            put_goals(count, walk);
    }
}

#define SAID(name) REPORT_COLUMN(name, NULL, REPORT_SAID)
#define COURSE     SAID("opened_on"), SAID("ended_on"), SAID("stands")

const struct report_section report_agreement = {
    .name = "agreement",
    .title = "What was agreed",
    .text = "Charters with their goals, and milestones: first agreed for, planned for now, reached.",
    .tables = {
        { "charters", "Charters", REPORT_BY_CASE, NULL, { 0 }, { SAID("what"), SAID("purpose"), SAID("budget"), SAID("stands") } },
        { "goals", "Goals", REPORT_BY_CASE, NULL, { 0 }, { SAID("goal"), SAID("measure"), SAID("by_day") } },
        { "milestones", "Milestones", REPORT_BY_CASE, NULL, { 0 },
          { SAID("what"), SAID("agreed_for"), SAID("planned_for"), SAID("moved"), SAID("ended_on"), SAID("stands") } },
    },
    .last = course_last,
};

const struct report_section report_course = {
    .name = "course",
    .title = "How it went",
    .text = "What was changed, accepted, complained of, risked, learned and improved, case by case.",
    .tables = {
        { "change_list", "Changes", REPORT_BY_CASE, NULL, { 0 }, { SAID("what"), SAID("cost"), SAID("days"), COURSE } },
        { "acceptances", "Acceptances", REPORT_BY_CASE, NULL, { 0 }, { SAID("what"), SAID("reservations"), COURSE } },
        { "complaints", "Complaints and feedback", REPORT_BY_CASE, NULL, { 0 }, { SAID("what"), SAID("answer"), COURSE } },
        { "risks", "Risks", REPORT_BY_CASE, NULL, { 0 }, { SAID("what"), SAID("plan"), SAID("stands") } },
        { "lessons", "Lessons", REPORT_BY_CASE, NULL, { 0 }, { SAID("what"), SAID("recommendation") } },
        { "improvements", "Improvements", REPORT_BY_CASE, NULL, { 0 }, { SAID("what"), SAID("effect"), SAID("stands") } },
    },
    .last = course_last,
};
