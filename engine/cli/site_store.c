/* SPDX-License-Identifier: Apache-2.0 */
/* Where a site's store is: its folder, or a database that the settings or an option name. */
#include "site.h"

#include "file.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

#define SQLITE "sqlite:"

static bool
is_postgres(const char *url)
{
    return strncmp(url, "postgres://", 11) == 0 || strncmp(url, "postgresql://", 13) == 0;
}

/* What stands behind a colon may hold a password, and is not repeated. */
static enum sgn_status
refuse(const char *url, const char *where, struct sgn_error *err)
{
    if (strncmp(url, SQLITE, sizeof SQLITE - 1) == 0 || strstr(url, "://") == NULL)
        return sgn_fail(err, SGN_INVALID,
                        "%s: expected postgres://USER@HOST/DATABASE; without it the store lies in "
                        "the folder that --data names",
                        where);
    return sgn_fail(err, SGN_INVALID,
                    "%s: no store is known as \"%.*s\": expected "
                    "postgres://USER@HOST/DATABASE",
                    where, (int)strcspn(url, ":"), url);
}

/* --data is from where the command stands, the setting is from the site. */
static char *
data_folder(const char *dir, const struct settings *settings, const char *data)
{
    return data != NULL ? strdup(data) : site_path(dir, settings->data);
}

enum sgn_status
site_store_url(const char *dir, const struct settings *settings, const char *data,
               const char *store, char **out, struct sgn_error *err)
{
    const char *url = store != NULL ? store : settings->store_url;
    char *folder = NULL;

    *out = NULL;
    if (url[0] == '\0' && store == NULL) {
        folder = data_folder(dir, settings, data);
        *out = folder != NULL ? sgn_format(SQLITE "%s", folder) : NULL;
        free(folder);
    } else if (!is_postgres(url)) {
        return refuse(url, store != NULL ? "--store" : "url in [store]", err);
    } else {
        *out = strdup(url);
    }
    return *out != NULL ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
site_place_url(const char *place, const char *where, char **out, struct sgn_error *err)
{
    bool url = is_postgres(place) || strncmp(place, SQLITE, sizeof SQLITE - 1) == 0;

    *out = NULL;
    if (url)
        *out = strdup(place);
    else if (place[0] == '\0' || strstr(place, "://") != NULL)
        return sgn_fail(err, SGN_INVALID,
                        "%s: expected postgres://USER@HOST/DATABASE, or the folder of an SQLite "
                        "database",
                        where);
    else
        *out = sgn_format(SQLITE "%s", place);
    return *out != NULL ? SGN_OK : sgn_nomem(err);
}

const char *
site_store_folder(const char *url)
{
    return strncmp(url, SQLITE, sizeof SQLITE - 1) == 0 ? url + sizeof SQLITE - 1 : NULL;
}

char *
site_files(const char *dir, const struct settings *settings, const char *data)
{
    char *folder = data_folder(dir, settings, data);
    char *files = folder != NULL ? site_path(folder, "files") : NULL;

    free(folder);
    return files;
}

enum sgn_status
site_data_make(const char *dir, const struct settings *settings, const char *data,
               struct sgn_error *err)
{
    char *folder = data_folder(dir, settings, data);
    enum sgn_status st = folder != NULL ? sgn_folder_make(folder, 0700, err) : sgn_nomem(err);

    free(folder);
    return st;
}

static void
scrub(char *from, size_t n)
{
    memset(from, 'x', n);
}

char *
site_hide_password(char **arg)
{
    char *copy, *at = strstr(*arg, "://"), *end, *colon;

    if (at == NULL || strstr(*arg, "postgres") == NULL)
        return NULL;
    copy = strdup(*arg);
    if (copy == NULL)
        return NULL;
    at += 3;
    end = memrchr(at, '@', strcspn(at, "/?"));
    colon = end != NULL ? memchr(at, ':', (size_t)(end - at)) : NULL;
    if (colon != NULL)
        scrub(colon + 1, (size_t)(end - colon - 1));
    for (at = strstr(at, "password="); at != NULL; at = strstr(at, "password=")) {
        at += strlen("password=");
        scrub(at, strcspn(at, "&"));
    }
    *arg = copy;
    return copy;
}
