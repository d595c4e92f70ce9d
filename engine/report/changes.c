/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes against the baseline. By what workflows serve as (model/purpose.h): a change_request is
 * agreed to when it is first being implemented, and costs its field cost; the baseline of a project
 * is the budget of its charter when that was first baselined.
 */
#include "report_internal.h"
#include <string.h>

static bool
enters(const struct report_entry *entry, const char *state)
{
    return sgn_json_has(json_object_get(entry->shared, "entered"), state) ||
           sgn_json_has(json_object_get(entry->internal, "entered"), state);
}

/* A field as this entry leaves it. */
static const json_t *
field_after(const struct report_walk *walk, const struct report_entry *entry, const char *name)
{
    const json_t *value = json_object_get(json_object_get(entry->shared, "fields"), name);

    if (value == NULL)
        value = json_object_get(json_object_get(entry->internal, "fields"), name);
    return value != NULL ? value : json_object_get(walk->fields, name);
}

/* Only money of one kind can be added up: in the whole, that of the team's own currency. */
static bool
is_own_currency(const struct report *report, const struct report_walk *walk)
{
    const json_t *project = json_object_get(json_object_get(report->options.names, "projects"),
                                            walk->project != NULL ? walk->project : "");
    const char *its = sgn_json_str(project, "currency");

    return its == NULL || strcmp(its, report->currency) == 0;
}

static void
money_note(struct report_count *count, struct report_walk *walk, int64_t at, const char *field,
           const json_t *amount)
{
    const struct report_period *period = report_period_of(count->report, at);
    const char *text = json_string_value(amount);

    if (walk->project != NULL)
        report_money(count, "by_project", walk->project, field, text);
    if (!is_own_currency(count->report, walk))
        return;
    report_money(count, "all", "", field, text);
    if (period != NULL)
        report_money(count, "by_period", period->key, field, text);
}

static void
agreed(struct report_count *count, struct report_walk *walk, const struct report_entry *entry)
{
    const json_t *days = field_after(walk, entry, "days");
    json_t *memory = report_memory(count, walk);

    if (json_object_get(memory, "agreed") != NULL)
        return;
    if (json_object_set_new(memory, "agreed", json_true()) != 0)
        count->report->nomem = true;
    if (!report_in_period(count->report, entry->at))
        return;
    report_note(count, walk, entry->at, "changes_agreed", 1);
    if (json_is_integer(days))
        report_note(count, walk, entry->at, "days_agreed", json_integer_value(days));
    money_note(count, walk, entry->at, "cost_agreed", field_after(walk, entry, "cost"));
}

static void
changes_entry(struct report_count *count, struct report_walk *walk,
              const struct report_entry *entry)
{
    json_t *memory = report_memory(count, walk);
    const char *serves = report_serves(count->report, walk->workflow);

    if (serves == NULL)
        return;
    if (strcmp(serves, "change_request") == 0 && enters(entry, "implementing"))
        agreed(count, walk, entry);
    if (strcmp(serves, "charter") == 0 && enters(entry, "baselined") &&
        json_object_get(memory, "baseline") == NULL) {
        if (json_object_set_new(memory, "baseline", json_true()) != 0)
            count->report->nomem = true;
        money_note(count, walk, -1, "baseline", field_after(walk, entry, "budget"));
    }
}

static void
changes_last(struct report_count *count, struct report_walk *walk)
{
    const char *outcome = json_string_value(walk->outcome);
    const char *serves = report_serves(count->report, walk->workflow);
    bool was = json_object_get(report_memory(count, walk), "agreed") != NULL;

    if (serves == NULL || strcmp(serves, "change_request") != 0)
        return;
    if (report_in_period(count->report, walk->opened_at))
        report_note(count, walk, walk->opened_at, "changes_asked", 1);
    if (walk->closed_at == 0 || !report_in_period(count->report, walk->closed_at))
        return;
    if (!was)
        report_note(count, walk, walk->closed_at, "changes_refused", 1);
    else if (outcome != NULL && strcmp(outcome, "implemented") == 0)
        report_note(count, walk, walk->closed_at, "changes_done", 1);
}

/* The cost by the baseline, in percent with one place; both are exact decimals. */
static void
ratio_put(struct report_count *count, const char *table, const char *key)
{
    const char *cost = json_string_value(report_counted(count, table, key, "cost_agreed"));
    const char *base = json_string_value(report_counted(count, table, key, "baseline"));
    struct sgn_decimal a, b;
    char text[32];
    int64_t tenths;

    if (cost == NULL || base == NULL || !sgn_decimal_parse(cost, &a) ||
        !sgn_decimal_parse(base, &b) || !sgn_decimal_rescale(a, 2, &a) ||
        !sgn_decimal_rescale(b, 2, &b) || b.coefficient <= 0 || a.coefficient < 0 ||
        a.coefficient > INT64_MAX / 4000 || b.coefficient > INT64_MAX / 4)
        return;
    tenths = (2000 * a.coefficient + b.coefficient) / (2 * b.coefficient);
    snprintf(text, sizeof text, "%lld.%lld", (long long)(tenths / 10), (long long)(tenths % 10));
    report_say(count, table, key, "cost_share", text);
}

static void
changes_finish(struct report_count *count)
{
    const json_t *names = json_object_get(count->report->options.names, "projects");
    const char *key;
    json_t *row;

    ratio_put(count, "all", "");
    json_object_foreach(json_object_get(count->box, "by_project"), key, row) {
        const char *currency = sgn_json_str(json_object_get(names, key), "currency");
        ratio_put(count, "by_project", key);
        report_say(count, "by_project", key, "currency",
                   currency != NULL ? currency : count->report->currency);
    }
}

#define CHANGE_COUNTS                                                                              \
    { .figure = "changes_asked" }, { .figure = "changes_agreed" },                                 \
        { .figure = "changes_refused" },                                                           \
    {                                                                                              \
        .figure = "changes_done"                                                                   \
    }
#define CHANGE_MONEY                                                                               \
    { .figure = "days_agreed" }, REPORT_COLUMN("cost_agreed", NULL, REPORT_SAID),                  \
        REPORT_COLUMN("baseline", NULL, REPORT_SAID),                                              \
        REPORT_COLUMN("cost_share", NULL, REPORT_SAID)

const struct report_section report_changes = {
    .name = "changes",
    .title = "Changes",
    .text = "Change requests, and what they cost against the baseline.",
    .figures = { CHANGE_COUNTS, CHANGE_MONEY },
    .tables = {
        { "by_period", "Over time", REPORT_BY_PERIOD, NULL, { "columns", { "changes_asked", "changes_agreed" } },
          { CHANGE_COUNTS, REPORT_COLUMN("cost_agreed", NULL, REPORT_SAID) } },
        { "by_project", "By project", REPORT_BY_PROJECT, "changes_asked", { 0 },
          { CHANGE_COUNTS, CHANGE_MONEY, REPORT_COLUMN("currency", NULL, REPORT_SAID) } },
        { "by_client", "By client", REPORT_BY_CLIENT, "changes_asked", { 0 }, { CHANGE_COUNTS } },
    },
    .entry = changes_entry,
    .last = changes_last,
    .finish = changes_finish,
};
