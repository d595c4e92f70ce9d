/* SPDX-License-Identifier: Apache-2.0 */
/* Text into HTML. Any thread. */
#ifndef RPC_HTML_H
#define RPC_HTML_H

#include "buf.h"

/* Appends text (NULL: nothing) as it is read, whatever bytes it has, between tags or in an
 * attribute with double quotes. */
void rpc_html_put(struct sgn_buf *out, const char *text);
/* A page that stands alone, runs nothing and asks for nothing, up to its heading: behind it comes
 * the heading's text. style: CSS of ours; word: what kind of page it is, beside our name. */
void rpc_html_begin(struct sgn_buf *out, const char *language, const char *title, const char *style,
                    const char *word);

#endif
