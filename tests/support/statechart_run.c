/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a statechart alone: no cases, no rights, no rules. A model and a list of events come in
 * as JSON, the active leaf states after each go out, so that any suite for SCXML's algorithm
 * can drive it. It links core and model and nothing above.
 */
#include "json.h"
#include "statechart.h"
#include "text.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX (16 * 1024 * 1024)

static const char help[] =
    "Usage: statechart_run [FILE]\n"
    "\n"
    "Reads one JSON object from FILE, or from standard input:\n"
    "\n"
    "    {\"model\": MODEL, \"events\": [EVENT, ...]}\n"
    "\n"
    "and prints one line of JSON after the start and after each event: the array of the\n"
    "active leaf states' names, in document order. MODEL is described in engine/model/model.h.\n"
    "An EVENT is one of\n"
    "\n"
    "    \"name\"                                 an external event\n"
    "    {\"name\": N, \"data\": {...}, \"as\": ROLE} the same with data; with \"as\", "
    "transitions\n"
    "                                           whose \"by\" does not name ROLE are closed to it\n"
    "    {\"after\": STATE, \"n\": 1}               the n-th \"after\" of an active state falls "
    "due;\n"
    "                                           the workflow's name stands for its own\n"
    "    {\"go\": DEADLINE, \"rung\": 1}            a rung that goes falls due\n"
    "    {\"approval\": STATE, \"outcome\": O}      the round of a state's approval ends\n"
    "    {\"tasks\": STATE}                       the tasks of a state are done\n"
    "\n"
    "Of the actions set and emit are carried out, the others do nothing. Fields start with their\n"
    "defaults, the priority is normal. Conditions that call functions, or ask for tasks or other\n"
    "cases, cannot be answered here and are an error.\n"
    "\n"
    "Exit: 0 done, 1 the input is wrong (said on standard error), 2 wrong usage.\n";

struct run {
    struct model *model;
    struct statechart chart;
    json_t *fields;
    json_t *queue;   /* internal events: [{"name", "data"?}] */
    json_t *current; /* the one given last: it stays valid until the next */
    const char *as;  /* who fires, or NULL */
    struct sgn_error err;
};

static enum sgn_status
enqueue(struct run *run, const char *name, const json_t *data)
{
    json_t *event = json_pack("{s:s, s:O?}", "name", name, "data", (json_t *)data);

    return json_array_append_new(run->queue, event) == 0 ? SGN_OK : sgn_nomem(&run->err);
}

/* ---- conditions ---- */

static enum sgn_status cond_holds(struct run *run, const struct model_cond *cond,
                                  const struct statechart_event *event, bool *out);

static enum sgn_status
several_hold(struct run *run, const struct model_cond *cond, const struct statechart_event *event,
             bool *out)
{
    bool all = cond->kind == MODEL_COND_ALL;
    enum sgn_status st = SGN_OK;

    *out = all;
    for (int i = 0; st == SGN_OK && *out == all && i < cond->n_of; i++)
        st = cond_holds(run, &cond->of[i], event, out);
    return st;
}

static bool
in_states(const struct run *run, const json_t *names)
{
    json_t *name;
    size_t i;

    json_array_foreach(names, i, name)
        if (statechart_set_has(&run->chart.configuration,
                               model_state_find(run->model, json_string_value(name))))
            return true;
    return false;
}

static enum sgn_status
cond_holds(struct run *run, const struct model_cond *cond, const struct statechart_event *event,
           bool *out)
{
    const json_t *data = event == NULL ? NULL : event->data;
    enum sgn_status st;

    switch (cond->kind) {
    case MODEL_COND_ALL:
    case MODEL_COND_ANY:
        return several_hold(run, cond, event, out);
    case MODEL_COND_NOT:
        st = cond_holds(run, cond->of, event, out);
        *out = !*out;
        return st;
    case MODEL_COND_IN:
        *out = in_states(run, cond->value);
        return SGN_OK;
    case MODEL_COND_FIELD:
        *out = model_value_holds(cond->field, json_object_get(run->fields, cond->name), cond->op,
                                 cond->value);
        return SGN_OK;
    case MODEL_COND_EVENT:
        *out = model_value_holds(cond->field, json_object_get(data, cond->name), cond->op,
                                 cond->value);
        return SGN_OK;
    case MODEL_COND_NONE_OPEN:
    case MODEL_COND_TASKS_DONE:
    case MODEL_COND_CALL:
        break;
    }
    return sgn_fail(&run->err, SGN_INVALID,
                    "a condition asks for a function, tasks or other cases: there are none here");
}

