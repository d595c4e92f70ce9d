/* SPDX-License-Identifier: Apache-2.0 */
/* See file.h. */
#include "file.h"

#include "hash.h"
#include "text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Some file systems cannot sync a folder and say that it is no file for that; and a folder that may
 * not be read cannot be opened for it. There is nothing more to be done then. */
static int
sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), result, why;

    if (fd < 0)
        return errno == EACCES ? 0 : -1;
    result = fsync(fd);
    why = errno;
    (void)close(fd);
    errno = why;
    return result != 0 && errno == EINVAL ? 0 : result;
}

int
sgn_sync_above(const char *path)
{
    size_t n = strlen(path);
    char *above;
    int result;

    while (n > 1 && path[n - 1] == '/')
        n--;
    while (n > 0 && path[n - 1] != '/')
        n--;
    above = n > 0 ? sgn_format("%.*s", (int)n, path) : sgn_format(".");
    if (above == NULL) {
        errno = ENOMEM;
        return -1;
    }
    result = sync_folder(above);
    free(above);
    return result;
}

static bool
write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t wrote = write(fd, bytes, n);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        bytes += wrote;
        n -= (size_t)wrote;
    }
    return true;
}

/* A name of its own, so that two who write the same file at once do not meet before the end. */
static char *
beside_of(const char *path)
{
    unsigned char random[4];
    char digits[9];

    sgn_random(random, sizeof random);
    sgn_hex(random, sizeof random, digits);
    return sgn_format("%s.%s.new", path, digits);
}

/* A second name for the file is refused where there is one already, on file systems over a network
 * too; where files have one name at most, moving them can be told not to replace. */
int
sgn_file_name(const char *beside, const char *path, bool replace)
{
    if (replace)
        return rename(beside, path);
    if (link(beside, path) == 0)
        return unlink(beside);
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
        return -1;
    return renameat2(AT_FDCWD, beside, AT_FDCWD, path, RENAME_NOREPLACE);
}

enum sgn_status
sgn_file_put(const char *path, const void *bytes, size_t n, unsigned mode, bool replace,
             struct sgn_error *err)
{
    char *beside = beside_of(path);
    int fd = -1, why = 0;

    if (beside == NULL)
        return sgn_nomem(err);
    fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
    if (fd < 0 || !write_all(fd, bytes, n) || fsync(fd) != 0)
        why = errno;
    if (fd >= 0 && close(fd) != 0 && why == 0)
        why = errno;
    if (why == 0 && sgn_file_name(beside, path, replace) != 0)
        why = errno;
    if (why != 0 && fd >= 0)
        (void)unlink(beside);
    free(beside);
    if (why == 0 && sgn_sync_above(path) != 0)
        why = errno;
    if (why == 0)
        return SGN_OK;
    return sgn_fail(err, why == EEXIST ? SGN_CONFLICT : SGN_UNAVAILABLE, "%s: %s", path,
                    strerror(why));
}

/* Synced also when it was there: who made it may not have come to that. */
enum sgn_status
sgn_folder_make(const char *path, unsigned mode, struct sgn_error *err)
{
    if ((mkdir(path, (mode_t)mode) == 0 || errno == EEXIST) && sgn_sync_above(path) == 0)
        return SGN_OK;
    return sgn_fail(err, errno == ENOENT || errno == ENOTDIR ? SGN_NOT_FOUND : SGN_UNAVAILABLE,
                    "%s: %s", path, strerror(errno));
}
