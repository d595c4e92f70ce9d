/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON-RPC 2.0 by the letter: what a line may be, and what an answer looks like.
 *
 * Stricter than the specification in one thing: params by position are refused, because the
 * order of a method's parameters is no promise of ours (OpenRPC: paramStructure "by-name").
 *
 * Never asks who is there: rights are looked at when a request is started, not when it is read.
 */
#include "rpc_internal.h"
#include "say.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The last request of a batch takes the batch with it, whether it was answered or thrown away. */
void
rpc_request_free(struct rpc_request *request)
{
    if (request == NULL)
        return;
    if (request->batch != NULL && --request->batch->left == 0) {
        sgn_buf_deinit(&request->batch->text);
        free(request->batch);
    }
    json_decref(request->id);
    json_decref(request->params);
    json_decref(request->result);
    sgn_error_clear(&request->error);
    free(request);
}

/* A new request at the end of the queue. */
static struct rpc_request *
request_new(struct rpc_connection *connection, struct rpc_batch *batch, int64_t at)
{
    struct rpc_request *request = malloc(sizeof(*request));

    if (request == NULL)
        return NULL;
    /* Not the kilobyte of a message that is seldom needed: it is empty, and lies at the end. */
    memset(request, 0, offsetof(struct rpc_request, error.message) + 1);
    request->error.data = NULL;
    request->connection = connection;
    request->batch = batch;
    request->at = at;
    request->began = sgn_monotonic_ms();
    request->number = ++connection->asked;
    if (batch != NULL)
        batch->left++;
    if (connection->last == NULL)
        connection->first = request;
    else
        connection->last->next = request;
    connection->last = request;
    if (connection->waiting == NULL)
        connection->waiting = request;
    connection->requests++;
    return request;
}

/* Queued behind what came before: even a parse error is answered in its turn. */
enum sgn_status
rpc_envelope_refuse(struct rpc_connection *connection, struct sgn_error *error_take)
{
    struct rpc_request *request = request_new(connection, NULL, 0);

    if (request == NULL) {
        sgn_error_clear(error_take);
        return SGN_NOMEM;
    }
    request->id = json_null();
    request->phase = RPC_DONE;
    request->status = error_take->status;
    sgn_error_move(&request->error, error_take);
    return SGN_OK;
}

/* Fractions are allowed by the letter, so they are given back as they came. */
static bool
id_is_fine(const json_t *id)
{
    return json_is_string(id) || json_is_number(id) || json_is_null(id);
}

static enum sgn_status
method_unknown(const char *name, struct sgn_error *err)
{
    int n;
    const struct rpc_method *const *methods = rpc_methods(&n);
    const char **names = calloc((size_t)n, sizeof(*names));
    const char *near = NULL;

    /* Without memory for the names the answer only lacks its suggestion. */
    for (int i = 0; names != NULL && i < n; i++)
        /* All of them, whoever asks: rpc.discover tells the same to everybody. */
        names[i] = methods[i]->name;
    if (names != NULL)
        near = sgn_nearest(name, names, (size_t)n);
    free(names);
    sgn_fail(err, SGN_METHOD, "there is no method '%.80s'%s%s%s; rpc.discover lists them", name,
             near != NULL ? "; did you mean " : "", near != NULL ? near : "",
             near != NULL ? "?" : "");
    if (near != NULL)
        sgn_error_add(err, "nearest", json_string(near));
    return SGN_METHOD;
}

