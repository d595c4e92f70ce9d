/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is tested: from a word of the command line to teams whose rules are loaded, with their
 * test files, each in a temporary site of its own.
 */
#include "kit.h"

#include "calendars.h"
#include "dsl.h"
#include "json.h"
#include "rules.h"
#include "scripts.h"
#include "shipped.h"
#include "site.h"
#include "site_what.h"
#include "text.h"
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SOURCE_MAX (256 * 1024)

/* ---- test files ---- */

static enum sgn_status
add_test(struct kit_team *team, const char *path, struct sgn_error *err)
{
    const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;
    struct kit_file *files =
                        realloc(team->tests, (size_t)(team->n_tests + 1) * sizeof(*team->tests)),
                    *file;
    size_t n;

    if (files == NULL)
        return sgn_nomem(err);
    team->tests = files;
    file = &files[team->n_tests++];
    *file = (struct kit_file){ .path = strdup(path),
                               .name = strndup(base, strlen(base) - strlen(RULES_TEST_END)) };
    if (file->path == NULL || file->name == NULL)
        return sgn_nomem(err);
    return site_read(path, SOURCE_MAX, &file->source, &n, err);
}

/* The test files of a folder, and with deep of the folders in it: where workflows may lie. */
static enum sgn_status
find_tests(struct kit_team *team, const char *dir, bool deep, struct sgn_error *err)
{
    struct dirent **entries = NULL;
    int n = check_scan(dir, &entries);
    enum sgn_status st = SGN_OK;

    if (n < 0)
        return sgn_fail(err, SGN_NOT_FOUND, "%s: %s", dir, strerror(errno));
    for (int i = 0; i < n; i++) {
        char *path = site_shown(dir, entries[i]->d_name);
        struct stat info;

        if (path == NULL)
            st = sgn_nomem(err);
        else if (st == SGN_OK && lstat(path, &info) == 0 && S_ISDIR(info.st_mode) && deep)
            st = find_tests(team, path, false, err);
        else if (st == SGN_OK && sgn_text_ends(path, RULES_TEST_END))
            st = add_test(team, path, err);
        free(path);
        free(entries[i]);
    }
    free(entries);
    return st;
}

/* ---- rules ---- */

/* The first mistake; all of them are "signoff check"'s business. */
static enum sgn_status
refuse_mistakes(const struct kit_team *team, const json_t *mistakes, struct sgn_error *err)
{
    const json_t *mistake;
    size_t i;

    json_array_foreach(mistakes, i, mistake) {
        if (strcmp(sgn_json_str(mistake, "severity"), "error") == 0)
            return sgn_fail(
                err, SGN_INVALID, "the rules of %s have mistakes; the first: %s:%lld: %s",
                team->dir, sgn_json_str(mistake, "file"),
                (long long)sgn_json_int(mistake, "line", 1), sgn_json_str(mistake, "message"));
    }
    return SGN_OK;
}

/* What the engine itself says to the team: one that it would not serve cannot be tested. */
static enum sgn_status
check_team(const struct kit_team *team, struct sgn_error *err)
{
    json_t *mistakes = json_array(), *calendars = NULL, *version;
    struct model_team *parsed = NULL;
    const char *name;
    enum sgn_status st = model_team_parse(json_object_get(team->answer, "team"), &parsed, err);

    if (st != SGN_OK)
        sgn_error_prefix(err, "%s/team.lua: ", team->dir);
    else
        st = lane_calendars_read(team->dir, parsed, team->holidays, mistakes, &calendars, err);
    if (st == SGN_OK)
        st = refuse_mistakes(team, mistakes, err);
    json_object_foreach(json_object_get(team->answer, "workflows"), name, version) {
        struct model *model = NULL;

        if (st == SGN_OK)
            st = model_parse(json_object_get(version, "model"),
                             json_object_get(version, "functions"), &model, err);
        model_free(model);
    }
    model_team_free(parsed);
    json_decref(calendars);
    json_decref(mistakes);
    return st;
}

static enum sgn_status
load_rules(struct kit_team *team, bool own, struct sgn_error *err)
{
    json_t *found = NULL, *files = NULL, *input = NULL;
    enum sgn_status st = site_team_files(team->dir, &found, err);

    if (st == SGN_OK && own)
        st = site_wrap(found, &files, err);
    else if (st == SGN_OK)
        files = json_incref(found);
    if (st == SGN_OK) {
        input = json_pack("{s:s, s:O, s:o}", "team", team->name, "files", files, "shipped",
                          dsl_shipped_all());
        st = input != NULL ? dsl_load(NULL, input, &team->answer, err) : sgn_nomem(err);
    }
    if (st == SGN_OK)
        st = refuse_mistakes(team, json_object_get(team->answer, "mistakes"), err);
    if (st == SGN_OK)
        st = check_team(team, err);
    json_decref(input);
    json_decref(files);
    json_decref(found);
    return st;
}

/* ---- a temporary site ---- */

