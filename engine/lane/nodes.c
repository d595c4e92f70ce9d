/* SPDX-License-Identifier: Apache-2.0 */
/*
 * This node among others that use the same store: it gives signs of life, goes by the database's
 * clock, tells the others of what it committed and hears of what they did.
 *
 * All of it on a thread and a connection of their own, so that no commit waits for it. Being told
 * is a wake-up and may be lost; the heads of all teams, read twice a second, are the truth. Entries
 * of a team are numbered without gaps in the order of their commits, so a new head is all that
 * anybody needs to be told: a watcher reads on by number.
 */
#include "nodes.h"
#include "in_force.h"

#include "again.h"
#include "hash.h"
#include "json.h"
#include "known.h"
#include "lane_internal.h"
#include "leases.h"
#include "sweep.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define SIGN_MS    250 /* between two signs of life */
#define LOOK_MS    500 /* between two looks at all heads */
#define TELL_MS    20  /* between two tellings: what is committed meanwhile is told at once */
#define HEAR_MOST  8   /* times in one step */
#define PAUSE_MOST 5000
#define PAUSE_PART 20 /* looking takes no more of the time than one part in so many */

struct lane_nodes {
    struct lane *lane;
    struct store_waker *waker;
    struct sgn_thread *thread;
    char id[33], host[65];
    int wakes;                             /* an eventfd */
    int64_t signed_at, looked_at, told_at; /* monotonic; 0: never */
    int64_t look_ms, look_cost;            /* between two looks; what the last one took */
    bool silent;                           /* the database is not to be reached, as was said */
    _Atomic bool stopping;

    pthread_mutex_t lock; /* guards what follows */
    json_t *told;         /* {team: the head that options.committed was told last} */
    json_t *ours;         /* {team: true}: committed here, not told to others yet */
    json_t *heard;        /* {team: its head}: moved by others, the lane does not know yet */
};

/* ---- what was committed ---- */

/* Says it to those who watch here, once for each head and in their order. */
static bool
tell_here(struct lane_nodes *nodes, const char *team, int64_t head)
{
    const struct lane_options *options = &nodes->lane->options;

    if (head <= sgn_json_int(nodes->told, team, 0))
        return false;
    json_object_set_new(nodes->told, team, json_integer(head));
    if (options->committed != NULL)
        options->committed(options->ctx, team, head);
    return true;
}

void
lane_nodes_wake(struct lane *lane)
{
    if (lane->nodes != NULL)
        (void)eventfd_write(lane->nodes->wakes, 1);
}

void
lane_nodes_wrote(struct lane *lane, const char *team)
{
    struct lane_nodes *nodes = lane->nodes;

    if (nodes == NULL)
        return;
    pthread_mutex_lock(&nodes->lock);
    json_object_set_new(nodes->ours, team, json_true());
    pthread_mutex_unlock(&nodes->lock);
    lane_nodes_wake(lane);
}

void
lane_nodes_committed(struct lane *lane, const char *team, int64_t head)
{
    struct lane_nodes *nodes = lane->nodes;

    if (nodes == NULL) {
        if (lane->options.committed != NULL)
            lane->options.committed(lane->options.ctx, team, head);
        return;
    }
    pthread_mutex_lock(&nodes->lock);
    (void)tell_here(nodes, team, head);
    pthread_mutex_unlock(&nodes->lock);
    lane_nodes_wrote(lane, team);
}

/* ---- steps ---- */

int64_t
lane_nodes_pause(int64_t *last, int64_t took, int64_t least)
{
    int64_t pause = (took < *last ? took : *last) * PAUSE_PART;

    *last = took;
    if (pause > PAUSE_MOST)
        return PAUSE_MOST;
    return pause < least ? least : pause;
}

