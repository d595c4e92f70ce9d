/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attachments of another tool. Those that lie in the folder of --files are uploaded and attached
 * with their time and author there; the others stay what the export says: a name, and perhaps an
 * address. Nothing is fetched: what an address needs, a login say, only people have.
 *
 * In the folder a file is looked for as KEY/ID, ID/NAME, ID, KEY/NAME and NAME, key that of the
 * item, id and name those of the attachment. All of them are a stranger's texts: what is no plain
 * name of a file is refused, and no link is followed.
 */
#include "import.h"

#include "json.h"
#include "memory.h"
#include "text.h"
#include "upload.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MOST 255 /* bytes of a file's name, as file systems have it */

enum sgn_status
import_files_open(struct import_files *files, const char *path, struct client *client,
                  struct sgn_error *err)
{
    json_t *info = NULL;
    enum sgn_status st;

    files->path = path;
    files->dir = -1;
    if (path == NULL)
        return SGN_OK;
    files->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (files->dir < 0)
        return upload_fail(path, err);
    st = client_call(client, "server.info", NULL, &info, err);
    files->most = sgn_json_int(json_object_get(info, "limits"), "file_bytes", INT64_MAX);
    json_decref(info);
    return st;
}

void
import_files_close(struct import_files *files)
{
    if (files->path != NULL && files->dir >= 0)
        close(files->dir);
    import_seen_deinit(&files->used);
}

void
import_files_reset(struct import_files *files)
{
    files->found = files->missing = 0;
    import_seen_reset(&files->used);
}

/* May it be a file's or a folder's own name? Else it might lead out of the folder. */
static bool
is_plain(const char *name)
{
    size_t n = name != NULL ? strlen(name) : 0;

    if (n == 0 || n > NAME_MOST || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return false;
    for (const unsigned char *c = (const unsigned char *)name; *c != '\0'; c++)
        if (*c == '/' || *c == '\\' || *c < 0x20 || *c == 0x7f)
            return false;
    return true;
}

/* A file, opened, by "NAME" or "FOLDER/NAME" below the folder; -1 and errno: there is none. What is
 * no file, or a link to somewhere, is none. */
static int
open_below(const struct import_files *files, const char *path)
{
    const char *slash = strchr(path, '/');
    int at = files->dir, fd;
    char folder[NAME_MOST + 1];
    struct stat st;

    if (slash != NULL) {
        snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
        at = openat(files->dir, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (at < 0)
            return -1;
    }
    fd = openat(at, slash != NULL ? slash + 1 : path,
                O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (at != files->dir)
        close(at);
    if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
        close(fd);
        errno = ENOENT;
        return -1;
    }
    return fd;
}

/* Which of its places has a file: malloc'ed; NULL: none. */
static char *
look(const struct import_files *files, const char *key, const char *id, const char *name,
     int64_t *size)
{
    const char *const places[][2] = {
        { key, id }, { id, name }, { "", id }, { key, name }, { "", name },
    };

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        const char *folder = places[i][0], *last = places[i][1];
        struct stat st = { 0 };
        char *path;
        int fd;
        if (!is_plain(last) || folder == NULL || (folder[0] != '\0' && !is_plain(folder)))
            continue;
        path = sgn_format("%s%s%s", folder, folder[0] != '\0' ? "/" : "", last);
        fd = path != NULL ? open_below(files, path) : -1;
        if (fd >= 0 && fstat(fd, &st) == 0) {
            *size = (int64_t)st.st_size;
            close(fd);
            return path;
        }
        if (fd >= 0)
            close(fd);
        free(path);
    }
    return NULL;
}

/* One file may be only one attachment: the others' bytes would be wrong. */
static enum sgn_status
use_once(struct import_files *files, const char *path, struct sgn_error *err)
{
    json_t *what = json_string(path);
    char digest[SGN_HASH_HEX];
    int64_t *uses = NULL;
    enum sgn_status st = what != NULL ? import_digest(what, 0, digest, err) : sgn_nomem(err);

    json_decref(what);
    if (st == SGN_OK && (uses = import_seen_at(&files->used, digest)) == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK && (*uses)++ > 0)
        st = sgn_fail(err, SGN_INVALID,
                      "%.200s is another attachment's already: put each into a folder that is "
                      "called as its item's key or its own id",
                      path);
    return st;
}

static enum sgn_status
check_size(const struct import_files *files, const char *path, int64_t size, int64_t said,
           struct sgn_error *err)
{
    if (said >= 0 && said != size)
        return sgn_fail(err, SGN_INVALID, "%.200s has %lld bytes, and the export says %lld", path,
                        (long long)size, (long long)said);
    if (size > files->most)
        return sgn_fail(err, SGN_INVALID, "%.200s has %lld bytes; the server takes %lld", path,
                        (long long)size, (long long)files->most);
    return SGN_OK;
}

enum sgn_status
import_files_find(struct import_files *files, const char *key, json_t *entry, struct sgn_error *err)
{
    const json_t *file = json_object_get(entry, "file");
    const char *name = sgn_json_str(file, "name");
    int64_t size = 0;
    char *path;
    enum sgn_status st;

    if (file == NULL)
        return SGN_OK;
    if (files->path != NULL && name != NULL && !is_plain(name))
        return sgn_fail(err, SGN_INVALID,
                        "the attachment '%.80s' is no plain file name: it might lead out of %.80s",
                        name, files->path);
    path = files->path != NULL ? look(files, key, sgn_json_str(file, "id"), name, &size) : NULL;
    *(path != NULL ? &files->found : &files->missing) += 1;
    if (path == NULL) {
        (void)json_object_del(entry, "file");
        return SGN_OK;
    }
    st = check_size(files, path, size, sgn_json_int(file, "size", -1), err);
    if (st == SGN_OK)
        st = use_once(files, path, err);
    if (st == SGN_OK && json_object_set_new(entry, "path", json_string(path)) != 0)
        st = sgn_nomem(err);
    free(path);
    return st;
}

enum sgn_status
import_files_send(const struct import_files *files, struct client *client, json_t *params,
                  struct sgn_error *err)
{
    const char *path = sgn_json_str(params, "path");
    const char *name = sgn_json_str(json_object_get(params, "file"), "name");
    json_t *imported = json_object_get(params, "imported");
    struct upload up = { .fd = -1 };
    char file[UPLOAD_FILE_ID] = "";
    enum sgn_status st = upload_open(&up, open_below(files, path), path, err);

    if (st == SGN_OK) {
        free(up.path); /* what it was called there, wherever it lies here */
        up.path = sgn_strdup(name != NULL ? name : path);
        st = up.path != NULL ? upload_send(&up, client, NULL, file, err) : sgn_nomem(err);
    }
    upload_deinit(&up);
    (void)json_object_del(params, "path");
    (void)json_object_del(imported, "field");
    (void)json_object_del(imported, "to");
    if (st == SGN_OK && json_object_set_new(params, "file", json_string(file)) != 0)
        st = sgn_nomem(err);
    return st;
}
