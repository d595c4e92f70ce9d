/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the logs, out of requests that are done. */
#include "journal.h"
#include "linefile.h"
#include "rpc_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_MAX_SHOWN 48
#define TEXT_MAX       256 /* bytes of a value; what is longer is "(long)" */
#define LONG           "(long)"
#define SLOW_LINES     20 /* a minute */

/* Whoever asks at the time of asking: a logout has nobody any more when it is answered. */
void
rpc_journal_begin(struct rpc_request *request)
{
    const struct rpc_connection *connection = request->connection;
    const struct rpc_session *session = &connection->session;
    struct rpc_caller *caller = &request->caller;

    memcpy(caller->team, session->team, sizeof caller->team);
    memcpy(caller->person, session->person, sizeof caller->person);
    memcpy(caller->token_id, session->token_id, sizeof caller->token_id);
    caller->is_operator = session->is_operator;
    if (session->is_operator) /* what the job takes out of the params */
        sgn_text_copy(caller->team, sizeof caller->team, sgn_json_str(request->params, "team"));
    sgn_text_copy(caller->request_id, sizeof caller->request_id,
                  sgn_json_str(request->params, "request_id"));
    caller->channel = connection->peer.channel;
    caller->connection = connection->id;
    if (connection->trace[0] != '\0')
        sgn_text_copy(caller->request, sizeof caller->request, connection->trace);
    else
        (void)snprintf(caller->request, sizeof caller->request, "%llu-%u",
                       (unsigned long long)connection->id, (unsigned)request->number);
    sgn_text_copy(caller->from, sizeof caller->from, connection->peer.from);
}

static void
put(json_t *line, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0')
        (void)json_object_set_new(line, name, json_string(strlen(text) <= TEXT_MAX ? text : LONG));
}

static json_t *
line_new(const char *channel, const char *from)
{
    char at[SGN_TIME_TEXT];
    struct sgn_clock wall;
    json_t *line = json_object();

    sgn_clock_init_real(&wall);
    put(line, "at", sgn_time_format(sgn_clock_now(&wall), 0, at));
    put(line, "channel", channel);
    put(line, "from", from);
    return line;
}

/* jansson escapes what is below a space; with its flag also what is above ASCII. Left is DEL, which
 * JSON allows and terminals obey. */
static void
line_add(struct sgn_linefile *file, json_t *line_take)
{
    char *text = json_dumps(line_take, JSON_COMPACT | JSON_ENSURE_ASCII);
    size_t n = text != NULL ? strlen(text) : 0;

    json_decref(line_take);
    if (text == NULL)
        return;
    for (size_t i = 0; i < n; i++)
        if (text[i] == 0x7f)
            text[i] = '?';
    text[n] = '\n'; /* in the place of its NUL */
    sgn_linefile_add(file, text, n + 1);
    free(text);
}

/* Pieces of a file are told by its beginning and its end. */
static bool
is_a_piece(const struct rpc_request *request)
{
    const char *name = request->method->name;

    return strcmp(name, "file.put") == 0 ||
           (strcmp(name, "file.get") == 0 && sgn_json_int(request->params, "offset", 0) > 0);
}

static json_t *
line_of(const struct rpc_request *request)
{
    const struct rpc_caller *caller = &request->caller;
    json_t *line = line_new(caller->channel, caller->from);
    int64_t entry = sgn_json_int(request->result, "entry", 0);

    if (caller->connection != 0)
        (void)json_object_set_new(line, "connection", json_integer((json_int_t)caller->connection));
    put(line, "request", caller->request);
    put(line, "team", caller->team);
    put(line, "person", caller->person);
    if (caller->is_operator)
        (void)json_object_set_new(line, "operator", json_true());
    put(line, "token", caller->token_id);
    put(line, "method", request->method != NULL ? request->method->name : NULL);
    put(line, "case", sgn_json_str(request->params, "case"));
    put(line, "request_id", caller->request_id);
    put(line, "result", request->status == SGN_OK ? "ok" : sgn_status_code(request->status));
    if (entry > 0)
        (void)json_object_set_new(line, "entry", json_integer(entry));
    (void)json_object_set_new(line, "ms", json_integer(sgn_monotonic_ms() - request->began));
    return line;
}

/* What an administrator's call was about: names of things and rights, nothing that opens one. */
static json_t *
about(const struct rpc_request *request)
{
    static const char *const members[] = { "person", "project", "group",   "client", "id",
                                           "role",   "active",  "lead",    "scope",  "expires",
                                           "name",   "member",  "workflow" };
    json_t *out = json_object();
    json_t *result_id = json_object_get(request->result, "id");

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_t *value = json_object_get(request->params, members[i]);
        if (value != NULL && json_dumpb(value, NULL, 0, JSON_ENCODE_ANY) <= TEXT_MAX)
            (void)json_object_set(out, members[i], value);
        else if (value != NULL)
            put(out, members[i], LONG);
    }
    if (json_is_string(result_id))
        (void)json_object_set(out, "id", result_id);
    return out;
}

