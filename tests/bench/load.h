/* SPDX-License-Identifier: Apache-2.0 */
/* What the load generator's threads are told, and what they tell. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "histogram.h"

#include <pthread.h>
#include <stdbool.h>

struct load_options {
    int port, connections, depth, threads, cases, seconds, warmup, pid;
    int rate;           /* requests per second over all connections; 0: closed loop */
    bool open;          /* opens the cases instead of firing */
    const char *tokens; /* with a space between; connections use them in turn */
    int teams;          /* how many: each is of another team, with cases of its own */
    const char *workflow, *key;
    char run[32]; /* makes request ids of this run its own */
};

struct load_result {
    uint64_t begin_at, measure_at, stop_at; /* us, monotonic */
    uint64_t answers, errors;
    char first_error[512];
    struct histogram latency; /* of what was sent and answered in the measured window */
};

struct load_worker {
    const struct load_options *options;
    int number;
    pthread_barrier_t *barrier;
    struct load_result result;
    bool ok;
};

uint64_t load_now_us(void);
/* Runs one thread's share of the connections; arg is a struct load_worker. */
void *load_thread(void *arg);

#endif
