/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of all methods. A method is a row: who may call it, what it takes, what runs.
 */
#include "methods.h"
#include <stdlib.h>
#include <string.h>

#define X(name) &rpc_m_##name,
static const struct rpc_method *const methods[] = { RPC_METHODS(X) };
#undef X

#define METHODS_COUNT ((int)(sizeof(methods) / sizeof(methods[0])))

const struct rpc_method *const *
rpc_methods(int *n)
{
    *n = METHODS_COUNT;
    return methods;
}

bool
rpc_method_of_team(const struct rpc_method *method)
{
    return !method->site || method->whose;
}

bool
rpc_method_writes(const struct rpc_method *method)
{
    return method->where == RPC_WRITE || method->where == RPC_DISK;
}

enum core_scope
rpc_method_needs(const struct rpc_method *method)
{
    if (method->needs != 0)
        return method->needs;
    if (!rpc_method_writes(method))
        return CORE_READS;
    return (method->access & (CORE_PERSON | CORE_MEMBER)) != 0 ? CORE_WRITES : CORE_ADMINISTERS;
}

/* The rows are sorted by name; a test walks them. */
static int
name_compare(const void *name, const void *row)
{
    return strcmp(name, (*(const struct rpc_method *const *)row)->name);
}

const struct rpc_method *
rpc_method_find(const char *name)
{
    const struct rpc_method *const *found =
        bsearch(name, methods, METHODS_COUNT, sizeof(methods[0]), name_compare);

    return found != NULL ? *found : NULL;
}
