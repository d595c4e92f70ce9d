/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lane's side of the workers, and their thread's life.
 *
 * What the lane gives is made into bytes on the lane, so that no value is shared by two threads;
 * what comes back is made into values on the workers' thread, off the lane's way.
 */
#include "clock.h"
#include "json.h"
#include "log.h"
#include "loop_room.h"
#include "workers_internal.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_BYTES                                                                                \
    ((size_t)1 << 30) /* of one turn's calls: never reached, see parked_per_team                   \
                       */

#define ROOM_MAX ((size_t)1 << 20) /* that is made at once */
#define HEADS    8                 /* bytes around two inputs, and some */

static struct workers *
self(struct rules *rules)
{
    return (struct workers *)rules;
}

/* ---- what the lane gives ---- */

/* An order for a team, with a batch for its calls or without. */
static struct workers_order *
order_new(const char *team, bool has_batch)
{
    struct workers_order *order = calloc(1, sizeof *order);

    if (order == NULL)
        return NULL;
    snprintf(order->team, sizeof order->team, "%s", team);
    sgn_buf_init(&order->frame, RULES_FRAME_MAX + sizeof(struct rules_frame));
    if (!has_batch)
        return order;
    order->batch = calloc(1, sizeof *order->batch);
    if (order->batch == NULL) {
        workers_order_free(order);
        return NULL;
    }
    sgn_buf_init(&order->batch->bytes, BATCH_BYTES);
    return order;
}

static struct workers_call *
batch_grow(struct workers_batch *batch)
{
    int max = batch->max == 0 ? 8 : 2 * batch->max;
    struct workers_call *calls;

    if (batch->n < batch->max)
        return &batch->calls[batch->n];
    calls = realloc(batch->calls, (size_t)max * sizeof *calls);
    if (calls == NULL)
        return NULL;
    batch->calls = calls;
    batch->max = max;
    return &calls[batch->n];
}

/* Adds a call that begins with this frame, whose body the caller appends. */
static enum sgn_status
batch_begin(struct workers *workers, struct workers_batch *batch, uint64_t id,
            struct rules_frame head, struct sgn_error *err)
{
    struct workers_call *call = batch_grow(batch);
    struct workers_answer *answer = call != NULL ? calloc(1, sizeof *answer) : NULL;

    if (answer == NULL)
        return sgn_nomem(err);
    answer->id = id;
    head.id = ++workers->seq;
    *call = (struct workers_call){ .batch = batch,
                                   .answer = answer,
                                   .seq = head.id,
                                   .at = batch->bytes.len,
                                   .version = head.version,
                                   .function = head.function,
                                   .is_load = head.kind == RULES_FRAME_LOAD,
                                   .has_then = head.then != 0 };
    batch->n++;
    rules_frame_open(&batch->bytes, head);
    return SGN_OK;
}

/* The body of the call that was begun last is whole. */
static enum sgn_status
batch_end(struct workers_batch *batch, struct sgn_error *err)
{
    struct workers_call *call = &batch->calls[batch->n - 1];

    rules_frame_close(&batch->bytes, call->at);
    if (batch->bytes.failed)
        return sgn_fail(err, SGN_TOO_LARGE, "more than the rules' process can be given at once");
    call->size = batch->bytes.len - call->at;
    return SGN_OK;
}

/* From here on it is the thread's. */
static void
give(struct workers *workers, struct workers_order *order)
{
    if (order->batch != NULL)
        workers->pending += order->batch->n;
    sgn_queue_push(workers->orders, &order->node);
    (void)uv_async_send(&workers->async);
}

/* ---- rules_ops ---- */

