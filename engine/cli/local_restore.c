/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "restore", and "verify" of a backup: the file is taken apart in a folder of its own, all of it is
 * verified there, and only then does the folder get the name of the site.
 */
#include "backup.h"
#include "backup_file.h"
#include "file.h"
#include "hash.h"
#include "json.h"
#include "lane.h"
#include "local.h"
#include "say.h"
#include "site.h"
#include "store.h"
#include "text.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct restoring {
    struct cli *cli;
    const char *path, *dir; /* dir NULL: it is verified only */
    char *beside;           /* where it is taken apart */
    json_t *manifest;
    int64_t teams, entries, cases, files, redacted;
    bool key; /* it holds the site's */
    json_t *settled;
};

/* ---- is all of it right? ---- */

/* The key that the heads must be signed by: the one that was said, the backup's own, or the one
 * that it names. */
static enum sgn_status
find_key(struct restoring *r, unsigned char key[SGN_SIGN_PUBLIC], struct sgn_error *err)
{
    const char *said = r->dir == NULL ? cli_option(&r->cli->args, "key") : NULL;
    const char *named = sgn_json_str(r->manifest, "public_key");
    unsigned char secret[SGN_SIGN_SECRET], own[SGN_SIGN_PUBLIC];
    enum sgn_status st = SGN_OK;

    r->key = site_has(r->beside, SITE_KEY);
    if (r->key)
        st = site_key(r->beside, secret, own, err);
    if (st != SGN_OK)
        return st;
    if (named == NULL || !sgn_unhex(named, key, SGN_SIGN_PUBLIC))
        return sgn_fail(err, SGN_INVALID, "%s: its manifest names no public key", r->path);
    if (r->key && memcmp(own, key, sizeof own) != 0)
        return sgn_fail(err, SGN_INVALID, "%s: its site.key is not the key that its manifest names",
                        r->path);
    if (said != NULL && !sgn_unhex(said, key, SGN_SIGN_PUBLIC))
        return sgn_fail(err, SGN_INVALID, "--key: expected %d hex digits", 2 * SGN_SIGN_PUBLIC);
    return SGN_OK;
}

static enum sgn_status
verify_team(struct restoring *r, struct store *store, const char *files, const char *team,
            struct sgn_error *err)
{
    json_t *found = NULL;
    enum sgn_status st = lane_verify(store_own_reader(store), files, team, &found, err);

    r->teams += sgn_json_int(found, "entries", 0) > 0;
    r->entries += sgn_json_int(found, "entries", 0);
    r->cases += sgn_json_int(found, "cases", 0);
    r->files += sgn_json_int(found, "files", 0);
    r->redacted += sgn_json_int(found, "redacted", 0);
    json_decref(found);
    return st;
}

static enum sgn_status
verify_all(struct restoring *r, struct store *store, const char *files, struct sgn_error *err)
{
    unsigned char key[SGN_SIGN_PUBLIC];
    json_t *teams = NULL;
    const json_t *team;
    size_t i;
    enum sgn_status st = store_check(store, err);

    if (st == SGN_OK)
        st = store_teams(store_own_reader(store), &teams, err);
    json_array_foreach(teams, i, team) {
        if (st == SGN_OK && json_string_length(team) > 0)
            st = verify_team(r, store, files, json_string_value(team), err);
    }
    json_decref(teams);
    if (st == SGN_OK)
        st = find_key(r, key, err);
    if (st == SGN_OK)
        st = lane_heads_check(store_own_reader(store), json_object_get(r->manifest, "heads"), key,
                              err);
    return st;
}

static enum sgn_status
open_and_verify(struct restoring *r, struct sgn_error *err)
{
    char *url = sgn_format("sqlite:%s/data", r->beside),
         *files = site_path(r->beside, BACKUP_FILES);
    struct store *store = NULL;
    enum sgn_status st = url != NULL && files != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK)
        st = store_open(&(struct store_options){ .url = url, .alone = true }, &store, err);
    if (st == SGN_OK)
        st = verify_all(r, store, files, err);
    if (st == SGN_OK && r->dir != NULL)
        st = lane_restored(store, cli_given(&r->cli->args, "resend"), &r->settled, err);
    store_close(store);
    if (st == SGN_INVALID)
        sgn_error_prefix(err, "%s: ", r->path);
    free(files);
    free(url);
    return st;
}

/* ---- the folder ---- */

