/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The OpenRPC 1.3 document of the method table, made from the same rows that are enforced.
 */
#include "methods.h"
#include "rpc_internal.h"
#include <string.h>

static json_t *
type_schema(const struct rpc_param *param)
{
    switch (param->type) {
    case RPC_STRING:
        return param->max > 0 ? json_pack("{s:s, s:i}", "type", "string", "maxLength", param->max)
                              : json_pack("{s:s}", "type", "string");
    case RPC_INTEGER:
        return param->max > 0 ? json_pack("{s:s, s:i, s:i}", "type", "integer", "minimum", 0,
                                          "maximum", param->max)
                              : json_pack("{s:s, s:i}", "type", "integer", "minimum", 0);
    case RPC_BOOLEAN:
        return json_pack("{s:s}", "type", "boolean");
    case RPC_OBJECT:
        return json_pack("{s:s}", "type", "object");
    case RPC_ARRAY:
        return json_pack("{s:s}", "type", "array");
    case RPC_KEY:
        return json_pack("{s:s, s:s}", "type", "string", "pattern", "^[a-z][a-z0-9-]{0,31}$");
    case RPC_TIME:
        return json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
    case RPC_STRINGS:
        return json_pack("{s:[{s:s}, {s:s, s:{s:s}}]}", "oneOf", "type", "string", "type", "array",
                         "items", "type", "string");
    case RPC_TITLE:
        return json_pack("{s:[{s:s}, {s:s}]}", "oneOf", "type", "string", "type", "object");
    case RPC_ANY:
        break;
    }
    return json_object();
}

static json_t *
param_json(const struct rpc_param *param)
{
    return json_pack("{s:s, s:s, s:b, s:o}", "name", param->name, "description", param->help,
                     "required", param->required, "schema", type_schema(param));
}

static json_t *
params_json(const struct rpc_method *method)
{
    static const struct rpc_param request_id = { "request_id", RPC_STRING, false,
                                                 RPC_REQUEST_ID_MAX,
                                                 "Of the caller's choosing; the same request sent "
                                                 "again with it is answered as the first time." };
    static const struct rpc_param team = {
        "team", RPC_KEY, false, 0, "The team to act on; given by an operator, and by nobody else."
    };
    static const struct rpc_param whose = {
        "team", RPC_KEY, false, 0,
        "The team that is meant; given by an operator, and by nobody else."
    };
    json_t *params = json_array();

    for (const struct rpc_param *p = method->params; p != NULL && p->name != NULL; p++)
        (void)json_array_append_new(params, param_json(p));
    if (rpc_method_writes(method))
        (void)json_array_append_new(params, param_json(&request_id));
    if (rpc_method_of_team(method) && (method->access & CORE_OPERATOR))
        (void)json_array_append_new(params, param_json(method->site ? &whose : &team));
    return params;
}

/* Beside the standard's members, under a name that begins with "x-" as OpenRPC wants it. */
static json_t *
access_json(unsigned access)
{
    static const char *const names[] = { "anyone", "person", "member", "lead", "operator" };
    json_t *classes = json_array();

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (access & (1u << i))
            (void)json_array_append_new(classes, json_string(names[i]));
    return classes;
}

/* The tag is the family, the word before the dot. */
static json_t *
method_json(const struct rpc_method *method)
{
    const char *dot = strchr(method->name, '.');

    return json_pack("{s:s, s:s, s:[{s:s%}], s:s, s:o, s:{s:s, s:s, s:{}}, s:[{s:s}], s:o}", "name",
                     method->name, "summary", method->summary, "tags", "name", method->name,
                     (size_t)(dot != NULL ? dot - method->name : 0), "paramStructure", "by-name",
                     "params", params_json(method), "result", "name", "result", "description",
                     method->result, "schema", "errors", "$ref", "#/components/errors/any",
                     "x-access", access_json(method->access));
}

/* Every error a method may answer, by its stable word. */
static json_t *
errors_json(void)
{
#define X(name, number, code) SGN_##name,
    static const enum sgn_status statuses[] = { SGN_STATUS_MAP(X) };
#undef X
    json_t *words = json_array();
    static const char told[] =
        "data.code is one of the words in data.enum; the number is its own for each; data.said is "
        "the message in the session's language, unless that is English";
    json_t *errors;

    /* Several numbers share a word; SGN_OK is no error. */
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        const char *word = sgn_status_code(statuses[i]);

        if (statuses[i] != SGN_OK && !sgn_json_has(words, word))
            (void)json_array_append_new(words, json_string(word));
    }
    errors =
        json_pack("{s:{s:i, s:s, s:{s:s, s:o}}}", "any", "code", sgn_status_number(SGN_INTERNAL),
                  "message", told, "data", "type", "string", "enum", words);
    return errors;
}

json_t *
rpc_discover(void)
{
    json_t *list = json_array();
    int n;
    const struct rpc_method *const *methods = rpc_methods(&n);

    for (int i = 0; i < n; i++)
        (void)json_array_append_new(list, method_json(methods[i]));
    return json_pack("{s:s, s:{s:s, s:s, s:s, s:{s:s}}, s:o, s:{s:o}}", "openrpc", "1.3.2", "info",
                     "title", "Signoff", "version", SGN_VERSION, "description",
                     "JSON-RPC 2.0, one JSON text per line; see server.info for the limits.",
                     "license", "name", "Apache-2.0", "methods", list, "components", "errors",
                     errors_json());
}
