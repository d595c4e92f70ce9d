/* SPDX-License-Identifier: Apache-2.0 */
/* From a word of the command line to folders and files, see site_what.h. */
#include "site_what.h"

#include "buf.h"
#include "rules.h"
#include "scripts.h"
#include "site.h"
#include "text.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define TEAM_MAX 65536

/* The folder around a path: by its text, so that messages show what the user wrote. */
static char *
folder_of(const char *path)
{
    size_t n = strlen(path);
    const char *slash;

    while (n > 1 && path[n - 1] == '/')
        n--;
    slash = memrchr(path, '/', n);
    if (sgn_text_ends(path, ".") && (n == 1 || path[n - 2] == '/' || path[n - 2] == '.'))
        return n == 1 ? strdup("..") : sgn_format("%.*s/..", (int)n, path);
    if (slash == NULL)
        return strdup(".");
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

char *
site_team_name(const char *dir)
{
    char *whole = realpath(dir, NULL), *name = NULL;

    if (whole != NULL)
        name = strdup(strrchr(whole, '/') + 1);
    free(whole);
    return name;
}

/* ---- folders ---- */

/* What lies in a folder: the folders that hold a team.lua, and whether there are scripts. */
static enum sgn_status
look_into(const char *dir, json_t *teams, bool *scripts, struct sgn_error *err)
{
    struct dirent **entries = NULL;
    int n = check_scan(dir, &entries);
    enum sgn_status st = SGN_OK;

    *scripts = false;
    if (n < 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", dir, strerror(errno));
    for (int i = 0; i < n; i++) {
        char *path = site_shown(dir, entries[i]->d_name);

        *scripts = *scripts || sgn_text_ends(entries[i]->d_name, ".lua");
        if (path == NULL ||
            (site_has(path, "team.lua") && json_array_append_new(teams, json_string(path)) != 0))
            st = sgn_nomem(err);
        free(path);
        free(entries[i]);
    }
    free(entries);
    return st;
}

static enum sgn_status
one_team(struct site_what *out, char *dir_take, struct sgn_error *err)
{
    free(out->path);
    out->path = dir_take;
    out->kind = SITE_IS_TEAMS;
    return dir_take != NULL && json_array_append_new(out->teams, json_string(dir_take)) == 0
               ? SGN_OK
               : sgn_nomem(err);
}

/* Neither a team nor a site: the teams in it, the team it belongs to, or workflows alone. */
static enum sgn_status
other_folder(struct site_what *out, struct sgn_error *err)
{
    char *above = folder_of(out->path);
    bool scripts, has_teams;
    enum sgn_status st =
        above != NULL ? look_into(out->path, out->teams, &scripts, err) : sgn_nomem(err);

    if (st != SGN_OK) {
        free(above);
        return st;
    }
    has_teams = json_array_size(out->teams) > 0;
    if (!has_teams && site_has(above, "team.lua"))
        return one_team(out, above, err);
    free(above);
    out->kind = has_teams ? SITE_IS_TEAMS : SITE_IS_WORKFLOWS;
    out->whole = has_teams;
    if (has_teams || scripts)
        return SGN_OK;
    return sgn_fail(err, SGN_NOT_FOUND,
                    "%s holds no rules: expected a site (teams/NAME/team.lua), a team's folder "
                    "(team.lua), a folder of workflows (NAME.lua) or a script; signoff init DIR "
                    "makes a site",
                    out->path);
}

static enum sgn_status
folder(struct site_what *out, struct sgn_error *err)
{
    bool scripts;
    char *teams;
    enum sgn_status st;

    if (site_has(out->path, "team.lua"))
        return one_team(out, strdup(out->path), err);
    if (!site_has(out->path, "teams"))
        return other_folder(out, err);
    teams = site_shown(out->path, "teams");
    out->kind = SITE_IS_TEAMS;
    out->whole = true;
    st = teams != NULL ? look_into(teams, out->teams, &scripts, err) : sgn_nomem(err);
    if (st == SGN_OK && json_array_size(out->teams) == 0)
        st = sgn_fail(err, SGN_NOT_FOUND, "%s holds no team: expected %s/NAME/team.lua", teams,
                      teams);
    free(teams);
    return st;
}

enum sgn_status
site_what(const char *word, struct site_what *out, struct sgn_error *err)
{
    struct stat info;

    out->path = strdup(word);
    out->teams = json_array();
    if (out->path == NULL || out->teams == NULL)
        return sgn_nomem(err);
    if (stat(word, &info) != 0)
        return errno == ENOENT ? sgn_fail(err, SGN_NOT_FOUND, "there is no file or folder %s", word)
                               : sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", word, strerror(errno));
    if (S_ISDIR(info.st_mode))
        return folder(out, err);
    if (sgn_text_ends(word, "/team.lua") || strcmp(word, "team.lua") == 0)
        return one_team(out, folder_of(word), err);
    out->kind = sgn_text_ends(word, RULES_TEST_END) ? SITE_IS_TEST : SITE_IS_SCRIPT;
    if (out->kind == SITE_IS_TEST || (sgn_text_ends(word, ".lua") && strlen(word) > 4))
        return SGN_OK;
    return sgn_fail(err, SGN_INVALID,
                    "%s is no script: expected a site, a team's folder, a folder of workflows or "
                    "NAME.lua",
                    word);
}

void
site_what_deinit(struct site_what *what)
{
    free(what->path);
    json_decref(what->teams);
    *what = (struct site_what){ 0 };
}

char *
site_place(const struct site_what *what, const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *team = json_string_value(json_array_get(what->teams, 0));

    if (strncmp(file, "shipped/", 8) == 0)
        return strdup(file);
    if (what->kind == SITE_IS_TEAMS)
        return site_shown(team, file);
    if (what->kind == SITE_IS_WORKFLOWS)
        return site_shown(what->path, slash != NULL ? slash + 1 : file);
    return strdup(what->path);
}

/* ---- scripts without a team ---- */

/* Office hours, China's holidays, and every file in use. */
static json_t *
own_team(const json_t *workflows)
{
    struct sgn_buf text;
    const char *path;
    json_t *source, *made = NULL;

    sgn_buf_init(&text, TEAM_MAX);
    (void)sgn_buf_puts(&text, "return team \"" SITE_OWN_TEAM
                              "\" { timezone = \"Asia/Shanghai\", language = \"en\", "
                              "currency = \"CNY\",\n  calendar \"office\" { monday_to_friday = "
                              "{ \"09:00-12:00\", \"13:30-18:00\" }, holidays = \"cn\" },\n");
    json_object_foreach((json_t *)workflows, path, source) {
        const char *base = strrchr(path, '/') + 1;
        (void)sgn_buf_printf(&text, "  use \"%.*s\",\n", (int)strlen(base) - 4, base);
    }
    if (sgn_buf_puts(&text, "}\n") == SGN_OK)
        made = json_string(text.bytes);
    sgn_buf_deinit(&text);
    return made;
}

enum sgn_status
site_wrap(const json_t *found, json_t **files, struct sgn_error *err)
{
    json_t *made = json_object(), *source;
    const char *name;
    bool good = made != NULL;

    json_object_foreach((json_t *)found, name, source) {
        char *path = strchr(name, '/') == NULL ? sgn_format("workflows/%s", name) : NULL;

        good = good && (path == NULL || json_object_set(made, path, source) == 0);
        free(path);
    }
    if (!good || json_object_set_new(made, "team.lua", own_team(made)) != 0) {
        json_decref(made);
        return sgn_nomem(err);
    }
    *files = made;
    return SGN_OK;
}