/* Trouble is said once, until it is over. */
static void
note(struct lane_nodes *nodes, enum sgn_status st, struct sgn_error *err)
{
    if (st != SGN_OK && !nodes->silent)
        sgn_log(SGN_LOG_WARN, "other nodes are not heard", "why", err->message, NULL);
    if (st == SGN_OK && nodes->silent)
        sgn_log(SGN_LOG_INFO, "other nodes are heard again", NULL);
    nodes->silent = st != SGN_OK;
    sgn_error_clear(err);
}

static enum sgn_status
sign(struct lane_nodes *nodes, struct sgn_error *err)
{
    const char *address = nodes->lane->options.address;
    struct store_node self = { .id = nodes->id,
                               .host = nodes->host,
                               .address = address != NULL ? address : "",
                               .version = SGN_VERSION };
    int64_t before = sgn_monotonic_ms(), now = 0;
    enum sgn_status st;

    if (nodes->signed_at != 0 && before - nodes->signed_at < SIGN_MS)
        return SGN_OK;
    st = store_node_sign(nodes->waker, &self, &now, err);
    if (st == SGN_OK) {
        nodes->signed_at = before;
        lane_clock_hear(nodes->lane, now, before);
    }
    return st;
}

/* Work that nobody does who lives. */
static enum sgn_status
take_work(struct lane_nodes *nodes, struct sgn_error *err)
{
    bool changed = false;
    enum sgn_status st = lane_leases_take(nodes->lane->leases, nodes->waker, &changed, err);

    if (changed)
        lane_flows_wake(nodes->lane->inbox);
    return st;
}

static enum sgn_status
tell_others(struct lane_nodes *nodes, struct sgn_error *err)
{
    int64_t now = sgn_monotonic_ms();
    json_t *teams = json_array(), *yes;
    const char *team;
    enum sgn_status st = SGN_OK;

    if (now - nodes->told_at >= TELL_MS) {
        pthread_mutex_lock(&nodes->lock);
        json_object_foreach(nodes->ours, team, yes)
            json_array_append_new(teams, json_string(team));
        json_object_clear(nodes->ours);
        pthread_mutex_unlock(&nodes->lock);
    }
    if (json_array_size(teams) > 0) {
        nodes->told_at = now;
        st = store_wake(nodes->waker, teams, err); /* lost: the others look by themselves */
    }
    json_decref(teams);
    return st;
}

/* Of teams (NULL: all) those that others have moved on. */
static enum sgn_status
look(struct lane_nodes *nodes, const json_t *teams, struct sgn_error *err)
{
    json_t *heads = NULL, *head;
    const char *team;
    bool any = false;
    enum sgn_status st = store_heads(nodes->waker, teams, &heads, err);

    pthread_mutex_lock(&nodes->lock);
    json_object_foreach(heads, team, head)
        /* Where no head moved rows were written all the same. */
        if (tell_here(nodes, team, json_integer_value(head)) || teams != NULL) {
            json_object_set(nodes->heard, team, head);
            any = true;
        }
    pthread_mutex_unlock(&nodes->lock);
    json_decref(heads);
    if (any)
        lane_flows_wake(nodes->lane->inbox);
    return st;
}

/* What was told, or, once in a while and when something may have been missed, all. */
static enum sgn_status
hear(struct lane_nodes *nodes, bool *more, struct sgn_error *err)
{
    json_t *teams = NULL;
    enum sgn_status st = store_waker_take(nodes->waker, &teams, err);
    int64_t now = sgn_monotonic_ms(); /* connecting anew is behind us */
    bool all = nodes->looked_at == 0 || now - nodes->looked_at >= nodes->look_ms;

    all = all || json_is_null(teams);
    if (st == SGN_OK && all) {
        st = look(nodes, NULL, err);
        nodes->looked_at = now;
        nodes->look_ms = lane_nodes_pause(&nodes->look_cost, sgn_monotonic_ms() - now, LOOK_MS);
    } else if (st == SGN_OK && json_array_size(teams) > 0) {
        st = look(nodes, teams, err);
    }
    *more = all || json_array_size(teams) > 0;
    json_decref(teams);
    return st;
}

