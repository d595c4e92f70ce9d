/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Uploads: begun, written piece by piece, settled.
 *
 * The lock guards the list and is never held while bytes are written, synced or hashed: a call
 * marks its upload as busy and lets go. So the lane, which asks about uploads too, does not wait
 * for the disk.
 */
#include "blobs_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Nothing may fill the disk: what is decided must find room to be written down. */
static enum sgn_status
check_room(const struct lane_blobs *blobs, size_t n, struct sgn_error *err)
{
    struct statvfs fs;

    if (fstatvfs(blobs->dir, &fs) != 0)
        return SGN_OK;
    if ((int64_t)((uint64_t)fs.f_bavail * fs.f_frsize) - (int64_t)n >= blobs->reserve)
        return SGN_OK;
    return sgn_fail(err, SGN_UNAVAILABLE, "the disk is nearly full; nothing was written");
}

static bool
same_content(const struct lane_upload *a, const struct lane_upload *b)
{
    return a->size == b->size && strcmp(a->sha256, b->sha256) == 0 &&
           strcmp(a->name, b->name) == 0 && strcmp(a->type, b->type) == 0 &&
           strcmp(a->team, b->team) == 0 && strcmp(a->person, b->person) == 0;
}

/* ---- begin ---- */

/* Of the uploads under way: how many are the person's, what the team's were announced with, and
 * what of that would give way. */
struct share {
    int mine;
    int64_t taken, still;
};

static bool
is_still(const struct blob_upload *u, int64_t now)
{
    return !u->busy && !u->settled && now - u->grown >= LANE_UPLOAD_STILL_MS;
}

static struct share
share_of(const struct lane_blobs *blobs, const struct lane_upload *upload)
{
    struct share share = { 0 };

    for (const struct blob_upload *u = blobs->uploads; u != NULL; u = u->next) {
        if (u->named || strcmp(u->is.team, upload->team) != 0)
            continue;
        share.taken += u->is.size;
        share.still += is_still(u, upload->at) ? u->is.size : 0;
        share.mine += strcmp(u->is.person, upload->person) == 0;
    }
    return share;
}

/* Drops the one that has been still for longest, of the person or of the team. False: none is. */
static bool
drop_still(struct lane_blobs *blobs, const struct lane_upload *upload, bool of_person)
{
    struct blob_upload *stillest = NULL;

    for (struct blob_upload *u = blobs->uploads; u != NULL; u = u->next)
        if (!u->named && strcmp(u->is.team, upload->team) == 0 && is_still(u, upload->at) &&
            (!of_person || strcmp(u->is.person, upload->person) == 0) &&
            (stillest == NULL || u->grown < stillest->grown))
            stillest = u;
    if (stillest != NULL)
        blob_remove(blobs, stillest);
    return stillest != NULL;
}

/* Nothing is dropped for one that would not fit all the same. */
static enum sgn_status
check_share(struct lane_blobs *blobs, const struct lane_upload *upload, int64_t room,
            struct sgn_error *err)
{
    struct share share = share_of(blobs, upload);
    int64_t left = room - share.taken;

    if (upload->size > left + share.still)
        return sgn_fail(
            err, SGN_TOO_LARGE, "the team's files may grow by %lld bytes more; this one has %lld",
            (long long)(left + share.still > 0 ? left + share.still : 0), (long long)upload->size);
    if (share.mine >= LANE_UPLOADS_MAX && !drop_still(blobs, upload, true))
        return sgn_fail(err, SGN_OVERLOADED,
                        "%d of your uploads are not ended; end them, or wait until they expire",
                        share.mine);
    while (upload->size > room - share_of(blobs, upload).taken && drop_still(blobs, upload, false))
        ;
    return SGN_OK;
}

static int64_t
held_of(const struct lane_blobs *blobs, const struct blob_upload *upload)
{
    char name[BLOB_NAME_MAX];
    int64_t size = blob_size(blobs->incoming, blob_upload_name(upload->is.id, "", name));

    return size >= 0 ? size : upload->is.size; /* gone on: it is settled */
}

