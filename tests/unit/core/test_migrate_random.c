/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random small charts, random cases in them, and random next charts with random mappings. Whatever
 * they are: a case that was migrated stands in a legal configuration of the new chart, and nothing
 * hangs on a state that it is not in; one that was not is as it was, and has a reason; a second
 * migration changes nothing. That folding the entry gives the row is looked at by the world itself.
 *
 * What is legal is said here again, from SCXML's definition, and not asked of the statechart. The
 * last test plants faults in rows and sees that they are found.
 */
#include "buf.h"
#include "statechart.h"
#include "support/migrating.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASES    800
#define NAMES    6
#define TEXT_MAX 32768

/* ---- chance ---- */

struct chance {
    uint64_t state;
};

static uint32_t
draw(struct chance *c, uint32_t below)
{
    c->state = c->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(c->state >> 33) % below;
}

/* ---- charts ---- */

enum shape {
    GONE,
    PLAIN,
    COMPOUND, /* x1 x2, and a history h */
    PARALLEL, /* regions xp xq, each of two */
    SHAPES
};

struct chart {
    enum shape shapes[NAMES];
    bool approval[NAMES];
};

static const char letters[NAMES + 1] = "abcdef";

static void
put_events(struct sgn_buf *buf, const struct chart *chart)
{
    bool first = true;

    sgn_buf_puts(buf, "'transitions': [");
    for (int i = 0; i < NAMES; i++)
        if (chart->shapes[i] != GONE) {
            sgn_buf_printf(buf, "%s{'on': ['to.%c'], 'by': 'pm', 'to': ['%c']}", first ? "" : ", ",
                           letters[i], letters[i]);
            first = false;
        }
    sgn_buf_puts(buf, "]");
}

/* An owner, deadlines and tasks as it comes; the deadline's name may stay the same where states
 * change theirs. */
static void
put_hangings(struct sgn_buf *buf, struct chance *c, char name)
{
    if (draw(c, 2) == 0)
        sgn_buf_puts(buf, ", 'owner': 'pm'");
    if (draw(c, 2) == 0)
        sgn_buf_printf(buf,
                       ", 'deadlines': [{'name': '%s%c', 'duration': '%u days', 'rungs': ["
                       "{'at': 50, 'actions': [{'remind': 'pm'}]},"
                       "{'late': '0', 'actions': [{'notify': 'pm'}]}]}]",
                       draw(c, 2) == 0 ? "" : "clock.", name, 1 + draw(c, 9));
    if (draw(c, 3) == 0)
        sgn_buf_puts(buf, ", 'tasks': [{'name': 'papers', 'by': 'pm'}]");
}

static void
put_leaf(struct sgn_buf *buf, struct chance *c, char a, const char *b)
{
    sgn_buf_printf(buf, "{'name': '%c%s', 'kind': 'state'", a, b);
    if (draw(c, 2) == 0)
        sgn_buf_puts(buf, ", 'owner': 'engineer'");
    sgn_buf_printf(buf, ", 'transitions': [{'on': ['in'], 'by': 'pm', 'to': ['%c%.*s%c']}]}", a,
                   (int)strlen(b) - 1, b, b[strlen(b) - 1] == '1' ? '2' : '1');
}

static void
put_insides(struct sgn_buf *buf, struct chance *c, enum shape shape, char name)
{
    sgn_buf_puts(buf, ", 'states': [");
    if (shape == COMPOUND) {
        put_leaf(buf, c, name, "1");
        sgn_buf_puts(buf, ", ");
        put_leaf(buf, c, name, "2");
        sgn_buf_printf(buf, ", {'name': '%ch', 'kind': 'history', 'start': ['%c1']}", name, name);
    }
    for (const char *r = "pq"; shape == PARALLEL && *r != '\0'; r++) {
        char one[3] = { *r, '1', '\0' }, two[3] = { *r, '2', '\0' };
        sgn_buf_printf(buf, "%s{'name': '%c%c', 'kind': 'state', 'states': [",
                       *r == 'q' ? ", " : "", name, *r);
        put_leaf(buf, c, name, one);
        sgn_buf_puts(buf, ", ");
        put_leaf(buf, c, name, two);
        sgn_buf_puts(buf, "]}");
    }
    sgn_buf_puts(buf, "]");
}

