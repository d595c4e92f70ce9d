/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.*: the history itself, whole and unadorned, so that it can be checked elsewhere.
 *
 * What is given out is the stored bytes themselves: a text that was made anew would have another
 * hash.
 */
#include "methods.h"
#include "rpc_internal.h"
#include <stdio.h>

/* On a query thread, for as long as it takes: a history that is whole is worth a minute. */
static enum sgn_status
audit_verify(struct store_reader *reader, struct lane *lane, struct lane_job *job,
             struct sgn_error *err)
{
    return lane_verify(reader, lane_files(lane), job->team, &job->result, err);
}

/* ---- audit.heads ---- */

static enum sgn_status
audit_heads(struct store_reader *reader, struct lane *lane, struct lane_job *job,
            struct sgn_error *err)
{
    json_t *teams = NULL, *items = json_array();
    const json_t *team;
    size_t i;
    enum sgn_status status = store_teams(reader, &teams, err);

    json_array_foreach(teams, i, team) {
        const char *name = json_string_value(team);
        struct store_head head = { 0 };
        if (status == SGN_OK)
            status = store_head_get(reader, name, &head, err);
        if (status == SGN_OK && head.seq > 0)
            (void)json_array_append_new(
                items, json_pack("{s:s, s:I, s:s, s:o}", "team", name, "seq", (json_int_t)head.seq,
                                 "hash", head.hash, "at", rpc_time(rpc_zone(lane, name), head.at)));
    }
    json_decref(teams);
    return rpc_page_end(status, job, items, err);
}

/* ---- audit.export ---- */

struct export
{
    json_t *items;
    int64_t last;
};

/* The salt is what lets somebody else check a part against its hash; without the part there is
 * none. */
static json_t *
salt_json(const unsigned char salt[SGN_SALT_BYTES], const char *part)
{
    char hex[2 * SGN_SALT_BYTES + 1];

    if (part == NULL)
        return json_null();
    sgn_hex(salt, SGN_SALT_BYTES, hex);
    return json_string(hex);
}

/* Header and parts as the very bytes that were hashed. */
static enum sgn_status
export_take(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct export *export = ctx;
    json_t *item = json_pack(
        "{s:I, s:s, s:s, s:s?, s:o, s:s?, s:o, s:s?}", "seq", (json_int_t)entry->seq, "hash",
        entry->hash, "header", entry->header, "shared", entry->shared, "shared_salt",
        salt_json(entry->shared_salt, entry->shared), "internal", entry->internal, "internal_salt",
        salt_json(entry->internal_salt, entry->internal), "request", entry->request);

    export->last = entry->seq;
    return item != NULL && json_array_append_new(export->items, item) == 0 ? SGN_OK
                                                                           : sgn_nomem(err);
}

/* By numbers and not by a cursor: an export is gone on with months later. */
static enum sgn_status
audit_export(struct store_reader *reader, struct lane *lane, struct lane_job *job,
             struct sgn_error *err)
{
    struct export export = { .items = json_array() };
    int64_t first = sgn_json_int(job->params, "from", 1);
    int limit = rpc_page_limit(job->params);
    enum sgn_status status;

    (void)lane;
    status =
        store_entries(reader, job->team, first > 0 ? first : 1, limit, export_take, &export, err);
    if (status != SGN_OK) {
        json_decref(export.items);
        return status;
    }
    job->result = json_pack(
        "{s:o, s:o}", "items", export.items, "next",
        (int)json_array_size(export.items) == limit ? json_integer(export.last + 1) : json_null());
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

/* clang-format off */
static const struct rpc_param no_params[] = { RPC_PARAM_END };
static const struct rpc_param list_params[] = { RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END };

const struct rpc_method rpc_m_audit_verify = {
    .name = "audit.verify",
    .summary = "Checks the team's whole history: its chain, every case against its row, and files.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_QUERY, .params = no_params,
    .result = "entries, cases, files, redacted, head.", .query = audit_verify,
};

const struct rpc_method rpc_m_audit_heads = {
    .name = "audit.heads",
    .summary = "Shows the last entry of every team.",
    .access = CORE_OPERATOR, .where = RPC_QUERY, .site = true, .params = list_params,
    .result = "items: team, seq, hash, at; the cursor of the next page or null.", .query = audit_heads,
};

static const struct rpc_param export_params[] = {
    { "from", RPC_INTEGER, false, 0, "Number of the first entry; 1 when not said." },
    RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_audit_export = {
    .name = "audit.export",
    .summary = "Gives entries as they are stored, so that they can be verified elsewhere.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_QUERY, .params = export_params,
    .result = "items: seq, hash, header, shared, shared_salt, internal, internal_salt, request; next: "
              "the number to go on from, or null.",
    .query = audit_export,
};
/* clang-format on */
