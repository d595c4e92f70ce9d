/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reasons in the reader's language, for pages; messages of refusals are English and stand
 * where they arise. A format has one %s, or none.
 */
#include "core_internal.h"
#include "say.h"

static const char *const messages[MESSAGES] = {
    [MESSAGE_FORBIDDEN] = "this is for %s",
    [MESSAGE_NOT_NOW] = "not possible in %s",
    [MESSAGE_CONDITION] = "the condition of %s is not met",
    [MESSAGE_ENDED] = "the case has ended: %s",
    [MESSAGE_SYSTEM_ONLY] = "the system does this by itself",
    [MESSAGE_NOBODY] = "nobody is %s",
    [MESSAGE_THEN] = "then: %s",
    [MESSAGE_TIMER] = "timer in %s",
    [MESSAGE_UNNAMED] = "nobody is named by the rules",
};

const char *
message_text(enum message_id id, const char *language)
{
    return sgn_say(language, messages[id]);
}
