/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random numbers of a seed: the same ones on every machine (splitmix64, Steele, Lea and Flood,
 * "Fast splittable pseudorandom number generators", 2014).
 */
#ifndef CUT_RANDOM_H
#define CUT_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct cut_random {
    uint64_t at;
};

static inline uint64_t
cut_random(struct cut_random *random)
{
    uint64_t z = random->at += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 to n-1; n > 0. */
static inline int
cut_random_below(struct cut_random *random, int n)
{
    return (int)(cut_random(random) % (uint64_t)n);
}

/* True so many times in a hundred. */
static inline bool
cut_random_percent(struct cut_random *random, int percent)
{
    return cut_random_below(random, 100) < percent;
}

#endif
