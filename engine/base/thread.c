/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queues and threads on libuv's portable primitives. No event loop is used here.
 *
 * Nothing here is cancelled: a thread ends by returning, and a queue is freed when its threads
 * have ended.
 */
#include "thread.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#define THREAD_STACK    ((size_t)8 << 20)
#define NS_PER_MS       UINT64_C(1000000)
#define THREAD_NAME_MAX 16 /* what the kernel keeps, with its NUL */

struct sgn_queue {
    uv_mutex_t lock; /* guards everything below */
    uv_cond_t changed;
    struct sgn_node *first;
    /* The next node is hung up there without asking whether the list is empty. */
    struct sgn_node **end; /* where the next node is hung up */
    size_t length;
    size_t waiting; /* takers asleep now */
    size_t wakes;   /* takers that shall still return early */
};

struct sgn_queue *
sgn_queue_new(void)
{
    struct sgn_queue *queue = calloc(1, sizeof(*queue));

    if (queue == NULL)
        return NULL;
    queue->end = &queue->first;
    if (uv_mutex_init(&queue->lock) != 0) {
        free(queue);
        return NULL;
    }
    if (uv_cond_init(&queue->changed) != 0) {
        uv_mutex_destroy(&queue->lock);
        free(queue);
        return NULL;
    }
    return queue;
}

void
sgn_queue_free(struct sgn_queue *queue)
{
    if (queue == NULL)
        return;
    uv_cond_destroy(&queue->changed);
    uv_mutex_destroy(&queue->lock);
    free(queue);
}

void
sgn_queue_push(struct sgn_queue *queue, struct sgn_node *node)
{
    uv_mutex_lock(&queue->lock);
    node->next = NULL;
    *queue->end = node;
    queue->end = &node->next;
    queue->length++;
    uv_cond_signal(&queue->changed);
    uv_mutex_unlock(&queue->lock);
}

/* Sleeps, with the lock held on both ends, until there is a node, a wake or no time left. */
static void
queue_wait(struct sgn_queue *queue, int64_t timeout_ms)
{
    uint64_t now = uv_hrtime();
    /* Monotonic, so that setting the clock neither shortens nor lengthens a sleep. */
    uint64_t end = now + (uint64_t)(timeout_ms > 0 ? timeout_ms : 0) * NS_PER_MS;

    queue->waiting++;
    while (queue->first == NULL && queue->wakes == 0 && timeout_ms != 0) {
        if (timeout_ms < 0) {
            uv_cond_wait(&queue->changed, &queue->lock);
            continue;
        }
        now = uv_hrtime();
        if (now >= end)
            break;
        uv_cond_timedwait(&queue->changed, &queue->lock, end - now);
    }
    queue->waiting--;
    /* Who goes home with nodes leaves the wake for the next taker. */
    if (queue->first == NULL && queue->wakes > 0)
        queue->wakes--;
}

/* The whole list in one go: the lock is held for four assignments, however much has come. */
struct sgn_node *
sgn_queue_take_all(struct sgn_queue *queue, int64_t timeout_ms)
{
    struct sgn_node *nodes;

    uv_mutex_lock(&queue->lock);
    queue_wait(queue, timeout_ms);
    nodes = queue->first;
    queue->first = NULL;
    queue->end = &queue->first;
    queue->length = 0;
    uv_mutex_unlock(&queue->lock);
    return nodes;
}

void
sgn_queue_wake(struct sgn_queue *queue)
{
    uv_mutex_lock(&queue->lock);
    /* With nobody asleep the next to come must not sleep: it may have looked at what the
     * wake is about just before it was true. */
    queue->wakes = queue->waiting > 0 ? queue->waiting : 1;
    uv_cond_broadcast(&queue->changed);
    uv_mutex_unlock(&queue->lock);
}

size_t
sgn_queue_length(struct sgn_queue *queue)
{
    size_t length;

    uv_mutex_lock(&queue->lock);
    length = queue->length;
    uv_mutex_unlock(&queue->lock);
    return length;
}

struct sgn_thread {
    uv_thread_t id;
    void (*run)(void *arg);
    void *arg;
    char name[THREAD_NAME_MAX];
};

/* The name shows in top and in core dumps. */
static void
thread_main(void *arg)
{
    struct sgn_thread *thread = arg;

    pthread_setname_np(pthread_self(), thread->name);
    thread->run(thread->arg);
}

/* A stack of a size that is known: values of 64 levels are walked recursively, and a thread's
 * default differs from system to system. */
struct sgn_thread *
sgn_thread_start(const char *name, void (*run)(void *arg), void *arg)
{
    const uv_thread_options_t options = { .flags = UV_THREAD_HAS_STACK_SIZE,
                                          .stack_size = THREAD_STACK };
    struct sgn_thread *thread = calloc(1, sizeof(*thread));

    if (thread == NULL)
        return NULL;
    thread->run = run;
    thread->arg = arg;
    snprintf(thread->name, sizeof(thread->name), "%.15s", name);
    if (uv_thread_create_ex(&thread->id, &options, thread_main, thread) != 0) {
        free(thread);
        return NULL;
    }
    return thread;
}

void
sgn_thread_join(struct sgn_thread *thread)
{
    if (thread == NULL)
        return;
    uv_thread_join(&thread->id);
    free(thread);
}
