/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiled calendars, kept for each team until what they are made of changes.
 */
#include "calendars.h"
#include "json.h"
#include "known.h"
#include "lane_internal.h"
#include <stdlib.h>
#include <string.h>

#define EXCEPTIONS_MOST 10000 /* as many as a run lists */

struct kept {
    struct kept *next;
    char team[SGN_KEY_MAX + 1];
    bool stale;
    struct core_calendars core; /* owns its items and their calendars */
    struct core_calendar *items;
    json_t *names; /* what items borrow */
};

struct lane_calendars {
    struct kept *first;
};

struct lane_calendars *
lane_calendars_new(void)
{
    return calloc(1, sizeof(struct lane_calendars));
}

static void
kept_clear(struct kept *kept)
{
    for (int i = 0; i < kept->core.n; i++)
        calendar_free((struct calendar *)kept->items[i].calendar);
    calendar_free((struct calendar *)kept->core.round);
    free(kept->items);
    json_decref(kept->names);
    kept->items = NULL;
    kept->names = NULL;
    kept->core = (struct core_calendars){ 0 };
}

void
lane_calendars_free(struct lane_calendars *all)
{
    while (all != NULL && all->first != NULL) {
        struct kept *kept = all->first;

        all->first = kept->next;
        kept_clear(kept);
        free(kept);
    }
    free(all);
}

void
lane_calendars_changed(struct lane *lane, const char *team)
{
    for (struct kept *kept = lane->calendars->first; kept != NULL; kept = kept->next)
        if (team == NULL || strcmp(kept->team, team) == 0)
            kept->stale = true;
}

/* ---- compiling ---- */

/* Rows of exceptions as calendars take them: {CALENDAR: {DATE: {"hours", "why"}}}. */
static enum sgn_status
by_calendar(json_t *rows, json_t **out, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    json_t *row, *day;
    size_t i;

    *out = json_object();
    json_array_foreach(rows, i, row) {
        const char *calendar = sgn_json_str(row, "calendar");
        const char *reason = sgn_json_str(row, "reason");
        json_t *hours = json_object_get(row, "hours");

        if (json_object_get(*out, calendar) == NULL)
            json_object_set_new(*out, calendar, json_object());
        day = json_pack("{s:o, s:s*}", "hours",
                        hours != NULL && !json_is_null(hours) ? json_incref(hours) : json_array(),
                        "why", reason != NULL && reason[0] != '\0' ? reason : NULL);
        if (json_object_set_new(json_object_get(*out, calendar), sgn_json_str(row, "date"), day) !=
            0)
            st = sgn_nomem(err);
    }
    return *out != NULL ? st : sgn_nomem(err);
}

/* The team's exceptions with what the run has staged. */
static enum sgn_status
exceptions(struct lane_run *run, json_t **out, struct sgn_error *err)
{
    json_t *rows = NULL;
    enum sgn_status st = lane_row_list(run, STORE_EXCEPTION, NULL, &rows, err);

    *out = NULL;
    if (st == SGN_OK)
        st = by_calendar(rows, out, err);
    json_decref(rows);
    return st;
}

static enum sgn_status
compile(const json_t *declared, const json_t *dates, struct calendar **out, struct sgn_error *err)
{
    json_t *json = json_copy(json_object_get(declared, "calendar"));
    enum sgn_status st = SGN_OK;

    *out = NULL;
    if (json == NULL ||
        (dates != NULL && json_object_set(json, "exceptions", (json_t *)dates) != 0))
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = calendar_parse(json, NULL, out, err);
    json_decref(json);
    return st;
}

/* Of a load that changed the hours an old exception may not be right any more: "like Saturday"
 * where Saturday is closed now. Then the calendar goes without its exceptions, and the log
 * says so. */
static enum sgn_status
compile_or_without(const char *team, const json_t *declared, const json_t *dates,
                   struct calendar **out, struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    enum sgn_status st = compile(declared, dates, out, &why);

    if (st == SGN_INVALID) {
        sgn_log(SGN_LOG_ERROR, "exceptions left out", "team", team, "calendar",
                sgn_json_str(declared, "name"), "why", why.message, NULL);
        st = compile(declared, NULL, out, err);
    } else if (st != SGN_OK) {
        sgn_error_move(err, &why);
    }
    sgn_error_clear(&why);
    return st;
}

static enum sgn_status
compile_kept(struct kept *kept, const json_t *declared, const json_t *dates, struct sgn_error *err)
{
    struct calendar *calendar = NULL;
    enum sgn_status st = compile_or_without(kept->team, declared, dates, &calendar, err);

    if (st == SGN_OK)
        kept->items[kept->core.n++] =
            (struct core_calendar){ .name = sgn_json_str(declared, "name"), .calendar = calendar };
    return st;
}

/* For a team that declares none: every hour counts. */
static enum sgn_status
compile_round(struct kept *kept, const struct calendar_zone *zone, struct sgn_error *err)
{
    json_t *json = json_pack("{s:{s:[s]}}", "hours", "every_day", "00:00-24:00");
    struct calendar *calendar = NULL;
    enum sgn_status st = json != NULL ? calendar_parse(json, zone, &calendar, err) : sgn_nomem(err);

    json_decref(json);
    kept->core.round = calendar;
    return st;
}

