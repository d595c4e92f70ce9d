/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a server that starts over a broken folder goes on with: all of the rules that were in force
 * before, versions that no case was opened with and the team's own settings, too.
 */
#include "support/world.h"
#include <sys/stat.h>
#include <unistd.h>

static struct reply *
reload(struct world *w)
{
    return world_ask(w, &(struct ask){ .person = "li",
                                       .run = lane_reload,
                                       .method = "workflow.reload",
                                       .access = CORE_LEAD });
}

/* A load that can make nothing: team.lua does not parse. */
static json_t *
nothing_loads(void)
{
    return quoted("{'team': null, 'workflows': {}, 'mistakes': [{'severity': 'error',"
                  " 'file': 'team.lua', 'line': 3, 'column': 5, 'message': 'unexpected symbol'}]}");
}

/* Everything a team.lua can say, and the workflow in a group. */
static json_t *
rich_answer(const char *every)
{
    json_t *answer = world_answer(world_model());
    json_t *team =
        quoted("{'name': 'demo', 'title': 'Demo', 'timezone': 'Asia/Shanghai', 'language': 'zh',"
               " 'currency': 'CNY', 'calendar': 'office', 'calendars': {'office': {'hours':"
               " {'monday_to_friday': ['09:00-18:00']}, 'line': 2}},"
               " 'channels': {'mails': {'kind': 'mail'}},"
               " 'use': [{'workflow': 'ticket', 'group': 'support'}], 'schedules':"
               " [{'name': 'n', 'starts': [{'start': 'ticket'}]}]}");

    json_object_set_new(json_array_get(json_object_get(team, "schedules"), 0), "every",
                        json_string(every));
    json_object_set_new(answer, "team", team);
    json_object_set_new(json_object_get(json_object_get(answer, "workflows"), "ticket"), "group",
                        json_string("support"));
    return answer;
}

/* {rules, team, calendars, group, workflows, mistakes} of the snapshot; new reference. */
static json_t *
in_force(struct world *w)
{
    const struct lane_site *site = lane_site_ref(w->lane);
    const struct lane_team *team = lane_site_team(site, "demo");
    json_t *seen;

    assert_non_null(team);
    seen = json_pack("{s:s, s:O, s:O, s:s?, s:s, s:i}", "rules", lane_site_rules(site, "demo"),
                     "team", team->team->json, "calendars", team->calendars, "group",
                     team->groups[0], "workflow", team->workflows[0]->digest, "mistakes",
                     (int)json_array_size(team->mistakes));
    lane_site_free(w->lane, site);
    assert_non_null(seen);
    return seen;
}

static void
assert_old(struct world *w, const json_t *before)
{
    json_t *now = in_force(w);

    assert_string_equal(sgn_json_str(now, "rules"), "old");
    assert_int_equal(sgn_json_int(now, "mistakes", 0), 1);
    json_object_set(now, "rules", json_object_get(before, "rules"));
    json_object_set(now, "mistakes", json_object_get(before, "mistakes"));
    assert_true(json_equal(now, (json_t *)before));
    json_decref(now);
}

static void
broken_team(struct world *w)
{
    json_t *before, *stats;

    world_set_answer(w, rich_answer("friday 16:00"));
    assert_done(reload(w));
    before = in_force(w);
    assert_string_equal(sgn_json_str(before, "rules"), "current");
    world_set_answer(w, nothing_loads());
    for (int i = 0; i < 2; i++) { /* and over every further start */
        world_restart(w);
        assert_old(w, before);
    }
    stats = lane_stats(w->lane);
    assert_json(json_object_get(stats, "teams"),
                "{'current': 0, 'old': 1, 'stored': 0, 'none': 0}");
    json_decref(stats);
    /* no case was opened with this version before */
    assert_done(world_open(w, "li", "{'summary': 'first'}"));
    assert_done(world_fire(w, "li", "TK-1", "begin")); /* its functions are known, too */
    world_set_answer(w, rich_answer("friday 16:00"));
    assert_json(json_object_get(reload(w)->result, "in_force"), "true");
    stats = lane_stats(w->lane);
    assert_json(json_object_get(stats, "teams"),
                "{'current': 1, 'old': 0, 'stored': 0, 'none': 0}");
    json_decref(stats);
    json_decref(before);
}

static void
test_kept_rules_go_on_over_a_team_file_that_does_not_load(void **state)
{
    (void)state;
    twice_on_disk(broken_team);
}

