/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of schedules share. Times are minutes after Monday 2026-01-05 09:00 in Shanghai,
 * where the team is; so Friday 16:00 is 6180 minutes later, and a week is 10080.
 */
#ifndef LANE_SCHEDULES_H
#define LANE_SCHEDULES_H

#include "world.h"

/* The team declares these schedules from the next load on, in this zone. */
static inline void
declare(struct world *w, const char *schedules, const char *zone)
{
    json_t *answer = world_answer(world_model()), *team = json_object_get(answer, "team");

    json_object_set_new(team, "schedules", quoted(schedules));
    if (zone != NULL)
        json_object_set_new(team, "timezone", json_string(zone));
    world_set_answer(w, answer);
}

static inline void
reload(struct world *w)
{
    assert_done(world_ask(w, &(struct ask){ .person = "li",
                                            .run = lane_reload,
                                            .method = "workflow.reload",
                                            .access = CORE_LEAD }));
}

static inline void
put(struct world *w, const char *table, const char *row)
{
    char params[512];

    snprintf(params, sizeof params, "{'table': '%s', 'row': %s}", table, row);
    assert_done(world_ask(
        w,
        &(struct ask){ .person = "li", .run = run_put, .method = "test.put", .params = params }));
}

static inline json_t *
schedule_row(struct world *w, const char *name)
{
    json_t *rows = world_rows(w, STORE_SCHEDULE), *row, *found = NULL;
    size_t i;

    json_array_foreach(rows, i, row)
        if (strcmp(sgn_json_str(row, "name"), name) == 0)
            found = json_incref(row);
    json_decref(rows);
    return found;
}

static inline void
assert_next(struct world *w, const char *name, int64_t minutes)
{
    json_t *row = schedule_row(w, name);

    assert_non_null(row);
    assert_int_equal((sgn_json_int(row, "next", 0) - START) / MINUTE, minutes);
    json_decref(row);
}

/* What the n-th entry of kind schedule holds. */
static inline json_t *
entry_part(struct world *w, size_t n)
{
    json_t *history = world_history(w), *entry, *part = NULL;
    size_t i;

    json_array_foreach(json_object_get(history, "-"), i, entry)
        if (strcmp(sgn_json_str(entry, "kind"), "schedule") == 0 && n-- == 0)
            part = json_incref(json_object_get(entry, "internal"));
    json_decref(history);
    return part;
}

#endif
