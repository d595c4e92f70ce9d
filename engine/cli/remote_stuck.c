/* SPDX-License-Identifier: Apache-2.0 */
/* What reports on versions have in common: rehearsals, migrations, replays. */
#include "remote_stuck.h"
#include "json.h"
#include "say.h"
#include <string.h>

static const struct {
    const char *reason, *advice;
} reasons[] = {
    { "no_migration",
      "say from = { ... } with their version too, or write a migrate block of their own for it" },
    { "state",
      "name it in migrate { states = { OLD = \"NEW\" } }, or move the cases first: signoff "
      "case correct" },
    { "together", "let migrate name one state for both, or states of different regions" },
    { "field", "let fields = function(f) of migrate give a value that fits" },
    { "required",
      "let fields = function(f) of migrate fill it, or fill it first: signoff case edit" },
    { "rule_error", "mend the function" },
    { "rule_overrun", "mend the function" },
};

const char *
remote_stuck_advice(const char *language, const char *reason)
{
    for (size_t i = 0; reason != NULL && i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (strcmp(reasons[i].reason, reason) == 0)
            return sgn_say(language, reasons[i].advice);
    return NULL;
}

void
remote_about_put(struct sgn_buf *buf, const char *language, const json_t *group)
{
    const char *about = sgn_json_str(group, "about"), *title = sgn_json_str(group, "title");

    if (about == NULL)
        return;
    sgn_buf_puts(buf, title != NULL ? title : about);
    if (title != NULL && strcmp(title, about) != 0)
        sgn_buf_printf(buf, sgn_say(language, " (%s)"), about);
}
