/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folding: whatever is done to a case, in whatever order, its history alone gives its row.
 * world_do compares after every entry; here sequences are random, with a seed that is told.
 */
#include "support/world.h"

static const char *const busy =
    "{'name': 'busy', 'key': 'BU', 'version': 2, 'client': '%s',"
    " 'roles': ['pm', 'engineer', 'ccb', 'client'],"
    " 'fields': [{'name': 'n', 'type': 'number', 'shared': true, 'default': 0},"
    "            {'name': 'inner', 'type': 'text', 'shared': false},"
    "            {'name': 'level', 'type': 'choice', 'shared': true, 'choices': ['x', 'y']},"
    "            {'name': 'served', 'type': 'time', 'shared': true}],"
    " 'deadlines': [{'name': 'all', 'duration': '30 hours', 'rungs': ["
    "    {'at': 20, 'actions': [{'remind': 'owner'}]},"
    "    {'late': '0', 'actions': [{'priority': 'up'}, {'reassign': 'pm'}]},"
    "    {'again': '7 hours', 'most': 4, 'actions': [{'remind': 'pm'}]}]}],"
    " 'transitions': [{'on': ['hold'], 'by': 'anyone', 'to': ['held']},"
    "                 {'on': ['reset'], 'by': 'pm', 'to': ['both']}],"
    " 'states': ["
    "  {'name': 'both', 'kind': 'parallel', 'states': ["
    "    {'name': 'left', 'kind': 'state', 'states': ["
    "      {'name': 'l1', 'kind': 'state', 'owner': 'engineer',"
    "       'edit': [{'who': ['pm', 'client'], 'fields': 'all'}], 'transitions': ["
    "        {'on': ['l'], 'by': 'anyone', 'to': ['l2'], 'run': [{'set': {'n': {'plus': 1}}}]},"
    "        {'kind': 'after', 'after': '5 hours', 'to': ['l2']}]},"
    "      {'name': 'l2', 'kind': 'state', 'waiting_for': 'client', 'transitions': ["
    "        {'on': ['l'], 'by': 'anyone', 'to': ['l1']},"
    "        {'on': ['x'], 'by': 'anyone', 'takes': ['inner', 'n', 'level', 'served']},"
    "        {'on': ['f'], 'by': 'anyone', 'to': ['lf']}]},"
    "      {'name': 'lh', 'kind': 'history', 'start': ['l1']},"
    "      {'name': 'lf', 'kind': 'final'}]},"
    "    {'name': 'right', 'kind': 'state', 'states': ["
    "      {'name': 'vote', 'kind': 'state',"
    "       'approval': {'covers': ['n'], 'outcomes': ['approved', 'rejected', 'deferred'],"
    "         %s 'rule': {'kind': 'all_of', 'rules': ["
    "          {'kind': 'at_least', 'n': 1, 'who': 'pm', 'nobody': 'reject'},"
    "          {'kind': 'at_least', 'n': 1, 'who': 'client', 'nobody': 'skip'}]}},"
    "       'deadlines': [{'name': 'answer', 'duration': {'per': 'level',"
    "           'values': {'x': '3 hours', 'y': '2 days'}}, 'from': 'served',"
    "         'rungs': [{'at': 50, 'actions': [{'remind': 'pending'}]},"
    "                   {'late': '1 hour', 'actions': [{'decide': 'rejected', 'as': 'silent'}]}]}],"
    "       'transitions': ["
    "        {'kind': 'approval', 'outcome': 'approved', 'to': ['rf']},"
    "        {'kind': 'approval', 'outcome': 'rejected', 'to': ['tasks']},"
    "        {'kind': 'approval', 'outcome': 'deferred', 'to': ['vote']}]},"
    "      {'name': 'tasks', 'kind': 'state', 'tasks': [{'name': 't1', 'by': 'anyone'},"
    "         {'name': 't2', 'by': 'anyone', 'optional': true}],"
    "       'transitions': [{'kind': 'tasks', 'to': ['vote']}]},"
    "      {'name': 'rf', 'kind': 'final'}]}],"
    "   'transitions': [{'kind': 'done', 'to': ['end']}]},"
    "  {'name': 'held', 'kind': 'state', 'owner': 'opener', 'transitions': ["
    "    {'on': ['resume'], 'by': 'anyone', 'to': ['lh']}]},"
    "  {'name': 'end', 'kind': 'final'}]}";

