/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop's life: bind, run, stop, close everything.
 *
 * Nothing of a message is looked at here. A callback moves bytes or calls rpc, and returns; what
 * takes time is done on other threads, which wake the loop.
 */
#include "clock.h"
#include "listen.h"
#include "log.h"
#include "loop_room.h"
#include "net_internal.h"
#include "service.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/un.h>
#include <unistd.h>

/* Of the store, of rules' processes, and of those that are being refused. */
#define DESCRIPTORS_OWN (256 + NET_UNIX_RESERVED + NET_REFUSING_MAX)

void
net_limits_default(struct net_limits *limits)
{
    *limits = (struct net_limits){
        .connections = 16384,
        .per_address = 1024,
        .login_ms = 30000,
        .line_ms = 60000,
        .idle_ms = 75000,
        .beat_ms = 15000,
        .pong_ms = 30000,
        .read_ms = 60000,
    };
}

/* ---- the end ---- */

/* First in a stop: whoever comes from now on is told by the system that nobody listens. */
static void
listeners_close(struct net *net)
{
    bool local = net->local.fd >= 0;

    net_door_close(&net->tcp);
    net_door_close(&net->http);
    net_door_close(&net->local);
    if (local)
        (void)unlink(net->local_path);
}

/* Graceful: what was read is answered. Each connection is treated as if its other side had ended
 * its stream, so there is one way in which connections end. */
static void
stop_begin(struct net *net)
{
    struct net_stream *stream, *next;

    if (net->stopping)
        return;
    sgn_log(SGN_LOG_INFO, "stopping", NULL);
    if (net->options.stopping != NULL)
        net->options.stopping(net->options.ctx);
    net->stopping = net->site.stopping = true;
    net->stop_by = sgn_monotonic_ms() + NET_STOP_MS;
    listeners_close(net);
    for (stream = net->streams; stream != NULL; stream = next) {
        next = stream->next;
        if (stream->phase == NET_OPEN)
            stream->protocol->eof(stream->talk);
    }
    net_tick(net);
    net_check_finished(net);
}

/* ---- callbacks ---- */

/* From another thread: finished jobs, commits, or net_stop(). Several wakes may arrive as one. */
static void
on_async(uv_async_t *handle)
{
    struct net *net = handle->data;

    net_enter(net);
    if (net->rpc != NULL)
        rpc_turn(net->rpc);
    if (atomic_load(&net->stop_asked))
        stop_begin(net);
    net_leave(net);
}

/* Before the loop waits: what this turn has gathered is written now. */
static void
on_prepare(uv_prepare_t *handle)
{
    struct net *net = handle->data;

    net_enter(net);
    net_flush(net);
    rpc_flush(net->rpc);
    net_leave(net);
}

static void
on_timer(uv_timer_t *handle)
{
    struct net *net = handle->data;

    net_enter(net);
    net_patience_look(net);
    if (!net_doors_retry(net) && !net->stopping && net->timed == NULL)
        uv_timer_stop(handle);
    net_leave(net);
}

/* A sign of life is the loop's own, and says for the engine what it says by itself: who hangs is
 * started anew by the service manager. */
static void
on_watchdog(uv_timer_t *handle)
{
    struct net *net = handle->data;

    net_enter(net);
    if (net->options.alive == NULL || net->options.alive(net->options.ctx)) {
        sgn_service_tell("WATCHDOG=1");
    } else {
        sgn_service_tell("STATUS=the engine makes no progress");
        if (net_says(net, NET_SAID_HANGS))
            sgn_log(SGN_LOG_ERROR, "engine_hangs", "why", "it has ended no turn lately", NULL);
    }
    net_leave(net);
}

static struct net_tls_files
tls_files(const struct net *net)
{
    return (struct net_tls_files){ net->tls_certificate, net->tls_key, net->tls_client_ca };
}

/* Whoever connects from now on sees the new certificate. One that cannot be read changes nothing.
 */
static void
tls_reload(struct net *net)
{
    struct net_tls_files files = tls_files(net);
    struct sgn_error err = { 0 };
    struct net_tls *tls = NULL;

    if (net->tls == NULL)
        return;
    if (net_tls_new(&files, &tls, &err) == SGN_OK) {
        net_tls_free(net->tls);
        net->tls = tls;
        if (net->rpc != NULL)
            rpc_traffic(net->rpc)->certificate_ends = net_tls_ends(tls);
        sgn_log(SGN_LOG_INFO, "tls_reloaded", "certificate", net->tls_certificate, NULL);
    } else {
        sgn_log(SGN_LOG_ERROR, "tls_reload_refused", "why", err.message, NULL);
    }
    sgn_error_clear(&err);
}

