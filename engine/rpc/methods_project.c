/* SPDX-License-Identifier: Apache-2.0 */
/*
 * project.*: engagements with clients, and who holds which role in them.
 *
 * A role counts in its project only.
 */
#include "data.h"
#include "methods.h"
#include "project_begin.h"
#include "project_templates.h"
#include "rpc_internal.h"
#include <limits.h>
#include <string.h>

/* What must hold whichever of its parts was sent. */
static enum sgn_status
project_check(struct lane_run *run, const struct lane_job *job, const json_t *row,
              struct sgn_error *err)
{
    /* As it was sent: an empty text empties other columns, but every project has a state. */
    const char *state = sgn_json_str(job->params, "state");
    enum sgn_status status = rpc_data_calendar(run, job, err);

    (void)row;
    if (status == SGN_OK)
        status = rpc_data_currency(job, err);
    if (status == SGN_OK && state != NULL && strcmp(state, "open") != 0 &&
        strcmp(state, "closed") != 0)
        status = rpc_data_invalid(err, "/state", "a project's state is open or closed");
    return status;
}

/* The client is said once, here: a project that changed hands would show one client's cases to
 * another. */
static enum sgn_status
project_create(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    bool by_template = sgn_json_str(job->params, "template") != NULL;
    bool is_import = job->item == &rpc_m_data_import;
    json_t *row = NULL;
    enum sgn_status status = SGN_OK;

    if (is_import && by_template)
        return rpc_data_invalid(err, "/template", "an imported project has begun already");
    if (sgn_json_str(job->params, "project") == NULL)
        status = rpc_project_name(run, job, err);
    if (status == SGN_OK)
        status = rpc_data_absent(run, STORE_PROJECT, sgn_json_str(job->params, "project"), err);
    if (status == SGN_OK)
        status = rpc_data_reference(run, job, STORE_CLIENT, "client", err);
    if (status == SGN_OK) {
        row = rpc_data_new(STORE_PROJECT, run, job->params);
        (void)json_object_set_new(row, "state", json_string("open"));
        status = project_check(run, job, row, err);
    }
    if (status != SGN_OK) {
        json_decref(row);
        return status;
    }
    return by_template ? rpc_project_begin(run, job, row, err)
                       : rpc_data_put(run, job, STORE_PROJECT, row, err);
}

/* The client is not among its parameters: see project_create(). */
static enum sgn_status
project_update(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return rpc_data_update(run, job, STORE_PROJECT, project_check, err);
}

/* What each member is called: whoever may look at a project need not be one who keeps people. */
static enum sgn_status
members_title(struct lane_run *run, const json_t *members, struct sgn_error *err)
{
    enum sgn_status status = SGN_OK;
    json_t *member;
    size_t i;

    json_array_foreach(members, i, member) {
        json_t *person = NULL, *title;
        status = rpc_data_row(run, STORE_PERSON, sgn_json_str(member, "person"), "/person",
                              SGN_NOT_FOUND, &person, err);
        if (status != SGN_OK)
            break;
        title = json_object_get(person, "title");
        (void)json_object_set(member, "title", title != NULL ? title : json_null());
        json_decref(person);
    }
    return status;
}

/* With its members: a role is a part of the project more than of a person. */
static enum sgn_status
project_get(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *key = sgn_json_str(job->params, "project");
    json_t *members = NULL;
    enum sgn_status status = rpc_data_show(run, job, STORE_PROJECT, err);

    if (status == SGN_OK)
        status = rpc_data_rows(run, job, STORE_MEMBERSHIP, "project", key, &members, err);
    if (status == SGN_OK)
        status = members_title(run, members, err);
    if (status == SGN_OK)
        (void)json_object_set(job->result, "members", members);
    json_decref(members);
    return status;
}

/* ---- mine ---- */

/* A project by its title in the caller's language, with the roles the caller has in it. */
static enum sgn_status
mine_add(struct store_reader *reader, const struct lane_job *job, const char *key,
         const json_t *roles, json_t *items, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", "project", key), *row = NULL;
    const char *title;
    enum sgn_status status = store_row_get(reader, STORE_PROJECT, job->team, match, &row, err);

    json_decref(match);
    if (status == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        return SGN_OK;
    }
    title = model_title(json_object_get(row, "title"), job->language, key);
    if (status == SGN_OK &&
        json_array_append_new(items,
                              json_pack("{s:s, s:s, s:O?, s:O?, s:O}", "project", key, "title",
                                        title, "client", json_object_get(row, "client"), "state",
                                        json_object_get(row, "state"), "roles", roles)) != 0)
        status = sgn_nomem(err);
    json_decref(row);
    return status;
}

