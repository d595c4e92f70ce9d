/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The batch becomes durable: entries that follow on their teams' heads, and rows with them.
 * The only place that commits what was decided.
 */
#include "json.h"
#include "known.h"
#include "lane_internal.h"
#include "leases.h"
#include "nodes.h"
#include "sweep.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Whose head is taken for rows alone: that of the team that they are of, where each has its own
 * commit. */
static const char *
team_of_rows(const struct lane *lane, const struct lane_batch *batch)
{
    for (const struct lane_put *p = batch->puts; lane->by_team && p != NULL; p = p->next)
        if (p->team[0] != '\0')
            return p->team;
    return "";
}

/* One head, which must be where it was. */
static enum sgn_status
begin_one(struct lane *lane, const struct lane_batch *batch, const char *team,
          struct store_head *head, struct sgn_error *err)
{
    enum sgn_status st = store_begin(lane->options.store, team, head, err);

    if (st == SGN_OK && batch->overtaken == 0) /* else it was held already, and tells an old time */
        lane_clock_hear(lane, head->now, batch->asked_at);
    if (st == SGN_OK && team[0] != '\0')
        st = lane_head_check(lane, team, head, err);
    return st == SGN_OK ? lane_batch_in_time(lane, batch, head->now, err) : st;
}

/* Takes the heads of all teams of the batch. */
static enum sgn_status
begin_all(struct lane *lane, const struct lane_batch *batch, struct sgn_error *err)
{
    const char *team;
    json_t *predicted;
    enum sgn_status st;
    struct store_head head;

    if (json_object_size(batch->heads) == 0)
        return begin_one(lane, batch, team_of_rows(lane, batch), &head, err);
    json_object_foreach(batch->heads, team, predicted) {
        st = begin_one(lane, batch, team, &head, err);
        if (st != SGN_OK)
            return st;
    }
    return SGN_OK;
}

struct unit_arrays {
    struct store_entry *entries;
    struct store_case *cases;
    struct store_row *rows;
    struct store_erasure *erasures;
    int n_cases, n_rows, n_erasures;
};

static struct store_bytes
bytes_of(const char *text)
{
    return (struct store_bytes){ text, text != NULL ? strlen(text) : 0 };
}

static struct store_entry
stored(const struct lane_entry *entry)
{
    const struct entry *sealed = &entry->sealed;
    bool is_request = entry->request[0] != '\0';

    return (struct store_entry){
        .team = entry->team,
        .seq = entry->seq,
        .case_key = entry->case_key[0] != '\0' ? entry->case_key : NULL,
        .case_seq = entry->case_seq,
        .previous = entry->previous,
        .at = entry->at,
        .kind = entry->kind,
        .actor = entry->actor,
        .hash = sealed->hash,
        .header = bytes_of(sealed->header),
        .shared = bytes_of(sealed->shared),
        .internal = bytes_of(sealed->internal),
        .shared_salt = sealed->shared != NULL ? sealed->shared_salt : NULL,
        .internal_salt = sealed->internal != NULL ? sealed->internal_salt : NULL,
        .request = is_request ? entry->request : NULL,
        .request_digest = is_request ? entry->request_digest : NULL,
        .has_effects = entry->has_effects,
        .opens_or_ends = entry->opens_or_ends,
    };
}

static void
fill_unit(const struct lane_batch *batch, struct unit_arrays *unit)
{
    int n = 0;

    for (const struct lane_entry *e = batch->entries; e != NULL; e = e->next) {
        unit->entries[n++] = stored(e);
        for (int i = 0; i < e->n_erasures; i++)
            unit->erasures[unit->n_erasures++] = e->erasures[i];
    }
    for (const struct lane_case *c = batch->cases.map; c != NULL; c = c->hh.next)
        unit->cases[unit->n_cases++] = c->change->out;
    for (struct lane_put *p = batch->puts; p != NULL; p = p->next)
        unit->rows[unit->n_rows++] = (struct store_row){
            .table = p->table, .team = p->team, .row = p->row, .remove = p->remove
        };
}

/* What is known of heads, cases and facts is now what was committed. */
static void
adopt(struct lane *lane, struct lane_batch *batch)
{
    const char *name;
    json_t *head;

    for (const struct lane_case *c = batch->cases.map; c != NULL; c = c->hh.next)
        if (c->due != 0 && (lane->next_due == 0 || c->due < lane->next_due))
            lane->next_due = c->due;
    lane_cases_adopt(&lane->cases, &batch->cases);
    json_object_foreach(batch->heads, name, head) {
        lane_effects_adopt(lane, name, sgn_json_int(head, "seq", 0));
        json_object_set(lane->heads, name, head);
    }
    if (batch->touches_facts || json_object_size(lane->facts) > LANE_CACHED_FACTS)
        json_object_clear(lane->facts);
}

static void
tell(struct lane *lane, const struct lane_batch *batch)
{
    const char *team;
    json_t *head;

    if (json_object_size(batch->heads) == 0 && batch->team[0] != '\0')
        lane_nodes_wrote(lane, batch->team);
    json_object_foreach(batch->heads, team, head)
        lane_nodes_committed(lane, team, sgn_json_int(head, "seq", 0));
}

/* ---- the steps ---- */

