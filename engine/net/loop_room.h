/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libuv (1.44: maybe_resize in src/unix/core.c) aborts the process when it finds no memory for a
 * longer table of descriptors. So a loop gets a long one before anything was acknowledged: eight
 * bytes for each number.
 */
#ifndef NET_LOOP_ROOM_H
#define NET_LOOP_ROOM_H

#include <uv.h>

/* For descriptors of numbers below this, as far as the system allows such; of a loop in which
 * nothing is active yet. Should it not succeed, the table grows as it would have. */
void net_loop_room(uv_loop_t *loop, int descriptors);

#endif
