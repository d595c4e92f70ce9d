/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See sim_run.h: what a failing plan does not need is left out, by halves, then
 * by ever smaller pieces (delta debugging: Zeller and Hildebrandt, "Simplifying
 * and isolating failure-inducing input", 2002), until no step can be left out.
 */
#include "sim_run.h"

#include <stdlib.h>
#include <string.h>

#define RUNS_MAX 2000

static void
without(const struct sim_plan *plan, int from, int n, struct sim_plan *out)
{
    *out = *plan;
    out->n -= n;
    memmove(out->steps + from, out->steps + from + n,
            (size_t)(plan->n - from - n) * sizeof *out->steps);
}

/* One pass over the plan in pieces of n steps; true: something could be left
 * out. */
static bool
pass(struct sim_world *world, struct sim_plan *plan, struct sim_result *result, int n, int *runs)
{
    struct sim_plan *shorter = malloc(sizeof *shorter);
    bool found = false;

    for (int from = 0; shorter != NULL && from < plan->n && *runs < RUNS_MAX;) {
        struct sim_result now;
        int take = from + n <= plan->n ? n : plan->n - from;

        without(plan, from, take, shorter);
        sim_run(world, shorter, &now);
        (*runs)++;
        if (now.bad && now.wrong == result->wrong) {
            *plan = *shorter;
            *result = now;
            found = true;
        } else {
            from += take;
        }
    }
    free(shorter);
    return found;
}

int
sim_shorten(struct sim_world *world, struct sim_plan *plan, struct sim_result *result)
{
    int runs = 0;

    for (int n = plan->n / 2; n > 0 && runs < RUNS_MAX; n = n == 1 ? 0 : n / 2)
        while (pass(world, plan, result, n, &runs) && n == 1)
            ;
    return runs;
}
