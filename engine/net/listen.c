/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses to listen on.
 *
 * Never opens what others may reach without being told to: what a name means is decided before
 * anything is bound.
 */
#include "listen.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define HOST_MAX 256
#define PORT_MAX 65535

/* "HOST:PORT", "[IPV6]:PORT": the last colon, and brackets around an address that has colons of
 * its own. */
static bool
split(const char *text, char host[HOST_MAX], const char **port)
{
    const char *colon = strrchr(text, ':');
    const char *from = text, *to = colon;

    if (colon == NULL)
        return false;
    if (*text == '[') {
        if (colon == text || colon[-1] != ']')
            return false;
        from++;
        to--;
    } else if (memchr(text, ':', (size_t)(colon - text)) != NULL) {
        return false; /* an IPv6 address without brackets */
    }
    if ((size_t)(to - from) >= HOST_MAX)
        return false;
    memcpy(host, from, (size_t)(to - from));
    host[to - from] = '\0';
    *port = colon + 1;
    return true;
}

/* Digits only: getaddrinfo also takes the names of services, which differ from system to system. */
static bool
port_is_fine(const char *port)
{
    size_t n = strlen(port);

    return n > 0 && n <= 5 && strspn(port, "0123456789") == n && strtol(port, NULL, 10) <= PORT_MAX;
}

enum sgn_status
net_address(const char *text, struct sockaddr_storage *out, struct sgn_error *err)
{
    struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    char host[HOST_MAX];
    const char *port;
    int error;

    if (!split(text, host, &port) || !port_is_fine(port))
        return sgn_fail(err, SGN_INVALID,
                        "'%.200s' is not an address: HOST:PORT is, as 127.0.0.1:7480 or [::1]:7480",
                        text);
    error =
        getaddrinfo(strcmp(host, "*") == 0 || host[0] == '\0' ? NULL : host, port, &hints, &found);
    if (error != 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "cannot listen on %.200s: %s", text,
                        gai_strerror(error));
    memset(out, 0, sizeof(*out));
    memcpy(out, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return SGN_OK;
}

int
net_address_port(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
    return ntohs(((const struct sockaddr_in *)address)->sin_port);
}

/* Does anybody listen there? */
static bool
somebody_listens(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool yes;

    if (fd < 0)
        return true; /* cannot tell: leave it alone */
    /* A full backlog answers EAGAIN: somebody is there. */
    yes = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
          errno != ECONNREFUSED;
    close(fd);
    return yes;
}

enum sgn_status
net_socket_path_free(const char *path, struct sgn_error *err)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct stat st;

    if (strlen(path) >= sizeof(address.sun_path))
        return sgn_fail(err, SGN_UNAVAILABLE,
                        "cannot listen on %.200s: the name of a socket has at most %zu bytes", path,
                        sizeof(address.sun_path) - 1);
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (lstat(path, &st) != 0)
        return SGN_OK; /* nothing there; another trouble is bind's to report */
    if (!S_ISSOCK(st.st_mode))
        return sgn_fail(err, SGN_UNAVAILABLE,
                        "cannot listen on %s: a file that is no socket lies there", path);
    if (somebody_listens(&address))
        return sgn_fail(err, SGN_UNAVAILABLE, "cannot listen on %s: another server does", path);
    if (unlink(path) != 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "cannot remove the old socket %s: %s", path,
                        strerror(errno));
    return SGN_OK;
}

int
net_socket_private(const char *path)
{
    return chmod(path, S_IRUSR | S_IWUSR) == 0 ? 0 : -errno;
}
