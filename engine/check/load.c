/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what a load gave to everything there is to say of it, in the order of the files.
 */
#include "load.h"

#include "rules.h"
#include <stdlib.h>
#include <string.h>

static void
add_findings(struct loading *loading, const json_t *version, const json_t *findings)
{
    const json_t *places = json_object_get(version, "places"), *one;
    const char *file = sgn_json_str(version, "file");
    size_t i;

    json_array_foreach(findings, i, one) {
        int line = (int)sgn_json_int(one, "line", 0), column = (int)sgn_json_int(one, "column", 1);

        if (line == 0)
            rules_place(places, sgn_json_str(one, "pointer"), &line, &column);
        load_add(loading, file != NULL ? file : "?", line, column, sgn_json_str(one, "id"),
                 sgn_json_str(one, "message"), sgn_json_str(one, "hint"));
    }
}

/* A model that cannot be parsed is a mistake that others report. */
static enum sgn_status
look_at(struct loading *loading, const json_t *version, struct sgn_error *err)
{
    const json_t *functions = json_object_get(version, "functions");
    struct sgn_error why = { 0 };
    struct model *model = NULL;
    json_t *findings = json_array();
    enum sgn_status st = findings != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK &&
        model_parse(json_object_get(version, "model"), functions, &model, &why) == SGN_OK)
        st = check_model(model, functions, json_object_get(version, "says"), &loading->team,
                         findings, err);
    if (st == SGN_OK)
        add_findings(loading, version, findings);
    sgn_error_clear(&why);
    model_free(model);
    json_decref(findings);
    return st;
}

static bool
has_error(const json_t *mistakes, const char *file)
{
    const json_t *one;
    size_t i;

    json_array_foreach(mistakes, i, one) {
        const char *severity = sgn_json_str(one, "severity"), *its = sgn_json_str(one, "file");

        if (severity != NULL && strcmp(severity, "error") == 0 && its != NULL &&
            strcmp(its, file) == 0)
            return true;
    }
    return false;
}

/* ---- order ---- */

struct sorted {
    json_t *mistake;
    size_t nth;
};

static int
by_text(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

static int
by_place(const void *a, const void *b)
{
    const struct sorted *one = a, *two = b;
    int order = by_text(sgn_json_str(one->mistake, "file"), sgn_json_str(two->mistake, "file"));
    int64_t x, y;

    for (const char *const *key = (const char *const[]){ "line", "column", NULL };
         order == 0 && *key != NULL; key++) {
        x = sgn_json_int(one->mistake, *key, 0);
        y = sgn_json_int(two->mistake, *key, 0);
        order = (x > y) - (x < y);
    }
    return order != 0 ? order : (one->nth > two->nth) - (one->nth < two->nth);
}

/* The same at the same place is said once: a helper that is called twice stands in the text once.
 */
static bool
is_same(const json_t *a, const json_t *b)
{
    static const char *const keys[] = { "file", "message", "id" };
    bool same = sgn_json_int(a, "line", 0) == sgn_json_int(b, "line", 0) &&
                sgn_json_int(a, "column", 0) == sgn_json_int(b, "column", 0);

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        same = same && by_text(sgn_json_str(a, keys[i]), sgn_json_str(b, keys[i])) == 0;
    return same;
}

static json_t *
sort(const json_t *mistakes)
{
    size_t n = json_array_size(mistakes);
    struct sorted *list = calloc(n + 1, sizeof *list);
    json_t *out = json_array();

    for (size_t i = 0; list != NULL && i < n; i++)
        list[i] = (struct sorted){ json_array_get(mistakes, i), i };
    if (list == NULL || out == NULL) {
        free(list);
        json_decref(out);
        return NULL;
    }
    qsort(list, n, sizeof *list, by_place);
    for (size_t i = 0; i < n; i++) {
        size_t last = json_array_size(out);

        if (last == 0 || !is_same(json_array_get(out, last - 1), list[i].mistake))
            (void)json_array_append(out, list[i].mistake);
    }
    free(list);
    return out;
}

/* The mistakes of an answer in the form that the rest relies on. What is none counts as an error:
 * dropping it could put broken rules in force. */
static bool
take_given(struct loading *loading, const json_t *given)
{
    const json_t *one;
    size_t i;

    json_array_foreach(given, i, one) {
        const char *severity = sgn_json_str(one, "severity"), *file = sgn_json_str(one, "file");
        const char *message = sgn_json_str(one, "message");
        bool warning = severity != NULL && strcmp(severity, "warning") == 0;
        json_t *mistake = json_pack(
            "{s:s, s:s, s:I, s:I, s:s, s:s*, s:s*}", "severity", warning ? "warning" : "error",
            "file", file != NULL ? file : "?", "line", (json_int_t)sgn_json_int(one, "line", 1),
            "column", (json_int_t)sgn_json_int(one, "column", 1), "message",
            message != NULL ? message : "a mistake without a message", "hint",
            sgn_json_str(one, "hint"), "id", sgn_json_str(one, "id"));

        if (json_array_append_new(loading->mistakes, mistake) != 0)
            return false;
    }
    return true;
}

enum sgn_status
check_load(const json_t *answer, json_t **out, struct sgn_error *err)
{
    const json_t *given = json_object_get(answer, "mistakes"), *one;
    struct loading loading = { .answer = answer, .mistakes = json_array() };
    struct gathered gathered = { 0 };
    const char *key;
    enum sgn_status st = team_gather(answer, &gathered, err);

    if (loading.mistakes == NULL || !take_given(&loading, given))
        loading.failed = true;
    loading.team = gathered.team;
    loading.team.previous = json_object_get(answer, "previous");
    json_object_foreach(json_object_get(answer, "workflows"), key, one) {
        const char *file = sgn_json_str(one, "file");

        /* what follows from a mistake would only hide it */
        if (st == SGN_OK && file != NULL && !has_error(given, file))
            st = look_at(&loading, one, err);
    }
    json_object_foreach(json_object_get(answer, "remarks"), key, one)
        silences_apply(&loading, key, one, !has_error(given, key) && !has_error(given, "team.lua"));
    if (st == SGN_OK) {
        *out = loading.failed ? NULL : sort(loading.mistakes);
        st = *out != NULL ? SGN_OK : sgn_nomem(err);
    }
    json_decref(loading.mistakes);
    team_gathered_deinit(&gathered);
    return st;
}
