/* SPDX-License-Identifier: Apache-2.0 */
/* See archive.h. The layout of a header is that of POSIX.1-2017, pax, "ustar Interchange Format".
 */
#include "archive.h"

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

#define BLOCK     512
#define OCTAL_MAX INT64_C(077777777777) /* what eleven octal digits hold */

struct header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, link[100], magic[6],
        version[2], uname[32], gname[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "header");

struct archive_out {
    char *path, *beside; /* beside NULL: the file has no name yet */
    int fd;
    int64_t left, written; /* of the member; of all */
    int why;               /* what went wrong, for good */
};

struct archive_in {
    char *path;
    int fd;
    int64_t at, size, left, pad;
};

static unsigned
sum_of(const struct header *header)
{
    const unsigned char *bytes = (const unsigned char *)header;
    unsigned sum = 0;

    for (size_t i = 0; i < BLOCK; i++)
        sum +=
            i >= offsetof(struct header, sum) && i < offsetof(struct header, type) ? ' ' : bytes[i];
    return sum;
}

/* ---- writing ---- */

static enum sgn_status
fail_out(struct archive_out *out, int why, struct sgn_error *err)
{
    out->why = why;
    return sgn_fail(err, why == EEXIST ? SGN_CONFLICT : SGN_UNAVAILABLE, "%s: %s", out->path,
                    strerror(why));
}

/* How a file without a name is called as long as it is open. */
static void
name_of_open(int fd, char name[32])
{
    snprintf(name, 32, "/proc/self/fd/%d", fd);
}

/* A file without a name goes when its maker does, however that ends. -1: not on this file system,
 * or it could not get its name afterwards. */
static int
open_unnamed(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder =
        slash != NULL ? sgn_format("%.*s", (int)(slash + 1 - path), path) : sgn_format(".");
    char name[32];
    int fd = folder != NULL ? open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600) : -1;

    free(folder);
    name_of_open(fd, name);
    if (fd >= 0 && access(name, F_OK) != 0) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

