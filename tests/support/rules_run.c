/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loads one file of a team and calls its first function, in this process: for the corpus of
 * attacks, and for comparing what the same script costs in several processes.
 *
 * Standard input holds one JSON object, or a list of them, answered by a list:
 *   "path"          where the text of the file is read: it need not be UTF-8
 *   "team"?         true: it is the team.lua, else the workflow "attack"
 *   "purpose"       "guard" | "who" | "run"
 *   "calls"?        how often the function is called, 1 when missing
 *   "history"?      functions 2, 3, ... are called so often before, and not told of
 *   "instructions"?, "memory"?  limits, the server's own when missing
 * Standard output gets one:
 *   "mistakes"      of the load, as rules.h has them
 *   "ends"          one for each call: "status" ("ok" or an error's word), "answer" or
 *                   "message", "steps": what was left of the instructions
 */
#include "dsl_call.h"
#include "dsl_internal.h"
#include "json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *
input_of_calls(void)
{
    return json_loads(
        "{\"c\": {\"key\": \"AT-1\", \"workflow\": \"attack\", \"version\": 1, \"now\": "
        "\"2026-01-05T09:00:00+08:00\", \"owner\": \"li\", \"opener\": \"li\", \"rev\": 3, "
        "\"priority\": \"normal\", \"fields\": {\"a\": 7, \"cost\": \"50000.00\", \"name\": \"n\", "
        "\"parts\": [3, 1, 2]}, \"states\": [\"one\"], \"visits\": {\"one\": 1}, "
        "\"people\": {\"pm\": [\"li\", \"wang\"]}}, "
        "\"e\": {\"name\": \"x\", \"by\": \"li\", \"data\": {}, "
        "\"at\": \"2026-01-05T09:00:00+08:00\"}}",
        0, NULL);
}

static enum rules_purpose
purpose_of(const json_t *question)
{
    const char *purpose = sgn_json_str(question, "purpose");

    if (purpose != NULL && strcmp(purpose, "guard") == 0)
        return RULES_GUARD;
    return purpose != NULL && strcmp(purpose, "who") == 0 ? RULES_WHO : RULES_RUN;
}

/* As in rules.c: a state that overran is thrown away and made anew for the next call. */
static json_t *
call_once(const struct dsl_limits *limits, const json_t *version, const json_t *question,
          struct dsl_state **state)
{
    json_t *input = input_of_calls(), *answer = NULL, *end;
    struct sgn_error err = { 0 };
    enum sgn_status st = SGN_OK;
    json_int_t steps = 0;

    if (*state == NULL)
        st = dsl_version_open(limits, version, state, &err);
    if (st == SGN_OK) {
        st = dsl_call_json(*state, sgn_json_str(version, "file"), 1, purpose_of(question), input,
                           &answer, &err);
        steps = (*state)->steps;
    }
    end = st == SGN_OK
              ? json_pack("{s:s, s:O, s:I}", "status", "ok", "answer", answer, "steps", steps)
              : json_pack("{s:s, s:s, s:I}", "status", sgn_status_code(st), "message", err.message,
                          "steps", steps);
    if (st == SGN_RULE_OVERRUN) {
        dsl_state_free(*state);
        *state = NULL;
    }
    sgn_error_clear(&err);
    json_decref(answer);
    json_decref(input);
    return end;
}

static json_t *
text_of(const char *path)
{
    char *text = malloc(2 << 20);
    FILE *file = path != NULL ? fopen(path, "rb") : NULL;
    json_t *value;
    size_t n = file != NULL && text != NULL ? fread(text, 1, 2 << 20, file) : 0;

    if (file != NULL)
        fclose(file);
    value = json_stringn_nocheck(text, n);
    free(text);
    return value;
}

static json_t *
load(const struct dsl_limits *limits, const json_t *question)
{
    bool team = json_is_true(json_object_get(question, "team"));
    json_t *files = json_object(), *input, *answer = NULL;
    struct sgn_error err = { 0 };

    json_object_set_new(files, "team.lua", json_string("return team \"t\" { use \"attack\" }"));
    json_object_set_new(files, team ? "team.lua" : "workflows/attack.lua",
                        text_of(sgn_json_str(question, "path")));
    input = json_pack("{s:s, s:o, s:{}}", "team", "t", "files", files, "shipped");
    if (dsl_load(limits, input, &answer, &err) != SGN_OK)
        answer =
            json_pack("{s:[{s:s, s:s}]}", "mistakes", "status", "failed", "message", err.message);
    sgn_error_clear(&err);
    json_decref(input);
    return answer;
}

/* A past of other calls: what they leave in the state must not matter. */
static void
live(struct dsl_state *state, const json_t *version, json_int_t history)
{
    int functions = (int)json_object_size(json_object_get(version, "functions"));

    for (json_int_t i = 0; i < history && functions > 1; i++) {
        json_t *input = input_of_calls(), *answer = NULL;
        struct sgn_error err = { 0 };

        if (dsl_call_json(state, "past", 2 + (int)(i % (functions - 1)), RULES_GUARD, input,
                          &answer, &err) != SGN_OK)
            sgn_error_clear(&err);
        json_decref(answer);
        json_decref(input);
    }
}

static json_t *
answer_of(const json_t *question)
{
    json_t *loaded, *answer, *ends = json_array();
    const json_t *mistakes, *version;
    struct dsl_state *state = NULL;
    struct dsl_limits limits;
    json_int_t calls = sgn_json_int(question, "calls", 1);

    dsl_limits_default(&limits);
    limits.instructions = sgn_json_int(question, "instructions", limits.instructions);
    limits.memory_bytes = (size_t)sgn_json_int(question, "memory", (json_int_t)limits.memory_bytes);
    loaded = load(&limits, question);
    mistakes = json_object_get(loaded, "mistakes");
    version = json_object_get(json_object_get(loaded, "workflows"), "attack");
    if (json_array_size(mistakes) == 0 && version != NULL) {
        json_int_t history = sgn_json_int(question, "history", 0);
        struct sgn_error err = { 0 };

        if (history > 0 && dsl_version_open(&limits, version, &state, &err) == SGN_OK)
            live(state, version, history);
        for (json_int_t i = 0; i < calls; i++)
            json_array_append_new(ends, call_once(&limits, version, question, &state));
    }
    dsl_state_free(state);
    answer = json_pack("{s:O, s:o}", "mistakes", mistakes, "ends", ends);
    json_decref(loaded);
    return answer;
}

static json_t *
answers_of(const json_t *questions)
{
    json_t *answers = json_array(), *question;
    size_t i;

    json_array_foreach(questions, i, question)
        json_array_append_new(answers, answer_of(question));
    return answers;
}

int
main(void)
{
    json_error_t wrong;
    json_t *question = json_loadf(stdin, JSON_ALLOW_NUL, &wrong), *answer;

    if (question == NULL) {
        fprintf(stderr, "rules_run: %s\n", wrong.text);
        return 2;
    }
    answer = json_is_array(question) ? answers_of(question) : answer_of(question);
    if (answer == NULL || json_dumpf(answer, stdout, JSON_COMPACT) != 0)
        return 2;
    putchar('\n');
    json_decref(answer);
    json_decref(question);
    return 0;
}
