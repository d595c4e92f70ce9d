/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mistakes of scripts as a server tells them, printed as "signoff check" prints those of a folder:
 * with the source line, where the files lie on this machine.
 */
#include "mistakes.h"

#include "json.h"
#include "local_check.h"
#include "site.h"
#include "site_what.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The folder of the team in the site that the command speaks to; NULL when that is elsewhere, or
 * when nobody says which of several. malloc'ed. */
static char *
team_folder(const struct cli *cli, const char *team)
{
    const char *site = cli_option(&cli->args, "site");
    struct site_what what = { 0 };
    struct sgn_error unused = { 0 };
    char *dir = NULL;

    if (site == NULL)
        site = getenv("SIGNOFF_SITE") != NULL ? getenv("SIGNOFF_SITE") : ".";
    if (team == NULL)
        team = cli_option(&cli->args, "team");
    if (team != NULL) {
        char *teams = site_shown(site, "teams");

        dir = teams != NULL ? site_path(teams, team) : NULL;
        free(teams);
    } else if (site_what(site, &what, &unused) == SGN_OK && what.whole &&
               json_array_size(what.teams) == 1) {
        dir = strdup(json_string_value(json_array_get(what.teams, 0)));
    }
    site_what_deinit(&what);
    sgn_error_clear(&unused);
    return dir;
}

/* Under the name by which the reader finds the file; what is not on this machine keeps its own. */
static void
add(struct findings *findings, const json_t *mistake, const char *dir)
{
    json_t *one = json_copy((json_t *)mistake);
    const char *file = sgn_json_str(mistake, "file"), *severity = sgn_json_str(mistake, "severity");
    char *path = dir != NULL && file != NULL ? site_shown(dir, file) : NULL, *text = NULL;
    size_t n;

    if (path != NULL && access(path, R_OK) == 0) {
        (void)json_object_set_new(one, "file", json_string(path));
        if (site_read(path, SITE_FILE_MAX, &text, &n, NULL) == SGN_OK)
            (void)json_object_set_new(findings->sources, path, json_string(text));
    }
    (void)json_array_append_new(findings->mistakes, one);
    if (severity != NULL && strcmp(severity, "warning") == 0)
        findings->warnings++;
    else
        findings->errors++;
    free(text);
    free(path);
}

static void
print(struct cli *cli, const json_t *mistakes, const char *dir, int workflows)
{
    struct findings findings = {
        .mistakes = json_array(), .sources = json_object(), .teams = 1, .workflows = workflows
    };
    const json_t *one;
    size_t i;

    json_array_foreach(mistakes, i, one)
        add(&findings, one, dir);
    findings_text(&cli->output, &findings);
    json_decref(findings.mistakes);
    json_decref(findings.sources);
}

void
mistakes_print(struct cli *cli, const json_t *result)
{
    char *dir = team_folder(cli, sgn_json_str(result, "team"));

    print(cli, json_object_get(result, "mistakes"), dir, (int)sgn_json_int(result, "workflows", 0));
    free(dir);
}

void
mistakes_of_error(struct cli *cli, struct sgn_error *err)
{
    json_t *mistakes = json_object_get(err->data, "mistakes");
    const char *word = cli_word(&cli->args, 0);
    char *dir, *colon;

    if (cli->output.json || json_array_size(mistakes) == 0)
        return;
    /* "rehearse DIR" sends the files of that folder; everything else is about the server's. */
    dir = word != NULL && access(word, R_OK | X_OK) == 0
              ? strdup(word)
              : team_folder(cli, sgn_json_str(err->data, "team"));
    print(cli, mistakes, dir, 0);
    free(dir);
    (void)json_object_del(err->data, "mistakes");
    (void)json_object_del(err->data, "team");
    /* What follows names the first of them again. */
    colon = strpbrk(err->message, ":;");
    if (colon != NULL)
        *colon = '\0';
}
