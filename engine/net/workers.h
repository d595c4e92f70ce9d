/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules.h by processes: each team's scripts run in a worker of their own, started when it is
 * needed (dsl/worker.h says what it is), and killed when it does not answer.
 *
 * A worker is a stranger: whatever it says is checked, and one that breaks the rules of the
 * conversation (engine/model/rules_frame.h), that ends, or whose call lasts longer than call_ms is
 * killed: by the clock, if it also had the processor for half of that time, else ten times as
 * long, so that a busy machine ends nobody's calls. The call it was about is answered:
 * SGN_RULE_OVERRUN when it lasted too long; when the worker ended or sent nonsense it is tried once
 * more, and is SGN_RULE_ERROR when that happens again. What else the worker owed is given to a
 * fresh one. So every call is answered once.
 *
 * A team whose worker had to be killed strikes times within strikes_ms is cut off: its calls are
 * answered SGN_UNAVAILABLE, until scripts of it are accepted. SGN_OVERLOADED: no process can
 * be started now. Where processes cannot be confined, calls and loads are SGN_UNAVAILABLE
 * unless unconfined is set.
 *
 * Threads: a thread of its own has the processes; the functions of rules_ops are the lane's
 * (state may be called by any thread); between them are two queues.
 */
#ifndef NET_WORKERS_H
#define NET_WORKERS_H

#include "rules.h"
#include <stdbool.h>

struct workers_options {
    const char *program;  /* runs as "PROGRAM rules-worker TEAM" */
    int64_t memory_bytes; /* of one state of Lua, as in dsl.h */
    int64_t instructions; /* of one call, as in dsl.h: these decide; call_ms is only the net */
    int live_max;         /* processes at a time, 32; the one idle longest makes way */
    int64_t call_ms;      /* 1000 */
    int patience;         /* call_ms is multiplied by it: 10 in a build with a sanitizer, else 1 */
    int64_t load_ms;      /* the same for a load, and for the process to be ready: 30,000 */
    int strikes;          /* 5, at most WORKERS_STRIKES_MAX */
    int64_t strikes_ms;   /* 600,000 */
    int descriptors;      /* that this process may have in all; 0: few */
    bool unconfined;      /* go on where the kernel cannot confine a process */
};

#define WORKERS_STRIKES_MAX 16
#define WORKERS_COMMAND     "rules-worker"

/* program is /proc/self/exe, memory and instructions are 0: the worker's own defaults. */
void workers_options_default(struct workers_options *options);

/* Starts the thread; no process yet. The options' text is borrowed. */
enum sgn_status workers_new(const struct workers_options *options, struct rules **out,
                            struct sgn_error *err) SGN_MUST_CHECK;

#endif