static enum sgn_status
open_beside(struct archive_out *out, struct sgn_error *err)
{
    unsigned char random[4];
    char digits[9];

    sgn_random(random, sizeof random);
    sgn_hex(random, sizeof random, digits);
    out->beside = sgn_format("%s.%s.new", out->path, digits);
    if (out->beside == NULL)
        return sgn_nomem(err);
    out->fd = open(out->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    return out->fd >= 0 ? SGN_OK : fail_out(out, errno, err);
}

enum sgn_status
archive_create(const char *path, struct archive_out **given, struct sgn_error *err)
{
    struct archive_out *out = calloc(1, sizeof *out);

    *given = out;
    if (out == NULL)
        return sgn_nomem(err);
    out->fd = -1;
    out->path = sgn_format("%s", path);
    if (out->path == NULL)
        return sgn_nomem(err);
    if (access(path, F_OK) == 0)
        return sgn_fail(err, SGN_CONFLICT, "%s is there already, and is not written over", path);
    out->fd = open_unnamed(path);
    return out->fd >= 0 ? SGN_OK : open_beside(out, err);
}

static enum sgn_status
put(struct archive_out *out, const char *bytes, size_t n, struct sgn_error *err)
{
    while (n > 0) {
        ssize_t wrote = write(out->fd, bytes, n);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return fail_out(out, errno, err);
        bytes += wrote;
        n -= (size_t)wrote;
        out->written += wrote;
    }
    return SGN_OK;
}

static enum sgn_status
put_pad(struct archive_out *out, struct sgn_error *err)
{
    static const char zeros[BLOCK];
    size_t over = (size_t)(out->written % BLOCK);

    return over == 0 ? SGN_OK : put(out, zeros, BLOCK - over, err);
}

/* A name that is too long for its field is cut at a slash. */
static bool
set_name(struct header *header, const char *name)
{
    size_t n = strlen(name);
    const char *cut;

    if (n <= sizeof header->name) {
        memcpy(header->name, name, n);
        return n > 0;
    }
    cut = n <= ARCHIVE_NAME ? strchr(name + n - sizeof header->name - 1, '/') : NULL;
    if (cut == NULL || (size_t)(cut - name) > sizeof header->prefix)
        return false;
    memcpy(header->prefix, name, (size_t)(cut - name));
    memcpy(header->name, cut + 1, n - (size_t)(cut + 1 - name));
    return true;
}

static void
set_size(struct header *header, int64_t size)
{
    if (size <= OCTAL_MAX) {
        snprintf(header->size, sizeof header->size, "%011llo", (unsigned long long)size);
        return;
    }
    header->size[0] = (char)0x80;
    for (size_t i = 0; i < 8; i++)
        header->size[sizeof header->size - 1 - i] = (char)(size >> (8 * i));
}

enum sgn_status
archive_member(struct archive_out *out, const char *name, int64_t size, unsigned mode,
               struct sgn_error *err)
{
    struct header header = { .magic = "ustar", .version = { '0', '0' }, .type = '0' };
    char digits[16];

    if (out->left != 0)
        return sgn_fail(err, SGN_INTERNAL, "%s: %lld bytes of a member are missing", out->path,
                        (long long)out->left);
    if (!set_name(&header, name))
        return sgn_fail(err, SGN_INVALID, "%.300s: its name is too long for a backup", name);
    snprintf(digits, sizeof digits, "%07o", mode & 0777);
    memcpy(header.mode, digits, sizeof header.mode);
    memcpy(header.uid, "0000000", sizeof header.uid);
    memcpy(header.gid, "0000000", sizeof header.gid);
    memcpy(header.mtime, "00000000000", sizeof header.mtime);
    set_size(&header, size);
    snprintf(digits, sizeof digits, "%06o", sum_of(&header));
    memcpy(header.sum, digits, 7);
    header.sum[7] = ' ';
    if (put_pad(out, err) != SGN_OK)
        return SGN_UNAVAILABLE;
    out->left = size;
    return put(out, (const char *)&header, sizeof header, err);
}

enum sgn_status
archive_put(struct archive_out *out, const void *bytes, size_t n, struct sgn_error *err)
{
    if ((int64_t)n > out->left)
        return sgn_fail(err, SGN_INTERNAL, "%s: a member is longer than it was said", out->path);
    out->left -= (int64_t)n;
    return put(out, bytes, n, err);
}

static int
give_name(const struct archive_out *out)
{
    char name[32];

    if (out->beside != NULL)
        return sgn_file_name(out->beside, out->path, false);
    name_of_open(out->fd, name);
    return linkat(AT_FDCWD, name, AT_FDCWD, out->path, AT_SYMLINK_FOLLOW);
}

enum sgn_status
archive_commit(struct archive_out *out, int64_t *bytes, struct sgn_error *err)
{
    static const char end[2 * BLOCK];
    enum sgn_status st =
        out->left == 0 ? put_pad(out, err)
                       : sgn_fail(err, SGN_INTERNAL, "%s: its last member is short", out->path);

    if (st == SGN_OK)
        st = put(out, end, sizeof end, err);
    if (st == SGN_OK && fsync(out->fd) != 0)
        st = fail_out(out, errno, err);
    if (st == SGN_OK && give_name(out) != 0)
        st = fail_out(out, errno, err);
    if (st != SGN_OK)
        return st;
    free(out->beside);
    out->beside = NULL;
    *bytes = out->written;
    return sgn_sync_above(out->path) == 0 ? SGN_OK : fail_out(out, errno, err);
}

void
archive_out_free(struct archive_out *out)
{
    if (out == NULL)
        return;
    if (out->fd >= 0)
        (void)close(out->fd);
    if (out->fd >= 0 && out->beside != NULL)
        (void)unlink(out->beside);
    free(out->beside);
    free(out->path);
    free(out);
}

/* ---- reading ---- */

static enum sgn_status
fail_in(const struct archive_in *in, const char *what, struct sgn_error *err)
{
    return sgn_fail(err, SGN_INVALID, "%s, byte %lld: %s", in->path, (long long)in->at, what);
}

enum sgn_status
archive_open(const char *path, struct archive_in **given, struct sgn_error *err)
{
    struct archive_in *in = calloc(1, sizeof *in);
    struct stat about;

    *given = in;
    if (in == NULL)
        return sgn_nomem(err);
    in->path = sgn_format("%s", path);
    in->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (in->path == NULL)
        return sgn_nomem(err);
    if (in->fd < 0 || fstat(in->fd, &about) != 0)
        return sgn_fail(err, errno == ENOENT ? SGN_NOT_FOUND : SGN_UNAVAILABLE, "%s: %s", path,
                        strerror(errno));
    if (!S_ISREG(about.st_mode))
        return sgn_fail(err, SGN_INVALID, "%s: not a file", path);
    in->size = (int64_t)about.st_size;
    return SGN_OK;
}

static enum sgn_status
get(struct archive_in *in, void *bytes, size_t max, size_t *n, struct sgn_error *err)
{
    *n = 0;
    while (*n < max) {
        ssize_t got = read(in->fd, (char *)bytes + *n, max - *n);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", in->path, strerror(errno));
        if (got == 0)
            break;
        *n += (size_t)got;
        in->at += got;
    }
    return SGN_OK;
}

static bool
is_zero(const void *bytes, size_t n)
{
    const char *at = bytes;

    while (n > 0 && *at == '\0') {
        at++;
        n--;
    }
    return n == 0;
}

/* Octal digits, ended by NUL or a space; or base 256. -1: neither. */
static int64_t
number(const char *field, size_t n)
{
    int64_t value = 0;
    size_t i = 0;

    if ((unsigned char)field[0] == 0x80) {
        if (!is_zero(field + 1, n - 9) || ((unsigned char)field[n - 8] & 0x80) != 0)
            return -1;
        for (i = n - 8; i < n; i++)
            value = value << 8 | (unsigned char)field[i];
        return value;
    }
    for (; i < n && field[i] >= '0' && field[i] <= '7'; i++)
        value = value << 3 | (field[i] - '0');
    return i > 0 && i < n && (field[i] == '\0' || field[i] == ' ') ? value : -1;
}

/* Behind the two blocks that end it there may be more of them, as other programs write it. */
static enum sgn_status
expect_end(struct archive_in *in, struct sgn_error *err)
{
    char bytes[BLOCK];
    size_t n = 0, blocks = 1;
    enum sgn_status st;

    while ((st = get(in, bytes, sizeof bytes, &n, err)) == SGN_OK && n > 0) {
        if (!is_zero(bytes, n))
            return fail_in(in, "there is something behind its end", err);
        blocks++;
    }
    if (st == SGN_OK && blocks < 2)
        return fail_in(in, "its end is missing", err);
    return st;
}

static enum sgn_status
skip(struct archive_in *in, struct sgn_error *err)
{
    char bytes[BLOCK];
    size_t n;
    enum sgn_status st = SGN_OK;

    while (st == SGN_OK && in->left > 0)
        st = archive_get(in, bytes, sizeof bytes, &n, err);
    if (st == SGN_OK && in->pad > 0) {
        st = get(in, bytes, (size_t)in->pad, &n, err);
        if (st == SGN_OK && ((int64_t)n < in->pad || !is_zero(bytes, n)))
            st = fail_in(in, "it is cut off or damaged behind a member", err);
    }
    in->pad = 0;
    return st;
}

enum sgn_status
archive_next(struct archive_in *in, char name[ARCHIVE_NAME + 1], int64_t *size, unsigned *mode,
             bool *more, struct sgn_error *err)
{
    struct header header;
    size_t n = 0;
    enum sgn_status st = skip(in, err);

    *more = false;
    if (st == SGN_OK)
        st = get(in, &header, sizeof header, &n, err);
    if (st != SGN_OK)
        return st;
    if (n < sizeof header)
        return fail_in(in, "it is cut off", err);
    if (is_zero(&header, sizeof header))
        return expect_end(in, err);
    if (memcmp(header.magic, "ustar", 5) != 0 || number(header.sum, 8) != (int64_t)sum_of(&header))
        return fail_in(in, "it is no backup, or damaged: this is no header of a tar archive", err);
    *size = number(header.size, sizeof header.size);
    *mode = (unsigned)(number(header.mode, sizeof header.mode) & 0777);
    if (header.type != '0' || *size < 0 || number(header.mode, sizeof header.mode) < 0)
        return fail_in(in, "a member is something other than a plain file", err);
    snprintf(name, ARCHIVE_NAME + 1, "%.*s%s%.*s", (int)sizeof header.prefix, header.prefix,
             header.prefix[0] != '\0' ? "/" : "", (int)sizeof header.name, header.name);
    in->left = *size;
    in->pad = (BLOCK - *size % BLOCK) % BLOCK;
    *more = true;
    return SGN_OK;
}

enum sgn_status
archive_get(struct archive_in *in, void *bytes, size_t max, size_t *n, struct sgn_error *err)
{
    size_t most = in->left < (int64_t)max ? (size_t)in->left : max;
    enum sgn_status st = get(in, bytes, most, n, err);

    if (st == SGN_OK && *n < most)
        return fail_in(in, "it is cut off", err);
    in->left -= (int64_t)*n;
    return st;
}

void
archive_at(const struct archive_in *in, int64_t *at, int64_t *size)
{
    *at = in->at;
    *size = in->size;
}

void
archive_in_free(struct archive_in *in)
{
    if (in == NULL)
        return;
    if (in->fd >= 0)
        (void)close(in->fd);
    free(in->path);
    free(in);
}
