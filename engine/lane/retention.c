/* SPDX-License-Identifier: Apache-2.0 */
/* When rules of retention are due, and the walks that find what they are for. See the header. */
#include "retention.h"
#include "hash.h"
#include "json.h"
#include "leases.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES_PER_PAGE 100
#define CASES_PER_PAGE   20 /* that lose something */
#define READER_TEXT      64

struct lane_retention {
    json_t *next;  /* {team: [{"reader", "seq", "due", "months", "days"}]} */
    json_t *stale; /* {team: true} */
    bool all_stale;
};

struct lane_retention *
lane_retention_new(void)
{
    struct lane_retention *retention = calloc(1, sizeof *retention);

    if (retention == NULL)
        return NULL;
    retention->next = json_object();
    retention->stale = json_object();
    retention->all_stale = true;
    return retention;
}

void
lane_retention_free(struct lane_retention *retention)
{
    if (retention == NULL)
        return;
    json_decref(retention->next);
    json_decref(retention->stale);
    free(retention);
}

void
lane_retention_changed(struct lane *lane, const char *team)
{
    if (lane->retention == NULL) /* a first load comes before there is any */
        return;
    if (team == NULL || json_object_set_new(lane->retention->stale, team, json_true()) != 0)
        lane->retention->all_stale = true;
}

bool
lane_retention_stale(const struct lane *lane)
{
    return lane->retention->all_stale || json_object_size(lane->retention->stale) > 0;
}

/* ---- which times there are ---- */

static struct calendar_period
period_of(const json_t *walk)
{
    return (struct calendar_period){ sgn_json_int(walk, "months", 0),
                                     sgn_json_int(walk, "days", 0) };
}

/* The walk of that time, made when it is not there; borrowed. NULL: out of memory. */
static json_t *
walk_of(json_t *walks, const struct calendar_period *after)
{
    json_t *walk;
    size_t i;

    json_array_foreach(walks, i, walk)
        if (sgn_json_int(walk, "months", 0) == after->months &&
            sgn_json_int(walk, "days", 0) == after->days)
            return walk;
    walk = json_pack("{s:I, s:I, s:{}}", "months", (json_int_t)after->months, "days",
                     (json_int_t)after->days, "rules");
    return walk != NULL && json_array_append_new(walks, walk) == 0 ? walk : NULL;
}

static enum sgn_status
add_rules(json_t *walks, const struct model *model, struct sgn_error *err)
{
    for (int i = 0; i < model->n_retention; i++) {
        const struct model_retention *rule = &model->retention[i];
        json_t *walk = walk_of(walks, &rule->after);
        json_t *erase = rule->fields != NULL ? json_incref((json_t *)rule->fields)
                                             : json_string(rule->all ? "all" : "internal");

        if (json_object_set_new(json_object_get(walk, "rules"), model->name, erase) != 0)
            return sgn_nomem(err);
    }
    return SGN_OK;
}

