/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "check": loads the scripts of a site as the server would and prints all mistakes, each with
 * its place, the line it is on, and what would be right.
 */
#include "local.h"

#include "calendars.h"
#include "check.h"
#include "dsl.h"
#include "json.h"
#include "model.h"
#include "shipped.h"
#include "site.h"
#include "team.h"
#include "text.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct check {
    struct cli *cli;
    const json_t *shipped, *holidays;
    int teams, workflows, errors, warnings;
};

/* ---- printing ---- */

/* The n-th line of a source (1 is the first), without its end; NULL when there is none. */
static char *
source_line(const char *source, int64_t n)
{
    while (source != NULL && n > 1) {
        source = strchr(source, '\n');
        source = source != NULL ? source + 1 : NULL;
        n--;
    }
    return source != NULL && n == 1 ? strndup(source, strcspn(source, "\r\n")) : NULL;
}

static void
print_source(const struct cli_output *o, const char *source, const json_t *mistake)
{
    int64_t column = sgn_json_int(mistake, "column", 0);
    char *text = source_line(source, sgn_json_int(mistake, "line", 0));
    struct sgn_buf clean;

    if (text == NULL)
        return;
    sgn_buf_init(&clean, SITE_FILE_MAX);
    cli_text_put(&clean, text, 0);
    fprintf(o->out, "%6lld | %s\n", (long long)sgn_json_int(mistake, "line", 0),
            clean.bytes != NULL ? clean.bytes : "");
    if (column > 0 && column <= (int64_t)strlen(text) + 1)
        fprintf(o->out, "       | %*s%s^%s\n", (int)column - 1, "", cli_style(o->colour, CLI_GREEN),
                cli_style(o->colour, CLI_PLAIN));
    sgn_buf_deinit(&clean);
    free(text);
}

/* file is where the reader finds it; source may be NULL. */
static void
print_mistake(struct check *check, const char *file, const char *source, const json_t *mistake)
{
    const struct cli_output *o = &check->cli->output;
    const char *severity = sgn_json_str(mistake, "severity");
    const char *message = sgn_json_str(mistake, "message");
    const char *hint = sgn_json_str(mistake, "hint"), *id = sgn_json_str(mistake, "id");
    int64_t line = sgn_json_int(mistake, "line", 0), column = sgn_json_int(mistake, "column", 0);
    bool warning = severity != NULL && strcmp(severity, "warning") == 0;

    if (warning)
        check->warnings++;
    else
        check->errors++;
    if (o->json) {
        json_t *item = json_copy((json_t *)mistake);
        if (item != NULL && json_object_set_new(item, "file", json_string(file)) == 0)
            cli_print_json(o, item);
        json_decref(item);
        return;
    }
    fprintf(o->out, "%s%s", cli_style(o->colour, CLI_BOLD), file);
    if (line > 0)
        fprintf(o->out, ":%lld", (long long)line);
    if (line > 0 && column > 0)
        fprintf(o->out, ":%lld", (long long)column);
    fprintf(o->out, ": %s%s:%s %s%s%s%s\n", cli_style(o->colour, warning ? CLI_YELLOW : CLI_RED),
            warning ? "warning" : "error", cli_style(o->colour, CLI_PLAIN),
            message != NULL ? message : "unknown mistake", id != NULL ? " [" : "",
            id != NULL ? id : "", id != NULL ? "]" : "");
    print_source(o, source, mistake);
    if (hint != NULL)
        fprintf(o->out, "       = %s\n", hint);
}

/* A mistake of ours to tell: what the engine's own parsers found. */
static void
print_fault(struct check *check, const char *file, const struct sgn_error *why)
{
    const char *pointer = sgn_json_str(why->data, "pointer");
    json_t *mistake = json_pack("{s:s, s:s, s:s*}", "severity", "error", "message", why->message,
                                "hint", pointer);

    print_mistake(check, file, NULL, mistake);
    json_decref(mistake);
}

/* ---- loading ---- */

static void
print_mistakes(struct check *check, const char *dir, const json_t *files, const json_t *mistakes)
{
    const json_t *mistake;
    size_t i;

    json_array_foreach(mistakes, i, mistake) {
        const char *name = sgn_json_str(mistake, "file");
        const char *source = sgn_json_str(files, name != NULL ? name : "");
        bool shipped = source == NULL && name != NULL && json_object_get(files, name) == NULL;
        char *path =
            shipped ? sgn_format("(shipped) %s", name) : site_path(dir, name != NULL ? name : "");
        print_mistake(check, path != NULL ? path : "?", source, mistake);
        free(path);
    }
}

/* The holiday files that the calendars name, read as the server would. */
static enum sgn_status
check_calendars(struct check *check, const char *dir, const struct model_team *team,
                const json_t *files, struct sgn_error *err)
{
    json_t *mistakes = json_array(), *calendars = NULL, *mistake;
    size_t i;
    enum sgn_status st = mistakes != NULL ? lane_calendars_read(dir, team, check->holidays,
                                                                mistakes, &calendars, err)
                                          : sgn_nomem(err);

    json_array_foreach(mistakes, i, mistake) {
        const char *name = sgn_json_str(mistake, "file");
        bool own = strpbrk(name, "./") != NULL;
        char *path = own ? site_path(dir, name) : sgn_format("(shipped) %s", name);
        print_mistake(check, path != NULL ? path : name, sgn_json_str(files, name), mistake);
        free(path);
    }
    json_decref(mistakes);
    json_decref(calendars);
    return st;
}

