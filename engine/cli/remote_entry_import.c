/* SPDX-License-Identifier: Apache-2.0 */
/* How a case and its minutes say what was imported: whose it was there and when, so that nobody
 * takes it for Signoff's. */
#include "shown.h"

#include "json.h"
#include "output.h"
#include "say.h"
#include <string.h>

/* "; there 2025-03-04 11:00, by Tom" */
static void
there_put(struct sgn_buf *buf, const char *language, const json_t *imported)
{
    const char *by = sgn_json_str(imported, "by");
    struct sgn_buf time;

    sgn_buf_init(&time, 256);
    cli_time_put(&time, json_object_get(imported, "at"));
    if (time.len > 0 && by != NULL)
        sgn_buf_printf(buf, sgn_say(language, "; there %s, by %s"), time.bytes, by);
    else if (time.len > 0)
        sgn_buf_printf(buf, sgn_say(language, "; there %s"), time.bytes);
    else if (by != NULL)
        sgn_buf_printf(buf, sgn_say(language, "; there by %s"), by);
    sgn_buf_deinit(&time);
}

void
cli_imported_put(struct sgn_buf *buf, const char *language, const json_t *imported)
{
    const char *source = sgn_json_str(imported, "source"), *key = sgn_json_str(imported, "key");
    const char *field = sgn_json_str(imported, "field");
    const char *from = sgn_json_str(imported, "from"), *to = sgn_json_str(imported, "to");

    sgn_buf_printf(buf, sgn_say(language, "imported from %s"), source != NULL ? source : "?");
    if (key != NULL)
        sgn_buf_printf(buf, " %s", key);
    there_put(buf, language, imported);
    if (field != NULL)
        sgn_buf_printf(buf, "; %s%s%s → %s", field, sgn_say(language, ": "),
                       from != NULL ? from : "", to != NULL ? to : "");
}
