/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mermaid: a flowchart in which compound states are subgraphs.
 *
 * Texts stand in quotes, and every character that means something to Mermaid, to HTML or to its
 * Markdown is written as #NN;, its own form of an entity.
 */
#include "diagram_internal.h"
#include <stdlib.h>
#include <string.h>

static void
put_text(struct sgn_buf *buf, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            (void)sgn_buf_puts(buf, "<br/>");
        else if (strchr("\"#<>&`\\|{};%$*_~@", *text) != NULL)
            (void)sgn_buf_printf(buf, "#%d;", *text);
        else
            (void)sgn_buf_append(buf, text, 1);
    }
}

static void
put_indent(struct sgn_buf *buf, int depth)
{
    (void)sgn_buf_printf(buf, "%*s", 2 * depth, "");
}

/* ---- nodes ---- */

static void
put_lines(struct sgn_buf *buf, const struct node *node, bool first)
{
    for (int i = 0; i < node->n_lines; i++) {
        (void)sgn_buf_puts(buf, first && i == 0 ? "" : "<br/>");
        for (int k = 0; k < node->lines[i].depth; k++)
            (void)sgn_buf_puts(buf, "· ");
        put_text(buf, node->lines[i].text);
    }
}

static const char *
class_of(const struct sheet *sheet, int state)
{
    const struct model_state *s = &sheet->model->states[state];

    switch (sheet->nodes[state].mark) {
    case MARK_ACTIVE:
        return "active";
    case MARK_UNSEEN:
        return "unseen";
    case MARK_NONE:
    case MARK_SEEN:
        break;
    }
    return s->kind == MODEL_FINAL                               ? "final"
           : s->kind == MODEL_HISTORY                           ? "dot"
           : s->approval != NULL && !sheet->options->for_client ? "approval"
           : s->waiting_for != NULL                             ? "waiting"
                                                                : "state";
}

static void
put_leaf(const struct sheet *sheet, struct sgn_buf *buf, int state, int depth)
{
    const struct model_state *s = &sheet->model->states[state];
    const struct node *node = &sheet->nodes[state];
    bool final = s->kind == MODEL_FINAL;

    put_indent(buf, depth);
    if (s->kind == MODEL_HISTORY) {
        (void)sgn_buf_printf(buf, "s%d((\"%s\")):::dot\n", state, s->deep ? "H#42;" : "H");
        return;
    }
    (void)sgn_buf_printf(buf, "s%d%s\"<b>", state, final ? "([" : "(");
    put_text(buf, node->title);
    (void)sgn_buf_puts(buf, "</b>");
    put_lines(buf, node, false);
    (void)sgn_buf_printf(buf, "\"%s:::%s\n", final ? "])" : ")", class_of(sheet, state));
}

static void put_state(const struct sheet *sheet, struct sgn_buf *buf, int state, int depth);

/* A frame's title is one line; the rest stands in a note inside. */
static void
put_inside(const struct sheet *sheet, struct sgn_buf *buf, int state, int depth)
{
    const struct model_state *s = &sheet->model->states[state];
    const struct node *node = &sheet->nodes[state];

    if (node->dot) {
        put_indent(buf, depth);
        (void)sgn_buf_printf(buf, "d%d((\" \")):::start\n", state);
    }
    if (node->port || node->n_lines > 0) {
        put_indent(buf, depth);
        (void)sgn_buf_printf(buf, "n%d[\"", state);
        if (node->port || state == 0)
            put_text(buf, sgn_say(sheet->options->language, "in every state"));
        put_lines(buf, node, !(node->port || state == 0));
        (void)sgn_buf_puts(buf, "\"]:::note\n");
    }
    for (int i = 0; i < s->n_children; i++)
        if (sheet->nodes[s->children[i]].drawn)
            put_state(sheet, buf, s->children[i], depth);
}

static void
put_state(const struct sheet *sheet, struct sgn_buf *buf, int state, int depth)
{
    if (!sheet_is_frame(sheet, state)) {
        put_leaf(sheet, buf, state, depth);
        return;
    }
    put_indent(buf, depth);
    (void)sgn_buf_printf(buf, "subgraph s%d[\"", state);
    put_text(buf, sheet->nodes[state].title);
    (void)sgn_buf_puts(buf, "\"]\n");
    put_inside(sheet, buf, state, depth + 1);
    put_indent(buf, depth);
    (void)sgn_buf_puts(buf, "end\n");
}

/* ---- arrows ---- */

static void
put_end(struct sgn_buf *buf, enum end end, int state)
{
    static const char letters[] = {
        [END_STATE] = 's', [END_DOT] = 'd', [END_PORT] = 'n', [END_FORK] = 'f'
    };

    (void)sgn_buf_printf(buf, "%c%d", letters[end], state);
}