static void
put_state(struct sgn_buf *buf, struct chance *c, struct chart *chart, int i)
{
    enum shape shape = chart->shapes[i];
    bool approval = shape == PLAIN && draw(c, 3) == 0;

    chart->approval[i] = approval;
    sgn_buf_printf(buf, "{'name': '%c', 'kind': '%s', ", letters[i],
                   shape == PARALLEL ? "parallel" : "state");
    put_events(buf, chart);
    if (approval) /* the closing bracket of the transitions goes again */
        buf->len--;
    if (approval)
        sgn_buf_puts(buf, ", {'kind': 'approval', 'outcome': 'approved', 'to': ['end']},"
                          " {'kind': 'approval', 'outcome': 'rejected', 'to': ['end']}],"
                          " 'approval': {'outcomes': ['approved', 'rejected'], 'rule':"
                          " {'kind': 'at_least', 'n': 2, 'who': 'ccb', 'nobody': 'reject'}}");
    put_hangings(buf, c, letters[i]);
    if (shape == COMPOUND || shape == PARALLEL)
        put_insides(buf, c, shape, letters[i]);
    sgn_buf_puts(buf, "}, ");
}

/* 'migrations' of a random mapping, of the tops and of some that lie deeper, to what there is. */
static void
put_migration(struct sgn_buf *buf, struct chance *c, const struct chart *chart)
{
    static const char *const deep[] = { "", "", "", "1", "p", "q2", "h" };
    bool used[NAMES] = { false }, first = true;

    sgn_buf_puts(buf, "'migrations': [{'from': [1], 'states': {");
    for (int k = 0; k < 4; k++) {
        int from = (int)draw(c, NAMES), to = (int)draw(c, NAMES);
        if (used[from] || chart->shapes[to] == GONE || draw(c, 2) == 0)
            continue;
        used[from] = true;
        sgn_buf_printf(buf, "%s'%c%s': '%c%s'", first ? "" : ", ", letters[from],
                       deep[draw(c, sizeof(deep) / sizeof(deep[0]))], letters[to],
                       chart->shapes[to] == PARALLEL && draw(c, 2) == 0 ? "q2" : "");
        first = false;
    }
    sgn_buf_puts(buf, "}}], ");
}

/* Version 2 comes of 1 by dropping states and giving others another shape. Malloc'ed text. */
static char *
chart_text(struct chance *c, struct chart *chart, int version)
{
    struct sgn_buf buf;

    sgn_buf_init(&buf, TEXT_MAX);
    for (int i = 0; i < NAMES; i++)
        if (version == 1 || draw(c, 3) == 0)
            chart->shapes[i] = (enum shape)draw(c, SHAPES);
    chart->shapes[0] = chart->shapes[0] == GONE ? PLAIN : chart->shapes[0];
    sgn_buf_printf(&buf,
                   "{'name': 'w', 'key': 'CR', 'version': %d, 'client': 'project',"
                   " 'roles': ['pm', 'engineer', 'ccb', 'client'],"
                   " 'fields': [{'name': 'kept', 'type': 'number', 'shared': true}%s], ",
                   version,
                   draw(c, 2) == 0 ? ", {'name': 'odd', 'type': 'text', 'shared': false}" : "");
    if (version > 1)
        put_migration(&buf, c, chart);
    sgn_buf_puts(&buf, "'states': [");
    for (int i = 0; i < NAMES; i++)
        if (chart->shapes[i] != GONE)
            put_state(&buf, c, chart, i);
    sgn_buf_puts(&buf, "{'name': 'end', 'kind': 'final'}]}");
    return sgn_buf_take(&buf);
}

/* ---- what is legal ---- */

static bool
is_active(const struct model *model, const json_t *states, int state)
{
    const json_t *name;
    size_t i;

    json_array_foreach(states, i, name) {
        int leaf = model_state_find(model, json_string_value(name));
        for (; leaf >= 0; leaf = leaf > 0 ? model->states[leaf].parent : -1)
            if (leaf == state)
                return true;
    }
    return false;
}

/* Children that are active: of a compound state exactly one, of a parallel one all. */
static const char *
fault_of_children(const struct model *model, const json_t *states, int state)
{
    const struct model_state *s = &model->states[state];
    int active = 0, all = 0;

    for (int i = 0; i < s->n_children; i++) {
        const struct model_state *child = &model->states[s->children[i]];
        all += child->kind != MODEL_HISTORY;
        active += child->kind != MODEL_HISTORY && is_active(model, states, child->index);
    }
    if (s->kind == MODEL_PARALLEL && active != all)
        return "a region is missing";
    if (s->kind != MODEL_PARALLEL && all > 0 && active != 1)
        return "not one child of a compound state is active";
    return NULL;
}