/* For everybody: whoever is a member of a project may know its title. */
static enum sgn_status
project_mine(struct store_reader *reader, struct lane *lane, struct lane_job *job,
             struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", "person", job->person);
    json_t *rows = NULL, *roles = json_object(), *items = json_array(), *held;
    const json_t *row;
    const char *key;
    size_t i;
    enum sgn_status status =
        store_row_list(reader, STORE_MEMBERSHIP, job->team, match, NULL, INT_MAX, &rows, err);

    (void)lane;
    json_decref(match);
    json_array_foreach(rows, i, row) {
        key = sgn_json_str(row, "project");
        if (json_object_get(roles, key) == NULL)
            (void)json_object_set_new(roles, key, json_array());
        (void)json_array_append(json_object_get(roles, key), json_object_get(row, "role"));
    }
    json_object_foreach(roles, key, held)
        if (status == SGN_OK)
            status = mine_add(reader, job, key, held, items, err);
    json_decref(rows);
    json_decref(roles);
    return rpc_page_end(status, job, items, err);
}

/* ---- templates ---- */

/* As a list: its name, and what it would do. Mistakes of the team's own files stand beside them. */
static enum sgn_status
project_templates(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                  struct sgn_error *err)
{
    json_t *all = NULL, *mistakes = json_array(), *items = json_array(), *one;
    const char *name;
    enum sgn_status status = mistakes != NULL && items != NULL
                                 ? lane_templates_of(lane, job->team, mistakes, &all, err)
                                 : sgn_nomem(err);

    (void)reader;
    json_object_foreach(all, name, one) {
        json_t *title = json_object_get(one, "title"), *says = json_object_get(one, "says");
        json_t *item = json_pack(
            "{s:s, s:s, s:s?, s:O, s:O, s:O}", "template", name, "title",
            model_title(title, job->language, name), "says", model_title(says, job->language, NULL),
            "roles", json_object_get(one, "roles"), "cases", json_object_get(one, "cases"),
            "shipped", json_object_get(one, "shipped"));
        if (json_array_append_new(items, item) != 0)
            status = sgn_nomem(err);
    }
    if (status == SGN_OK)
        job->result = json_pack("{s:O, s:O}", "items", items, "mistakes", mistakes);
    json_decref(all);
    json_decref(mistakes);
    json_decref(items);
    return status != SGN_OK ? status : job->result != NULL ? SGN_OK : sgn_nomem(err);
}

/* ---- members ---- */

/* The role client is for people of the project's client, every other one for the team's own. */
static enum sgn_status
role_check(const json_t *project, const json_t *person, const char *role, struct sgn_error *err)
{
    const char *key = sgn_json_str(person, "person");
    const char *theirs = sgn_json_str(person, "client");
    const char *client = sgn_json_str(project, "client");

    if (!sgn_name_valid(role))
        return rpc_data_invalid(err, "/role", "'%.40s' cannot be the name of a role", role);
    if (!rpc_row_true(person, "active"))
        return rpc_data_invalid(err, "/person", "%s has left", key);
    if (strcmp(role, "client") != 0)
        return theirs == NULL
                   ? SGN_OK
                   : rpc_data_invalid(err, "/role",
                                      "%s belongs to client %s and can only hold the role client",
                                      key, theirs);
    if (client == NULL)
        return rpc_data_invalid(err, "/role", "project %s has no client",
                                sgn_json_str(project, "project"));
    if (theirs == NULL || strcmp(theirs, client) != 0)
        return rpc_data_invalid(err, "/person", "%s does not belong to %s, the project's client",
                                key, client);
    return SGN_OK;
}

/* Beside the row that was given: a role that no workflow in use has gives no rights. It may be
 * meant for one that is to come, so it is no mistake. */
static void
role_warn(struct lane_run *run, struct lane_job *job)
{
    const char *role = sgn_json_str(job->params, "role"), *near;
    const struct lane_site *site = lane_site_ref(lane_of(run));
    const struct lane_team *team = site != NULL ? lane_site_team(site, job->team) : NULL;
    json_t *known = json_pack("[s]", "client");

    for (int i = 0; team != NULL && i < team->n_workflows; i++)
        (void)json_array_extend(known, (json_t *)team->workflows[i]->roles);
    near = sgn_nearest_json(role, known);
    if (team != NULL && !sgn_json_has(known, role))
        (void)json_object_set_new(job->result, "warning",
                                  json_sprintf("no workflow in use has a role \"%s\"%s%s%s", role,
                                               near != NULL ? "; did you mean \"" : "",
                                               near != NULL ? near : "",
                                               near != NULL ? "\"?" : ""));
    json_decref(known);
    lane_site_free(lane_of(run), site);
}

/* Both rows are looked at as they are now: a person who has left gets no role any more. */
static enum sgn_status
member_add(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *project = NULL, *person = NULL;
    enum sgn_status status;

    status = rpc_data_row(run, STORE_PROJECT, sgn_json_str(job->params, "project"), "/project",
                          SGN_NOT_FOUND, &project, err);
    if (status == SGN_OK)
        status = rpc_data_row(run, STORE_PERSON, sgn_json_str(job->params, "person"), "/person",
                              SGN_INVALID, &person, err);
    if (status == SGN_OK)
        status = role_check(project, person, sgn_json_str(job->params, "role"), err);
    json_decref(project);
    json_decref(person);
    if (status != SGN_OK)
        return status;
    /* Giving a role again is how its share is changed. */
    status = rpc_data_put(run, job, STORE_MEMBERSHIP,
                          rpc_data_new(STORE_MEMBERSHIP, run, job->params), err);
    if (status == SGN_OK)
        role_warn(run, job);
    return status;
}

