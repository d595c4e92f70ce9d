/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of retention that come too late: what they name has gone by others. */
#include "check_internal.h"

#include <stdio.h>
#include <string.h>

static bool
names(const json_t *list, const char *name)
{
    const json_t *one;
    size_t i;

    json_array_foreach((json_t *)list, i, one)
        if (strcmp(json_string_value(one), name) == 0)
            return true;
    return false;
}

/* Does this rule erase the field? */
static bool
takes_field(const struct check *check, const struct model_retention *rule, const char *name)
{
    const struct model_field *field = model_field_find(check->model, name);

    if (rule->fields != NULL)
        return names(rule->fields, name);
    return rule->all || (field != NULL && !field->shared);
}

/* A rule that comes before the other and leaves nothing of it: of a field, or (NULL) of parts. */
static const struct model_retention *
taker(const struct check *check, const struct model_retention *rule, const char *field)
{
    for (int i = 0; i < check->model->n_retention; i++) {
        const struct model_retention *other = &check->model->retention[i];
        bool takes = field != NULL ? takes_field(check, other, field)
                                   : other->fields == NULL && (other->all || !rule->all);

        if (calendar_period_compare(&other->after, &rule->after) < 0 && takes)
            return other;
    }
    return NULL;
}

static const struct model_retention *
taker_of_all(const struct check *check, const struct model_retention *rule)
{
    const struct model_retention *found = NULL;
    const json_t *name;
    size_t i;

    if (rule->fields == NULL)
        return taker(check, rule, NULL);
    json_array_foreach((json_t *)rule->fields, i, name) {
        found = taker(check, rule, json_string_value(name));
        if (found == NULL)
            return NULL;
    }
    return found;
}

void
check_retention(struct check *check)
{
    for (int i = 0; i < check->model->n_retention; i++) {
        const struct model_retention *rule = &check->model->retention[i];
        const struct model_retention *before = taker_of_all(check, rule);
        char pointer[CHECK_POINTER_MAX];

        snprintf(pointer, sizeof pointer, "/retention/%d", i);
        if (before != NULL)
            check_note(check, CHECK_RETENTION_VOID, pointer,
                       "take it out, or let the other one erase less, or later",
                       "after %s nothing is left to erase: it has gone after %s", rule->text,
                       before->text);
    }
}