/* Under the lock: two small files are made, and nothing is synced. */
static enum sgn_status
begin_new(struct lane_blobs *blobs, const struct lane_upload *upload, struct sgn_error *err)
{
    char name[BLOB_NAME_MAX];
    struct blob_upload *u;
    int fd = openat(blobs->incoming, blob_upload_name(upload->id, "", name),
                    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    enum sgn_status st = fd >= 0 ? SGN_OK : blob_fail("upload", name, err);

    if (st != SGN_OK)
        return st;
    (void)close(fd);
    u = blob_add(blobs, upload);
    st = u != NULL ? blob_keep(blobs, upload, err) : sgn_nomem(err);
    if (st != SGN_OK && u != NULL)
        blob_remove(blobs, u);
    else if (st != SGN_OK)
        (void)unlinkat(blobs->incoming, name, 0);
    return st;
}

enum sgn_status
lane_blobs_begin(struct lane_blobs *blobs, const struct lane_upload *upload, int64_t room,
                 int64_t *held, struct sgn_error *err)
{
    struct blob_upload *u;
    enum sgn_status st = check_room(blobs, (size_t)upload->size, err);

    *held = 0;
    if (st != SGN_OK)
        return st;
    (void)pthread_mutex_lock(&blobs->lock);
    u = blob_find_id(blobs, upload->id);
    if (u != NULL && same_content(&u->is, upload)) {
        *held = held_of(blobs, u);
    } else if (u != NULL) {
        st = sgn_fail(err, SGN_CONFLICT, "this upload was begun for another file");
    } else {
        st = check_share(blobs, upload, room, err);
        if (st == SGN_OK)
            st = begin_new(blobs, upload, err);
    }
    (void)pthread_mutex_unlock(&blobs->lock);
    return st;
}

/* ---- one at a time ---- */

/* Marks the upload as busy; a copy of what it is in *is. */
static enum sgn_status
take(struct lane_blobs *blobs, const struct lane_upload *whose, struct lane_upload *is,
     bool *settled, struct sgn_error *err)
{
    struct blob_upload *u;
    enum sgn_status st = SGN_OK;

    (void)pthread_mutex_lock(&blobs->lock);
    u = lane_upload_id_valid(whose->id) ? blob_find(blobs, whose) : NULL;
    if (u == NULL) {
        st = sgn_fail(err, SGN_NOT_FOUND, "there is no upload %.40s; it may have expired",
                      whose->id);
        sgn_error_add(err, "pointer", json_string("/upload"));
    } else if (u->busy) {
        st = sgn_fail(err, SGN_OVERLOADED, "another piece of this upload is being written");
    } else {
        u->busy = true;
        *is = u->is;
        *settled = u->settled;
    }
    (void)pthread_mutex_unlock(&blobs->lock);
    return st;
}

/* grown: more of it has come at that time; 0: nothing has. */
static void
give_back(struct lane_blobs *blobs, const char *id, bool settled, int64_t grown)
{
    struct blob_upload *u;

    (void)pthread_mutex_lock(&blobs->lock);
    u = blob_find_id(blobs, id); /* a busy one is never removed */
    u->busy = false;
    u->settled = u->settled || settled;
    if (grown > u->grown)
        u->grown = grown;
    (void)pthread_mutex_unlock(&blobs->lock);
}

/* ---- put ---- */

static enum sgn_status
check_place(const struct lane_upload *is, int64_t held, int64_t offset, size_t n,
            struct sgn_error *err)
{
    if (offset > held) {
        sgn_fail(err, SGN_CONFLICT, "%lld bytes are there; go on with offset %lld", (long long)held,
                 (long long)held);
        sgn_error_add(err, "offset", json_integer(held));
        sgn_error_add(err, "pointer", json_string("/offset"));
        return SGN_CONFLICT;
    }
    if (offset > is->size || (int64_t)n > is->size - offset) {
        sgn_fail(err, SGN_INVALID, "this piece ends at byte %lld; the file has %lld",
                 (long long)offset + (long long)n, (long long)is->size);
        sgn_error_add(err, "pointer", json_string("/data"));
        return SGN_INVALID;
    }
    return SGN_OK;
}

static enum sgn_status
put(struct lane_blobs *blobs, const struct lane_upload *is, int64_t offset, const void *bytes,
    size_t n, int64_t *held, struct sgn_error *err)
{
    char name[BLOB_NAME_MAX];
    struct stat file;
    int fd = openat(blobs->incoming, blob_upload_name(is->id, "", name),
                    O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    enum sgn_status st = SGN_OK;

    if (fd < 0 || fstat(fd, &file) != 0)
        st = blob_fail("upload", is->id, err);
    if (st == SGN_OK)
        st = check_place(is, (int64_t)file.st_size, offset, n, err);
    if (st == SGN_OK)
        st = blob_write(fd, bytes, n, offset, err);
    if (st == SGN_OK)
        *held = offset + (int64_t)n > (int64_t)file.st_size ? offset + (int64_t)n
                                                            : (int64_t)file.st_size;
    if (fd >= 0)
        (void)close(fd);
    return st;
}

enum sgn_status
lane_blobs_put(struct lane_blobs *blobs, const struct lane_upload *whose, int64_t offset,
               const void *bytes, size_t n, int64_t *held, struct sgn_error *err)
{
    struct lane_upload is;
    char name[BLOB_NAME_MAX];
    bool settled = false;
    int64_t before = 0;
    enum sgn_status st = check_room(blobs, n, err);

    if (st == SGN_OK)
        st = take(blobs, whose, &is, &settled, err);
    if (st != SGN_OK)
        return st;
    before = blob_size(blobs->incoming, blob_upload_name(is.id, "", name));
    if (settled)
        st = sgn_fail(err, SGN_NOT_NOW, "this upload has ended; its bytes are complete");
    else
        st = put(blobs, &is, offset, bytes, n, held, err);
    give_back(blobs, is.id, false, st == SGN_OK && *held > before ? whose->at : 0);
    return st;
}

/* ---- settle ---- */

static enum sgn_status
check_whole(int fd, const struct lane_upload *is, struct sgn_error *err)
{
    char hash[SGN_HASH_HEX];
    struct stat file;
    enum sgn_status st;

    if (fstat(fd, &file) != 0)
        return blob_fail("upload", is->id, err);
    if ((int64_t)file.st_size != is->size) {
        sgn_fail(err, SGN_INVALID, "%lld bytes of %lld are there; put the rest first",
                 (long long)file.st_size, (long long)is->size);
        sgn_error_add(err, "offset", json_integer((json_int_t)file.st_size));
        return SGN_INVALID;
    }
    st = blob_hash(fd, hash, err);
    if (st == SGN_OK && strcmp(hash, is->sha256) != 0) {
        st = sgn_fail(err, SGN_INVALID,
                      "the bytes have the SHA-256 %s, not the one this upload was begun with (%s); "
                      "put them again",
                      hash, is->sha256);
        sgn_error_add(err, "sha256", json_string(hash));
    }
    return st;
}

/* Bytes, then their new name, then the folder that holds it: in this order, nothing is named
 * that a power cut could take away. */
static enum sgn_status
move_under_hash(struct lane_blobs *blobs, int fd, const struct lane_upload *is,
                struct sgn_error *err)
{
    char from[BLOB_NAME_MAX], to[BLOB_NAME_MAX], folder[3] = { is->sha256[0], is->sha256[1] };
    int dir = -1;
    enum sgn_status st = SGN_OK;

    if (fchmod(fd, 0400) != 0 || fsync(fd) != 0)
        return blob_fail("upload", is->id, err);
    st = blob_folder(blobs->dir, folder, true, &dir, err);
    if (st != SGN_OK)
        return st;
    blob_upload_name(is->id, "", from);
    if (renameat(blobs->incoming, from, blobs->dir, blob_name(is->sha256, to)) != 0 ||
        fsync(dir) != 0)
        st = blob_fail("upload", is->id, err);
    (void)close(dir);
    return st;
}

static enum sgn_status
settle(struct lane_blobs *blobs, const struct lane_upload *is, struct sgn_error *err)
{
    char name[BLOB_NAME_MAX];
    int fd = openat(blobs->incoming, blob_upload_name(is->id, "", name),
                    O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    enum sgn_status st;

    /* A crash came after the move: what lies under the hash was checked before. */
    if (fd < 0 && errno == ENOENT)
        return lane_blobs_check(blobs, is->sha256, is->size, err);
    if (fd < 0)
        return blob_fail("upload", is->id, err);
    st = check_whole(fd, is, err);
    if (st == SGN_OK)
        st = move_under_hash(blobs, fd, is, err);
    (void)close(fd);
    return st;
}

enum sgn_status
lane_blobs_settle(struct lane_blobs *blobs, const struct lane_upload *whose, struct sgn_error *err)
{
    struct lane_upload is;
    bool settled = false;
    enum sgn_status st = take(blobs, whose, &is, &settled, err);

    if (st != SGN_OK)
        return st;
    if (!settled)
        st = settle(blobs, &is, err);
    give_back(blobs, is.id, st == SGN_OK, 0);
    return st;
}
