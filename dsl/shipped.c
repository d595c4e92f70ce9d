/* SPDX-License-Identifier: Apache-2.0 */
/* Looks up the shipped workflows in the table that the build has made. */
#include "shipped.h"

#include "embedded.h"
#include <string.h>

const char *
dsl_shipped(const char *name)
{
    for (int i = 0; i < dsl_workflow_count; i++) {
        if (strcmp(dsl_workflow_files[i].name, name) == 0)
            return dsl_workflow_files[i].bytes;
    }
    return NULL;
}

const char *
dsl_shipped_name(int i)
{
    return i >= 0 && i < dsl_workflow_count ? dsl_workflow_files[i].name : NULL;
}

json_t *
dsl_shipped_all(void)
{
    json_t *all = json_object();

    for (int i = 0; all != NULL && i < dsl_workflow_count; i++) {
        const struct dsl_embedded *file = &dsl_workflow_files[i];
        /* Takes the string, also when it fails. */
        if (json_object_set_new(all, file->name, json_stringn(file->bytes, file->size)) != 0) {
            json_decref(all);
            all = NULL;
        }
    }
    return all;
}
