/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See sim_world.h: the clients. A client knows what it has read, and no more:
 * what was answered and is lost with its connection it asks for again, with the
 * same request_id.
 */
#include "json.h"
#include "sim_judge.h"
#include "sim_world.h"
#include <stdlib.h>
#include <string.h>

/* The first four work in the project, of whom three vote and one leads; dan now
 * and then; eve is of the team and not of the project; kim is of a client, and
 * the work is the team's own. The last is another connection of the first. */
const char *
sim_client_person(int client)
{
    static const char *const names[SIM_CLIENTS] = { "an",  "bo",  "cy",  "li",
                                                    "dan", "eve", "kim", "an" };

    return names[client];
}

int
sim_client_may(int client)
{
    return client == 4 ? -1 : client != 5 && client != 6;
}

/* ---- the connection ---- */

static void
peer_send(void *ctx, const void *bytes, size_t n)
{
    struct sim_client *client = ctx;

    /* What a machine without power sends has not left it. */
    if (!cut_disk_is_dead(client->world->cut.disk))
        (void)sgn_buf_append(&client->in, bytes, n);
}

static void
peer_pause(void *ctx, bool paused)
{
    ((struct sim_client *)ctx)->paused = paused;
}

static void
peer_close(void *ctx)
{
    ((struct sim_client *)ctx)->closed = true;
}

void
sim_client_connect(struct sim_world *world, int number)
{
    struct sim_client *client = &world->clients[number];
    const struct rpc_peer peer = {
        .ctx = client,
        .send = peer_send,
        .pause = peer_pause,
        .close = peer_close,
        .channel = "line",
    };

    if (!world->up || client->connection != NULL)
        return;
    client->paused = client->closed = false;
    client->n_asked = 0;
    sgn_buf_init(&client->out, (size_t)16 << 20);
    sgn_buf_init(&client->in, (size_t)64 << 20);
    client->connection = rpc_connection_new(world->server.rpc, &peer);
    if (client->connection == NULL)
        return;
    sim_trace(world, "client %d connects", number);
    (void)sgn_buf_printf(&client->out,
                         "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"session.login\",\"params\":{"
                         "\"token\":\"sgn_%s\"}}\n",
                         sim_client_person(number));
    client->asked[client->n_asked++] = 0;
}

void
sim_client_drop(struct sim_world *world, int number)
{
    struct sim_client *client = &world->clients[number];

    if (client->connection == NULL)
        return;
    rpc_connection_close(client->connection);
    client->connection = NULL;
    client->n_asked = 0;
    sgn_buf_deinit(&client->out);
    sgn_buf_deinit(&client->in);
    sim_trace(world, "client %d is disconnected", number);
}

void
sim_client_send(struct sim_world *world, int number, int64_t n)
{
    struct sim_client *client = &world->clients[number];
    size_t most;

    if (!world->up || client->connection == NULL || client->paused)
        return;
    most = n <= 0 || (size_t)n > client->out.len ? client->out.len : (size_t)n;
    if (most == 0)
        return;
    rpc_connection_receive(client->connection, client->out.bytes, most);
    sgn_buf_consume(&client->out, most);
    rpc_flush(world->server.rpc);
}

bool
sim_client_is_quiet(const struct sim_client *client)
{
    return client->connection == NULL || (client->out.len == 0 && client->n_asked == 0);
}

/* ---- what is asked ---- */

static const char *const methods[SIM_WHATS] = {
    [SIM_OPEN] = "case.open",
    [SIM_SPIN] = "case.fire",
    [SIM_PROPOSE] = "case.fire",
    [SIM_AMEND] = "case.fire",
    [SIM_COMMENT] = "case.comment",
    [SIM_VOTE] = "approval.vote",
    [SIM_WITHDRAW] = "approval.withdraw",
    [SIM_LOOK] = "case.get",
    [SIM_TITLE] = "person.update",
    [SIM_JOIN] = "project.member.add",
    [SIM_LEAVE] = "project.member.remove",
    [SIM_INBOX] = "inbox.list",
};

/* The case that a request opened, as its asker was told; NULL: nobody was. */
static const char *
case_of(const struct sim_world *world, int of)
{
    const struct sim_request *opened = world->requests[of];

    return opened != NULL && opened->told && opened->asks == SIM_OPEN
               ? sgn_json_str(opened->result, "case")
               : NULL;
}

static json_t *
params_of_case(const struct sim_client *client, const struct sim_step *step, const char *key)
{
    char id[16], subject[16];

    (void)snprintf(id, sizeof id, "r%d", step->id);
    (void)snprintf(subject, sizeof subject, "s%d", step->id);
    switch (step->asks) {
    case SIM_SPIN:
        return json_pack("{s:s, s:s, s:s}", "case", key, "event", "spin", "comment", id);
    case SIM_PROPOSE:
        return json_pack("{s:s, s:s, s:s}", "case", key, "event", "ask", "comment", id);
    case SIM_AMEND:
        return json_pack("{s:s, s:s, s:s, s:{s:s}}", "case", key, "event", "amend", "comment", id,
                         "data", "subject", subject);
    case SIM_COMMENT:
        return json_pack("{s:s, s:s}", "case", key, "text", id);
    case SIM_VOTE:
        return json_pack("{s:s, s:s, s:s, s:s*}", "case", key, "choice", step->word, "comment", id,
                         "digest", sgn_json_str(client->seen, key));
    default: /* withdraw, look */
        return json_pack("{s:s}", "case", key);
    }
}

