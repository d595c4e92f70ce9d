/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What time does: rungs and timers once and in order, before commands, under clock.advance.
 */
#include "support/world.h"

/* ---- rungs ---- */

static void
ladder(struct world *w)
{
    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", "begin"));
    assert_json(fired(world_advance(w, "119 minutes")), "0");
    assert_json(fired(world_advance(w, "1 minute")), "1");
    assert_json(fired(world_advance(w, "1 day")), "2");
    assert_minutes(w, "TK-1", "deadline", "[120, 240, 300]"); /* half, late 0, late 1 hour */
    assert_states(w, "TK-1", "['late']");
    assert_json(fired(world_advance(w, "365 days")), "0");
}

static void
test_due_rungs_fire_once_at_their_time(void **state)
{
    (void)state;
    twice(ladder);
}

static void
ladder_with_restarts(struct world *w)
{
    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", "begin"));
    assert_json(fired(world_advance(w, "150 minutes")), "1");
    world_restart(w);
    assert_int_equal(sgn_clock_now(&w->clock) - START, 150 * MINUTE); /* it goes on there */
    world_turns(w, 5);
    assert_json(fired(world_advance(w, "1 hour")), "0");
    world_restart(w);
    assert_json(fired(world_advance(w, "1 day")), "2");
    world_restart(w);
    world_turns(w, 5);
    assert_minutes(w, "TK-1", "deadline", "[120, 240, 300]");
}

static void
test_due_rungs_fire_once_across_restarts(void **state)
{
    (void)state;
    twice_on_disk(ladder_with_restarts);
}

/* A crash in the middle of an advance: what was committed stands, the rest fires once. */
static void
crash_in_advance(struct world *w)
{
    struct reply *advance;
    int64_t head;

    w->limits.due_per_turn = 2;
    world_restart(w);
    for (int i = 0; i < 5; i++)
        assert_done(world_open(w, "li", "{}"));
    for (int i = 1; i <= 5; i++) {
        char key[16];

        snprintf(key, sizeof key, "TK-%d", i);
        assert_done(world_fire(w, "li", key, i == 3 ? "guard" : "plan"));
    }
    head = world_head(w);
    advance = world_submit(w, &(struct ask){ .person = "li",
                                             .run = lane_clock_advance,
                                             .method = "clock.advance",
                                             .params = "{'by': '2 hours'}",
                                             .access = CORE_LEAD });
    while (world_head(w) == head)
        world_turns(w, 1);
    assert_int_equal(advance->times, 0);
    world_restart(w); /* answers it: unavailable */
    assert_reply(advance, SGN_UNAVAILABLE);
    assert_done(world_advance(w, "1 hour"));
    for (int i = 1; i <= 5; i++) {
        char key[16];

        snprintf(key, sizeof key, "TK-%d", i);
        assert_states(w, key, "['work']");
        assert_minutes(w, key, "deadline", "[60]");
    }
}

static void
test_due_crash_in_an_advance_doubles_nothing(void **state)
{
    (void)state;
    twice_on_disk(crash_in_advance);
}

/* Three cases whose rungs interleave, with turns too small for all of them. */
static void
interleaved(struct world *w)
{
    w->limits.due_per_turn = 2;
    world_restart(w);
    for (int k = 1; k <= 3; k++) {
        char name[16];

        snprintf(name, sizeof name, "TK-%d", k);
        assert_done(world_open(w, "li", "{}"));
        assert_done(world_fire(w, "li", name, "begin"));
        assert_done(world_advance(w, "30 minutes"));
    }
    assert_json(fired(world_advance(w, "1 day")), "9");
    assert_order(w, 9);
    assert_minutes(w, "TK-1", "deadline", "[120, 240, 300]");
    assert_minutes(w, "TK-2", "deadline", "[150, 270, 330]");
    assert_minutes(w, "TK-3", "deadline", "[180, 300, 360]");
}

static void
test_due_order_holds_over_all_cases(void **state)
{
    (void)state;
    twice_on_disk(interleaved);
}

/* Timers whose guard asks the rules hold the advance until they are answered. */
static void
guarded_timers(struct world *w)
{
    struct reply *advance;

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", "guard"));
    assert_done(world_advance(w, "10 minutes"));
    assert_done(world_fire(w, "li", "TK-2", "guard"));
    advance = world_advance(w, "3 hours");
    assert_json(fired(advance), "4"); /* two timers, and half of four hours behind each */
    assert_minutes(w, "TK-1", "deadline", "[60, 180]");
    assert_minutes(w, "TK-2", "deadline", "[70, 190]");
    assert_order(w, 4);
}

