/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Power cuts: a site works, its power is cut, it starts again from what was left, and everything is
 * compared; over and over. See README.md of the folder above.
 *
 *     power_cuts [--cuts N] [--seed N] [--lines N] [--fault NAME|all]
 *
 * Lines have the seeds N, N+1, ...; --fault plants one, and succeeds only when it is found.
 */
#include "cut_run.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SAID_MAX 5 /* lines whose findings are told */

struct options {
    int64_t cuts, lines;
    uint64_t seed;
    const char *fault;
};

static void
tell(const struct cut_run *run, uint64_t seed, double seconds)
{
    const struct cut_tally *t = &run->tally;

    printf("%lld power cuts on %lld sites in %.0f s, seeds %llu to %llu\n", (long long)run->cuts,
           (long long)run->lines, seconds, (unsigned long long)seed,
           (unsigned long long)(seed + (uint64_t)run->lines - 1));
    for (int i = 0; i < CUT_EVENTS; i++)
        if (i != CUT_ANY)
            printf("  %-32s %8lld cuts, of %lld\n", cut_event_name((enum cut_event)i),
                   (long long)t->cuts[i], (long long)t->events[i]);
    printf(
        "  in recovery %lld, of them %lld after another one in recovery; in merges %lld, of %lld "
        "merges; while entries were indexed %lld, of %lld times\n",
        (long long)run->in_recovery, (long long)run->again_in_recovery,
        (long long)t->in_work[CUT_MERGES], (long long)t->works[CUT_MERGES],
        (long long)t->in_work[CUT_INDEXES], (long long)t->works[CUT_INDEXES]);
    printf(
        "  writes that were not synced: %lld kept, of them %lld torn; %lld dropped, %lld sectors "
        "of other bytes, %lld swapped\n",
        (long long)t->kept, (long long)t->torn, (long long)t->dropped, (long long)t->garbled,
        (long long)t->swapped);
    printf("  sizes %lld kept, %lld lost; names %lld kept, %lld lost\n", (long long)t->sizes_kept,
           (long long)t->sizes_lost, (long long)t->names_kept, (long long)t->names_lost);
    printf("  %lld requests; compared: %lld answers, %lld of them asked again, %lld entries; %lld "
           "starts in good order\n",
           (long long)run->load.asked, (long long)run->judge.answers, (long long)run->judge.again,
           (long long)run->judge.entries, (long long)run->load.restarts);
    printf("  found: %d lost, %d twice, %d broken, %d strange, on %lld sites\n",
           run->judge.found[CUT_LOST], run->judge.found[CUT_TWICE], run->judge.found[CUT_BROKEN],
           run->judge.found[CUT_STRANGE], (long long)run->bad);
}

/* Until there were enough; with a planted fault, until it is found. */
static void
go(struct cut_run *run, const struct options *options)
{
    bool planted = run->planted->expects != NULL;

    while (run->cuts < options->cuts && run->lines < options->lines &&
           (!planted || run->bad == 0)) {
        unsigned long long seed = options->seed + (uint64_t)run->lines;
        int64_t bad = run->bad;

        run->judge.quiet = planted || run->bad >= SAID_MAX;
        cut_run_line(run, seed);
        if (run->bad > bad && !run->judge.quiet)
            printf("seed %llu alone: power_cuts --seed %llu --lines 1\n", seed, seed);
        fflush(stdout);
    }
}

static bool
find_planted(struct cut_run *run, const struct options *options, const struct cut_planted *planted)
{
    cut_run_plant(run, planted);
    go(run, options);
    printf("%-16s %s: %s\n", planted->name, planted->expects,
           run->bad > 0 ? cut_wrong_name(cut_judge_found(&run->judge)) : "NOT FOUND");
    if (run->bad > 0)
        printf("%-16s   after %lld cuts\n", "", (long long)run->cuts);
    return run->bad > 0;
}

static bool
find_all(struct cut_run *run, const struct options *options)
{
    const struct cut_planted *planted;
    bool good = true;

    for (int i = 0; (planted = cut_planted_at(i)) != NULL; i++)
        if (planted->expects != NULL)
            good = find_planted(run, options, planted) && good;
    return good;
}

static bool
find_nothing(struct cut_run *run, const struct options *options)
{
    time_t begun = time(NULL);

    cut_run_plant(run, cut_planted_find("none"));
    go(run, options);
    tell(run, options->seed, difftime(time(NULL), begun));
    return run->bad == 0 && run->cuts > 0;
}

static bool
read_options(int argc, char **argv, struct options *options)
{
    static const struct option known[] = { { "cuts", required_argument, NULL, 'c' },
                                           { "seed", required_argument, NULL, 's' },
                                           { "lines", required_argument, NULL, 'l' },
                                           { "fault", required_argument, NULL, 'f' },
                                           { NULL, 0, NULL, 0 } };

    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (c == 'c')
            options->cuts = atoll(optarg);
        else if (c == 's')
            options->seed = strtoull(optarg, NULL, 10);
        else if (c == 'l')
            options->lines = atoll(optarg);
        else if (c == 'f')
            options->fault = optarg;
        else
            return false;
    }
    return optind == argc;
}

int
main(int argc, char **argv)
{
    struct options options = { .cuts = 3000, .lines = INT64_MAX, .seed = 1 };
    struct cut_run *run = calloc(1, sizeof *run);
    const struct cut_planted *planted = NULL;
    bool all, good = run != NULL && read_options(argc, argv, &options);

    all = options.fault != NULL && strcmp(options.fault, "all") == 0;
    if (options.fault != NULL && !all)
        good = good && (planted = cut_planted_find(options.fault)) != NULL;
    if (good) {
        good = cut_run_init(run);
        if (good && all)
            good = find_all(run, &options);
        else if (good)
            good = planted != NULL ? find_planted(run, &options, planted)
                                   : find_nothing(run, &options);
        cut_run_deinit(run);
    }
    free(run);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
