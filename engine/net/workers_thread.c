/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The workers' thread: a loop of its own, so that neither the connections' loop nor the lane ever
 * waits for a process to start, and loads are answered before the connections' loop runs.
 */
#include "clock.h"
#include "json.h"
#include "log.h"
#include "workers_internal.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

void
workers_batch_free(struct workers_batch *batch)
{
    if (batch == NULL)
        return;
    for (int i = 0; i < batch->n; i++)
        free(batch->calls[i].answer);
    free(batch->calls);
    sgn_buf_deinit(&batch->bytes);
    free(batch);
}

void
workers_order_free(struct workers_order *order)
{
    if (order == NULL)
        return;
    workers_batch_free(order->batch);
    sgn_buf_deinit(&order->frame);
    json_decref(order->places);
    free(order);
}

/* ---- to the lane ---- */

void
workers_answer(struct workers *workers, struct workers_call *call, enum sgn_status status,
               json_t *value_take, const char *message)
{
    struct workers_answer *answer = call->answer;

    call->answer = NULL;
    answer->status = status;
    answer->value = value_take;
    answer->message = message != NULL ? strdup(message) : NULL;
    sgn_queue_push(workers->answers, &answer->node);
    workers->answered = true;
    if (--call->batch->refs == 0)
        workers_batch_free(call->batch);
}

/* Once for all that a callback has answered. */
static void
wake_lane(struct workers *workers)
{
    if (!workers->answered)
        return;
    workers->answered = false;
    pthread_mutex_lock(&workers->lock);
    if (workers->wake != NULL)
        workers->wake(workers->wake_ctx);
    pthread_mutex_unlock(&workers->lock);
}

/* Numbers for everybody, names for those who may see them. */
void
workers_report(struct workers *workers)
{
    json_t *teams = json_object(), *report, *old;

    for (struct workers_team *team = workers->teams; team != NULL; team = team->next)
        if (team->cut_off[0] != '\0')
            json_object_set_new(teams, team->name, json_string(team->cut_off));
    report = json_pack("{s:i, s:I, s:I, s:I, s:o}", "processes", workers->n_processes, "started",
                       (json_int_t)workers->n_started, "overruns", (json_int_t)workers->n_overruns,
                       "faults", (json_int_t)workers->n_faults, "cut_off", teams);
    pthread_mutex_lock(&workers->lock);
    old = workers->report;
    workers->report = report;
    pthread_mutex_unlock(&workers->lock);
    json_decref(old);
}

/* ---- from the lane ---- */

static void
take_order(struct workers *workers, struct workers_order *order)
{
    struct workers_team *team = workers_team_get(workers, order->team);

    if (team != NULL && order->accepted) {
        workers_team_forgive(team);
    } else if (order->batch == NULL && (team == NULL || workers_team_open(team, order) != SGN_OK)) {
        /* The lane knows it as opened, and calls it: so it is tried again with each order. */
        order->node.next = workers->late;
        workers->late = &order->node;
        return;
    } else if (team == NULL) {
        struct workers_batch *batch = order->batch;

        /* Without memory for a team nothing of it can be kept: its calls hear so. */
        order->batch = NULL;
        for (int i = 0, n = batch != NULL ? batch->n : 0; i < n; i++)
            workers_answer(workers, &batch->calls[i], SGN_OVERLOADED, NULL, "out of memory");
    } else if (order->batch != NULL) {
        workers_team_add(team, order->batch);
        order->batch = NULL;
    }
    workers_order_free(order);
}

static void
close_all(struct workers *workers)
{
    for (struct workers_process *at = workers->processes; at != NULL; at = at->next)
        workers_process_kill(at);
    if (!uv_is_closing((uv_handle_t *)&workers->timer))
        uv_close((uv_handle_t *)&workers->timer, NULL);
    if (!uv_is_closing((uv_handle_t *)&workers->async))
        uv_close((uv_handle_t *)&workers->async, NULL);
}

static void
on_async(uv_async_t *handle)
{
    struct workers *workers = handle->data;
    struct sgn_node *node = sgn_queue_take_all(workers->orders, 0), *next, *late = workers->late;

    workers->late = NULL;
    for (; late != NULL; late = next) {
        next = late->next;
        take_order(workers, SGN_CONTAINER(late, struct workers_order, node));
    }
    for (; node != NULL; node = next) {
        struct workers_order *order = SGN_CONTAINER(node, struct workers_order, node);

        next = node->next;
        if (order->batch != NULL)
            order->batch->refs = order->batch->n;
        take_order(workers, order);
    }
    /* Fed after all was taken: what the lane gave in several orders goes out in one write. */
    for (struct workers_team *team = workers->teams; team != NULL; team = team->next)
        workers_team_pump(team);
    wake_lane(workers);
    if (atomic_load(&workers->stopping))
        close_all(workers);
}

/* ---- the loop ---- */

/* Before the loop waits: what a callback has answered is made known, and the timer runs as long as
 * somebody must be watched. */
static void
before_wait(struct workers *workers)
{
    bool busy = false;

    wake_lane(workers);
    for (struct workers_process *at = workers->processes; at != NULL; at = at->next)
        busy = busy || !workers_process_is_idle(at);
    if (uv_is_closing((uv_handle_t *)&workers->timer))
        return;
    if (busy && !uv_is_active((uv_handle_t *)&workers->timer))
        (void)uv_timer_again(&workers->timer);
    else if (!busy)
        (void)uv_timer_stop(&workers->timer);
}

static void
on_prepare(uv_prepare_t *handle)
{
    before_wait(handle->data);
}

static void
on_timer(uv_timer_t *handle)
{
    struct workers *workers = handle->data;
    int64_t now = sgn_monotonic_ms();

    for (struct workers_process *at = workers->processes; at != NULL; at = at->next)
        workers_process_tick(at, now);
}

int
workers_loop_init(struct workers *workers)
{
    int error = uv_async_init(&workers->loop, &workers->async, on_async);

    workers->line_end = &workers->line;
    if (error == 0)
        error = uv_timer_init(&workers->loop, &workers->timer);
    if (error == 0)
        error = uv_prepare_init(&workers->loop, &workers->prepare);
    workers->async.data = workers->timer.data = workers->prepare.data = workers;
    if (error == 0)
        error = uv_timer_start(&workers->timer, on_timer, WORKERS_TICK_MS, WORKERS_TICK_MS);
    if (error == 0)
        error = uv_timer_stop(&workers->timer);
    if (error == 0)
        error = uv_prepare_start(&workers->prepare, on_prepare);
    uv_unref((uv_handle_t *)&workers->prepare);
    return error;
}

static void
close_any(uv_handle_t *handle, void *ctx)
{
    (void)ctx;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void
workers_loop_close(struct workers *workers)
{
    int error;

    uv_walk(&workers->loop, close_any, NULL);
    (void)uv_run(&workers->loop, UV_RUN_DEFAULT);
    error = uv_loop_close(&workers->loop);
    assert(error == 0); /* a handle that is left in the loop is a fault of ours */
    (void)error;
}

/* Until everything is closed: the last process is gone when this returns. */
void
workers_main(void *arg)
{
    struct workers *workers = arg;

    (void)uv_run(&workers->loop, UV_RUN_DEFAULT);
    while (workers->teams != NULL) {
        struct workers_team *team = workers->teams;

        workers->teams = team->next;
        workers_team_free(team);
    }
    workers_loop_close(workers);
}
