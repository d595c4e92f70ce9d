/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "graph": draws workflows from their files, from a team's or site's folder, or a shipped one by
 * its name. Needs no server; pictures are made by the user's own dot.
 */
#include "local.h"

#include "diagram.h"
#include "dsl.h"
#include "graphviz.h"
#include "json.h"
#include "model.h"
#include "rules.h"
#include "shipped.h"
#include "site.h"
#include "site_what.h"
#include "text.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- the source ---- */

/* Files of a team, as its loader takes them. */
static enum sgn_status
load_files(const char *team, json_t *files_take, json_t **answer, struct sgn_error *err)
{
    json_t *input = json_pack("{s:s, s:o, s:o}", "team", team, "files", files_take, "shipped",
                              dsl_shipped_all());
    enum sgn_status st = input != NULL ? dsl_load(NULL, input, answer, err) : sgn_nomem(err);

    json_decref(input);
    return st;
}

/* Scripts without a team's folder, {NAME.lua: SOURCE}. */
static enum sgn_status
load_scripts(const json_t *found, json_t **answer, struct sgn_error *err)
{
    json_t *files = NULL;
    enum sgn_status st = site_wrap(found, &files, err);

    return st == SGN_OK ? load_files(SITE_OWN_TEAM, files, answer, err) : st;
}

static enum sgn_status
load_script(const char *path, json_t **answer, struct sgn_error *err)
{
    const char *slash = strrchr(path, '/');
    json_t *found = NULL;
    enum sgn_status st =
        site_script_read(path, slash != NULL ? slash + 1 : path, NULL, &found, err);

    if (st == SGN_OK)
        st = load_scripts(found, answer, err);
    json_decref(found);
    return st;
}

static enum sgn_status
load_workflows(const char *dir, json_t **answer, struct sgn_error *err)
{
    json_t *found = NULL;
    enum sgn_status st = site_team_files(dir, &found, err);

    if (st == SGN_OK)
        st = load_scripts(found, answer, err);
    json_decref(found);
    return st;
}

static enum sgn_status
load_shipped(const char *name, json_t **answer, struct sgn_error *err)
{
    char *file = sgn_format("%s.lua", name);
    json_t *found = file != NULL ? json_pack("{s:s}", file, dsl_shipped(name)) : NULL;
    enum sgn_status st = found != NULL ? load_scripts(found, answer, err) : sgn_nomem(err);

    json_decref(found);
    free(file);
    return st;
}

static enum sgn_status
load_team(const struct site_what *what, json_t **answer, struct sgn_error *err)
{
    const char *dir = json_string_value(json_array_get(what->teams, 0));
    char *name;
    json_t *files = NULL;
    enum sgn_status st;

    if (json_array_size(what->teams) != 1)
        return sgn_fail(err, SGN_INVALID, "%s holds %zu teams: name the folder of one, such as %s",
                        what->path, json_array_size(what->teams), dir);
    name = site_team_name(dir);
    st = name != NULL ? site_team_files(dir, &files, err) : sgn_nomem(err);
    if (st == SGN_OK)
        st = load_files(name, files, answer, err);
    free(name);
    return st;
}

static enum sgn_status
refuse_test(const char *path, struct sgn_error *err)
{
    int n = (int)(strlen(path) - strlen(RULES_TEST_END));

    return sgn_fail(err, SGN_INVALID,
                    "%s holds tests, which are not drawn; the workflow that they test: signoff "
                    "graph %.*s.lua, or by its name",
                    path, n, path);
}

static enum sgn_status
load_path(const struct site_what *what, json_t **answer, struct sgn_error *err)
{
    switch (what->kind) {
    case SITE_IS_TEAMS:
        return load_team(what, answer, err);
    case SITE_IS_WORKFLOWS:
        return load_workflows(what->path, answer, err);
    case SITE_IS_SCRIPT:
        return load_script(what->path, answer, err);
    case SITE_IS_TEST:
        break;
    }
    return refuse_test(what->path, err);
}

/* A path when there is one, else the name of a shipped workflow. */
static enum sgn_status
load(const char *word, struct site_what *what, json_t **answer, struct sgn_error *err)
{
    struct stat found;
    json_t *names;
    const char *near;

    if (stat(word, &found) == 0) {
        enum sgn_status st = site_what(word, what, err);
        return st == SGN_OK ? load_path(what, answer, err) : st;
    }
    if (dsl_shipped(word) != NULL)
        return load_shipped(word, answer, err);
    names = json_array();
    for (int i = 0; dsl_shipped_name(i) != NULL; i++)
        (void)json_array_append_new(names, json_string(dsl_shipped_name(i)));
    near = sgn_nearest_json(word, names);
    sgn_fail(err, SGN_NOT_FOUND, "there is no file or folder %s, and no shipped workflow%s%s%s",
             word, near != NULL ? "; did you mean " : "", near != NULL ? near : "",
             near != NULL ? "?" : "");
    json_decref(names);
    return SGN_NOT_FOUND;
}

/* ---- the workflow ---- */

/* Files with mistakes are not drawn: a drawing of half of the rules would mislead. */
static enum sgn_status
expect_no_mistakes(const json_t *answer, const char *word, const struct site_what *what,
                   struct sgn_error *err)
{
    const json_t *mistake, *first = NULL;
    char *place;
    size_t i;
    int n = 0;

