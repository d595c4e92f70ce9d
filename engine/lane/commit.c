/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The batch becomes durable: entries are sealed under the team's head, rows follow.
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

/* The group that owns the workflow in this team, or NULL. */
static const char *
workflow_group(const struct lane_team *team, const char *workflow)
{
    for (int i = 0; team != NULL && i < team->n_workflows; i++)
        if (strcmp(team->workflows[i]->name, workflow) == 0)
            return team->groups[i];
    return NULL;
}

static enum sgn_status
case_columns(struct lane *lane, struct lane_entry *entry, struct store_case *out,
             struct sgn_error *err)
{
    const json_t *row = entry->row;
    struct model *model = NULL;
    enum sgn_status st =
        lane_model(lane, lane->reader, entry->team, sgn_json_str(row, "rules"), &model, err);

    if (st != SGN_OK)
        return st;
    st = lane_columns_make(&entry->columns, model, row, out, err);
    out->team = entry->team;
    out->client = entry->client[0] != '\0' ? entry->client : NULL;
    out->group = workflow_group(lane_site_team(lane->site, entry->team), model->name);
    out->last_seq = entry->seq;
    out->last_hash = entry->sealed.hash;
    out->last_at = entry->at;
    model_free(model);
    return st;
}

/* Hashes of team heads and of cases' last entries as sealing goes on. */
struct sealing {
    json_t *heads; /* {team: hash} */
    json_t *cases; /* {team/case: hash} */
};

static enum sgn_status
seal(struct lane *lane, struct sealing *sealing, struct lane_entry *entry, struct store_entry *out,
     struct sgn_error *err)
{
    const char *key = sgn_json_str(entry->row, "key");
    const char *prev = sgn_json_str(sealing->heads, entry->team);
    const char *case_prev = entry->case_prev;
    char name[LANE_KEY_TEXT];
    struct entry_seal seal;
    enum sgn_status st;

    if (key != NULL) {
        lane_key(name, entry->team, key, NULL);
        if (json_object_get(sealing->cases, name) != NULL)
            case_prev = sgn_json_str(sealing->cases, name);
    }
    seal = (struct entry_seal){
        .team = entry->team,
        .case_key = key,
        .actor = entry->actor,
        .on_behalf = entry->on_behalf[0] != '\0' ? entry->on_behalf : NULL,
        .channel = entry->channel,
        .kind = entry->kind,
        .rules = key != NULL ? sgn_json_str(entry->row, "rules") : NULL,
        .prev = prev != NULL && prev[0] != '\0' ? prev : NULL,
        .case_prev = key != NULL && case_prev[0] != '\0' ? case_prev : NULL,
        .seq = entry->seq,
        .case_seq = key != NULL ? sgn_json_int(entry->row, "case_seq", 0) : 0,
        .at = entry->at,
    };
    st = entry_make(&seal, entry->shared, entry->internal, &entry->sealed, err);
    if (st != SGN_OK)
        return st;
    json_object_set_new(sealing->heads, entry->team, json_string(entry->sealed.hash));
    if (key != NULL)
        json_object_set_new(sealing->cases, name, json_string(entry->sealed.hash));
    *out = (struct store_entry){
        .team = entry->team,
        .seq = entry->seq,
        .case_key = key,
        .case_seq = seal.case_seq,
        .previous = entry->previous,
        .at = entry->at,
        .kind = entry->kind,
        .actor = entry->actor,
        .hash = entry->sealed.hash,
        .header = { entry->sealed.header, strlen(entry->sealed.header) },
        .shared = { entry->sealed.shared,
                    entry->sealed.shared != NULL ? strlen(entry->sealed.shared) : 0 },
        .internal = { entry->sealed.internal,
                      entry->sealed.internal != NULL ? strlen(entry->sealed.internal) : 0 },
        .shared_salt = entry->sealed.shared != NULL ? entry->sealed.shared_salt : NULL,
        .internal_salt = entry->sealed.internal != NULL ? entry->sealed.internal_salt : NULL,
        .request = entry->request[0] != '\0' ? entry->request : NULL,
        .request_digest = entry->request[0] != '\0' ? entry->request_digest : NULL,
        .has_effects = entry->has_effects,
        .opens_or_ends = entry->opens_or_ends,
    };
    (void)lane;
    return SGN_OK;
}

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

/* Takes the heads of all teams of the batch and notes their hashes. */
static enum sgn_status
begin_all(struct lane *lane, const struct lane_batch *batch, struct sealing *sealing,
          struct sgn_error *err)
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
        json_object_set_new(sealing->heads, team, json_string(head.hash));
    }
    return SGN_OK;
}