static bool
names_role(const struct model_who *who, const char *role)
{
    if (who == NULL)
        return false;
    for (int i = 0; i < who->n_of; i++)
        if (names_role(&who->of[i], role))
            return true;
    return who->kind == MODEL_WHO_ANYONE || (who->name != NULL && strcmp(who->name, role) == 0);
}

static enum sgn_status
run_holds(void *ctx, const struct model_transition *t, const struct statechart_event *event,
          bool *out)
{
    struct run *run = ctx;

    /* Internal events act as the system: who fires the external one is not asked again. */
    *out = run->as == NULL || run->current != NULL || t->kind != MODEL_ON_EVENT ||
           names_role(t->by, run->as);
    return *out && t->when != NULL ? cond_holds(run, t->when, event, out) : SGN_OK;
}

/* ---- content ---- */

static json_t *
added(const struct model_field *field, const json_t *old, const json_t *plus)
{
    struct sgn_decimal a = { 0, 0 }, b = { 0, 0 };
    char text[SGN_DECIMAL_TEXT];

    if (field->type == MODEL_NUMBER && field->places == 0)
        return json_integer(json_integer_value(old) + json_integer_value(plus));
    if (json_is_string(old))
        (void)sgn_decimal_parse(json_string_value(old), &a);
    if (json_is_string(plus))
        (void)sgn_decimal_parse(json_string_value(plus), &b);
    else
        b.coefficient = json_integer_value(plus);
    (void)sgn_decimal_add(a, b, &a);
    sgn_decimal_format(a, text);
    return json_string(text);
}

static enum sgn_status
set_field(struct run *run, const char *name, const json_t *form,
          const struct statechart_event *event)
{
    const struct model_field *field = model_field_find(run->model, name);
    const char *from = sgn_json_str(form, "from_event");
    json_t *value = json_object_get(form, "value");

    if (json_object_get(form, "plus") != NULL)
        value = added(field, json_object_get(run->fields, name), json_object_get(form, "plus"));
    else if (json_object_get(form, "now") != NULL)
        value = json_string(field->type == MODEL_DATE ? "2026-01-05" : "2026-01-05T09:00:00Z");
    else if (from != NULL)
        value = json_incref(event == NULL ? NULL : json_object_get(event->data, from));
    else
        json_incref(value);
    if (value == NULL)
        value = json_null();
    return json_object_set_new(run->fields, name, value) == 0 ? SGN_OK : sgn_nomem(&run->err);
}

static enum sgn_status
perform(struct run *run, const struct model_actions *actions, const struct statechart_event *event)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; st == SGN_OK && i < actions->n; i++) {
        const struct model_action *action = &actions->items[i];
        const char *name;
        json_t *form;

        if (action->kind == MODEL_EMIT)
            st = enqueue(run, action->name, json_object_get(action->json, "data"));
        if (action->kind == MODEL_PRIORITY && strcmp(action->name, "up") != 0 &&
            strcmp(action->name, "down") != 0)
            (void)json_object_set_new(run->fields, "priority", json_string(action->name));
        if (action->kind != MODEL_SET)
            continue;
        json_object_foreach(json_object_get(action->json, "set"), name, form)
            if (st == SGN_OK)
                st = set_field(run, name, form, event);
    }
    return st;
}

static enum sgn_status
run_selected(void *ctx, const struct model_transition *const *transitions, int n,
             const struct statechart_event *event)
{
    (void)ctx, (void)transitions, (void)n, (void)event;
    return SGN_OK;
}

static enum sgn_status
run_leave(void *ctx, const struct model_state *state, const struct statechart_event *event)
{
    return perform(ctx, &state->leave, event);
}