static const char *
fault_of_states(const struct model *model, const json_t *states)
{
    const char *fault = json_array_size(states) > 0 ? NULL : "no state";
    const json_t *name;
    size_t i;

    json_array_foreach(states, i, name) {
        int leaf = model_state_find(model, json_string_value(name));
        if (leaf <= 0)
            return "a state that there is not";
        if (model->states[leaf].n_children > 0 || model->states[leaf].kind == MODEL_HISTORY)
            return "no leaf";
    }
    for (int s = 0; fault == NULL && s < model->n_states; s++)
        if (s == 0 || is_active(model, states, s))
            fault = fault_of_children(model, states, s);
    return fault;
}

/* Owners, open rounds and deadlines stand in active states. */
static const char *
fault_of_hangings(const struct model *model, const json_t *row)
{
    const json_t *states = json_object_get(row, "states"), *deadline;
    const char *name;
    json_t *value;
    size_t i;

    json_object_foreach(json_object_get(row, "owners"), name, value)
        if (!is_active(model, states, model_state_find(model, name)))
            return "an owner of a state that is not active";
    json_object_foreach(json_object_get(row, "rounds"), name, value)
        if (json_object_get(value, "ended") == NULL &&
            !is_active(model, states, model_state_find(model, name)))
            return "an open round in a state that is not active";
    json_array_foreach(json_object_get(row, "deadlines"), i, deadline) {
        const char *state = sgn_json_str(deadline, "state");
        if (!is_active(model, states, state[0] != '\0' ? model_state_find(model, state) : 0))
            return "a deadline of a state that is not active";
    }
    json_object_foreach(json_object_get(row, "visits"), name, value)
        if (model_state_find(model, name) <= 0)
            return "a visit to a state that there is not";
    json_object_foreach(json_object_get(row, "fields"), name, value)
        if (model_field_find(model, name) == NULL)
            return "a field that there is not";
    return NULL;
}

static const char *
fault_of(const struct model *model, const json_t *row)
{
    const char *fault = fault_of_states(model, json_object_get(row, "states"));

    if (fault == NULL && sgn_json_int(row, "version", 0) != model->version)
        fault = "another version";
    return fault != NULL ? fault : fault_of_hangings(model, row);
}

/* ---- one case ---- */

static struct world *
lived(struct chance *c, struct chart *chart)
{
    char *text = chart_text(c, chart, 1);
    struct world *w = world_new(text);
    char event[8];

    assert_int_equal(world_open(w, "li", "{'fields': {'kept': 7}}"), SGN_OK);
    for (int i = 0; i < 4; i++) {
        snprintf(event, sizeof(event), "to.%c", letters[draw(c, NAMES)]);
        (void)world_fire(w, "li", draw(c, 3) == 0 ? "in" : event);
        if (draw(c, 3) == 0)
            (void)world_do(w, CORE_VOTE, "wang", "{'choice': 'abstain', 'digest': 'x'}");
        if (draw(c, 3) == 0)
            (void)world_advance(w, w->now + (int64_t)draw(c, 5) * DAY);
    }
    free(text);
    return w;
}

/* Is there an active leaf that neither itself nor by a state around it has a counterpart? */
static bool
has_orphan(const struct model *old, const struct model *is, const json_t *row)
{
    const struct model_migration *m = model_migration_from(is, old->version);
    const json_t *name;
    size_t i;

    json_array_foreach(json_object_get(row, "states"), i, name) {
        int leaf = model_state_find(old, json_string_value(name)), found = -1;
        const char *now = sgn_json_str(m->states, json_string_value(name));
        found = model_state_find(is, now != NULL ? now : json_string_value(name));
        for (int at = old->states[leaf].parent; found <= 0 && at > 0; at = old->states[at].parent)
            if (sgn_json_str(m->states, old->states[at].name) != NULL)
                found = model_state_find(is, sgn_json_str(m->states, old->states[at].name));
        if (found <= 0 || is->states[found].kind == MODEL_HISTORY)
            return true;
    }
    return false;
}

static void
assert_left(struct world *w, const json_t *before, const struct model *is)
{
    const char *reason = sgn_json_str(w->err.data, "reason");

    assert_true(json_equal(w->row, (json_t *)before));
    assert_non_null(reason);
    if (strcmp(reason, "state") == 0)
        assert_true(has_orphan(w->model, is, before));
    else
        assert_string_equal(reason, "together");
}

