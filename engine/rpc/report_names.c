/* SPDX-License-Identifier: Apache-2.0 */
/* What a report calls things, see report_names.h. */
#include "report_names.h"
#include "json.h"
#include "rpc_internal.h"
#include <string.h>

#define ROWS_MOST 20000 /* of a table; what is beyond is called by its key */

/* {KEY: {"title", ...}} of a table's rows, with these of their columns. */
static enum sgn_status
rows_named(struct store_reader *reader, const struct lane_job *job, enum store_table table,
           const char *const *columns, json_t **out, struct sgn_error *err)
{
    const char *key_name = store_table(table)->columns[0].name, *key;
    json_t *rows = NULL, *all = json_object(), *row, *one, *value;
    size_t i;
    enum sgn_status status =
        store_row_list(reader, table, job->team, NULL, NULL, ROWS_MOST, &rows, err);

    json_array_foreach(rows, i, row) {
        key = sgn_json_str(row, key_name);
        one = json_pack("{s:s}", "title",
                        model_title(json_object_get(row, "title"), job->language, key));
        for (size_t k = 0; columns[k] != NULL; k++) {
            value = json_object_get(row, columns[k]);
            if (json_is_string(value))
                (void)json_object_set(one, columns[k], value);
        }
        if (json_object_set_new(all, key, one) != 0)
            status = sgn_nomem(err);
    }
    json_decref(rows);
    *out = all;
    return status;
}

/* {PROJECT: {PERSON: [ROLE]}} */
static enum sgn_status
roles_named(struct store_reader *reader, const struct lane_job *job, json_t **out,
            struct sgn_error *err)
{
    json_t *rows = NULL, *all = json_object(), *row, *people, *roles;
    size_t i;
    enum sgn_status status =
        store_row_list(reader, STORE_MEMBERSHIP, job->team, NULL, NULL, ROWS_MOST, &rows, err);

    json_array_foreach(rows, i, row) {
        people = sgn_json_within(all, sgn_json_str(row, "project"));
        roles = sgn_json_list_within(people, sgn_json_str(row, "person"));
        if (json_array_append(roles, json_object_get(row, "role")) != 0)
            status = sgn_nomem(err);
    }
    json_decref(rows);
    *out = all;
    return status;
}

/* ---- workflows ---- */

static void
who_roles(const struct model_who *who, json_t *roles)
{
    if (who == NULL)
        return;
    if (who->kind == MODEL_WHO_ROLE && !sgn_json_has(roles, who->name))
        (void)json_array_append_new(roles, json_string(who->name));
    for (int i = 0; i < who->n_of; i++)
        who_roles(&who->of[i], roles);
}

/* The roles that an approval asks. */
static void
rule_roles(const struct model_rule *rule, json_t *roles)
{
    who_roles(rule->who, roles);
    for (int i = 0; i < rule->n_weights; i++)
        who_roles(&rule->weight_who[i], roles);
    for (int i = 0; i < rule->n_rules; i++)
        rule_roles(&rule->rules[i], roles);
}

/* By its bounds a number is an answer of a survey; see the catalogue of figures. */
static const char *
rating_of(const struct model_field *field)
{
    int64_t min = json_integer_value(field->min), max = json_integer_value(field->max);

    if (field->type != MODEL_NUMBER || field->places != 0 || field->max == NULL)
        return NULL;
    if (min == 0 && max == 10)
        return "nps";
    return min != 1 ? NULL : max == 5 ? "csat" : max == 7 ? "ces" : NULL;
}

static json_t *
flow_named(const struct model *model, const char *language)
{
    json_t *states = json_object(), *deadlines = json_object(), *approvals = json_object(),
           *ratings = json_object();

    for (int i = 1; i < model->n_states; i++) {
        const struct model_state *state = &model->states[i];
        (void)json_object_set_new(states, state->name,
                                  json_string(model_title(state->title, language, state->name)));
        if (state->approval == NULL)
            continue;
        (void)json_object_set_new(approvals, state->name, json_array());
        rule_roles(&state->approval->rule, json_object_get(approvals, state->name));
    }
    for (int i = 0; i < model->n_deadlines; i++)
        (void)json_object_set_new(
            deadlines, model->deadlines[i].name,
            json_string(model_deadline_title(model, &model->deadlines[i], language)));
    for (int i = 0; i < model->n_fields; i++)
        if (rating_of(&model->fields[i]) != NULL)
            (void)json_object_set_new(ratings, model->fields[i].name,
                                      json_string(rating_of(&model->fields[i])));
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "serves", model->serves, "title",
                     model_title(model->title, language, model->name), "states", states,
                     "deadlines", deadlines, "outcomes", model_outcome_titles(model, language),
                     "approvals", approvals, "ratings", ratings);
}

static json_t *
flows_named(struct lane *lane, const struct lane_job *job)
{
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, job->team) : NULL;
    json_t *all = json_object();

    for (int i = 0; team != NULL && i < team->n_workflows; i++)
        (void)json_object_set_new(all, team->workflows[i]->name,
                                  flow_named(team->workflows[i], job->language));
    lane_site_free(lane, site);
    return all;
}

enum sgn_status
rpc_report_names(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
                 json_t **out, struct sgn_error *err)
{
    static const char *const of_person[] = { "client", NULL };
    static const char *const of_project[] = { "currency", NULL };
    static const char *const of_others[] = { NULL };
    json_t *people = NULL, *projects = NULL, *clients = NULL, *groups = NULL, *roles = NULL;
    enum sgn_status status = rows_named(reader, job, STORE_PERSON, of_person, &people, err);

    if (status == SGN_OK)
        status = rows_named(reader, job, STORE_PROJECT, of_project, &projects, err);
    if (status == SGN_OK)
        status = rows_named(reader, job, STORE_CLIENT, of_others, &clients, err);
    if (status == SGN_OK)
        status = rows_named(reader, job, STORE_GROUP, of_others, &groups, err);
    if (status == SGN_OK)
        status = roles_named(reader, job, &roles, err);
    if (status == SGN_OK) {
        *out = json_pack("{s:O, s:O, s:O, s:O, s:O, s:o}", "people", people, "projects", projects,
                         "clients", clients, "groups", groups, "roles", roles, "workflows",
                         flows_named(lane, job));
        if (*out == NULL)
            status = sgn_nomem(err);
    }
    json_decref(people);
    json_decref(projects);
    json_decref(clients);
    json_decref(groups);
    json_decref(roles);
    return status;
}
