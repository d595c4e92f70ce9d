/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loads what a path names as the server would, and gathers what is wrong with it or most likely
 * not meant.
 */
#include "local_check.h"
#include "local_check_site.h"

#include "calendars.h"
#include "check.h"
#include "dsl.h"
#include "json.h"
#include "model.h"
#include "project_templates.h"
#include "rules.h"
#include "say.h"
#include "scripts.h"
#include "shipped.h"
#include "site.h"
#include "site_what.h"
#include "team.h"
#include "templates.h"
#include "testkit.h"
#include "text.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SOURCE_MAX (256 * 1024)

struct check {
    struct cli *cli;
    struct findings *findings;
    json_t *shipped, *holidays;
    struct site_view view;
};

/* ---- gathering ---- */

static bool
is_error(const json_t *mistake)
{
    const char *severity = sgn_json_str(mistake, "severity");

    return severity == NULL || strcmp(severity, "warning") != 0;
}

/* Adds a mistake under the name by which the reader finds its file; text is the file's, or NULL. */
static enum sgn_status
add(struct check *check, const json_t *mistake, const char *file, const char *text,
    struct sgn_error *err)
{
    json_t *one = json_copy((json_t *)mistake);

    if (one == NULL || json_object_set_new(one, "file", json_string(file)) != 0 ||
        json_array_append(check->findings->mistakes, one) != 0 ||
        (text != NULL &&
         json_object_set_new(check->findings->sources, file, json_string(text)) != 0)) {
        json_decref(one);
        return sgn_nomem(err);
    }
    json_decref(one);
    if (is_error(mistake))
        check->findings->errors++;
    else
        check->findings->warnings++;
    return SGN_OK;
}

/* The name of a shipped file, "shipped/issue.lua", without folder and end; NULL for another's. */
static char *
shipped_name(const char *file)
{
    static const char folder[] = "shipped/";

    if (strncmp(file, folder, sizeof folder - 1) != 0)
        return NULL;
    file += sizeof folder - 1;
    return strndup(file, strcspn(file, "."));
}

/* The mistakes of a folder: names are relative to it. */
static enum sgn_status
add_all(struct check *check, const char *dir, const json_t *files, const json_t *mistakes,
        struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    const json_t *one;
    size_t i;

    json_array_foreach(mistakes, i, one) {
        const char *name = sgn_json_str(one, "file");
        const char *text = sgn_json_str(files, name);
        char *shipped = json_object_get(files, name) == NULL ? shipped_name(name) : NULL;
        char *path = shipped != NULL ? strdup(name) : site_shown(dir, name);

        if (shipped != NULL)
            text = sgn_json_str(check->shipped, shipped);
        if (st == SGN_OK)
            st = path != NULL ? add(check, one, path, text, err) : sgn_nomem(err);
        free(shipped);
        free(path);
    }
    return st;
}

/* ---- tests ---- */

/* Its own text only: whether the tests hold is "signoff test"'s business. */
static enum sgn_status
check_test(struct check *check, const char *path, struct sgn_error *err)
{
    json_t *files = NULL, *mistakes = json_array(), *declared = NULL;
    const json_t *one;
    size_t i;
    enum sgn_status st =
        mistakes != NULL ? site_script_read(path, path, mistakes, &files, err) : sgn_nomem(err);

    check->findings->tests++;
    if (st == SGN_OK && json_array_size(mistakes) == 0)
        st = dsl_test_read(NULL, path, sgn_json_str(files, path), mistakes, &declared, err);
    json_array_foreach(mistakes, i, one) {
        if (st == SGN_OK)
            st = add(check, one, path, sgn_json_str(files, path), err);
    }
    json_decref(declared);
    json_decref(mistakes);
    json_decref(files);
    return st;
}

/* Those of a folder, and with deep of the folders in it: where "signoff test" finds them. */
static enum sgn_status
check_tests(struct check *check, const char *dir, bool deep, struct sgn_error *err)
{
    struct dirent **names = NULL;
    int n = check_scan(dir, &names);
    enum sgn_status st = SGN_OK;

    for (int i = 0; i < n; i++) {
        char *path = site_shown(dir, names[i]->d_name);
        struct stat info;

        if (path == NULL)
            st = sgn_nomem(err);
        else if (st != SGN_OK || lstat(path, &info) != 0)
            (void)0; /* gone meanwhile */
        else if (S_ISDIR(info.st_mode) && deep)
            st = check_tests(check, path, false, err);
        else if (S_ISREG(info.st_mode) && sgn_text_ends(path, RULES_TEST_END))
            st = check_test(check, path, err);
        free(path);
        free(names[i]);
    }
    free(names);
    return st;
}

