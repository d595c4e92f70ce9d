/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What workers.c (the lane's side), workers_thread.c (the loop), workers_team.c (what a team is
 * owed, its strikes, the line for a place), workers_spawn.c and workers_process.c (one process)
 * share, from the lowest up.
 *
 * Everything but the two queues, the report and the wake belongs to the workers' thread.
 */
#ifndef NET_WORKERS_INTERNAL_H
#define NET_WORKERS_INTERNAL_H

#include "buf.h"
#include "rules_frame.h"
#include "text.h"
#include "thread.h"
#include "workers.h"
#include <pthread.h>
#include <uv.h>

#define WORKERS_READ_BYTES (64 * 1024)
#define WORKERS_TICK_MS    20 /* how exactly call_ms is kept */
#define WORKERS_SLACK      10 /* see workers.h */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WORKERS_SANITIZED 1
#else
#define WORKERS_SANITIZED 0
#endif

struct workers_process;

/* From the thread to the lane. */
struct workers_answer {
    struct sgn_node node;
    uint64_t id;
    enum sgn_status status;
    json_t *value;
    char *message; /* malloc'ed, or NULL */
    struct rules_cost cost[2];
};

/* A call or a load that is owed an answer. Its frame lies in its batch until then. */
struct workers_call {
    struct workers_call *next;
    struct workers_batch *batch;
    struct workers_answer *answer; /* made beforehand: what is owed must not fail for memory */
    uint64_t seq;                  /* in the frame: rises along a team's queue */
    size_t at, size;
    uint32_t version;
    int function;
    bool is_load;
    bool has_then; /* see rules.h */
    bool sent;     /* to the process that is there now */
    bool tried;    /* a process ended over it */
};

/* What the lane gave for a team at once: the frames as they are written, in one piece. */
struct workers_batch {
    struct sgn_buf bytes;
    struct workers_call *calls;
    int n, max;
    int refs; /* calls that are not answered */
};

/* From the lane to the thread. */
struct workers_order {
    struct sgn_node node;
    char team[SGN_KEY_MAX + 1];
    bool accepted;               /* its scripts are in force */
    struct workers_batch *batch; /* or NULL: a version is opened */
    uint32_t version;
    struct sgn_buf frame; /* its OPEN */
    json_t *places;       /* {"file", "functions": {"3": {"line"}}}: to say where a call stands */
};

struct workers_version {
    struct sgn_buf frame;
    json_t *places;
};

struct workers_team {
    struct workers_team *next;
    struct workers_team *next_in_line; /* for a place among live_max */
    struct workers *workers;
    char name[SGN_KEY_MAX + 1];
    struct workers_version *versions; /* by number */
    uint32_t n_versions;
    struct workers_call *first, **end; /* owed, in order */
    struct workers_process *process;   /* or NULL */
    bool in_line;
    int64_t strikes[WORKERS_STRIKES_MAX]; /* monotonic times, oldest first */
    int n_strikes;
    char cut_off[256]; /* why the last strike was; "": it is not cut off */
};

/*
 *   starting ──▶ ready ──▶ ending ──▶ (freed)
 *       └─────────────────────▲
 *
 * ending: it was killed, or has closed its socket; its exit is still to come.
 */
enum workers_phase {
    WORKERS_STARTING,
    WORKERS_READY,
    WORKERS_ENDING
};

struct workers_process {
    struct workers_process *next;
    struct workers *workers;
    struct workers_team *team; /* NULL: nothing of it is waited for any more */
    uv_process_t process;
    uv_pipe_t pipe;
    int handles; /* not closed yet */
    enum workers_phase phase;
    bool has_process, exited;
    struct rules_progress *progress; /* shared with it */
    struct sgn_buf in;
    bool *opened; /* versions it was given */
    uint32_t n_opened;
    uint64_t doing;    /* seq of the call it is about, as far as is known; 0: the first */
    int64_t ticked;    /* monotonic time at which it was last looked at */
    int64_t waited_ms; /* since its last sign of progress */
    int64_t cpu_mark;  /* the processor time it had used then */
    int64_t idle_since;
    int64_t busy_ms; /* in its life, as far as ticks tell */
};

struct workers {
    struct rules base; /* the lane's side, from here */
    struct workers_options options;
    json_t *numbers; /* {team: {digest: number}} of opened versions */
    uint64_t seq;
    int pending;
    struct sgn_thread *thread;

    struct sgn_queue *orders, *answers; /* between the two */
    _Atomic bool stopping;

