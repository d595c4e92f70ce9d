/* SPDX-License-Identifier: Apache-2.0 */
/* The planted fault: nobody hears that memory ran out, so that what lacks a member is committed. */
#include "memory.h"

uint64_t __wrap_sgn_memory_failures(void);

uint64_t
__wrap_sgn_memory_failures(void)
{
    return 0;
}
