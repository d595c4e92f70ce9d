/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk along a case's history. It keeps of the case what reports ask for, and folds no more of
 * an entry than that: who is waited for, the states, the deadlines, the outcome.
 */
#include "memory.h"
#include "report_internal.h"
#include <stdlib.h>
#include <string.h>

static const char *
nearest_report(const char *name)
{
    const char *names[64];
    size_t n;
    const struct report_row *rows = report_rows(&n);

    for (size_t i = 0; i < n && i < 64; i++)
        names[i] = rows[i].name;
    return name != NULL ? sgn_nearest(name, names, n < 64 ? n : 64) : NULL;
}

/* Every week has its row, also when nothing happened in it. */
static void
periods_prepare(struct report_count *count)
{
    const struct report *report = count->report;

    for (const struct report_table *t = count->section->tables; t->name != NULL; t++)
        for (int i = 0; t->by == REPORT_BY_PERIOD && i < report->n_periods; i++)
            report_add(count, t->name, report->periods[i].key, "", 0);
}

static enum sgn_status
check(const struct report_options *options, struct sgn_error *err)
{
    const char *near = nearest_report(options->report);

    if (report_find(options->report) == NULL)
        return sgn_fail(err, SGN_NOT_FOUND, "there is no report '%.40s'%s%s%s", options->report,
                        near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                        near != NULL ? "'?" : "");
    if (options->from >= options->to)
        return sgn_fail(err, SGN_INVALID, "a report's period ends after it begins");
    if (options->from >= options->now)
        return sgn_fail(err, SGN_INVALID, "the report's period has not begun");
    return SGN_OK;
}

enum sgn_status
report_new(const struct report_options *options, struct report **out, struct sgn_error *err)
{
    struct report *report;
    enum sgn_status status = check(options, err);

    *out = NULL;
    if (status != SGN_OK)
        return status;
    report = calloc(1, sizeof *report);
    if (report == NULL)
        return sgn_nomem(err);
    report->options = *options;
    report->limit = options->to < options->now ? options->to : options->now;
    report->row = report_find(options->report);
    sgn_text_copy(report->language, sizeof report->language, options->language);
    sgn_text_copy(report->currency, sizeof report->currency, options->currency);
    sgn_text_copy(report->person, sizeof report->person, options->person);
    report_periods_make(report);
    for (int i = 0; report->row->sections[i] != NULL; i++) {
        struct report_count *count = &report->counts[report->n_counts++];
        *count = (struct report_count){ report, report->row->sections[i], json_object() };
        periods_prepare(count);
    }
    if (!report->nomem) {
        *out = report;
        return SGN_OK;
    }
    report_free(report);
    return sgn_nomem(err);
}

static void
walk_deinit(struct report_walk *walk)
{
    json_decref(walk->states);
    json_decref(walk->waiting);
    json_decref(walk->deadlines);
    json_decref(walk->outcome);
    json_decref(walk->fields);
    json_decref(walk->memory);
    *walk = (struct report_walk){ 0 };
}

void
report_free(struct report *report)
{
    if (report == NULL)
        return;
    walk_deinit(&report->walk);
    for (int i = 0; i < report->n_counts; i++)
        json_decref(report->counts[i].box);
    free(report);
}

enum sgn_status
report_case(struct report *report, const json_t *item, struct sgn_error *err)
{
    struct report_walk *walk = &report->walk;

    walk_deinit(walk);
    walk->key = sgn_json_str(item, "key");
    walk->workflow = sgn_json_str(item, "workflow");
    walk->project = sgn_json_str(item, "project");
    walk->client = sgn_json_str(item, "client");
    walk->deadlines = json_object();
    walk->memory = json_object();
    walk->fields = json_object();
    return walk->fields != NULL && walk->deadlines != NULL && walk->memory != NULL ? SGN_OK
                                                                                   : sgn_nomem(err);
}

bool
report_case_is_over(const struct report *report)
{
    return report->walk.over;
}

/* ---- one entry ---- */

/* Nothing changes from the entry before to this moment. */
static void
span(struct report *report, int64_t to)
{
    struct report_walk *walk = &report->walk;
    int64_t from = walk->at > report->options.from ? walk->at : report->options.from;

    if (to > report->limit)
        to = report->limit;
    if (!walk->begun || from >= to)
        return;
    for (int i = 0; i < report->n_counts; i++)
        if (report->counts[i].section->span != NULL)
            report->counts[i].section->span(&report->counts[i], walk, from, to);
}

static void
take(json_t **into, json_t *value)
{
    if (value == NULL)
        return;
    json_decref(*into);
    *into = json_incref(value);
}

