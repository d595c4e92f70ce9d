/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signoff-rules-cost: what a call of a team's function costs in processor time, without the lane
 * and the store around it: in this process, and by a rules process (both ends together).
 *
 *   signoff-rules-cost SIGNOFF WORKFLOW.lua [PAIRS [BATCH]]
 *
 * SIGNOFF is the program ("-": in this process only), function 1 of the workflow a guard, function
 * 2 a change; PAIRS of calls are made for each line, 20,000 if nothing is said (few for callgrind);
 * BATCH: in batches of this size only.
 *
 * A line for each size of batch: microseconds for one guard and one change.
 */
#include "clock.h"
#include "dsl.h"
#include "json.h"
#include "thread.h"
#include "workers.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct bench {
    int pairs;
    struct rules *rules;
    struct sgn_queue *woken;
    int answered, wrong;
};

static void
wake(void *ctx)
{
    struct bench *bench = ctx;

    sgn_queue_wake(bench->woken);
}

static void
on_answer(void *ctx, uint64_t id, enum sgn_status status, const json_t *value,
          const struct sgn_error *err, const struct rules_cost cost[2])
{
    struct bench *bench = ctx;

    (void)id;
    (void)cost;
    bench->answered++;
    if ((status != SGN_OK || json_object_get(json_array_get(value, 1), "value") == NULL) &&
        bench->wrong++ == 0)
        fprintf(stderr, "%s\n", err != NULL ? err->message : "the change failed");
}

static double
time_of(int who)
{
    struct rusage used;

    getrusage(who, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

/* What the lane gives: the case and the event, about as large as the benchmark's. */
static void
put_input(struct sgn_buf *out, int n)
{
    json_t *input = json_pack(
        "{s:{s:s, s:s, s:i, s:s, s:s, s:s, s:n, s:i, s:s, s:{s:i, s:s, s:s, s:i}, s:[s], s:{s:i, "
        "s:i}}, s:{s:s, s:s, s:n, s:{s:i, s:s}, s:n, s:s}}",
        "c", "key", "BL-1234", "workflow", "flip_lua", "version", 1, "now",
        "2026-01-05T09:00:00.123Z", "owner", "desk", "opener", "desk", "outcome", "rev", n,
        "priority", "normal", "fields", "amount", 17, "memo", "as agreed on the phone", "class",
        "usual", "flips", n, "states", "left", "visits", "left", n, "right", n, "e", "name", "flip",
        "by", "desk", "on_behalf", "data", "amount", 17, "memo", "as agreed on the phone",
        "comment", "at", "2026-01-05T09:00:00.123Z");

    sgn_buf_init(out, RULES_INPUT_MAX);
    if (rules_put_json(out, input, NULL) != SGN_OK)
        exit(1);
    json_decref(input);
}

/* A copy, so that making it does not count for more than it is. */
static void
copy_input(struct sgn_buf *out, const struct sgn_buf *input)
{
    sgn_buf_init(out, RULES_INPUT_MAX);
    if (sgn_buf_append(out, input->bytes, input->len) != SGN_OK)
        exit(1);
}

static void
settle(struct bench *bench, int until)
{
    while (bench->answered < until)
        if (bench->rules->ops->deliver(bench->rules, on_answer, bench) == 0)
            (void)sgn_queue_take_all(bench->woken, 1000);
}

/* n pairs in each submit, until there were enough. Each pair is one call. */
static void
run(struct bench *bench, int n)
{
    struct rules_call *calls = calloc((size_t)n, sizeof *calls);
    struct sgn_buf input;
    uint64_t id = 0;

    put_input(&input, 3);
    for (int done = 0; done < bench->pairs; done += n) {
        for (int i = 0; i < n; i++) {
            calls[i] = (struct rules_call){ .id = ++id,
                                            .team = "bench",
                                            .digest = "d",
                                            .function = 1,
                                            .purpose = RULES_GUARD,
                                            .then = 2 };
            copy_input(&calls[i].input, &input);
            copy_input(&calls[i].then_input, &input);
        }
        if (bench->rules->ops->submit(bench->rules, calls, n, NULL) != SGN_OK)
            exit(1);
        settle(bench, (int)id);
    }
    sgn_buf_deinit(&input);
    free(calls);
}

static void
measure(const char *what, const struct workers_options *options, const json_t *version, int n,
        int pairs)
{
    struct bench bench = { .pairs = pairs, .woken = sgn_queue_new() };
    struct sgn_error err = { 0 };
    double here, there = time_of(RUSAGE_CHILDREN), started;
    enum sgn_status st = options != NULL ? workers_new(options, &bench.rules, &err)
                                         : dsl_rules_new(NULL, &bench.rules, &err);

    if (st == SGN_OK)
        st = bench.rules->ops->open(bench.rules, "bench", "d", json_deep_copy(version), &err);
    if (st != SGN_OK) {
        fprintf(stderr, "%s\n", err.message);
        exit(1);
    }
    if (options != NULL)
        bench.rules->ops->listen(bench.rules, wake, &bench);
    started = (double)sgn_monotonic_ms();
    here = time_of(RUSAGE_SELF);
    run(&bench, n);
    here = (time_of(RUSAGE_SELF) - here) / pairs;
    started = ((double)sgn_monotonic_ms() - started) * 1000 / pairs;
    bench.rules->ops->free(bench.rules); /* its process is waited for: its time counts now */
    there = (time_of(RUSAGE_CHILDREN) - there) / pairs;
    printf("%-12s %4d at a time: %6.2f us here + %6.2f us there = %6.2f us of CPU; %7.2f us by the "
           "clock%s\n",
           what, n, here, there, here + there, started, bench.wrong > 0 ? "; ERRORS" : "");
    fflush(stdout);
    sgn_queue_free(bench.woken);
}

static char *
read_all(const char *path)
{
    char *text = calloc(1, 1 << 17);
    FILE *f = fopen(path, "r");

    if (f == NULL || fread(text, 1, (1 << 17) - 1, f) == 0) {
        perror(path);
        exit(1);
    }
    fclose(f);
    return text;
}

int
main(int argc, char **argv)
{
    static const int sizes[] = { 1, 4, 16, 64, 256 };
    struct workers_options options;
    json_t *input, *answer = NULL, *version;
    struct sgn_error err = { 0 };
    int pairs = argc > 3 ? atoi(argv[3]) : 20000, batch = argc > 4 ? atoi(argv[4]) : 0;
    char *source;

    if (argc < 3) {
        fprintf(stderr, "usage: signoff-rules-cost SIGNOFF|- WORKFLOW.lua [PAIRS [BATCH]]\n");
        return 2;
    }
    source = read_all(argv[2]);
    input =
        json_pack("{s:s, s:{s:s, s:s}}", "team", "bench", "files", "team.lua",
                  "return team \"bench\" { use \"flip_lua\" }", "workflows/flip_lua.lua", source);
    if (dsl_load(NULL, input, &answer, &err) != SGN_OK) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    version = json_object_get(json_object_get(answer, "workflows"), "flip_lua");
    workers_options_default(&options);
    options.program = argv[1];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        if (batch != 0 && batch != sizes[i])
            continue;
        measure("in process", NULL, version, sizes[i], pairs);
        if (strcmp(argv[1], "-") != 0)
            measure("by a process", &options, version, sizes[i], pairs);
    }
    json_decref(input);
    json_decref(answer);
    free(source);
    return 0;
}
