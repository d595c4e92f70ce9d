/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.hold, audit.release: while a case is under a hold nothing of it is erased, neither by rules
 * of retention nor by audit.redact, as when its history is needed in a dispute. Entries of the
 * case, kinds hold and release, whose internal part says "hold" (null: none any more) and why. What
 * fell due meanwhile goes when the case is released, by a sweep of its own.
 */
#include "erasing.h"
#include "json.h"
#include "retention.h"
#include "sweep.h"
#include <string.h>

static enum sgn_status
refuse(struct sgn_error *err, enum sgn_status st, const char *pointer)
{
    sgn_error_add(err, "pointer", json_string(pointer));
    return st;
}

enum sgn_status
lane_hold_check(const json_t *row, struct sgn_error *err)
{
    json_t *hold = json_object_get(row, "hold");
    const char *reason = sgn_json_str(hold, "reason"), *by = sgn_json_str(hold, "by");

    if (hold == NULL)
        return SGN_OK;
    sgn_fail(err, SGN_NOT_NOW, "%s is under a hold by %s: %.200s", sgn_json_str(row, "key"),
             by != NULL ? by : "?", reason != NULL ? reason : "?");
    sgn_error_add(err, "hold", json_incref(hold));
    return SGN_NOT_NOW;
}

/* The case's row as the command leaves it; new reference. */
static enum sgn_status
make_row(const struct lane_run *run, const json_t *before, bool holds, json_t **out,
         struct sgn_error *err)
{
    json_t *row = *out = sgn_json_copy(before);
    json_t *hold =
        json_pack("{s:s, s:I, s:O}", "by", lane_actor(run->job), "at", (json_int_t)run->now,
                  "reason", json_object_get(run->job->params, "reason"));
    int bad = hold == NULL || row == NULL;

    if (bad == 0 && holds)
        bad |= json_object_set(row, "hold", hold);
    else if (bad == 0)
        (void)json_object_del(row, "hold");
    if (bad == 0)
        bad |= json_object_set_new(row, "case_seq",
                                   json_integer(sgn_json_int(row, "case_seq", 0) + 1));
    json_decref(hold);
    return bad == 0 ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
write_entry(struct lane_run *run, const json_t *row, bool holds, struct sgn_error *err)
{
    struct lane_entry *entry = lane_entry_draft(run, lane_actor(run->job), run->job->channel);

    if (entry == NULL)
        return sgn_nomem(err);
    run->entry = entry;
    entry->kind = holds ? "hold" : "release";
    entry->decided_at = run->now;
    entry->internal = json_pack(
        "{s:O, s:O?, s:O, s:O, s:O}", "comment", json_object_get(run->job->params, "reason"),
        "hold", json_object_get(row, "hold"), "rev", json_object_get(row, "rev"), "states",
        json_object_get(row, "states"), "outcome", json_object_get(row, "outcome"));
    if (entry->internal == NULL)
        return sgn_nomem(err);
    return lane_entry_case(run, entry, row, err);
}

/* What fell due under the hold goes now. */
static enum sgn_status
sweep(struct lane_run *run, const char *key, struct sgn_error *err)
{
    json_t *argument = json_pack("{s:[s]}", "cases", key);
    enum sgn_status st = argument != NULL
                             ? lane_sweep_begin(run, LANE_RETENTION_SWEEP, argument, err)
                             : sgn_nomem(err);

    json_decref(argument);
    return st;
}

static enum sgn_status
find_case(struct lane_run *run, const char *key, bool holds, struct lane_case **item,
          struct sgn_error *err)
{
    enum sgn_status st = lane_case_item(run->lane, run->team, key, item, err);

    if (st == SGN_NOT_FOUND)
        return refuse(err, st, "/case");
    if (st == SGN_OK)
        st = lane_fire_due(run, key, run->now, err); /* a command never overtakes what is due */
    if (st == SGN_OK)
        st = lane_case_item(run->lane, run->team, key, item, err);
    if (st == SGN_OK && holds)
        st = lane_hold_check((*item)->row, err);
    else if (st == SGN_OK && json_object_get((*item)->row, "hold") == NULL)
        st = sgn_fail(err, SGN_NOT_NOW, "%s is under no hold", key);
    return st;
}

enum sgn_status
lane_hold_case(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *key = sgn_json_str(job->params, "case"),
               *reason = sgn_json_str(job->params, "reason");
    bool holds = strcmp(job->method, "audit.hold") == 0;
    struct lane_case *item = NULL;
    json_t *row = NULL;
    enum sgn_status st;

    if (reason == NULL || reason[0] == '\0') {
        sgn_fail(err, SGN_INVALID, "reason must say why");
        return refuse(err, SGN_INVALID, "/reason");
    }
    st = find_case(run, key, holds, &item, err);
    if (st == SGN_OK) {
        run->now = lane_command_time(run, item);
        st = make_row(run, item->row, holds, &row, err);
    }
    if (st == SGN_OK)
        st = write_entry(run, row, holds, err);
    if (st == SGN_OK && !holds && !case_is_open(row))
        st = sweep(run, key, err);
    if (st == SGN_OK)
        st = lane_finish(run, err);
    json_decref(row);
    return st;
}
