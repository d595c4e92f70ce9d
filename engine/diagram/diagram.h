/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A workflow as a drawing: its states with owner, approval, deadlines and tasks, and the
 * transitions between them, as Mermaid or as DOT (Graphviz); of a case, where it is and the
 * way it came.
 *
 * Pure functions over a model: nothing is read, nothing is kept. All titles are strangers' text
 * and are escaped; identifiers in the output are numbers of ours.
 *
 * Mermaid's own state diagrams cannot draw a transition between the insides of two compound
 * states, which statecharts have; so it is given a flowchart.
 */
#ifndef DIAGRAM_H
#define DIAGRAM_H

#include "model.h"
#include "status.h"
#include <jansson.h>

enum diagram_format {
    DIAGRAM_MERMAID,
    DIAGRAM_DOT,
};

/* "mermaid", "dot"; false for another word. */
bool diagram_format_of(const char *word, enum diagram_format *out);

/* ---- the way of a case ---- */

struct diagram_trace;

/* For a case of this version; the model must live as long. */
struct diagram_trace *diagram_trace_new(const struct model *model);
void diagram_trace_free(struct diagram_trace *trace);
/*
 * Notes what an entry did, given as case.history shows it: {kind, event?, left?, entered?, round?,
 * rung?}. In any order; names that this version does not have are passed over.
 */
void diagram_trace_entry(struct diagram_trace *trace, const json_t *entry);
/* A sentence to stand beside the drawing: of the way that is not on it. */
void diagram_trace_note(struct diagram_trace *trace, const char *text);
/* Where the case is now: names of its active leaf states. */
void diagram_trace_active(struct diagram_trace *trace, const json_t *states);

/* ---- drawing ---- */

struct diagram_options {
    enum diagram_format format;
    const char *language;              /* "en", "zh" */
    const struct diagram_trace *trace; /* NULL: a workflow, not a case */
    /* Only what a client's history shows: the states on the way, by the client's titles, and the
     * transitions taken. Needs a trace. */
    bool for_client;
};

/* The text; malloc'ed. SGN_TOO_LARGE when it would be larger than a megabyte. */
enum sgn_status diagram_draw(const struct model *model, const struct diagram_options *options,
                             char **out, struct sgn_error *err) SGN_MUST_CHECK;

#endif
