/* SPDX-License-Identifier: Apache-2.0 */
/* What workflows are for, see purpose.h. */
#include "purpose.h"
#include "model_internal.h"
#include <string.h>

static const struct model_purpose purposes[] = {
    { "charter", { { "budget", MODEL_MONEY } } },
    { "milestone", { { "planned", MODEL_DATE } } },
    { "budget", { { "total", MODEL_MONEY }, { "spent", MODEL_MONEY } } },
    { "change_request", { { "cost", MODEL_MONEY } } },
    { "closeout", { { NULL, MODEL_TEXT } } },
    { "survey", { { "answers", MODEL_LIST } } },
    { "issue", { { NULL, MODEL_TEXT } } },
    { "complaint", { { NULL, MODEL_TEXT } } },
    { "feedback", { { NULL, MODEL_TEXT } } },
    { "acceptance", { { NULL, MODEL_TEXT } } },
    { "risk", { { NULL, MODEL_TEXT } } },
    { "lesson", { { NULL, MODEL_TEXT } } },
    { "improvement", { { NULL, MODEL_TEXT } } },
};

const struct model_purpose *
model_purposes(size_t *n)
{
    *n = COUNT(purposes);
    return purposes;
}

const struct model_purpose *
model_purpose_find(const char *name)
{
    for (size_t i = 0; name != NULL && i < COUNT(purposes); i++)
        if (strcmp(purposes[i].name, name) == 0)
            return &purposes[i];
    return NULL;
}
