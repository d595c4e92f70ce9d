/* SPDX-License-Identifier: Apache-2.0 */
/* The threads of lists and reports. Of the lane's files. */
#ifndef LANE_QUERY_H
#define LANE_QUERY_H

#include "lane.h"

#define LANE_QUERY_THREADS 2

enum sgn_status lane_queries_start(struct lane *lane, struct sgn_error *err) SGN_MUST_CHECK;
/* What was queued before is still answered. */
void lane_queries_stop(struct lane *lane);

#endif