/* ---- a team ---- */

/* The holiday files that the calendars name, read as the server would. */
static enum sgn_status
check_calendars(struct check *check, const char *dir, const json_t *files, const json_t *answer,
                struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    struct model_team *team = NULL;
    json_t *mistakes = json_array(), *calendars = NULL;
    enum sgn_status st = mistakes != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK && model_team_parse(json_object_get(answer, "team"), &team, &why) == SGN_OK)
        st = lane_calendars_read(dir, team, check->holidays, mistakes, &calendars, err);
    else if (st == SGN_OK)
        (void)json_array_append_new(mistakes, json_pack("{s:s, s:s, s:i, s:i, s:s}", "severity",
                                                        "error", "file", "team.lua", "line", 1,
                                                        "column", 1, "message", why.message));
    if (st == SGN_OK)
        st = add_all(check, dir, files, mistakes, err);
    sgn_error_clear(&why);
    model_team_free(team);
    json_decref(mistakes);
    json_decref(calendars);
    return st;
}

/* The team's own templates, of mails and of projects. */
static enum sgn_status
check_templates(struct check *check, const char *dir, const json_t *files, const json_t *answer,
                struct sgn_error *err)
{
    json_t *mistakes = json_array(), *models = json_object(), *templates = NULL, *version;
    const char *name;
    enum sgn_status st = mistakes != NULL && models != NULL
                             ? outbox_templates_check(dir, mistakes, err)
                             : sgn_nomem(err);

    json_object_foreach(json_object_get(answer, "workflows"), name, version)
        (void)json_object_set(models, name, json_object_get(version, "model"));
    if (st == SGN_OK)
        st = lane_templates_read(dir, NULL, models, mistakes, &templates, err);
    if (st == SGN_OK)
        st = add_all(check, dir, files, mistakes, err);
    json_decref(templates);
    json_decref(models);
    json_decref(mistakes);
    return st;
}

/* A file that cannot be read is there and empty: what the loader says of that is dropped. */
static json_t *
without(const json_t *mistakes, const json_t *problems)
{
    json_t *out = json_copy((json_t *)problems), *unread = json_object();
    const json_t *one;
    size_t i;

    json_array_foreach(problems, i, one)
        (void)json_object_set_new(unread, sgn_json_str(one, "file"), json_true());
    json_array_foreach(mistakes, i, one) {
        if (json_object_get(unread, sgn_json_str(one, "file")) == NULL)
            (void)json_array_append(out, (json_t *)one);
    }
    json_decref(unread);
    return out;
}

/* Loads a team and looks at what came; gives all mistakes and the answer. */
static enum sgn_status
load(struct check *check, const char *team, const json_t *files, const json_t *problems,
     json_t **mistakes, json_t **answer, struct sgn_error *err)
{
    json_t *input =
        json_pack("{s:s, s:O, s:O}", "team", team, "files", files, "shipped", check->shipped);
    json_t *all = NULL;
    enum sgn_status st = input != NULL ? dsl_load(NULL, input, answer, err) : sgn_nomem(err);

    if (st == SGN_OK)
        st = check_load(*answer, &all, err);
    if (st == SGN_OK) {
        *mistakes = without(all, problems);
        st = *mistakes != NULL ? SGN_OK : sgn_nomem(err);
        check->findings->workflows += (int)json_object_size(json_object_get(*answer, "workflows"));
    }
    json_decref(all);
    json_decref(input);
    return st;
}

/* By what stands in the files. */
static enum sgn_status
add_own(struct check *check, const char *dir, const json_t *files, const json_t *mistakes,
        const json_t *answer, struct sgn_error *err)
{
    int errors = check->findings->errors;
    enum sgn_status st = add_all(check, dir, files, mistakes, err);

    if (st == SGN_OK && check->findings->errors == errors)
        st = check_calendars(check, dir, files, answer, err);
    return st;
}

