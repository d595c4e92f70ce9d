/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merging a run into the batch: its entry gets its number and is sealed, its case the columns that
 * lists filter by, and later jobs of the batch see both.
 *
 * All that a job has made in memory is turned into bytes here, while it is still at hand, and let
 * go: a batch that kept it for the commit would find none of it in the processor's caches. That the
 * head is still where it is taken to be is checked by the commit (lane_head_check); where it is
 * not, the job is decided again, and sealed again.
 */
#include "json.h"
#include "lane_internal.h"
#include "sweep.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Numbers it within its team; a time that differs from the command's is told beside it. */
static enum sgn_status
number_entry(struct lane_entry *entry, const json_t *head, struct sgn_error *err)
{
    int64_t at = sgn_json_int(head, "at", 0);

    entry->seq = sgn_json_int(head, "seq", 0) + 1;
    entry->at = entry->decided_at > at ? entry->decided_at : at;
    if (entry->at == entry->decided_at)
        return SGN_OK;
    if (entry->internal == NULL)
        entry->internal = json_object();
    if (json_object_set_new(entry->internal, "arrived", json_integer(entry->decided_at)) != 0)
        return sgn_nomem(err);
    return SGN_OK;
}

static const char *
or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* before: the case as it was; NULL: this opens it. */
static enum sgn_status
seal(struct lane_entry *entry, const json_t *head, const struct lane_case *before,
     struct sgn_error *err)
{
    struct entry_seal seal = {
        .team = entry->team,
        .case_key = or_null(entry->case_key),
        .actor = entry->actor,
        .on_behalf = or_null(entry->on_behalf),
        .channel = entry->channel,
        .kind = entry->kind,
        .rules = sgn_json_str(entry->row, "rules"),
        .prev = or_null(sgn_json_str(head, "hash")),
        .case_prev = before != NULL ? or_null(before->hash) : NULL,
        .seq = entry->seq,
        .case_seq = entry->case_seq,
        .at = entry->at,
    };

    entry->previous = before != NULL ? before->seq : 0;
    return entry_make(&seal, entry->shared, entry->internal, &entry->sealed, err);
}

/* The group that owns the workflow in this team, or NULL. */
static const char *
workflow_group(const struct lane_team *team, const char *workflow)
{
    for (int i = 0; team != NULL && i < team->n_workflows; i++)
        if (strcmp(team->workflows[i]->name, workflow) == 0)
            return team->groups[i];
    return NULL;
}

/* The case's new row for the store, but for what says which entry was its last. */
static enum sgn_status
change_new(struct lane *lane, const struct lane_entry *entry, struct lane_change **out,
           struct sgn_error *err)
{
    struct lane_change *change = *out = calloc(1, sizeof *change);
    struct model *model = NULL;
    const char *group;
    enum sgn_status st = change != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK)
        st = lane_model(lane, lane->reader, entry->team, sgn_json_str(entry->row, "rules"), &model,
                        err);
    if (st == SGN_OK)
        st = lane_columns_make(&change->columns, model, entry->row, &change->out, err);
    if (st != SGN_OK) {
        model_free(model);
        return st;
    }
    group = workflow_group(lane_site_team(lane->site, entry->team), model->name);
    sgn_text_copy(change->team, sizeof change->team, entry->team);
    sgn_text_copy(change->client, sizeof change->client, entry->client);
    sgn_text_copy(change->group, sizeof change->group, group);
    change->out.team = change->team;
    change->out.client = or_null(change->client);
    change->out.group = or_null(change->group);
    model_free(model);
    return SGN_OK;
}

/* The case that an entry is of, while it is merged. */
struct merging {
    struct lane_case *before; /* as it was; NULL: it is opened, or the entry is of no case */
    struct lane_case *one;    /* its place in the batch */
    struct lane_change *change;
};

static bool
is_stuck(const json_t *row)
{
    return json_is_object(json_object_get(row, "stuck"));
}

