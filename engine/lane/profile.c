/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counting. A job costs two readings of the clock and a call of a function one look at a row: the
 * version is found once for all calls of a job, its functions lie by their numbers.
 *
 * Names come from models, or from events that a case has: what a client makes up has no row.
 */
#include "profile_internal.h"

#include "clock.h"
#include "in_force.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

#define COST_MOST   INT64_C(86400000000000) /* a day in ns, and as many steps */
#define RULES_MOST  2048                    /* rows for the functions of one version */
#define EVENTS_MOST 256

struct lane_profile *
lane_profile_new(int64_t slow_ms)
{
    struct lane_profile *profile = calloc(1, sizeof *profile);

    if (profile == NULL)
        return NULL;
    profile->slow_ns = slow_ms * 1000000;
    profile->event = -1;
    return profile;
}

static void
version_free(struct profile_version *version)
{
    free(version->rules);
    free(version->events);
    free(version);
}

void
lane_profile_free(struct lane_profile *profile)
{
    if (profile == NULL)
        return;
    for (int i = 0; i < LANE_PROFILE_VERSIONS; i++)
        if (profile->places[i] != NULL)
            version_free(profile->places[i]);
    while (profile->teams != NULL) {
        struct profile_team *team = profile->teams;

        profile->teams = team->next;
        free(team);
    }
    free(profile);
}

/* ---- rows ---- */

static struct profile_team *
team_of(struct lane_profile *profile, const char *name)
{
    struct profile_team *team = profile->teams;

    while (team != NULL && strcmp(team->name, name) != 0)
        team = team->next;
    if (team != NULL)
        return team;
    team = calloc(1, sizeof *team);
    if (team == NULL)
        return NULL;
    sgn_text_copy(team->name, sizeof team->name, name);
    team->next = profile->teams;
    profile->teams = team;
    return team;
}

static struct profile_version **
chain_of(struct lane_profile *profile, const char *team, const char *digest)
{
    uint64_t hash;

    memcpy(&hash, digest, sizeof hash);
    hash = sgn_text_hash(hash, team);
    return &profile->chains[hash * UINT64_C(0x9E3779B97F4A7C15) >> 32 & (LANE_PROFILE_CHAINS - 1)];
}

static void
forget(struct lane_profile *profile, struct profile_version *version)
{
    struct profile_version **link = chain_of(profile, version->team->name, version->digest);

    while (*link != version)
        link = &(*link)->next;
    *link = version->next;
    profile->places[version->at] = NULL;
    profile->n_rows -= version->n_rules + 1 + version->max_events;
    version_free(version);
}

/* Makes room for so many rows, and a place. */
static int
room_for(struct lane_profile *profile, int rows, const struct profile_version *keep)
{
    for (;;) {
        struct profile_version *oldest = NULL;
        int place = -1;

        for (int i = 0; i < LANE_PROFILE_VERSIONS; i++) {
            struct profile_version *at = profile->places[i];

            if (at == NULL)
                place = i;
            else if (at != keep && (oldest == NULL || at->used < oldest->used))
                oldest = at;
        }
        if (place >= 0 && profile->n_rows + rows <= LANE_PROFILE_ROWS)
            return place;
        if (oldest == NULL)
            return -1;
        forget(profile, oldest);
    }
}

static struct profile_version *
version_new(struct lane_profile *profile, const char *team, const char *digest, int n_rules)
{
    struct profile_version *version = calloc(1, sizeof *version), **chain;
    struct profile_rule *rules = calloc((size_t)n_rules + 1, sizeof *rules);
    struct profile_team *of = team_of(profile, team);
    int at =
        version != NULL && rules != NULL && of != NULL ? room_for(profile, n_rules + 1, NULL) : -1;

    if (at < 0) {
        free(version);
        free(rules);
        return NULL;
    }
    chain = chain_of(profile, team, digest);
    *version = (struct profile_version){ .next = *chain,
                                         .team = of,
                                         .rules = rules,
                                         .n_rules = n_rules,
                                         .at = at,
                                         .born = ++profile->born };
    sgn_text_copy(version->digest, sizeof version->digest, digest);
    *chain = profile->places[at] = version;
    profile->n_rows += n_rules + 1;
    return version;
}

static struct profile_version *
find(struct lane_profile *profile, const char *team, const char *digest)
{
    struct profile_version *version = *chain_of(profile, team, digest);

    while (version != NULL &&
           (memcmp(version->digest, digest, 64) != 0 || strcmp(version->team->name, team) != 0))
        version = version->next;
    return version;
}

static struct lane_profile_place
place_of(struct lane_profile *profile, struct profile_version *version)
{
    if (version == NULL)
        return (struct lane_profile_place){ 0 };
    version->used = ++profile->uses;
    return (struct lane_profile_place){ .at = version->at, .born = version->born };
}

static struct profile_version *
at_place(const struct lane_profile *profile, struct lane_profile_place place)
{
    struct profile_version *version = profile->places[place.at];

    return version != NULL && version->born == place.born ? version : NULL;
}

