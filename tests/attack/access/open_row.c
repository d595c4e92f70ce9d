/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linked into a server that the matrix of access must find out. SIGNOFF_PLANT says what is wrong
 * with it: "METHOD=CLASSES", a row that serves these classes (a number, see core/rights.h) and no
 * others; or "sight", a case that everybody sees whole.
 */
#include "rpc.h"
#include <stdlib.h>
#include <string.h>

const struct rpc_method *__real_rpc_method_find(const char *name);
const struct rpc_method *__wrap_rpc_method_find(const char *name);
enum core_sight __real_core_sight(const struct model *model, const json_t *person,
                                  const json_t *project, const json_t *row,
                                  const json_t *delegations, int64_t now);
enum core_sight __wrap_core_sight(const struct model *model, const json_t *person,
                                  const json_t *project, const json_t *row,
                                  const json_t *delegations, int64_t now);

const struct rpc_method *
__wrap_rpc_method_find(const char *name)
{
    /* Global because: a row lives as long as the program, and this one is made when it runs. */
    static struct rpc_method planted;
    const struct rpc_method *row = __real_rpc_method_find(name);
    const char *plant = getenv("SIGNOFF_PLANT");
    size_t n = strlen(name);

    if (row == NULL || plant == NULL || strncmp(plant, name, n) != 0 || plant[n] != '=')
        return row;
    planted = *row;
    planted.access = (unsigned)strtoul(plant + n + 1, NULL, 10);
    return &planted;
}

enum core_sight
__wrap_core_sight(const struct model *model, const json_t *person, const json_t *project,
                  const json_t *row, const json_t *delegations, int64_t now)
{
    const char *plant = getenv("SIGNOFF_PLANT");

    if (plant != NULL && strcmp(plant, "sight") == 0)
        return CORE_SEES_ALL;
    return __real_core_sight(model, person, project, row, delegations, now);
}