static enum sgn_status
workers_load(struct rules *rules, uint64_t id, json_t *input_take, struct sgn_error *err)
{
    struct workers *workers = self(rules);
    const char *team = sgn_json_str(input_take, "team");
    struct workers_order *order = NULL;
    struct rules_frame head = { .kind = RULES_FRAME_LOAD };
    enum sgn_status st = SGN_OK;

    if (team == NULL || !sgn_key_valid(team))
        st = sgn_fail(err, SGN_INVALID, "a load names its team");
    else if ((order = order_new(team, true)) == NULL)
        st = sgn_nomem(err);
    else
        st = batch_begin(workers, order->batch, id, head, err);
    if (st == SGN_OK) {
        (void)sgn_json_append(&order->batch->bytes, input_take); /* fails in its end */
        st = batch_end(order->batch, err);
    }
    if (st == SGN_OK)
        give(workers, order);
    else
        workers_order_free(order);
    json_decref(input_take);
    return st;
}

/* The number of a version that was opened, or -1. */
static json_int_t
number_of(const struct workers *workers, const char *team, const char *digest)
{
    return sgn_json_int(json_object_get(workers->numbers, team), digest, -1);
}

static int
workers_is_open(struct rules *rules, const char *team, const char *digest)
{
    return number_of(self(rules), team, digest) >= 0;
}

/* Numbers are given in the order of opening, so that the thread's array has no holes. */
static enum sgn_status
number_new(struct workers *workers, const char *team, const char *digest, uint32_t *out,
           struct sgn_error *err)
{
    json_t *numbers = json_object_get(workers->numbers, team);

    if (numbers == NULL) {
        numbers = json_object();
        if (json_object_set_new(workers->numbers, team, numbers) != 0)
            return sgn_nomem(err);
    }
    *out = (uint32_t)json_object_size(numbers);
    return json_object_set_new(numbers, digest, json_integer(*out)) == 0 ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
workers_open(struct rules *rules, const char *team, const char *digest, json_t *version_take,
             struct sgn_error *err)
{
    struct workers *workers = self(rules);
    struct workers_order *order = NULL;
    struct rules_frame head = { .kind = RULES_FRAME_OPEN };
    enum sgn_status st = SGN_OK;

    if (number_of(workers, team, digest) >= 0)
        goto out;
    order = order_new(team, false);
    if (order != NULL)
        order->places =
            json_pack("{s:O?, s:O?}", "file", json_object_get(version_take, "file"), "functions",
                      json_object_get(json_object_get(version_take, "model"), "functions"));
    /* Shared with the version, which only the lane has: so it is copied. */
    if (order != NULL) {
        json_t *shared = order->places;

        order->places = json_deep_copy(shared);
        json_decref(shared);
    }
    st = order != NULL && order->places != NULL
             ? number_new(workers, team, digest, &order->version, err)
             : sgn_nomem(err);
    if (st != SGN_OK)
        goto out;
    head.version = order->version;
    rules_frame_put_json(&order->frame, head, version_take);
    if (order->frame.failed) {
        json_object_del(json_object_get(workers->numbers, team), digest);
        st = sgn_fail(err, SGN_TOO_LARGE, "a version larger than the rules' process takes");
        goto out;
    }
    give(workers, order);
    order = NULL;
out:
    workers_order_free(order);
    json_decref(version_take);
    return st;
}

/* The order for a team among those that are being made, or a new one behind them. */
static struct workers_order *
order_for(struct sgn_node **orders, const char *team)
{
    struct workers_order *order;

    for (; *orders != NULL; orders = &(*orders)->next) {
        order = SGN_CONTAINER(*orders, struct workers_order, node);
        if (strcmp(order->team, team) == 0)
            return order;
    }
    order = order_new(team, true);
    if (order != NULL)
        *orders = &order->node;
    return order;
}

/* more: calls that are still to come; mostly they are the same team's and alike, so that room for
 * them is made at once. */
static enum sgn_status
add_call(struct workers *workers, struct sgn_node **orders, const struct rules_call *call, int more,
         struct sgn_error *err)
{
    json_int_t number = number_of(workers, call->team, call->digest);
    struct rules_frame head = { .kind = RULES_FRAME_CALL,
                                .detail = (uint8_t)call->purpose,
                                .then = (uint16_t)call->then,
                                .version = (uint32_t)number,
                                .function = call->function };
    struct workers_order *order;
    struct sgn_buf *bytes;
    enum sgn_status st;
    size_t place;

