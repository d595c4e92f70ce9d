/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of files, in a folder of their own:
 *
 *   ab/ab34...         bytes, under the 64 hex digits of their SHA-256
 *   incoming/ID        bytes of an upload so far
 *   incoming/ID.json   what it shall become: its struct lane_upload
 *
 * The same bytes lie here once, however often they were uploaded. An upload outlives a restart;
 * what it holds is promised by nobody before lane_blobs_settle() has returned SGN_OK: then its
 * bytes are checked, synced, and lie under their hash, folders synced too.
 *
 * No path is ever built of what a client sent: uploads are named by 32 hex digits of ours,
 * bytes by the digits of a hash, both checked, below one descriptor of the folder.
 *
 * Threads: any; the list of uploads is guarded by a lock. One call at a time works on an upload,
 * another one is SGN_OVERLOADED. Knows no store: who still needs bytes is asked of the caller.
 */
#ifndef LANE_BLOBS_H
#define LANE_BLOBS_H

#include "clock.h"
#include "hash.h"
#include "status.h"
#include "text.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LANE_UPLOAD_ID       33  /* 32 hex digits and NUL */
#define LANE_FILE_NAME_MAX   255 /* bytes of a name that is shown */
#define LANE_MEDIA_TYPE_MAX  127
#define LANE_UPLOADS_MAX     32                   /* of one person at a time */
#define LANE_UPLOAD_STILL_MS (10 * SGN_MINUTE_MS) /* without a byte: gives way to another one */
#define LANE_BLOB_FOLDERS    256

struct lane_blobs;

struct lane_upload {
    char id[LANE_UPLOAD_ID];
    char team[SGN_KEY_MAX + 1], person[SGN_KEY_MAX + 1];
    char name[LANE_FILE_NAME_MAX + 1], type[LANE_MEDIA_TYPE_MAX + 1];
    char sha256[SGN_HASH_HEX]; /* of the whole, as the uploader said it */
    int64_t size, at;          /* likewise; business time when it began, of a call: now */
};

/*
 * Makes the folder when it is missing, takes up the uploads it holds, drops remains of a crash.
 * reserve: room on the disk below which no upload may write. node: others use the folder, too, each
 * by a name of its own, under which its uploads lie; what came less than a day ago may be theirs,
 * and no sweep removes it. NULL: nobody else uses it.
 */
enum sgn_status lane_blobs_open(const char *dir, int64_t reserve, const char *node,
                                struct lane_blobs **out, struct sgn_error *err) SGN_MUST_CHECK;
/* For reading alone: SGN_NOT_FOUND when there is no such folder; nothing is changed. */
enum sgn_status lane_blobs_open_read(const char *dir, struct lane_blobs **out,
                                     struct sgn_error *err) SGN_MUST_CHECK;
void lane_blobs_free(struct lane_blobs *blobs);

/* ---- uploads ---- */

/*
 * Begins an upload whose id is given. One of this id with the same content goes on: *held is how
 * much is there; with other content it is SGN_CONFLICT. SGN_TOO_LARGE when the team's uploads
 * under way and this one are more than room; SGN_OVERLOADED when the person has too many. Before
 * either, uploads that have not grown for LANE_UPLOAD_STILL_MS are dropped, the stillest first, as
 * many as it takes: who announced much and sent nothing, or went away in the middle, holds up
 * nobody.
 */
enum sgn_status lane_blobs_begin(struct lane_blobs *blobs, const struct lane_upload *upload,
                                 int64_t room, int64_t *held, struct sgn_error *err) SGN_MUST_CHECK;
/*
 * Writes n bytes at offset, which may lie anywhere in what is there or just behind it; beyond it is
 * SGN_CONFLICT, with data.offset. *held is how much is there then. SGN_NOT_FOUND: no such
 * upload, or another's.
 */
enum sgn_status lane_blobs_put(struct lane_blobs *blobs, const struct lane_upload *whose,
                               int64_t offset, const void *bytes, size_t n, int64_t *held,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* The upload is complete: checked against size and hash (SGN_INVALID, and it stays as it is),
 * synced, put under its hash. Repeatable, also after a crash. */
enum sgn_status lane_blobs_settle(struct lane_blobs *blobs, const struct lane_upload *whose,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* An upload that was settled; false: there is none of this id, team and person. */
bool lane_blobs_settled(struct lane_blobs *blobs, const struct lane_upload *whose,
                        struct lane_upload *out);
/* Its row is staged. Until lane_blobs_drop() its bytes are kept for it, come what may. */
void lane_blobs_named(struct lane_blobs *blobs, const char *id);
/* Any upload whose row was staged, or may have been before a restart, taken off that list;
 * false: none. */
bool lane_blobs_next_named(struct lane_blobs *blobs, struct lane_upload *out);
/* The upload is over: its row is committed. */
void lane_blobs_drop(struct lane_blobs *blobs, const char *id);

/* ---- bytes ---- */

/* Up to max bytes from offset: *n. SGN_NOT_FOUND: no such bytes. */
enum sgn_status lane_blobs_read(const struct lane_blobs *blobs, const char *sha256, int64_t offset,
                                void *out, size_t max, size_t *n,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* Are they there, of this size, and what their name says? SGN_INVALID says what is wrong. */
enum sgn_status lane_blobs_check(const struct lane_blobs *blobs, const char *sha256, int64_t size,
                                 struct sgn_error *err) SGN_MUST_CHECK;

/* ---- keeping ---- */

/* Drops uploads that began before this time and were not settled into a row. Returns how many. */
int lane_blobs_expire(struct lane_blobs *blobs, int64_t before);
/* Does anybody need these bytes? Called under the lock, so that no upload comes between. */
typedef enum sgn_status (*lane_blob_needed_fn)(void *ctx, const char *sha256, bool *needed,
                                               struct sgn_error *err);
/* Removes the bytes of one folder (0 to LANE_BLOB_FOLDERS-1) that neither an upload nor anybody
 * else needs. */
enum sgn_status lane_blobs_sweep(struct lane_blobs *blobs, int folder, lane_blob_needed_fn needed,
                                 void *ctx, int *removed, struct sgn_error *err) SGN_MUST_CHECK;

/* ---- file_name.c ---- */

/* A name as it may be shown and saved under: what follows the last separator, without control
 * characters and marks that turn the direction of writing; "file" when nothing is left. */
void lane_file_name(const char *said, char out[LANE_FILE_NAME_MAX + 1]);
/* "application/pdf": type and subtype by RFC 6838 section 4.2, lower case, no parameters. */
bool lane_media_type_valid(const char *text);
bool lane_hash_valid(const char *text); /* 64 lower-case hex digits */
bool lane_upload_id_valid(const char *text);

#endif
