/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each team is owed, and what becomes of it when its process ends.
 *
 * The queue of a team is the truth: a process answers its head, and whatever happens to the
 * process, the queue goes on with another. A call leaves it with its answer only.
 */
#include "clock.h"
#include "json.h"
#include "log.h"
#include "memory.h"
#include "workers_internal.h"
#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX 512

struct workers_team *
workers_team_get(struct workers *workers, const char *name)
{
    struct workers_team *team;

    for (team = workers->teams; team != NULL; team = team->next)
        if (strcmp(team->name, name) == 0)
            return team;
    team = calloc(1, sizeof *team);
    if (team == NULL)
        return NULL;
    snprintf(team->name, sizeof team->name, "%s", name);
    team->workers = workers;
    team->end = &team->first;
    team->next = workers->teams;
    workers->teams = team;
    return team;
}

/* Calls that are still owed go without an answer: nobody waits any more. */
void
workers_team_free(struct workers_team *team)
{
    while (team->first != NULL) {
        struct workers_call *call = team->first;

        team->first = call->next;
        if (--call->batch->refs == 0)
            workers_batch_free(call->batch);
    }
    for (uint32_t i = 0; i < team->n_versions; i++) {
        sgn_buf_deinit(&team->versions[i].frame);
        json_decref(team->versions[i].places);
    }
    free(team->versions);
    free(team);
}

enum sgn_status
workers_team_open(struct workers_team *team, struct workers_order *order)
{
    struct workers_version *versions;

    versions = team->versions;
    if (order->version >= team->n_versions)
        versions = sgn_realloc(versions, ((size_t)order->version + 1) * sizeof *versions);
    if (versions == NULL)
        return SGN_NOMEM;
    team->versions = versions;
    while (team->n_versions < order->version)
        versions[team->n_versions++] = (struct workers_version){ 0 };
    versions[order->version] =
        (struct workers_version){ .frame = order->frame, .places = order->places };
    if (team->n_versions == order->version)
        team->n_versions++;
    sgn_buf_init(&order->frame, 0);
    order->places = NULL;
    return SGN_OK;
}

void
workers_team_add(struct workers_team *team, struct workers_batch *batch_take)
{
    for (int i = 0; i < batch_take->n; i++) {
        *team->end = &batch_take->calls[i];
        team->end = &batch_take->calls[i].next;
    }
}

/* ---- answers ---- */

/* Takes a call out and answers it. */
static void
answer_at(struct workers_team *team, struct workers_call **link, enum sgn_status status,
          json_t *value_take, const char *message)
{
    struct workers_call *call = *link;

    *link = call->next;
    if (*link == NULL)
        team->end = link;
    workers_answer(team->workers, call, status, value_take, message);
}

void
workers_team_forgive(struct workers_team *team)
{
    bool was_cut_off = team->cut_off[0] != '\0';

    team->n_strikes = 0;
    team->cut_off[0] = '\0';
    if (was_cut_off) {
        sgn_log(SGN_LOG_INFO, "rules are served again", "team", team->name, NULL);
        workers_report(team->workers);
    }
}

void
workers_team_answered(struct workers_team *team, enum sgn_status status, json_t *value_take,
                      const char *message)
{
    answer_at(team, &team->first, status, value_take, message);
}

void
workers_team_refuse(struct workers_team *team, enum sgn_status status, const char *message)
{
    while (team->first != NULL)
        answer_at(team, &team->first, status, NULL, message);
}

/* Loads stay: what is loaded and taken ends it. */
static void
refuse_cut_off(struct workers_team *team)
{
    struct workers_call **link = &team->first;
    char message[MESSAGE_MAX];

    snprintf(message, sizeof message,
             "the rules of team %s are cut off, since their process had to be ended %d times "
             "(last: %s): correct them, then reload them with \"signoff workflow reload\"",
             team->name, team->n_strikes, team->cut_off);
    while (*link != NULL)
        if ((*link)->is_load)
            link = &(*link)->next;
        else
            answer_at(team, link, SGN_UNAVAILABLE, NULL, message);
}

/* ---- strikes ---- */

static void
strike(struct workers_team *team, const char *why)
{
    const struct workers_options *options = &team->workers->options;
    int64_t now = sgn_monotonic_ms();
    int kept = 0;

    for (int i = 0; i < team->n_strikes; i++)
        if (now - team->strikes[i] < options->strikes_ms && team->n_strikes - i < options->strikes)
            team->strikes[kept++] = team->strikes[i];
    team->strikes[kept] = now;
    team->n_strikes = kept + 1;
    if (team->n_strikes < options->strikes)
        return;
    if (team->cut_off[0] == '\0')
        sgn_log(SGN_LOG_ERROR, "rules are cut off", "team", team->name, "why", why, NULL);
    snprintf(team->cut_off, sizeof team->cut_off, "%s", why);
}

