/* SPDX-License-Identifier: Apache-2.0 */
/* "reference settings": what a site may be told. */
#include "local.h"

#include "say.h"
#include "settings.h"
#include <inttypes.h>
#include <string.h>

#define KIND_MAX 256

static const char *
type_of(const struct setting *s)
{
    switch (s->type) {
    case SETTING_IS_TEXT:
        return "a text";
    case SETTING_IS_BOOL:
        return "yes or no";
    case SETTING_IS_INTEGER:
        return "a whole number";
    case SETTING_IS_BYTES:
        return "a size such as 512K, 16M or 2G";
    }
    return "";
}

void
settings_kind(const struct setting *s, const char *language, char *out, size_t n)
{
    int at = snprintf(out, n, "%s", sgn_say(language, type_of(s)));

    if (s->type != SETTING_IS_INTEGER || at < 0 || (size_t)at >= n)
        return;
    if (s->max < INT64_MAX)
        snprintf(out + at, n - (size_t)at, sgn_say(language, ", %" PRId64 " to %" PRId64), s->min,
                 s->max);
    else
        snprintf(out + at, n - (size_t)at, sgn_say(language, ", %" PRId64 " or more"), s->min);
}

static void
print_one(const struct cli_output *o, const struct setting *s)
{
    char variable[SETTING_VARIABLE], kind[KIND_MAX];

    settings_kind(s, o->language, kind, sizeof kind);
    fprintf(o->out, "  %s%s%s = %s\n    ", cli_style(o->colour, CLI_CYAN), s->name,
            cli_style(o->colour, CLI_PLAIN), s->or_else);
    cli_text_lines(o, sgn_say(o->language, s->help), 4, 4);
    fprintf(o->out, "    %s; %s\n", kind, settings_variable(s, variable));
}

static void
print_json(const struct cli_output *o, const struct setting *s)
{
    static const char *const types[] = { "text", "bool", "integer", "bytes" };
    char variable[SETTING_VARIABLE];
    json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "section", s->section, "name",
                            s->name, "type", types[s->type], "default", s->or_else, "variable",
                            settings_variable(s, variable), "help", s->help);

    if (s->type == SETTING_IS_INTEGER || s->type == SETTING_IS_BYTES) {
        (void)json_object_set_new(row, "min", json_integer(s->min));
        (void)json_object_set_new(row, "max", json_integer(s->max));
    }
    cli_print_json(o, row);
    json_decref(row);
}

enum sgn_status
local_settings(struct cli *cli, struct sgn_error *err)
{
    const struct cli_output *o = &cli->output;
    const char *section = "";
    int n;
    const struct setting *table = settings_table(&n);

    (void)err;
    for (int i = 0; i < n; i++) {
        if (o->json) {
            print_json(o, &table[i]);
            continue;
        }
        if (strcmp(section, table[i].section) != 0)
            fprintf(o->out, "%s%s[%s]%s\n", i > 0 ? "\n" : "", cli_style(o->colour, CLI_BOLD),
                    table[i].section, cli_style(o->colour, CLI_PLAIN));
        section = table[i].section;
        print_one(o, &table[i]);
    }
    return SGN_OK;
}
