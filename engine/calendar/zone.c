/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zones on libical's builtin tables, and our own way from wall-clock time to an instant.
 *
 * A struct calendar_zone is libical's zone under another name; nobody looks inside. libical
 * fills the tables of a zone when they are first asked for, and further into the future when
 * a later year is asked for, so every call into it holds the lock.
 */
#include "zone.h"
#include "clock.h"
#include <libical/ical.h>
#include <pthread.h>
#include <string.h>

/* Global because libical's tables, which it guards, are global to the process. */
static pthread_mutex_t zones_lock = PTHREAD_MUTEX_INITIALIZER;

#define ZONE_NAME_MAX 64

/*
 * Could this be the name of a zone? libical opens a file of that name below the system's
 * zoneinfo, so nothing may lead out of it.
 */
static bool
zone_name_safe(const char *name)
{
    size_t n = name != NULL ? strlen(name) : 0;

    if (n == 0 || n > ZONE_NAME_MAX || name[0] == '/' || name[n - 1] == '/')
        return false;
    for (const char *at = name; *at != '\0'; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
        if (!letter && (*at < '0' || *at > '9') && strchr("_+-/", *at) == NULL)
            return false;
    }
    return true;
}

const struct calendar_zone *
calendar_zone_get(const char *name)
{
    icaltimezone *zone = NULL;

    if (!zone_name_safe(name))
        return NULL;
    pthread_mutex_lock(&zones_lock);
    zone = strcmp(name, "UTC") == 0 ? icaltimezone_get_utc_timezone()
                                    : icaltimezone_get_builtin_timezone(name);
    pthread_mutex_unlock(&zones_lock);
    return (const struct calendar_zone *)zone;
}

/* libical's functions take zones as mutable, to fill their tables. */
static icaltimezone *
ical_zone(const struct calendar_zone *zone)
{
    return (icaltimezone *)zone;
}

const char *
calendar_zone_name(const struct calendar_zone *zone)
{
    const char *name;

    if (ical_zone(zone) == icaltimezone_get_utc_timezone())
        return "UTC";
    pthread_mutex_lock(&zones_lock);
    name = icaltimezone_get_location(ical_zone(zone));
    pthread_mutex_unlock(&zones_lock);
    return name;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int
calendar_zone_offset(const struct calendar_zone *zone, int64_t at_ms)
{
    int64_t at = floor_div(at_ms, SGN_SECOND_MS);
    int64_t days = floor_div(at, 86400);
    int second = (int)(at - days * 86400);
    struct icaltimetype utc = { 0 };
    int is_daylight;
    int offset;

    sgn_civil_from_days(days, &utc.year, &utc.month, &utc.day);
    utc.hour = second / 3600;
    utc.minute = second / 60 % 60;
    utc.second = second % 60;
    utc.zone = icaltimezone_get_utc_timezone();
    pthread_mutex_lock(&zones_lock);
    offset = icaltimezone_get_utc_offset_of_utc_time(ical_zone(zone), &utc, &is_daylight);
    pthread_mutex_unlock(&zones_lock);
    return offset;
}

/*
 * The offsets a day before and a day after are the only candidates: no zone changes twice
 * within two days. In an overlap both round-trip, and the one before is the first of the two
 * instants; in a gap neither does, and the one before is what RFC 5545 wants.
 */
int64_t
calendar_zone_instant(const struct calendar_zone *zone, int64_t wall_ms)
{
    int before = calendar_zone_offset(zone, wall_ms - SGN_DAY_MS);
    int after = calendar_zone_offset(zone, wall_ms + SGN_DAY_MS);
    int64_t first = wall_ms - before * SGN_SECOND_MS;
    int64_t second = wall_ms - after * SGN_SECOND_MS;

    if (calendar_zone_offset(zone, first) == before)
        return first;
    if (calendar_zone_offset(zone, second) == after)
        return second;
    return first;
}

void
calendar_zones_free(void)
{
    pthread_mutex_lock(&zones_lock);
    icaltimezone_free_builtin_timezones();
    pthread_mutex_unlock(&zones_lock);
}
