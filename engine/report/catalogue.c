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
    { "ballots", "Ballots", REPORT_COUNT, "Ballots that were given in the period by those who were asked." },
    { "turn_median", "Turn-round, median", REPORT_WORKING, "Working time from when somebody was asked for a ballot to when they gave it, median." },
    { "turn_p85", "Turn-round, 85th percentile", REPORT_WORKING, "The same that 85 of a hundred did not exceed." },
    { "agreed_share", "Agreed", REPORT_PERCENT, "Ballots that approve, of all ballots." },
    { "not_needed", "Not needed", REPORT_COUNT, "Requests for a ballot that ended without one: it was decided, or withdrawn, before." },
    { "still_asked", "Still asked", REPORT_COUNT, "Requests that were open at the end of the period." },
    { "asked", "Asked", REPORT_COUNT, "Requests to a client that ended in the period or were open at its end: a ballot of a person, or a turn of the client's people together." },
    { "answers", "Answered", REPORT_COUNT, "Of them those that a client's person answered: by an event, a ballot, a task or a change of fields; a comment alone is none." },
    { "answer_share", "Answered, share", REPORT_PERCENT, "Answered requests of those asked." },
    { "answer_median", "Answer, median", REPORT_WORKING, "Working time from the request to the first answer, median." },
    { "answer_p85", "Answer, 85th percentile", REPORT_WORKING, "The same that 85 of a hundred did not exceed." },
    { "unanswered", "Without an answer", REPORT_COUNT, "Requests that ended without one: time ran out, or the team went on. A ballot that was needed no more, since others had decided, is not counted here." },
    { "waits", "Waits for them", REPORT_COUNT, "Open cases that wait for people of the team by name, at the end of the period." },
    { "late", "Of them late", REPORT_COUNT, "Those whose due time had passed." },
    { "offered", "Offered", REPORT_COUNT, "Open cases that wait for a role, for any of those who hold it in the project." },
    { "acts", "Acts", REPORT_COUNT, "What they did in cases in the period: entries of the history in their name." },
    { "projects", "Projects", REPORT_COUNT, "Projects in which they hold a role now." },
    { "csat_answers", "CSAT, answers", REPORT_COUNT, "Answers to questions from 1 to 5 that a client's person gave with an event." },
    { "csat_top", "CSAT, top box", REPORT_PERCENT, "Answers of 4 or 5, by all answers to such questions." },
    { "csat_mean", "CSAT, mean", REPORT_NUMBER, "Sum of these answers by their number." },
    { "nps_answers", "NPS, answers", REPORT_COUNT, "Answers to questions from 0 to 10." },
    { "nps", "NPS", REPORT_POINTS, "Share of 9 and 10 less share of 0 to 6, in points from -100 to 100." },
    { "ces_answers", "CES, answers", REPORT_COUNT, "Answers to questions from 1 to 7." },
    { "ces_easy", "CES", REPORT_PERCENT, "Answers of 5, 6 or 7, by all answers to such questions." },
    { "answered_on", "Answered on", REPORT_DAY, "The day on which it was answered." },
    { "question", "Question", REPORT_TEXT, "CSAT: from 1 to 5. NPS: from 0 to 10. CES: from 1 to 7." },
    { "score", "Answer", REPORT_COUNT, "The number that was answered." },
    { "of_project", "Project", REPORT_TEXT, "The project of the case in which it was answered." },
    { "changes_asked", "Asked for", REPORT_COUNT, "Change requests that were opened in the period." },
    { "changes_agreed", "Agreed to", REPORT_COUNT, "Change requests that were first being implemented in the period, however they were authorised." },
    { "changes_refused", "Not carried out", REPORT_COUNT, "Change requests that ended in the period and never were: refused, withdrawn, lapsed." },
    { "changes_done", "Implemented", REPORT_COUNT, "Change requests that ended as implemented in the period." },
    { "days_agreed", "Days agreed to", REPORT_COUNT, "Sum of the schedule impact, in working days, of the changes agreed to." },
    { "cost_agreed", "Cost agreed to", REPORT_MONEY, "Sum of the cost of the changes agreed to, as it stood then; over several projects that of those in the team's own currency." },
    { "baseline", "Baseline", REPORT_MONEY, "Budget of the charter when it was first in force, whenever that was." },
    { "cost_share", "Cost by baseline", REPORT_PERCENT, "Cost of the changes agreed to in the period by the baseline." },
    { "currency", "Currency", REPORT_TEXT, "That of the project, or the team's." },
    { "what", "What", REPORT_TEXT, "What the case is about." },
    { "purpose", "Purpose", REPORT_TEXT, "As the charter says it." },
    { "budget", "Budget", REPORT_MONEY, "As the charter says it last." },
    { "goal", "Goal", REPORT_TEXT, "As the charter says it." },
    { "measure", "Measured by", REPORT_TEXT, "As the charter says it." },
    { "by_day", "By", REPORT_DAY, "As the charter says it." },
    { "agreed_for", "First agreed for", REPORT_DAY, "The day that was promised first." },
    { "planned_for", "Planned for", REPORT_DAY, "The day that holds now, or held last." },
    { "moved", "Moved", REPORT_TEXT, "How often the day was moved." },
    { "cost", "Cost", REPORT_MONEY, "As the change request says it last." },
    { "days", "Days", REPORT_TEXT, "Schedule impact in working days." },
    { "reservations", "Reservations", REPORT_TEXT, "With which it was accepted." },
    { "answer", "Answer", REPORT_TEXT, "What was answered last." },
    { "plan", "What was done about it", REPORT_TEXT, "The response that was planned." },
    { "recommendation", "Next time", REPORT_TEXT, "What is recommended." },
    { "effect", "Effect", REPORT_TEXT, "What came of it." },
    { "opened_on", "Opened on", REPORT_DAY, "The day on which the case was opened." },
    { "ended_on", "Ended on", REPORT_DAY, "The day on which the case ended." },
    { "stands", "Where it stands", REPORT_TEXT, "How the case ended, or the state that it was in at the end of the period." },
};

