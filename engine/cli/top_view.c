/* SPDX-License-Identifier: Apache-2.0 */
/* Samples, and what lies between two of them. */
#include "top.h"

#include "clock.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

#define RULES_SHOWN 10

enum part {
    HEALTH,
    STATS,
    TEAMS,
    PROFILE,
    TIME
};

enum sgn_status
top_sample(struct client *client, json_t **out, struct sgn_error *err)
{
    json_t *requests =
        json_pack("[{s:s}, {s:s}, {s:s, s:{s:i}}, {s:s, s:{s:i}}]", "method", "server.health",
                  "method", "admin.stats", "method", "admin.teams", "params", "limit", 500,
                  "method", "admin.profile", "params", "limit", RULES_SHOWN);
    json_t *answers = NULL, *answer, *sample = json_array();
    enum sgn_status st = client_batch(client, requests, &answers, err);
    size_t i;

    json_array_foreach(answers, i, answer) {
        json_t *error = json_object_get(answer, "error");

        if (st == SGN_OK && error != NULL)
            st = client_error(error, err);
        (void)json_array_append(sample, json_object_get(answer, "result"));
    }
    (void)json_array_append_new(sample, json_integer((json_int_t)sgn_monotonic_ms()));
    json_decref(requests);
    json_decref(answers);
    if (st == SGN_OK)
        *out = sample;
    else
        json_decref(sample);
    return st;
}

/* ---- rates ---- */

struct span {
    const json_t *now, *before; /* samples; before may be NULL */
    double seconds;
};

/* What grew from one to the other, a second. */
static json_t *
rate(const struct span *span, const json_t *now, const json_t *before, const char *member)
{
    double grown = (double)(sgn_json_int(now, member, 0) - sgn_json_int(before, member, 0));

    if (span->before == NULL || span->seconds <= 0)
        return json_null();
    /* Less than before: it is another server that answers now. */
    return json_real(grown < 0 ? 0 : grown / span->seconds);
}

static const json_t *
member(const json_t *sample, enum part part, const char *name)
{
    return json_object_get(json_array_get(sample, part), name);
}

static json_t *
server_of(const struct span *span)
{
    const json_t *engine = member(span->now, HEALTH, "engine");
    const json_t *engine_before = member(span->before, HEALTH, "engine");
    const json_t *health = json_array_get(span->now, HEALTH);

    return json_pack("{s:O?, s:O?, s:O?, s:O?, s:O?, s:O?, s:O?, s:o, s:o, s:o, s:o, s:o}",
                     "connections", json_object_get(health, "connections"), "connections_max",
                     json_object_get(health, "connections_max"), "requests",
                     json_object_get(health, "requests"), "queue", json_object_get(engine, "queue"),
                     "queries", json_object_get(engine, "queries"), "parked",
                     json_object_get(engine, "parked"), "stuck", json_object_get(engine, "stuck"),
                     "commands", rate(span, engine, engine_before, "jobs"), "refused",
                     rate(span, engine, engine_before, "refused"), "commits",
                     rate(span, engine, engine_before, "batches"), "fired",
                     rate(span, engine, engine_before, "fired"), "overloaded",
                     rate(span, member(span->now, STATS, "connections"),
                          member(span->before, STATS, "connections"), "overloaded"));
}

/* ---- teams ---- */

/* The item of a list that is this team's; NULL: there is none. */
static const json_t *
of_team(const json_t *list, const char *team)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item) {
        const char *name = sgn_json_str(item, "team");

        if (name != NULL && strcmp(name, team) == 0)
            return item;
    }
    return NULL;
}

static int64_t
grown(const json_t *now, const json_t *before, const char *member)
{
    int64_t by = sgn_json_int(now, member, 0) - sgn_json_int(before, member, 0);

    return by > 0 ? by : 0;
}

