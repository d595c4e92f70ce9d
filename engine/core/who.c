/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who: from the words of a workflow to persons. The only place that knows what a WHO
 * means; rights, owners, rungs and rules all ask here.
 *
 * A WHO is looked up with the facts of this decision. People are those who are active
 * in the project or the team now; somebody who left is in nobody's list.
 */
#include "core_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Groups are of the team; a group that does not exist (any more) has no members. */
static enum sgn_status
add_group(struct stage *stage, json_t *persons, const char *group)
{
    const json_t *members;
    enum sgn_status status = known_fact_of(stage, "group", group, &members);

    if (status == SGN_OK)
        names_add_all(stage, persons, members);
    return status;
}

/* A key in the rules may be of somebody who has left: then it names nobody. */
static enum sgn_status
add_person(struct stage *stage, json_t *persons, const char *key)
{
    const json_t *row, *active;
    enum sgn_status status = known_fact_of(stage, "person", key, &row);

    if (status != SGN_OK)
        return status;
    active = json_object_get(row, "active");
    if (json_is_object(row) && !json_is_false(active) &&
        !(json_is_integer(active) && json_integer_value(active) == 0))
        names_add(stage, persons, key);
    return SGN_OK;
}

static enum sgn_status
add_owner_of(struct stage *stage, json_t *persons, int state)
{
    json_t *owners = NULL;
    enum sgn_status status = owner_persons(
        stage, json_object_get(stage_member(stage, "owners"), stage->model->states[state].name),
        &owners);

    if (status == SGN_OK)
        names_add_all(stage, persons, owners);
    json_decref(owners);
    return status;
}

/* The innermost one around; where it is written around owned states, theirs. */
static enum sgn_status
add_owner(struct stage *stage, json_t *persons, int at)
{
    const struct model *model = stage->model;
    int state = owner_state(stage, at);
    enum sgn_status status = SGN_OK;

    if (state >= 0)
        return add_owner_of(stage, persons, state);
    for (int i = 1; status == SGN_OK && i < model->n_states; i++)
        if (stage_active(stage, i) && model_descends(model, i, at > 0 ? at : 0))
            status = add_owner_of(stage, persons, i);
    return status;
}

/* Of the round around where it is written; without one, of every open round. Found by
 * whoever knows the rules (stage->pending): those people are found through this file. */
static enum sgn_status
add_pending(struct stage *stage, json_t *persons, int at)
{
    const struct model *model = stage->model;
    int around = at;

    while (around >= 0 && model->states[around].approval == NULL)
        around = model->states[around].parent;
    for (int i = 0; i < model->n_states; i++) {
        json_t *pending = NULL;
        enum sgn_status status;
        if (model->states[i].approval == NULL || (around >= 0 && i != around) ||
            !round_is_open(round_of(stage, model->states[i].name)))
            continue;
        status = stage->pending(stage, i, &pending);
        if (status == SGN_OK)
            names_add_all(stage, persons, pending);
        json_decref(pending);
        if (status != SGN_OK)
            return status;
    }
    return SGN_OK;
}

/* Who cast a counted ballot, and on whose behalf, in the last round of that state:
 * separation of duties must not be got round by a stand-in. */
static void
add_decided_by(struct stage *stage, json_t *persons, const char *state)
{
    const json_t *ballot;
    size_t i;

    json_array_foreach(json_object_get(round_of(stage, state), "ballots"), i, ballot) {
        if (!sgn_json_true(ballot, "standing"))
            continue;
        names_add(stage, persons, sgn_json_str(ballot, "person"));
        names_add(stage, persons, sgn_json_str(ballot, "on_behalf"));
    }
}

/* A function answers keys of persons; roles are for data, where the checker sees them. */
static enum sgn_status
add_call(struct stage *stage, json_t *persons, int function)
{
    const json_t *answer, *name;
    size_t i;
    enum sgn_status status = known_call(stage, function, RULES_WHO, &answer);

    if (status != SGN_OK)
        return status;
    if (!json_is_array(answer))
        return sgn_fail(stage->err, SGN_RULE_ERROR,
                        "a function that names people must return a "
                        "list of persons");
    json_array_foreach(answer, i, name) {
        const char *key = json_string_value(name);
        if (key == NULL || !sgn_key_valid(key))
            return sgn_fail(stage->err, SGN_RULE_ERROR,
                            "a function that names people must return the keys of persons");
        status = add_person(stage, persons, key);
        if (status != SGN_OK)
            return status;
    }
    return SGN_OK;
}

/* A case that the system opened has no opener whom one could ask. */
static void
add_opener(struct stage *stage, json_t *persons)
{
    const char *opener = json_string_value(stage_member(stage, "opener"));

    if (opener != NULL && strcmp(opener, "system") != 0)
        names_add(stage, persons, opener);
}

