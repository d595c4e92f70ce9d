/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who, in words: for messages that say whose turn it is.
 */
#include "core_internal.h"
#include "memory.h"
#include <stdlib.h>
#include <string.h>

void
who_roles(struct stage *stage, const struct model_who *who, json_t *into)
{
    if (who == NULL)
        return;
    if (who->kind == MODEL_WHO_ROLE)
        names_add(stage, into, who->name);
    for (int i = 0; i < who->n_of; i++)
        who_roles(stage, &who->of[i], into);
}

/* As the workflow's author wrote it, so that the reader of a message finds the word in
 * the file. Not for pages: it has no language. */
char *
who_words(const struct model_who *who)
{
    char *text = NULL;

    switch (who->kind) {
    case MODEL_WHO_ROLE:
        return sgn_strdup(who->name);
    case MODEL_WHO_OPENER:
        return sgn_strdup(who->name != NULL ? who->name : "opener");
    case MODEL_WHO_OWNER:
        return sgn_strdup("owner");
    case MODEL_WHO_PENDING:
        return sgn_strdup("those who have not answered");
    case MODEL_WHO_ANYONE:
        return sgn_strdup("anyone in the project");
    case MODEL_WHO_SYSTEM:
        return sgn_strdup("system");
    case MODEL_WHO_GROUP:
        return sgn_format("group %s", who->name);
    case MODEL_WHO_PERSON:
        return sgn_strdup(who->name);
    case MODEL_WHO_DECIDED_BY:
        return sgn_format("those who decided in %s", who->name);
    case MODEL_WHO_CALL:
        return sgn_strdup("those whom the rules name");
    case MODEL_WHO_ANY_OF:
    default:
        for (int i = 0; i < who->n_of; i++) {
            char *word = who_words(&who->of[i]);
            char *longer = sgn_format("%s%s%s", text != NULL ? text : "",
                                      text != NULL ? " or " : "", word != NULL ? word : "");
            free(word);
            free(text);
            text = longer;
        }
        return text != NULL ? text : sgn_strdup("nobody");
    }
}
