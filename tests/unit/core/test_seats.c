/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging a rule, against a slow second judge.
 *
 * The slow one knows only what a rule means when everybody has answered; for an open round it
 * plays every possible end: yes when all ends are yes, no when all are no, else open. All small
 * cases of one and two rules are enumerated.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "approval.h"
#include "json.h"
#include <cmocka.h>
#include <string.h>

#define PEOPLE  4
#define ABSTAIN 3

static const char *const names[PEOPLE] = { "a", "b", "c", "d" };
static const char *const choice_words[] = { NULL, "approve", "reject", "abstain" };

static json_t *
people_of(unsigned mask)
{
    json_t *people = json_object();

    for (int i = 0; i < PEOPLE; i++)
        if ((mask & (1U << i)) != 0)
            json_object_set_new(people, names[i], json_integer(i + 1));
    return people;
}

/* answers: 0 none, 1 approve, 2 reject, 3 abstain. */
static json_t *
choices_of(const int answers[PEOPLE])
{
    json_t *choices = json_object();

    for (int i = 0; i < PEOPLE; i++)
        if (answers[i] != 0)
            json_object_set_new(choices, names[i], json_string(choice_words[answers[i]]));
    return choices;
}

/* What the rule says when all have answered. */
static bool
slow_final(const struct seats *s, const int answers[PEOPLE])
{
    int approve = 0, base = 0, weight = 0;

    if (s->n_rules > 0) {
        bool all = true, any = false;
        for (int i = 0; i < s->n_rules; i++) {
            bool one = slow_final(&s->rules[i], answers);
            all = all && one;
            any = any || one;
        }
        return s->kind == MODEL_ANY_OF ? any : all;
    }
    for (int i = 0; i < PEOPLE; i++) {
        if (json_object_get(s->people, names[i]) == NULL)
            continue;
        approve += answers[i] == 1;
        weight += answers[i] == 1 ? i + 1 : 0;
        base += answers[i] != ABSTAIN;
    }
    if (s->kind == MODEL_PERCENT)
        return base > 0 && approve > 0 && approve * 100 >= s->n * base;
    return (s->kind == MODEL_WEIGHTED ? weight : approve) >= s->n;
}

static enum verdict
slow_judge(const struct seats *s, const int answers[PEOPLE])
{
    int all[PEOPLE];
    int yes = 0, no = 0;
    int ends = 1;

    for (int i = 0; i < PEOPLE; i++)
        ends *= answers[i] == 0 ? ABSTAIN : 1;
    for (int end = 0; end < ends; end++) {
        int rest = end;
        for (int i = 0; i < PEOPLE; i++) {
            all[i] = answers[i];
            if (answers[i] == 0) {
                all[i] = 1 + rest % ABSTAIN;
                rest /= ABSTAIN;
            }
        }
        yes += slow_final(s, all);
        no += !slow_final(s, all);
    }
    if (no == 0)
        return VERDICT_YES;
    return yes == 0 ? VERDICT_NO : VERDICT_OPEN;
}

static void
next_answers(int number, int answers[PEOPLE])
{
    for (int i = 0; i < PEOPLE; i++) {
        answers[i] = number % 4;
        number /= 4;
    }
}

static void
compare_all(const struct seats *s)
{
    int answers[PEOPLE];

    for (int n = 0; n < 256; n++) {
        json_t *choices;
        enum verdict fast, slow;
        next_answers(n, answers);
        choices = choices_of(answers);
        fast = seats_judge(s, choices);
        slow = slow_judge(s, answers);
        if (fast != slow)
            fail_msg("kind %d n %d, answers %d%d%d%d: fast %d, slow %d", (int)s->kind, s->n,
                     answers[0], answers[1], answers[2], answers[3], (int)fast, (int)slow);
        json_decref(choices);
    }
}

