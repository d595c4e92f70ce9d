/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Durations as the rule language writes them: "90 minutes", "1 day 4 hours", "3 workdays".
 *
 * seconds, minutes, hours are elapsed time; days and weeks are the same wall-clock time
 * later in a zone. workdays and workhours are parsed and kept, and computed by a working
 * calendar. Units are accepted in singular and plural; parts are summed in the order
 * weeks, days, then elapsed time.
 */
#ifndef CALENDAR_DURATION_H
#define CALENDAR_DURATION_H

#include "buf.h"
#include "zone.h"

struct calendar_duration {
    int64_t elapsed_ms; /* seconds, minutes, hours */
    int64_t days;       /* days and weeks */
    int64_t work_ms;    /* workhours */
    int64_t workdays;
};

/* SGN_INVALID naming the word that was not understood and the units there are. At most
 * 100 years in all; negative numbers and fractions are refused; "0" alone is zero. */
enum sgn_status calendar_duration_parse(const char *text, struct calendar_duration *out,
                                        struct sgn_error *err) SGN_MUST_CHECK;
/* Does it need a working calendar? */
bool calendar_duration_is_working(const struct calendar_duration *duration);
/* from + duration, without working parts. */
int64_t calendar_duration_due(const struct calendar_duration *duration,
                              const struct calendar_zone *zone, int64_t from_ms);
/* "1 day 4 hours", canonical. */
#define CALENDAR_DURATION_TEXT 96
const char *calendar_duration_format(const struct calendar_duration *duration,
                                     char out[CALENDAR_DURATION_TEXT]);
/* For people: "1 day 4 hours", "1 天 4 小时"; "0" for none. language "zh", or English. */
void calendar_duration_put(struct sgn_buf *buf, const struct calendar_duration *duration,
                           const char *language);
/* The same of a text; one that is no duration is put as it is. */
void calendar_duration_text_put(struct sgn_buf *buf, const char *text, const char *language);

#endif
