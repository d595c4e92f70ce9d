/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a team's folder: its scripts as the input of a load (see rules.h).
 */
#include "json.h"
#include "lane_internal.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (64 * 1024)

/* A regular file inside the site, not a link out of it: opened without following links. */
static enum sgn_status
read_file(const char *path, char **out, struct sgn_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat info;
    char *text;
    ssize_t n;

    *out = NULL;
    if (fd < 0)
        return sgn_fail(err, SGN_INVALID, "%s: %s", path, strerror(errno));
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > FILE_MAX) {
        close(fd);
        return sgn_fail(err, SGN_TOO_LARGE, "%s: not a file of at most %d bytes", path, FILE_MAX);
    }
    text = calloc(1, (size_t)info.st_size + 1);
    n = text != NULL ? read(fd, text, (size_t)info.st_size) : -1;
    close(fd);
    if (n != info.st_size) {
        free(text);
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: cannot be read", path);
    }
    if (!sgn_utf8_valid(text, (size_t)n)) {
        free(text);
        return sgn_fail(err, SGN_INVALID, "%s: not UTF-8", path);
    }
    *out = text;
    return SGN_OK;
}

static bool
is_script(const char *name)
{
    size_t n = strlen(name);

    return n > 4 && strcmp(name + n - 4, ".lua") == 0 && name[0] != '.' &&
           !(n > 9 && strcmp(name + n - 9, "_test.lua") == 0);
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool
leads_to_folder(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* Scripts of dir under the name prefix; folders one level down when deep. */
static enum sgn_status
read_folder(const char *dir, const char *prefix, bool deep, json_t *files, struct sgn_error *err)
{
    struct dirent **names = NULL;
    int n = scandir(dir, &names, NULL, by_name);
    enum sgn_status st = SGN_OK;

    for (int i = 0; i < n; i++) {
        const char *name = names[i]->d_name;
        char path[4096], inner[512];
        struct stat info;
        char *text = NULL;

        snprintf(path, sizeof path, "%s/%s", dir, name);
        snprintf(inner, sizeof inner, "%s%s", prefix, name);
        if (st != SGN_OK || name[0] == '.' || lstat(path, &info) != 0) {
            free(names[i]);
            continue;
        }
        if (S_ISLNK(info.st_mode) && (is_script(name) || leads_to_folder(path))) {
            st = sgn_fail(err, SGN_INVALID, "%s is a link: scripts lie in the team's own folder",
                          path);
        } else if (S_ISDIR(info.st_mode) && deep) {
            strncat(inner, "/", sizeof inner - strlen(inner) - 1);
            st = read_folder(path, inner, false, files, err);
        } else if (is_script(name)) {
            st = read_file(path, &text, err);
            if (st == SGN_OK)
                json_object_set_new(files, inner, json_string(text));
            free(text);
        }
        free(names[i]);
    }
    free(names);
    return st;
}

enum sgn_status
lane_site_load_input(const struct lane *lane, const char *team, json_t **out, struct sgn_error *err)
{
    char dir[4096];
    json_t *files = json_object();
    enum sgn_status st;

    snprintf(dir, sizeof dir, "%s/teams/%s", lane->options.site, team);
    st = read_folder(dir, "", true, files, err);
    if (st == SGN_OK)
        *out =
            json_pack("{s:s, s:O, s:o}", "team", team, "files", files, "shipped",
                      lane->options.shipped != NULL ? json_incref((json_t *)lane->options.shipped)
                                                    : json_object());
    if (st == SGN_OK && *out == NULL)
        st = sgn_nomem(err);
    json_decref(files);
    return st;
}
