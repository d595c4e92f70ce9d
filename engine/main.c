/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of contents: what a server is made of, in the order in which it starts, and in
 * the reverse order in which it ends. Every part tolerates never having been started.
 */
#include "address.h"
#include "backup.h"
#include "cli.h"
#include "console.h"
#include "hash.h"
#include "lane.h"
#include "linefile.h"
#include "log.h"
#include "mail.h"
#include "memory.h"
#include "net.h"
#include "outbox.h"
#include "rpc.h"
#include "service.h"
#include "settings.h"
#include "shipped.h"
#include "site.h"
#include "store.h"
#include "worker.h"
#include "workers.h"
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What the allocator is asked for; jemalloc reads this name before main. A transition makes and
 * frees some hundreds of small values, with the C library's own allocator a fifth of all processor
 * time. Two heaps are enough for two busy threads and keep memory small; what is free goes back to
 * the system after five seconds.
 */
extern const char *const malloc_conf;
const char *const malloc_conf = "narenas:2,dirty_decay_ms:5000,muzzy_decay_ms:0";

struct server {
    const struct cli_serve *asked;
    struct settings settings;
    struct sgn_clock clock;
    unsigned char secret[SGN_SIGN_SECRET], pub[SGN_SIGN_PUBLIC];
    json_t *shipped, *holidays, *templates, *first_rows;
    char program[SGN_HASH_HEX];    /* SHA-256 of the program's file; "": it cannot be read */
    char *files;                   /* the folder of files */
    char where[SETTING_TEXT + 16]; /* it listens, once it does */
    char http[SETTING_TEXT + 24];  /* likewise for HTTP, or "" */
    struct store *store;
    struct rules *rules;
    struct lane *lane;
    struct sgn_outward outward; /* where deliveries may go */
    struct store_reader *outbox_reader;
    struct outbox *outbox;
    struct sgn_linefile *access, *admin; /* the logs, or NULL */
    struct store_reader *mail_reader;
    struct outbox_mails *mails; /* NULL: no mail is sent */
    struct rpc *rpc;
    struct net *net;
    struct sgn_service_sockets sockets; /* handed over by a service manager */
    atomic_int reloading;               /* teams whose scripts are being read again */
    atomic_bool failed;                 /* the store failed in a commit */
};

/* ---- what the parts tell each other ---- */

/* After a commit, on the lane thread. */
static void
on_committed(void *ctx, const char *team, int64_t head)
{
    struct server *server = ctx;

    if (server->rpc != NULL)
        rpc_committed(server->rpc, team, head);
    outbox_committed(server->outbox, team);
    outbox_mail_committed(server->mails);
}

/* A commit's outcome is unknown: nothing may be acknowledged any more. The next start reads
 * from the disk what became of it. */
static void
on_failed(void *ctx, const struct sgn_error *err)
{
    struct server *server = ctx;

    sgn_log(SGN_LOG_ERROR, "commit_failed", "why", err->message, NULL);
    atomic_store(&server->failed, true);
    if (server->net != NULL)
        net_stop(server->net);
}

/* Something is finished: any thread. */
static void
on_wake(void *ctx)
{
    struct server *server = ctx;

    if (server->net != NULL)
        net_wake(server->net);
}

/* The service manager waits for the last of them. */
static void
reload_ended(struct server *server)
{
    if (atomic_fetch_sub(&server->reloading, 1) == 1)
        sgn_service_tell("READY=1\nSTATUS=serving %s", server->asked->site);
}

static void
on_reloaded(struct lane_job *job)
{
    struct server *server = job->ctx;

    if (job->status == SGN_OK)
        sgn_log(SGN_LOG_INFO, "reloaded", "team", job->team, NULL);
    else
        sgn_log(SGN_LOG_ERROR, "reload_refused", "team", job->team, "why", job->error.message,
                NULL);
    lane_job_free(job);
    reload_ended(server);
}

