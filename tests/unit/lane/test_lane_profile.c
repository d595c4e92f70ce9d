/* SPDX-License-Identifier: Apache-2.0 */
/* Where a team's time goes: what is counted, by whom, and that it stays within its bounds. */
#include "support/world.h"

#include "profile_internal.h"
#include <unistd.h>

#define MS INT64_C(1000000) /* ns */

static enum sgn_status
run_profile(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    (void)err;
    job->result = lane_profile_tell(run, sgn_json_str(job->params, "of"), 500);
    return SGN_OK;
}

/* The figures of team demo. Borrowed. */
static const json_t *
told(struct world *w)
{
    struct reply *reply = world_ask(w, &(struct ask){ .person = "li",
                                                      .run = run_profile,
                                                      .method = "admin.profile",
                                                      .params = "{'of': 'demo'}" });

    assert_int_equal(reply->status, SGN_OK);
    return json_array_get(json_object_get(reply->result, "teams"), 0);
}

static int64_t
figure(const json_t *of, const char *name)
{
    assert_true(json_is_integer(json_object_get(of, name)));
    return sgn_json_int(of, name, -1);
}

/* The item of a list whose member says this; NULL: none does. */
static const json_t *
item(const json_t *team, const char *list, const char *member, const char *says)
{
    const json_t *at;
    size_t i;

    json_array_foreach(json_object_get(team, list), i, at) {
        const char *text = sgn_json_str(at, member);
        if (text != NULL && strcmp(text, says) == 0)
            return at;
    }
    return NULL;
}

/* begin has a guard (function 1) with a change behind it (2), which stand in lines 1 and 2. */
static void
counting(struct world *w)
{
    const json_t *team, *rule, *event;

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_open(w, "li", "{}"));
    w->fake->cost[0] = (struct rules_cost){ .steps = 1000, .ns = 2 * MS };
    w->fake->cost[1] = (struct rules_cost){ .steps = 7000, .ns = 5 * MS };
    assert_done(world_fire(w, "li", "TK-1", "begin"));
    w->fake->cost[1].ns = 9 * MS;
    w->fake->cost[1].steps = 8000;
    assert_done(world_fire(w, "li", "TK-2", "begin"));
    assert_int_equal(world_fire(w, "li", "TK-2", "nonsense")->status, SGN_NOT_NOW);
    team = told(w);
    assert_int_equal(figure(team, "commands"), 5);
    assert_int_equal(figure(team, "refused"), 1);
    assert_int_equal(figure(team, "calls"), 4);
    assert_int_equal(figure(team, "steps"), 2 * 1000 + 7000 + 8000);
    assert_int_equal(figure(team, "rules_us"), 2 * 2000 + 5000 + 9000);
    assert_int_equal(figure(team, "slowest_us"), 9000);
    rule = item(team, "rules", "rule", "workflows/ticket.lua:2");
    assert_non_null(rule);
    assert_int_equal(figure(rule, "calls"), 2);
    assert_int_equal(figure(rule, "rules_us"), 14000);
    assert_int_equal(figure(rule, "steps"), 15000);
    assert_int_equal(figure(rule, "errors"), 0);
    assert_string_equal(sgn_json_str(rule, "workflow"), "ticket");
    assert_string_equal(sgn_json_str(json_object_get(rule, "slowest"), "case"), "TK-2");
    assert_int_equal(figure(json_object_get(rule, "slowest"), "steps"), 8000);
    /* What took most comes first. */
    assert_ptr_equal(rule, json_array_get(json_object_get(team, "rules"), 0));
    event = item(team, "events", "event", "begin");
    assert_int_equal(figure(event, "commands"), 2);
    assert_int_equal(figure(event, "refused"), 0);
    assert_true(figure(event, "decide_us") > 0);
    assert_int_equal(figure(item(team, "events", "kind", "open"), "commands"), 2);
    /* What somebody makes up has no row; its team counts it. */
    assert_null(item(team, "events", "event", "nonsense"));
    assert_int_equal(json_array_size(json_object_get(team, "workflows")), 1);
    assert_int_equal(figure(json_array_get(json_object_get(team, "workflows"), 0), "calls"), 4);
}

static void
test_profile_counts_calls_and_commands(void **state)
{
    (void)state;
    twice(counting);
}

