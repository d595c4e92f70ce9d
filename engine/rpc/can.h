/* SPDX-License-Identifier: Apache-2.0 */
/* What a person can do about something that waits for them. Any thread. */
#ifndef RPC_CAN_H
#define RPC_CAN_H

#include "model.h"

/*
 * The method that answers it, and with what: {method, approval, choices} to vote, {method,
 * tasks} to tick off, {method, events} to act (an offer also {take}: the method to take it
 * over), {method} to try again. kind and state are those of the waiting; document is the case's
 * row. Whether a guard lets an event pass is known by case.allowed alone. New reference.
 */
json_t *rpc_can_do(const struct model *model, const json_t *document, const char *kind,
                   const char *state);

#endif
