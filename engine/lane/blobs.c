/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folder of files: opened, read from, swept; and what becomes of uploads that are settled.
 */
#include "blobs_internal.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define YOUNG_SECONDS 86400 /* by when an upload has become a row, or never does */

/* ---- the folder ---- */

static enum sgn_status
open_folder(const char *dir, bool writing, const char *node, struct lane_blobs **out,
            struct sgn_error *err)
{
    struct lane_blobs *blobs = calloc(1, sizeof *blobs);
    char incoming[BLOB_NAME_MAX];
    enum sgn_status st;

    *out = NULL;
    if (blobs == NULL)
        return sgn_nomem(err);
    blobs->dir = blobs->incoming = -1;
    blobs->shared = node != NULL;
    snprintf(incoming, sizeof incoming, BLOB_INCOMING "%s%.20s", node != NULL ? "-" : "",
             node != NULL ? node : "");
    (void)pthread_mutex_init(&blobs->lock, NULL);
    st = blob_folder(AT_FDCWD, dir, writing, &blobs->dir, err);
    if (st == SGN_OK && writing)
        st = blob_folder(blobs->dir, incoming, true, &blobs->incoming, err);
    if (st == SGN_OK && writing)
        st = blob_take_up(blobs, err);
    if (st != SGN_OK && blobs->dir >= 0)
        sgn_error_prefix(err, "%s: ", dir);
    if (st != SGN_OK)
        lane_blobs_free(blobs);
    else
        *out = blobs;
    return st;
}

enum sgn_status
lane_blobs_open(const char *dir, int64_t reserve, const char *node, struct lane_blobs **out,
                struct sgn_error *err)
{
    enum sgn_status st = open_folder(dir, true, node, out, err);

    if (st == SGN_OK)
        (*out)->reserve = reserve;
    return st;
}

enum sgn_status
lane_blobs_open_read(const char *dir, struct lane_blobs **out, struct sgn_error *err)
{
    return open_folder(dir, false, NULL, out, err);
}

void
lane_blobs_free(struct lane_blobs *blobs)
{
    if (blobs == NULL)
        return;
    while (blobs->uploads != NULL) {
        struct blob_upload *next = blobs->uploads->next;

        free(blobs->uploads);
        blobs->uploads = next;
    }
    if (blobs->incoming >= 0)
        (void)close(blobs->incoming);
    if (blobs->dir >= 0)
        (void)close(blobs->dir);
    (void)pthread_mutex_destroy(&blobs->lock);
    free(blobs);
}

/* ---- settled uploads ---- */

bool
lane_blobs_settled(struct lane_blobs *blobs, const struct lane_upload *whose,
                   struct lane_upload *out)
{
    const struct blob_upload *u;
    bool found;

    (void)pthread_mutex_lock(&blobs->lock);
    u = lane_upload_id_valid(whose->id) ? blob_find(blobs, whose) : NULL;
    found = u != NULL && u->settled;
    if (found)
        *out = u->is;
    (void)pthread_mutex_unlock(&blobs->lock);
    return found;
}

void
lane_blobs_named(struct lane_blobs *blobs, const char *id)
{
    struct blob_upload *u;

    (void)pthread_mutex_lock(&blobs->lock);
    u = blob_find_id(blobs, id);
    if (u != NULL && !u->named) {
        u->named = true;
        blobs->n_named++;
    }
    (void)pthread_mutex_unlock(&blobs->lock);
}

bool
lane_blobs_next_named(struct lane_blobs *blobs, struct lane_upload *out)
{
    bool found = false;

    if (blobs->n_named == 0)
        return false;
    (void)pthread_mutex_lock(&blobs->lock);
    for (struct blob_upload *u = blobs->uploads; u != NULL && !found; u = u->next) {
        found = u->named;
        if (found) {
            *out = u->is;
            u->named = false;
            blobs->n_named--;
        }
    }
    (void)pthread_mutex_unlock(&blobs->lock);
    return found;
}

void
lane_blobs_drop(struct lane_blobs *blobs, const char *id)
{
    struct blob_upload *u;

    (void)pthread_mutex_lock(&blobs->lock);
    u = blob_find_id(blobs, id);
    if (u != NULL && !u->busy)
        blob_remove(blobs, u);
    (void)pthread_mutex_unlock(&blobs->lock);
}

int
lane_blobs_expire(struct lane_blobs *blobs, int64_t before)
{
    struct blob_upload *next;
    int n = 0;

    (void)pthread_mutex_lock(&blobs->lock);
    for (struct blob_upload *u = blobs->uploads; u != NULL; u = next) {
        next = u->next;
        if (u->is.at >= before || u->busy || u->named)
            continue;
        blob_remove(blobs, u);
        n++;
    }
    (void)pthread_mutex_unlock(&blobs->lock);
    return n;
}

