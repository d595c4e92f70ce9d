/* SPDX-License-Identifier: Apache-2.0 */
/* Text into HTML, see html.h. */
#include "html.h"
#include "say.h"
#include <string.h>

void
rpc_html_put(struct sgn_buf *out, const char *text)
{
    static const struct {
        char c;
        const char *entity;
    } entities[] = {
        { '<', "&lt;" }, { '>', "&gt;" }, { '&', "&amp;" }, { '"', "&quot;" }, { '\'', "&#39;" },
    };

    while (text != NULL && *text != '\0') {
        size_t plain = strcspn(text, "<>&\"'");

        (void)sgn_buf_append(out, text, plain);
        text += plain;
        for (size_t i = 0; *text != '\0' && i < sizeof entities / sizeof entities[0]; i++)
            if (*text == entities[i].c) {
                (void)sgn_buf_puts(out, entities[i].entity);
                text++;
                break;
            }
    }
}

void
rpc_html_begin(struct sgn_buf *out, const char *language, const char *title, const char *style,
               const char *word)
{
    (void)sgn_buf_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n",
                         sgn_say_is_zh(language) ? "zh-CN" : "en");
    (void)sgn_buf_puts(out, "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                            "content=\"width=device-width, initial-scale=1\">\n<meta "
                            "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                            "style-src 'unsafe-inline'\">\n<title>");
    rpc_html_put(out, title);
    (void)sgn_buf_puts(out, "</title>\n<style>");
    (void)sgn_buf_puts(out, style);
    (void)sgn_buf_puts(out, "</style>\n</head>\n<body>\n<header><b>Signoff</b><span>");
    rpc_html_put(out, word);
    (void)sgn_buf_puts(out, "</span></header>\n<main>\n<section class=\"sheet\"><h1>");
}
