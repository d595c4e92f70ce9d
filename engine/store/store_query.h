/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SQL of a list of cases, the same for every backend but for a few fragments: which filters
 * there are and how they combine stands once.
 *
 * The SQL is put together from constant fragments only; every value is a bound parameter. A page
 * ends where its cursor says: the sort value and the key of its last case, so that a case is
 * neither skipped nor shown twice, whatever came in between.
 */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include "buf.h"
#include "store_count.h"
#include "store_page.h"

/* Where the backends' SQL differs. A '?' in a fragment is a parameter. */
struct store_dialect {
    bool numbered;           /* parameters are $1, $2, ..., else ? */
    const char *select;      /* the case's columns and fields (store_page.h), of a case_ c */
    const char *in_array;    /* " IN (...)": among the strings of a JSON array, a parameter */
    const char *in_projects; /* the same of givers' d.projects and d.workflows */
    const char *in_workflows;
    const char *givers;      /* "(SELECT ...) d": giver, projects, workflows (null: any) of a
                                JSON array, a parameter */
    const char *has_state;   /* does c.states hold the word, a parameter? */
    const char *text;        /* the case's text in small ASCII letters, and */
    const char *shared_text; /* what of it stands before the unit separator */
    const char *hand;        /* who did what the opener is named for, of c.document */
    const char *field_text, *field_int; /* the value of a case_field f */
    const char *field;                  /* what c.document says of a field, a parameter, as text */
    bool counts; /* the database counts by groups itself; else a row of each case is wanted */
    bool late;   /* c.id: what a page shows has to be asked for apart from what it is sorted by, or
                    it is read of every case that the sort looks at */
};

/* Most urgent is highest. */
#define STORE_PRIORITY                                                                             \
    "CASE c.priority WHEN 'urgent' THEN 4 WHEN 'high' THEN 3 WHEN 'normal' THEN 2 "                \
    "WHEN 'low' THEN 1 ELSE 0 END"

#define STORE_QUERY_VALUES 160 /* above what any filter needs: more is a fault, not a long list */

struct store_query_value {
    const char *text; /* NULL: n */
    int64_t n;
};

struct store_query {
    const struct store_dialect *dialect;
    struct sgn_buf sql;
    struct store_query_value values[STORE_QUERY_VALUES]; /* of the parameters, in order */
    int n_values, n_marks;
    char *owned[8]; /* texts made for the query */
    int n_owned;
    json_t *cursor;
    bool failed; /* no memory, or more values than a filter can have */
};

/* Makes the statement of a filter's page, with a row more than its limit. SGN_INVALID for a bad
 * sort, cursor or field value. The values borrow from the filter; deinit whatever the status. */
enum sgn_status store_query_build(struct store_query *query, const struct store_dialect *dialect,
                                  const struct store_case_filter *filter,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* The same of a count: the columns of what it counts by, then the number of such cases (dialect:
 * counts), or the key of a case, and a row of each. */
enum sgn_status store_query_count(struct store_query *query, const struct store_dialect *dialect,
                                  const struct store_case_filter *filter,
                                  const struct store_count *count,
                                  struct sgn_error *err) SGN_MUST_CHECK;
void store_query_deinit(struct store_query *query);

/* The cursor behind a row of such a list, whose ctx is the filter and whose column behind the
 * fields is what it is sorted by (store_page.h). */
json_t *store_case_end(const struct store_list *list);

#endif
