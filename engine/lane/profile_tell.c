/* SPDX-License-Identifier: Apache-2.0 */
/* A profile as JSON: sums of teams and the functions that took most; of one team its workflows,
 * events and functions, with what took most at the head of each list. */
#include "profile_internal.h"

#include "held.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

struct line {
    int64_t weight; /* what it is sorted by */
    const struct profile_version *version;
    int index; /* of its row; of a version's own line -1 */
};

struct lines {
    struct line *items;
    size_t n, max;
    bool failed;
};

static void
lines_add(struct lines *lines, int64_t weight, const struct profile_version *version, int index)
{
    if (lines->n == lines->max) {
        size_t max = lines->max == 0 ? 64 : 2 * lines->max;
        struct line *items = realloc(lines->items, max * sizeof *items);

        if (items == NULL) {
            lines->failed = true;
            return;
        }
        lines->items = items;
        lines->max = max;
    }
    lines->items[lines->n++] = (struct line){ weight, version, index };
}

static int
heavier(const void *a, const void *b)
{
    const struct line *left = a, *right = b;

    return (left->weight < right->weight) - (left->weight > right->weight);
}

/* The heaviest of them as JSON, at most so many; NULL without memory. */
static json_t *
lines_end(struct lines *lines, int most, json_t *(*tell)(const struct line *line))
{
    json_t *out = lines->failed ? NULL : json_array();

    if (lines->n > 1)
        qsort(lines->items, lines->n, sizeof *lines->items, heavier);
    for (size_t i = 0; out != NULL && i < lines->n && (int)i < most; i++)
        (void)json_array_append_new(out, tell(&lines->items[i]));
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

/* ---- lines ---- */

static json_t *
tell_event(const struct line *line)
{
    const struct profile_event *event = &line->version->events[line->index];
    json_t *json = named(line->version);

    (void)json_object_set_new(json, "kind", json_string(core_kind_name(event->kind)));
    (void)json_object_set_new(json, "event",
                              event->name[0] != '\0' ? json_string(event->name) : json_null());
    add_commands(json, &event->sum);
    return json;
}

static json_t *
tell_rule(const struct line *line)
{
    const struct profile_rule *rule = &line->version->rules[line->index];
    const char *slowest = rule->slowest_case[0] != '\0' ? rule->slowest_case : NULL;
    json_t *json = named(line->version), *when = json_null();
    char place[LANE_PROFILE_RULE];

    if (rule->sum.slowest_ns > 0)
        when = json_pack("{s:s?, s:I, s:I}", "case", slowest, "steps",
                         (json_int_t)rule->slowest_steps, "at", (json_int_t)rule->slowest_at);
    (void)json_object_set_new(json, "team", json_string(line->version->team->name));
    (void)json_object_set_new(json, "rule",
                              json_string(lane_profile_rule(line->version, rule, place)));
    add_calls(json, &rule->sum);
    (void)json_object_set_new(json, "slowest", when);
    return json;
}

static json_t *
tell_version(const struct line *line)
{
    const struct profile_version *version = line->version;
    struct profile_commands commands = { 0 };
    struct profile_calls calls = { 0 };
    json_t *json = named(version);

    for (int i = 0; i < version->n_events; i++) {
        const struct profile_commands *sum = &version->events[i].sum;

        commands.commands += sum->commands;
        commands.refused += sum->refused;
        commands.decide_ns += sum->decide_ns;
        commands.wait_ns += sum->wait_ns;
    }
    for (int i = 0; i <= version->n_rules; i++) {
        const struct profile_calls *sum = &version->rules[i].sum;

        calls.calls += sum->calls;
        calls.errors += sum->errors;
        calls.steps += sum->steps;
        calls.ns += sum->ns;
        calls.slowest_ns = sum->slowest_ns > calls.slowest_ns ? sum->slowest_ns : calls.slowest_ns;
    }
    add_commands(json, &commands);
    add_calls(json, &calls);
    return json;
}

/* ---- lists ---- */

/* What of a version is told, in lines: its functions that were called, its events, itself. */
static void
add_lines(const struct profile_version *version, struct lines *rules, struct lines *events,
          struct lines *workflows)
{
    int64_t sum = 0;

    for (int i = 0; i <= version->n_rules; i++)
        if (version->rules[i].sum.calls > 0)
            lines_add(rules, version->rules[i].sum.ns, version, i);
    for (int i = 0; events != NULL && i < version->n_events; i++) {
        int64_t weight = version->events[i].sum.decide_ns + version->events[i].sum.wait_ns;

        lines_add(events, weight, version, i);
        sum += weight;
    }
    if (workflows != NULL)
        lines_add(workflows, sum, version, -1);
}

static void
tell_one(const struct lane_profile *profile, const struct profile_team *team, int most, json_t *out)
{
    struct lines workflows = { 0 }, events = { 0 }, rules = { 0 };

    for (int i = 0; i < LANE_PROFILE_VERSIONS; i++)
        if (profile->places[i] != NULL && profile->places[i]->team == team)
            add_lines(profile->places[i], &rules, &events, &workflows);
    (void)json_object_set_new(out, "workflows", lines_end(&workflows, most, tell_version));
    (void)json_object_set_new(out, "events", lines_end(&events, most, tell_event));
    (void)json_object_set_new(out, "rules", lines_end(&rules, most, tell_rule));
}

static json_t *
tell_rules(const struct lane_profile *profile, int most)
{
    struct lines rules = { 0 };

    for (int i = 0; i < LANE_PROFILE_VERSIONS; i++)
        if (profile->places[i] != NULL)
            add_lines(profile->places[i], &rules, NULL, NULL);
    return lines_end(&rules, most, tell_rule);
}

/* ---- all ---- */

static json_t *
tell_team(struct lane_run *run, const struct profile_team *team)
{
    json_t *json = json_pack("{s:s, s:i}", "team", team->name, "parked",
                             lane_waits_of(run->lane, team->name)->parked);

    add_commands(json, &team->commands);
    add_calls(json, &team->calls);
    return json;
}

json_t *
lane_profile_tell(struct lane_run *run, const char *team, int most)
{
    const struct lane_profile *profile = run->lane->profile;
    json_t *out = json_object(), *teams = json_array();

    for (const struct profile_team *at = profile->teams; at != NULL; at = at->next) {
        json_t *json;

        if (team != NULL && strcmp(team, at->name) != 0)
            continue;
        json = tell_team(run, at);
        if (team != NULL)
            tell_one(profile, at, most, json);
        (void)json_array_append_new(teams, json);
    }
    (void)json_object_set_new(
        out, "since", json_integer((json_int_t)(profile->began != 0 ? profile->began : run->now)));
    (void)json_object_set_new(out, "teams", teams);
    if (team == NULL)
        (void)json_object_set_new(out, "rules", tell_rules(profile, most));
    return out;
}