static void
test_due_timers_that_ask_the_rules_keep_their_time(void **state)
{
    (void)state;
    twice(guarded_timers);
}

/* A command that came behind the advance does not stand in the way of what the advance fires in
 * its case, however long the rules take. */
static void
command_behind_an_advance(struct world *w)
{
    struct reply *advance, *comment;

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", "guard"));
    w->fake->silent = true;
    advance = world_submit(w, &(struct ask){ .person = "li",
                                             .run = lane_clock_advance,
                                             .method = "clock.advance",
                                             .params = "{'by': '2 hours'}" });
    comment = world_submit(w, &(struct ask){ .person = "wang",
                                             .run = run_comment,
                                             .method = "case.comment",
                                             .params = "{'text': 'and now?'}",
                                             .key = "TK-1" });
    /* The timer asks: its job is held behind the comment, which waits for the advance. */
    world_turns(w, 3);
    assert_int_equal(advance->times, 0);
    w->fake->silent = false;
    world_turns(w, 10);
    assert_done(advance);
    assert_done(comment);
    assert_true(advance->order < comment->order);
    assert_minutes(w, "TK-1", "deadline", "[60]");
    assert_minutes(w, "TK-1", "comment", "[120]");
}

static void
test_due_command_behind_an_advance_does_not_hold_it(void **state)
{
    (void)state;
    twice(command_behind_an_advance);
}

/* ---- before a command ---- */

/* On real time: what is due by the command's arrival fires first, what is due later does not. */
static void
test_due_fires_before_a_late_command_and_not_before_a_timely_one(void **state)
{
    (void)state;
    for (int delayed = 0; delayed < 2; delayed++) {
        struct world *w = world_new(false, delayed == 1);
        struct reply *timely, *late;

        assert_done(world_open(w, "li", "{}"));
        assert_done(world_open(w, "li", "{}"));
        assert_done(world_fire(w, "li", "TK-1", "plan"));
        assert_done(world_fire(w, "li", "TK-2", "guard"));
        w->clock.is_virtual = false; /* from here on times are those of arrival */
        timely = world_submit(w, &(struct ask){ .person = "li",
                                                .run = lane_case_fire,
                                                .method = "case.fire",
                                                .params = "{'event': 'pause'}", /* asks */
                                                .key = "TK-1",
                                                .at = START + 59 * MINUTE });
        late = world_submit(w, &(struct ask){ .person = "li",
                                              .run = lane_case_fire,
                                              .method = "case.fire",
                                              .params = "{'event': 'halt'}",
                                              .key = "TK-2",
                                              .at = START + 61 * MINUTE });
        world_turns(w, 12);
        assert_done(timely);
        assert_states(w, "TK-1", "['new']");
        assert_int_equal(world_count(w, "TK-1", "deadline"), 0);
        assert_reply(late, SGN_NOT_NOW); /* the case is in work by then */
        assert_int_equal(world_count(w, "TK-2", "deadline") >= 1, 1);
        assert_minutes(w, "TK-1", "fire", "[0, 59]");
        world_verify(w);
        world_free(w);
    }
}

/* A command that came before the entry that stands last in its team is written with that one's
 * time: what is due by then fires before it as well, and not only what was due when it came. */
static void
test_due_fires_all_that_is_due_by_the_time_of_the_commands_entry(void **state)
{
    (void)state;
    for (int delayed = 0; delayed < 2; delayed++) {
        struct world *w = world_new(false, delayed == 1);
        struct reply *last, *comment;
        json_t *history, *entries;

        assert_done(world_open(w, "li", "{}"));
        assert_done(world_open(w, "li", "{}"));
        assert_done(world_fire(w, "li", "TK-1", "begin"));
        w->clock.is_virtual = false;
        last = world_submit(w, &(struct ask){ .person = "li",
                                              .run = lane_case_fire,
                                              .method = "case.fire",
                                              .params = "{'event': 'count'}",
                                              .key = "TK-2",
                                              .at = START + 250 * MINUTE });
        comment = world_submit(w, &(struct ask){ .person = "wang",
                                                 .run = run_comment,
                                                 .method = "case.comment",
                                                 .params = "{'text': 'and now?'}",
                                                 .key = "TK-1",
                                                 .at = START + 130 * MINUTE });
        world_turns(w, 1);
        assert_done(last);
        assert_done(comment);
        /* Due after two hours and after four; what is due after five comes behind the comment. */
        history = world_history(w);
        entries = json_object_get(history, "TK-1");
        for (size_t i = 2; i < 5; i++)
            assert_string_equal(sgn_json_str(json_array_get(entries, i), "kind"),
                                i < 4 ? "deadline" : "comment");
        json_decref(history);
        world_verify(w);
        world_free(w);
    }
}

