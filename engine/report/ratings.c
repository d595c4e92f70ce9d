/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Satisfaction: what clients' people answered to questions whose bounds say what they are, in
 * whatever workflow: 1 to 5 (CSAT), 0 to 10 (NPS), 1 to 7 (CES).
 */
#include "report_internal.h"
#include <stdlib.h>
#include <string.h>

/* What is counted of the answers to one kind of question: those from one number to another. */
static const struct scale {
    const char *kind, *answers, *sum;
    int64_t low, high;
    struct {
        const char *field;
        int64_t from, to;
    } parts[2];
} scales[] = {
    { "csat", "csat_answers", "csat_sum", 1, 5, { { "csat_four", 4, 5 } } },
    { "nps", "nps_answers", NULL, 0, 10, { { "promoters", 9, 10 }, { "detractors", 0, 6 } } },
    { "ces", "ces_answers", NULL, 1, 7, { { "ces_five", 5, 7 } } },
    { 0 },
};

static const struct scale *
scale_of(const char *kind, int64_t n)
{
    for (const struct scale *s = scales; s->kind != NULL; s++)
        if (strcmp(s->kind, kind) == 0 && n >= s->low && n <= s->high)
            return s;
    return NULL;
}

static void
rate(struct report_count *count, struct report_walk *walk, int64_t at, const struct scale *s,
     int64_t n)
{
    report_note(count, walk, at, s->answers, 1);
    for (int i = 0; i < 2 && s->parts[i].field != NULL; i++)
        report_note(count, walk, at, s->parts[i].field,
                    n >= s->parts[i].from && n <= s->parts[i].to);
    if (s->sum != NULL)
        report_note(count, walk, at, s->sum, n);
}

/* Latest first: what a row is sorted by is put once. */
static void
sort_by(struct report_count *count, const char *table, const char *key, int64_t place)
{
    if (report_counted(count, table, key, "place") == NULL)
        report_add(count, table, key, "place", place);
}

static void
rate_quarter(struct report_count *count, int64_t at, const struct scale *s, int64_t n)
{
    char day[12], key[32];
    int year, quarter;

    report_day(count->report, at, day);
    year = (int)strtol(day, NULL, 10);
    quarter = ((int)strtol(day + 5, NULL, 10) + 2) / 3;
    snprintf(key, sizeof key, "%04d-Q%d", year, quarter);
    sort_by(count, "by_quarter", key, year * 4 + quarter);
    report_add(count, "by_quarter", key, s->answers, 1);
    for (int i = 0; i < 2 && s->parts[i].field != NULL; i++)
        report_add(count, "by_quarter", key, s->parts[i].field,
                   n >= s->parts[i].from && n <= s->parts[i].to);
    if (s->sum != NULL)
        report_add(count, "by_quarter", key, s->sum, n);
}

/* An answer by itself: "SV-1 #3 csat", the field in the case's third entry. */
static void
list_answer(struct report_count *count, const struct report_walk *walk,
            const struct report_entry *entry, const char *name, int64_t n)
{
    const char *kind = sgn_json_str(report_flow(count->report, walk->workflow, "ratings"), name);
    char key[REPORT_KEY_BYTES], day[12];

    snprintf(key, sizeof key, "%s #%lld %s", walk->key,
             (long long)sgn_json_int(entry->header, "case_seq", 0), name);
    report_day(count->report, entry->at, day);
    sort_by(count, "each", key, entry->at);
    report_say(count, "each", key, "answered_on", day);
    report_say(count, "each", key, "question",
               strcmp(kind, "csat") == 0  ? "CSAT"
               : strcmp(kind, "nps") == 0 ? "NPS"
                                          : "CES");
    report_add(count, "each", key, "score", n);
    report_say(count, "each", key, "of_project", walk->project);
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
        int64_t n = json_integer_value(value);
        const struct scale *s =
            json_is_integer(value) ? scale_of(json_string_value(kind), n) : NULL;

        if (s == NULL)
            continue;
        rate(count, walk, entry->at, s, n);
        rate_quarter(count, entry->at, s, n);
        list_answer(count, walk, entry, name, n);
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
        { "by_quarter", "By quarter", REPORT_BY_OTHER, "place", { 0 }, RATING_COLUMNS },
        { "each", "Answer by answer", REPORT_BY_OTHER, "place", { 0 },
          { REPORT_COLUMN("answered_on", "answered_on", REPORT_SAID),
            REPORT_COLUMN("question", "question", REPORT_SAID), { .figure = "score" },
            REPORT_COLUMN("of_project", "of_project", REPORT_SAID) } },
    },
    .entry = satisfaction_entry,
};
