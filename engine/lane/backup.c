/* SPDX-License-Identifier: Apache-2.0 */
/* Backups, see backup.h. */
#include "backup.h"
#include "blobs.h"
#include "hash.h"
#include "json.h"
#include "lane_internal.h"
#include "store_disk.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SETTING    "backup" /* {"at"}: the last one that was kept */
#define ID_TEXT    33
#define ROWS       500
#define SLICE_MS   20
#define HASH_PIECE (256 * 1024)

/* One that is there to be read. */
struct kept {
    char id[ID_TEXT];
    int fd; /* of the copy */
    int64_t size, at;
    int64_t asked_at; /* monotonic */
    json_t *files;    /* [{"sha256", "size"}] */
    json_t *known;    /* {sha256: true} */
};

struct lane_backups {
    pthread_mutex_t lock;
    bool making;
    struct kept *kept; /* NULL: none */
    _Atomic int64_t last;
    int64_t began_at;
};

static void
kept_free(struct kept *kept)
{
    if (kept == NULL)
        return;
    if (kept->fd >= 0)
        (void)close(kept->fd);
    json_decref(kept->files);
    json_decref(kept->known);
    free(kept);
}

struct lane_backups *
lane_backups_new(struct store_reader *reader, int64_t now)
{
    struct lane_backups *backups = calloc(1, sizeof *backups);
    json_t *key = json_pack("{s:s}", "name", SETTING), *row = NULL;

    if (backups != NULL) {
        pthread_mutex_init(&backups->lock, NULL);
        backups->began_at = now;
        if (key != NULL && store_row_get(reader, STORE_SETTING, "", key, &row, NULL) == SGN_OK)
            backups->last = sgn_json_int(json_object_get(row, "value"), "at", 0);
    }
    json_decref(row);
    json_decref(key);
    return backups;
}

void
lane_backups_free(struct lane_backups *backups)
{
    if (backups == NULL)
        return;
    kept_free(backups->kept);
    pthread_mutex_destroy(&backups->lock);
    free(backups);
}

static bool
is_still(const struct kept *kept)
{
    return sgn_monotonic_ms() - kept->asked_at >= LANE_BACKUP_STILL_MS;
}

/* One that nobody asks for holds nothing up. */
bool
lane_backups_busy(struct lane_backups *backups)
{
    bool busy;

    pthread_mutex_lock(&backups->lock);
    if (backups->kept != NULL && is_still(backups->kept)) {
        kept_free(backups->kept);
        backups->kept = NULL;
    }
    busy = backups->making || backups->kept != NULL;
    pthread_mutex_unlock(&backups->lock);
    return busy;
}

void
lane_keeping(struct lane *lane, struct lane_keeping *out)
{
    struct store_room room;
    bool known = store_room(lane->options.store, &room);
    int64_t files = lane->options.files != NULL ? store_disk_free(lane->options.files) : INT64_MAX;

    *out = (struct lane_keeping){
        .disk_free = files != INT64_MAX ? files
                     : known            ? room.disk_free
                                        : -1,
        .log_bytes = known ? room.log_bytes : -1,
        .queue = lane_flows_length(lane->inbox, NULL),
        .queue_most = lane->options.limits.queue_jobs,
        .backups = known,
        .is_virtual = lane->options.clock->is_virtual,
        .now = sgn_clock_now(lane->options.clock),
        .began_at = lane->backups->began_at,
        .backup_at = lane->backups->last,
    };
}

/* ---- begin ---- */

enum phase {
    LISTING, /* attached files */
    COPYING,
    HASHING
};

struct begin {
    struct lane_backups *backups;
    enum phase phase;
    struct store_copy *copy;
    struct kept *made;
    json_t *heads, *teams;
    size_t team; /* that is being listed */
    json_t *after;
    int64_t bytes, hashed;
    struct sgn_sha256 hash;
};

static void
begin_free(void *work)
{
    struct begin *begin = work;

    store_copy_free(begin->copy);
    kept_free(begin->made);
    json_decref(begin->heads);
    json_decref(begin->teams);
    json_decref(begin->after);
    pthread_mutex_lock(&begin->backups->lock);
    begin->backups->making = false;
    pthread_mutex_unlock(&begin->backups->lock);
    free(begin);
}

