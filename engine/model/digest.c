/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The identity of a workflow version: what it does, without what it says to readers.
 *
 * Two files with one digest are the same version: the texts of the newer replace the
 * older ones in running cases. So nothing that changes a decision may be left out here,
 * and nothing that does not may be left in; and what is hashed once may never be hashed
 * otherwise, since entries name it.
 */
#include "hash.h"
#include "model_internal.h"
#include <string.h>

/*
 * Where the form has words for readers. Only members of the form are walked: an action that
 * sets a field called "title" keeps it.
 */
static const char *const silent[] = { "title", "client_title", "titles", "help", "line" };
static const char *const walked[] = { "fields", "of",       "states", "transitions", "deadlines",
                                      "rungs",  "approval", "rule",   "rules",       "tasks" };

/* Only members of the form are walked: an action that sets a field called "title" keeps
 * it, and so does a default value that is a record with such a member. */
static void
strip(json_t *json)
{
    json_t *one;
    size_t i;

    json_array_foreach(json, i, one)
        strip(one);
    if (!json_is_object(json))
        return;
    for (i = 0; i < COUNT(silent); i++)
        (void)json_object_del(json, silent[i]);
    for (i = 0; i < COUNT(walked); i++)
        strip(json_object_get(json, walked[i]));
}

/* The sources of the functions are part of it: the model names them by numbers only.
 * Their lines are not: a comment above a function makes no new version. Nor is what they read,
 * which is found in the sources: to find it more exactly makes none either. */
enum sgn_status
model_digest(const json_t *json, const json_t *functions_source, char out[65],
             struct sgn_error *err)
{
    json_t *model = sgn_json_copy(json);
    json_t *functions, *function, *both;
    const char *number;
    enum sgn_status st;

    if (model == NULL)
        return sgn_nomem(err);
    strip(model);
    /* At the top these are titles; in an approval they are where it may end. */
    (void)json_object_del(model, "outcomes");
    (void)json_object_del(model, "serves");    /* for those who count cases; it decides nothing */
    (void)json_object_del(model, "retention"); /* for cases that have ended, of all versions */
    functions = json_object_get(model, "functions");
    json_object_foreach(functions, number, function) {
        (void)json_object_del(function, "line");
        (void)json_object_del(function, "reads");
    }
    functions = functions_source == NULL ? json_object() : sgn_json_copy(functions_source);
    both = json_pack("{s:o, s:o}", "model", model, "functions", functions);
    if (both == NULL)
        return sgn_nomem(err);
    st = sgn_hash_json(SGN_HASH_RULES, both, out, err);
    json_decref(both);
    return st;
}
