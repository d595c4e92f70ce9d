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
    int set;            /* so many cases of all teams are worked on; 0: all of them */
    int replaced;       /* of the set, one in so many ten-thousandths leaves it in a minute */
    bool marks, json;   /* how the window is told, see main.c */
    bool until_eof;     /* the window ends with the standard input, or after its seconds */
    bool open;          /* opens the cases instead of firing */
    const char *tokens; /* with a space between; connections use them in turn */
    int teams;          /* how many: each is of another team, with cases of its own */
    const char *workflow, *key;
    char run[32]; /* makes request ids of this run its own */
};

struct load_result {
    uint64_t begin_at, measure_at; /* us, monotonic */
    _Atomic uint64_t stop_at;      /* may come earlier than was said (--until-eof) */
    uint64_t answers, errors;
    uint64_t counted; /* answers that came in the measured window */
    char first_error[512];
    struct histogram latency; /* of what was sent and answered in it */
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
