/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a workflow may say that it is for: serves = "budget". Overviews of projects, health and
 * reports go by it, and not by what a team calls its workflows.
 *
 * The words are the names of shipped workflows; what is read of their cases stands in
 * dsl/prelude/members.lua, and is printed by "signoff reference serves".
 *
 * Pure; any thread.
 */
#ifndef MODEL_PURPOSE_H
#define MODEL_PURPOSE_H

#include "model.h"

struct model_purpose {
    const char *name;
    /* Without these fields its cases say nothing where it is read what they are for. */
    struct {
        const char *name; /* NULL: no more of them */
        enum model_field_type type;
    } fields[2];
};

/* All of them. Static. */
const struct model_purpose *model_purposes(size_t *n);
/* NULL: there is none of that name. */
const struct model_purpose *model_purpose_find(const char *name);

#endif