/* What a unit is made of while it is on its way. */
struct lane_unit {
    struct unit_arrays arrays;
    struct store_fence fence;
    struct store_unit unit;
};

static void
unit_free(struct lane_unit *unit)
{
    if (unit == NULL)
        return;
    free(unit->arrays.entries);
    free(unit->arrays.cases);
    free(unit->arrays.rows);
    free(unit->arrays.erasures);
    free(unit);
}

static struct lane_unit *
unit_new(const struct lane_batch *batch)
{
    struct lane_unit *unit = calloc(1, sizeof *unit);
    size_t n_rows = 0, n_erasures = 0;

    if (unit == NULL)
        return NULL;
    for (const struct lane_entry *e = batch->entries; e != NULL; e = e->next)
        n_erasures += (size_t)e->n_erasures;
    for (const struct lane_put *p = batch->puts; p != NULL; p = p->next)
        n_rows++;
    unit->arrays.entries = calloc((size_t)batch->n_entries + 1, sizeof *unit->arrays.entries);
    unit->arrays.cases = calloc((size_t)batch->n_entries + 1, sizeof *unit->arrays.cases);
    unit->arrays.rows = calloc(n_rows + 1, sizeof *unit->arrays.rows);
    unit->arrays.erasures = calloc(n_erasures + 1, sizeof *unit->arrays.erasures);
    if (unit->arrays.entries != NULL && unit->arrays.cases != NULL && unit->arrays.rows != NULL &&
        unit->arrays.erasures != NULL)
        return unit;
    unit_free(unit);
    return NULL;
}

bool
lane_batch_writes(const struct lane_batch *batch)
{
    return batch->entries != NULL || batch->puts != NULL;
}

const char *
lane_batch_head(const struct lane *lane, const struct lane_batch *batch)
{
    return json_object_size(batch->heads) > 0 ? batch->team : team_of_rows(lane, batch);
}

void
lane_batch_ask(struct lane *lane, struct lane_batch *batch)
{
    batch->asked_at = sgn_monotonic_ms();
    store_begin_send(lane->options.store, lane_batch_head(lane, batch));
}

enum sgn_status
lane_batch_begin(struct lane *lane, struct lane_batch *batch, struct sgn_error *err)
{
    struct lane_unit *unit = unit_new(batch);
    bool fenced = batch->leased && lane->leases != NULL;
    enum sgn_status st = unit != NULL && !lane_starved(lane) ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK && fenced && !lane_lease_fence(lane, batch->team, &unit->fence))
        st = sgn_fail(err, SGN_CONFLICT, "team %s: its work is another node's", batch->team);
    if (st == SGN_OK)
        st = begin_all(lane, batch, err);
    /* The last moment at which nothing has happened; also where it was taken for something else. */
    if (lane_starved(lane) && st != SGN_UNKNOWN_OUTCOME)
        st = sgn_nomem(err);
    if (st != SGN_OK) {
        unit_free(unit);
        /* Of a moved head the lock is kept: nobody moves it on while this node decides again. */
        if (st != SGN_CONFLICT || !lane->by_team)
            store_rollback(lane->options.store, lane_batch_head(lane, batch));
        return st;
    }
    fill_unit(batch, &unit->arrays);
    unit->unit = (struct store_unit){ .fence = fenced ? &unit->fence : NULL,
                                      .entries = unit->arrays.entries,
                                      .n_entries = batch->n_entries,
                                      .cases = unit->arrays.cases,
                                      .n_cases = unit->arrays.n_cases,
                                      .rows = unit->arrays.rows,
                                      .n_rows = unit->arrays.n_rows,
                                      .erasures = unit->arrays.erasures,
                                      .n_erasures = unit->arrays.n_erasures };
    batch->unit = unit;
    store_commit_send(lane->options.store, &unit->unit);
    return SGN_OK;
}

enum sgn_status
lane_batch_end(struct lane *lane, struct lane_batch *batch, struct sgn_error *err)
{
    struct lane_unit *unit = batch->unit;
    enum sgn_status st = store_commit_wait(lane->options.store, &unit->unit, err);

    batch->unit = NULL;
    if (st == SGN_OK) {
        adopt(lane, batch);
        tell(lane, batch);
        lane->n_batches++;
    } else if (st == SGN_CONFLICT && unit->unit.fence != NULL) {
        lane_lease_doubt(lane, batch->team);
    }
    unit_free(unit);
    return st;
}

enum sgn_status
lane_batch_commit(struct lane *lane, struct lane_batch *batch, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    if (!lane_batch_writes(batch))
        return lane_batch_stands(lane, batch, err);
    batch->asked_at = sgn_monotonic_ms();
    st = lane_batch_begin(lane, batch, err);
    return st == SGN_OK ? lane_batch_end(lane, batch, err) : st;
}

enum sgn_status
lane_commit_now(struct lane *lane, const char *team, struct sgn_error *err)
{
    struct lane_batch *batch = lane_batch_of(lane, team);
    enum sgn_status st = lane_batch_commit(lane, batch, err);

    lane_batch_drop(lane, batch);
    if (st != SGN_CONFLICT || !lane->by_team)
        return st;
    store_rollback(lane->options.store, NULL);
    (void)lane_team_changed(lane, team);
    return lane_sweeps_resume(lane, team, err) == SGN_OK ? st : SGN_UNAVAILABLE;
}