/* Other rules have another name, and begin anew. */
static enum sgn_status
name_walk(json_t *walk, struct sgn_error *err)
{
    char digest[SGN_HASH_HEX], name[READER_TEXT];
    enum sgn_status st = sgn_hash_json(SGN_HASH_RULES, json_object_get(walk, "rules"), digest, err);

    if (st != SGN_OK)
        return st;
    snprintf(name, sizeof name, LANE_RETENTION_READERS "%lld/%lld/%.16s",
             (long long)sgn_json_int(walk, "months", 0), (long long)sgn_json_int(walk, "days", 0),
             digest);
    (void)json_object_del(walk, "rules");
    return json_object_set_new(walk, "reader", json_string(name)) == 0 ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
walks_make(const struct lane_team *team, json_t **out, struct sgn_error *err)
{
    json_t *walks = *out = json_array(), *walk;
    size_t i;
    enum sgn_status st = walks != NULL ? SGN_OK : sgn_nomem(err);

    for (int k = 0; st == SGN_OK && k < team->n_workflows; k++)
        st = add_rules(walks, team->workflows[k], err);
    json_array_foreach(walks, i, walk)
        if (st == SGN_OK)
            st = name_walk(walk, err);
    return st;
}

/* ---- when they go on ---- */

struct first {
    int64_t at;
};

static enum sgn_status
take_first(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    (void)err;
    ((struct first *)ctx)->at = entry->at;
    return SGN_OK;
}

/* Where all has been looked at, what is written from now on is due in a day at the earliest. */
static enum sgn_status
find_due(struct lane_run *run, json_t *walk, struct sgn_error *err)
{
    const struct calendar_period after = period_of(walk), day = { .days = 1 };
    const struct calendar_zone *zone = lane_team_zone(run->lane, run->team);
    struct first first = { 0 };
    int64_t due;
    enum sgn_status st = store_entries(
        run->lane->reader, run->team, sgn_json_int(walk, "seq", 0) + 1, 1, take_first, &first, err);

    if (st != SGN_OK)
        return st;
    due = first.at != 0 ? calendar_period_end(&after, zone, first.at)
                        : calendar_period_end(&day, zone, run->now);
    return json_object_set_new(walk, "due", json_integer(due)) == 0 ? SGN_OK : sgn_nomem(err);
}

static const json_t *
walk_named(const json_t *walks, const char *reader)
{
    const json_t *walk;
    size_t i;

    json_array_foreach((json_t *)walks, i, walk)
        if (strcmp(sgn_json_str(walk, "reader"), reader) == 0)
            return walk;
    return NULL;
}

/* Rows of rules that are no more go; the others say how far they have come. */
static enum sgn_status
read_rows(struct lane_run *run, json_t *walks, struct sgn_error *err)
{
    json_t *rows = NULL, *row;
    size_t i;
    enum sgn_status st = lane_row_list(run, STORE_READER, NULL, &rows, err);

    json_array_foreach(rows, i, row) {
        const char *name = sgn_json_str(row, "name");
        json_t *walk = (json_t *)walk_named(walks, name);

        if (walk != NULL)
            (void)json_object_set(walk, "seq", json_object_get(row, "seq"));
        else if (st == SGN_OK &&
                 strncmp(name, LANE_RETENTION_READERS, sizeof LANE_RETENTION_READERS - 1) == 0)
            st = lane_row_remove(run, STORE_READER, row, err);
    }
    json_decref(rows);
    return st;
}

/* The run function of a team's look. */
static enum sgn_status
run_look(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const struct lane_team *team = lane_site_team(run->lane->site, run->team);
    json_t *walks = NULL, *walk;
    size_t i;
    enum sgn_status st = walks_make(team, &walks, err);

    (void)job;
    if (st == SGN_OK)
        st = read_rows(run, walks, err);
    json_array_foreach(walks, i, walk)
        if (st == SGN_OK)
            st = find_due(run, walk, err);
    if (st == SGN_OK && json_array_size(walks) > 0 &&
        json_object_set(run->lane->retention->next, run->team, walks) != 0)
        st = sgn_nomem(err);
    json_decref(walks);
    return st;
}

static enum sgn_status
run_for(struct lane *lane, const char *team, lane_run_fn run, void *ctx, struct sgn_error *err)
{
    struct lane_job *job = lane_job_new();
    enum sgn_status st;

    if (job == NULL)
        return sgn_nomem(err);
    job->run = run;
    job->ctx = ctx;
    job->channel = "engine";
    job->leased = true;
    job->at = sgn_clock_now(lane->options.clock);
    sgn_text_copy(job->team, sizeof job->team, team);
    st = lane_run_job(lane, job);
    if (st != SGN_OK)
        sgn_error_move(err, &job->error);
    lane_job_free(job);
    return st;
}

static bool
is_stale(const struct lane *lane, const char *team)
{
    return lane->retention->all_stale || json_object_get(lane->retention->stale, team) != NULL;
}

void
lane_retention_look(struct lane *lane)
{
    struct lane_retention *retention = lane->retention;
    struct sgn_error err = { 0 };
    enum sgn_status st = SGN_OK;

    if (!lane_retention_stale(lane))
        return;
    for (int i = 0; st == SGN_OK && i < lane->site->n_teams; i++) {
        const struct lane_team *team = lane->site->teams[i];

        if (!is_stale(lane, team->name))
            continue;
        json_object_del(retention->next, team->name);
        if (team->team != NULL && lane_leased(lane, team->name))
            st = run_for(lane, team->name, run_look, NULL, &err);
    }
    if (st == SGN_OK) {
        json_object_clear(retention->stale);
        retention->all_stale = false;
    } else {
        sgn_log(SGN_LOG_ERROR, "retention not looked at", "why", err.message, NULL);
        lane_rest(lane);
    }
    sgn_error_clear(&err);
}

/* The walk that goes on first, and whose; of several at a time the first by that. */
static const json_t *
first_walk(const struct lane *lane, const char **team)
{
    const json_t *found = NULL, *walk;
    json_t *walks;
    const char *name;
    size_t i;

    json_object_foreach(lane->retention->next, name, walks)
        json_array_foreach(walks, i, walk)
            if (found == NULL || sgn_json_int(walk, "due", 0) < sgn_json_int(found, "due", 0)) {
                found = walk;
                *team = name;
            }
    return found;
}

int64_t
lane_retention_due(const struct lane *lane)
{
    const char *team;
    const json_t *walk = first_walk(lane, &team);

    return sgn_json_int(walk, "due", 0);
}

/* ---- a page of a walk ---- */

struct page {
    struct calendar_period after;
    const struct calendar_zone *zone;
    int64_t now;
    json_t *entries; /* [[number, case or null]] */
};

static enum sgn_status
take_entry(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct page *page = ctx;
    json_t *one;

    if (calendar_period_end(&page->after, page->zone, entry->at) > page->now)
        return SGN_NOT_NOW; /* ends the page */
    one = json_pack("[I, s?]", (json_int_t)entry->seq, entry->case_key);
    return one != NULL && json_array_append_new(page->entries, one) == 0 ? SGN_OK : sgn_nomem(err);
}

bool
lane_retention_waits(struct lane *lane, const char *team, const char *key)
{
    for (const struct lane_entry *e = lane_batch_of(lane, team)->entries; e != NULL; e = e->next)
        if (strcmp(e->team, team) == 0 && strcmp(e->case_key, key) == 0)
            return true;
    return false;
}

/* What one case does not bear must not stop the rest. */
static enum sgn_status
look_at_case(struct lane *lane, const char *team, const char *key, int *erased)
{
    struct lane_job *job = lane_job_new();
    enum sgn_status st;

    if (job == NULL)
        return SGN_NOMEM;
    job->run = lane_retention_case;
    job->channel = "engine";
    job->leased = true;
    job->at = sgn_clock_now(lane->options.clock);
    job->params = json_object();
    sgn_text_copy(job->team, sizeof job->team, team);
    sgn_text_copy(job->case_key, sizeof job->case_key, key);
    st = lane_run_job(lane, job);
    *erased += st == SGN_OK;
    if (st != SGN_OK && st != SGN_NOT_NOW)
        sgn_log(SGN_LOG_WARN, "retention left a case as it is", "team", team, "case", key, "why",
                job->error.message, NULL);
    lane_job_free(job);
    return lane_is_recorded(st) ? SGN_OK : st;
}

/* *seq: of the last entry whose case has been looked at. */
static enum sgn_status
look_at_page(struct lane *lane, const char *team, const json_t *entries, int64_t *seq,
             struct sgn_error *err)
{
    json_t *seen = json_object();
    const json_t *one;
    size_t i;
    int erased = 0;
    enum sgn_status st = SGN_OK;

    json_array_foreach((json_t *)entries, i, one) {
        const char *key = json_string_value(json_array_get(one, 1));

        if (key != NULL && json_object_get(seen, key) == NULL) {
            if (erased >= CASES_PER_PAGE || lane_retention_waits(lane, team, key))
                break;
            st = look_at_case(lane, team, key, &erased);
            if (st != SGN_OK)
                break;
            (void)json_object_set_new(seen, key, json_true());
        }
        *seq = json_integer_value(json_array_get(one, 0));
    }
    json_decref(seen);
    return st == SGN_OK ? SGN_OK
                        : sgn_fail(err, st, "the store does not answer: it is tried again");
}

struct moved {
    const char *reader;
    int64_t seq;
};

static enum sgn_status
run_move(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const struct moved *moved = job->ctx;
    json_t *row = json_pack("{s:s, s:I, s:i}", "name", moved->reader, "seq", (json_int_t)moved->seq,
                            "part", 0);
    enum sgn_status st = row != NULL ? lane_row_put(run, STORE_READER, row, err) : sgn_nomem(err);

    json_decref(row);
    return st;
}

enum sgn_status
lane_retention_fire(struct lane *lane, struct sgn_error *err)
{
    const char *of = NULL;
    json_t *walk = json_incref((json_t *)first_walk(lane, &of));
    char team[SGN_KEY_MAX + 1];
    struct page page = { .now = sgn_clock_now(lane->options.clock), .entries = json_array() };
    struct moved moved = { sgn_json_str(walk, "reader"), sgn_json_int(walk, "seq", 0) };
    int64_t was = moved.seq;
    enum sgn_status st;

    if (walk == NULL || page.entries == NULL) {
        json_decref(page.entries);
        return walk == NULL ? SGN_OK : sgn_nomem(err);
    }
    sgn_text_copy(team, sizeof team, of);
    page.after = period_of(walk);
    page.zone = lane_team_zone(lane, team);
    st = store_entries(lane->reader, team, was + 1, ENTRIES_PER_PAGE, take_entry, &page, err);
    if (st == SGN_NOT_NOW)
        st = SGN_OK;
    if (st == SGN_OK)
        st = look_at_page(lane, team, page.entries, &moved.seq, err);
    if (st == SGN_OK && moved.seq > was)
        st = run_for(lane, team, run_move, &moved, err);
    lane_retention_changed(lane, team); /* after the commit */
    json_decref(page.entries);
    json_decref(walk);
    return st;
}

void
lane_retention_turn(struct lane *lane)
{
    struct sgn_error err = { 0 };
    int64_t due = lane_retention_due(lane);

    if (due == 0 || due > lane->turn_due || lane->effects != NULL || lane_retention_stale(lane))
        return;
    if (lane_retention_fire(lane, &err) != SGN_OK) {
        sgn_log(SGN_LOG_ERROR, "retention not carried on", "why", err.message, NULL);
        lane_rest(lane);
    }
    sgn_error_clear(&err);
}
