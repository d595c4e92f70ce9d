/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "store copy": a stopped site's store into another one, as lane/copy.h does it. Attached files lie
 * in the site's data folder whatever its store is, and stay there.
 */
#include "local.h"

#include "clock.h"
#include "copy.h"
#include "json.h"
#include "say.h"
#include "site.h"
#include "store.h"
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_MS                                                                                    \
    (INT64_C(10) * 60 * 1000) /* a page of a store that nobody else asks anything of               \
                               */
#define TELL_MS 200           /* between two lines of progress */

struct copy {
    struct cli *cli;
    const char *dir;
    struct settings settings;
    char *from_url, *to_url, *files; /* the folder of attached files */
    struct store *from, *to;
    int64_t began, told;
};

/* ---- while it runs ---- */

/* For who looks on: on a terminal, one line that is written over. */
static void
show_progress(void *ctx, const struct lane_copy_progress *progress)
{
    struct copy *copy = ctx;
    const struct cli_output *o = &copy->cli->output;
    const char *team = progress->team[0] != '\0' ? progress->team : "-";
    int64_t now = sgn_monotonic_ms();
    struct cli_count cases;

    if (o->width == 0 || o->json || now - copy->told < TELL_MS)
        return;
    copy->told = now;
    fprintf(o->err, "\r\033[K%s: ",
            progress->reading_back ? sgn_say(o->language, "reading back")
                                   : sgn_say(o->language, "copying"));
    if (progress->part == LANE_COPY_ENTRIES)
        fprintf(o->err, sgn_say(o->language, "team %s, entry %lld of %lld"), team,
                (long long)progress->done, (long long)progress->all);
    else if (progress->part == LANE_COPY_CASES)
        fprintf(o->err, sgn_say(o->language, "team %s, %s"), team,
                cli_count(&cases, o->language, progress->done, "%lld case", "%lld cases"));
    else
        fprintf(o->err, sgn_say(o->language, "team %s, rows"), team);
    fprintf(o->err, " …");
    fflush(o->err);
}

static void
end_progress(const struct copy *copy)
{
    if (copy->told != 0)
        fprintf(copy->cli->output.err, "\r\033[K");
}

/* ---- what came of it ---- */

/* Where the files are, and whether a server will look for them there. */
static void
show_files(const struct copy *copy, int64_t n)
{
    const struct cli_output *o = &copy->cli->output;
    const char *folder = site_store_folder(copy->to_url);
    char *there = folder != NULL ? site_path(folder, "files") : NULL;
    struct cli_count files;
    bool elsewhere = there != NULL && strcmp(there, copy->files) != 0;

    if (n > 0)
        (void)cli_count(&files, o->language, n, "%lld attached file", "%lld attached files");
    if (n > 0 && elsewhere)
        fprintf(o->out, sgn_say(o->language, "still in %s: %s; move them to %s"), copy->files,
                files.text, there);
    else if (n > 0)
        fprintf(o->out, sgn_say(o->language, "left in place, in %s: %s"), copy->files, files.text);
    if (n > 0)
        fprintf(o->out, "\n");
    free(there);
}

static void
show_next(const struct copy *copy)
{
    const struct cli_output *o = &copy->cli->output;
    const char *folder = site_store_folder(copy->to_url);

    if (folder == NULL)
        fprintf(o->out,
                sgn_say(o->language, "serve it from now on with url = ... under [store] in "
                                     "%s/signoff.ini, or with --store"),
                copy->dir);
    else
        fprintf(o->out,
                sgn_say(o->language, "serve it from now on with signoff serve %s --data %s, and "
                                     "without url under [store] in signoff.ini"),
                copy->dir, folder);
    fprintf(o->out, "\n%s\n",
            sgn_say(o->language, "what it was copied from is as it was: it must not be served any "
                                 "more, or there are two sites that know nothing of each other"));
}

static void
show(const struct copy *copy, json_t *done)
{
    const struct cli_output *o = &copy->cli->output;
    struct cli_count teams, cases, entries, rows;
    int64_t ms = sgn_monotonic_ms() - copy->began;

    if (o->json) {
        (void)json_object_set_new(done, "ms", json_integer((json_int_t)ms));
        (void)json_object_set_new(done, "files_in", json_string(copy->files));
        cli_print_json(o, done);
        return;
    }
    if (sgn_json_true(done, "went_on"))
        fprintf(o->out, "%s\n", sgn_say(o->language, "went on with a copy that was broken off"));
    fprintf(
        o->out, sgn_say(o->language, "copied: %s, %s, %s and %s of data in %lld.%lld s"),
        cli_count(&teams, o->language, sgn_json_int(done, "teams", 0), "%lld team", "%lld teams"),
        cli_count(&cases, o->language, sgn_json_int(done, "cases", 0), "%lld case", "%lld cases"),
        cli_count(&entries, o->language, sgn_json_int(done, "entries", 0), "%lld entry",
                  "%lld entries"),
        cli_count(&rows, o->language, sgn_json_int(done, "rows", 0), "%lld row", "%lld rows"),
        (long long)(ms / 1000), (long long)(ms % 1000 / 100));
    fprintf(o->out, "\n%s\n",
            sgn_say(o->language, "verified: every entry's number and hash, every case against its "
                                 "entries, and all of it read back from the copy"));
    show_files(copy, sgn_json_int(done, "files", 0));
    show_next(copy);
}

