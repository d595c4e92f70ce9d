/* SPDX-License-Identifier: Apache-2.0 */
/* Text into HTML, see html.h. */
#include "html.h"
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
