/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counting cases by what their columns say: groups in the making, the same for every backend. One
 * counts row by row, another hands in what its database has counted.
 */
#ifndef STORE_COUNT_H
#define STORE_COUNT_H

#include "buf.h"
#include "store.h"

/* The columns of a group: those asked for, then the field's. */
#define STORE_COUNT_VALUES (STORE_COUNT_BY + 1)

struct store_counting {
    const struct store_count *count;
    int n_values;
    json_t *groups; /* of the answer */
    json_t *index;  /* {values of a group as one text: its number of cases} */
    struct sgn_buf text;
};

/* The column's SQL, of a case_ c; NULL: there is none of this name that is counted by. */
const char *store_count_column(const char *name);

enum sgn_status store_counting_init(struct store_counting *counting,
                                    const struct store_count *count,
                                    struct sgn_error *err) SGN_MUST_CHECK;
/* n cases more that have these values, n_values of them (NULL: null). SGN_TOO_LARGE above
 * STORE_COUNT_GROUPS. */
enum sgn_status store_counting_add(struct store_counting *counting, const char *const *values,
                                   int64_t n, struct sgn_error *err) SGN_MUST_CHECK;
/* What has been counted, when the status says that all is, which is also what is returned. */
enum sgn_status store_counting_end(enum sgn_status status, struct store_counting *counting,
                                   json_t **out);

#endif
