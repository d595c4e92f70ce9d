/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which transitions go round when a macrostep does not end: of the last ones taken, those since
 * the one that was taken last was taken before. A longer circle than is remembered is told from
 * where it is known.
 */
#include "statechart_internal.h"

#include <stdio.h>
#include <string.h>

void
statechart_circle_add(struct statechart_circle *circle, const struct model_transition *transition)
{
    circle->taken[circle->n++ % STATECHART_CIRCLE] = transition;
}

/* "planned":5, the state whose transition it is and its line, which models from files have. */
static size_t
put(const struct model *model, const struct model_transition *transition, const char *before,
    char *out, size_t n)
{
    const char *name = model->states[transition->source].name;
    int length;

    if (name[0] == '\0')
        name = model->name;
    length = transition->line > 0 ? snprintf(out, n, "%s\"%s\":%d", before, name, transition->line)
                                  : snprintf(out, n, "%s\"%s\"", before, name);
    return length > 0 && (size_t)length < n ? (size_t)length : 0;
}

void
statechart_circle_text(const struct statechart_circle *circle, const struct model *model, char *out,
                       size_t n)
{
    int first = circle->n > STATECHART_CIRCLE ? circle->n - STATECHART_CIRCLE : 0;
    const struct model_transition *last = NULL;
    size_t at = 0;

    out[0] = '\0';
    if (circle->n > 0)
        last = circle->taken[(circle->n - 1) % STATECHART_CIRCLE];
    for (int i = circle->n - 2; i >= first; i--)
        if (circle->taken[i % STATECHART_CIRCLE] == last) {
            first = i;
            break;
        }
    for (int i = first; i < circle->n; i++) {
        size_t more = put(model, circle->taken[i % STATECHART_CIRCLE], i > first ? " → " : "",
                          out + at, n - at);

        if (more == 0) /* cut where it would end within a name */
            out[at] = '\0';
        if (more == 0)
            return;
        at += more;
    }
}
