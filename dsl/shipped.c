/* SPDX-License-Identifier: Apache-2.0 */
/* Looks up the shipped workflows in the table that the build has made. */
#include "shipped.h"

#include "embedded.h"
#include <string.h>

/* By walking: there are two dozen, and they are asked for once per load. */
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

static json_t *
all_of(const struct dsl_embedded *files, int n)
{
    json_t *all = json_object();

    for (int i = 0; all != NULL && i < n; i++) {
        /* Takes the string, also when it fails. */
        if (json_object_set_new(all, files[i].name, json_stringn(files[i].bytes, files[i].size)) !=
            0) {
            json_decref(all);
            all = NULL;
        }
    }
    return all;
}

json_t *
dsl_shipped_all(void)
{
    return all_of(dsl_workflow_files, dsl_workflow_count);
}

json_t *
dsl_shipped_holidays(void)
{
    return all_of(dsl_holiday_files, dsl_holiday_count);
}

json_t *
dsl_shipped_templates(void)
{
    return all_of(dsl_template_files, dsl_template_count);
}
