/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What "graph" and "case diagram" share: --format, --output, and pictures by the user's own
 * Graphviz, which is run as a program and never linked.
 */
#ifndef CLI_GRAPHVIZ_H
#define CLI_GRAPHVIZ_H

#include "commands.h"

/* --format mermaid, dot or svg. *format is the text to make ("mermaid", "dot"), *picture whether
 * dot has to make a picture of it. A mistake is one of usage. */
enum sgn_status graph_options(struct cli *cli, const char **format, bool *picture,
                              struct sgn_error *err) SGN_MUST_CHECK;
/* The text, or the SVG that dot makes of it, into the file at path or (NULL) to stdout. An existing
 * file is replaced. SGN_UNAVAILABLE when dot is not installed or fails. */
enum sgn_status graph_give(struct cli *cli, const char *text, bool picture, const char *path,
                           struct sgn_error *err) SGN_MUST_CHECK;

#endif
