/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "check": loads the scripts of a site, of a team's folder or a single one as the server would, and
 * says everything that is wrong with them, or most likely not meant.
 */
#include "local_check.h"

#include "calendars.h"
#include "check.h"
#include "dsl.h"
#include "json.h"
#include "model.h"
#include "shipped.h"
#include "site.h"
#include "team.h"
#include "text.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct check {
    struct findings findings;
    json_t *shipped, *holidays;
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
        json_array_append(check->findings.mistakes, one) != 0 ||
        (text != NULL &&
         json_object_set_new(check->findings.sources, file, json_string(text)) != 0)) {
        json_decref(one);
        return sgn_nomem(err);
    }
    json_decref(one);
    if (is_error(mistake))
        check->findings.errors++;
    else
        check->findings.warnings++;
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
        char *path = shipped != NULL ? strdup(name) : site_path(dir, name);

        if (shipped != NULL)
            text = sgn_json_str(check->shipped, shipped);
        if (st == SGN_OK)
            st = path != NULL ? add(check, one, path, text, err) : sgn_nomem(err);
        free(shipped);
        free(path);
    }
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
        check->findings.workflows += (int)json_object_size(json_object_get(*answer, "workflows"));
    }
    json_decref(all);
    json_decref(input);
    return st;
}

static enum sgn_status
check_team(struct check *check, const char *dir, const char *name, struct sgn_error *err)
{
    json_t *files = NULL, *problems = json_array(), *answer = NULL, *mistakes = NULL;
    int errors = check->findings.errors;
    enum sgn_status st =
        problems != NULL ? site_team_read(dir, problems, &files, err) : sgn_nomem(err);

    if (st == SGN_OK)
        st = load(check, name, files, problems, &mistakes, &answer, err);
    check->findings.teams++;
    if (st == SGN_OK)
        st = add_all(check, dir, files, mistakes, err);
    if (st == SGN_OK && check->findings.errors == errors)
        st = check_calendars(check, dir, files, answer, err);
    json_decref(mistakes);
    json_decref(answer);
    json_decref(problems);
    json_decref(files);
    return st;
}

/* ---- a single script ---- */

/* What only the whole team knows: its calendars, and what else uses the file. */
static bool
is_teams(const json_t *mistake)
{
    const char *id = sgn_json_str(mistake, "id"), *file = sgn_json_str(mistake, "file");

    return strcmp(file, "team.lua") == 0 ||
           (id != NULL && (strcmp(id, "working-time") == 0 || strcmp(id, "unknown-clock") == 0));
}

/* A team is made up around it that uses nothing else. */
static enum sgn_status
check_script(struct check *check, const char *path, struct sgn_error *err)
{
    const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;
    char *name = strndup(base, strlen(base) - strlen(".lua"));
    char *inner = sgn_format("workflows/%s", base);
    char *team = name != NULL ? sgn_format("return team \"team\" { use \"%s\" }", name) : NULL;
    json_t *files = NULL, *problems = json_array(), *answer = NULL, *mistakes = NULL;
    const json_t *one;
    size_t i;
    enum sgn_status st = sgn_nomem(err);

    if (name == NULL || inner == NULL || team == NULL || problems == NULL)
        goto out;
    st = sgn_name_valid(name)
             ? site_script_read(path, inner, problems, &files, err)
             : sgn_fail(err, SGN_INVALID,
                        "%s: a script is named after its workflow: small letters, digits and _",
                        path);
    if (st == SGN_OK && json_object_set_new(files, "team.lua", json_string(team)) != 0)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = load(check, "team", files, problems, &mistakes, &answer, err);
    json_array_foreach(mistakes, i, one) {
        if (st == SGN_OK && !is_teams(one))
            st = add(check, one, path, sgn_json_str(files, inner), err);
    }
out:
    json_decref(mistakes);
    json_decref(answer);
    json_decref(problems);
    json_decref(files);
    free(team);
    free(inner);
    free(name);
    return st;
}

/* ---- a site ---- */

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
check_one_of_site(struct check *check, const char *dir, const char *name, struct sgn_error *err)
{
    char *path = sgn_format("%s/teams/%s", dir, name);
    json_t *mistake;
    enum sgn_status st = path != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK && leads_out(dir, path)) {
        mistake = json_pack("{s:s, s:s, s:i, s:i, s:s}", "severity", "error", "file", path, "line",
                            1, "column", 1, "message", "a link that leads out of the site");
        st = mistake != NULL ? add(check, mistake, path, NULL, err) : sgn_nomem(err);
        json_decref(mistake);
    } else if (st == SGN_OK) {
        st = check_team(check, path, name, err);
    }
    free(path);
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
        if (st == SGN_OK)
            st = check_one_of_site(check, dir, json_string_value(team), err);
    }
    json_decref(teams);
    return st;
}

/* A team's own folder is named after the team; team.lua alone means its folder. */
static enum sgn_status
check_folder(struct check *check, const char *dir, struct sgn_error *err)
{
    char *team = site_path(dir, "team.lua"), *whole = realpath(dir, NULL);
    struct stat info;
    enum sgn_status st;

    if (team == NULL || whole == NULL)
        st = sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", dir, strerror(errno));
    else if (stat(team, &info) != 0)
        st = check_site(check, dir, err);
    else
        st = check_team(check, dir, strrchr(whole, '/') + 1, err);
    free(whole);
    free(team);
    return st;
}

