/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DOT, for Graphviz: states are tables, compound states are clusters.
 *
 * Texts stand in Graphviz' HTML-like labels. Besides the characters of XML the backslash is
 * doubled, since "\N" in a label stands for a name (also where it is written as an entity), and
 * what XML cannot hold is replaced.
 */
#include "diagram_internal.h"
#include <stdlib.h>
#include <string.h>

#define INK   "#0f172a"
#define FAINT "#94a3b8"

static void
put_text(struct sgn_buf *buf, const char *text, const char *newline)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '\n')
            (void)sgn_buf_puts(buf, newline);
        else if (c == '\\')
            (void)sgn_buf_puts(buf, "&#92;&#92;");
        else if (strchr("&<>\"'", c) != NULL)
            (void)sgn_buf_printf(buf, "&#%d;", c);
        else if (c == 0xef && strncmp(text, "\xef\xbf\xbe", 2) == 0 && (text[2] & 0xbe) == 0xbe)
            (void)sgn_buf_puts(buf, "?"), text += 2; /* U+FFFE, U+FFFF */
        else
            (void)sgn_buf_append(buf, text, 1);
    }
}

/* ---- states ---- */

static const char *
line_colour(enum line_kind kind, enum mark mark)
{
    static const char *const colours[] = {
        [LINE_WHO] = "#334155",  [LINE_APPROVAL] = "#1d4ed8", [LINE_CLOCK] = "#9a3412",
        [LINE_TASK] = "#166534", [LINE_HERE] = "#6b21a8",     [LINE_OUTCOME] = "#334155",
    };

    return mark == MARK_UNSEEN ? FAINT : colours[kind];
}

/* A heading, and below it the lines, to the left. */
static void
put_table(struct sgn_buf *buf, const char *title, const struct node *node)
{
    const char *ink = node->mark == MARK_UNSEEN ? FAINT : INK;

    (void)sgn_buf_puts(buf, "<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" "
                            "CELLPADDING=\"1\">");
    (void)sgn_buf_printf(buf, "<TR><TD><FONT COLOR=\"%s\"><B>", ink);
    put_text(buf, title, "<BR/>");
    (void)sgn_buf_puts(buf, "</B></FONT></TD></TR>");
    if (node->n_lines > 0)
        (void)sgn_buf_puts(buf, "<HR/>");
    for (int i = 0; i < node->n_lines; i++) {
        const struct line *line = &node->lines[i];
        (void)sgn_buf_printf(
            buf, "<TR><TD ALIGN=\"LEFT\" BALIGN=\"LEFT\"><FONT POINT-SIZE=\"9\" COLOR=\"%s\">",
            line_colour(line->kind, node->mark));
        for (int k = 0; k < line->depth; k++)
            (void)sgn_buf_puts(buf, "&#160;&#160;· ");
        put_text(buf, line->text, "<BR/>&#160;&#160;&#160;&#160;");
        (void)sgn_buf_puts(buf, "</FONT></TD></TR>");
    }
    (void)sgn_buf_puts(buf, "</TABLE>>");
}

/* Fill, border and its width say what kind of state it is, and in a case where it is. */
static const char *
style_of(const struct sheet *sheet, int state)
{
    const struct model_state *s = &sheet->model->states[state];
    enum mark mark = sheet->nodes[state].mark;

    if (mark == MARK_ACTIVE)
        return "fillcolor=\"#ffd54f\", color=\"#b45309\", penwidth=3";
    if (mark == MARK_UNSEEN)
        return "fillcolor=\"#ffffff\", color=\"#cbd5e1\"";
    if (s->kind == MODEL_FINAL)
        return "fillcolor=\"#e2e8f0\", color=\"#334155\", peripheries=2";
    if (s->approval != NULL && !sheet->options->for_client)
        return "fillcolor=\"#eef4ff\", color=\"#1d4ed8\", penwidth=1.5";
    if (s->waiting_for != NULL)
        return "fillcolor=\"#fff7ed\", color=\"#c2410c\"";
    return "fillcolor=\"#ffffff\", color=\"#64748b\"";
}

static void
put_leaf(const struct sheet *sheet, struct sgn_buf *buf, int state)
{
    const struct model_state *s = &sheet->model->states[state];

    if (s->kind == MODEL_HISTORY) {
        (void)sgn_buf_printf(buf,
                             "  s%d [shape=circle, width=0.3, fixedsize=true, style=solid, "
                             "label=\"%s\"];\n",
                             state, s->deep ? "H*" : "H");
        return;
    }
    (void)sgn_buf_printf(buf, "  s%d [%s, label=", state, style_of(sheet, state));
    put_table(buf, sheet->nodes[state].title, &sheet->nodes[state]);
    (void)sgn_buf_puts(buf, "];\n");
}

