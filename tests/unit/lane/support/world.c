/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See world.h: the server without sockets, its life and its folder.
 */
#include "world.h"
#include "hash.h"
#include <ftw.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- JSON ---- */

json_t *
quoted(const char *text)
{
    char *copy = strdup(text);
    struct sgn_error err = { 0 };
    json_t *value = NULL;

    for (char *c = copy; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    if (sgn_json_parse(copy, strlen(copy), &value, &err) != SGN_OK)
        fail_msg("the test's JSON: %s in %s", err.message, copy);
    free(copy);
    return value;
}

void
assert_json_at(const json_t *value, const char *expected, const char *file, int line)
{
    json_t *want = quoted(expected);

    if (!json_equal((json_t *)value, want)) {
        char *got = value != NULL ? json_dumps(value, JSON_ENCODE_ANY) : strdup("nothing");

        print_error("%s:%d: got %s, expected %s\n", file, line, got, expected);
        free(got);
        json_decref(want);
        fail();
    }
    json_decref(want);
}

json_t *
world_model(void)
{
    json_error_t error;
    json_t *model =
        json_load_file(SGN_SOURCE_DIR "/tests/unit/lane/support/ticket.json", 0, &error);

    if (model == NULL)
        fail_msg("ticket.json:%d: %s", error.line, error.text);
    return model;
}

/* ---- the rules' functions ---- */

/* 1 a guard that agrees, 2 notes that it ran, 3 a guard that says no, 4 fails, 5 overruns,
 * 6 makes its own input differ each time it is asked. */
static enum sgn_status
answer_call(void *ctx, int function, enum rules_purpose purpose, const json_t *input, json_t **out,
            struct sgn_error *err)
{
    struct world *w = ctx;
    int64_t count;

    json_decref(w->last_input);
    w->last_input = json_deep_copy(input);
    (void)purpose;
    switch (function) {
    case 1:
        *out = json_true();
        return SGN_OK;
    case 2:
        *out = quoted("[{'set': {'log': {'value': 'it ran'}}}]");
        return SGN_OK;
    case 3:
        *out = quoted("[false, 'not on a Monday']");
        return SGN_OK;
    case 4:
        return sgn_fail(err, SGN_RULE_ERROR, "ticket.lua:4: on purpose");
    case 5:
        return sgn_fail(err, SGN_RULE_OVERRUN, "ticket.lua:5: over its budget");
    default:
        count = sgn_json_int(json_object_get(json_object_get(input, "c"), "fields"), "count", 0);
        *out = json_pack("[{s:{s:{s:I}}}]", "set", "count", "value", (json_int_t)(count + 1));
        return SGN_OK;
    }
}

json_t *
world_answer(json_t *model_take)
{
    json_t *functions = json_object(), *answer;
    const char *name;
    json_t *value;

    json_object_foreach(json_object_get(model_take, "functions"), name, value)
        json_object_set_new(functions, name,
                            json_pack("{s:s, s:{}}", "source", "return 1", "constants"));
    answer = json_pack("{s:{s:s, s:s, s:[{s:s}]}, s:{s:{s:o, s:o, s:s, s:s}}, s:[]}", "team",
                       "name", "demo", "timezone", "Asia/Shanghai", "use", "workflow", "ticket",
                       "workflows", "ticket", "model", model_take, "functions", functions, "source",
                       "return workflow", "file", "workflows/ticket.lua", "mistakes");
    assert_non_null(answer);
    world_allow(answer, "workflows/ticket.lua");
    return answer;
}

/* The workflow opens one that the team does not use, on purpose. */
void
world_allow(json_t *answer, const char *file)
{
    json_t *remarks = json_object_get(answer, "remarks");

    if (remarks == NULL) {
        remarks = json_object();
        json_object_set_new(answer, "remarks", remarks);
    }
    json_object_set_new(remarks, file,
                        json_pack("[{s:i, s:i, s:b, s:s}]", "line", 1, "column", 1, "alone", 0,
                                  "text", "allow workflow-unknown: it cannot be opened"));
}

void
world_set_answer(struct world *w, json_t *answer_take)
{
    json_decref(w->answer);
    w->answer = answer_take;
    json_object_set(w->fake->answers, "demo", w->answer);
}

/* ---- its life ---- */

static void
on_committed(void *ctx, const char *team, int64_t head)
{
    struct world *w = ctx;

    if (strcmp(team, "demo") != 0)
        return;
    assert_true(head > w->told);
    w->told = head;
}

static void
on_failed(void *ctx, const struct sgn_error *err)
{
    struct world *w = ctx;

    (void)err;
    w->n_failed++;
}

static const char *const first_rows =
    "{'rows': ["
    " {'table': 'client', 'team': 'demo', 'row': {'client': 'acme', 'active': true}},"
    " {'table': 'project', 'team': 'demo', 'row': {'project': 'erp', 'client': 'acme',"
    "   'state': 'open'}},"
    " {'table': 'person', 'team': 'demo', 'row': {'person': 'li', 'lead': true, 'active': true}},"
    " {'table': 'person', 'team': 'demo', 'row': {'person': 'wang', 'lead': false,"
    "   'active': true}},"
    " {'table': 'person', 'team': 'demo', 'row': {'person': 'zhao', 'lead': false,"
    "   'active': true}},"
    " {'table': 'person', 'team': 'demo', 'row': {'person': 'out', 'lead': false,"
    "   'active': true}},"
    " {'table': 'person', 'team': 'demo', 'row': {'person': 'mei', 'client': 'acme',"
    "   'lead': false, 'active': true}},"
    " {'table': 'person', 'team': 'demo', 'row': {'person': 'kim', 'client': 'other',"
    "   'lead': false, 'active': true}},"
    " {'table': 'membership', 'team': 'demo', 'row': {'project': 'erp', 'person': 'li',"
    "   'role': 'pm'}},"
    " {'table': 'membership', 'team': 'demo', 'row': {'project': 'erp', 'person': 'wang',"
    "   'role': 'engineer'}},"
    " {'table': 'membership', 'team': 'demo', 'row': {'project': 'erp', 'person': 'zhao',"
    "   'role': 'engineer'}},"
    " {'table': 'membership', 'team': 'demo', 'row': {'project': 'erp', 'person': 'mei',"
    "   'role': 'client'}},"
    " {'table': 'token', 'team': '', 'row': {'hash': 'aaaa', 'id': 't1', 'team': 'demo',"
    "   'person': 'li', 'operator': false}},"
    " {'table': 'token', 'team': '', 'row': {'hash': 'bbbb', 'id': 't2', 'team': 'demo',"
    "   'person': 'wang', 'operator': false, 'expires': 1767578400000}}]}";

static void
rules_start(struct world *w)
{
    w->fake = fake_rules_new(answer_call, w);
    world_set_answer(w, w->answer != NULL ? json_incref(w->answer) : world_answer(world_model()));
    w->rules = w->delayed ? delayed_rules(&w->fake->base) : &w->fake->base;
}

void
world_start(struct world *w)
{
    struct store_options store = { .url = w->url, .reserve_bytes = 1, .shared = true };
    struct lane_options options = { 0 };
    json_t *init = quoted(first_rows);
    bool ignored;

    snprintf(w->site, sizeof w->site, "%s/site", w->dir);
    if (w->of != NULL && !w->apart)
        w->store = w->of->store;
    else
        assert_int_equal(store_open(&store, &w->store, &w->err), SGN_OK);
    assert_int_equal(lane_clock_open(w->store, w->real ? NULL : "2026-01-05T09:00:00+08:00",
                                     &w->clock, &ignored, &w->err),
                     SGN_OK);
    rules_start(w);
    options.store = w->store;
    options.rules = w->rules;
    options.clock = &w->clock;
    options.site = w->site;
    options.files = w->files;
    options.holidays = w->holidays;
    options.program = w->program;
    options.limits = w->limits;
    options.committed = on_committed;
    options.failed = on_failed;
    options.ctx = w;
    assert_int_equal(lane_new(&options, &w->lane, &w->err), SGN_OK);
    assert_int_equal(lane_bootstrap(w->lane, init, &w->err), SGN_OK);
    json_decref(init);
}

struct world *
world_new(bool on_disk, bool delayed)
{
    struct world *w = calloc(1, sizeof *w);
    char path[160];
    FILE *file;

    assert_int_equal(sgn_hash_init(&w->err), SGN_OK);
    lane_limits_default(&w->limits);
    w->limits.retry_ms = 0;
    w->delayed = delayed;
    snprintf(w->dir, sizeof w->dir, "/tmp/sgn-lane-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    if (on_disk)
        snprintf(w->url, sizeof w->url, "sqlite:%s/data", w->dir);
    else
        snprintf(w->url, sizeof w->url, "sqlite::memory:");
    for (int i = 0; i < 3; i++) {
        static const char *const folders[] = { "site", "site/teams", "site/teams/demo" };

        snprintf(path, sizeof path, "%s/%s", w->dir, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    snprintf(path, sizeof path, "%s/site/teams/demo/team.lua", w->dir);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("return team \"demo\" {}\n", file);
    fclose(file);
    world_start(w);
    return w;
}

static struct world *
beside(const struct world *of, bool apart)
{
    struct world *w = calloc(1, sizeof *w);

    w->of = of;
    w->apart = apart;
    w->real = of->real;
    w->limits = of->limits;
    w->delayed = of->delayed;
    memcpy(w->dir, of->dir, sizeof w->dir);
    memcpy(w->url, of->url, sizeof w->url);
    world_start(w);
    return w;
}

struct world *
world_beside(const struct world *of)
{
    return beside(of, false);
}

struct world *
world_apart(const struct world *of)
{
    return beside(of, true);
}

void
world_stop(struct world *w)
{
    lane_stop(w->lane);
    lane_free(w->lane);
    w->rules->ops->free(w->rules);
    if (w->of == NULL || w->apart)
        store_close(w->store);
    w->lane = NULL;
    w->store = NULL;
    w->rules = NULL;
    w->fake = NULL;
}

void
world_restart(struct world *w)
{
    world_stop(w);
    world_start(w);
}

void
world_tamper(struct world *w, const char *sql)
{
    char path[128];
    sqlite3 *db = NULL;
    char *message = NULL;

    world_stop(w);
    snprintf(path, sizeof path, "%s/data/signoff.db", w->dir);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_close(db);
    world_start(w);
}

static int
remove_one(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
    (void)info;
    (void)flag;
    (void)walk;
    return remove(path);
}

void
world_free(struct world *w)
{
    if (w->lane != NULL)
        world_stop(w);
    while (w->replies != NULL) {
        struct reply *next = w->replies->next;

        json_decref(w->replies->data);
        json_decref(w->replies->result);
        free(w->replies);
        w->replies = next;
    }
    json_decref(w->last_input);
    json_decref(w->answer);
    json_decref(w->holidays);
    sgn_error_clear(&w->err);
    if (w->of == NULL)
        (void)nftw(w->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(w);
}

/* ---- twice ---- */

static json_t *
run_once(scenario_fn scenario, bool on_disk, bool delayed)
{
    struct world *w = world_new(on_disk, delayed);
    json_t *history;

    scenario(w);
    world_settle(w);
    world_verify(w);
    history = world_history(w);
    world_free(w);
    return history;
}

static void
compare(const json_t *at_once, const json_t *later)
{
    char *a, *b;

    if (json_equal((json_t *)at_once, (json_t *)later))
        return;
    a = json_dumps(at_once, JSON_INDENT(1) | JSON_SORT_KEYS);
    b = json_dumps(later, JSON_INDENT(1) | JSON_SORT_KEYS);
    print_error("answers at once:\n%s\na turn later:\n%s\n", a, b);
    free(a);
    free(b);
    fail_msg("the histories differ");
}

static void
run_twice(scenario_fn scenario, bool on_disk)
{
    json_t *at_once = run_once(scenario, on_disk, false);
    json_t *later = run_once(scenario, on_disk, true);

    compare(at_once, later);
    json_decref(at_once);
    json_decref(later);
}

void
twice(scenario_fn scenario)
{
    run_twice(scenario, false);
}

void
twice_on_disk(scenario_fn scenario)
{
    run_twice(scenario, true);
}

/* ---- its folder ---- */

void
world_write_file(struct world *w, const char *name, const char *text)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/teams/demo/holidays", w->site);
    (void)mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/teams/demo/%s", w->site, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}
