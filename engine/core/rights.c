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

enum sgn_status
core_person_check(const json_t *row, const char *person, struct sgn_error *err)
{
    if (!is_set(row, "active"))
        return sgn_fail(err, SGN_UNAUTHENTICATED, "%s is not active any more", person);
    if (!is_set(row, "client_ended"))
        return SGN_OK;
    sgn_fail(err, SGN_UNAUTHENTICATED,
             "the team does not work for %s any more: %s may neither sign in nor decide",
             sgn_json_str(row, "client"), person);
    sgn_error_add(err, "reason", json_string("client_ended"));
    return SGN_UNAUTHENTICATED;
}

/* The classes a caller is in; each contains the ones before it. A person of a client is
 * never a member, and so never a lead, whatever its row says. */
static unsigned
classes_of(const struct core_caller *caller)
{
    unsigned classes = CORE_ANYONE;

    if (caller->is_operator)
        return classes | CORE_OPERATOR;
    if (caller->person == NULL || core_person_check(caller->row, caller->person, NULL) != SGN_OK)
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
    if (access != 0 && !caller->is_operator &&
        core_person_check(caller->row, caller->person, err) != SGN_OK)
        return SGN_UNAUTHENTICATED;
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

static const char *const scope_words[] = { [CORE_READS] = "read",
                                           [CORE_DECIDES] = "decide",
                                           [CORE_WRITES] = "write",
                                           [CORE_ADMINISTERS] = "admin" };

enum core_scope
core_scope_word(const char *word)
{
    for (int i = CORE_READS; word != NULL && i <= CORE_ADMINISTERS; i++)
        if (strcmp(word, scope_words[i]) == 0)
            return (enum core_scope)i;
    return 0;
}

/* A method that says no need has every one: what is not sure is not granted. */
enum sgn_status
core_scope_check(const json_t *token, enum core_scope needs, const char *method,
                 struct sgn_error *err)
{
    const json_t *scope = json_object_get(token, "scope"), *item;
    enum core_scope least = needs != 0 ? needs : CORE_ADMINISTERS;
    size_t i;

    if (scope == NULL || json_is_null(scope))
        return SGN_OK;
    json_array_foreach(scope, i, item) {
        const char *word = json_string_value(item);
        if (core_scope_word(word) >= least || (word != NULL && strcmp(word, method) == 0))
            return SGN_OK;
    }
    return sgn_fail(err, SGN_FORBIDDEN, "%s is beyond this token: its scope lacks \"%s\"", method,
                    scope_words[least]);
}

bool
core_knows_workflow(const json_t *person, const struct model *model)
{
    return sgn_json_str(person, "client") == NULL || model->client != MODEL_CLIENT_NONE;
}

/* Of a client's person: is it of the same client? */
static bool
is_of_theirs(const json_t *person, const json_t *row)
{
    const char *client = sgn_json_str(person, "client"), *of = sgn_json_str(row, "client");

    return client == NULL || (of != NULL && strcmp(client, of) == 0);
}

bool
core_knows_person(const json_t *person, const json_t *other)
{
    return is_of_theirs(person, other);
}

bool
core_knows_project(const json_t *person, const json_t *project)
{
    return is_of_theirs(person, project);
}

int64_t
core_delegation_end(const json_t *delegation)
{
    int64_t ends = sgn_json_int(delegation, "ends", 0);
    int64_t ended = sgn_json_int(delegation, "ended", 0);

    return ended != 0 && ended < ends ? ended : ends;
}

bool
core_delegation_holds(const json_t *delegation, int64_t now)
{
    return sgn_json_int(delegation, "starts", 0) <= now && now < core_delegation_end(delegation);
}

/* Gives it, or stands in by it. */
static bool
has_part_in(const json_t *person, const json_t *delegation)
{
    const char *key = sgn_json_str(person, "person");
    const char *giver = sgn_json_str(delegation, "person");
    const char *stand_in = sgn_json_str(delegation, "stand_in");

    return key != NULL && ((giver != NULL && strcmp(giver, key) == 0) ||
                           (stand_in != NULL && strcmp(stand_in, key) == 0));
}

bool
core_knows_delegation(const json_t *person, const json_t *delegation)
{
    return sgn_json_str(person, "client") == NULL || has_part_in(person, delegation);
}

bool
core_ends_delegation(const json_t *person, const json_t *delegation)
{
    return has_part_in(person, delegation) ||
           (sgn_json_str(person, "client") == NULL && is_set(person, "lead"));
}

bool
core_delegates_for(const json_t *person, const char *other)
{
    const char *key = sgn_json_str(person, "person");

    return (key != NULL && strcmp(key, other) == 0) ||
           (sgn_json_str(person, "client") == NULL && is_set(person, "lead"));
}

/* Whoever uploaded it keeps it, whatever becomes of the case. */
bool
core_sees_file(const json_t *person, const json_t *file, enum core_sight sight)
{
    const char *key = sgn_json_str(person, "person"), *by = sgn_json_str(file, "person");

    return (key != NULL && by != NULL && strcmp(key, by) == 0) || sight == CORE_SEES_ALL ||
           (sight == CORE_SEES_SHARED && is_set(file, "shared"));
}

/* An empty list is no bound, like none at all. */
static bool
scope_lists(const json_t *scope, const char *member, const char *name)
{
    const json_t *list = json_object_get(scope, member);

    return json_array_size(list) == 0 || (name != NULL && sgn_json_has(list, name));
}

bool
core_delegation_covers(const json_t *delegation, const char *workflow, const char *project)
{
    const json_t *scope = json_object_get(delegation, "scope");

    return scope_lists(scope, "workflows", workflow) && scope_lists(scope, "projects", project);
}

static bool
is_name(const json_t *value, const char *name)
{
    return json_is_string(value) && strcmp(json_string_value(value), name) == 0;
}

/* Owns a part of it or is waited for: by name or by a role that the member holds. Where the role
 * "client" is waited for as a whole, each of them is. */
static bool
is_waited_for(const json_t *row, const char *person, const json_t *member)
{
    const json_t *roles = json_object_get(member, "roles"), *item;
    const char *name;
    json_t *owner;
    size_t i;

    json_object_foreach(json_object_get(row, "owners"), name, owner)
        if (is_name(owner, person))
            return true;
    json_array_foreach(json_object_get(row, "waiting"), i, item) {
        const char *role = sgn_json_str(item, "role");
        if (is_name(json_object_get(item, "person"), person) ||
            (role != NULL && (strcmp(role, "client") == 0 || sgn_json_has(roles, role))))
            return true;
    }
    return false;
}

/* Is among the people of a round: of one that is open, or of any one's last. */
static bool
is_asked(const json_t *row, const char *person, bool open)
{
    const char *name;
    json_t *round;

    json_object_foreach(json_object_get(row, "rounds"), name, round)
        if (sgn_json_has(json_object_get(round, "eligible"), person) &&
            (!open || json_object_get(round, "ended") == NULL))
            return true;
    return false;
}

/* "own": opened it, owns a part of it, or is asked in it, now or in the last round. */
static bool
takes_part(const json_t *row, const char *person, const json_t *member)
{
    return is_name(json_object_get(row, "opener"), person) || is_asked(row, person, false) ||
           is_waited_for(row, person, member);
}

/* What is lent is what waits for the giver now: not what they saw before. What the stand-in
 * opened for them is lent too. */
static bool
is_lent(const json_t *row, const char *person, const char *giver, const json_t *member)
{
    return is_asked(row, giver, true) || is_waited_for(row, giver, member) ||
           (is_name(json_object_get(row, "opener"), giver) &&
            is_name(json_object_get(row, "hand"), person));
}

/* The project's member of that key, when it is of that client. */
static const json_t *
member_of(const json_t *project, const char *key, const char *client)
{
    const json_t *member = json_object_get(json_object_get(project, "members"), key);

    return member != NULL && is_name(json_object_get(member, "client"), client) ? member : NULL;
}

/* Through somebody for whom the person stands in now: givers are members, and so active and of
 * the same side. */
static bool
sees_for_another(const struct model *model, const json_t *person, const json_t *project,
                 const json_t *row, const json_t *delegations, int64_t now)
{
    const char *key = sgn_json_str(person, "person"), *client = sgn_json_str(person, "client");
    const json_t *delegation;
    size_t i;

    json_array_foreach(delegations, i, delegation) {
        const char *giver = sgn_json_str(delegation, "person");
        const json_t *member = giver != NULL ? member_of(project, giver, client) : NULL;
        if (member != NULL && core_delegation_holds(delegation, now) &&
            core_delegation_covers(delegation, model->name, sgn_json_str(project, "key")) &&
            (row == NULL || is_lent(row, key, giver, member)))
            return true;
    }
    return false;
}

/* A team's persons see all its cases; acting needs the role. A person of a client sees
 * cases of its own client's projects in which it is a member, as far as the workflow
 * says. What is not sure is not seen. */
enum core_sight
core_sight(const struct model *model, const json_t *person, const json_t *project,
           const json_t *row, const json_t *delegations, int64_t now)
{
    const char *key = sgn_json_str(person, "person");
    const char *client = sgn_json_str(person, "client");
    const char *of = sgn_json_str(project, "client");
    const json_t *member;

    if (key == NULL)
        return CORE_SEES_NOTHING;
    if (client == NULL)
        return CORE_SEES_ALL;
    if (model->client == MODEL_CLIENT_NONE || of == NULL || strcmp(of, client) != 0)
        return CORE_SEES_NOTHING;
    member = member_of(project, key, client);
    if (member != NULL &&
        (model->client != MODEL_CLIENT_OWN || row == NULL || takes_part(row, key, member)))
        return CORE_SEES_SHARED;
    return sees_for_another(model, person, project, row, delegations, now) ? CORE_SEES_SHARED
                                                                           : CORE_SEES_NOTHING;
}