/* Where its functions begin is known now and asked for later, when the model may be gone. */
static void
describe(struct lane *lane, struct profile_version *version, const struct model *model)
{
    sgn_text_copy(version->workflow, sizeof version->workflow, model->name);
    version->number = model->version;
    lane_models_file(lane, version->team->name, model->digest, version->file, sizeof version->file);
    for (int i = 0; i < model->n_functions; i++) {
        int number = model->function_list[i].number;
        char text[16];

        (void)snprintf(text, sizeof text, "%d", number);
        if (number <= version->n_rules)
            version->rules[number].line =
                (int)sgn_json_int(json_object_get(model->functions, text), "line", 0);
    }
}

struct lane_profile_place
lane_profile_version(struct lane *lane, const char *team, const struct model *model)
{
    struct lane_profile *profile = lane->profile;
    struct profile_version *version = find(profile, team, model->digest);

    if (version == NULL) {
        int n = model->n_functions < RULES_MOST ? model->n_functions : RULES_MOST;

        version = version_new(profile, team, model->digest, n);
        if (version != NULL)
            describe(lane, version, model);
    }
    return place_of(profile, version);
}

struct lane_profile_place
lane_profile_hooks(struct lane *lane, const char *team, const char *digest)
{
    struct lane_profile *profile = lane->profile;
    struct profile_version *version = find(profile, team, digest);

    if (version == NULL) {
        version = version_new(profile, team, digest, 0);
        if (version != NULL)
            sgn_text_copy(version->file, sizeof version->file, "team.lua");
    }
    return place_of(profile, version);
}

/* ---- functions ---- */

const char *
lane_profile_rule(const struct profile_version *version, const struct profile_rule *rule,
                  char out[LANE_PROFILE_RULE])
{
    size_t n = (size_t)snprintf(out, LANE_PROFILE_RULE, "%s", version->file);

    if (rule->line > 0 && n < LANE_PROFILE_RULE)
        (void)snprintf(out + n, LANE_PROFILE_RULE - n, ":%d", rule->line);
    return out;
}

static int64_t
within(int64_t figure)
{
    return figure < 0 ? 0 : figure < COST_MOST ? figure : COST_MOST;
}

/* Others read it, nobody else writes it: an addition that locks nothing. */
static void
grow(_Atomic int64_t *figure, int64_t by)
{
    atomic_store_explicit(figure, atomic_load_explicit(figure, memory_order_relaxed) + by,
                          memory_order_relaxed);
}

static void
add_call(struct profile_calls *sum, const struct rules_cost *cost, bool failed)
{
    sum->calls++;
    sum->errors += failed;
    sum->steps += cost->steps;
    sum->ns += cost->ns;
    if (cost->ns > sum->slowest_ns)
        sum->slowest_ns = cost->ns;
}

/* Is there a line left for it in this minute? *left_out: how many there were not, since the last.
 */
static bool
may_log(struct profile_team *team, int *left_out)
{
    int64_t now = sgn_monotonic_ms();

    if (team->lines == 0 || now - team->lines_from >= SGN_MINUTE_MS) {
        team->lines_from = now;
        team->lines = 0;
    }
    if (team->lines >= LANE_SLOW_LINES) {
        team->left_out++;
        return false;
    }
    team->lines++;
    *left_out = team->left_out;
    team->left_out = 0;
    return true;
}

static void
log_slow(struct profile_version *version, const struct profile_rule *rule,
         const struct lane_job *job, const struct rules_cost *cost)
{
    const char *event = sgn_json_str(job->params, "event");
    char connection[24], number[24], place[LANE_PROFILE_RULE], steps[24], ms[24], more[24];
    int left_out;

    if (!may_log(version->team, &left_out))
        return;
    (void)snprintf(number, sizeof number, "%lld", (long long)version->number);
    (void)snprintf(connection, sizeof connection, "%llu", (unsigned long long)job->connection);
    (void)snprintf(steps, sizeof steps, "%lld", (long long)cost->steps);
    (void)snprintf(ms, sizeof ms, "%lld.%03lld", (long long)(cost->ns / 1000000),
                   (long long)(cost->ns / 1000 % 1000));
    (void)snprintf(more, sizeof more, "%d", left_out);
    sgn_log(SGN_LOG_WARN, "slow rule", "team", version->team->name, "workflow", version->workflow,
            "version", number, "rule", lane_profile_rule(version, rule, place), "case",
            job->case_key, "event", event != NULL ? event : "", "request_id", job->request,
            "connection", connection, "method", job->method != NULL ? job->method : "", "person",
            lane_actor(job), "steps", steps, "ms", ms, "left_out", more, NULL);
}

static void
called(struct lane *lane, struct profile_version *version, int function, const struct lane_job *job,
       const struct rules_cost *told, bool failed)
{
    const struct rules_cost cost = { within(told->steps), within(told->ns) };
    struct profile_rule *rule =
        &version->rules[function >= 1 && function <= version->n_rules ? function : 0];

    if (cost.ns > rule->sum.slowest_ns) {
        rule->slowest_steps = cost.steps;
        rule->slowest_at = sgn_clock_now(lane->options.clock);
        sgn_text_copy(rule->slowest_case, sizeof rule->slowest_case, job->case_key);
    }
    add_call(&rule->sum, &cost, failed);
    add_call(&version->team->calls, &cost, failed);
    grow(&lane->n_called, 1);
    grow(&lane->n_call_errors, failed);
    grow(&lane->rules_ns, cost.ns);
    if (lane->profile->slow_ns != 0 && cost.ns >= lane->profile->slow_ns)
        log_slow(version, rule, job, &cost);
}