static void
step(struct lane_nodes *nodes)
{
    struct sgn_error err = { 0 };
    bool more = true;
    enum sgn_status st = sign(nodes, &err);

    if (st == SGN_OK)
        st = take_work(nodes, &err);
    if (st == SGN_OK)
        st = tell_others(nodes, &err);
    /* Last of all, and again: what was told while the database was asked has been read already, and
     * wakes nobody. After trouble, too: it makes the connection anew. */
    for (int i = 0; more && i < HEAR_MOST && (st == SGN_OK || i == 0); i++) {
        sgn_error_clear(&err);
        st = hear(nodes, &more, &err);
    }
    note(nodes, st, &err);
}

/* ---- the lane's side ---- */

/* What was read of the team is forgotten, and what waits to be done for it is looked for. */
static void
look_anew(struct lane *lane, const char *team, int64_t head)
{
    const json_t *known = json_object_get(lane->heads, team);
    bool moved = known == NULL || sgn_json_int(known, "seq", 0) < head;
    bool data = known != NULL && moved ? lane_team_changed(lane, team) : true;

    lane_kept_follow(lane, team); /* what is to be done may be other by them */
    lane->stuck_stale = lane->stuck_stale || moved;
    if (data || moved || !lane_effects_known(lane, team))
        lane_work_missed(lane, team);
    lane->due_known = false;
}

void
lane_nodes_hear(struct lane *lane)
{
    struct lane_nodes *nodes = lane->nodes;
    json_t *heard, *head;
    const char *team;

    if (nodes == NULL)
        return;
    lane_stuck_turn(lane);
    if (!lane->started) /* driven by hand */
        step(nodes);
    pthread_mutex_lock(&nodes->lock);
    heard = nodes->heard;
    nodes->heard = json_object();
    pthread_mutex_unlock(&nodes->lock);
    lane_leases_turn(lane);
    json_object_foreach(heard, team, head)
        look_anew(lane, team, json_integer_value(head));
    json_decref(heard);
}

/* ---- a life ---- */

static void
nodes_main(void *arg)
{
    struct lane_nodes *nodes = arg;

    while (!nodes->stopping) {
        struct pollfd fds[] = { { .fd = nodes->wakes, .events = POLLIN },
                                { .fd = store_waker_fd(nodes->waker), .events = POLLIN } };
        int64_t wait = SIGN_MS - (sgn_monotonic_ms() - nodes->signed_at);
        eventfd_t count;

        pthread_mutex_lock(&nodes->lock);
        if (json_object_size(nodes->ours) > 0 && wait > TELL_MS)
            wait = TELL_MS;
        pthread_mutex_unlock(&nodes->lock);
        if (nodes->silent)
            wait = SIGN_MS;
        if (poll(fds, 2, wait > 0 ? (int)wait : 0) > 0 && fds[0].revents != 0)
            (void)eventfd_read(nodes->wakes, &count);
        step(nodes);
    }
}

enum sgn_status
lane_nodes_new(struct lane *lane, struct sgn_error *err)
{
    struct lane_nodes *nodes;
    unsigned char random[16];
    enum sgn_status st;

    if (!lane->by_team || lane->options.clock->is_virtual || lane->options.look)
        return SGN_OK;
    nodes = calloc(1, sizeof *nodes);
    if (nodes == NULL)
        return sgn_nomem(err);
    nodes->lane = lane;
    nodes->wakes = -1;
    pthread_mutex_init(&nodes->lock, NULL);
    sgn_random(random, sizeof random);
    sgn_hex(random, sizeof random, nodes->id);
    (void)gethostname(nodes->host, sizeof nodes->host - 1);
    nodes->told = json_object();
    nodes->ours = json_object();
    nodes->heard = json_object();
    nodes->wakes = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    lane->nodes = nodes;
    if (nodes->told == NULL || nodes->ours == NULL || nodes->heard == NULL)
        return sgn_nomem(err);
    if (nodes->wakes < 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "eventfd: %s", strerror(errno));
    lane->leases = lane_leases_new(nodes->id);
    if (lane->leases == NULL)
        return sgn_nomem(err);
    st = store_waker_open(lane->options.store, &nodes->waker, err);
    if (st == SGN_OK)
        st = sign(nodes, err);
    if (st == SGN_OK)
        st = take_work(nodes, err);
    if (st == SGN_OK)
        lane_leases_turn(lane);
    return st;
}

