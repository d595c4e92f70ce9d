/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chart for a test: written as indented lines, run with a trace of everything it does.
 *
 *     start NAMES                        where the state or the workflow around begins
 *     state NAME | parallel NAME | final NAME
 *     history NAME NAMES | deep NAME NAMES      with where it goes by default
 *     on EVENTS | always | done | after, then any of
 *       to NAMES, internal, if STATE (in it), has MEMBER (of the event), emit EVENT, as LABEL
 *     enter emit EVENT | leave emit EVENT
 *
 * NAMES and EVENTS are joined by commas. The trace holds, in order, "-s" for a state left, "/x"
 * for a transition's content (its label, else its first event or kind) and "+s" for a state
 * entered; asked holds the labels of the conditions asked.
 */
#ifndef STATECHART_FIXTURE_H
#define STATECHART_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "json.h"
#include "statechart.h"
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIXTURE_LOG 65536

struct fixture {
    struct model *model;
    struct statechart chart;
    json_t *queue, *current; /* internal events */
    char trace[FIXTURE_LOG];
    char asked[FIXTURE_LOG];
    const char *fail_label; /* content that fails */
    enum sgn_status fail_with;
    struct sgn_error err;
};

/* ---- writing ---- */

static inline json_t *
fixture_names(char *list)
{
    json_t *names = json_array();
    char *save = NULL;

    for (char *name = strtok_r(list, ",", &save); name != NULL; name = strtok_r(NULL, ",", &save))
        json_array_append_new(names, json_string(name));
    return names;
}

static inline void
fixture_append(json_t *object, const char *list, json_t *value_take)
{
    if (json_object_get(object, list) == NULL)
        json_object_set_new(object, list, json_array());
    json_array_append_new(json_object_get(object, list), value_take);
}

static inline json_t *
fixture_transition(const char *word, char **save)
{
    json_t *t =
        json_pack("{s:s, s:s}", "kind", strcmp(word, "on") == 0 ? "event" : word, "title", word);

    if (strcmp(word, "on") == 0) {
        json_object_set_new(t, "on", fixture_names(strtok_r(NULL, " ", save)));
        json_object_set(t, "title", json_array_get(json_object_get(t, "on"), 0));
    } else if (strcmp(word, "after") == 0) {
        json_object_set_new(t, "after", json_string("1 day"));
    }
    for (char *key; (key = strtok_r(NULL, " ", save)) != NULL;) {
        if (strcmp(key, "internal") == 0)
            json_object_set_new(t, "internal", json_true());
        else if (strcmp(key, "to") == 0)
            json_object_set_new(t, "to", fixture_names(strtok_r(NULL, " ", save)));
        else if (strcmp(key, "if") == 0)
            json_object_set_new(t, "when", json_pack("{s:[s]}", "in", strtok_r(NULL, " ", save)));
        else if (strcmp(key, "has") == 0)
            json_object_set_new(
                t, "when",
                json_pack("{s:s, s:b}", "event", strtok_r(NULL, " ", save), "filled", 1));
        else if (strcmp(key, "emit") == 0)
            fixture_append(t, "run", json_pack("{s:s}", "emit", strtok_r(NULL, " ", save)));
        else if (strcmp(key, "as") == 0)
            json_object_set_new(t, "title", json_string(strtok_r(NULL, " ", save)));
        else
            fail_msg("a transition has no word %s", key);
    }
    return t;
}

/* One line inside a state (or the workflow); gives the new state it opened, or NULL. */
static inline json_t *
fixture_line(json_t *around, char *line)
{
    char *save = NULL;
    const char *word = strtok_r(line, " ", &save);
    json_t *state;

    if (strcmp(word, "start") == 0) {
        json_object_set_new(around, "start", fixture_names(strtok_r(NULL, " ", &save)));
        return NULL;
    }
    if (strcmp(word, "enter") == 0 || strcmp(word, "leave") == 0) {
        assert_string_equal(strtok_r(NULL, " ", &save), "emit");
        fixture_append(around, word, json_pack("{s:s}", "emit", strtok_r(NULL, " ", &save)));
        return NULL;
    }
    if (strcmp(word, "on") == 0 || strcmp(word, "always") == 0 || strcmp(word, "done") == 0 ||
        strcmp(word, "after") == 0) {
        fixture_append(around, "transitions", fixture_transition(word, &save));
        return NULL;
    }
    state = json_pack("{s:s, s:s}", "kind", strcmp(word, "deep") == 0 ? "history" : word, "name",
                      strtok_r(NULL, " ", &save));
    if (strcmp(word, "deep") == 0)
        json_object_set_new(state, "deep", json_true());
    if (strcmp(word, "deep") == 0 || strcmp(word, "history") == 0)
        json_object_set_new(state, "start", fixture_names(strtok_r(NULL, " ", &save)));
    fixture_append(around, "states", state);
    return state;
}

