/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Working calendars for a world, and times as people write them.
 *
 * office is the team's own: Shanghai, 09:00-12:00 and 13:30-18:00 from Monday to Friday, so 7.5
 * hours a day. berlin is open from 08:00 to 17:00. Days differ only where a test says so.
 */
#ifndef CORE_CLOCKS_H
#define CORE_CLOCKS_H

#include "world.h"

struct clocks {
    struct core_calendar items[2];
    struct core_calendars all;
    struct calendar *office, *berlin, *round;
};

static inline struct calendar *
clocks_calendar(const char *text)
{
    struct calendar *calendar = NULL;
    struct sgn_error err = { 0 };
    json_t *value = json(text);

    if (calendar_parse(value, NULL, &calendar, &err) != SGN_OK)
        fail_msg("calendar: %s", err.message);
    json_decref(value);
    return calendar;
}

/* exceptions: of the office, "{'2026-01-06': []}". */
static inline void
clocks_init(struct clocks *clocks, const char *exceptions)
{
    char office[1024];

    snprintf(office, sizeof(office),
             "{'timezone': 'Asia/Shanghai', 'hours': {'monday_to_friday':"
             " ['09:00-12:00', '13:30-18:00']}, 'exceptions': %s}",
             exceptions);
    clocks->office = clocks_calendar(office);
    clocks->berlin = clocks_calendar("{'timezone': 'Europe/Berlin',"
                                     " 'hours': {'monday_to_friday': ['08:00-17:00']}}");
    clocks->round = clocks_calendar("{'timezone': 'Asia/Shanghai',"
                                    " 'hours': {'every_day': ['00:00-24:00']}}");
    clocks->items[0] = (struct core_calendar){ "office", clocks->office };
    clocks->items[1] = (struct core_calendar){ "berlin", clocks->berlin };
    clocks->all = (struct core_calendars){ clocks->items, 2, clocks->round };
}

static inline void
clocks_deinit(struct clocks *clocks)
{
    calendar_free(clocks->office);
    calendar_free(clocks->berlin);
    calendar_free(clocks->round);
}

/* "2026-01-09 15:00" in Shanghai; with an offset behind it, there. */
static inline int64_t
when(const char *text)
{
    char full[64];
    int64_t ms = 0;

    snprintf(full, sizeof(full), "%.10sT%.5s:00%s", text, text + 11,
             strlen(text) > 16 ? text + 16 : "+08:00");
    if (sgn_time_parse(full, &ms, NULL) != SGN_OK)
        fail_msg("no time: %s", text);
    return ms;
}

#define assert_when(ms, text)                                                                      \
    do {                                                                                           \
        char got_[SGN_TIME_TEXT];                                                                  \
        int64_t ms_ = (ms);                                                                        \
        if (ms_ != when(text))                                                                     \
            fail_msg("%s is %s, expected %s", #ms, sgn_time_format(ms_, 8 * 3600, got_), text);    \
    } while (0)

/* When a deadline of the world is due; 0: it is not. */
static inline int64_t
due_of(struct world *w, const char *name)
{
    return sgn_json_int(world_deadline(w, name), "due", 0);
}

/* A world with these calendars, in which mei has opened a case at that time. */
static inline struct world *
opened_at(const char *model, struct clocks *clocks, const char *time)
{
    struct world *w = world_new(model);

    w->calendars = &clocks->all;
    w->now = when(time);
    assert_ok(w, world_open(w, "mei", "{}"));
    return w;
}

/* A workflow with one state and one deadline in it. */
static inline struct world *
within_at(struct clocks *clocks, const char *duration, const char *more, const char *time)
{
    char model[2048];

    snprintf(model, sizeof(model),
             "{'name': 'x', 'key': 'XX', 'version': 1, 'client': 'project',"
             " 'roles': ['pm', 'client'], 'states': ["
             "  {'name': 'open', 'kind': 'state', 'deadlines': ["
             "    {'name': 'open', 'duration': '%s', 'rungs': ["
             "      {'late': '0', 'actions': [{'remind': 'pm'}]}]%s}]}]}",
             duration, more);
    return opened_at(model, clocks, time);
}

#endif
