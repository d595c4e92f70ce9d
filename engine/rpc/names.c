/* SPDX-License-Identifier: Apache-2.0 */
/* Titles of the keys in an answer, see names.h. */
#include "names.h"
#include "model.h"
#include <string.h>

/* Every string below value becomes a key of names: they may all be what is looked for. */
static void
names_gather(json_t *names, const json_t *value)
{
    const char *key;
    json_t *member;
    size_t i;

    if (json_is_string(value))
        (void)json_object_set_new(names, json_string_value(value), json_true());
    json_array_foreach((json_t *)value, i, member)
        names_gather(names, member);
    json_object_foreach((json_t *)value, key, member)
        names_gather(names, member);
}

/* What stands below these members, wherever they are. What people have written into fields names
 * nobody: else a field would be a way to ask who there is. */
static void
members_gather(const char *const *members, json_t *names, const json_t *value)
{
    const char *key;
    json_t *member;
    size_t i;

    for (i = 0; members[i] != NULL; i++)
        names_gather(names, json_object_get(value, members[i]));
    json_array_foreach((json_t *)value, i, member)
        members_gather(members, names, member);
    json_object_foreach((json_t *)value, key, member)
        if (strcmp(key, "fields") != 0)
            members_gather(members, names, member);
}

static enum sgn_status
row_read(const struct rpc_names_from *from, enum store_table table, const char *column,
         const char *name, json_t **out, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", column, name);
    enum sgn_status status = from->run != NULL
                                 ? lane_row_get(from->run, table, key, out, err)
                                 : store_row_get(from->reader, table, from->team, key, out, err);

    json_decref(key);
    return sgn_if_any(status, err);
}

/* One row per name and not a list of all: a page names few. Who is not there is left out, and shown
 * by the key. */
static enum sgn_status
titles_read(const struct rpc_names_from *from, enum store_table table, const char *column,
            const char *const *members, const json_t *of, json_t **out, struct sgn_error *err)
{
    json_t *names = json_object(), *unused;
    const char *name;
    enum sgn_status status = SGN_OK;

    *out = json_object();
    members_gather(members, names, of);
    json_object_foreach(names, name, unused) {
        json_t *row = NULL;
        const json_t *title;

        if (status == SGN_OK)
            status = row_read(from, table, column, name, &row, err);
        title = json_object_get(row, "title");
        if (json_is_string(title) || json_is_object(title))
            (void)json_object_set_new(*out, name,
                                      json_string(model_title(title, from->language, name)));
        json_decref(row);
    }
    json_decref(names);
    return status;
}

enum sgn_status
rpc_names_people(const struct rpc_names_from *from, const json_t *of, json_t **out,
                 struct sgn_error *err)
{
    /* "left" may name states as well; who is no person has no title. */
    static const char *const members[] = { "actor",    "on_behalf",  "person", "opener",
                                           "owner",    "to",         "owners", "asked",
                                           "pending",  "not_needed", "left",   "eligible",
                                           "stand_in", "by",         NULL };

    return titles_read(from, STORE_PERSON, "person", members, of, out, err);
}

enum sgn_status
rpc_names_add(const struct rpc_names_from *from, struct lane_job *job, struct sgn_error *err)
{
    static const char *const projects[] = { "project", NULL };
    static const char *const clients[] = { "client", NULL };
    json_t *people = NULL, *of_projects = NULL, *of_clients = NULL, *names;
    enum sgn_status status;

    if (!sgn_json_true(job->params, "names"))
        return SGN_OK;
    status = rpc_names_people(from, job->result, &people, err);
    if (status == SGN_OK)
        status =
            titles_read(from, STORE_PROJECT, "project", projects, job->result, &of_projects, err);
    if (status == SGN_OK)
        status = titles_read(from, STORE_CLIENT, "client", clients, job->result, &of_clients, err);
    names = json_pack("{s:o, s:o, s:o}", "people", people, "projects", of_projects, "clients",
                      of_clients);
    if (status == SGN_OK && (names == NULL || json_object_set(job->result, "names", names) != 0))
        status = sgn_nomem(err);
    json_decref(names);
    return status;
}