static const struct report_row rows[] = {
    { "summary", "Summary", "The figures that are asked for most, on one page.",
      { &report_throughput, &report_cycle_time, &report_waiting, &report_deadlines, &report_reopened, &report_escalations, &report_approvals, &report_participation, &report_changes, &report_satisfaction, &report_workload }, true, NULL },
    { "throughput", "Throughput", "What was opened, what ended, and what is left.", { &report_throughput }, false, NULL },
    { "cycle_time", "Cycle time", "How long cases take, and how far that spreads.", { &report_cycle_time, &report_reopened }, false, NULL },
    { "waiting", "Waiting for whom", "Where the time goes: who had to do the next thing.", { &report_waiting }, false, NULL },
    { "deadlines", "Deadlines", "Deadlines that were kept and missed, and what was done about late ones.", { &report_deadlines, &report_escalations }, false, NULL },
    { "approvals", "Approvals", "How soon decisions are taken, by role and person.", { &report_approvals }, false, NULL },
    { "participation", "Participation", "What clients were asked for, whether they answered, and how long it took.", { &report_participation }, false, NULL },
    { "changes", "Changes", "How much was changed, and what it cost against the baseline.", { &report_changes }, false, NULL },
    { "satisfaction", "Satisfaction", "What clients think: CSAT, NPS, CES.", { &report_satisfaction }, false, NULL },
    { "workload", "Workload", "What lies with whom.", { &report_workload }, false, NULL },
    { "project_end", "Project end report", "A project from its charter to its lessons, written from its history.",
      { &report_agreement, &report_course, &report_changes, &report_deadlines, &report_waiting, &report_participation, &report_satisfaction, &report_throughput, &report_cycle_time }, true, "project" },
    { "client_year", "Client's yearly review", "A year with a client, written from the history of their projects.",
      { &report_throughput, &report_agreement, &report_course, &report_changes, &report_deadlines, &report_participation, &report_satisfaction, &report_waiting, &report_reopened }, true, "client" },
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
report_tables(const char *name)
{
    const struct report_row *row = report_find(name);
    json_t *names = row != NULL ? json_array() : NULL;

    for (int i = 0; row != NULL && row->sections[i] != NULL; i++)
        for (const struct report_table *t = row->sections[i]->tables; t->name != NULL; t++)
            if ((!row->brief || REPORT_STANDS_IN_BRIEF(t)) &&
                json_array_append_new(
                    names, json_sprintf("%s.%s", row->sections[i]->name, t->name)) != 0) {
                json_decref(names);
                return NULL;
            }
    return names;
}

json_t *
report_list(const char *language)
{
    json_t *list = json_array();

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (json_array_append_new(list,
                                  json_pack("{s:s, s:s, s:s, s:s*, s:o}", "name", rows[i].name,
                                            "title", sgn_say(language, rows[i].title), "text",
                                            sgn_say(language, rows[i].text), "about", rows[i].about,
                                            "sections", section_list(&rows[i], language))) != 0) {
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

const char *
report_about(const char *name)
{
    const struct report_row *row = report_find(name);

    return row != NULL ? row->about : NULL;
}
