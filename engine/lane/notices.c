/* SPDX-License-Identifier: Apache-2.0 */
/* How persons are told, see notices.h; and, on the lane, what becomes of one message. */
#include "notices.h"

#include "calendar.h"
#include "calendars.h"
#include "json.h"
#include "lane_internal.h"
#include "zone.h"
#include <string.h>

#define MINUTE_MS 60000
#define HOUR_MS   3600000
#define DAY_MS    86400000

static const char *const names[LANE_NOTICES] = { "asked", "reminders", "news", "escalations" };
static const char *const prefixes[LANE_BOXES] = { "mail/", "digest/", "hourly/", "daily/" };

const char *
lane_notice_name(enum lane_notice notice)
{
    return names[notice];
}

const char *
lane_box_prefix(enum lane_box box)
{
    return prefixes[box];
}

static bool
is_one_of(const char *text, const char *const *words)
{
    while (text != NULL && *words != NULL && strcmp(text, *words) != 0)
        words++;
    return text != NULL && *words != NULL;
}

bool
lane_notice_is_way(const char *way)
{
    static const char *const ways[] = { "mail", "hourly", "daily", "console", NULL };

    return is_one_of(way, ways);
}

int
lane_notice_time(const char *text)
{
    static const char digits[] = "0123456789";
    int hour, minute;

    if (text == NULL || strlen(text) != 5 || text[2] != ':' || strspn(text, digits) != 2 ||
        strspn(text + 3, digits) != 2)
        return -1;
    hour = (text[0] - '0') * 10 + text[1] - '0';
    minute = (text[3] - '0') * 10 + text[4] - '0';
    return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

json_t *
lane_notices_view(const json_t *person)
{
    const json_t *set = json_object_get(person, "notices");
    const char *daily_at = sgn_json_str(set, "daily_at");
    json_t *view = json_object();
    int bad = view == NULL;

    for (int i = 0; i < LANE_NOTICES; i++)
        bad |= json_object_set_new(view, names[i],
                                   sgn_json_string_or_null(sgn_json_str(set, names[i])));
    bad |= json_object_set_new(view, "daily_at",
                               json_string(daily_at != NULL ? daily_at : LANE_NOTICE_DAILY_AT));
    if (bad == 0)
        return view;
    json_decref(view);
    return NULL;
}

enum lane_box
lane_box_of(const json_t *message, bool gathers)
{
    const char *way = sgn_json_str(message, "way"), *kind = sgn_json_str(message, "kind");

    if (way == NULL)
        return gathers && kind != NULL && strcmp(kind, "remind") == 0 ? LANE_BOX_REMINDERS
                                                                      : LANE_BOX_AT_ONCE;
    if (strcmp(way, "hourly") == 0)
        return LANE_BOX_HOURLY;
    if (strcmp(way, "daily") == 0)
        return LANE_BOX_DAILY;
    return strcmp(way, "console") == 0 ? LANE_BOXES : LANE_BOX_AT_ONCE;
}

/* ---- what becomes of one ---- */

static enum lane_notice
notice_of(const json_t *effect)
{
    static const char *const asking[] = { "offered", "voided", NULL };
    static const char *const calling[] = {
        "stuck", "failed", "unopened", "endpoint_gone", "client_ended", "endpoint_failing", NULL
    };
    const char *kind = sgn_json_str(effect, "kind");

    if (kind != NULL && strcmp(kind, "remind") == 0)
        return LANE_NOTICE_REMINDERS;
    if (is_one_of(kind, asking))
        return LANE_NOTICE_ASKED;
    return is_one_of(kind, calling) || sgn_json_str(effect, "deadline") != NULL
               ? LANE_NOTICE_ESCALATIONS
               : LANE_NOTICE_NEWS;
}

/* Does an approval with a deadline wait for the person in that case? */
static bool
must_be_told(const json_t *row, const char *person)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(row, "waiting"), i, item) {
        const char *kind = sgn_json_str(item, "kind"), *who = sgn_json_str(item, "person");

        if (kind != NULL && strcmp(kind, "approval") == 0 && who != NULL &&
            strcmp(who, person) == 0 && sgn_json_int(item, "due", 0) > 0)
            return true;
    }
    return false;
}

/* The next full hour by the clock of the zone. */
static int64_t
next_hour(const struct calendar_zone *zone, int64_t at)
{
    int64_t wall = at + calendar_zone_offset(zone, at) * INT64_C(1000);

    return calendar_zone_instant(zone, (wall / HOUR_MS + 1) * HOUR_MS);
}

/* The next time that the clock says so on a working day; without a calendar each day is one. */
static int64_t
next_day(const struct calendar *calendar, const struct calendar_zone *zone, int minutes, int64_t at)
{
    int64_t wall = at + calendar_zone_offset(zone, at) * INT64_C(1000);
    int64_t midnight = wall - wall % DAY_MS, first = 0;

    for (int day = 0; day <= CALENDAR_CLOSED_MOST; day++) {
        int64_t then =
            calendar_zone_instant(zone, midnight + day * INT64_C(86400000) + minutes * MINUTE_MS);

        if (then <= at)
            continue;
        first = first == 0 ? then : first;
        if (calendar == NULL || calendar_is_workday(calendar, then))
            return then;
    }
    return first;
}

static enum sgn_status
due_of(struct lane_run *run, const json_t *set, bool daily, int64_t at, int64_t *out,
       struct sgn_error *err)
{
    const struct calendar_zone *zone = lane_team_zone(run->lane, run->team);
    const struct core_calendars *calendars = NULL;
    const char *text = sgn_json_str(set, "daily_at");
    int minutes = lane_notice_time(text != NULL ? text : LANE_NOTICE_DAILY_AT);
    enum sgn_status st;

    if (!daily) {
        *out = next_hour(zone, at);
        return SGN_OK;
    }
    st = lane_calendars_of(run, &calendars, err);
    if (st == SGN_OK)
        *out = next_day(calendars->n > 0 ? calendars->items[0].calendar : NULL, zone,
                        minutes >= 0 ? minutes : 0, at);
    return st;
}

enum sgn_status
lane_notice_fix(struct lane_run *run, const struct lane_entry *entry, const json_t *effect,
                const char *person, struct lane_notice_way *out, struct sgn_error *err)
{
    const char *kind = sgn_json_str(effect, "kind"), *way;
    const json_t *row = NULL, *set;
    char fact[16 + SGN_KEY_MAX];
    enum sgn_status st;

    *out = (struct lane_notice_way){ 0 };
    if (kind != NULL && strcmp(kind, "login") == 0)
        return SGN_OK;
    sgn_text_join(fact, sizeof fact, "person:", person);
    st = lane_fact(run, fact, &row, err);
    set = json_object_get(row, "notices");
    way = sgn_json_str(set, names[notice_of(effect)]);
    if (st != SGN_OK || way == NULL || must_be_told(entry->row, person))
        return st;
    if (strcmp(way, "hourly") == 0 || strcmp(way, "daily") == 0)
        st = due_of(run, set, strcmp(way, "daily") == 0, entry->at, &out->due, err);
    if (st == SGN_OK)
        sgn_text_copy(out->way, sizeof out->way, way);
    return st;
}