    json_array_foreach(json_object_get(answer, "mistakes"), i, mistake) {
        const char *severity = sgn_json_str(mistake, "severity");
        bool error = severity == NULL || strcmp(severity, "error") == 0;

        first = error && n == 0 ? mistake : first;
        n += error;
    }
    if (n == 0)
        return SGN_OK;
    place = what->path != NULL ? site_place(what, sgn_json_str(first, "file")) : NULL;
    sgn_fail(err, SGN_INVALID, "%s is not drawn, mistakes in it: %d; the first: %s:%lld:%lld: %s",
             word, n, place != NULL ? place : sgn_json_str(first, "file"),
             (long long)sgn_json_int(first, "line", 1), (long long)sgn_json_int(first, "column", 1),
             sgn_json_str(first, "message"));
    free(place);
    sgn_error_add(err, "hint", json_sprintf("all of them: signoff check %s", word));
    return SGN_INVALID;
}

/* The names that there are, ", " between them. */
static void
put_names(struct sgn_buf *list, const json_t *workflows)
{
    const char *key;
    json_t *each;

    json_object_foreach((json_t *)workflows, key, each)
        (void)sgn_buf_printf(list, "%s%s", list->len > 0 ? ", " : "", key);
}

/* Which are wanted: the one there is, the one that is named, or all of them into a folder. */
static enum sgn_status
choose(const json_t *answer, const char *what, const char *name, bool all, json_t **out,
       struct sgn_error *err)
{
    json_t *workflows = json_object_get(answer, "workflows");
    struct sgn_buf list;
    enum sgn_status st = SGN_OK;

    sgn_buf_init(&list, 4096);
    put_names(&list, workflows);
    if (json_object_size(workflows) == 0)
        st = sgn_fail(err, SGN_NOT_FOUND, "%s has no workflows: use \"issue\" in team.lua has one",
                      what);
    else if (name != NULL && json_object_get(workflows, name) == NULL)
        st = sgn_fail(err, SGN_NOT_FOUND, "%s has no workflow %s; it has %s", what, name,
                      list.bytes);
    else if (name == NULL && !all && json_object_size(workflows) > 1)
        st = sgn_fail(err, SGN_INVALID,
                      "%s has several workflows: name one of %s; or draw all of them into a "
                      "folder: --output FOLDER/",
                      what, list.bytes);
    else if (name != NULL)
        *out = json_pack("{s:O}", name, json_object_get(workflows, name));
    else
        *out = json_incref(workflows);
    sgn_buf_deinit(&list);
    return st != SGN_OK || *out != NULL ? st : sgn_nomem(err);
}

/* ---- drawing ---- */

/* Is --output a folder? One that is there, or a name that can be nothing else. */
static bool
into_folder(const char *path)
{
    struct stat found;

    return path != NULL && path[0] != '\0' &&
           (path[strlen(path) - 1] == '/' || (stat(path, &found) == 0 && S_ISDIR(found.st_mode)));
}

static enum sgn_status
draw_one(struct cli *cli, const json_t *version, const struct diagram_options *options,
         bool picture, const char *path, struct sgn_error *err)
{
    struct model *model = NULL;
    char *text = NULL;
    enum sgn_status st = model_parse(json_object_get(version, "model"),
                                     json_object_get(version, "functions"), &model, err);

    if (st == SGN_OK)
        st = diagram_draw(model, options, &text, err);
    if (st == SGN_OK)
        st = graph_give(cli, text, picture, path, err);
    free(text);
    model_free(model);
    return st;
}

/* One file for each, FOLDER/WORKFLOW.mmd and the like; says what it has written. */
static enum sgn_status
draw_all(struct cli *cli, const json_t *chosen, const struct diagram_options *options, bool picture,
         const char *folder, struct sgn_error *err)
{
    const char *end = picture ? "svg" : options->format == DIAGRAM_DOT ? "dot" : "mmd", *name;
    json_t *version;
    enum sgn_status st = SGN_OK;

    if (mkdir(folder, 0755) != 0 && errno != EEXIST)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", folder, strerror(errno));
    json_object_foreach((json_t *)chosen, name, version) {
        char *file = sgn_format("%s.%s", name, end);
        char *path = file != NULL ? site_path(folder, file) : NULL;

        if (st == SGN_OK)
            st =
                path != NULL ? draw_one(cli, version, options, picture, path, err) : sgn_nomem(err);
        if (st == SGN_OK && !cli->output.json)
            fprintf(cli->output.out, "%s\n", path);
        free(path);
        free(file);
    }
    return st;
}

enum sgn_status
local_graph(struct cli *cli, struct sgn_error *err)
{
    const char *word = cli_word(&cli->args, 0), *output = cli_option(&cli->args, "output");
    bool all = into_folder(output), picture = false;
    json_t *answer = NULL, *chosen = NULL;
    struct site_what what = { 0 };
    struct diagram_options options = { .language = cli->language };
    const char *format = NULL;
    enum sgn_status st = graph_options(cli, &format, &picture, err);

    if (st == SGN_OK)
        st = load(word, &what, &answer, err);
    if (st == SGN_OK)
        st = expect_no_mistakes(answer, word, &what, err);
    if (st == SGN_OK)
        st = choose(answer, word, cli_word(&cli->args, 1), all, &chosen, err);
    if (st == SGN_OK)
        (void)diagram_format_of(format, &options.format);
    if (st == SGN_OK && all)
        st = draw_all(cli, chosen, &options, picture, output, err);
    else if (st == SGN_OK)
        st = draw_one(cli, json_object_iter_value(json_object_iter(chosen)), &options, picture,
                      output, err);
    site_what_deinit(&what);
    json_decref(chosen);
    json_decref(answer);
    return st;
}
