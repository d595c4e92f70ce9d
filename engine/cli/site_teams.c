/* SPDX-License-Identifier: Apache-2.0 */
/* The teams of a site and their scripts, as files. */
#include "site.h"

#include "json.h"
#include "text.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SOURCE_MAX (256 * 1024) /* the loader says what is too much; this only bounds reading */
#define DEPTH_MAX  3

static int
by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int
not_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool
ends_in(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n > m && strcmp(text + n - m, end) == 0;
}

static enum sgn_status
add_file(json_t *files, const char *path, const char *name, struct sgn_error *err)
{
    char *text = NULL;
    size_t n = 0;
    json_t *source = NULL;
    enum sgn_status st = site_read(path, SOURCE_MAX, &text, &n, err);

    if (st != SGN_OK)
        return st;
    if (!sgn_utf8_valid(text, n))
        st = sgn_fail(err, SGN_INVALID, "%s: not UTF-8 text", path);
    else if ((source = json_stringn(text, n)) == NULL ||
             json_object_set_new(files, name, source) != 0)
        st = sgn_nomem(err);
    free(text);
    return st;
}

static enum sgn_status walk(const char *dir, const char *prefix, int depth, json_t *files,
                            struct sgn_error *err);

static enum sgn_status
add_entry(const char *dir, const char *prefix, const char *entry, int depth, json_t *files,
          struct sgn_error *err)
{
    char *path = site_path(dir, entry);
    char *name = sgn_format("%s%s", prefix, entry);
    char *inner = sgn_format("%s%s/", prefix, entry);
    struct stat st;
    enum sgn_status status = SGN_OK;

    if (path == NULL || name == NULL || inner == NULL)
        status = sgn_nomem(err);
    else if (lstat(path, &st) != 0)
        status = sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", path, strerror(errno));
    else if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
        status = walk(path, inner, depth + 1, files, err);
    else if (S_ISREG(st.st_mode) && ends_in(entry, ".lua") && !ends_in(entry, "_test.lua"))
        status = add_file(files, path, name, err);
    free(inner);
    free(name);
    free(path);
    return status;
}

static enum sgn_status
walk(const char *dir, const char *prefix, int depth, json_t *files, struct sgn_error *err)
{
    struct dirent **entries = NULL;
    int n = scandir(dir, &entries, not_hidden, by_name);
    enum sgn_status st = SGN_OK;

    if (n < 0)
        return sgn_fail(err, errno == ENOENT ? SGN_NOT_FOUND : SGN_UNAVAILABLE, "%s: %s", dir,
                        strerror(errno));
    for (int i = 0; i < n; i++) {
        if (st == SGN_OK)
            st = add_entry(dir, prefix, entries[i]->d_name, depth, files, err);
        free(entries[i]);
    }
    free(entries);
    return st;
}

enum sgn_status
site_team_files(const char *dir, json_t **out, struct sgn_error *err)
{
    json_t *files = json_object();
    enum sgn_status st = files != NULL ? walk(dir, "", 1, files, err) : sgn_nomem(err);

    if (st != SGN_OK) {
        json_decref(files);
        return st;
    }
    *out = files;
    return SGN_OK;
}

/* Adds the name of a folder that holds a team.lua. */
static enum sgn_status
add_team(json_t *names, const char *teams, const char *name, struct sgn_error *err)
{
    char *file = sgn_format("%s/%s/team.lua", teams, name);
    struct stat found;
    bool team = file != NULL && stat(file, &found) == 0;
    bool good = file != NULL && (!team || json_array_append_new(names, json_string(name)) == 0);

    free(file);
    return good ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
site_teams(const char *dir, json_t **out, struct sgn_error *err)
{
    char *teams = site_path(dir, "teams");
    struct dirent **entries = NULL;
    json_t *names = json_array();
    enum sgn_status st = SGN_OK;
    int n = 0;

    if (teams == NULL || names == NULL)
        st = sgn_nomem(err);
    else if ((n = scandir(teams, &entries, not_hidden, by_name)) < 0)
        st = sgn_fail(err, SGN_NOT_FOUND,
                      "%s: %s; expected a site, which has teams/NAME/team.lua (signoff init makes "
                      "one)",
                      teams, strerror(errno));
    for (int i = 0; i < n; i++) {
        if (st == SGN_OK)
            st = add_team(names, teams, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    free(teams);
    if (st != SGN_OK) {
        json_decref(names);
        return st;
    }
    *out = names;
    return SGN_OK;
}
