/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The linker sends these calls of the server through here: clocks, chance, the
 * folder of the store, and the faults that are planted.
 */
#include "hash.h"
#include "log.h"
#include "sim_world.h"
#include "store.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- clocks: all of them are the world's ---- */

int __wrap_clock_gettime(clockid_t id, struct timespec *out);
int
__wrap_clock_gettime(clockid_t id, struct timespec *out)
{
    int64_t now = sim_here()->now;

    (void)id;
    *out = (struct timespec){ .tv_sec = now / 1000, .tv_nsec = now % 1000 * 1000000 };
    return 0;
}

time_t __wrap_time(time_t *out);
time_t
__wrap_time(time_t *out)
{
    time_t now = (time_t)(sim_here()->now / 1000);

    if (out != NULL)
        *out = now;
    return now;
}

/* ---- chance, and words ---- */

void __wrap_sgn_random(void *out, size_t n);
void
__wrap_sgn_random(void *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((unsigned char *)out)[i] = (unsigned char)cut_random(&sim_here()->cut.random);
}

void __wrap_sgn_log(enum sgn_log_level level, const char *what, ...);
void
__wrap_sgn_log(enum sgn_log_level level, const char *what, ...)
{
    if (sim_here()->tell != NULL)
        fprintf(sim_here()->tell, "  log %d: %s\n", (int)level, what);
}

/* ---- the folder of the store ---- */

enum sgn_status __wrap_store_disk_prepare(const char *dir, struct sgn_error *err);
enum sgn_status
__wrap_store_disk_prepare(const char *dir, struct sgn_error *err)
{
    (void)dir;
    (void)err;
    return SGN_OK;
}

/* Nobody else is there who could hold it. */
enum sgn_status __wrap_store_disk_lock(const char *dir, int *out_fd, struct sgn_error *err);
enum sgn_status
__wrap_store_disk_lock(const char *dir, int *out_fd, struct sgn_error *err)
{
    (void)dir;
    (void)err;
    *out_fd = -1;
    return SGN_OK;
}

int64_t __wrap_store_disk_free(const char *dir);
int64_t
__wrap_store_disk_free(const char *dir)
{
    (void)dir;
    return cut_disk_room(sim_here()->cut.disk);
}

int64_t __wrap_store_disk_size(const char *path);
int64_t
__wrap_store_disk_size(const char *path)
{
    return cut_name_size(sim_here()->cut.disk, path);
}
