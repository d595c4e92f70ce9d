/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the printers share: the sheet, which says what is to be drawn without saying how, and
 * the words on it. Texts on a sheet are plain; their lines end in '\n'.
 */
#ifndef DIAGRAM_INTERNAL_H
#define DIAGRAM_INTERNAL_H

#include "buf.h"
#include "diagram.h"
#include "say.h"

#define DIAGRAM_MAX   1048576 /* bytes of a drawing */
#define NODE_COLUMNS  44      /* where the lines in a box are broken */
#define LABEL_COLUMNS 26      /* and those along an arrow */

enum line_kind {
    LINE_WHO,      /* owner, who is waited for */
    LINE_APPROVAL, /* who must agree */
    LINE_CLOCK,    /* deadlines and their rungs */
    LINE_TASK,
    LINE_HERE,    /* a transition that leads nowhere */
    LINE_OUTCOME, /* of a final */
};

struct line {
    enum line_kind kind;
    int depth; /* how far it is set in */
    char *text;
};

enum mark {
    MARK_NONE,   /* no case is drawn */
    MARK_UNSEEN, /* the case was never there */
    MARK_SEEN,
    MARK_ACTIVE,
};

/* One for each state of the model, the root included, by its index. */
struct node {
    bool drawn;
    bool dot;  /* has a mark where it begins (compound states) */
    bool port; /* has a mark from which transitions of all its insides go */
    char *title;
    struct line *lines;
    int n_lines;
    enum mark mark;
};

enum end {
    END_STATE, /* the state itself, a box or a frame */
    END_DOT,   /* where it begins: for a transition from its own insides */
    END_PORT,  /* from anywhere inside */
    END_FORK,  /* where one transition splits; state is the transition's index */
};

struct edge {
    int transition; /* index; -1: where a compound state begins */
    int from, to;
    enum end from_end, to_end;
    enum model_transition_kind kind;
    char *label, *by; /* either may be NULL */
    enum mark mark;   /* MARK_SEEN: taken */
};

struct sheet {
    const struct model *model;
    const struct diagram_options *options;
    struct node *nodes;
    struct edge *edges;
    int n_edges, room;
    bool nomem;
};

/* ---- diagram_sheet.c ---- */

enum sgn_status sheet_init(struct sheet *sheet, const struct model *model,
                           const struct diagram_options *options, struct sgn_error *err);
void sheet_deinit(struct sheet *sheet);
/* Is it drawn as a frame around others? */
bool sheet_is_frame(const struct sheet *sheet, int state);
/* Does the workflow itself say something that holds in every state? */
bool sheet_has_root(const struct sheet *sheet);
/* "Change request (CR), version 1". */
void sheet_heading_put(const struct sheet *sheet, struct sgn_buf *buf);

/* ---- diagram_trace.c ---- */

enum mark trace_state(const struct diagram_trace *trace, int state);
bool trace_taken(const struct diagram_trace *trace, int transition);
/* [text], or NULL; borrowed. */
const json_t *trace_notes(const struct diagram_trace *trace);

/* ---- diagram_words.c: texts in a language ---- */

void words_who_put(struct sgn_buf *buf, const struct model *model, const struct model_who *who,
                   const char *language);
/* The same where all of them are meant. */
void words_everybody_put(struct sgn_buf *buf, const struct model *model,
                         const struct model_who *who, const char *language);
void words_cond_put(struct sgn_buf *buf, const struct model *model, const struct model_cond *cond,
                    const char *language);
/* A rule without the rules within it. */
void words_rule_put(struct sgn_buf *buf, const struct model *model, const struct model_rule *rule,
                    const char *language);
/* Lines broken at so many columns; a wide character counts two. Control characters go. */
char *words_wrap(const char *text, int columns);

/* ---- diagram_clock.c: deadlines ---- */

/* "5 workdays (client's calendar)" */
void clock_deadline_put(struct sgn_buf *buf, const struct model *model,
                        const struct model_deadline *deadline, const char *language);
/* "50%", "when due", "1 workday late" */
void clock_rung_put(struct sgn_buf *buf, const struct model_rung *rung, const char *language);
/* "remind owner, tell sponsor"; nothing for a rung that only goes on. */
void clock_actions_put(struct sgn_buf *buf, const struct model *model,
                       const struct model_actions *actions, const char *language);

/* ---- the printers ---- */

void diagram_mermaid(const struct sheet *sheet, struct sgn_buf *buf);
void diagram_dot(const struct sheet *sheet, struct sgn_buf *buf);

#endif
