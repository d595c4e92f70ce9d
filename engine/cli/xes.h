/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Histories as an event log for process mining: XES, IEEE Std 1849, with its extensions Concept,
 * Lifecycle, Organizational and Time. A case is a trace, an entry an event: its name is the event
 * that was fired, or what else happened; its resource who did it; its transition of the standard
 * life cycle "complete", or "reassign" for a new owner.
 */
#ifndef CLI_XES_H
#define CLI_XES_H

#include "buf.h"
#include "client.h"

/* What stands before the first trace, and behind the last. */
enum sgn_status xes_begin(struct sgn_buf *out);
enum sgn_status xes_end(struct sgn_buf *out);
/* The traces of cases of case.list, [item], at most XES_TRACES, whose histories are asked for at
 * once; team: the one an operator means, or NULL. */
#define XES_TRACES 50
enum sgn_status xes_traces(struct client *client, const json_t *items, const char *team,
                           struct sgn_buf *out, struct sgn_error *err) SGN_MUST_CHECK;

#endif
