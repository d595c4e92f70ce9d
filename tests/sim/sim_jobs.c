/* SPDX-License-Identifier: Apache-2.0 */
/* See sim_jobs.h. Seeds are done in blocks, so that what is known of them is
 * known of all before.
 */
#include "sim_jobs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define BLOCK    1000
#define KEPT_MAX 20 /* failing plans of a run that are shortened */

/* ---- one plan that failed ---- */

void
sim_jobs_keep(struct sim_world *world, struct sim_plan *plan, struct sim_result *result,
              const char *save)
{
    char path[512];
    int runs, steps = plan->n;

    if (save != NULL) {
        (void)snprintf(path, sizeof path, "%s/%" PRIu64 ".plan", save, plan->seed);
        if (!sim_plan_save(plan, path))
            fprintf(stderr, "sim: %s cannot be written\n", path);
    }
    runs = sim_shorten(world, plan, result);
    printf("  shortened from %d steps to %d in %d runs: %s\n", steps, plan->n, runs, result->first);
    if (save != NULL) {
        (void)snprintf(path, sizeof path, "%s/%" PRIu64 ".short.plan", save, plan->seed);
        if (!sim_plan_save(plan, path))
            fprintf(stderr, "sim: %s cannot be written\n", path);
    } else {
        for (int i = 0; i < plan->n; i++) {
            sim_step_print(&plan->steps[i], path, sizeof path);
            printf("    %s\n", path);
        }
    }
    fflush(stdout);
}

/* ---- a worker ---- */

static void
add(struct sim_sums *sums, const struct sim_result *result, uint64_t seed)
{
    sums->seeds++;
    sums->asked += result->asked;
    sums->told += result->told;
    sums->starts += result->starts;
    sums->cuts += result->cuts;
    sums->entries += result->entries;
    sums->posts += result->posts;
    /* Of all traces, whatever the order they come in. */
    sums->trace += (result->trace ^ seed) * UINT64_C(0x9e3779b97f4a7c15);
    if (result->bad) {
        sums->bad++;
        sums->wrong[result->wrong]++;
    }
}

static void
one_seed(struct sim_world *world, const struct sim_jobs *jobs, uint64_t seed, struct sim_sums *sums,
         struct sim_plan *plan)
{
    struct sim_result result, again;

    sim_plan_make(plan, seed, jobs->steps);
    sim_run(world, plan, &result);
    if (jobs->twice && !result.bad) {
        sim_run(world, plan, &again);
        if (again.trace != result.trace) {
            result.bad = true;
            result.wrong = SIM_DISORDER;
            (void)snprintf(result.first, sizeof result.first,
                           "disorder: the second run of the "
                           "same seed did something else");
        }
    }
    add(sums, &result, seed);
    if (!result.bad || jobs->stop_bad != 0)
        return;
    printf("seed %" PRIu64 ": %s\n", seed, result.first);
    fflush(stdout);
    if (sums->bad <= KEPT_MAX)
        sim_jobs_keep(world, plan, &result, jobs->save);
}

static void
work(struct sim_world *world, const struct sim_jobs *jobs, uint64_t from, uint64_t to,
     struct sim_sums *sums)
{
    struct sim_plan *plan = malloc(sizeof *plan);

    for (uint64_t seed = from; plan != NULL && seed <= to; seed += (uint64_t)jobs->jobs) {
        one_seed(world, jobs, seed, sums, plan);
        if (jobs->stop_bad != 0 && sums->bad >= jobs->stop_bad)
            break;
    }
    free(plan);
}

/* ---- all of them ---- */

static void
sum_up(struct sim_sums *sums, const struct sim_sums *one)
{
    sums->seeds += one->seeds;
    sums->bad += one->bad;
    sums->trace += one->trace;
    sums->asked += one->asked;
    sums->told += one->told;
    sums->starts += one->starts;
    sums->cuts += one->cuts;
    sums->entries += one->entries;
    sums->posts += one->posts;
    for (int i = 0; i < SIM_WRONGS; i++)
        sums->wrong[i] += one->wrong[i];
}

static bool
block(struct sim_world *world, const struct sim_jobs *jobs, uint64_t from, uint64_t to,
      struct sim_sums *sums)
{
    size_t bytes = sizeof(struct sim_sums) * (size_t)jobs->jobs;
    struct sim_sums *shared =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bool good = shared != MAP_FAILED;
    int status;

    fflush(stdout);
    for (int i = 0; good && i < jobs->jobs; i++) {
        pid_t child = fork();

        if (child == 0) {
            work(world, jobs, from + (uint64_t)i, to, &shared[i]);
            fflush(stdout);
            _exit(0);
        }
        good = child > 0;
    }
    while (wait(&status) > 0)
        good = good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    for (int i = 0; good && i < jobs->jobs; i++)
        sum_up(sums, &shared[i]);
    if (shared != MAP_FAILED)
        (void)munmap(shared, bytes);
    return good;
}

/* Where an earlier run of the same command has come to. */
static uint64_t
state_read(const struct sim_jobs *jobs, struct sim_sums *sums)
{
    FILE *file = jobs->state != NULL ? fopen(jobs->state, "r") : NULL;
    uint64_t next = jobs->from;

    if (file == NULL)
        return next;
    if (fscanf(file,
               "next %" SCNu64 " seeds %" SCNu64 " bad %" SCNu64 " trace %" SCNx64 " asked %" SCNd64
               " told %" SCNd64 " starts %" SCNd64 " cuts %" SCNd64 " entries %" SCNd64
               " posts %" SCNd64,
               &next, &sums->seeds, &sums->bad, &sums->trace, &sums->asked, &sums->told,
               &sums->starts, &sums->cuts, &sums->entries, &sums->posts) != 10)
        next = jobs->from;
    (void)fclose(file);
    return next < jobs->from ? jobs->from : next;
}

static void
state_write(const struct sim_jobs *jobs, uint64_t next, const struct sim_sums *sums)
{
    char path[512];
    FILE *file;

    if (jobs->state == NULL)
        return;
    (void)snprintf(path, sizeof path, "%s.new", jobs->state);
    file = fopen(path, "w");
    if (file == NULL)
        return;
    fprintf(file,
            "next %" PRIu64 "\nseeds %" PRIu64 "\nbad %" PRIu64 "\ntrace %" PRIx64
            "\nasked %" PRId64 "\ntold %" PRId64 "\nstarts %" PRId64 "\ncuts %" PRId64
            "\nentries %" PRId64 "\nposts %" PRId64 "\n",
            next, sums->seeds, sums->bad, sums->trace, sums->asked, sums->told, sums->starts,
            sums->cuts, sums->entries, sums->posts);
    if (fclose(file) == 0)
        (void)rename(path, jobs->state);
}

bool
sim_jobs_run(struct sim_world *world, const struct sim_jobs *jobs, struct sim_sums *sums)
{
    uint64_t from = state_read(jobs, sums);
    bool good = true;

    while (good && from <= jobs->to && (jobs->stop_bad == 0 || sums->bad < jobs->stop_bad)) {
        uint64_t to = jobs->to - from >= BLOCK ? from + BLOCK - 1 : jobs->to;

        good = block(world, jobs, from, to, sums);
        from = to + 1;
        if (good)
            state_write(jobs, from, sums);
        if (jobs->state != NULL) {
            printf("up to seed %" PRIu64 ": %" PRIu64 " seeds, %" PRIu64 " bad\n", to, sums->seeds,
                   sums->bad);
            fflush(stdout);
        }
    }
    return good && sums->bad == 0;
}