/* The lane reads holiday files from the team's folder, so it is there by a link. */
static enum sgn_status
make_site(struct kit_team *team, bool own, struct sgn_error *err)
{
    const char *tmp = getenv("TMPDIR");
    char whole[PATH_MAX], place[PATH_MAX];
    int n;

    team->site = sgn_format("%s/signoff-test-XXXXXX", tmp != NULL && tmp[0] != '\0' ? tmp : "/tmp");
    if (team->site == NULL)
        return sgn_nomem(err);
    if (mkdtemp(team->site) == NULL) {
        enum sgn_status st = sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", team->site, strerror(errno));
        free(team->site);
        team->site = NULL; /* so that nothing of this name is removed */
        return st;
    }
    team->files = site_path(team->site, "files");
    n = snprintf(place, sizeof(place), "%s/teams", team->site);
    if (team->files == NULL || n < 0 || mkdir(place, 0700) != 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", place, strerror(errno));
    n = snprintf(place, sizeof(place), "%s/teams/%s", team->site, team->name);
    if (n < 0 || (size_t)n >= sizeof(place) - 16 || realpath(team->dir, whole) == NULL ||
        (own ? mkdir(place, 0700) : symlink(whole, place)) != 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", place, strerror(errno));
    return own ? site_write(strcat(place, "/team.lua"), "", 0600, err) : SGN_OK;
}

static int
remove_one(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
    (void)info;
    (void)flag;
    (void)walk;
    return remove(path);
}

/* ---- a team ---- */

static void
team_deinit(struct kit_team *team)
{
    for (int i = 0; i < team->n_tests; i++) {
        free(team->tests[i].path);
        free(team->tests[i].name);
        free(team->tests[i].source);
    }
    free(team->tests);
    if (team->site != NULL)
        (void)nftw(team->site, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(team->site);
    free(team->files);
    free(team->dir);
    json_decref(team->answer);
    json_decref(team->holidays);
}

void
kit_teams_free(struct kit_team *teams, int n)
{
    for (int i = 0; i < n; i++)
        team_deinit(&teams[i]);
    free(teams);
}

/* only: one test file, or NULL for all there are. A team without tests is left alone. */
static enum sgn_status
team_init(struct kit_team *team, const char *dir, const char *only, struct sgn_error *err)
{
    bool own = !site_has(dir, "team.lua");
    char *name = own ? strdup(SITE_OWN_TEAM) : site_team_name(dir);
    enum sgn_status st;

    snprintf(team->name, sizeof(team->name), "%.*s", SGN_KEY_MAX, name != NULL ? name : "");
    free(name);
    team->dir = strdup(dir);
    team->holidays = dsl_shipped_holidays();
    if (team->dir == NULL || team->holidays == NULL || team->name[0] == '\0')
        return sgn_nomem(err);
    st = only != NULL ? add_test(team, only, err) : find_tests(team, dir, !own, err);
    if (st == SGN_OK && team->n_tests > 0)
        st = load_rules(team, own, err);
    if (st == SGN_OK && team->n_tests > 0)
        st = make_site(team, own, err);
    return st;
}

static enum sgn_status
add_team(struct kit_team **teams, int *n, const char *dir, const char *only, struct sgn_error *err)
{
    struct kit_team *more = realloc(*teams, (size_t)(*n + 1) * sizeof(*more));

    if (more == NULL)
        return sgn_nomem(err);
    *teams = more;
    more[*n] = (struct kit_team){ .n_tests = 0 };
    return team_init(&more[(*n)++], dir, only, err);
}

/* A test file lies in its team's folder or one below it; else in a folder of workflows. */
static enum sgn_status
add_file(struct kit_team **teams, int *n, const char *path, struct sgn_error *err)
{
    const char *slash = strrchr(path, '/');
    char *dir = slash != NULL ? strndup(path, (size_t)(slash - path)) : strdup(".");
    char *above = dir != NULL ? site_path(dir, "..") : NULL;
    enum sgn_status st;

    if (above == NULL)
        st = sgn_nomem(err);
    else
        st = add_team(teams, n,
                      !site_has(dir, "team.lua") && site_has(above, "team.lua") ? above : dir, path,
                      err);
    free(above);
    free(dir);
    return st;
}

/* The test of a script, when there is one: a script is what somebody has open who wants to know. */
static enum sgn_status
add_script(struct kit_team **teams, int *n, const char *path, struct sgn_error *err)
{
    char *test = sgn_format("%.*s" RULES_TEST_END, (int)strlen(path) - 4, path);
    enum sgn_status st;

    if (test == NULL)
        st = sgn_nomem(err);
    else if (access(test, F_OK) == 0)
        st = add_file(teams, n, test, err);
    else
        st = sgn_fail(err, SGN_NOT_FOUND, "%s has no tests: they stand beside it, in %s", path,
                      test);
    free(test);
    return st;
}

static enum sgn_status
add_what(struct kit_team **teams, int *n, const struct site_what *what, struct sgn_error *err)
{
    const json_t *dir;
    size_t i;
    enum sgn_status st = SGN_OK;

    switch (what->kind) {
    case SITE_IS_TEST:
        return add_file(teams, n, what->path, err);
    case SITE_IS_SCRIPT:
        return add_script(teams, n, what->path, err);
    case SITE_IS_WORKFLOWS:
        return add_team(teams, n, what->path, NULL, err);
    case SITE_IS_TEAMS:
        break;
    }
    json_array_foreach(what->teams, i, dir) {
        if (st == SGN_OK)
            st = add_team(teams, n, json_string_value(dir), NULL, err);
    }
    return st;
}

enum sgn_status
kit_teams_find(const char *word, struct kit_team **out, int *n, struct sgn_error *err)
{
    struct kit_team *teams = NULL;
    struct site_what what = { 0 };
    enum sgn_status st = site_what(word, &what, err);

    *n = 0;
    if (st == SGN_OK)
        st = add_what(&teams, n, &what, err);
    site_what_deinit(&what);
    if (st != SGN_OK) {
        kit_teams_free(teams, *n);
        *n = 0;
        return st;
    }
    *out = teams;
    return SGN_OK;
}