static uint64_t
next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* One random command; what is refused is fine, what is accepted is compared. */
static enum sgn_status
random_command(struct world *w, uint64_t *seed)
{
    static const char *const people[] = { "li", "wang", "zhao", "mei", "jun" };
    static const char *const commands[] = {
        "{'event': 'l'}",
        "{'event': 'f'}",
        "{'event': 'hold'}",
        "{'event': 'resume'}",
        "{'event': 'reset'}",
        "{'event': 'x', 'data': {'n': 4, 'level': 'x'}}",
        "{'event': 'x', 'data': {'inner': 'SECRET'}}",
        "{'event': 'x', 'data': {'served': '2026-01-05T10:00:00+08:00', 'level': 'y'}}",
        "{'event': 'x', 'data': {'level': null, 'served': null}}",
    };
    const char *who = people[next_random(seed) % 5];
    bool of_client = strcmp(who, "mei") == 0 || strcmp(who, "jun") == 0;
    char params[256];
    const json_t *round = json_object_get(json_object_get(w->row, "rounds"), "vote");

    w->now += (int64_t)(next_random(seed) % (2 * HOUR));
    if (world_due(w) != NULL)
        return world_fire_due(w);
    switch (next_random(seed) % 10) {
    case 0:
        return world_do(w, CORE_COMMENT, who,
                        of_client ? "{'text': 'hello'}" : "{'text': 'SECRET'}");
    case 1:
        return world_do(w, CORE_EDIT, who, "{'fields': {'n': 7}}");
    case 2:
        return world_do(w, CORE_EDIT, who, "{'fields': {'n': 8, 'inner': 'SECRET'}}");
    case 3:
    case 4:
        snprintf(params, sizeof(params), "{'choice': '%s', 'digest': '%s', 'comment': '%s'}",
                 next_random(seed) % 3 == 0 ? "reject" : "approve",
                 sgn_json_str(round, "digest") != NULL ? sgn_json_str(round, "digest") : "",
                 of_client ? "ok" : "SECRET");
        return world_do(w, CORE_VOTE, who, params);
    case 5:
        return world_do(w, CORE_WITHDRAW, who, "{}");
    case 6:
        return world_do(w, CORE_TASK, who,
                        next_random(seed) % 2 == 0 ? "{'task': 't1', 'done': true}"
                                                   : "{'task': 't2', 'done': true}");
    case 7:
        return world_do(w, CORE_LINK, who,
                        next_random(seed) % 2 == 0 ? "{'other': 'IS-9'}"
                                                   : "{'other': 'IS-9', 'remove': true}");
    default:
        return world_do(w, CORE_FIRE, who, commands[next_random(seed) % 9]);
    }
}

/* The whole history again, from nothing. */
static void
fold_all(struct world *w)
{
    json_t *row = NULL;
    const json_t *entry;
    size_t i;

    json_array_foreach(w->history, i, entry) {
        json_t *next = NULL;
        const json_t *shared = json_array_get(entry, 1), *internal = json_array_get(entry, 2);
        assert_ok(w, case_fold(row, json_array_get(entry, 0), json_is_null(shared) ? NULL : shared,
                               json_is_null(internal) ? NULL : internal, &next, &w->err));
        json_decref(row);
        row = next;
    }
    assert_true(json_equal(row, w->row));
    json_decref(row);
}

/* Whatever has happened, what the client is explained holds nothing internal. */
static void
explain_to_client(struct world *w)
{
    struct core_known known = { .facts = w->facts };
    struct core_command command = {
        .kind = CORE_FIRE, .actor = "mei", .channel = "line", .at = w->now, .case_key = "CR-1"
    };
    struct core_question question = { w->model, w->row, &command, &known, NULL };
    struct core_decision needs;
    json_t *out = NULL;

    assert_ok(w, core_explain(&question, "en", &out, &needs, &w->err));
    no_secret(out);
    json_decref(out);
    core_decision_deinit(&needs);
}

static void
test_fold_random_histories(void **state)
{
    static const char *const clients[] = { "project", "own", "none" };
    static const char *const options[] = { "", "'fixed': true,", "'distinct': true,", "" };
    char model[8192];
    int accepted = 0, ended = 0;

    (void)state;
    for (uint64_t n = 1; n <= 60; n++) {
        uint64_t seed = n * UINT64_C(0x9E3779B97F4A7C15);
        struct world *w;
        snprintf(model, sizeof(model), busy, clients[n % 3], options[n % 4]);
        w = world_new(model);
        assert_ok(w, world_open(w, "li", "{}"));
        for (int i = 0; i < 60; i++) {
            enum sgn_status status = random_command(w, &seed);
            if (status == SGN_RULE_ERROR || status == SGN_INTERNAL || status == SGN_NOMEM)
                fail_msg("seed %d, step %d: %s", (int)n, i, w->err.message);
            accepted += status == SGN_OK;
            if (n % 3 == 0 && status == SGN_OK)
                explain_to_client(w);
        }
        ended += !case_is_open(w->row);
        fold_all(w);
        world_free(w);
    }
    assert_true(accepted > 800); /* or the test looks at nothing */
    assert_true(ended > 0);
}

static void
test_fold_refuses_what_does_not_follow(void **state)
{
    struct world *w = world_new("{'name': 'x', 'key': 'XX', 'version': 1,"
                                " 'states': [{'name': 's', 'kind': 'state'}]}");
    json_t *out = NULL, *header;

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    header = json("{'kind': 'fire', 'case_seq': 3, 'at': 1, 'case': 'CR-1'}");
    assert_int_equal(case_fold(w->row, header, NULL, NULL, &out, &w->err), SGN_INVALID);
    assert_int_equal(case_fold(NULL, header, NULL, NULL, &out, &w->err), SGN_INVALID);
    assert_int_equal(case_fold(w->row, w->header, w->shared, w->internal, &out, &w->err),
                     SGN_INVALID);
    json_decref(header);
    world_free(w);
}

static void
test_fold_uses_the_time_that_was_decided_on(void **state)
{
    struct world *w = world_new("{'name': 'x', 'key': 'XX', 'version': 1,"
                                " 'states': [{'name': 's', 'kind': 'state'}]}");
    json_t *header, *internal, *out = NULL;

    (void)state;
    assert_ok(w, world_open(w, "li", "{}"));
    header = json_deep_copy(w->header);
    internal = json_deep_copy(w->internal);
    json_object_set_new(header, "at", json_integer(START + 5));
    json_object_set_new(internal, "arrived", json_integer(START));
    assert_ok(w, case_fold(NULL, header, NULL, internal, &out, &w->err));
    assert_true(json_equal(out, w->row));
    json_decref(out);
    json_decref(header);
    json_decref(internal);
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fold_random_histories),
        cmocka_unit_test(test_fold_refuses_what_does_not_follow),
        cmocka_unit_test(test_fold_uses_the_time_that_was_decided_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
