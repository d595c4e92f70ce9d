/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One worker process: listened to, watched, killed.
 *
 * What it says is judged here as far as the conversation goes: frames, order, statuses, JSON. What
 * the values mean is judged where they are used (models by engine/model, answers by core).
 */
#include "clock.h"
#include "json.h"
#include "log.h"
#include "memory.h"
#include "workers_internal.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_BYTES 1000 /* of what an answer says went wrong */
/* A worker that was busy for so long makes way to a fresh one when it is idle; RLIMIT_CPU (an
 * hour) is never met in the middle of a call. */
#define BUSY_MAX_MS (30 * SGN_MINUTE_MS)

/* ---- the end ---- */

static void
process_free(struct workers_process *process)
{
    struct workers *workers = process->workers;
    struct workers_process **link = &workers->processes;

    while (*link != process)
        link = &(*link)->next;
    *link = process->next;
    if (process->progress != NULL)
        munmap(process->progress, sizeof *process->progress);
    sgn_buf_deinit(&process->in);
    free(process->opened);
    free(process);
}

static void
on_closed(uv_handle_t *handle)
{
    struct workers_process *process = handle->data;

    if (--process->handles == 0)
        process_free(process);
}

static void
close_handles(struct workers_process *process)
{
    if (!uv_is_closing((uv_handle_t *)&process->pipe))
        uv_close((uv_handle_t *)&process->pipe, on_closed);
    if (process->has_process && process->exited && !uv_is_closing((uv_handle_t *)&process->process))
        uv_close((uv_handle_t *)&process->process, on_closed);
}

void
workers_process_kill(struct workers_process *process)
{
    process->phase = WORKERS_ENDING;
    process->team = NULL;
    if (process->has_process && !process->exited)
        (void)uv_process_kill(&process->process, SIGKILL);
    close_handles(process);
}

/* The page is the worker's to write, so it is only believed to go on, never back, and never past
 * what it was given: each call has its time once. */
static const struct workers_call *
call_under_way(struct workers_process *process)
{
    uint64_t said = atomic_load_explicit(&process->progress->id, memory_order_acquire);
    const struct workers_call *call = process->team->first, *found = call;

    for (; call != NULL && call->sent && call->seq <= said; call = call->next)
        found = call;
    if (found->seq > process->doing) {
        process->doing = found->seq;
        process->waited_ms = 0;
    }
    while (found->next != NULL && found->next->sent && found->seq < process->doing)
        found = found->next;
    return found;
}

void
workers_process_lose(struct workers_process *process, enum workers_end end, uint64_t doing,
                     const char *why)
{
    struct workers_team *team = process->team;
    struct workers *workers = process->workers;

    /* Whatever it seems to have done wrong: it may be what we lacked. */
    if (end == WORKERS_FAULT && sgn_memory_failures() != workers->failures)
        end = WORKERS_STARVED;
    workers->failures = sgn_memory_failures();
    workers_process_kill(process);
    if (team != NULL)
        workers_team_lost(team, end, doing, why);
}

/* The one place in which a process is known to be gone, and its place free. */
void
workers_process_exited(uv_process_t *handle, int64_t status, int number)
{
    struct workers_process *process = handle->data;
    struct workers *workers = process->workers;
    uint64_t doing = 0;
    char why[80];

    process->exited = true;
    workers->n_processes--;
    workers_report(workers);
    if (number != 0)
        snprintf(why, sizeof why, "its process ended (signal %d)", number);
    else
        snprintf(why, sizeof why, "its process ended (status %lld)", (long long)status);
    if (process->team != NULL && process->team->first != NULL && process->team->first->sent)
        doing = call_under_way(process)->seq;
    workers_process_lose(process, WORKERS_FAULT, doing, why);
    workers_serve_line(workers);
}

/* ---- what it says ---- */

/* Where the kernel cannot confine it nothing is wrong with the scripts: no strike, but no service
 * either unless the site says so. */
