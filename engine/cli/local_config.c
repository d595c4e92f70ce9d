/* SPDX-License-Identifier: Apache-2.0 */
/* "serve --check-config" and "serve --print-config": what a server would go by, without one. */
#include "local.h"

#include "say.h"
#include "site.h"
#include <stdlib.h>
#include <string.h>

#define ORIGIN_COLUMN 40
#define CONFIG_MAX    65536

static void
print_mistakes(const struct cli_output *o, FILE *out, const json_t *mistakes)
{
    const json_t *mistake;
    size_t i;

    json_array_foreach(mistakes, i, mistake) {
        const char *message = json_string_value(json_object_get(mistake, "message"));
        char *said = sgn_say_text(o->language, message);

        fprintf(out, "%s: %s\n", json_string_value(json_object_get(mistake, "place")),
                said != NULL ? said : message);
        free(said);
    }
}

/* What --check-config says. */
static void
print_check(const struct cli_output *o, const char *dir, json_t *mistakes)
{
    size_t n = json_array_size(mistakes);
    json_t *all;

    if (o->json) {
        all = json_pack("{s:O}", "mistakes", mistakes);
        cli_print_json(o, all);
        json_decref(all);
        return;
    }
    print_mistakes(o, o->out, mistakes);
    if (n == 0)
        fprintf(o->out, sgn_say(o->language, "%s: the settings are in order"), dir);
    else
        fprintf(o->out, sgn_say(o->language, n == 1 ? "%zu mistake" : "%zu mistakes"), n);
    fputc('\n', o->out);
}

/* One line: as it could stand in a file, and where it is from behind it. */
static void
print_setting(const struct cli_output *o, const char *name, const char *value, const char *place)
{
    int width = (int)strlen(name) + 3 + cli_text_width(value);

    fprintf(o->out, "%s = %s%*s ; %s\n", name, value,
            width < ORIGIN_COLUMN ? ORIGIN_COLUMN - width : 0, "", sgn_say(o->language, place));
}

static enum sgn_status
print_config(const struct cli_output *o, const char *ini, const struct settings *settings,
             struct sgn_error *err)
{
    static const char *const sources[] = { "default", "file", "environment", "option" };
    const char *section = "";
    int n;
    const struct setting *table = settings_table(&n);
    struct sgn_buf value;

    for (int i = 0; i < n; i++) {
        char place[SETTING_PLACE];
        json_t *row;

        sgn_buf_init(&value, CONFIG_MAX);
        settings_value(settings, &table[i], &value);
        settings_place(settings, &table[i], ini, place);
        if (sgn_buf_append(&value, "", 1) != SGN_OK) {
            sgn_buf_deinit(&value);
            return sgn_nomem(err);
        }
        row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "section", table[i].section, "name",
                        table[i].name, "value", value.bytes, "origin",
                        sources[settings->origins[i].source], "place", place, "default",
                        table[i].or_else);
        if (o->json) {
            cli_print_json(o, row);
        } else {
            if (strcmp(section, table[i].section) != 0)
                fprintf(o->out, "%s[%s]\n", i > 0 ? "\n" : "", table[i].section);
            print_setting(o, table[i].name, value.bytes, place);
        }
        section = table[i].section;
        json_decref(row);
        sgn_buf_deinit(&value);
    }
    return SGN_OK;
}

enum sgn_status
local_config(struct cli *cli, const struct cli_serve *asked, struct sgn_error *err)
{
    struct settings settings;
    char *ini = site_shown(asked->site, SITE_SETTINGS);
    json_t *mistakes = json_array();
    bool check = cli_given(&cli->args, "check-config");
    enum sgn_status st = ini != NULL && mistakes != NULL
                             ? site_serve_settings(asked, &settings, mistakes, err)
                             : sgn_nomem(err);

    if (st == SGN_OK && check)
        st = site_config_check(asked->site, &settings, mistakes, err);
    if (st == SGN_OK && json_array_size(mistakes) > 0)
        cli->exit_code = CLI_FAILED;
    if (st == SGN_OK && check)
        print_check(&cli->output, asked->site, mistakes);
    else if (st == SGN_OK)
        print_mistakes(&cli->output, cli->output.err, mistakes);
    if (st == SGN_OK && cli_given(&cli->args, "print-config"))
        st = print_config(&cli->output, ini, &settings, err);
    json_decref(mistakes);
    free(ini);
    return st;
}
