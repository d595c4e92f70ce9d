/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The columns of a case's row, made of its document. Of the lane's files.
 */
#ifndef LANE_COLUMNS_H
#define LANE_COLUMNS_H

#include "model.h"
#include "store.h"

/* What the columns of a case's row point into. */
struct lane_columns {
    char *document, *text, *states;
    char *names; /* the short ones, one behind the other */
    json_t *indexed, *waiting;
};

/*
 * The columns of a case's row: those that its document and the version it goes by say. Left out
 * are the team, the last entry's, and what was looked up when that was written: the project's
 * client and the workflow's group. *out points into columns. On failure too lane_columns_deinit()
 * is to be called.
 */
enum sgn_status lane_columns_make(struct lane_columns *columns, const struct model *model,
                                  const json_t *row, struct store_case *out,
                                  struct sgn_error *err) SGN_MUST_CHECK;
void lane_columns_deinit(struct lane_columns *columns);

#endif