/* One rule of this kind with each of these numbers, over every group of four people. */
static void
compare_groups(enum model_rule_kind kind, const int *numbers, int n)
{
    for (unsigned mask = 1; mask < 16; mask++) {
        struct seats s = { .kind = kind, .people = people_of(mask) };
        for (int i = 0; i < n; i++) {
            s.n = numbers[i];
            compare_all(&s);
        }
        json_decref(s.people);
    }
}

static void
test_a09_at_least_is_decided_when_the_rest_cannot_change_it(void **state)
{
    static const int numbers[] = { 1, 2, 3, 4, 5 };

    (void)state;
    compare_groups(MODEL_AT_LEAST, numbers, 5);
}

static void
test_a10_percent_is_of_those_who_do_not_abstain(void **state)
{
    static const int percents[] = { 1, 34, 50, 51, 67, 100 };

    (void)state;
    compare_groups(MODEL_PERCENT, percents, 6);
}

static void
test_a11_weights_are_summed_against_the_number(void **state)
{
    static const int numbers[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };

    (void)state;
    compare_groups(MODEL_WEIGHTED, numbers, 11);
}

/*
 * Two rules over sets of people. The slow judge sees through both at once; ours judges each by
 * itself, which is the rule of the language: no if one is no, yes if all are. For rules over
 * different people the two agree; for shared people ours may stay open longer, never say
 * something else.
 */
static void
test_a07_two_rules_are_open_until_no_answer_could_change_them(void **state)
{
    static const enum model_rule_kind kinds[] = { MODEL_ALL_OF, MODEL_ANY_OF, MODEL_IN_ORDER };
    int answers[PEOPLE];

    (void)state;
    for (unsigned masks = 0; masks < 256; masks++) {
        unsigned a = masks & 15U, b = masks >> 4;
        struct seats leaves[2] = { { .kind = MODEL_AT_LEAST, .people = people_of(a) },
                                   { .kind = MODEL_AT_LEAST, .people = people_of(b) } };
        for (int n = 0; n < 4 && a != 0 && b != 0; n++) {
            leaves[0].n = 1 + n % 2;
            leaves[1].n = 1 + n / 2;
            for (size_t k = 0; k < 3; k++) {
                struct seats s = { .kind = kinds[k], .rules = leaves, .n_rules = 2 };
                for (int c = 0; c < 256; c++) {
                    json_t *choices;
                    enum verdict fast, slow;
                    next_answers(c, answers);
                    choices = choices_of(answers);
                    fast = seats_judge(&s, choices);
                    slow = slow_judge(&s, answers);
                    if ((a & b) == 0)
                        assert_int_equal(fast, slow);
                    else
                        assert_true(fast == VERDICT_OPEN || fast == slow);
                    json_decref(choices);
                }
            }
        }
        json_decref(leaves[0].people);
        json_decref(leaves[1].people);
    }
}

/* Is there a way to put each approver on one of the two rules, or on none, so that all say yes? */
static bool
slow_distinct(const struct seats *s, unsigned approvers)
{
    for (int way = 0; way < 81; way++) {
        int digits = way;
        int sum[2] = { 0, 0 };
        bool legal = true;
        for (int i = 0; i < PEOPLE; i++) {
            int rule = digits % 3;
            digits /= 3;
            if (rule == 2)
                continue;
            legal = legal && (approvers >> i & 1) != 0 &&
                    json_object_get(s->rules[rule].people, names[i]) != NULL;
            sum[rule] += s->rules[rule].kind == MODEL_WEIGHTED ? i + 1 : 1;
        }
        if (!legal)
            continue;
        if (s->kind == MODEL_ANY_OF ? sum[0] >= s->rules[0].n || sum[1] >= s->rules[1].n
                                    : sum[0] >= s->rules[0].n && sum[1] >= s->rules[1].n)
            return true;
    }
    return false;
}

/* What is said at each of the 16 ends; who abstains approves as little as who rejects. */
static void
slow_ends(const struct seats *s, bool ends[16])
{
    for (unsigned approvers = 0; approvers < 16; approvers++)
        ends[approvers] = slow_distinct(s, approvers);
}

