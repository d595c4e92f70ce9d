/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What whoever keeps a server wants to hear of before it fails: the disk fills up, the log of the
 * database does not come to an end, commands wait, a certificate ends, nobody makes backups. For
 * server.health and /metrics.
 *
 * Measured when it is asked for, by calls that do not wait (statvfs, stat). On the loop.
 */
#ifndef RPC_ALARMS_H
#define RPC_ALARMS_H

#include "rpc.h"

/* The names of all alarms that there may be, ended by NULL. */
const char *const *rpc_alarm_names(void);

/*
 * How it stands: {"disk_free", "disk_free_least", "log_bytes", "log_bytes_most", "queue",
 * "queue_most", "certificate_ends", "certificate_least", "backup_age", "backup_age_most"}. Bytes;
 * seconds from now (certificate_ends, negative when it has ended) and since (backup_age). A figure
 * is null where there is no such thing: no TLS, no backup yet, a log that another program keeps. A
 * bound is null where nobody is to be alarmed. New reference.
 */
json_t *rpc_alarm_figures(const struct rpc *rpc);
/* Of these figures what is beyond its bound: [{"alarm": disk, log, queue, certificate or backup,
 * "text"}]. New reference. */
json_t *rpc_alarms(const json_t *figures);

#endif
