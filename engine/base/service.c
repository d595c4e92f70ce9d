/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Service managers, by hand: a datagram and four variables need no library.
 */
#include "service.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define FIRST_FD    3 /* SD_LISTEN_FDS_START */
#define MESSAGE_MAX 1024
#define SOCKETS_MAX 64

/* ---- telling ---- */

/* A path, or with "@" a name in the abstract namespace. */
static socklen_t
address_of(const char *path, struct sockaddr_un *out)
{
    size_t n = strlen(path);

    *out = (struct sockaddr_un){ .sun_family = AF_UNIX };
    if ((path[0] != '/' && path[0] != '@') || n < 2 || n >= sizeof out->sun_path)
        return 0;
    memcpy(out->sun_path, path, n);
    if (path[0] == '@')
        out->sun_path[0] = '\0';
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
}

void
sgn_service_tell(const char *format, ...)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address;
    socklen_t size = path != NULL ? address_of(path, &address) : 0;
    char text[MESSAGE_MAX];
    va_list args;
    int fd, n;

    if (size == 0)
        return;
    va_start(args, format);
    n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || n < 0)
        return;
    if ((size_t)n >= sizeof text)
        n = (int)sizeof text - 1;
    (void)sendto(fd, text, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&address,
                 size);
    close(fd);
}

void
sgn_service_reloading(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    sgn_service_tell("RELOADING=1\nMONOTONIC_USEC=%lld\nSTATUS=reading the rules again",
                     (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

/* A number of the environment, at least 1; 0: there is none. */
static int64_t
number_of(const char *variable)
{
    const char *text = getenv(variable);
    char *end = NULL;
    long long number;

    if (text == NULL || text[0] < '0' || text[0] > '9')
        return 0;
    errno = 0;
    number = strtoll(text, &end, 10);
    return errno == 0 && *end == '\0' && number > 0 ? number : 0;
}

int64_t
sgn_service_watchdog_ms(void)
{
    int64_t pid = number_of("WATCHDOG_PID"), usec = number_of("WATCHDOG_USEC");

    if (usec == 0 || (getenv("WATCHDOG_PID") != NULL && pid != getpid()))
        return 0;
    return usec >= 2000 ? usec / 1000 : 2;
}

/* ---- sockets ---- */

static int
option_of(int fd, int option)
{
    int value = -1;
    socklen_t size = sizeof value;

    return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

bool
sgn_service_address(int fd, char out[SGN_SERVICE_ADDRESS])
{
    struct sockaddr_storage at;
    socklen_t size = sizeof at;
    char host[INET6_ADDRSTRLEN];

    if (getsockname(fd, (struct sockaddr *)&at, &size) != 0)
        return false;
    if (at.ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)&at;
        (void)inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
        snprintf(out, SGN_SERVICE_ADDRESS, "%s:%d", host, ntohs(in->sin_port));
        return true;
    }
    if (at.ss_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)&at;
        (void)inet_ntop(AF_INET6, &in->sin6_addr, host, sizeof host);
        snprintf(out, SGN_SERVICE_ADDRESS, "[%s]:%d", host, ntohs(in->sin6_port));
        return true;
    }
    return false;
}

/* One of them, by its name. */
static enum sgn_status
take(struct sgn_service_sockets *out, int fd, const char *name, struct sgn_error *err)
{
    char address[SGN_SERVICE_ADDRESS];
    int *place = strcmp(name, "lines") == 0  ? &out->lines
                 : strcmp(name, "http") == 0 ? &out->http
                                             : NULL;

    if (place == NULL)
        return sgn_fail(err, SGN_INVALID,
                        "a socket named \"%.80s\" was handed over: FileDescriptorName= is lines "
                        "or http",
                        name);
    if (*place != 0)
        return sgn_fail(err, SGN_INVALID, "two sockets named %s were handed over", name);
    if (option_of(fd, SO_TYPE) != SOCK_STREAM || option_of(fd, SO_ACCEPTCONN) != 1 ||
        !sgn_service_address(fd, address))
        return sgn_fail(err, SGN_INVALID, "the socket %s that was handed over listens for no TCP",
                        name);
    if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) != 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "the socket %s: %s", name, strerror(errno));
    *place = fd;
    return SGN_OK;
}

enum sgn_status
sgn_service_sockets(struct sgn_service_sockets *out, struct sgn_error *err)
{
    int64_t n = number_of("LISTEN_FDS"), pid = number_of("LISTEN_PID");
    const char *said = getenv("LISTEN_FDNAMES");
    char *names = strdup(said != NULL ? said : ""), *rest = names;
    enum sgn_status st = names != NULL ? SGN_OK : sgn_nomem(err);

    *out = (struct sgn_service_sockets){ 0 };
    if (pid != getpid() || n > SOCKETS_MAX)
        n = 0;
    for (int fd = FIRST_FD; fd < FIRST_FD + n; fd++)
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    for (int fd = FIRST_FD; fd < FIRST_FD + n && st == SGN_OK; fd++) {
        const char *name = strsep(&rest, ":");
        st = take(out, fd, name != NULL ? name : "", err);
    }
    free(names);
    (void)unsetenv("LISTEN_FDS");
    (void)unsetenv("LISTEN_PID");
    (void)unsetenv("LISTEN_FDNAMES");
    return st;
}
