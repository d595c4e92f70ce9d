/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of params against a method's rows. What is checked here no handler checks again.
 *
 * Pointers in errors are JSON pointers into params: "/case". A member that is null is the same as
 * one that is missing.
 *
 * Never looks at meaning: whether a case exists or a person may do something is asked further in.
 */
#include "rpc_internal.h"
#include <string.h>

static const struct rpc_param request_id_param = { .name = "request_id",
                                                   .type = RPC_STRING,
                                                   .max = RPC_REQUEST_ID_MAX };
static const struct rpc_param team_param = { .name = "team", .type = RPC_KEY };

static enum sgn_status shape_fail(struct sgn_error *err, const char *name, const char *fmt, ...)
    SGN_PRINTF(3, 4);

static enum sgn_status
shape_fail(struct sgn_error *err, const char *name, const char *fmt, ...)
{
    char text[512];
    char pointer[2 * SGN_KEY_MAX + 64];
    size_t n = 0;
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    sgn_fail(err, SGN_PARAMS, "%s", text);
    pointer[n++] = '/';
    /* RFC 6901: "~" and "/" in a member's name are written "~0" and "~1". */
    for (const char *c = name; *c != '\0' && n + 3 < sizeof(pointer); c++) {
        if (*c == '~' || *c == '/') {
            pointer[n++] = '~';
            pointer[n++] = *c == '~' ? '0' : '1';
        } else {
            pointer[n++] = *c;
        }
    }
    pointer[n] = '\0';
    if (!sgn_utf8_valid(pointer, n)) /* cut within a character */
        strcpy(pointer, "");
    sgn_error_add(err, "pointer", json_string(pointer));
    return SGN_PARAMS;
}

static enum sgn_status
string_check(const struct rpc_param *param, const json_t *value, struct sgn_error *err)
{
    size_t n = json_string_length(value);
    int64_t ms;
    struct sgn_error why = { 0 };

    if (!json_is_string(value))
        return shape_fail(err, param->name, "%s must be a string", param->name);
    if (n == 0 && param->required)
        return shape_fail(err, param->name, "%s must not be empty", param->name);
    if (param->max > 0 && n > (size_t)param->max)
        return shape_fail(err, param->name, "%s is %zu bytes long; at most %d are taken",
                          param->name, n, param->max);
    if (param->type == RPC_KEY && !sgn_key_valid(json_string_value(value)))
        return shape_fail(err, param->name,
                          "%s must begin with a letter a-z and hold only a-z, 0-9 and '-', at most "
                          "%d of them",
                          param->name, SGN_KEY_MAX);
    if (param->type == RPC_TIME && n > 0 &&
        sgn_time_parse(json_string_value(value), &ms, &why) != SGN_OK) {
        shape_fail(err, param->name, "%s: %s", param->name, why.message);
        sgn_error_clear(&why);
        return SGN_PARAMS;
    }
    return SGN_OK;
}

static enum sgn_status
strings_check(const struct rpc_param *param, const json_t *value, struct sgn_error *err)
{
    const json_t *item;
    size_t i;

    if (json_is_string(value))
        return SGN_OK;
    if (!json_is_array(value))
        return shape_fail(err, param->name, "%s must be a string or an array of strings",
                          param->name);
    json_array_foreach(value, i, item)
        if (!json_is_string(item))
            return shape_fail(err, param->name, "item %zu of %s must be a string", i, param->name);
    return SGN_OK;
}

static enum sgn_status
title_check(const struct rpc_param *param, const json_t *value, struct sgn_error *err)
{
    const char *language;
    json_t *text;

    if (json_is_string(value))
        return SGN_OK;
    if (!json_is_object(value))
        return shape_fail(err, param->name, "%s must be a string, or {\"en\": .., \"zh\": ..}",
                          param->name);
    json_object_foreach((json_t *)value, language, text) {
        if ((strcmp(language, "en") != 0 && strcmp(language, "zh") != 0) || !json_is_string(text))
            return shape_fail(err, param->name, "%s holds strings under \"en\" and \"zh\"",
                              param->name);
    }
    return SGN_OK;
}

