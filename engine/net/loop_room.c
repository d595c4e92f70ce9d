/* SPDX-License-Identifier: Apache-2.0 */
/* A loop's table of descriptors is made as long as it will ever have to be. See the header. */
#include "loop_room.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

static void
on_nothing(uv_poll_t *poll, int status, int events)
{
    (void)poll;
    (void)status;
    (void)events;
}

/* One that has a high number is looked at once. */
void
net_loop_room(uv_loop_t *loop, int descriptors)
{
    struct rlimit limit = { 0 };
    uv_poll_t poll;
    int fd = eventfd(0, EFD_CLOEXEC), high;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < (rlim_t)descriptors)
        descriptors = (int)limit.rlim_cur;
    high = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, descriptors - 1) : -1;
    if (high >= 0 && uv_poll_init(loop, &poll, high) == 0) {
        (void)uv_poll_start(&poll, UV_READABLE, on_nothing);
        uv_close((uv_handle_t *)&poll, NULL);
        (void)uv_run(loop, UV_RUN_NOWAIT); /* until then the handle is libuv's */
    }
    if (high >= 0)
        (void)close(high);
    if (fd >= 0)
        (void)close(fd);
}
