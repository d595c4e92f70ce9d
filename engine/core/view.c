/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case as a person sees it. For the client it is built from what may be shared,
 * member by member, and never from the row with something taken out: a member that is
 * added to the row later is internal until somebody puts it here. The team's own
 * persons see the row with titles and times beside.
 */
#include "approval_internal.h"
#include <stdlib.h>
#include <string.h>

struct viewing {
    struct stage *stage;
    const char *language;
    bool all; /* of the team */
    json_t *view;
};

static void
put(struct viewing *v, json_t *object, const char *name, json_t *value_take)
{
    stage_put(v->stage, object, name, value_take);
}

static json_t *
time_or_null(struct viewing *v, const json_t *ms)
{
    return json_is_integer(ms) ? stage_time(v->stage, json_integer_value(ms)) : json_null();
}

/* That a case comes from elsewhere is told to everybody: nobody may take it for one that was
 * decided here. */
static void
put_imported(struct viewing *v)
{
    json_t *shown = sgn_json_copy(stage_member(v->stage, "imported"));

    if (shown == NULL)
        return;
    if (json_object_get(shown, "at") != NULL)
        put(v, shown, "at", time_or_null(v, json_object_get(shown, "at")));
    put(v, v->view, "imported", shown);
}

/* Times are shown in the team's zone, with their offset: whoever reads them knows when. */
static void
put_head(struct viewing *v)
{
    static const char *const members[] = { "workflow", "version", "project", "opener",
                                           "outcome",  "rev",     "states" };
    static const char *const times[] = { "opened_at", "closed_at" };
    struct stage *stage = v->stage;

    json_t *client = json_object_get(stage->project, "client");
    const char *outcome;

    put(v, v->view, "case", json_incref(stage_member(stage, "key")));
    put(v, v->view, "client", client != NULL ? json_incref(client) : json_null());
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        put(v, v->view, members[i], json_incref(stage_member(stage, members[i])));
    for (size_t i = 0; i < 2; i++)
        put(v, v->view, times[i], time_or_null(v, stage_member(stage, times[i])));
    if (stage_member(stage, "hand") != NULL)
        put(v, v->view, "hand", json_incref(stage_member(stage, "hand")));
    put_imported(v);
    put(v, v->view, "title",
        json_string(model_title(stage->model->title, v->language, stage->model->name)));
    outcome = json_string_value(stage_member(stage, "outcome"));
    put(v, v->view, "outcome_title",
        outcome != NULL ? json_string(model_outcome_title(stage->model, outcome, v->language))
                        : json_null());
}

/* client_title replaces only the title; names are always shared. */
static void
put_state_titles(struct viewing *v)
{
    const struct model *model = v->stage->model;
    json_t *titles = json_object();
    const json_t *name;
    size_t i;

    json_array_foreach(stage_member(v->stage, "states"), i, name) {
        for (int s = model_state_find(model, json_string_value(name)); s > 0;
             s = model->states[s].parent) {
            const struct model_state *state = &model->states[s];
            bool own = !v->all && state->client_title != NULL;
            put(v, titles, state->name,
                json_string(model_title(own ? state->client_title : state->title, v->language,
                                        state->name)));
        }
    }
    put(v, v->view, "state_titles", titles);
}

/* Empty fields have a title but no value, so that a page can show the form. */
static void
put_fields(struct viewing *v)
{
    const struct model *model = v->stage->model;
    json_t *fields = json_object(), *titles = json_object();

    for (int i = 0; i < model->n_fields; i++) {
        const struct model_field *field = &model->fields[i];
        const json_t *value = stage_field(v->stage, field->name);
        if (!field->shared && !v->all)
            continue;
        if (value != NULL)
            put(v, fields, field->name, json_incref((json_t *)value));
        put(v, titles, field->name,
            json_string(model_title(field->title, v->language, field->name)));
    }
    put(v, v->view, "fields", fields);
    put(v, v->view, "field_titles", titles);
    put(v, v->view, "part_titles", model_part_titles(model, v->language, !v->all));
    put(v, v->view, "value_titles", model_value_titles(model, v->language, !v->all));
}