/* SIGHUP reads certificates and the teams' files again; the others stop, and a second time at once.
 */
static void
on_signal(uv_signal_t *handle, int number)
{
    struct net *net = handle->data;

    net_enter(net);
    if (number == SIGHUP) {
        tls_reload(net);
        if (net->options.reload != NULL)
            net->options.reload(net->options.ctx);
    } else if (net->stopping) {
        net->stop_by = 0; /* asked twice: nothing is waited for any more */
    } else {
        stop_begin(net);
    }
    net_leave(net);
}

/* ---- the beginning ---- */

/* A socket that was handed over is the door's from here on. */
static int
door_take(struct net_door *door, struct net *net, int fd)
{
    door->net = net;
    door->fd = fd;
    return 0;
}

/* What whoever starts the server can do about it is said where it is known. */
static enum sgn_status
fail_listen(const char *where, int error, struct sgn_error *err)
{
    if (error == UV_EADDRINUSE)
        return sgn_fail(err, SGN_UNAVAILABLE,
                        "cannot listen on %.200s: address already in use: another program listens "
                        "there (ss -ltnp says which); end that one, or choose another address in "
                        "[net]",
                        where);
    if (error == UV_EACCES)
        return sgn_fail(err, SGN_UNAVAILABLE,
                        "cannot listen on %.200s: permission denied: ports below 1024 are for "
                        "root; choose another in [net], or let systemd listen there "
                        "(signoff-http.socket)",
                        where);
    return sgn_fail(err, SGN_UNAVAILABLE, "cannot listen on %.200s: %s", where, uv_strerror(error));
}

/* The port is asked back, since ":0" lets the system choose one. */
static enum sgn_status
listen_tcp(struct net *net, struct net_door *door, const char *where, int *port,
           struct sgn_error *err)
{
    int given = door->is_http ? net->options.http_fd : net->options.lines_fd;
    struct sockaddr_storage address;
    socklen_t size = sizeof(address);
    enum sgn_status status = net_address(where, &address, err);
    int error;

    /* Before anything is bound: a wrong address is a mistake in the settings, and says so. */
    if (status != SGN_OK)
        return status;
    error = given > 0 ? door_take(door, net, given)
                      : net_door_open(door, net, &address, sizeof(address));
    if (error == 0)
        error = net_door_listen(door);
    if (error == 0 && getsockname(door->fd, (struct sockaddr *)&address, &size) != 0)
        error = -errno;
    if (error != 0)
        return fail_listen(where, error, err);
    *port = net_address_port(&address);
    return SGN_OK;
}

static enum sgn_status
listen_pipe(struct net *net, struct sgn_error *err)
{
    const char *path = net->options.socket_path;
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct sockaddr_storage any = { 0 };
    enum sgn_status status = net_socket_path_free(path, err);
    int error;

    if (status != SGN_OK)
        return status;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    snprintf(net->local_path, sizeof(net->local_path), "%s", path);
    memcpy(&any, &address, sizeof(address));
    error = net_door_open(&net->local, net, &any, sizeof(address));
    /* Before listen nobody can connect, so nobody slips in under the default mode. */
    if (error == 0)
        error = net_socket_private(path);
    if (error == 0)
        error = net_door_listen(&net->local);
    if (error != 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "cannot listen on %.200s: %s", path,
                        uv_strerror(error));
    return SGN_OK;
}

/* All handles are made together, so that closing can take them all for granted. */
static int
handles_init(struct net *net)
{
    int error = uv_async_init(&net->loop, &net->async, on_async);

    net->async.data = net;
    if (error == 0)
        error = uv_prepare_init(&net->loop, &net->prepare);
    if (error == 0)
        error = uv_timer_init(&net->loop, &net->timer);
    if (error == 0)
        error = uv_timer_init(&net->loop, &net->watchdog);
    net->prepare.data = net->timer.data = net->watchdog.data = net;
    /* It gets its callback here and sleeps: net_tick() need not know what a tick does. */
    if (error == 0)
        error = uv_timer_start(&net->timer, on_timer, NET_TICK_MS, NET_TICK_MS);
    if (error == 0)
        error = uv_timer_stop(&net->timer);
    for (size_t i = 0; error == 0 && i < NET_SIGNALS; i++) {
        error = uv_signal_init(&net->loop, &net->signals[i]);
        net->signals[i].data = net;
    }
    return error;
}

