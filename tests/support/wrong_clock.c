/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A machine whose clock is wrong: a library to be preloaded into a program, which then reads a time
 * of day that is WRONG_CLOCK_SECONDS off. The monotonic clock goes on as it does. The kernel is
 * asked directly: an allocator may ask for the time before the C library is ready for more.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long
seconds_off(void)
{
    const char *text = getenv("WRONG_CLOCK_SECONDS");

    return text != NULL ? strtol(text, NULL, 10) : 0;
}

int
clock_gettime(clockid_t id, struct timespec *ts)
{
    int failed = (int)syscall(SYS_clock_gettime, id, ts);

    if (failed == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
        ts->tv_sec += seconds_off();
    return failed;
}

time_t
time(time_t *out)
{
    struct timespec ts = { 0 };

    (void)clock_gettime(CLOCK_REALTIME, &ts);
    if (out != NULL)
        *out = ts.tv_sec;
    return ts.tv_sec;
}

int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
    struct timespec ts = { 0 };
    int failed = clock_gettime(CLOCK_REALTIME, &ts);

    (void)zone;
    *tv = (struct timeval){ .tv_sec = ts.tv_sec, .tv_usec = ts.tv_nsec / 1000 };
    return failed;
}
