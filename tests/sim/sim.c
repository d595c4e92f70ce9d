/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Simulation: a server, its clients, its receivers and its disk live by a seed.
 * See README.md.
 *
 *     sim --seed N [--trace FILE] [--save DIR]          one life
 *     sim --seeds A..B [--jobs N] [--state FILE]        many; goes on where
 * FILE says sim --seeds A..B --twice                          each twice, which
 * must do the same sim --replay FILE [--trace FILE]                  the plan
 * in FILE sim --seed N --plan FILE                          writes its plan and
 * does nothing else sim --lie NAME|all [--seeds A..B]                 a fault
 * is planted, and must be found; with --seed or --replay it is told of
 *
 * --steps M: about so many steps a plan, 50. --save DIR: plans that fail are
 * kept there, whole and shortened; without it the short ones are printed.
 */
#include "sim_jobs.h"
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct options {
    struct sim_jobs jobs;
    const char *replay, *trace, *plan, *lie;
    bool one;
};

static void
tell(const struct sim_sums *sums)
{
    printf(
        "%" PRIu64 " seeds: %" PRId64 " requests, %" PRId64 " answers read, %" PRId64
        " starts, %" PRId64 " power cuts and kills, %" PRId64 " entries, %" PRId64 " deliveries\n",
        sums->seeds, sums->asked, sums->told, sums->starts, sums->cuts, sums->entries, sums->posts);
    printf("  trace %016" PRIx64 "\n  found: ", sums->trace);
    if (sums->bad == 0)
        printf("nothing");
    for (int i = 0; i < SIM_WRONGS; i++)
        if (sums->wrong[i] > 0)
            printf("%s %d  ", sim_wrong_name((enum sim_wrong)i), sums->wrong[i]);
    printf("\n");
}

/* What there is to see in one life is told into FILE. */
static bool
run_one(struct sim_world *world, const struct options *options, struct sim_plan *plan)
{
    struct sim_result result;

    if (options->trace != NULL && (world->tell = fopen(options->trace, "w")) == NULL) {
        fprintf(stderr, "sim: %s cannot be written\n", options->trace);
        return false;
    }
    if (world->tell != NULL)
        setvbuf(world->tell, NULL, _IOLBF, 0);
    sim_run(world, plan, &result);
    if (world->tell != NULL)
        (void)fclose(world->tell);
    world->tell = NULL;
    printf("%d steps, trace %016" PRIx64 ": %s\n", plan->n, result.trace,
           result.bad ? result.first : "nothing found");
    if (result.bad && options->replay == NULL)
        sim_jobs_keep(world, plan, &result, options->jobs.save);
    return !result.bad;
}

static bool
run_lie(struct sim_world *world, const struct options *options, enum sim_lie lie)
{
    struct sim_jobs jobs = options->jobs;
    struct sim_sums sums = { 0 };

    sim_lie(world, lie);
    jobs.stop_bad = 1;
    (void)sim_jobs_run(world, &jobs, &sums);
    printf("%-10s %s after %" PRIu64 " seeds:", sim_lie_name(lie),
           sums.bad > 0 ? "found" : "NOT FOUND", sums.seeds);
    for (int i = 0; i < SIM_WRONGS; i++)
        if (sums.wrong[i] > 0)
            printf(" %s", sim_wrong_name((enum sim_wrong)i));
    printf("\n");
    return sums.bad > 0;
}

static bool
run_lies(struct sim_world *world, const struct options *options)
{
    bool good = true, known = false;

    for (int i = 1; i < SIM_LIES; i++)
        if (strcmp(options->lie, "all") == 0 ||
            strcmp(options->lie, sim_lie_name((enum sim_lie)i)) == 0) {
            good = run_lie(world, options, (enum sim_lie)i) && good;
            known = true;
        }
    if (!known)
        fprintf(stderr, "sim: no fault '%s'\n", options->lie);
    return good && known;
}

static bool
run_many(struct sim_world *world, const struct options *options)
{
    struct sim_sums sums = { 0 };
    bool good = sim_jobs_run(world, &options->jobs, &sums);

    tell(&sums);
    return good;
}

