/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Staging: what a run has put, what the batch has, and reading through both.
 */
#include "json.h"
#include "known.h"
#include "lane_internal.h"
#include "sweep.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Some twenty of them are made for each command: by copying, not by a format. */
const char *
lane_key(char out[LANE_KEY_TEXT], const char *a, const char *b, const char *c)
{
    const char *const parts[] = { a, b, c };
    size_t n = 0;

    for (int i = 0; i < 3 && parts[i] != NULL; i++) {
        size_t part = strlen(parts[i]);

        assert(part + 1 < LANE_KEY_TEXT - n);
        memcpy(out + n, parts[i], part);
        n += part;
        out[n++] = '/';
    }
    out[n - 1] = '\0';
    return out;
}

void
lane_batch_init(struct lane_batch *batch)
{
    memset(batch, 0, sizeof *batch);
    batch->entries_end = &batch->entries;
    batch->puts_end = &batch->puts;
    batch->finished_end = &batch->finished;
    batch->overlay = json_object();
    batch->cases = json_object();
    batch->heads = json_object();
    batch->requests = json_object();
}

static void
entry_free(struct lane_entry *entry)
{
    if (entry == NULL)
        return;
    json_decref(entry->row);
    json_decref(entry->shared);
    json_decref(entry->internal);
    entry_deinit(&entry->sealed);
    lane_columns_deinit(&entry->columns);
    free(entry);
}

static void
puts_free(struct lane_put *put)
{
    while (put != NULL) {
        struct lane_put *next = put->next;

        json_decref(put->row);
        free(put);
        put = next;
    }
}

void
lane_batch_clear(struct lane_batch *batch)
{
    assert(batch->finished == NULL);
    while (batch->entries != NULL) {
        struct lane_entry *next = batch->entries->next;

        entry_free(batch->entries);
        batch->entries = next;
    }
    puts_free(batch->puts);
    json_decref(batch->overlay);
    json_decref(batch->cases);
    json_decref(batch->heads);
    json_decref(batch->requests);
    sgn_error_clear(&batch->why);
}

void
lane_batch_retire(struct lane *lane, struct lane_batch *batch)
{
    struct lane_batch **link = &lane->batch.next;

    while (*link != batch)
        link = &(*link)->next;
    *link = batch->next;
    lane->batch_used = NULL;
    lane_batch_clear(batch);
    free(batch);
}

void
lane_batches_clear(struct lane *lane)
{
    while (lane->batch.next != NULL) {
        struct lane_batch *next = lane->batch.next->next;

        lane_batch_clear(lane->batch.next);
        free(lane->batch.next);
        lane->batch.next = next;
    }
    lane->batch_used = NULL;
    lane_batch_clear(&lane->batch);
    lane_batch_init(&lane->batch);
}

/* Without memory a team's rows come to those of no team, whose commit the store then refuses. */
struct lane_batch *
lane_batch_of(struct lane *lane, const char *team)
{
    struct lane_batch **link = &lane->batch.next;

    if (!lane->by_team || team[0] == '\0')
        return &lane->batch;
    if (lane->batch_used != NULL && strcmp(lane->batch_used->team, team) == 0)
        return lane->batch_used;
    while (*link != NULL && strcmp((*link)->team, team) != 0)
        link = &(*link)->next;
    if (*link == NULL) {
        struct lane_batch *batch = malloc(sizeof *batch);

        if (batch == NULL)
            return &lane->batch;
        lane_batch_init(batch);
        snprintf(batch->team, sizeof batch->team, "%s", team);
        *link = batch;
        /* What cannot be read now is not remembered, and fails where it is needed. */
        (void)lane_team_look(lane, team, NULL);
    }
    lane->batch_used = *link;
    return *link;
}

void
lane_batch_drop(struct lane *lane, struct lane_batch *batch)
{
    struct lane_batch *next = batch->next;
    char team[SGN_KEY_MAX + 1];

    memcpy(team, batch->team, sizeof team);
    lane_rows_unsee(lane, batch);
    lane->n_stuck -= batch->n_stuck;
    lane_batch_clear(batch);
    lane_batch_init(batch);
    batch->next = next;
    memcpy(batch->team, team, sizeof team);
}

int
lane_staged(const struct lane *lane)
{
    int n = 0;

    for (const struct lane_batch *batch = &lane->batch; batch != NULL; batch = batch->next)
        n += batch->n_entries;
    return n;
}

