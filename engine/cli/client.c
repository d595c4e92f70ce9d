/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The blocking client. Plain sockets and no loop: a command asks, waits, prints and ends.
 */
#include "client.h"

#include "buf.h"
#include "client_tls.h"
#include "json.h"
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_MAX (64 * 1024 * 1024) /* a page of long histories; a server is not a stranger */
#define READ_BYTES 65536
#define HOST_MAX   256
#define TLS_ALERT  0x15 /* first byte of a record that ends TLS: RFC 8446, 5.1 */

struct client {
    int fd;
    struct net_secret *secret; /* NULL: plain */
    int64_t id;                /* of the last request */
    struct sgn_buf in;         /* bytes not yet read as lines */
    size_t searched;           /* bytes of it in which no newline was found */
    bool heard;                /* the server has said something */
    json_t *notes;             /* notifications that came before an answer, oldest first */
    char server[HOST_MAX];
};

/* ---- connecting ---- */

/*
 * A socket's path may be longer than an address can hold (108 bytes): then it is reached
 * through its folder's descriptor.
 */
static enum sgn_status
unix_address(const char *path, struct sockaddr_un *address, int *folder, struct sgn_error *err)
{
    const char *slash = strrchr(path, '/');
    char *dir;
    int n;

    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    *folder = -1;
    if (strlen(path) < sizeof(address->sun_path)) {
        memcpy(address->sun_path, path, strlen(path) + 1);
        return SGN_OK;
    }
    dir = strndup(path, (size_t)(slash - path) + 1);
    if (dir == NULL)
        return sgn_nomem(err);
    *folder = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    free(dir);
    if (*folder < 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", path, strerror(errno));
    n = snprintf(address->sun_path, sizeof(address->sun_path), "/proc/self/fd/%d%s", *folder,
                 slash);
    if (n < 0 || (size_t)n >= sizeof(address->sun_path))
        return sgn_fail(err, SGN_INVALID, "%s: the name of the socket is too long", slash + 1);
    return SGN_OK;
}

static enum sgn_status
connect_unix(const char *path, int *out, struct sgn_error *err)
{
    struct sockaddr_un address;
    int folder = -1, fd = -1;
    enum sgn_status st = unix_address(path, &address, &folder, err);

    if (st != SGN_OK)
        goto out;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        st = sgn_fail(err, SGN_UNAVAILABLE, "no server answers at %s: %s", path, strerror(errno));
        goto out;
    }
    *out = fd;
    fd = -1;
out:
    if (fd >= 0)
        close(fd);
    if (folder >= 0)
        close(folder);
    return st;
}

/* "HOST:PORT" or "[V6]:PORT" into its two halves. */
static enum sgn_status
split(const char *server, char host[HOST_MAX], const char **port, struct sgn_error *err)
{
    const char *colon = strrchr(server, ':');
    size_t n = colon != NULL ? (size_t)(colon - server) : 0;

    if (colon == NULL || n == 0 || colon[1] == '\0' || n >= HOST_MAX || strchr(server, '/') != NULL)
        return sgn_fail(err, SGN_INVALID,
                        "%s: expected HOST:PORT, tls://HOST:PORT, or the path of a server's socket",
                        server);
    if (server[0] == '[' && server[n - 1] == ']') {
        server++;
        n -= 2;
    }
    memcpy(host, server, n);
    host[n] = '\0';
    *port = colon + 1;
    return SGN_OK;
}

static enum sgn_status
connect_tcp(const char *server, char host[HOST_MAX], int *out, struct sgn_error *err)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    const char *port = NULL;
    const int on = 1;
    int fd = -1, why = 0;
    enum sgn_status st = split(server, host, &port, err);

    if (st != SGN_OK)
        return st;
    why = getaddrinfo(host, port, &hints, &found);
    if (why != 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", server, gai_strerror(why));
    for (struct addrinfo *a = found; a != NULL; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
        if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) == 0)
            break;
        why = errno;
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    if (fd < 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "no server answers at %s: %s", server, strerror(why));
    /* One small request at a time: waiting to fill a packet would only add its delay. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    *out = fd;
    return SGN_OK;
}

static enum sgn_status
connect_any(struct client *client, const char *server, const struct client_tls *tls,
            struct sgn_error *err)
{
    const struct client_tls none = { 0 };
    char host[HOST_MAX] = "";
    enum sgn_status st;

    if (strncmp(server, CLIENT_TLS, strlen(CLIENT_TLS)) != 0)
        return strchr(server, '/') != NULL && strstr(server, "://") == NULL
                   ? connect_unix(server, &client->fd, err)
                   : connect_tcp(server, host, &client->fd, err);
    st = connect_tcp(server + strlen(CLIENT_TLS), host, &client->fd, err);
    if (st == SGN_OK) {
        st = client_tls_begin(client->fd, host, tls != NULL ? tls : &none, &client->secret, err);
        if (st != SGN_OK)
            sgn_error_prefix(err, "%s: ", server);
    }
    return st;
}

enum sgn_status
client_connect(const char *server, const struct client_tls *tls, struct client **out,
               struct sgn_error *err)
{
    struct client *client = calloc(1, sizeof(*client));
    enum sgn_status st;

    if (client == NULL)
        return sgn_nomem(err);
    client->fd = -1;
    sgn_buf_init(&client->in, ANSWER_MAX);
    snprintf(client->server, sizeof(client->server), "%s", server);
    client->notes = json_array();
    if (client->notes == NULL)
        st = sgn_nomem(err);
    else
        st = connect_any(client, server, tls, err);
    if (st != SGN_OK) {
        client_free(client);
        return st;
    }
    *out = client;
    return SGN_OK;
}

void
client_free(struct client *client)
{
    if (client == NULL)
        return;
    client_tls_end(client->secret);
    if (client->fd >= 0)
        close(client->fd);
    sgn_buf_deinit(&client->in);
    json_decref(client->notes);
    free(client);
}

/* ---- lines ---- */