static bool
plant(struct sim_world *world, const char *name)
{
    for (int i = 1; i < SIM_LIES; i++)
        if (strcmp(name, sim_lie_name((enum sim_lie)i)) == 0)
            sim_lie(world, (enum sim_lie)i);
    if (world->lie == SIM_HONEST)
        fprintf(stderr, "sim: no fault '%s'\n", name);
    return world->lie != SIM_HONEST;
}

static bool
run(struct sim_world *world, const struct options *options)
{
    struct sim_plan *plan;
    char why[300];
    bool good = false;

    if (options->replay == NULL && !options->one)
        return options->lie != NULL ? run_lies(world, options) : run_many(world, options);
    if (options->lie != NULL && !plant(world, options->lie))
        return false;
    plan = malloc(sizeof *plan);
    if (plan == NULL)
        return false;
    if (options->replay == NULL) {
        sim_plan_make(plan, options->jobs.from, options->jobs.steps);
        good = options->plan != NULL ? sim_plan_save(plan, options->plan)
                                     : run_one(world, options, plan);
    } else if (sim_plan_load(plan, options->replay, why, sizeof why)) {
        good = run_one(world, options, plan);
    } else {
        fprintf(stderr, "sim: %s\n", why);
    }
    free(plan);
    return good;
}

static bool
read_seeds(struct sim_jobs *jobs, const char *text)
{
    char *end;

    jobs->from = strtoull(text, &end, 10);
    if (end == text || strncmp(end, "..", 2) != 0)
        return false;
    text = end + 2;
    jobs->to = strtoull(text, &end, 10);
    return end != text && *end == '\0' && jobs->to >= jobs->from;
}

static bool
take_option(struct options *options, int c, const char *value)
{
    switch (c) {
    case 's':
        options->one = true;
        options->jobs.from = options->jobs.to = strtoull(value, NULL, 10);
        return true;
    case 'S':
        return read_seeds(&options->jobs, value);
    case 'j':
        options->jobs.jobs = (int)strtol(value, NULL, 10);
        return options->jobs.jobs >= 1 && options->jobs.jobs <= 64;
    case 'm':
        options->jobs.steps = (int)strtol(value, NULL, 10);
        return options->jobs.steps >= 1;
    case 'v':
        options->jobs.save = value;
        return true;
    case 'a':
        options->jobs.state = value;
        return true;
    case 'r':
        options->replay = value;
        return true;
    case 'p':
        options->plan = value;
        return true;
    case 't':
        options->trace = value;
        return true;
    case 'w':
        options->jobs.twice = true;
        return true;
    case 'l':
        options->lie = value;
        return true;
    default:
        return false;
    }
}

static bool
read_options(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {
        { "seed", required_argument, NULL, 's' },   { "seeds", required_argument, NULL, 'S' },
        { "jobs", required_argument, NULL, 'j' },   { "steps", required_argument, NULL, 'm' },
        { "save", required_argument, NULL, 'v' },   { "state", required_argument, NULL, 'a' },
        { "replay", required_argument, NULL, 'r' }, { "trace", required_argument, NULL, 't' },
        { "twice", no_argument, NULL, 'w' },        { "lie", required_argument, NULL, 'l' },
        { "plan", required_argument, NULL, 'p' },   { NULL, 0, NULL, 0 },
    };

    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;)
        if (!take_option(options, c, optarg))
            return false;
    return optind == argc;
}

int
main(int argc, char **argv)
{
    struct options options = { .jobs = { .from = 1, .to = 1000, .jobs = 1, .steps = 50 } };
    struct sim_world *world = calloc(1, sizeof *world);
    struct sim_judge judge;
    struct sgn_error err = { 0 };
    bool good = world != NULL && read_options(argc, argv, &options);

    if (!good) {
        fprintf(stderr, "sim: what is wanted? See the first lines of sim.c, or README.md\n");
        free(world);
        return 2;
    }
    sim_judge_init(&judge, world);
    good = sim_world_init(world, &err);
    if (!good)
        fprintf(stderr, "sim: %s\n",
                err.message[0] != '\0' ? err.message
                                       : "its folders cannot be made (is the team's there?)");
    sgn_error_clear(&err);
    good = good && run(world, &options);
    sim_world_remove(world);
    sim_judge_deinit(&judge);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
