/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report on its way: reads cases and their histories in slices, so that lists of others have
 * their turn between them, within the limits report_entries and report_ms. On query threads, one
 * at a time.
 */
#ifndef RPC_REPORT_WORK_H
#define RPC_REPORT_WORK_H

#include "lane.h"
#include "report.h"

struct rpc_report_work {
    struct report *report;
    struct report_options options;
    char currency[4];               /* the team's */
    json_t *workflows;              /* only these are read; NULL: those that the params say */
    json_t *names, *skipped, *seen; /* skipped: keys of cases whose history is too long */
    struct calendar *calendar;      /* NULL: the team has none, and all time counts */
    json_t *items;                  /* of this page */
    char *cursor;                   /* of the next one */
    size_t at;                      /* in this page */
    bool ended;                     /* open cases are done, now those that have ended */
    int64_t cases, entries, spent;  /* ms */
};

/* Of a struct rpc_report_work that calloc made; NULL: nothing. */
void rpc_report_work_free(void *report_work);
/* The caller has set the options, but for names and calendar. */
enum sgn_status rpc_report_begin(struct rpc_report_work *work, struct store_reader *reader,
                                 struct lane *lane, const struct lane_job *job,
                                 struct sgn_error *err) SGN_MUST_CHECK;
/* SGN_NEEDS: there is more to read. SGN_TOO_LARGE, with what would be right. */
enum sgn_status rpc_report_slice(struct rpc_report_work *work, struct store_reader *reader,
                                 struct lane *lane, const struct lane_job *job,
                                 struct sgn_error *err) SGN_MUST_CHECK;

#endif
