/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How cases of older versions come to this one. The old versions are not known here: of their
 * states only the form of the names is checked, and core compares the two when it meets a case.
 */
#include "model_internal.h"

static const struct member migration_members[] = {
    { "from", SHAPE_ARRAY, true },
    { "states", SHAPE_OBJECT, false },
    { "fields", SHAPE_INTEGER, false },
    { "line", SHAPE_INTEGER, false },
};

static enum sgn_status
read_from(struct reader *r, const struct place *up, const json_t *from)
{
    struct place at = place_member(up, "from");
    const json_t *version;
    size_t i;

    if (json_array_size(from) == 0)
        return reader_fail(r, &at, "must name a version");
    json_array_foreach(from, i, version) {
        struct place here = place_element(&at, i);

        if (!json_is_integer(version) || json_integer_value(version) < 1)
            return reader_fail(r, &here, "must be a version's number");
        if (json_integer_value(version) == r->model->version)
            return reader_fail(r, &here, "is this version itself");
        for (size_t k = 0; k < i; k++)
            if (json_equal(json_array_get(from, k), (json_t *)version))
                return reader_fail(r, &here, "stands here twice");
        if (model_migration_from(r->model, json_integer_value(version)) != NULL)
            return reader_fail(r, &here, "another migration is from this version");
    }
    return SGN_OK;
}

/* A case can be in no history. */
static enum sgn_status
read_states(struct reader *r, const struct place *up, const json_t *states)
{
    struct place at = place_member(up, "states");
    const char *name;
    json_t *to;
    int state = 0;

    json_object_foreach((json_t *)states, name, to) {
        struct place here = place_member(&at, name);
        enum sgn_status st = reader_name(r, &here, name, "a state");

        if (st == SGN_OK)
            st = reader_state(r, &here, to, &state);
        if (st == SGN_OK && r->model->states[state].kind == MODEL_HISTORY)
            st = reader_fail(r, &here, "\"%s\" is a history", json_string_value(to));
        if (st != SGN_OK)
            return st;
    }
    return SGN_OK;
}

enum sgn_status
parse_migrations(struct reader *r, const struct place *top, const json_t *json)
{
    struct place at = place_member(top, "migrations");
    const json_t *list = json_object_get(json, "migrations"), *one;
    enum sgn_status st = SGN_OK;
    size_t i;

    r->model->migrations =
        model_alloc(r->box, json_array_size(list), sizeof(*r->model->migrations));
    if (r->model->migrations == NULL)
        return reader_nomem(r);
    json_array_foreach(list, i, one) {
        struct place here = place_element(&at, i);
        struct place fields = place_member(&here, "fields");
        struct model_migration *migration = &r->model->migrations[i];

        st = reader_object(r, &here, one, "a migration", migration_members,
                           COUNT(migration_members));
        if (st != SGN_OK)
            return st;
        *migration = (struct model_migration){ .from = json_object_get(one, "from"),
                                               .states = json_object_get(one, "states"),
                                               .line = (int)sgn_json_int(one, "line", 0) };
        st = read_from(r, &here, migration->from);
        if (st == SGN_OK)
            st = read_states(r, &here, migration->states);
        if (st == SGN_OK && json_object_get(one, "fields") != NULL)
            st = reader_function(r, &fields, json_object_get(one, "fields"), &migration->function);
        if (st != SGN_OK)
            return st;
        r->model->n_migrations++; /* only now: it is not compared with itself */
    }
    return st;
}
