/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Teams and their endpoints as the store has them.
 *
 * Everything that people do to endpoints is rows of a commit with an entry of kind data, whose
 * number is in the team's head: when it has moved, the rows are read again. A team is this node's
 * as long as lane_work() says so, and begun anew whenever it says another number.
 */
#include "outbox_internal.h"

#include <stdlib.h>
#include <string.h>

#define LIST_MS    1000 /* between two looks at which teams there are, and whose they are */
#define LOOK_MS    10   /* between two looks at the head of one with endpoints */
#define NONE_MS    200  /* and of one without */
#define TROUBLE_MS 1000
#define ROWS_MOST  10000

/* ---- made and freed ---- */

void
outbox_endpoint_free(struct outbox_endpoint *endpoint)
{
    if (endpoint == NULL)
        return;
    outbox_request_free(endpoint->team->outbox->http, endpoint->request);
    endpoint->request = NULL;
    outbox_messages_drop(endpoint);
    json_decref(endpoint->row);
    json_decref(endpoint->asked);
    json_decref(endpoint->dirty);
    json_decref(endpoint->marking);
    free(endpoint);
}

static void
endpoints_drop(struct outbox_team *team)
{
    while (team->endpoints != NULL) {
        struct outbox_endpoint *endpoint = team->endpoints;

        team->endpoints = endpoint->next;
        outbox_endpoint_free(endpoint);
    }
}

void
outbox_teams_free(struct outbox *outbox)
{
    while (outbox->teams != NULL) {
        struct outbox_team *team = outbox->teams;

        outbox->teams = team->next;
        endpoints_drop(team);
        free(team);
    }
}

static struct outbox_team *
team_find(struct outbox *outbox, const char *name)
{
    struct outbox_team *team = outbox->teams;

    while (team != NULL && strcmp(team->name, name) != 0)
        team = team->next;
    return team;
}

static struct outbox_endpoint *
endpoint_find(struct outbox_team *team, const char *key)
{
    struct outbox_endpoint *endpoint = team->endpoints;

    while (endpoint != NULL && strcmp(endpoint->key, key) != 0)
        endpoint = endpoint->next;
    return endpoint;
}

struct outbox_endpoint *
outbox_endpoint_find(struct outbox *outbox, const char *team, const char *endpoint)
{
    struct outbox_team *found = team_find(outbox, team);

    return found != NULL ? endpoint_find(found, endpoint) : NULL;
}

/* ---- an endpoint's rows ---- */

/* Is this delivery's end known here, and only not in the store yet? */
static bool
is_settled(const struct outbox_endpoint *endpoint, const json_t *row)
{
    json_t *sets[] = { endpoint->dirty, endpoint->marking };
    char name[24];

    snprintf(name, sizeof name, "%lld", (long long)sgn_json_int(row, "seq", 0));
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
        if (json_object_get(json_object_get(sets[i], "rows"), name) != NULL)
            return true;
    return false;
}

static bool
same_entry(const json_t *a, const json_t *b)
{
    return json_equal(json_object_get(a, "seq"), json_object_get(b, "seq"));
}

/* What people have asked for, and how far the entry in its turn is; fresh: this thread knew
 * nothing of the endpoint. */
static void
take_deliveries(struct outbox_endpoint *endpoint, const json_t *rows, bool fresh)
{
    json_t *asked = json_array(), *first = json_array_get(endpoint->asked, 0), *row;
    size_t i;

    if (endpoint->request != NULL && endpoint->by_hand)
        (void)json_array_append(asked, first);
    else
        first = NULL;
    json_array_foreach(rows, i, row) {
        const char *status = sgn_json_str(row, "status");
        int64_t next = sgn_json_int(row, "next", 0);

        if (status == NULL || strcmp(status, "waiting") != 0)
            continue;
        if (sgn_json_str(row, "person") != NULL) {
            if (!is_settled(endpoint, row) && (first == NULL || !same_entry(first, row)))
                (void)json_array_append(asked, row);
        } else if (sgn_json_int(row, "seq", 0) > endpoint->seen) {
            if (fresh)
                endpoint->attempts = (int)sgn_json_int(row, "attempts", 0);
            if (fresh || next < endpoint->next_at)
                endpoint->next_at = next;
        }
    }
    json_decref(endpoint->asked);
    endpoint->asked = asked;
}

