/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands behind the "?" of a target, as JSON. Pure functions.
 *
 * Names and values are decoded as forms encode them: "%41" is a byte, "+" a space. What is not
 * known, given twice, no UTF-8 or of the wrong kind is refused, never guessed.
 */
#ifndef NET_HTTP_QUERY_H
#define NET_HTTP_QUERY_H

#include "http_head.h"
#include <jansson.h>

enum net_query_kind {
    NET_QUERY_TEXT,
    NET_QUERY_TEXTS,  /* may be given several times; always an array */
    NET_QUERY_NUMBER, /* not negative */
    NET_QUERY_FLAG    /* "", "1", "true"; "0", "false" */
};

struct net_query_param {
    const char *name; /* NULL ends the list */
    enum net_query_kind kind;
};

#define NET_QUERY_WHY 160 /* bytes of what is wrong, in words */

/* An object of the parameters that are given; a new reference. NULL: why says what is wrong with
 * them, or nothing where memory ran out. */
json_t *net_http_query(struct net_text query, const struct net_query_param *known,
                       char why[NET_QUERY_WHY]);
/* Decodes in place of out, which has room for text.n + 1 bytes. False: "%" without two digits, a
 * NUL, or no UTF-8. is_form: "+" is a space. */
bool net_http_decode(struct net_text text, bool is_form, char *out);

#endif
