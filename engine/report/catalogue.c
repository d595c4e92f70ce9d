/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What reports there are, and what each figure means: the one place where it is said. It is printed
 * under every report, in report.list and in the reference.
 */
#include "report_internal.h"
#include <string.h>

/* clang-format off */
static const struct report_figure figures[] = {
    { "opened", "Opened", REPORT_COUNT, "Cases that were opened in the period." },
    { "ended", "Ended", REPORT_COUNT, "Cases that ended in the period, however." },
    { "open", "Open", REPORT_COUNT, "Cases that were open at the end of the period." },
    { "overdue", "Overdue", REPORT_COUNT, "Of them those with a deadline that had passed and was still running." },
    { "share", "Share", REPORT_PERCENT, "Of the sum of all rows." },
    { "median", "Median", REPORT_WORKING, "Cycle time that half of the cases did not exceed (nearest rank): working time of the team's own calendar from opening to the end; all time where the team declares no calendar." },
    { "p85", "85th percentile", REPORT_WORKING, "The same that 85 of a hundred did not exceed." },
    { "p95", "95th percentile", REPORT_WORKING, "The same that 95 of a hundred did not exceed." },
    { "mean", "Mean", REPORT_WORKING, "Sum of the cycle times by their number." },
    { "held_median", "In hand, median", REPORT_WORKING, "The same as the median without the time in which nobody was waited for, such as the weeks that an answered case stays open in." },
    { "elapsed_median", "Elapsed, median", REPORT_ELAPSED, "Median of the whole time from opening to the end, nights and holidays too." },
    { "reopened", "Of them reopened", REPORT_COUNT, "Cases that ended in the period and in which the event \"reopen\" had been taken, once or more." },
    { "reopen_rate", "Reopen rate", REPORT_PERCENT, "Reopened cases by those that ended in the period." },
    { "reopenings", "Reopenings", REPORT_COUNT, "How often the event \"reopen\" was taken in the period, of cases that have not ended too." },
    { "waiting_time", "Working time", REPORT_WORKING, "Working time of the team's own calendar, summed over the cases that were open. By person and role it counts for each who was waited for at the same time." },
    { "waiting_team", "Team", REPORT_WORKING, "Time in which the team alone was waited for." },
    { "waiting_client", "Client", REPORT_WORKING, "Time in which the client alone was waited for: people of the client, or the role client." },
    { "waiting_both", "Team and client", REPORT_WORKING, "Time in which both had something to do." },
    { "waiting_third", "Third party", REPORT_WORKING, "Time in which somebody else was waited for: a role called supplier, vendor, subcontractor or third_party, or a state called third_line, third_party, with_supplier or with_vendor." },
    { "waiting_nobody", "Nobody", REPORT_WORKING, "Time in which a case was open and nobody had anything to do, such as a term that runs out." },
    { "client_share", "Share of the client", REPORT_PERCENT, "Time in which the client alone was waited for, of all working time of open cases." },
    { "judged", "Judged", REPORT_COUNT, "Deadlines that were over, or passed, in the period." },
    { "kept", "Kept", REPORT_COUNT, "Deadlines that were over before they were due, or when they were." },
    { "missed", "Missed", REPORT_COUNT, "Deadlines that passed while they were running." },
    { "kept_rate", "Kept, share", REPORT_PERCENT, "Kept deadlines of those that were judged." },
    { "late_median", "Late by, median", REPORT_WORKING, "Of missed deadlines that are over: working time from when they were due to their end, median." },
    { "late_p85", "Late by, 85th percentile", REPORT_WORKING, "The same that 85 of a hundred did not exceed." },
    { "warnings", "Warnings", REPORT_COUNT, "Steps that a deadline took before it was due." },
    { "escalations", "Escalations", REPORT_COUNT, "Steps that a deadline took when it was due, or later." },
    { "reminders", "With reminders", REPORT_COUNT, "Steps of either kind that reminded somebody." },
    { "handed_on", "Handed on", REPORT_COUNT, "Escalations that gave the case to somebody else." },
    { "raised", "Priority raised", REPORT_COUNT, "Steps that changed the priority." },
    { "decided_by_time", "Moved by time", REPORT_COUNT, "Steps that moved the case on by themselves, such as an acceptance that is deemed given." },
};

static const struct report_row rows[] = {
    { "summary", "Summary", "The figures that are asked for most, on one page.",
      { &report_throughput, &report_cycle_time, &report_waiting, &report_deadlines, &report_reopened, &report_escalations }, true },
    { "throughput", "Throughput", "What was opened, what ended, and what is left.", { &report_throughput }, false },
    { "cycle_time", "Cycle time", "How long cases take, and how far that spreads.", { &report_cycle_time, &report_reopened }, false },
    { "waiting", "Waiting for whom", "Where the time goes: who had to do the next thing.", { &report_waiting }, false },
    { "deadlines", "Deadlines", "Deadlines that were kept and missed, and what was done about late ones.", { &report_deadlines, &report_escalations }, false },
};
/* clang-format on */

const struct report_row *
report_rows(size_t *n)
{
    *n = sizeof(rows) / sizeof(rows[0]);
    return rows;
}

const struct report_row *
report_find(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

const struct report_figure *
report_figure(const char *name)
{
    for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
        if (strcmp(figures[i].name, name) == 0)
            return &figures[i];
    return NULL;
}

const char *
report_unit_name(enum report_unit unit)
{
    static const char *const names[] = {
        [REPORT_COUNT] = "count",     [REPORT_WORKING] = "working", [REPORT_ELAPSED] = "elapsed",
        [REPORT_PERCENT] = "percent", [REPORT_POINTS] = "points",   [REPORT_NUMBER] = "number",
        [REPORT_MONEY] = "money",     [REPORT_TEXT] = "text",       [REPORT_DAY] = "day"
    };

    return names[unit];
}

/* ---- what there is ---- */

static json_t *
section_list(const struct report_row *row, const char *language)
{
    json_t *list = json_array();

    for (int i = 0; row->sections[i] != NULL; i++)
        (void)json_array_append_new(list,
                                    json_pack("{s:s, s:s, s:s}", "name", row->sections[i]->name,
                                              "title", sgn_say(language, row->sections[i]->title),
                                              "text", sgn_say(language, row->sections[i]->text)));
    return list;
}

json_t *
report_list(const char *language)
{
    json_t *list = json_array();

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "name", rows[i].name,
                                                  "title", sgn_say(language, rows[i].title), "text",
                                                  sgn_say(language, rows[i].text), "sections",
                                                  section_list(&rows[i], language))) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

json_t *
report_figures(const char *language)
{
    json_t *list = json_array();

    for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
        if (json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "name", figures[i].name,
                                                  "title", sgn_say(language, figures[i].title),
                                                  "unit", report_unit_name(figures[i].unit), "text",
                                                  sgn_say(language, figures[i].text))) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}
