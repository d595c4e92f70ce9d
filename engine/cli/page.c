/* SPDX-License-Identifier: Apache-2.0 */
/* What the lines of a case's page are made of, see page.h. */
#include "page.h"

#include "json.h"
#include "say.h"
#include <string.h>

#define TEXT_MAX 262144

void
page_heading(const struct page *page, const char *text)
{
    fprintf(page->o->out, "\n%s%s%s\n", cli_style(page->o->colour, CLI_BOLD), text,
            cli_style(page->o->colour, CLI_PLAIN));
}

const char *
page_say(const struct page *page, const char *english)
{
    return sgn_say(page->cli->language, english);
}

/* "  name        text", the name dimmed, control characters gone. */
void
page_line(const struct page *page, const char *name, const char *text)
{
    struct sgn_buf left;
    int width, pad;

    sgn_buf_init(&left, TEXT_MAX);
    width = cli_text_put(&left, name, 0);
    pad = width < page->names ? page->names - width : 0;
    fprintf(page->o->out, "  %s%s%s%*s  ", cli_style(page->o->colour, CLI_DIM),
            left.bytes != NULL ? left.bytes : "", cli_style(page->o->colour, CLI_PLAIN), pad, "");
    cli_text_lines(page->o, text, page->names + 4, width + pad + 4);
    sgn_buf_deinit(&left);
}

void
page_widen(struct page *page, const char *name)
{
    int width = name != NULL ? cli_text_width(name) : 0;

    if (width > page->names)
        page->names = width < PAGE_NAMES_MOST ? width : PAGE_NAMES_MOST;
}

void
page_value(const struct page *page, const char *name, const json_t *value)
{
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    cli_value_put(&text, value);
    if (text.len > 0)
        page_line(page, name, text.bytes);
    sgn_buf_deinit(&text);
}

/* "2026-01-06 18:00 (in 1 d 3 h)" or "(late by 20 min)". */
void
page_due_put(struct sgn_buf *buf, const struct page *page, const json_t *due)
{
    int64_t ms = cli_time_ms(due);
    struct sgn_buf span;

    cli_time_put(buf, due);
    if (ms < 0 || page->now < 0)
        return;
    sgn_buf_init(&span, TEXT_MAX);
    cli_span_put(&span, ms - page->now, page->cli->language);
    sgn_buf_printf(buf, page_say(page, ms >= page->now ? " (in %s)" : " (late by %s)"), span.bytes);
    sgn_buf_deinit(&span);
}

struct cli_shown
page_shown(const struct cli *cli, const json_t *view)
{
    return (struct cli_shown){ .language = cli->language,
                               .values = json_object_get(view, "value_titles"),
                               .parts = json_object_get(view, "part_titles") };
}

/* A state of this case by its title. */
const char *
page_state(const json_t *view, const char *name)
{
    const char *title = sgn_json_str(json_object_get(view, "state_titles"), name);

    return title != NULL ? title : name != NULL ? name : "?";
}
