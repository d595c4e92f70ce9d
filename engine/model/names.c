/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names in a model and what they stand for: states, fields, roles, events, functions.
 * Every name is looked up when it is read: a model that was parsed holds no name that
 * leads nowhere, so core never has to handle one.
 */
#include "model_internal.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENT_MAX 128

/* clang-format off */
static const char *const built_in[] = { "opener", "owner", "pending", "anyone", "system" };
static const enum model_who_kind built_in_kinds[] = {
    MODEL_WHO_OPENER, MODEL_WHO_OWNER, MODEL_WHO_PENDING, MODEL_WHO_ANYONE, MODEL_WHO_SYSTEM,
};
/* clang-format on */

/* The root has no name of its own. */
const char *
reader_state_label(const struct reader *r, int state)
{
    return state == 0 ? "the workflow" : r->model->states[state].name;
}

enum sgn_status
reader_name(struct reader *r, const struct place *at, const char *text, const char *what)
{
    if (sgn_name_valid(text))
        return SGN_OK;
    return reader_fail(r, at,
                       "\"%.100s\" is no name for %s: a small letter, then small letters, digits, "
                       "\"_\" and \".\", 64 at most",
                       text, what);
}

/* What is not found is said with the nearest state there is. */
enum sgn_status
reader_state(struct reader *r, const struct place *at, const json_t *name, int *out)
{
    const char *text = json_string_value(name);
    const char **known;
    size_t n = (size_t)r->model->n_states - 1;
    enum sgn_status st;
    int unused;

    if (text == NULL)
        return reader_fail(r, at, "must be a state's name");
    *out = model_state_find(r->model, text);
    if (*out >= 0)
        return SGN_OK;
    known = calloc(n + 1, sizeof(*known));
    if (known == NULL)
        return reader_nomem(r);
    for (size_t i = 0; i < n; i++)
        known[i] = r->model->states[i + 1].name;
    st = reader_word(r, at, text, "state", known, n, &unused);
    free(known);
    return st;
}

enum sgn_status
reader_states(struct reader *r, const struct place *at, const json_t *names, int **out, int *n)
{
    enum sgn_status st;
    json_t *name;
    size_t i;

    if (names == NULL)
        return SGN_OK;
    st = reader_shape(r, at, names, SHAPE_TEXTS);
    if (st != SGN_OK)
        return st;
    *out = model_alloc(r->box, json_array_size(names), sizeof(**out));
    if (*out == NULL)
        return reader_nomem(r);
    json_array_foreach(names, i, name) {
        struct place here = place_element(at, i);

        st = reader_state(r, &here, name, &(*out)[i]);
        if (st != SGN_OK)
            return st;
    }
    *n = (int)i;
    return SGN_OK;
}

enum sgn_status
reader_field(struct reader *r, const struct place *at, const char *name,
             const struct model_field **out)
{
    const char **known;
    size_t n = (size_t)r->model->n_fields;
    enum sgn_status st;
    int index = 0;

    known = calloc(n + 1, sizeof(*known));
    if (known == NULL)
        return reader_nomem(r);
    for (size_t i = 0; i < n; i++)
        known[i] = r->model->fields[i].name;
    st = reader_word(r, at, name, "field", known, n, &index);
    free(known);
    if (st == SGN_OK)
        *out = &r->model->fields[index];
    return st;
}

enum sgn_status
reader_fields(struct reader *r, const struct place *at, const json_t *names)
{
    const struct model_field *field;
    enum sgn_status st;
    json_t *name;
    size_t i;

    if (names == NULL)
        return SGN_OK;
    st = reader_shape(r, at, names, SHAPE_TEXTS);
    json_array_foreach(names, i, name) {
        struct place here = place_element(at, i);

        if (st != SGN_OK)
            break;
        st = reader_field(r, &here, json_string_value(name), &field);
    }
    return st;
}

/* Words of letters, digits, "_" and "-", joined by dots. Bounded, since it is kept in
 * entries and sent to clients as it is. */
static bool
event_valid(const char *text)
{
    size_t word = 0;
    size_t n = strlen(text);

    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '.' && word == 0)
            return false;
        if (*c != '.' && !isalnum((unsigned char)*c) && *c != '_' && *c != '-')
            return false;
        word = *c == '.' ? 0 : word + 1;
    }
    return word > 0 && n <= EVENT_MAX;
}

/* The engine's prefixes are refused here, at load, and again where a person fires. */
enum sgn_status
reader_event(struct reader *r, const struct place *at, const char *name)
{
    if (!event_valid(name))
        return reader_fail(r, at,
                           "\"%.100s\" is no event: words of letters, digits, \"_\" and \"-\", "
                           "joined by dots",
                           name);
    if (model_event_is_engines(name))
        return reader_fail(r, at, "\"%.100s\": only the engine sends events of this kind", name);
    return SGN_OK;
}

/* done, approval and tasks may be listened to by name; timers and rungs may not: each
 * belongs to the one transition that was written with it. */
enum sgn_status
reader_descriptor(struct reader *r, const struct place *at, const char *text)
{
    if (strcmp(text, "*") == 0)
        return SGN_OK;
    if (strncmp(text, "after.", 6) == 0 || strncmp(text, "go.", 3) == 0)
        return reader_fail(r, at, "\"%.100s\" is taken by the transition it belongs to only", text);
    return model_event_is_engines(text) && event_valid(text) ? SGN_OK : reader_event(r, at, text);
}

