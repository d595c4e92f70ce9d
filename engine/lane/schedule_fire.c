/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A schedule that is due: one entry of kind schedule, which asks for what is to be started, and
 * its row with the next time, in one commit; so it is fired once whatever happens. What it asks
 * for is carried out by the reader of effects, each case opened in the name of that entry.
 *
 * Of times that were missed the latest alone is fired, or all (the last hundred of them), or
 * none: as the declaration's missed says.
 */
#include "json.h"
#include "schedule.h" /* the calendar's */
#include "scheduled.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define RESULT_MOST 20 /* cases and failures that a row names; the rest is counted */

/* ---- when ---- */

struct times {
    struct calendar_schedule *schedule;
    const struct calendar_zone *zone;
};

static bool
times_init(struct times *times, const json_t *spec)
{
    const char *every = sgn_json_str(spec, "every"), *zone = sgn_json_str(spec, "zone");

    *times = (struct times){ .zone = calendar_zone_get(zone != NULL ? zone : "UTC") };
    return every != NULL && times->zone != NULL &&
           calendar_schedule_parse(every, &times->schedule, NULL) == SGN_OK;
}

static int64_t
next_after(const struct times *times, int64_t after)
{
    return calendar_schedule_next(times->schedule, times->zone, after);
}

int64_t
lane_schedule_next(const json_t *spec, int64_t after)
{
    struct times times;
    int64_t next = times_init(&times, spec) ? next_after(&times, after) : CALENDAR_NEVER;

    calendar_schedule_free(times.schedule);
    return next != CALENDAR_NEVER ? next : 0;
}

/* Do more than most times come after that one, up to now? */
static bool
more_than(const struct times *times, int most, int64_t after, int64_t now)
{
    int n = 0;

    for (int64_t at = next_after(times, after); at <= now && n <= most; at = next_after(times, at))
        n++;
    return n > most;
}

/* The first of the last most times up to now; first is the earliest. Halving finds it: an outage
 * may have missed more than can be counted. */
static int64_t
last_times(const struct times *times, int most, int64_t first, int64_t now)
{
    int64_t low = first - 1, high = now;

    if (!more_than(times, most, low, now))
        return first;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;

        if (more_than(times, most, middle, now))
            low = middle;
        else
            high = middle;
    }
    return next_after(times, high);
}

/* The time to fire of those from first up to now: CALENDAR_NEVER, none. */
static int64_t
choose(const struct times *times, const struct lane_run *run, const json_t *spec, int64_t first)
{
    const char *missed = sgn_json_str(spec, "missed");
    int64_t since = run->now - run->lane->options.limits.due_ahead_ms, at;

    if (missed != NULL && strcmp(missed, "all") == 0)
        return last_times(times, LANE_SCHEDULE_ALL_MOST, first, run->now);
    if (missed == NULL || strcmp(missed, "skip") != 0)
        return last_times(times, 1, first, run->now);
    /* What is a little late, as after a short pause of the server, was not missed. */
    at = first >= since ? first : next_after(times, since - 1);
    return at <= run->now ? at : CALENDAR_NEVER;
}

/* ---- what it starts ---- */

static enum sgn_status
add_effect(json_t *effects, const char *schedule, const json_t *start, const char *project,
           struct sgn_error *err)
{
    json_t *effect = json_pack("{s:s, s:s, s:O, s:s*, s:O*}", "kind", "start", "schedule", schedule,
                               "workflow", json_object_get(start, "start"), "project", project,
                               "fields", json_object_get(start, "fields"));

    return effect != NULL && json_array_append_new(effects, effect) == 0 ? SGN_OK : sgn_nomem(err);
}

/* A client's oldest open project, where what is about the client as a whole belongs. */
static const char *
project_of(const json_t *projects, const char *client)
{
    const char *found = NULL;
    int64_t since = 0;
    const json_t *project;
    size_t i;

    json_array_foreach((json_t *)projects, i, project) {
        const char *of = sgn_json_str(project, "client");
        int64_t its = sgn_json_int(project, "since", 0);

        if (of == NULL || strcmp(of, client) != 0 || (found != NULL && its >= since))
            continue;
        found = sgn_json_str(project, "project");
        since = its;
    }
    return found;
}

/* Clients without an open project have no place for a case; the entry names them. */
static enum sgn_status
start_for_clients(struct lane_run *run, const char *schedule, const json_t *start,
                  const json_t *projects, json_t *internal, struct sgn_error *err)
{
    json_t *match = json_pack("{s:b}", "active", 1), *clients = NULL, *passed = json_array(), *row;
    json_t *effects = json_object_get(internal, "effects");
    size_t i;
    enum sgn_status st = lane_row_list(run, STORE_CLIENT, match, &clients, err);

    json_array_foreach(clients, i, row) {
        const char *client = sgn_json_str(row, "client");
        const char *project = project_of(projects, client);

        if (st == SGN_OK && project != NULL)
            st = add_effect(effects, schedule, start, project, err);
        else if (json_array_append_new(passed, json_string(client)) != 0)
            st = sgn_nomem(err);
    }
    if (st == SGN_OK && json_array_size(passed) > 0)
        json_object_set(internal, "without_project", passed);
    json_decref(match);
    json_decref(clients);
    json_decref(passed);
    return st;
}

