/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files about bytes on disk share. From the lowest up: blobs_disk.c (names and
 * descriptors), blobs_list.c (the list of uploads and how it is kept), blobs_upload.c, blobs.c.
 */
#ifndef LANE_BLOBS_INTERNAL_H
#define LANE_BLOBS_INTERNAL_H

#include "blobs.h"
#include <pthread.h>

#define BLOB_INCOMING "incoming"
#define BLOB_NAME_MAX 80 /* bytes of any name below the folder */

struct blob_upload {
    struct blob_upload *next;
    struct lane_upload is;
    int64_t grown; /* business time when it was begun, or more of it came */
    bool busy;     /* a call works on its bytes, without the lock */
    bool settled;  /* its bytes lie under their hash */
    bool named;    /* its row is staged */
};

struct lane_blobs {
    int dir, incoming; /* descriptors; incoming -1 when for reading alone */
    int64_t reserve;
    bool shared;          /* by several nodes */
    pthread_mutex_t lock; /* guards uploads */
    struct blob_upload *uploads;
    _Atomic int n_named; /* uploads whose row was staged: looked at in every turn */
};

/* ---- blobs_disk.c ---- */

/* Fails with what errno says about a name below the folder. */
enum sgn_status blob_fail(const char *what, const char *name, struct sgn_error *err);
/* "ab/ab34..." of a valid hash; "ID" or "ID.json" of a valid id. */
const char *blob_name(const char *sha256, char out[BLOB_NAME_MAX]);
const char *blob_upload_name(const char *id, const char *ending, char out[BLOB_NAME_MAX]);
enum sgn_status blob_write(int fd, const void *bytes, size_t n, int64_t offset,
                           struct sgn_error *err);
/* Up to max bytes; fewer at the end only. */
enum sgn_status blob_read(int fd, int64_t offset, void *out, size_t max, size_t *n,
                          struct sgn_error *err);
/* Size of a file below dir; -1: there is none. */
int64_t blob_size(int dir, const char *name);
enum sgn_status blob_hash(int fd, char out[SGN_HASH_HEX], struct sgn_error *err);
/* Makes the folder when it is missing and opens it. */
enum sgn_status blob_folder(int at, const char *name, bool make, int *fd, struct sgn_error *err);

/* ---- blobs_list.c ---- */

/* The upload of this id, team and person, or NULL. Under the lock. */
struct blob_upload *blob_find(struct lane_blobs *blobs, const struct lane_upload *whose);
struct blob_upload *blob_find_id(struct lane_blobs *blobs, const char *id);
struct blob_upload *blob_add(struct lane_blobs *blobs, const struct lane_upload *upload);
/* Takes it off the list and its files off the disk. Under the lock. */
void blob_remove(struct lane_blobs *blobs, struct blob_upload *upload);
/* Keeps what it shall become beside its bytes. */
enum sgn_status blob_keep(struct lane_blobs *blobs, const struct lane_upload *upload,
                          struct sgn_error *err);
/* Reads the folder of uploads; removes what is none. */
enum sgn_status blob_take_up(struct lane_blobs *blobs, struct sgn_error *err);

#endif
