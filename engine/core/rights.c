/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rights: whether a token is good, who may call a method, and what a person may see of a case.
 * The one place for all three: a method row names classes, and nothing else in the program
 * compares a person's side.
 */
#include "rights.h"
#include "json.h"
#include <string.h>

/* Rows come from a store that has no booleans: 1 is true there. */
static bool
is_set(const json_t *row, const char *name)
{
    const json_t *value = json_object_get(row, name);

    return json_is_true(value) || (json_is_integer(value) && json_integer_value(value) != 0);
}

/* The classes a caller is in; each contains the ones before it. A person of a client is
 * never a member, and so never a lead, whatever its row says. */
static unsigned
classes_of(const struct core_caller *caller)
{
    unsigned classes = CORE_ANYONE;

    if (caller->is_operator)
        return classes | CORE_OPERATOR;
    if (caller->person == NULL || !is_set(caller->row, "active"))
        return classes;
    classes |= CORE_PERSON;
    if (sgn_json_str(caller->row, "client") != NULL)
        return classes;
    classes |= CORE_MEMBER;
    if (is_set(caller->row, "lead"))
        classes |= CORE_LEAD;
    return classes;
}

/* Whom the row serves, widest first. */
static const char *
words_of(unsigned access)
{
    if ((access & CORE_PERSON) != 0)
        return "persons of a team";
    if ((access & CORE_MEMBER) != 0)
        return "the team's own persons";
    if ((access & CORE_LEAD) != 0)
        return (access & CORE_OPERATOR) != 0 ? "the team's leads and the operator"
                                             : "the team's leads";
    return (access & CORE_OPERATOR) != 0 ? "the operator" : "nobody";
}

/* Who is not logged in is told so rather than forbidden: logging in would help. The
 * message names whom the method serves, not what it does. */
enum sgn_status
core_access_check(unsigned access, const struct core_caller *caller, const char *method,
                  struct sgn_error *err)
{
    if ((access & classes_of(caller)) != 0)
        return SGN_OK;
    if (access != 0 && !caller->is_operator && caller->person == NULL)
        return sgn_fail(err, SGN_UNAUTHENTICATED, "%s: log in first", method);
    if (access != 0 && !caller->is_operator && !is_set(caller->row, "active"))
        return sgn_fail(err, SGN_UNAUTHENTICATED, "%s: %s is not active any more", method,
                        caller->person);
    return sgn_fail(err, SGN_FORBIDDEN, "%s is for %s", method, words_of(access));
}

/* An expiry is the first instant at which the token is no good any more. */
enum sgn_status
core_token_check(const json_t *token, int64_t now, struct sgn_error *err)
{
    int64_t expires = sgn_json_int(token, "expires", 0);

    if (token == NULL)
        return sgn_fail(err, SGN_UNAUTHENTICATED, "this token is no more");
    if (is_set(token, "revoked"))
        return sgn_fail(err, SGN_UNAUTHENTICATED, "this token was revoked");
    if (expires != 0 && expires <= now)
        return sgn_fail(err, SGN_UNAUTHENTICATED, "this token has expired");
    return SGN_OK;
}

/* "own": opened it, owns a part of it, or is asked in it, now or in the last round.
 * Where the role "client" is waited for as a whole, each of them is asked. */
static bool
takes_part(const json_t *row, const char *person)
{
    const char *opener = sgn_json_str(row, "opener");
    const char *name;
    const json_t *item;
    json_t *value;
    size_t i;

    if (opener != NULL && strcmp(opener, person) == 0)
        return true;
    json_object_foreach(json_object_get(row, "rounds"), name, value)
        if (sgn_json_has(json_object_get(value, "eligible"), person))
            return true;
    json_object_foreach(json_object_get(row, "owners"), name, value)
        if (json_is_string(value) && strcmp(json_string_value(value), person) == 0)
            return true;
    json_array_foreach(json_object_get(row, "waiting"), i, item) {
        const char *who = sgn_json_str(item, "person");
        const char *role = sgn_json_str(item, "role");
        if ((who != NULL && strcmp(who, person) == 0) ||
            (role != NULL && strcmp(role, "client") == 0))
            return true;
    }
    return false;
}

/* A team's persons see all its cases; acting needs the role. A person of a client sees
 * cases of its own client's projects in which it is a member, as far as the workflow
 * says. What is not sure is not seen. */
enum core_sight
core_sight(const struct model *model, const json_t *person, const json_t *project,
           const json_t *row)
{
    const char *key = sgn_json_str(person, "person");
    const char *client = sgn_json_str(person, "client");
    const char *of;
    const json_t *member;

    if (key == NULL)
        return CORE_SEES_NOTHING;
    if (client == NULL)
        return CORE_SEES_ALL;
    if (model->client == MODEL_CLIENT_NONE)
        return CORE_SEES_NOTHING;
    member = json_object_get(json_object_get(project, "members"), key);
    of = sgn_json_str(project, "client");
    if (member == NULL || of == NULL || strcmp(of, client) != 0)
        return CORE_SEES_NOTHING;
    if (model->client == MODEL_CLIENT_OWN && row != NULL && !takes_part(row, key))
        return CORE_SEES_NOTHING;
    return CORE_SEES_SHARED;
}
