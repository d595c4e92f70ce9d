/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the keys in an answer are called: persons, projects, clients. Told of those alone that the
 * answer names already, so that nobody learns of anybody by it.
 */
#ifndef RPC_NAMES_H
#define RPC_NAMES_H

#include "rpc_internal.h"

/* Where rows are read: on a query thread by reader, on the lane by run; the other is NULL. */
struct rpc_names_from {
    struct store_reader *reader;
    struct lane_run *run;
    const char *team, *language;
};

/* {KEY: title} of the persons that an answer, or a part of it, names. New reference. */
enum sgn_status rpc_names_people(const struct rpc_names_from *from, const json_t *of, json_t **out,
                                 struct sgn_error *err) SGN_MUST_CHECK;
/* Puts names: {people, projects, clients: {KEY: title}} into a job's result, if its params ask for
 * them. */
enum sgn_status rpc_names_add(const struct rpc_names_from *from, struct lane_job *job,
                              struct sgn_error *err) SGN_MUST_CHECK;

#endif
