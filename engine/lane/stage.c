/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Staging: what a run has put, what the batch has, and reading through both.
 */
#include "json.h"
#include "known.h"
#include "lane_internal.h"
#include "memory.h"
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

bool
lane_starved(const struct lane *lane)
{
    return sgn_memory_failures() != lane->starved_from;
}

void
lane_batch_init(struct lane_batch *batch)
{
    memset(batch, 0, sizeof *batch);
    batch->entries_end = &batch->entries;
    batch->puts_end = &batch->puts;
    batch->finished_end = &batch->finished;
    batch->overlay = json_object();
    batch->heads = json_object();
    batch->requests = json_object();
}

void
lane_entry_rest(struct lane_entry *entry)
{
    json_decref(entry->row);
    json_decref(entry->shared);
    json_decref(entry->internal);
    entry->row = entry->shared = entry->internal = NULL;
}

static void
entry_free(struct lane_entry *entry)
{
    if (entry == NULL)
        return;
    lane_entry_rest(entry);
    entry_deinit(&entry->sealed);
    free(entry->erasures);
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
    lane_cases_forget(&batch->cases, NULL);
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
        sgn_text_copy(batch->team, sizeof batch->team, team);
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

enum sgn_status
lane_case_row(struct lane *lane, struct lane_case *one, struct sgn_error *err)
{
    json_t *row = NULL;
    enum sgn_status st;

    if (one->row != NULL && one->row_of == lane->n_rests)
        return SGN_OK;
    st = sgn_json_parse(one->document, strlen(one->document), &row, err);
    if (st == SGN_OK && json_array_append_new(lane->rows, row) != 0)
        st = sgn_nomem(err);
    one->row = st == SGN_OK ? row : NULL;
    one->row_of = lane->n_rests;
    if (st == SGN_OK && one->rules[0] == '\0')
        sgn_text_copy(one->rules, sizeof one->rules, sgn_json_str(row, "rules"));
    if (st == SGN_OK && !one->due_known) {
        one->due = case_next_due(row);
        one->due_known = true;
    }
    return st;
}

static enum sgn_status
read_case(struct lane *lane, const char *team, const char *key, struct lane_case **out,
          struct sgn_error *err)
{
    struct store_case_row stored;
    char name[LANE_KEY_TEXT];
    enum sgn_status st = lane_team_look(lane, team, err);

    if (st == SGN_OK)
        st = store_case_get(lane->reader, team, key, &stored, err);
    if (st == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        return sgn_fail(err, SGN_NOT_FOUND, "there is no case %.40s", key);
    }
    if (st != SGN_OK)
        return st;
    *out = lane_cases_put(&lane->cases, lane_key(name, team, key, NULL));
    if (*out != NULL) {
        lane_case_text(&lane->cases, *out, stored.document);
        stored.document = NULL;
        (*out)->seq = stored.last_seq;
        (*out)->at = stored.last_at;
        (*out)->due_known = false;
        sgn_text_copy((*out)->hash, sizeof(*out)->hash, stored.last_hash);
    }
    store_case_row_deinit(&stored);
    return *out != NULL ? SGN_OK : sgn_nomem(err);
}

struct lane_case *
lane_case_known(struct lane *lane, const char *team, const char *key)
{
    struct lane_case *one;
    char name[LANE_KEY_TEXT];

    if (!sgn_case_key_valid(key))
        return NULL;
    lane_key(name, team, key, NULL);
    one = lane_cases_find(&lane_batch_of(lane, team)->cases, name);
    return one != NULL ? one : lane_cases_find(&lane->cases, name);
}

enum sgn_status
lane_case_item(struct lane *lane, const char *team, const char *key, struct lane_case **out,
               struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    if (!sgn_case_key_valid(key))
        return sgn_fail(err, SGN_NOT_FOUND, "there is no case %.40s", key);
    *out = lane_case_known(lane, team, key);
    if (*out == NULL)
        st = read_case(lane, team, key, out, err);
    if (st != SGN_OK)
        return st;
    assert(*out != NULL); /* what was read is there */
    return lane_case_row(lane, *out, err);
}

void
lane_rows_rest(struct lane *lane)
{
    json_array_clear(lane->rows);
    lane->n_rests++;
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
lane_head_item(struct lane *lane, const char *team, json_t **out, struct sgn_error *err)
{
    *out = json_object_get(lane_batch_of(lane, team)->heads, team);
    return *out != NULL ? SGN_OK : head_item(lane, team, out, err);
}

enum sgn_status
lane_head(struct lane *lane, const char *team, int64_t *seq, int64_t *at, struct sgn_error *err)
{
    json_t *head;
    enum sgn_status st = lane_head_item(lane, team, &head, err);

    if (st != SGN_OK)
        return st;
    *seq = sgn_json_int(head, "seq", 0);
    *at = sgn_json_int(head, "at", 0);
    return SGN_OK;
}
