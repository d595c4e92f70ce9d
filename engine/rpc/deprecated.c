/* SPDX-License-Identifier: Apache-2.0 */
#include "deprecated.h"

#include <string.h>

/* { "case.fire comment", "1.2.0", "1.3.0", "case.comment" }: nothing is announced now. */
static const struct rpc_deprecation announced[] = { { NULL, NULL, NULL, NULL } };

const struct rpc_deprecation *
rpc_deprecations(void)
{
    return announced;
}

json_t *
rpc_deprecations_json(const struct rpc_deprecation *table)
{
    json_t *json = json_array();

    for (; json != NULL && table->what != NULL; table++) {
        if (json_array_append_new(json, json_pack("{s:s, s:s, s:s, s:s}", "what", table->what,
                                                  "since", table->since, "removed", table->removed,
                                                  "instead", table->instead)) != 0) {
            json_decref(json);
            return NULL;
        }
    }
    return json;
}

const struct rpc_deprecation *
rpc_deprecation_used(const struct rpc_deprecation *table, const char *method, const json_t *params)
{
    size_t n = strlen(method);

    for (; table->what != NULL; table++) {
        if (strncmp(table->what, method, n) != 0)
            continue;
        if (table->what[n] == '\0')
            return table;
        if (table->what[n] == ' ' && json_object_get(params, table->what + n + 1) != NULL)
            return table;
    }
    return NULL;
}
