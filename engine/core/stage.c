/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stage: a copy of the row, who acts, and small ways to read and build. It knows no
 * rule of the language; whatever decides anything stands above it.
 */
#include "core_internal.h"
#include <assert.h>
#include <stdarg.h>
#include <string.h>

/* Not checked for UTF-8 again: whatever is put has come through a parser that checked
 * it, or is our own. */
void
stage_put(struct stage *stage, json_t *object, const char *name, json_t *value_take)
{
    if (json_object_set_new_nocheck(object, name, value_take) != 0)
        stage->nomem = true;
}

void
stage_append(struct stage *stage, json_t *array, json_t *value_take)
{
    if (json_array_append_new(array, value_take) != 0)
        stage->nomem = true;
}

/* Only for who asked: in a server nobody does, and then no step is made. */
void
stage_trace(struct stage *stage, const char *format, ...)
{
    va_list args;

    if (stage->question->trace == NULL)
        return;
    va_start(args, format);
    stage_append(stage, stage->question->trace, json_vpack_ex(NULL, 0, format, args));
    va_end(args);
}

json_t *
stage_text(struct stage *stage, const char *text)
{
    json_t *value = sgn_json_string_or_null(text);

    if (value == NULL)
        stage->nomem = true;
    return value;
}

void
stage_raise(struct stage *stage, const char *name, const json_t *data)
{
    stage_append(stage, stage->queue,
                 json_pack("{s:s, s:O?}", "name", name, "data",
                           json_is_object(data) ? (json_t *)data : NULL));
}

enum sgn_status
stage_check(struct stage *stage)
{
    return stage->nomem ? sgn_nomem(stage->err) : SGN_OK;
}

json_t *
stage_member(const struct stage *stage, const char *name)
{
    json_t *over = stage->over != NULL ? json_object_get(stage->over, name) : NULL;

    return over != NULL ? over : json_object_get(stage->row, name);
}

/* A case that is being opened may have no key yet, in a rehearsal for instance. */
const char *
stage_key(const struct stage *stage)
{
    return stage->command->case_key != NULL ? stage->command->case_key : "the case";
}

/* Before the chart is made nothing is active: conditions of "open" see a case in no
 * state. */
bool
stage_active(const struct stage *stage, int state)
{
    return stage->has_chart && statechart_set_has(&stage->chart.configuration, state);
}

/* Leaves in document order: what a page calls "the state" of a case is the first. */
int
stage_next_leaf(const struct stage *stage, int from)
{
    const struct model *model = stage->model;

    if (!stage->has_chart || from >= model->n_states)
        return -1;
    for (int i = statechart_set_next(&stage->chart.configuration, from); i >= 0;
         i = i + 1 < model->n_states ? statechart_set_next(&stage->chart.configuration, i + 1)
                                     : -1) {
        enum model_state_kind kind = model->states[i].kind;
        if (kind == MODEL_ATOMIC || kind == MODEL_FINAL)
            return i;
    }
    return -1;
}

json_t *
stage_time(const struct stage *stage, int64_t ms)
{
    char text[SGN_TIME_TEXT];

    return json_string(sgn_time_format(ms, calendar_zone_offset(stage->zone, ms), text));
}

/* "priority" is named like a field everywhere, and kept beside them. */
const json_t *
stage_field(const struct stage *stage, const char *name)
{
    if (strcmp(name, "priority") == 0)
        return stage_member(stage, "priority");
    return json_object_get(stage_member(stage, "fields"), name);
}

bool
stage_shares(const struct stage *stage)
{
    return stage->model->client != MODEL_CLIENT_NONE;
}

/* client_title replaces only the title; names are always shared. */
const char *
stage_state_title(const struct stage *stage, int state, const char *language)
{
    const struct model_state *s = &stage->model->states[state];
    const json_t *title = stage->is_client && s->client_title != NULL ? s->client_title : s->title;

    return model_title(title, language, s->name);
}

/* From the names in the row, which may have been written by an older version: whatever
 * does not make a legal configuration is refused here and never reaches the algorithm. */
