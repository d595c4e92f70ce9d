/* SPDX-License-Identifier: Apache-2.0 */
/* Titles of what a case's entries name, see titles.h. */
#include "titles.h"
#include "names.h"

#include <stdlib.h>
#include <string.h>

/* Of the version the case runs under. */
static enum sgn_status
model_of(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
         const json_t *document, struct model **out, struct sgn_error *err)
{
    const char *rules = sgn_json_str(document, "rules");

    return lane_model(lane, reader, job->team, rules != NULL ? rules : "", out, err);
}

/* ---- of the model ---- */

const char *
rpc_state_title(const struct model *model, int state, const char *language, bool for_client)
{
    const struct model_state *s = &model->states[state];
    bool own = for_client && s->client_title != NULL;

    return model_title(own ? s->client_title : s->title, language, s->name);
}

/* From 1 on: the root has no name of its own. */
static json_t *
state_titles(const struct model *model, const char *language, bool for_client)
{
    json_t *titles = json_object();

    for (int i = 1; i < model->n_states; i++) {
        const struct model_state *state = &model->states[i];
        const char *title = rpc_state_title(model, i, language, for_client);
        const char *in = state->parent > 0 ? model->states[state->parent].name : NULL;
        (void)json_object_set_new(titles, state->name,
                                  json_pack("{s:s, s:s*}", "title", title, "in", in));
    }
    return titles;
}

/* Where several transitions of an event have titles, that of the first. */
static json_t *
event_titles(const struct model *model, const char *language)
{
    json_t *titles = json_object();

    for (int i = 0; i < model->n_transitions; i++) {
        const struct model_transition *t = &model->transitions[i];
        for (int k = 0; t->kind == MODEL_ON_EVENT && t->title != NULL && k < t->n_events; k++)
            if (json_object_get(titles, t->events[k]) == NULL)
                (void)json_object_set_new(
                    titles, t->events[k],
                    json_string(model_title(t->title, language, t->events[k])));
    }
    return titles;
}

/* Even the title of a field that is internal may tell a client too much ("Margin"). */
static json_t *
field_titles(const struct model *model, const char *language, bool for_client)
{
    json_t *titles = json_object();

    for (int i = 0; i < model->n_fields; i++) {
        const struct model_field *field = &model->fields[i];
        if (field->shared || !for_client)
            (void)json_object_set_new(
                titles, field->name, json_string(model_title(field->title, language, field->name)));
    }
    return titles;
}

/* The team's own: the client's history names no deadlines. */
static json_t *
deadline_titles(const struct model *model, const char *language, bool for_client)
{
    json_t *titles = json_object();

    for (int i = 0; !for_client && i < model->n_deadlines; i++)
        (void)json_object_set_new(
            titles, model->deadlines[i].name,
            json_string(model_deadline_title(model, &model->deadlines[i], language)));
    return titles;
}

/* "handover/documents", as entries name a task. Tasks are the team's own. */
static json_t *
task_titles(const struct model *model, const char *language, bool for_client)
{
    json_t *titles = json_object();

    for (int i = 1; !for_client && i < model->n_states; i++)
        for (int k = 0; k < model->states[i].n_tasks; k++) {
            const struct model_task *task = &model->states[i].tasks[k];
            char *path = sgn_format("%s/%s", model->states[i].name, task->name);
            if (path != NULL)
                (void)json_object_set_new(
                    titles, path, json_string(model_title(task->title, language, task->name)));
            free(path);
        }
    return titles;
}

/* ---- of versions ---- */

static json_t *
words_of(const struct model *model, const char *language, bool for_client)
{
    return json_pack(
        "{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "workflow",
        model_title(model->title, language, model->name), "states",
        state_titles(model, language, for_client), "events", event_titles(model, language),
        "fields", field_titles(model, language, for_client), "deadlines",
        deadline_titles(model, language, for_client), "tasks",
        task_titles(model, language, for_client), "parts",
        model_part_titles(model, language, for_client), "values",
        model_value_titles(model, language, for_client), "outcomes",
        model_outcome_titles(model, language), "choices", model_vote_titles(NULL, language));
}

/* The words of a version that entries name, once; none of it when it is the case's own. */
static enum sgn_status
put_version(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
            bool for_client, const char *own, const char *rules, json_t *versions,
            struct sgn_error *err)
{
    struct model *model = NULL;
    json_t *words;
    enum sgn_status status;

    if (rules == NULL || strcmp(rules, own) == 0 || json_object_get(versions, rules) != NULL)
        return SGN_OK;
    status = lane_model(lane, reader, job->team, rules, &model, err);
    if (status == SGN_NOMEM)
        return status;
    /* A history can be read without a version that is lost: by the names in it. */
    if (status != SGN_OK)
        sgn_error_clear(err);
    words = model != NULL ? words_of(model, job->language, for_client) : json_null();
    status = json_object_set_new(versions, rules, words) == 0 ? SGN_OK : sgn_nomem(err);
    model_free(model);
    return status;
}