/* Built-in first, through an alias if it is one. A workflow that lists no roles has
 * those it names: then a slip cannot be told from a role, which is why lists are worth
 * writing. */
enum sgn_status
reader_role(struct reader *r, const struct place *at, const char *name, enum model_who_kind *kind)
{
    const char *alias = sgn_json_str(r->model->aliases, name);
    const char *known[64];
    size_t n = 0;
    json_t *role;
    size_t i;
    int unused;

    for (i = 0; i < COUNT(built_in); i++) {
        known[n++] = built_in[i];
        if (strcmp(alias == NULL ? name : alias, built_in[i]) == 0) {
            *kind = built_in_kinds[i];
            return SGN_OK;
        }
    }
    *kind = MODEL_WHO_ROLE;
    if (sgn_json_has(r->model->roles, name))
        return SGN_OK;
    /* A workflow that lists no roles has those it names. */
    if (!r->roles_listed) {
        if (!sgn_name_valid(name) && !sgn_key_valid(name))
            return reader_name(r, at, name, "a role");
        return json_array_append_new(r->box->roles, json_string(name)) == 0 ? SGN_OK
                                                                            : reader_nomem(r);
    }
    json_array_foreach(r->model->roles, i, role)
        if (n < COUNT(known))
            known[n++] = json_string_value(role);
    return reader_word(r, at, name, "role", known, n, &unused);
}

/* A project role of such a name could never be meant. */
static bool
is_built_in(const char *name)
{
    for (size_t i = 0; i < COUNT(built_in); i++)
        if (strcmp(name, built_in[i]) == 0)
            return true;
    return false;
}

/* An alias names a built-in role and no alias: what a word means is found in one step. */
static enum sgn_status
parse_aliases(struct reader *r, const struct place *top, const json_t *aliases)
{
    struct place at = place_member(top, "aliases");
    const char *name;
    json_t *meaning;
    enum sgn_status st = SGN_OK;
    int unused;

    json_object_foreach((json_t *)aliases, name, meaning) {
        struct place here = place_member(&at, name);

        if (!json_is_string(meaning))
            return reader_fail(r, &here, "must be the name of a built-in role");
        if (sgn_json_has(r->model->roles, name))
            return reader_fail(r, &here, "\"%.100s\" is a role already", name);
        if (is_built_in(name))
            return reader_fail(r, &here, "\"%.100s\" is a built-in role already", name);
        st = reader_name(r, &here, name, "a role");
        if (st == SGN_OK)
            st = reader_word(r, &here, json_string_value(meaning), "built-in role", built_in,
                             COUNT(built_in), &unused);
        if (st != SGN_OK)
            return st;
    }
    return st;
}

/* Roles are names or keys: projects are filled by people who may not have seen the
 * file. */
enum sgn_status
parse_roles(struct reader *r, const struct place *top, const json_t *json)
{
    const json_t *roles = json_object_get(json, "roles");
    struct place at = place_member(top, "roles");
    json_t *role;
    size_t i;

    r->roles_listed = roles != NULL;
    r->model->roles = roles == NULL ? r->box->roles : roles;
    r->model->aliases = json_object_get(json, "aliases");
    json_array_foreach(roles, i, role) {
        struct place here = place_element(&at, i);
        const char *name = json_string_value(role);

        if (is_built_in(name))
            return reader_fail(r, &here, "\"%s\" is built in: it is not listed", name);
        if (!sgn_name_valid(name) && !sgn_key_valid(name))
            return reader_name(r, &here, name, "a role");
    }
    return parse_aliases(r, top, r->model->aliases);
}

/* Functions are numbers here; that each has its source was checked at the top. */
enum sgn_status
reader_function(struct reader *r, const struct place *at, const json_t *number, int *out)
{
    char name[24];

    if (!json_is_integer(number))
        return reader_fail(r, at, "must be a function's number");
    (void)snprintf(name, sizeof(name), "%lld", (long long)json_integer_value(number));
    if (json_object_get(r->model->functions, name) == NULL)
        return reader_fail(r, at, "there is no function %s in /functions", name);
    *out = (int)json_integer_value(number);
    return SGN_OK;
}

/* The calendar's grammar; its message gets the place. */
enum sgn_status
reader_duration(struct reader *r, const struct place *at, const json_t *text,
                struct calendar_duration *out)
{
    if (!json_is_string(text))
        return reader_fail(r, at, "must be a duration, such as \"3 days\"");
    return reader_failed_at(r, at, calendar_duration_parse(json_string_value(text), out, r->err));
}

/* SCXML 1.0 section 3.11, for any two states of a target list. */
enum sgn_status
reader_legal(struct reader *r, const struct place *at, const int *states, int n)
{
    const struct model *model = r->model;

    for (int i = 0; i < n; i++)
        for (int k = 0; k < i; k++) {
            struct place here = place_element(at, (size_t)i);

            if (!model_states_together(model, states[k], states[i]))
                return reader_fail(r, &here,
                                   "\"%s\" and \"%s\" cannot be entered together: they are not in "
                                   "different regions of a parallel",
                                   model->states[states[k]].name, model->states[states[i]].name);
        }
    return SGN_OK;
}