static enum sgn_status
compile_all(struct lane_run *run, struct kept *kept, struct sgn_error *err)
{
    const struct lane_team *team = lane_site_team(run->lane->site, run->team);
    const json_t *one;
    json_t *dates = NULL;
    size_t i;
    enum sgn_status st = exceptions(run, &dates, err);

    kept_clear(kept);
    /* A copy: a snapshot's values are let go by whichever thread held it last. */
    kept->names = team != NULL ? json_deep_copy(team->calendars) : NULL;
    kept->items = calloc(json_array_size(kept->names) + 1, sizeof *kept->items);
    if (st == SGN_OK && kept->items == NULL)
        st = sgn_nomem(err);
    kept->core.items = kept->items;
    json_array_foreach(kept->names, i, one)
        if (st == SGN_OK)
            st = compile_kept(kept, one, json_object_get(dates, sgn_json_str(one, "name")), err);
    if (st == SGN_OK)
        st = compile_round(
            kept, team != NULL && team->team != NULL ? team->team->zone : calendar_zone_get("UTC"),
            err);
    kept->stale = st != SGN_OK || !lane_team_known(run->lane, run->team);
    json_decref(dates);
    return st;
}

enum sgn_status
lane_calendars_of(struct lane_run *run, const struct core_calendars **out, struct sgn_error *err)
{
    struct lane_calendars *all = run->lane->calendars;
    struct kept *kept = all->first;
    enum sgn_status st = SGN_OK;

    *out = NULL;
    while (kept != NULL && strcmp(kept->team, run->team) != 0)
        kept = kept->next;
    if (kept == NULL) {
        kept = calloc(1, sizeof *kept);
        if (kept == NULL)
            return sgn_nomem(err);
        sgn_text_copy(kept->team, sizeof kept->team, run->team);
        kept->stale = true;
        kept->next = all->first;
        all->first = kept;
    }
    if (kept->stale)
        st = compile_all(run, kept, err);
    if (st == SGN_OK)
        *out = &kept->core;
    return st;
}

/* The declared calendar of that name, the team's own for NULL; or NULL. */
static const json_t *
find_declared(const struct lane_team *team, const char *name)
{
    const json_t *one;
    size_t i;

    json_array_foreach(team != NULL ? team->calendars : NULL, i, one)
        if (name == NULL || strcmp(sgn_json_str(one, "name"), name) == 0)
            return one;
    return NULL;
}

static enum sgn_status
no_calendar(const char *name, struct sgn_error *err)
{
    return sgn_fail(err, SGN_NOT_FOUND, "there is no calendar '%.64s'", name != NULL ? name : "");
}

enum sgn_status
lane_calendar_read(struct lane *lane, struct store_reader *reader, const char *team,
                   const char *name, struct calendar **out, struct sgn_error *err)
{
    const struct lane_site *site = lane_site_ref(lane);
    /* A copy: see compile_all(). */
    json_t *declared = json_deep_copy(find_declared(lane_site_team(site, team), name));
    json_t *match = json_pack("{s:s*}", "calendar", sgn_json_str(declared, "name"));
    json_t *rows = NULL, *dates = NULL;
    enum sgn_status st = declared != NULL ? SGN_OK : no_calendar(name, err);

    *out = NULL;
    lane_site_free(lane, site);
    if (st == SGN_OK)
        st =
            store_row_list(reader, STORE_EXCEPTION, team, match, NULL, EXCEPTIONS_MOST, &rows, err);
    if (st == SGN_OK)
        st = by_calendar(rows, &dates, err);
    if (st == SGN_OK)
        st = compile_or_without(team, declared,
                                json_object_get(dates, sgn_json_str(declared, "name")), out, err);
    json_decref(declared);
    json_decref(match);
    json_decref(rows);
    json_decref(dates);
    return st;
}

enum sgn_status
lane_calendar_make(struct lane_run *run, const char *name, struct calendar **out,
                   struct sgn_error *err)
{
    const struct lane_team *team = lane_site_team(run->lane->site, run->team);
    const json_t *found = find_declared(team, name);
    json_t *dates = NULL;
    enum sgn_status st;

    *out = NULL;
    if (found == NULL)
        return no_calendar(name, err);
    st = exceptions(run, &dates, err);
    if (st == SGN_OK)
        st = compile(found, json_object_get(dates, sgn_json_str(found, "name")), out, err);
    json_decref(dates);
    return st;
}

enum sgn_status
lane_calendars_digest(const json_t *declared, char out[SGN_HASH_HEX], struct sgn_error *err)
{
    struct sgn_buf text;
    enum sgn_status st;

    sgn_buf_init(&text, (size_t)64 << 20);
    st = sgn_json_canonical(&text, declared, err);
    if (st == SGN_OK)
        sgn_sha256(text.bytes, text.len, out);
    sgn_buf_deinit(&text);
    return st;
}