    pthread_mutex_t lock; /* guards wake and report */
    void (*wake)(void *ctx);
    void *wake_ctx;
    json_t *report; /* see rules_ops.state */

    uv_loop_t loop; /* the thread's side, from here */
    uv_async_t async;
    uv_prepare_t prepare;
    uv_timer_t timer;      /* runs while a process is busy */
    struct sgn_node *late; /* versions for which there was no memory yet, see workers_order */
    uint64_t failures;     /* sgn_memory_failures() of the thread, as far as they are known of */
    struct workers_team *teams;
    struct workers_team *line, **line_end;
    struct workers_process *processes;
    int n_processes;
    bool answered; /* something was, since the lane was last woken */
    int64_t n_started, n_overruns, n_faults;
    char read_bytes[WORKERS_READ_BYTES];
};

/* ---- workers_check.c ---- */

/* What is wrong with this answer to the load of this input, or NULL. Static text. */
const char *workers_load_wrong(const json_t *input, const json_t *answer);
/* The same for an answer to a call that has a function behind it. */
const char *workers_then_wrong(const struct rules_value *answer);

/* ---- workers_process.c ---- */

/* How a process came to its end. */
enum workers_end {
    WORKERS_IDLE,    /* it was in the way */
    WORKERS_OVERRUN, /* its call took too long */
    WORKERS_STARVED, /* memory ran out on our side of it: nothing that its scripts did */
    WORKERS_FAULT    /* it ended, or said what it must not say */
};

/* libuv's callbacks: it has ended; room for what it says; what it says. */
void workers_process_exited(uv_process_t *handle, int64_t status, int number);
void workers_process_room(uv_handle_t *handle, size_t size, uv_buf_t *buf);
void workers_process_heard(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);
/* Kills it; whoever was its team has another or none. */
void workers_process_kill(struct workers_process *process);
/* It is no use any more, for this reason; it was about the call doing (0: the first). */
void workers_process_lose(struct workers_process *process, enum workers_end end, uint64_t doing,
                          const char *why);
/* Time goes on: looks for one that does not come to an end. */
void workers_process_tick(struct workers_process *process, int64_t now);
/* Is it ready and owes nothing? */
bool workers_process_is_idle(const struct workers_process *process);

/* ---- workers_send.c ---- */

/* Tells it these bytes, which are taken. */
bool workers_process_write(struct workers_process *process, struct sgn_buf *bytes);
/* Gives a ready process what its team has not sent yet. */
void workers_process_send(struct workers_process *process);

/* ---- workers_spawn.c ---- */

/* Starts the team's process. SGN_OVERLOADED: it cannot be started now. */
enum sgn_status workers_process_start(struct workers_team *team, struct sgn_error *err);

/* ---- workers_team.c ---- */

struct workers_team *workers_team_get(struct workers *workers, const char *name);
void workers_team_free(struct workers_team *team);
/* Takes the batch's calls into the queue, or answers them when the team is cut off. */
void workers_team_add(struct workers_team *team, struct workers_batch *batch_take);
enum sgn_status workers_team_open(struct workers_team *team, struct workers_order *order);
/* Its scripts are others now, or a person says that they may be tried again. */
void workers_team_forgive(struct workers_team *team);
/* Starts or feeds the team's process, or puts the team into the line. */
void workers_team_pump(struct workers_team *team);
/* The first call that is owed has its answer. value is taken. */
void workers_team_answered(struct workers_team *team, enum sgn_status status, json_t *value_take,
                           const char *message);
/* All calls that are owed get this status. */
void workers_team_refuse(struct workers_team *team, enum sgn_status status, const char *message);
/* The team's process came to its end while it was about the call doing (0: the first). */
void workers_team_lost(struct workers_team *team, enum workers_end end, uint64_t doing,
                       const char *why);
/* A place may be free: whoever stands in line first gets it. */
void workers_serve_line(struct workers *workers);

/* ---- workers_thread.c ---- */

void workers_batch_free(struct workers_batch *batch);
void workers_order_free(struct workers_order *order);
int workers_loop_init(struct workers *workers); /* 0, or libuv's error */
void workers_loop_close(struct workers *workers);
/* The thread's function: has the processes until workers->stopping. */
void workers_main(void *arg);
/* Queues the call's answer for the lane, and forgets the call. value is taken. */
void workers_answer(struct workers *workers, struct workers_call *call, enum sgn_status status,
                    json_t *value_take, const char *message);
/* Makes the report anew: something in it has changed. */
void workers_report(struct workers *workers);

#endif
