/* SPDX-License-Identifier: Apache-2.0 */
/* The finished report out of its tallies: the same way for every section. */
#include "memory.h"
#include "report_internal.h"
#include <stdlib.h>
#include <string.h>

/* A row of a table, to be sorted. */
struct line {
    const char *key;
    int64_t weight;
    int place; /* as it came: lines of one weight keep their order */
};

static int
compare_lines(const void *a, const void *b)
{
    const struct line *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->place - y->place;
}

/* Rows of other people are for leads. */
static bool
may_see(const struct report *report, enum report_by by, const char *key)
{
    if (report->person[0] == '\0')
        return true;
    if (by == REPORT_BY_PERSON)
        return strcmp(key, report->person) == 0;
    if (by == REPORT_BY_WHOM && strncmp(key, "person/", 7) == 0)
        return strcmp(key + 7, report->person) == 0 || report_client_of(report, key + 7) != NULL;
    return true;
}

static void
append(struct report *report, json_t *list, json_t *value_take)
{
    if (json_array_append_new(list, value_take) != 0)
        report->nomem = true;
}

static json_t *
line_give(struct report_count *count, const struct report_table *table, const char *key)
{
    struct report *report = count->report;
    json_t *row =
        json_pack("{s:s, s:o}", "key", key, "title", report_title(report, table->by, key));

    for (const struct report_column *c = table->columns; c->figure != NULL; c++)
        if (json_object_set_new(row, c->figure, report_value(count, table->name, key, c)) != 0)
            report->nomem = true;
    return row;
}

/* The rows of a table, the largest first where it says so; *more: how many are left out. */
static json_t *
rows_give(struct report_count *count, const struct report_table *table, int64_t *more, bool *hidden)
{
    json_t *rows = json_object_get(count->box, table->name), *row, *out = json_array();
    struct line *lines = calloc(json_object_size(rows) + 1, sizeof *lines);
    const char *key;
    size_t n = 0;

    *more = 0;
    if (lines == NULL)
        count->report->nomem = true;
    json_object_foreach(rows, key, row) {
        if (lines == NULL)
            break;
        if (!may_see(count->report, table->by, key)) {
            *hidden = true;
            continue;
        }
        lines[n] =
            (struct line){ key, table->sort != NULL ? report_number(row, table->sort) : 0, (int)n };
        n++;
    }
    if (lines != NULL)
        qsort(lines, n, sizeof *lines, compare_lines);
    for (size_t i = 0; i < n && i < REPORT_ROWS_MAX; i++)
        append(count->report, out, line_give(count, table, lines[i].key));
    if (n > REPORT_ROWS_MAX)
        *more = (int64_t)n - REPORT_ROWS_MAX;
    free(lines);
    return out;
}

/* Notes a figure among those whose meaning is told. */
static void
define(struct report *report, json_t *defined, const struct report_figure *figure)
{
    const char *language = report->language;

    if (json_object_get(defined, figure->name) == NULL &&
        json_object_set_new(defined, figure->name,
                            json_pack("{s:s, s:s, s:s, s:s}", "name", figure->name, "title",
                                      sgn_say(language, figure->title), "unit",
                                      report_unit_name(figure->unit), "text",
                                      sgn_say(language, figure->text))) != 0)
        report->nomem = true;
}

/* {"name", "title", "unit"} of a column, its figure noted as defined. */
static json_t *
head_give(struct report *report, json_t *defined, const struct report_column *column)
{
    const struct report_figure *figure = report_figure(column->figure);

    if (figure == NULL)
        return NULL;
    define(report, defined, figure);
    return json_pack("{s:s, s:s, s:s}", "name", figure->name, "title",
                     sgn_say(report->language, figure->title), "unit",
                     report_unit_name(figure->unit));
}

static const char *
key_word(const struct report *report, enum report_by by)
{
    static const char *const words[] = {
        [REPORT_BY_PERIOD] = "Beginning",  [REPORT_BY_WORKFLOW] = "Workflow",
        [REPORT_BY_PROJECT] = "Project",   [REPORT_BY_CLIENT] = "Client",
        [REPORT_BY_OTHER] = "What",        [REPORT_BY_PERSON] = "Person",
        [REPORT_BY_ROLE] = "Role",         [REPORT_BY_WHOM] = "Who",
        [REPORT_BY_DEADLINE] = "Deadline", [REPORT_BY_STATE] = "State",
        [REPORT_BY_OUTCOME] = "Outcome",   [REPORT_BY_CASE] = "Case",
        [REPORT_BY_WORD] = "Side",
    };

    return sgn_say(report->language, words[by]);
}

