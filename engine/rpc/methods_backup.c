/* SPDX-License-Identifier: Apache-2.0 */
/*
 * admin.backup*: the site's data, given out to whoever keeps backups of it.
 *
 * Nothing is written where a client says: the copy of the database lies beside it, without a name,
 * and leaves in pieces. What lies in the site's folder (its key, its settings, the teams' scripts)
 * is not given out by any method: signoff backup takes it from there.
 */
#include "backup.h"
#include "methods.h"
#include "rpc_internal.h"

/* The times of a backup as people read them. */
static enum sgn_status
admin_backup(struct store_reader *reader, struct lane *lane, struct lane_job *job,
             struct sgn_error *err)
{
    enum sgn_status status = lane_backup_begin(reader, lane, job, err);

    if (status == SGN_OK)
        (void)json_object_set_new(
            job->result, "at",
            rpc_time(rpc_zone(lane, job->team), sgn_json_int(job->result, "at", 0)));
    return status;
}

/* clang-format off */
#define PARAM_BACKUP { "backup", RPC_STRING, true, 32, "The backup, as admin.backup named it." }

static const struct rpc_param no_params[] = { RPC_PARAM_END };

const struct rpc_method rpc_m_admin_backup = {
    .name = "admin.backup",
    .summary = "Makes a consistent copy of the database while the site is served, to be fetched in pieces; signoff backup "
               "makes one file of it.",
    .access = CORE_OPERATOR, .where = RPC_QUERY, .needs = CORE_ADMINISTERS, .site = true, .params = no_params,
    .result = "backup (its name; ten minutes after it was last asked for it gives way to another), at, database (size, "
              "sha256), files (how many attached files belong to it), file_bytes, heads (of each team that has entries: team, seq, "
              "hash, at in ms, signature by the site's key; each is in the copy), piece (bytes that admin.backup.read gives at most). "
              "One at a time: conflict. On PostgreSQL not_now: pg_dump makes them.",
    .query = admin_backup,
};

static const struct rpc_param files_params[] = {
    PARAM_BACKUP,
    { "from", RPC_INTEGER, false, 0, "Where to go on: next of the answer before; 0 when not said." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_admin_backup_files = {
    .name = "admin.backup.files",
    .summary = "Lists the attached files that belong to a backup.",
    .access = CORE_OPERATOR, .where = RPC_QUERY, .needs = CORE_ADMINISTERS, .site = true, .params = files_params,
    .result = "items: sha256, size; next: where to go on, or null.",
    .query = lane_backup_files,
};

static const struct rpc_param read_params[] = {
    PARAM_BACKUP,
    { "file", RPC_STRING, false, 64, "An attached file by its sha256; the copy of the database when not said." },
    { "offset", RPC_INTEGER, false, 0, "The first byte; 0 when not said." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_admin_backup_read = {
    .name = "admin.backup.read",
    .summary = "Gives a piece of a backup's database, or of one of its attached files.",
    .access = CORE_OPERATOR, .where = RPC_QUERY, .needs = CORE_ADMINISTERS, .site = true, .params = read_params,
    .result = "data (base64; shorter than a piece only at the end).",
    .query = lane_backup_read,
};

static const struct rpc_param end_params[] = {
    PARAM_BACKUP,
    { "kept", RPC_BOOLEAN, false, 0, "It is whole and safe elsewhere: its time is the last backup's from now on (server.health)." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_admin_backup_end = {
    .name = "admin.backup.end",
    .summary = "Lets go of a backup's copy.",
    .access = CORE_OPERATOR, .where = RPC_WRITE, .site = true, .params = end_params,
    .result = "kept.",
    .run = lane_backup_end,
};
/* clang-format on */