static json_t *
team_of(const struct span *span, const json_t *team)
{
    const char *name = sgn_json_str(team, "team");
    const json_t *profile = of_team(member(span->now, PROFILE, "teams"), name);
    const json_t *profile_before = of_team(member(span->before, PROFILE, "teams"), name);
    int64_t commands = grown(profile, profile_before, "commands");
    bool measured = span->before != NULL && span->seconds > 0;
    json_t *wait =
        measured && commands > 0
            ? json_integer((json_int_t)(grown(profile, profile_before, "wait_us") / commands))
            : json_null();
    json_t *share =
        measured
            ? json_real((double)grown(profile, profile_before, "rules_us") / 1e6 / span->seconds)
            : json_null();

    return json_pack(
        "{s:s, s:O?, s:o, s:o, s:o, s:o, s:o, s:I, s:O?}", "team", name, "rules",
        json_object_get(team, "rules"), "entries",
        rate(span, team, of_team(member(span->before, TEAMS, "items"), name), "entries"),
        "commands", rate(span, profile, profile_before, "commands"), "refused",
        rate(span, profile, profile_before, "refused"), "wait_us", wait, "rules_share", share,
        "parked", (json_int_t)sgn_json_int(profile, "parked", 0), "deliveries",
        json_object_get(team, "deliveries"));
}

static double
weight(const json_t *team, enum top_order order)
{
    static const char *const members[] = { [TOP_BY_COMMANDS] = "commands",
                                           [TOP_BY_WAIT] = "wait_us",
                                           [TOP_BY_RULES] = "rules_share",
                                           [TOP_BY_PARKED] = "parked" };

    return json_number_value(json_object_get(team, members[order]));
}

struct ranked {
    json_t *team;
    const char *name;
    double weight;
};

/* The heaviest first; what weighs the same by name. */
static int
before_other(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;

    if (left->weight != right->weight)
        return left->weight > right->weight ? -1 : 1;
    return strcmp(left->name, right->name);
}

static json_t *
teams_of(const struct span *span, enum top_order order)
{
    const json_t *items = member(span->now, TEAMS, "items"), *item;
    size_t n = json_array_size(items), i;
    struct ranked *ranked = calloc(n + 1, sizeof *ranked);
    json_t *out = ranked != NULL ? json_array() : NULL;

    if (out == NULL) {
        free(ranked);
        return NULL;
    }
    json_array_foreach(items, i, item) {
        ranked[i].team = team_of(span, item);
        ranked[i].name = sgn_json_str(item, "team");
        ranked[i].weight = order == TOP_BY_NAME ? 0 : weight(ranked[i].team, order);
    }
    qsort(ranked, n, sizeof *ranked, before_other);
    for (i = 0; i < n; i++)
        (void)json_array_append_new(out, ranked[i].team);
    free(ranked);
    return out;
}

/* ---- rules ---- */

static json_t *
rules_of(const json_t *sample)
{
    json_t *out = json_array();
    const json_t *rule;
    size_t i;

    json_array_foreach(member(sample, PROFILE, "rules"), i, rule) {
        int64_t calls = sgn_json_int(rule, "calls", 1);

        (void)json_array_append_new(
            out,
            json_pack("{s:O?, s:O?, s:I, s:I, s:O?, s:O?}", "team", json_object_get(rule, "team"),
                      "rule", json_object_get(rule, "rule"), "calls", (json_int_t)calls, "mean_us",
                      (json_int_t)(sgn_json_int(rule, "rules_us", 0) / (calls > 0 ? calls : 1)),
                      "slowest_us", json_object_get(rule, "slowest_us"), "case",
                      json_object_get(json_object_get(rule, "slowest"), "case")));
    }
    return out;
}

json_t *
top_view(const json_t *sample, const json_t *before, enum top_order order)
{
    struct span span = { .now = sample, .before = before };
    int64_t ms = json_integer_value(json_array_get(sample, TIME));
    char at[SGN_TIME_TEXT];
    struct sgn_clock clock;

    sgn_clock_init_real(&clock);
    if (before != NULL)
        span.seconds = (double)(ms - json_integer_value(json_array_get(before, TIME))) / 1000;
    return json_pack("{s:s, s:o, s:O?, s:O?, s:o, s:o, s:o}", "at",
                     sgn_time_format(sgn_clock_now(&clock), 0, at), "seconds",
                     before != NULL ? json_real(span.seconds) : json_null(), "status",
                     member(sample, HEALTH, "status"), "alarms", member(sample, HEALTH, "alarms"),
                     "server", server_of(&span), "teams", teams_of(&span, order), "rules",
                     rules_of(sample));
}
