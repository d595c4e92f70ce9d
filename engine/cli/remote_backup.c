/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "backup": a running site into one file, see backup_file.h. The server gives its data, piece by
 * piece; what lies in the site's folder is taken from there.
 */
#include "archive.h"
#include "backup_file.h"
#include "clock.h"
#include "hash.h"
#include "json.h"
#include "local.h"
#include "remote.h"
#include "say.h"
#include "site.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

#define TELL_MS 200 /* between two lines of progress */

struct making {
    struct cli *cli;
    const char *path, *site; /* site NULL: its folder is not here */
    struct client *client;
    struct archive_out *out;
    json_t *begun; /* what admin.backup answered */
    json_t *files; /* [{"sha256", "size"}] */
    json_t *parts; /* of the manifest */
    size_t n_site; /* the first ones, of the site's folder */
    json_t *elsewhere;
    struct backup_progress progress;
    int64_t done, bytes; /* bytes of members; of the archive */
};

void
backup_tell(struct backup_progress *progress, int64_t done)
{
    const struct cli_output *o = progress->output;
    int64_t now = sgn_monotonic_ms();

    if (o->width == 0 || o->json)
        return;
    if (done < 0) {
        if (progress->told != 0)
            fprintf(o->err, "\r\033[K");
        progress->told = 0;
        return;
    }
    if (progress->told != 0 && now - progress->told < TELL_MS)
        return;
    progress->told = now;
    fprintf(o->err, "\r\033[K%s", sgn_say(o->language, progress->what));
    if (progress->all > 0)
        fprintf(o->err, " %3d %%  %lld / %lld MiB", (int)(done * 100 / progress->all),
                (long long)(done >> 20), (long long)(progress->all >> 20));
    fprintf(o->err, " …");
    fflush(o->err);
}

/* ---- what the server gives ---- */

/* Beside the site it is its operator who asks; else whoever the command line says. */
static enum sgn_status
connect_to(struct making *making, struct sgn_error *err)
{
    const struct cli_args *args = &making->cli->args;

    making->site = cli_site_here(making->cli);
    if (making->site != NULL && !cli_given(args, "as") && !cli_given(args, "operator") &&
        cli_option(args, "token-file") == NULL)
        return local_operator(making->site, &making->client, err);
    return cli_connect(making->cli, &making->client, err);
}

static enum sgn_status
call(struct making *making, const char *method, json_t *params_take, json_t **out,
     struct sgn_error *err)
{
    enum sgn_status st = params_take != NULL
                             ? client_call(making->client, method, params_take, out, err)
                             : sgn_nomem(err);

    json_decref(params_take);
    return st;
}

static enum sgn_status
list_files(struct making *making, struct sgn_error *err)
{
    json_int_t from = 0;
    bool more = true;
    enum sgn_status st = SGN_OK;

    while (st == SGN_OK && more) {
        json_t *page = NULL;
        const json_t *next;

        st = call(making, "admin.backup.files",
                  json_pack("{s:O, s:I}", "backup", json_object_get(making->begun, "backup"),
                            "from", from),
                  &page, err);
        next = json_object_get(page, "next");
        more = json_is_integer(next) && json_integer_value(next) > from;
        from = json_integer_value(next);
        if (st == SGN_OK && json_array_extend(making->files, json_object_get(page, "items")) != 0)
            st = sgn_fail(err, SGN_INTERNAL, "the server listed no files");
        json_decref(page);
    }
    return st;
}

/* ---- the manifest ---- */

static enum sgn_status
add_part(struct making *making, const char *name, const json_t *of, struct sgn_error *err)
{
    const char *sha256 = sgn_json_str(of, "sha256");
    unsigned char hash[SGN_HASH_BYTES];

    if (sha256 == NULL || !sgn_unhex(sha256, hash, sizeof hash) || sgn_json_int(of, "size", -1) < 0)
        return sgn_fail(err, SGN_INTERNAL, "the server told of a file without size and sha256");
    return json_array_append_new(making->parts,
                                 json_pack("{s:s, s:O, s:O, s:i}", "name", name, "size",
                                           json_object_get(of, "size"), "sha256",
                                           json_object_get(of, "sha256"), "mode", 0600)) == 0
               ? SGN_OK
               : sgn_nomem(err);
}

static enum sgn_status
gather(struct making *making, struct sgn_error *err)
{
    const json_t *file;
    size_t i;
    char name[ARCHIVE_NAME + 1];
    enum sgn_status st = SGN_OK;

    if (making->site != NULL)
        st = backup_site_parts(making->site, making->parts, err);
    if (st == SGN_OK && making->site != NULL)
        st = backup_site_elsewhere(making->site, &making->elsewhere, err);
    making->n_site = json_array_size(making->parts);
    if (st == SGN_OK)
        st = add_part(making, BACKUP_DATABASE, json_object_get(making->begun, "database"), err);
    json_array_foreach(making->files, i, file) {
        const char *sha256 = sgn_json_str(file, "sha256");

        backup_file_name(sha256 != NULL ? sha256 : "", name, sizeof name);
        if (st == SGN_OK)
            st = add_part(making, name, file, err);
    }
    json_array_foreach(making->parts, i, file)
        making->progress.all += sgn_json_int(file, "size", 0);
    return st;
}