/* A folder of its own, in which nobody else looks. */
static enum sgn_status
make_beside(struct restoring *r, struct sgn_error *err)
{
    const char *temp = getenv("TMPDIR");
    size_t n = r->dir != NULL ? strlen(r->dir) : 0;

    while (n > 1 && r->dir[n - 1] == '/')
        n--;
    r->beside = r->dir != NULL ? sgn_format("%.*s.restoring-XXXXXX", (int)n, r->dir)
                               : sgn_format("%s/signoff-verify-XXXXXX",
                                            temp != NULL && temp[0] == '/' ? temp : P_tmpdir);
    if (r->beside == NULL)
        return sgn_nomem(err);
    if (mkdtemp(r->beside) != NULL)
        return SGN_OK;
    (void)sgn_fail(err, errno == ENOENT ? SGN_NOT_FOUND : SGN_UNAVAILABLE,
                   errno == ENOENT && r->dir != NULL ? "%s: the folder above it is not there: %s"
                                                     : "%s: %s",
                   r->dir != NULL ? r->dir : r->beside, strerror(errno));
    free(r->beside);
    r->beside = NULL;
    return err != NULL ? err->status : SGN_UNAVAILABLE;
}

/* A folder that is missing, or has nothing in it. */
static enum sgn_status
expect_empty(const char *dir, struct sgn_error *err)
{
    DIR *open = opendir(dir);
    struct dirent *one;
    bool empty = true;

    if (open == NULL && errno == ENOENT)
        return SGN_OK;
    if (open == NULL)
        return sgn_fail(err, SGN_INVALID, "%s: %s; restore into a folder that is missing or empty",
                        dir, strerror(errno));
    while ((one = readdir(open)) != NULL)
        empty = empty && (strcmp(one->d_name, ".") == 0 || strcmp(one->d_name, "..") == 0);
    (void)closedir(open);
    return empty
               ? SGN_OK
               : sgn_fail(err, SGN_CONFLICT,
                          "%s holds something: a backup is restored into a folder that is missing "
                          "or empty, never over a site",
                          dir);
}

/* The data lie below the folder now, wherever they were: a setting that led elsewhere would have
 * the restored site served with the old one's data. */
static char *
settings_without_places(const char *text)
{
    static const char before[] = "; was: ";
    struct sgn_buf out;
    bool in_store = false;

    sgn_buf_init(&out, SITE_FILE_MAX + 65536);
    while (*text != '\0') {
        size_t n = strcspn(text, "\n"), skip = strspn(text, " \t");
        const char *word = text + skip;

        if (*word == '[')
            in_store = strncmp(word, "[store]", 7) == 0;
        if (in_store && ((strncmp(word, "data", 4) == 0 && strchr(" \t=:", word[4]) != NULL) ||
                         (strncmp(word, "url", 3) == 0 && strchr(" \t=:", word[3]) != NULL)))
            sgn_buf_append(&out, before, sizeof before - 1);
        sgn_buf_append(&out, text, n);
        sgn_buf_puts(&out, "\n");
        text += n + (text[n] == '\n');
    }
    return sgn_buf_take(&out);
}

static enum sgn_status
settle_settings(const struct restoring *r, struct sgn_error *err)
{
    char *path = site_path(r->beside, SITE_SETTINGS), *text = NULL, *now = NULL;
    size_t n = 0;
    enum sgn_status st = path != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK && site_has(r->beside, SITE_SETTINGS)) {
        st = site_read(path, SITE_FILE_MAX, &text, &n, err);
        now = st == SGN_OK ? settings_without_places(text) : NULL;
        if (st == SGN_OK)
            st = now != NULL ? sgn_file_put(path, now, strlen(now), 0600, true, err)
                             : sgn_nomem(err);
    }
    free(now);
    free(text);
    free(path);
    return st;
}

