/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts latencies with a bounded relative error: 64 steps for each power of two of
 * microseconds, so that a value is off by less than two per cent however long the tail.
 */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_STEPS   64
#define HISTOGRAM_OCTAVES 32

struct histogram {
    uint64_t counts[HISTOGRAM_OCTAVES * HISTOGRAM_STEPS];
    uint64_t n, max;
};

void histogram_add(struct histogram *histogram, uint64_t us);
/* Adds all of from to into. */
void histogram_merge(struct histogram *into, const struct histogram *from);
/* The value below which a share (0 to 1) of the counts lies; 0 when there are none. */
uint64_t histogram_at(const struct histogram *histogram, double share);

#endif