/* Beside another site's folder a backup would hold the wrong key. */
static enum sgn_status
expect_key(const struct making *making, const json_t *info, struct sgn_error *err)
{
    unsigned char secret[SGN_SIGN_SECRET], pub[SGN_SIGN_PUBLIC];
    char hex[2 * SGN_SIGN_PUBLIC + 1];
    const char *said = sgn_json_str(info, "public_key");
    enum sgn_status st;

    if (making->site == NULL)
        return SGN_OK;
    st = site_key(making->site, secret, pub, err);
    sgn_hex(pub, sizeof pub, hex);
    if (st == SGN_OK && (said == NULL || strcmp(said, hex) != 0))
        st = sgn_fail(err, SGN_CONFLICT,
                      "%s/" SITE_KEY " is not the key of the site that the server serves: that is "
                      "another site's folder",
                      making->site);
    return st;
}

static enum sgn_status
put_manifest(struct making *making, struct sgn_error *err)
{
    json_t *info = NULL, *manifest = NULL;
    char *text = NULL;
    enum sgn_status st = client_call(making->client, "server.info", NULL, &info, err);

    if (st == SGN_OK)
        st = expect_key(making, info, err);
    if (st == SGN_OK) {
        manifest = json_pack("{s:s, s:i, s:I, s:O?, s:O?, s:O?, s:O}", "format", BACKUP_FORMAT, "v",
                             1, "at", (json_int_t)cli_time_ms(json_object_get(making->begun, "at")),
                             "version", json_object_get(info, "version"), "public_key",
                             json_object_get(info, "public_key"), "heads",
                             json_object_get(making->begun, "heads"), "parts", making->parts);
        text = manifest != NULL ? json_dumps(manifest, JSON_INDENT(1)) : NULL;
        st = text != NULL ? SGN_OK : sgn_nomem(err);
    }
    if (st == SGN_OK)
        st = archive_member(making->out, BACKUP_MANIFEST, (int64_t)strlen(text), 0600, err);
    if (st == SGN_OK)
        st = archive_put(making->out, text, strlen(text), err);
    free(text);
    json_decref(manifest);
    json_decref(info);
    return st;
}

/* ---- members ---- */

static enum sgn_status
put_site_file(struct making *making, const json_t *part, struct sgn_error *err)
{
    const char *name = sgn_json_str(part, "name");
    char *path = site_path(making->site, name), *bytes = NULL;
    char hash[SGN_HASH_HEX];
    size_t n = 0;
    enum sgn_status st =
        path != NULL ? site_read(path, SITE_FILE_MAX, &bytes, &n, err) : sgn_nomem(err);

    if (st == SGN_OK) {
        sgn_sha256(bytes, n, hash);
        if (strcmp(hash, sgn_json_str(part, "sha256")) != 0)
            st = sgn_fail(err, SGN_CONFLICT, "%s was changed while the backup was made: once more",
                          path);
    }
    if (st == SGN_OK)
        st = archive_put(making->out, bytes, n, err);
    making->done += (int64_t)n;
    free(bytes);
    free(path);
    return st;
}

static enum sgn_status
put_piece(struct making *making, const char *file, int64_t offset, void *bytes, size_t *n,
          struct sgn_error *err)
{
    json_t *piece = NULL;
    const json_t *data;
    enum sgn_status st =
        call(making, "admin.backup.read",
             json_pack("{s:O, s:s*, s:I}", "backup", json_object_get(making->begun, "backup"),
                       "file", file, "offset", (json_int_t)offset),
             &piece, err);

    data = json_object_get(piece, "data");
    if (st == SGN_OK &&
        !sgn_unbase64(json_string_value(data), json_string_length(data), bytes, BACKUP_PIECE, n))
        st = sgn_fail(err, SGN_INTERNAL, "the server sent something that is no base64");
    json_decref(piece);
    return st;
}

/* file NULL: the database. */
static enum sgn_status
put_of_server(struct making *making, const json_t *part, const char *file, struct sgn_error *err)
{
    int64_t size = sgn_json_int(part, "size", 0);
    char *bytes = malloc(BACKUP_PIECE);
    struct sgn_sha256 hash;
    char hex[SGN_HASH_HEX];
    enum sgn_status st = bytes != NULL ? SGN_OK : sgn_nomem(err);

    sgn_sha256_init(&hash);
    for (int64_t at = 0; st == SGN_OK && at < size;) {
        size_t n = 0;

        st = put_piece(making, file, at, bytes, &n, err);
        if (st == SGN_OK && n == 0)
            st = sgn_fail(err, SGN_INVALID, "%s ends after %lld of %lld bytes on the server",
                          sgn_json_str(part, "name"), (long long)at, (long long)size);
        if (st == SGN_OK)
            st = archive_put(making->out, bytes, n, err);
        sgn_sha256_add(&hash, bytes, st == SGN_OK ? n : 0);
        at += (int64_t)n;
        making->done += (int64_t)n;
        backup_tell(&making->progress, making->done);
    }
    sgn_sha256_end(&hash, hex);
    if (st == SGN_OK && strcmp(hex, sgn_json_str(part, "sha256")) != 0)
        st = sgn_fail(err, SGN_INVALID, "%s is damaged on the server: its SHA-256 is %s",
                      sgn_json_str(part, "name"), hex);
    free(bytes);
    return st;
}

