/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The teams' folders: what is read, what a reload puts in force and what it leaves; and what
 * verifying finds.
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

/* The model with one transition more, from new to dropped. */
static json_t *
changed_model(int version, const char *event)
{
    json_t *model = world_model();
    json_t *transition = json_pack("{s:[s], s:s, s:[s]}", "on", event, "by", "pm", "to", "dropped");

    json_array_append_new(
        json_object_get(json_array_get(json_object_get(model, "states"), 0), "transitions"),
        transition);
    json_object_set_new(model, "version", json_integer(version));
    return model;
}

static json_t *
with_error(json_t *answer_take)
{
    json_array_append_new(json_object_get(answer_take, "mistakes"),
                          quoted("{'severity': 'error', 'file': 'workflows/ticket.lua',"
                                 " 'line': 7, 'message': 'unknown word stat'}"));
    return answer_take;
}

static void
write_file(struct world *w, const char *path, const char *text)
{
    char full[256];
    FILE *file;

    snprintf(full, sizeof full, "%s/site/teams/demo/%s", w->dir, path);
    file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void
make_folder(struct world *w, const char *path)
{
    char full[256];

    snprintf(full, sizeof full, "%s/site/teams/demo/%s", w->dir, path);
    assert_int_equal(mkdir(full, 0700), 0);
}

/* How many errors there are, and what the first one says: of warnings the rules may have any. */
static int
errors_in(const json_t *mistakes, const char **message)
{
    const json_t *one;
    size_t i;
    int n = 0;

    json_array_foreach(mistakes, i, one) {
        if (strcmp(sgn_json_str(one, "severity"), "error") == 0 && n++ == 0 && message != NULL)
            *message = sgn_json_str(one, "message");
    }
    return n;
}

/* "FILE:LINE FILE:LINE" */
static void
assert_places(const json_t *mistakes, const char *expected)
{
    char got[1024] = "";
    const json_t *one;
    size_t i, n = 0;

    json_array_foreach(mistakes, i, one)
        n += (size_t)snprintf(got + n, sizeof got - n, "%s%s:%d", i > 0 ? " " : "",
                              sgn_json_str(one, "file"), (int)sgn_json_int(one, "line", 0));
    assert_string_equal(got, expected);
}

/* ---- reading ---- */

static void
test_site_reads_scripts_one_folder_deep(void **state)
{
    struct world *w = world_new(false, false);
    struct reply *reply;
    char path[256];

    (void)state;
    make_folder(w, "workflows");
    make_folder(w, "support");
    make_folder(w, "support/deeper");
    write_file(w, "workflows/x.lua", "x");
    write_file(w, "workflows/x_test.lua", "t");
    write_file(w, "workflows/notes.txt", "n");
    write_file(w, "workflows/.hidden.lua", "h");
    write_file(w, "support/y.lua", "y");
    write_file(w, "support/deeper/z.lua", "z");
    assert_done(reload(w));
    assert_json(json_object_get(w->fake->last_load, "files"),
                "{'team.lua': 'return team \\'demo\\' {}\\n', 'workflows/x.lua': 'x',"
                " 'support/y.lua': 'y'}");
    assert_json(json_object_get(w->fake->last_load, "team"), "'demo'");

    /* What is not plain text of a fair size is told by its name, all of it at once. */
    write_file(w, "support/y.lua", "return\n  '\xff'\n");
    write_file(w, "support/z.lua", "");
    snprintf(path, sizeof path, "%s/site/teams/demo/support/z.lua", w->dir);
    assert_int_equal(truncate(path, 64 * 1024 + 1), 0);
    write_file(w, "workflows/x.lua", "");
    snprintf(path, sizeof path, "%s/site/teams/demo/workflows/x.lua", w->dir);
    assert_int_equal(truncate(path, 7), 0); /* NUL bytes */
    reply = reload(w);
    assert_done(reply);
    assert_json(json_object_get(reply->result, "in_force"), "false");
    assert_places(json_object_get(reply->result, "mistakes"),
                  "support/y.lua:2 support/z.lua:1 workflows/x.lua:1");
    world_free(w);
}

/* ---- reloading ---- */

static void
broken(struct world *w)
{
    const struct lane_site *before = lane_site_ref(w->lane), *after;
    const struct lane_team *team = lane_site_team(before, "demo");
    struct reply *reply;

    assert_non_null(team);
    assert_non_null(lane_team_workflow(team, "ticket"));
    assert_done(world_open(w, "li", "{}"));
    world_set_answer(w, with_error(world_answer(changed_model(2, "vanish"))));
    reply = reload(w);
    assert_done(reply);
    assert_json(json_object_get(reply->result, "in_force"), "false");
    assert_int_equal(errors_in(json_object_get(reply->result, "mistakes"), NULL), 1);
    after = lane_site_ref(w->lane);
    assert_int_equal(lane_team_workflow(lane_site_team(after, "demo"), "ticket")->version, 1);
    /* Its mistakes are told from now on; who looked before sees no change. */
    assert_int_equal(errors_in(lane_site_team(after, "demo")->mistakes, NULL), 1);
    assert_int_equal(errors_in(team->mistakes, NULL), 0);
    lane_site_free(w->lane, before);
    lane_site_free(w->lane, after);
    assert_reply(world_fire(w, "li", "TK-1", "vanish"), SGN_NOT_NOW);
    assert_done(world_fire(w, "li", "TK-1", "count"));

    /* Rules that cannot be a model at all. */
    world_set_answer(w, world_answer(quoted("{'name': 'ticket', 'key': 'lower', 'states': []}")));
    reply = reload(w);
    assert_done(reply);
    assert_json(json_object_get(reply->result, "in_force"), "false");
    assert_done(world_fire(w, "li", "TK-1", "count"));
}

static void
test_site_broken_load_leaves_the_old_in_force(void **state)
{
    (void)state;
    twice(broken);
}

static void
versions(struct world *w)
{
    struct reply *reply;
    const char *message = NULL;

    /* Nobody has used version 1 yet: it may change. */
    world_set_answer(w, world_answer(changed_model(1, "vanish")));
    assert_json(json_object_get(reload(w)->result, "in_force"), "true");
    assert_done(world_open(w, "li", "{}"));
    /* Now it is used, and other rules need another number. */
    world_set_answer(w, world_answer(changed_model(1, "explode")));
    reply = reload(w);
    assert_json(json_object_get(reply->result, "in_force"), "false");
    assert_int_equal(errors_in(json_object_get(reply->result, "mistakes"), &message), 1);
    assert_non_null(strstr(message, "version = 2"));
    world_set_answer(w, world_answer(changed_model(5, "explode")));
    assert_json(json_object_get(reload(w)->result, "in_force"), "true");
    assert_done(world_open(w, "li", "{}"));
    /* Each case keeps the rules it was opened with, also after a restart. */
    for (int i = 0; i < 2; i++) {
        assert_reply(world_fire(w, "li", "TK-1", "explode"), SGN_NOT_NOW);
        assert_reply(world_fire(w, "li", "TK-2", "vanish"), SGN_NOT_NOW);
        world_restart(w);
    }
    assert_done(world_fire(w, "li", "TK-1", "begin")); /* its functions are opened again */
    assert_done(world_fire(w, "li", "TK-2", "explode"));
    world_set_answer(w, world_answer(changed_model(5, "other")));
    reply = reload(w);
    assert_int_equal(errors_in(json_object_get(reply->result, "mistakes"), &message), 1);
    assert_non_null(strstr(message, "version = 6"));
}

static void
test_site_used_version_number_belongs_to_its_rules(void **state)
{
    (void)state;
    twice_on_disk(versions);
}

/* A server that starts with changed rules under a used number goes on with the old ones. */
static void
started_changed(struct world *w)
{
    const struct lane_site *site;

    assert_done(world_open(w, "li", "{}"));
    world_set_answer(w, world_answer(changed_model(1, "explode")));
    world_restart(w);
    site = lane_site_ref(w->lane);
    assert_int_equal(lane_site_team(site, "demo")->n_workflows, 1);
    assert_int_equal(errors_in(lane_site_team(site, "demo")->mistakes, NULL), 1);
    lane_site_free(w->lane, site);
    assert_done(world_open(w, "li", "{}"));
    assert_reply(world_fire(w, "li", "TK-2", "explode"), SGN_NOT_NOW);
    assert_reply(world_fire(w, "li", "TK-1", "explode"), SGN_NOT_NOW);
    assert_done(world_fire(w, "li", "TK-1", "begin")); /* running cases go on */
}

static void
test_site_started_with_a_changed_version_goes_on_with_the_old(void **state)
{
    (void)state;
    twice_on_disk(started_changed);
}

static json_t *
asking_model(const char *event)
{
    json_t *model = changed_model(1, event);

    json_object_set_new(json_array_get(json_object_get(model, "states"), 0), "enter",
                        quoted("[{'call': 2}]"));
    return model;
}

/* The answers for an open and for a reload come in one turn: the open is decided first, and
 * makes its version a used one before anybody could read that in the store. */
static void
one_batch(struct world *w)
{
    struct reply *opened, *reloaded;

    world_set_answer(w, world_answer(asking_model("vanish")));
    world_restart(w);
    world_set_answer(w, world_answer(asking_model("explode")));
    opened = world_submit(w, &(struct ask){ .person = "li",
                                            .run = lane_case_open,
                                            .method = "case.open",
                                            .params = "{'workflow': 'ticket'}" });
    reloaded = world_submit(w, &(struct ask){ .person = "li",
                                              .run = lane_reload,
                                              .method = "workflow.reload",
                                              .access = CORE_LEAD });
    world_settle(w);
    assert_done(opened);
    assert_done(reloaded);
    assert_json(json_object_get(reloaded->result, "in_force"), "false");
}

static void
test_site_reload_sees_what_its_batch_opened(void **state)
{
    (void)state;
    twice_on_disk(one_batch);
}

static void
titles(struct world *w)
{
    json_t *model = world_model(), *row;
    struct model *found = NULL;

    assert_done(world_open(w, "li", "{}"));
    json_object_set_new(model, "title", json_string("Ticket"));
    world_set_answer(w, world_answer(model));
    assert_json(json_object_get(reload(w)->result, "in_force"), "true");
    row = world_case(w, "TK-1"); /* the same version, with the newer texts */
    assert_int_equal(lane_model(w->lane, store_own_reader(w->store), "demo",
                                sgn_json_str(row, "rules"), &found, &w->err),
                     SGN_OK);
    assert_json(found->title, "'Ticket'");
    model_free(found);
    json_decref(row);
}

static void
test_site_other_titles_are_the_same_version(void **state)
{
    (void)state;
    twice(titles);
}

/* A first load with mistakes serves what is left of the team. */
static void
test_site_first_load_leaves_out_what_is_broken(void **state)
{
    struct world *w = world_new(true, false);
    json_t *answer = with_error(world_answer(world_model())), *twin = world_model();
    const struct lane_site *site;

    (void)state;
    json_object_set_new(twin, "name", json_string("twin")); /* numbers its cases alike */
    /* the mistake is in a file of its own, so that ticket's is whole */
    json_object_set_new(json_array_get(json_object_get(answer, "mistakes"), 0), "file",
                        json_string("workflows/loose.lua"));
    json_object_set_new(
        json_object_get(answer, "workflows"), "twin",
        json_pack(
            "{s:o, s:o, s:s}", "model", twin, "functions",
            json_deep_copy(json_object_get(
                json_object_get(json_object_get(answer, "workflows"), "ticket"), "functions")),
            "file", "workflows/twin.lua"));
    json_object_set_new(json_object_get(answer, "workflows"), "odd",
                        quoted("{'model': {'name': 'odd'}, 'functions': {}, 'file': 'odd.lua'}"));
    world_allow(answer, "workflows/twin.lua");
    world_set_answer(w, answer);
    world_tamper(w, "DELETE FROM setting WHERE name = 'rules/demo'");
    site = lane_site_ref(w->lane);
    assert_string_equal(lane_site_rules(site, "demo"), "old");
    assert_int_equal(lane_site_team(site, "demo")->n_workflows, 1);
    assert_int_equal(errors_in(lane_site_team(site, "demo")->mistakes, NULL), 3);
    lane_site_free(w->lane, site);
    assert_done(world_open(w, "li", "{}"));
    world_free(w);
}

static void
retried(struct world *w)
{
    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", "trap"));
    assert_done(world_advance(w, "1 hour"));
    assert_int_equal(world_count(w, "TK-1", "deadline"), 1);
    assert_done(reload(w));
    world_settle(w);
    assert_int_equal(world_count(w, "TK-1", "retry"), 1);
    assert_int_equal(world_count(w, "TK-1", "deadline"), 2);
}

static void
test_site_reload_tries_stuck_cases_again(void **state)
{
    (void)state;
    twice(retried);
}

/* Killed between the reload and the turn that tries: the walk is taken up again, and once. */
static void
retried_after_a_crash(struct world *w)
{
    json_t *rows, *history, *entries, *entry;
    const char *name;
    char sweep[16];
    size_t k;
    int retries = 0;

    for (int i = 1; i <= 105; i++) { /* more than one page of the walk */
        char key[16];

        snprintf(key, sizeof key, "TK-%d", i);
        assert_done(world_open(w, "li", "{}"));
        assert_done(world_fire(w, "li", key, "trap"));
    }
    assert_done(world_advance(w, "1 hour"));
    assert_done(reload(w));
    world_restart(w);
    world_settle(w);
    history = world_history(w);
    json_object_foreach(history, name, entries) {
        int of_case = 0;

        json_array_foreach(entries, k, entry)
            of_case += strcmp(sgn_json_str(entry, "kind"), "retry") == 0;
        assert_in_range(of_case, 0, 1);
        retries += of_case;
    }
    json_decref(history);
    assert_int_equal(retries, 105);
    rows = world_rows(w, STORE_SWEEP);
    assert_int_equal(json_array_size(rows), 1);
    snprintf(sweep, sizeof sweep, "%s", sgn_json_str(json_array_get(rows, 0), "kind"));
    assert_string_equal(sweep, "retry");
    assert_int_not_equal(sgn_json_int(json_array_get(rows, 0), "ended", 0), 0);
    json_decref(rows);
}

static void
test_d34_reload_tries_again_also_after_a_crash_in_between(void **state)
{
    struct world *w = world_new(true, true);

    (void)state;
    retried_after_a_crash(w);
    world_free(w);
}

/* The workflow that an effect missed comes with the reload: then it is carried out after all. */
static void
effect_retried(struct world *w)
{
    json_t *answer = json_deep_copy(w->answer), *missing = world_model(), *row;
    json_t *versions = json_object_get(answer, "workflows");

    assert_done(world_open(w, "li", "{}"));
    assert_done(world_fire(w, "li", "TK-1", "spawn_unknown"));
    world_settle(w);
    assert_int_equal(world_count(w, "TK-1", "effect"), 1);
    json_object_set_new(missing, "name", json_string("nothing"));
    json_object_set_new(missing, "key", json_string("NO"));
    json_object_set_new(versions, "nothing", json_deep_copy(json_object_get(versions, "ticket")));
    json_object_set_new(json_object_get(versions, "nothing"), "model", missing);
    world_set_answer(w, answer);
    assert_json(json_object_get(reload(w)->result, "in_force"), "true");
    world_settle(w);
    row = world_case(w, "NO-1");
    assert_non_null(row);
    json_decref(row);
    row = world_case(w, "TK-1");
    assert_json(json_object_get(row, "stuck"), "null");
    json_decref(row);
    world_restart(w);
    world_settle(w);
    assert_null(world_case(w, "NO-2"));
    assert_int_equal(world_count(w, "TK-1", "retry"), 1);
}

static void
test_site_reload_carries_out_an_effect_that_failed(void **state)
{
    (void)state;
    twice_on_disk(effect_retried);
}

/* As SIGHUP asks: by nobody, with no class. From outside that serves nobody. */
static void
test_site_reload_of_the_engine_needs_no_person(void **state)
{
    struct world *w = world_new(false, false);
    struct lane_job *job;
    struct reply reply = { .world = w };

    (void)state;
    job = lane_job_new();
    job->run = lane_reload;
    job->method = "workflow.reload";
    job->channel = "engine";
    job->params = json_object();
    snprintf(job->team, sizeof job->team, "demo");
    job->done = reply_done;
    job->ctx = &reply;
    assert_int_equal(lane_submit(w->lane, job, &w->err), SGN_OK);
    world_turns(w, 4);
    assert_done(&reply);
    json_decref(reply.result);
    reply = (struct reply){ .world = w };
    job = lane_job_new();
    job->run = lane_reload;
    job->method = "workflow.reload";
    job->channel = "line";
    job->params = json_object();
    snprintf(job->team, sizeof job->team, "demo");
    snprintf(job->person, sizeof job->person, "li");
    job->done = reply_done;
    job->ctx = &reply;
    assert_int_equal(lane_submit(w->lane, job, &w->err), SGN_OK);
    world_turns(w, 4);
    assert_reply(&reply, SGN_FORBIDDEN);
    json_decref(reply.data);
    world_free(w);
}

/* ---- verifying ---- */

static void
assert_broken(struct world *w, const char *where)
{
    json_t *report = NULL;
    struct sgn_error err = { 0 };

    assert_int_equal(lane_verify(store_own_reader(w->store), NULL, "demo", &report, &err),
                     SGN_INVALID);
    assert_null(report);
    if (strstr(err.message, where) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.message, where);
    sgn_error_clear(&err);
}

static struct world *
with_history(void)
{
    struct world *w = world_new(true, false);
    json_t *report = NULL;

    assert_done(world_open(w, "li", "{'summary': 'first'}"));
    assert_done(world_open(w, "li", "{'summary': 'second'}"));
    assert_done(world_fire(w, "li", "TK-1", "begin"));
    assert_done(world_advance(w, "3 hours"));
    assert_int_equal(lane_verify(store_own_reader(w->store), NULL, "demo", &report, &w->err),
                     SGN_OK);
    assert_json(json_object_get(report, "entries"), "5");
    assert_json(json_object_get(report, "cases"), "2");
    assert_json(json_object_get(report, "redacted"), "0");
    json_decref(report);
    return w;
}

static void
test_site_verify_finds_what_was_changed(void **state)
{
    static const struct {
        const char *sql, *where;
    } changes[] = {
        { "UPDATE case_ SET document = replace(document, 'first', 'other') WHERE key = 'TK-1'",
          "TK-1" },
        { "UPDATE case_ SET document = '{' WHERE key = 'TK-2'", "TK-2" },
        { "DELETE FROM case_ WHERE key = 'TK-2'", "TK-2" },
        { "UPDATE case_ SET outcome = 'done' WHERE key = 'TK-2'", "outcome" },
        { "UPDATE case_ SET opener = 'wang' WHERE key = 'TK-1'", "opener" },
        { "CREATE TEMP TABLE made AS SELECT * FROM case_ WHERE key = 'TK-1';"
          "UPDATE made SET id = NULL, key = 'TK-3', key_order = 'TK-3';"
          "INSERT INTO case_ SELECT * FROM made",
          "TK-3" },
        /* Its bytes are packed where its header was. */
        { "UPDATE entry SET header = CAST(replace(CAST(header AS TEXT), 'first', 'worst') AS BLOB)"
          " WHERE seq = 2",
          "entry 2" },
        { "UPDATE entry SET header = CAST(replace(CAST(header AS TEXT), 'begin', 'begun') AS BLOB)"
          " WHERE seq = 4",
          "entry 4" },
        { "UPDATE entry SET header = CAST(substr(header, 1, length(header) - 1) || x'02' AS BLOB)"
          " WHERE seq = 2",
          "entry 2" },
        { "UPDATE entry SET header = substr(header, 1, 30) WHERE seq = 3", "entry 3" },
        { "UPDATE entry SET actor = 'ly' WHERE seq = 3", "entry 3" },
        { "UPDATE entry SET internal_salt = zeroblob(16) WHERE seq = 1", "entry 1" },
        { "DELETE FROM entry WHERE seq = 3", "entry 3" },
        { "DELETE FROM entry WHERE seq = 5", "entry 5" },
        { "UPDATE head SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE team = 'demo'",
          "head" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct world *w = with_history();

        world_tamper(w, changes[i].sql);
        assert_broken(w, changes[i].where);
        world_free(w);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_site_reads_scripts_one_folder_deep),
        cmocka_unit_test(test_site_broken_load_leaves_the_old_in_force),
        cmocka_unit_test(test_site_used_version_number_belongs_to_its_rules),
        cmocka_unit_test(test_site_started_with_a_changed_version_goes_on_with_the_old),
        cmocka_unit_test(test_site_reload_sees_what_its_batch_opened),
        cmocka_unit_test(test_site_other_titles_are_the_same_version),
        cmocka_unit_test(test_site_first_load_leaves_out_what_is_broken),
        cmocka_unit_test(test_site_reload_tries_stuck_cases_again),
        cmocka_unit_test(test_d34_reload_tries_again_also_after_a_crash_in_between),
        cmocka_unit_test(test_site_reload_carries_out_an_effect_that_failed),
        cmocka_unit_test(test_site_reload_of_the_engine_needs_no_person),
        cmocka_unit_test(test_site_verify_finds_what_was_changed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
