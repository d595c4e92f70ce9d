/* SPDX-License-Identifier: Apache-2.0 */
/* What was imported, in words: whose it was there and when, so that nobody takes it for ours. */
#include "entry.h"
#include "json.h"
#include "say.h"
#include <string.h>

#define MINUTE_N 16 /* of "2025-03-04T11:00" */
#define DAY_N    10

/* "2025-03-04 11:00", of a day "2025-03-04", of nothing "". */
static void
minute_of(const char *at, char out[MINUTE_N + 1])
{
    snprintf(out, MINUTE_N + 1, "%s", at != NULL ? at : "");
    if (strlen(out) == MINUTE_N)
        out[DAY_N] = ' ';
}

/* "; there 2025-03-04 11:00, by Tom; due there 2025-04-01" */
static void
put_there(struct sgn_buf *buf, const json_t *imported, const char *language)
{
    const char *by = sgn_json_str(imported, "by");
    char time[MINUTE_N + 1], due[MINUTE_N + 1];

    minute_of(sgn_json_str(imported, "at"), time);
    minute_of(sgn_json_str(imported, "due"), due);
    if (time[0] != '\0' && by != NULL)
        (void)sgn_buf_printf(buf, sgn_say(language, "; there %s, by %s"), time, by);
    else if (time[0] != '\0')
        (void)sgn_buf_printf(buf, sgn_say(language, "; there %s"), time);
    else if (by != NULL)
        (void)sgn_buf_printf(buf, sgn_say(language, "; there by %s"), by);
    if (due[0] != '\0')
        (void)sgn_buf_printf(buf, sgn_say(language, "; due there %s"), due);
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
