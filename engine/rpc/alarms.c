/* SPDX-License-Identifier: Apache-2.0 */
/* See alarms.h. */
#include "alarms.h"
#include "rpc_internal.h"

#define QUEUE_PERCENT 80 /* of the commands that may wait */

/* Without a bound there is none to be beyond. */
static json_t *
bound(int64_t value)
{
    return value > 0 ? json_integer((json_int_t)value) : json_null();
}

static json_t *
figure(bool known, int64_t value)
{
    return known ? json_integer((json_int_t)value) : json_null();
}

/* Since the last one; where there was none yet, since the server began, once that is too long. */
static json_t *
backup_age(const struct lane_keeping *keeping, int64_t most)
{
    int64_t age = (keeping->now - keeping->backup_at) / SGN_SECOND_MS;

    if (keeping->backup_at != 0)
        return json_integer((json_int_t)age);
    age = (keeping->now - keeping->began_at) / SGN_SECOND_MS;
    return figure(most > 0 && age > most, age);
}

json_t *
rpc_alarm_figures(const struct rpc *rpc)
{
    const struct rpc_alarm_bounds *bounds = &rpc->options.alarms;
    int64_t ends = rpc->traffic.certificate_ends, most = bounds->backup_days * (SGN_DAY_MS / 1000);
    struct lane_keeping keeping;
    struct sgn_clock real;
    bool backups;

    sgn_clock_init_real(&real); /* certificates know no other */
    lane_keeping(rpc->options.lane, &keeping);
    /* What stands still by itself is not kept by backups: a site on virtual time is a rehearsal. */
    backups = keeping.backups && !keeping.is_virtual;
    return json_pack("{s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o, s:o, s:o}", "disk_free",
                     figure(keeping.disk_free >= 0, keeping.disk_free), "disk_free_least",
                     bound(bounds->disk_bytes), "log_bytes",
                     figure(keeping.log_bytes >= 0, keeping.log_bytes), "log_bytes_most",
                     bound(bounds->log_bytes), "queue", (json_int_t)keeping.queue, "queue_most",
                     (json_int_t)keeping.queue_most * QUEUE_PERCENT / 100, "certificate_ends",
                     figure(ends != 0, ends / SGN_SECOND_MS - sgn_clock_now(&real) / SGN_SECOND_MS),
                     "certificate_least", bound(bounds->certificate_days * (SGN_DAY_MS / 1000)),
                     "backup_age", backups ? backup_age(&keeping, most) : json_null(),
                     "backup_age_most", backups ? bound(most) : json_null());
}

const char *const *
rpc_alarm_names(void)
{
    static const char *const names[] = { "disk", "log", "queue", "certificate", "backup", NULL };

    return names;
}

/* text_take: NULL where all is well. */
static void
add(json_t *alarms, const char *alarm, json_t *text_take)
{
    if (text_take != NULL)
        (void)json_array_append_new(alarms,
                                    json_pack("{s:s, s:o}", "alarm", alarm, "text", text_take));
}

static bool
beyond(const json_t *figures, const char *name, const char *limit, bool below, int64_t *value)
{
    const json_t *is = json_object_get(figures, name), *may = json_object_get(figures, limit);

    *value = json_integer_value(is);
    return json_is_integer(is) && json_is_integer(may) &&
           (below ? *value < json_integer_value(may) : *value > json_integer_value(may));
}

json_t *
rpc_alarms(const json_t *figures)
{
    json_t *alarms = json_array();
    int64_t value;

    if (beyond(figures, "disk_free", "disk_free_least", true, &value))
        add(alarms, "disk",
            json_sprintf("the disk of the data has %lld MiB left", (long long)(value >> 20)));
    if (beyond(figures, "log_bytes", "log_bytes_most", false, &value))
        add(alarms, "log",
            json_sprintf("the log of the database has grown to %lld MiB: something reads for very "
                         "long, or the disk is slow",
                         (long long)(value >> 20)));
    if (beyond(figures, "queue", "queue_most", false, &value))
        add(alarms, "queue", json_sprintf("%lld commands wait to be decided", (long long)value));
    if (beyond(figures, "certificate_ends", "certificate_least", true, &value))
        add(alarms, "certificate",
            value < 0 ? json_sprintf("the certificate of TLS has ended %lld d ago",
                                     (long long)(-value / 86400))
                      : json_sprintf("the certificate of TLS ends in %lld d",
                                     (long long)(value / 86400)));
    if (beyond(figures, "backup_age", "backup_age_most", false, &value))
        add(alarms, "backup",
            json_sprintf("no backup has been made for %lld d", (long long)(value / 86400)));
    return alarms;
}