static void
reload_team(struct server *server, const char *team)
{
    struct lane_job *job = lane_job_new();
    struct sgn_error err = { 0 };

    atomic_fetch_add(&server->reloading, 1);
    if (job == NULL) {
        reload_ended(server);
        return;
    }
    job->ctx = server;
    snprintf(job->team, sizeof(job->team), "%s", team);
    job->run = lane_reload;
    job->done = on_reloaded;
    job->channel = "engine";
    job->method = "workflow.reload";
    job->params = json_object();
    job->at = sgn_clock_now(&server->clock);
    if (lane_submit(server->lane, job, &err) != SGN_OK) {
        sgn_log(SGN_LOG_ERROR, "reload_refused", "team", team, "why", err.message, NULL);
        lane_job_free(job);
        reload_ended(server);
    }
    sgn_error_clear(&err);
}

/* SIGHUP: every team's scripts are read again, and the logs begin where their files are then. */
static void
on_reload(void *ctx)
{
    struct server *server = ctx;
    const struct lane_site *site = lane_site_ref(server->lane);

    sgn_service_reloading();
    atomic_fetch_add(&server->reloading, 1);
    sgn_linefile_reopen(server->access);
    sgn_linefile_reopen(server->admin);
    for (int i = 0; site != NULL && i < site->n_teams; i++)
        reload_team(server, site->teams[i]->name);
    lane_site_free(server->lane, site);
    reload_ended(server);
}

static void
on_stopping(void *ctx)
{
    struct server *server = ctx;

    sgn_service_tell("STOPPING=1\nSTATUS=answering what was asked, on %s", server->where);
}

static bool
on_alive(void *ctx)
{
    struct server *server = ctx;

    return lane_alive(server->lane);
}

/* ---- the parts, in their order ---- */

static enum sgn_status
settings_start(struct server *server, struct sgn_error *err)
{
    const char *site = server->asked->site;
    json_t *mistakes = json_array();
    size_t n;
    enum sgn_status st = mistakes != NULL
                             ? site_serve_settings(server->asked, &server->settings, mistakes, err)
                             : sgn_nomem(err);

    if (st == SGN_OK)
        st = settings_refuse(mistakes, err);
    n = json_array_size(mistakes);
    if (n > 1)
        fprintf(stderr, "signoff: %zu mistakes in the settings: signoff serve %s --check-config\n",
                n, site);
    json_decref(mistakes);
    if (st == SGN_OK)
        st = site_sockets(&server->settings, &server->sockets, err);
    if (st == SGN_OK)
        st = site_listen_allowed(&server->settings, err);
    if (st == SGN_OK)
        st = site_outward(&server->settings, &server->outward, err);
    if (st == SGN_OK)
        st = site_key(site, server->secret, server->pub, err);
    if (st == SGN_OK)
        st = site_init_rows(site, &server->first_rows, err);
    return st;
}

/* NULL where there is none. */
static char *
tls_path(const char *site, const char *name)
{
    return name[0] != '\0' ? site_path(site, name) : NULL;
}

/* As soon as the site is known to be this server's: who comes while it starts is heard when it is
 * ready. */
static enum sgn_status
net_start(void *ctx, struct sgn_error *err)
{
    struct server *server = ctx;
    const struct settings *settings = &server->settings;
    const char *site = server->asked->site;
    char *socket_path = site_path(site, SITE_SOCKET);
    char *certificate = tls_path(site, settings->tls_certificate);
    char *key = tls_path(site, settings->tls_key);
    char *client_ca = tls_path(site, settings->tls_client_ca);
    struct net_options options = {
        .listen = site_listen(&server->settings),
        .http = site_http(&server->settings),
        .tls = { certificate, key, client_ca },
        .lines_fd = server->sockets.lines,
        .http_fd = server->sockets.http,
        .socket_path = socket_path,
        .limits = {
            .connections = (int)settings->connections,
            .per_address = (int)settings->connections_per_address,
            .login_ms = settings->login_ms,
            .line_ms = settings->line_ms,
            .read_ms = settings->read_ms,
            .idle_ms = settings->idle_ms,
            .beat_ms = settings->beat_ms,
            .pong_ms = settings->pong_ms,
        },
        .head_bytes = (int)settings->head_bytes,
        .head_fields = (int)settings->head_fields,
        .asset = console_asset,
        .reload = on_reload,
        .stopping = on_stopping,
        .watchdog_ms = sgn_service_watchdog_ms(),
        .alive = on_alive,
        .ctx = server,
    };
    /* A path that is missing for want of memory must not mean that nothing is encrypted. */
    bool whole = socket_path != NULL &&
                 (certificate != NULL) == (settings->tls_certificate[0] != '\0') &&
                 (key != NULL) == (settings->tls_key[0] != '\0') &&
                 (client_ca != NULL) == (settings->tls_client_ca[0] != '\0');
    enum sgn_status st = whole ? net_new(&options, &server->net, err) : sgn_nomem(err);

    free(socket_path);
    free(certificate);
    free(key);
    free(client_ca);
    if (st == SGN_OK) {
        site_where(settings, net_port(server->net), server->where, sizeof(server->where));
        site_where_http(settings, net_http_port(server->net), server->http, sizeof server->http);
    }
    return st;
}