enum sgn_status
lane_nodes_start(struct lane *lane, struct sgn_error *err)
{
    struct lane_nodes *nodes = lane->nodes;
    enum sgn_status st;

    if (nodes == NULL)
        return SGN_OK;
    nodes->signed_at = 0; /* it listens now, and says where */
    st = sign(nodes, err);
    lane_lease_doubt(lane, NULL); /* there are teams now that there were not before */
    if (st == SGN_OK)
        st = take_work(nodes, err);
    if (st != SGN_OK)
        return st;
    nodes->thread = sgn_thread_start("nodes", nodes_main, nodes);
    return nodes->thread != NULL ? SGN_OK : sgn_nomem(err);
}

void
lane_nodes_stop(struct lane *lane)
{
    struct lane_nodes *nodes = lane->nodes;

    if (nodes == NULL || nodes->stopping)
        return;
    nodes->stopping = true;
    if (nodes->wakes >= 0)
        (void)eventfd_write(nodes->wakes, 1);
    sgn_thread_join(nodes->thread);
    nodes->thread = NULL;
    store_node_leave(nodes->waker, nodes->id);
}

void
lane_nodes_free(struct lane *lane)
{
    struct lane_nodes *nodes = lane->nodes;

    if (nodes == NULL)
        return;
    lane_nodes_stop(lane);
    store_waker_close(nodes->waker);
    if (nodes->wakes >= 0)
        (void)close(nodes->wakes);
    pthread_mutex_destroy(&nodes->lock);
    json_decref(nodes->told);
    json_decref(nodes->ours);
    json_decref(nodes->heard);
    lane_leases_free(lane->leases);
    free(nodes);
    lane->nodes = NULL;
    lane->leases = NULL;
}

/* ---- who is there ---- */

/* Nobody else ever looks for this one. */
static enum sgn_status
alone(const struct lane *lane, json_t *nodes_take, json_t **out, struct sgn_error *err)
{
    char host[65] = "";
    json_t *node;

    (void)gethostname(host, sizeof host - 1);
    node = json_pack("{s:n, s:s, s:s?, s:s, s:n, s:n, s:b}", "id", "host", host, "address",
                     lane->options.address, "version", SGN_VERSION, "started", "seen", "here", 1);
    *out = nodes_take;
    return json_array_append_new(nodes_take, node) == 0 ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
lane_nodes(struct lane *lane, struct store_reader *reader, json_t **out, struct sgn_error *err)
{
    const struct lane_nodes *own = lane->nodes;
    json_t *nodes = NULL, *node;
    size_t i;
    enum sgn_status st = store_nodes(reader, &nodes, err);

    *out = NULL;
    if (st == SGN_OK && own == NULL)
        return alone(lane, nodes, out, err);
    json_array_foreach(nodes, i, node) {
        bool here = own != NULL && strcmp(sgn_json_str(node, "id"), own->id) == 0;

        if (json_object_set_new(node, "here", json_boolean(here)) != 0)
            st = sgn_nomem(err);
    }
    if (st == SGN_OK)
        *out = nodes;
    else
        json_decref(nodes);
    return st;
}

bool
lane_nodes_others(struct lane *lane)
{
    json_t *nodes = NULL, *node;
    bool others = false;
    size_t i;

    if (lane->nodes == NULL || lane_nodes(lane, lane->reader, &nodes, NULL) != SGN_OK)
        return false;
    json_array_foreach(nodes, i, node)
        others = others || !sgn_json_true(node, "here");
    json_decref(nodes);
    return others;
}
