/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Working calendars of a team: read with their holiday files, laid over with exceptions; and the
 * sweeps over open cases that follow from what changes.
 */
#include "clock.h"
#include "support/world.h"
#include <sys/stat.h>
#include <unistd.h>

/* A job is due in two working days; who does it is asked, whoever is pm stands by. */
static const char *const job =
    "{'name': 'ticket', 'key': 'TK', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'engineer', 'client'], 'states': ["
    "  {'name': 'work', 'kind': 'state', 'owner': 'engineer', 'deadlines': ["
    "    {'name': 'work', 'duration': '2 workdays', 'rungs': ["
    "      {'late': '0', 'actions': [{'remind': 'pm'}]}]}],"
    "   'transitions': [{'on': ['done'], 'by': ['pm', 'engineer'], 'to': ['done']}]},"
    "  {'name': 'done', 'kind': 'final'}]}";

/* The same without any clock. */
static const char *const quiet =
    "{'name': 'ticket', 'key': 'TK', 'version': 1, 'client': 'project',"
    " 'roles': ['pm', 'engineer', 'client'], 'states': ["
    "  {'name': 'work', 'kind': 'state', 'owner': 'engineer'}]}";

#define OFFICE                                                                                     \
    "{'office': {'hours': {'monday_to_friday': ['09:00-12:00', '13:30-18:00']}, 'line': 3}}"

/* Loads answer a team with these calendars from now on. */
static void
set_calendars(struct world *w, const char *model, const char *calendars)
{
    json_t *answer = world_answer(quoted(model));

    json_object_set_new(json_object_get(answer, "team"), "calendars", quoted(calendars));
    world_set_answer(w, answer);
}

static void
begin(struct world *w, const char *model, const char *calendars)
{
    set_calendars(w, model, calendars);
    world_restart(w);
}

static int64_t
when(const char *text)
{
    int64_t ms = 0;

    assert_int_equal(sgn_time_parse(text, &ms, NULL), SGN_OK);
    return ms;
}

/* The due time of a case's first deadline. */
static void
assert_due_at(struct world *w, const char *key, const char *expected, int line)
{
    json_t *row = world_case(w, key);
    int64_t due = sgn_json_int(json_array_get(json_object_get(row, "deadlines"), 0), "due", 0);
    char text[SGN_TIME_TEXT];

    if (due != when(expected)) {
        print_error("%s:%d: %s is due %s, expected %s\n", __FILE__, line, key,
                    sgn_time_format(due, 8 * 3600, text), expected);
        fail();
    }
    json_decref(row);
}
#define assert_due(w, key, expected) assert_due_at(w, key, expected, __LINE__)

static struct reply *
put(struct world *w, const char *table, const char *row)
{
    char params[512];

    snprintf(params, sizeof params, "{'table': '%s', 'row': %s}", table, row);
    return world_ask(
        w, &(struct ask){ .person = "li", .run = run_put, .method = "put", .params = params });
}

static enum sgn_status
run_remove(struct lane_run *run, struct lane_job *j, struct sgn_error *err)
{
    enum sgn_status st = lane_row_remove(run, STORE_MEMBERSHIP, j->params, err);

    return st == SGN_OK ? lane_data_entry(run, j->params, err) : st;
}

static struct reply *
leave(struct world *w, const char *person, const char *role)
{
    char params[256];

    snprintf(params, sizeof params, "{'project': 'erp', 'person': '%s', 'role': '%s'}", person,
             role);
    return world_ask(
        w,
        &(struct ask){ .person = "li", .run = run_remove, .method = "remove", .params = params });
}

#define CLOSED_ON_TUESDAY                                                                          \
    "{'calendar': 'office', 'date': '2026-01-06', 'hours': [], 'reason': 'typhoon'}"
#define CLOSED_ON_WEDNESDAY                                                                        \
    "{'calendar': 'office', 'date': '2026-01-07', 'hours': [], 'reason': 'flood'}"