static void
put_edge(struct sgn_buf *buf, const struct edge *edge)
{
    bool time = edge->kind == MODEL_AFTER || edge->kind == MODEL_ON_GO;

    (void)sgn_buf_puts(buf, "  ");
    put_end(buf, edge->from_end, edge->from);
    (void)sgn_buf_puts(buf, edge->mark == MARK_SEEN ? " ==>" : time ? " -.->" : " -->");
    if (edge->label != NULL || edge->by != NULL) {
        (void)sgn_buf_puts(buf, "|\"");
        put_text(buf, edge->label != NULL ? edge->label : "");
        (void)sgn_buf_puts(buf, edge->label != NULL && edge->by != NULL ? "<br/>" : "");
        put_text(buf, edge->by != NULL ? edge->by : "");
        (void)sgn_buf_puts(buf, "\"|");
    }
    (void)sgn_buf_puts(buf, " ");
    put_end(buf, edge->to_end, edge->to);
    (void)sgn_buf_puts(buf, "\n");
}

/* Arrows are known to styles by their numbers, in the order in which they stand. */
static void
put_styles(const struct sheet *sheet, struct sgn_buf *buf)
{
    for (int i = 0; i < sheet->n_edges; i++) {
        const struct edge *edge = &sheet->edges[i];
        const char *outcome =
            edge->kind == MODEL_ON_APPROVAL && edge->transition >= 0
                ? strrchr(sheet->model->transitions[edge->transition].events[0], '.') + 1
                : "";
        if (edge->mark == MARK_UNSEEN)
            (void)sgn_buf_printf(buf, "  linkStyle %d stroke:#cbd5e1,color:#94a3b8\n", i);
        else if (edge->mark == MARK_SEEN)
            (void)sgn_buf_printf(buf, "  linkStyle %d stroke:#1d4ed8\n", i);
        else if (strcmp(outcome, "approved") == 0)
            (void)sgn_buf_printf(buf, "  linkStyle %d stroke:#15803d\n", i);
        else if (strcmp(outcome, "rejected") == 0)
            (void)sgn_buf_printf(buf, "  linkStyle %d stroke:#b91c1c\n", i);
    }
}

/* ---- the whole ---- */

/* What is said beside the drawing stands apart from it, and nothing leads there. */
static void
put_notes(const struct sheet *sheet, struct sgn_buf *buf)
{
    const json_t *note;
    size_t i;

    json_array_foreach(trace_notes(sheet->options->trace), i, note) {
        char *text = words_wrap(json_string_value(note), NODE_COLUMNS);
        (void)sgn_buf_printf(buf, "  w%zu[\"", i);
        put_text(buf, text != NULL ? text : "");
        (void)sgn_buf_puts(buf, "\"]:::note\n");
        free(text);
    }
}

static void
put_head(const struct sheet *sheet, struct sgn_buf *buf)
{
    struct sgn_buf heading;
    json_t *text;
    char *quoted;

    sgn_buf_init(&heading, DIAGRAM_MAX);
    sheet_heading_put(sheet, &heading);
    text = json_string(heading.bytes != NULL ? heading.bytes : "");
    /* A JSON string is a YAML string. */
    quoted = json_dumps(text, JSON_ENCODE_ANY);
    (void)sgn_buf_printf(buf, "---\ntitle: %s\n---\nflowchart TB\n",
                         quoted != NULL ? quoted : "\"\"");
    free(quoted);
    json_decref(text);
    sgn_buf_deinit(&heading);
}

static const char classes[] =
    "  classDef state fill:#ffffff,stroke:#64748b,color:#0f172a,text-align:left\n"
    "  classDef approval fill:#eef4ff,stroke:#1d4ed8,color:#0f172a,text-align:left\n"
    "  classDef waiting fill:#fff7ed,stroke:#c2410c,color:#0f172a,text-align:left\n"
    "  classDef final fill:#f1f5f9,stroke:#334155,stroke-width:3px,color:#0f172a\n"
    "  classDef active fill:#ffd54f,stroke:#b45309,stroke-width:4px,color:#0f172a\n"
    "  classDef unseen fill:#ffffff,stroke:#cbd5e1,color:#94a3b8\n"
    "  classDef note fill:#fefce8,stroke:#ca8a04,stroke-dasharray:4 3,color:#0f172a\n"
    "  classDef start fill:#0f172a,stroke:#0f172a,color:#0f172a\n"
    "  classDef dot fill:#ffffff,stroke:#0f172a,color:#0f172a\n";

void
diagram_mermaid(const struct sheet *sheet, struct sgn_buf *buf)
{
    put_head(sheet, buf);
    put_inside(sheet, buf, 0, 1);
    for (int i = 0; i < sheet->n_edges; i++) {
        if (sheet->edges[i].to_end == END_FORK)
            (void)sgn_buf_printf(buf, "  f%d((\" \")):::start\n", sheet->edges[i].to);
        put_edge(buf, &sheet->edges[i]);
    }
    put_notes(sheet, buf);
    put_styles(sheet, buf);
    (void)sgn_buf_puts(buf, classes);
}