static inline json_t *
fixture_model(const char *text)
{
    json_t *root = json_pack("{s:s, s:s, s:i}", "name", "chart", "key", "CH", "version", 1);
    json_t *stack[32] = { root };
    char *copy = strdup(text), *save = NULL;

    for (char *line = strtok_r(copy, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        size_t depth = strspn(line, " ") / 2;

        assert_non_null(stack[depth]);
        stack[depth + 1] = fixture_line(stack[depth], line + strspn(line, " "));
    }
    free(copy);
    return root;
}

/* ---- what the algorithm asks ---- */

static inline void
fixture_note(char log[FIXTURE_LOG], const char *sign, const char *name)
{
    size_t n = strlen(log);

    assert_true(n + strlen(name) + 3 < FIXTURE_LOG);
    (void)snprintf(log + n, FIXTURE_LOG - n, "%s%s%s", n == 0 ? "" : " ", sign, name);
}

static inline enum sgn_status
fixture_emit(struct fixture *f, const struct model_actions *actions)
{
    for (int i = 0; i < actions->n; i++)
        if (actions->items[i].kind == MODEL_EMIT)
            json_array_append_new(f->queue, json_string(actions->items[i].name));
    return SGN_OK;
}

static inline enum sgn_status
fixture_holds(void *ctx, const struct model_transition *t, const struct statechart_event *event,
              bool *out)
{
    struct fixture *f = ctx;
    const struct model_cond *c = t->when;

    fixture_note(f->asked, "", json_string_value(t->title));
    *out = true;
    if (c != NULL && c->kind == MODEL_COND_IN)
        *out = statechart_set_has(
            &f->chart.configuration,
            model_state_find(f->model, json_string_value(json_array_get(c->value, 0))));
    else if (c != NULL)
        *out = event != NULL && json_object_get(event->data, c->name) != NULL;
    return SGN_OK;
}

static inline enum sgn_status
fixture_selected(void *ctx, const struct model_transition *const *transitions, int n,
                 const struct statechart_event *event)
{
    (void)ctx, (void)transitions, (void)n, (void)event;
    return SGN_OK;
}

static inline enum sgn_status
fixture_content(struct fixture *f, const char *sign, const char *name,
                const struct model_actions *actions)
{
    fixture_note(f->trace, sign, name);
    if (f->fail_label != NULL && strcmp(f->fail_label, name) == 0)
        return f->fail_with;
    return fixture_emit(f, actions);
}

static inline enum sgn_status
fixture_leave(void *ctx, const struct model_state *state, const struct statechart_event *event)
{
    struct fixture *f = ctx;

    (void)event;
    assert_true(statechart_set_has(&f->chart.configuration, state->index));
    return fixture_content(f, "-", state->name, &state->leave);
}

static inline enum sgn_status
fixture_run(void *ctx, const struct model_transition *t, const struct statechart_event *event)
{
    (void)event;
    return fixture_content(ctx, "/", json_string_value(t->title), &t->run);
}

static inline enum sgn_status
fixture_enter(void *ctx, const struct model_state *state, const struct statechart_event *event)
{
    struct fixture *f = ctx;

    (void)event;
    assert_true(statechart_set_has(&f->chart.configuration, state->index));
    return fixture_content(f, "+", state->name, &state->enter);
}

static inline bool
fixture_next(void *ctx, struct statechart_event *out)
{
    struct fixture *f = ctx;

    json_decref(f->current);
    f->current = json_incref(json_array_get(f->queue, 0));
    if (f->current == NULL)
        return false;
    json_array_remove(f->queue, 0);
    *out = (struct statechart_event){ .name = json_string_value(f->current), .only = -1 };
    return true;
}

static inline enum sgn_status
fixture_done(void *ctx, const char *name)
{
    struct fixture *f = ctx;
    char event[256];

    (void)snprintf(event, sizeof(event), "done.state.%s", name);
    fixture_note(f->trace, "!", name);
    json_array_append_new(f->queue, json_string(event));
    return SGN_OK;
}

static const struct statechart_ops fixture_ops = {
    .holds = fixture_holds,
    .selected = fixture_selected,
    .leave = fixture_leave,
    .run = fixture_run,
    .enter = fixture_enter,
    .next_internal = fixture_next,
    .raise_done = fixture_done,
};

/* ---- running ---- */

/* The chart, not started. */
static inline void
chart_load(struct fixture *f, const char *text)
{
    json_t *json = fixture_model(text);

    memset(f, 0, sizeof(*f));
    f->queue = json_array();
    if (model_parse(json, NULL, &f->model, &f->err) != SGN_OK)
        fail_msg("the test's chart: %s", f->err.message);
    json_decref(json);
    assert_int_equal(statechart_init(&f->chart, f->model, NULL, NULL, &f->err), SGN_OK);
}

static inline void
chart_start(struct fixture *f, const char *text)
{
    chart_load(f, text);
    if (statechart_start(&f->chart, &fixture_ops, f, &f->err) != SGN_OK)
        fail_msg("start: %s", f->err.message);
}

static inline void
chart_free(struct fixture *f)
{
    statechart_deinit(&f->chart);
    model_free(f->model);
    json_decref(f->queue);
    json_decref(f->current);
    sgn_error_clear(&f->err);
}

static inline enum sgn_status
chart_try(struct fixture *f, const char *name, const char *member, int only, bool *taken)
{
    json_t *data = member == NULL ? NULL : json_pack("{s:i}", member, 1);
    struct statechart_event event = { .name = name, .data = data, .only = only };
    enum sgn_status st;

    f->trace[0] = f->asked[0] = '\0';
    st = statechart_step(&f->chart, name == NULL ? NULL : &event, &fixture_ops, f, taken, &f->err);
    json_decref(data);
    return st;
}

/* Fires an event; the trace begins anew. Was it taken? */
static inline bool
chart_fire(struct fixture *f, const char *name)
{
    bool taken = false;

    if (chart_try(f, name, NULL, -1, &taken) != SGN_OK)
        fail_msg("%s: %s", name, f->err.message);
    return taken;
}

static inline void
assert_leaves(const struct fixture *f, const char *expected)
{
    json_t *leaves = statechart_leaves(&f->chart);
    char text[FIXTURE_LOG] = "";
    json_t *leaf;
    size_t i;

    json_array_foreach(leaves, i, leaf)
        fixture_note(text, "", json_string_value(leaf));
    json_decref(leaves);
    assert_string_equal(text, expected);
}

#define assert_trace(f, expected) assert_string_equal((f)->trace, expected)
#define assert_asked(f, expected) assert_string_equal((f)->asked, expected)

#endif