/* All that can go wrong. */
static enum sgn_status
prepare(struct lane *lane, struct lane_batch *batch, struct lane_entry *entry, const json_t *head,
        struct merging *m, struct sgn_error *err)
{
    char name[LANE_KEY_TEXT];
    enum sgn_status st = number_entry(entry, head, err);

    if (st == SGN_OK && entry->row != NULL) {
        sgn_text_copy(entry->case_key, sizeof entry->case_key, sgn_json_str(entry->row, "key"));
        entry->case_seq = sgn_json_int(entry->row, "case_seq", 0);
    }
    if (st == SGN_OK && entry->case_seq > 1)
        st = lane_case_item(lane, entry->team, entry->case_key, &m->before, err);
    if (st == SGN_OK)
        st = seal(entry, head, m->before, err);
    if (st != SGN_OK || entry->row == NULL)
        return st;
    st = change_new(lane, entry, &m->change, err);
    if (st != SGN_OK)
        return st;
    m->one = lane_cases_put(&batch->cases, lane_key(name, entry->team, entry->case_key, NULL));
    return m->one != NULL ? SGN_OK : sgn_nomem(err);
}

static void
drop(struct lane_batch *batch, struct merging *m)
{
    lane_change_free(m->change);
    if (m->one != NULL && m->one->change == NULL) /* it was made for this */
        lane_cases_drop(&batch->cases, m->one->name);
}

/* The case as this entry leaves it, which later jobs of the batch see. */
static void
put_case(struct lane *lane, struct lane_batch *batch, const struct lane_entry *entry,
         struct merging *m)
{
    struct lane_case *one = m->one;
    int stuck = (int)m->change->out.stuck - (m->before != NULL ? (int)is_stuck(m->before->row) : 0);

    lane_change_free(one->change);
    one->change = m->change;
    one->document = one->change->columns.document;
    one->row = NULL;
    one->seq = entry->seq;
    one->at = entry->at;
    one->due = one->change->out.next_at;
    one->due_known = true;
    memcpy(one->hash, entry->sealed.hash, sizeof one->hash);
    sgn_text_copy(one->rules, sizeof one->rules, one->change->out.rules);
    one->change->out.last_seq = entry->seq;
    one->change->out.last_at = entry->at;
    one->change->out.last_hash = one->hash;
    lane->n_stuck += stuck;
    batch->n_stuck += stuck;
}

/* The team's head with this entry. */
static enum sgn_status
put_head(struct lane_batch *batch, const struct lane_entry *entry, struct sgn_error *err)
{
    json_t *head = json_object();
    int bad = json_object_set_new_nocheck(head, "seq", json_integer(entry->seq));

    bad |= json_object_set_new_nocheck(head, "hash", json_string_nocheck(entry->sealed.hash));
    bad |= json_object_set_new_nocheck(head, "at", json_integer(entry->at));
    bad |= json_object_set_new_nocheck(batch->heads, entry->team, head);
    return bad == 0 ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
merge_entry(struct lane_run *run, struct sgn_error *err)
{
    struct lane *lane = run->lane;
    struct lane_batch *batch = lane_batch_of(lane, run->team);
    struct lane_entry *entry = run->entry;
    struct merging m = { 0 };
    char name[LANE_KEY_TEXT];
    json_t *head;
    enum sgn_status st = lane_head_item(lane, entry->team, &head, err);

    if (st == SGN_OK)
        st = prepare(lane, batch, entry, head, &m, err);
    if (st == SGN_OK)
        st = put_head(batch, entry, err);
    if (st != SGN_OK) {
        drop(batch, &m);
        return st;
    }
    if (m.one != NULL)
        put_case(lane, batch, entry, &m);
    if (entry->request[0] != '\0')
        json_object_set_new(batch->requests,
                            lane_key(name, entry->team, entry->actor, entry->request),
                            json_integer(entry->seq));
    *batch->entries_end = entry;
    batch->entries_end = &entry->next;
    batch->n_entries++;
    run->entry = NULL;
    lane_effects_of(run, entry);
    lane_entry_rest(entry);
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
