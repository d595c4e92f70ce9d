/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that come a second time get their first answer. Of the lane's files. */
#ifndef LANE_REPEAT_H
#define LANE_REPEAT_H

#include "lane_internal.h"

/* The answer remembered for the job's request, if there is one: *found. */
enum sgn_status lane_request_repeat(struct lane_run *run, bool *found, struct sgn_error *err);
/* A part of an entry that is staged, from its sealed text (NULL: it has none); new reference. */
json_t *lane_staged_part(const char *text);
/* Asks for those of all jobs that wait to be decided, at once. */
void lane_requests_look(struct lane *lane);

#endif
