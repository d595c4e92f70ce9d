/* SPDX-License-Identifier: Apache-2.0 */
/* See sim_world.h: the server's lives. */
#include "sim_world.h"

#include "cut_rules.h"
#include "hash.h"
#include "json.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define QUIET     3   /* turns in which nothing moved, after which nothing will */
#define TURNS_MAX 500 /* more is a server that never comes to rest */

struct sim_world *
sim_here(void)
{
    return (struct sim_world *)sqlite3_vfs_find(CUT_VFS);
}

const char *
sim_lie_name(enum sim_lie lie)
{
    static const char *const names[SIM_LIES] = {
        "none", "early", "forgets", "twice", "soon", "swaps", "hasty", "open-door",
    };

    return names[lie];
}

/* FNV-1a: any change of any byte shows. */
void
sim_trace(struct sim_world *world, const char *fmt, ...)
{
    char line[4096];
    va_list args;
    int n;

    va_start(args, fmt);
    n = vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    if (n >= (int)sizeof line)
        n = (int)sizeof line - 1;
    for (int i = 0; i < n; i++)
        world->trace = (world->trace ^ (unsigned char)line[i]) * UINT64_C(0x100000001b3);
    if (world->tell != NULL)
        fprintf(world->tell, "%s\n", line);
}

/* ---- the rows that a site begins with ---- */

static void
put_member(json_t *rows, const char *person, const char *role)
{
    in_process_row(
        rows, "membership", SIM_TEAM,
        json_pack("{s:s, s:s, s:s}", "project", SIM_PROJECT, "person", person, "role", role));
}

static void
put_person(json_t *rows, int client)
{
    const char *name = sim_client_person(client);

    in_process_row(rows, "person", SIM_TEAM,
                   json_pack("{s:s, s:s, s:b, s:b, s:s*}", "person", name, "title", name, "lead",
                             client == 3, "active", 1, "client", client == 6 ? "acme" : NULL));
    in_process_token(rows, SIM_TEAM, name);
    if (client <= 3)
        put_member(rows, name, "agent");
    if (client < 3)
        put_member(rows, name, "voter");
}

static json_t *
first_rows(void)
{
    json_t *rows = json_array();

    in_process_row(rows, "client", SIM_TEAM,
                   json_pack("{s:s, s:s}", "client", "acme", "title", "Acme"));
    in_process_row(
        rows, "project", SIM_TEAM,
        json_pack("{s:s, s:s, s:s}", "project", SIM_PROJECT, "title", "Rounds", "state", "open"));
    in_process_row(rows, "project", SIM_TEAM,
                   json_pack("{s:s, s:s, s:s, s:s}", "project", "other", "title", "Other", "client",
                             "acme", "state", "open"));
    for (int i = 0; i < SIM_CLIENTS - 1; i++)
        put_person(rows, i);
    return rows;
}

/* ---- start and end ---- */

static enum sgn_status
outbox_open(struct sim_world *world, const struct sgn_outward *outward, struct sgn_error *err)
{
    struct outbox_options options = { .lane = world->server.lane, .outward = *outward };
    enum sgn_status st = store_reader_open(world->server.store, &world->outbox_reader, err);

    options.reader = world->outbox_reader;
    return st == SGN_OK ? outbox_new(&options, &world->outbox, err) : st;
}

static enum sgn_status
begin(struct sim_world *world, struct sgn_error *err)
{
    static const struct sgn_outward outward; /* the lane keeps its address */
    char url[96];
    const struct in_process_options options = {
        .store = { .url = url, .reserve_bytes = 1, .unmerged_bytes = 32768 },
        .site = world->site,
        .rules = world->rules,
        .outward = &outward,
    };
    enum sgn_status st;

    (void)snprintf(url, sizeof url, "sqlite:%s/data", world->dir);
    st = in_process_start(&world->server, &options, first_rows(), err);
    if (st == SGN_OK) {
        world->up = true;
        world->commits = 0;
        st = outbox_open(world, &outward, err);
    }
    if (st != SGN_OK && world->up)
        sim_world_stop(world);
    return st;
}