/* ---- declared ---- */

static void
holidays(struct world *w)
{
    world_write_file(w, "holidays/own.txt", "2026-01-06 closed our day\n");
    w->holidays = quoted("{'xx-2025': '2025-12-31 closed old\\n',"
                         " 'xx-2026': '2026-01-07 closed new\\n'}");
    begin(w, job,
          "{'office': {'hours': {'monday_to_friday': ['09:00-17:00']},"
          "            'holidays': ['holidays/own.txt', 'xx'], 'line': 3}}");
    assert_done(world_open(w, "li", "{}"));
    assert_due(w, "TK-1", "2026-01-09T17:00:00+08:00"); /* Thursday and Friday */
}

static void
test_calendars_holidays_come_from_files_and_from_shipped_lists(void **state)
{
    (void)state;
    twice_on_disk(holidays);
}

/* Reloads, and gives the errors: of warnings the rules may have any. Borrowed. */
static json_t *
mistakes(struct world *w)
{
    struct reply *reply = world_ask(w, &(struct ask){ .person = "li",
                                                      .run = lane_reload,
                                                      .method = "workflow.reload",
                                                      .access = CORE_LEAD });
    json_t *list;

    assert_done(reply);
    list = json_object_get(reply->result, "mistakes");
    for (size_t i = json_array_size(list); i > 0; i--)
        if (strcmp(sgn_json_str(json_array_get(list, i - 1), "severity"), "error") != 0)
            json_array_remove(list, i - 1);
    return list;
}

