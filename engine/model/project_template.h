/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Project templates: what a project begins with, as a text in INI form that a team may write
 * itself (templates/NAME.ini in its folder).
 *
 *     ; lines that begin with ; or # say nothing
 *     [template]
 *     title    = Small project        title, says: for people; with .zh (.en) in another language
 *     title.zh = 小型项目
 *     roles    = pm engineer sponsor  which whoever leads the project holds until others do
 *     [milestone delivery]            a case: its workflow, and a word that tells it from others
 *     summary  = {{project}}: delivery      its fields; {{project}}, {{client}} are their titles
 *     planned  = 30 days              a day or a moment may be said as a duration from the
 *     begins   = 3 workdays at 10:00  beginning of the project on, moved to a working day
 *
 * JSON form: {"title": {"en", "zh"}, "says"?: {...}, "roles": [ROLE], "cases": [{"workflow",
 * "word", "line", "fields": {FIELD: {"line", "en"?, "zh"?}}}]}; what has no language is "en".
 *
 * Pure functions; any thread.
 */
#ifndef MODEL_PROJECT_TEMPLATE_H
#define MODEL_PROJECT_TEMPLATE_H

#include "duration.h"
#include "model.h"

#define MODEL_TEMPLATE_BYTES (32 * 1024)
#define MODEL_TEMPLATE_CASES 100

/* file: as mistakes name it. Adds to the array mistakes (see rules.h) all that is wrong; *out is
 * made from the rest. SGN_NOMEM only. */
enum sgn_status model_template_read(const char *file, const char *text, json_t *mistakes,
                                    json_t **out, struct sgn_error *err) SGN_MUST_CHECK;
/*
 * Against the workflows in use, {NAME: model in its JSON form}: what names no field of its
 * workflow, or cannot be its value, is a mistake; a workflow that is not in use is one too, but
 * for a shipped template, whose case is then left out. SGN_NOMEM only.
 */
enum sgn_status model_template_check(const json_t *read, const json_t *workflows, bool shipped,
                                     const char *file, json_t *mistakes,
                                     struct sgn_error *err) SGN_MUST_CHECK;

/* A field's declaration in a model's JSON form, or NULL. Borrowed. */
const json_t *model_template_field(const json_t *model, const char *name);
/* The text of a case's field in a language: that one's, else English, else what there is. */
const char *model_template_text(const json_t *said, const char *language);

/* "30 days", "3 workdays at 10:00" of a date or a time: at is minutes of the day, or -1. false: it
 * is a value as it stands. */
struct model_template_when {
    struct calendar_duration after;
    int at;
};
bool model_template_when(const json_t *field, const char *text, struct model_template_when *out);
/* A text as the value of a field: a whole number, yes or no, a list as JSON; all else stays text.
 * New reference; NULL when it can be none, or out of memory. */
json_t *model_template_value(const json_t *field, const char *text);

#endif
