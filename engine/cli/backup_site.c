/* SPDX-License-Identifier: Apache-2.0 */
/* What a backup holds of a site's folder, see backup_file.h. */
#include "backup_file.h"

#include "archive.h"
#include "hash.h"
#include "site.h"
#include "text.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 16

static const char *const files[] = { SITE_SETTINGS, SITE_KEY,      SITE_OPERATOR,
                                     SITE_ADMIN,    ".luarc.json", ".luacheckrc" };
static const char *const folders[] = { "teams", "demo", ".signoff" };

/* ---- names ---- */

/* Letters that a name may have are anybody's; where it leads to is not. */
static bool
steps_valid(const char *name)
{
    for (const char *at = name; *at != '\0';) {
        size_t n = strcspn(at, "/");

        if (n == 0 || (n == 1 && at[0] == '.') || (n == 2 && strncmp(at, "..", 2) == 0))
            return false;
        at += n;
        if (*at == '/' && *++at == '\0')
            return false;
    }
    for (const char *at = name; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7F)
            return false;
    return name[0] != '\0';
}

void
backup_file_name(const char *sha256, char *out, size_t n)
{
    snprintf(out, n, BACKUP_FILES "/%.2s/%s", sha256, sha256);
}

bool
backup_name_valid(const char *name)
{
    const char *last = strrchr(name, '/');
    char path[ARCHIVE_NAME + 1];
    unsigned char hash[SGN_HASH_BYTES];

    if (!steps_valid(name))
        return false;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (strcmp(name, files[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        if (strncmp(name, folders[i], strlen(folders[i])) == 0 && name[strlen(folders[i])] == '/')
            return true;
    if (last != NULL && sgn_unhex(last + 1, hash, sizeof hash)) {
        backup_file_name(last + 1, path, sizeof path);
        return strcmp(path, name) == 0;
    }
    return strcmp(name, BACKUP_DATABASE) == 0;
}

/* ---- the folder ---- */

static enum sgn_status
add_part(const char *dir, const char *name, const struct stat *about, json_t *parts,
         struct sgn_error *err)
{
    char *path = site_path(dir, name), *bytes = NULL;
    char hash[SGN_HASH_HEX];
    size_t n = 0;
    enum sgn_status st =
        path != NULL ? site_read(path, SITE_FILE_MAX, &bytes, &n, err) : sgn_nomem(err);

    if (st == SGN_OK) {
        sgn_sha256(bytes, n, hash);
        st = json_array_append_new(parts, json_pack("{s:s, s:I, s:s, s:i}", "name", name, "size",
                                                    (json_int_t)n, "sha256", hash, "mode",
                                                    (int)(about->st_mode & 0777))) == 0
                 ? SGN_OK
                 : sgn_fail(err, SGN_INVALID, "%s: its name is not UTF-8", path);
    }
    free(bytes);
    free(path);
    return st;
}

static enum sgn_status add_folder(const char *dir, const char *name, int depth, json_t *parts,
                                  struct sgn_error *err);

/* A file or folder, also by a link; sockets and the like are none of ours. */
static enum sgn_status
add_any(const char *dir, const char *name, int depth, json_t *parts, struct sgn_error *err)
{
    char *path = site_path(dir, name);
    struct stat about;
    enum sgn_status st = path != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK && stat(path, &about) != 0)
        st = errno == ENOENT ? SGN_OK
                             : sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", path, strerror(errno));
    else if (st == SGN_OK && S_ISDIR(about.st_mode))
        st = add_folder(dir, name, depth + 1, parts, err);
    else if (st == SGN_OK && S_ISREG(about.st_mode))
        st = add_part(dir, name, &about, parts, err);
    free(path);
    return st;
}

/* By name, so that the same folder gives the same archive. Hidden ones are other programs'. */
static enum sgn_status
add_folder(const char *dir, const char *name, int depth, json_t *parts, struct sgn_error *err)
{
    char *path = site_path(dir, name);
    struct dirent **found = NULL;
    int n = path != NULL ? scandir(path, &found, NULL, alphasort) : -1;
    enum sgn_status st = SGN_OK;

    if (path == NULL)
        st = sgn_nomem(err);
    else if (n < 0 || depth > DEPTH_MAX)
        st = sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", path,
                      n < 0 ? strerror(errno) : "its folders lie too deep");
    for (int i = 0; i < n; i++) {
        char *one = sgn_format("%s/%s", name, found[i]->d_name);

        if (one == NULL)
            st = sgn_nomem(err);
        else if (st == SGN_OK && found[i]->d_name[0] != '.')
            st = add_any(dir, one, depth, parts, err);
        free(one);
        free(found[i]);
    }
    free(found);
    free(path);
    return st;
}

enum sgn_status
backup_site_parts(const char *dir, json_t *parts, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (size_t i = 0; st == SGN_OK && i < sizeof files / sizeof files[0]; i++)
        st = add_any(dir, files[i], 0, parts, err);
    for (size_t i = 0; st == SGN_OK && i < sizeof folders / sizeof folders[0]; i++)
        st = add_any(dir, folders[i], 0, parts, err);
    return st;
}

enum sgn_status
backup_site_elsewhere(const char *dir, json_t **out, struct sgn_error *err)
{
    struct settings settings;
    enum sgn_status st = site_settings(dir, &settings, err);
    const struct {
        const char *name, *path;
    } named[] = {
        { "tls_certificate", settings.tls_certificate },
        { "tls_key", settings.tls_key },
        { "tls_client_ca", settings.tls_client_ca },
        { "password_file", settings.mail_password_file },
        { "ca", settings.mail_ca },
    };

    if (st != SGN_OK)
        return st;
    *out = json_array();
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (named[i].path[0] != '\0')
            (void)json_array_append_new(*out,
                                        json_sprintf("%s (%s)", named[i].path, named[i].name));
    return *out != NULL ? SGN_OK : sgn_nomem(err);
}
