/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts with places, as teams write them for mail: a part of what mustache can (mustache(5)) that
 * cannot do harm: no code, no files, no names but those that are given.
 *
 *     {{name}}              a value; where the text is HTML, with its signs escaped
 *     {{#name}} ... {{/name}}   for each item of a list, whose members are names within; once for
 *                           a value that is there, not at all for an empty one
 *     {{^name}} ... {{/name}}   when there is none
 *
 * Pure functions; any thread.
 */
#ifndef SGN_TEMPLATE_H
#define SGN_TEMPLATE_H

#include "buf.h"
#include <jansson.h>

#define SGN_TEMPLATE_MAX   (64 * 1024) /* bytes of one */
#define SGN_TEMPLATE_DEPTH 4           /* sections within each other */

/* SGN_INVALID names what is wrong, with its line. known: names that there are, ended by NULL. */
enum sgn_status sgn_template_check(const char *text, const char *const *known,
                                   struct sgn_error *err) SGN_MUST_CHECK;
/* Appends the text with its places filled from an object; what the check refuses is refused here
 * too, but unknown names are empty. A value is one line: its control characters become spaces. */
enum sgn_status sgn_template_put(struct sgn_buf *out, const char *text, const json_t *values,
                                 bool html, struct sgn_error *err) SGN_MUST_CHECK;

#endif
