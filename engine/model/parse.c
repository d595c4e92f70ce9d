/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole model from its JSON: what is at the top, and in which order the rest is read.
 *
 * Names are needed before they are looked up: roles, fields and functions first, then
 * the tree of states, then what stands in the states, deadlines, and transitions last,
 * since they refer to all of these. The first mistake ends it: the rule language
 * reports all mistakes of a file itself; what arrives here wrong comes from elsewhere.
 */
#include "hash.h"
#include "model_internal.h"
#include "purpose.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct member model_members[] = {
    { "name", SHAPE_TEXT, true },          { "key", SHAPE_TEXT, true },
    { "version", SHAPE_INTEGER, true },    { "title", SHAPE_TITLE, false },
    { "help", SHAPE_TITLE, false },        { "client", SHAPE_TEXT, false },
    { "open", SHAPE_OBJECT, false },       { "roles", SHAPE_TEXTS, false },
    { "aliases", SHAPE_OBJECT, false },    { "fields", SHAPE_ARRAY, false },
    { "start", SHAPE_TEXTS, false },       { "states", SHAPE_ARRAY, true },
    { "transitions", SHAPE_ARRAY, false }, { "deadlines", SHAPE_ARRAY, false },
    { "functions", SHAPE_OBJECT, false },  { "migrations", SHAPE_ARRAY, false },
    { "outcomes", SHAPE_OBJECT, false },   { "serves", SHAPE_TEXT, false },
    { "retention", SHAPE_ARRAY, false },
};

static const struct member open_members[] = {
    { "by", SHAPE_ANY, false },
    { "takes", SHAPE_TEXTS, false },
};

/* The key is the first part of every case key ("CR-12"): short, and readable on paper. */
static bool
key_valid(const char *key)
{
    size_t n = strlen(key);

    for (size_t i = 0; i < n; i++)
        if (!isupper((unsigned char)key[i]) && (i == 0 || !isdigit((unsigned char)key[i])))
            return false;
    return n >= 2 && n <= 8;
}

/* Whoever says nothing serves as what it is called, which may be no purpose at all. */
static enum sgn_status
parse_serves(struct reader *r, const struct place *top, const char *said)
{
    struct place at = place_member(top, "serves");
    const char *names[32];
    size_t n;
    const struct model_purpose *purposes = model_purposes(&n);
    int unused;

    r->model->serves = said != NULL ? said : r->model->name;
    for (size_t i = 0; i < n && i < COUNT(names); i++)
        names[i] = purposes[i].name;
    return said != NULL ? reader_word(r, &at, said, "purpose", names, n, &unused) : SGN_OK;
}

/* A client that sees nothing is the default: sharing must be said. */
static enum sgn_status
parse_head(struct reader *r, const struct place *top, const json_t *json)
{
    static const char *const clients[] = { "none", "own", "project" };
    struct place at = place_member(top, "name");
    struct model *model = r->model;
    const char *client = sgn_json_str(json, "client");
    enum sgn_status st;
    int index = MODEL_CLIENT_NONE;

    model->name = sgn_json_str(json, "name");
    st = reader_name(r, &at, model->name, "a workflow");
    if (st != SGN_OK)
        return st;
    model->key = sgn_json_str(json, "key");
    at = place_member(top, "key");
    if (!key_valid(model->key))
        return reader_fail(r, &at,
                           "\"%.100s\" is no case key: two to eight capitals and digits, a capital "
                           "first",
                           model->key);
    model->version = sgn_json_int(json, "version", 0);
    at = place_member(top, "version");
    if (model->version < 1)
        return reader_fail(r, &at, "versions count from 1");
    at = place_member(top, "client");
    if (client != NULL)
        st = reader_word(r, &at, client, "view of the client", clients, COUNT(clients), &index);
    model->client = (enum model_client)index;
    if (st == SGN_OK)
        st = parse_serves(r, top, sgn_json_str(json, "serves"));
    model->title = json_object_get(json, "title");
    model->help = json_object_get(json, "help");
    return st;
}

/* Without "by" anyone in the project may open one; core asks. */
static enum sgn_status
parse_open(struct reader *r, const struct place *top, const json_t *open)
{
    struct place at = place_member(top, "open");
    struct place by = place_member(&at, "by");
    struct place takes = place_member(&at, "takes");
    enum sgn_status st;

    if (open == NULL)
        return SGN_OK;
    st = reader_object(r, &at, open, "\"open\"", open_members, COUNT(open_members));
    if (st == SGN_OK)
        st = parse_who(r, &by, json_object_get(open, "by"), &r->model->open_by);
    r->model->open_takes = json_object_get(open, "takes");
    if (st == SGN_OK)
        st = reader_fields(r, &takes, r->model->open_takes);
    return st;
}

