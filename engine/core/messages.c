/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reasons in both languages, for pages; messages of refusals are English and stand
 * where they arise. A format has one %s, or none.
 */
#include "core_internal.h"
#include <stdlib.h>
#include <string.h>

static const char *const messages[MESSAGES][2] = {
    [MESSAGE_FORBIDDEN] = { "this is for %s", "此操作由%s执行" },
    [MESSAGE_NOT_NOW] = { "not possible in %s", "在“%s”状态下不可用" },
    [MESSAGE_CONDITION] = { "the condition of %s is not met", "“%s”的条件尚未满足" },
    [MESSAGE_ENDED] = { "the case has ended: %s", "事项已结束：%s" },
    [MESSAGE_SYSTEM_ONLY] = { "the system does this by itself", "由系统自动执行" },
    [MESSAGE_NOBODY] = { "nobody is %s", "没有人担任%s" },
    [MESSAGE_THEN] = { "then: %s", "之后：%s" },
    [MESSAGE_TIMER] = { "timer in %s", "“%s”中的计时" },
    [MESSAGE_UNNAMED] = { "nobody is named by the rules", "规则没有指定任何人" },
};

const char *
message_text(enum message_id id, const char *language)
{
    return messages[id][language != NULL && strcmp(language, "zh") == 0];
}

/* "a or b" as it is said in Chinese; shorter in bytes, so it fits. */
static void
join_zh(char *words)
{
    static const char either[] = { '\xe6', '\x88', '\x96' }; /* 或 */
    char *at;

    while ((at = strstr(words, " or ")) != NULL) {
        memcpy(at, either, sizeof(either));
        memmove(at + 3, at + 4, strlen(at + 4) + 1);
    }
}

char *
core_offer_why(const char *why, const char *language)
{
    const char *said = messages[MESSAGE_NOBODY][0];
    size_t n = strcspn(said, "%");
    char *words, *out;

    if (language == NULL || strcmp(language, "zh") != 0 || strncmp(why, said, n) != 0)
        return strdup(why);
    if (strcmp(why, messages[MESSAGE_UNNAMED][0]) == 0)
        return strdup(messages[MESSAGE_UNNAMED][1]);
    words = strdup(why + n);
    if (words == NULL)
        return NULL;
    join_zh(words);
    out = sgn_format(messages[MESSAGE_NOBODY][1], words);
    free(words);
    return out;
}
