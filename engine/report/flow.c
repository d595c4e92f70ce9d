/* SPDX-License-Identifier: Apache-2.0 */
/* What came, what went, and how long it took: throughput, cycle time, reopening. */
#include "report_internal.h"
#include <string.h>

/* ---- throughput ---- */

static bool
is_overdue(const struct report_walk *walk, int64_t at)
{
    const char *id;
    json_t *one;

    json_object_foreach(walk->deadlines, id, one) {
        int64_t due = sgn_json_int(one, "due", 0);
        const char *kind = sgn_json_str(one, "kind");
        if (!sgn_json_true(one, "over") && due > 0 && due < at && kind != NULL &&
            strcmp(kind, "within") == 0)
            return true;
    }
    return false;
}

static void
throughput_last(struct report_count *count, struct report_walk *walk)
{
    const struct report *report = count->report;
    const char *outcome = json_string_value(walk->outcome);
    char key[REPORT_KEY_BYTES];
    const json_t *state;
    size_t i;

    if (report_in_period(report, walk->opened_at))
        report_note(count, walk, walk->opened_at, "opened", 1);
    else
        report_add(count, "all", "", "before", 1);
    if (walk->closed_at != 0) {
        if (!report_in_period(report, walk->closed_at)) {
            report_add(count, "all", "", "before", -1);
            return;
        }
        report_note(count, walk, walk->closed_at, "ended", 1);
        report_key(key, walk->workflow, outcome);
        report_add(count, "by_outcome", key, "ended", 1);
        return;
    }
    report_note(count, walk, -1, "open", 1);
    report_note(count, walk, -1, "overdue", is_overdue(walk, report->limit));
    json_array_foreach(walk->states, i, state) {
        report_key(key, walk->workflow, json_string_value(state));
        report_add(count, "by_state", key, "open", 1);
    }
}

/* At the end of each week: what was open before it, more what came, less what went. */
static void
throughput_finish(struct report_count *count)
{
    const struct report *report = count->report;
    int64_t open = json_integer_value(report_counted(count, "all", "", "before"));

    for (int i = 0; i < report->n_periods; i++) {
        const char *key = report->periods[i].key;
        open += json_integer_value(report_counted(count, "by_period", key, "opened"));
        open -= json_integer_value(report_counted(count, "by_period", key, "ended"));
        report_add(count, "by_period", key, "open", open);
    }
}

#define FLOW_COLUMNS                                                                               \
    {                                                                                              \
        { .figure = "opened" }, { .figure = "ended" }, { .figure = "open" },                       \
        {                                                                                          \
            .figure = "overdue"                                                                    \
        }                                                                                          \
    }

const struct report_section report_throughput = {
    .name = "throughput",
    .title = "Throughput",
    .text = "What was opened, what ended, and what is left.",
    .figures = FLOW_COLUMNS,
    .tables = {
        { "by_period", "Over time", REPORT_BY_PERIOD, NULL, { "columns", { "opened", "ended" } },
          { { .figure = "opened" }, { .figure = "ended" }, { .figure = "open" } } },
        { "by_workflow", "By workflow", REPORT_BY_WORKFLOW, "opened", { 0 }, FLOW_COLUMNS },
        { "by_state", "Where open cases are", REPORT_BY_STATE, "open", { "bars", { "open" } },
          { { .figure = "open" } } },
        { "by_outcome", "How cases ended", REPORT_BY_OUTCOME, "ended", { "bars", { "ended" } },
          { { .figure = "ended" }, REPORT_COLUMN_OF("share", "ended", REPORT_PART, "ended") } },
        { "by_project", "By project", REPORT_BY_PROJECT, "opened", { 0 }, FLOW_COLUMNS },
        { "by_client", "By client", REPORT_BY_CLIENT, "opened", { 0 }, FLOW_COLUMNS },
    },
    .last = throughput_last,
    .finish = throughput_finish,
};

/* ---- cycle time ---- */

/* Time in which somebody was waited for, from the case's beginning: also before the period. */
static void
cycle_entry(struct report_count *count, struct report_walk *walk, const struct report_entry *entry)
{
    json_t *memory = report_memory(count, walk);
    int64_t held = sgn_json_int(memory, "held", 0);

    if (walk->begun && json_array_size(walk->waiting) > 0)
        held += report_working(count->report, walk->at, entry->at);
    if (memory == NULL || json_object_set_new(memory, "held", json_integer(held)) != 0)
        count->report->nomem = true;
}