static enum sgn_status
store_start(struct server *server, struct sgn_error *err)
{
    const struct cli_serve *asked = server->asked;
    char *url = NULL;
    enum sgn_status st =
        site_store_url(asked->site, &server->settings, asked->data, asked->store, &url, err);
    struct store_options options = {
        .url = url,
        .reserve_bytes = server->settings.reserve_bytes,
        .unmerged_bytes = server->settings.unmerged_bytes,
        .no_upgrade_copy = !server->settings.upgrade_copy,
        .connections = (int)server->settings.store_connections,
        .read_ms = server->settings.query_ms,
        .shared = true,
        .taken = net_start,
        .ctx = server,
    };

    if (st == SGN_OK)
        st = store_open(&options, &server->store, err);
    if (st == SGN_OK)
        st = site_data_make(asked->site, &server->settings, asked->data, err);
    if (st == SGN_OK) {
        server->files = site_files(asked->site, &server->settings, asked->data);
        st = server->files != NULL ? SGN_OK : sgn_nomem(err);
    }
    free(url);
    return st;
}

static enum sgn_status
clock_start(struct server *server, struct sgn_error *err)
{
    const char *wanted = server->asked->clock;
    bool ignored = false;
    enum sgn_status st = lane_clock_open(server->store, wanted, &server->clock, &ignored, err);

    if (st == SGN_OK && ignored)
        fprintf(stderr,
                "signoff: --clock is ignored: this site has a virtual time of its own, which "
                "goes on where it was\n");
    return st;
}

static enum sgn_status
rules_start(struct server *server, struct sgn_error *err)
{
    struct workers_options options;

    workers_options_default(&options);
    options.memory_bytes = server->settings.rule_memory;
    options.instructions = server->settings.rule_instructions;
    options.call_ms = server->settings.rule_ms;
    options.live_max = (int)server->settings.rule_processes;
    options.descriptors = net_descriptors(server->net);
    options.unconfined = server->settings.rules_unconfined;
    server->shipped = dsl_shipped_all();
    server->holidays = dsl_shipped_holidays();
    server->templates = dsl_shipped_templates();
    return server->shipped != NULL && server->holidays != NULL && server->templates != NULL
               ? workers_new(&options, &server->rules, err)
               : sgn_nomem(err);
}

static enum sgn_status
lane_begin(struct server *server, struct sgn_error *err)
{
    struct lane_options options = {
        .store = server->store,
        .rules = server->rules,
        .clock = &server->clock,
        .site = server->asked->site,
        .shipped = server->shipped,
        .holidays = server->holidays,
        .templates = server->templates,
        .site_key = server->secret,
        .public_url = server->settings.public_url,
        .files = server->files,
        .address = server->where,
        .outward = &server->outward,
        .committed = on_committed,
        .answered = on_wake,
        .failed = on_failed,
        .ctx = server,
    };
    enum sgn_status st;

    /* A start takes up what this very program made of a team's folder before. */
    if (!sgn_sha256_file("/proc/self/exe", server->program))
        server->program[0] = '\0';
    options.program = server->program[0] != '\0' ? server->program : NULL;
    lane_limits_default(&options.limits);
    options.limits.batch_jobs = (int)server->settings.batch;
    options.limits.batch_ms = server->settings.batch_ms;
    options.limits.queue_jobs = (int)server->settings.queue;
    options.limits.team_queue_jobs = (int)server->settings.team_queue;
    options.limits.queries = (int)server->settings.queries;
    options.limits.team_queries = (int)server->settings.team_queries;
    options.limits.report_entries = server->settings.report_entries;
    options.limits.report_ms = server->settings.report_ms;
    options.limits.slow_rule_ms = server->settings.slow_rule_ms;
    options.limits.parked_per_team = (int)server->settings.parked_per_team;
    options.limits.team_file_bytes = server->settings.team_file_bytes;
    st = lane_new(&options, &server->lane, err);
    /* The first serve: what init has prepared becomes the first entries. */
    if (st == SGN_OK && server->first_rows != NULL)
        st = lane_bootstrap(server->lane, server->first_rows, err);
    return st;
}

