/* SPDX-License-Identifier: Apache-2.0 */
/* A field's value as a reader without an account reads it, in HTML. */
#ifndef RPC_LINK_VALUE_H
#define RPC_LINK_VALUE_H

#include "buf.h"
#include <jansson.h>
#include <stdbool.h>

/* view: as core_view gives it, of which titles and files are taken. linked: files can be had where
 * the page is. */
void rpc_link_value(struct sgn_buf *out, const json_t *view, const char *field, const json_t *value,
                    const char *language, bool linked);
/* "2026-01-05 09:00 +08:00", of an RFC 3339 text. */
void rpc_link_time(struct sgn_buf *out, const char *text);
/* A file of the view: its name, which gives its bytes when linked, size and digest. */
void rpc_link_file(struct sgn_buf *out, const json_t *file, const char *language, bool linked);
/* "1234567 bytes". */
void rpc_link_size(struct sgn_buf *out, int64_t bytes, const char *language);

#endif