/* ---- from where, to where ---- */

static enum sgn_status
find_places(struct copy *copy, struct sgn_error *err)
{
    const char *from = cli_option(&copy->cli->args, "from");
    const char *to = cli_option(&copy->cli->args, "to");
    const char *folder;
    enum sgn_status st;

    if (to == NULL) {
        copy->cli->exit_code = CLI_USAGE;
        return sgn_fail(err, SGN_INVALID,
                        "say where to: --to postgres://USER@HOST/DATABASE, or --to FOLDER");
    }
    st = from != NULL
             ? site_place_url(from, "--from", &copy->from_url, err)
             : site_store_url(copy->dir, &copy->settings, NULL, NULL, &copy->from_url, err);
    if (st == SGN_OK)
        st = site_place_url(to, "--to", &copy->to_url, err);
    if (st == SGN_OK && strcmp(copy->from_url, copy->to_url) == 0)
        return sgn_fail(err, SGN_INVALID, "--to names the store that the site is in already");
    /* Opening would make what is missing, and an empty site would be copied. */
    folder = st == SGN_OK ? site_store_folder(copy->from_url) : NULL;
    if (folder != NULL) {
        char *file = site_path(folder, "signoff.db");

        if (file == NULL)
            st = sgn_nomem(err);
        else if (access(file, F_OK) != 0)
            st = sgn_fail(err, SGN_NOT_FOUND, "%s: there is nothing to copy", file);
        free(file);
    }
    return st;
}

/* One of the two, for nobody else meanwhile. */
static enum sgn_status
open_one(const struct copy *copy, const char *url, const char *option, bool unfinished,
         struct store **out, struct sgn_error *err)
{
    struct store_options options = { .url = url,
                                     .reserve_bytes = copy->settings.reserve_bytes,
                                     .alone = true,
                                     .read_ms = READ_MS,
                                     .unfinished = unfinished };
    enum sgn_status st = store_open(&options, out, err);

    if (st == SGN_OK)
        return SGN_OK;
    if (st == SGN_CONFLICT)
        sgn_error_add(err, "hint",
                      json_string("stop the server first: nobody may write what is copied"));
    sgn_error_prefix(err, "%s: ", option);
    return st;
}

static enum sgn_status
run(struct copy *copy, json_t **out, struct sgn_error *err)
{
    enum sgn_status st = find_places(copy, err);

    if (st == SGN_OK) {
        copy->files = site_files(copy->dir, &copy->settings, NULL);
        st = copy->files != NULL ? SGN_OK : sgn_nomem(err);
    }
    if (st == SGN_OK)
        st = open_one(copy, copy->from_url, "--from", false, &copy->from, err);
    /* Damage that the backend itself knows of, before anything is written. */
    if (st == SGN_OK)
        st = store_check(copy->from, err);
    if (st == SGN_OK)
        st = open_one(copy, copy->to_url, "--to", true, &copy->to, err);
    if (st != SGN_OK)
        return st;
    st = lane_copy(
        &(struct lane_copy_options){
            .from = copy->from, .to = copy->to, .progress = show_progress, .ctx = copy },
        out, err);
    end_progress(copy);
    if (st != SGN_OK && st != SGN_CONFLICT && st != SGN_INVALID)
        sgn_error_add(err, "hint",
                      json_string("what has been copied stays; the same command goes on from "
                                  "there"));
    return st;
}

enum sgn_status
local_copy(struct cli *cli, struct sgn_error *err)
{
    struct copy copy = { .cli = cli, .dir = cli_word(&cli->args, 0), .began = sgn_monotonic_ms() };
    json_t *done = NULL;
    enum sgn_status st = site_expect(copy.dir, err);

    (void)setenv("SIGNOFF_LOG", "error", 0);
    if (st == SGN_OK)
        st = site_settings(copy.dir, &copy.settings, err);
    if (st == SGN_OK)
        st = run(&copy, &done, err);
    store_close(copy.to);
    store_close(copy.from);
    if (st == SGN_OK)
        show(&copy, done);
    json_decref(done);
    free(copy.from_url);
    free(copy.to_url);
    free(copy.files);
    return st;
}
