/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Explaining: what the clocks of a case count, and what its open rounds still need.
 */
#include "approval_internal.h"
#include <string.h>

static json_t *
seconds(int64_t ms)
{
    return json_integer(ms / SGN_SECOND_MS);
}

/* One clock: where it started, how much it counts, how long it stood still, what is next. */
static json_t *
explain_deadline(struct stage *stage, const json_t *deadline)
{
    const json_t *from = json_object_get(deadline, "from");
    const json_t *due = json_object_get(deadline, "due");
    const json_t *left = json_object_get(deadline, "left");
    int64_t total = sgn_json_int(deadline, "total", 0);
    const struct model_deadline *within = deadline_of(stage->model, deadline);
    char label[CALENDAR_DURATION_TEXT];
    json_t *out =
        json_pack("{s:O, s:O, s:O}", "name", json_object_get(deadline, "name"), "kind",
                  json_object_get(deadline, "kind"), "state", json_object_get(deadline, "state"));
    int rung;
    int64_t at;

    if (!json_is_integer(from)) {
        stage_put(stage, out, "clock", json_string("not started"));
        if (within != NULL && within->from != NULL)
            stage_put(stage, out, "waits_for_field", json_string(within->from));
        return out;
    }
    stage_put(stage, out, "from", stage_time(stage, json_integer_value(from)));
    stage_put(stage, out, "total_seconds", seconds(total));
    stage_put(stage, out, "clock", json_string(left != NULL ? "paused" : "running"));
    if (left != NULL) {
        stage_put(stage, out, "left_seconds", seconds(json_integer_value(left)));
    } else {
        int64_t end = json_integer_value(due);
        stage_put(stage, out, "due", stage_time(stage, end));
        stage_put(stage, out, "left_seconds", seconds(end - stage->now));
        stage_put(stage, out, "paused_seconds", seconds(end - total - json_integer_value(from)));
    }
    if (within != NULL && deadline_next(stage, within, deadline, &rung, &at)) {
        stage_put(stage, out, "next_rung", json_string(rung_label(&within->rungs[rung], label)));
        stage_put(stage, out, "next", stage_time(stage, at));
    }
    return out;
}

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
    choices = round_choices(stage, round);
    item =
        json_pack("{s:s, s:O}", "approval", approval, "number", json_object_get(round, "number"));
    stage_put(stage, item, "rule", explain_rule(stage, &seats, choices));
    stage_append(stage, list, item);
    json_decref(choices);
    seats_deinit(&seats);
    return SGN_OK;
}

static enum sgn_status
explain(struct stage *stage, const void *ctx, json_t *out)
{
    json_t *deadlines = json_array(), *rounds = json_array();
    const json_t *deadline;
    size_t k;
    enum sgn_status status = SGN_OK;

    (void)ctx;
    if (stage->is_client)
        status =
            sgn_fail(stage->err, SGN_FORBIDDEN, "explaining a case is for the team's own persons");
    json_array_foreach(stage_member(stage, "deadlines"), k, deadline)
        stage_append(stage, deadlines, explain_deadline(stage, deadline));
    for (int i = 1; status == SGN_OK && i < stage->model->n_states; i++)
        if (stage->model->states[i].approval != NULL && stage_active(stage, i) &&
            round_is_open(round_of(stage, stage->model->states[i].name)))
            status = explain_round(stage, i, rounds);
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
