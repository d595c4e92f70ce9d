/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a worker answers, judged before anybody uses it. Of a load: its shape, and that it speaks
 * of the files that it was given; a model's own sense is engine/model's to judge. Of a call with
 * another behind it: that it is what rules.h says; what the values mean is core's to judge.
 */
#include "json.h"
#include "workers_internal.h"
#include <string.h>

#define WORKFLOWS_MAX 1000
#define MISTAKES_MAX  10000
#define MESSAGE_MAX   1000

static bool
is_mistake(const json_t *mistake)
{
    const char *severity = sgn_json_str(mistake, "severity");
    const json_t *hint = json_object_get(mistake, "hint");

    return severity != NULL &&
           (strcmp(severity, "error") == 0 || strcmp(severity, "warning") == 0) &&
           sgn_json_str(mistake, "file") != NULL && sgn_json_str(mistake, "message") != NULL &&
           json_is_integer(json_object_get(mistake, "line")) &&
           (hint == NULL || json_is_string(hint));
}

static bool
are_mistakes(const json_t *mistakes)
{
    const json_t *mistake;
    size_t i;

    if (!json_is_array(mistakes) || json_array_size(mistakes) > MISTAKES_MAX)
        return false;
    json_array_foreach(mistakes, i, mistake)
        if (!is_mistake(mistake))
            return false;
    return true;
}

/* The source is kept with every case that it governs, so it must be what lay in the folder. */
static bool
is_given_source(const json_t *input, const char *file, const char *source)
{
    const char *given = sgn_json_str(json_object_get(input, "files"), file);
    const char *name;
    const json_t *text;

    if (given == NULL && strncmp(file, "shipped/", 8) == 0)
        json_object_foreach(json_object_get(input, "shipped"), name, text) {
            size_t n = strlen(name);

            if (strncmp(file + 8, name, n) == 0 && strcmp(file + 8 + n, ".lua") == 0)
                given = json_string_value(text);
        }
    return given != NULL && strcmp(given, source) == 0;
}

static const char *
wrong_version(const json_t *input, const json_t *version)
{
    const char *source = sgn_json_str(version, "source"), *file = sgn_json_str(version, "file");
    const json_t *functions = json_object_get(version, "functions");
    const json_t *group = json_object_get(version, "group");

    if (!json_is_object(json_object_get(version, "model")) || source == NULL || file == NULL ||
        (functions != NULL && !json_is_object(functions) && !json_is_null(functions)) ||
        (group != NULL && !json_is_string(group)))
        return "it loaded a version without model, source or file";
    if (!is_given_source(input, file, source))
        return "it loaded a source that is not the file's";
    return NULL;
}

const char *
workers_load_wrong(const json_t *input, const json_t *answer)
{
    const json_t *team = json_object_get(answer, "team");
    json_t *versions = json_object_get(answer, "workflows"), *version;
    const char *name, *wrong = NULL, *source = sgn_json_str(team, "source");

    if (!json_is_object(team) && !json_is_null(team))
        return "it loaded a team that is none";
    if (source != NULL && !is_given_source(input, "team.lua", source))
        return "it loaded a source that is not the file's";
    if (!json_is_object(versions) || json_object_size(versions) > WORKFLOWS_MAX)
        return "it loaded workflows that are none";
    if (!are_mistakes(json_object_get(answer, "mistakes")))
        return "it told mistakes that are none";
    json_object_foreach(versions, name, version)
        if (wrong == NULL)
            wrong = wrong_version(input, version);
    return wrong;
}

/* { "code", "message" } of a function that failed. */
static bool
is_failure(const struct rules_value *error)
{
    struct rules_value code, message;

    if (!rules_value_member(error, "code", 4, &code) || code.kind != RULES_VALUE_TEXT ||
        !rules_value_member(error, "message", 7, &message) || message.kind != RULES_VALUE_TEXT)
        return false;
    return message.n <= MESSAGE_MAX &&
           ((code.n == 10 && memcmp(code.bytes, "rule_error", 10) == 0) ||
            (code.n == 12 && memcmp(code.bytes, "rule_overrun", 12) == 0));
}

const char *
workers_then_wrong(const struct rules_value *answer)
{
    const char *at = answer->bytes, *end = at + answer->n;
    struct rules_value guard, then, error;

    if (answer->kind != RULES_VALUE_LIST || at == end)
        return "it answered two calls with one";
    at = rules_value_read(at, &guard);
    if (at == end || rules_value_read(at, &then) != end)
        return "it answered two calls with one";
    if ((guard.kind == RULES_VALUE_TRUE) != (then.kind != RULES_VALUE_NULL))
        return "it called what it must not, or did not call what it must";
    if (then.kind == RULES_VALUE_NULL || rules_value_member(&then, "value", 5, &error) ||
        (rules_value_member(&then, "error", 5, &error) && is_failure(&error)))
        return NULL;
    return "it answered neither a value nor an error";
}
