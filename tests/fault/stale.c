/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The test of the test: a server whose backups are what somebody gets who copies the database's
 * file and forgets its log, while others write.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

sqlite3_backup *__real_sqlite3_backup_init(sqlite3 *to, const char *to_name, sqlite3 *from,
                                           const char *from_name);
sqlite3_backup *__wrap_sqlite3_backup_init(sqlite3 *to, const char *to_name, sqlite3 *from,
                                           const char *from_name);
int __wrap_sqlite3_backup_step(sqlite3_backup *backup, int pages);

static char source[4096], target[4096];

sqlite3_backup *
__wrap_sqlite3_backup_init(sqlite3 *to, const char *to_name, sqlite3 *from, const char *from_name)
{
    snprintf(source, sizeof source, "%s", sqlite3_db_filename(from, from_name));
    snprintf(target, sizeof target, "%s", sqlite3_db_filename(to, to_name));
    return __real_sqlite3_backup_init(to, to_name, from, from_name);
}

int
__wrap_sqlite3_backup_step(sqlite3_backup *backup, int pages)
{
    FILE *in = fopen(source, "rb"), *out = fopen(target, "r+b");
    char bytes[65536];
    size_t n;

    (void)backup;
    (void)pages;
    while (in != NULL && out != NULL && (n = fread(bytes, 1, sizeof bytes, in)) > 0)
        (void)fwrite(bytes, 1, n, out);
    if (in != NULL)
        (void)fclose(in);
    if (out != NULL)
        (void)fclose(out);
    return SQLITE_DONE;
}