void
lane_run_init(struct lane_run *run, struct lane *lane, struct lane_job *job)
{
    memset(run, 0, sizeof *run);
    run->lane = lane;
    run->job = job;
    run->team = job->team;
    /* Virtual time stands still but for clock.advance, which no command overlaps; so a line
     * that was complete before an advance and is decided after it happens after it. */
    run->now = lane->options.clock->is_virtual || job->at == 0 ? sgn_clock_now(lane->options.clock)
                                                               : job->at;
    run->overlay = json_object();
    run->borrowed = json_array();
    run->puts_end = &run->puts;
}

void
lane_run_drop(struct lane_run *run)
{
    puts_free(run->puts);
    run->puts = NULL;
    run->puts_end = &run->puts;
    run->touches_facts = run->touches_site = false;
    json_object_clear(run->overlay);
    entry_free(run->entry);
    run->entry = NULL;
}

void
lane_run_deinit(struct lane_run *run)
{
    lane_run_drop(run);
    json_decref(run->caller);
    json_decref(run->overlay);
    json_decref(run->borrowed);
}

const json_t *
lane_lend(struct lane_run *run, json_t *value_take)
{
    return json_array_append_new(run->borrowed, value_take) == 0 ? value_take : NULL;
}

struct lane *
lane_of(struct lane_run *run)
{
    return run->lane;
}

int64_t
lane_now(const struct lane_run *run)
{
    return run->now;
}

const json_t *
lane_caller(const struct lane_run *run)
{
    return run->caller;
}

/* ---- cases and heads ---- */

/* What is known of a case: its row, and of its last entry number, hash (NULL: not sealed yet) and
 * time. */
static json_t *
case_item(json_t *row_take, int64_t seq, const char *hash, int64_t at)
{
    json_t *item = json_object();
    int bad = json_object_set_new_nocheck(item, "row", row_take);

    bad |= json_object_set_new_nocheck(item, "seq", json_integer(seq));
    bad |= json_object_set_new_nocheck(item, "hash", sgn_json_string_or_null(hash));
    bad |= json_object_set_new_nocheck(item, "at", json_integer(at));
    if (bad == 0)
        return item;
    json_decref(item);
    return NULL;
}

enum sgn_status
lane_case_item(struct lane *lane, const char *team, const char *key, json_t **out,
               struct sgn_error *err)
{
    char name[LANE_KEY_TEXT];
    struct store_case_row stored;
    json_t *item, *row = NULL;
    enum sgn_status st;

    *out = NULL;
    if (!sgn_case_key_valid(key))
        return sgn_fail(err, SGN_NOT_FOUND, "there is no case %.40s", key);
    lane_key(name, team, key, NULL);
    item = json_object_get(lane_batch_of(lane, team)->cases, name);
    if (item == NULL)
        item = json_object_get(lane->cases, name);
    if (item != NULL) {
        *out = item;
        return SGN_OK;
    }
    st = lane_team_look(lane, team, err);
    if (st == SGN_OK)
        st = store_case_get(lane->reader, team, key, &stored, err);
    if (st == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        return sgn_fail(err, SGN_NOT_FOUND, "there is no case %.40s", key);
    }
    if (st != SGN_OK)
        return st;
    st = sgn_json_parse(stored.document, strlen(stored.document), &row, err);
    if (st == SGN_OK) {
        item = case_item(row, stored.last_seq, stored.last_hash, stored.last_at);
        if (item == NULL || json_object_set_new(lane->cases, name, item) != 0)
            st = sgn_nomem(err);
        else
            *out = item;
    }
    store_case_row_deinit(&stored);
    return st;
}

enum sgn_status
lane_case_row(struct lane_run *run, const char *key, const json_t **out, struct sgn_error *err)
{
    json_t *item;
    enum sgn_status st = lane_case_item(run->lane, run->team, key, &item, err);

    *out = NULL;
    if (st == SGN_OK)
        *out = lane_lend(run, json_incref(json_object_get(item, "row")));
    return st;
}