static enum sgn_status
start_one(struct lane_run *run, const char *schedule, const json_t *start, json_t *internal,
          struct sgn_error *err)
{
    const char *for_each = sgn_json_str(start, "for_each");
    json_t *effects = json_object_get(internal, "effects");
    json_t *match, *projects = NULL, *row;
    size_t i;
    enum sgn_status st;

    if (for_each == NULL)
        return add_effect(effects, schedule, start, sgn_json_str(start, "project"), err);
    match = json_pack("{s:s}", "state", "open");
    st = lane_row_list(run, STORE_PROJECT, match, &projects, err);
    if (st == SGN_OK && strcmp(for_each, "client") == 0)
        st = start_for_clients(run, schedule, start, projects, internal, err);
    else
        json_array_foreach(projects, i, row)
            if (st == SGN_OK)
                st = add_effect(effects, schedule, start, sgn_json_str(row, "project"), err);
    json_decref(match);
    json_decref(projects);
    return st;
}

/* ---- the entry and the row ---- */

/* An entry that belongs to no case; internal is taken. */
static enum sgn_status
put_entry(struct lane_run *run, const char *kind, json_t *internal_take, struct sgn_error *err)
{
    struct lane_entry *entry = calloc(1, sizeof *entry);
    const json_t *effect;
    size_t i;

    if (entry == NULL || internal_take == NULL) {
        free(entry);
        json_decref(internal_take);
        return sgn_nomem(err);
    }
    sgn_text_copy(entry->team, sizeof entry->team, run->team);
    snprintf(entry->actor, sizeof entry->actor, "system");
    entry->channel = "engine";
    entry->kind = kind;
    entry->decided_at = run->now;
    entry->internal = internal_take;
    json_array_foreach(json_object_get(internal_take, "effects"), i, effect)
        entry->has_effects |= lane_effect_is_on_cases(effect);
    assert(run->entry == NULL);
    run->entry = entry;
    return SGN_OK;
}

static enum sgn_status
get_row(struct lane_run *run, const char *name, json_t **row, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "name", name);
    enum sgn_status st = lane_row_get(run, STORE_SCHEDULE, key, row, err);

    json_decref(key);
    return st;
}

/* The row after firing at due, or after nothing was fired (due 0). */
static enum sgn_status
put_row(struct lane_run *run, json_t *row, int64_t due, int64_t next, size_t asked,
        struct sgn_error *err)
{
    json_t *spec = json_object_get(row, "spec");
    int64_t seq, at;
    enum sgn_status st = lane_head(run->lane, run->team, &seq, &at, err);

    if (st != SGN_OK)
        return st;
    json_object_set_new(row, "next", next != 0 ? json_integer(next) : json_null());
    if (due != 0) {
        json_object_set_new(row, "last", json_integer(due));
        json_object_set_new(spec, "result",
                            json_pack("{s:I, s:I, s:I, s:i, s:i, s:[], s:[]}", "entry",
                                      (json_int_t)seq + 1, "at", (json_int_t)run->now, "asked",
                                      (json_int_t)asked, "opened", 0, "failed", 0, "cases",
                                      "failures"));
    }
    return lane_row_put(run, STORE_SCHEDULE, row, err);
}

static enum sgn_status
fire(struct lane_run *run, json_t *row, const struct times *times, int64_t *next,
     struct sgn_error *err)
{
    const json_t *spec = json_object_get(row, "spec"), *start;
    const char *name = sgn_json_str(row, "name");
    int64_t first = sgn_json_int(row, "next", 0), due = choose(times, run, spec, first);
    bool fires = due != CALENDAR_NEVER;
    json_t *internal = json_pack("{s:s, s:I, s:[]}", "schedule", name, "due",
                                 (json_int_t)(fires ? due : first), "effects");
    size_t i, asked;
    enum sgn_status st = internal != NULL ? SGN_OK : sgn_nomem(err);

