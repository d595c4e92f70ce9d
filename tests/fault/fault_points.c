/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every allocation and every call to a file of a scenario fails, once and for good, and each time
 * the rest must be as if nothing had been: see README.md.
 *
 *   fault_points [--seconds N] [--kinds memory,read,write,sync,file] [--part I/N] [--point N]
 *                [--seed N] [--find] [--verbose]
 *
 * --find: succeeds, and ends, only with a finding: for a build with a planted fault.
 *
 * The scenario is played twice without a fault, to learn what each request is answered and what
 * the store holds after it; the second time it branches at its points.
 */
#include "fork_vfs.h"
#include "hash.h"
#include "memory.h"
#include "point_play.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
learn(struct play *play, int n, char *answer)
{
    if (answer == NULL)
        points_bad("%s of %s: not answered", play->steps[n].method, play->steps[n].who);
    if (play_is_passing(answer))
        points_bad("%s of %s: %s", play->steps[n].method, play->steps[n].who, answer);
    play->steps[n].answer = answer;
    play->steps[n].dump = point_site_dump(&play->site);
}

static void
play_all(struct play *play, bool verbose)
{
    struct sgn_error err = { 0 };
    char *dump;

    points_mark();
    play->watcher = NULL;
    if (point_site_start(&play->site, &err) != SGN_OK)
        points_bad("it does not start: %s", err.message);
    point_site_settle(&play->site);
    if (!play->learned)
        play->first = point_site_dump(&play->site);
    for (int n = 0; n < play->n_steps; n++) {
        bool closed;
        char *answer = play_ask(play, n, true, &closed);

        if (points_struck())
            play_judge(play, n, answer, closed);
        if (!play->learned) {
            learn(play, n, answer);
            if (verbose)
                fprintf(stderr, "%s %s: %.300s\n", play->steps[n].who, play->steps[n].method,
                        answer);
            continue;
        }
        play_differ(play->steps[n].method, answer, play->steps[n].answer);
        dump = point_site_dump(&play->site);
        play_differ(play->steps[n].method, dump, play->steps[n].dump);
        points_free(dump);
        points_free(answer);
    }
    play_check_chain(play);
    point_site_stop(&play->site);
    play->learned = true;
    fork_vfs_clear();
}

/* ---- the command ---- */

static unsigned
kinds_of(char *text)
{
    static const char *const names[] = { "memory", "read", "write", "sync", "file" };
    unsigned out = 0;

    for (char *word = strtok(text, ","); word != NULL; word = strtok(NULL, ",")) {
        int i = 0;

        while (i < POINT_KINDS && strcmp(word, names[i]) != 0)
            i++;
        if (i == POINT_KINDS) {
            fprintf(stderr, "fault_points: no such kind: %s\n", word);
            exit(2);
        }
        out |= 1U << i;
    }
    return out;
}

static void
options_read(int argc, char **argv, struct points_options *out)
{
    *out = (struct points_options){ .kinds = (1U << POINT_KINDS) - 1, .seed = 1, .parts = 1 };
    for (int i = 1; i < argc; i++) {
        char none[] = "", *value = i + 1 < argc ? argv[i + 1] : none;

        if (strcmp(argv[i], "--find") == 0) {
            out->find = true;
            continue;
        }
        if (strcmp(argv[i], "--verbose") == 0) {
            out->verbose = true;
            continue;
        }
        if (strcmp(argv[i], "--seconds") == 0)
            out->seconds = atoi(value);
        else if (strcmp(argv[i], "--kinds") == 0)
            out->kinds = kinds_of(value);
        else if (strcmp(argv[i], "--point") == 0)
            out->only = atoll(value);
        else if (strcmp(argv[i], "--seed") == 0)
            out->seed = (uint64_t)atoll(value);
        else if (strcmp(argv[i], "--part") != 0 ||
                 sscanf(value, "%d/%d", &out->part, &out->parts) != 2) {
            fprintf(stderr, "fault_points: %s? see the head of fault_points.c\n", argv[i]);
            exit(2);
        }
        i++;
    }
}

int
main(int argc, char **argv)
{
    static struct play play;
    struct points_options options;
    struct points_report report;
    struct sgn_error err = { 0 };

    options_read(argc, argv, &options);
    setenv("SIGNOFF_LOG", "error", 1);
    points_init();
    sgn_memory_watch();
    json_object_seed(1); /* or a point would be another one in each run */
    fork_vfs_register();
    if (sgn_hash_init(&err) != SGN_OK)
        return 2;
    play_read(&play, SGN_FAULT_DIR "/points.scenario");
    point_site_make(&play.site, SGN_FAULT_DIR "/loss");
    points_begin(NULL);
    play_all(&play, options.verbose);
    points_end(&report);
    for (int i = 0; i < POINT_KINDS; i++)
        options.expected += options.kinds & 1U << i ? report.counted[i] : 0;
    points_begin(&options);
    play_all(&play, false);
    points_end(&report);
    point_site_remove(&play.site);
    printf("%lld allocations of %lld, %lld calls to files of %lld failed, once and for good: %lld "
           "findings\n",
           (long long)report.tried[POINT_MEMORY] / 2, (long long)report.counted[POINT_MEMORY],
           (long long)(report.tried[POINT_READ] + report.tried[POINT_WRITE] +
                       report.tried[POINT_SYNC] + report.tried[POINT_OTHER]) /
               2,
           (long long)(report.counted[POINT_READ] + report.counted[POINT_WRITE] +
                       report.counted[POINT_SYNC] + report.counted[POINT_OTHER]),
           (long long)report.findings);
    return (report.findings > 0) != options.find;
}
