/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sheet: what is drawn of a model. Every state is one node, every transition either an
 * arrow or, when it leads nowhere, a line in its state; every approval, deadline, rung and task
 * is a line of its state.
 */
#include "diagram_internal.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

static const char *
say(const struct sheet *sheet, const char *english)
{
    return sgn_say(sheet->options->language, english);
}

/* ---- lines of a node ---- */

/* Takes the buffer's text. */
static void
add_line(struct sheet *sheet, int state, enum line_kind kind, int depth, struct sgn_buf *text)
{
    struct node *node = &sheet->nodes[state];
    struct line *more = realloc(node->lines, (size_t)(node->n_lines + 1) * sizeof(*more));

    if (more != NULL) {
        node->lines = more;
        node->lines[node->n_lines++] =
            (struct line){ kind, depth,
                           words_wrap(text->bytes != NULL ? text->bytes : "",
                                      NODE_COLUMNS - 2 * depth) };
    }
    sheet->nomem = sheet->nomem || more == NULL || node->lines[node->n_lines - 1].text == NULL;
    sgn_buf_deinit(text);
}

static void
add_people(struct sheet *sheet, const struct model_state *state)
{
    const char *language = sheet->options->language;
    struct sgn_buf text, who;

    if (state->owner != NULL) {
        sgn_buf_init(&text, DIAGRAM_MAX);
        sgn_buf_init(&who, DIAGRAM_MAX);
        words_who_put(&who, sheet->model, state->owner, language);
        (void)sgn_buf_printf(&text, say(sheet, "owner: %s"), who.bytes != NULL ? who.bytes : "");
        sgn_buf_deinit(&who);
        add_line(sheet, state->index, LINE_WHO, 0, &text);
    }
    if (state->waiting_for != NULL) {
        sgn_buf_init(&text, DIAGRAM_MAX);
        (void)sgn_buf_printf(&text, say(sheet, "waiting for %s"), state->waiting_for);
        add_line(sheet, state->index, LINE_WHO, 0, &text);
    }
}

/* "must agree: all of these", and the rules within it below. */
static void
add_rule(struct sheet *sheet, int state, const struct model_rule *rule, int depth)
{
    const struct model_approval *approval = sheet->model->states[state].approval;
    const char *language = sheet->options->language;
    struct sgn_buf text;

    sgn_buf_init(&text, DIAGRAM_MAX);
    if (depth == 0)
        (void)sgn_buf_printf(&text, "%s%s", say(sheet, "must agree"), say(sheet, ": "));
    words_rule_put(&text, sheet->model, rule, language);
    for (int i = 0; depth == 0 && i < approval->n_exclude; i++) {
        struct sgn_buf who;
        sgn_buf_init(&who, DIAGRAM_MAX);
        words_who_put(&who, sheet->model, &approval->exclude[i], language);
        (void)sgn_buf_printf(&text, say(sheet, ", not %s"), who.bytes != NULL ? who.bytes : "");
        sgn_buf_deinit(&who);
    }
    if (depth == 0 && approval->distinct)
        (void)sgn_buf_printf(&text, "%s%s", say(sheet, ", "),
                             say(sheet, "all seats different persons"));
    add_line(sheet, state, LINE_APPROVAL, depth, &text);
    for (int i = 0; i < rule->n_rules; i++)
        add_rule(sheet, state, &rule->rules[i], depth + 1);
}

static void
add_rung(struct sheet *sheet, const struct model_deadline *deadline, const struct model_rung *rung)
{
    const char *language = sheet->options->language;
    struct sgn_buf text, actions;

    sgn_buf_init(&actions, DIAGRAM_MAX);
    clock_actions_put(&actions, sheet->model, &rung->actions, language);
    if (actions.len > 0) { /* one that only goes on is an arrow */
        sgn_buf_init(&text, DIAGRAM_MAX);
        clock_rung_put(&text, rung, language);
        (void)sgn_buf_printf(&text, "%s%s", say(sheet, ": "), actions.bytes);
        add_line(sheet, deadline->state, LINE_CLOCK, 1, &text);
    }
    sgn_buf_deinit(&actions);
}