static enum sgn_status
run_run(void *ctx, const struct model_transition *t, const struct statechart_event *event)
{
    return perform(ctx, &t->run, event);
}

static enum sgn_status
run_enter(void *ctx, const struct model_state *state, const struct statechart_event *event)
{
    return perform(ctx, &state->enter, event);
}

static bool
run_next_internal(void *ctx, struct statechart_event *out)
{
    struct run *run = ctx;

    json_decref(run->current);
    run->current = json_incref(json_array_get(run->queue, 0));
    if (run->current == NULL)
        return false;
    (void)json_array_remove(run->queue, 0);
    *out = (struct statechart_event){ .name = sgn_json_str(run->current, "name"),
                                      .data = json_object_get(run->current, "data"),
                                      .only = -1 };
    return true;
}

static enum sgn_status
run_raise_done(void *ctx, const char *name)
{
    struct run *run = ctx;
    char *event = sgn_format("done.state.%s", name);
    enum sgn_status st = event == NULL ? sgn_nomem(&run->err) : enqueue(run, event, NULL);

    free(event);
    return st;
}

static const struct statechart_ops ops = {
    .holds = run_holds,
    .selected = run_selected,
    .leave = run_leave,
    .run = run_run,
    .enter = run_enter,
    .next_internal = run_next_internal,
    .raise_done = run_raise_done,
};

/* ---- events ---- */

static enum sgn_status
step(struct run *run, const struct statechart_event *event)
{
    enum sgn_status st;
    bool taken;

    st = statechart_step(&run->chart, event, &ops, run, &taken, &run->err);
    json_decref(run->current);
    run->current = NULL;
    return st;
}

/* A transition of the engine's own, by the name of its one event. */
static enum sgn_status
fire_only(struct run *run, const char *name)
{
    for (int i = 0; i < run->model->n_transitions; i++) {
        const struct model_transition *t = &run->model->transitions[i];

        if ((t->kind == MODEL_AFTER || t->kind == MODEL_ON_GO) && strcmp(t->events[0], name) == 0) {
            struct statechart_event event = { .name = t->events[0], .only = i };

            return step(run, &event);
        }
    }
    return sgn_fail(&run->err, SGN_INVALID, "the model has no transition for %s", name);
}

static enum sgn_status
fire_named(struct run *run, const char *name, const json_t *data)
{
    struct statechart_event event = { .name = name, .data = data, .only = -1 };

    if (*name == '\0' || model_event_is_engines(name))
        return sgn_fail(&run->err, SGN_INVALID,
                        "\"%s\" is the engine's own event: see --help for its form", name);
    return step(run, &event);
}

static enum sgn_status
fire(struct run *run, const json_t *json)
{
    const char *after = sgn_json_str(json, "after"), *go = sgn_json_str(json, "go");
    const char *approval = sgn_json_str(json, "approval"), *tasks = sgn_json_str(json, "tasks");
    enum sgn_status st = SGN_OK;
    char *name = NULL;

    run->as = sgn_json_str(json, "as");
    if (json_is_string(json))
        return fire_named(run, json_string_value(json), NULL);
    if (sgn_json_str(json, "name") != NULL)
        return fire_named(run, sgn_json_str(json, "name"), json_object_get(json, "data"));
    if (after != NULL)
        name = sgn_format("after.%s.%lld", after, (long long)sgn_json_int(json, "n", 1));
    else if (go != NULL)
        name = sgn_format("go.%s.%lld", go, (long long)sgn_json_int(json, "rung", 1));
    else if (approval != NULL && sgn_json_str(json, "outcome") != NULL)
        name = sgn_format("approval.%s.%s", approval, sgn_json_str(json, "outcome"));
    else if (tasks != NULL)
        name = sgn_format("tasks.%s", tasks);
    else
        return sgn_fail(&run->err, SGN_INVALID, "no event: see --help for its forms");
    if (name == NULL)
        return sgn_nomem(&run->err);
    if (after != NULL || go != NULL) {
        st = fire_only(run, name);
    } else {
        st = enqueue(run, name, NULL);
        if (st == SGN_OK)
            st = step(run, NULL);
    }
    free(name);
    return st;
}