enum sgn_status
stage_chart(struct stage *stage)
{
    bool opening = stage->question->row == NULL;
    enum sgn_status status;

    assert(!stage->has_chart);
    status =
        statechart_init(&stage->chart, stage->model, opening ? NULL : stage_member(stage, "states"),
                        opening ? NULL : stage_member(stage, "history"), stage->err);
    stage->has_chart = status == SGN_OK;
    return status;
}

/* What nearly every decision reads, asked for together so that it costs one round. The
 * project's currency and the team's zone are settled here once. */
static enum sgn_status
look_around(struct stage *stage)
{
    const char *project = stage->question->row != NULL
                              ? sgn_json_str(stage->question->row, "project")
                              : stage->command->project;
    const char *currency;
    enum sgn_status status = known_fact(stage, "team", &stage->team);

    if (project != NULL) {
        enum sgn_status other = known_fact_of(stage, "project", project, &stage->project);
        status = status != SGN_OK ? status : other;
    }
    if (!stage->is_system) {
        enum sgn_status other =
            known_fact_of(stage, "person", stage->command->actor, &stage->person);
        status = status != SGN_OK ? status : other;
    }
    if (status != SGN_OK)
        return status;
    stage->zone = calendar_zone_get(sgn_json_str(stage->team, "timezone"));
    if (stage->zone == NULL)
        stage->zone = calendar_zone_get("UTC");
    currency = sgn_json_str(stage->project, "currency");
    if (currency == NULL)
        currency = sgn_json_str(stage->team, "currency");
    stage->digits = currency != NULL ? sgn_currency_digits(currency) : 2;
    stage->is_client = sgn_json_str(stage->person, "client") != NULL;
    stage->is_lead = sgn_json_has(json_object_get(stage->team, "leads"), stage->command->actor);
    return SGN_OK;
}

static void
begin(struct stage *stage, const struct core_question *question, struct core_decision *out,
      struct sgn_error *err)
{
    assert(question->command->actor != NULL);
    *stage = (struct stage){ .question = question,
                             .model = question->model,
                             .command = question->command,
                             .out = out,
                             .err = err,
                             .is_system = strcmp(question->command->actor, "system") == 0,
                             .event_by = question->command->actor,
                             .now = question->command->at };
}

/* A deep copy: everything that follows may write to it, and a refused command throws it
 * away. The caller's row is never touched, also not its reference counts while it is
 * read. */
enum sgn_status
stage_init(struct stage *stage, const struct core_question *question, struct core_decision *out,
           struct sgn_error *err)
{
    begin(stage, question, out, err);
    stage->row = question->row != NULL ? sgn_json_copy(question->row) : case_new();
    stage->entered = json_array();
    stage->left = json_array();
    stage->effects = json_array();
    stage->queue = json_array();
    stage->decided = json_array();
    stage->event = json_object();
    stage->raised = json_array();
    if (stage->row == NULL || stage->entered == NULL || stage->left == NULL ||
        stage->effects == NULL || stage->queue == NULL || stage->decided == NULL ||
        stage->event == NULL || stage->raised == NULL)
        return sgn_nomem(err);
    return look_around(stage);
}

enum sgn_status
stage_look(struct stage *stage, const struct core_question *question, struct core_decision *out,
           struct sgn_error *err)
{
    begin(stage, question, out, err);
    stage->row = json_incref((json_t *)question->row);
    return look_around(stage);
}

void
stage_deinit(struct stage *stage)
{
    if (stage->has_chart)
        statechart_deinit(&stage->chart);
    json_decref(stage->row);
    json_decref(stage->over);
    sgn_buf_deinit(&stage->input);
    json_decref(stage->entered);
    json_decref(stage->left);
    json_decref(stage->effects);
    json_decref(stage->queue);
    json_decref(stage->decided);
    json_decref(stage->event);
    json_decref(stage->raised);
    json_decref(stage->reason);
    json_decref(stage->failed);
    json_decref(stage->fired);
    json_decref(stage->sweep);
    json_decref(stage->migrate);
    json_decref(stage->base);
    json_decref(stage->comment_part);
    json_decref(stage->import_part);
    *stage = (struct stage){ 0 };
}
