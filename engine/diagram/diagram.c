/* SPDX-License-Identifier: Apache-2.0 */
/* From a model to a text: a sheet is laid out, and one of the printers prints it. */
#include "diagram_internal.h"
#include <string.h>

bool
diagram_format_of(const char *word, enum diagram_format *out)
{
    *out = strcmp(word, "dot") == 0 ? DIAGRAM_DOT : DIAGRAM_MERMAID;
    return strcmp(word, "mermaid") == 0 || strcmp(word, "dot") == 0;
}

enum sgn_status
diagram_draw(const struct model *model, const struct diagram_options *options, char **out,
             struct sgn_error *err)
{
    struct sheet sheet;
    struct sgn_buf buf;
    enum sgn_status status = sheet_init(&sheet, model, options, err);

    *out = NULL;
    sgn_buf_init(&buf, DIAGRAM_MAX);
    if (status == SGN_OK && options->format == DIAGRAM_DOT)
        diagram_dot(&sheet, &buf);
    else if (status == SGN_OK)
        diagram_mermaid(&sheet, &buf);
    if (status == SGN_OK && buf.failed)
        status = sgn_fail(err, SGN_TOO_LARGE, "the drawing of %s is larger than %d bytes",
                          model->name, DIAGRAM_MAX);
    if (status == SGN_OK) {
        *out = sgn_buf_take(&buf);
        status = *out != NULL ? SGN_OK : sgn_nomem(err);
    }
    sgn_buf_deinit(&buf);
    sheet_deinit(&sheet);
    return status;
}
