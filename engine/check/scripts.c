/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A team's folder as files, see scripts.h. A file is opened once and looked at through its
 * descriptor: what it is cannot change between the look and the reading.
 */
#include "scripts.h"

#include "rules.h"
#include "text.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SOURCE_MAX (256 * 1024) /* the loader says what is too much; this only bounds reading */

struct reading {
    json_t *files, *mistakes;
};

static enum sgn_status
mistake(const struct reading *r, const char *file, int line, int column, const char *message,
        struct sgn_error *err)
{
    if (json_array_append_new(r->mistakes, json_pack("{s:s, s:s, s:i, s:i, s:s}", "severity",
                                                     "error", "file", file, "line", line, "column",
                                                     column, "message", message)) != 0 ||
        json_object_set_new(r->files, file, json_string("")) != 0)
        return sgn_nomem(err);
    return SGN_OK;
}

/* With the system's own words behind it. */
static enum sgn_status
unreadable(const struct reading *r, const char *file, bool folder, struct sgn_error *err)
{
    char message[200];

    snprintf(message, sizeof message,
             folder ? "the folder cannot be read: %s" : "the file cannot be read: %s",
             strerror(errno));
    return mistake(r, file, 1, 1, message, err);
}

enum sgn_status
check_script_refuse(json_t *files, json_t *mistakes, const char *name, const char *message,
                    struct sgn_error *err)
{
    const struct reading r = { files, mistakes };

    return mistake(&r, name, 1, 1, message, err);
}

enum sgn_status
check_script_take(json_t *files, json_t *mistakes, const char *name, const char *text, size_t n,
                  struct sgn_error *err)
{
    const struct reading r = { files, mistakes };
    int line, column;
    const char *fault = sgn_text_fault(text, n, &line, &column);

    if (fault != NULL)
        return mistake(&r, name, line, column, fault, err);
    return json_object_set_new(files, name, json_stringn(text, n)) == 0 ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
take_file(const struct reading *r, const char *path, const char *name, struct sgn_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat info;
    enum sgn_status st;
    char *text;
    ssize_t n;

    if (fd < 0)
        return unreadable(r, name, false, err);
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > SOURCE_MAX) {
        close(fd);
        return mistake(r, name, 1, 1, "not a file of at most 256 KiB", err);
    }
    text = malloc((size_t)info.st_size + 1);
    n = text != NULL ? read(fd, text, (size_t)info.st_size) : -1;
    close(fd);
    if (text == NULL)
        st = sgn_nomem(err);
    else if (n != info.st_size)
        st = mistake(r, name, 1, 1, "the file cannot be read, or is being written: try again", err);
    else
        st = check_script_take(r->files, r->mistakes, name, text, (size_t)n, err);
    free(text);
    return st;
}

/* ---- folders ---- */

static bool
is_script(const char *name)
{
    return sgn_text_ends(name, ".lua") && !sgn_text_ends(name, RULES_TEST_END);
}

static bool
leads_to_folder(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

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

int
check_scan(const char *dir, struct dirent ***names)
{
    return scandir(dir, names, not_hidden, by_name);
}

static enum sgn_status take_names(const struct reading *r, const char *dir, const char *prefix,
                                  bool deep, struct dirent **names, int n, struct sgn_error *err);

static enum sgn_status
take_folder(const struct reading *r, const char *path, const char *name, struct sgn_error *err)
{
    char *prefix = sgn_format("%s/", name);
    struct dirent **names = NULL;
    enum sgn_status st;
    int n;

    if (prefix == NULL)
        return sgn_nomem(err);
    n = check_scan(path, &names);
    st =
        n >= 0 ? take_names(r, path, prefix, false, names, n, err) : unreadable(r, name, true, err);
    free(prefix);
    return st;
}

/* What stands in a folder: name is its path inside the team's. */
static enum sgn_status
take_name(const struct reading *r, const char *path, const char *name, const char *entry, bool deep,
          struct sgn_error *err)
{
    struct stat info;

    if (lstat(path, &info) != 0)
        return unreadable(r, name, false, err);
    if (S_ISLNK(info.st_mode) && (is_script(entry) || leads_to_folder(path)))
        return mistake(r, name, 1, 1, "this is a link: scripts lie in the team's own folder", err);
    if (S_ISDIR(info.st_mode) && is_script(entry))
        return mistake(r, name, 1, 1, "a folder, where a script is expected", err);
    if (S_ISDIR(info.st_mode))
        return deep ? take_folder(r, path, name, err) : SGN_OK;
    return is_script(entry) ? take_file(r, path, name, err) : SGN_OK;
}

/* Frees the names; deep: folders are gone into. */
static enum sgn_status
take_names(const struct reading *r, const char *dir, const char *prefix, bool deep,
           struct dirent **names, int n, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; i < n; i++) {
        const char *entry = names[i]->d_name;
        char *path = sgn_format("%s/%s", dir, entry), *name = sgn_format("%s%s", prefix, entry);

        if (path == NULL || name == NULL)
            st = sgn_nomem(err);
        else if (st == SGN_OK)
            st = take_name(r, path, name, entry, deep, err);
        free(name);
        free(path);
        free(names[i]);
    }
    free(names);
    return st;
}

enum sgn_status
check_scripts_read(const char *dir, json_t *mistakes, json_t **files, struct sgn_error *err)
{
    struct reading r = { NULL, mistakes };
    struct dirent **names = NULL;
    int n = check_scan(dir, &names);
    enum sgn_status st;

    if (n < 0)
        return sgn_fail(err, errno == ENOENT ? SGN_NOT_FOUND : SGN_UNAVAILABLE, "%s: %s", dir,
                        strerror(errno));
    r.files = json_object();
    st = take_names(&r, dir, "", true, names, n, err);
    if (st == SGN_OK && r.files != NULL)
        *files = r.files;
    else
        json_decref(r.files);
    return st == SGN_OK && r.files == NULL ? sgn_nomem(err) : st;
}
