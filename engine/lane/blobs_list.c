/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of uploads, and what is kept of it on disk: beside the bytes of an upload a small
 * JSON text says what they shall become, so that a restart goes on where the client was.
 */
#include "blobs_internal.h"
#include "json.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENDING   ".json"
#define KEPT_MAX 8192

struct blob_upload *
blob_find_id(struct lane_blobs *blobs, const char *id)
{
    for (struct blob_upload *u = blobs->uploads; u != NULL; u = u->next)
        if (strcmp(u->is.id, id) == 0)
            return u;
    return NULL;
}

struct blob_upload *
blob_find(struct lane_blobs *blobs, const struct lane_upload *whose)
{
    struct blob_upload *u = blob_find_id(blobs, whose->id);

    return u != NULL && strcmp(u->is.team, whose->team) == 0 &&
                   strcmp(u->is.person, whose->person) == 0
               ? u
               : NULL;
}

struct blob_upload *
blob_add(struct lane_blobs *blobs, const struct lane_upload *upload)
{
    struct blob_upload *u = calloc(1, sizeof *u);

    if (u == NULL)
        return NULL;
    u->is = *upload;
    u->grown = upload->at;
    u->next = blobs->uploads;
    blobs->uploads = u;
    return u;
}

void
blob_remove(struct lane_blobs *blobs, struct blob_upload *upload)
{
    struct blob_upload **link = &blobs->uploads;
    char name[BLOB_NAME_MAX];

    while (*link != upload)
        link = &(*link)->next;
    *link = upload->next;
    /* The description first: bytes without one are removed by the next start. */
    (void)unlinkat(blobs->incoming, blob_upload_name(upload->is.id, ENDING, name), 0);
    (void)unlinkat(blobs->incoming, blob_upload_name(upload->is.id, "", name), 0);
    free(upload);
}

enum sgn_status
blob_keep(struct lane_blobs *blobs, const struct lane_upload *upload, struct sgn_error *err)
{
    char name[BLOB_NAME_MAX], beside[BLOB_NAME_MAX];
    json_t *kept =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I}", "team", upload->team, "person",
                  upload->person, "name", upload->name, "type", upload->type, "sha256",
                  upload->sha256, "size", (json_int_t)upload->size, "at", (json_int_t)upload->at);
    char *text = kept != NULL ? sgn_json_text(kept) : NULL;
    enum sgn_status st = SGN_OK;
    int fd;

    json_decref(kept);
    if (text == NULL)
        return sgn_nomem(err);
    blob_upload_name(upload->id, ".new", beside);
    blob_upload_name(upload->id, ENDING, name);
    fd = openat(blobs->incoming, beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                0600);
    if (fd < 0)
        st = blob_fail("upload", beside, err);
    if (st == SGN_OK)
        st = blob_write(fd, text, strlen(text), 0, err);
    if (fd >= 0)
        (void)close(fd);
    if (st == SGN_OK && renameat(blobs->incoming, beside, blobs->incoming, name) != 0)
        st = blob_fail("upload", name, err);
    if (st != SGN_OK)
        (void)unlinkat(blobs->incoming, beside, 0);
    free(text);
    return st;
}

/* A member into a fixed text; false unless it is a string that fits and says something. */
static bool
text_of(const json_t *kept, const char *member, char *out, size_t size)
{
    const char *text = sgn_json_str(kept, member);
    size_t n = text != NULL ? strlen(text) : 0;

    if (n == 0 || n >= size)
        return false;
    memcpy(out, text, n + 1);
    return true;
}

static bool
kept_read(struct lane_blobs *blobs, const char *name, struct lane_upload *out)
{
    char text[KEPT_MAX];
    json_t *kept = NULL;
    size_t n = 0;
    int fd = openat(blobs->incoming, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool good = fd >= 0 && blob_read(fd, 0, text, sizeof text, &n, NULL) == SGN_OK &&
                sgn_json_parse(text, n, &kept, NULL) == SGN_OK;

    if (fd >= 0)
        (void)close(fd);
    good = good && text_of(kept, "team", out->team, sizeof out->team) &&
           text_of(kept, "person", out->person, sizeof out->person) &&
           text_of(kept, "name", out->name, sizeof out->name) &&
           text_of(kept, "type", out->type, sizeof out->type) &&
           text_of(kept, "sha256", out->sha256, sizeof out->sha256) && lane_hash_valid(out->sha256);
    out->size = sgn_json_int(kept, "size", -1);
    out->at = sgn_json_int(kept, "at", 0);
    json_decref(kept);
    return good && out->size >= 0;
}

/* One that was settled before the crash has its bytes under their hash already. */
static bool
has_bytes(struct lane_blobs *blobs, const struct lane_upload *upload)
{
    char name[BLOB_NAME_MAX];

    return blob_size(blobs->incoming, blob_upload_name(upload->id, "", name)) >= 0 ||
           blob_size(blobs->dir, blob_name(upload->sha256, name)) == upload->size;
}

/* What a name in the folder says: an upload that is taken up, bytes of one, or a remainder. */
static enum sgn_status
take_up(struct lane_blobs *blobs, const char *name, struct sgn_error *err)
{
    struct lane_upload upload = { 0 };
    struct blob_upload *u;
    size_t n = strlen(name);

    if (n != LANE_UPLOAD_ID - 1 + sizeof(ENDING) - 1 ||
        strcmp(name + LANE_UPLOAD_ID - 1, ENDING) != 0)
        return SGN_OK;
    memcpy(upload.id, name, LANE_UPLOAD_ID - 1);
    if (!lane_upload_id_valid(upload.id))
        return SGN_OK;
    if (!kept_read(blobs, name, &upload) || !has_bytes(blobs, &upload)) {
        (void)unlinkat(blobs->incoming, name, 0);
        return SGN_OK;
    }
    u = blob_add(blobs, &upload);
    if (u == NULL)
        return sgn_nomem(err);
    /* Its row may have been committed just before the end: whoever knows is asked to look. */
    u->named = true;
    blobs->n_named++;
    return SGN_OK;
}

/* Bytes without a description belong to nobody. */
static bool
is_remainder(struct lane_blobs *blobs, const char *name)
{
    char id[LANE_UPLOAD_ID];
    size_t n = strlen(name);

    if (n < sizeof id - 1)
        return false;
    memcpy(id, name, sizeof id - 1);
    id[sizeof id - 1] = '\0';
    if (!lane_upload_id_valid(id))
        return false;
    return strcmp(name + sizeof id - 1, ".new") == 0 ||
           (n == sizeof id - 1 && blob_find_id(blobs, id) == NULL);
}

enum sgn_status
blob_take_up(struct lane_blobs *blobs, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int pass = 0; st == SGN_OK && pass < 2; pass++) {
        int fd = openat(blobs->incoming, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
        struct dirent *entry;

        if (dir == NULL) {
            st = blob_fail("folder", BLOB_INCOMING, err);
            if (fd >= 0)
                (void)close(fd);
            break;
        }
        while (st == SGN_OK && (entry = readdir(dir)) != NULL) {
            if (pass == 0)
                st = take_up(blobs, entry->d_name, err);
            else if (is_remainder(blobs, entry->d_name))
                (void)unlinkat(blobs->incoming, entry->d_name, 0);
        }
        (void)closedir(dir);
    }
    return st;
}
