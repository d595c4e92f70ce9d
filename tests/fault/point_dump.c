/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a store holds, as text: read with SQLite alone, so that the engine's own reading proves
 * nothing to itself. Hashes, salts and what is made of them differ from run to run and are left
 * out.
 */
#include "point_site.h"
#include "points.h"
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
    char *bytes;
    size_t n;
};

static void
add(struct text *text, const char *piece)
{
    size_t n = strlen(piece);

    text->bytes = points_realloc(text->bytes, text->n + n + 1);
    memcpy(text->bytes + text->n, piece, n + 1);
    text->n += n;
}

/* Nor when a token was last used, which is noted when there is time for it and promised to nobody;
 * nor how many bytes rows take in the log, where they are squeezed if there is memory for it. What
 * they say, their cases tell. */
static bool
by_chance(const char *column)
{
    static const char *const names[] = { "hash",      "header",   "shared_salt", "internal_salt",
                                         "last_hash", "document", "last_use",    "images" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(column, names[i]) == 0)
            return true;
    return false;
}

static void
dump_table(sqlite3 *db, const char *table, struct text *out)
{
    char sql[160];
    sqlite3_stmt *stmt = NULL;

    snprintf(sql, sizeof sql, "SELECT * FROM \"%s\" ORDER BY 1, 2, 3", table);
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        snprintf(sql, sizeof sql, "SELECT * FROM \"%s\" ORDER BY 1", table);
        if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
            points_bad("the store cannot be read: %s", sqlite3_errmsg(db));
    }
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        add(out, table);
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const char *value = (const char *)sqlite3_column_text(stmt, i);

            if (by_chance(sqlite3_column_name(stmt, i)) || value == NULL)
                continue;
            add(out, " ");
            add(out, sqlite3_column_name(stmt, i));
            add(out, "=");
            add(out, value);
        }
        add(out, "\n");
    }
    sqlite3_finalize(stmt);
}

char *
point_site_dump(const struct point_site *site)
{
    struct text out = { 0 };
    sqlite3 *db = NULL;
    sqlite3_stmt *tables = NULL;
    char path[128];

    snprintf(path, sizeof path, "%s/data/signoff.db", site->dir);
    add(&out, "");
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db,
                           "SELECT name FROM sqlite_schema WHERE type = 'table'"
                           " AND name NOT LIKE 'sqlite%' ORDER BY name",
                           -1, &tables, NULL) != SQLITE_OK)
        points_bad("the store cannot be read: %s", sqlite3_errmsg(db));
    while (sqlite3_step(tables) == SQLITE_ROW)
        dump_table(db, (const char *)sqlite3_column_text(tables, 0), &out);
    sqlite3_finalize(tables);
    sqlite3_close(db);
    return out.bytes;
}