static bool
is_for_administrators(const struct rpc_request *request)
{
    if (request->method == NULL)
        return false;
    if (request->method->credential != NULL)
        return request->status != SGN_OK;
    return rpc_method_needs(request->method) == CORE_ADMINISTERS;
}

/* ---- the server's own log ---- */

static bool
is_our_fault(enum sgn_status status)
{
    return status == SGN_INTERNAL || status == SGN_NOMEM || status == SGN_UNKNOWN_OUTCOME;
}

/* Is there a line left in this minute? What was left out is told with the next. */
static bool
may_tell(struct rpc *rpc, int *left_out)
{
    int64_t now = sgn_monotonic_ms();

    if (rpc->told == 0 || now - rpc->told_from >= SGN_MINUTE_MS) {
        rpc->told_from = now;
        rpc->told = 0;
    }
    if (rpc->told >= SLOW_LINES) {
        rpc->left_out++;
        return false;
    }
    rpc->told++;
    *left_out = rpc->left_out;
    rpc->left_out = 0;
    return true;
}

static const char *
said(const char *text)
{
    return text != NULL ? text : "";
}

/* What took long, and what failed although nothing was wrong with it. */
static void
tell_trouble(struct rpc *rpc, const struct rpc_request *request)
{
    const struct rpc_caller *caller = &request->caller;
    int64_t took = sgn_monotonic_ms() - request->began, slow = rpc->options.slow_request_ms;
    bool failed = is_our_fault(request->status);
    char connection[24], ms[24], more[16];
    int left_out;

    if ((!failed && (slow == 0 || took < slow)) || !may_tell(rpc, &left_out))
        return;
    (void)snprintf(connection, sizeof connection, "%llu", (unsigned long long)caller->connection);
    (void)snprintf(ms, sizeof ms, "%lld", (long long)took);
    (void)snprintf(more, sizeof more, "%d", left_out);
    sgn_log(failed ? SGN_LOG_ERROR : SGN_LOG_WARN, failed ? "request failed" : "slow request",
            "request", caller->request, "connection", connection, "channel", said(caller->channel),
            "from", caller->from, "method", request->method != NULL ? request->method->name : "",
            "team", caller->team, "person", caller->is_operator ? "operator" : caller->person,
            "request_id", caller->request_id, "result",
            request->status == SGN_OK ? "ok" : sgn_status_code(request->status), "ms", ms,
            "left_out", more, "why", failed ? request->error.message : "", NULL);
}

void
rpc_journal_end(struct rpc *rpc, struct rpc_request *request)
{
    const struct rpc_options *options = &rpc->options;
    json_t *line;

    /* It was refused before it could start; or nobody was there before it. */
    if (request->caller.channel == NULL ||
        (request->connection != NULL && rpc_is_login(request->method) && request->status == SGN_OK))
        rpc_journal_begin(request);
    tell_trouble(rpc, request);
    if (options->access == NULL && options->admin == NULL)
        return;
    /* Who brings a token along logs in with it at each connection: told when it fails. */
    if (options->access != NULL && (!request->vouches || request->status != SGN_OK) &&
        (request->method == NULL || !is_a_piece(request)))
        line_add(options->access, line_of(request));
    if (options->admin == NULL || !is_for_administrators(request))
        return;
    line = line_of(request);
    if (request->method->credential == NULL)
        (void)json_object_set_new(line, "about", about(request));
    if (request->status != SGN_OK)
        put(line, "error", request->error.message);
    line_add(options->admin, line);
}

void
rpc_journal_http(struct rpc *rpc, const struct rpc_journal_line *told)
{
    const char *target = told->target;
    size_t n = strcspn(target + (target[0] == '/'), "/?") + (target[0] == '/');
    char words[PATH_MAX_SHOWN + 40];
    json_t *line;

    if (rpc->options.access == NULL)
        return;
    line = line_new("http", told->from);
    put(line, "request", told->request);
    snprintf(words, sizeof words, "%.16s %.*s%s", told->method,
             (int)(n < PATH_MAX_SHOWN ? n : PATH_MAX_SHOWN), target,
             target[n] == '/' ? "/..." : "");
    put(line, "http", words);
    (void)json_object_set_new(line, "status", json_integer(told->status));
    (void)json_object_set_new(line, "ms", json_integer(told->ms));
    line_add(rpc->options.access, line);
}