static void put_state(const struct sheet *sheet, struct sgn_buf *buf, int state);

static void
put_inside(const struct sheet *sheet, struct sgn_buf *buf, int state)
{
    const struct model_state *s = &sheet->model->states[state];
    const struct node *node = &sheet->nodes[state];

    if (node->dot)
        (void)sgn_buf_printf(buf,
                             "  d%d [shape=circle, width=0.15, fixedsize=true, style=filled, "
                             "fillcolor=\"" INK "\", label=\"\"];\n",
                             state);
    if (node->port || (state == 0 && node->n_lines > 0)) {
        static const struct node bare = { 0 };
        (void)sgn_buf_printf(buf,
                             "  n%d [style=\"rounded,dashed,filled\", fillcolor=\"#fefce8\", "
                             "color=\"#ca8a04\", label=",
                             state);
        put_table(buf, sgn_say(sheet->options->language, "in every state"),
                  state == 0 ? node : &bare);
        (void)sgn_buf_puts(buf, "];\n");
    }
    for (int i = 0; i < s->n_children; i++)
        if (sheet->nodes[s->children[i]].drawn)
            put_state(sheet, buf, s->children[i]);
}

static void
put_state(const struct sheet *sheet, struct sgn_buf *buf, int state)
{
    const struct model_state *s = &sheet->model->states[state];
    const struct node *node = &sheet->nodes[state];
    bool region = sheet->model->states[s->parent].kind == MODEL_PARALLEL;

    if (!sheet_is_frame(sheet, state)) {
        put_leaf(sheet, buf, state);
        return;
    }
    (void)sgn_buf_printf(buf, "  subgraph cluster_s%d {\n  style=\"rounded,filled%s\"; ", state,
                         region ? ",dashed" : "");
    (void)sgn_buf_printf(buf, "fontsize=12; fillcolor=\"%s\"; color=\"%s\"; penwidth=%s;\n  label=",
                         region ? "#f1f5f9" : "#f8fafc",
                         node->mark == MARK_ACTIVE   ? "#b45309"
                         : node->mark == MARK_UNSEEN ? "#cbd5e1"
                                                     : "#64748b",
                         node->mark == MARK_ACTIVE ? "2.5" : "1");
    put_table(buf, node->title, node);
    (void)sgn_buf_puts(buf, ";\n");
    put_inside(sheet, buf, state);
    (void)sgn_buf_puts(buf, "  }\n");
}

/* ---- arrows ---- */

/* Arrows go between nodes: a cluster is meant by one of its insides. The last of those left
 * and the first of those entered keep arrows going down. */
static int
leaf_of(const struct sheet *sheet, int state, bool last)
{
    const struct model *model = sheet->model;
    int found = state;

    for (int i = state + 1; i <= model->states[state].last; i++) {
        if (!sheet->nodes[i].drawn || sheet_is_frame(sheet, i) ||
            model->states[i].kind == MODEL_HISTORY)
            continue;
        found = i;
        if (!last)
            break;
    }
    return found;
}

static void
put_end(const struct sheet *sheet, struct sgn_buf *buf, enum end end, int state, bool from)
{
    static const char letters[] = {
        [END_STATE] = 's', [END_DOT] = 'd', [END_PORT] = 'n', [END_FORK] = 'f'
    };

    if (end != END_STATE || !sheet_is_frame(sheet, state))
        (void)sgn_buf_printf(buf, "%c%d", letters[end], state);
    else if (!from && sheet->nodes[state].dot)
        (void)sgn_buf_printf(buf, "d%d", state);
    else
        (void)sgn_buf_printf(buf, "s%d", leaf_of(sheet, state, from));
}

static const char *
edge_colour(const struct sheet *sheet, const struct edge *edge)
{
    const char *outcome = "";

    if (edge->mark == MARK_UNSEEN)
        return "#cbd5e1";
    if (edge->mark == MARK_SEEN)
        return "#1d4ed8";
    if (edge->kind == MODEL_AFTER || edge->kind == MODEL_ON_GO)
        return "#9a3412";
    if (edge->kind == MODEL_ON_APPROVAL && edge->transition >= 0)
        outcome = strrchr(sheet->model->transitions[edge->transition].events[0], '.') + 1;
    return strcmp(outcome, "approved") == 0   ? "#15803d"
           : strcmp(outcome, "rejected") == 0 ? "#b91c1c"
           : *outcome != '\0'                 ? "#a16207"
                                              : "#475569";
}

