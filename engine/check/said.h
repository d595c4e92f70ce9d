/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One thing that a function says of the case or the event (FACT in rules.h), and how what is wrong
 * with it is noted: shared by functions.c and effects.c.
 */
#ifndef CHECK_SAID_H
#define CHECK_SAID_H

#include "check_internal.h"

struct said {
    struct check *check;
    const char *number;  /* of the function */
    const char *purpose; /* guard, who, run */
    const json_t *fact;
    const json_t *at; /* the argument in question, or NULL */
};

#define SAID_NEAR 160

/* Notes a finding at the place of the argument, or of the fact; hint may be NULL. */
void said_note(const struct said *said, enum check_id id, const char *hint, const char *fmt, ...)
    SGN_PRINTF(4, 5);
/* " (did you mean "x"?)", or nothing, into out; gives out. */
const char *said_near(char out[SAID_NEAR], const char *name, const json_t *known);
/* Notes a name that is none of these, of "field", "role" or "state". */
void said_unknown(const struct said *said, const char *what, const char *name, const json_t *known);
/* The names of the workflow's fields, states or roles (aliases and built-in ones too). New. */
json_t *said_names(const struct model *model, const char *what);
/* The text of an argument that is a constant one, or NULL. */
const char *said_text(const json_t *arg);

/* Looks at a call of one of the case's methods. */
void said_call(const struct said *said, const char *method);

#endif
