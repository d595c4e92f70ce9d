/* SPDX-License-Identifier: Apache-2.0 */
/* Charts of a report's tables as SVG, drawn with the colours of the page they stand in. Every
 * number that is drawn stands in the table beside it too. Any thread. */
#ifndef RPC_REPORT_CHART_H
#define RPC_REPORT_CHART_H

#include "buf.h"
#include <jansson.h>

#define RPC_CHART_STYLE                                                                            \
    "svg{display:block;width:100%;height:auto}svg text{font:11px system-ui,sans-serif;"            \
    "fill:var(--soft)}.c0{fill:var(--field)}.c1{fill:var(--strong)}.c2{fill:var(--good)}"          \
    ".c3{fill:var(--bad)}.axis{stroke:var(--line)}svg.bar{width:9rem;height:.8rem}"                \
    ".legend{font-size:.85rem;color:var(--soft);margin:0 0 .4rem}.legend i{display:inline-block;"  \
    "width:.8rem;height:.8rem;border-radius:3px;margin:0 .35rem 0 .9rem;vertical-align:-.1rem}"    \
    ".legend i:first-child{margin-left:0}i.c0{background:var(--field)}"                            \
    "i.c1{background:var(--strong)}i.c2{background:var(--good)}i.c3{background:var(--bad)}"        \
    "@media print{.c0{fill:#999}.c1{fill:#333}.c2{fill:#777}.c3{fill:#222}i.c0{background:#999}"   \
    "i.c1{background:#333}i.c2{background:#777}i.c3{background:#222}"                              \
    "svg,i{print-color-adjust:exact;-webkit-print-color-adjust:exact}}"

/* Columns side by side, a group for each row; with a legend. */
void rpc_chart_columns(struct sgn_buf *out, const json_t *table);
/* The largest sum that a row's bar shows, which is as long as there is room. */
int64_t rpc_chart_most(const json_t *table);
/* The bar of one row; its parts behind one another. */
void rpc_chart_bar(struct sgn_buf *out, const json_t *table, const json_t *row, int64_t most);

#endif
