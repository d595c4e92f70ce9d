/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the workflows of a team do to cases of others: which workflows they open, which events they
 * fire. Known only when all of a team is at hand.
 *
 * A function may compute a name. Every text in quotes in a function's source counts as one, so that
 * nothing is called unused that a function may mean.
 */
#include "load.h"

#include <string.h>

static void
add(json_t *list, const char *name, size_t n)
{
    if (n > 0 && n < 200)
        (void)json_array_append_new(list, json_stringn(name, n));
}

/* Pairs of quotes on one line; a long bracket holds no name. */
static void
add_quoted(struct gathered *g, const char *source)
{
    for (const char *at = source; *at != '\0'; at++) {
        const char *end;

        if (*at != '"' && *at != '\'')
            continue;
        for (end = at + 1; *end != '\0' && *end != '\n' && *end != *at; end++)
            ;
        if (*end != *at)
            continue;
        add(g->opened, at + 1, (size_t)(end - at - 1));
        add(g->fired, at + 1, (size_t)(end - at - 1));
        at = end;
    }
}

/* Actions are the only objects of a model with these members as texts. */
static void
walk(struct gathered *g, const json_t *json)
{
    static const char *const opens[] = { "open", "start" };
    const char *key, *name;
    json_t *one;
    size_t i;

    for (i = 0; i < sizeof opens / sizeof opens[0]; i++) {
        name = sgn_json_str(json, opens[i]);
        if (name != NULL)
            add(g->opened, name, strlen(name));
    }
    name = sgn_json_str(json, "fire");
    if (name != NULL)
        add(g->fired, name, strlen(name));
    json_object_foreach((json_t *)json, key, one)
        walk(g, one);
    json_array_foreach((json_t *)json, i, one)
        walk(g, one);
}

/* Also what its constants hold: helpers that the function calls, and texts that it was made with,
 * which stand there without quotes. */
static void
walk_sources(struct gathered *g, const json_t *functions)
{
    const char *key;
    json_t *one;
    size_t i;

    if (json_is_string(functions)) {
        add(g->opened, json_string_value(functions), json_string_length(functions));
        add(g->fired, json_string_value(functions), json_string_length(functions));
    }
    json_object_foreach((json_t *)functions, key, one) {
        if (strcmp(key, "source") == 0 && json_is_string(one))
            add_quoted(g, json_string_value(one));
        else
            walk_sources(g, one);
    }
    json_array_foreach((json_t *)functions, i, one)
        walk_sources(g, one);
}

/* ---- what events carry ---- */

/* Names that stand before "=" in a source, as keys of tables do: one of them may become a member of
 * some event's data. */
static void
add_keys(struct gathered *g, const char *source)
{
    for (const char *at = source; *at != '\0'; at++) {
        size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        const char *behind = at + n + strspn(at + n, " \t\r\n\"']");

        if (n == 0)
            continue;
        if (behind[0] == '=' && behind[1] != '=')
            add(g->carried, at, n);
        at += n - 1;
    }
}

static void
walk_keys(struct gathered *g, const json_t *functions)
{
    const char *key;
    json_t *one;
    size_t i;

    json_object_foreach((json_t *)functions, key, one) {
        if (strcmp(key, "source") == 0 && json_is_string(one))
            add_keys(g, json_string_value(one));
        else
            walk_keys(g, one);
    }
    json_array_foreach((json_t *)functions, i, one)
        walk_keys(g, one);
}

/* The data of an event, as a function says it: an argument of FACT. */
static void
look_data(struct gathered *g, const json_t *data, bool more)
{
    if (data == NULL)
        g->any_data = g->any_data || more;
    else if (json_is_null(data) || sgn_json_true(data, "open"))
        g->any_data = true;
}

static void
look_fact(struct gathered *g, const json_t *fact)
{
    const char *method = sgn_json_str(fact, "call");
    const json_t *args = json_object_get(fact, "args");
    bool more = sgn_json_true(fact, "more");

    if (method == NULL)
        return;
    if (strcmp(method, "emit") == 0)
        look_data(g, json_array_get(args, 1), more);
    else if (strcmp(method, "fire") == 0)
        look_data(g, json_array_get(args, 2), more);
    else if (strcmp(method, "send") == 0 &&
             json_object_get(json_array_get(args, 1), "keys") == NULL)
        g->any_data = true;
    else if (strcmp(method, "send") == 0)
        look_data(g, json_object_get(json_object_get(json_array_get(args, 1), "keys"), "data"),
                  sgn_json_true(json_array_get(args, 1), "open"));
}

