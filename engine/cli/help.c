/* SPDX-License-Identifier: Apache-2.0 */
/* Prints help from the tables of commands and options. */
#include "commands.h"
#include "say.h"

#include <string.h>

#define NAME_COLUMN   25
#define OPTION_COLUMN 26

static const char *say(const struct cli_output *output, const char *english)
    __attribute__((format_arg(2)));

static const char *
say(const struct cli_output *output, const char *english)
{
    return sgn_say(output->language, english);
}

static void
heading(const struct cli_output *output, const char *text)
{
    fprintf(output->out, "\n%s%s%s\n", cli_style(output->colour, CLI_BOLD), say(output, text),
            cli_style(output->colour, CLI_PLAIN));
}

static void
command_line(const struct cli_output *output, const struct cli_command *command)
{
    fprintf(output->out, "  %s%-*s%s %s\n", cli_style(output->colour, CLI_CYAN), NAME_COLUMN,
            command->name, cli_style(output->colour, CLI_PLAIN), say(output, command->summary));
}

static void
option_lines(const struct cli_output *output, const struct cli_option *options)
{
    for (const struct cli_option *o = options; o->name != NULL; o++) {
        char left[80];
        char letter[8] = "";

        if (o->letter != 0)
            snprintf(letter, sizeof(letter), "-%c, ", o->letter);
        snprintf(left, sizeof(left), "%s--%s%s%s", letter, o->name, o->value != NULL ? " " : "",
                 o->value != NULL ? o->value : "");
        fprintf(output->out, "  %s%-*s%s %s%s\n", cli_style(output->colour, CLI_CYAN),
                OPTION_COLUMN, left, cli_style(output->colour, CLI_PLAIN), say(output, o->help),
                o->kind == CLI_FIELD || o->kind == CLI_MANY ? say(output, "; may be repeated")
                                                            : "");
    }
}

void
cli_help_all(const struct cli_output *output)
{
    fprintf(output->out, "%s\n\n",
            say(output, "Signoff keeps who agreed to exactly what, when, and what happens when "
                        "nobody answers."));
    fprintf(output->out, say(output, "usage: signoff %s"), "COMMAND [WORDS] [OPTIONS]\n");
    for (const struct cli_group *g = cli_groups(); g->title != NULL; g++) {
        heading(output, g->title);
        for (const struct cli_command *c = g->commands; c->name != NULL; c++)
            command_line(output, c);
    }
    heading(output, "Options of every command");
    option_lines(output, cli_common_options());
    heading(output, "Which server, and who you are");
    option_lines(output, cli_remote_options());
    fprintf(output->out, "\n%s\n",
            say(output,
                "signoff COMMAND --help says more. Exit codes: 0 done, 1 failed or refused, "
                "2 not understood."));
}

/* The commands whose names begin with words; with bare also the one that is called so. */
static void
family_lines(const struct cli_output *output, const char *words, bool bare)
{
    size_t n = strlen(words);

    for (const struct cli_group *g = cli_groups(); g->title != NULL; g++) {
        for (const struct cli_command *c = g->commands; c->name != NULL; c++) {
            if (strncmp(c->name, words, n) == 0 &&
                (c->name[n] == ' ' || (bare && c->name[n] == '\0')))
                command_line(output, c);
        }
    }
}

void
cli_help_family(const struct cli_output *output, const char *words)
{
    fprintf(output->out, say(output, "usage: signoff %s"), words);
    fputs(" COMMAND [WORDS] [OPTIONS]\n\n", output->out);
    family_lines(output, words, true);
    fputc('\n', output->out);
    fprintf(output->out, say(output, "signoff %s COMMAND --help says more."), words);
    fputc('\n', output->out);
}

bool
cli_help_paragraph(const char **text, const char *language, char out[CLI_HELP_MAX])
{
    const char *end = strstr(*text, "\n\n");
    size_t n = end != NULL ? (size_t)(end - *text) : strlen(*text);
    char english[CLI_HELP_MAX];

    if (n == 0)
        return false;
    snprintf(english, sizeof english, "%.*s", (int)n, *text);
    snprintf(out, CLI_HELP_MAX, "%s", sgn_say(language, english));
    *text += n;
    *text += strspn(*text, "\n");
    return true;
}

void
cli_help_command(const struct cli_output *output, const struct cli_command *command)
{
    const char *rest = command->help != NULL ? command->help : "";
    char paragraph[CLI_HELP_MAX];

    fprintf(output->out, say(output, "usage: signoff %s"), command->name);
    fprintf(output->out, "%s%s [OPTIONS]\n\n%s%s\n", command->words[0] != '\0' ? " " : "",
            command->words, say(output, command->summary), say(output, "."));
    while (cli_help_paragraph(&rest, output->language, paragraph))
        fprintf(output->out, "\n%s\n", paragraph);
    if (cli_is_family(command->name)) {
        heading(output, "Further commands");
        family_lines(output, command->name, false);
    }
    if (command->options != NULL) {
        heading(output, "Options");
        option_lines(output, command->options);
    }
    if (command->remote) {
        heading(output, "Which server, and who you are");
        option_lines(output, cli_remote_options());
    }
    heading(output, "Options of every command");
    option_lines(output, cli_common_options());
    if (command->method != NULL) {
        fputc('\n', output->out);
        fprintf(output->out, say(output, "Calls %s.\n"), command->method);
    }
}