/* The team's head as committed, read once. Borrowed. */
static enum sgn_status
head_item(struct lane *lane, const char *team, json_t **out, struct sgn_error *err)
{
    struct store_head head;
    enum sgn_status st;

    *out = json_object_get(lane->heads, team);
    if (*out != NULL)
        return SGN_OK;
    st = store_head_get(lane->reader, team, &head, err);
    if (st != SGN_OK)
        return st;
    *out = json_pack("{s:I, s:s, s:I}", "seq", (json_int_t)head.seq, "hash", head.hash, "at",
                     (json_int_t)head.at);
    return json_object_set_new(lane->heads, team, *out) == 0 ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
lane_head(struct lane *lane, const char *team, int64_t *seq, int64_t *at, struct sgn_error *err)
{
    json_t *head = json_object_get(lane_batch_of(lane, team)->heads, team);
    enum sgn_status st = SGN_OK;

    if (head == NULL)
        st = head_item(lane, team, &head, err);
    if (st != SGN_OK)
        return st;
    *seq = sgn_json_int(head, "seq", 0);
    *at = sgn_json_int(head, "at", 0);
    return SGN_OK;
}

/* ---- merging a run into the batch ---- */

/* Numbers it within its team; a time that differs from the command's is told beside it. */
static enum sgn_status
number_entry(struct lane *lane, struct lane_entry *entry, struct sgn_error *err)
{
    int64_t seq, at;
    enum sgn_status st = lane_head(lane, entry->team, &seq, &at, err);

    if (st != SGN_OK)
        return st;
    entry->seq = seq + 1;
    entry->at = entry->decided_at > at ? entry->decided_at : at;
    if (entry->at == entry->decided_at)
        return SGN_OK;
    if (entry->internal == NULL)
        entry->internal = json_object();
    if (json_object_set_new(entry->internal, "arrived", json_integer(entry->decided_at)) != 0)
        return sgn_nomem(err);
    return SGN_OK;
}

static bool
is_stuck(const json_t *row)
{
    return json_is_object(json_object_get(row, "stuck"));
}

/* The case's new state, which later jobs of the batch see. */
static enum sgn_status
merge_case(struct lane *lane, struct lane_entry *entry, struct sgn_error *err)
{
    const char *key = sgn_json_str(entry->row, "key");
    struct lane_batch *batch = lane_batch_of(lane, entry->team);
    char name[LANE_KEY_TEXT];
    json_t *item = NULL;
    int stuck;

    if (sgn_json_int(entry->row, "case_seq", 0) > 1) {
        enum sgn_status st = lane_case_item(lane, entry->team, key, &item, err);

        if (st != SGN_OK)
            return st;
        entry->previous = sgn_json_int(item, "seq", 0);
        if (json_is_string(json_object_get(item, "hash")))
            snprintf(entry->case_prev, sizeof entry->case_prev, "%s", sgn_json_str(item, "hash"));
    }
    stuck = (int)is_stuck(entry->row) - (int)is_stuck(json_object_get(item, "row"));
    lane->n_stuck += stuck;
    batch->n_stuck += stuck;
    item = case_item(json_incref(entry->row), entry->seq, NULL, entry->at);
    json_object_set_new_nocheck(item, "due", json_integer(case_next_due(entry->row)));
    return json_object_set_new(batch->cases, lane_key(name, entry->team, key, NULL), item) == 0
               ? SGN_OK
               : sgn_nomem(err);
}

/* The team's head with this entry: its hash is made at the commit. */
static void
put_head(struct lane_batch *batch, const struct lane_entry *entry)
{
    json_t *head = json_object();

    json_object_set_new_nocheck(head, "seq", json_integer(entry->seq));
    json_object_set_new_nocheck(head, "at", json_integer(entry->at));
    json_object_set_new_nocheck(batch->heads, entry->team, head);
}

static enum sgn_status
merge_entry(struct lane_run *run, struct sgn_error *err)
{
    struct lane *lane = run->lane;
    struct lane_batch *batch = lane_batch_of(lane, run->team);
    struct lane_entry *entry = run->entry;
    char name[LANE_KEY_TEXT];
    enum sgn_status st = number_entry(lane, entry, err);

    if (st == SGN_OK && entry->row != NULL)
        st = merge_case(lane, entry, err);
    if (st != SGN_OK)
        return st;
    put_head(batch, entry);
    if (entry->request[0] != '\0')
        json_object_set_new(batch->requests,
                            lane_key(name, entry->team, entry->actor, entry->request),
                            json_integer(entry->seq));
    *batch->entries_end = entry;
    batch->entries_end = &entry->next;
    batch->n_entries++;
    run->entry = NULL;
    lane_effects_of(lane, entry);
    return SGN_OK;
}

enum sgn_status
lane_run_merge(struct lane_run *run, struct sgn_error *err)
{
    struct lane_batch *batch = lane_batch_of(run->lane, run->team);
    enum sgn_status st = lane_sweep_caused(run, err);

    batch->leased = batch->leased || run->job->leased;
    if (st == SGN_OK && run->entry != NULL)
        st = merge_entry(run, err);
    if (st != SGN_OK)
        return st;
    if (run->puts != NULL) {
        *batch->puts_end = run->puts;
        batch->puts_end = run->puts_end;
        run->puts = NULL;
        run->puts_end = &run->puts;
        json_object_update(batch->overlay, run->overlay);
        if (run->touches_site)
            json_object_update(run->lane->batch.overlay, run->overlay);
        json_object_clear(run->overlay);
        batch->touches_facts |= run->touches_facts;
    }
    return SGN_OK;
}