static const char *
on_hello(struct workers_process *process, const struct rules_frame *head, const char *body)
{
    struct workers *workers = process->workers;
    struct workers_team *team = process->team;
    char message[640];

    if (process->phase != WORKERS_STARTING || head->detail > 1 || head->size > 400 ||
        (head->size > 0 && !sgn_utf8_valid(body, head->size)))
        return "it began in a way that it must not";
    process->phase = WORKERS_READY;
    process->waited_ms = 0;
    if (head->detail == 0 && !workers->options.unconfined) {
        snprintf(message, sizeof message,
                 "the process for scripts cannot be confined here (%.*s), so no script is run; "
                 "\"unconfined = yes\" in [rules] of signoff.ini runs them all the same",
                 (int)head->size, body);
        sgn_log(SGN_LOG_ERROR, "rules are not served", "team", team->name, "why", message, NULL);
        workers_process_kill(process);
        team->process = NULL;
        workers_team_refuse(team, SGN_UNAVAILABLE, message);
        return NULL;
    }
    if (head->detail == 0)
        sgn_log(SGN_LOG_WARN, "scripts run unconfined, as signoff.ini allows", "team", team->name,
                NULL);
    workers_process_send(process);
    return NULL;
}

/* The value of a load's answer. The input is read again from the bytes that were sent: nothing else
 * of it is kept. */
static const char *
take_load(const struct workers_call *call, const struct rules_frame *answer, const char *bytes,
          json_t **value)
{
    struct rules_frame head;
    json_t *input = NULL;
    const char *body, *wrong = NULL;

    if (sgn_json_parse(bytes, answer->size, value, NULL) != SGN_OK)
        return "its answer is not JSON";
    if (rules_frame_get(call->batch->bytes.bytes + call->at, call->size, &head, &body, NULL) ==
            SGN_OK &&
        sgn_json_parse(body, head.size, &input, NULL) == SGN_OK)
        wrong = workers_load_wrong(input, *value);
    json_decref(input);
    return wrong;
}

/* The value of a call's answer; NULL without memory. */
static const char *
take_value(const struct workers_call *call, const struct rules_frame *answer, const char *bytes,
           json_t **value)
{
    struct rules_value read;
    const char *wrong;

    if (answer->size > RULES_ANSWER_MAX)
        return "its answer is larger than an answer may be";
    if (rules_value_check(bytes, answer->size, NULL) != SGN_OK)
        return "its answer is no value";
    rules_value_read(bytes, &read);
    wrong = call->has_then ? workers_then_wrong(&read) : NULL;
    if (wrong == NULL)
        *value = rules_value_json(&read);
    return wrong;
}

/* An answer to the call that is owed first. NULL, or what is wrong with it. */
static const char *
on_answer(struct workers_process *process, const struct rules_frame *head, const char *body)
{
    struct workers_team *team = process->team;
    struct workers_call *call = team->first;
    char message[MESSAGE_BYTES + 1] = "";
    enum sgn_status st = head->detail;
    const char *wrong = NULL;
    json_t *value = NULL;

    if (call == NULL || !call->sent || head->id != call->seq)
        return "it answered what it was not asked";
    if (st == SGN_OK) {
        wrong = (call->is_load ? take_load : take_value)(call, head, body, &value);
        if (wrong != NULL) {
            json_decref(value);
            return wrong;
        }
    } else {
        if ((st != SGN_RULE_ERROR && st != SGN_RULE_OVERRUN) || head->size > MESSAGE_BYTES ||
            !sgn_utf8_valid(body, head->size))
            return "its answer has a status or a message that it must not have";
        memcpy(message, body, head->size);
        message[head->size] = '\0';
    }
    if (st == SGN_OK && value == NULL) {
        st = SGN_OVERLOADED;
        snprintf(message, sizeof message, "out of memory");
    }
    process->waited_ms = 0;
    memcpy(call->answer->cost, head->cost, sizeof head->cost);
    workers_team_answered(team, st, value, st == SGN_OK ? NULL : message);
    return NULL;
}

static const char *
on_frame(struct workers_process *process, const struct rules_frame *head, const char *body)
{
    if (head->kind == RULES_FRAME_HELLO)
        return on_hello(process, head, body);
    if (head->kind == RULES_FRAME_ANSWER && process->phase == WORKERS_READY)
        return on_answer(process, head, body);
    return "it said what only the server says";
}