/* Where the function of a call stands: "workflows/visit.lua:6". */
static const char *
place_of(const struct workers_team *team, const struct workers_call *call, char out[160])
{
    const json_t *places =
        call->version < team->n_versions ? team->versions[call->version].places : NULL;
    const char *file = sgn_json_str(places, "file");
    char number[16];

    if (call->is_load)
        return "loading the scripts";
    snprintf(number, sizeof number, "%d", call->function);
    snprintf(out, 160, "%.120s:%lld", file != NULL ? file : "?",
             (long long)sgn_json_int(json_object_get(json_object_get(places, "functions"), number),
                                     "line", 0));
    return out;
}

/* The call that the process was about gets its answer, unless it may be tried once more. *text
 * says what happened, for the log and for the strike. */
static void
blame(struct workers_team *team, enum workers_end end, uint64_t doing, const char *why,
      char text[256])
{
    struct workers_call **link = &team->first;
    char place[160];

    while (*link != NULL && (*link)->seq < doing)
        link = &(*link)->next;
    if (*link == NULL || !(*link)->sent)
        link = &team->first;
    snprintf(text, 256, "%s", why);
    if (*link == NULL || !(*link)->sent)
        return;
    snprintf(text, 256, "%s: %s", place_of(team, *link, place), why);
    if (end == WORKERS_OVERRUN)
        answer_at(team, link, SGN_RULE_OVERRUN, NULL, text);
    else if ((*link)->tried)
        answer_at(team, link, SGN_RULE_ERROR, NULL, text);
    else
        (*link)->tried = true;
}

void
workers_team_lost(struct workers_team *team, enum workers_end end, uint64_t doing, const char *why)
{
    struct workers *workers = team->workers;
    bool begun = team->first == NULL || team->first->sent;
    char text[256];

    team->process = NULL;
    if (end == WORKERS_STARVED) {
        sgn_log(SGN_LOG_WARN, "a rules process was ended", "team", team->name, "why",
                "out of memory", NULL);
        workers_team_refuse(team, SGN_OVERLOADED, "out of memory");
        workers_report(workers);
        return;
    }
    blame(team, end, doing, why, text);
    for (struct workers_call *call = team->first; call != NULL; call = call->next)
        call->sent = false;
    if (end != WORKERS_IDLE) {
        workers->n_overruns += end == WORKERS_OVERRUN;
        workers->n_faults += end == WORKERS_FAULT;
        sgn_log(SGN_LOG_WARN, "a rules process was ended", "team", team->name, "why", text, NULL);
        strike(team, text);
    }
    /* One that does not even begin is no matter of scripts: a load would not help. */
    if (!begun && team->cut_off[0] != '\0')
        workers_team_refuse(team, SGN_UNAVAILABLE, text);
    workers_report(workers);
    workers_team_pump(team);
}

/* ---- who has a process ---- */

static void
stand_in_line(struct workers_team *team)
{
    struct workers *workers = team->workers;

    if (team->in_line)
        return;
    team->in_line = true;
    team->next_in_line = NULL;
    *workers->line_end = team;
    workers->line_end = &team->next_in_line;
}

/* The one that nobody has asked for longest makes way. Its place is free when it has ended. */
static void
end_idle(struct workers *workers)
{
    struct workers_process *found = NULL;

    for (struct workers_process *at = workers->processes; at != NULL; at = at->next) {
        if (at->phase == WORKERS_ENDING && !at->exited) /* a place comes free anyway */
            return;
        if (workers_process_is_idle(at) && (found == NULL || at->idle_since < found->idle_since))
            found = at;
    }
    if (found != NULL) {
        found->team->process = NULL;
        workers_process_kill(found);
    }
}

void
workers_team_pump(struct workers_team *team)
{
    struct sgn_error err = { 0 };
    struct workers *workers = team->workers;

    if (atomic_load(&workers->stopping))
        return;
    if (team->cut_off[0] != '\0')
        refuse_cut_off(team);
    if (team->first == NULL)
        return;
    if (team->process != NULL) {
        workers_process_send(team->process);
    } else if (workers->n_processes >= workers->options.live_max) {
        stand_in_line(team);
        end_idle(workers);
    } else if (workers_process_start(team, &err) != SGN_OK) {
        sgn_log(SGN_LOG_ERROR, "no rules process", "team", team->name, "why", err.message, NULL);
        workers_team_refuse(team, err.status, err.message);
    }
    sgn_error_clear(&err);
}

void
workers_serve_line(struct workers *workers)
{
    while (workers->line != NULL && workers->n_processes < workers->options.live_max) {
        struct workers_team *team = workers->line;

        workers->line = team->next_in_line;
        if (workers->line == NULL)
            workers->line_end = &workers->line;
        team->in_line = false;
        workers_team_pump(team);
    }
    if (workers->line != NULL)
        end_idle(workers);
}
