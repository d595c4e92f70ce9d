/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share: sections, which count, and the tallies that they count in.
 *
 * A section says what it counts (its callbacks put numbers under names) and what is given of it
 * (columns over those names): giving is the same for all of them, see give.c.
 */
#ifndef REPORT_INTERNAL_H
#define REPORT_INTERNAL_H

#include "json.h"
#include "report.h"
#include "say.h"
#include "text.h"
#include <stdio.h>

#define REPORT_SECTIONS_MAX 20
#define REPORT_TABLES_MAX   6
#define REPORT_COLUMNS_MAX  10
#define REPORT_PERIODS_MAX  200
#define REPORT_KEY_BYTES    160

enum report_unit {
    REPORT_COUNT,
    REPORT_WORKING, /* ms of the team's calendar */
    REPORT_ELAPSED, /* ms */
    REPORT_PERCENT,
    REPORT_POINTS, /* less a hundred to a hundred */
    REPORT_NUMBER,
    REPORT_MONEY,
    REPORT_TEXT,
    REPORT_DAY
};

/* A figure, wherever it stands: its title over a column, its text under the report. */
struct report_figure {
    const char *name, *title;
    enum report_unit unit;
    const char *text; /* what it is, in one or two sentences */
};
const struct report_figure *report_figure(const char *name);
const char *report_unit_name(enum report_unit unit);

/* How a value is made of what was counted under a field. */
enum report_how {
    REPORT_SUM,   /* the number itself; 0 when nothing was counted */
    REPORT_SHARE, /* of another field, in percent */
    REPORT_PART,  /* of another field of the whole section, in percent */
    REPORT_LESS,  /* (field less minus) of another one, in points: NPS */
    REPORT_RATIO, /* by another field, with one place */
    REPORT_MEAN,  /* of measured times; so the next ones (nearest rank) */
    REPORT_MEDIAN,
    REPORT_P85,
    REPORT_P95,
    REPORT_SAID, /* a text that was put, or a sum of money */
};
struct report_column {
    const char *figure; /* its name */
    const char *field;  /* NULL: called as the figure */
    enum report_how how;
    const char *of;    /* of REPORT_SHARE, REPORT_PART, REPORT_LESS, REPORT_RATIO */
    const char *minus; /* of REPORT_LESS */
};

#define REPORT_COLUMN(figure_, field_, how_)                                                       \
    {                                                                                              \
        .figure = (figure_), .field = (field_), .how = (how_)                                      \
    }
#define REPORT_COLUMN_OF(figure_, field_, how_, of_)                                               \
    {                                                                                              \
        .figure = (figure_), .field = (field_), .how = (how_), .of = (of_)                         \
    }

/* What the rows of a table are. Those before REPORT_BY_OTHER are found by report_note() itself. */
enum report_by {
    REPORT_BY_PERIOD,
    REPORT_BY_WORKFLOW,
    REPORT_BY_PROJECT,
    REPORT_BY_CLIENT,
    REPORT_BY_OTHER,
    REPORT_BY_PERSON,   /* keys are people; of others than the reader's own for leads */
    REPORT_BY_ROLE,     /* roles, joined */
    REPORT_BY_WHOM,     /* "person/KEY" or "role/NAME" or "group/NAME" */
    REPORT_BY_DEADLINE, /* "WORKFLOW/NAME"; so the next ones */
    REPORT_BY_STATE,
    REPORT_BY_OUTCOME,
    REPORT_BY_CASE,
    REPORT_BY_WORD, /* a word of ours: a key of the catalogue of figures */
};

/* A chart, or cases one by one: what a brief report keeps. */
#define REPORT_STANDS_IN_BRIEF(table) ((table)->chart.kind != NULL || (table)->by == REPORT_BY_CASE)

struct report_chart {
    const char *kind; /* NULL: none */
    const char *of[4];
};
struct report_table {
    const char *name, *title; /* name NULL ends the list */
    enum report_by by;
    const char *sort; /* a counted field, the largest first; NULL: as they came */
    struct report_chart chart;
    struct report_column columns[REPORT_COLUMNS_MAX + 1];
};

struct report_walk;
struct report_count; /* one section's */

struct report_section {
    const char *name, *title, *text;
    struct report_column figures[REPORT_COLUMNS_MAX + 1];
    struct report_table tables[REPORT_TABLES_MAX + 1];
    /* Any may be NULL. entry comes before the walk takes the entry over; entries before the period
     * too. span is cut to the period. last: at the end of what is known, or of the period. */
    void (*span)(struct report_count *count, struct report_walk *walk, int64_t from, int64_t to);
    void (*entry)(struct report_count *count, struct report_walk *walk,
                  const struct report_entry *entry);
    void (*last)(struct report_count *count, struct report_walk *walk);
    void (*finish)(struct report_count *count); /* before it is given */
};

