/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zones of the process: found by name, read once, and our way from wall-clock time to an instant.
 *
 * A name comes from a team's settings, so from a stranger: it is checked letter by letter before
 * it becomes part of a path, and what the file says is believed by tzif.c only.
 */
#include "zone.h"
#include "clock.h"
#include "log.h"
#include "tzif.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZONES_FOLDER   "/usr/share/zoneinfo"
#define ZONE_NAME_MAX  64
#define ZONE_BYTES_MAX (64 * 1024) /* the longest of them has four thousand */

struct calendar_zone {
    struct calendar_zone *next;
    char name[ZONE_NAME_MAX + 1];
    struct calendar_tzif tzif;
};

/* Known without a file: a server whose system has no tzdata still tells the time. */
static const struct calendar_zone zone_utc = { .name = "UTC" };

struct zones {
    struct calendar_zone *_Atomic first;
    pthread_mutex_t lock; /* for growing */
};

/*
 * The zones that were asked for; there are some 600 at most, a server uses a few. Global because a
 * zone is the same for everybody in the process, and is handed on as a bare pointer. The list only
 * grows, at its front and under the lock, so that walking it needs none.
 */
static struct zones zones = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* ---- names ---- */

static bool
is_one_of(const char *name, const char *const *words)
{
    while (*words != NULL && strcmp(name, *words) != 0)
        words++;
    return *words != NULL;
}

/*
 * Could this be the name of a zone? Without dots nothing leads out of the folder. Beside zones
 * there lie what this machine or its administrator chose, which differs from server to server,
 * and copies that count leap seconds.
 */
static bool
zone_name_fine(const char *name)
{
    static const char *const not_zones[] = { "localtime", "posixrules", "Factory", NULL };
    size_t n = name != NULL ? strlen(name) : 0;

    if (n == 0 || n > ZONE_NAME_MAX || name[0] == '/' || name[n - 1] == '/')
        return false;
    for (const char *at = name; *at != '\0'; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');

        if (!letter && (*at < '0' || *at > '9') && strchr("_+-/", *at) == NULL)
            return false;
        if (at[0] == '/' && at[1] == '/')
            return false; /* a second name of the same zone */
    }
    return !is_one_of(name, not_zones) && strncmp(name, "posix/", 6) != 0 &&
           strncmp(name, "right/", 6) != 0;
}

/* ---- reading ---- */

/* Reads a whole file of at most size bytes. -1: there is none, or no plain file, or a longer one.
 */
static ssize_t
file_read(const char *path, unsigned char *bytes, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    ssize_t n = 0, got = 0;

    if (fd < 0)
        return -1;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > (off_t)size) {
        (void)close(fd);
        return -1;
    }
    while ((size_t)n < size) {
        got = read(fd, bytes + n, size - (size_t)n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += got;
    }
    (void)close(fd);
    return got < 0 ? -1 : n;
}

static struct calendar_zone *
zone_read(const char *name)
{
    struct calendar_zone *zone = calloc(1, sizeof(*zone));
    unsigned char *bytes = malloc(ZONE_BYTES_MAX);
    struct sgn_error error = { 0 };
    char path[sizeof(ZONES_FOLDER) + 1 + ZONE_NAME_MAX];
    ssize_t n = -1;

    snprintf(path, sizeof(path), "%s/%s", ZONES_FOLDER, name);
    if (zone != NULL && bytes != NULL)
        n = file_read(path, bytes, ZONE_BYTES_MAX);
    if (n >= 0 && calendar_tzif_read(bytes, (size_t)n, &zone->tzif, &error) == SGN_OK) {
        snprintf(zone->name, sizeof(zone->name), "%s", name);
    } else {
        if (n >= 0)
            sgn_log(SGN_LOG_WARN, "a time zone is not used", "file", path, "why", error.message,
                    NULL);
        free(zone);
        zone = NULL;
    }
    sgn_error_clear(&error);
    free(bytes);
    return zone;
}

/* ---- the list ---- */

static const struct calendar_zone *
zone_find(const char *name)
{
    const struct calendar_zone *zone = atomic_load_explicit(&zones.first, memory_order_acquire);

    while (zone != NULL && strcmp(zone->name, name) != 0)
        zone = zone->next;
    return zone;
}

const struct calendar_zone *
calendar_zone_get(const char *name)
{
    const struct calendar_zone *zone;
    struct calendar_zone *made;

    if (!zone_name_fine(name))
        return NULL;
    if (strcmp(name, zone_utc.name) == 0)
        return &zone_utc;
    zone = zone_find(name);
    if (zone != NULL)
        return zone;
    pthread_mutex_lock(&zones.lock);
    zone = zone_find(name); /* another thread may have been faster */
    if (zone == NULL) {
        made = zone_read(name);
        if (made != NULL) {
            made->next = atomic_load_explicit(&zones.first, memory_order_relaxed);
            /* Released when it is whole: who finds it sees all of it. */
            atomic_store_explicit(&zones.first, made, memory_order_release);
            zone = made;
        }
    }
    pthread_mutex_unlock(&zones.lock);
    return zone;
}

const char *
calendar_zone_name(const struct calendar_zone *zone)
{
    return zone->name;
}

void
calendar_zones_free(void)
{
    struct calendar_zone *zone, *next;

    pthread_mutex_lock(&zones.lock);
    for (zone = atomic_exchange(&zones.first, NULL); zone != NULL; zone = next) {
        next = zone->next;
        calendar_tzif_deinit(&zone->tzif);
        free(zone);
    }
    pthread_mutex_unlock(&zones.lock);
}

/* ---- times ---- */

int
calendar_zone_offset(const struct calendar_zone *zone, int64_t at_ms)
{
    return calendar_tzif_offset(&zone->tzif, sgn_floor_div(at_ms, SGN_SECOND_MS));
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
