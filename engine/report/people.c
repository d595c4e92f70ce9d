/* SPDX-License-Identifier: Apache-2.0 */
/* Workload: what lies with whom at the end of the period, and what they did in it. */
#include "report_internal.h"
#include <string.h>

static void
workload_entry(struct report_count *count, struct report_walk *walk,
               const struct report_entry *entry)
{
    const char *actor = sgn_json_str(entry->header, "actor");
    const json_t *people = json_object_get(count->report->options.names, "people");

    (void)walk;
    if (actor == NULL || json_object_get(people, actor) == NULL ||
        report_client_of(count->report, actor) != NULL ||
        !report_in_period(count->report, entry->at))
        return;
    report_add(count, "all", "", "acts", 1);
    report_add(count, "by_person", actor, "acts", 1);
}

/* Once for a case, however often it names the person. */
static bool
named_before(const json_t *waiting, size_t n, const char *person)
{
    for (size_t i = 0; i < n; i++) {
        const char *other = sgn_json_str(json_array_get(waiting, i), "person");
        if (other != NULL && strcmp(other, person) == 0)
            return true;
    }
    return false;
}

/* Offered to a role: to everybody who holds it in the project. */
static void
offer(struct report_count *count, const struct report_walk *walk, const char *role)
{
    const json_t *roles = json_object_get(count->report->options.names, "roles");
    const char *person;
    json_t *held;

    json_object_foreach((json_t *)(uintptr_t)json_object_get(roles, walk->project), person, held)
        if (sgn_json_has(held, role))
            report_add(count, "by_person", person, "offered", 1);
}

static void
workload_last(struct report_count *count, struct report_walk *walk)
{
    struct report *report = count->report;
    const json_t *row;
    size_t i;

    if (walk->closed_at != 0)
        return;
    json_array_foreach(walk->waiting, i, row) {
        const char *person = sgn_json_str(row, "person"), *role = sgn_json_str(row, "role");
        int64_t due = sgn_json_int(row, "due", 0);

        if (report_is_clients(report, row) ||
            (person != NULL && named_before(walk->waiting, i, person)))
            continue;
        report_add(count, "all", "", person != NULL ? "waits" : "offered", 1);
        if (person == NULL) {
            if (role != NULL)
                offer(count, walk, role);
            continue;
        }
        report_add(count, "by_person", person, "waits", 1);
        if (due > 0 && due < report->limit) {
            report_add(count, "by_person", person, "late", 1);
            report_add(count, "all", "", "late", 1);
        }
    }
}

/* In how many projects each has a role. */
static void
workload_finish(struct report_count *count)
{
    const json_t *roles = json_object_get(count->report->options.names, "roles");
    const char *project, *person;
    json_t *people, *held;

    json_object_foreach((json_t *)(uintptr_t)roles, project, people)
        json_object_foreach(people, person, held)
            if (report_counted(count, "by_person", person, "acts") != NULL ||
                report_counted(count, "by_person", person, "waits") != NULL ||
                report_counted(count, "by_person", person, "offered") != NULL)
                report_add(count, "by_person", person, "projects", 1);
}

const struct report_section report_workload = {
    .name = "workload",
    .title = "Workload",
    .text = "What lies with whom at the end of the period, and how much they did in it.",
    .figures = { { .figure = "waits" }, { .figure = "late" }, { .figure = "offered" }, { .figure = "acts" } },
    .tables = {
        { "by_person", "By person", REPORT_BY_PERSON, "waits", { "bars", { "waits" } },
          { { .figure = "waits" }, { .figure = "late" }, { .figure = "offered" }, { .figure = "acts" },
            { .figure = "projects" } } },
    },
    .entry = workload_entry,
    .last = workload_last,
    .finish = workload_finish,
};