/* The client sees what is shared with it. */
static void
put_files(struct viewing *v)
{
    json_t *files = json_array();
    const json_t *file;
    size_t i;

    json_array_foreach(stage_member(v->stage, "files"), i, file)
        if (v->all || sgn_json_true(file, "shared"))
            stage_append(v->stage, files, json_incref((json_t *)file));
    put(v, v->view, "files", files);
}

/* What is left until it is due, in working time where that is counted; below zero: overdue. */
static void
put_left(struct viewing *v, json_t *shown, const json_t *deadline)
{
    int64_t left;

    if (deadline == NULL || !deadline_left(v->stage, deadline, &left))
        return;
    put(v, shown, "left_seconds", json_integer(left / SGN_SECOND_MS));
    put(v, shown, "counts",
        json_string(sgn_json_true(deadline, "working") ? "working time" : "elapsed time"));
}

/* One task: the same members done or not, and then who did it when. */
static json_t *
task_shown(struct viewing *v, int state, const struct model_task *task)
{
    const json_t *record = task_record(v->stage, state, task);
    char *who = who_words(task->by);
    json_t *shown = json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:b}", "state",
                              v->stage->model->states[state].name, "task", task->name, "title",
                              model_title(task->title, v->language, task->name), "for",
                              who != NULL ? who : "", "optional", task->optional, "proof",
                              task->proof_file, "done", sgn_json_true(record, "done"));

    free(who);
    if (json_object_get(record, "by") != NULL) {
        put(v, shown, "by", json_incref(json_object_get(record, "by")));
        put(v, shown, "at", time_or_null(v, json_object_get(record, "at")));
    }
    if (json_object_get(record, "file") != NULL) {
        put(v, shown, "file", json_incref(json_object_get(record, "file")));
        put(v, shown, "file_name", json_incref(json_object_get(record, "file_name")));
    }
    return shown;
}

/* The tasks of the active states that count now, and the ones ticked off earlier. */
static enum sgn_status
put_tasks(struct viewing *v)
{
    const struct model *model = v->stage->model;
    json_t *tasks = json_array();
    enum sgn_status status = SGN_OK;

    for (int i = 1; i < model->n_states; i++)
        for (int k = 0; k < model->states[i].n_tasks; k++) {
            const struct model_task *task = &model->states[i].tasks[k];
            bool shown = task_is_done(v->stage, i, task);
            enum sgn_status one = SGN_OK;
            if (!shown && stage_active(v->stage, i))
                one = cond_holds(v->stage, task->when, i, &shown);
            if (one == SGN_OK && shown)
                stage_append(v->stage, tasks, task_shown(v, i, task));
            status = status != SGN_OK ? status : one;
        }
    put(v, v->view, "tasks", tasks);
    return status;
}

/* Who may answer for whom it waits; for what makes it stuck nobody stands in. */
static enum sgn_status
put_stand_in(struct viewing *v, json_t *shown)
{
    const char *person = sgn_json_str(shown, "person"), *name = NULL;
    const char *kind = sgn_json_str(shown, "kind"); /* of a copy, which may lack anything */
    enum sgn_status status = SGN_OK;

    if (person != NULL && kind != NULL && strcmp(kind, "stuck") != 0)
        status = delegation_stand_in(v->stage, person, &name);
    if (name != NULL)
        put(v, shown, "stand_in", json_string(name));
    return status;
}

/* What an inbox measures by is shown in words: left_seconds and counts. */
static json_t *
waiting_shown(struct viewing *v, const json_t *item)
{
    static const char *const measures[] = { "clock", "working", "left" };
    int state = model_state_find(v->stage->model, sgn_json_str(item, "state"));
    json_t *copy = json_copy((json_t *)item);

    if (copy == NULL) { /* its words are made of what is in it */
        v->stage->nomem = true;
        return NULL;
    }
    for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]); i++)
        json_object_del(copy, measures[i]);
    put(v, copy, "waited_seconds",
        json_integer((v->stage->now - sgn_json_int(item, "since", v->stage->now)) / 1000));
    put(v, copy, "since", time_or_null(v, json_object_get(item, "since")));
    put(v, copy, "due", time_or_null(v, json_object_get(item, "due")));
    put_left(v, copy, waiting_deadline(v->stage, state));
    return copy;
}

