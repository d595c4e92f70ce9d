/* SPDX-License-Identifier: Apache-2.0 */
#include "store_migrations.h"

#include "log.h"
#include <stdio.h>
#include <string.h>

void
store_migration_says(const char *sql, char out[STORE_MIGRATION_SAYS])
{
    const char *at = strstr(sql, ". ");
    size_t n = 0;

    for (at = at == NULL ? "" : at + 2; *at != '\0' && n + 1 < STORE_MIGRATION_SAYS; at++) {
        if (*at == '.' && (at[1] == ' ' || at[1] == '\n'))
            break;
        if (strncmp(at, "\n-- ", 4) == 0)
            at += 3;
        else if (*at == '\n')
            break;
        /* The name of a file says nothing to whoever reads a log. */
        if (strncmp(at, " (", 2) == 0 && strchr(at, ')') != NULL)
            at = strchr(at, ')');
        else
            out[n++] = *at == '\n' ? ' ' : *at;
    }
    out[n] = '\0';
}

void
store_migration_begins(const char *where, int64_t from, int to)
{
    char was[24], is[24];

    snprintf(was, sizeof was, "%lld", (long long)from);
    snprintf(is, sizeof is, "%d", to);
    sgn_log(SGN_LOG_INFO, "the store is brought up to date", "store", where, "from_schema", was,
            "to_schema", is, NULL);
}

void
store_migration_tells(int64_t schema, const char *sql)
{
    char number[24], says[STORE_MIGRATION_SAYS];

    snprintf(number, sizeof number, "%lld", (long long)schema);
    store_migration_says(sql, says);
    sgn_log(SGN_LOG_INFO, "changing the store", "schema", number, "brings", says, NULL);
}

void
store_migration_ends(const char *where, int to)
{
    char is[24];

    snprintf(is, sizeof is, "%d", to);
    sgn_log(SGN_LOG_INFO, "the store is up to date", "store", where, "schema", is, NULL);
}

enum sgn_status
store_newer(const char *where, int64_t schema, int known, const char *by, struct sgn_error *err)
{
    return sgn_fail(
        err, SGN_INVALID,
        "%s: written by a newer Signoff (schema %lld, this one knows %d): by %s, and this "
        "is %s; use that one or a later one, or go back to the copy or the backup from "
        "before the upgrade, without what came after",
        where, (long long)schema, known, by[0] == '\0' ? "?" : by, SGN_VERSION);
}
