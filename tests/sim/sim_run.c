/* SPDX-License-Identifier: Apache-2.0 */
/* See sim_run.h. */
#include "sim_run.h"

#include "store.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS_MAX 60 /* of the clock on the wall: more is a server that hangs */
#define DAYS        3
#define LAST_IDS    (SIM_STEPS_MAX - 100)

/* ---- steps ---- */

static void
set_receiver(struct sim_world *world, const struct sim_step *step)
{
    for (int i = 0; i < SIM_MODES; i++)
        if (strcmp(sim_mode_name((enum sim_mode)i), step->word) == 0 &&
            step->client < SIM_RECEIVERS)
            world->receivers[step->client].mode = (enum sim_mode)i;
}

/* The machine is as it was, only the process is gone. */
static void
kill_server(struct sim_world *world)
{
    if (!world->up)
        return;
    cut_disk_settle(world->cut.disk);
    cut_disk_cut(world->cut.disk, 1);
    sim_world_notice(world);
    sim_world_power(world);
}

static void
plan_cut(struct sim_world *world, const struct sim_step *step)
{
    if (step->event == CUT_AT_REST || step->event >= CUT_EVENTS)
        cut_disk_cut(world->cut.disk, step->seed);
    else
        cut_disk_plan(world->cut.disk, (enum cut_event)step->event, step->n > 0 ? (int)step->n : 1,
                      step->seed);
}

static void
start(struct sim_world *world)
{
    if (world->up)
        return;
    if (cut_disk_is_dead(world->cut.disk))
        sim_world_power(world);
    if (!sim_world_start(world) && cut_disk_room(world->cut.disk) == INT64_MAX)
        sim_judge_say(world->judge, SIM_BROKEN, "the server does not start");
    if (world->up)
        sim_judge_look(world->judge, SIM_AFTER_START);
}

/* Those that change nothing but the machine. */
static void
carry_out_machine(struct sim_world *world, const struct sim_step *step)
{
    switch (step->what) {
    case SIM_TIME:
        world->now += step->n > 0 ? step->n : 0;
        break;
    case SIM_RECEIVER:
        set_receiver(world, step);
        break;
    case SIM_ROOM:
        cut_disk_set_room(world->cut.disk, step->n);
        break;
    case SIM_CUT:
        plan_cut(world, step);
        break;
    case SIM_KILL:
        kill_server(world);
        break;
    case SIM_STOP:
        sim_world_stop(world);
        break;
    default:
        start(world);
    }
}

static void
carry_out(struct sim_world *world, const struct sim_step *step)
{
    int client = step->client < SIM_CLIENTS ? step->client : 0;

    switch (step->what) {
    case SIM_ASK:
        (void)sim_client_ask(world, step);
        break;
    case SIM_AGAIN:
        sim_client_again(world, client, step->id);
        break;
    case SIM_SEND:
        sim_client_send(world, client, step->n);
        break;
    case SIM_READ:
        sim_client_read(world, client);
        break;
    case SIM_CONNECT:
        sim_client_connect(world, client);
        break;
    case SIM_DROP:
        sim_client_drop(world, client);
        break;
    case SIM_LANE:
        sim_world_lane(world);
        break;
    case SIM_RPC:
        sim_world_rpc(world);
        break;
    case SIM_POST:
        sim_world_post(world);
        break;
    case SIM_IDLE:
        if (world->up)
            (void)store_idle(world->server.store);
        break;
    case SIM_REST:
        sim_world_rest(world);
        break;
    default:
        carry_out_machine(world, step);
    }
    sim_world_notice(world);
}

/* ---- the end of all plans ---- */

/* Nothing is wrong any more, and everybody asks again for what they were not
 * told. */
static void
make_good(struct sim_world *world)
{
    cut_disk_plan_none(world->cut.disk);
    cut_disk_set_room(world->cut.disk, -1);
    sim_world_notice(world);
    for (int i = 0; i < SIM_RECEIVERS; i++)
        world->receivers[i].mode = SIM_TAKES;
    start(world);
    for (int i = 0; i < SIM_CLIENTS; i++)
        sim_client_connect(world, i);
    sim_world_rest(world);
    for (int id = 1; id <= LAST_IDS; id++) {
        const struct sim_request *request = world->requests[id];

        if (request != NULL && (!request->refused || request->told) &&
            (!request->told || id % 3 == 0))
            sim_client_again(world, request->client, id);
    }
    sim_world_rest(world);
}

