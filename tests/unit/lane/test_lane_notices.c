/* SPDX-License-Identifier: Apache-2.0 */
/* What may be set of how a person is told, and the box that a message waits in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "json.h"
#include "notices.h"
#include <cmocka.h>
#include <string.h>

static void
test_notices_take_times_of_a_day_and_nothing_else(void **state)
{
    static const char *const bad[] = { "",       "9:00",  "09:0",  "24:00", "09:60", "09.00",
                                       "09:00 ", " 9:00", "-9:00", "0900",  "ab:cd", "09:000" };

    (void)state;
    assert_int_equal(lane_notice_time("00:00"), 0);
    assert_int_equal(lane_notice_time("09:05"), 545);
    assert_int_equal(lane_notice_time("23:59"), 1439);
    assert_int_equal(lane_notice_time(NULL), -1);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(lane_notice_time(bad[i]), -1);
}

static void
test_notices_take_four_ways(void **state)
{
    (void)state;
    assert_true(lane_notice_is_way("mail") && lane_notice_is_way("hourly"));
    assert_true(lane_notice_is_way("daily") && lane_notice_is_way("console"));
    assert_false(lane_notice_is_way("") || lane_notice_is_way(NULL) || lane_notice_is_way("Mail"));
}

static enum lane_box
box_of(const char *kind, const char *way, bool gathers)
{
    json_t *message = json_pack("{s:s, s:s*}", "kind", kind, "way", way);
    enum lane_box box = lane_box_of(message, gathers);

    json_decref(message);
    return box;
}

static void
test_notices_of_each_way_have_a_box_of_their_own(void **state)
{
    (void)state;
    assert_int_equal(box_of("notify", NULL, true), LANE_BOX_AT_ONCE);
    assert_int_equal(box_of("remind", NULL, true), LANE_BOX_REMINDERS);
    assert_int_equal(box_of("remind", NULL, false), LANE_BOX_AT_ONCE);
    assert_int_equal(box_of("remind", "mail", true), LANE_BOX_AT_ONCE);
    assert_int_equal(box_of("notify", "hourly", true), LANE_BOX_HOURLY);
    assert_int_equal(box_of("remind", "daily", true), LANE_BOX_DAILY);
    assert_int_equal(box_of("remind", "console", false), LANE_BOXES);
}

static void
test_notices_are_shown_whole(void **state)
{
    json_t *person = json_pack("{s:{s:s, s:s}}", "notices", "news", "daily", "daily_at", "08:30");
    json_t *want = json_pack("{s:n, s:n, s:s, s:n, s:s}", "asked", "reminders", "news", "daily",
                             "escalations", "daily_at", "08:30");
    json_t *usual = json_pack("{s:n, s:n, s:n, s:n, s:s}", "asked", "reminders", "news",
                              "escalations", "daily_at", "09:00");
    json_t *none = json_pack("{s:n}", "notices"), *got;

    (void)state;
    got = lane_notices_view(person);
    assert_true(json_equal(got, want));
    json_decref(got);
    got = lane_notices_view(none);
    assert_true(json_equal(got, usual));
    json_decref(got);
    json_decref(person);
    json_decref(want);
    json_decref(usual);
    json_decref(none);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notices_take_times_of_a_day_and_nothing_else),
        cmocka_unit_test(test_notices_take_four_ways),
        cmocka_unit_test(test_notices_of_each_way_have_a_box_of_their_own),
        cmocka_unit_test(test_notices_are_shown_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