/* Those that the entries were decided by, and those that a migration came from. */
static enum sgn_status
versions_titles(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
                bool for_client, const char *own, const json_t *items, json_t *versions,
                struct sgn_error *err)
{
    const json_t *item;
    size_t i;
    enum sgn_status status = SGN_OK;

    json_array_foreach(items, i, item) {
        const char *from = sgn_json_str(json_object_get(item, "migrate"), "rules");
        if (status == SGN_OK)
            status = put_version(reader, lane, job, for_client, own, sgn_json_str(item, "rules"),
                                 versions, err);
        if (status == SGN_OK)
            status = put_version(reader, lane, job, for_client, own, from, versions, err);
    }
    return status;
}

enum sgn_status
rpc_titles_for(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
               bool for_client, const json_t *document, const json_t *items, json_t **out,
               struct sgn_error *err)
{
    const char *own = sgn_json_str(document, "rules");
    struct model *model = NULL;
    const struct rpc_names_from from = { .reader = reader,
                                         .team = job->team,
                                         .language = job->language };
    json_t *people = NULL, *versions = json_object();
    enum sgn_status status =
        versions != NULL ? model_of(reader, lane, job, document, &model, err) : sgn_nomem(err);

    if (status == SGN_OK)
        status = rpc_names_people(&from, items, &people, err);
    if (status == SGN_OK)
        status = versions_titles(reader, lane, job, for_client, own != NULL ? own : "", items,
                                 versions, err);
    if (status == SGN_OK) {
        *out = words_of(model, job->language, for_client);
        if (*out == NULL || json_object_set(*out, "people", people) != 0 ||
            json_object_set(*out, "versions", versions) != 0)
            status = sgn_nomem(err);
    }
    json_decref(versions);
    json_decref(people);
    model_free(model);
    return status;
}

enum sgn_status
rpc_titles(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
           const json_t *document, const json_t *items, json_t **out, struct sgn_error *err)
{
    return rpc_titles_for(reader, lane, job, rpc_query_is_client(job), document, items, out, err);
}

/* Of the states a list shows: the active ones and, in an inbox, the one that waits. */
static json_t *
item_states(const struct model *model, const json_t *view, const char *language, bool for_client)
{
    json_t *titles = json_object();
    const json_t *name;
    size_t i;

    json_array_foreach(json_object_get(view, "states"), i, name) {
        int s = model_state_find(model, json_string_value(name));
        for (; s > 0; s = model->states[s].parent)
            (void)json_object_set_new(titles, model->states[s].name,
                                      json_string(rpc_state_title(model, s, language, for_client)));
    }
    return titles;
}

enum sgn_status
rpc_case_titles(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
                const json_t *document, json_t *view, struct sgn_error *err)
{
    bool for_client = rpc_query_is_client(job);
    const char *outcome = sgn_json_str(view, "outcome"), *priority = sgn_json_str(view, "priority");
    struct model *model = NULL;
    enum sgn_status status = model_of(reader, lane, job, document, &model, err);

    if (status == SGN_OK) {
        json_t *title = lane_case_title(model, document, for_client);
        /* What nobody has named yet is still one of its kind. */
        (void)json_object_set_new(
            view, "title",
            title != NULL ? json_incref(title)
                          : json_string(model_title(model->title, job->language, model->name)));
        (void)json_object_set_new(view, "state_titles",
                                  item_states(model, view, job->language, for_client));
        (void)json_object_set_new(
            view, "outcome_title",
            sgn_json_string_or_null(
                outcome != NULL ? model_outcome_title(model, outcome, job->language) : NULL));
        if (priority != NULL)
            (void)json_object_set_new(view, "priority_title",
                                      json_string(model_word(priority, job->language)));
    }
    model_free(model);
    return status;
}

/* Shared ones alone for a client's person, by the version that the case is of, as case.get has it.
 */
enum sgn_status
rpc_case_fields(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
                const json_t *document, json_t *view, struct sgn_error *err)
{
    const json_t *values = json_object_get(document, "fields");
    json_t *fields = json_object();
    struct model *model = NULL;
    enum sgn_status status = model_of(reader, lane, job, document, &model, err);

    for (int i = 0; status == SGN_OK && i < model->n_fields; i++) {
        const struct model_field *field = &model->fields[i];
        json_t *value = json_object_get(values, field->name);
        if (value != NULL && (field->shared || !rpc_query_is_client(job)) &&
            json_object_set(fields, field->name, value) != 0)
            status = sgn_nomem(err);
    }
    if (status == SGN_OK && json_object_set(view, "fields", fields) != 0)
        status = sgn_nomem(err);
    json_decref(fields);
    model_free(model);
    return status;
}
