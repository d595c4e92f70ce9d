/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Very many connections that are logged in and do nothing: "crowd PORT TOKEN N".
 *
 * They come from addresses of the loopback's network, EACH of one address. Says "ready N" when all
 * have got their answer; for each line on its standard input every connection sends a ping, and it
 * says "served N" when all are answered. Ends with its standard input. A connection that is refused
 * or lost ends it with what was said on it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define EACH        500
#define AT_ONCE     256 /* requests under way: the server's backlog is finite */
#define ANSWER_MAX  4096
#define REQUEST_MAX 512

static void
fail(const char *what, int i)
{
    fprintf(stderr, "crowd: connection %d: %s: %s\n", i, what, strerror(errno));
    exit(1);
}

static int
dial(int i, int port)
{
    struct sockaddr_in own = { .sin_family = AF_INET };
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 256 + (uint32_t)(i / EACH));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0)
        fail("socket", i);
    if (bind(fd, (struct sockaddr *)&own, sizeof own) != 0)
        fail("bind", i);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
        fail("connect", i);
    return fd;
}

static void
ask(int fd, int i, const char *request)
{
    if (send(fd, request, strlen(request), MSG_NOSIGNAL) != (ssize_t)strlen(request))
        fail("send", i);
}

/* One line, which must be a result. */
static void
hear(int fd, int i)
{
    char answer[ANSWER_MAX + 1];
    size_t n = 0;

    while (n == 0 || answer[n - 1] != '\n') {
        ssize_t more = n < ANSWER_MAX ? recv(fd, answer + n, ANSWER_MAX - n, 0) : 0;
        if (more <= 0)
            fail("the stream ended", i);
        n += (size_t)more;
    }
    answer[n] = '\0';
    if (strstr(answer, "\"result\"") != NULL)
        return;
    fprintf(stderr, "crowd: connection %d: %s", i, answer);
    exit(1);
}

/* All of them, some at a time. */
static void
ask_all(const int *fds, int n, const char *request)
{
    for (int from = 0; from < n; from += AT_ONCE) {
        int to = from + AT_ONCE < n ? from + AT_ONCE : n;
        for (int i = from; i < to; i++)
            ask(fds[i], i, request);
        for (int i = from; i < to; i++)
            hear(fds[i], i);
    }
}

int
main(int argc, char **argv)
{
    struct rlimit limit;
    char request[REQUEST_MAX], line[16];
    int n = argc == 4 ? atoi(argv[3]) : 0, port = argc == 4 ? atoi(argv[1]) : 0;
    int *fds = calloc((size_t)(n > 0 ? n : 1), sizeof *fds);

    if (n <= 0 || fds == NULL) {
        fprintf(stderr, "usage: crowd PORT TOKEN N\n");
        return 2;
    }
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    snprintf(request, sizeof request,
             "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.login\","
             "\"params\":{\"token\":\"%s\"}}\n",
             argv[2]);
    for (int from = 0; from < n; from += AT_ONCE) {
        int to = from + AT_ONCE < n ? from + AT_ONCE : n;
        for (int i = from; i < to; i++)
            fds[i] = dial(i, port);
        ask_all(fds + from, to - from, request);
    }
    printf("ready %d\n", n);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        ask_all(fds, n, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"server.ping\"}\n");
        printf("served %d\n", n);
        fflush(stdout);
    }
    free(fds);
    return 0;
}
