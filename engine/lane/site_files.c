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

struct reading {
    json_t *files, *mistakes; /* {PATH: SOURCE}, [MISTAKE] as in rules.h */
    bool nomem;
};

static void
mistake(struct reading *reading, const char *file, int line, const char *message)
{
    if (json_array_append_new(reading->mistakes,
                              json_pack("{s:s, s:s, s:i, s:i, s:s}", "severity", "error", "file",
                                        file, "line", line, "column", 1, "message", message)) != 0)
        reading->nomem = true;
}

/* The first line that is not UTF-8; 0: all are. No part of a character is a line's end. */
static int
bad_line(const char *text, size_t n)
{
    const char *end = text + n;

    for (int line = 1; text < end; line++) {
        const char *next = memchr(text, '\n', (size_t)(end - text));
        size_t length = (size_t)((next != NULL ? next : end) - text);

        if (!sgn_utf8_valid(text, length))
            return line;
        text += length + 1;
    }
    return 0;
}

static void
take_text(struct reading *reading, const char *inner, const char *text, size_t n)
{
    int bad = bad_line(text, n);

    if (bad > 0)
        mistake(reading, inner, bad, "the file is not UTF-8 text: save it as UTF-8");
    else if (memchr(text, 0, n) != NULL) /* C would take what stands before it for the whole */
        mistake(reading, inner, 1, "the file holds a NUL byte");
    else if (json_object_set_new(reading->files, inner, json_string(text)) != 0)
        reading->nomem = true;
}

/* A regular file inside the site, not a link out of it: opened without following links. */
static void
read_file(struct reading *reading, const char *path, const char *inner)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    char message[200], *text;
    struct stat info;
    ssize_t n;

    if (fd < 0) {
        snprintf(message, sizeof message, "the file cannot be read: %s", strerror(errno));
        mistake(reading, inner, 1, message);
        return;
    }
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > FILE_MAX) {
        close(fd);
        mistake(reading, inner, 1, "not a file of at most 64 KiB");
        return;
    }
    text = calloc(1, (size_t)info.st_size + 1);
    n = text != NULL ? read(fd, text, (size_t)info.st_size) : -1;
    close(fd);
    if (text == NULL)
        reading->nomem = true;
    else if (n != info.st_size)
        mistake(reading, inner, 1, "the file cannot be read, or is being written: try again");
    else
        take_text(reading, inner, text, (size_t)n);
    free(text);
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

static void read_folder(struct reading *reading, const char *dir, const char *prefix, bool deep);

/* What stands in a folder under this name; inner: its path as messages have it. */
static void
read_entry(struct reading *reading, const char *path, const char *inner, const char *name,
           bool deep)
{
    char folder[512 + 2];
    struct stat info;

    if (lstat(path, &info) != 0)
        return;
    if (S_ISLNK(info.st_mode) && (is_script(name) || leads_to_folder(path))) {
        mistake(reading, inner, 1, "this is a link: scripts lie in the team's own folder");
    } else if (S_ISDIR(info.st_mode) && deep) {
        snprintf(folder, sizeof folder, "%s/", inner);
        read_folder(reading, path, folder, false);
    } else if (is_script(name)) {
        read_file(reading, path, inner);
    }
}

/* Scripts of dir under the name prefix; folders one level down when deep. */
static void
read_folder(struct reading *reading, const char *dir, const char *prefix, bool deep)
{
    struct dirent **names = NULL;
    int n = scandir(dir, &names, NULL, by_name);

    if (n < 0) {
        char message[200];

        snprintf(message, sizeof message,
                 deep ? "the team's folder cannot be read: %s" : "the folder cannot be read: %s",
                 strerror(errno));
        mistake(reading, deep ? "team.lua" : prefix, 1, message);
    }
    for (int i = 0; i < n; i++) {
        const char *name = names[i]->d_name;
        char path[4096], inner[512];

        snprintf(path, sizeof path, "%s/%s", dir, name);
        snprintf(inner, sizeof inner, "%s%s", prefix, name);
        if (name[0] != '.')
            read_entry(reading, path, inner, name, deep);
        free(names[i]);
    }
    free(names);
}

enum sgn_status
lane_site_load_input(const struct lane *lane, const char *team, json_t **out, json_t **refused,
                     struct sgn_error *err)
{
    struct reading reading = { .files = json_object(), .mistakes = json_array() };
    const json_t *shipped = lane->options.shipped;
    char dir[4096];

    *out = *refused = NULL;
    snprintf(dir, sizeof dir, "%s/teams/%s", lane->options.site, team);
    if (reading.files == NULL || reading.mistakes == NULL)
        reading.nomem = true;
    else
        read_folder(&reading, dir, "", true);
    if (!reading.nomem && json_array_size(reading.mistakes) > 0)
        *refused = json_pack("{s:n, s:{}, s:O}", "team", "workflows", "mistakes", reading.mistakes);
    else if (!reading.nomem)
        *out = json_pack("{s:s, s:O, s:o}", "team", team, "files", reading.files, "shipped",
                         shipped != NULL ? json_incref((json_t *)shipped) : json_object());
    json_decref(reading.files);
    json_decref(reading.mistakes);
    return *out != NULL || *refused != NULL ? SGN_OK : sgn_nomem(err);
}