static enum sgn_status
value_check(const struct rpc_param *param, const json_t *value, struct sgn_error *err)
{
    switch (param->type) {
    case RPC_STRING:
    case RPC_KEY:
    case RPC_TIME:
        return string_check(param, value, err);
    case RPC_INTEGER:
        if (!json_is_integer(value) || json_integer_value(value) < 0)
            return shape_fail(err, param->name, "%s must be an integer that is not negative",
                              param->name);
        if (param->max > 0 && json_integer_value(value) > param->max)
            return shape_fail(err, param->name, "%s must be at most %d", param->name, param->max);
        return SGN_OK;
    case RPC_BOOLEAN:
        if (!json_is_boolean(value))
            return shape_fail(err, param->name, "%s must be true or false", param->name);
        return SGN_OK;
    case RPC_OBJECT:
        if (!json_is_object(value))
            return shape_fail(err, param->name, "%s must be an object", param->name);
        return SGN_OK;
    case RPC_ARRAY:
        if (!json_is_array(value))
            return shape_fail(err, param->name, "%s must be an array", param->name);
        if (param->max > 0 && json_array_size(value) > (size_t)param->max)
            return shape_fail(err, param->name, "%s has %zu items; at most %d are taken",
                              param->name, json_array_size(value), param->max);
        return SGN_OK;
    case RPC_STRINGS:
        return strings_check(param, value, err);
    case RPC_TITLE:
        return title_check(param, value, err);
    case RPC_ANY:
        break;
    }
    return SGN_OK;
}

static const struct rpc_param *
param_find(const struct rpc_method *method, bool is_operator, const char *name)
{
    for (const struct rpc_param *p = method->params; p != NULL && p->name != NULL; p++)
        if (strcmp(p->name, name) == 0)
            return p;
    if (rpc_method_writes(method) && strcmp(name, request_id_param.name) == 0)
        return &request_id_param;
    if (is_operator && rpc_method_of_team(method) && strcmp(name, team_param.name) == 0)
        return &team_param;
    return NULL;
}

static enum sgn_status
unknown_param(const struct rpc_method *method, const char *name, struct sgn_error *err)
{
    const char *known[RPC_PARAMS_MAX + 1];
    const char *near;
    size_t n = 0;

    if (strcmp(name, team_param.name) == 0 && rpc_method_of_team(method))
        return shape_fail(err, name, "only an operator names a team; yours is known");
    for (const struct rpc_param *p = method->params; p != NULL && p->name != NULL; p++)
        known[n++] = p->name;
    if (rpc_method_writes(method))
        known[n++] = request_id_param.name;
    near = sgn_nearest(name, known, n);
    shape_fail(err, name, "%s has no parameter '%.80s'%s%s%s", method->name, name,
               near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
               near != NULL ? "'?" : "");
    if (near != NULL)
        sgn_error_add(err, "nearest", json_string(near));
    return SGN_PARAMS;
}

enum sgn_status
rpc_shape_check(const struct rpc_method *method, bool is_operator, json_t *params,
                struct sgn_error *err)
{
    enum sgn_status status;
    const char *name;
    json_t *value;
    void *following;

    json_object_foreach_safe(params, following, name, value) {
        const struct rpc_param *param = param_find(method, is_operator, name);
        if (param == NULL)
            return unknown_param(method, name, err);
        if (json_is_null(value)) {
            (void)json_object_del(params, name);
            continue;
        }
        status = value_check(param, value, err);
        if (status != SGN_OK)
            return status;
    }
    for (const struct rpc_param *p = method->params; p != NULL && p->name != NULL; p++)
        if (p->required && json_object_get(params, p->name) == NULL)
            return shape_fail(err, p->name, "%s needs %s: %s", method->name, p->name, p->help);
    if (is_operator && !method->site && json_object_get(params, team_param.name) == NULL)
        return shape_fail(err, team_param.name,
                          "an operator must name the team: the parameter team is missing");
    value = json_object_get(params, request_id_param.name);
    if (value != NULL && json_string_length(value) == 0)
        return shape_fail(err, request_id_param.name, "request_id has 1 to %d bytes",
                          RPC_REQUEST_ID_MAX);
    return SGN_OK;
}
