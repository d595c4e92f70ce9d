/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A world for deciding: one model, one case, facts from one object, functions from one callback.
 *
 * JSON is written with ' for ". Every command goes through world_do(), which
 *   - asks the functions that foresight names, as the lane does (unless world->blind),
 *   - supplies what a decision needs, all at once or one thing per round (world->slow),
 *   - folds the entry and compares it with the decided row,
 *   - checks that a refused command left no trace, and that nothing named SECRET is ever in
 *     a shared part.
 */
#ifndef CORE_WORLD_H
#define CORE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"
#include "core.h"
#include "entry.h"
#include "json.h"
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE SGN_MINUTE_MS
#define HOUR   SGN_HOUR_MS
#define DAY    SGN_DAY_MS
#define START  INT64_C(1767574800000) /* 2026-01-05T09:00:00+08:00, a Monday */

/* Answers a call of the rules: {"value"} or {"error"}; new reference. */
typedef json_t *(*world_answer)(int function, const char *purpose, const json_t *input);

struct world {
    struct model *model;
    json_t *row, *facts;
    world_answer answer;
    int64_t now, seq;
    int64_t down_ms, down_from;
    const struct core_calendars *calendars; /* NULL: none */
    bool slow;                              /* one missing thing per round */
    bool blind;                             /* without foresight */
    int rounds;                             /* of the last command */
    int waits;                              /* ... that were for want of answers */
    json_t *foreseen; /* of the last command: [[FUNCTION, PURPOSE, THEN]]; owned */
    struct sgn_error err;
    json_t *header, *shared, *internal; /* of the last accepted command */
    json_t *history;                    /* of all: [[header, shared, internal]] */
    json_t *trace;                      /* what the last command went through; NULL: not asked */
    const char *kind;
};

