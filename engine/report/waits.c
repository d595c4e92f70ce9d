/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time waiting for whom. A case waits for whom its waiting list names, from the entry that says so
 * to the next one that says otherwise.
 */
#include "report_internal.h"
#include <stdio.h>
#include <string.h>

/* People of other firms have no side of their own in the store: they are known by what the role is
 * called that is waited for, or the state in which the case is with them. */
static const char *const third_roles[] = { "supplier", "vendor", "third_party", "subcontractor" };
static const char *const third_states[] = { "third_line", "third_party", "with_supplier",
                                            "with_vendor" };

static bool
is_one(const char *text, const char *const *words, size_t n)
{
    for (size_t i = 0; text != NULL && i < n; i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

#define IS_ONE(text, words) is_one(text, words, sizeof(words) / sizeof((words)[0]))

/* Which side has it: "team", "client", "third", "both", "nobody". */
static const char *
side_of(const struct report *report, const json_t *waiting)
{
    bool team = false, client = false, third = false;
    const json_t *one;
    size_t i;

    json_array_foreach(waiting, i, one) {
        if (report_is_clients(report, one))
            client = true;
        else if (IS_ONE(sgn_json_str(one, "role"), third_roles) ||
                 IS_ONE(sgn_json_str(one, "state"), third_states))
            third = true;
        else
            team = true;
    }
    if (client)
        return team ? "both" : "client";
    return third ? "third" : team ? "team" : "nobody";
}

/* "person/li", "role/client". */
static void
whom_key(const json_t *waiting, char out[REPORT_KEY_BYTES])
{
    static const char *const kinds[] = { "person", "role", "group" };

    out[0] = '\0';
    for (size_t i = 0; i < 3 && out[0] == '\0'; i++)
        if (sgn_json_str(waiting, kinds[i]) != NULL)
            report_key(out, kinds[i], sgn_json_str(waiting, kinds[i]));
}

/* Has it been counted in this span, by an earlier one of the list? */
static bool
seen_before(const json_t *waiting, size_t n, const char *key)
{
    char other[REPORT_KEY_BYTES];

    for (size_t i = 0; i < n; i++) {
        whom_key(json_array_get(waiting, i), other);
        if (strcmp(other, key) == 0)
            return true;
    }
    return false;
}

static void
waiting_span(struct report_count *count, struct report_walk *walk, int64_t from, int64_t to)
{
    const struct report *report = count->report;
    int64_t ms = walk->closed_at == 0 ? report_working(report, from, to) : 0;
    char key[REPORT_KEY_BYTES], field[32];
    const json_t *one;
    size_t i;

    if (ms == 0)
        return;
    snprintf(field, sizeof field, "waiting_%s", side_of(report, walk->waiting));
    report_note(count, walk, -1, field, ms);
    report_note(count, walk, -1, "waiting_all", ms);
    report_add(count, "by_side", field, "waiting_time", ms);
    json_array_foreach(walk->states, i, one) {
        report_key(key, walk->workflow, json_string_value(one));
        report_add(count, "by_state", key, "waiting_time", ms);
    }
    json_array_foreach(walk->waiting, i, one) {
        whom_key(one, key);
        if (key[0] != '\0' && !seen_before(walk->waiting, i, key))
            report_add(count, "by_whom", key, "waiting_time", ms);
    }
}

#define SIDE_COLUMNS                                                                               \
    {                                                                                              \
        { .figure = "waiting_team" }, { .figure = "waiting_client" },                              \
            { .figure = "waiting_both" }, { .figure = "waiting_third" },                           \
            { .figure = "waiting_nobody" },                                                        \
            REPORT_COLUMN_OF("client_share", "waiting_client", REPORT_SHARE, "waiting_all")        \
    }

const struct report_section report_waiting = {
    .name = "waiting",
    .title = "Waiting for whom",
    .text = "Working time that open cases spent in the period, by who had to do the next thing.",
    .figures = SIDE_COLUMNS,
    .tables = {
        { "by_side", "By side", REPORT_BY_WORD, "waiting_time", { "bars", { "waiting_time" } },
          { { .figure = "waiting_time" }, REPORT_COLUMN_OF("share", "waiting_time", REPORT_PART, "waiting_all") } },
        { "by_whom", "By person and role", REPORT_BY_WHOM, "waiting_time", { "bars", { "waiting_time" } },
          { { .figure = "waiting_time" } } },
        { "by_state", "By state", REPORT_BY_STATE, "waiting_time", { 0 }, { { .figure = "waiting_time" } } },
        { "by_workflow", "By workflow", REPORT_BY_WORKFLOW, "waiting_all", { 0 }, SIDE_COLUMNS },
        { "by_project", "By project", REPORT_BY_PROJECT, "waiting_all", { 0 }, SIDE_COLUMNS },
        { "by_client", "By client", REPORT_BY_CLIENT, "waiting_all", { 0 }, SIDE_COLUMNS },
    },
    .span = waiting_span,
};