/* The row as it is now. What was read by other filters is read again; what was switched on goes on
 * at once, and begins its schedule anew. */
static void
take_row(struct outbox_endpoint *endpoint, json_t *row)
{
    bool paused = endpoint->row != NULL && outbox_is_paused(endpoint);

    if (json_equal(endpoint->row, row))
        return;
    json_decref(endpoint->row);
    endpoint->row = json_incref(row);
    endpoint->format = outbox_format_find(sgn_json_str(row, "format"));
    outbox_messages_drop(endpoint);
    if (paused && !outbox_is_paused(endpoint)) {
        endpoint->attempts = 0;
        endpoint->next_at = 0;
    }
}

static struct outbox_endpoint *
endpoint_new(struct outbox_team *team, const char *key, const json_t *cursor)
{
    struct outbox_endpoint *endpoint = calloc(1, sizeof *endpoint);

    if (endpoint == NULL)
        return NULL;
    endpoint->team = team;
    sgn_text_copy(endpoint->key, sizeof endpoint->key, key);
    endpoint->part = sgn_json_int(cursor, "part", 0);
    endpoint->seen = endpoint->kept = endpoint->read = sgn_json_int(cursor, "seq", 0);
    endpoint->asked = json_array();
    endpoint->next = team->endpoints;
    team->endpoints = endpoint;
    return endpoint;
}

static void
endpoint_remove(struct outbox_team *team, struct outbox_endpoint *endpoint)
{
    struct outbox_endpoint **link = &team->endpoints;

    while (*link != endpoint)
        link = &(*link)->next;
    *link = endpoint->next;
    outbox_endpoint_free(endpoint);
}

/* One whose cursor somebody has set is another one. */
static enum sgn_status
load_one(struct outbox_team *team, json_t *row, struct sgn_error *err)
{
    struct store_reader *reader = team->outbox->options.reader;
    const char *key = sgn_json_str(row, "endpoint");
    struct outbox_endpoint *endpoint = endpoint_find(team, key);
    char name[LANE_READER_TEXT];
    json_t *cursor_key = json_pack("{s:s}", "name", lane_endpoint_reader(key, name));
    json_t *match = json_pack("{s:s}", "endpoint", key), *cursor = NULL, *rows = NULL;
    enum sgn_status st = store_row_get(reader, STORE_READER, team->name, cursor_key, &cursor, err);

    if (st == SGN_OK)
        st = store_row_list(reader, STORE_DELIVERY, team->name, match, NULL, ROWS_MOST, &rows, err);
    if (st == SGN_OK) {
        bool fresh = endpoint == NULL || endpoint->part != sgn_json_int(cursor, "part", 0);

        if (fresh && endpoint != NULL)
            endpoint_remove(team, endpoint);
        if (fresh)
            endpoint = endpoint_new(team, key, cursor);
        if (endpoint != NULL) {
            endpoint->found = true;
            take_row(endpoint, row);
            take_deliveries(endpoint, rows, fresh);
        } else {
            st = sgn_nomem(err);
        }
    }
    json_decref(cursor_key);
    json_decref(match);
    json_decref(cursor);
    json_decref(rows);
    return st;
}

static enum sgn_status
load(struct outbox_team *team, struct sgn_error *err)
{
    struct outbox_endpoint *endpoint, *next;
    json_t *rows = NULL, *row;
    size_t i;
    enum sgn_status st = store_row_list(team->outbox->options.reader, STORE_ENDPOINT, team->name,
                                        NULL, NULL, LANE_ENDPOINTS_MAX, &rows, err);

    for (endpoint = team->endpoints; endpoint != NULL; endpoint = endpoint->next)
        endpoint->found = false;
    json_array_foreach(rows, i, row) {
        if (st == SGN_OK)
            st = load_one(team, row, err);
    }
    for (endpoint = team->endpoints; st == SGN_OK && endpoint != NULL; endpoint = next) {
        next = endpoint->next;
        if (!endpoint->found)
            endpoint_remove(team, endpoint);
    }
    json_decref(rows);
    return st;
}