/* Before the lane runs: only until then may others open readers of its store. */
static enum sgn_status
outbox_begin(struct server *server, struct sgn_error *err)
{
    struct outbox_options options = { .lane = server->lane, .outward = server->outward };
    enum sgn_status st = store_reader_open(server->store, &server->outbox_reader, err);

    options.reader = server->outbox_reader;
    return st == SGN_OK ? outbox_new(&options, &server->outbox, err) : st;
}

/* One of the logs; none where its setting is empty. */
static enum sgn_status
log_open(const struct server *server, const char *name, struct sgn_linefile **out,
         struct sgn_error *err)
{
    char *path = name[0] != '\0' ? site_path(server->asked->site, name) : NULL;
    enum sgn_status st = SGN_OK;

    if (name[0] != '\0')
        st = path != NULL ? sgn_linefile_open(path, out, err) : sgn_nomem(err);
    free(path);
    return st;
}

/* Likewise. */
static enum sgn_status
mail_begin(struct server *server, struct sgn_error *err)
{
    const struct settings *settings = &server->settings;
    struct outbox_mail_options options = {
        .lane = server->lane,
        .site = server->asked->site,
        .server = settings->mail_server,
        .from = settings->mail_from,
        .user = settings->mail_user,
        .insecure = settings->mail_insecure,
        .links = settings->public_url[0] != '\0',
        .digest_ms = settings->mail_digest_minutes * SGN_MINUTE_MS,
    };
    char *path = NULL, *password = NULL, *ca = NULL;
    enum sgn_status st;

    if (settings->mail_server[0] == '\0')
        return SGN_OK;
    st = store_reader_open(server->store, &server->mail_reader, err);
    if (st == SGN_OK && settings->mail_password_file[0] != '\0') {
        path = site_path(server->asked->site, settings->mail_password_file);
        st = path != NULL ? site_token(path, &password, err) : sgn_nomem(err);
    }
    if (st == SGN_OK && settings->mail_ca[0] != '\0') {
        ca = site_path(server->asked->site, settings->mail_ca);
        st = ca != NULL ? SGN_OK : sgn_nomem(err);
    }
    options.reader = server->mail_reader;
    options.password = password != NULL ? password : "";
    options.ca = ca;
    if (st == SGN_OK)
        st = outbox_mail_new(&options, &server->mails, err);
    free(ca);
    free(path);
    free(password);
    return st;
}

static enum sgn_status
rpc_start(struct server *server, struct sgn_error *err)
{
    const struct settings *settings = &server->settings;
    enum sgn_status st = log_open(server, settings->log_access, &server->access, err);
    struct rpc_options options = {
        .lane = server->lane,
        .site_public = server->pub,
        .wake = on_wake,
        .ctx = server,
    };

    if (st == SGN_OK)
        st = log_open(server, settings->log_admin, &server->admin, err);
    if (st != SGN_OK)
        return st;
    options.access = server->access;
    options.admin = server->admin;
    options.slow_request_ms = server->settings.slow_request_ms;
    options.alarms = (struct rpc_alarm_bounds){
        .disk_bytes = settings->alarm_disk,
        .log_bytes = settings->alarm_log,
        .certificate_days = settings->alarm_certificate_days,
        .backup_days = settings->alarm_backup_days,
    };
    options.limits = (struct rpc_limits){
        .frame_bytes = (size_t)settings->frame_bytes,
        .in_flight = (int)settings->in_flight,
        .batch_requests = (int)settings->batch_requests,
        .write_bytes = (size_t)settings->write_bytes,
        .buffer_bytes = (size_t)settings->buffer_bytes,
        .login_failures = (int)settings->login_failures,
        .address_failures = (int)settings->address_failures,
        .query_ms = settings->query_ms,
    };
    return rpc_new(&options, &server->rpc, err);
}