bool
sim_world_start(struct sim_world *world)
{
    struct sgn_error err = { 0 };
    bool good = begin(world, &err) == SGN_OK;

    world->starts++;
    sim_trace(world, "start: %s", good ? "up" : err.message);
    if (!good && !cut_disk_is_dead(world->cut.disk) && world->tell != NULL)
        fprintf(world->tell, "not started: %s\n", err.message);
    sgn_error_clear(&err);
    if (good)
        sim_world_notice(world);
    return good || cut_disk_is_dead(world->cut.disk);
}

/* As main.c does: nobody asks, nothing is decided, then what they stand on. */
void
sim_world_stop(struct sim_world *world)
{
    if (!world->up)
        return;
    for (int i = 0; i < SIM_CLIENTS; i++)
        sim_client_drop(world, i);
    lane_stop(world->server.lane);
    outbox_free(world->outbox);
    store_reader_close(world->outbox_reader);
    world->outbox = NULL;
    world->outbox_reader = NULL;
    in_process_stop(&world->server);
    world->up = false;
    sim_trace(world, "the server has ended");
}

void
sim_world_notice(struct sim_world *world)
{
    if (!world->up || (!cut_disk_is_dead(world->cut.disk) && !world->server.failed))
        return;
    sim_trace(world, cut_disk_is_dead(world->cut.disk) ? "the power fails" : "a commit fails");
    sim_world_stop(world);
}

void
sim_world_power(struct sim_world *world)
{
    if (!cut_disk_is_dead(world->cut.disk))
        return;
    world->cuts++;
    cut_disk_power(world->cut.disk);
}

/* ---- turns ---- */

void
sim_world_lane(struct sim_world *world)
{
    if (!world->up)
        return;
    world->turned_at = world->now;
    (void)lane_turn(world->server.lane);
    if (world->server.commits != world->commits)
        outbox_committed(world->outbox, SIM_TEAM);
    world->commits = world->server.commits;
    sim_world_notice(world);
}

void
sim_world_rpc(struct sim_world *world)
{
    if (!world->up)
        return;
    rpc_turn(world->server.rpc);
    rpc_flush(world->server.rpc);
}

void
sim_world_post(struct sim_world *world)
{
    if (world->up)
        (void)outbox_turn(world->outbox);
    sim_world_notice(world);
}

bool
sim_world_is_quiet(const struct sim_world *world)
{
    for (int i = 0; i < SIM_CLIENTS; i++)
        if (!sim_client_is_quiet(&world->clients[i]))
            return false;
    return world->rules->ops->pending(world->rules) == 0;
}

void
sim_world_rest(struct sim_world *world)
{
    int quiet = 0;

    for (int i = 0; i < TURNS_MAX && quiet < QUIET && world->up; i++) {
        int64_t commits = world->server.commits, posts = world->posts;

        for (int c = 0; c < SIM_CLIENTS; c++)
            sim_client_send(world, c, 0);
        sim_world_lane(world);
        sim_world_rpc(world);
        sim_world_post(world);
        for (int c = 0; c < SIM_CLIENTS; c++)
            sim_client_read(world, c);
        world->now += 10; /* the outbox looks at times */
        quiet = world->up && world->server.commits == commits && world->posts == posts &&
                        sim_world_is_quiet(world)
                    ? quiet + 1
                    : 0;
    }
}

/* ---- the site ---- */

static bool
make_folders(struct sim_world *world)
{
    char path[160];

    (void)snprintf(world->dir, sizeof world->dir, "/tmp/sgn-sim-XXXXXX");
    if (mkdtemp(world->dir) == NULL)
        return false;
    (void)snprintf(world->site, sizeof world->site, "%s/site", world->dir);
    (void)snprintf(path, sizeof path, "%s/data", world->dir);
    if (mkdir(path, 0700) != 0)
        return false;
    (void)snprintf(path, sizeof path, "%s/site/teams", world->dir);
    if (mkdir(world->site, 0700) != 0 || mkdir(path, 0700) != 0)
        return false;
    (void)snprintf(path, sizeof path, "%s/site/teams/" SIM_TEAM, world->dir);
    return symlink(SGN_SOURCE_DIR "/tests/sim/team", path) == 0;
}

