/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports: figures counted from cases and their histories. Pure: whoever counts reads the store,
 * hands every case and its entries over, oldest first, and takes the figures at the end.
 *
 *   report_new ─▶ for every case: report_case ─▶ report_entry ... ─▶ report_case_end ─▶ report_give
 *
 * Between two entries nothing of a case changes: who is waited for, in which states it is and which
 * deadlines run is what the entry before said. So a history is a row of spans with an entry between
 * each two, and all that is counted is counted from spans and entries; nothing is asked of rules.
 *
 * What a figure means stands once, in catalogue.c (figures) and with its section, and is printed
 * from there under every report, in report.list and in the reference.
 *
 * The period is from (included) to (excluded). What happens at a moment is of the period that holds
 * the moment; what lasts is cut at its ends; and what is after now has not happened.
 *
 * Memory: some bytes for every case and every measured time (see REPORT_TIMES_MAX), none for
 * entries.
 *
 * Threads: a struct report belongs to one thread at a time.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "calendar.h"
#include "status.h"
#include "zone.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define REPORT_TIMES_MAX 2000000 /* measured times that are kept for medians, of one report */
#define REPORT_ROWS_MAX  500     /* rows of a table; the largest are given */

struct report;

/* What the keys in histories are called, and what of the rules a count needs:
 *   people     {PERSON: {"title", "client"?}}
 *   projects   {PROJECT: {"title", "client"?, "currency"?}}
 *   clients, groups   {KEY: {"title"}}
 *   roles      {PROJECT: {PERSON: [ROLE]}}
 *   workflows  {WORKFLOW: {"title", "serves"?, "states", "deadlines", "outcomes": {NAME: title},
 *              "approvals": {STATE: [ROLE]}, "ratings": {FIELD: "csat"|"nps"|"ces"}}}
 * Titles are in the reader's language. What is not there is called by its key. */
struct report_options {
    const char *report; /* its name */
    int64_t from, to, now;
    const json_t *names;              /* borrowed while the report lives; so are the next two */
    const struct calendar *calendar;  /* the team's own, for working time; NULL: all time */
    const struct calendar_zone *zone; /* of days, weeks, months */
    const char *language;             /* "en", "zh" */
    const char *currency;             /* of money where a project says none */
    const char *person;               /* of rows of people this one's alone; NULL: of everybody */
};

/* SGN_NOT_FOUND for a name that no report has, with the nearest; SGN_INVALID for a period that is
 * none. */
enum sgn_status report_new(const struct report_options *options, struct report **out,
                           struct sgn_error *err) SGN_MUST_CHECK;
void report_free(struct report *report);

/* Begins a case: its columns as a list of the store has them (borrowed until its end). */
enum sgn_status report_case(struct report *report, const json_t *item,
                            struct sgn_error *err) SGN_MUST_CHECK;
/* One entry of it; parts may be NULL. Borrowed for the call. */
struct report_entry {
    const json_t *header, *shared, *internal;
    int64_t at; /* set by report_entry: the time that was decided on */
};
enum sgn_status report_entry(struct report *report, struct report_entry *entry,
                             struct sgn_error *err) SGN_MUST_CHECK;
/* Does the rest of the case's entries lie behind what is counted? */
bool report_case_is_over(const struct report *report);
enum sgn_status report_case_end(struct report *report, struct sgn_error *err) SGN_MUST_CHECK;

/*
 * {"report", "title", "text", "says"?: [sentences, of a document], "sections": [SECTION],
 * "defined": [{"name", "title", "unit", "text"}]} SECTION {"name", "title", "text", "figures":
 * [{"name", "title", "unit", "value"}], "tables": [{"name", "title", "key": {"name", "title"},
 * "columns": [{"name", "title", "unit"}], "rows": [{"key", "title", COLUMN: value, ...}], "chart"?,
 * "more"?}], "note"?} unit: "count" an integer; "working", "elapsed" ms; "percent", "number",
 * "points", "money" decimals as text; "text"; "day" a date. A value is null where nothing was there
 * to count it from. chart:
 * {"kind": "columns"|"bars"|"stack", "of": [COLUMN]}. more: rows that are left out.
 */
enum sgn_status report_give(struct report *report, json_t **out,
                            struct sgn_error *err) SGN_MUST_CHECK;

/* What a report is about alone: "project", "client"; NULL: anything, and so for a name that no
 * report has. Static. */
const char *report_about(const char *name);

/* Names of the tables that a report has, SECTION.TABLE. New reference; NULL: there is no such
 * report, or no memory. */
json_t *report_tables(const char *name);

/* Every report: [{"name", "title", "text", "about"?, "sections": [{"name", "title", "text"}]}], and
 * every figure: as "defined" above. New references, NULL when out of memory. */
json_t *report_list(const char *language);
json_t *report_figures(const char *language);

#endif
