/* SPDX-License-Identifier: Apache-2.0 */
/* The other end of fail_at.h, for the code that is put into the server. */
#ifndef FAULT_FAIL_SHARED_H
#define FAULT_FAIL_SHARED_H

#include "fail_at.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Global because a replaced function is called without a context. NULL: in this process nothing
 * fails, which is so in the rules' processes, whose environment is empty. */
static int64_t *shared;

__attribute__((constructor)) static void
map_shared(void)
{
    const char *path = getenv("SIGNOFF_FAIL_AT");
    int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *map = MAP_FAILED;

    if (fd >= 0) {
        map = mmap(NULL, FAIL_AT_CELLS * sizeof *shared + FAIL_AT_NAME, PROT_READ | PROT_WRITE,
                   MAP_SHARED, fd, 0);
        close(fd);
    }
    shared = map != MAP_FAILED ? map : NULL;
}

/* Counts a call; true when it has to fail. name: of what, for whoever reads the finding. */
static bool
fails(enum fail_at_kind kind, const char *name)
{
    int64_t left;

    if (shared == NULL ||
        (__atomic_load_n(&shared[FAIL_AT_KINDS], __ATOMIC_SEQ_CST) & 1 << kind) == 0)
        return false;
    __atomic_add_fetch(&shared[FAIL_AT_COUNTS + kind], 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&shared[FAIL_AT_LEFT], __ATOMIC_SEQ_CST) <= 0)
        return false;
    left = __atomic_sub_fetch(&shared[FAIL_AT_LEFT], 1, __ATOMIC_SEQ_CST);
    if (left > 0)
        return false;
    if (left == 0 && __atomic_add_fetch(&shared[FAIL_AT_STRUCK], 1, __ATOMIC_SEQ_CST) == 1) {
        shared[FAIL_AT_KIND] = kind;
        snprintf((char *)&shared[FAIL_AT_CELLS], FAIL_AT_NAME, "%s", name);
    }
    if (left == 0 && shared[FAIL_AT_HOW] != 0) /* the next one is the last of its row, too */
        __atomic_store_n(&shared[FAIL_AT_LEFT], 1, __ATOMIC_SEQ_CST);
    return left == 0;
}

#endif