/* One at a time: each takes as much of the disk as the database does. */
static enum sgn_status
take_turn(struct lane_backups *backups, struct sgn_error *err)
{
    char id[ID_TEXT] = "";
    bool making;

    pthread_mutex_lock(&backups->lock);
    if (backups->kept != NULL && is_still(backups->kept)) {
        kept_free(backups->kept);
        backups->kept = NULL;
    }
    making = backups->making;
    if (backups->kept != NULL)
        memcpy(id, backups->kept->id, sizeof id);
    if (!making && id[0] == '\0')
        backups->making = true;
    pthread_mutex_unlock(&backups->lock);
    if (making)
        return sgn_fail(err, SGN_CONFLICT, "another backup is being made: wait until it is done");
    if (id[0] == '\0')
        return SGN_OK;
    sgn_fail(err, SGN_CONFLICT,
             "another backup is being fetched; end it with admin.backup.end, or wait: ten minutes "
             "after it was last asked for it gives way");
    sgn_error_add(err, "backup", json_string(id));
    return SGN_CONFLICT;
}

/* The heads are read before the copy begins and the files after it: so the copy has all that the
 * heads say, and all files that the copy's rows name are listed. */
static enum sgn_status
begin_new(struct store_reader *reader, struct lane *lane, struct lane_job *job,
          struct sgn_error *err)
{
    struct begin *begin;
    unsigned char bits[(ID_TEXT - 1) / 2];
    enum sgn_status st = take_turn(lane->backups, err);

    if (st != SGN_OK)
        return st;
    begin = calloc(1, sizeof *begin);
    if (begin == NULL) {
        lane->backups->making = false;
        return sgn_nomem(err);
    }
    begin->backups = lane->backups;
    job->work = begin;
    job->work_free = begin_free;
    begin->made = calloc(1, sizeof *begin->made);
    if (begin->made == NULL)
        return sgn_nomem(err);
    begin->made->fd = -1;
    begin->made->files = json_array();
    begin->made->known = json_object();
    begin->made->at = sgn_clock_now(lane->options.clock);
    sgn_random(bits, sizeof bits);
    sgn_hex(bits, sizeof bits, begin->made->id);
    sgn_sha256_init(&begin->hash);
    st = lane_heads(reader, lane->options.site_key, &begin->heads, err);
    if (st == SGN_OK)
        st = store_teams(reader, &begin->teams, err);
    if (st == SGN_OK)
        st = store_copy_begin(reader, &begin->copy, err);
    return st;
}

static enum sgn_status
add_files(struct begin *begin, const json_t *rows, struct sgn_error *err)
{
    const json_t *row;
    size_t i;

    json_array_foreach((json_t *)(uintptr_t)rows, i, row) {
        const char *sha256 = sgn_json_str(row, "sha256");
        int64_t size = sgn_json_int(row, "size", 0);

        if (sha256 == NULL || json_object_get(begin->made->known, sha256) != NULL)
            continue;
        if (json_object_set_new(begin->made->known, sha256, json_true()) != 0 ||
            json_array_append_new(begin->made->files, json_pack("{s:s, s:I}", "sha256", sha256,
                                                                "size", (json_int_t)size)) != 0)
            return sgn_nomem(err);
        begin->bytes += size;
    }
    return SGN_OK;
}

/* A page of a team's files. */
static enum sgn_status
list_slice(struct store_reader *reader, struct begin *begin, struct sgn_error *err)
{
    const char *team = json_string_value(json_array_get(begin->teams, begin->team));
    json_t *rows = NULL;
    size_t n;
    enum sgn_status st;

    if (team == NULL) {
        begin->phase = COPYING;
        return SGN_NEEDS;
    }
    st = store_row_list(reader, STORE_FILE, team, NULL, begin->after, ROWS, &rows, err);
    n = json_array_size(rows);
    if (st == SGN_OK)
        st = add_files(begin, rows, err);
    json_decref(begin->after);
    begin->after = NULL;
    if (n == ROWS)
        begin->after =
            json_pack("{s:O}", "file", json_object_get(json_array_get(rows, n - 1), "file"));
    else
        begin->team++;
    json_decref(rows);
    return st == SGN_OK ? SGN_NEEDS : st;
}

