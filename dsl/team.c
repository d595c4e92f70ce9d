/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A team's folder: team.lua says which workflows are in use, and where each one's file is found:
 * in its group's folder, among the team's workflows, among the shipped ones, in that order.
 */
#include "dsl_internal.h"

#include "json.h"
#include "memory.h"
#include "schedule.h"
#include <string.h>

struct loading {
    const struct dsl_limits *limits;
    const json_t *files, *shipped;
    json_t *mistakes, *workflows;
    json_t *used; /* { path: true } of the team's own files */
};

/* The total is looked at before any file is run. */
static bool
too_large(const struct loading *loading)
{
    const char *path;
    json_t *source;
    size_t total = 0;

    json_object_foreach((json_t *)loading->files, path, source)
        total += json_string_length(source);
    return total > loading->limits->team_bytes;
}

/* C would take what stands before a NUL byte for the whole file, and people would read on. */
static enum sgn_status
check_ends(struct loading *loading, struct sgn_error *err)
{
    const char *path;
    json_t *source;

    json_object_foreach((json_t *)loading->files, path, source) {
        if (json_is_string(source) &&
            json_string_length(source) == strlen(json_string_value(source)))
            continue;
        if (!dsl_mistake(loading->mistakes, "error", path, 1, "the file holds a NUL byte", NULL))
            return sgn_nomem(err);
    }
    return SGN_OK;
}

static bool
is_test(const char *path)
{
    size_t n = strlen(path);

    return n >= 9 && strcmp(path + n - 9, "_test.lua") == 0;
}

/* The source of a workflow and the path it has in messages; NULL when there is none. */
static const char *
find_file(const struct loading *loading, const char *name, const char *group, char *path, size_t n)
{
    const char *source = NULL;

    if (group != NULL) {
        snprintf(path, n, "%s/%s.lua", group, name);
        source = sgn_json_str(loading->files, path);
    }
    if (source == NULL) {
        snprintf(path, n, "workflows/%s.lua", name);
        source = sgn_json_str(loading->files, path);
    }
    if (source == NULL) {
        snprintf(path, n, "shipped/%s.lua", name);
        return sgn_json_str(loading->shipped, name);
    }
    return json_object_set_new(loading->used, path, json_true()) == 0 ? source : NULL;
}

/* Every name that use could have meant. New reference. */
static json_t *
known_workflows(const struct loading *loading)
{
    json_t *known = json_array();
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)loading->shipped, key, value)
        json_array_append_new(known, json_string(key));
    json_object_foreach((json_t *)loading->files, key, value) {
        const char *slash = strrchr(key, '/');

        if (slash != NULL && !is_test(key) && strlen(slash) > 5)
            json_array_append_new(known, json_stringn(slash + 1, strlen(slash) - 5));
    }
    return known;
}

static enum sgn_status
unknown_workflow(struct loading *loading, const char *name, int line, struct sgn_error *err)
{
    json_t *known = known_workflows(loading);
    const char *near = known != NULL ? sgn_nearest_json(name, known) : NULL;
    char message[DSL_MESSAGE_MAX];
    bool noted;

    if (near != NULL)
        snprintf(message, sizeof message, "unknown workflow \"%s\" (did you mean \"%s\"?)", name,
                 near);
    else
        snprintf(message, sizeof message,
                 "unknown workflow \"%s\": there is no workflows/%s.lua and none is shipped", name,
                 name);
    noted = dsl_mistake(loading->mistakes, "error", "team.lua", line, message, near);
    json_decref(known);
    return noted ? SGN_OK : sgn_nomem(err);
}

/* Adds the version a file makes, if it makes one. */
static enum sgn_status
load_workflow(struct loading *loading, const char *name, const char *group, int line,
              struct sgn_error *err)
{
    char path[256];
    const char *source = find_file(loading, name, group, path, sizeof path);
    json_t *made = NULL, *version;
    enum sgn_status st;

    if (source == NULL)
        return unknown_workflow(loading, name, line, err);
    st = dsl_file_run(loading->limits, path, source, NULL, &made, loading->mistakes, err);
    if (st != SGN_OK || made == NULL)
        return st;
    version = json_pack(
        "{s:O, s:O, s:O*, s:O*, s:s, s:s, s:s*}", "model", json_object_get(made, "model"),
        "functions", json_object_get(made, "sources"), "places", json_object_get(made, "places"),
        "says", json_object_get(made, "says"), "source", source, "file", path, "group", group);
    /* Takes version, also when it is NULL. */
    if (json_object_set_new(loading->workflows, name, version) != 0)
        st = sgn_nomem(err);
    json_decref(made);
    return st;
}

