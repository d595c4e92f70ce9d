/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An approval of one rule, to try sentences on: li is pm, wang and zhao are the ccb, zhao is the
 * boss, mei and jun are the client's, nobody is "empty". The case is in "s" until it is decided.
 */
#ifndef CORE_ROUNDS_H
#define CORE_ROUNDS_H

#include "world.h"

#define ONE(who) "{'kind': 'at_least', 'n': 1, 'who': '" who "', 'nobody': 'reject'}"

static const char *const rounds_model =
    "{'name': 'x', 'key': 'CR', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'ccb', 'boss', 'client', 'empty'],"
    " 'functions': {'1': {'line': 1, 'uses': []}},"
    " 'fields': [{'name': 'cost', 'type': 'number', 'shared': true},"
    "            {'name': 'what', 'type': 'text', 'shared': true},"
    "            {'name': 'plan', 'type': 'file', 'shared': true}],"
    " 'states': ["
    "  {'name': 's', 'kind': 'state', 'edit': [{'who': 'pm', 'fields': 'all'}],"
    "   'approval': {%s 'outcomes': ['approved', 'rejected', 'deferred', 'changes'], 'rule': %s},"
    "   'transitions': ["
    "    {'kind': 'approval', 'outcome': 'approved', 'to': ['yes']},"
    "    {'kind': 'approval', 'outcome': 'rejected', 'to': ['no']},"
    "    {'kind': 'approval', 'outcome': 'deferred', 'to': ['later']},"
    "    {'kind': 'approval', 'outcome': 'changes', 'to': ['back']},"
    "    {'on': ['leave'], 'by': 'pm', 'to': ['back']}]},"
    "  {'name': 'later', 'kind': 'state'},"
    "  {'name': 'back', 'kind': 'state', 'transitions': ["
    "    {'on': ['again'], 'by': 'pm', 'to': ['s']}]},"
    "  {'name': 'yes', 'kind': 'state', 'owner': 'pm', 'transitions': ["
    "    {'on': ['look'], 'by': 'pm', 'to': ['second']}]},"
    "  {'name': 'second', 'kind': 'state', 'approval': {'covers': ['cost'],"
    "     'outcomes': ['approved', 'rejected'], 'exclude': [{'decided_by': 's'}],"
    "     'rule': {'kind': 'at_least', 'n': 1, 'who': 'ccb', 'nobody': 'reject'}},"
    "   'transitions': [{'kind': 'approval', 'outcome': 'approved', 'to': ['end']},"
    "     {'kind': 'approval', 'outcome': 'rejected', 'to': ['no']}]},"
    "  {'name': 'no', 'kind': 'final', 'outcome': 'rejected'},"
    "  {'name': 'end', 'kind': 'final', 'outcome': 'approved'}]}";

/* options: members of the approval, each with its comma; covers is ['cost'] unless said. */
static inline struct world *
asked_by(const char *rule, const char *options, world_answer answer)
{
    char model[8192], all[512];
    struct world *w;

    snprintf(all, sizeof(all), "%s%s",
             strstr(options, "covers") == NULL ? "'covers': ['cost'], " : "", options);
    snprintf(model, sizeof(model), rounds_model, all, rule);
    w = world_new(model);
    w->answer = answer;
    json_array_append_new(
        json_object_get(
            json_object_get(json_object_get(json_object_get(w->facts, "project:acme"), "members"),
                            "zhao"),
            "roles"),
        json_string("boss"));
    assert_ok(w, world_open(w, "li", "{'fields': {'cost': 50}}"));
    return w;
}

static inline struct world *
asking(const char *rule, const char *options)
{
    return asked_by(rule, options, NULL);
}

static inline json_t *
round_now(struct world *w)
{
    return json_object_get(json_object_get(w->row, "rounds"), "s");
}

static inline json_t *
round_ballots(struct world *w)
{
    return json_object_get(round_now(w), "ballots");
}

/* With the digest of the round, as the case shows it to whoever covers all of it. */
static inline enum sgn_status
say_why(struct world *w, const char *who, const char *choice, const char *comment)
{
    char params[256];

    snprintf(params, sizeof(params), "{'approval': 's', 'choice': '%s', 'digest': '%s'%s%s%s}",
             choice, sgn_json_str(round_now(w), "digest"), comment != NULL ? ", 'comment': '" : "",
             comment != NULL ? comment : "", comment != NULL ? "'" : "");
    return world_do(w, CORE_VOTE, who, params);
}

static inline enum sgn_status
say(struct world *w, const char *who, const char *choice)
{
    return say_why(w, who, choice, NULL);
}

static inline enum sgn_status
set_cost(struct world *w, const char *cost)
{
    char params[64];

    snprintf(params, sizeof(params), "{'fields': {'cost': %s}}", cost);
    return world_do(w, CORE_EDIT, "li", params);
}

#endif