static void
assert_mistake(struct world *w, const char *holidays_json, const char *file, int line,
               const char *words)
{
    char calendars[512];
    json_t *list;
    const json_t *first;

    snprintf(calendars, sizeof calendars,
             "{'office': {'hours': {'monday_to_friday': ['09:00-17:00']},"
             " 'holidays': %s, 'line': 3}}",
             holidays_json);
    set_calendars(w, job, calendars);
    list = mistakes(w);
    first = json_array_get(list, 0);
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(sgn_json_str(first, "file"), file);
    assert_int_equal(sgn_json_int(first, "line", 0), line);
    if (strstr(sgn_json_str(first, "message"), words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", sgn_json_str(first, "message"), words);
}

static void
test_calendars_mistakes_have_a_file_and_a_line(void **state)
{
    struct world *w = world_new(true, false);
    char path[256], outside[256];

    (void)state;
    w->holidays = quoted("{'china-2026': '2026-01-07 closed\\n'}");
    begin(w, job, OFFICE);
    world_write_file(w, "holidays/bad.txt", "# fine\n2026-01-06 closed\n2026-02-30 closed\n");
    world_write_file(w, "outside.txt", "2026-01-06 closed\n");
    snprintf(path, sizeof path, "%s/teams/demo/holidays/link.txt", w->site);
    snprintf(outside, sizeof outside, "%s/teams/demo/outside.txt", w->site);
    assert_int_equal(symlink(outside, path), 0);
    assert_mistake(w, "['holidays/bad.txt']", "holidays/bad.txt", 3, "2026-02-30");
    assert_mistake(w, "['holidays/none.ics']", "team.lua", 3, "No such file");
    assert_mistake(w, "['holidays/link.txt']", "team.lua", 3, "links are not followed");
    assert_mistake(w, "['../demo/outside.txt']", "team.lua", 3, "inside the team's folder");
    assert_mistake(w, "['/etc/passwd.txt']", "team.lua", 3, "inside the team's folder");
    assert_mistake(w, "['chinna']", "team.lua", 3, "did you mean \"china\"");
    set_calendars(w, job, "{'office': {'hours': {'funday': ['09:00-17:00']}, 'line': 7}}");
    assert_string_equal(
        sgn_json_str(json_array_get(mistakes(w), 0), "message"),
        "calendar \"office\": /hours: \"funday\" is no weekday; did you mean \"sunday\"?");
    /* What is wrong is not put in force. */
    assert_done(world_open(w, "li", "{}"));
    assert_due(w, "TK-1", "2026-01-07T18:00:00+08:00");
    world_free(w);
}

/* ---- exceptions ---- */

static void
exception(struct world *w)
{
    json_t *rows, *history, *entry;

    begin(w, job, OFFICE);
    for (int i = 0; i < 3; i++)
        assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-2", "done"));
    assert_done(world_advance(w, "1 hour"));
    assert_due(w, "TK-1", "2026-01-07T18:00:00+08:00");
    assert_done(put(w, "exception", CLOSED_ON_TUESDAY));
    world_settle(w);
    assert_due(w, "TK-1", "2026-01-08T18:00:00+08:00");
    assert_due(w, "TK-3", "2026-01-08T18:00:00+08:00");
    assert_minutes(w, "TK-1", "sweep", "[60]");
    assert_minutes(w, "TK-3", "sweep", "[60]");
    assert_int_equal(world_count(w, "TK-2", "sweep"), 0); /* it has ended */
    history = world_history(w);
    entry = json_array_get(json_object_get(history, "TK-1"), 1);
    assert_string_equal(sgn_json_str(entry, "actor"), "system");
    assert_json(
        json_object_get(json_object_get(json_object_get(entry, "internal"), "sweep"), "argument"),
        "{'calendar': 'office', 'date': '2026-01-06', 'reason': 'typhoon'}");
    json_decref(history);
    rows = world_rows(w, STORE_SWEEP);
    assert_int_equal(json_array_size(rows), 2); /* the first is that of the load */
    assert_int_equal(sgn_json_int(json_array_get(rows, 1), "touched", 0), 2);
    assert_true(sgn_json_int(json_array_get(rows, 1), "ended", 0) == START + HOUR);
    json_decref(rows);
    /* Another date changes nothing of what is pending, and says nothing. */
    assert_done(put(w, "exception", "{'calendar': 'office', 'date': '2026-03-02', 'hours': []}"));
    world_settle(w);
    assert_int_equal(world_count(w, "TK-1", "sweep"), 1);
    /* A case that is opened now goes by it from the start. */
    assert_done(world_open(w, "li", "{}"));
    assert_due(w, "TK-4", "2026-01-08T18:00:00+08:00");
}

/* The words of the rule language: ten working days go by as they say, in the team's calendar. */
static void
test_calendars_time_is_advanced_by_working_days(void **state)
{
    struct world *w = world_new(true, false);

    (void)state;
    begin(w, job, OFFICE);
    assert_done(world_open(w, "li", "{}"));
    assert_json(fired(world_advance(w, "2 workdays")), "1");
    assert_true(sgn_clock_now(&w->clock) == when("2026-01-07T18:00:00+08:00"));
    assert_done(world_advance(w, "4 workhours"));
    assert_true(sgn_clock_now(&w->clock) == when("2026-01-08T14:30:00+08:00"));
    world_free(w);
}

static void
test_sweep_of_an_exception_touches_each_open_case_once(void **state)
{
    (void)state;
    twice_on_disk(exception);
}

/* An advance that stands right behind the exception waits for its sweep. */
static void
before_time_moves(struct world *w)
{
    struct reply *cause, *advance;

    begin(w, job, OFFICE);
    for (int i = 0; i < 250; i++)
        assert_done(world_open(w, "li", "{}"));
    cause = world_submit(w, &(struct ask){ .person = "li",
                                           .run = run_put,
                                           .method = "put",
                                           .params = "{'table': 'exception', 'row': "
                                                     "" CLOSED_ON_TUESDAY "}" });
    advance = world_submit(w, &(struct ask){ .person = "li",
                                             .run = lane_clock_advance,
                                             .method = "clock.advance",
                                             .params = "{'to': '2026-01-07T18:00:00+08:00'}",
                                             .access = CORE_LEAD });
    world_settle(w);
    assert_done(cause);
    assert_json(fired(advance), "0"); /* by the old calendar all would have been due */
    assert_minutes(w, "TK-250", "sweep", "[0]");
    assert_json(fired(world_advance(w, "1 day")), "250");
}

static void
test_sweep_ends_before_virtual_time_moves(void **state)
{
    (void)state;
    twice_on_disk(before_time_moves);
}

static int
swept(struct world *w, int n)
{
    json_t *history = world_history(w), *entry;
    int sum = 0;

    for (int i = 1; i <= n; i++) {
        char key[16];
        int mine = 0;
        size_t k;

        snprintf(key, sizeof key, "TK-%d", i);
        json_array_foreach(json_object_get(history, key), k, entry)
            mine += strcmp(sgn_json_str(entry, "kind"), "sweep") == 0;
        assert_true(mine <= 1); /* never twice */
        sum += mine;
    }
    json_decref(history);
    return sum;
}

/* A bounded number per turn; after a crash it goes on, and nobody is told twice. */
static void
test_sweep_is_walked_in_pages_and_goes_on_after_a_restart(void **state)
{
    struct world *w = world_new(true, false);
    struct reply *between;
    int before;

    (void)state;
    begin(w, job, OFFICE);
    for (int i = 0; i < 250; i++)
        assert_done(world_open(w, "li", "{}"));
    assert_done(put(w, "exception", CLOSED_ON_TUESDAY)); /* and the first page */
    before = swept(w, 250);
    assert_true(before > 0 && before <= 100);
    between = submit_fire(w, "li", "TK-200", "done");
    world_turns(w, 1);
    assert_done(between); /* a request does not wait for the sweep */
    assert_true(swept(w, 250) <= before + 100);
    world_restart(w);
    world_settle(w);
    /* TK-200 may have ended before its turn came. */
    assert_true(swept(w, 250) >= 249);
    world_verify(w);
    world_free(w);
}

/* What a sweep is about is on the disk with the answer, also while another one is walked. */
static void
test_sweep_that_waits_for_another_survives_a_restart(void **state)
{
    struct world *w = world_new(true, false);

    (void)state;
    begin(w, job, OFFICE);
    for (int i = 0; i < 250; i++)
        assert_done(world_open(w, "li", "{}"));
    assert_done(put(w, "exception", CLOSED_ON_TUESDAY)); /* and its first page */
    assert_due(w, "TK-1", "2026-01-08T18:00:00+08:00");
    assert_done(put(w, "exception", CLOSED_ON_WEDNESDAY));
    assert_due(w, "TK-1", "2026-01-08T18:00:00+08:00"); /* not its turn yet */
    world_restart(w);
    world_settle(w);
    assert_due(w, "TK-1", "2026-01-09T18:00:00+08:00");
    assert_due(w, "TK-250", "2026-01-09T18:00:00+08:00");
    world_verify(w);
    world_free(w);
}

/* ---- other causes ---- */

static void
people(struct world *w)
{
    json_t *row;

    begin(w, quiet, "{}");
    assert_done(world_open(w, "li", "{}"));
    row = world_case(w, "TK-1"); /* wang and zhao are engineers: offered */
    assert_json(json_object_get(json_object_get(row, "owners"), "work"),
                "{'offer': [{'role': 'engineer'}]}");
    json_decref(row);
    assert_done(world_ask(w, &(struct ask){ .person = "wang",
                                            .run = run_assign,
                                            .method = "case.assign",
                                            .params = "{'to': 'wang'}",
                                            .key = "TK-1" }));
    assert_done(leave(w, "wang", "engineer"));
    world_settle(w);
    row = world_case(w, "TK-1");
    assert_json(json_object_get(json_object_get(row, "owners"), "work"), "'zhao'");
    json_decref(row);
    assert_int_equal(world_count(w, "TK-1", "sweep"), 1);
    assert_done(put(w, "person", "{'person': 'zhao', 'lead': false, 'active': false}"));
    world_settle(w);
    row = world_case(w, "TK-1");
    assert_json(json_object_get(json_object_get(row, "owners"), "work"),
                "{'offer': [{'person': 'li'}], 'why': 'nobody is engineer'}");
    json_decref(row);
    /* A new title is nobody's business. */
    assert_done(
        put(w, "person", "{'person': 'wang', 'title': 'W', 'lead': false, 'active': true}"));
    world_settle(w);
    assert_int_equal(world_count(w, "TK-1", "sweep"), 2);
}

static void
test_sweep_of_people_offers_anew_what_they_owned(void **state)
{
    (void)state;
    twice_on_disk(people);
}

/* The calendars of a project and of its client. */
static void
attributes(struct world *w)
{
    begin(w, job,
          "{'office': {'hours': {'monday_to_friday': ['09:00-12:00', '13:30-18:00']}, 'line': 3},"
          " 'week': {'hours': {'every_day': ['08:00-20:00']}, 'line': 4}}");
    assert_done(world_open(w, "li", "{}"));
    assert_due(w, "TK-1", "2026-01-07T18:00:00+08:00");
    assert_done(put(w, "project",
                    "{'project': 'erp', 'client': 'acme', 'state': 'open', 'calendar': 'week'}"));
    world_settle(w);
    assert_due(w, "TK-1", "2026-01-07T20:00:00+08:00");
    assert_int_equal(world_count(w, "TK-1", "sweep"), 1);
}

static void
test_sweep_of_a_project_that_gets_another_calendar(void **state)
{
    (void)state;
    twice_on_disk(attributes);
}

/* Other hours in team.lua: at a reload, and when the server was down meanwhile. */
static void
loads(struct world *w)
{
    begin(w, job, OFFICE);
    assert_done(world_open(w, "li", "{}"));
    world_restart(w);
    world_settle(w);
    assert_int_equal(world_count(w, "TK-1", "sweep"), 0); /* the same as before */
    set_calendars(w, job,
                  "{'office': {'hours': {'monday_to_friday': ['09:00-17:00']}, 'line': 3}}");
    assert_int_equal(json_array_size(mistakes(w)), 0);
    world_settle(w);
    assert_due(w, "TK-1", "2026-01-07T17:00:00+08:00");
    assert_int_equal(world_count(w, "TK-1", "sweep"), 1);
    set_calendars(w, job, OFFICE);
    world_restart(w);
    world_settle(w);
    assert_due(w, "TK-1", "2026-01-07T18:00:00+08:00");
    assert_int_equal(world_count(w, "TK-1", "sweep"), 2);
    world_restart(w);
    world_settle(w);
    assert_int_equal(world_count(w, "TK-1", "sweep"), 2);
}

static void
test_sweep_of_a_load_that_changes_the_calendars(void **state)
{
    (void)state;
    twice_on_disk(loads);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calendars_holidays_come_from_files_and_from_shipped_lists),
        cmocka_unit_test(test_calendars_mistakes_have_a_file_and_a_line),
        cmocka_unit_test(test_calendars_time_is_advanced_by_working_days),
        cmocka_unit_test(test_sweep_of_an_exception_touches_each_open_case_once),
        cmocka_unit_test(test_sweep_ends_before_virtual_time_moves),
        cmocka_unit_test(test_sweep_is_walked_in_pages_and_goes_on_after_a_restart),
        cmocka_unit_test(test_sweep_that_waits_for_another_survives_a_restart),
        cmocka_unit_test(test_sweep_of_people_offers_anew_what_they_owned),
        cmocka_unit_test(test_sweep_of_a_project_that_gets_another_calendar),
        cmocka_unit_test(test_sweep_of_a_load_that_changes_the_calendars),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
