/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
/*
 * Calls to the team's rules, and their answers, as values.
 *
 * The engine never calls a script: it submits calls and is answered later, in process
 * (tests, CLI) or by a worker process across a socket (server), through the same table of
 * functions. Every value is JSON's; whoever implements this may be hostile, so the engine
 * checks every answer like a stranger's input.
 *
 * Loading. A load names a team and its files; the answer holds every workflow that could
 * be made and all mistakes at once:
 *   input   { "team": NAME, "files": { PATH: SOURCE }, "shipped": { NAME: SOURCE } }
 *           PATH is relative to the team's folder: "team.lua", "workflows/x.lua",
 *           "support/y.lua" (a group's folder)
 *   answer  { "team": TEAM, "workflows": { NAME: VERSION }, "mistakes": [ MISTAKE ],
 *             "remarks": { PATH: [ REMARK ] } }
 *   VERSION { "model": MODEL, "functions": { "3": {"source", "constants"} },
 *             "places": { POINTER: [LINE, COLUMN] }, "says"?: SAYS,
 *             "source": TEXT, "file": PATH, "group"?: GROUP }
 *             places say where the parts of the model stand in the file; they are no part of it
 *             and of its digest. What has no place of its own stands where its parent does.
 *   SAYS    { "functions": { "3": { "for", "facts": [FACT] } }, "members": [NAME], "methods": [NAME],
 *             "event": [NAME] }: the names that the case and the event have
 *   FACT    what a function of the rules says of the case and the event, as far as it is certain;
 *           "for": guard, who, run or fields, as below
 *           { "line", "column", "of": case|event|fields|data|people, "name", "write": bool }
 *             reads, or assigns, that member
 *           { "line", "column", "of": "case", "call": METHOD, "args": [ARG], "more": bool, "dot": bool }
 *             more: others may stand behind these; dot: called as c.set("x"), without the case
 *   ARG     null (unknown) | {"is": constant, "line"?, "column"?} | {"word": channel|group|person|decided_by, "name"}
 *           | {"keys": {NAME: ARG}, "items": [ARG], "open": bool}; open: others may be in it
 *   MISTAKE { "severity": "error"|"warning", "file", "line", "column", "message", "hint"?, "id"? }
 *             lines and columns count from 1, columns in characters; id: a finding of check.h
 *   REMARK  { "line", "column", "alone": bool, "text" }: a comment "-- signoff: TEXT", see check.h
 * With an error among the mistakes the load must not be put in force.
 *
 * Opening. Before the first call to a version it is given by rules_ops.open, so that versions
 * which are no longer in the folder go on.
 *
 * Calling. A call names a version by its digest, a function of it and one input, in the bytes of
 * rules_value.h:
 *   { "c": { key workflow version now owner opener outcome rev priority fields states visits
 *            people project ballots tasks }, "e": { name by on_behalf data comment at } }
 * Times are RFC 3339 strings. Of these a function gets what it may read, so that its input, which is
 * what finds its answer, stays the same while other things change. The loader finds out what that
 * is; it stands in the model's functions[n].reads:
 *   READ    "c" | "e" (all there is) | "c.MEMBER" | "e.MEMBER" as above | "c.fields.NAME" | "e.data.NAME"
 * Of fields and data those names are given that have a value. people, project, ballots and tasks are
 * given when functions[n].uses names them, too; without "reads", in older versions, that alone
 * counts, and the rest is given. Reading what was not given fails the call: it is never taken as empty.
 * By what the function is for:
 *   guard ("when")     answer true, or [false, REASON or null]
 *   who                answer [PERSON...]
 *   run, enter, leave  answer [ACTION...], evaluated, in the order they were said
 *                      {"person": KEY, "line": N} says where the rules name somebody by key
 *   hook (of a team's file, see team.h)  another input, { "body": VALUE, "headers": {NAME: TEXT} };
 *                      answer DOES: { "fire": EVENT, "case": CASE, "data"?, "comment"?, "shared"?,
 *                      "otherwise"?: DOES }, { "open": WORKFLOW, "project"?, "fields"?, "comment"?,
 *                      "shared"? }, { "comment": TEXT, "case": CASE, "shared"?, "otherwise"?: DOES } or
 *                      { "ignore": REASON }; CASE a key, or { "workflow": NAME, FIELD: VALUE... }.
 *                      What is opened for it is {"hooks": true, "file", "source"} instead of a version
 *   fields (migrate)   another input, { "fields": {NAME: VALUE}, "types": [{ name type places?
 *                      of? fields? }] } of the old version; answer {NAME: VALUE} of the new one, null: empty
 *
 * A guard may have a function behind it, "then", which is called as run with an input of its own when
 * the guard has answered true, and not else: one message for what else were two. The answer is then
 *   [GUARD, null]                                  GUARD as above, not true
 *   [true, { "value": [ACTION...] }]
 *   [true, { "error": { "code": "rule_error"|"rule_overrun", "message" } }]    of the second function
 * and an error of the guard is the call's own. What ends the process fails the call as a whole.
 *
 * Thread: all functions are called by one thread, the engine lane; answers are delivered on
 * it, from within deliver() only, never before submit() or load() has returned.
 */
