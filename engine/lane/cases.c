/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases that the lane knows, by name.
 */
#include "cases.h"
#include <stdlib.h>
#include <string.h>

/* NOLINTBEGIN(readability-function-size): what the macros of uthash come to */

void
lane_change_free(struct lane_change *change)
{
    if (change == NULL)
        return;
    lane_columns_deinit(&change->columns);
    free(change);
}

/* One that is in no map any more. */
static void
case_drop(struct lane_cases *cases, struct lane_case *one)
{
    cases->bytes -= one->bytes;
    if (one->change == NULL)
        free(one->document);
    lane_change_free(one->change);
    free(one);
}

static void
case_free(struct lane_cases *cases, struct lane_case *one)
{
    HASH_DEL(cases->map, one);
    case_drop(cases, one);
}

struct lane_case *
lane_cases_find(const struct lane_cases *cases, const char *name)
{
    struct lane_case *one;

    HASH_FIND_STR(cases->map, name, one);
    return one;
}

struct lane_case *
lane_cases_put(struct lane_cases *cases, const char *name)
{
    struct lane_case *one = lane_cases_find(cases, name);
    size_t n = strlen(name) + 1;

    if (one != NULL) {
        HASH_DEL(cases->map, one);
    } else {
        one = calloc(1, sizeof *one + n);
        if (one == NULL)
            return NULL;
        memcpy(one->name, name, n);
        one->bytes = sizeof *one + n;
        cases->bytes += one->bytes;
    }
    HASH_ADD_STR(cases->map, name, one);
    if (one->hh.tbl != NULL)
        return one;
    case_drop(cases, one);
    return NULL;
}

void
lane_case_text(struct lane_cases *cases, struct lane_case *one, char *document_take)
{
    size_t before = one->document != NULL ? strlen(one->document) : 0;
    size_t after = strlen(document_take);

    free(one->document);
    one->document = document_take;
    one->row = NULL;
    one->bytes += after - before;
    cases->bytes += after - before;
}

void
lane_cases_drop(struct lane_cases *cases, const char *name)
{
    struct lane_case *one = lane_cases_find(cases, name);

    if (one != NULL)
        case_free(cases, one);
}

void
lane_cases_forget(struct lane_cases *cases, const char *team)
{
    size_t n = team != NULL ? strlen(team) : 0;
    struct lane_case *one, *next;

    HASH_ITER(hh, cases->map, one, next)
    if (team == NULL || (strncmp(one->name, team, n) == 0 && one->name[n] == '/'))
        case_free(cases, one);
}

void
lane_cases_trim(struct lane_cases *cases, size_t bytes)
{
    while (cases->bytes > bytes && cases->map != NULL)
        case_free(cases, cases->map);
}

/* Without memory for one it is only not known any more. */
void
lane_cases_adopt(struct lane_cases *cases, struct lane_cases *changed)
{
    struct lane_case *one, *next, *kept;

    HASH_ITER(hh, changed->map, one, next)
    {
        kept = lane_cases_put(cases, one->name);
        if (kept != NULL) {
            lane_case_text(cases, kept, one->document);
            one->change->columns.document = one->document = NULL;
            kept->seq = one->seq;
            kept->at = one->at;
            kept->due = one->due;
            kept->due_known = one->due_known;
            memcpy(kept->hash, one->hash, sizeof kept->hash);
            memcpy(kept->rules, one->rules, sizeof kept->rules);
        }
        case_free(changed, one);
    }
}

/* NOLINTEND(readability-function-size) */