    if (number < 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "version %s is not open", call->digest);
    if (!rules_call_is_whole(call))
        return sgn_fail(err, SGN_TOO_LARGE, "a call without its input");
    order = order_for(orders, call->team);
    if (order == NULL)
        return sgn_nomem(err);
    bytes = &order->batch->bytes;
    place = sizeof head + HEADS + call->input.len + call->then_input.len;
    if (bytes->bytes == NULL && place < ROOM_MAX / ((size_t)more + 1))
        (void)sgn_buf_reserve(bytes, place * ((size_t)more + 1));
    st = batch_begin(workers, order->batch, call->id, head, err);
    if (st != SGN_OK)
        return st;
    place = call->then != 0 ? rules_put_open(bytes, RULES_VALUE_LIST) : 0;
    sgn_buf_append(bytes, call->input.bytes, call->input.len);
    if (call->then != 0) {
        sgn_buf_append(bytes, call->then_input.bytes, call->then_input.len);
        rules_put_close(bytes, place);
    }
    return batch_end(order->batch, err);
}

/* All or none: so every order is made before the first is given. */
static enum sgn_status
workers_submit(struct rules *rules, const struct rules_call *calls, int n, struct sgn_error *err)
{
    struct workers *workers = self(rules);
    struct sgn_node *orders = NULL, *next;
    enum sgn_status st = SGN_OK;

    for (int i = 0; i < n; i++) {
        struct rules_call call = calls[i];

        if (st == SGN_OK)
            st = add_call(workers, &orders, &call, n - i - 1, err);
        rules_call_deinit(&call);
    }
    for (; orders != NULL; orders = next) {
        struct workers_order *order = SGN_CONTAINER(orders, struct workers_order, node);

        next = orders->next;
        if (st == SGN_OK)
            give(workers, order);
        else
            workers_order_free(order);
    }
    return st;
}

static void
answer_free(struct workers_answer *answer)
{
    json_decref(answer->value);
    free(answer->message);
    free(answer);
}

static int
workers_deliver(struct rules *rules, rules_answer_fn answer, void *ctx)
{
    struct workers *workers = self(rules);
    struct sgn_node *node = sgn_queue_take_all(workers->answers, 0), *next;
    int n = 0;

    for (; node != NULL; node = next, n++) {
        struct workers_answer *at = SGN_CONTAINER(node, struct workers_answer, node);
        struct sgn_error err = { 0 };

        next = node->next;
        workers->pending--;
        if (at->status != SGN_OK)
            (void)sgn_fail(&err, at->status, "%s", at->message != NULL ? at->message : "");
        answer(ctx, at->id, at->status, at->value, at->status == SGN_OK ? NULL : &err, at->cost);
        sgn_error_clear(&err);
        answer_free(at);
    }
    return n;
}

static int
workers_pending(struct rules *rules)
{
    return self(rules)->pending;
}

static int
workers_ready(struct rules *rules)
{
    return (int)sgn_queue_length(self(rules)->answers);
}

static void
workers_listen(struct rules *rules, void (*wake)(void *ctx), void *ctx)
{
    struct workers *workers = self(rules);

    pthread_mutex_lock(&workers->lock);
    workers->wake = wake;
    workers->wake_ctx = ctx;
    pthread_mutex_unlock(&workers->lock);
}

static json_t *
workers_state(struct rules *rules)
{
    struct workers *workers = self(rules);
    json_t *copy;

    pthread_mutex_lock(&workers->lock);
    copy = json_deep_copy(workers->report);
    pthread_mutex_unlock(&workers->lock);
    return copy;
}

/* Without memory for the order the team stays as it is, and another reload is another try. */
static void
workers_accepted(struct rules *rules, const char *team)
{
    struct workers *workers = self(rules);
    struct workers_order *order = order_new(team, false);

    if (order == NULL)
        return;
    order->accepted = true;
    give(workers, order);
    /* Whoever asks after the reload is told so already. */
    pthread_mutex_lock(&workers->lock);
    json_object_del(json_object_get(workers->report, "cut_off"), team);
    pthread_mutex_unlock(&workers->lock);
}

static void
workers_free(struct rules *rules)
{
    struct workers *workers = self(rules);
    struct sgn_node *node, *next;

    if (rules == NULL)
        return;
    if (workers->thread != NULL) {
        atomic_store(&workers->stopping, true);
        (void)uv_async_send(&workers->async);
        sgn_thread_join(workers->thread);
    }
    for (node = workers->late; node != NULL; node = next) {
        next = node->next;
        workers_order_free(SGN_CONTAINER(node, struct workers_order, node));
    }
    for (node = sgn_queue_take_all(workers->orders, 0); node != NULL; node = next) {
        next = node->next;
        workers_order_free(SGN_CONTAINER(node, struct workers_order, node));
    }
    for (node = sgn_queue_take_all(workers->answers, 0); node != NULL; node = next) {
        next = node->next;
        answer_free(SGN_CONTAINER(node, struct workers_answer, node));
    }
    sgn_queue_free(workers->orders);
    sgn_queue_free(workers->answers);
    json_decref(workers->numbers);
    json_decref(workers->report);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}

void
workers_options_default(struct workers_options *options)
{
    *options = (struct workers_options){
        .program = "/proc/self/exe",
        .live_max = 32,
        .call_ms = SGN_SECOND_MS,
        .patience = WORKERS_SANITIZED ? 10 : 1,
        .load_ms = 30 * SGN_SECOND_MS,
        .strikes = 5,
        .strikes_ms = 10 * SGN_MINUTE_MS,
    };
}

enum sgn_status
workers_new(const struct workers_options *options, struct rules **out, struct sgn_error *err)
{
    static const struct rules_ops ops = {
        .load = workers_load,
        .open = workers_open,
        .is_open = workers_is_open,
        .submit = workers_submit,
        .deliver = workers_deliver,
        .pending = workers_pending,
        .free = workers_free,
        .ready = workers_ready,
        .listen = workers_listen,
        .accepted = workers_accepted,
        .state = workers_state,
    };
    struct workers *workers = calloc(1, sizeof *workers);
    int error;

    if (workers == NULL)
        return sgn_nomem(err);
    workers->base.ops = &ops;
    workers->options = *options;
    workers->numbers = json_object();
    workers->orders = sgn_queue_new();
    workers->answers = sgn_queue_new();
    pthread_mutex_init(&workers->lock, NULL);
    workers_report(workers);
    /* A process that has ended before it was told anything is no end of the server. */
    (void)signal(SIGPIPE, SIG_IGN);
    error = uv_loop_init(&workers->loop);
    if (error == 0) {
        if (options->descriptors > 0)
            net_loop_room(&workers->loop, options->descriptors);
        error = workers_loop_init(workers);
        if (error == 0 && workers->numbers != NULL && workers->orders != NULL &&
            workers->answers != NULL)
            workers->thread = sgn_thread_start("rules", workers_main, workers);
        if (workers->thread == NULL)
            workers_loop_close(workers);
    }
    if (workers->thread == NULL) {
        workers_free(&workers->base);
        return error != 0 ? sgn_fail(err, SGN_UNAVAILABLE, "no event loop: %s", uv_strerror(error))
                          : sgn_nomem(err);
    }
    if (WORKERS_SANITIZED)
        sgn_log(SGN_LOG_INFO, "no ceiling of addresses for rules processes: built with a sanitizer",
                NULL);
    *out = &workers->base;
    return SGN_OK;
}
