/* SPDX-License-Identifier: Apache-2.0 */
/* The load generator's histogram. */
#include "histogram.h"

#include <stddef.h>

/* Values below 64 have a cell each; above, the six bits after the leading one choose it. */
static size_t
cell_of(uint64_t us)
{
    int octave;
    size_t cell;

    if (us < HISTOGRAM_STEPS)
        return (size_t)us;
    octave = 63 - __builtin_clzll(us) - 6;
    cell = (size_t)(octave + 1) * HISTOGRAM_STEPS + (size_t)((us >> octave) - HISTOGRAM_STEPS);
    return cell < HISTOGRAM_OCTAVES * HISTOGRAM_STEPS ? cell
                                                      : HISTOGRAM_OCTAVES * HISTOGRAM_STEPS - 1;
}

/* The largest value of a cell: a percentile is never told better than it was. */
static uint64_t
cell_top(size_t cell)
{
    size_t octave = cell / HISTOGRAM_STEPS, step = cell % HISTOGRAM_STEPS;

    if (octave == 0)
        return cell;
    return ((uint64_t)(HISTOGRAM_STEPS + step + 1) << (octave - 1)) - 1;
}

void
histogram_add(struct histogram *histogram, uint64_t us)
{
    histogram->counts[cell_of(us)]++;
    histogram->n++;
    if (us > histogram->max)
        histogram->max = us;
}

void
histogram_merge(struct histogram *into, const struct histogram *from)
{
    for (size_t i = 0; i < HISTOGRAM_OCTAVES * HISTOGRAM_STEPS; i++)
        into->counts[i] += from->counts[i];
    into->n += from->n;
    if (from->max > into->max)
        into->max = from->max;
}

uint64_t
histogram_at(const struct histogram *histogram, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)histogram->n), seen = 0;

    if (histogram->n == 0)
        return 0;
    for (size_t i = 0; i < HISTOGRAM_OCTAVES * HISTOGRAM_STEPS; i++) {
        seen += histogram->counts[i];
        if (seen > wanted) {
            uint64_t top = cell_top(i);
            return top < histogram->max ? top : histogram->max;
        }
    }
    return histogram->max;
}