/* What people see then is what there is. */
static void
look_around(struct sim_world *world)
{
    int id = LAST_IDS;

    json_array_clear(world->judge->shown);
    for (int client = 0; client < 3; client++) {
        json_decref(world->judge->inboxes[client]);
        world->judge->inboxes[client] = NULL;
    }
    for (int client = 0; client < 3; client++) {
        struct sim_step inbox = { .what = SIM_ASK, .client = client, .id = ++id };

        inbox.asks = SIM_INBOX;
        (void)sim_client_ask(world, &inbox);
    }
    for (int of = 1; of <= LAST_IDS && id < SIM_STEPS_MAX; of++)
        if (world->requests[of] != NULL && world->requests[of]->asks == SIM_OPEN &&
            world->requests[of]->told) {
            struct sim_step look = { .what = SIM_ASK, .client = 3, .id = ++id, .of = of };

            look.asks = SIM_LOOK;
            (void)sim_client_ask(world, &look);
        }
    for (int i = 0; i < SIM_CLIENTS; i++)
        sim_client_send(world, i, 0);
    sim_world_lane(world);
    sim_world_rpc(world);
    for (int i = 0; i < SIM_CLIENTS; i++)
        sim_client_read(world, i);
}

static void
look_at_end(struct sim_world *world)
{
    if (!world->up) {
        sim_judge_say(world->judge, SIM_BROKEN, "the server does not come back");
        return;
    }
    if (!sim_world_is_quiet(world))
        sim_judge_say(world->judge, SIM_BROKEN, "the server does not come to rest");
    for (int i = 1; i <= LAST_IDS; i++)
        if (world->requests[i] != NULL && !world->requests[i]->told && !world->requests[i]->refused)
            sim_judge_say(world->judge, SIM_BROKEN, "r%d (%s) is never answered: %s", i,
                          sim_what_name(world->requests[i]->asks), world->requests[i]->why);
    look_around(world);
    sim_judge_look(world->judge, SIM_AT_REST);
    /* Whatever waits for its time has had it: a receiver that never answers,
     * twice. */
    for (int i = 0; i < DAYS; i++) {
        world->now += 25 * SGN_HOUR_MS;
        sim_world_rest(world);
    }
    sim_judge_look(world->judge, SIM_AT_END);
}

void
sim_run_here(struct sim_world *world, const struct sim_plan *plan, struct sim_result *out)
{
    struct sim_judge *judge = world->judge;
    char line[160];

    sim_judge_look(judge, SIM_AFTER_START);
    for (int i = 0; i < plan->n; i++) {
        sim_step_print(&plan->steps[i], line, sizeof line);
        sim_trace(world, "%d %s", i + 1, line);
        carry_out(world, &plan->steps[i]);
    }
    sim_trace(world, "the end");
    make_good(world);
    look_at_end(world);
    *out = (struct sim_result){ .bad = judge->n_found > 0, .trace = world->trace };
    (void)snprintf(out->first, sizeof out->first, "%s", judge->first);
    for (int i = 0; i < SIM_WRONGS; i++)
        if (strncmp(judge->first, sim_wrong_name((enum sim_wrong)i),
                    strlen(sim_wrong_name((enum sim_wrong)i))) == 0)
            out->wrong = i;
    out->asked = world->asked;
    out->told = world->told;
    out->starts = world->starts;
    out->cuts = world->cuts;
    out->entries = judge->seq;
    out->posts = world->posts;
}

void
sim_run(struct sim_world *world, const struct sim_plan *plan, struct sim_result *out)
{
    int ends[2], status = 0;
    pid_t child;
    ssize_t n;

    *out = (struct sim_result){ .bad = true, .wrong = SIM_BROKEN };
    if (pipe(ends) != 0 || (child = fork()) < 0) {
        (void)snprintf(out->first, sizeof out->first, "broken: no process could be made");
        return;
    }
    if (child == 0) {
        (void)alarm(SECONDS_MAX);
        sim_run_here(world, plan, out);
        n = write(ends[1], out, sizeof *out);
        _exit(n == (ssize_t)sizeof *out ? 0 : 1);
    }
    (void)close(ends[1]);
    n = read(ends[0], out, sizeof *out);
    (void)close(ends[0]);
    (void)waitpid(child, &status, 0);
    if (n == (ssize_t)sizeof *out && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return;
    *out = (struct sim_result){ .bad = true, .wrong = SIM_BROKEN };
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        (void)snprintf(out->first, sizeof out->first, "broken: it hangs");
    else
        (void)snprintf(out->first, sizeof out->first, "broken: the process ended with %s %d",
                       WIFSIGNALED(status) ? "signal" : "status",
                       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}
