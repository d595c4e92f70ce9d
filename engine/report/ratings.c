/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Satisfaction: what clients' people answered to questions whose bounds say what they are, in
 * whatever workflow: 1 to 5 (CSAT), 0 to 10 (NPS), 1 to 7 (CES).
 */
#include "report_internal.h"
#include <string.h>

static void
rate(struct report_count *count, struct report_walk *walk, int64_t at, const char *kind, int64_t n)
{
    if (strcmp(kind, "csat") == 0 && n >= 1 && n <= 5) {
        report_note(count, walk, at, "csat_answers", 1);
        report_note(count, walk, at, "csat_four", n >= 4);
        report_note(count, walk, at, "csat_sum", n);
    } else if (strcmp(kind, "nps") == 0 && n >= 0 && n <= 10) {
        report_note(count, walk, at, "nps_answers", 1);
        report_note(count, walk, at, "promoters", n >= 9);
        report_note(count, walk, at, "detractors", n <= 6);
    } else if (strcmp(kind, "ces") == 0 && n >= 1 && n <= 7) {
        report_note(count, walk, at, "ces_answers", 1);
        report_note(count, walk, at, "ces_five", n >= 5);
    }
}

static void
satisfaction_entry(struct report_count *count, struct report_walk *walk,
                   const struct report_entry *entry)
{
    const char *person = report_giver(entry), *name;
    const json_t *data = json_object_get(json_object_get(entry->shared, "event"), "data");
    const json_t *ratings = report_flow(count->report, walk->workflow, "ratings");
    json_t *kind;

    if (data == NULL || report_client_of(count->report, person) == NULL ||
        !report_in_period(count->report, entry->at))
        return;
    json_object_foreach((json_t *)(uintptr_t)ratings, name, kind) {
        const json_t *value = json_object_get(data, name);
        if (json_is_integer(value))
            rate(count, walk, entry->at, json_string_value(kind), json_integer_value(value));
    }
}

#define RATING_COLUMNS                                                                             \
    {                                                                                              \
        { .figure = "csat_answers" },                                                              \
            REPORT_COLUMN_OF("csat_top", "csat_four", REPORT_SHARE, "csat_answers"),               \
            REPORT_COLUMN_OF("csat_mean", "csat_sum", REPORT_RATIO, "csat_answers"),               \
            { .figure = "nps_answers" },                                                           \
            { .figure = "nps",                                                                     \
              .field = "promoters",                                                                \
              .how = REPORT_LESS,                                                                  \
              .of = "nps_answers",                                                                 \
              .minus = "detractors" },                                                             \
            { .figure = "ces_answers" },                                                           \
            REPORT_COLUMN_OF("ces_easy", "ces_five", REPORT_SHARE, "ces_answers")                  \
    }

const struct report_section report_satisfaction = {
    .name = "satisfaction",
    .title = "Satisfaction",
    .text = "What clients' people answered in the period, in surveys and at the end of cases.",
    .figures = RATING_COLUMNS,
    .tables = {
        { "by_period", "Over time", REPORT_BY_PERIOD, NULL, { 0 }, RATING_COLUMNS },
        { "by_client", "By client", REPORT_BY_CLIENT, "csat_answers", { 0 }, RATING_COLUMNS },
        { "by_project", "By project", REPORT_BY_PROJECT, "csat_answers", { 0 }, RATING_COLUMNS },
        { "by_workflow", "By workflow", REPORT_BY_WORKFLOW, "csat_answers", { 0 }, RATING_COLUMNS },
    },
    .entry = satisfaction_entry,
};
