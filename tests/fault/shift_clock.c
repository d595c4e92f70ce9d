/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into a node: its clock of the day is wrong by SIGNOFF_CLOCK_SHIFT seconds. Clocks that
 * only measure (CLOCK_MONOTONIC) go right, as they do on a machine whose date was set wrong.
 *
 * libfaketime is not used: it asks for memory where the allocator asks it for the time, while
 * both begin.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t id, struct timespec *out);
int gettimeofday(struct timeval *restrict out, void *restrict zone);
time_t time(time_t *out);

static long
shift(void)
{
    const char *said = getenv("SIGNOFF_CLOCK_SHIFT");

    return said != NULL ? strtol(said, NULL, 10) : 0;
}

int
clock_gettime(clockid_t id, struct timespec *out)
{
    int rc = (int)syscall(SYS_clock_gettime, id, out);

    if (rc == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
        out->tv_sec += shift();
    return rc;
}

int
gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec now;

    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return -1;
    *out = (struct timeval){ .tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000 };
    return 0;
}

time_t
time(time_t *out)
{
    struct timespec now;

    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return (time_t)-1;
    if (out != NULL)
        *out = now.tv_sec;
    return now.tv_sec;
}