void
sim_world_remove(struct sim_world *world)
{
    static const char *const rests[] = { "site/teams/" SIM_TEAM, "site/teams", "site",
                                         "data/signoff.db",      "data",       "" };
    char path[160];

    for (size_t i = 0; i < sizeof rests / sizeof rests[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", world->dir, rests[i]);
        (void)remove(path);
    }
}

/* By the lead, as people do it: requests beyond those of plans. */
static bool
add_receivers(struct sim_world *world)
{
    struct sim_client *lead = &world->clients[3];
    char line[320];

    sim_client_connect(world, 3);
    for (int i = 0; i < SIM_RECEIVERS; i++) {
        int n = snprintf(line, sizeof line,
                         "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"endpoint."
                         "add\",\"params\":{"
                         "\"endpoint\":\"r%d\",\"url\":\"https://r%d.example/"
                         "in\",\"internal\":true"
                         "}}\n",
                         SIM_STEPS_MAX + 1 + i, i, i);

        (void)sgn_buf_append(&lead->out, line, (size_t)n);
        lead->asked[lead->n_asked++] = SIM_STEPS_MAX + 1 + i;
    }
    sim_world_rest(world);
    sim_client_drop(world, 3);
    return true;
}

/* A life that nobody remembers, in which both workflows are needed: their
 * functions stay open, which is half of what a short life would cost. */
static bool
warm_up(struct sim_world *world, struct sgn_error *err)
{
    static const struct sim_step steps[] = {
        { .what = SIM_ASK, .id = 1, .asks = SIM_OPEN },
        { .what = SIM_ASK, .id = 2, .asks = SIM_PROPOSE, .of = 1 },
    };

    if (begin(world, err) != SGN_OK)
        return false;
    sim_client_connect(world, 0);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        (void)sim_client_ask(world, &steps[i]);
        sim_world_rest(world);
    }
    world->now += 2 * SGN_MINUTE_MS; /* silence is consent, and a note is opened */
    sim_world_rest(world);
    sim_world_stop(world);
    cut_disk_free(world->cut.disk);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct sim_request *request = world->requests[steps[i].id];

        world->requests[steps[i].id] = NULL;
        if (request == NULL || !request->told)
            return false;
        json_decref(request->params);
        json_decref(request->result);
        free(request);
    }
    world->asked = world->told = 0;
    return true;
}

bool
sim_world_init(struct sim_world *world, struct sgn_error *err)
{
    bool good = sgn_hash_init(err) == SGN_OK && make_folders(world);
    struct store_head head = { 0 };

    world->now = SIM_START_MS;
    world->cut.random = (struct cut_random){ 1 };
    world->cut.disk = cut_disk_new(&world->tally);
    world->trace = UINT64_C(0xcbf29ce484222325);
    cut_vfs_register(&world->cut);
    sqlite3_randomness(0, NULL);
    for (int i = 0; i < SIM_CLIENTS; i++) {
        world->clients[i].world = world;
        world->clients[i].number = i;
        world->clients[i].seen = json_object();
    }
    good = good && cut_rules_new(&world->rules, err) == SGN_OK && warm_up(world, err);
    world->now = SIM_START_MS;
    world->cut.disk = cut_disk_new(&world->tally);
    good = good && begin(world, err) == SGN_OK && add_receivers(world) &&
           store_head_get(store_own_reader(world->server.store), SIM_TEAM, &head, err) == SGN_OK;
    world->first = head.seq;
    for (int i = 0; i < SIM_RECEIVERS; i++)
        world->receivers[i].next = head.seq + 1;
    return good;
}