/* clang-format on */
#ifndef MODEL_RULES_H
#define MODEL_RULES_H

#include "rules_value.h"
#include "status.h"
#include <jansson.h>
#include <stdint.h>

/* How the name of a file of tests ends: no script of the rules; whoever runs tests reads it. */
#define RULES_TEST_END "_test.lua"

struct rules;

enum rules_purpose {
    RULES_GUARD,
    RULES_WHO,
    RULES_RUN,
    RULES_FIELDS,
    RULES_HOOK
};

struct rules_call {
    uint64_t id; /* the caller's; comes back with the answer */
    const char *team;
    const char *digest; /* version */
    int function;
    enum rules_purpose purpose;
    struct sgn_buf input; /* a value; taken by submit */
    int then;             /* of a guard: the function behind it, 1 to RULES_THEN_MAX; 0: none */
    struct sgn_buf then_input; /* taken as well */
};

#define RULES_THEN_MAX  UINT16_MAX
#define RULES_INPUT_MAX (2u << 20) /* bytes of an input: two and more fit into a message */

/* Were its inputs written as a whole, and may it have such a function behind it? */
static inline bool
rules_call_is_whole(const struct rules_call *call)
{
    return call->input.len > 0 && !call->input.failed && call->then >= 0 &&
           call->then <= RULES_THEN_MAX && (call->then == 0 || call->purpose == RULES_GUARD) &&
           (call->then == 0) == (call->then_input.len == 0) && !call->then_input.failed;
}

/* Frees the inputs of a call that is not submitted. */
static inline void
rules_call_deinit(struct rules_call *call)
{
    sgn_buf_deinit(&call->input);
    sgn_buf_deinit(&call->then_input);
}

/*
 * What a call of one function took: time in nanoseconds, by a clock that goes on while others have
 * the processor, and steps, which is what the budget counts: instructions, by the thousand, so that
 * 0 is fewer than a thousand.
 */
struct rules_cost {
    int64_t steps, ns;
};

/*
 * status: SGN_OK with value; SGN_RULE_ERROR (message with file:line), SGN_RULE_OVERRUN;
 * SGN_OVERLOADED, which passes; SGN_UNAVAILABLE, which does not before somebody does what err
 * says. cost[0] is what the function took, cost[1] the one behind it; zeros where it is not known.
 * value, err and cost are borrowed for the call.
 */
typedef void (*rules_answer_fn)(void *ctx, uint64_t id, enum sgn_status status, const json_t *value,
                                const struct sgn_error *err, const struct rules_cost cost[2]);

/* Where a part of the model stands in its file, by a version's places (rules_place.c): the part's
 * own place or that of the nearest one around it; 1, 1 where nothing is known. */
void rules_place(const json_t *places, const char *pointer, int *line, int *column);

struct rules_ops {
    /* Loads a team's files. Takes input. One answer follows. */
    enum sgn_status (*load)(struct rules *rules, uint64_t id, json_t *input_take,
                            struct sgn_error *err);
    /* Makes a stored version callable: version as in a load's answer. Takes it. No answer;
     * opening what is open already is nothing. */
    enum sgn_status (*open)(struct rules *rules, const char *team, const char *digest,
                            json_t *version_take, struct sgn_error *err);
    /* Is this version callable now? */
    int (*is_open)(struct rules *rules, const char *team, const char *digest);
    /* Takes n calls at once. Either all are taken and each is answered exactly once, or the
     * status says why none was. */
    enum sgn_status (*submit)(struct rules *rules, const struct rules_call *calls, int n,
                              struct sgn_error *err);
    /* Delivers the answers that have come, oldest first; returns how many. */
    int (*deliver)(struct rules *rules, rules_answer_fn answer, void *ctx);
    /* Answers still owed. */
    int (*pending)(struct rules *rules);
    void (*free)(struct rules *rules);

    /* The rest is for rules that are run elsewhere; in process, where deliver() does the work,
     * they are NULL. */

    /* Answers that deliver() would give now. */
    int (*ready)(struct rules *rules);
    /* From now on wake is called when answers have come, on any thread, which it must not keep.
     * NULL ends it: it is not under way when this returns. */
    void (*listen)(struct rules *rules, void (*wake)(void *ctx), void *ctx);
    /* The team's scripts are in force: what others did before is forgotten. */
    void (*accepted)(struct rules *rules, const char *team);
    /* How it is, for server.health: {"processes", "started", "overruns", "faults": numbers,
     * "cut_off": {TEAM: WHY}}. Any thread. New reference. */
    json_t *(*state)(struct rules *rules);
};

/* The first member of every implementation. */
struct rules {
    const struct rules_ops *ops;
};

#endif
