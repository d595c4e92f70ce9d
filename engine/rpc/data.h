/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the methods that keep a team's data share: people, clients, projects, groups, tokens.
 * Lane thread only.
 *
 * Such a method reads rows, stages the new ones, and ends with rpc_data_give(): one entry of kind
 * data, whose params are what the method answers.
 */
#ifndef RPC_DATA_H
#define RPC_DATA_H

#include "lane.h"

/*
 * The row whose key column has this value. Without one: missing is SGN_NOT_FOUND (the method is
 * about this row) or SGN_INVALID (a reference), with the pointer and the nearest known key.
 * out may be NULL.
 */
enum sgn_status rpc_data_row(struct lane_run *run, enum store_table table, const char *value,
                             const char *pointer, enum sgn_status missing, json_t **out,
                             struct sgn_error *err) SGN_MUST_CHECK;
/* SGN_CONFLICT when there is such a row already. */
enum sgn_status rpc_data_absent(struct lane_run *run, enum store_table table, const char *value,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* A reference that may be left out. */
enum sgn_status rpc_data_reference(struct lane_run *run, const struct lane_job *job,
                                   enum store_table table, const char *param,
                                   struct sgn_error *err) SGN_MUST_CHECK;
/* The parameter calendar, if given, names one of the team's calendars. */
enum sgn_status rpc_data_calendar(struct lane_run *run, const struct lane_job *job,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* A language that is said (NULL: none is) is en or zh; pointer: where it is said. Any thread. */
enum sgn_status rpc_data_language(const char *language, const char *pointer,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* How a person is written to, as a row of STORE_PERSON or params say: language, and channel, by
 * which they would rather be spoken to. Both may be missing or empty. */
enum sgn_status rpc_data_reached(const json_t *row, struct sgn_error *err) SGN_MUST_CHECK;
/* currency: three capitals. */
enum sgn_status rpc_data_currency(const struct lane_job *job, struct sgn_error *err) SGN_MUST_CHECK;

/* Makes a row of the table with its key columns from the params and the rest filled. */
json_t *rpc_data_new(enum store_table table, const struct lane_run *run, const json_t *params);

/* Stages row (taken), answers it, and writes it down as the job's entry. */
enum sgn_status rpc_data_put(struct lane_run *run, struct lane_job *job, enum store_table table,
                             json_t *row_take, struct sgn_error *err) SGN_MUST_CHECK;
/* The create and update methods of a table with one key column look at a row with this before it
 * is staged; NULL: there is nothing to look at. */
typedef enum sgn_status (*rpc_data_check_fn)(struct lane_run *run, const struct lane_job *job,
                                             const json_t *row, struct sgn_error *err);
/* The update method of such a table: the row as it is, filled from the params, checked, put. */
enum sgn_status rpc_data_update(struct lane_run *run, struct lane_job *job, enum store_table table,
                                rpc_data_check_fn check, struct sgn_error *err) SGN_MUST_CHECK;
/* Takes the row away whose key columns are the params of their names, answers them, and writes
 * that down. SGN_NOT_FOUND is left to the caller to put into words. */
enum sgn_status rpc_data_remove(struct lane_run *run, struct lane_job *job, enum store_table table,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* The entry and the answer: said (taken) without secrets. */
enum sgn_status rpc_data_give(struct lane_run *run, struct lane_job *job, json_t *said_take,
                              struct sgn_error *err) SGN_MUST_CHECK;
/* The get method of a table with one key column, whose parameter is the column's name. */
enum sgn_status rpc_data_show(struct lane_run *run, struct lane_job *job, enum store_table table,
                              struct sgn_error *err) SGN_MUST_CHECK;
/* Rows of a table (names of columns in match) as they are answered; a new array. */
enum sgn_status rpc_data_rows(struct lane_run *run, const struct lane_job *job,
                              enum store_table table, const char *column, const char *value,
                              json_t **out, struct sgn_error *err) SGN_MUST_CHECK;
/* SGN_INVALID with a pointer; for refusals of values. */
enum sgn_status rpc_data_invalid(struct sgn_error *err, const char *pointer, const char *fmt, ...)
    SGN_PRINTF(3, 4);

#endif
