/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Noting what was found, at the place in the model where it is.
 *
 * Places are JSON pointers: the compiled model knows the order of its parts, and that order is the
 * order of the JSON, so nothing has to be carried along.
 */
#include "check_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
check_at(const struct check *check, char *out, int state, const char *fmt, ...)
{
    size_t n;
    va_list args;

    n = (size_t)snprintf(out, CHECK_POINTER_MAX, "%s", check->states[state]);
    if (n >= CHECK_POINTER_MAX)
        n = CHECK_POINTER_MAX - 1;
    va_start(args, fmt);
    vsnprintf(out + n, CHECK_POINTER_MAX - n, fmt, args);
    va_end(args);
    return out;
}

const char *
check_at_transition(const struct check *check, char *out, const struct model_transition *transition)
{
    const struct model_state *state = &check->model->states[transition->source];
    int i = 0;

    while (i < state->n_transitions && state->transitions[i] != transition)
        i++;
    return check_at(check, out, transition->source, "/transitions/%d", i);
}

const char *
check_state_label(const struct check *check, char *out, size_t n, int state)
{
    if (state == 0)
        snprintf(out, n, "the workflow");
    else
        snprintf(out, n, "the state \"%s\"", check->model->states[state].name);
    return out;
}

void
check_note(struct check *check, enum check_id id, const char *pointer, const char *hint,
           const char *fmt, ...)
{
    char message[512];
    va_list args;

    /* who is that wrong is not helped by more */
    if (json_array_size(check->findings) >= CHECK_FINDINGS_MAX)
        return;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    if (json_array_append_new(check->findings,
                              json_pack("{s:s, s:s, s:s, s:s*}", "id", check_id_of(id), "message",
                                        message, "pointer", pointer, "hint", hint)) != 0)
        check->failed = true;
}

/* ---- the pointers of the states ---- */

static bool
point(struct check *check, int state, const char *pointer)
{
    const struct model_state *at = &check->model->states[state];

    check->states[state] = strdup(pointer);
    if (check->states[state] == NULL)
        return false;
    for (int i = 0; i < at->n_children; i++) {
        char *inner = sgn_format("%s/states/%d", pointer, i);
        bool good = inner != NULL && point(check, at->children[i], inner);

        free(inner);
        if (!good)
            return false;
    }
    return true;
}

enum sgn_status
check_model(const struct model *model, const json_t *functions, const struct check_team *team,
            json_t *findings, struct sgn_error *err)
{
    static const struct check_team alone = { 0 };
    struct check check = { .model = model,
                           .functions = functions,
                           .team = team != NULL ? team : &alone,
                           .findings = findings };
    enum sgn_status st = SGN_OK;

    check.states = calloc((size_t)model->n_states, sizeof *check.states);
    if (check.states == NULL || !point(&check, 0, ""))
        check.failed = true;
    if (!check.failed) {
        check_approvals(&check);
        check_words(&check);
        check_functions(&check);
        st = check_ways(&check, err);
    }
    for (int i = 0; check.states != NULL && i < model->n_states; i++)
        free(check.states[i]);
    free(check.states);
    return check.failed ? sgn_nomem(err) : st;
}