struct unit_arrays {
    struct store_entry *entries;
    struct store_case *cases;
    struct store_row *rows;
    int n_cases, n_rows;
};

static enum sgn_status
fill_unit(struct lane *lane, const struct lane_batch *batch, struct sealing *sealing,
          struct unit_arrays *unit, struct sgn_error *err)
{
    json_t *index = json_object();
    enum sgn_status st = SGN_OK;
    int n = 0;

    for (struct lane_entry *e = batch->entries; e != NULL && st == SGN_OK; e = e->next) {
        char name[LANE_KEY_TEXT];
        int place;

        st = seal(lane, sealing, e, &unit->entries[n++], err);
        if (st != SGN_OK || e->row == NULL)
            continue;
        lane_key(name, e->team, sgn_json_str(e->row, "key"), NULL);
        place = (int)sgn_json_int(index, name, unit->n_cases);
        if (place == unit->n_cases) {
            unit->n_cases++;
            json_object_set_new(index, name, json_integer(place));
        }
        st = case_columns(lane, e, &unit->cases[place], err);
    }
    for (struct lane_put *p = batch->puts; p != NULL; p = p->next)
        unit->rows[unit->n_rows++] = (struct store_row){
            .table = p->table, .team = p->team, .row = p->row, .remove = p->remove
        };
    json_decref(index);
    return st;
}

/* What is known of heads, cases and facts is now what was committed. */
static void
adopt(struct lane *lane, struct lane_batch *batch, const struct sealing *sealing)
{
    const char *name;
    json_t *item;

    json_object_foreach(batch->cases, name, item)
        json_object_set(item, "hash", json_object_get(sealing->cases, name));
    if (json_object_size(lane->cases) > LANE_CACHED_CASES)
        json_object_clear(lane->cases);
    json_object_update(lane->cases, batch->cases);
    json_object_foreach(batch->heads, name, item) {
        lane_effects_adopt(lane, name, sgn_json_int(item, "seq", 0));
        json_object_set(item, "hash", json_object_get(sealing->heads, name));
        json_object_set(lane->heads, name, item);
    }
    if (batch->touches_facts || json_object_size(lane->facts) > LANE_CACHED_CASES)
        json_object_clear(lane->facts);
    for (struct lane_entry *e = batch->entries; e != NULL; e = e->next) {
        int64_t due = e->row != NULL ? case_next_due(e->row) : 0;

        if (due != 0 && (lane->next_due == 0 || due < lane->next_due))
            lane->next_due = due;
    }
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
    struct sealing sealing;
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
    json_decref(unit->sealing.heads);
    json_decref(unit->sealing.cases);
    free(unit);
}

static struct lane_unit *
unit_new(const struct lane_batch *batch)
{
    struct lane_unit *unit = calloc(1, sizeof *unit);
    size_t n_rows = 0;

    if (unit == NULL)
        return NULL;
    for (const struct lane_put *p = batch->puts; p != NULL; p = p->next)
        n_rows++;
    unit->sealing = (struct sealing){ json_object(), json_object() };
    unit->arrays.entries = calloc((size_t)batch->n_entries + 1, sizeof *unit->arrays.entries);
    unit->arrays.cases = calloc((size_t)batch->n_entries + 1, sizeof *unit->arrays.cases);
    unit->arrays.rows = calloc(n_rows + 1, sizeof *unit->arrays.rows);
    if (unit->arrays.entries != NULL && unit->arrays.cases != NULL && unit->arrays.rows != NULL)
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
    enum sgn_status st = unit != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK && fenced && !lane_lease_fence(lane, batch->team, &unit->fence))
        st = sgn_fail(err, SGN_CONFLICT, "team %s: its work is another node's", batch->team);
    if (st == SGN_OK)
        st = begin_all(lane, batch, &unit->sealing, err);
    if (st == SGN_OK)
        st = fill_unit(lane, batch, &unit->sealing, &unit->arrays, err);
    if (st != SGN_OK) {
        unit_free(unit);
        /* Of a moved head the lock is kept: nobody moves it on while this node decides again. */
        if (st != SGN_CONFLICT || !lane->by_team)
            store_rollback(lane->options.store, lane_batch_head(lane, batch));
        return st;
    }
    unit->unit = (struct store_unit){ .fence = fenced ? &unit->fence : NULL,
                                      .entries = unit->arrays.entries,
                                      .n_entries = batch->n_entries,
                                      .cases = unit->arrays.cases,
                                      .n_cases = unit->arrays.n_cases,
                                      .rows = unit->arrays.rows,
                                      .n_rows = unit->arrays.n_rows };
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
        adopt(lane, batch, &unit->sealing);
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