enum sgn_status
net_attend(struct net *net, struct sgn_error *err)
{
    static const int numbers[NET_SIGNALS] = { SIGTERM, SIGINT, SIGHUP };
    int error = 0;

    for (size_t i = 0; error == 0 && i < NET_SIGNALS; i++)
        error = uv_signal_start(&net->signals[i], on_signal, numbers[i]);
    return error == 0 ? SGN_OK
                      : sgn_fail(err, SGN_UNAVAILABLE, "no event loop: %s", uv_strerror(error));
}

static enum sgn_status
copy_path(const char *path, char **out, struct sgn_error *err)
{
    *out = path != NULL ? strdup(path) : NULL;
    return path == NULL || *out != NULL ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
tls_begin(struct net *net, const struct net_tls_files *said, struct sgn_error *err)
{
    struct net_tls_files files;
    enum sgn_status st = copy_path(said->certificate, &net->tls_certificate, err);

    if (st == SGN_OK)
        st = copy_path(said->key, &net->tls_key, err);
    if (st == SGN_OK)
        st = copy_path(said->client_ca, &net->tls_client_ca, err);
    files = tls_files(net);
    return st == SGN_OK && files.certificate != NULL ? net_tls_new(&files, &net->tls, err) : st;
}

/* As many descriptors as connections are allowed, if the system lets us; else as many connections
 * as there are descriptors for. Not a reason to refuse to start: a site with ten people needs none
 * of it. */
static void
descriptors_raise(struct net_limits *limits)
{
    rlim_t wanted = (rlim_t)limits->connections + DESCRIPTORS_OWN;
    struct rlimit limit, more;
    char files[24], taken[24];

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    more = (struct rlimit){ wanted, limit.rlim_max > wanted ? limit.rlim_max : wanted };
    if (setrlimit(RLIMIT_NOFILE, &more) == 0) /* the hard limit as well: for root only */
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        (void)getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= wanted)
        return;
    limits->connections =
        (int)(limit.rlim_cur > 2 * DESCRIPTORS_OWN ? limit.rlim_cur - DESCRIPTORS_OWN
                                                   : limit.rlim_cur / 2);
    snprintf(files, sizeof(files), "%llu", (unsigned long long)limit.rlim_cur);
    snprintf(taken, sizeof(taken), "%d", limits->connections);
    sgn_log(SGN_LOG_WARN, "fewer connections than configured", "connections", taken, "why",
            "the limit of open files; raise it with ulimit -n, or LimitNOFILE= of systemd",
            "open_files", files, NULL);
}

/* Counters and limits in force lie with rpc, which tells them. */
static void
traffic_begin(const struct net *net)
{
    const struct net_limits *limits = &net->options.limits;
    struct rpc_traffic *traffic = rpc_traffic(net->rpc);

    traffic->connections_max = limits->connections;
    traffic->per_address_max = limits->per_address;
    traffic->login_ms = limits->login_ms;
    traffic->line_ms = limits->line_ms;
    traffic->read_ms = limits->read_ms;
    traffic->idle_ms = limits->idle_ms;
    traffic->beat_ms = limits->beat_ms;
    traffic->pong_ms = limits->pong_ms;
    traffic->head_bytes = (int64_t)net->site.head_bytes;
    traffic->head_fields = net->site.head_fields;
    traffic->certificate_ends = net->tls != NULL ? net_tls_ends(net->tls) : 0;
}

