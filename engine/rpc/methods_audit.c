/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.*: the history itself, whole and unadorned, so that it can be checked elsewhere.
 *
 * What is given out is the stored bytes themselves: a text that was made anew would have another
 * hash.
 */
#include "backup.h"
#include "methods.h"
#include "rpc_internal.h"
#include <stdio.h>

/* On a query thread, for as long as it takes: a history that is whole is worth a minute. */
static enum sgn_status
audit_verify(struct store_reader *reader, struct lane *lane, struct lane_job *job,
             struct sgn_error *err)
{
    return lane_verify_whole(reader, lane, job->team, &job->result, err);
}

/* ---- audit.heads ---- */

/* Signed and kept first: what is told here is in the site's folder, too. */
static enum sgn_status
audit_heads(struct store_reader *reader, struct lane *lane, struct lane_job *job,
            struct sgn_error *err)
{
    json_t *items = NULL, *head;
    size_t i;
    enum sgn_status status = lane_heads_keep(reader, lane, err);

    if (status == SGN_OK)
        status = lane_heads(reader, lane_site_key(lane), &items, err);
    json_array_foreach(items, i, head) {
        json_t *at = json_incref(json_object_get(head, "at"));

        (void)json_object_set(head, "at_ms", at);
        (void)json_object_set_new(
            head, "at",
            rpc_time(rpc_zone(lane, sgn_json_str(head, "team")), json_integer_value(at)));
        json_decref(at);
    }
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
    .summary = "Checks the team's whole history: its chain, its signed head, every case against its row, and files.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_QUERY, .params = no_params,
    .result = "entries, cases, files, redacted, head, signed (number of the last entry that a signed head covers; 0: none).", .query = audit_verify,
};

const struct rpc_method rpc_m_audit_heads = {
    .name = "audit.heads",
    .summary = "Signs the last entry of every team, and keeps that in the site's heads.json.",
    .access = CORE_OPERATOR, .where = RPC_QUERY, .site = true, .params = list_params,
    .result = "items: team, seq, hash, at, at_ms, signature (hex, by the site's key over 0x04 and the canonical JSON of "
              "{v: 1, team, seq, hash, at: at_ms}); the cursor of the next page or null.", .query = audit_heads,
};

static const struct rpc_param redact_params[] = {
    { "entry", RPC_INTEGER, true, 0, "Number of the entry, as case.history and audit.export have it." },
    { "reason", RPC_STRING, true, 1000, "Why; kept in the history." },
    { "part", RPC_STRING, false, 8, "shared (what the client sees of it) or internal; both when not said." },
    { "dry_run", RPC_BOOLEAN, false, 0, "Say what would go, and leave it." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_audit_redact = {
    .name = "audit.redact",
    .summary = "Takes what an entry says out of the history for good, for people who ask to be forgotten. Its header stays and "
               "still proves that it was there, and an entry of kind redact says what was taken, and why.",
    .access = CORE_OPERATOR, .where = RPC_WRITE, .needs = CORE_ADMINISTERS, .params = redact_params,
    .result = "case, rev (null of an entry of no case), entry, redacted: parts ([{entry, part}], also of migrations and earlier "
              "erasures, which repeat the case as it was), fields and files of the case that are emptied with it, messages that "
              "are gone. not_now: an approval that is open decides on it or has a ballot of it, or its effects are still to "
              "come. Backups, mail and what other tools were sent are not reached.",
    .run = lane_redact,
};

static const struct rpc_param hold_params[] = {
    RPC_PARAM_CASE,
    { "reason", RPC_STRING, true, 1000, "Why; kept in the history, for the team." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_audit_hold = {
    .name = "audit.hold",
    .summary = "Puts a hold on a case: until it is released nothing of it is erased, neither by retention nor by audit.redact.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = hold_params,
    .result = "case, rev, states, outcome, entry. case.get has hold (by, at, reason) from then on. not_now: it is held already.",
    .run = lane_hold_case,
};

const struct rpc_method rpc_m_audit_release = {
    .name = "audit.release",
    .summary = "Ends the hold on a case. What fell due meanwhile is erased at once.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = hold_params,
    .result = "case, rev, states, outcome, entry. not_now: it is under no hold.",
    .run = lane_hold_case,
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
