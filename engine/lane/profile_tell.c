/* SPDX-License-Identifier: Apache-2.0 */
/* A profile as JSON: sums of teams, and of one team its workflows, events and functions, each list
 * with what took most at its head. */
#include "profile_internal.h"

#include "held.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

struct line {
    int64_t weight; /* what it is sorted by */
    json_t *json;
};

struct lines {
    struct line *items;
    size_t n, max;
    bool failed;
};

static void
lines_add(struct lines *lines, int64_t weight, json_t *json_take)
{
    if (lines->n == lines->max) {
        size_t max = lines->max == 0 ? 64 : 2 * lines->max;
        struct line *items = realloc(lines->items, max * sizeof *items);

        if (items == NULL) {
            lines->failed = true;
            json_decref(json_take);
            return;
        }
        lines->items = items;
        lines->max = max;
    }
    lines->failed = lines->failed || json_take == NULL;
    lines->items[lines->n++] = (struct line){ weight, json_take };
}

static int
heavier(const void *a, const void *b)
{
    const struct line *left = a, *right = b;

    return (left->weight < right->weight) - (left->weight > right->weight);
}

/* The heaviest of them, at most so many; NULL without memory. Lets go of the rest. */
static json_t *
lines_end(struct lines *lines, int most)
{
    json_t *out = lines->failed ? NULL : json_array();

    if (lines->n > 1)
        qsort(lines->items, lines->n, sizeof *lines->items, heavier);
    for (size_t i = 0; i < lines->n; i++)
        if (out != NULL && (int)i < most)
            (void)json_array_append_new(out, lines->items[i].json);
        else
            json_decref(lines->items[i].json);
    free(lines->items);
    return out;
}

static json_int_t
us(int64_t ns)
{
    return (json_int_t)((ns + 500) / 1000);
}

static void
add_commands(json_t *json, const struct profile_commands *sum)
{
    (void)json_object_set_new(json, "commands", json_integer((json_int_t)sum->commands));
    (void)json_object_set_new(json, "refused", json_integer((json_int_t)sum->refused));
    (void)json_object_set_new(json, "decide_us", json_integer(us(sum->decide_ns)));
    (void)json_object_set_new(json, "wait_us", json_integer(us(sum->wait_ns)));
}

static void
add_calls(json_t *json, const struct profile_calls *sum)
{
    (void)json_object_set_new(json, "calls", json_integer((json_int_t)sum->calls));
    (void)json_object_set_new(json, "errors", json_integer((json_int_t)sum->errors));
    (void)json_object_set_new(json, "steps", json_integer((json_int_t)sum->steps));
    (void)json_object_set_new(json, "rules_us", json_integer(us(sum->ns)));
    (void)json_object_set_new(json, "slowest_us", json_integer(us(sum->slowest_ns)));
}

static json_t *
named(const struct profile_version *version)
{
    bool hooks = version->workflow[0] == '\0';

    return json_pack("{s:s?, s:o}", "workflow", hooks ? NULL : version->workflow, "version",
                     hooks ? json_null() : json_integer((json_int_t)version->number));
}

/* ---- of one team ---- */

static void
tell_events(const struct profile_version *version, struct lines *lines,
            struct profile_commands *sum)
{
    for (int i = 0; i < version->n_events; i++) {
        const struct profile_event *event = &version->events[i];
        json_t *json = named(version);

        (void)json_object_set_new(json, "kind", json_string(core_kind_name(event->kind)));
        (void)json_object_set_new(json, "event",
                                  event->name[0] != '\0' ? json_string(event->name) : json_null());
        add_commands(json, &event->sum);
        lines_add(lines, event->sum.decide_ns + event->sum.wait_ns, json);
        sum->commands += event->sum.commands;
        sum->refused += event->sum.refused;
        sum->decide_ns += event->sum.decide_ns;
        sum->wait_ns += event->sum.wait_ns;
    }
}

static void
tell_rules(const struct profile_version *version, struct lines *lines, struct profile_calls *sum)
{
    for (int i = 0; i <= version->n_rules; i++) {
        const struct profile_rule *rule = &version->rules[i];
        char place[LANE_PROFILE_RULE];
        json_t *json;

        if (rule->sum.calls == 0)
            continue;
        json = named(version);
        (void)json_object_set_new(json, "rule",
                                  json_string(lane_profile_rule(version, rule, place)));
        add_calls(json, &rule->sum);
        (void)json_object_set_new(
            json, "slowest",
            rule->sum.slowest_ns == 0
                ? json_null()
                : json_pack("{s:s?, s:I, s:I}", "case",
                            rule->slowest_case[0] != '\0' ? rule->slowest_case : NULL, "steps",
                            (json_int_t)rule->slowest_steps, "at", (json_int_t)rule->slowest_at));
        lines_add(lines, rule->sum.ns, json);
        sum->calls += rule->sum.calls;
        sum->errors += rule->sum.errors;
        sum->steps += rule->sum.steps;
        sum->ns += rule->sum.ns;
        if (rule->sum.slowest_ns > sum->slowest_ns)
            sum->slowest_ns = rule->sum.slowest_ns;
    }
}

static void
tell_one(const struct lane_profile *profile, const struct profile_team *team, int most, json_t *out)
{
    struct lines workflows = { 0 }, events = { 0 }, rules = { 0 };

    for (int i = 0; i < LANE_PROFILE_VERSIONS; i++) {
        const struct profile_version *version = profile->places[i];
        struct profile_commands commands = { 0 };
        struct profile_calls calls = { 0 };
        json_t *json;

        if (version == NULL || version->team != team)
            continue;
        tell_events(version, &events, &commands);
        tell_rules(version, &rules, &calls);
        json = named(version);
        add_commands(json, &commands);
        add_calls(json, &calls);
        lines_add(&workflows, commands.decide_ns + commands.wait_ns, json);
    }
    (void)json_object_set_new(out, "workflows", lines_end(&workflows, most));
    (void)json_object_set_new(out, "events", lines_end(&events, most));
    (void)json_object_set_new(out, "rules", lines_end(&rules, most));
}

/* ---- all ---- */

json_t *
lane_profile_tell(struct lane_run *run, const char *team, int most)
{
    const struct lane_profile *profile = run->lane->profile;
    struct lines teams = { 0 };
    json_t *out = json_object();

    for (const struct profile_team *at = profile->teams; at != NULL; at = at->next) {
        json_t *json;

        if (team != NULL && strcmp(team, at->name) != 0)
            continue;
        json = json_pack("{s:s, s:i}", "team", at->name, "parked",
                         lane_waits_of(run->lane, at->name)->parked);
        add_commands(json, &at->commands);
        add_calls(json, &at->calls);
        if (team != NULL)
            tell_one(profile, at, most, json);
        lines_add(&teams, at->commands.decide_ns + at->commands.wait_ns, json);
    }
    (void)json_object_set_new(
        out, "since", json_integer((json_int_t)(profile->began != 0 ? profile->began : run->now)));
    (void)json_object_set_new(out, "teams", lines_end(&teams, LANE_PROFILE_VERSIONS));
    return out;
}