/* The site becomes one on real time, whose last sign of life was so many minutes after the start;
 * what the clock shows now. */
static int64_t
back_on_real_time(struct world *w, int64_t minutes)
{
    int64_t alive_at = START + minutes * MINUTE, now;
    struct store_row alive;
    struct store_unit unit = { .rows = &alive, .n_rows = 1 };
    struct store_head head;

    sgn_clock_init_real(&w->clock);
    now = sgn_clock_now(&w->clock);
    for (int i = 0; i < 2; i++) {
        json_t *setting =
            i == 0 ? quoted("{'name': 'clock', 'value': {'virtual': false}}")
                   : json_pack("{s:s, s:I}", "name", "alive", "value", (json_int_t)alive_at);

        alive = (struct store_row){ .table = STORE_SETTING, .team = "", .row = setting };
        assert_int_equal(store_begin(w->store, "", &head, &w->err), SGN_OK);
        assert_int_equal(store_commit(w->store, &unit, &w->err), SGN_OK);
        json_decref(setting);
    }
    w->real = true;
    world_restart(w);
    world_turns(w, 20);
    return now;
}

/* Of an hour's outage: the rung that speaks for somebody waits as long again, others fire. */
static void
test_due_outage_puts_off_what_speaks_for_somebody(void **state)
{
    (void)state;
    for (int delayed = 0; delayed < 2; delayed++) {
        struct world *w = world_new(true, delayed == 1);
        int64_t now;
        json_t *row;

        assert_done(world_open(w, "li", "{}"));
        assert_done(world_fire(w, "li", "TK-1", "begin")); /* escalates five hours later */
        now = back_on_real_time(w, 299);
        assert_states(w, "TK-1", "['work']"); /* not escalated: put off */
        row = world_case(w, "TK-1");
        assert_string_equal(sgn_json_str(row, "priority"), "high"); /* late 0 has fired */
        assert_true(case_next_due(row) >= START + 300 * MINUTE + now - (START + 299 * MINUTE));
        json_decref(row);
        assert_int_equal(world_count(w, "TK-1", "deadline"), 3);
        world_turns(w, 5);
        assert_int_equal(world_count(w, "TK-1", "deadline"), 3);
        world_verify(w);
        world_free(w);
    }
}

/* What fires late fires when the server is back, and says when it was due. Of the two reminders
 * that were missed the latest alone is sent. */
static void
test_due_missed_reminders_are_silent_but_the_latest(void **state)
{
    (void)state;
    for (int delayed = 0; delayed < 2; delayed++) {
        struct world *w = world_new(true, delayed == 1);
        json_t *history, *entry;
        int64_t now;
        int found = 0;
        size_t i;

        assert_done(world_open(w, "li", "{}"));
        assert_done(world_fire(w, "li", "TK-1", "begin")); /* reminds after two hours and four */
        now = back_on_real_time(w, 90);
        history = world_history(w);
        json_array_foreach(json_object_get(history, "TK-1"), i, entry) {
            const json_t *internal = json_object_get(entry, "internal");
            bool silent =
                json_is_true(json_object_get(json_object_get(internal, "event"), "silent"));

            if (strcmp(sgn_json_str(entry, "kind"), "deadline") != 0 || found == 2)
                continue;
            assert_int_equal(sgn_json_int(internal, "due", 0), START + (found + 1) * 120 * MINUTE);
            assert_true(sgn_json_int(entry, "at", 0) >= now);
            assert_int_equal(silent, found == 0);
            found++;
        }
        assert_int_equal(found, 2);
        json_decref(history);
        world_verify(w);
        world_free(w);
    }
}

/* ---- clock.advance ---- */