/* The one behind a guard was called when it took something: a guard that says no leaves it. */
void
lane_profile_called(struct lane *lane, const struct lane_asker *asker, enum sgn_status status,
                    const struct rules_cost cost[2])
{
    struct profile_version *version = at_place(lane->profile, asker->place);

    if (version == NULL || asker->answer < 0)
        return;
    called(lane, version, asker->function, asker->job, &cost[0], status != SGN_OK);
    if (asker->behind != 0 && status == SGN_OK && cost[1].ns > 0)
        called(lane, version, asker->behind, asker->job, &cost[1], false);
}

/* ---- commands ---- */

static struct profile_event *
event_add(struct lane_profile *profile, struct profile_version *version)
{
    int max = version->max_events == 0 ? 8 : 2 * version->max_events;
    struct profile_event *events;

    if (version->n_events < version->max_events)
        return &version->events[version->n_events++];
    if (max > EVENTS_MOST || room_for(profile, max - version->max_events, version) < 0)
        return NULL;
    events = realloc(version->events, (size_t)max * sizeof *events);
    if (events == NULL)
        return NULL;
    profile->n_rows += max - version->max_events;
    version->events = events;
    version->max_events = max;
    return &events[version->n_events++];
}

/* Is there such an event where the case is? What somebody makes up is refused as not possible now.
 */
static bool
is_known(enum sgn_status status)
{
    return status == SGN_OK || status == SGN_NEEDS || status == SGN_REFUSED ||
           status == SGN_NEEDS_FIELDS || status == SGN_RULE_ERROR || status == SGN_RULE_OVERRUN;
}

/* The row of this event, or -1. */
static int
event_of(struct lane_profile *profile, struct profile_version *version,
         const struct core_command *command, bool make)
{
    const char *name = command->kind == CORE_FIRE ? sgn_json_str(command->params, "event") : NULL;
    struct profile_event *event;

    if (name == NULL || strlen(name) > SGN_KEY_MAX)
        name = "";
    for (int i = 0; i < version->n_events; i++)
        if (version->events[i].kind == command->kind && strcmp(version->events[i].name, name) == 0)
            return i;
    event = make ? event_add(profile, version) : NULL;
    if (event == NULL)
        return -1;
    *event = (struct profile_event){ .kind = command->kind };
    sgn_text_copy(event->name, sizeof event->name, name);
    return version->n_events - 1;
}

/* What was spent since the mark is the event's that was decided. */
static struct profile_version *
charge(struct lane *lane, int64_t now)
{
    struct lane_profile *profile = lane->profile;
    struct profile_version *version = profile->event < 0 ? NULL : at_place(profile, profile->place);

    if (version != NULL) {
        version->events[profile->event].sum.decide_ns += now - profile->mark;
        version->team->commands.decide_ns += now - profile->mark;
        grow(&lane->decide_ns, now - profile->mark);
    }
    profile->mark = now;
    return version;
}

void
lane_profile_begin(struct lane *lane)
{
    struct lane_profile *profile = lane->profile;

    profile->event = -1;
    profile->mark = sgn_monotonic_ns();
    if (profile->began == 0)
        profile->began = sgn_clock_now(lane->options.clock);
}

void
lane_profile_decided(struct lane_run *run, const struct model *model,
                     const struct core_command *command, enum sgn_status status)
{
    struct lane_profile *profile = run->lane->profile;
    struct lane_profile_place place = lane_profile_version(run->lane, run->team, model);
    struct profile_version *version = at_place(profile, place);
    bool waits = status == SGN_NEEDS;
    int event;

    if (version == NULL)
        return;
    event = event_of(profile, version, command, is_known(status));
    if (profile->event >= 0)
        (void)charge(run->lane, sgn_monotonic_ns());
    profile->place = place;
    profile->event = event;
    version->team->commands.commands += !waits;
    version->team->commands.refused += !waits && status != SGN_OK;
    if (event < 0)
        return;
    version->events[event].sum.commands += !waits;
    version->events[event].sum.refused += !waits && status != SGN_OK;
}

void
lane_profile_end(struct lane *lane, const struct lane_job *job, enum sgn_status status)
{
    struct lane_profile *profile = lane->profile;
    struct profile_version *version;

    if (profile->event < 0)
        return;
    version = charge(lane, sgn_monotonic_ns());
    if (version != NULL && status != SGN_NEEDS && job->parked != NULL) {
        version->events[profile->event].sum.wait_ns += job->parked->wait_ns;
        version->team->commands.wait_ns += job->parked->wait_ns;
        grow(&lane->wait_ns, job->parked->wait_ns);
    }
    profile->event = -1;
}