/* A folder that was made while the server runs is no team of its yet. */
static bool
is_new_team(const struct sgn_error *why)
{
    const char *pointer = sgn_json_str(why->data, "pointer");

    return why->status == SGN_NOT_FOUND && pointer != NULL && strcmp(pointer, "/team") == 0;
}

/* What the team's site says of it; a site that cannot be asked is told of, and the files alone
 * have to do. */
static enum sgn_status
ask_site(struct check *check, const char *dir, json_t **told, struct sgn_error *err)
{
    const struct cli_output *o = &check->cli->output;
    struct sgn_error why = { 0 };
    enum sgn_status st = site_view_says(&check->view, check->cli, dir, told, &why);

    if (st == SGN_NOMEM) {
        sgn_error_move(err, &why);
    } else if (is_new_team(&why)) {
        fprintf(o->err,
                sgn_say(o->language, "signoff: %s is new to the server, and is a team of it when "
                                     "that has been started anew\n"),
                dir);
        st = SGN_OK;
    } else if (st != SGN_OK) {
        char *said = sgn_say_text(o->language, why.message);
        fprintf(o->err, sgn_say(o->language, "signoff: without the site's store: %s\n"),
                said != NULL ? said : why.message);
        free(said);
        st = SGN_OK;
    }
    sgn_error_clear(&why);
    return st;
}

static enum sgn_status
check_team(struct check *check, const char *dir, struct sgn_error *err)
{
    json_t *files = NULL, *problems = json_array(), *answer = NULL, *mistakes = NULL, *told = NULL;
    char *name = site_team_name(dir);
    enum sgn_status st = problems != NULL && name != NULL
                             ? check_scripts_read(dir, problems, &files, err)
                             : sgn_nomem(err);

    if (st == SGN_OK)
        st = load(check, name, files, problems, &mistakes, &answer, err);
    check->findings->teams++;
    if (st == SGN_OK)
        st = ask_site(check, dir, &told, err);
    if (st == SGN_OK)
        st = told != NULL ? add_all(check, dir, files, told, err)
                          : add_own(check, dir, files, mistakes, answer, err);
    if (st == SGN_OK)
        st = check_templates(check, dir, files, answer, err);
    if (st == SGN_OK)
        st = check_tests(check, dir, true, err);
    json_decref(told);
    json_decref(mistakes);
    json_decref(answer);
    json_decref(problems);
    json_decref(files);
    free(name);
    return st;
}

/* ---- teams ---- */

/* A team's folder that is a link out of the site would be read with the server's rights. */
static bool
leads_out(const char *site, const char *path)
{
    char *root = realpath(site, NULL), *whole = realpath(path, NULL);
    size_t n = root != NULL ? strlen(root) : 0;
    bool out = root == NULL || whole == NULL || strncmp(whole, root, n) != 0 ||
               (n > 1 && whole[n] != '/' && whole[n] != '\0');

    free(root);
    free(whole);
    return out;
}

static enum sgn_status
check_teams(struct check *check, const struct site_what *what, struct sgn_error *err)
{
    const json_t *one;
    json_t *mistake;
    size_t i;
    enum sgn_status st = SGN_OK;

    json_array_foreach(what->teams, i, one) {
        const char *dir = json_string_value(one);

        if (st != SGN_OK)
            break;
        if (!what->whole || !leads_out(what->path, dir)) {
            st = check_team(check, dir, err);
            continue;
        }
        mistake = json_pack("{s:s, s:s, s:i, s:i, s:s}", "severity", "error", "file", dir, "line",
                            1, "column", 1, "message", "a link that leads out of the site");
        st = mistake != NULL ? add(check, mistake, dir, NULL, err) : sgn_nomem(err);
        json_decref(mistake);
    }
    return st;
}

/* ---- scripts that belong to no team ---- */

/* What only the whole team knows: its calendars and channels, and what its other workflows are and
 * do. */
static bool
is_teams(const json_t *mistake)
{
    static const char *const ids[] = { "working-time",     "unknown-clock",   "fire-lost",
                                       "workflow-unknown", "channel-unknown", "data-unknown" };
    const char *id = sgn_json_str(mistake, "id"), *file = sgn_json_str(mistake, "file");

    for (size_t i = 0; id != NULL && i < sizeof ids / sizeof ids[0]; i++)
        if (strcmp(id, ids[i]) == 0)
            return true;
    return strcmp(file, "team.lua") == 0;
}