/* The folder itself: unreadable as text, emptied, gone with all teams. */
static void
test_kept_rules_go_on_without_their_folder(void **state)
{
    struct world *w = world_new(true, false);
    json_t *before;
    char path[256], away[256];
    FILE *file;

    (void)state;
    world_set_answer(w, rich_answer("friday 16:00"));
    assert_done(reload(w));
    before = in_force(w);
    snprintf(path, sizeof path, "%s/site/teams/demo/team.lua", w->dir);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("return team 'caf\xe9' {}\n", file);
    fclose(file);
    world_restart(w);
    assert_old(w, before);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    world_restart(w);
    assert_old(w, before);
    assert_int_equal(unlink(path), 0);
    snprintf(path, sizeof path, "%s/site/teams", w->dir);
    snprintf(away, sizeof away, "%s/site/away", w->dir);
    assert_int_equal(rename(path, away), 0);
    world_restart(w);
    assert_old(w, before);
    assert_done(world_open(w, "li", "{}"));
    assert_int_equal(rename(away, path), 0);
    json_decref(before);
    world_free(w);
}

/* What was taken out by a good load does not come back by a bad one. */
static void
test_kept_rules_are_those_of_the_last_good_load(void **state)
{
    struct world *w = world_new(true, false);
    json_t *none = rich_answer("friday 16:00"), *before;
    const struct lane_site *site;

    (void)state;
    world_set_answer(w, rich_answer("friday 16:00"));
    assert_done(reload(w));
    assert_done(world_open(w, "li", "{}"));
    world_set_answer(w, rich_answer("friday 17:00"));
    assert_done(reload(w));
    before = in_force(w);
    world_set_answer(w, nothing_loads());
    assert_json(json_object_get(reload(w)->result, "in_force"), "false");
    assert_old(w, before);
    world_restart(w);
    assert_old(w, before);
    json_object_clear(json_object_get(none, "workflows"));
    world_set_answer(w, none);
    assert_json(json_object_get(reload(w)->result, "in_force"), "true");
    world_set_answer(w, nothing_loads());
    world_restart(w);
    site = lane_site_ref(w->lane);
    assert_int_equal(lane_site_team(site, "demo")->n_workflows, 0);
    lane_site_free(w->lane, site);
    assert_reply(world_open(w, "li", "{}"), SGN_NOT_FOUND);
    json_decref(before);
    world_free(w);
}

/* Two loads in one batch: the second is what counts, also where the first is what was kept. */
static void
test_kept_rules_are_those_of_the_last_load_of_a_batch(void **state)
{
    struct world *w = world_new(true, false);
    const struct ask ask = {
        .person = "li", .run = lane_reload, .method = "workflow.reload", .access = CORE_LEAD
    };
    struct reply *one, *two;
    json_t *first;

    (void)state;
    world_set_answer(w, rich_answer("friday 16:00"));
    assert_done(reload(w));
    first = in_force(w);
    world_set_answer(w, rich_answer("friday 17:00"));
    one = world_submit(w, &ask);
    world_turns(w, 1);
    world_set_answer(w, rich_answer("friday 16:00"));
    two = world_submit(w, &ask);
    world_settle(w);
    assert_done(one);
    assert_done(two);
    world_set_answer(w, nothing_loads());
    world_restart(w);
    assert_old(w, first);
    json_decref(first);
    world_free(w);
}

/* Nothing was ever in force, or what was kept is damaged: the mistakes are what there is. */
static void
test_nothing_kept_says_what_is_missing_and_serves_without(void **state)
{
    static const char *const changes[] = {
        "DELETE FROM setting WHERE name = 'rules/demo'",
        "UPDATE setting SET value = '{\"since\":1,\"rules\":{\"team\":7}}'"
        " WHERE name = 'rules/demo'",
        "UPDATE setting SET value = json_remove(value, '$.rules.workflows.ticket.model.states')"
        " WHERE name = 'rules/demo'",
    };

    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct world *w = world_new(true, false);
        const struct lane_site *site;
        json_t *stats;

        assert_done(world_open(w, "li", "{}"));
        world_set_answer(w, nothing_loads());
        world_tamper(w, changes[i]);
        site = lane_site_ref(w->lane);
        assert_null(lane_site_team(site, "demo"));
        assert_string_equal(lane_site_rules(site, "demo"), "none");
        assert_json(json_object_get(site->without, "demo"),
                    "[{'severity': 'error', 'file': 'team.lua', 'line': 3, 'column': 5,"
                    " 'message': 'unexpected symbol'}]");
        lane_site_free(w->lane, site);
        stats = lane_stats(w->lane);
        assert_json(json_object_get(stats, "teams"),
                    "{'current': 0, 'old': 0, 'stored': 0, 'none': 1}");
        json_decref(stats);
        assert_done(world_fire(w, "li", "TK-1", "begin")); /* cases have their own version */
        world_set_answer(w, world_answer(world_model()));
        assert_json(json_object_get(reload(w)->result, "in_force"), "true");
        site = lane_site_ref(w->lane);
        assert_string_equal(lane_site_rules(site, "demo"), "current");
        assert_int_equal(json_object_size(site->without), 0);
        lane_site_free(w->lane, site);
        world_free(w);
    }
}