/* ---- a team ---- */

static enum sgn_status
look(struct outbox_team *team, struct sgn_error *err)
{
    struct outbox *outbox = team->outbox;
    int64_t work = lane_work(outbox->options.lane, team->name);
    struct store_head head = { 0 };
    enum sgn_status st = SGN_OK;

    if (work != team->work) {
        endpoints_drop(team); /* another node may have delivered meanwhile */
        team->data_seq = -1;
        team->work = work;
    }
    if (work != 0)
        st = store_head_get(outbox->options.reader, team->name, &head, err);
    if (work == 0 || st != SGN_OK)
        return st;
    if (head.data_seq != team->data_seq)
        st = load(team, err);
    if (st == SGN_OK) {
        team->data_seq = head.data_seq;
        team->head = head.seq;
    }
    return st;
}

static void
look_at_times(struct outbox_team *team, int64_t now)
{
    struct sgn_error err = { 0 };

    team->told = false;
    if (look(team, &err) == SGN_OK) {
        team->look_at = now + (team->endpoints != NULL ? LOOK_MS : NONE_MS);
    } else {
        sgn_log(SGN_LOG_WARN, "deliveries wait", "team", team->name, "why", err.message, NULL);
        team->look_at = now + TROUBLE_MS;
        team->told = true;
    }
    sgn_error_clear(&err);
}

/* ---- all of them ---- */

static struct outbox_team *
team_new(struct outbox *outbox, const char *name)
{
    struct outbox_team *team = calloc(1, sizeof *team);

    if (team == NULL)
        return NULL;
    team->outbox = outbox;
    sgn_text_copy(team->name, sizeof team->name, name);
    team->data_seq = -1;
    team->told = true;
    team->next = outbox->teams;
    outbox->teams = team;
    return team;
}

/* Those that the site has now; whose work has changed hands is looked at. */
static void
list(struct outbox *outbox)
{
    const struct lane_site *site = lane_site_ref(outbox->options.lane);

    for (int i = 0; site != NULL && i < site->n_teams; i++) {
        const char *name = site->teams[i]->name;
        struct outbox_team *team = team_find(outbox, name);

        if (team == NULL)
            team = team_new(outbox, name);
        if (team != NULL && team->work != lane_work(outbox->options.lane, name))
            team->told = true;
    }
    lane_site_free(outbox->options.lane, site);
}

/* What commits have told since the last time. */
static void
hear(struct outbox *outbox)
{
    json_t *told, *fresh = json_object();
    bool all;

    pthread_mutex_lock(&outbox->lock);
    told = outbox->told;
    all = outbox->told_all || fresh == NULL;
    outbox->told_all = false;
    if (fresh != NULL)
        outbox->told = fresh;
    else
        json_object_clear(told); /* all of them look; the next one wakes again */
    pthread_mutex_unlock(&outbox->lock);
    for (struct outbox_team *team = outbox->teams; team != NULL; team = team->next)
        if (all || json_object_get(told, team->name) != NULL)
            team->told = true;
    if (fresh != NULL)
        json_decref(told);
}

int64_t
outbox_teams_turn(struct outbox *outbox)
{
    int64_t now = sgn_monotonic_ms(), soonest = LIST_MS;

    if (now >= outbox->teams_at) {
        list(outbox);
        outbox->teams_at = now + LIST_MS;
    }
    hear(outbox);
    for (struct outbox_team *team = outbox->teams; team != NULL; team = team->next) {
        if (team->told && now >= team->look_at)
            look_at_times(team, now);
        if (team->told && team->look_at - now < soonest)
            soonest = team->look_at - now;
    }
    return soonest > 0 ? soonest : 0;
}
