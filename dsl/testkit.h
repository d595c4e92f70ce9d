/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Test files of workflows: read, and run one test at a time.
 *
 * A test file is Lua like the workflows, in the same sandbox, with the words of testkit.lua
 * instead of those of the language; that file is the words' manual. What a test does to its
 * engine goes through struct dsl_test_host as calls of the protocol's methods, so that this
 * layer knows no engine.
 *
 * Each run makes a state of its own and runs the file anew: what one test leaves in a variable no
 * other test sees, and a test alone ends as it does among others.
 *
 * Thread: any, one at a time for a host.
 */
#ifndef DSL_TESTKIT_H
#define DSL_TESTKIT_H

#include "dsl.h"

/* clang-format off */
/*
 * Calls a method of the protocol on the test's engine, as a person or (who NULL) the operator,
 * and settles it: what the call sets going has happened when it returns. A status other than
 * SGN_OK is a refusal that the test is shown, except SGN_INTERNAL and SGN_NOMEM, which end
 * it. params is borrowed, *result a new reference.
 *
 * Five methods are the host's own:
 *   test.begin   {at?: TIME}                    makes the engine; before any other, once
 *   test.time    {time?: TIME, end?: true}      {time: RFC 3339}; without time: now; with end the
 *                                               end of the day that time is
 *   test.upload  {name, text}                   {file}: a file of that person's with this content
 *   test.allowed {case}                         {events: [NAME]}: what that person may fire now
 *   test.messages {}                            {items}: as inbox.messages, all of that person's, each
 *                                               with said, also for a client's
 * TIME is "2026-03-02 09:00" or "2026-03-02" in the team's zone, or RFC 3339.
 */
/* clang-format on */
struct dsl_test_host {
    enum sgn_status (*call)(void *ctx, const char *who, const char *method, const json_t *params,
                            json_t **result, struct sgn_error *err);
    void *ctx;
};

/*
 * What a file declares: { "people": { PERSON: {"roles": [ROLE], "of"?: CLIENT, "lead"?, "title"?,
 * "language"?, "groups"?: [GROUP]} }, "project": {...}, "tests": [ {"name", "line"} ] }. mistakes
 * (an array) gets what is wrong with it, as in rules.h; *out is NULL then. limits NULL: defaults.
 */
enum sgn_status dsl_test_read(const struct dsl_limits *limits, const char *path, const char *source,
                              json_t *mistakes, json_t **out, struct sgn_error *err) SGN_MUST_CHECK;

/*
 * Runs the n-th test (0 is the first). *failure is NULL when it passed, else { "kind":
 * "expectation"|"refusal"|"mistake"|"overrun", "line", "lines": [INT] (through which functions of
 * the file, innermost first), "message", "code"? (of a refusal), "differences"?: [ {"what",
 * "expected", "actual"} ] }; a new reference. Only faults of ours are errors.
 */
enum sgn_status dsl_test_run(const struct dsl_limits *limits, const char *path, const char *source,
                             int n, const struct dsl_test_host *host, json_t **failure,
                             struct sgn_error *err) SGN_MUST_CHECK;

#endif