struct report_row {
    const char *name, *title, *text;
    const struct report_section *sections[REPORT_SECTIONS_MAX + 1];
    bool brief; /* of each section the figures, and the tables that show something at a glance */
    const char *about; /* "project", "client": a report about one of these alone */
};
const struct report_row *report_find(const char *name);
const struct report_row *report_rows(size_t *n);

/* A case on its way through its history: as the entry before has left it. */
struct report_walk {
    const char *key, *workflow, *project, *client;
    json_t *states;    /* active leaves */
    json_t *waiting;   /* as in core/case.h */
    json_t *deadlines; /* {id: as in core/case.h}, those that were armed, also those gone: "over" */
    json_t *outcome;   /* text or null */
    json_t *fields;    /* {name: value} */
    json_t *memory;    /* {section: what it keeps of this case} */
    int64_t at;        /* of the entry before */
    int64_t opened_at, closed_at; /* closed_at 0: open */
    bool begun, over;
};

struct report_period {
    char key[12]; /* "2026-01-05" a Monday, "2026-01" a month, "2026" a year */
    int64_t from, to;
};

struct report_count {
    struct report *report;
    const struct report_section *section;
    json_t *box; /* {table: {key: {field: number, or array of times, or text}}}; "all" has key "" */
};

struct report {
    struct report_options options;
    int64_t limit; /* what is counted ends here: to, or now */
    char language[8], currency[4], person[SGN_KEY_MAX + 1];
    const struct report_row *row;
    struct report_count counts[REPORT_SECTIONS_MAX];
    int n_counts;
    struct report_period periods[REPORT_PERIODS_MAX];
    int n_periods;
    struct report_walk walk;
    int64_t times; /* measured so far */
    bool full;     /* too many of them */
    bool nomem;
};

/* ---- tally.c ---- */

bool report_in_period(const struct report *report, int64_t at);
/* Working time of the team's calendar. */
int64_t report_working(const struct report *report, int64_t from, int64_t to);
/* Adds n under the field of a row; the row is there afterwards, also with n 0. */
void report_add(struct report_count *count, const char *table, const char *key, const char *field,
                int64_t n);
/* Measures a time, in ms. */
void report_time(struct report_count *count, const char *table, const char *key, const char *field,
                 int64_t ms);
/* Sums money of the row's currency: exact; what is no decimal is left out. */
void report_money(struct report_count *count, const char *table, const char *key, const char *field,
                  const char *amount);
/* Puts a text (NULL: nothing). */
void report_say(struct report_count *count, const char *table, const char *key, const char *field,
                const char *text);
/* The same two for the whole section and for its tables by period, workflow, project and client. */
void report_note(struct report_count *count, const struct report_walk *walk, int64_t at,
                 const char *field, int64_t n);
void report_note_time(struct report_count *count, const struct report_walk *walk, int64_t at,
                      const char *field, int64_t ms);
/* What was counted; NULL: nothing. Borrowed. */
const json_t *report_counted(const struct report_count *count, const char *table, const char *key,
                             const char *field);
/* What was counted under a field of a row: the number, or how many times; 0: nothing. */
int64_t report_number(const json_t *row, const char *field);
/* Who acted: whose answer it is, also by another's hand. Borrowed. */
const char *report_giver(const struct report_entry *entry);
/* A column's value in a row. New reference. */
json_t *report_value(const struct report_count *count, const char *table, const char *key,
                     const struct report_column *column);
/* What a section keeps of the case that is walked; made when it is not there. Borrowed. */
json_t *report_memory(struct report_count *count, struct report_walk *walk);

/* ---- period.c ---- */

/* Divides the period: by weeks up to half a year, by months up to ten years, else by years. */
void report_periods_make(struct report *report);
/* Which one holds the time; NULL: none. */
const struct report_period *report_period_of(const struct report *report, int64_t at);
/* The date on which it is, "2026-01-05". */
void report_day(const struct report *report, int64_t at, char out[12]);

/* ---- names.c ---- */

/* "WORKFLOW/NAME". */
void report_key(char out[REPORT_KEY_BYTES], const char *first, const char *second);
/* What the key of a row of such a table is called. New reference. */
json_t *report_title(const struct report *report, enum report_by by, const char *key);
/* The client a person belongs to, or NULL. */
const char *report_client_of(const struct report *report, const char *person);
/* Is it waited for at the client's: a person of a client, or the role client? */
bool report_is_clients(const struct report *report, const json_t *waiting);
/* What of the workflow's names: {name: ..}. Borrowed, or NULL. */
const json_t *report_flow(const struct report *report, const char *workflow, const char *what);
/* What it serves as (model/purpose.h): as it says, else its own name; NULL: no workflow. */
const char *report_serves(const struct report *report, const char *workflow);

/* ---- story.c ---- */

/* Appends sentences, when all is counted and finished. */
void report_story(struct report *report, json_t *says);

/* ---- the sections ---- */

extern const struct report_section report_throughput, report_cycle_time, report_reopened,
    report_waiting, report_deadlines, report_escalations, report_approvals, report_participation,
    report_workload, report_changes, report_satisfaction, report_agreement, report_course;

#endif
