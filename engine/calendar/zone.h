/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time zones: wall-clock time to an instant and back.
 *
 * Zones are read from the system's tzdata (/usr/share/zoneinfo), for all years: what a file does
 * not list, its rule for later times says. UTC is there without any file. Wall-clock times follow
 * the rule of RFC 5545 section 3.3.5: one that happens twice is the first of the two; one that
 * never happens is taken with the offset before the gap.
 *
 * A zone that is in use does not change before the process ends, even when tzdata is upgraded
 * under it: what was computed with it stays comparable.
 *
 * Thread: any. A zone is immutable from the moment it is given out, so using one takes no lock;
 * only reading its file does.
 */
#ifndef CALENDAR_ZONE_H
#define CALENDAR_ZONE_H

#include "status.h"
#include <stdbool.h>
#include <stdint.h>

struct calendar_zone;

/* "Asia/Shanghai", "UTC"; NULL when there is no such zone, or no zone that can be read (the log
 * then says why). The same name gives the same zone until calendar_zones_free(). */
const struct calendar_zone *calendar_zone_get(const char *name);
const char *calendar_zone_name(const struct calendar_zone *zone);
/* Seconds east of UTC at that instant. */
int calendar_zone_offset(const struct calendar_zone *zone, int64_t at_ms);
/* The instant of a wall-clock time given as milliseconds since 1970-01-01T00:00:00 on
 * that wall clock. */
int64_t calendar_zone_instant(const struct calendar_zone *zone, int64_t wall_ms);
/* Frees all zones; at the end of a process, for leak checkers. No other thread may be using one. */
void calendar_zones_free(void);

#endif
