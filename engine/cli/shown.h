/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values of a case's fields as people read them: choices by their titles, parts of records by
 * theirs, yes and no in the reader's language.
 */
#ifndef CLI_SHOWN_H
#define CLI_SHOWN_H

#include "buf.h"
#include <jansson.h>

/* What the server said things are called; all borrowed, any may be NULL: names are shown. */
struct cli_shown {
    const char *language;
    const json_t *values; /* {PATH: {CHOICE: title}}: "class", "defects.severity" */
    const json_t *parts;  /* {PATH: title} of the parts of records */
};

/* path: the field's name. Nothing for an empty value. */
void cli_shown_put(struct sgn_buf *buf, const struct cli_shown *shown, const char *path,
                   const json_t *value);
/* The title of one word of a field, of "priority" too; the word itself where it has none. */
const char *cli_shown_word(const struct cli_shown *shown, const char *path, const char *word);

#endif
