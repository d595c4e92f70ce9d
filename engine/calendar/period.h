/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long something is kept: "3 years", "1 year 6 months", "90 days". Whole days of the calendar,
 * holidays counted: the day on which it begins is not counted, and the period ends with the day of
 * the same number in the last month (Civil Code of the PRC, art. 201 to 203; BGB § 187, 188), or
 * where that month has none with its last day. Units are accepted in singular and plural.
 */
#ifndef CALENDAR_PERIOD_H
#define CALENDAR_PERIOD_H

#include "buf.h"
#include "zone.h"

struct calendar_period {
    int64_t months; /* and years */
    int64_t days;   /* and weeks */
};

/* SGN_INVALID naming the word that was not understood and the units there are. From one day to 100
 * years. */
enum sgn_status calendar_period_parse(const char *text, struct calendar_period *out,
                                      struct sgn_error *err) SGN_MUST_CHECK;
/* When it is over: the first moment behind its last day, in the zone. Later beginnings never end
 * earlier. */
int64_t calendar_period_end(const struct calendar_period *period, const struct calendar_zone *zone,
                            int64_t from_ms);
/* For people: "1 year 6 months", "1 年 6 个月". language "zh", or English. */
void calendar_period_put(struct sgn_buf *buf, const struct calendar_period *period,
                         const char *language);
/* Below, at or above zero: the first is shorter, as long, longer. "12 months" is as long as
 * "1 year"; between "30 days" and "1 month" a usual month of 31 days decides. */
int calendar_period_compare(const struct calendar_period *a, const struct calendar_period *b);

#endif
