/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "graph": draws a workflow from its file, from a team's or site's folder, or a shipped one by
 * its name. Needs no server; pictures are made by the user's own dot.
 */
#include "local.h"

#include "diagram.h"
#include "dsl.h"
#include "graphviz.h"
#include "json.h"
#include "model.h"
#include "shipped.h"
#include "site.h"
#include "text.h"
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- the source ---- */

/* {files, use}: one file as a team of its own would have it. */
static enum sgn_status
load_source(const char *name, const char *source, json_t **answer, struct sgn_error *err)
{
    char *path = sgn_format("workflows/%s.lua", name);
    char *team = sgn_format("return team \"drawing\" { use \"%s\" }\n", name);
    json_t *input = NULL;
    enum sgn_status st = SGN_NOMEM;

    if (path != NULL && team != NULL)
        input = json_pack("{s:s, s:{s:s, s:s}, s:{}}", "team", "drawing", "files", "team.lua", team,
                          path, source, "shipped");
    st = input != NULL ? dsl_load(NULL, input, answer, err) : sgn_nomem(err);
    json_decref(input);
    free(team);
    free(path);
    return st;
}

static enum sgn_status
load_file(const char *path, json_t **answer, struct sgn_error *err)
{
    char *copy = strdup(path);
    char *name = copy != NULL ? basename(copy) : NULL;
    char *source = NULL;
    size_t bytes = 0, n = name != NULL ? strlen(name) : 0;
    enum sgn_status st =
        name != NULL ? site_read(path, SITE_FILE_MAX, &source, &bytes, err) : sgn_nomem(err);

    if (st == SGN_OK && (n < 5 || strcmp(name + n - 4, ".lua") != 0))
        st = sgn_fail(err, SGN_INVALID, "%s: expected a workflow's file, NAME.lua", path);
    if (st == SGN_OK) {
        name[n - 4] = '\0';
        st = load_source(name, source, answer, err);
    }
    free(source);
    free(copy);
    return st;
}

static enum sgn_status
load_team(const char *dir, const char *team, json_t **answer, struct sgn_error *err)
{
    json_t *files = NULL, *shipped = dsl_shipped_all(), *input = NULL;
    enum sgn_status st = shipped != NULL ? site_team_files(dir, &files, err) : sgn_nomem(err);

    if (st == SGN_OK) {
        input = json_pack("{s:s, s:O, s:O}", "team", team, "files", files, "shipped", shipped);
        st = input != NULL ? dsl_load(NULL, input, answer, err) : sgn_nomem(err);
    }
    json_decref(input);
    json_decref(files);
    json_decref(shipped);
    return st;
}

/* A team's folder, or that of a site with one team. */
static enum sgn_status
load_folder(const char *dir, json_t **answer, struct sgn_error *err)
{
    char *team_file = site_path(dir, "team.lua"), *inner = NULL;
    json_t *teams = NULL;
    char whole[PATH_MAX];
    struct stat unused;
    enum sgn_status st = team_file != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK && stat(team_file, &unused) == 0 && realpath(dir, whole) != NULL) {
        st = load_team(dir, strrchr(whole, '/') + 1, answer, err);
        goto out;
    }
    if (st == SGN_OK)
        st = site_teams(dir, &teams, err);
    if (st == SGN_OK && json_array_size(teams) != 1)
        st = sgn_fail(err, SGN_INVALID, "%s holds %zu teams: name the folder of one, %s/teams/NAME",
                      dir, json_array_size(teams), dir);
    if (st == SGN_OK) {
        const char *team = json_string_value(json_array_get(teams, 0));
        inner = sgn_format("%s/teams/%s", dir, team);
        st = inner != NULL ? load_team(inner, team, answer, err) : sgn_nomem(err);
    }
out:
    json_decref(teams);
    free(inner);
    free(team_file);
    return st;
}