/* Two workflows of a team must not number their cases alike. */
static enum sgn_status
check_keys(struct loading *loading, struct sgn_error *err)
{
    json_t *seen = json_object(), *version;
    const char *name;
    enum sgn_status st = seen != NULL ? SGN_OK : sgn_nomem(err);

    json_object_foreach(loading->workflows, name, version) {
        const char *key = sgn_json_str(json_object_get(version, "model"), "key"), *other;
        char message[DSL_MESSAGE_MAX];

        if (key == NULL || st != SGN_OK)
            continue;
        other = sgn_json_str(seen, key);
        if (other == NULL) {
            if (json_object_set_new(seen, key, json_string(name)) != 0)
                st = sgn_nomem(err);
            continue;
        }
        snprintf(message, sizeof message,
                 "the key \"%s\" belongs to the workflow \"%s\" already: choose another", key,
                 other);
        if (!dsl_mistake(loading->mistakes, "error", sgn_json_str(version, "file"), 1, message,
                         NULL))
            st = sgn_nomem(err);
    }
    json_decref(seen);
    return st;
}

/* What team.lua would have to say of a file "FOLDER/NAME.lua". */
static bool
warn_unused(struct loading *loading, const char *path)
{
    const char *base = strrchr(path, '/') + 1;
    char name[80], folder[80], message[300];

    snprintf(name, sizeof name, "%.*s", (int)strlen(base) - 4, base);
    snprintf(folder, sizeof folder, "%.*s", (int)(base - 1 - path), path);
    if (strcmp(folder, "workflows") == 0)
        snprintf(message, sizeof message, "team.lua does not use this file: add use \"%s\"", name);
    else
        snprintf(message, sizeof message,
                 "team.lua does not use this file: add use \"%s\" { group = \"%s\" }", name,
                 folder);
    return dsl_warning(loading->mistakes, "unused-file", path, 1, message);
}

/* Files that nothing uses are forgotten ones more often than not. */
static enum sgn_status
check_unused(struct loading *loading, struct sgn_error *err)
{
    const char *path;
    json_t *source;

    json_object_foreach((json_t *)loading->files, path, source) {
        size_t n = strlen(path);

        if (strchr(path, '/') == NULL || is_test(path) || n < 5 ||
            strcmp(path + n - 4, ".lua") != 0 || json_object_get(loading->used, path) != NULL)
            continue;
        if (!warn_unused(loading, path))
            return sgn_nomem(err);
    }
    return SGN_OK;
}

/* ---- schedules ---- */

static bool
noted(struct loading *loading, const json_t *at, const char *message, const char *near)
{
    return dsl_mistake(loading->mistakes, "error", "team.lua", (int)sgn_json_int(at, "line", 1),
                       message, near);
}

/* What is started must be in use; what it is given must be its fields. */
static bool
check_start(struct loading *loading, const json_t *start)
{
    const char *name = sgn_json_str(start, "start"), *field;
    const json_t *version = json_object_get(loading->workflows, name), *fields, *one, *value;
    json_t *known = json_array();
    char message[DSL_MESSAGE_MAX];
    bool ok = known != NULL;
    size_t i;

    json_object_foreach(loading->workflows, field, value)
        json_array_append_new(known, json_string(field));
    if (version == NULL) {
        const char *near = sgn_nearest_json(name, known);

        snprintf(message, sizeof message,
                 near != NULL
                     ? "start \"%s\": the team uses no such workflow (did you mean \"%s\"?)"
                     : "start \"%s\": the team uses no such workflow: add use \"%s\"",
                 name, near != NULL ? near : name);
        ok = ok && noted(loading, start, message, near);
        json_decref(known);
        return ok;
    }
    json_array_clear(known);
    fields = json_object_get(json_object_get(version, "model"), "fields");
    json_array_foreach(fields, i, one)
        json_array_append(known, json_object_get(one, "name"));
    json_object_foreach(json_object_get(start, "fields"), field, value) {
        const char *near = sgn_nearest_json(field, known);

        if (sgn_json_has(known, field))
            continue;
        snprintf(message, sizeof message, "start \"%s\": it has no field \"%s\"%s%s%s", name, field,
                 near != NULL ? " (did you mean \"" : "", near != NULL ? near : "",
                 near != NULL ? "\"?)" : "");
        ok = ok && noted(loading, start, message, near);
    }
    json_decref(known);
    return ok;
}

/* When they are is checked before what they start: a text nobody understands never comes. */
static enum sgn_status
check_schedules(struct loading *loading, const json_t *team, struct sgn_error *err)
{
    const json_t *schedule, *start;
    size_t i, k;

    json_array_foreach(json_object_get(team, "schedules"), i, schedule) {
        struct calendar_schedule *parsed = NULL;
        struct sgn_error wrong = { 0 };
        bool ok = true;

        if (calendar_schedule_parse(sgn_json_str(schedule, "every"), &parsed, &wrong) != SGN_OK)
            ok = noted(loading, schedule, wrong.message, NULL);
        calendar_schedule_free(parsed);
        sgn_error_clear(&wrong);
        json_array_foreach(json_object_get(schedule, "starts"), k, start)
            ok = ok && check_start(loading, start);
        if (!ok)
            return sgn_nomem(err);
    }
    return SGN_OK;
}