static void
walk_says(struct gathered *g, const json_t *says)
{
    const char *number;
    json_t *function, *fact;
    size_t i;

    json_object_foreach(json_object_get(says, "functions"), number, function)
        json_array_foreach(json_object_get(function, "facts"), i, fact)
            look_fact(g, fact);
}

/* Actions said as data. */
static void
walk_data(struct gathered *g, const json_t *json)
{
    const char *key;
    json_t *one;
    size_t i;

    json_object_foreach(json_object_get(json, "data"), key, one)
        add(g->carried, key, strlen(key));
    json_object_foreach((json_t *)json, key, one)
        walk_data(g, one);
    json_array_foreach((json_t *)json, i, one)
        walk_data(g, one);
}

/* ---- what there is ---- */

/* Texts of every "on" and "until" are what is listened to. */
static void
walk_awaited(struct gathered *g, const json_t *json)
{
    const char *key, *until = sgn_json_str(json, "until");
    json_t *one;
    size_t i;

    if (until != NULL)
        add(g->awaited, until, strlen(until));
    json_array_foreach(json_object_get(json, "on"), i, one)
        add(g->awaited, json_string_value(one) != NULL ? json_string_value(one) : "",
            json_string_length(one));
    json_object_foreach((json_t *)json, key, one)
        walk_awaited(g, one);
    json_array_foreach((json_t *)json, i, one)
        walk_awaited(g, one);
}

static void
add_workflow(struct gathered *g, const char *name, const json_t *model)
{
    json_t *fields = json_array();
    const json_t *field;
    size_t i;

    json_array_foreach(json_object_get(model, "fields"), i, field) {
        const char *its = sgn_json_str(field, "name");

        add(fields, its != NULL ? its : "", its != NULL ? strlen(its) : 0);
    }
    (void)json_object_set_new(g->workflows, name, fields);
}

/* Names in use whose file has a mistake, too: that it is in use is not wrong. */
static void
add_team(struct gathered *g, const json_t *team)
{
    const char *name;
    const json_t *use;
    json_t *channel;
    size_t i;

    json_array_foreach(json_object_get(team, "use"), i, use) {
        name = sgn_json_str(use, "workflow");
        if (name != NULL && json_object_get(g->workflows, name) == NULL) {
            (void)json_object_set_new(g->workflows, name, json_null());
            g->any_data = true; /* and what it says is not known */
            g->team.awaited = NULL;
        }
    }
    json_object_foreach(json_object_get(team, "channels"), name, channel)
        add(g->channels, name, strlen(name));
}

/* Without its team.lua nothing is known of a team but what its workflows do. */
static void
settle(struct gathered *g, const json_t *team)
{
    g->team = (struct check_team){ .opened = g->opened, .fired = g->fired };
    if (!json_is_object(team))
        return;
    g->team.workflows = g->workflows;
    g->team.channels = g->channels;
    g->team.awaited = g->awaited;
    add_team(g, team);
    g->team.carried = g->any_data ? NULL : g->carried;
}

enum sgn_status
team_gather(const json_t *answer, struct gathered *g, struct sgn_error *err)
{
    const json_t *team = json_object_get(answer, "team");
    const char *key;
    json_t *version;

    *g = (struct gathered){ .opened = json_array(),
                            .fired = json_array(),
                            .workflows = json_object(),
                            .channels = json_array(),
                            .awaited = json_array(),
                            .carried = json_array() };
    if (g->opened == NULL || g->fired == NULL || g->workflows == NULL || g->channels == NULL ||
        g->awaited == NULL || g->carried == NULL)
        return sgn_nomem(err);
    walk(g, json_object_get(team, "schedules"));
    json_object_foreach(json_object_get(answer, "workflows"), key, version) {
        const json_t *model = json_object_get(version, "model");
        const json_t *functions = json_object_get(version, "functions");

        walk(g, model);
        walk_sources(g, functions);
        walk_keys(g, functions);
        walk_says(g, json_object_get(version, "says"));
        walk_data(g, model);
        walk_awaited(g, model);
        add_workflow(g, key, model);
    }
    settle(g, team);
    return SGN_OK;
}

void
team_gathered_deinit(struct gathered *g)
{
    json_decref(g->opened);
    json_decref(g->fired);
    json_decref(g->workflows);
    json_decref(g->channels);
    json_decref(g->awaited);
    json_decref(g->carried);
}
