/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who: a role, a list, a group, a person, earlier deciders, or a function. Names of
 * groups and persons are checked as keys only: people are data of the team, and come
 * and go.
 */
#include "model_internal.h"
#include <string.h>

static const struct member who_members[] = {
    { "group", SHAPE_TEXT, false },
    { "person", SHAPE_TEXT, false },
    { "decided_by", SHAPE_TEXT, false },
    { "call", SHAPE_INTEGER, false },
};

static enum sgn_status read_who(struct reader *r, const struct place *at, const json_t *json,
                                struct model_who *who);

/* Keys, not names: they are what the protocol and the store use. */
static enum sgn_status
read_key(struct reader *r, const struct place *at, const char *key, enum model_who_kind kind,
         struct model_who *who)
{
    who->kind = kind;
    who->name = key;
    if (sgn_key_valid(key))
        return SGN_OK;
    return reader_fail(r, at,
                       "\"%.100s\" is no key: a small letter, then small letters, digits and "
                       "\"-\", 32 at most",
                       key);
}

/* Earlier deciders exist only where there is an approval. */
static enum sgn_status
read_decided_by(struct reader *r, const struct place *at, const json_t *name, struct model_who *who)
{
    enum sgn_status st;
    int state;

    st = reader_state(r, at, name, &state);
    if (st != SGN_OK)
        return st;
    if (json_object_get(r->state_json[state], "approval") == NULL)
        return reader_fail(r, at, "the state \"%s\" has no approval in which somebody decides",
                           json_string_value(name));
    who->kind = MODEL_WHO_DECIDED_BY;
    who->name = json_string_value(name);
    return SGN_OK;
}

/* One member says which; two would leave open whether both or either is meant. */
static enum sgn_status
read_object(struct reader *r, const struct place *at, const json_t *json, struct model_who *who)
{
    enum sgn_status st = reader_object(r, at, json, "who", who_members, COUNT(who_members));
    const char *name;
    struct place here;
    const json_t *value;

    if (st != SGN_OK)
        return st;
    if (json_object_size(json) != 1)
        return reader_fail(r, at,
                           "who is a role, a list, or an object of one member: group, person, "
                           "decided_by or call");
    name = json_object_iter_key(json_object_iter((json_t *)json));
    value = json_object_get(json, name);
    here = place_member(at, name);
    if (strcmp(name, "group") == 0)
        return read_key(r, &here, json_string_value(value), MODEL_WHO_GROUP, who);
    if (strcmp(name, "person") == 0)
        return read_key(r, &here, json_string_value(value), MODEL_WHO_PERSON, who);
    if (strcmp(name, "decided_by") == 0)
        return read_decided_by(r, &here, value, who);
    who->kind = MODEL_WHO_CALL;
    return reader_function(r, &here, value, &who->function);
}

static enum sgn_status
read_who(struct reader *r, const struct place *at, const json_t *json, struct model_who *who)
{
    if (json_is_string(json)) {
        who->name = json_string_value(json);
        return reader_role(r, at, who->name, &who->kind);
    }
    if (json_is_array(json)) {
        who->kind = MODEL_WHO_ANY_OF;
        return parse_whos(r, at, json, &who->of, &who->n_of);
    }
    return read_object(r, at, json, who);
}

/* An empty list would be nobody, silently. */
enum sgn_status
parse_whos(struct reader *r, const struct place *at, const json_t *json, struct model_who **out,
           int *n)
{
    enum sgn_status st = SGN_OK;
    json_t *one;
    size_t i;

    if (json == NULL)
        return SGN_OK;
    if (json_array_size(json) == 0)
        return reader_fail(r, at, "must be a list of roles that is not empty");
    *out = model_alloc(r->box, json_array_size(json), sizeof(**out));
    if (*out == NULL)
        return reader_nomem(r);
    json_array_foreach(json, i, one) {
        struct place here = place_element(at, i);

        st = read_who(r, &here, one, &(*out)[i]);
        if (st != SGN_OK)
            return st;
        (*n)++;
    }
    return st;
}

enum sgn_status
parse_who(struct reader *r, const struct place *at, const json_t *json, struct model_who **out)
{
    if (json == NULL)
        return SGN_OK;
    *out = model_alloc(r->box, 1, sizeof(**out));
    if (*out == NULL)
        return reader_nomem(r);
    return read_who(r, at, json, *out);
}