/* What the engine itself says to a team and its workflows: a second, independent reading. */
static enum sgn_status
parse_models(struct check *check, const char *dir, const json_t *files, const json_t *answer,
             struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    struct model_team *team = NULL;
    const char *name;
    json_t *version;
    enum sgn_status st = SGN_OK;

    if (model_team_parse(json_object_get(answer, "team"), &team, &why) != SGN_OK) {
        char *path = site_path(dir, "team.lua");
        print_fault(check, path != NULL ? path : "team.lua", &why);
        free(path);
    } else {
        st = check_calendars(check, dir, team, files, err);
    }
    model_team_free(team);
    json_object_foreach(json_object_get(answer, "workflows"), name, version) {
        const char *file = sgn_json_str(version, "file");
        struct model *model = NULL;

        sgn_error_clear(&why);
        check->workflows++;
        if (model_parse(json_object_get(version, "model"), json_object_get(version, "functions"),
                        &model, &why) != SGN_OK)
            print_fault(check, file != NULL ? file : name, &why);
        model_free(model);
    }
    sgn_error_clear(&why);
    return st;
}

static enum sgn_status
check_team(struct check *check, const char *dir, const char *name, struct sgn_error *err)
{
    json_t *files = NULL, *input = NULL, *answer = NULL, *mistakes = NULL;
    int errors = check->errors;
    enum sgn_status st = site_team_files(dir, &files, err);

    if (st != SGN_OK)
        goto out;
    input = json_pack("{s:s, s:O, s:O}", "team", name, "files", files, "shipped", check->shipped);
    st = input != NULL ? dsl_load(NULL, input, &answer, err) : sgn_nomem(err);
    if (st != SGN_OK)
        goto out;
    check->teams++;
    st = check_load(answer, &mistakes, err);
    if (st != SGN_OK)
        goto out;
    print_mistakes(check, dir, files, mistakes);
    if (check->errors == errors)
        st = parse_models(check, dir, files, answer, err);
out:
    json_decref(mistakes);
    json_decref(answer);
    json_decref(input);
    json_decref(files);
    return st;
}

static enum sgn_status
check_site(struct check *check, const char *dir, struct sgn_error *err)
{
    json_t *teams = NULL;
    const json_t *team;
    size_t i;
    enum sgn_status st = site_teams(dir, &teams, err);

    if (st == SGN_OK && json_array_size(teams) == 0)
        st = sgn_fail(err, SGN_NOT_FOUND, "%s/teams holds no team: expected teams/NAME/team.lua",
                      dir);
    json_array_foreach(teams, i, team) {
        char *path = sgn_format("%s/teams/%s", dir, json_string_value(team));
        if (st == SGN_OK)
            st = path != NULL ? check_team(check, path, json_string_value(team), err)
                              : sgn_nomem(err);
        free(path);
    }
    json_decref(teams);
    return st;
}

/* A team's own folder is named after the team. */
static enum sgn_status
check_folder(struct check *check, const char *dir, struct sgn_error *err)
{
    char *team = site_path(dir, "team.lua");
    char whole[PATH_MAX];
    enum sgn_status st;

    if (team == NULL)
        st = sgn_nomem(err);
    else if (access(team, F_OK) != 0)
        st = check_site(check, dir, err);
    else if (realpath(dir, whole) == NULL)
        st = sgn_fail(err, SGN_UNAVAILABLE, "%s cannot be read", dir);
    else
        st = check_team(check, dir, strrchr(whole, '/') + 1, err);
    free(team);
    return st;
}

enum sgn_status
local_check(struct cli *cli, struct sgn_error *err)
{
    json_t *shipped = dsl_shipped_all(), *holidays = dsl_shipped_holidays();
    struct check check = { .cli = cli, .shipped = shipped, .holidays = holidays };
    bool strict = cli_given(&cli->args, "strict");
    enum sgn_status st = shipped != NULL && holidays != NULL
                             ? check_folder(&check, cli_word(&cli->args, 0), err)
                             : sgn_nomem(err);

    if (st == SGN_OK && !cli->output.json)
        fprintf(cli->output.out, "%s%d team%s, %d workflow%s: %d error%s, %d warning%s\n",
                check.errors + check.warnings > 0 ? "\n" : "", check.teams,
                check.teams == 1 ? "" : "s", check.workflows, check.workflows == 1 ? "" : "s",
                check.errors, check.errors == 1 ? "" : "s", check.warnings,
                check.warnings == 1 ? "" : "s");
    if (check.errors > 0 || (strict && check.warnings > 0))
        cli->exit_code = CLI_FAILED;
    json_decref(shipped);
    json_decref(holidays);
    return st;
}
