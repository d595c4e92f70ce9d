/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What passed between the team and a client: communications that were noted (cases of the workflow
 * COMMUNICATION) and what the client's people were told by the engine, with what became of it.
 *
 * From a reader; any thread.
 */
#ifndef LANE_CONTACTS_H
#define LANE_CONTACTS_H

#include "lane.h"

#define LANE_COMMUNICATION "communication" /* the workflow's name, shipped or the team's own */

/*
 * What a person was told, by number: rows of STORE_MESSAGE with "sent": "portal" (they read it in
 * the portal: no mail is sent to them), "mail" (it went out), "waiting" (it is to go out), "failed"
 * (it was given up). person: the row. after: only those with a greater number. A new array.
 */
enum sgn_status lane_told_rows(struct store_reader *reader, const char *team, const json_t *person,
                               int64_t after, json_t **out, struct sgn_error *err) SGN_MUST_CHECK;

/*
 * The fact "contact:PROJECT" of core.h: when the project's client last heard from the team, in
 * milliseconds, by each way that there was: {"mail": AT, "portal": AT, "call": AT, ...}. Noted are
 * the latest hundred communications of the project; told is what reached those who hold the role
 * client now.
 */
enum sgn_status lane_contact_fact(struct store_reader *reader, const char *team,
                                  const char *project, json_t **out,
                                  struct sgn_error *err) SGN_MUST_CHECK;

#endif