    json_array_foreach(json_object_get(spec, "starts"), i, start)
        if (st == SGN_OK && fires)
            st = start_one(run, name, start, internal, err);
    asked = json_array_size(json_object_get(internal, "effects"));
    if (asked == 0)
        json_object_del(internal, "effects");
    if (due != first) /* from then on times have passed and were not fired */
        json_object_set_new(internal, "missed", json_pack("{s:I}", "from", (json_int_t)first));
    if (st != SGN_OK) {
        json_decref(internal);
        return st;
    }
    *next = next_after(times, fires ? due : run->now);
    *next = *next != CALENDAR_NEVER ? *next : 0;
    st = put_entry(run, "schedule", internal, err);
    return st == SGN_OK ? put_row(run, row, fires ? due : 0, *next, asked, err) : st;
}

enum sgn_status
lane_schedule_run(struct lane_run *run, const char *name, int64_t *next, struct sgn_error *err)
{
    struct times times = { 0 };
    json_t *row = NULL;
    enum sgn_status st = get_row(run, name, &row, err);

    *next = 0;
    if (st == SGN_NOT_FOUND) { /* what was declared is known better by the next look */
        sgn_error_clear(err);
        lane_schedules_changed(run->lane);
        return SGN_OK;
    }
    if (st != SGN_OK)
        return st;
    *next = sgn_json_int(row, "next", 0);
    if (*next == 0 || *next > run->now)
        goto out;
    if (times_init(&times, json_object_get(row, "spec")))
        st = fire(run, row, &times, next, err);
    else
        st = sgn_fail(err, SGN_INTERNAL, "its row cannot be read");
out:
    calendar_schedule_free(times.schedule);
    json_decref(row);
    return st;
}

/* ---- what became of it ---- */

/* Counts in the row's result, and names the first few; a later firing has a result of its own. */
static enum sgn_status
put_result(struct lane_run *run, const struct lane_effect *effect, const char *count,
           const char *list, json_t *item_take, struct sgn_error *err)
{
    json_t *row = NULL, *result;
    enum sgn_status st = get_row(run, sgn_json_str(effect->effect, "schedule"), &row, err);

    if (st == SGN_NOT_FOUND) { /* it is declared no more */
        sgn_error_clear(err);
        json_decref(item_take);
        return SGN_OK;
    }
    result = json_object_get(json_object_get(row, "spec"), "result");
    if (st == SGN_OK && sgn_json_int(result, "entry", 0) == effect->cause_seq) {
        json_t *named = json_object_get(result, list);

        json_object_set_new(result, count, json_integer(sgn_json_int(result, count, 0) + 1));
        if (json_array_size(named) < RESULT_MOST)
            json_array_append(named, item_take);
        st = lane_row_put(run, STORE_SCHEDULE, row, err);
    }
    json_decref(item_take);
    json_decref(row);
    return st;
}

enum sgn_status
lane_schedule_opened(struct lane_run *run, const struct lane_effect *effect, const char *key,
                     struct sgn_error *err)
{
    return put_result(run, effect, "opened", "cases", json_string(key), err);
}

/* Who answers for the team hears of it: there is no case that could say so. */
static enum sgn_status
tell_leads(struct lane_run *run, json_t *internal, const json_t *what, struct sgn_error *err)
{
    const json_t *team;
    json_t *effect;
    enum sgn_status st = lane_fact(run, "team", &team, err);

    if (st != SGN_OK)
        return st;
    effect = json_pack("{s:s, s:O}", "kind",
                       json_object_get(what, "schedule") != NULL ? "failed" : "unopened", "to",
                       json_object_get(team, "leads"));
    if (effect == NULL || json_object_update(effect, (json_t *)what) != 0 ||
        json_object_set_new(internal, "effects", json_pack("[o]", effect)) != 0)
        return sgn_nomem(err);
    return SGN_OK;
}

enum sgn_status
lane_schedule_failed(struct lane_run *run, const struct lane_effect *effect,
                     const struct sgn_error *why, struct sgn_error *err)
{
    const json_t *asked = effect->effect;
    bool scheduled = json_object_get(asked, "schedule") != NULL;
    json_t *what =
        json_pack("{s:O*, s:O, s:O*, s:s}", "schedule", json_object_get(asked, "schedule"),
                  "workflow", json_object_get(asked, "workflow"), "project",
                  json_object_get(asked, "project"), "message", why->message);
    json_t *internal = json_pack(
        "{s:O*, s:{s:I, s:i, s:i}, s:{s:s, s:s}}", "schedule", json_object_get(asked, "schedule"),
        "cause", "seq", (json_int_t)effect->cause_seq, "n", effect->cause_n, "depth", effect->depth,
        "failed", "code", sgn_status_code(why->status), "message", why->message);
    enum sgn_status st = what != NULL && internal != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK)
        st = tell_leads(run, internal, what, err);
    if (st == SGN_OK)
        st = put_entry(run, scheduled ? "schedule" : "effect", json_incref(internal), err);
    if (st == SGN_OK && scheduled)
        st = put_result(run, effect, "failed", "failures", json_incref(what), err);
    json_decref(what);
    json_decref(internal);
    return st;
}