/* The one line that says it is ready: scripts wait for it. */
static void
say_ready(const struct server *server)
{
    const struct lane_site *site = lane_site_ref(server->lane);

    printf("signoff: serving %s on %s%s%s (", server->asked->site, server->where,
           server->http[0] != '\0' ? ", " : "", server->http);
    for (int i = 0; site != NULL && i < site->n_teams; i++)
        printf("%s%s: %d workflow%s", i > 0 ? ", " : "", site->teams[i]->name,
               site->teams[i]->n_workflows, site->teams[i]->n_workflows == 1 ? "" : "s");
    printf(")\n");
    fflush(stdout);
    sgn_service_tell("READY=1\nSTATUS=serving %s on %s %s", server->asked->site, server->where,
                     server->http);
    lane_site_free(server->lane, site);
}

static void
server_stop(struct server *server)
{
    outbox_stop(server->outbox);
    outbox_mail_stop(server->mails);
    if (server->lane != NULL)
        lane_stop(server->lane);
    net_free(server->net);
    rpc_free(server->rpc);
    if (server->lane != NULL)
        lane_heads_last(server->lane);
    sgn_linefile_free(server->access);
    sgn_linefile_free(server->admin);
    outbox_free(server->outbox);
    store_reader_close(server->outbox_reader);
    outbox_mail_free(server->mails);
    store_reader_close(server->mail_reader);
    lane_free(server->lane);
    if (server->rules != NULL)
        server->rules->ops->free(server->rules);
    store_close(server->store);
    json_decref(server->shipped);
    json_decref(server->holidays);
    json_decref(server->templates);
    json_decref(server->first_rows);
    free(server->files);
}

static int
serve(const struct cli_serve *asked)
{
    struct server server = { .asked = asked };
    struct sgn_error err = { 0 };
    int exit_code = CLI_FAILED;

    if (settings_start(&server, &err) != SGN_OK || store_start(&server, &err) != SGN_OK ||
        clock_start(&server, &err) != SGN_OK || rules_start(&server, &err) != SGN_OK ||
        lane_begin(&server, &err) != SGN_OK || outbox_begin(&server, &err) != SGN_OK ||
        mail_begin(&server, &err) != SGN_OK || rpc_start(&server, &err) != SGN_OK ||
        net_attend(server.net, &err) != SGN_OK || lane_start(server.lane, &err) != SGN_OK ||
        outbox_start(server.outbox, &err) != SGN_OK ||
        (server.mails != NULL && outbox_mail_start(server.mails, &err) != SGN_OK))
        goto stop;
    say_ready(&server);
    if (net_run(server.net, server.rpc, &err) == SGN_OK && !atomic_load(&server.failed))
        exit_code = CLI_OK;
stop:
    server_stop(&server);
    if (err.message[0] != '\0') {
        fprintf(stderr, "%ssignoff: %s\n", sgn_log_priority(SGN_LOG_ERROR), err.message);
        sgn_service_tell("STATUS=%s", err.message);
    }
    sgn_error_clear(&err);
    return exit_code;
}

int
main(int argc, char **argv)
{
    char **hidden;
    int exit_code;

    /* What the server runs itself as, once for each team: no command of a person's. */
    if (argc > 1 && strcmp(argv[1], WORKERS_COMMAND) == 0)
        return dsl_worker_main();
    sgn_memory_watch();
    hidden = calloc((size_t)argc + 1, sizeof *hidden);
    for (int i = 1; i < argc && hidden != NULL; i++)
        hidden[i] = site_hide_password(&argv[i]);
    exit_code = cli_main(argc, argv, serve);
    for (int i = 1; i < argc && hidden != NULL; i++)
        free(hidden[i]);
    free(hidden);
    return exit_code;
}