/* What is wrong with an object as a request. Fills in id, params and method where it can. */
static enum sgn_status
request_read(struct rpc_request *request, const json_t *object, struct sgn_error *err)
{
    const json_t *id = json_object_get(object, "id");
    const json_t *params = json_object_get(object, "params");
    const char *version = sgn_json_str(object, "jsonrpc");
    const char *name = sgn_json_str(object, "method");

    if (!json_is_object(object)) {
        request->id = json_null();
        return sgn_fail(err, SGN_REQUEST,
                        "a request is an object: "
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":NAME,\"params\":{...}}");
    }
    /* Who sends something that is no request is answered even without an id. */
    request->id = id != NULL && id_is_fine(id) ? json_incref((json_t *)id) : json_null();
    if (id != NULL && !id_is_fine(id))
        return sgn_fail(err, SGN_REQUEST, "id must be a string, a number or null");
    if (version == NULL || strcmp(version, "2.0") != 0)
        return sgn_fail(err, SGN_REQUEST, "member jsonrpc must be the string \"2.0\"");
    if (name == NULL)
        return sgn_fail(err, SGN_REQUEST, "member method must be a string: a method's name");
    if (params != NULL && !json_is_object(params) && !json_is_array(params))
        return sgn_fail(err, SGN_REQUEST, "params must be an object");
    if (id == NULL) {
        json_decref(request->id);
        request->id = NULL; /* a notification */
    }
    request->method = rpc_method_find(name);
    if (request->method == NULL)
        return method_unknown(name, err);
    if (json_is_array(params) && json_array_size(params) > 0) {
        sgn_fail(err, SGN_PARAMS, "params are given by name, as an object");
        sgn_error_add(err, "pointer", json_string(""));
        return SGN_PARAMS;
    }
    request->params = json_is_object(params) ? json_incref((json_t *)params) : json_object();
    return request->params != NULL ? SGN_OK : sgn_nomem(err);
}

/* What is no request is queued as one that is done, with its error: there is one way to answer. */
static enum sgn_status
request_add(struct rpc_connection *connection, struct rpc_batch *batch, const json_t *object,
            int64_t at)
{
    struct rpc_request *request = request_new(connection, batch, at);

    if (request == NULL)
        return SGN_NOMEM;
    request->status = request_read(request, object, &request->error);
    if (request->status != SGN_OK)
        request->phase = RPC_DONE;
    return SGN_OK;
}

/* A batch is its requests one after another, answered together. Its ceiling keeps one line from
 * becoming a hundred thousand jobs. */
static enum sgn_status
batch_read(struct rpc_connection *connection, const json_t *array, int64_t at)
{
    int most = connection->rpc->options.limits.batch_requests;
    struct rpc_batch *batch;
    struct sgn_error error = { 0 };
    enum sgn_status status = SGN_OK;
    const json_t *object;
    size_t i;

    if (json_array_size(array) == 0) {
        sgn_fail(&error, SGN_REQUEST, "an empty batch");
        return rpc_envelope_refuse(connection, &error);
    }
    if (json_array_size(array) > (size_t)most) {
        sgn_fail(&error, SGN_TOO_LARGE, "a batch of %zu requests; at most %d are taken",
                 json_array_size(array), most);
        return rpc_envelope_refuse(connection, &error);
    }
    batch = calloc(1, sizeof(*batch));
    if (batch == NULL)
        return SGN_NOMEM;
    sgn_buf_init(&batch->text, RPC_ANSWER_MAX);
    json_array_foreach(array, i, object) {
        status = request_add(connection, batch, object, at);
        if (status != SGN_OK)
            break;
    }
    if (batch->left == 0)
        free(batch);
    return status;
}

enum sgn_status
rpc_envelope_read(struct rpc_connection *connection, const char *line, size_t n, int64_t at)
{
    uint64_t failures = sgn_memory_failures();
    struct sgn_error error = { 0 };
    enum sgn_status status;
    json_t *value = NULL;

    status = sgn_json_parse(line, n, &value, &error);
    if (status != SGN_OK && sgn_memory_failures() != failures)
        (void)sgn_nomem(&error); /* it may well be JSON */
    if (status != SGN_OK)
        return rpc_envelope_refuse(connection, &error);
    if (json_is_array(value))
        status = batch_read(connection, value, at);
    else
        status = request_add(connection, NULL, value, at);
    json_decref(value);
    return status;
}