static inline json_t *
json(const char *text)
{
    char *copy = strdup(text);
    struct sgn_error err = { 0 };
    json_t *value = NULL;

    for (char *c = copy; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    if (sgn_json_parse(copy, strlen(copy), &value, &err) != SGN_OK)
        fail_msg("%s in %s", err.message, copy);
    free(copy);
    return value;
}

/* li leads and is pm; wang and zhao are engineers; mei and jun are the client's. */
static const char *const world_facts =
    "{'team': {'leads': ['li'], 'timezone': 'Asia/Shanghai', 'language': 'en',"
    "          'currency': 'CNY'},"
    " 'project:acme': {'key': 'acme', 'client': 'acme', 'title': 'Acme', 'attributes': {},"
    "   'state': 'open', 'members': {"
    "     'li': {'roles': ['pm'], 'client': null},"
    "     'wang': {'roles': ['engineer', 'ccb'], 'client': null},"
    "     'zhao': {'roles': ['engineer', 'ccb'], 'client': null},"
    "     'mei': {'roles': ['client'], 'client': 'acme'},"
    "     'jun': {'roles': ['client'], 'client': 'acme'}}},"
    " 'person:li': {'person': 'li', 'client': null, 'lead': true, 'active': true},"
    " 'person:wang': {'person': 'wang', 'client': null, 'lead': false, 'active': true},"
    " 'person:zhao': {'person': 'zhao', 'client': null, 'lead': false, 'active': true},"
    " 'person:out': {'person': 'out', 'client': null, 'lead': false, 'active': true},"
    " 'person:mei': {'person': 'mei', 'client': 'acme', 'lead': false, 'active': true},"
    " 'person:jun': {'person': 'jun', 'client': 'acme', 'lead': false, 'active': true},"
    " 'delegation:li': [], 'delegation:wang': [], 'delegation:zhao': [], 'delegation:out': [],"
    " 'delegation:mei': [], 'delegation:jun': [],"
    " 'stand_ins:li': [], 'stand_ins:wang': [], 'stand_ins:zhao': [], 'stand_ins:out': [],"
    " 'stand_ins:mei': [], 'stand_ins:jun': [],"
    " 'group:board': ['wang', 'zhao'],"
    " 'open:acme:issue': 0,"
    " 'case:IS-9': true}";

static inline struct world *
world_new(const char *model_text)
{
    struct world *w = calloc(1, sizeof(*w));
    json_t *model = json(model_text);
    json_t *none = json_object(); /* the functions' sources, which core never looks at */
    const char *number;
    json_t *function;

    json_object_foreach(json_object_get(model, "functions"), number, function)
        json_object_set_new(none, number, json_pack("{s:s, s:{}}", "source", "-", "constants"));
    if (model_parse(model, none, &w->model, &w->err) != SGN_OK)
        fail_msg("model: %s", w->err.message);
    json_decref(model);
    json_decref(none);
    w->facts = json(world_facts);
    w->history = json_array();
    w->now = START;
    return w;
}

static inline void
world_free(struct world *w)
{
    model_free(w->model);
    json_decref(w->row);
    json_decref(w->facts);
    json_decref(w->header);
    json_decref(w->shared);
    json_decref(w->internal);
    json_decref(w->history);
    json_decref(w->trace);
    json_decref(w->foreseen);
    sgn_error_clear(&w->err);
    free(w);
}

static inline void
world_fact(struct world *w, const char *key, const char *value)
{
    json_object_set_new(w->facts, key, json(value));
}

static const char *const world_purposes[] = { "guard", "who", "run", "fields" };

/* Answers a call as w->answer says: {"value"} or {"error": {"code", "message"}}. True: it agrees.
 */
static inline bool
world_call(struct world *w, struct core_answers *answers, int function, enum rules_purpose purpose,
           const struct sgn_buf *input)
{
    json_t *given = NULL, *answer, *error;
    bool agrees;
    int place = core_answers_expect(answers, function, input);

    assert_non_null(w->answer);
    assert_true(place >= 0);
    if (rules_value_parse(input->bytes, input->len, &given, &w->err) != SGN_OK)
        fail_msg("an input: %s", w->err.message);
    answer = w->answer(function, world_purposes[purpose], given);
    agrees = sgn_json_true(answer, "value");
    error = json_object_get(answer, "error");
    if (error != NULL)
        core_answers_give(answers, place, sgn_status_of_code(sgn_json_str(error, "code")), NULL,
                          sgn_json_str(error, "message"));
    else
        core_answers_give(answers, place, SGN_OK, json_object_get(answer, "value"), NULL);
    json_decref(answer);
    json_decref(given);
    return agrees;
}

/* The row as foresight is given it: without the members that it says it needs not. */
static inline json_t *
world_glance(const json_t *row)
{
    json_t *rest = json_copy((json_t *)row);

    for (const char *const *name = core_foresees_without(); *name != NULL; name++)
        json_object_del(rest, *name);
    return rest;
}

/* Asks what is foreseen: with the facts that the lane has at hand, the second function of a call
 * only when the first agrees. */
static inline void
world_foresee(struct world *w, struct core_question *question, struct core_answers *answers)
{
    const struct core_command *command = question->command;
    const char *person = command->actor, *project = sgn_json_str(question->row, "project");
    struct core_known known = { .facts = json_object() };
    json_t *row = world_glance(question->row);
    struct core_question asked = { question->model, row, command, &known, NULL };
    struct core_calls calls = { 0 };
    char key[64];

    json_decref(w->foreseen);
    w->foreseen = json_array();
    json_object_set(known.facts, "team", json_object_get(w->facts, "team"));
    snprintf(key, sizeof key, "project:%s", project != NULL ? project : "");
    json_object_set(known.facts, key, json_object_get(w->facts, key));
    snprintf(key, sizeof key, "person:%s", person);
    json_object_set(known.facts, key, json_object_get(w->facts, key));
    assert_int_equal(core_foresee(&asked, &calls, &w->err), SGN_OK);
    for (int i = 0; i < calls.n; i++) {
        const struct core_call *call = &calls.items[i];

        json_array_append_new(w->foreseen, json_pack("[i, s, i]", call->function,
                                                     world_purposes[call->purpose], call->then));
        if (world_call(w, answers, call->function, call->purpose, &call->input) && call->then != 0)
            (void)world_call(w, answers, call->then, RULES_RUN, &call->then_input);
    }
    core_calls_deinit(&calls);
    json_decref(known.facts);
    json_decref(row);
}

/* Is there an answer to this already? */
static inline bool
world_has(const struct core_answers *answers, const struct core_call *call)
{
    for (int i = 0; i < answers->n; i++)
        if (answers->items[i].function == call->function &&
            answers->items[i].input.len == call->input.len &&
            memcmp(answers->items[i].input.bytes, call->input.bytes, call->input.len) == 0)
            return true;
    return false;
}

/* Finds what is missing; returns how many things there were. */
static inline int
world_supply(struct world *w, struct core_known *known, struct core_answers *answers,
             const struct core_decision *needs)
{
    const json_t *item;
    size_t i;
    int n = 0;

    json_array_foreach(needs->facts, i, item) {
        const char *key = json_string_value(item);
        json_t *value = json_object_get(w->facts, key);
        assert_null(json_object_get(known->facts, key)); /* asked for once */
        if (n++ > 0 && w->slow)
            return n;
        json_object_set_new(known->facts, key, value != NULL ? json_deep_copy(value) : json_null());
    }
    for (int k = 0; k < needs->calls.n; k++) {
        const struct core_call *call = &needs->calls.items[k];
        assert_false(world_has(answers, call));
        if (n++ > 0 && w->slow)
            return n;
        (void)world_call(w, answers, call->function, call->purpose, &call->input);
    }
    return n;
}

static inline void
no_secret(const json_t *value)
{
    char *text = value != NULL ? sgn_json_text(value) : NULL;

    if (text != NULL && strstr(text, "SECRET") != NULL)
        fail_msg("an internal value is shared: %s", text);
    free(text);
}

static inline void
assert_json(const json_t *value, const char *expected)
{
    json_t *want = json(expected);

    if (value == NULL || !json_equal((json_t *)value, want)) {
        char *got = value != NULL ? json_dumps(value, JSON_ENCODE_ANY) : strdup("(nothing)");
        fail_msg("got %s, expected %s", got, expected);
    }
    json_decref(want);
}

static inline json_t *
world_header(struct world *w, const struct core_command *command,
             const struct core_decision *decision)
{
    return json_pack("{s:i, s:s, s:I, s:s, s:I, s:I, s:s, s:s, s:s, s:s, s:s?}", "v", 1, "team",
                     "t", "seq", (json_int_t)(w->seq + 1), "case", command->case_key, "case_seq",
                     (json_int_t)sgn_json_int(w->row, "case_seq", 0) + 1, "at",
                     (json_int_t)command->at, "actor", command->actor, "channel", command->channel,
                     "kind", decision->kind, "rules", w->model->digest, "on_behalf",
                     decision->on_behalf);
}

/* The promise of every decision: folding its parts gives its row. */
static inline void
world_accept(struct world *w, const struct core_command *command, struct core_decision *decision)
{
    json_t *header = world_header(w, command, decision);
    json_t *folded = NULL;

    assert_non_null(decision->row);
    no_secret(decision->shared);
    if (w->model->client == MODEL_CLIENT_NONE)
        assert_null(decision->shared);
    if (case_fold(w->row, header, decision->shared, decision->internal, &folded, &w->err) != SGN_OK)
        fail_msg("fold: %s", w->err.message);
    if (!json_equal(folded, decision->row)) {
        char *a = json_dumps(folded, JSON_SORT_KEYS | JSON_INDENT(1));
        char *b = json_dumps(decision->row, JSON_SORT_KEYS | JSON_INDENT(1));
        FILE *fa = fopen("/tmp/fold-folded.json", "w"), *fb = fopen("/tmp/fold-decided.json", "w");
        if (fa != NULL && fb != NULL) {
            fputs(a, fa);
            fputs(b, fb);
            fclose(fa);
            fclose(fb);
        }
        fail_msg("the fold differs from the decided row; both lie in /tmp/fold-*.json");
    }
    json_decref(folded);
    json_decref(w->row);
    json_decref(w->header);
    json_decref(w->shared);
    json_decref(w->internal);
    w->row = json_incref(decision->row);
    w->header = header;
    w->shared = json_incref(decision->shared);
    w->internal = json_incref(decision->internal);
    w->kind = decision->kind;
    w->seq++;
    json_array_append_new(w->history,
                          json_pack("[O, O?, O?]", header, decision->shared, decision->internal));
}

static inline enum sgn_status
world_command(struct world *w, struct core_command *command)
{
    struct core_answers answers = { 0 };
    struct core_known known = { .facts = json_object(),
                                .answers = &answers,
                                .calendars = w->calendars };
    struct core_question question = { w->model, w->row, command, &known, w->trace };
    struct core_decision decision = { 0 };
    json_t *before = json_deep_copy(w->row);
    enum sgn_status status;

    sgn_error_clear(&w->err);
    w->waits = 0;
    if (!w->blind)
        world_foresee(w, &question, &answers);
    for (w->rounds = 0;; w->rounds++) {
        status = core_decide(&question, &decision, &w->err);
        if (status != SGN_NEEDS)
            break;
        assert_int_equal(decision.verdict, CORE_NEEDS);
        assert_true(w->rounds < CORE_ROUNDS_MAX);
        w->waits += decision.calls.n > 0;
        assert_true(world_supply(w, &known, &answers, &decision) > 0);
        json_array_clear(w->trace);
        core_decision_deinit(&decision);
        sgn_error_clear(&w->err);
    }
    if (before != NULL)
        assert_true(json_equal(before, w->row)); /* the asked row is never touched */
    if (status == SGN_OK) {
        assert_int_equal(decision.verdict, CORE_ACCEPTED);
        world_accept(w, command, &decision);
    } else {
        assert_int_equal(decision.verdict, CORE_REFUSED);
        assert_int_equal(w->err.status, status);
        assert_null(decision.row);
        assert_null(decision.shared);
        assert_null(decision.internal);
    }
    json_decref(before);
    core_decision_deinit(&decision);
    json_decref(known.facts);
    core_answers_clear(&answers);
    return status;
}

static inline enum sgn_status
world_do(struct world *w, enum core_kind kind, const char *actor, const char *params)
{
    json_t *object = json(params);
    struct core_command command = { .kind = kind,
                                    .params = object,
                                    .actor = actor,
                                    .channel = strcmp(actor, "system") == 0 ? "engine" : "line",
                                    .at = w->now,
                                    .case_key = "CR-1",
                                    .project = "acme",
                                    .down_ms = w->down_ms,
                                    .down_from = w->down_from };
    enum sgn_status status = world_command(w, &command);

    json_decref(object);
    return status;
}

static inline enum sgn_status
world_open(struct world *w, const char *actor, const char *params)
{
    return world_do(w, CORE_OPEN, actor, params);
}

static inline enum sgn_status
world_fire(struct world *w, const char *actor, const char *event)
{
    char params[256];

    snprintf(params, sizeof(params), "{'event': '%s'}", event);
    return world_do(w, CORE_FIRE, actor, params);
}

#define assert_ok(w, expression)                                                                   \
    do {                                                                                           \
        if ((expression) != SGN_OK)                                                                \
            fail_msg("%s: %s", #expression, (w)->err.message);                                     \
    } while (0)
#define assert_refused(w, status, expression) assert_int_equal((expression), (status))

static inline void
assert_states(struct world *w, const char *expected)
{
    assert_json(json_object_get(w->row, "states"), expected);
}

/* The armed thing that is due first by now: earliest, then in the order of arming. */
static inline const char *
world_due(struct world *w)
{
    const json_t *deadline, *first = NULL;
    size_t i;

    json_array_foreach(json_object_get(w->row, "deadlines"), i, deadline) {
        int64_t next = sgn_json_int(deadline, "next", 0);
        if (next != 0 && next <= w->now && (first == NULL || next < sgn_json_int(first, "next", 0)))
            first = deadline;
    }
    return sgn_json_str(first, "id");
}

static inline enum sgn_status
world_fire_due(struct world *w)
{
    char params[64];
    const char *id = world_due(w);

    assert_non_null(id);
    snprintf(params, sizeof(params), "{'deadline': '%s'}", id);
    return world_do(w, CORE_DEADLINE, "system", params);
}

/* Lives through the time up to then: everything due fires at its own time. */
static inline int
world_advance(struct world *w, int64_t to)
{
    int fired = 0;

    for (;;) {
        int64_t next = case_next_due(w->row);
        if (next == 0 || next > to)
            break;
        w->now = next > w->now ? next : w->now;
        assert_ok(w, world_fire_due(w));
        fired++;
        assert_true(fired < 1000);
    }
    w->now = to;
    return fired;
}

static inline json_t *
world_deadline(struct world *w, const char *name)
{
    json_t *deadline;
    size_t i;

    json_array_foreach(json_object_get(w->row, "deadlines"), i, deadline)
        if (strcmp(sgn_json_str(deadline, "name"), name) == 0)
            return deadline;
    return NULL;
}

/* Effects of the last entry. */
static inline json_t *
world_effects(struct world *w)
{
    return json_object_get(w->internal, "effects");
}

#endif
