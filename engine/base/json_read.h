/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The short way of reading JSON: what is plain and right, and that is nearly all of it.
 */
#ifndef SGN_JSON_READ_H
#define SGN_JSON_READ_H

#include <jansson.h>

/*
 * The value of the whole text, new reference; NULL when it is not for this reader: when there is
 * something wrong, no memory, a real, an integer of more than 18 digits, an escape \u, an escape in
 * a member's name, or nesting beyond SGN_JSON_DEPTH_MAX. jansson's parser then reads it, or says
 * what is wrong. The text is UTF-8 without NUL.
 */
json_t *json_read(const char *bytes, size_t n);
/* The same without those members of the outermost object that have one of these names, as long as
 * NULL; what they hold is passed over, and not judged. */
json_t *json_read_but(const char *bytes, size_t n, const char *const *names);

#endif