enum sgn_status
net_new(const struct net_options *options, struct net **out, struct sgn_error *err)
{
    struct net *net = calloc(1, sizeof(*net));
    enum sgn_status status = SGN_OK;
    int error;

    *out = NULL;
    if (net == NULL)
        return sgn_nomem(err);
    net->options = *options;
    net->tcp.fd = net->http.fd = net->local.fd = -1;
    net->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    net_addresses_init(&net->addresses);
    error = uv_loop_init(&net->loop);
    if (error != 0) {
        (void)close(net->spare_fd);
        free(net);
        return sgn_fail(err, SGN_UNAVAILABLE, "no event loop: %s", uv_strerror(error));
    }
    /* A reader that went away is an error of its write, not the end of the server. */
    (void)signal(SIGPIPE, SIG_IGN);
    descriptors_raise(&net->options.limits);
    net_loop_room(&net->loop, net_descriptors(net));
    error = handles_init(net);
    if (error != 0)
        status = sgn_fail(err, SGN_UNAVAILABLE, "no event loop: %s", uv_strerror(error));
    sgn_buf_init(&net->plain, 2 * NET_READ_BYTES);
    if (status == SGN_OK)
        status = tls_begin(net, &options->tls, err);
    if (status == SGN_OK && options->listen != NULL)
        status = listen_tcp(net, &net->tcp, options->listen, &net->port, err);
    net->http.is_http = true;
    if (status == SGN_OK && options->http != NULL)
        status = listen_tcp(net, &net->http, options->http, &net->http_port, err);
    if (status == SGN_OK && options->socket_path != NULL)
        status = listen_pipe(net, err);
    if (status != SGN_OK) {
        net_free(net);
        return status;
    }
    net->options.tls = (struct net_tls_files){ 0 };
    net->options.listen = net->options.http = net->options.socket_path =
        NULL; /* the caller's, and not for longer */
    *out = net;
    return SGN_OK;
}

int
net_descriptors(const struct net *net)
{
    return net->options.limits.connections + DESCRIPTORS_OWN;
}

int
net_port(const struct net *net)
{
    return net->port;
}

int
net_http_port(const struct net *net)
{
    return net->http_port;
}

/* Any thread, and the only call that may come from another one. */
void
net_wake(void *ctx)
{
    struct net *net = ctx;

    /* Fails only on a closed handle, which net_free alone makes. */
    (void)uv_async_send(&net->async);
}

void
net_stop(void *ctx)
{
    struct net *net = ctx;

    atomic_store(&net->stop_asked, true);
    net_wake(net);
}

/* Runs until net_check_finished() has closed what keeps the loop. */
enum sgn_status
net_run(struct net *net, struct rpc *rpc, struct sgn_error *err)
{
    int error = uv_prepare_start(&net->prepare, on_prepare);

    net->rpc = net->site.rpc = rpc;
    net->site.head_bytes =
        (size_t)(net->options.head_bytes > 0 ? net->options.head_bytes : NET_HEAD_BYTES);
    net->site.head_fields =
        net->options.head_fields > 0 ? net->options.head_fields : NET_HEAD_FIELDS;
    net->site.body_bytes = rpc_frame_bytes(rpc);
    net->site.asset = net->options.asset;
    traffic_begin(net);
    if (error == 0 && net->options.watchdog_ms > 0)
        error = uv_timer_start(&net->watchdog, on_watchdog, (uint64_t)net->options.watchdog_ms / 2,
                               (uint64_t)net->options.watchdog_ms / 2);
    if (error != 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "no event loop: %s", uv_strerror(error));
    net_wake(net); /* what was finished before the loop ran */
    (void)uv_run(&net->loop, UV_RUN_DEFAULT);
    return SGN_OK;
}

static void
close_any(uv_handle_t *handle, void *ctx)
{
    (void)ctx;
    net_handle_close(handle);
}

/* Every handle goes through its close callback, and the assertion proves it: a handle that is
 * left would be freed memory in libuv's hands. */
void
net_free(struct net *net)
{
    int error;

    if (net == NULL)
        return;
    listeners_close(net);
    uv_walk(&net->loop, close_any, NULL);
    (void)uv_run(&net->loop, UV_RUN_DEFAULT);
    error = uv_loop_close(&net->loop);
    assert(error == 0); /* a handle that is left in the loop is a fault of ours */
    (void)error;
    while (net->n_spares > 0)
        sgn_buf_deinit(&net->spares[--net->n_spares]);
    net_addresses_deinit(&net->addresses);
    net_site_deinit(&net->site);
    net_tls_free(net->tls);
    free(net->tls_certificate);
    free(net->tls_key);
    free(net->tls_client_ca);
    sgn_buf_deinit(&net->plain);
    if (net->spare_fd >= 0)
        close(net->spare_fd);
    free(net);
}