/* Every member of the project, of either side. */
static void
add_anyone(struct stage *stage, json_t *persons)
{
    const char *person;
    json_t *member;

    json_object_foreach(who_members(stage), person, member)
        names_add(stage, persons, person);
}

static enum sgn_status
add_role(struct stage *stage, json_t *persons, const char *role)
{
    json_t *holders = who_holders(stage, role);

    names_add_all(stage, persons, holders);
    json_decref(holders);
    return SGN_OK;
}

/* "system" is no person: a WHO that names it alone names nobody. */
static enum sgn_status
add_who(struct stage *stage, json_t *persons, const struct model_who *who, int at)
{
    enum sgn_status status = SGN_OK;

    switch (who->kind) {
    case MODEL_WHO_ROLE:
        return add_role(stage, persons, who->name);
    case MODEL_WHO_OPENER:
        add_opener(stage, persons);
        return SGN_OK;
    case MODEL_WHO_OWNER:
        return add_owner(stage, persons, at);
    case MODEL_WHO_PENDING:
        return add_pending(stage, persons, at);
    case MODEL_WHO_ANYONE:
        add_anyone(stage, persons);
        return SGN_OK;
    case MODEL_WHO_GROUP:
        return add_group(stage, persons, who->name);
    case MODEL_WHO_PERSON:
        return add_person(stage, persons, who->name);
    case MODEL_WHO_DECIDED_BY:
        add_decided_by(stage, persons, who->name);
        return SGN_OK;
    case MODEL_WHO_CALL:
        return add_call(stage, persons, who->function);
    case MODEL_WHO_ANY_OF:
        /* All of them are asked, so that what several lack is found in one round. */
        for (int i = 0; i < who->n_of; i++) {
            enum sgn_status one = add_who(stage, persons, &who->of[i], at);
            if (one != SGN_OK && one != SGN_NEEDS)
                return status != SGN_OK ? status : one;
            status = status != SGN_OK ? status : one;
        }
        return status;
    case MODEL_WHO_SYSTEM:
    default:
        return SGN_OK;
    }
}

enum sgn_status
who_persons(struct stage *stage, const struct model_who *who, int at, json_t **out)
{
    json_t *persons = json_array();
    enum sgn_status status =
        persons != NULL ? add_who(stage, persons, who, at) : sgn_nomem(stage->err);

    return names_give(persons, status, out);
}

static bool
means_opener(const struct model_who *who)
{
    bool means = who->kind == MODEL_WHO_OPENER;

    for (int i = 0; who->kind == MODEL_WHO_ANY_OF && i < who->n_of; i++)
        means = means || means_opener(&who->of[i]);
    return means;
}

enum sgn_status
who_barred(struct stage *stage, const struct model_who *who, int at, json_t **out)
{
    enum sgn_status status = who_persons(stage, who, at, out);

    if (status == SGN_OK && means_opener(who)) {
        names_add(stage, *out, json_string_value(stage_member(stage, "hand")));
        names_sort(*out);
    }
    return status;
}

/* Somebody who was never there: a role that is spelt wrongly reads like a key, and whoever is meant
 * would not be told. line: of the rules, 0 when it is not said. */
static enum sgn_status
no_such(struct stage *stage, const char *key, int64_t line)
{
    json_t *known = sgn_json_copy((json_t *)stage->model->roles), *of;
    const char *alias, *near;
    char file[80];

    json_object_foreach((json_t *)stage->model->aliases, alias, of)
        (void)json_array_append_new(known, json_string(alias));
    near = sgn_nearest_json(key, known);
    if (near != NULL)
        sgn_fail(stage->err, SGN_RULE_ERROR,
                 "there is neither a role nor a person \"%s\" (did you mean \"%s\"?)", key, near);
    else
        sgn_fail(stage->err, SGN_RULE_ERROR, "there is neither a role nor a person \"%s\"", key);
    snprintf(file, sizeof file, "%s.lua", stage->model->name);
    if (line > 0)
        sgn_error_prefix(stage->err, "%s:%d: ", file, (int)line);
    json_decref(known);
    return SGN_RULE_ERROR;
}

/* A person whom an action of a function names. */
static enum sgn_status
add_named(struct stage *stage, json_t *persons, const char *key, int64_t line)
{
    const json_t *row;
    enum sgn_status status = known_fact_of(stage, "person", key, &row);

    if (status == SGN_OK && !json_is_object(row))
        return no_such(stage, key, line);
    return status == SGN_OK ? add_person(stage, persons, key) : status;
}