static enum verdict
slow_judge_distinct(const bool ends[16], const int answers[PEOPLE])
{
    bool yes = false, no = false;

    for (unsigned end = 0; end < 16; end++) {
        unsigned approvers = 0;
        for (unsigned i = 0; i < PEOPLE; i++)
            if (answers[i] == 0 ? (end >> i & 1) != 0 : answers[i] == 1)
                approvers |= 1U << i;
        yes = yes || ends[approvers];
        no = no || !ends[approvers];
    }
    if (!no)
        return VERDICT_YES;
    return yes ? VERDICT_OPEN : VERDICT_NO;
}

/* An open round asks somebody, and nobody who has answered. */
static void
check_pending_distinct(const struct seats *s, const json_t *choices, enum verdict verdict)
{
    json_t *pending = json_array();

    seats_pending(s, choices, pending);
    assert_true((json_array_size(pending) > 0) == (verdict == VERDICT_OPEN));
    for (int i = 0; i < PEOPLE; i++)
        if (json_object_get(choices, names[i]) != NULL)
            assert_false(sgn_json_has(pending, names[i]));
    json_decref(pending);
}

static void
compare_distinct(const struct seats *s)
{
    bool ends[16];

    slow_ends(s, ends);
    for (int c = 0; c < 81; c++) {
        int answers[PEOPLE], digits = c;
        json_t *choices;
        enum verdict slow;
        for (int i = 0; i < PEOPLE; i++) {
            answers[i] = digits % 3;
            digits /= 3;
        }
        choices = choices_of(answers);
        slow = slow_judge_distinct(ends, answers);
        assert_int_equal(seats_judge(s, choices), slow);
        check_pending_distinct(s, choices, slow);
        json_decref(choices);
    }
}

/* Every pair of groups of four people, as numbers and as weights. */
static void
test_seats_distinct_as_the_slow_judge(void **state)
{
    (void)state;
    for (unsigned masks = 0; masks < 256; masks++) {
        struct seats leaves[2] = {
            { .kind = MODEL_AT_LEAST, .people = people_of(masks & 15U) },
            { .kind = MODEL_AT_LEAST, .people = people_of(masks >> 4) },
        };
        struct seats s = { .kind = MODEL_ALL_OF, .distinct = true, .rules = leaves, .n_rules = 2 };
        for (int n = 0; n < 4; n++) {
            leaves[0].n = 1 + n % 2;
            leaves[1].n = 1 + n / 2;
            leaves[1].kind = MODEL_AT_LEAST;
            s.kind = n == 0 ? MODEL_ANY_OF : MODEL_ALL_OF;
            compare_distinct(&s);
            leaves[1].kind = MODEL_WEIGHTED;
            leaves[1].n = 2 + n;
            s.kind = MODEL_ALL_OF;
            compare_distinct(&s);
        }
        json_decref(leaves[0].people);
        json_decref(leaves[1].people);
    }
}

static void
test_seats_distinct_waits_for_all_and_heeds_a_veto(void **state)
{
    struct seats leaves[3] = { { .kind = MODEL_AT_LEAST, .n = 1, .people = people_of(3) },
                               { .kind = MODEL_AT_LEAST, .n = 1, .people = people_of(3) },
                               { .kind = MODEL_VETO, .people = people_of(4) } };
    struct seats s = {
        .kind = MODEL_EVERYONE_ANSWERS, .distinct = true, .rules = leaves, .n_rules = 3
    };
    json_t *choices = json_pack("{s:s, s:s}", "a", "approve", "b", "approve");
    json_t *pending = json_array();

    (void)state;
    assert_int_equal(seats_judge(&s, choices), VERDICT_OPEN);
    seats_pending(&s, choices, pending);
    assert_int_equal(json_array_size(pending), 1); /* c, who may still object */
    json_object_set_new(choices, "c", json_string("approve"));
    assert_int_equal(seats_judge(&s, choices), VERDICT_YES);
    json_object_set_new(choices, "c", json_string("reject"));
    assert_int_equal(seats_judge(&s, choices), VERDICT_NO);
    json_object_set_new(choices, "c", json_string("approve"));
    json_object_set_new(choices, "b", json_string("abstain"));
    assert_int_equal(seats_judge(&s, choices), VERDICT_NO); /* one person, two seats */
    json_decref(pending);
    json_decref(choices);
    for (int i = 0; i < 3; i++)
        json_decref(leaves[i].people);
}

