/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deadlines: those that were kept, those that were missed, and the steps that were taken when
 * something was late.
 */
#include "report_internal.h"
#include <string.h>

/* ---- kept and missed ---- */

/* Judges one deadline by the due time that it had last: when it was over, or when it passed. */
static void
judge(struct report_count *count, struct report_walk *walk, const json_t *one)
{
    const struct report *report = count->report;
    int64_t due = sgn_json_int(one, "due", 0), ended = sgn_json_int(one, "over_at", 0);
    bool over = sgn_json_true(one, "over");
    bool paused = due == 0 && sgn_json_int(one, "left", 0) > 0;
    bool kept = over && (paused || ended <= due);
    int64_t at = kept ? ended : due, late;
    char key[REPORT_KEY_BYTES];

    if ((due == 0 && !paused) || (!over && (paused || due >= report->limit)) ||
        !report_in_period(report, at))
        return;
    report_key(key, walk->workflow, sgn_json_str(one, "name"));
    report_note(count, walk, at, "judged", 1);
    report_note(count, walk, at, "kept", kept);
    report_note(count, walk, at, "missed", !kept);
    report_add(count, "by_deadline", key, "judged", 1);
    report_add(count, "by_deadline", key, "kept", kept);
    report_add(count, "by_deadline", key, "missed", !kept);
    if (kept || !over)
        return;
    late = report_working(report, due, ended);
    report_note_time(count, walk, at, "lateness", late);
    report_time(count, "by_deadline", key, "lateness", late);
}

static void
deadlines_last(struct report_count *count, struct report_walk *walk)
{
    const char *id, *kind;
    json_t *one;

    json_object_foreach(walk->deadlines, id, one) {
        kind = sgn_json_str(one, "kind");
        if (kind != NULL && strcmp(kind, "within") == 0)
            judge(count, walk, one);
    }
}

#define KEPT_COLUMNS                                                                               \
    {                                                                                              \
        { .figure = "judged" }, { .figure = "kept" }, { .figure = "missed" },                      \
            REPORT_COLUMN_OF("kept_rate", "kept", REPORT_SHARE, "judged"),                         \
            REPORT_COLUMN("late_median", "lateness", REPORT_MEDIAN),                               \
            REPORT_COLUMN("late_p85", "lateness", REPORT_P85)                                      \
    }

const struct report_section report_deadlines = {
    .name = "deadlines",
    .title = "Deadlines",
    .text = "Each deadline is judged once, by its own calendar and the due time that it had last: "
            "in the period in which it was over, or passed.",
    .figures = KEPT_COLUMNS,
    .tables = {
        { "by_deadline", "By deadline", REPORT_BY_DEADLINE, "missed", { "stack", { "kept", "missed" } }, KEPT_COLUMNS },
        { "by_period", "Over time", REPORT_BY_PERIOD, NULL, { 0 }, { { .figure = "kept" }, { .figure = "missed" },
            REPORT_COLUMN_OF("kept_rate", "kept", REPORT_SHARE, "judged") } },
        { "by_workflow", "By workflow", REPORT_BY_WORKFLOW, "missed", { 0 }, KEPT_COLUMNS },
        { "by_project", "By project", REPORT_BY_PROJECT, "missed", { 0 }, KEPT_COLUMNS },
        { "by_client", "By client", REPORT_BY_CLIENT, "missed", { 0 }, KEPT_COLUMNS },
    },
    .last = deadlines_last,
};

/* ---- escalations ---- */

/* What a rung or a transition asked for, of this kind: how often. */
static int
effects_of(const json_t *internal, const char *kind)
{
    const json_t *effect;
    const char *its;
    size_t i;
    int n = 0;

    json_array_foreach(json_object_get(internal, "effects"), i, effect) {
        its = sgn_json_str(effect, "kind");
        n += its != NULL && strcmp(its, kind) == 0;
    }
    return n;
}

static void
step(struct report_count *count, struct report_walk *walk, const struct report_entry *entry,
     const char *deadline, const char *field)
{
    char key[REPORT_KEY_BYTES];

    report_key(key, walk->workflow, deadline);
    report_note(count, walk, entry->at, field, 1);
    report_add(count, "by_deadline", key, field, 1);
}

static void
escalations_entry(struct report_count *count, struct report_walk *walk,
                  const struct report_entry *entry)
{
    const json_t *event = json_object_get(entry->internal, "event");
    const char *rung, *deadline;
    bool late;

    if (event == NULL)
        event = json_object_get(entry->shared, "event");
    rung = sgn_json_str(event, "rung");
    deadline = sgn_json_str(event, "deadline");
    if (rung == NULL || deadline == NULL || !report_in_period(count->report, entry->at))
        return;
    late = strchr(rung, '%') == NULL;
    step(count, walk, entry, deadline, late ? "escalations" : "warnings");
    if (effects_of(entry->internal, "remind") > 0)
        step(count, walk, entry, deadline, "reminders");
    if (json_object_get(entry->internal, "owners") != NULL && late)
        step(count, walk, entry, deadline, "handed_on");
    if (json_object_get(entry->internal, "priority") != NULL)
        step(count, walk, entry, deadline, "raised");
    if (json_array_size(json_object_get(entry->shared, "entered")) > 0)
        step(count, walk, entry, deadline, "decided_by_time");
}

#define STEP_COLUMNS                                                                               \
    {                                                                                              \
        { .figure = "warnings" }, { .figure = "escalations" }, { .figure = "reminders" },          \
            { .figure = "handed_on" }, { .figure = "raised" },                                     \
        {                                                                                          \
            .figure = "decided_by_time"                                                            \
        }                                                                                          \
    }

const struct report_section report_escalations = {
    .name = "escalations",
    .title = "Escalations",
    .text = "Steps that deadlines took by themselves, before they were due and after.",
    .figures = STEP_COLUMNS,
    .tables = {
        { "by_deadline", "By deadline", REPORT_BY_DEADLINE, "escalations", { "bars", { "escalations" } }, STEP_COLUMNS },
        { "by_workflow", "By workflow", REPORT_BY_WORKFLOW, "escalations", { 0 }, STEP_COLUMNS },
        { "by_project", "By project", REPORT_BY_PROJECT, "escalations", { 0 }, STEP_COLUMNS },
        { "by_client", "By client", REPORT_BY_CLIENT, "escalations", { 0 }, STEP_COLUMNS },
    },
    .entry = escalations_entry,
};