/* All that was written is on the disk before the name is. */
static enum sgn_status
name_it(const struct restoring *r, struct sgn_error *err)
{
    int fd = open(r->beside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good =
        fd >= 0 && syncfs(fd) == 0 && rename(r->beside, r->dir) == 0 && sgn_sync_above(r->dir) == 0;
    int why = errno;

    if (fd >= 0)
        (void)close(fd);
    return good ? SGN_OK : sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", r->dir, strerror(why));
}

/* ---- what came of it ---- */

static void
show_json(const struct restoring *r)
{
    json_t *json = json_pack("{s:s, s:O?, s:O?, s:I, s:I, s:I, s:I, s:I, s:b, s:O}", "file",
                             r->path, "at", json_object_get(r->manifest, "at"), "version",
                             json_object_get(r->manifest, "version"), "teams", (json_int_t)r->teams,
                             "entries", (json_int_t)r->entries, "cases", (json_int_t)r->cases,
                             "files", (json_int_t)r->files, "redacted", (json_int_t)r->redacted,
                             "key", (int)r->key, "heads", json_object_get(r->manifest, "heads"));

    if (r->dir != NULL) {
        (void)json_object_set_new(json, "dir", json_string(r->dir));
        (void)json_object_update(json, r->settled);
    }
    cli_print_json(&r->cli->output, json);
    json_decref(json);
}

static void
line(const struct restoring *r, const char *text)
{
    fprintf(r->cli->output.out, "%s\n", sgn_say(r->cli->language, text));
}

static void
show_verified(const struct restoring *r)
{
    const struct cli_output *o = &r->cli->output;
    const char *language = r->cli->language;
    struct cli_count teams, cases, entries, files;
    struct sgn_buf at;

    sgn_buf_init(&at, 256);
    cli_time_put(&at, json_object_get(r->manifest, "at"));
    fprintf(o->out, sgn_say(language, "%s: a backup of %s: %s, %s, %s and %s"), r->path,
            at.bytes != NULL ? at.bytes : "?",
            cli_count(&teams, language, r->teams, "%lld team", "%lld teams"),
            cli_count(&cases, language, r->cases, "%lld case", "%lld cases"),
            cli_count(&entries, language, r->entries, "%lld entry", "%lld entries"),
            cli_count(&files, language, r->files, "%lld attached file", "%lld attached files"));
    fprintf(o->out, "\n");
    line(r, "verified: every byte, the database, every entry's number and hash, every case against "
            "its entries, and the signed heads");
    sgn_buf_deinit(&at);
}

static void
show_restored(const struct restoring *r)
{
    const struct cli_output *o = &r->cli->output;

    if (!cli_given(&r->cli->args, "resend"))
        line(r, "nothing that the site had told others of is told again: deliveries and mail begin "
                "behind the last entry (--resend goes on where the backup was)");
    line(r, "people sign in again; tokens and sign-off links are as they were then: one that was "
            "revoked or used since is good again (signoff token list)");
    line(r, "the site that it was made of must not be served beside this one: the two know nothing "
            "of each other");
    if (r->key)
        fprintf(o->out, sgn_say(r->cli->language, "serve it with: signoff serve %s"), r->dir);
    else
        fprintf(o->out,
                sgn_say(r->cli->language, "the site's own folder was not in it: copy signoff.ini, "
                                          "site.key and teams/ into %s before it is served"),
                r->dir);
    fprintf(o->out, "\n");
}

static enum sgn_status
run(struct restoring *r, struct sgn_error *err)
{
    enum sgn_status st = r->dir != NULL ? expect_empty(r->dir, err) : SGN_OK;

    if (st == SGN_OK)
        st = make_beside(r, err);
    if (st == SGN_OK)
        st = backup_unpack(r->cli, r->path, r->beside, &r->manifest, err);
    if (st == SGN_OK)
        st = open_and_verify(r, err);
    if (st == SGN_OK && r->dir != NULL)
        st = settle_settings(r, err);
    if (st == SGN_OK && r->dir != NULL)
        st = name_it(r, err);
    if (r->beside != NULL && (st != SGN_OK || r->dir == NULL))
        backup_remove(r->beside);
    if (st == SGN_OK && r->cli->output.json)
        show_json(r);
    else if (st == SGN_OK)
        show_verified(r);
    if (st == SGN_OK && r->dir != NULL && !r->cli->output.json)
        show_restored(r);
    free(r->beside);
    json_decref(r->manifest);
    json_decref(r->settled);
    return st;
}

enum sgn_status
local_restore(struct cli *cli, struct sgn_error *err)
{
    struct restoring restoring = { .cli = cli,
                                   .path = cli_word(&cli->args, 0),
                                   .dir = cli_word(&cli->args, 1) };

    return run(&restoring, err);
}

enum sgn_status
backup_verify(struct cli *cli, const char *path, struct sgn_error *err)
{
    struct restoring restoring = { .cli = cli, .path = path };

    return run(&restoring, err);
}