static enum sgn_status
check_path(struct check *check, const char *path, struct sgn_error *err)
{
    size_t n = strlen(path);
    struct stat info;
    char *dir;
    enum sgn_status st;

    if (stat(path, &info) != 0)
        return sgn_fail(err, SGN_NOT_FOUND, "%s: %s", path, strerror(errno));
    if (S_ISDIR(info.st_mode))
        return check_folder(check, path, err);
    if (n <= 4 || strcmp(path + n - 4, ".lua") != 0)
        return sgn_fail(err, SGN_INVALID, "%s: expected a site, a team's folder or a script (.lua)",
                        path);
    if (n < 8 || strcmp(path + n - 8, "team.lua") != 0 || (n > 8 && path[n - 9] != '/'))
        return check_script(check, path, err);
    dir = n > 8 ? strndup(path, n - 9) : strdup(".");
    st = dir != NULL ? check_folder(check, dir, err) : sgn_nomem(err);
    free(dir);
    return st;
}

/* ---- what there is to find ---- */

static enum sgn_status
explain(const struct cli_output *o, const char *id, struct sgn_error *err)
{
    const struct check_kind *kind = check_kind_find(id);
    const char *near = check_kind_nearest(id);

    if (kind == NULL)
        return sgn_fail(err, SGN_NOT_FOUND, "no finding is called '%s'%s%s%s", id,
                        near != NULL ? "; did you mean '" : "; see signoff check --list",
                        near != NULL ? near : "", near != NULL ? "'?" : "");
    fprintf(o->out, "%s%s%s: %s\n\n", cli_style(o->colour, CLI_BOLD), kind->id,
            cli_style(o->colour, CLI_PLAIN), kind->says);
    cli_text_lines(o, kind->because, 0, 0);
    cli_text_lines(o, kind->instead, 0, 0);
    fprintf(o->out, "\nTo allow it at one place:  -- signoff: allow %s: why\n", kind->id);
    return SGN_OK;
}

static enum sgn_status
list(const struct cli_output *o, struct sgn_error *err)
{
    json_t *rows = json_array();
    size_t n;
    const struct check_kind *kinds = check_kinds(&n);
    enum sgn_status st = SGN_OK;

    for (size_t i = 0; i < n; i++)
        (void)json_array_append_new(
            rows, json_pack("{s:s, s:s}", "id", kinds[i].id, "finds", kinds[i].says));
    if (rows == NULL)
        return sgn_nomem(err);
    if (o->json)
        for (size_t i = 0; i < n; i++)
            cli_print_json(o, json_array_get(rows, i));
    else
        st = cli_table_print(o, "id finds", rows, err);
    json_decref(rows);
    return st;
}

static enum sgn_status
page(const struct cli_output *o, struct sgn_error *err)
{
    char *text = check_kinds_page();

    if (text == NULL)
        return sgn_nomem(err);
    fputs(text, o->out);
    free(text);
    return SGN_OK;
}

static enum sgn_status
print(struct cli *cli, const struct check *check, struct sgn_error *err)
{
    if (cli_given(&cli->args, "sarif"))
        return findings_sarif(&cli->output, &check->findings, err);
    if (cli->output.json)
        findings_json(&cli->output, &check->findings);
    else
        findings_text(&cli->output, &check->findings);
    return SGN_OK;
}

static enum sgn_status
no_path(struct cli *cli, struct sgn_error *err)
{
    cli->exit_code = CLI_USAGE;
    return sgn_fail(err, SGN_INVALID, "check needs PATH: a site, a team's folder or a script");
}

enum sgn_status
local_check(struct cli *cli, struct sgn_error *err)
{
    const char *path = cli_word(&cli->args, 0), *id = cli_option(&cli->args, "explain");
    struct check check = { .shipped = dsl_shipped_all(), .holidays = dsl_shipped_holidays() };
    struct findings *findings = &check.findings;
    enum sgn_status st = SGN_OK;

    findings->mistakes = json_array();
    findings->sources = json_object();
    if (check.shipped == NULL || check.holidays == NULL || findings->mistakes == NULL ||
        findings->sources == NULL)
        st = sgn_nomem(err);
    else if (id != NULL)
        st = explain(&cli->output, id, err);
    else if (cli_given(&cli->args, "list"))
        st = list(&cli->output, err);
    else if (cli_given(&cli->args, "reference"))
        st = page(&cli->output, err);
    else if (path == NULL)
        st = no_path(cli, err);
    else
        st = check_path(&check, path, err);
    if (st == SGN_OK && path != NULL)
        st = print(cli, &check, err);
    if (findings->errors > 0 || (cli_given(&cli->args, "strict") && findings->warnings > 0))
        cli->exit_code = CLI_FAILED;
    json_decref(findings->mistakes);
    json_decref(findings->sources);
    json_decref(check.shipped);
    json_decref(check.holidays);
    return st;
}