static enum sgn_status
put_all(struct making *making, struct sgn_error *err)
{
    const json_t *part;
    size_t i;
    enum sgn_status st = put_manifest(making, err);

    json_array_foreach(making->parts, i, part) {
        const char *name = sgn_json_str(part, "name");

        if (st == SGN_OK)
            st = archive_member(making->out, name, sgn_json_int(part, "size", 0),
                                (unsigned)sgn_json_int(part, "mode", 0), err);
        if (st == SGN_OK)
            st = i < making->n_site
                     ? put_site_file(making, part, err)
                     : put_of_server(making, part,
                                     i > making->n_site ? strrchr(name, '/') + 1 : NULL, err);
    }
    return st == SGN_OK ? archive_commit(making->out, &making->bytes, err) : st;
}

/* ---- all of it ---- */

static enum sgn_status
make(struct making *making, struct sgn_error *err)
{
    enum sgn_status st = archive_create(making->path, &making->out, err);

    if (st == SGN_OK)
        st = connect_to(making, err);
    if (st != SGN_OK)
        return st;
    making->progress.what = "the server copies its database";
    backup_tell(&making->progress, 0);
    st = client_call(making->client, "admin.backup", NULL, &making->begun, err);
    if (st == SGN_OK)
        st = list_files(making, err);
    if (st == SGN_OK)
        st = gather(making, err);
    backup_tell(&making->progress, -1);
    making->progress.what = "fetching";
    if (st == SGN_OK)
        st = put_all(making, err);
    backup_tell(&making->progress, -1);
    return st;
}

/* The copy goes, and with kept the site knows when the last backup was. That the latter fails is no
 * fault of the file. */
static void
end(struct making *making, bool kept)
{
    struct sgn_error why = { 0 };
    json_t *answer = NULL;

    if (making->begun != NULL &&
        call(making, "admin.backup.end",
             json_pack("{s:O, s:b}", "backup", json_object_get(making->begun, "backup"), "kept",
                       (int)kept),
             &answer, &why) != SGN_OK &&
        kept)
        cli_print_error(&making->cli->output, &why);
    json_decref(answer);
    sgn_error_clear(&why);
}

static void
show(const struct making *making)
{
    const struct cli_output *o = &making->cli->output;
    const json_t *one;
    size_t i;

    fprintf(o->out,
            sgn_say(o->language, "%s: %lld bytes; the database, %lld attached files, %lld files of "
                                 "the site's folder"),
            making->path, (long long)making->bytes, (long long)json_array_size(making->files),
            (long long)making->n_site);
    fprintf(o->out, "\n");
    if (making->site != NULL)
        fprintf(
            o->out, "%s\n",
            sgn_say(o->language,
                    "it holds the site's secret key, its tokens and all of its data: whoever has "
                    "it can sign in the site's name. Only you can read it; keep it so"));
    else
        fprintf(
            o->out, "%s\n",
            sgn_say(o->language,
                    "the site's own folder is not in it (signoff.ini, site.key, teams/): make "
                    "backups on the server's machine with --site DIR, or keep a copy of these"));
    json_array_foreach(making->elsewhere, i, one) {
        fprintf(o->out, sgn_say(o->language, "not in it: %s"), json_string_value(one));
        fprintf(o->out, "\n");
    }
    fprintf(o->out, sgn_say(o->language, "to be sure of it: signoff verify %s"), making->path);
    fprintf(o->out, "\n");
}

static void
show_json(const struct making *making)
{
    json_t *json =
        json_pack("{s:s, s:I, s:O, s:O, s:I, s:O, s:I, s:b, s:O*}", "file", making->path, "bytes",
                  (json_int_t)making->bytes, "at", json_object_get(making->begun, "at"), "database",
                  json_object_get(making->begun, "database"), "files",
                  (json_int_t)json_array_size(making->files), "heads",
                  json_object_get(making->begun, "heads"), "site_files", (json_int_t)making->n_site,
                  "key", making->site != NULL, "not_in_it", making->elsewhere);

    cli_print_json(&making->cli->output, json);
    json_decref(json);
}

enum sgn_status
remote_backup(struct cli *cli, struct sgn_error *err)
{
    struct making making = { .cli = cli,
                             .path = cli_word(&cli->args, 0),
                             .files = json_array(),
                             .parts = json_array(),
                             .progress = { .output = &cli->output } };
    enum sgn_status st = make(&making, err);

    end(&making, st == SGN_OK);
    if (st == SGN_OK && cli->output.json)
        show_json(&making);
    else if (st == SGN_OK)
        show(&making);
    archive_out_free(making.out);
    client_free(making.client);
    json_decref(making.begun);
    json_decref(making.files);
    json_decref(making.parts);
    json_decref(making.elsewhere);
    return st;
}