/* A word that a function answers: one of the roles, else the key of a person. */
static enum sgn_status
add_word(struct stage *stage, json_t *persons, const char *word, int at)
{
    static const struct {
        const char *word;
        enum model_who_kind kind;
    } builtin[] = {
        { "opener", MODEL_WHO_OPENER },   { "owner", MODEL_WHO_OWNER },
        { "pending", MODEL_WHO_PENDING }, { "anyone", MODEL_WHO_ANYONE },
        { "system", MODEL_WHO_SYSTEM },
    };
    const char *alias = sgn_json_str(stage->model->aliases, word);
    const char *name = alias != NULL ? alias : word;

    for (size_t i = 0; i < sizeof(builtin) / sizeof(builtin[0]); i++)
        if (strcmp(builtin[i].word, name) == 0)
            return add_who(stage, persons, &(struct model_who){ .kind = builtin[i].kind }, at);
    if (sgn_json_has(stage->model->roles, name))
        return add_role(stage, persons, name);
    if (sgn_key_valid(name))
        return add_named(stage, persons, name, 0);
    return sgn_fail(stage->err, SGN_RULE_ERROR, "\"%s\" is neither a role nor a person", word);
}

/* What an action of a function names. A stranger's input: lists hold no lists, so that
 * it ends. */
static enum sgn_status
add_json(struct stage *stage, json_t *persons, const json_t *who, int at)
{
    const char *group = sgn_json_str(who, "group");
    const char *person = sgn_json_str(who, "person");
    const char *state = sgn_json_str(who, "decided_by");
    const json_t *item;
    size_t i;

    if (json_is_string(who))
        return add_word(stage, persons, json_string_value(who), at);
    if (group != NULL)
        return add_group(stage, persons, group);
    if (person != NULL)
        return add_named(stage, persons, person, sgn_json_int(who, "line", 0));
    if (state != NULL) {
        add_decided_by(stage, persons, state);
        return SGN_OK;
    }
    if (!json_is_array(who))
        return sgn_fail(stage->err, SGN_RULE_ERROR,
                        "people are named by a role, a person, group \"x\" or a list of them");
    json_array_foreach(who, i, item) {
        enum sgn_status status = json_is_array(item) ? sgn_fail(stage->err, SGN_RULE_ERROR,
                                                                "a list of people holds no lists")
                                                     : add_json(stage, persons, item, at);
        if (status != SGN_OK)
            return status;
    }
    return SGN_OK;
}

enum sgn_status
who_persons_json(struct stage *stage, const json_t *who, int at, json_t **out)
{
    json_t *persons = json_array();
    enum sgn_status status =
        persons != NULL ? add_json(stage, persons, who, at) : sgn_nomem(stage->err);

    return names_give(persons, status, out);
}

/* Is this person among them? The same answer as looking it up in the list; of several
 * the first that has it decides, and the rest is not looked up. */
enum sgn_status
who_has(struct stage *stage, const struct model_who *who, int at, const char *person, bool *out)
{
    json_t *persons = NULL;
    enum sgn_status status;

    *out = false;
    /* The commonest questions are answered without a list. */
    if (who->kind == MODEL_WHO_ROLE) {
        *out = who_holds(json_object_get(who_members(stage), person), who->name);
        return SGN_OK;
    }
    if (who->kind == MODEL_WHO_ANYONE) {
        *out = json_object_get(who_members(stage), person) != NULL;
        return SGN_OK;
    }
    for (int i = 0; who->kind == MODEL_WHO_ANY_OF && i < who->n_of; i++) {
        status = who_has(stage, &who->of[i], at, person, out);
        if (status != SGN_OK || *out)
            return status;
    }
    if (who->kind == MODEL_WHO_ANY_OF)
        return SGN_OK;
    status = who_persons(stage, who, at, &persons);
    if (status == SGN_OK)
        *out = sgn_json_has(persons, person);
    json_decref(persons);
    return status;
}

enum sgn_status
who_holders_of(struct stage *stage, const struct model_who *who, int at, json_t *into)
{
    bool named = who->kind == MODEL_WHO_ROLE || who->kind == MODEL_WHO_OPENER ||
                 who->kind == MODEL_WHO_OWNER ||
                 (who->kind == MODEL_WHO_GROUP && !stage->is_client);
    enum sgn_status status = SGN_OK;
    json_t *persons = NULL;
    char *word;

    for (int i = 0; who->kind == MODEL_WHO_ANY_OF && status == SGN_OK && i < who->n_of; i++)
        status = who_holders_of(stage, &who->of[i], at, into);
    if (!named)
        return status;
    status = who_persons(stage, who, at, &persons);
    if (status != SGN_OK)
        return status;
    word = who_words(who);
    if (word != NULL)
        stage_put(stage, into, word, json_incref(persons));
    stage->nomem = stage->nomem || word == NULL;
    json_decref(persons);
    free(word);
    return SGN_OK;
}
