/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words for people beside the names that histories and lists are made of: titles of a
 * case's states, events and fields in the versions its entries were decided by, and of persons.
 * On query threads.
 */
#ifndef RPC_TITLES_H
#define RPC_TITLES_H

#include "rpc_internal.h"
#include "told.h"

/*
 * What a history's names are called in the caller's language: {workflow, states: {NAME:
 * {title, in?}}, events: {NAME: title}, fields: {NAME: title}, parts: {"FIELD.NAME": title},
 * values:
 * {"FIELD" or "FIELD.NAME": {CHOICE: title}}, outcomes: {NAME: title}, choices: {VOTE: title},
 * deadlines: {NAME: title}, tasks: {"STATE/NAME": title}, people: {KEY: title}, versions: {DIGEST:
 * the same of another version, without people and versions}}. document is the case's row, and the
 * words are those of the version that it runs under; versions has those that items (entries as
 * shown) were decided by before. people are those that items name. in is the state that holds a
 * state. A client's person is told shared fields and client_titles only. New reference.
 */
enum sgn_status rpc_titles(struct store_reader *reader, struct lane *lane,
                           const struct lane_job *job, const json_t *document, const json_t *items,
                           json_t **out, struct sgn_error *err) SGN_MUST_CHECK;
/* The same as a client's person, or one of the team's own, reads them, whoever asks. */
enum sgn_status rpc_titles_for(struct store_reader *reader, struct lane *lane,
                               const struct lane_job *job, bool for_client, const json_t *document,
                               const json_t *items, json_t **out,
                               struct sgn_error *err) SGN_MUST_CHECK;

/* What a state of a version is called; to a client by its client_title. Borrowed. */
const char *rpc_state_title(const struct model *model, int state, const char *language,
                            bool for_client);

/* Puts beside what an item of a list (rpc_case_item) names: title, what the case is about, or
 * null; state_titles {NAME: title} of the active states and those around them; outcome_title;
 * priority_title. */
enum sgn_status rpc_case_titles(struct store_reader *reader, struct lane *lane,
                                const struct lane_job *job, const json_t *document, json_t *view,
                                struct sgn_error *err) SGN_MUST_CHECK;

/* Puts fields into such an item: the filled ones of the case that the caller may see. */
enum sgn_status rpc_case_fields(struct store_reader *reader, struct lane *lane,
                                const struct lane_job *job, const json_t *document, json_t *view,
                                struct sgn_error *err) SGN_MUST_CHECK;

#endif