/* Its title only when that is not the state's own. */
static void
add_deadline(struct sheet *sheet, const struct model_deadline *deadline)
{
    const char *language = sheet->options->language;
    const char *title = model_deadline_title(sheet->model, deadline, language);
    const struct model_state *state = &sheet->model->states[deadline->state];
    const char *own = deadline->state == 0
                          ? model_title(sheet->model->title, language, sheet->model->name)
                          : model_title(state->title, language, state->name);
    struct sgn_buf text;

    sgn_buf_init(&text, DIAGRAM_MAX);
    if (strcmp(title, own) != 0)
        (void)sgn_buf_printf(&text, "%s%s", title, say(sheet, ": "));
    clock_deadline_put(&text, sheet->model, deadline, language);
    add_line(sheet, deadline->state, LINE_CLOCK, 0, &text);
    for (int i = 0; i < deadline->n_rungs; i++)
        add_rung(sheet, deadline, &deadline->rungs[i]);
}

static void
add_task(struct sheet *sheet, int state, const struct model_task *task)
{
    struct sgn_buf text;

    sgn_buf_init(&text, DIAGRAM_MAX);
    (void)sgn_buf_printf(&text, "□ %s%s",
                         model_title(task->title, sheet->options->language, task->name),
                         say(sheet, ": "));
    words_who_put(&text, sheet->model, task->by, sheet->options->language);
    if (task->optional)
        (void)sgn_buf_printf(&text, "%s%s", say(sheet, ", "), say(sheet, "optional"));
    add_line(sheet, state, LINE_TASK, 0, &text);
}

static void
add_outcome(struct sheet *sheet, const struct model_state *state)
{
    struct sgn_buf text;

    if (state->kind != MODEL_FINAL || state->outcome == NULL)
        return;
    sgn_buf_init(&text, DIAGRAM_MAX);
    (void)sgn_buf_printf(
        &text, say(sheet, "ends the case: %s"),
        model_outcome_title(sheet->model, state->outcome, sheet->options->language));
    add_line(sheet, state->index, LINE_OUTCOME, 0, &text);
}

/* ---- words of a transition ---- */

static void
event_put(struct sheet *sheet, struct sgn_buf *buf, const struct model_transition *t)
{
    for (int i = 0; i < t->n_events; i++) {
        const char *name = t->events[i];
        if (strcmp(name, "*") == 0)
            name = say(sheet, "any event");
        (void)sgn_buf_puts(buf, i > 0 ? " / " : "");
        (void)sgn_buf_puts(buf, model_title(t->title, sheet->options->language, name));
        if (t->title != NULL)
            return;
    }
}

/* The rung of a deadline that goes there. */
static void
go_put(struct sheet *sheet, struct sgn_buf *buf, const struct model_transition *t)
{
    const struct model *model = sheet->model;

    for (int i = 0; i < model->n_deadlines; i++)
        for (int k = 0; k < model->deadlines[i].n_rungs; k++)
            if (model->deadlines[i].rungs[k].go_transition == t->index)
                clock_rung_put(buf, &model->deadlines[i].rungs[k], sheet->options->language);
}

static void
label_put(struct sheet *sheet, struct sgn_buf *buf, const struct model_transition *t)
{
    const char *language = sheet->options->language;
    const char *dot = t->n_events > 0 ? strrchr(t->events[0], '.') : NULL;
    struct sgn_buf length;

    switch (t->kind) {
    case MODEL_ON_EVENT:
        event_put(sheet, buf, t);
        break;
    case MODEL_ON_APPROVAL:
        (void)sgn_buf_puts(buf, model_outcome_title(sheet->model, dot + 1, language));
        break;
    case MODEL_AFTER:
        sgn_buf_init(&length, DIAGRAM_MAX);
        calendar_duration_put(&length, &t->after, language);
        (void)sgn_buf_printf(buf, say(sheet, "after %s"), length.bytes);
        sgn_buf_deinit(&length);
        break;
    case MODEL_ON_GO:
        go_put(sheet, buf, t);
        break;
    case MODEL_ON_DONE:
        (void)sgn_buf_puts(buf, say(sheet, sheet->model->states[t->source].kind == MODEL_PARALLEL
                                               ? "all parts done"
                                               : "done"));
        break;
    case MODEL_ON_TASKS:
        (void)sgn_buf_puts(buf, say(sheet, "all tasks done"));
        break;
    case MODEL_ALWAYS:
        break;
    }
}