/* ---- the whole run ---- */

static enum sgn_status
print_leaves(struct run *run)
{
    json_t *leaves = statechart_leaves(&run->chart);
    char *text = leaves == NULL ? NULL : json_dumps(leaves, JSON_COMPACT);

    json_decref(leaves);
    if (text == NULL)
        return sgn_nomem(&run->err);
    (void)puts(text);
    free(text);
    return SGN_OK;
}

static enum sgn_status
run_all(struct run *run, const json_t *input)
{
    json_t *sources = json_object();
    json_t *number, *event;
    const char *name;
    enum sgn_status st;
    size_t i;

    /* Nothing is called here, so functions need no source; a model that has some still loads. */
    json_object_foreach(json_object_get(json_object_get(input, "model"), "functions"), name, number)
        (void)json_object_set_new(sources, name, json_object());
    st = model_parse(json_object_get(input, "model"), sources, &run->model, &run->err);
    json_decref(sources);
    if (st != SGN_OK)
        return st;
    for (int k = 0; k < run->model->n_fields; k++)
        if (run->model->fields[k].or_else != NULL)
            (void)json_object_set(run->fields, run->model->fields[k].name,
                                  (json_t *)run->model->fields[k].or_else);
    (void)json_object_set_new(run->fields, "priority", json_string("normal"));
    st = statechart_init(&run->chart, run->model, NULL, NULL, &run->err);
    if (st == SGN_OK)
        st = statechart_start(&run->chart, &ops, run, &run->err);
    if (st == SGN_OK)
        st = print_leaves(run);
    json_array_foreach(json_object_get(input, "events"), i, event) {
        if (st != SGN_OK)
            break;
        st = fire(run, event);
        if (st == SGN_OK)
            st = print_leaves(run);
        else
            sgn_error_prefix(&run->err, "event %zu: ", i + 1);
    }
    return st;
}

static enum sgn_status
read_input(const char *path, json_t **out, struct sgn_error *err)
{
    FILE *file = path == NULL ? stdin : fopen(path, "rb");
    char *text = malloc(INPUT_MAX);
    enum sgn_status st;
    size_t n;

    if (file == NULL || text == NULL) {
        st = sgn_fail(err, SGN_INVALID, "cannot be read");
        goto out;
    }
    n = fread(text, 1, INPUT_MAX, file);
    st = n == INPUT_MAX ? sgn_fail(err, SGN_TOO_LARGE, "larger than %d bytes", INPUT_MAX)
                        : sgn_json_parse(text, n, out, err);
    if (st == SGN_OK && (!json_is_object(json_object_get(*out, "model")) ||
                         !json_is_array(json_object_get(*out, "events"))))
        st = sgn_fail(err, SGN_INVALID, "must be an object with \"model\" and \"events\"");
out:
    if (file != NULL && file != stdin)
        (void)fclose(file);
    free(text);
    return st;
}

int
main(int argc, char **argv)
{
    static const struct option options[] = { { "help", no_argument, NULL, 'h' }, { 0 } };
    struct run run = { .fields = json_object(), .queue = json_array() };
    json_t *input = NULL;
    enum sgn_status st;
    int option;

    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        (void)fputs(help, option == 'h' ? stdout : stderr);
        st = option == 'h' ? SGN_OK : SGN_PARAMS;
        json_decref(run.fields);
        json_decref(run.queue);
        return st == SGN_OK ? 0 : 2;
    }
    st = argc - optind > 1 ? SGN_PARAMS : read_input(argv[optind], &input, &run.err);
    if (st == SGN_PARAMS)
        (void)fputs(help, stderr);
    else if (st == SGN_OK)
        st = run_all(&run, input);
    if (st != SGN_OK && st != SGN_PARAMS)
        (void)fprintf(stderr, "statechart_run: %s\n", run.err.message);
    statechart_deinit(&run.chart);
    model_free(run.model);
    json_decref(run.current);
    json_decref(run.fields);
    json_decref(run.queue);
    json_decref(input);
    sgn_error_clear(&run.err);
    return st == SGN_OK ? 0 : st == SGN_PARAMS ? 2 : 1;
}