/* ---- a folder as it was ---- */

static void
assert_loads(struct world *w, int loads, int line)
{
    json_t *seen;

    world_restart(w);
    world_turns(w, 1);
    if (w->fake->n_loads != loads)
        fail_msg("line %d: %d loads at the start, not %d", line, w->fake->n_loads, loads);
    seen = in_force(w);
    assert_string_equal(sgn_json_str(seen, "rules"), "current");
    json_decref(seen);
}
#define assert_loads(w, loads) assert_loads(w, loads, __LINE__)

static json_t *
answer_with_holidays(void)
{
    json_t *answer = rich_answer("friday 16:00");
    json_t *calendars = json_object_get(json_object_get(answer, "team"), "calendars");

    json_object_set_new(json_object_get(calendars, "office"), "holidays",
                        quoted("['holidays/own.txt', 'xx']"));
    return answer;
}

static void
unchanged(struct world *w)
{
    json_t *before, *now;

    world_write_file(w, "holidays/own.txt", "2026-01-06 closed our day\n");
    w->holidays = quoted("{'xx-2026': '2026-01-07 closed new\\n'}");
    world_set_answer(w, answer_with_holidays());
    w->program = "one";
    assert_loads(w, 1);
    before = in_force(w);
    assert_loads(w, 0);
    now = in_force(w);
    assert_true(json_equal(now, before));
    assert_done(world_open(w, "li", "{'summary': 'first'}"));
    assert_done(world_fire(w, "li", "TK-1", "begin")); /* its functions are called all the same */
    assert_int_equal(w->fake->n_loads, 0);
    json_decref(now);
    json_decref(before);
}

static void
test_unchanged_folder_is_taken_up_without_loading_it(void **state)
{
    (void)state;
    twice_on_disk(unchanged);
}

static void
test_changed_folder_is_loaded(void **state)
{
    struct world *w = world_new(true, false);

    (void)state;
    world_write_file(w, "holidays/own.txt", "2026-01-06 closed our day\n");
    w->holidays = quoted("{'xx-2026': '2026-01-07 closed new\\n'}");
    world_set_answer(w, answer_with_holidays());
    w->program = "one";
    assert_loads(w, 1);
    assert_loads(w, 0);
    world_write_file(w, "more.lua", "-- nothing\n");
    assert_loads(w, 1);
    assert_loads(w, 0);
    w->program = "two";
    assert_loads(w, 1);
    assert_loads(w, 0);
    world_write_file(w, "holidays/own.txt", "2026-01-08 closed our day\n");
    assert_loads(w, 1);
    assert_loads(w, 0);
    json_object_set_new(w->holidays, "xx-2026", json_string("2026-01-09 closed new\n"));
    assert_loads(w, 1);
    assert_loads(w, 0);
    assert_done(reload(w)); /* of what lies there is not known whether it is what was asked for */
    assert_loads(w, 1);
    assert_loads(w, 0);
    w->program = NULL;
    assert_loads(w, 1);
    world_free(w);
}

/* Mistakes that are no errors are told by each start as by the load that found them. */
static void
test_unchanged_folder_has_the_warnings_that_it_had(void **state)
{
    struct world *w = world_new(true, false);
    json_t *answer = rich_answer("friday 16:00");
    json_t *warnings = quoted("[{'severity': 'warning', 'file': 'team.lua', 'line': 3, 'column':"
                              " 5, 'message': 'odd'}]");

    (void)state;
    json_object_set(answer, "mistakes", warnings);
    world_set_answer(w, answer);
    w->program = "one";
    for (int i = 0; i < 3; i++) {
        const struct lane_site *site;

        assert_loads(w, i == 0 ? 1 : 0);
        site = lane_site_ref(w->lane);
        assert_true(json_equal(lane_site_team(site, "demo")->mistakes, warnings));
        lane_site_free(w->lane, site);
    }
    json_decref(warnings);
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept_rules_go_on_over_a_team_file_that_does_not_load),
        cmocka_unit_test(test_kept_rules_go_on_without_their_folder),
        cmocka_unit_test(test_kept_rules_are_those_of_the_last_good_load),
        cmocka_unit_test(test_kept_rules_are_those_of_the_last_load_of_a_batch),
        cmocka_unit_test(test_nothing_kept_says_what_is_missing_and_serves_without),
        cmocka_unit_test(test_unchanged_folder_is_taken_up_without_loading_it),
        cmocka_unit_test(test_changed_folder_is_loaded),
        cmocka_unit_test(test_unchanged_folder_has_the_warnings_that_it_had),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