static void
cycle_last(struct report_count *count, struct report_walk *walk)
{
    const struct report *report = count->report;
    int64_t at = walk->closed_at;

    if (at == 0 || !report_in_period(report, at))
        return;
    report_note(count, walk, at, "ended", 1);
    report_note_time(count, walk, at, "cycle", report_working(report, walk->opened_at, at));
    report_note_time(count, walk, at, "elapsed", at - walk->opened_at);
    report_note_time(count, walk, at, "held", sgn_json_int(report_memory(count, walk), "held", 0));
}

#define CYCLE_COLUMNS                                                                              \
    {                                                                                              \
        { .figure = "ended" }, REPORT_COLUMN("median", "cycle", REPORT_MEDIAN),                    \
            REPORT_COLUMN("p85", "cycle", REPORT_P85), REPORT_COLUMN("p95", "cycle", REPORT_P95),  \
            REPORT_COLUMN("mean", "cycle", REPORT_MEAN),                                           \
            REPORT_COLUMN("held_median", "held", REPORT_MEDIAN),                                   \
            REPORT_COLUMN("elapsed_median", "elapsed", REPORT_MEDIAN)                              \
    }

const struct report_section report_cycle_time = {
    .name = "cycle_time",
    .title = "Cycle time",
    .text = "From the opening of a case to its end, of those that ended in the period.",
    .figures = CYCLE_COLUMNS,
    .tables = {
        { "by_period", "By when they ended", REPORT_BY_PERIOD, NULL, { "columns", { "median" } },
          { { .figure = "ended" }, REPORT_COLUMN("median", "cycle", REPORT_MEDIAN),
            REPORT_COLUMN("p85", "cycle", REPORT_P85) } },
        { "by_workflow", "By workflow", REPORT_BY_WORKFLOW, "ended", { 0 }, CYCLE_COLUMNS },
        { "by_project", "By project", REPORT_BY_PROJECT, "ended", { 0 }, CYCLE_COLUMNS },
        { "by_client", "By client", REPORT_BY_CLIENT, "ended", { 0 }, CYCLE_COLUMNS },
    },
    .entry = cycle_entry,
    .last = cycle_last,
};

/* ---- reopened ---- */

static void
reopened_entry(struct report_count *count, struct report_walk *walk,
               const struct report_entry *entry)
{
    const char *event = sgn_json_str(json_object_get(entry->shared, "event"), "name");
    const char *kind = sgn_json_str(entry->header, "kind");
    json_t *memory;

    if (event == NULL)
        event = sgn_json_str(json_object_get(entry->internal, "event"), "name");
    if (event == NULL || kind == NULL || strcmp(kind, "fire") != 0 || strcmp(event, "reopen") != 0)
        return;
    memory = report_memory(count, walk);
    if (memory == NULL || json_object_set_new(memory, "was", json_true()) != 0)
        count->report->nomem = true;
    if (report_in_period(count->report, entry->at))
        report_note(count, walk, entry->at, "reopenings", 1);
}

static void
reopened_last(struct report_count *count, struct report_walk *walk)
{
    bool was = sgn_json_true(report_memory(count, walk), "was");

    if (walk->closed_at == 0 || !report_in_period(count->report, walk->closed_at))
        return;
    report_note(count, walk, walk->closed_at, "ended", 1);
    report_note(count, walk, walk->closed_at, "reopened", was);
}

#define REOPENED_COLUMNS                                                                           \
    {                                                                                              \
        { .figure = "ended" }, { .figure = "reopened" },                                           \
            REPORT_COLUMN_OF("reopen_rate", "reopened", REPORT_SHARE, "ended"),                    \
        {                                                                                          \
            .figure = "reopenings"                                                                 \
        }                                                                                          \
    }

const struct report_section report_reopened = {
    .name = "reopened",
    .title = "Reopened",
    .text = "Cases that came back after they had been answered.",
    .figures = REOPENED_COLUMNS,
    .tables = {
        { "by_workflow", "By workflow", REPORT_BY_WORKFLOW, "reopened", { 0 }, REOPENED_COLUMNS },
        { "by_project", "By project", REPORT_BY_PROJECT, "reopened", { 0 }, REOPENED_COLUMNS },
        { "by_client", "By client", REPORT_BY_CLIENT, "reopened", { 0 }, REOPENED_COLUMNS },
    },
    .entry = reopened_entry,
    .last = reopened_last,
};
