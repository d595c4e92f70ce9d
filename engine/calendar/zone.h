/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time zones: wall-clock time to an instant and back.
 *
 * Zones and their offsets come from libical's builtin zones over the system's tzdata.
 * The conversion is our own, by the rule of RFC 5545 section 3.3.5: a wall time that
 * happens twice is the first of the two; one that never happens is taken with the offset
 * before the gap. (libical itself takes the second, and the offset after.)
 *
 * For 2026 to 2036 all zones agree with tzdata; a test compares them. Outside these years
 * libical's tables are wrong for a few zones, such as Jerusalem in 2013 to 2015 and St John's
 * from 2037 on.
 *
 * Thread: zones are looked up and used from any thread; a lock inside keeps libical's
 * lazy tables safe. A zone is never freed before calendar_zones_free().
 */
#ifndef CALENDAR_ZONE_H
#define CALENDAR_ZONE_H

#include "status.h"
#include <stdbool.h>
#include <stdint.h>

struct calendar_zone;

/* "Asia/Shanghai", "UTC"; NULL when there is no such zone. */
const struct calendar_zone *calendar_zone_get(const char *name);
const char *calendar_zone_name(const struct calendar_zone *zone);
/* Seconds east of UTC at that instant. */
int calendar_zone_offset(const struct calendar_zone *zone, int64_t at_ms);
/* The instant of a wall-clock time given as milliseconds since 1970-01-01T00:00:00 on
 * that wall clock. */
int64_t calendar_zone_instant(const struct calendar_zone *zone, int64_t wall_ms);
/* Releases libical's tables; at the end of a process, for leak checkers. */
void calendar_zones_free(void);

#endif