static enum sgn_status
put_waiting(struct viewing *v)
{
    json_t *waiting = json_array();
    const json_t *item;
    size_t i;
    enum sgn_status status = SGN_OK;

    json_array_foreach(stage_member(v->stage, "waiting"), i, item) {
        json_t *shown = waiting_shown(v, item);
        enum sgn_status one = shown != NULL ? put_stand_in(v, shown) : sgn_nomem(v->stage->err);
        stage_append(v->stage, waiting, shown);
        status = status != SGN_OK ? status : one;
    }
    put(v, v->view, "waiting", waiting);
    return status;
}

/* Why nothing of it is erased; there when it is held. */
static void
put_hold(struct viewing *v)
{
    const json_t *hold = stage_member(v->stage, "hold");

    if (hold != NULL)
        put(v, v->view, "hold",
            json_pack("{s:O, s:o, s:O}", "by", json_object_get(hold, "by"), "at",
                      time_or_null(v, json_object_get(hold, "at")), "reason",
                      json_object_get(hold, "reason")));
}

static void
put_team_members(struct viewing *v)
{
    static const char *const members[] = { "owners", "priority", "visits", "links", "stuck" };
    struct stage *stage = v->stage;

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        put(v, v->view, members[i], json_incref(stage_member(stage, members[i])));
    put(v, v->view, "owner", stage_text(stage, owner_first(stage)));
    put_hold(v);
}

static void
put_deadlines(struct viewing *v)
{
    static const char *const times[] = { "from", "due", "next" };
    json_t *list = json_array();
    const json_t *deadline;
    size_t i;

    json_array_foreach(stage_member(v->stage, "deadlines"), i, deadline) {
        json_t *title = deadline_title(v->stage, deadline, v->language);
        json_t *shown =
            json_pack("{s:O, s:O, s:O, s:O}", "id", json_object_get(deadline, "id"), "kind",
                      json_object_get(deadline, "kind"), "name", json_object_get(deadline, "name"),
                      "state", json_object_get(deadline, "state"));
        if (title != NULL)
            put(v, shown, "title", title);
        for (size_t k = 0; k < 3; k++)
            put(v, shown, times[k], time_or_null(v, json_object_get(deadline, times[k])));
        put_left(v, shown, deadline);
        put(v, shown, "paused", json_boolean(json_object_get(deadline, "left") != NULL));
        stage_append(v->stage, list, shown);
    }
    put(v, v->view, "deadlines", list);
}

struct view_ctx {
    const char *language;
    bool all;
};

static enum sgn_status
view(struct stage *stage, const void *ctx, json_t *answer)
{
    const struct view_ctx *how = ctx;
    struct viewing v = { stage, how->language, how->all, answer };
    json_t *rounds = json_array();
    enum sgn_status status = SGN_OK, shown;

    put_head(&v);
    put_state_titles(&v);
    put_fields(&v);
    put_files(&v);
    if (v.all) {
        put_team_members(&v);
        put_deadlines(&v);
        status = put_tasks(&v);
        shown = put_waiting(&v);
        status = status != SGN_OK ? status : shown;
    }
    put(&v, answer, "approvals", rounds);
    shown = rounds_shown(stage, v.all, v.language, rounds);
    rounds_ended_shown(stage, v.all, v.language, rounds);
    return status != SGN_OK ? status : shown;
}

enum sgn_status
core_view(const struct core_question *question, enum core_sight sight, const char *language,
          json_t **out, struct core_decision *needs, struct sgn_error *err)
{
    struct view_ctx how = { language, sight == CORE_SEES_ALL };

    *needs = (struct core_decision){ .verdict = CORE_REFUSED };
    if (sight == CORE_SEES_NOTHING)
        return sgn_fail(err, SGN_NOT_FOUND, "there is no case %.40s", question->command->case_key);
    return ask_question(question, view, &how, json_object(), out, needs, err);
}