/* A token that is no text is like one that nobody has. */
enum sgn_status
rpc_envelope_login(struct rpc_connection *connection, const char *token, const char *or_language,
                   int64_t at)
{
    struct rpc_request *request = request_new(connection, NULL, at);

    if (request == NULL)
        return SGN_NOMEM;
    request->vouches = true;
    request->method = rpc_method_find("session.login");
    request->params =
        json_pack("{s:s, s:s*}", "token", sgn_utf8_valid(token, strlen(token)) ? token : "?",
                  "or_language", or_language);
    if (request->params != NULL)
        return SGN_OK;
    request->phase = RPC_DONE;
    request->status = sgn_nomem(&request->error);
    return SGN_OK;
}

/* ---- answers ---- */

/* "said": the message in the language of the session, for who shows it and has no catalogue, as
 * pages have none. Only where that is another text: the message itself is English for everybody. */
static enum sgn_status
say_error(const struct rpc_request *request, json_t *data)
{
    const struct rpc_connection *connection = request->connection;
    const char *message = request->error.message;
    enum sgn_status status = SGN_OK;
    char *said;

    if (connection == NULL || !sgn_say_is_zh(connection->session.language))
        return SGN_OK;
    said = sgn_say_text(connection->session.language, message);
    if (said == NULL ||
        (strcmp(said, message) != 0 && json_object_set_new(data, "said", json_string(said)) != 0))
        status = SGN_NOMEM;
    free(said);
    return status;
}

/* Details of the error beside the stable word; a detail never replaces it. */
static json_t *
error_json(const struct rpc_request *request)
{
    json_t *data = json_object();

    /* code first, so that it is what a reader sees first. */
    if (data == NULL ||
        json_object_set_new(data, "code", json_string(sgn_status_code(request->status))) != 0 ||
        (request->error.data != NULL &&
         json_object_update_missing(data, request->error.data) != 0) ||
        say_error(request, data) != SGN_OK) {
        json_decref(data);
        return NULL;
    }
    return json_pack("{s:i, s:s, s:o}", "code", sgn_status_number(request->status), "message",
                     request->error.message, "data", data);
}

/* Written straight into the text, id first: an answer is never built as a value as well. */
enum sgn_status
rpc_envelope_answer(struct sgn_buf *text, const struct rpc_request *request)
{
    json_t *error = request->status != SGN_OK ? error_json(request) : NULL;
    enum sgn_status status;

    if (request->status != SGN_OK && error == NULL)
        return SGN_NOMEM;
    sgn_buf_puts(text, "{\"jsonrpc\":\"2.0\",\"id\":");
    sgn_json_append(text, request->id);
    sgn_buf_puts(text, error != NULL ? ",\"error\":" : ",\"result\":");
    if (error != NULL)
        sgn_json_append(text, error);
    else if (request->result != NULL)
        sgn_json_append(text, request->result);
    else
        sgn_buf_puts(text, "{}");
    status = sgn_buf_puts(text, "}");
    json_decref(error);
    return status;
}

enum sgn_status
rpc_envelope_notify(struct sgn_buf *text, const char *method, const json_t *params)
{
    sgn_buf_printf(text, "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":", method);
    sgn_json_append(text, params);
    return sgn_buf_puts(text, "}\n");
}

/* An entry is an event without a name, under its number: what a reader has to remember to come
 * again. Compact JSON has no line ends. */
enum sgn_status
rpc_envelope_event(struct sgn_buf *text, const char *method, const json_t *params)
{
    const json_t *entry = json_object_get(params, "entry");
    const char *dot = strchr(method, '.');

    if (entry != NULL)
        sgn_buf_printf(text, "id: %lld\ndata: ", (long long)sgn_json_int(entry, "seq", 0));
    else
        sgn_buf_printf(text, "event: %s\ndata: ", dot != NULL ? dot + 1 : method);
    sgn_json_append(text, params);
    return sgn_buf_puts(text, "\n\n");
}
