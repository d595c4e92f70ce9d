/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The figures of admin.stats that cost nothing to know, in Prometheus' text format 0.0.4: a counter
 * ends in _total and never falls while the server runs, sizes are in bytes, times in seconds.
 */
#include "metrics.h"
#include "alarms.h"
#include "rpc_internal.h"
#include <stdio.h>
#include <string.h>

/* One sample of a metric; those of one metric follow one another. */
struct sample {
    const char *name;   /* without its prefix */
    const char *labels; /* with their braces, or "" */
    const char *help;   /* NULL: of the metric before */
    int64_t value;
    bool counts; /* a counter, else a gauge */
};

static void
print(struct sgn_buf *out, const struct sample *samples, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (samples[i].help != NULL)
            sgn_buf_printf(out, "# HELP signoff_%s %s\n# TYPE signoff_%s %s\n", samples[i].name,
                           samples[i].help, samples[i].name,
                           samples[i].counts ? "counter" : "gauge");
        sgn_buf_printf(out, "signoff_%s%s ", samples[i].name, samples[i].labels);
        sgn_buf_integer(out, samples[i].value);
        sgn_buf_puts(out, "\n");
    }
}

/* What happens at the doors. */
static void
print_traffic(struct sgn_buf *out, const struct rpc *rpc)
{
    const struct rpc_traffic *t = &rpc->traffic;
    const struct sample samples[] = {
        { "connections", "", "Open connections.", t->open, false },
        { "connections_limit", "", "Connections taken at a time.", t->connections_max, false },
        { "connections_accepted_total", "", "Connections taken.", t->accepted, true },
        { "connections_refused_total", "{reason=\"full\"}", "Connections refused.", t->refused_full,
          true },
        { "connections_refused_total", "{reason=\"address\"}", NULL, t->refused_address, true },
        { "connections_refused_total", "{reason=\"failed\"}", NULL, t->refused_failed, true },
        { "connections_refused_total", "{reason=\"memory\"}", NULL, t->refused_memory, true },
        { "connections_dropped_total", "{reason=\"login\"}",
          "Connections closed because a deadline passed.", t->dropped_login, true },
        { "connections_dropped_total", "{reason=\"line\"}", NULL, t->dropped_line, true },
        { "connections_dropped_total", "{reason=\"read\"}", NULL, t->dropped_read, true },
        { "connections_dropped_total", "{reason=\"pong\"}", NULL, t->dropped_pong, true },
        { "logins_failed_total", "", "Tokens and links that were no good.", t->logins_failed,
          true },
        { "logins_refused_total", "", "Logins not looked at: too many of their address had failed.",
          t->logins_refused, true },
        { "tls_handshakes_failed_total", "", "Connections that ended before TLS had shaken hands.",
          t->tls_failed, true },
        { "buffered_bytes", "", "Unfinished requests and answers that wait to be taken.", t->held,
          false },
        { "requests_running", "", "Requests in the engine or being read for.", rpc->jobs, false },
        { "requests_overloaded_total", "", "Requests answered with overloaded.", t->overloaded,
          true },
        { "received_bytes_total", "", "Bytes of requests.", t->bytes_in, true },
        { "sent_bytes_total", "", "Bytes sent.", t->bytes_out, true },
        { "writes_total", "", "Writes to sockets.", t->writes, true },
    };

    print(out, samples, sizeof samples / sizeof samples[0]);
}

static void
print_engine(struct sgn_buf *out, const json_t *stats)
{
    const json_t *teams = json_object_get(stats, "teams");
    const struct sample samples[] = {
        { "engine_jobs_total", "", "Commands decided.", sgn_json_int(stats, "jobs", 0), true },
        { "engine_refused_total", "", "Commands refused.", sgn_json_int(stats, "refused", 0),
          true },
        { "engine_batches_total", "", "Batches committed.", sgn_json_int(stats, "batches", 0),
          true },
        { "engine_fired_total", "", "Deadlines fired.", sgn_json_int(stats, "fired", 0), true },
        { "cases_stuck", "", "Cases that cannot go on by themselves.",
          sgn_json_int(stats, "stuck", 0), false },
        { "engine_parked", "", "Commands that wait for a team's rules.",
          sgn_json_int(stats, "parked", 0), false },
        { "engine_queue", "", "Commands that wait to be decided.", sgn_json_int(stats, "queue", 0),
          false },
        { "engine_failed", "", "1 when a commit's outcome is unknown.",
          sgn_json_true(stats, "failed"), false },
        { "teams", "{rules=\"current\"}", "Teams by the rules they are served with.",
          sgn_json_int(teams, "current", 0), false },
        { "teams", "{rules=\"old\"}", NULL, sgn_json_int(teams, "old", 0), false },
        { "teams", "{rules=\"stored\"}", NULL, sgn_json_int(teams, "stored", 0), false },
        { "teams", "{rules=\"none\"}", NULL, sgn_json_int(teams, "none", 0), false },
    };

    print(out, samples, sizeof samples / sizeof samples[0]);
}

