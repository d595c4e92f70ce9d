/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Noting what was found: at the place in the model where it is, and in the end at the place in
 * a file.
 *
 * Places are JSON pointers: the compiled model knows the order of its parts, and that order is the
 * order of the JSON, so nothing has to be carried along.
 */
#include "load.h"

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

void
load_add(struct loading *loading, const char *file, int line, int column, const char *id,
         const char *message, const char *hint)
{
    if (json_array_size(loading->mistakes) >= CHECK_FINDINGS_MAX)
        return;
    if (json_array_append_new(loading->mistakes,
                              json_pack("{s:s, s:s, s:i, s:i, s:s, s:s*, s:s}", "severity",
                                        "warning", "file", file, "line", line, "column", column,
                                        "message", message, "hint", hint, "id", id)) != 0)
        loading->failed = true;
}