static enum sgn_status
copy_slice(struct begin *begin, struct sgn_error *err)
{
    struct stat about;
    enum sgn_status st = store_copy_step(begin->copy, err);

    if (st != SGN_OK)
        return st;
    begin->made->fd = store_copy_take(begin->copy);
    if (fstat(begin->made->fd, &about) != 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "the copy cannot be made: %s", strerror(errno));
    begin->made->size = (int64_t)about.st_size;
    begin->phase = HASHING;
    return SGN_NEEDS;
}

static enum sgn_status
hash_slice(struct begin *begin, struct sgn_error *err)
{
    int64_t began = sgn_monotonic_ms();
    char *bytes = malloc(HASH_PIECE);
    enum sgn_status st = bytes != NULL ? SGN_OK : sgn_nomem(err);

    while (st == SGN_OK && begin->hashed < begin->made->size &&
           sgn_monotonic_ms() - began < SLICE_MS) {
        ssize_t n = pread(begin->made->fd, bytes, HASH_PIECE, (off_t)begin->hashed);

        if (n <= 0)
            st = sgn_fail(err, SGN_UNAVAILABLE, "the copy cannot be read: %s",
                          n < 0 ? strerror(errno) : "its end is missing");
        else
            sgn_sha256_add(&begin->hash, bytes, (size_t)n);
        begin->hashed += n > 0 ? (int64_t)n : 0;
    }
    free(bytes);
    return st == SGN_OK && begin->hashed < begin->made->size ? SGN_NEEDS : st;
}

/* From now on it is there to be read. */
static enum sgn_status
begin_done(struct lane *lane, struct begin *begin, struct lane_job *job, struct sgn_error *err)
{
    struct kept *made = begin->made;
    char hash[SGN_HASH_HEX];

    sgn_sha256_end(&begin->hash, hash);
    job->result =
        json_pack("{s:s, s:I, s:{s:I, s:s}, s:I, s:I, s:O, s:i}", "backup", made->id, "at",
                  (json_int_t)made->at, "database", "size", (json_int_t)made->size, "sha256", hash,
                  "files", (json_int_t)json_array_size(made->files), "file_bytes",
                  (json_int_t)begin->bytes, "heads", begin->heads, "piece", LANE_FILE_PIECE);
    if (job->result == NULL)
        return sgn_nomem(err);
    made->asked_at = sgn_monotonic_ms();
    begin->made = NULL;
    pthread_mutex_lock(&lane->backups->lock);
    lane->backups->kept = made;
    pthread_mutex_unlock(&lane->backups->lock);
    return SGN_OK;
}

enum sgn_status
lane_backup_begin(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                  struct sgn_error *err)
{
    struct begin *begin = job->work;
    enum sgn_status st = SGN_OK;

    if (begin == NULL) {
        st = begin_new(reader, lane, job, err);
        return st == SGN_OK ? SGN_NEEDS : st;
    }
    switch (begin->phase) {
    case LISTING:
        return list_slice(reader, begin, err);
    case COPYING:
        return copy_slice(begin, err);
    default:
        st = hash_slice(begin, err);
        return st == SGN_OK ? begin_done(lane, begin, job, err) : st;
    }
}

/* ---- what is asked of it ---- */

static enum sgn_status
unknown(const char *id, struct sgn_error *err)
{
    sgn_fail(err, SGN_NOT_FOUND,
             "there is no backup '%.40s': it has ended, or nobody asked for it for ten minutes",
             id != NULL ? id : "");
    sgn_error_add(err, "pointer", json_string("/backup"));
    return SGN_NOT_FOUND;
}

/* The one of this name, under the lock; NULL: it is gone, and let go of. */
static struct kept *
find_locked(struct lane_backups *backups, const char *id)
{
    struct kept *kept;

    pthread_mutex_lock(&backups->lock);
    kept = backups->kept;
    if (kept != NULL && id != NULL && strcmp(kept->id, id) == 0) {
        kept->asked_at = sgn_monotonic_ms();
        return kept;
    }
    pthread_mutex_unlock(&backups->lock);
    return NULL;
}

