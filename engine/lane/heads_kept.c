/* SPDX-License-Identifier: Apache-2.0 */
/* Signed heads in the site's folder, see backup.h. */
#include "backup.h"
#include "file.h"
#include "hash.h"
#include "json.h"
#include "lane_internal.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVERY_MS      SGN_HOUR_MS
#define PATH_MAX_HERE 4200

static void
path_of(const char *site, char out[PATH_MAX_HERE])
{
    snprintf(out, PATH_MAX_HERE, "%s/" LANE_HEADS_FILE, site);
}

enum sgn_status
lane_heads_read(const char *path, json_t **out, struct sgn_error *err)
{
    FILE *file = fopen(path, "re");
    struct sgn_buf text;
    char piece[4096];
    size_t n;
    enum sgn_status st = SGN_OK;

    *out = NULL;
    if (file == NULL)
        return sgn_fail(err, errno == ENOENT ? SGN_NOT_FOUND : SGN_UNAVAILABLE, "%s: %s", path,
                        strerror(errno));
    sgn_buf_init(&text, LANE_HEADS_MAX);
    while (st == SGN_OK && (n = fread(piece, 1, sizeof piece, file)) > 0)
        st = sgn_buf_append(&text, piece, n);
    if (ferror(file) != 0)
        st = sgn_fail(err, SGN_UNAVAILABLE, "%s: it cannot be read", path);
    (void)fclose(file);
    if (st == SGN_OK)
        st = sgn_json_parse(text.bytes, text.len, out, err);
    sgn_buf_deinit(&text);
    if (st == SGN_UNAVAILABLE || (st == SGN_OK && json_is_array(*out)))
        return st;
    json_decref(*out);
    *out = NULL;
    sgn_error_clear(err);
    return sgn_fail(err, SGN_INVALID, "%s: it does not hold signed heads", path);
}

enum sgn_status
lane_heads_of_site(const char *site, json_t **out, struct sgn_error *err)
{
    char path[PATH_MAX_HERE];
    enum sgn_status st;

    path_of(site, path);
    st = lane_heads_read(path, out, err);
    if (st != SGN_NOT_FOUND)
        return st;
    sgn_error_clear(err);
    *out = json_array();
    return *out != NULL ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
lane_verify_signed(struct store_reader *reader, const json_t *heads, const unsigned char *key,
                   const char *team, json_t *found, struct sgn_error *err)
{
    json_t *own = json_array(), *head;
    int64_t seq = 0;
    size_t i;
    enum sgn_status st = own != NULL ? SGN_OK : sgn_nomem(err);

    json_array_foreach((json_t *)(uintptr_t)heads, i, head) {
        const char *of = sgn_json_str(head, "team");

        if (of == NULL || strcmp(of, team) == 0) { /* one that is nobody's is refused below */
            (void)json_array_append(own, head);
            seq = sgn_json_int(head, "seq", 0) > seq ? sgn_json_int(head, "seq", 0) : seq;
        }
    }
    if (st == SGN_OK)
        st = lane_heads_check(reader, own, key, err);
    json_decref(own);
    if (st == SGN_OK && found != NULL)
        (void)json_object_set_new(found, "signed", json_integer((json_int_t)seq));
    return st;
}

static const unsigned char *
public_half(const unsigned char *secret)
{
    return secret + SGN_SIGN_SECRET - SGN_SIGN_PUBLIC;
}

enum sgn_status
lane_verify_whole(struct store_reader *reader, const struct lane *lane, const char *team,
                  json_t **out, struct sgn_error *err)
{
    const unsigned char *secret = lane->options.site_key;
    json_t *heads = NULL;
    enum sgn_status st = SGN_OK;

    *out = NULL;
    if (secret != NULL && lane->options.site != NULL) /* first: the history only grows */
        st = lane_heads_of_site(lane->options.site, &heads, err);
    if (st == SGN_OK)
        st = lane_verify(reader, lane_files(lane), team, out, err);
    if (st == SGN_OK && heads != NULL)
        st = lane_verify_signed(reader, heads, public_half(secret), team, *out, err);
    json_decref(heads);
    if (st != SGN_OK) {
        json_decref(*out);
        *out = NULL;
    }
    return st;
}

/* ---- keeping them ---- */

static enum sgn_status
write_heads(const char *site, const json_t *heads, struct sgn_error *err)
{
    char path[PATH_MAX_HERE];
    char *text = json_dumps(heads, JSON_INDENT(1) | JSON_SORT_KEYS);
    enum sgn_status st = text != NULL ? SGN_OK : sgn_nomem(err);

    path_of(site, path);
    if (st == SGN_OK)
        st = sgn_file_put(path, text, strlen(text), 0644, true, err);
    free(text);
    return st;
}

/* What was signed before must still be there: else the proof of it would go with it. */
enum sgn_status
lane_heads_keep(struct store_reader *reader, const struct lane *lane, struct sgn_error *err)
{
    const struct lane_options *options = &lane->options;
    json_t *before = NULL, *now = NULL;
    enum sgn_status st;

    if (options->site_key == NULL || options->site == NULL)
        return SGN_OK;
    st = lane_heads_of_site(options->site, &before, err);
    if (st == SGN_OK)
        st = lane_heads_check(reader, before, public_half(options->site_key), err);
    if (st == SGN_OK)
        st = lane_heads(reader, options->site_key, &now, err);
    if (st == SGN_OK && json_array_size(now) > 0 && !json_equal(before, now))
        st = write_heads(options->site, now, err);
    json_decref(before);
    json_decref(now);
    return st;
}

static void
tell(const struct sgn_error *why)
{
    sgn_log(SGN_LOG_ERROR, "the heads are not signed: signoff verify says more", "why",
            why->message, NULL);
}

void
lane_heads_last(struct lane *lane)
{
    struct sgn_error why = { 0 };

    if (!lane->refused && lane_heads_keep(lane->reader, lane, &why) != SGN_OK)
        tell(&why);
    sgn_error_clear(&why);
}

static enum sgn_status
query_keep(struct store_reader *reader, struct lane *lane, struct lane_job *job,
           struct sgn_error *err)
{
    (void)job;
    return lane_heads_keep(reader, lane, err);
}

static void
keep_done(struct lane_job *job)
{
    if (job->status != SGN_OK && job->status != SGN_UNAVAILABLE) /* stopping: that signs too */
        tell(&job->error);
    lane_job_free(job);
}

void
lane_heads_turn(struct lane *lane)
{
    int64_t now = sgn_clock_now(lane->options.clock);
    struct lane_job *job;

    if (lane->options.site_key == NULL || now < lane->heads_next)
        return;
    lane->heads_next = now + EVERY_MS;
    job = lane_job_new();
    if (job == NULL)
        return;
    job->query = query_keep;
    job->done = keep_done;
    job->ctx = lane;
    if (lane_query(lane, job, NULL) != SGN_OK)
        lane_job_free(job);
}