/* Who may fire it, and the condition in brackets as statecharts write it. */
static void
by_put(struct sheet *sheet, struct sgn_buf *buf, const struct model_transition *t)
{
    const char *language = sheet->options->language;

    words_who_put(buf, sheet->model, t->by, language);
    if (t->when == NULL)
        return;
    (void)sgn_buf_puts(buf, buf->len > 0 ? " [" : "[");
    words_cond_put(buf, sheet->model, t->when, language);
    (void)sgn_buf_puts(buf, "]");
}

static void
add_here(struct sheet *sheet, const struct model_transition *t)
{
    struct sgn_buf text, by;

    sgn_buf_init(&text, DIAGRAM_MAX);
    sgn_buf_init(&by, DIAGRAM_MAX);
    (void)sgn_buf_puts(&text, "↺ ");
    label_put(sheet, &text, t);
    by_put(sheet, &by, t);
    if (by.len > 0)
        (void)sgn_buf_printf(&text, "%s%s", say(sheet, ": "), by.bytes);
    sgn_buf_deinit(&by);
    add_line(sheet, t->source, LINE_HERE, 0, &text);
}

/* ---- arrows ---- */

bool
sheet_is_frame(const struct sheet *sheet, int state)
{
    enum model_state_kind kind = sheet->model->states[state].kind;

    return state > 0 && (kind == MODEL_COMPOUND || kind == MODEL_PARALLEL);
}

/* NULL when there is nothing to say. */
static char *
wrapped(struct sheet *sheet, struct sgn_buf *text)
{
    char *out = text->len > 0 ? words_wrap(text->bytes, LABEL_COLUMNS) : NULL;

    sheet->nomem = sheet->nomem || (text->len > 0 && out == NULL);
    sgn_buf_deinit(text);
    return out;
}

static void
add_edge(struct sheet *sheet, struct edge edge)
{
    if (sheet->n_edges == sheet->room) {
        int room = sheet->room * 2 + 32;
        struct edge *more = realloc(sheet->edges, (size_t)room * sizeof(*more));
        if (more == NULL) {
            free(edge.label);
            free(edge.by);
            sheet->nomem = true;
            return;
        }
        sheet->edges = more;
        sheet->room = room;
    }
    sheet->edges[sheet->n_edges++] = edge;
}

/* An arrow between a frame and its own insides begins or ends inside it: from anywhere in it,
 * to where it begins. */
static enum end
end_of(struct sheet *sheet, int state, int other, bool from)
{
    bool inside = state == other || model_descends(sheet->model, other, state);

    if (state == 0 || (sheet_is_frame(sheet, state) && inside && from)) {
        sheet->nodes[state].port = true;
        return END_PORT;
    }
    if (sheet_is_frame(sheet, state) && inside) {
        sheet->nodes[state].dot = true;
        return END_DOT;
    }
    return END_STATE;
}

static void
add_arrow(struct sheet *sheet, const struct model_transition *t)
{
    bool quiet = sheet->options->for_client;
    bool shown = !quiet || t->kind == MODEL_ON_EVENT || t->kind == MODEL_ON_APPROVAL;
    bool fork = t->n_targets > 1;
    struct edge edge = { .transition = t->index, .from = t->source, .kind = t->kind };
    struct sgn_buf label, by;

    sgn_buf_init(&label, DIAGRAM_MAX);
    sgn_buf_init(&by, DIAGRAM_MAX);
    if (shown)
        label_put(sheet, &label, t);
    if (!quiet)
        by_put(sheet, &by, t);
    edge.label = wrapped(sheet, &label);
    edge.by = wrapped(sheet, &by);
    if (sheet->options->trace != NULL)
        edge.mark = trace_taken(sheet->options->trace, t->index) ? MARK_SEEN : MARK_UNSEEN;
    edge.from_end = end_of(sheet, t->source, t->targets[0], true);
    edge.to = fork ? t->index : t->targets[0];
    edge.to_end = fork ? END_FORK : end_of(sheet, edge.to, t->source, false);
    add_edge(sheet, edge);
    for (int i = 0; fork && i < t->n_targets; i++)
        add_edge(sheet, (struct edge){ .transition = t->index,
                                       .from = t->index,
                                       .from_end = END_FORK,
                                       .to = t->targets[i],
                                       .to_end = end_of(sheet, t->targets[i], t->source, false),
                                       .kind = t->kind,
                                       .mark = edge.mark });
}

