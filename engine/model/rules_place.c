/* SPDX-License-Identifier: Apache-2.0 */
/* Where the parts of a model stand in their file, see rules.h. */
#include "rules.h"

#include <stdio.h>
#include <string.h>

#define POINTER_MAX 4096

void
rules_place(const json_t *places, const char *pointer, int *line, int *column)
{
    char path[POINTER_MAX];

    snprintf(path, sizeof path, "%s", pointer);
    *line = *column = 1;
    for (;;) {
        const json_t *place = json_object_get(places, path);
        char *slash = strrchr(path, '/');

        if (json_array_size(place) == 2 && json_integer_value(json_array_get(place, 0)) > 0) {
            *line = (int)json_integer_value(json_array_get(place, 0));
            *column = (int)json_integer_value(json_array_get(place, 1));
            return;
        }
        if (slash == NULL)
            return;
        *slash = '\0';
    }
}