enum sgn_status
lane_backup_files(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                  struct sgn_error *err)
{
    const char *id = sgn_json_str(job->params, "backup");
    size_t from = (size_t)sgn_json_int(job->params, "from", 0), n;
    struct kept *kept = find_locked(lane->backups, id);
    json_t *items = json_array();

    (void)reader;
    if (kept == NULL) {
        json_decref(items);
        return unknown(id, err);
    }
    n = json_array_size(kept->files);
    for (size_t i = from; i < n && i < from + LANE_BACKUP_FILES; i++)
        (void)json_array_append(items, json_array_get(kept->files, i));
    pthread_mutex_unlock(&lane->backups->lock);
    job->result = json_pack("{s:o, s:o}", "items", items, "next",
                            from < n && from + LANE_BACKUP_FILES < n
                                ? json_integer((json_int_t)from + LANE_BACKUP_FILES)
                                : json_null());
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

/* Bytes of the copy by a descriptor of our own: whoever ends it meanwhile closes his. */
static enum sgn_status
read_copy(int fd, int64_t offset, void *bytes, size_t *n, struct sgn_error *err)
{
    ssize_t got = pread(fd, bytes, LANE_FILE_PIECE, (off_t)offset);

    if (got < 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "the copy cannot be read: %s", strerror(errno));
    *n = (size_t)got;
    return SGN_OK;
}

static enum sgn_status
give_piece(struct lane_job *job, const void *bytes, size_t n, struct sgn_error *err)
{
    char *text = malloc(SGN_BASE64_TEXT(LANE_FILE_PIECE));

    if (text == NULL)
        return sgn_nomem(err);
    sgn_base64(bytes, n, text);
    job->result = json_pack("{s:s}", "data", text);
    free(text);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
lane_backup_read(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                 struct sgn_error *err)
{
    const char *id = sgn_json_str(job->params, "backup"), *file = sgn_json_str(job->params, "file");
    int64_t offset = sgn_json_int(job->params, "offset", 0);
    struct kept *kept = find_locked(lane->backups, id);
    bool known = kept != NULL && (file == NULL || json_object_get(kept->known, file) != NULL);
    int fd = known && file == NULL ? dup(kept->fd) : -1;
    char *bytes = malloc(LANE_FILE_PIECE);
    size_t n = 0;
    enum sgn_status st = SGN_OK;

    (void)reader;
    if (kept != NULL)
        pthread_mutex_unlock(&lane->backups->lock);
    if (kept == NULL)
        st = unknown(id, err);
    else if (!known || (file != NULL && lane->blobs == NULL))
        st = sgn_fail(err, SGN_NOT_FOUND, "the backup has no file '%.64s'", file);
    else if (bytes == NULL || (file == NULL && fd < 0))
        st = sgn_nomem(err);
    else if (file == NULL)
        st = read_copy(fd, offset, bytes, &n, err);
    else
        st = lane_blobs_read(lane->blobs, file, offset, bytes, LANE_FILE_PIECE, &n, err);
    if (st == SGN_OK)
        st = give_piece(job, bytes, n, err);
    if (fd >= 0)
        (void)close(fd);
    free(bytes);
    return st;
}

enum sgn_status
lane_backup_end(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    struct lane_backups *backups = run->lane->backups;
    const char *id = sgn_json_str(job->params, "backup");
    bool was_kept = sgn_json_true(job->params, "kept");
    struct kept *kept = find_locked(backups, id);
    int64_t at;
    json_t *row;
    enum sgn_status st = SGN_OK;

    if (kept == NULL)
        return unknown(id, err);
    at = kept->at;
    kept_free(kept);
    backups->kept = NULL;
    pthread_mutex_unlock(&backups->lock);
    if (was_kept) {
        row = json_pack("{s:s, s:{s:I}}", "name", SETTING, "value", "at", (json_int_t)at);
        st = row != NULL ? lane_row_put(run, STORE_SETTING, row, err) : sgn_nomem(err);
        json_decref(row);
    }
    if (st == SGN_OK && was_kept)
        backups->last = at;
    if (st == SGN_OK) {
        job->result = json_pack("{s:b}", "kept", (int)was_kept);
        st = job->result != NULL ? SGN_OK : sgn_nomem(err);
    }
    return st;
}
