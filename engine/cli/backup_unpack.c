/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A backup's file taken apart. It is a stranger's: every name, size and byte is held against the
 * manifest, and the manifest's names against what a site has.
 */
#include "archive.h"
#include "backup_file.h"
#include "hash.h"
#include "json.h"
#include "site.h"
#include "text.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANIFEST_MAX ((int64_t)256 << 20)

struct unpacking {
    const char *path, *dir;
    struct archive_in *in;
    json_t *manifest;
    char *bytes; /* a piece */
    struct backup_progress progress;
};

bool
backup_is(const char *path)
{
    char begin[262] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is = fd >= 0 && read(fd, begin, sizeof begin) == (ssize_t)sizeof begin &&
              strcmp(begin, BACKUP_MANIFEST) == 0 && memcmp(begin + 257, "ustar", 5) == 0;

    if (fd >= 0)
        (void)close(fd);
    return is;
}

static enum sgn_status
invalid(const struct unpacking *u, const char *what, struct sgn_error *err)
{
    return sgn_fail(err, SGN_INVALID, "%s: %s", u->path, what);
}

/* ---- the manifest ---- */

static bool
part_valid(const json_t *part)
{
    const char *name = sgn_json_str(part, "name"), *sha256 = sgn_json_str(part, "sha256");
    unsigned char hash[SGN_HASH_BYTES];

    return name != NULL && backup_name_valid(name) && sha256 != NULL &&
           sgn_unhex(sha256, hash, sizeof hash) && sgn_json_int(part, "size", -1) >= 0 &&
           json_is_integer(json_object_get(part, "mode"));
}

static enum sgn_status
check_manifest(const struct unpacking *u, struct sgn_error *err)
{
    const json_t *parts = json_object_get(u->manifest, "parts"), *part;
    const char *format = sgn_json_str(u->manifest, "format");
    bool has_database = false;
    size_t i;

    if (format == NULL || strcmp(format, BACKUP_FORMAT) != 0 || !json_is_array(parts) ||
        !json_is_array(json_object_get(u->manifest, "heads")))
        return invalid(u, "its manifest is not that of a backup", err);
    if (sgn_json_int(u->manifest, "v", 0) != 1)
        return invalid(u, "a backup of a newer Signoff: use that one", err);
    json_array_foreach((json_t *)(uintptr_t)parts, i, part) {
        const char *name = sgn_json_str(part, "name");

        if (!part_valid(part))
            return sgn_fail(err, SGN_INVALID,
                            "%s: part %zu of its manifest (%.255s) is none of a site", u->path, i,
                            name != NULL ? name : "?");
        has_database = has_database || strcmp(name, BACKUP_DATABASE) == 0;
    }
    return has_database ? SGN_OK : invalid(u, "its manifest names no database", err);
}