/* All whole frames that have come. */
static void
take_frames(struct workers_process *process)
{
    struct sgn_error err = { 0 };
    const char *wrong = NULL;
    size_t at = 0;

    while (process->team != NULL && wrong == NULL) {
        struct rules_frame head;
        const char *body;
        enum sgn_status st =
            rules_frame_get(process->in.bytes + at, process->in.len - at, &head, &body, &err);

        if (st == SGN_NEEDS)
            break;
        wrong = st == SGN_OK ? on_frame(process, &head, body) : err.message;
        at += sizeof head + head.size;
    }
    /* What it said stands where the first answer that is owed should be. */
    if (wrong != NULL)
        workers_process_lose(process, WORKERS_FAULT, 0, wrong);
    else if (process->team != NULL)
        sgn_buf_consume(&process->in, at);
    sgn_error_clear(&err);
}

void
workers_process_room(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
    struct workers_process *process = handle->data;

    (void)size;
    *buf = uv_buf_init(process->workers->read_bytes, WORKERS_READ_BYTES);
}

void
workers_process_heard(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct workers_process *process = stream->data;
    struct workers *workers = process->workers;

    if (n == 0 || process->team == NULL)
        return;
    /* It is killed for having closed its end, but its exit tells better what has happened. */
    if (n < 0) {
        process->phase = WORKERS_ENDING;
        (void)uv_read_stop(stream);
        (void)uv_process_kill(&process->process, SIGKILL);
        return;
    }
    if (sgn_buf_append(&process->in, buf->base, (size_t)n) != SGN_OK) {
        workers_process_lose(process, WORKERS_FAULT, 0, "it said more than fits");
        return;
    }
    process->idle_since = sgn_monotonic_ms();
    take_frames(process);
    if (process->team != NULL && workers_process_is_idle(process)) {
        if (process->busy_ms > BUSY_MAX_MS)
            workers_process_lose(process, WORKERS_IDLE, 0, "");
        workers_serve_line(workers);
    }
}

/* ---- its time ---- */

bool
workers_process_is_idle(const struct workers_process *process)
{
    const struct workers_team *team = process->team;

    return process->phase == WORKERS_READY && team != NULL &&
           (team->first == NULL || !team->first->sent);
}

/* Processor time of the process so far, or -1. */
static int64_t
cpu_ms(const struct workers_process *process)
{
    struct timespec used;
    clockid_t clock;

    if (clock_getcpuclockid(process->process.pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
        return -1;
    return (int64_t)used.tv_sec * SGN_SECOND_MS + used.tv_nsec / 1000000;
}

/* Has it had its time for what it is about? On a machine that is busy with other things waiting
 * alone proves nothing: then a call that the budget would end, or no call at all, would be ended
 * here, and not everywhere. */
static bool
is_over(struct workers_process *process, int64_t most)
{
    int64_t used = cpu_ms(process);

    if (process->waited_ms <= WORKERS_TICK_MS) /* it was about something else a tick ago */
        process->cpu_mark = used;
    return process->waited_ms >= most &&
           (used - process->cpu_mark >= most / 2 || process->waited_ms >= WORKERS_SLACK * most);
}

/* Time in which this thread itself did not run is not counted: the answer may lie there unread. */
void
workers_process_tick(struct workers_process *process, int64_t now)
{
    const struct workers_options *options = &process->workers->options;
    int64_t most = options->load_ms, passed = now - process->ticked;
    char why[120];

    process->ticked = now;
    if (process->team == NULL || process->phase == WORKERS_ENDING ||
        workers_process_is_idle(process))
        return;
    passed = passed < 3 * WORKERS_TICK_MS ? passed : 3 * WORKERS_TICK_MS;
    if (process->phase == WORKERS_READY) {
        if (!call_under_way(process)->is_load)
            most = options->call_ms * options->patience;
        process->busy_ms += passed;
    }
    if (!is_over(process, most)) {
        process->waited_ms += passed;
        return;
    }
    if (process->phase == WORKERS_STARTING) {
        workers_process_lose(process, WORKERS_FAULT, 0, "it did not begin");
        return;
    }
    snprintf(why, sizeof why, "stopped after %lld ms, although its instructions were not used up",
             (long long)process->waited_ms);
    workers_process_lose(process, WORKERS_OVERRUN, process->doing, why);
}
