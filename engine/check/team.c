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

struct gathered {
    json_t *opened, *fired;
};

static void
add(json_t *list, const char *name, size_t n)
{
    if (n > 0 && n < 200)
        (void)json_array_append_new(list, json_stringn(name, n));
}

/* Pairs of quotes on one line; a long bracket holds no name. */
static void
add_quoted(const struct gathered *g, const char *source)
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
walk(const struct gathered *g, const json_t *json)
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
walk_sources(const struct gathered *g, const json_t *functions)
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

enum sgn_status
team_gather(const json_t *answer, json_t **opened, json_t **fired, struct sgn_error *err)
{
    struct gathered g = { json_array(), json_array() };
    const char *key;
    json_t *version;

    *opened = g.opened;
    *fired = g.fired;
    if (g.opened == NULL || g.fired == NULL)
        return sgn_nomem(err);
    walk(&g, json_object_get(json_object_get(answer, "team"), "schedules"));
    json_object_foreach(json_object_get(answer, "workflows"), key, version) {
        walk(&g, json_object_get(version, "model"));
        walk_sources(&g, json_object_get(version, "functions"));
    }
    return SGN_OK;
}