static void
put_label(struct sgn_buf *buf, const struct edge *edge, const char *colour)
{
    const char *ink = edge->mark == MARK_UNSEEN ? FAINT : colour;

    if (edge->label == NULL && edge->by == NULL)
        return;
    (void)sgn_buf_printf(buf, ", label=<<FONT COLOR=\"%s\">", ink);
    if (edge->label != NULL)
        put_text(buf, edge->label, "<BR/>");
    (void)sgn_buf_puts(buf, edge->label != NULL && edge->by != NULL ? "<BR/>" : "");
    if (edge->by != NULL) {
        (void)sgn_buf_puts(buf, "<FONT POINT-SIZE=\"8\">");
        put_text(buf, edge->by, "<BR/>");
        (void)sgn_buf_puts(buf, "</FONT>");
    }
    (void)sgn_buf_puts(buf, "</FONT>>");
}

static void
put_edge(const struct sheet *sheet, struct sgn_buf *buf, const struct edge *edge)
{
    const char *colour = edge_colour(sheet, edge);
    bool time = edge->kind == MODEL_AFTER || edge->kind == MODEL_ON_GO;

    (void)sgn_buf_puts(buf, "  ");
    put_end(sheet, buf, edge->from_end, edge->from, true);
    (void)sgn_buf_puts(buf, " -> ");
    put_end(sheet, buf, edge->to_end, edge->to, false);
    (void)sgn_buf_printf(buf, " [color=\"%s\"", colour);
    if (edge->from_end == END_STATE && sheet_is_frame(sheet, edge->from))
        (void)sgn_buf_printf(buf, ", ltail=cluster_s%d", edge->from);
    if (edge->to_end == END_STATE && sheet_is_frame(sheet, edge->to))
        (void)sgn_buf_printf(buf, ", lhead=cluster_s%d", edge->to);
    if (time)
        (void)sgn_buf_puts(buf, ", style=dashed");
    if (edge->mark == MARK_SEEN)
        (void)sgn_buf_puts(buf, ", penwidth=2.5");
    put_label(buf, edge, colour);
    (void)sgn_buf_puts(buf, "];\n");
}

/* ---- the whole ---- */

/* What is said beside the drawing, see diagram_mermaid.c. */
static void
put_notes(const struct sheet *sheet, struct sgn_buf *buf)
{
    const json_t *note;
    size_t i;

    json_array_foreach(trace_notes(sheet->options->trace), i, note) {
        char *text = words_wrap(json_string_value(note), NODE_COLUMNS);
        (void)sgn_buf_printf(buf,
                             "  w%zu [shape=note, style=filled, fillcolor=\"#fefce8\", "
                             "color=\"#ca8a04\", label=<",
                             i);
        put_text(buf, text != NULL ? text : "", "<BR ALIGN=\"LEFT\"/>");
        (void)sgn_buf_puts(buf, "<BR ALIGN=\"LEFT\"/>>];\n");
        free(text);
    }
}

static void
put_head(const struct sheet *sheet, struct sgn_buf *buf)
{
    static const char fonts[] = "fontname=\"Helvetica,Arial,Noto Sans CJK SC,sans-serif\"";
    struct sgn_buf heading;

    sgn_buf_init(&heading, DIAGRAM_MAX);
    sheet_heading_put(sheet, &heading);
    (void)sgn_buf_printf(buf,
                         "digraph workflow {\n  graph [compound=true, rankdir=TB, nodesep=0.5, "
                         "ranksep=0.45, charset=\"UTF-8\", labelloc=t, fontsize=16, %s, label=<<B>",
                         fonts);
    put_text(buf, heading.bytes != NULL ? heading.bytes : "", " ");
    (void)sgn_buf_printf(buf,
                         "</B>>];\n  node [shape=box, style=\"rounded,filled\", "
                         "fillcolor=\"#ffffff\", fontsize=11, margin=\"0.12,0.06\", %s];\n"
                         "  edge [fontsize=10, arrowsize=0.7, %s];\n",
                         fonts, fonts);
    sgn_buf_deinit(&heading);
}

void
diagram_dot(const struct sheet *sheet, struct sgn_buf *buf)
{
    put_head(sheet, buf);
    put_inside(sheet, buf, 0);
    for (int i = 0; i < sheet->n_edges; i++) {
        if (sheet->edges[i].to_end == END_FORK)
            (void)sgn_buf_printf(buf, "  f%d [shape=point, width=0.08, color=\"" INK "\"];\n",
                                 sheet->edges[i].to);
        put_edge(sheet, buf, &sheet->edges[i]);
    }
    put_notes(sheet, buf);
    (void)sgn_buf_puts(buf, "}\n");
}