static json_t *
chart_give(struct report *report, const struct report_chart *chart)
{
    json_t *of = json_array();

    for (size_t i = 0; i < 4 && chart->of[i] != NULL; i++)
        append(report, of, json_string(chart->of[i]));
    return json_pack("{s:s, s:o}", "kind", chart->kind, "of", of);
}

static json_t *
table_give(struct report_count *count, const struct report_table *table, json_t *defined,
           bool *hidden)
{
    struct report *report = count->report;
    json_t *columns = json_array(), *out;
    int64_t more;
    json_t *rows = rows_give(count, table, &more, hidden);

    for (const struct report_column *c = table->columns; c->figure != NULL; c++)
        append(report, columns, head_give(report, defined, c));
    out = json_pack("{s:s, s:s, s:s, s:o, s:o}", "name", table->name, "title",
                    sgn_say(report->language, table->title), "key", key_word(report, table->by),
                    "columns", columns, "rows", rows);
    if (out != NULL && table->chart.kind != NULL)
        (void)json_object_set_new(out, "chart", chart_give(report, &table->chart));
    if (out != NULL && more > 0)
        (void)json_object_set_new(out, "more", json_integer(more));
    return out;
}

static json_t *
figures_give(struct report_count *count, json_t *defined)
{
    struct report *report = count->report;
    json_t *list = json_array();

    for (const struct report_column *c = count->section->figures; c->figure != NULL; c++) {
        json_t *one = head_give(report, defined, c);
        if (json_object_set_new(one, "value", report_value(count, "all", "", c)) != 0)
            report->nomem = true;
        append(report, list, one);
    }
    return list;
}

static json_t *
section_give(struct report_count *count, json_t *defined)
{
    const struct report_section *section = count->section;
    struct report *report = count->report;
    json_t *tables = json_array(), *out;
    bool hidden = false;

    if (section->finish != NULL)
        section->finish(count);
    for (const struct report_table *t = section->tables; t->name != NULL; t++)
        if (!report->row->brief || REPORT_STANDS_IN_BRIEF(t))
            append(report, tables, table_give(count, t, defined, &hidden));
    out = json_pack("{s:s, s:s, s:s, s:o, s:o}", "name", section->name, "title",
                    sgn_say(report->language, section->title), "text",
                    sgn_say(report->language, section->text), "figures",
                    figures_give(count, defined), "tables", tables);
    if (out != NULL && hidden)
        (void)json_object_set_new(
            out, "note",
            json_string(sgn_say(report->language, "Rows of other people are for leads.")));
    return out;
}

enum sgn_status
report_give(struct report *report, json_t **out, struct sgn_error *err)
{
    json_t *sections = json_array(), *defined = json_object(), *list = json_array(), *one;
    json_t *says = json_array();
    const char *name;

    *out = NULL;
    if (report->full) {
        json_decref(sections);
        json_decref(defined);
        json_decref(list);
        json_decref(says);
        return sgn_fail(err, SGN_TOO_LARGE,
                        "the report would measure more than %d times: choose a shorter period, a "
                        "project or a workflow",
                        REPORT_TIMES_MAX);
    }
    for (int i = 0; i < report->n_counts; i++)
        append(report, sections, section_give(&report->counts[i], defined));
    json_object_foreach(defined, name, one)
        if (json_array_append(list, one) != 0)
            report->nomem = true;
    json_decref(defined);
    if (report->row->about != NULL)
        report_story(report, says);
    *out = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "report", report->row->name, "title",
                     sgn_say(report->language, report->row->title), "text",
                     sgn_say(report->language, report->row->text), "says", says, "sections",
                     sections, "defined", list);
    if (*out != NULL && !report->nomem)
        return SGN_OK;
    json_decref(*out);
    *out = NULL;
    return sgn_nomem(err);
}
