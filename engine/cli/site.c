/* SPDX-License-Identifier: Apache-2.0 */
/* Files of a site's folder. */
#include "site.h"

#include "file.h"
#include "hash.h"
#include "json.h"
#include "text.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *
site_path(const char *dir, const char *name)
{
    size_t n = strlen(dir);

    if (name[0] == '/')
        return strdup(name);
    return sgn_format("%s%s%s", dir, n > 0 && dir[n - 1] == '/' ? "" : "/", name);
}

/* The current folder, by a way that leaves it and comes back: nothing to show a reader. */
static bool
is_here(const char *dir)
{
    struct stat here, there;

    return stat(".", &here) == 0 && stat(dir, &there) == 0 && here.st_dev == there.st_dev &&
           here.st_ino == there.st_ino;
}

char *
site_shown(const char *dir, const char *name)
{
    char *path = site_path(dir, name), *slash = path != NULL ? strrchr(path, '/') : NULL;

    if (path != NULL && strncmp(path, "./", 2) == 0 && path[2] != '/') {
        memmove(path, path + 2, strlen(path + 2) + 1);
    } else if (slash != NULL && strncmp(path, "../", 3) == 0) {
        *slash = '\0';
        if (is_here(path))
            memmove(path, slash + 1, strlen(slash + 1) + 1);
        else
            *slash = '/';
    }
    return path;
}

bool
site_has(const char *dir, const char *name)
{
    char *path = site_path(dir, name);
    bool there = path != NULL && access(path, F_OK) == 0;

    free(path);
    return there;
}

enum sgn_status
site_read(const char *path, size_t max, char **out, size_t *n, struct sgn_error *err)
{
    FILE *in = fopen(path, "re");
    char chunk[8192];
    struct sgn_buf buf;
    size_t got;
    enum sgn_status st = SGN_OK;

    if (in == NULL)
        return sgn_fail(err, errno == ENOENT || errno == ENOTDIR ? SGN_NOT_FOUND : SGN_UNAVAILABLE,
                        "%s: %s", path, strerror(errno));
    sgn_buf_init(&buf, max);
    while (st == SGN_OK && (got = fread(chunk, 1, sizeof(chunk), in)) > 0)
        st = sgn_buf_append(&buf, chunk, got);
    if (st != SGN_OK)
        st = sgn_fail(err, st, "%s: larger than %zu bytes", path, max);
    else if (ferror(in))
        st = sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", path, strerror(errno));
    fclose(in);
    if (st == SGN_OK) {
        *n = buf.len;
        *out = sgn_buf_take(&buf);
        st = *out != NULL ? SGN_OK : sgn_nomem(err);
    }
    sgn_buf_deinit(&buf);
    return st;
}

enum sgn_status
site_write(const char *path, const char *bytes, unsigned mode, struct sgn_error *err)
{
    return sgn_file_put(path, bytes, strlen(bytes), mode, false, err);
}

enum sgn_status
site_token(const char *path, char **out, struct sgn_error *err)
{
    size_t n = 0;
    enum sgn_status st = site_read(path, 4096, out, &n, err);

    if (st != SGN_OK)
        return st;
    (*out)[strcspn(*out, "\r\n")] = '\0';
    if ((*out)[0] == '\0') {
        free(*out);
        *out = NULL;
        return sgn_fail(err, SGN_INVALID, "%s holds no token", path);
    }
    return SGN_OK;
}

enum sgn_status
site_expect(const char *dir, struct sgn_error *err)
{
    char *ini = site_path(dir, SITE_SETTINGS);
    char *teams = site_path(dir, "teams");
    struct stat st;
    enum sgn_status status = SGN_OK;

    if (ini == NULL || teams == NULL)
        status = sgn_nomem(err);
    else if (stat(dir, &st) != 0 && errno == ENOENT)
        status =
            sgn_fail(err, SGN_NOT_FOUND,
                     "%s: No such file or directory; a site is made with: signoff init DIR", dir);
    else if (stat(dir, &st) != 0)
        status = sgn_fail(err, SGN_NOT_FOUND, "%s: %s", dir, strerror(errno));
    else if (access(ini, F_OK) != 0 && access(teams, F_OK) != 0)
        status = sgn_fail(err, SGN_NOT_FOUND,
                          "%s is not a site: it has neither " SITE_SETTINGS
                          " nor teams/; make one with: signoff init DIR",
                          dir);
    free(ini);
    free(teams);
    return status;
}

enum sgn_status
site_settings(const char *dir, struct settings *settings, struct sgn_error *err)
{
    char *ini = site_path(dir, SITE_SETTINGS);
    enum sgn_status st = ini != NULL ? settings_read(settings, ini, err) : sgn_nomem(err);

    free(ini);
    return st;
}

enum sgn_status
site_key(const char *dir, unsigned char *secret, unsigned char *pub, struct sgn_error *err)
{
    char *path = site_path(dir, SITE_KEY);
    char *text = NULL;
    enum sgn_status st = path != NULL ? site_token(path, &text, err) : sgn_nomem(err);

    if (st == SGN_OK && !sgn_unhex(text, secret, SGN_SIGN_SECRET))
        st = sgn_fail(err, SGN_INVALID, "%s: expected %d hex digits", path, 2 * SGN_SIGN_SECRET);
    /* libsodium keeps the public half behind the seed in the secret key. */
    if (st == SGN_OK)
        memcpy(pub, secret + SGN_SIGN_SECRET - SGN_SIGN_PUBLIC, SGN_SIGN_PUBLIC);
    free(text);
    free(path);
    return st;
}

enum sgn_status
site_init_rows(const char *dir, json_t **out, struct sgn_error *err)
{
    char *path = site_path(dir, SITE_INIT);
    char *text = NULL;
    size_t n = 0;
    enum sgn_status st =
        path != NULL ? site_read(path, SITE_FILE_MAX, &text, &n, err) : sgn_nomem(err);

    *out = NULL;
    if (st == SGN_OK) {
        st = sgn_json_parse(text, n, out, err);
        if (st != SGN_OK)
            sgn_error_prefix(err, "%s: ", path);
    } else if (st == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        st = SGN_OK;
    }
    free(text);
    free(path);
    return st;
}
