/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads, and the queues between them: the only mutable state threads share.
 * Only thread.c includes uv.h.
 */
#ifndef SGN_THREAD_H
#define SGN_THREAD_H

#include "status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sgn_node {
    struct sgn_node *next;
};

/* The struct that a node is a member of. */
#define SGN_CONTAINER(node, type, member) ((type *)((char *)(node)-offsetof(type, member)))

/*
 * A queue of nodes: any thread pushes, takers take all that has gathered. Order of pushes
 * is kept. Without a ceiling: what comes from outside waits in bounded flows (lane/flows.h).
 */
struct sgn_queue;
struct sgn_queue *sgn_queue_new(void);
void sgn_queue_free(struct sgn_queue *queue); /* must be empty, or its nodes leak */
void sgn_queue_push(struct sgn_queue *queue, struct sgn_node *node);
/* All nodes, oldest first, or NULL. timeout_ms: 0 does not wait, -1 waits for ever; returns
 * early when sgn_queue_wake was called. */
struct sgn_node *sgn_queue_take_all(struct sgn_queue *queue, int64_t timeout_ms);
void sgn_queue_wake(struct sgn_queue *queue);
size_t sgn_queue_length(struct sgn_queue *queue);

/* A thread with an 8 MiB stack. */
struct sgn_thread;
struct sgn_thread *sgn_thread_start(const char *name, void (*run)(void *arg), void *arg);
void sgn_thread_join(struct sgn_thread *thread); /* waits and frees; NULL is fine */

#endif
