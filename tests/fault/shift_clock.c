/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into a node: its clock of the day is wrong by as many seconds as stand, as a 64-bit
 * number, in the file that SIGNOFF_CLOCK_SHIFT names; the file may be written while the node runs.
 * Clocks that only measure (CLOCK_MONOTONIC) go right, as they do where the date is set anew.
 *
 * libfaketime is not used: it asks for memory where the allocator asks it for the time, while
 * both begin.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t id, struct timespec *out);
int gettimeofday(struct timeval *restrict out, void *restrict zone);
time_t time(time_t *out);

/* Set once, before anything else runs; NULL: the clock is right. */
static const volatile int64_t *shift;

__attribute__((constructor)) static void
find_shift(void)
{
    const char *path = getenv("SIGNOFF_CLOCK_SHIFT");
    int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *map = MAP_FAILED;

    if (fd >= 0) {
        map = mmap(NULL, sizeof *shift, PROT_READ, MAP_SHARED, fd, 0);
        close(fd);
    }
    if (map != MAP_FAILED)
        shift = map;
}

int
clock_gettime(clockid_t id, struct timespec *out)
{
    int rc = (int)syscall(SYS_clock_gettime, id, out);

    if (rc == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
        out->tv_sec += shift != NULL ? *shift : 0;
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