/* A counter of seconds, from microseconds. */
static void
print_seconds(struct sgn_buf *out, const char *name, const char *help, int64_t us)
{
    sgn_buf_printf(out, "# HELP signoff_%s %s\n# TYPE signoff_%s counter\nsignoff_%s %lld.%06lld\n",
                   name, help, name, name, (long long)(us / 1000000), (long long)(us % 1000000));
}

/* Where time goes, of all teams; by team admin.profile tells it. */
static void
print_rules(struct sgn_buf *out, const json_t *stats)
{
    const struct sample samples[] = {
        { "rules_calls_total", "", "Calls of functions of rules.", sgn_json_int(stats, "calls", 0),
          true },
        { "rules_errors_total", "", "Of them, those that failed.",
          sgn_json_int(stats, "call_errors", 0), true },
    };

    print_seconds(out, "decide_seconds_total", "Time spent deciding commands.",
                  sgn_json_int(stats, "decide_us", 0));
    print_seconds(out, "rules_wait_seconds_total",
                  "Time for which commands waited for functions of rules.",
                  sgn_json_int(stats, "wait_us", 0));
    print_seconds(out, "rules_seconds_total", "Time spent in functions of rules.",
                  sgn_json_int(stats, "rules_us", 0));
    print(out, samples, sizeof samples / sizeof samples[0]);
}

/* One sample for each alarm that there may be. */
static void
print_alarms(struct sgn_buf *out, const json_t *alarms)
{
    const char *help = "1 while server.health has this alarm.";
    const json_t *alarm;
    size_t i;

    for (const char *const *name = rpc_alarm_names(); *name != NULL; name++, help = NULL) {
        char labels[64];
        struct sample sample = { .name = "alarm", .labels = labels, .help = help };

        (void)snprintf(labels, sizeof labels, "{alarm=\"%s\"}", *name);
        json_array_foreach((json_t *)alarms, i, alarm)
            sample.value += strcmp(sgn_json_str(alarm, "alarm"), *name) == 0;
        print(out, &sample, 1);
    }
}

/* What there is none of has no sample. */
static void
print_keeping(struct sgn_buf *out, const struct rpc *rpc)
{
    static const struct {
        const char *figure, *name, *help;
    } rows[] = {
        { "disk_free", "disk_free_bytes", "Room left on the disk of the data." },
        { "log_bytes", "database_log_bytes", "The log of the database, copied back or not." },
        { "certificate_ends", "certificate_ends_seconds",
          "Until the certificate of TLS ends; negative when it has." },
        { "backup_age", "backup_age_seconds", "Since the last backup that was kept." },
    };
    json_t *figures = rpc_alarm_figures(rpc), *alarms = rpc_alarms(figures);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const json_t *value = json_object_get(figures, rows[i].figure);
        struct sample sample = { rows[i].name, "", rows[i].help, json_integer_value(value), false };

        if (json_is_integer(value))
            print(out, &sample, 1);
    }
    print(out,
          &(struct sample){ "alarms", "", "What server.health has an alarm of.",
                            (int64_t)json_array_size(alarms), false },
          1);
    print_alarms(out, alarms);
    json_decref(alarms);
    json_decref(figures);
}

enum sgn_status
rpc_metrics(struct rpc *rpc, struct sgn_buf *out)
{
    json_t *stats = lane_stats(rpc->options.lane);

    if (stats == NULL)
        return SGN_NOMEM;
    sgn_buf_puts(out, "# HELP signoff_info The server's version.\n# TYPE signoff_info gauge\n"
                      "signoff_info{version=\"" SGN_VERSION "\"} 1\n");
    print_traffic(out, rpc);
    print_engine(out, stats);
    print_rules(out, stats);
    print_keeping(out, rpc);
    json_decref(stats);
    return out->failed ? SGN_NOMEM : SGN_OK;
}
