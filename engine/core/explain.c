/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Explaining: what the clocks of a case count, what its open rounds still need, and what those
 * that have ended rest on.
 */
#include "approval_internal.h"
#include <string.h>

/* As in the model's form: whoever asks may look it up there. */
static const char *
kind_word(enum model_rule_kind kind)
{
    static const char *const words[] = {
        [MODEL_AT_LEAST] = "at_least", [MODEL_PERCENT] = "percent",
        [MODEL_WEIGHTED] = "weighted", [MODEL_VETO] = "veto",
        [MODEL_ALL_OF] = "all_of",     [MODEL_ANY_OF] = "any_of",
        [MODEL_IN_ORDER] = "in_order", [MODEL_EVERYONE_ANSWERS] = "everyone_answers",
    };

    return words[kind];
}

/* The tree as it is written, each rule with its people and what it says by itself. */
static json_t *
explain_rule(struct stage *stage, const struct seats *seats, const json_t *choices)
{
    static const char *const verdicts[] = { "open", "yes", "no", "taken out" };
    json_t *out = json_pack("{s:s, s:s}", "rule", kind_word(seats->kind), "says",
                            verdicts[seats_judge(seats, choices)]);
    json_t *rules;

    if (seats->n > 0)
        stage_put(stage, out, "n", json_integer(seats->n));
    if (seats->people != NULL) {
        json_t *people = json_object();
        const char *person;
        json_t *weight;
        json_object_foreach(seats->people, person, weight) {
            json_t *choice = json_object_get(choices, person);
            stage_put(stage, people, person,
                      choice != NULL ? json_incref(choice) : json_string("not answered"));
        }
        stage_put(stage, out, "people", people);
    }
    if (seats->n_rules == 0)
        return out;
    rules = json_array();
    for (int i = 0; i < seats->n_rules; i++)
        stage_append(stage, rules, explain_rule(stage, &seats->rules[i], choices));
    stage_put(stage, out, "rules", rules);
    return out;
}

/* For the team: who would have to agree, and why it is not decided yet. */
static enum sgn_status
explain_round(struct stage *stage, int state, json_t *list)
{
    const char *approval = stage->model->states[state].name;
    const json_t *round = round_of(stage, approval);
    struct seats seats = { 0 };
    json_t *choices, *item;
    enum sgn_status status = seats_find(stage, state, &seats);

    if (status != SGN_OK)
        return status;
    status = round_heard(stage, state, &seats, &choices);
    if (status != SGN_OK) {
        seats_deinit(&seats);
        return status;
    }
    item =
        json_pack("{s:s, s:O}", "approval", approval, "number", json_object_get(round, "number"));
    stage_put(stage, item, "rule", explain_rule(stage, &seats, choices));
    if (json_array_size(json_object_get(round, "left")) > 0)
        stage_put(stage, item, "left", json_incref(json_object_get(round, "left")));
    stage_append(stage, list, item);
    json_decref(choices);
    seats_deinit(&seats);
    return SGN_OK;
}

static void
put_title(struct stage *stage, const json_t *deadline, const char *language, json_t *out)
{
    json_t *title = deadline_title(stage, deadline, language);

    if (title != NULL)
        stage_put(stage, out, "title", title);
}

/*
 * For the client: which terms run and until when. Not how they came about: the counted time may
 * follow from a field of the team, a clock may wait for one, and the rungs say what the team
 * does about it. Timers of functions belong to no state and are the team's.
 */
static void
explain_deadline_shared(struct stage *stage, const json_t *deadline, json_t *list)
{
    static const char *const members[] = { "name", "kind", "state" };
    const char *kind = sgn_json_str(deadline, "kind");
    const json_t *due = json_object_get(deadline, "due");
    bool paused = json_object_get(deadline, "left") != NULL;
    json_t *out;

    if (kind == NULL || strcmp(kind, "send") == 0)
        return;
    out = json_object();
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        stage_put(stage, out, members[i], json_incref(json_object_get(deadline, members[i])));
    if (json_is_integer(due)) {
        stage_put(stage, out, "clock", json_string("running"));
        stage_put(stage, out, "due", stage_time(stage, json_integer_value(due)));
    } else {
        stage_put(stage, out, "clock", json_string(paused ? "paused" : "not started"));
    }
    stage_append(stage, list, out);
}

/* A person of the client sees the same terms and its own side of the rounds. */
static enum sgn_status
explain_shared(struct stage *stage, json_t *out)
{
    json_t *deadlines = json_array(), *rounds = json_array();
    const json_t *deadline;
    size_t k;
    enum core_sight sight;
    enum sgn_status status = delegation_sight(stage, stage->person, stage->row, &sight);

    stage_put(stage, out, "deadlines", deadlines);
    stage_put(stage, out, "approvals", rounds);
    if (status != SGN_OK)
        return status;
    if (sight == CORE_SEES_NOTHING)
        return sgn_fail(stage->err, SGN_NOT_FOUND, "there is no case %.40s", stage_key(stage));
    json_array_foreach(stage_member(stage, "deadlines"), k, deadline)
        explain_deadline_shared(stage, deadline, deadlines);
    status = rounds_shown(stage, false, NULL, rounds);
    rounds_ended_shown(stage, false, NULL, rounds);
    return status;
}

static enum sgn_status
explain(struct stage *stage, const void *ctx, json_t *out)
{
    json_t *deadlines, *rounds;
    const json_t *deadline;
    size_t k;
    enum sgn_status status = SGN_OK;

    if (stage->is_client)
        return explain_shared(stage, out);
    deadlines = json_array();
    rounds = json_array();
    json_array_foreach(stage_member(stage, "deadlines"), k, deadline) {
        json_t *explained = NULL;
        if (status == SGN_OK)
            status = explain_deadline(stage, deadline, &explained);
        if (explained != NULL) {
            put_title(stage, deadline, ctx, explained);
            stage_append(stage, deadlines, explained);
        }
    }
    for (int i = 1; status == SGN_OK && i < stage->model->n_states; i++)
        if (stage->model->states[i].approval != NULL && stage_active(stage, i) &&
            round_is_open(round_of(stage, stage->model->states[i].name)))
            status = explain_round(stage, i, rounds);
    rounds_ended_shown(stage, true, NULL, rounds);
    stage_put(stage, out, "deadlines", deadlines);
    stage_put(stage, out, "approvals", rounds);
    return status;
}

enum sgn_status
core_explain(const struct core_question *question, const char *language, json_t **out,
             struct core_decision *needs, struct sgn_error *err)
{
    return ask_question(question, explain, language, json_object(), out, needs, err);
}
