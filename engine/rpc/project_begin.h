/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A project that begins by a template: its people and its first cases, with it in one entry. The
 * cases are effects of that entry: they are opened after its commit, each once whatever happens.
 *
 * Lane thread.
 */
#ifndef RPC_PROJECT_BEGIN_H
#define RPC_PROJECT_BEGIN_H

#include "lane.h"

/*
 * The end of project.create with a template: stages row (taken) and the memberships, writes the
 * entry, answers. Refused, with nothing done: an unknown template, or one with a mistake (which
 * says file and line); nobody who could lead; a beginning that is no day.
 */
enum sgn_status rpc_project_begin(struct lane_run *run, struct lane_job *job, json_t *row_take,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* Before it: the key of a project that was given none, "acme-3"; in the params from then on. */
enum sgn_status rpc_project_name(struct lane_run *run, struct lane_job *job,
                                 struct sgn_error *err) SGN_MUST_CHECK;

#endif
