/* SPDX-License-Identifier: Apache-2.0 */
/* The reference of all methods, printed from the rows that are enforced. Any thread. */
#ifndef RPC_DOCS_H
#define RPC_DOCS_H

#include "buf.h"

/* A page of plain HTML, without script and style. */
enum sgn_status rpc_docs_page(struct sgn_buf *out);
/* The OpenRPC document, as rpc.discover answers it. */
enum sgn_status rpc_docs_json(struct sgn_buf *out);

#endif
