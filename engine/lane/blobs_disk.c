/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names and descriptors of bytes on disk. Links are never followed, and nothing here takes a
 * name that it has not built itself or that is not constant.
 */
#include "blobs_internal.h"
#include "file.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK ((size_t)256 * 1024)

enum sgn_status
blob_fail(const char *what, const char *name, struct sgn_error *err)
{
    if (errno == ENOENT)
        return sgn_fail(err, SGN_NOT_FOUND, "%s %s: there is no such file", what, name);
    return sgn_fail(err, SGN_UNAVAILABLE, "%s %s: %s", what, name, strerror(errno));
}

const char *
blob_name(const char *sha256, char out[BLOB_NAME_MAX])
{
    assert(lane_hash_valid(sha256));
    snprintf(out, BLOB_NAME_MAX, "%.2s/%s", sha256, sha256);
    return out;
}

const char *
blob_upload_name(const char *id, const char *ending, char out[BLOB_NAME_MAX])
{
    assert(lane_upload_id_valid(id));
    snprintf(out, BLOB_NAME_MAX, "%s%s", id, ending);
    return out;
}

enum sgn_status
blob_write(int fd, const void *bytes, size_t n, int64_t offset, struct sgn_error *err)
{
    const char *from = bytes;

    while (n > 0) {
        ssize_t wrote = pwrite(fd, from, n, offset);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return sgn_fail(err, SGN_UNAVAILABLE, "the upload cannot be written: %s",
                            strerror(errno));
        from += wrote;
        offset += wrote;
        n -= (size_t)wrote;
    }
    return SGN_OK;
}

enum sgn_status
blob_read(int fd, int64_t offset, void *out, size_t max, size_t *n, struct sgn_error *err)
{
    char *to = out;

    *n = 0;
    while (*n < max) {
        ssize_t got = pread(fd, to + *n, max - *n, offset + (int64_t)*n);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return sgn_fail(err, SGN_UNAVAILABLE, "the file cannot be read: %s", strerror(errno));
        if (got == 0)
            break;
        *n += (size_t)got;
    }
    return SGN_OK;
}

int64_t
blob_size(int dir, const char *name)
{
    struct stat st;

    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
        return -1;
    return (int64_t)st.st_size;
}

enum sgn_status
blob_hash(int fd, char out[SGN_HASH_HEX], struct sgn_error *err)
{
    char *chunk = malloc(CHUNK);
    struct sgn_sha256 hash;
    int64_t offset = 0;
    size_t n = 0;
    enum sgn_status st = SGN_OK;

    if (chunk == NULL)
        return sgn_nomem(err);
    sgn_sha256_init(&hash);
    do {
        st = blob_read(fd, offset, chunk, CHUNK, &n, err);
        sgn_sha256_add(&hash, chunk, n);
        offset += (int64_t)n;
    } while (st == SGN_OK && n == CHUNK);
    sgn_sha256_end(&hash, out);
    free(chunk);
    return st;
}

enum sgn_status
blob_folder(int at, const char *name, bool make, int *fd, struct sgn_error *err)
{
    /* Synced also when it was there: another thread, or a process that was killed, may have made it
     * and not have come to that. */
    if (make && ((mkdirat(at, name, 0700) != 0 && errno != EEXIST) ||
                 (at == AT_FDCWD ? sgn_sync_above(name) : fsync(at)) != 0))
        return blob_fail("folder", name, err);
    *fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *fd >= 0 ? SGN_OK : blob_fail("folder", name, err);
}
