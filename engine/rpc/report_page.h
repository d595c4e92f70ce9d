/* SPDX-License-Identifier: Apache-2.0 */
/* A report as people read and print it: HTML that fetches and runs nothing, with its charts drawn
 * in it (SVG) and what each figure means at its end. Any thread. */
#ifndef RPC_REPORT_PAGE_H
#define RPC_REPORT_PAGE_H

#include "buf.h"
#include <jansson.h>

/* report: as report.get answers it. SGN_NOMEM, SGN_TOO_LARGE: what the buffer says. */
enum sgn_status rpc_report_page(struct sgn_buf *out, const json_t *report, const char *language);

#endif
