/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a workflow says that it serves as: the fields that are read for that must be there. Who says
 * nothing, and is called like one of the purposes, is left alone.
 */
#include "check_internal.h"
#include "purpose.h"

#include <string.h>

void
check_serves(struct check *check)
{
    const struct model *model = check->model;
    const char *said = sgn_json_str(model->json, "serves");
    const struct model_purpose *purpose = model_purpose_find(said);

    for (size_t i = 0; purpose != NULL && i < 2 && purpose->fields[i].name != NULL; i++) {
        const char *name = purpose->fields[i].name;
        const struct model_field *field = model_field_find(model, name);

        if (field == NULL || field->type != purpose->fields[i].type)
            check_note(check, CHECK_SERVES_FIELDS, "/serves", NULL,
                       "serves = \"%s\": there is no field \"%s\" of type %s", said, name,
                       model_field_type_name(purpose->fields[i].type));
    }
}
