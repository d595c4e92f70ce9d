/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is remembered of a team, where other nodes write, too.
 *
 * All that the lane remembers of a team (its cases, facts, numbers given, calendars) is as it was
 * under one head, that of lane->heads: the head is read first, and what was read afterwards is
 * at least as new. So whoever finds the head still where it was, be it under the lock of a commit
 * or by asking once more, knows that all was right at that moment. Whoever finds it further on
 * forgets what has changed, decides again, and asks again.
 *
 * Where one process writes alone, what it remembers is always right, and nothing is asked.
 */
#include "known.h"
#include "calendars.h"
#include "json.h"
#include "lane_internal.h"
#include <string.h>

#define CHANGES_MOST 1000 /* cases of others, beyond which all are read anew */
#define ASKED_MOST   3    /* times that a head is asked for before it is held */
#define LATE_MS      (2 * SGN_SECOND_MS)

/* Members of a map whose name begins with the team; NULL: all. */
void
lane_forget_in(json_t *map, const char *team)
{
    size_t n = team != NULL ? strlen(team) : 0;
    const char *name;
    json_t *value;
    void *next;

    if (team == NULL) {
        json_object_clear(map);
        return;
    }
    json_object_foreach_safe(map, next, name, value)
        if (strncmp(name, team, n) == 0 && (name[n] == '/' || name[n] == '\0'))
            json_object_del(map, name);
}

/* What is made of data: rights and persons, calendars, when standing in begins and ends. */
static void
forget_data(struct lane *lane)
{
    json_object_clear(lane->facts);
    lane_calendars_changed(lane, NULL);
    lane_periods_changed(lane);
}

static void
forget_team(struct lane *lane, const char *team)
{
    lane_cases_forget(&lane->cases, team);
    lane_forget_in(lane->heads, team);
    lane_forget_in(lane->counters, team); /* others have given keys */
    lane_forget_in(lane->stored_versions, team);
    json_object_del(lane->sweep_ids, team);
    lane_forget_in(lane->new_requests, team);
    forget_data(lane);
}

static enum sgn_status
know(struct lane *lane, const char *team, const struct store_head *head, struct sgn_error *err)
{
    json_t *item =
        json_pack("{s:I, s:s, s:I, s:I}", "seq", (json_int_t)head->seq, "hash", head->hash, "at",
                  (json_int_t)head->at, "data", (json_int_t)head->data_seq);

    return json_object_set_new(lane->heads, team, item) == 0 ? SGN_OK : sgn_nomem(err);
}

bool
lane_team_known(const struct lane *lane, const char *team)
{
    return !lane->by_team || team[0] == '\0' || json_object_get(lane->heads, team) != NULL;
}

enum sgn_status
lane_team_look(struct lane *lane, const char *team, struct sgn_error *err)
{
    struct store_head head;
    enum sgn_status st;

    if (lane_team_known(lane, team))
        return SGN_OK;
    st = store_head_get(lane->reader, team, &head, err);
    if (st != SGN_OK)
        return st;
    forget_team(lane, team);
    return know(lane, team, &head, err);
}

/* The head is read before what has changed: what comes in between is forgotten once too often. */
bool
lane_team_changed(struct lane *lane, const char *team)
{
    const json_t *known = json_object_get(lane->heads, team);
    int64_t since = sgn_json_int(known, "seq", 0);
    struct store_head head = { 0 };
    json_t *changed = NULL, *seq;
    char name[LANE_KEY_TEXT];
    const char *key;

    if (known == NULL || store_head_get(lane->reader, team, &head, NULL) != SGN_OK ||
        store_changes(lane->reader, team, since, CHANGES_MOST, &changed, NULL) != SGN_OK) {
        forget_team(lane, team);
        return true;
    }
    json_object_foreach(changed, key, seq)
        lane_cases_drop(&lane->cases, lane_key(name, team, key, NULL));
    json_decref(changed);
    lane_forget_in(lane->counters, team);
    lane_forget_in(lane->stored_versions, team);
    json_object_del(lane->sweep_ids, team);
    lane_forget_in(lane->new_requests, team);
    if (head.data_seq > since)
        forget_data(lane);
    if (know(lane, team, &head, NULL) != SGN_OK)
        forget_team(lane, team);
    return head.data_seq > since;
}

enum sgn_status
lane_head_check(const struct lane *lane, const char *team, const struct store_head *head,
                struct sgn_error *err)
{
    const json_t *known = json_object_get(lane->heads, team);
    const char *hash = sgn_json_str(known, "hash");

    if (head->seq == sgn_json_int(known, "seq", -1) && hash != NULL &&
        strcmp(hash, head->hash) == 0)
        return SGN_OK;
    return sgn_fail(err, SGN_CONFLICT, "team %s was written by another node", team);
}

bool
lane_batch_stands_held(const struct lane_batch *batch)
{
    return batch->overtaken >= ASKED_MOST;
}

/* Asked a few times without being in anybody's way; then the head is held while it is decided. */
enum sgn_status
lane_batch_stands(struct lane *lane, const struct lane_batch *batch, struct sgn_error *err)
{
    struct store_head head;
    enum sgn_status st;

    if (lane_starved(lane) && batch->finished != NULL)
        return sgn_nomem(err);
    if (!lane->by_team || batch->team[0] == '\0' || batch->finished == NULL)
        return SGN_OK;
    if (lane_batch_stands_held(batch))
        st = store_begin(lane->options.store, batch->team, &head, err);
    else
        st = store_head_get(lane->reader, batch->team, &head, err);
    if (st == SGN_OK)
        st = lane_head_check(lane, batch->team, &head, err);
    if (st != SGN_CONFLICT &&
        (batch->held ||
         lane_batch_stands_held(
             batch))) /* also one that was held to decide what turned out to write nothing */
        store_rollback(lane->options.store, batch->team);
    return st;
}

/* ---- time ---- */

void
lane_clock_hear(struct lane *lane, int64_t told, int64_t before)
{
    if (lane->by_team && !lane->options.clock->is_virtual && told != 0)
        sgn_clock_follow(lane->options.clock, told, before, sgn_monotonic_ms());
}

/*
 * Another node fires what is due LATE_MS after its time: a command that was sent in time and got
 * the head by then is before it. One that took longer came when it got there.
 */
enum sgn_status
lane_batch_in_time(const struct lane *lane, const struct lane_batch *batch, int64_t now,
                   struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    if (!lane->by_team || lane->options.clock->is_virtual)
        return SGN_OK;
    for (struct sgn_node *node = batch->finished; node != NULL; node = node->next) {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);

        if (job->method == NULL || job->at == 0 || now - job->at <= LATE_MS)
            continue;
        job->at = now;
        st = sgn_fail(err, SGN_CONFLICT, "team %s: a command came late", batch->team);
    }
    return st;
}

int64_t
lane_late_ms(const struct lane *lane)
{
    return lane->by_team && !lane->options.clock->is_virtual ? LATE_MS : 0;
}