/* Where a compound state, the workflow or a history leads by itself. */
static void
add_start(struct sheet *sheet, const struct model_state *state)
{
    bool history = state->kind == MODEL_HISTORY;

    for (int i = 0; i < state->n_start && state->kind != MODEL_PARALLEL; i++) {
        int to = state->start[i];
        if (!sheet->nodes[to].drawn || !(state->index == 0 || sheet->nodes[state->index].drawn))
            continue;
        if (!history)
            sheet->nodes[state->index].dot = true;
        add_edge(sheet, (struct edge){ .transition = -1,
                                       .from = state->index,
                                       .from_end = history ? END_STATE : END_DOT,
                                       .to = to,
                                       .to_end = END_STATE,
                                       .kind = MODEL_ALWAYS });
    }
}

/* ---- all of it ---- */

static bool
is_drawn(const struct sheet *sheet, const struct model_transition *t)
{
    if (t->n_targets == 0)
        return false;
    if (!sheet->options->for_client)
        return true;
    for (int i = 0; i < t->n_targets; i++)
        if (!sheet->nodes[t->targets[i]].drawn)
            return false;
    return trace_taken(sheet->options->trace, t->index) &&
           (t->source == 0 || sheet->nodes[t->source].drawn);
}

static void
add_node(struct sheet *sheet, int i)
{
    const struct diagram_options *options = sheet->options;
    const struct model_state *state = &sheet->model->states[i];
    struct node *node = &sheet->nodes[i];
    bool own = options->for_client && state->client_title != NULL;

    node->mark = trace_state(options->trace, i);
    node->drawn = i > 0 && (!options->for_client || node->mark > MARK_UNSEEN);
    node->title = words_wrap(
        model_title(own ? state->client_title : state->title, options->language, state->name),
        NODE_COLUMNS);
    sheet->nomem = sheet->nomem || node->title == NULL;
    if (!node->drawn && i > 0)
        return;
    add_outcome(sheet, state);
    if (options->for_client)
        return;
    add_people(sheet, state);
    if (state->approval != NULL)
        add_rule(sheet, i, &state->approval->rule, 0);
    for (int k = 0; k < state->n_deadlines; k++)
        add_deadline(sheet, &sheet->model->deadlines[state->deadlines[k]]);
    for (int k = 0; k < state->n_tasks; k++)
        add_task(sheet, i, &state->tasks[k]);
    for (int k = 0; k < state->n_transitions; k++)
        if (state->transitions[k]->n_targets == 0)
            add_here(sheet, state->transitions[k]);
}

enum sgn_status
sheet_init(struct sheet *sheet, const struct model *model, const struct diagram_options *options,
           struct sgn_error *err)
{
    *sheet = (struct sheet){ .model = model, .options = options };
    sheet->nodes = calloc((size_t)model->n_states, sizeof(*sheet->nodes));
    if (sheet->nodes == NULL)
        return sgn_nomem(err);
    for (int i = 0; i < model->n_states; i++)
        add_node(sheet, i);
    for (int i = 0; i < model->n_states; i++)
        add_start(sheet, &model->states[i]);
    for (int i = 0; i < model->n_transitions; i++)
        if (is_drawn(sheet, &model->transitions[i]))
            add_arrow(sheet, &model->transitions[i]);
    return sheet->nomem ? sgn_nomem(err) : SGN_OK;
}

void
sheet_deinit(struct sheet *sheet)
{
    for (int i = 0; sheet->nodes != NULL && i < sheet->model->n_states; i++) {
        for (int k = 0; k < sheet->nodes[i].n_lines; k++)
            free(sheet->nodes[i].lines[k].text);
        free(sheet->nodes[i].lines);
        free(sheet->nodes[i].title);
    }
    for (int i = 0; i < sheet->n_edges; i++) {
        free(sheet->edges[i].label);
        free(sheet->edges[i].by);
    }
    free(sheet->nodes);
    free(sheet->edges);
}

bool
sheet_has_root(const struct sheet *sheet)
{
    return sheet->nodes[0].port || sheet->nodes[0].n_lines > 0;
}

void
sheet_heading_put(const struct sheet *sheet, struct sgn_buf *buf)
{
    const struct model *model = sheet->model;

    (void)sgn_buf_printf(buf, "%s (%s), ",
                         model_title(model->title, sheet->options->language, model->name),
                         model->key);
    (void)sgn_buf_printf(buf, say(sheet, "version %lld"), (long long)model->version);
}
