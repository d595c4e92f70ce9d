/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reasons in both languages, for pages; messages of refusals are English and stand
 * where they arise. A format has one %s, or none.
 */
#include "core_internal.h"
#include <string.h>

static const char *const messages[MESSAGES][2] = {
    [MESSAGE_FORBIDDEN] = { "this is for %s", "此操作由%s执行" },
    [MESSAGE_NOT_NOW] = { "not possible in %s", "在“%s”状态下不可用" },
    [MESSAGE_CONDITION] = { "the condition of %s is not met", "“%s”的条件尚未满足" },
    [MESSAGE_ENDED] = { "the case has ended: %s", "事项已结束：%s" },
    [MESSAGE_SYSTEM_ONLY] = { "the system does this by itself", "由系统自动执行" },
};

const char *
message_text(enum message_id id, const char *language)
{
    return messages[id][language != NULL && strcmp(language, "zh") == 0];
}
