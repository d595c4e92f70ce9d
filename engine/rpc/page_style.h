/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the pages without script look like: a sheet of paper on a quiet ground, light or dark as the
 * reader's system is, black on white in print. A page puts its own rules behind it.
 */
#ifndef RPC_PAGE_STYLE_H
#define RPC_PAGE_STYLE_H

#define RPC_PAGE_STYLE                                                                             \
    ":root{color-scheme:light dark;--ground:#f4f3ef;--sheet:#fff;--ink:#1c2127;--soft:#58626c;"    \
    "--line:#e3e1da;--strong:#0f766e;--on-strong:#fff;--good:#17703f;--good-ground:#eaf5ee;"       \
    "--bad:#a3231c;--bad-ground:#fcefed;--mark:#ffefb8;--field:#8a929b}"                           \
    "@media(prefers-color-scheme:dark){:root{--ground:#12161a;--sheet:#1a2026;--ink:#e7eaec;"      \
    "--soft:#a3adb7;--line:#2e363e;--strong:#4fc0b3;--on-strong:#06211e;--good:#7fd6a2;"           \
    "--good-ground:#17301f;--bad:#ff9c93;--bad-ground:#3a1f1c;--mark:#4d4216;--field:#6d7780}}"    \
    "*{box-sizing:border-box}"                                                                     \
    "body{font:1rem/1.6 system-ui,-apple-system,\"Segoe UI\",\"Noto Sans\",\"PingFang SC\","       \
    "\"Microsoft YaHei\",\"WenQuanYi Micro Hei\",sans-serif;margin:0;background:var(--ground);"    \
    "color:var(--ink)}"                                                                            \
    "main,header,footer{max-width:46rem;margin:0 auto;padding:0 1.25rem}"                          \
    "header{display:flex;justify-content:space-between;align-items:center;"                        \
    "padding-top:1.1rem;padding-bottom:1.1rem;font-size:.9rem;color:var(--soft)}"                  \
    "header b{letter-spacing:.02em;color:var(--ink)}a{color:var(--strong)}"                        \
    ".sheet{background:var(--sheet);border:1px solid var(--line);border-radius:14px;"              \
    "padding:1.6rem 1.75rem;margin-bottom:1rem}"                                                   \
    "h1{font-size:1.55rem;line-height:1.3;margin:0 0 .35rem;overflow-wrap:anywhere}"               \
    "h2{font-size:1.05rem;margin:0 0 .7rem}"                                                       \
    ".sub{color:var(--soft);margin:0}.sheet>:last-child{margin-bottom:0}"                          \
    "table{width:100%;border-collapse:collapse}"                                                   \
    "th,td{text-align:left;vertical-align:top;padding:.55rem .9rem .55rem 0;"                      \
    "border-top:1px solid var(--line);overflow-wrap:anywhere}"                                     \
    "tr:first-child>th,tr:first-child>td{border-top:0}"                                            \
    "th{width:34%;font-weight:500;color:var(--soft)}td{white-space:pre-line}"                      \
    "td:last-child{padding-right:0}"                                                               \
    "ul,dl{margin:0;padding-left:1.2rem}dt{color:var(--soft)}dd{margin:0 0 .3rem}"                 \
    "code{font:.82rem/1.5 ui-monospace,\"DejaVu Sans Mono\",monospace;overflow-wrap:anywhere;"     \
    "color:var(--soft)}"                                                                           \
    "small{font-size:.85rem;color:var(--soft)}mark{background:var(--mark);color:inherit}"          \
    ".good,.bad{border-left:4px solid var(--good);border-radius:0 10px 10px 0;"                    \
    "background:var(--good-ground);padding:.9rem 1.1rem;margin-bottom:1rem}"                       \
    ".bad{border-color:var(--bad);background:var(--bad-ground)}"                                   \
    ".good p,.bad p{margin:0 0 .4rem}"                                                             \
    "@media(max-width:36rem){.sheet{padding:1.2rem 1.1rem;border-radius:0;margin-left:-1.25rem;"   \
    "margin-right:-1.25rem;border-width:1px 0}table:not(.wide) th,table:not(.wide) td"             \
    "{display:block;width:auto;padding-right:0}table:not(.wide) td"                                \
    "{border-top:0;padding-top:0}table:not(.wide) th{padding-bottom:0}}"                           \
    "@media print{:root{color-scheme:light;--ground:#fff;--sheet:#fff;--ink:#000;--soft:#444;"     \
    "--line:#bbb;--strong:#000;--good:#000;--bad:#000;--good-ground:#fff;--bad-ground:#fff}"       \
    "main,header,footer{max-width:none;padding-left:0;padding-right:0}.sheet{border:0;"            \
    "padding:0;margin-bottom:1.4rem}h2{break-after:avoid}tr{break-inside:avoid}"                   \
    "form,nav{display:none}@page{margin:18mm}}"

#endif
