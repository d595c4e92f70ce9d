/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folder of a store on disk. Nothing here knows what lies in it.
 *
 * Never follows what a client sent: folders come from the operator's settings.
 */
#include "store_disk.h"

#include "file.h"
#include "text.h"
#include "thread.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Numbers of statfs(2); FUSE is not among them, since it may as well be a local one. */
static const struct {
    unsigned long type;
    const char *name;
} networks[] = {
    { 0x6969, "NFS" },      { 0x517B, "SMB" },      { 0xFF534D42, "SMB (CIFS)" },
    { 0xFE534D42, "SMB2" }, { 0x5346414F, "AFS" },  { 0x73757245, "Coda" },
    { 0x564C, "NCP" },      { 0x00C36400, "Ceph" },
};

const char *
store_disk_network(unsigned long type)
{
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        /* Some systems sign-extend the number. */
        if (networks[i].type == (type & 0xFFFFFFFFul))
            return networks[i].name;
    }
    return NULL;
}

enum sgn_status
store_disk_prepare(const char *dir, struct sgn_error *err)
{
    struct statfs fs;
    struct stat st;
    const char *network;

    /* Histories of clients lie in there: for the server's own user only. */
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return sgn_fail(err, errno == ENOENT || errno == ENOTDIR ? SGN_INVALID : SGN_UNAVAILABLE,
                        "%s: the folder for the data cannot be made: %s", dir, strerror(errno));
    if (sgn_sync_above(dir) != 0 || stat(dir, &st) != 0 || statfs(dir, &fs) != 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", dir, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return sgn_fail(err, SGN_INVALID, "%s: not a folder; the data needs one of its own", dir);
    network = store_disk_network((unsigned long)fs.f_type);
    /* Locks and memory maps of SQLite do not work there, and syncs may come back before the
     * bytes are anywhere: what is acknowledged would not be durable. */
    if (network != NULL)
        return sgn_fail(err, SGN_INVALID,
                        "%s: lies on a network file system (%s), where a database cannot be kept "
                        "safely; choose a local disk with --data",
                        dir, network);
    return SGN_OK;
}

/* Says who holds the folder: the holder writes its process number into the lock. */
static enum sgn_status
in_use(const char *dir, int fd, struct sgn_error *err)
{
    char text[32] = "";
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    long pid = n > 0 ? strtol(text, NULL, 10) : 0;

    if (pid > 0)
        return sgn_fail(err, SGN_CONFLICT,
                        "%s: in use by another server (process %ld); stop it first, or choose "
                        "another folder with --data",
                        dir, pid);
    return sgn_fail(err, SGN_CONFLICT, "%s: in use by another server", dir);
}

/* An flock, not a file that says "in use": it goes with the process, also when that is killed. */
enum sgn_status
store_disk_lock(const char *dir, int *out_fd, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    char pid[32];
    int n = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    char *path = sgn_format("%s/lock", dir);
    int fd = -1;

    if (path == NULL)
        return sgn_nomem(err);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        st = sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", path, strerror(errno));
        goto out;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        st = errno == EWOULDBLOCK ? in_use(dir, fd, err)
                                  : sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", path, strerror(errno));
        goto out;
    }
    /* The number only serves the message above, so a full disk is no reason to fail. */
    if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, (size_t)n, 0) != n)
        errno = 0;
    *out_fd = fd;
    fd = -1;
out:
    if (fd >= 0)
        (void)close(fd);
    free(path);
    return st;
}

/* A disk that cannot be asked counts as one with room: the write itself says what is wrong. */
int64_t
store_disk_free(const char *dir)
{
    struct statvfs fs;

    if (statvfs(dir, &fs) != 0)
        return INT64_MAX;
    return (int64_t)((uint64_t)fs.f_bavail * fs.f_frsize);
}

int64_t
store_disk_size(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

/* ---- syncing beside ---- */

struct store_disk_syncer {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct sgn_thread *thread;
    int fd;
    bool asked, ends;
};

static void
syncer_main(void *ctx)
{
    struct store_disk_syncer *syncer = ctx;

    pthread_mutex_lock(&syncer->lock);
    while (!syncer->ends) {
        if (!syncer->asked) {
            pthread_cond_wait(&syncer->changed, &syncer->lock);
            continue;
        }
        syncer->asked = false;
        pthread_mutex_unlock(&syncer->lock);
        /* Each descriptor is told of an error by itself: the next sync of who wrote says it, too.
         */
        (void)fdatasync(syncer->fd);
        pthread_mutex_lock(&syncer->lock);
    }
    pthread_mutex_unlock(&syncer->lock);
}

struct store_disk_syncer *
store_disk_syncer_new(const char *path)
{
    struct store_disk_syncer *syncer = calloc(1, sizeof *syncer);

    if (syncer == NULL)
        return NULL;
    pthread_mutex_init(&syncer->lock, NULL);
    pthread_cond_init(&syncer->changed, NULL);
    syncer->fd = open(path, O_RDWR | O_CLOEXEC);
    if (syncer->fd >= 0)
        syncer->thread = sgn_thread_start("sync", syncer_main, syncer);
    return syncer; /* without a thread it does nothing, and has to be ended as well */
}

void
store_disk_syncer_ask(struct store_disk_syncer *syncer)
{
    if (syncer == NULL || syncer->thread == NULL)
        return;
    pthread_mutex_lock(&syncer->lock);
    syncer->asked = true;
    pthread_cond_signal(&syncer->changed);
    pthread_mutex_unlock(&syncer->lock);
}

void
store_disk_syncer_free(struct store_disk_syncer *syncer)
{
    if (syncer == NULL)
        return;
    pthread_mutex_lock(&syncer->lock);
    syncer->ends = true;
    pthread_cond_signal(&syncer->changed);
    pthread_mutex_unlock(&syncer->lock);
    sgn_thread_join(syncer->thread);
    if (syncer->fd >= 0)
        (void)close(syncer->fd);
    pthread_cond_destroy(&syncer->changed);
    pthread_mutex_destroy(&syncer->lock);
    free(syncer);
}
