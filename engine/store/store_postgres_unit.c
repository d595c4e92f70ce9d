/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole unit as statements with arrays: entries, cases, data rows, the head. Begins and ends
 * nothing; what a failure means is store_postgres_write.c's business.
 */
#include "store_postgres.h"

#include "json.h"
#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- entries ---- */

#define E(kind, name)                                                                              \
    {                                                                                              \
        STORE_PG_AS_##kind, offsetof(struct store_entry, name)                                     \
    }
static const struct store_postgres_member entry_members[] = {
    E(INT, seq),
    E(INT, case_seq),
    E(INT, previous),
    E(INT, at),
    E(FLAG, has_effects),
    E(TEXT, case_key),
    E(TEXT, kind),
    E(TEXT, actor),
    E(TEXT, hash),
    E(TEXT, request),
    E(TEXT, request_digest),
    E(SALT, shared_salt),
    E(SALT, internal_salt),
    E(BYTES, header),
    E(BYTES, shared),
    E(BYTES, internal),
};
static const char entry_sql[] =
    "INSERT INTO entry(team, seq, case_seq, previous, at, effects, case_key, kind, actor, hash, "
    "request, request_digest, shared_salt, internal_salt, header, shared, internal) "
    "SELECT $1, t.* FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], "
    "$6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], "
    "$13::bytea[], $14::bytea[], $15::bytea[], $16::bytea[], $17::bytea[]) t";

static enum sgn_status
send_entries(struct store_postgres_conn *conn, const char *team, const struct store_unit *unit,
             struct sgn_error *err)
{
    const void **things = calloc((size_t)unit->n_entries + 1, sizeof(void *));
    struct store_postgres_params params;
    enum sgn_status st = SGN_OK;

    if (things == NULL)
        return sgn_nomem(err);
    for (int i = 0; i < unit->n_entries; i++)
        things[i] = &unit->entries[i];
    store_postgres_params_init(&params);
    store_postgres_text(&params, team);
    store_postgres_members(&params, entry_members, sizeof entry_members / sizeof entry_members[0],
                           things, unit->n_entries);
    if (unit->n_entries > 0)
        st = store_postgres_send(conn, entry_sql, &params, false, err);
    store_postgres_params_deinit(&params);
    free(things);
    return st;
}

/* ---- erasures ---- */

/* One that hits no entry fails the whole: the root of -1 says so to the server, which goes on with
 * nothing then (a division by zero is what a fence says, see store_postgres_error.c). */
static const char erase_sql[] =
    "WITH e AS (UPDATE entry SET shared = CASE WHEN $3 = 1 THEN NULL ELSE shared END, "
    "shared_salt = CASE WHEN $3 = 1 THEN NULL ELSE shared_salt END, "
    "internal = CASE WHEN $4 = 1 THEN NULL ELSE internal END, "
    "internal_salt = CASE WHEN $4 = 1 THEN NULL ELSE internal_salt END "
    "WHERE team = $1 AND seq = $2 RETURNING 1) SELECT sqrt(count(*) - 1) FROM e";

static enum sgn_status
send_erasures(struct store_postgres_conn *conn, const struct store_unit *unit,
              struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; st == SGN_OK && i < unit->n_erasures; i++) {
        const struct store_erasure *erasure = &unit->erasures[i];
        struct store_postgres_params params;

        store_postgres_params_init(&params);
        store_postgres_text(&params, erasure->team);
        store_postgres_int(&params, erasure->seq);
        store_postgres_int(&params, erasure->shared ? 1 : 0);
        store_postgres_int(&params, erasure->internal ? 1 : 0);
        st = store_postgres_send(conn, erase_sql, &params, false, err);
        store_postgres_params_deinit(&params);
    }
    return st;
}

/* ---- the head ---- */

/* What the unit makes of the head. */
static void
move_head(struct store_postgres_held *held, const struct store_unit *unit)
{
    for (int i = 0; i < unit->n_entries; i++) {
        const struct store_entry *entry = &unit->entries[i];

        /* A gap or a double in the numbers would break the chain for good: the process ends
         * before it. */
        assert(strcmp(entry->team, held->team) == 0 && entry->seq == held->head.seq + 1);
        held->head.seq = entry->seq;
        held->head.at = entry->at;
        memcpy(held->head.hash, entry->hash, sizeof held->head.hash);
        if (strcmp(entry->kind, "data") == 0)
            held->head.data_seq = entry->seq;
        if (entry->opens_or_ends)
            held->head.case_seq = entry->seq;
        if (entry->case_seq == 1)
            held->cases++;
    }
}

#define SET_HEAD                                                                                   \
    "UPDATE head SET seq = $2, hash = $3, at = $4, data_seq = $5, case_seq = $6, cases = $7, "     \
    "next_due = "
static const char head_sql[] = SET_HEAD "$8 WHERE team = $1";
static const char head_look_sql[] =
    SET_HEAD "coalesce((SELECT d.next_at FROM due d WHERE d.team = $1 AND d.next_at > 0 "
             "ORDER BY d.team, d.next_at LIMIT 1), 0) WHERE team = $1";

/* When the first of all of the team's cases fires is looked up only where the unit cannot tell:
 * where it did not bring a case that fires no later than what was first until now. */
static enum sgn_status
send_head(struct store_postgres_conn *conn, const struct store_postgres_held *before,
          const struct store_unit *unit, const struct store_postgres_cases *cases,
          struct sgn_error *err)
{
    struct store_postgres_held held = *before;
    struct store_postgres_params params;
    bool known = cases->n == 0 || before->next_due == 0 ||
                 (cases->first > 0 && cases->first <= before->next_due);

    move_head(&held, unit);
    store_postgres_params_init(&params);
    store_postgres_text(&params, held.team);
    store_postgres_int(&params, held.head.seq);
    store_postgres_text(&params, held.head.hash);
    store_postgres_int(&params, held.head.at);
    store_postgres_int(&params, held.head.data_seq);
    store_postgres_int(&params, held.head.case_seq);
    store_postgres_int(&params, held.cases);
    if (known)
        store_postgres_int(&params, cases->n > 0 ? cases->first : held.next_due);
    return store_postgres_send(conn, known ? head_sql : head_look_sql, &params, false, err);
}

/* ---- the unit ---- */

/* The head stands last: it says what the other rows made of it. */
enum sgn_status
store_postgres_unit_send(struct store_postgres *store, struct store_postgres_writer *writer,
                         const struct store_unit *unit, struct sgn_error *err)
{
    struct store_postgres_conn *conn = &writer->conn;
    const struct store_postgres_held *held = &writer->held;
    struct store_postgres_cases cases = { .n = 0 };
    enum sgn_status st = store_postgres_rows_check(unit, err);

    if (st == SGN_OK && unit->fence != NULL)
        st = store_postgres_fence_send(conn, held->team, unit->fence, err);
    if (st == SGN_OK)
        st = store_postgres_cases_collect(store, unit, &cases, err);
    if (st == SGN_OK)
        st = send_entries(conn, held->team, unit, err);
    if (st == SGN_OK)
        st = store_postgres_cases_send(conn, held->team, &cases, err);
    if (st == SGN_OK)
        st = store_postgres_rows_send(conn, unit, err);
    if (st == SGN_OK)
        st = send_erasures(conn, unit, err);
    if (st == SGN_OK && held->team[0] != '\0')
        st = send_head(conn, held, unit, &cases, err);
    store_postgres_cases_done(store, &cases);
    return st;
}