/* How a case of the workflow or a round in it may end: finals, approvals, manners. */
static bool
gather_outcomes(const struct model *model, json_t *names)
{
    static const char *const fixed[] = { "approved", "rejected", "deferred", "changes" };
    int bad = 0;

    for (int i = 1; i < model->n_states; i++) {
        const struct model_state *state = &model->states[i];
        if (state->outcome != NULL)
            bad |= json_array_append_new(names, json_string(state->outcome));
        for (size_t k = 0; state->approval != NULL && k < COUNT(fixed); k++)
            bad |= json_array_append_new(names, json_string(fixed[k]));
    }
    for (int i = 0; i < model->n_deadlines; i++)
        for (int k = 0; k < model->deadlines[i].n_rungs; k++) {
            const struct model_actions *actions = &model->deadlines[i].rungs[k].actions;
            for (int n = 0; n < actions->n; n++) {
                const char *as = sgn_json_str(actions->items[n].json, "as");
                if (actions->items[n].kind == MODEL_DECIDE && as != NULL)
                    bad |= json_array_append_new(names, json_string(as));
            }
        }
    return bad == 0;
}

/* A title of an outcome that nothing has is a slip in one of both. */
static enum sgn_status
parse_outcomes(struct reader *r, const struct place *top, const json_t *outcomes)
{
    struct place at = place_member(top, "outcomes");
    json_t *names = json_array();
    enum sgn_status st =
        names != NULL && gather_outcomes(r->model, names) ? SGN_OK : reader_nomem(r);

    if (st == SGN_OK)
        st = reader_titles(r, &at, outcomes, "outcome", names);
    r->model->outcomes = outcomes;
    json_decref(names);
    return st;
}

static enum sgn_status
parse_all(struct reader *r, const struct place *top, const json_t *json)
{
    struct place fields = place_member(top, "fields");
    enum sgn_status st;

    st = reader_object(r, top, json, "a workflow", model_members, COUNT(model_members));
    if (st == SGN_OK)
        st = parse_head(r, top, json);
    if (st == SGN_OK)
        st = parse_roles(r, top, json);
    if (st == SGN_OK)
        st = parse_fields(r, &fields, json_object_get(json, "fields"), &r->model->fields,
                          &r->model->n_fields);
    if (st == SGN_OK)
        st = parse_functions(r, top, json_object_get(json, "functions"));
    if (st == SGN_OK)
        st = parse_tree(r, top, json);
    if (st == SGN_OK)
        st = parse_open(r, top, json_object_get(json, "open"));
    if (st == SGN_OK)
        st = parse_contents(r);
    if (st == SGN_OK)
        st = parse_deadlines(r);
    if (st == SGN_OK)
        st = parse_transitions(r);
    if (st == SGN_OK)
        st = parse_migrations(r, top, json);
    if (st == SGN_OK)
        st = parse_retention(r, top, json);
    if (st == SGN_OK)
        st = parse_outcomes(r, top, json_object_get(json, "outcomes"));
    return st;
}

/* What is nested without end is refused before anything recurses over it; then the
 * model gets a copy of its own, which all its strings point into. */
enum sgn_status
model_parse(const json_t *json, const json_t *functions_source, struct model **out,
            struct sgn_error *err)
{
    struct sgn_error local = { 0 };
    struct reader r = { .err = err == NULL ? &local : err, .functions_source = functions_source };
    struct place top = { 0 };
    enum sgn_status st;

    *out = NULL;
    /* Copying recurses, so what is nested without end is refused before it. */
    st = reader_values(&r, &top, json);
    if (st != SGN_OK)
        goto out;
    r.box = calloc(1, sizeof(*r.box));
    if (r.box == NULL) {
        st = sgn_nomem(err);
        goto out;
    }
    r.model = &r.box->model;
    atomic_init(&r.box->references, 1);
    r.box->json = json_deep_copy(json);
    r.box->empty = json_array();
    r.box->roles = json_array();
    if (r.box->json == NULL || r.box->empty == NULL || r.box->roles == NULL) {
        st = sgn_nomem(err);
        goto out;
    }
    r.model->json = r.box->json;
    st = parse_all(&r, &top, r.box->json);
    if (st == SGN_OK)
        st = model_digest(json, functions_source, r.model->digest, err);
out:
    if (st == SGN_OK)
        *out = &r.box->model;
    else
        model_box_free(r.box);
    sgn_error_clear(&local);
    return st;
}