static enum sgn_status
read_manifest(struct unpacking *u, struct sgn_error *err)
{
    char name[ARCHIVE_NAME + 1] = "";
    char *text = NULL;
    int64_t size = 0;
    unsigned mode = 0;
    size_t n = 0;
    bool more = false;
    enum sgn_status st = archive_next(u->in, name, &size, &mode, &more, err);

    if (st == SGN_OK && (!more || strcmp(name, BACKUP_MANIFEST) != 0 || size > MANIFEST_MAX))
        st = invalid(u, "it is no backup: it does not begin with a manifest", err);
    if (st == SGN_OK && (text = malloc((size_t)size + 1)) == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = archive_get(u->in, text, (size_t)size, &n, err);
    if (st == SGN_OK && sgn_json_parse(text, n, &u->manifest, err) != SGN_OK) {
        sgn_error_clear(err);
        st = invalid(u, "its manifest is damaged: it is not JSON", err);
    }
    free(text);
    return st == SGN_OK ? check_manifest(u, err) : st;
}

/* ---- members ---- */

/* The folders above a file, each for its owner alone. */
static enum sgn_status
make_folders(char *path, size_t from, struct sgn_error *err)
{
    for (char *slash = strchr(path + from, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        int rc;

        *slash = '\0';
        rc = mkdir(path, 0700);
        *slash = '/';
        if (rc != 0 && errno != EEXIST)
            return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", path, strerror(errno));
    }
    return SGN_OK;
}

static enum sgn_status
write_all(int fd, const char *path, const char *bytes, size_t n, struct sgn_error *err)
{
    while (n > 0) {
        ssize_t wrote = write(fd, bytes, n);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", path, strerror(errno));
        bytes += wrote;
        n -= (size_t)wrote;
    }
    return SGN_OK;
}

static enum sgn_status
copy_out(struct unpacking *u, int fd, const char *path, char hash[SGN_HASH_HEX],
         struct sgn_error *err)
{
    struct sgn_sha256 sum;
    int64_t at = 0;
    size_t n = 1;
    enum sgn_status st = SGN_OK;

    sgn_sha256_init(&sum);
    while (st == SGN_OK && n > 0) {
        st = archive_get(u->in, u->bytes, BACKUP_PIECE, &n, err);
        if (st == SGN_OK)
            st = write_all(fd, path, u->bytes, n, err);
        if (st == SGN_OK)
            sgn_sha256_add(&sum, u->bytes, n);
        archive_at(u->in, &at, &u->progress.all);
        backup_tell(&u->progress, at);
    }
    sgn_sha256_end(&sum, hash);
    return st;
}

static enum sgn_status
write_member(struct unpacking *u, const char *name, unsigned mode, char hash[SGN_HASH_HEX],
             struct sgn_error *err)
{
    char *path = site_path(u->dir, name);
    int fd = -1;
    enum sgn_status st =
        path != NULL ? make_folders(path, strlen(u->dir) + 1, err) : sgn_nomem(err);

    if (st == SGN_OK) {
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
        if (fd < 0)
            st = sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", path, strerror(errno));
    }
    if (st == SGN_OK)
        st = copy_out(u, fd, path, hash, err);
    if (fd >= 0 && (fchmod(fd, (mode_t)mode) != 0 || close(fd) != 0) && st == SGN_OK)
        st = sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", path, strerror(errno));
    free(path);
    return st;
}

/* Of this part the archive holds just this, and here. */
static enum sgn_status
take_part(struct unpacking *u, const json_t *part, struct sgn_error *err)
{
    const char *expected = sgn_json_str(part, "name");
    char name[ARCHIVE_NAME + 1] = "", hash[SGN_HASH_HEX] = "";
    int64_t size = 0;
    unsigned mode = 0;
    bool more = false;
    enum sgn_status st = archive_next(u->in, name, &size, &mode, &more, err);

    if (st == SGN_OK && !more)
        return sgn_fail(err, SGN_INVALID, "%s: %s of its manifest is missing", u->path, expected);
    if (st == SGN_OK && (strcmp(name, expected) != 0 || size != sgn_json_int(part, "size", 0)))
        return sgn_fail(
            err, SGN_INVALID, "%s: it holds %s (%lld bytes) where its manifest has %s (%lld bytes)",
            u->path, name, (long long)size, expected, (long long)sgn_json_int(part, "size", 0));
    if (st == SGN_OK)
        st = write_member(u, name, (unsigned)sgn_json_int(part, "mode", 0) & 0700u, hash, err);
    if (st == SGN_OK && strcmp(hash, sgn_json_str(part, "sha256")) != 0)
        st = sgn_fail(err, SGN_INVALID, "%s: %s was changed: its SHA-256 is %s, not %s", u->path,
                      name, hash, sgn_json_str(part, "sha256"));
    return st;
}

static enum sgn_status
unpack(struct unpacking *u, struct sgn_error *err)
{
    char name[ARCHIVE_NAME + 1];
    const json_t *part;
    int64_t size;
    unsigned mode;
    bool more = false;
    size_t i;
    enum sgn_status st = archive_open(u->path, &u->in, err);

    if (st == SGN_OK)
        st = read_manifest(u, err);
    json_array_foreach(json_object_get(u->manifest, "parts"), i, part) {
        if (st == SGN_OK)
            st = take_part(u, part, err);
    }
    if (st == SGN_OK)
        st = archive_next(u->in, name, &size, &mode, &more, err);
    if (st == SGN_OK && more)
        st = sgn_fail(err, SGN_INVALID, "%s: it holds %s, which its manifest has not", u->path,
                      name);
    return st;
}

enum sgn_status
backup_unpack(struct cli *cli, const char *path, const char *dir, json_t **manifest,
              struct sgn_error *err)
{
    struct unpacking u = { .path = path,
                           .dir = dir,
                           .bytes = malloc(BACKUP_PIECE),
                           .progress = { .output = &cli->output, .what = "unpacking" } };
    enum sgn_status st = u.bytes != NULL ? unpack(&u, err) : sgn_nomem(err);

    backup_tell(&u.progress, -1);
    archive_in_free(u.in);
    free(u.bytes);
    if (st == SGN_OK)
        *manifest = u.manifest;
    else
        json_decref(u.manifest);
    return st;
}

/* ---- away with it ---- */

static int
remove_one(const char *path, const struct stat *about, int type, struct FTW *where)
{
    (void)about;
    (void)type;
    (void)where;
    (void)remove(path);
    return 0;
}

void
backup_remove(const char *dir)
{
    (void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
