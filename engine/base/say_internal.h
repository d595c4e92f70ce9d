/* SPDX-License-Identifier: Apache-2.0 */
/* The table that zh/table.py makes. */
#ifndef SAY_INTERNAL_H
#define SAY_INTERNAL_H

#include <stddef.h>

struct say_row {
    const char *en, *zh;
    unsigned said; /* bit i: argument i + 1 is a text that is said in Chinese, too */
};

/* Sorted by the bytes of en. */
extern const struct say_row say_zh[];
extern const size_t say_zh_count;

#endif
