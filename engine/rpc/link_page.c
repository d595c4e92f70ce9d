/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page behind a sign-off link, see link_page.h.
 */
#include "hash.h"
#include "link_page_internal.h"
#include <stdio.h>

#define STYLE                                                                                      \
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1rem;"          \
    "color:#1b1b1b;background:#fff}"                                                               \
    "h1{font-size:1.4rem;line-height:1.25}h2{font-size:1.1rem;margin:1.6rem 0 .4rem;"              \
    "border-bottom:1px solid #bbb}"                                                                \
    "table{width:100%;border-collapse:collapse}th,td{text-align:left;vertical-align:top;"          \
    "padding:.35rem .5rem .35rem 0;border-bottom:1px solid #e2e2e2;overflow-wrap:anywhere}"        \
    "th{width:34%;font-weight:600}td{white-space:pre-line}"                                        \
    "code{font-family:ui-monospace,monospace;font-size:.85rem;overflow-wrap:anywhere}"             \
    ".good,.bad{border-left:.3rem solid #555;padding:.5rem .8rem;background:#f3f3f3}"              \
    ".bad{border-color:#a11;background:#fdf0f0}.good{border-color:#171;background:#eff8ef}"        \
    ".code{font:700 1.5rem ui-monospace,monospace;letter-spacing:.2em}"                            \
    "fieldset{border:1px solid #bbb;margin:.6rem 0;padding:.4rem .8rem}"                           \
    "label{display:block;padding:.4rem 0}input[type=text],textarea{display:block;width:100%;"      \
    "box-sizing:border-box;font:inherit;padding:.5rem;border:1px solid #777}"                      \
    "button{font:inherit;font-weight:600;padding:.7rem 1.6rem;margin-top:.8rem}"                   \
    "small{color:#555}mark{background:#ffe9a8}nav{text-align:right}"                               \
    "@media print{form,nav{display:none}body{max-width:none}}"

/* By the hash of its style: neither another style nor any script is run on it. */
void
rpc_link_policy(char out[RPC_LINK_POLICY_MAX])
{
    unsigned char bits[SGN_HASH_BYTES];
    char hex[SGN_HASH_HEX], text[SGN_BASE64_TEXT(SGN_HASH_BYTES)];

    sgn_sha256(STYLE, strlen(STYLE), hex);
    (void)sgn_unhex(hex, bits, sizeof bits);
    sgn_base64(bits, sizeof bits, text);
    snprintf(out, RPC_LINK_POLICY_MAX,
             "default-src 'none'; style-src 'sha256-%s'; form-action 'self'; base-uri 'none'; "
             "frame-ancestors 'none'",
             text);
}

const json_t *
link_round(const struct page *page)
{
    const json_t *round;
    size_t i;

    json_array_foreach(json_object_get(page->view, "approvals"), i, round)
        if (json_equal(json_object_get(round, "approval"), json_object_get(page->link, "approval")))
            return round;
    return NULL;
}

static void
put_head(const struct page *page)
{
    bool zh = strcmp(page->scene->language, "zh") == 0;
    const char *title = sgn_json_str(page->view, "title");

    (void)sgn_buf_printf(page->out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n",
                         zh ? "zh-CN" : "en");
    put(page,
        "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n<meta name=\"robots\" content=\"noindex, nofollow, noarchive\">\n"
        "<title>");
    rpc_html_put(page->out, said(page, "Sign-off"));
    put(page, "</title>\n<style>" STYLE "</style>\n</head>\n<body>\n<nav>");
    put(page, zh ? "<a href=\"?lang=en\" hreflang=\"en\" lang=\"en\" rel=\"nofollow\">English</a>"
                 : "<a href=\"?lang=zh\" hreflang=\"zh\" lang=\"zh\" rel=\"nofollow\">中文</a>");
    put(page, "</nav>\n<h1>");
    if (page->view == NULL) {
        rpc_html_put(page->out, said(page, "Sign-off"));
    } else {
        rpc_html_put(page->out, title);
        put(page, " <bdi>");
        rpc_html_put(page->out, sgn_json_str(page->view, "case"));
        put(page, "</bdi>");
    }
    put(page, "</h1>\n");
}

enum sgn_status
rpc_link_page(struct sgn_buf *out, const struct rpc_link_scene *scene)
{
    struct page page = { out, scene, NULL, NULL, NULL, false };
    const char *now = sgn_json_str(scene->shown, "state");

    page.link = json_object_get(scene->shown, "link");
    page.view = json_object_get(scene->shown, "case");
    if (json_is_null(page.view))
        page.view = NULL;
    page.round = link_round(&page);
    if (json_object_get(page.round, "ended") != NULL)
        page.round = NULL;
    page.open = page.round != NULL && now != NULL && strcmp(now, "open") == 0;
    put_head(&page);
    link_state_put(&page);
    if (page.view != NULL)
        link_about_put(&page);
    if (page.open) {
        link_content_put(&page);
        link_form_put(&page);
    }
    put(&page, "</body>\n</html>\n");
    return out->failed ? SGN_NOMEM : SGN_OK;
}
