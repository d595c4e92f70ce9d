/* SPDX-License-Identifier: Apache-2.0 */
/* What was imported, in words: whose it was there and when, so that nobody takes it for ours. */
#include "entry.h"
#include "json.h"
#include "say.h"
#include <string.h>

#define MINUTE_N 16 /* of "2025-03-04T11:00" */

/* "; there 2025-03-04 11:00, by Tom" */
static void
put_there(struct sgn_buf *buf, const json_t *imported, const char *language)
{
    const char *by = sgn_json_str(imported, "by"), *at = sgn_json_str(imported, "at");
    char time[MINUTE_N + 1] = "";

    if (at != NULL && strlen(at) >= MINUTE_N) {
        memcpy(time, at, MINUTE_N);
        time[10] = ' ';
    }
    if (time[0] != '\0' && by != NULL)
        (void)sgn_buf_printf(buf, sgn_say(language, "; there %s, by %s"), time, by);
    else if (time[0] != '\0')
        (void)sgn_buf_printf(buf, sgn_say(language, "; there %s"), time);
    else if (by != NULL)
        (void)sgn_buf_printf(buf, sgn_say(language, "; there by %s"), by);
}

void
entry_imported_put(struct sgn_buf *buf, const json_t *imported, const char *language)
{
    const char *source = sgn_json_str(imported, "source"), *key = sgn_json_str(imported, "key");
    const char *field = sgn_json_str(imported, "field");
    const char *from = sgn_json_str(imported, "from"), *to = sgn_json_str(imported, "to");

    (void)sgn_buf_printf(buf, sgn_say(language, "imported from %s"), source != NULL ? source : "?");
    if (key != NULL)
        (void)sgn_buf_printf(buf, " %s", key);
    put_there(buf, imported, language);
    if (field != NULL)
        (void)sgn_buf_printf(buf, "; %s%s%s → %s", field, sgn_say(language, ": "),
                             from != NULL ? from : "", to != NULL ? to : "");
}