/* A path when there is one, else the name of a shipped workflow. */
static enum sgn_status
load(const char *what, json_t **answer, struct sgn_error *err)
{
    struct stat found;
    json_t *names;
    const char *near;

    if (stat(what, &found) == 0)
        return S_ISDIR(found.st_mode) ? load_folder(what, answer, err)
                                      : load_file(what, answer, err);
    if (dsl_shipped(what) != NULL)
        return load_source(what, dsl_shipped(what), answer, err);
    names = json_array();
    for (int i = 0; dsl_shipped_name(i) != NULL; i++)
        (void)json_array_append_new(names, json_string(dsl_shipped_name(i)));
    near = sgn_nearest_json(what, names);
    sgn_fail(err, SGN_NOT_FOUND, "%s is no file or folder, and no shipped workflow%s%s%s", what,
             near != NULL ? "; did you mean " : "", near != NULL ? near : "",
             near != NULL ? "?" : "");
    json_decref(names);
    return SGN_NOT_FOUND;
}

/* ---- the workflow ---- */

/* Files with mistakes are not drawn: a drawing of half of the rules would mislead. */
static enum sgn_status
expect_no_mistakes(const json_t *answer, const char *what, struct sgn_error *err)
{
    const json_t *mistake;
    size_t i;

    json_array_foreach(json_object_get(answer, "mistakes"), i, mistake) {
        const char *severity = sgn_json_str(mistake, "severity");
        if (severity != NULL && strcmp(severity, "error") != 0)
            continue;
        sgn_fail(err, SGN_INVALID, "%s:%lld: %s", sgn_json_str(mistake, "file"),
                 (long long)sgn_json_int(mistake, "line", 0), sgn_json_str(mistake, "message"));
        sgn_error_add(err, "hint",
                      json_sprintf("signoff check says all that is wrong in %s", what));
        return SGN_INVALID;
    }
    return SGN_OK;
}

/* The one there is, or the one that is named. */
static enum sgn_status
choose(const json_t *answer, const char *what, const char *name, struct model **out,
       struct sgn_error *err)
{
    json_t *workflows = json_object_get(answer, "workflows"), *version = NULL, *each;
    struct sgn_buf list;
    const char *key;
    enum sgn_status st;

    sgn_buf_init(&list, 4096);
    json_object_foreach(workflows, key, each) {
        (void)sgn_buf_printf(&list, "%s%s", list.len > 0 ? ", " : "", key);
        if (name != NULL ? strcmp(key, name) == 0 : json_object_size(workflows) == 1)
            version = each;
    }
    if (version == NULL && name != NULL)
        st = sgn_fail(err, SGN_NOT_FOUND, "%s has no workflow %s; it has %s", what, name,
                      list.len > 0 ? list.bytes : "none");
    else if (version == NULL)
        st = sgn_fail(err, SGN_INVALID, "%s has several workflows: name one of %s", what,
                      list.len > 0 ? list.bytes : "none");
    else
        st = model_parse(json_object_get(version, "model"), json_object_get(version, "functions"),
                         out, err);
    sgn_buf_deinit(&list);
    return st;
}

enum sgn_status
local_graph(struct cli *cli, struct sgn_error *err)
{
    const char *what = cli_word(&cli->args, 0);
    json_t *answer = NULL;
    struct model *model = NULL;
    struct diagram_options options = { .language = cli->language };
    const char *format = NULL;
    bool picture = false;
    char *text = NULL;
    enum sgn_status st = graph_options(cli, &format, &picture, err);

    if (st == SGN_OK)
        st = load(what, &answer, err);
    if (st == SGN_OK)
        st = expect_no_mistakes(answer, what, err);
    if (st == SGN_OK)
        st = choose(answer, what, cli_word(&cli->args, 1), &model, err);
    if (st == SGN_OK)
        (void)diagram_format_of(format, &options.format);
    if (st == SGN_OK)
        st = diagram_draw(model, &options, &text, err);
    if (st == SGN_OK)
        st = graph_give(cli, text, picture, err);
    free(text);
    model_free(model);
    json_decref(answer);
    return st;
}