static enum sgn_status
send_all(struct client *client, const char *bytes, size_t n, struct sgn_error *err)
{
    if (client->secret != NULL)
        return client_tls_send(client->fd, client->secret, bytes, n, err);
    while (n > 0) {
        ssize_t sent = send(client->fd, bytes, n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return sgn_fail(err, SGN_UNAVAILABLE, "the connection to %s broke: %s", client->server,
                            strerror(errno));
        bytes += sent;
        n -= (size_t)sent;
    }
    return SGN_OK;
}

static enum sgn_status
read_more(struct client *client, struct sgn_error *err)
{
    char bytes[READ_BYTES];
    ssize_t n;

    do {
        n = recv(client->fd, bytes, sizeof(bytes), 0);
    } while (n < 0 && errno == EINTR);
    /* Whoever speaks TLS has nothing to say to plain words, but perhaps that this is the end. */
    if (!client->heard && client->secret == NULL && strchr(client->server, '/') == NULL &&
        (n == 0 || (n > 0 && bytes[0] == TLS_ALERT)))
        return sgn_fail(err, SGN_UNAVAILABLE,
                        "%s closed the connection; if it speaks TLS, say --server tls://%s",
                        client->server, client->server);
    if (n == 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s closed the connection", client->server);
    if (n < 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "the connection to %s broke: %s", client->server,
                        strerror(errno));
    if (client->secret != NULL) {
        enum sgn_status st =
            client_tls_take(client->fd, client->secret, bytes, (size_t)n, &client->in, err);
        if (st != SGN_OK)
            return st;
    } else {
        (void)sgn_buf_append(&client->in, bytes, (size_t)n);
    }
    client->heard = true;
    if (client->in.failed)
        return sgn_fail(err, SGN_TOO_LARGE, "%s sent an answer of more than %d MiB", client->server,
                        ANSWER_MAX / 1024 / 1024);
    return SGN_OK;
}

static enum sgn_status
read_message(struct client *client, json_t **out, struct sgn_error *err)
{
    enum sgn_status st;

    for (;;) {
        char *newline = client->in.len > client->searched
                            ? memchr(client->in.bytes + client->searched, '\n',
                                     client->in.len - client->searched)
                            : NULL;
        if (newline != NULL) {
            size_t n = (size_t)(newline - client->in.bytes);
            st = sgn_json_parse(client->in.bytes, n, out, err);
            sgn_buf_consume(&client->in, n + 1);
            client->searched = 0;
            if (st != SGN_OK)
                sgn_error_prefix(err, "%s does not speak our protocol: ", client->server);
            return st;
        }
        client->searched = client->in.len;
        st = read_more(client, err);
        if (st != SGN_OK)
            return st;
    }
}

/* ---- calls ---- */

static enum sgn_status
send_request(struct client *client, const char *method, const json_t *params, struct sgn_error *err)
{
    json_t *request = json_pack("{s:s, s:I, s:s}", "jsonrpc", "2.0", "id", (json_int_t)++client->id,
                                "method", method);
    struct sgn_buf line;
    enum sgn_status st;

    sgn_buf_init(&line, ANSWER_MAX);
    if (request == NULL ||
        (params != NULL && json_object_set(request, "params", (json_t *)params) != 0) ||
        sgn_json_append(&line, request) != SGN_OK || sgn_buf_puts(&line, "\n") != SGN_OK)
        st = sgn_nomem(err);
    else
        st = send_all(client, line.bytes, line.len, err);
    sgn_buf_deinit(&line);
    json_decref(request);
    return st;
}

enum sgn_status
client_error(const json_t *error, struct sgn_error *err)
{
    const json_t *data = json_object_get(error, "data");
    const char *code = sgn_json_str(data, "code");
    const char *message = sgn_json_str(error, "message");
    enum sgn_status st = sgn_status_of_code(code != NULL ? code : "internal");
    const char *name;
    json_t *value;

    st = sgn_fail(err, st, "%s", message != NULL ? message : "the server gave no reason");
    json_object_foreach((json_t *)data, name, value) {
        if (strcmp(name, "code") != 0)
            sgn_error_add(err, name, json_incref(value));
    }
    return st;
}

/* The next message that is no notification; those are kept for client_next(). */
static enum sgn_status
wait_message(struct client *client, json_t **out, struct sgn_error *err)
{
    for (;;) {
        json_t *message = NULL;
        enum sgn_status st = read_message(client, &message, err);

        if (st == SGN_UNAVAILABLE) {
            /* The request is gone and its answer will not come: it may have been carried out. */
            if (err != NULL)
                err->status = SGN_UNKNOWN_OUTCOME;
            return SGN_UNKNOWN_OUTCOME;
        }
        if (st != SGN_OK)
            return st;
        if (!json_is_object(message) || json_object_get(message, "id") != NULL ||
            json_object_get(message, "method") == NULL) {
            *out = message;
            return SGN_OK;
        }
        if (json_array_append_new(client->notes, message) != 0)
            return sgn_nomem(err);
    }
}

static enum sgn_status
strange_answer(const struct client *client, struct sgn_error *err)
{
    return sgn_fail(err, SGN_INTERNAL, "%s answered another question than was asked",
                    client->server);
}

static enum sgn_status
wait_answer(struct client *client, json_t **result, struct sgn_error *err)
{
    json_t *message = NULL;
    enum sgn_status st = wait_message(client, &message, err);

    if (st != SGN_OK)
        return st;
    if (json_object_get(message, "error") != NULL)
        st = client_error(json_object_get(message, "error"), err);
    else if (json_integer_value(json_object_get(message, "id")) == client->id &&
             json_object_get(message, "result") != NULL)
        *result = json_incref(json_object_get(message, "result"));
    else
        st = strange_answer(client, err);
    json_decref(message);
    return st;
}

enum sgn_status
client_call(struct client *client, const char *method, const json_t *params, json_t **result,
            struct sgn_error *err)
{
    enum sgn_status st = send_request(client, method, params, err);

    return st == SGN_OK ? wait_answer(client, result, err) : st;
}

static enum sgn_status
send_batch(struct client *client, const json_t *requests, struct sgn_error *err)
{
    json_t *batch = json_array();
    struct sgn_buf line;
    json_t *request;
    size_t i;
    enum sgn_status st = SGN_OK;

    sgn_buf_init(&line, ANSWER_MAX);
    json_array_foreach(requests, i, request)
        (void)json_array_append_new(batch, json_pack("{s:s, s:I, s:O, s:O*}", "jsonrpc", "2.0",
                                                     "id", (json_int_t)++client->id, "method",
                                                     json_object_get(request, "method"), "params",
                                                     json_object_get(request, "params")));
    if (json_array_size(batch) != json_array_size(requests) ||
        sgn_json_append(&line, batch) != SGN_OK || sgn_buf_puts(&line, "\n") != SGN_OK)
        st = sgn_nomem(err);
    else
        st = send_all(client, line.bytes, line.len, err);
    sgn_buf_deinit(&line);
    json_decref(batch);
    return st;
}

enum sgn_status
client_batch(struct client *client, const json_t *requests, json_t **answers, struct sgn_error *err)
{
    int64_t first = client->id + 1;
    json_t *message = NULL;
    const json_t *answer;
    size_t i;
    enum sgn_status st = send_batch(client, requests, err);

    if (st == SGN_OK)
        st = wait_message(client, &message, err);
    if (st != SGN_OK)
        return st;
    /* One that stands alone is about the batch as a whole. */
    if (json_is_object(message) && json_object_get(message, "error") != NULL)
        st = client_error(json_object_get(message, "error"), err);
    else if (json_array_size(message) != json_array_size(requests))
        st = strange_answer(client, err);
    json_array_foreach(message, i, answer)
        if (st == SGN_OK && json_integer_value(json_object_get(answer, "id")) != first + (int64_t)i)
            st = strange_answer(client, err);
    if (st == SGN_OK)
        *answers = message;
    else
        json_decref(message);
    return st;
}

enum sgn_status
client_next(struct client *client, json_t **out, struct sgn_error *err)
{
    if (json_array_size(client->notes) > 0) {
        *out = json_incref(json_array_get(client->notes, 0));
        json_array_remove(client->notes, 0);
        return SGN_OK;
    }
    return read_message(client, out, err);
}
