/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schedules of a server that was away: what it makes up for.
 */
#include "support/schedules.h"

/* ---- what was missed ---- */

#define LIFE(policy, every)                                                                        \
    "[{'name': 'm', 'every': '" every "', 'missed': '" policy "', 'starts': [{'start': "           \
    "'ticket'}]}]"

/* The server was away for so many minutes: on virtual time its clock is put on meanwhile. */
static void
away(struct world *w, int64_t minutes)
{
    world_turns(w, 3);
    sgn_clock_set(&w->clock, START + minutes * MINUTE);
    world_turns(w, 8);
    world_settle(w);
}

static void
latest(struct world *w)
{
    json_t *part;

    declare(w, LIFE("latest", "day 10:00"), NULL);
    reload(w);
    away(w, 3 * 1440); /* Thursday 09:00: Monday, Tuesday, Wednesday were missed */
    assert_int_equal(world_count(w, "-", "schedule"), 1);
    part = entry_part(w, 0);
    assert_int_equal(sgn_json_int(part, "due", 0), START + (60 + 2 * 1440) * MINUTE);
    assert_int_equal(sgn_json_int(json_object_get(part, "missed"), "from", 0), START + HOUR);
    json_decref(part);
    assert_null(world_case(w, "TK-2"));
    assert_next(w, "m", 60 + 3 * 1440);
}

static void
test_schedules_make_up_for_the_latest_alone(void **state)
{
    (void)state;
    twice(latest);
}

static void
all(struct world *w)
{
    json_t *part;

    declare(w, LIFE("all", "day 10:00"), NULL);
    reload(w);
    away(w, 3 * 1440);
    assert_int_equal(world_count(w, "-", "schedule"), 3);
    for (size_t i = 0; i < 3; i++) {
        part = entry_part(w, i);
        assert_int_equal(sgn_json_int(part, "due", 0), START + (60 + (int64_t)i * 1440) * MINUTE);
        json_decref(part);
    }
    assert_int_equal(world_count(w, "TK-3", "open"), 1);
    assert_next(w, "m", 60 + 3 * 1440);
}

static void
test_schedules_make_up_for_all(void **state)
{
    (void)state;
    twice(all);
}

static void
hundred(struct world *w)
{
    json_t *part;

    declare(w, LIFE("all", "day 10:00"), NULL);
    reload(w);
    away(w, 150 * 1440); /* 150 were missed: of the first 50 nothing is made up */
    assert_int_equal(world_count(w, "-", "schedule"), 100);
    part = entry_part(w, 0);
    assert_int_equal(sgn_json_int(part, "due", 0), START + (60 + 50 * 1440) * MINUTE);
    assert_int_equal(sgn_json_int(json_object_get(part, "missed"), "from", 0), START + HOUR);
    json_decref(part);
    part = entry_part(w, 99);
    assert_int_equal(sgn_json_int(part, "due", 0), START + (60 + 149 * 1440) * MINUTE);
    json_decref(part);
}

static void
test_schedules_make_up_for_a_hundred_at_most(void **state)
{
    struct world *w = world_new(false, false);

    (void)state;
    hundred(w);
    world_verify(w);
    world_free(w);
}

static void
skipped(struct world *w)
{
    json_t *part;

    declare(w, LIFE("skip", "day 10:00"), NULL);
    reload(w);
    away(w, 3 * 1440);
    assert_null(world_case(w, "TK-1"));
    assert_int_equal(world_count(w, "-", "schedule"), 1); /* which says so */
    part = entry_part(w, 0);
    assert_null(json_object_get(part, "effects"));
    assert_int_equal(sgn_json_int(json_object_get(part, "missed"), "from", 0), START + HOUR);
    json_decref(part);
    assert_next(w, "m", 60 + 3 * 1440);
    away(w, 3 * 1440 + 64); /* four minutes late: that was not missed */
    assert_int_equal(world_count(w, "TK-1", "open"), 1);
}

static void
test_schedules_that_skip_make_up_for_nothing(void **state)
{
    (void)state;
    twice(skipped);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schedules_make_up_for_the_latest_alone),
        cmocka_unit_test(test_schedules_make_up_for_all),
        cmocka_unit_test(test_schedules_make_up_for_a_hundred_at_most),
        cmocka_unit_test(test_schedules_that_skip_make_up_for_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
