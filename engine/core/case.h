/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case is one row: a JSON object, its document. The same object is what decisions read and
 * make, what the store keeps, and what folding a case's entries gives.
 *
 *   key workflow version rules project opener             strings; version an integer
 *   hand?                                                 who opened it for the opener
 *   opened_at closed_at                                   ms; closed_at null while open
 *   rev case_seq                                          integers
 *   priority outcome                                      outcome null while open
 *   states      [leaf names, document order]
 *   history     {history name: [states]}                  remembered states
 *   visits      {state: times entered}
 *   fields      {name: value}                             an empty field is missing
 *   owners      {state: PERSON | {"offer": [WHO AS ROLE OR PERSON]}}
 *   deadlines   [DEADLINE]                                armed ones, in the order of arming
 *   armed       integer                                   how many were ever armed: the next id
 *   rounds      {approval: ROUND}                         the last round of each approval
 *   tasks       {state/task: {"done": bool, "by", "on_behalf"?, "at", "file"?, "file_name"?: its
 *               proof, "had"?: [FILE ID] of a task with proof: there when it became open}}
 *   links       [{"case", "kind"}]
 *   files       [{"id", "name", "sha256", "size", "type", "shared"}]
 *   waiting     [WAITING]                                 who it waits for
 *   imported?   {"source", "key", "url"?, "at"?: ms, "by"?, "due"?: date or time, "n"}: of a case
 *               that comes from another tool; n: how many entries of its former history are here
 *   hold?       {"by", "at": ms, "reason"}: nothing of it is erased meanwhile (audit.hold)
 *   stuck       null | {"at", "deadline"?, "cause"?, "code", "message"}
 *
 *   DEADLINE { "id": "d3", "kind": "within"|"after"|"send", "name", "state", "order": 3,
 *              "from": ms|null (its clock has not started), "due": ms | "left": ms (paused),
 *              "total": ms (counted time from start to due), "rung": next rung's index,
 *              "next": ms when it fires next, or null, "repeats": n, "event"?, "data"?, "send"?,
 *              "after"?: duration of a send, "working"?: true when total and left are working time,
 *              "pauses"?: [{"from": ms, "to"?: ms, "state", "for"?: role, "merged"?: how many}],
 *              "put_off"?: counted time by which the next rung is put off,
 *              "imported"?: true when it is due as the case was in the tool that it comes from }
 *   ROUND    { "number", "state", "opened_at", "digest", "ballots": [BALLOT], "eligible": [PERSON],
 *              "shown": {FIELD: {"hash", "since": round number}}: covered fields as they are now,
 *              "earlier"?: {DIGEST: round number}: what was right before,
 *              "seats"?: {RULE: {"people": {PERSON: weight}, "as"}}: of an approval with fixed,
 *              "left"?: [PERSON]: had a part in it and is none of its people any more,
 *              "not_needed"?: [PERSON]: asked, and not heard when it was decided,
 *              "ended"?: {"outcome", "manner"?, "at"} }
 *   BALLOT   { "person", "on_behalf"?, "at", "channel", "choice", "comment"?, "digest",
 *              "standing": bool, "carried"?: round number,
 *              "rules"?: those that it was given under, when the case has come to others since }
 *   WAITING  { "kind": "owner"|"offer"|"approval"|"task"|"stuck", "person" or "role" or "group",
 *              "state", "since": ms, "due": ms|null (of the nearest deadline whose clock runs),
 *              "left"?: ms of a paused one when none runs, "clock"?: the calendar it goes by,
 *              "working"?: bool, there when there is a deadline: is it working time that counts,
 *              "why"?: why it is offered or not late,
 *              "digest"?: of an approval whose rules have covers of their own: this person's }
 */
#ifndef CORE_CASE_H
#define CORE_CASE_H

#include "model.h"

/* An empty row with every member there. New reference, or NULL. */
json_t *case_new(void);
/* When something of it fires next; 0: nothing is armed. */
int64_t case_next_due(const json_t *row);
/* The earliest due time of its deadlines (withins whose clock runs), passed or not; 0: none. */
int64_t case_due(const json_t *row);
bool case_is_open(const json_t *row);
/* Whose ballot it is: on whose behalf it was given, or the person's own. */
const char *case_ballot_giver(const json_t *ballot);
bool case_in_state(const struct model *model, const json_t *row, const char *state);

/*
 * Applies an entry's parts to a row: the fold. row NULL starts with a new one (the entry
 * must open the case). header is the parsed header; shared and internal may be NULL. Uses
 * nothing else: no model, no rules. An entry whose internal part holds "row" says the complete row
 * after it: of an erasure, and of a migration to other rules. New reference in *out; row is left as
 * it was. SGN_INVALID when the parts cannot follow on the row.
 */
enum sgn_status case_fold(const json_t *row, const json_t *header, const json_t *shared,
                          const json_t *internal, json_t **out,
                          struct sgn_error *err) SGN_MUST_CHECK;

/*
 * Erasing. What people wrote in parts that are taken out of a case's history (audit.redact) stands
 * in its row, too, as far as nothing has replaced it since: case_redact empties that. So go values
 * of fields, files, proofs of tasks, comments of ballots, what an error said, and who did it in the
 * tool that a case came from. What stays is what the case is made of: its states, rounds with their
 * choices and digests, deadlines, links, keys and times.
 *
 * since: {"fields", "files", "tasks": {NAME: true}}, what entries behind have set, gathered by
 * case_redact_since of each of their parts. *gone: {"fields": [NAME], "files": [ID]}, what was
 * emptied; new reference. *out: the row behind the erasure, with rev and case_seq one further; new
 * reference. SGN_NOT_NOW: a round that is open decides on some of it, or has a ballot of the part
 * ("approval" says which).
 */
enum sgn_status case_redact(const json_t *row, const json_t *const parts[2], const json_t *since,
                            json_t **out, json_t **gone, struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status case_redact_since(json_t *since, const json_t *part,
                                  struct sgn_error *err) SGN_MUST_CHECK;

#endif
