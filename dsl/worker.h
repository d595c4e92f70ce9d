/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The other side of rules.h: a process that runs one team's scripts for the server.
 *
 * It has one socket, on which it is told what to load and call (engine/model/rules_frame.h), and
 * answers one after the other. It keeps nothing but versions it was given, and may be killed at
 * any time. It ends when the server closes the socket, sends what is no message, or is gone.
 */
#ifndef DSL_WORKER_H
#define DSL_WORKER_H

/* Descriptors that the server gives it. */
#define DSL_WORKER_SOCKET   3
#define DSL_WORKER_PROGRESS 4 /* a file of memory with a struct rules_progress */

struct rules_progress;

/*
 * The whole life of such a process, from a main() that has done nothing yet. Returns the exit
 * status: 0 when the server closed the socket.
 */
int dsl_worker_main(void);

/* The same without a process: serves the socket until it ends, confined only if START says so and
 * may_confine. For tests. progress may be NULL. */
int dsl_worker_serve(int socket, struct rules_progress *progress, int may_confine);

#endif
