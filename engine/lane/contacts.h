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
#include "notices.h"

#define LANE_COMMUNICATION "communication" /* the workflow's name, shipped or the team's own */

/* How far the mails to one person have gone, as it was when that was read. */
struct lane_mails {
    bool any;                 /* the team has mails sent, and the person has an address */
    int64_t seq[LANE_BOXES];  /* message up to which each box is done */
    json_t *dead[LANE_BOXES]; /* {NUMBER: number of the last one of the same mail} */
};
/* person: the row. On failure too lane_mails_deinit() is to be called. */
enum sgn_status lane_mails_read(struct store_reader *reader, const char *team, const json_t *person,
                                struct lane_mails *out, struct sgn_error *err) SGN_MUST_CHECK;
void lane_mails_deinit(struct lane_mails *mails);
/* What became of a message (a row) to that person: "portal" (they read it in the portal, or the
 * console: no mail is sent of it), "mail" (it went out), "waiting" (it is to go out), "failed" (it
 * was given up). */
const char *lane_mail_of(const struct lane_mails *mails, const json_t *message);

/* Numbers of messages: greater than after, not greater than upto (0: no bound). */
struct lane_told_span {
    int64_t after, upto;
};
/* What a person was told, by number: rows of STORE_MESSAGE with "sent" as lane_mail_of() has it.
 * person: the row. A new array. */
enum sgn_status lane_told_rows(struct store_reader *reader, const char *team, const json_t *person,
                               struct lane_told_span span, json_t **out,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* Is such a row about a case of the project? What is about none, or about one that is gone, is not.
 */
enum sgn_status lane_told_within(struct store_reader *reader, const char *team, const json_t *row,
                                 const char *project, bool *out,
                                 struct sgn_error *err) SGN_MUST_CHECK;

/*
 * When a project's client, or (project NULL) a client in any project, last heard from the team, in
 * milliseconds, by each way that there was: {"mail": AT, "portal": AT, "call": AT, ...}; the fact
 * "contact:PROJECT" of core.h. Noted are the latest hundred communications; told is what reached,
 * in the last LANE_HEARD_ENTRIES entries of the team, those who hold the role client now, or belong
 * to the client. A new object.
 */
#define LANE_HEARD_ENTRIES 400000
enum sgn_status lane_heard(struct store_reader *reader, const char *team, const char *project,
                           const char *client, json_t **out, struct sgn_error *err) SGN_MUST_CHECK;
/* Adds to such an object what one noted communication with these fields says; what came from the
 * client is no word of ours. */
enum sgn_status lane_heard_noted(json_t *out, const json_t *fields,
                                 struct sgn_error *err) SGN_MUST_CHECK;

#endif