static json_t *
params_of(const struct sim_client *client, const struct sim_step *step)
{
    char id[16];
    const char *key;

    (void)snprintf(id, sizeof id, "r%d", step->id);
    switch (step->asks) {
    case SIM_OPEN:
        return json_pack("{s:s, s:s, s:{s:s, s:s}, s:s}", "workflow", "job", "project", SIM_PROJECT,
                         "fields", "mark", id, "subject", "s0", "comment", id);
    case SIM_TITLE:
        return json_pack("{s:s, s:s}", "person", "an", "title", id);
    case SIM_JOIN:
    case SIM_LEAVE:
        return json_pack("{s:s, s:s, s:s}", "project", SIM_PROJECT, "person", "dan", "role",
                         "agent");
    case SIM_INBOX:
        return json_object();
    default:
        key = case_of(client->world, step->of);
        return key != NULL ? params_of_case(client, step, key) : NULL;
    }
}

static void
write_request(struct sim_client *client, struct sim_request *request)
{
    json_t *line = json_pack("{s:s, s:i, s:s, s:O}", "jsonrpc", "2.0", "id", request->id, "method",
                             request->method, "params", request->params);
    char *text = json_dumps(line, JSON_COMPACT);

    if (text == NULL)
        abort();
    (void)sgn_buf_append(&client->out, text, strlen(text));
    (void)sgn_buf_append(&client->out, "\n", 1);
    client->asked[client->n_asked++] = request->id;
    request->sent++;
    client->world->asked++;
    free(text);
    json_decref(line);
}

static bool
can_write(const struct sim_client *client)
{
    return client->world->up && client->connection != NULL &&
           client->n_asked < (int)(sizeof client->asked / sizeof client->asked[0]);
}

struct sim_request *
sim_client_ask(struct sim_world *world, const struct sim_step *step)
{
    struct sim_client *client = &world->clients[step->client];
    struct sim_request *request;
    json_t *params;
    char id[16];

    if (!can_write(client) || world->requests[step->id] != NULL)
        return NULL;
    params = params_of(client, step);
    request = params != NULL ? calloc(1, sizeof *request) : NULL;
    if (request == NULL)
        return NULL;
    request->id = step->id;
    request->client = step->client;
    request->asks = step->asks;
    request->method = methods[step->asks];
    request->params = params;
    (void)snprintf(id, sizeof id, "r%d", step->id);
    if (step->asks != SIM_LOOK && step->asks != SIM_INBOX)
        (void)json_object_set_new(params, "request_id", json_string(id));
    world->requests[step->id] = request;
    write_request(client, request);
    return request;
}

/* By the same person, over whichever connection. */
void
sim_client_again(struct sim_world *world, int number, int id)
{
    struct sim_client *client = &world->clients[number];
    struct sim_request *request = world->requests[id];

    if (request == NULL || !can_write(client) ||
        strcmp(sim_client_person(request->client), sim_client_person(number)) != 0)
        return;
    write_request(client, request);
}

/* ---- what is told ---- */

static void
take_digest(struct sim_client *client, const json_t *result)
{
    const char *key = sgn_json_str(result, "case");
    const char *digest =
        sgn_json_str(json_array_get(json_object_get(result, "approvals"), 0), "digest");

    if (key != NULL && digest != NULL)
        (void)json_object_set_new(client->seen, key, json_string(digest));
}

static void
take_answer(struct sim_client *client, struct sim_request *request, const json_t *answer)
{
    const json_t *error = json_object_get(answer, "error");
    json_t *result = json_object_get(answer, "result");
    const char *code = sgn_json_str(json_object_get(error, "data"), "code");
    const char *why = sgn_json_str(error, "message");

    client->world->told++;
    if (error != NULL) {
        (void)snprintf(request->code, sizeof request->code, "%s", code != NULL ? code : "");
        (void)snprintf(request->why, sizeof request->why, "%s", why != NULL ? why : "");
        /* The server does not know, or will not say: as if it had not been asked.
         */
        request->refused = strcmp(request->code, "unknown_outcome") != 0 &&
                           strcmp(request->code, "unavailable") != 0 &&
                           strcmp(request->code, "overloaded") != 0;
        sim_judge_refused(client->world->judge, client->number, request);
        return;
    }
    if (request->asks == SIM_LOOK)
        take_digest(client, result);
    sim_judge_told(client->world->judge, client->number, request, result);
    if (!request->told)
        request->result = json_incref(result);
    request->told = true;
    request->refused = false;
}

static void
take_line(struct sim_client *client, const char *line, size_t n)
{
    json_t *answer = json_loadb(line, n, 0, NULL);
    int64_t id = sgn_json_int(answer, "id", -1);

    sim_trace(client->world, "client %d is told %.*s", client->number, (int)n, line);
    if (answer == NULL || client->n_asked == 0 || id != client->asked[0]) {
        sim_judge_say(client->world->judge, SIM_DISORDER,
                      "client %d is told of %lld, and waits for %d", client->number, (long long)id,
                      client->n_asked > 0 ? client->asked[0] : -1);
        json_decref(answer);
        return;
    }
    client->n_asked--;
    memmove(client->asked, client->asked + 1, (size_t)client->n_asked * sizeof client->asked[0]);
    if (id > 0 && id <= SIM_STEPS_MAX)
        take_answer(client, client->world->requests[id], answer);
    json_decref(answer);
}

void
sim_client_read(struct sim_world *world, int number)
{
    struct sim_client *client = &world->clients[number];
    size_t done = 0;
    const char *end;

    if (client->connection == NULL)
        return;
    while (done < client->in.len &&
           (end = memchr((char *)client->in.bytes + done, '\n', client->in.len - done)) != NULL) {
        const char *line = (char *)client->in.bytes + done;

        take_line(client, line, (size_t)(end - line));
        done += (size_t)(end - line) + 1;
    }
    if (done > 0)
        sgn_buf_consume(&client->in, done);
    if (client->closed)
        sim_client_drop(world, number);
}
