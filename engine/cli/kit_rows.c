/* SPDX-License-Identifier: Apache-2.0 */
/* The people and the project of a test, as the rows that a store begins with. */
#include "kit.h"

#include "hash.h"
#include "json.h"
#include <string.h>

static bool
put_row(json_t *rows, const char *table, const char *team, json_t *row_take)
{
    json_t *item = row_take != NULL
                       ? json_pack("{s:s, s:s, s:o}", "table", table, "team", team, "row", row_take)
                       : NULL;

    return item != NULL && json_array_append_new(rows, item) == 0;
}

static bool
put_token(json_t *rows, const char *team, const char *person)
{
    char token[SGN_KEY_MAX + 8], hash[SGN_HASH_HEX];

    snprintf(token, sizeof(token), "sgn_%s", person != NULL ? person : "");
    sgn_sha256(token, strlen(token), hash);
    return put_row(rows, "token", "",
                   json_pack("{s:s, s:s, s:s, s:s*, s:b}", "hash", hash, "id",
                             person != NULL ? person : "operator", "team",
                             person != NULL ? team : "", "person", person, "operator",
                             person == NULL));
}

/* A group or client is there as soon as somebody is of it. */
static bool
put_once(json_t *rows, json_t *seen, const char *table, const char *team, const char *key)
{
    if (key == NULL || sgn_json_has(seen, key))
        return true;
    return json_array_append_new(seen, json_string(key)) == 0 &&
           put_row(rows, table, team,
                   json_pack("{s:s, s:s, s:b}", table, key, "title", key, "active", 1));
}

static bool
put_group(json_t *rows, json_t *seen, const char *team, const char *group, const char *person)
{
    if (!sgn_json_has(seen, group) &&
        (json_array_append_new(seen, json_string(group)) != 0 ||
         !put_row(rows, "group_", team, json_pack("{s:s, s:s}", "group", group, "title", group))))
        return false;
    return put_row(rows, "group_member", team,
                   json_pack("{s:s, s:s, s:b}", "group", group, "person", person, "lead", 0));
}

static bool
put_person(json_t *rows, const char *team, const char *key, const json_t *person, json_t *clients,
           json_t *groups)
{
    const char *title = sgn_json_str(person, "title"), *client = sgn_json_str(person, "of");
    const json_t *one;
    size_t i;
    bool good = put_once(rows, clients, "client", team, client) &&
                put_row(rows, "person", team,
                        json_pack("{s:s, s:s, s:s*, s:b, s:s*, s:b}", "person", key, "title",
                                  title != NULL ? title : key, "client", client, "lead",
                                  sgn_json_true(person, "lead"), "language",
                                  sgn_json_str(person, "language"), "active", 1)) &&
                put_token(rows, team, key);

    json_array_foreach(json_object_get(person, "roles"), i, one)
        good = good && put_row(rows, "membership", team,
                               json_pack("{s:s, s:s, s:O}", "project", "project", "person", key,
                                         "role", one));
    json_array_foreach(json_object_get(person, "groups"), i, one)
        good = good && put_group(rows, groups, team, json_string_value(one), key);
    return good;
}

/* The one project; its client is the first person's who is of one. */
static bool
put_project(json_t *rows, const char *team, const json_t *said, const json_t *clients)
{
    const char *title = sgn_json_str(said, "title");
    json_t *row = json_pack(
        "{s:s, s:s, s:s, s:O*, s:O*, s:O*, s:O*}", "project", "project", "title",
        title != NULL ? title : "Project", "state", "open", "client", json_array_get(clients, 0),
        "currency", json_object_get(said, "currency"), "calendar",
        json_object_get(said, "calendar"), "attributes", json_object_get(said, "attributes"));

    return put_row(rows, "project", team, row);
}

/* A client's calendar stands in its row, which is there by now. */
static void
set_client_calendar(json_t *rows, const json_t *said)
{
    json_t *calendar = json_object_get(said, "client_calendar"), *item;
    size_t i;

    json_array_foreach(rows, i, item) {
        if (calendar != NULL && strcmp(sgn_json_str(item, "table"), "client") == 0)
            (void)json_object_set(json_object_get(item, "row"), "calendar", calendar);
    }
}

enum sgn_status
kit_rows(const struct kit_engine_options *options, json_t **out, struct sgn_error *err)
{
    const json_t *project = json_object_get(options->declared, "project");
    json_t *rows = json_array(), *clients = json_array(), *groups = json_array(), *person;
    const char *team = options->team->name, *key;
    bool good = put_token(rows, team, NULL);

    json_object_foreach(json_object_get(options->declared, "people"), key, person)
        good = good && put_person(rows, team, key, person, clients, groups);
    good = good && put_project(rows, team, project, clients);
    set_client_calendar(rows, project);
    *out = good ? json_pack("{s:O}", "rows", rows) : NULL;
    json_decref(groups);
    json_decref(clients);
    json_decref(rows);
    return *out != NULL ? SGN_OK : sgn_nomem(err);
}