/* Commands and advances in one batch: each command at its own time, and what it starts too. */
static void
steps(struct world *w)
{
    struct ask ask = { .person = "li",
                       .run = lane_clock_advance,
                       .method = "clock.advance",
                       .params = "{'by': '30 minutes'}",
                       .access = CORE_LEAD };
    struct reply *replies[6];

    for (int i = 0; i < 3; i++)
        assert_done(world_open(w, "li", "{}"));
    replies[0] = submit_fire(w, "li", "TK-1", "plan");
    replies[1] = world_submit(w, &ask);
    replies[2] = submit_fire(w, "li", "TK-2", "plan");
    replies[3] = world_submit(w, &ask);
    replies[4] = submit_fire(w, "li", "TK-1", "finish"); /* in work since this minute */
    replies[5] = world_submit(w, &ask);
    world_settle(w);
    for (int i = 0; i < 6; i++) {
        assert_done(replies[i]);
        if (i > 0)
            assert_true(replies[i]->order > replies[i - 1]->order);
    }
    assert_json(json_object_get(replies[3]->result, "fired"), "1");
    assert_json(json_object_get(replies[5]->result, "fired"), "1");
    assert_minutes(w, "TK-1", "fire", "[0, 60]");
    assert_minutes(w, "TK-1", "deadline", "[60]");
    assert_minutes(w, "TK-2", "fire", "[30]");
    assert_minutes(w, "TK-2", "deadline", "[90]");
    assert_order(w, 2);
    world_restart(w);
    assert_int_equal(sgn_clock_now(&w->clock) - START, 90 * MINUTE);
}

static void
test_due_commands_between_advances_keep_their_times(void **state)
{
    (void)state;
    twice_on_disk(steps);
}

static void
barrier(struct world *w)
{
    struct reply *before, *advance, *after;
    struct ask ask = { .person = "li",
                       .run = lane_clock_advance,
                       .method = "clock.advance",
                       .params = "{'by': '1 hour'}",
                       .access = CORE_LEAD };

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-2", "plan"));
    before = submit_fire(w, "li", "TK-1", "begin"); /* asks the rules: still waits when ... */
    advance = world_submit(w, &ask);
    after = submit_fire(w, "li", "TK-2", "halt");
    world_turns(w, 12);
    assert_done(before);
    assert_json(fired(advance), "1");
    assert_json(json_object_get(advance->result, "now"), "'2026-01-05T10:00:00+08:00'");
    assert_reply(after, SGN_NOT_NOW); /* decided after the timer fired */
    assert_true(before->order < advance->order && advance->order < after->order);
    assert_minutes(w, "TK-1", "fire", "[0]");
    assert_minutes(w, "TK-2", "deadline", "[60]");
}

static void
test_due_advance_is_a_barrier(void **state)
{
    (void)state;
    twice(barrier);
}

static void
advances(struct world *w)
{
    struct ask ask = { .person = "li",
                       .run = lane_clock_advance,
                       .method = "clock.advance",
                       .params = "{'by': '1 hour'}",
                       .access = CORE_LEAD,
                       .request = "a1" };
    struct reply *first, *second;

    first = world_submit(w, &ask);
    second = world_submit(w, &ask); /* a repeat, which moves nothing */
    world_turns(w, 6);
    assert_done(first);
    assert_done(second);
    assert_true(json_equal(first->result, second->result));
    assert_int_equal(sgn_clock_now(&w->clock) - START, HOUR);
    ask.request = NULL;
    ask.params = "{'to': '2026-01-05T09:00:00+08:00'}";
    assert_reply(world_ask(w, &ask), SGN_INVALID); /* back */
    ask.params = "{}";
    assert_reply(world_ask(w, &ask), SGN_PARAMS);
    ask.params = "{'to': '2026-01-06T00:00:00+08:00'}";
    assert_done(world_ask(w, &ask));
    assert_int_equal(sgn_clock_now(&w->clock) - START, 15 * HOUR);
}

static void
test_due_advance_takes_by_or_to_and_is_repeated_once(void **state)
{
    (void)state;
    twice(advances);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_due_rungs_fire_once_at_their_time),
        cmocka_unit_test(test_due_rungs_fire_once_across_restarts),
        cmocka_unit_test(test_due_crash_in_an_advance_doubles_nothing),
        cmocka_unit_test(test_due_order_holds_over_all_cases),
        cmocka_unit_test(test_due_timers_that_ask_the_rules_keep_their_time),
        cmocka_unit_test(test_due_command_behind_an_advance_does_not_hold_it),
        cmocka_unit_test(test_due_fires_before_a_late_command_and_not_before_a_timely_one),
        cmocka_unit_test(test_due_fires_all_that_is_due_by_the_time_of_the_commands_entry),
        cmocka_unit_test(test_due_outage_puts_off_what_speaks_for_somebody),
        cmocka_unit_test(test_due_missed_reminders_are_silent_but_the_latest),
        cmocka_unit_test(test_due_commands_between_advances_keep_their_times),
        cmocka_unit_test(test_due_advance_is_a_barrier),
        cmocka_unit_test(test_due_advance_takes_by_or_to_and_is_repeated_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
