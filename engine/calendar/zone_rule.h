/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rule of a zone for all times to come, as POSIX writes it in TZ: "CET-1CEST,M3.5.0,M10.5.0/3".
 * TZif files end with one.
 */
#ifndef CALENDAR_ZONE_RULE_H
#define CALENDAR_ZONE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum calendar_zone_rule_kind {
    CALENDAR_ZONE_RULE_MONTH,     /* "M3.5.0": the 5th (which is the last) Sunday of March */
    CALENDAR_ZONE_RULE_NO_LEAP,   /* "J60": 1 March in every year; 29 February is never counted */
    CALENDAR_ZONE_RULE_FROM_ZERO, /* "59": 29 February or 1 March */
};

struct calendar_zone_rule_change {
    enum calendar_zone_rule_kind kind;
    int month, week; /* of CALENDAR_ZONE_RULE_MONTH */
    int day;         /* weekday from Sunday = 0, or day of the year */
    int second;      /* of that day's wall clock before the change; may lie days away */
};

struct calendar_zone_rule {
    int standard;      /* seconds east of UTC */
    bool has_daylight; /* the rest means nothing without it */
    int daylight;
    struct calendar_zone_rule_change begin, end; /* of daylight time */
};

/* Reads n bytes, all of them. extended: hours of a change from -167 to 167, not 0 to 24. */
bool calendar_zone_rule_parse(const char *text, size_t n, bool extended,
                              struct calendar_zone_rule *out);
/* Seconds east of UTC at this second since 1970. */
int calendar_zone_rule_offset(const struct calendar_zone_rule *rule, int64_t at);

#endif
