/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "init": makes a site's folder. It writes no history: what it prepares lies in init.json,
 * with hashes of tokens only, and becomes the first entries at the first serve.
 */
#include "local.h"

#include "buf.h"
#include "file.h"
#include "hash.h"
#include "json.h"
#include "reference.h"
#include "say.h"
#include "shipped.h"
#include "site.h"
#include "text.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TEAM_FILE_MAX 16384

/* Missing, or a folder with nothing in it. */
static enum sgn_status
expect_empty(const char *dir, struct sgn_error *err)
{
    DIR *open = opendir(dir);
    const struct dirent *entry;
    enum sgn_status st = SGN_OK;

    if (open == NULL && errno == ENOENT)
        return SGN_OK;
    if (open == NULL)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", dir, strerror(errno));
    while (st == SGN_OK && (entry = readdir(open)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            st = sgn_fail(err, SGN_CONFLICT,
                          "%s is not empty (it holds %s): a site is made in a new or empty folder",
                          dir, entry->d_name);
    }
    closedir(open);
    return st;
}

static enum sgn_status
make_folder(const char *dir, const char *name, unsigned mode, struct sgn_error *err)
{
    char *path = site_path(dir, name);
    enum sgn_status st = path != NULL ? sgn_folder_make(path, mode, err) : sgn_nomem(err);

    free(path);
    return st;
}

static enum sgn_status
make_file(const char *dir, const char *name, const char *text, unsigned mode, struct sgn_error *err)
{
    char *path = site_path(dir, name);
    enum sgn_status st =
        path != NULL && text != NULL ? site_write(path, text, mode, err) : sgn_nomem(err);

    free(path);
    return st;
}

/* All shipped workflows: those that every project meets come first, in its order. */
static enum sgn_status
make_team(const char *dir, struct sgn_error *err)
{
    static const char *const first[] = { "change_request", "acceptance", "feedback", "closeout",
                                         "issue" };
    const size_t n_first = sizeof(first) / sizeof(first[0]);
    struct sgn_buf text;
    char *bytes;
    enum sgn_status st;

    sgn_buf_init(&text, TEAM_FILE_MAX);
    sgn_buf_puts(
        &text, "-- The team: what it is called, when it works, and which workflows it uses.\n"
               "-- A file of the same name in workflows/ beside this one replaces a shipped "
               "workflow.\n"
               "return team \"demo\" {\n"
               "  title = { en = \"Demonstration\", zh = \"演示团队\" },\n"
               "  timezone = \"Asia/Shanghai\", language = \"en\", currency = \"CNY\",\n"
               "  -- Working time; holidays of a country that is shipped, or a file of your own.\n"
               "  calendar \"office\" { monday_to_friday = { \"09:00-12:00\", "
               "\"13:30-18:00\" }, holidays = \"cn\" },\n");
    for (size_t i = 0; i < n_first; i++)
        sgn_buf_printf(&text, "  use \"%s\",\n", first[i]);
    for (int i = 0; dsl_shipped_name(i) != NULL; i++) {
        size_t k = 0;
        while (k < n_first && strcmp(first[k], dsl_shipped_name(i)) != 0)
            k++;
        if (k == n_first)
            sgn_buf_printf(&text, "  use \"%s\",\n", dsl_shipped_name(i));
    }
    sgn_buf_puts(&text, "}\n");
    bytes = sgn_buf_take(&text);
    st = make_file(dir, "teams/demo/team.lua", bytes, 0644, err);
    free(bytes);
    return st;
}

/* A test that passes, to go on from. */
static enum sgn_status
make_test(const char *dir, struct sgn_error *err)
{
    return make_file(dir, "teams/demo/workflows/change_request_test.lua",
                     "-- Tests of a workflow: signoff test runs them on virtual time. Its words: "
                     "signoff test --words.\n" LOCAL_FIRST_TEST,
                     0644, err);
}

/* What editors need to know of the language. */
static enum sgn_status
make_editor_files(const char *dir, struct sgn_error *err)
{
    static const struct {
        const char *form, *name;
    } files[] = { { "lua", ".signoff/meta/signoff.lua" },
                  { "luarc", ".luarc.json" },
                  { "luacheck", ".luacheckrc" } };
    enum sgn_status st = make_folder(dir, ".signoff", 0755, err);

    if (st == SGN_OK)
        st = make_folder(dir, ".signoff/meta", 0755, err);
    for (size_t i = 0; st == SGN_OK && i < sizeof(files) / sizeof(files[0]); i++) {
        char *text = NULL;
        st = dsl_reference(files[i].form, NULL, &text, err);
        if (st == SGN_OK)
            st = make_file(dir, files[i].name, text, 0644, err);
        free(text);
    }
    return st;
}

static enum sgn_status
make_key(const char *dir, struct sgn_error *err)
{
    unsigned char pub[SGN_SIGN_PUBLIC], secret[SGN_SIGN_SECRET];
    char hex[2 * SGN_SIGN_SECRET + 1];
    char *text;
    enum sgn_status st;

    sgn_sign_keypair(pub, secret);
    sgn_hex(secret, sizeof(secret), hex);
    text = sgn_format("%s\n", hex);
    st = make_file(dir, SITE_KEY, text, 0600, err);
    free(text);
    return st;
}

static enum sgn_status
make_rows(const char *dir, bool demo, struct sgn_error *err)
{
    json_t *rows = json_array();
    json_t *init = NULL;
    char *text = NULL;
    enum sgn_status st = rows != NULL ? local_people(dir, demo, rows, err) : sgn_nomem(err);

    if (st == SGN_OK) {
        init = json_pack("{s:O}", "rows", rows);
        text = init != NULL ? json_dumps(init, JSON_INDENT(1)) : NULL;
        st = make_file(dir, SITE_INIT, text, 0600, err);
    }
    free(text);
    json_decref(init);
    json_decref(rows);
    return st;
}

/* Each line below can be typed as it stands, one after the other: a first case goes all the way to
 * who decides next. */
static void
say_steps(const struct cli_output *o, const char *dir, bool demo)
{
    const char *as = demo ? " --as mei" : "", *decider = demo ? " --as li" : "";

    fprintf(o->out, "\n%s\n  signoff serve %s\n", sgn_say(o->language, "Serve it:"), dir);
    fprintf(o->out,
            "%s\n"
            "  cd %s\n"
            "  signoff case open change_request --project %s%s \\\n"
            "    --field summary=\"Add export\" --field reason=\"Auditors ask for it\"\n"
            "  signoff case fire CR-1 submit%s\n"
            "  signoff inbox%s\n"
            "  signoff case show CR-1%s\n",
            sgn_say(o->language, "A first change request, in another terminal:"), dir,
            demo ? "acme-erp" : "demo", as, as, decider, decider);
    if (!demo)
        fprintf(o->out,
                "%s\n"
                "  signoff person add li --title \"Li Ting\"\n"
                "  signoff project member add demo li pm\n"
                "  signoff token add li\n",
                sgn_say(o->language, "Others:"));
    fprintf(o->out, sgn_say(o->language, "The rules lie in %s/teams/demo:"), dir);
    fprintf(o->out, "\n"
                    "  signoff check\n"
                    "  signoff test\n"
                    "  signoff reference\n"
                    "  signoff workflow reload\n");
}

static void
say_done(const struct cli_output *o, const char *dir, bool demo)
{
    if (o->json) {
        fprintf(o->out, "{\"site\":\"made\"}\n");
        return;
    }
    fprintf(o->out, sgn_say(o->language, "Made the site %s with team demo."), dir);
    fputc('\n', o->out);
    cli_text_lines(o,
                   demo ? sgn_say(o->language,
                                  "People of its project acme-erp: li (project manager), wang "
                                  "(engineer, change board), sun (engineer), chen (change board), "
                                  "zhao (sponsor); of the client acme mei and tom.")
                        : sgn_say(o->language, "You are its lead, admin, and have every role in "
                                               "its project demo."),
                   0, 0);
    say_steps(o, dir, demo);
}

/* For whoever starts a server unattended: a site that is there is left alone. What is there and is
 * none, or was left half made, is refused as ever. */
static bool
is_made(const char *dir)
{
    return site_has(dir, SITE_SETTINGS) && site_has(dir, "teams") && site_has(dir, SITE_KEY);
}

static enum sgn_status
make_site(const struct cli *cli, const char *dir, struct sgn_error *err)
{
    bool demo = cli_given(&cli->args, "demo");
    char *sample = settings_sample();
    enum sgn_status st = expect_empty(dir, err);

    if (st == SGN_OK)
        st = sgn_folder_make(dir, 0700, err);
    if (st == SGN_OK)
        st = make_folder(dir, "teams", 0755, err);
    if (st == SGN_OK)
        st = make_folder(dir, "teams/demo", 0755, err);
    if (st == SGN_OK)
        st = make_folder(dir, "teams/demo/workflows", 0755, err);
    if (st == SGN_OK && demo)
        st = make_folder(dir, "demo", 0700, err);
    if (st == SGN_OK)
        st = make_team(dir, err);
    if (st == SGN_OK)
        st = make_test(dir, err);
    if (st == SGN_OK)
        st = make_editor_files(dir, err);
    if (st == SGN_OK)
        st = make_key(dir, err);
    if (st == SGN_OK)
        st = make_rows(dir, demo, err);
    /* Last: a folder with settings is a whole site. */
    if (st == SGN_OK)
        st = make_file(dir, SITE_SETTINGS, sample, 0644, err);
    free(sample);
    if (st == SGN_OK)
        say_done(&cli->output, dir, demo);
    return st;
}

enum sgn_status
local_init(struct cli *cli, struct sgn_error *err)
{
    const char *dir = cli_word(&cli->args, 0);

    if (!cli_given(&cli->args, "missing") || !is_made(dir))
        return make_site(cli, dir, err);
    if (cli->output.json)
        fprintf(cli->output.out, "{\"site\":\"there\"}\n");
    else
        fprintf(cli->output.out, sgn_say(cli->language, "%s is a site already\n"), dir);
    return SGN_OK;
}