/* Who holds it no more is not asked again; what they have voted stays. */
static enum sgn_status
member_remove(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const json_t *params = job->params;
    enum sgn_status status = rpc_data_remove(run, job, STORE_MEMBERSHIP, err);

    if (status == SGN_NOT_FOUND)
        return sgn_fail(err, SGN_NOT_FOUND, "%s does not hold the role %s in project %s",
                        sgn_json_str(params, "person"), sgn_json_str(params, "role"),
                        sgn_json_str(params, "project"));
    return status;
}

/* clang-format off */
#define PROJECT_RESULT "project, title, client, calendar, currency, attributes, state, since."
#define PARAM_PROJECT { "project", RPC_STRING, true, SGN_KEY_MAX, "Key of the project." }
#define PARAM_PERSON { "person", RPC_STRING, true, SGN_KEY_MAX, "Key of the person." }
#define PARAM_ROLE { "role", RPC_STRING, true, 64, "The role, as workflows name it." }
#define PROJECT_FIELDS \
    { "title", RPC_TITLE, false, 0, "Its name as people read it." }, \
    { "calendar", RPC_STRING, false, 64, "Which of the team's calendars its deadlines run by." }, \
    { "currency", RPC_STRING, false, 3, "Of its money: EUR, CNY, ..; the team's when empty." }, \
    { "attributes", RPC_OBJECT, false, 0, "What else is kept, replaced as a whole." }

static const struct rpc_param create_params[] = {
    { "project", RPC_KEY, false, SGN_KEY_MAX, "Key of the new project, which never changes; none: one with a number." },
    { "client", RPC_STRING, false, SGN_KEY_MAX, "Whom it is for; none: the team itself." },
    PROJECT_FIELDS,
    { "template", RPC_STRING, false, SGN_KEY_MAX, "One of project.templates: the roles and cases that it begins with." },
    { "lead", RPC_STRING, false, SGN_KEY_MAX, "With a template: who holds its roles, until others do; you, when left out." },
    { "begins", RPC_STRING, false, 10, "With a template: the day from which its days count; today, when left out." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_project_create = {
    .name = "project.create",
    .summary = "Adds a project, with a template all that it begins with.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = create_params,
    .result = PROJECT_RESULT " With a template also: template, members (person, role), cases that are being opened "
              "(workflow, fields), left_out: workflows of the template that the team does not use.",
    .run = project_create,
};

static const struct rpc_param templates_params[] = { RPC_PARAM_END };

const struct rpc_method rpc_m_project_templates = {
    .name = "project.templates",
    .summary = "Lists what a project may begin with: templates/NAME.ini of the team, and those that are shipped.",
    .access = CORE_MEMBER | CORE_OPERATOR, .where = RPC_QUERY, .params = templates_params,
    .result = "items: template, title, says (in your language), roles, cases (workflow, word, fields), shipped; "
              "mistakes of files that cannot be used.",
    .query = project_templates,
};

static const struct rpc_param update_params[] = {
    PARAM_PROJECT, PROJECT_FIELDS,
    { "state", RPC_STRING, false, 16, "open or closed." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_project_update = {
    .name = "project.update",
    .summary = "Changes what is kept of a project; an empty text empties.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = update_params,
    .result = PROJECT_RESULT, .run = project_update,
};

static const struct rpc_param get_params[] = { PARAM_PROJECT, RPC_PARAM_END };

const struct rpc_method rpc_m_project_get = {
    .name = "project.get",
    .summary = "Shows a project and its members.",
    .access = CORE_MEMBER | CORE_OPERATOR, .where = RPC_READ, .params = get_params,
    .result = "The project, and members: project, person, role, share and title of each.",
    .run = project_get,
};

static const struct rpc_param mine_params[] = { RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END };

const struct rpc_method rpc_m_project_mine = {
    .name = "project.mine",
    .summary = "Lists the projects that you are a member of.",
    .access = CORE_PERSON, .where = RPC_QUERY, .params = mine_params,
    .result = "items: project, title (in your language), client, state, roles (yours); the cursor of the next page or null.",
    .query = project_mine,
};

static const struct rpc_param member_params[] = {
    PARAM_PROJECT, PARAM_PERSON, PARAM_ROLE,
    { "share", RPC_INTEGER, false, 100, "Percent of their time." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_project_member_add = {
    .name = "project.member.add",
    .summary = "Gives a person a role in a project.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = member_params,
    .result = "project, person, role, share; warning: no workflow in use has that role.", .run = member_add,
};

static const struct rpc_param removed_params[] = {
    PARAM_PROJECT, PARAM_PERSON, PARAM_ROLE, RPC_PARAM_END
};

const struct rpc_method rpc_m_project_member_remove = {
    .name = "project.member.remove",
    .summary = "Takes a role in a project from a person.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = removed_params,
    .result = "project, person, role.", .run = member_remove,
};
/* clang-format on */