static void
assert_moved(struct world *w, const json_t *before, struct model *is, uint64_t seed)
{
    const char *fault = fault_of(is, w->row);
    json_t *after, *report = json_object_get(w->internal, "migrate");

    if (fault != NULL)
        fail_msg("seed %llu: %s: %s", (unsigned long long)seed, fault, json_dumps(w->row, 0));
    assert_int_equal(sgn_json_int(json_object_get(w->row, "fields"), "kept", 0), 7);
    assert_int_equal(sgn_json_int(report, "from", 0), 1);
    assert_string_equal(sgn_json_str(report, "rules"), sgn_json_str(before, "rules"));
    assert_true(json_equal(json_object_get(before, "opener"), json_object_get(w->row, "opener")));
    after = json_deep_copy(w->row);
    assert_int_equal(migrate_to(w, model_ref(is)), SGN_NOT_NOW);
    assert_true(json_equal(w->row, after));
    json_decref(after);
}

/* How a case ended: moved or left; anything else is a fault. */
static enum sgn_status
try_one(uint64_t seed)
{
    struct chance c = { seed * 7919 + 17 };
    struct chart chart = { { GONE }, { false } };
    struct world *w = lived(&c, &chart);
    char *text = chart_text(&c, &chart, 2);
    struct model *is = model_of(text);
    json_t *before = json_deep_copy(w->row);
    enum sgn_status status = migrate_to(w, model_ref(is));

    if (status == SGN_OK)
        assert_moved(w, before, is, seed);
    else if (status == SGN_REFUSED)
        assert_left(w, before, is);
    else if (status != SGN_NOT_NOW || json_is_null(json_object_get(before, "outcome")))
        fail_msg("seed %llu: %s", (unsigned long long)seed, w->err.message);
    json_decref(before);
    model_free(is);
    free(text);
    world_free(w);
    return status;
}

static void
test_whatever_the_charts_a_case_comes_wholly_or_stays(void **state)
{
    int moved = 0, left = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= CASES; seed++) {
        enum sgn_status status = try_one(seed);
        moved += status == SGN_OK;
        left += status == SGN_REFUSED;
    }
    /* Both happen, and often: else nothing was tried. */
    assert_true(moved > CASES / 4);
    assert_true(left > CASES / 20);
}

/* ---- the test of the test ---- */

static void
expect_fault(const struct model *model, const char *row, const char *fault)
{
    json_t *value = json(row);
    const char *found = fault_of(model, value);

    assert_string_equal(found != NULL ? found : "", fault);
    json_decref(value);
}

static void
test_planted_faults_are_found(void **state)
{
    struct chance c = { 3 };
    struct chart chart = { { PLAIN, COMPOUND, PARALLEL }, { false } };
    struct sgn_buf buf;
    struct model *model;

    (void)state;
    sgn_buf_init(&buf, TEXT_MAX);
    sgn_buf_puts(&buf,
                 "{'name': 'w', 'key': 'CR', 'version': 2, 'roles': ['pm', 'engineer', 'ccb'],"
                 " 'fields': [], 'states': [");
    for (int i = 0; i < 3; i++)
        put_state(&buf, &c, &chart, i);
    sgn_buf_puts(&buf, "{'name': 'end', 'kind': 'final'}]}");
    model = model_of(buf.bytes);
    expect_fault(model, "{'version': 2, 'states': ['cp1', 'cq2']}", "");
    expect_fault(model, "{'version': 1, 'states': ['a']}", "another version");
    expect_fault(model, "{'version': 2, 'states': []}", "no state");
    expect_fault(model, "{'version': 2, 'states': ['cp1']}", "a region is missing");
    expect_fault(model, "{'version': 2, 'states': ['b1', 'b2']}",
                 "not one child of a compound state is active");
    expect_fault(model, "{'version': 2, 'states': ['a', 'b1']}",
                 "not one child of a compound state is active");
    expect_fault(model, "{'version': 2, 'states': ['b']}", "no leaf");
    expect_fault(model, "{'version': 2, 'states': ['bh']}", "no leaf");
    expect_fault(model, "{'version': 2, 'states': ['old']}", "a state that there is not");
    expect_fault(model, "{'version': 2, 'states': ['a'], 'owners': {'b1': 'li'}}",
                 "an owner of a state that is not active");
    expect_fault(model, "{'version': 2, 'states': ['a'], 'rounds': {'b': {'number': 1}}}",
                 "an open round in a state that is not active");
    expect_fault(model, "{'version': 2, 'states': ['a'], 'deadlines': [{'state': 'c'}]}",
                 "a deadline of a state that is not active");
    expect_fault(model, "{'version': 2, 'states': ['a'], 'fields': {'odd': 'x'}}",
                 "a field that there is not");
    model_free(model);
    sgn_buf_deinit(&buf);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whatever_the_charts_a_case_comes_wholly_or_stays),
        cmocka_unit_test(test_planted_faults_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
