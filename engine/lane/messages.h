/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a message says, in its reader's language: a template of the rules, or a sentence of
 * ours for the rung or the failure it came from. Any thread.
 *
 * A template is the rules' own text with {placeholders}: a member of the message's values,
 * "case", "title", "project", "workflow", "state", or a field of the case. One that names
 * nothing stays as it was written.
 *
 * For a client's person nothing internal is said: no deadlines, no errors, the client's own
 * title of a state, of the fields the shared ones, and a dash for a place that names nothing.
 */
#ifndef LANE_MESSAGES_H
#define LANE_MESSAGES_H

#include "model.h"

/* What there is to know; all borrowed. */
struct lane_message_scene {
    const char *language;      /* "en", "zh" */
    const char *kind;          /* of the message: remind, notify, ... */
    const json_t *said;        /* what the entry said: template, values, deadline, rung, ... */
    const json_t *document;    /* the case's row, or NULL: it is about none */
    const struct model *model; /* of the case's version, or NULL */
    const char *title;         /* what the case is about, or NULL */
    const json_t *names; /* {KEY: name} of persons that said names (lane_told_names), or NULL */
    bool for_client;
};

/* The text; new, or NULL when out of memory. */
char *lane_message_text(const struct lane_message_scene *scene);

#endif
