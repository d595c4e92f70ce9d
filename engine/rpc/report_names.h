/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a report calls things, and what it has to know of the rules: the team's people, clients,
 * projects and roles as they are now, and its workflows as they are in force. On a query thread.
 */
#ifndef RPC_REPORT_NAMES_H
#define RPC_REPORT_NAMES_H

#include "lane.h"

/* As report/report.h has it. New reference. */
enum sgn_status rpc_report_names(struct store_reader *reader, struct lane *lane,
                                 const struct lane_job *job, json_t **out,
                                 struct sgn_error *err) SGN_MUST_CHECK;

#endif
