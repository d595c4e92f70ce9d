/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clocks of a team's workflows: a calendar that a deadline names must be declared, and
 * working time wants a calendar at all. Only a whole team can be asked that, no single file.
 */
#include "dsl_internal.h"

#include "json.h"
#include <string.h>

#define DEPTH_MOST 200 /* of a model; a deeper one is refused before */

struct looking {
    const json_t *calendars;
    json_t *names; /* of them */
    json_t *mistakes;
    const char *file;
    bool warned;
    bool nomem;
};

static void
unknown_clock(struct looking *looking, const char *clock, int line)
{
    const char *near = sgn_nearest_json(clock, looking->names);
    char message[DSL_MESSAGE_MAX];

    if (near != NULL)
        snprintf(message, sizeof message,
                 "clock = \"%s\": team.lua has no such calendar (did you mean \"%s\"?)", clock,
                 near);
    else
        snprintf(message, sizeof message,
                 "clock = \"%s\": expected \"team\", \"client\" or a calendar of team.lua", clock);
    if (!dsl_mistake(looking->mistakes, "error", looking->file, line, message, near) ||
        json_object_set_new(
            json_array_get(looking->mistakes, json_array_size(looking->mistakes) - 1), "id",
            json_string("unknown-clock")) != 0)
        looking->nomem = true;
}

/* Once for each file: what is missing is missing in team.lua. */
static void
no_calendar(struct looking *looking, int line)
{
    if (looking->warned || json_object_size(looking->calendars) > 0)
        return;
    looking->warned = true;
    if (!dsl_warning(looking->mistakes, "working-time", looking->file, line,
                     "working time without a calendar counts round the clock: add calendar \"...\" "
                     "to team.lua"))
        looking->nomem = true;
}

static bool
is_working(const json_t *duration)
{
    const char *text = json_string_value(duration);

    return text != NULL && (strstr(text, "workday") != NULL || strstr(text, "workhour") != NULL);
}

/* Durations stand under these names, and in the values of a per. */
static void
look_durations(struct looking *looking, const json_t *object, int line)
{
    static const char *const members[] = { "duration", "after", "late", "again" };
    const json_t *duration = json_object_get(object, "duration");
    const char *key;
    json_t *value;

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (is_working(json_object_get(object, members[i])))
            no_calendar(looking, line);
    json_object_foreach(json_object_get(duration, "values"), key, value) {
        if (is_working(value))
            no_calendar(looking, line);
    }
}

/* The model is a tree of objects and lists; the nearest line above is where a thing stands. */
static void
look(struct looking *looking, const json_t *value, int line, int depth)
{
    const char *clock = sgn_json_str(value, "clock"), *key;
    json_t *member;
    size_t i;

    if (depth > DEPTH_MOST)
        return;
    line = (int)sgn_json_int(value, "line", line);
    if (clock != NULL && json_object_get(value, "rungs") != NULL && strcmp(clock, "team") != 0 &&
        strcmp(clock, "client") != 0 && json_object_get(looking->calendars, clock) == NULL)
        unknown_clock(looking, clock, line);
    if (json_is_object(value))
        look_durations(looking, value, line);
    json_object_foreach((json_t *)value, key, member) {
        if (strcmp(key, "fields") != 0) /* names of the author's, not of the model's */
            look(looking, member, line, depth + 1);
    }
    json_array_foreach(value, i, member) {
        look(looking, member, line, depth + 1);
    }
}

enum sgn_status
dsl_check_clocks(const json_t *team, const json_t *workflows, json_t *mistakes,
                 struct sgn_error *err)
{
    struct looking looking = { .calendars = json_object_get(team, "calendars"),
                               .names = json_array(),
                               .mistakes = mistakes };
    const char *name;
    json_t *version, *calendar;

    if (looking.names == NULL)
        return sgn_nomem(err);
    json_object_foreach((json_t *)looking.calendars, name, calendar) {
        if (json_array_append_new(looking.names, json_string(name)) != 0)
            looking.nomem = true;
    }
    json_object_foreach((json_t *)workflows, name, version) {
        looking.file = sgn_json_str(version, "file");
        looking.warned = false;
        look(&looking, json_object_get(version, "model"), 1, 0);
    }
    json_decref(looking.names);
    return looking.nomem ? sgn_nomem(err) : SGN_OK;
}
