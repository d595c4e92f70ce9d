/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the page behind a sign-off link share. */
#ifndef RPC_LINK_PAGE_INTERNAL_H
#define RPC_LINK_PAGE_INTERNAL_H

#include "html.h"
#include "json.h"
#include "link_page.h"
#include "link_value.h"
#include "say.h"
#include <string.h>

struct page {
    struct sgn_buf *out;
    const struct rpc_link_scene *scene;
    const json_t *link, *view, *round; /* round NULL: none that is open */
    bool open;                         /* it can be answered */
};

static inline void
put(const struct page *page, const char *text)
{
    (void)sgn_buf_puts(page->out, text);
}

/* A text of ours in the reader's language. */
static inline const char *said(const struct page *page, const char *english)
    __attribute__((format_arg(2)));
static inline const char *
said(const struct page *page, const char *english)
{
    return sgn_say(page->scene->language, english);
}

/* The round that the link is of, as it is shown now: open, or ended; NULL: not shown. */
const json_t *link_round(const struct page *page);
/* Why it cannot be answered, or what became of it; nothing where there is nothing to say. */
void link_state_put(const struct page *page);
/* What is asked, by whom, until when; then the content and the form, where it can be answered. */
void link_about_put(const struct page *page);
void link_content_put(const struct page *page);
void link_form_put(const struct page *page);

#endif
