/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes from a process all that rules do not need: files, network, other processes, programs.
 *
 * For the process that runs a team's scripts, before it reads the first of them. There is no way
 * back. What stays: memory, reading and writing the descriptors that are open, the clock, the end.
 */
#ifndef DSL_CONFINE_H
#define DSL_CONFINE_H

#include "status.h"
#include <stdbool.h>
#include <stddef.h>

struct dsl_confine {
    size_t address_bytes; /* ceiling of the address space (RLIMIT_AS); 0: none */
    int cpu_seconds;      /* the kernel ends the process after so much of them */
    int keep;             /* descriptors below this one stay open */
    int parent;           /* the process whose end ends this one too; 0: nobody's */
};

/* Was this program built with a sanitizer? Then RLIMIT_AS is left out, since a sanitizer's shadow
 * takes terabytes of addresses, and its own system calls are allowed. */
bool dsl_confine_is_sanitized(void);

/*
 * Confines the calling process, which must have one thread, and then tries what must fail.
 * SGN_UNAVAILABLE: something could not be taken away, and the message says what; the process may
 * be confined in part and must read no script. Linux only (prctl(2), seccomp(2), setrlimit(2)).
 */
enum sgn_status dsl_confine(const struct dsl_confine *confine,
                            struct sgn_error *err) SGN_MUST_CHECK;

#endif