static void
test_seats_taken_out_rules_do_not_count(void **state)
{
    struct seats leaves[2] = { { .kind = MODEL_AT_LEAST, .fixed = VERDICT_OUT },
                               { .kind = MODEL_AT_LEAST, .n = 1, .people = people_of(1) } };
    struct seats s = { .kind = MODEL_ALL_OF, .rules = leaves, .n_rules = 2 };
    json_t *choices = json_pack("{s:s}", "a", "approve");

    (void)state;
    assert_int_equal(seats_judge(&s, choices), VERDICT_YES);
    json_decref(leaves[1].people);
    leaves[1] = leaves[0];
    assert_int_equal(seats_judge(&s, choices), VERDICT_OUT);
    leaves[1].fixed = VERDICT_NO;
    assert_int_equal(seats_judge(&s, choices), VERDICT_NO);
    json_decref(choices);
}

static void
test_seats_in_order_asks_one_rule_at_a_time(void **state)
{
    struct seats leaves[2] = { { .kind = MODEL_AT_LEAST, .n = 1, .people = people_of(1) },
                               { .kind = MODEL_AT_LEAST, .n = 1, .people = people_of(6) } };
    struct seats s = { .kind = MODEL_IN_ORDER, .rules = leaves, .n_rules = 2 };
    json_t *choices = json_object();
    json_t *pending = json_array();

    (void)state;
    seats_pending(&s, choices, pending);
    assert_int_equal(json_array_size(pending), 1);
    assert_string_equal(json_string_value(json_array_get(pending, 0)), "a");
    json_object_set_new(choices, "a", json_string("approve"));
    json_array_clear(pending);
    seats_pending(&s, choices, pending);
    assert_int_equal(json_array_size(pending), 2);
    json_decref(pending);
    json_decref(choices);
    json_decref(leaves[0].people);
    json_decref(leaves[1].people);
}

static void
test_seats_everyone_answers_and_veto(void **state)
{
    struct seats leaves[2] = { { .kind = MODEL_AT_LEAST, .n = 1, .people = people_of(3) },
                               { .kind = MODEL_VETO, .people = people_of(4) } };
    struct seats s = { .kind = MODEL_EVERYONE_ANSWERS, .rules = leaves, .n_rules = 2 };
    json_t *choices = json_pack("{s:s, s:s}", "a", "approve", "b", "reject");

    (void)state;
    assert_int_equal(seats_judge(&s, choices), VERDICT_OPEN);
    json_object_set_new(choices, "c", json_string("abstain"));
    assert_int_equal(seats_judge(&s, choices), VERDICT_YES);
    json_object_set_new(choices, "c", json_string("reject"));
    assert_int_equal(seats_judge(&s, choices), VERDICT_NO);
    json_decref(choices);
    json_decref(leaves[0].people);
    json_decref(leaves[1].people);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a09_at_least_is_decided_when_the_rest_cannot_change_it),
        cmocka_unit_test(test_a10_percent_is_of_those_who_do_not_abstain),
        cmocka_unit_test(test_a11_weights_are_summed_against_the_number),
        cmocka_unit_test(test_a07_two_rules_are_open_until_no_answer_could_change_them),
        cmocka_unit_test(test_seats_distinct_as_the_slow_judge),
        cmocka_unit_test(test_seats_distinct_waits_for_all_and_heeds_a_veto),
        cmocka_unit_test(test_seats_taken_out_rules_do_not_count),
        cmocka_unit_test(test_seats_in_order_asks_one_rule_at_a_time),
        cmocka_unit_test(test_seats_everyone_answers_and_veto),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