/* A guard that says no is no error; a function that fails, or overruns, is one. */
static void
failing(struct world *w)
{
    const json_t *team;

    assert_done(world_open(w, "li", "{}"));
    w->fake->cost[0] = (struct rules_cost){ .steps = 1000, .ns = MS };
    assert_int_equal(world_fire(w, "li", "TK-1", "refuse")->status, SGN_REFUSED);
    assert_int_equal(world_fire(w, "li", "TK-1", "break")->status, SGN_RULE_ERROR);
    assert_int_equal(world_fire(w, "li", "TK-1", "overrun")->status, SGN_RULE_OVERRUN);
    team = told(w);
    assert_int_equal(figure(item(team, "rules", "rule", "workflows/ticket.lua:3"), "errors"), 0);
    assert_int_equal(figure(item(team, "rules", "rule", "workflows/ticket.lua:4"), "errors"), 1);
    assert_int_equal(figure(team, "errors"), 2);
    assert_int_equal(figure(team, "calls"), 3);
    assert_int_equal(figure(team, "refused"), 3);
    assert_int_equal(figure(item(team, "events", "event", "break"), "refused"), 1);
}

static void
test_profile_counts_errors(void **state)
{
    (void)state;
    twice(failing);
}

/* ---- the log ---- */

/* What was written to stderr while this ran. */
static void
logged(struct world *w, int64_t ns, int times, char out[8192])
{
    FILE *file = tmpfile();
    int err = dup(STDERR_FILENO);
    size_t n;

    dup2(fileno(file), STDERR_FILENO);
    w->fake->cost[0] = (struct rules_cost){ .steps = 3000, .ns = ns };
    for (int i = 0; i < times; i++)
        (void)world_fire(w, "li", "TK-1", "break");
    dup2(err, STDERR_FILENO);
    close(err);
    rewind(file);
    n = fread(out, 1, 8191, file);
    out[n] = '\0';
    fclose(file);
}

static int
lines_of(const char *text)
{
    int n = 0;

    for (; (text = strstr(text, "slow rule")) != NULL; text++)
        n++;
    return n;
}

static void
test_profile_logs_what_is_slow_and_not_for_ever(void **state)
{
    struct world *w = world_new(false, false);
    char text[8192];

    (void)state;
    assert_done(world_open(w, "li", "{}"));
    logged(w, 100 * MS - 1, 3, text);
    assert_int_equal(lines_of(text), 0);
    logged(w, 100 * MS, 1, text);
    assert_non_null(strstr(text, " warn slow rule team=demo workflow=ticket version=1 "
                                 "rule=workflows/ticket.lua:4 case=TK-1 event=break "));
    assert_non_null(strstr(text, " steps=3000 ms=100.000 left_out=0\n"));
    logged(w, 200 * MS, 10, text);
    assert_int_equal(lines_of(text), LANE_SLOW_LINES - 1);
    assert_int_equal(w->lane->profile->teams->left_out, 10 - (LANE_SLOW_LINES - 1));
    world_free(w);
}

/* ---- bounds ---- */

/* Versions that come and go by the thousand, and figures that nobody can have measured. */
static void
test_profile_stays_within_its_bounds(void **state)
{
    struct world *w = world_new(false, false);
    struct model_function functions[100];
    struct model model = { .name = "many", .version = 1, .n_functions = 100 };
    struct lane_job *job = lane_job_new();
    const struct rules_cost cost[2] = { { .steps = INT64_MAX, .ns = INT64_MAX },
                                        { .steps = -5, .ns = -5 } };
    struct lane_asker asker = { .job = job, .function = 100 };
    struct lane_profile *profile = w->lane->profile;
    struct lane_profile_place first;
    int64_t calls;

    (void)state;
    model.function_list = functions;
    profile->slow_ns = 0;
    for (int i = 0; i < 100; i++)
        functions[i] = (struct model_function){ .number = i + 1 };
    memset(model.digest, 'a', 64);
    first = lane_profile_version(w->lane, "demo", &model);
    for (int i = 0; i < 3000; i++) {
        char digest[80];

        snprintf(digest, sizeof digest, "%08d%064d", i, i);
        memcpy(model.digest, digest, 64);
        asker.place = lane_profile_version(w->lane, "demo", &model);
        assert_true(asker.place.born != 0);
        lane_profile_called(w->lane, &asker, SGN_OK, cost);
        assert_true(profile->n_rows <= LANE_PROFILE_ROWS);
    }
    /* Its place was given away: an answer that comes late counts for nobody else. */
    calls = profile->teams->calls.calls;
    assert_int_equal(calls, 3000);
    asker.place = first;
    lane_profile_called(w->lane, &asker, SGN_OK, cost);
    assert_int_equal(profile->teams->calls.calls, calls);
    assert_int_equal(profile->teams->calls.ns, calls * DAY * MS);
    lane_job_free(job);
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_profile_counts_calls_and_commands),
        cmocka_unit_test(test_profile_counts_errors),
        cmocka_unit_test(test_profile_logs_what_is_slow_and_not_for_ever),
        cmocka_unit_test(test_profile_stays_within_its_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
