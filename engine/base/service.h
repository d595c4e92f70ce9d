/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a service manager hands over at a start, and what it is told: the protocols of sd_notify(3)
 * and sd_listen_fds(3), spoken by hand. Without a service manager everything here does nothing.
 *
 * The environment says whether there is one: NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID,
 * LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES.
 */
#ifndef SGN_SERVICE_H
#define SGN_SERVICE_H

#include "status.h"
#include <stdbool.h>
#include <stdint.h>

/* One datagram with these lines, such as "READY=1\nSTATUS=serving". Any thread; never waits, and
 * what cannot be sent is lost: a manager that does not listen must not hold a server up. */
void sgn_service_tell(const char *format, ...) SGN_PRINTF(1, 2);
/* "RELOADING=1" with the time that sd_notify(3) wants beside it. */
void sgn_service_reloading(void);
/* Milliseconds within which this process has to tell "WATCHDOG=1"; 0: nobody waits for it. */
int64_t sgn_service_watchdog_ms(void);

/* Sockets that listen already, by their names (FileDescriptorName=); 0: there is none. */
struct sgn_service_sockets {
    int lines; /* of the line protocol */
    int http;
};
#define SGN_SERVICE_ADDRESS 64
/*
 * Takes those that were handed over to this process: they are closed in what it runs, and a second
 * call finds none. SGN_INVALID: one has another name, comes twice, or does not listen for TCP; the
 * message names it.
 */
enum sgn_status sgn_service_sockets(struct sgn_service_sockets *out,
                                    struct sgn_error *err) SGN_MUST_CHECK;
/* Where a socket listens: "127.0.0.1:7480", "[::1]:7480". False: it does not say. */
bool sgn_service_address(int fd, char out[SGN_SERVICE_ADDRESS]);

#endif