/* ---- bytes ---- */

static enum sgn_status
open_bytes(const struct lane_blobs *blobs, const char *sha256, int *fd, struct sgn_error *err)
{
    char name[BLOB_NAME_MAX];

    if (!lane_hash_valid(sha256))
        return sgn_fail(err, SGN_INTERNAL, "no hash: \"%.80s\"", sha256);
    *fd = openat(blobs->dir, blob_name(sha256, name), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return *fd >= 0 ? SGN_OK : blob_fail("bytes", name, err);
}

enum sgn_status
lane_blobs_read(const struct lane_blobs *blobs, const char *sha256, int64_t offset, void *out,
                size_t max, size_t *n, struct sgn_error *err)
{
    int fd = -1;
    enum sgn_status st = open_bytes(blobs, sha256, &fd, err);

    *n = 0;
    if (st == SGN_OK)
        st = blob_read(fd, offset, out, max, n, err);
    if (fd >= 0)
        (void)close(fd);
    return st;
}

enum sgn_status
lane_blobs_check(const struct lane_blobs *blobs, const char *sha256, int64_t size,
                 struct sgn_error *err)
{
    char name[BLOB_NAME_MAX], hash[SGN_HASH_HEX];
    int fd = -1;
    enum sgn_status st = open_bytes(blobs, sha256, &fd, err);

    if (st == SGN_NOT_FOUND)
        return sgn_fail(err, SGN_INVALID, "the bytes %s are missing", sha256);
    if (st != SGN_OK)
        return st;
    if (blob_size(blobs->dir, blob_name(sha256, name)) != size)
        st = sgn_fail(err, SGN_INVALID, "the bytes %s are %lld instead of %lld", sha256,
                      (long long)blob_size(blobs->dir, name), (long long)size);
    if (st == SGN_OK)
        st = blob_hash(fd, hash, err);
    if (st == SGN_OK && strcmp(hash, sha256) != 0)
        st = sgn_fail(err, SGN_INVALID, "the bytes %s have changed: their SHA-256 is %s", sha256,
                      hash);
    (void)close(fd);
    return st;
}

/* ---- sweep ---- */

static bool
needed_by_upload(const struct lane_blobs *blobs, const char *sha256)
{
    for (const struct blob_upload *u = blobs->uploads; u != NULL; u = u->next)
        if (strcmp(u->is.sha256, sha256) == 0)
            return true;
    return false;
}

/* Another node's, it may be, whose row is not committed yet. */
static bool
is_young(const struct lane_blobs *blobs, const char *sha256)
{
    char name[BLOB_NAME_MAX];
    struct timespec now;
    struct stat info;

    return fstatat(blobs->dir, blob_name(sha256, name), &info, AT_SYMLINK_NOFOLLOW) != 0 ||
           clock_gettime(CLOCK_REALTIME, &now) != 0 || info.st_ctime > now.tv_sec - YOUNG_SECONDS;
}

static enum sgn_status
sweep_one(struct lane_blobs *blobs, const char *sha256, lane_blob_needed_fn needed, void *ctx,
          int *removed, struct sgn_error *err)
{
    char name[BLOB_NAME_MAX];
    bool keep;
    enum sgn_status st = SGN_OK;

    (void)pthread_mutex_lock(&blobs->lock);
    keep = needed_by_upload(blobs, sha256) || (blobs->shared && is_young(blobs, sha256));
    if (!keep)
        st = needed(ctx, sha256, &keep, err);
    if (st == SGN_OK && !keep && unlinkat(blobs->dir, blob_name(sha256, name), 0) == 0)
        (*removed)++;
    (void)pthread_mutex_unlock(&blobs->lock);
    return st;
}

enum sgn_status
lane_blobs_sweep(struct lane_blobs *blobs, int folder, lane_blob_needed_fn needed, void *ctx,
                 int *removed, struct sgn_error *err)
{
    char name[BLOB_NAME_MAX];
    const struct dirent *entry;
    DIR *dir;
    int fd;
    enum sgn_status st = SGN_OK;

    *removed = 0;
    snprintf(name, sizeof name, "%02x", (unsigned)folder);
    fd = openat(blobs->dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return SGN_OK; /* no such bytes yet */
    dir = fdopendir(fd);
    if (dir == NULL) {
        (void)close(fd);
        return sgn_nomem(err);
    }
    while (st == SGN_OK && (entry = readdir(dir)) != NULL)
        if (lane_hash_valid(entry->d_name) && strncmp(entry->d_name, name, 2) == 0)
            st = sweep_one(blobs, entry->d_name, needed, ctx, removed, err);
    (void)closedir(dir);
    return st;
}
