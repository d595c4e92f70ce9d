/* SPDX-License-Identifier: Apache-2.0 */
/* Text into HTML. Any thread. */
#ifndef RPC_HTML_H
#define RPC_HTML_H

#include "buf.h"

/* Appends text (NULL: nothing) as it is read, whatever bytes it has, between tags or in an
 * attribute with double quotes. */
void rpc_html_put(struct sgn_buf *out, const char *text);

#endif
