/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page behind a sign-off link, see link_page.h.
 */
#include "hash.h"
#include "link_page_internal.h"
#include "page_style.h"
#include <stdio.h>

#define STYLE                                                                                      \
    RPC_PAGE_STYLE                                                                                 \
    "nav a{text-decoration:none;font-weight:600}.about{margin-top:1.1rem}"                         \
    "form{margin:0}fieldset{border:0;padding:0;margin:0 0 1.2rem}legend{padding:0;width:1px;"      \
    "height:1px;overflow:hidden;clip-path:inset(50%);position:absolute}"                           \
    "label{display:block;margin:0 0 1rem;font-weight:550}"                                         \
    "fieldset label{display:flex;flex-wrap:wrap;gap:.1rem .7rem;align-items:center;"               \
    "font-weight:400;border:1px solid var(--field);border-radius:10px;padding:.8rem 1rem;"         \
    "margin:0 0 .55rem;cursor:pointer}fieldset label:hover{border-color:var(--strong)}"            \
    "fieldset label:has(:checked){border-color:var(--strong);box-shadow:0 0 0 1px var(--strong)}"  \
    "fieldset strong{display:inline-block}fieldset strong::first-letter{text-transform:uppercase}" \
    "fieldset small:not(:empty){flex-basis:100%;padding-left:1.85rem}"                             \
    "input[type=radio]{accent-color:var(--strong);width:1.15rem;height:1.15rem;margin:0}"          \
    "input[type=text],textarea{display:block;width:100%;font:inherit;font-weight:400;"             \
    "color:inherit;background:var(--sheet);border:1px solid var(--field);border-radius:8px;"       \
    "padding:.65rem .8rem;margin-top:.3rem}:focus-visible{outline:3px solid var(--strong);"        \
    "outline-offset:2px}.code{font:700 1.6rem/1.2 ui-monospace,\"DejaVu Sans Mono\",monospace;"    \
    "letter-spacing:.2em;display:inline-block;padding:.3rem .5rem .3rem .8rem;"                    \
    "border:1px dashed var(--field);border-radius:8px;margin-left:.4rem}"                          \
    "button{font:inherit;font-weight:650;color:var(--on-strong);background:var(--strong);"         \
    "border:0;border-radius:10px;padding:.85rem 1.9rem;cursor:pointer}"                            \
    "button:hover{filter:brightness(1.08)}@media(max-width:36rem){button{width:100%}}"             \
    "@media print{.answer{display:none}}"

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

    (void)sgn_buf_printf(page->out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n",
                         zh ? "zh-CN" : "en");
    put(page,
        "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n<meta name=\"robots\" content=\"noindex, nofollow, noarchive\">\n"
        "<title>");
    rpc_html_put(page->out, said(page, "Sign-off"));
    put(page, "</title>\n<style>" STYLE "</style>\n</head>\n<body>\n<header><b>Signoff</b><nav>");
    put(page, zh ? "<a href=\"?lang=en\" hreflang=\"en\" lang=\"en\" rel=\"nofollow\">English</a>"
                 : "<a href=\"?lang=zh\" hreflang=\"zh\" lang=\"zh\" rel=\"nofollow\">中文</a>");
    put(page, "</nav></header>\n<main>\n");
}

/* What it is about, as lists have it: the first field that says something in words of its own. */
static const char *
subject_of(const struct page *page)
{
    const json_t *titles = json_object_get(page->view, "value_titles");
    const char *name;
    json_t *title;

    json_object_foreach(json_object_get(page->view, "field_titles"), name, title) {
        const char *text = sgn_json_str(json_object_get(page->view, "fields"), name);
        if (text != NULL && text[0] != '\0' && json_object_get(titles, name) == NULL)
            return text;
    }
    return NULL;
}

static void
put_title(const struct page *page)
{
    const char *subject = subject_of(page), *title = sgn_json_str(page->view, "title");

    put(page, "<h1><bdi>");
    rpc_html_put(page->out, page->view == NULL ? said(page, "Sign-off")
                            : subject != NULL  ? subject
                                               : title);
    put(page, "</bdi></h1>\n");
    if (page->view == NULL)
        return;
    put(page, "<p class=\"sub\">");
    rpc_html_put(page->out, title);
    put(page, " · <bdi>");
    rpc_html_put(page->out, sgn_json_str(page->view, "case"));
    put(page, "</bdi></p>\n");
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
    put(&page, "<section class=\"sheet\">");
    put_title(&page);
    if (page.view != NULL)
        link_about_put(&page);
    put(&page, "</section>\n");
    if (page.open) {
        link_content_put(&page);
        link_form_put(&page);
    }
    put(&page, "</main>\n</body>\n</html>\n");
    return out->failed ? SGN_NOMEM : SGN_OK;
}