/* One that is gone stays, marked: it is judged at the end, by the due time that it had last. */
static void
take_deadline(struct report *report, json_t *one, int64_t at)
{
    struct report_walk *walk = &report->walk;
    const char *id = sgn_json_str(one, "id");
    json_t *before = id != NULL ? json_object_get(walk->deadlines, id) : NULL;

    if (id == NULL || (sgn_json_true(one, "gone") && before == NULL))
        return; /* armed and gone in one entry: its clock never ran */
    if (!sgn_json_true(one, "gone")) {
        /* A copy, since it may be marked, and the entry is the caller's. */
        if (json_object_set_new(walk->deadlines, id, sgn_json_copy(one)) != 0)
            report->nomem = true;
        return;
    }
    if (!sgn_json_true(before, "over") &&
        (json_object_set_new(before, "over", json_true()) != 0 ||
         json_object_set_new(before, "over_at", json_integer(at)) != 0))
        report->nomem = true;
}

/* What is emptied is null, and is there no more. */
static void
take_fields(struct report *report, const json_t *fields)
{
    json_t *into = report->walk.fields, *value;
    const char *name;

    json_object_foreach((json_t *)(uintptr_t)fields, name, value) {
        if (json_is_null(value))
            (void)json_object_del(into, name);
        else if (json_object_set(into, name, value) != 0)
            report->nomem = true;
    }
}

/* What a part, or a whole row of an erasure or a migration, says. */
static void
take_part(struct report *report, const json_t *part, int64_t at)
{
    struct report_walk *walk = &report->walk;
    json_t *one, *outcome = json_object_get(part, "outcome");
    size_t i;

    take(&walk->states, json_object_get(part, "states"));
    take(&walk->waiting, json_object_get(part, "waiting"));
    if (outcome != NULL) {
        take(&walk->outcome, outcome);
        walk->closed_at = !json_is_string(outcome) ? 0
                          : walk->closed_at != 0   ? walk->closed_at
                                                   : at;
    }
    take_fields(report, json_object_get(part, "fields"));
    json_array_foreach(json_object_get(part, "deadlines"), i, one)
        take_deadline(report, one, at);
}

static void
take_entry(struct report *report, const struct report_entry *entry)
{
    struct report_walk *walk = &report->walk;
    const char *kind = sgn_json_str(entry->header, "kind");
    const json_t *row = json_object_get(entry->internal, "row");

    if (!walk->begun) {
        walk->begun = kind != NULL && strcmp(kind, "open") == 0;
        walk->opened_at = entry->at;
    }
    take_part(report, entry->shared, entry->at);
    take_part(report, entry->internal, entry->at);
    if (row != NULL) /* an erasure, or a migration: of fields it says all that there are */
        (void)json_object_clear(walk->fields);
    take_part(report, row, entry->at);
    walk->at = entry->at;
}

static bool
is_imported(const struct report_entry *entry)
{
    return json_object_get(entry->shared, "imported") != NULL ||
           json_object_get(entry->internal, "imported") != NULL;
}

static bool
has_ended(const struct report_entry *entry)
{
    return sgn_json_str(entry->shared, "outcome") != NULL ||
           sgn_json_str(entry->internal, "outcome") != NULL;
}

enum sgn_status
report_entry(struct report *report, struct report_entry *entry, struct sgn_error *err)
{
    struct report_walk *walk = &report->walk;
    bool imported;

    entry->at = sgn_json_int(entry->internal, "arrived", sgn_json_int(entry->header, "at", 0));
    if (walk->over || entry->at >= report->limit) {
        walk->over = true;
        return SGN_OK;
    }
    /* What ended in another tool has no time here, and what was said there was not said here. */
    imported = is_imported(entry);
    if (!walk->begun && imported && has_ended(entry)) {
        walk->over = true;
        return SGN_OK;
    }
    span(report, entry->at);
    imported = imported && walk->begun;
    for (int i = 0; i < report->n_counts && !imported; i++)
        if (report->counts[i].section->entry != NULL)
            report->counts[i].section->entry(&report->counts[i], walk, entry);
    take_entry(report, entry);
    return report->nomem ? sgn_nomem(err) : SGN_OK;
}

enum sgn_status
report_case_end(struct report *report, struct sgn_error *err)
{
    struct report_walk *walk = &report->walk;

    span(report, report->limit);
    for (int i = 0; walk->begun && i < report->n_counts; i++)
        if (report->counts[i].section->last != NULL)
            report->counts[i].section->last(&report->counts[i], walk);
    walk_deinit(walk);
    return report->nomem ? sgn_nomem(err) : SGN_OK;
}