static enum sgn_status
load_all(struct loading *loading, json_t **team, struct sgn_error *err)
{
    const char *source = sgn_json_str(loading->files, "team.lua");
    json_t *made = NULL, *use;
    enum sgn_status st;
    size_t i;

    if (source == NULL || too_large(loading)) {
        const char *message = source == NULL ? "the team's folder has no team.lua"
                                             : "the team's files are larger together than they "
                                               "may be (256 KiB, unless the site says otherwise)";

        return dsl_mistake(loading->mistakes, "error", "team.lua", 1, message, NULL)
                   ? SGN_OK
                   : sgn_nomem(err);
    }
    st = check_ends(loading, err);
    if (st == SGN_OK && json_array_size(loading->mistakes) == 0)
        st = dsl_file_run(loading->limits, "team.lua", source, NULL, &made, loading->mistakes, err);
    if (st != SGN_OK || made == NULL)
        return st;
    *team = json_incref(json_object_get(made, "model"));
    /* Its hooks are called by what is in force, not by what the folder holds by then. */
    if (json_object_get(*team, "hooks") != NULL &&
        json_object_set_new(*team, "source", json_string(source)) != 0)
        st = sgn_nomem(err);
    json_array_foreach(json_object_get(*team, "use"), i, use) {
        const char *name = sgn_json_str(use, "workflow");
        int line = (int)sgn_json_int(json_object_get(made, "lines"), name, 1);

        if (st == SGN_OK)
            st = load_workflow(loading, name, sgn_json_str(use, "group"), line, err);
        if (st != SGN_OK)
            break;
    }
    if (st == SGN_OK)
        st = dsl_check_hooks(json_object_get(made, "says"), loading->workflows, loading->mistakes,
                             err);
    json_decref(made);
    if (st == SGN_OK)
        st = check_keys(loading, err);
    if (st == SGN_OK)
        st = check_schedules(loading, *team, err);
    if (st == SGN_OK)
        st = dsl_check_clocks(*team, loading->workflows, loading->mistakes, err);
    return st == SGN_OK ? check_unused(loading, err) : st;
}

static enum sgn_status
load(const struct dsl_limits *limits, const json_t *input, json_t **answer, struct sgn_error *err)
{
    struct dsl_limits defaults;
    struct loading loading = {
        .limits = limits,
        .files = json_object_get(input, "files"),
        .shipped = json_object_get(input, "shipped"),
        .mistakes = json_array(),
        .workflows = json_object(),
        .used = json_object(),
    };
    const char *name = sgn_json_str(input, "team");
    json_t *team = NULL, *remarks = NULL;
    enum sgn_status st;

    if (limits == NULL) {
        dsl_limits_default(&defaults);
        loading.limits = &defaults;
    }
    if (name == NULL || !json_is_object(loading.files))
        st = sgn_fail(err, SGN_INVALID, "a load needs team and files");
    else if (loading.mistakes == NULL || loading.workflows == NULL || loading.used == NULL)
        st = sgn_nomem(err);
    else
        st = load_all(&loading, &team, err);
    if (st == SGN_OK && team != NULL && strcmp(sgn_json_str(team, "name"), name) != 0) {
        char message[DSL_MESSAGE_MAX];

        snprintf(message, sizeof message,
                 "team \"%s\" stands in the folder \"%s\": name both alike",
                 sgn_json_str(team, "name"), name);
        if (!dsl_mistake(loading.mistakes, "error", "team.lua", 1, message, NULL))
            st = sgn_nomem(err);
    }
    if (st == SGN_OK && !dsl_columns(loading.mistakes, input))
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = dsl_remarks(loading.files, loading.workflows, &remarks, err);
    if (st == SGN_OK) {
        *answer = json_pack("{s:O?, s:O, s:O, s:O}", "team", team, "workflows", loading.workflows,
                            "mistakes", loading.mistakes, "remarks", remarks);
        if (*answer == NULL)
            st = sgn_nomem(err);
    }
    json_decref(remarks);
    json_decref(team);
    json_decref(loading.used);
    json_decref(loading.workflows);
    json_decref(loading.mistakes);
    return st;
}

/* What could not be read for want of memory must not be said of the scripts. */
enum sgn_status
dsl_load(const struct dsl_limits *limits, const json_t *input, json_t **answer,
         struct sgn_error *err)
{
    uint64_t failures = sgn_memory_failures();
    enum sgn_status st = load(limits, input, answer, err);

    if (sgn_memory_failures() == failures)
        return st;
    if (st == SGN_OK)
        json_decref(*answer);
    *answer = NULL;
    return sgn_nomem(err);
}
