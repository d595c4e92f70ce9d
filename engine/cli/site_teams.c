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

/* Where a team's files and what is wrong with some of them are gathered. */
struct reading {
    json_t *files;
    json_t *problems; /* NULL: the first one fails */
};

/* Noted as a mistake of the file, so that all of them are said at once; path is for who stops. */
static enum sgn_status
problem_at(struct reading *r, const char *path, const char *name, int line, int column,
           const char *what, struct sgn_error *err)
{
    if (r->problems == NULL)
        return sgn_fail(err, SGN_INVALID, "%s:%d:%d: %s", path, line, column, what);
    if (json_array_append_new(r->problems, json_pack("{s:s, s:s, s:i, s:i, s:s}", "severity",
                                                     "error", "file", name, "line", line, "column",
                                                     column, "message", what)) != 0 ||
        json_object_set_new(r->files, name, json_string("")) != 0)
        return sgn_nomem(err);
    return SGN_OK;
}

static enum sgn_status
problem(struct reading *r, const char *path, const char *name, const char *what,
        struct sgn_error *err)
{
    return problem_at(r, path, name, 1, 1, what, err);
}

static enum sgn_status
add_file(struct reading *r, const char *path, const char *name, struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    char *text = NULL;
    size_t n = 0;
    enum sgn_status st = site_read(path, SOURCE_MAX, &text, &n, &why);
    int line, column;
    const char *fault = st == SGN_OK ? sgn_text_fault(text, n, &line, &column) : NULL;

    if (st == SGN_NOMEM)
        sgn_error_move(err, &why);
    else if (st != SGN_OK)
        st = problem(r, path, name,
                     strncmp(why.message, path, strlen(path)) == 0 ? why.message + strlen(path) + 2
                                                                   : why.message,
                     err);
    else if (fault != NULL)
        st = problem_at(r, path, name, line, column, fault, err);
    else if (json_object_set_new(r->files, name, json_stringn(text, n)) != 0)
        st = sgn_nomem(err);
    sgn_error_clear(&why);
    free(text);
    return st;
}

static enum sgn_status walk(struct reading *r, const char *dir, const char *prefix, int depth,
                            struct sgn_error *err);

/* Tests are no scripts of the rules; whoever runs them reads them. */
static bool
is_script(const char *entry)
{
    return ends_in(entry, ".lua") && !ends_in(entry, "_test.lua");
}

static enum sgn_status
add_entry(struct reading *r, const char *dir, const char *prefix, const char *entry, int depth,
          struct sgn_error *err)
{
    char *path = site_path(dir, entry);
    char *name = sgn_format("%s%s", prefix, entry);
    char *inner = sgn_format("%s%s/", prefix, entry);
    struct stat st, behind;
    enum sgn_status status = SGN_OK;

    if (path == NULL || name == NULL || inner == NULL)
        status = sgn_nomem(err);
    else if (lstat(path, &st) != 0)
        status = problem(r, path, name, strerror(errno), err);
    else if (S_ISLNK(st.st_mode) &&
             (is_script(entry) || (stat(path, &behind) == 0 && S_ISDIR(behind.st_mode))))
        status = problem(r, path, name, "a link: scripts lie in the team's own folder", err);
    else if (S_ISDIR(st.st_mode) && is_script(entry))
        status = problem(r, path, name, "a folder, where a script is expected", err);
    else if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
        status = walk(r, path, inner, depth + 1, err);
    else if (S_ISREG(st.st_mode) && is_script(entry))
        status = add_file(r, path, name, err);
    free(inner);
    free(name);
    free(path);
    return status;
}

static enum sgn_status
walk(struct reading *r, const char *dir, const char *prefix, int depth, struct sgn_error *err)
{
    struct dirent **entries = NULL;
    int n = scandir(dir, &entries, not_hidden, by_name);
    enum sgn_status st = SGN_OK;

    if (n < 0)
        return sgn_fail(err, errno == ENOENT ? SGN_NOT_FOUND : SGN_UNAVAILABLE, "%s: %s", dir,
                        strerror(errno));
    for (int i = 0; i < n; i++) {
        if (st == SGN_OK)
            st = add_entry(r, dir, prefix, entries[i]->d_name, depth, err);
        free(entries[i]);
    }
    free(entries);
    return st;
}

enum sgn_status
site_team_read(const char *dir, json_t *problems, json_t **out, struct sgn_error *err)
{
    struct reading r = { json_object(), problems };
    enum sgn_status st = r.files != NULL ? walk(&r, dir, "", 1, err) : sgn_nomem(err);

    if (st != SGN_OK) {
        json_decref(r.files);
        return st;
    }
    *out = r.files;
    return SGN_OK;
}

enum sgn_status
site_script_read(const char *path, const char *name, json_t *problems, json_t **out,
                 struct sgn_error *err)
{
    struct reading r = { json_object(), problems };
    enum sgn_status st = r.files != NULL ? add_file(&r, path, name, err) : sgn_nomem(err);

    if (st != SGN_OK) {
        json_decref(r.files);
        return st;
    }
    *out = r.files;
    return SGN_OK;
}

enum sgn_status
site_team_files(const char *dir, json_t **out, struct sgn_error *err)
{
    return site_team_read(dir, NULL, out, err);
}