/* What keeps files from being read, under the names that they have in the team. */
static json_t *
in_team(const json_t *problems)
{
    json_t *out = sgn_json_copy(problems), *one;
    size_t i;

    json_array_foreach(out, i, one) {
        const char *file = sgn_json_str(one, "file");
        (void)json_object_set_new(one, "file", json_sprintf("workflows/%s", file));
    }
    return out;
}

/* found: {NAME.lua: SOURCE}. A team is made up around them that uses nothing else. */
static enum sgn_status
check_scripts(struct check *check, const struct site_what *what, const json_t *found,
              const json_t *problems, struct sgn_error *err)
{
    json_t *files = NULL, *answer = NULL, *mistakes = NULL, *unread = in_team(problems);
    const json_t *one;
    size_t i;
    enum sgn_status st = unread != NULL ? site_wrap(found, &files, err) : sgn_nomem(err);

    if (st == SGN_OK)
        st = load(check, SITE_OWN_TEAM, files, unread, &mistakes, &answer, err);
    json_array_foreach(mistakes, i, one) {
        const char *file = sgn_json_str(one, "file");
        char *place = site_place(what, file);

        if (st == SGN_OK && place == NULL)
            st = sgn_nomem(err);
        else if (st == SGN_OK && !is_teams(one))
            st = add(check, one, place, sgn_json_str(files, file), err);
        free(place);
    }
    json_decref(unread);
    json_decref(mistakes);
    json_decref(answer);
    json_decref(files);
    return st;
}

/* Named after the workflow, or the team around it could not use it. */
static enum sgn_status
expect_name(const char *path, const char *base, struct sgn_error *err)
{
    char *name = strndup(base, strlen(base) - strlen(".lua"));
    enum sgn_status st = name != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK && !sgn_name_valid(name))
        st =
            sgn_fail(err, SGN_INVALID,
                     "%s: a script is named after its workflow: small letters, digits and _", path);
    free(name);
    return st;
}

static enum sgn_status
check_script(struct check *check, const struct site_what *what, struct sgn_error *err)
{
    const char *path = what->path, *slash = strrchr(path, '/'),
               *base = slash != NULL ? slash + 1 : path;
    json_t *files = NULL, *problems = json_array();
    enum sgn_status st = problems != NULL ? expect_name(path, base, err) : sgn_nomem(err);

    if (st == SGN_OK)
        st = site_script_read(path, base, problems, &files, err);
    if (st == SGN_OK)
        st = check_scripts(check, what, files, problems, err);
    json_decref(problems);
    json_decref(files);
    return st;
}

static enum sgn_status
check_workflows(struct check *check, const struct site_what *what, struct sgn_error *err)
{
    json_t *files = NULL, *problems = json_array(), *source;
    const char *name;
    enum sgn_status st =
        problems != NULL ? check_scripts_read(what->path, problems, &files, err) : sgn_nomem(err);

    json_object_foreach(files, name, source) {
        if (st == SGN_OK && strchr(name, '/') == NULL)
            st = expect_name(name, name, err);
    }
    if (st == SGN_OK)
        st = check_scripts(check, what, files, problems, err);
    if (st == SGN_OK)
        st = check_tests(check, what->path, false, err);
    json_decref(problems);
    json_decref(files);
    return st;
}

enum sgn_status
findings_add(struct findings *findings, struct cli *cli, const char *path, struct sgn_error *err)
{
    struct check check = { cli, findings, dsl_shipped_all(), dsl_shipped_holidays(), { 0 } };
    struct site_what what = { 0 };
    enum sgn_status st = check.shipped != NULL && check.holidays != NULL
                             ? site_what(path, &what, err)
                             : sgn_nomem(err);

    if (st == SGN_OK) {
        switch (what.kind) {
        case SITE_IS_TEAMS:
            st = check_teams(&check, &what, err);
            break;
        case SITE_IS_WORKFLOWS:
            st = check_workflows(&check, &what, err);
            break;
        case SITE_IS_SCRIPT:
            st = check_script(&check, &what, err);
            break;
        case SITE_IS_TEST:
            st = check_test(&check, what.path, err);
            break;
        }
    }
    site_view_deinit(&check.view);
    site_what_deinit(&what);
    json_decref(check.shipped);
    json_decref(check.holidays);
    return st;
}
