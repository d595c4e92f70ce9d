/* SPDX-License-Identifier: Apache-2.0 */
/* What helps a case that cannot come to another version: of a rehearsal, and of what a migration
 * left. */
#include "remote_stuck.h"
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
