/* SPDX-License-Identifier: Apache-2.0 */
/* From argv to a command's function and its exit code. */
#include "commands.h"

#include "hash.h"
#include "json.h"
#include "mistakes.h"
#include "say.h"
#include <stdlib.h>
#include <string.h>

#define FAMILY_MAX 64
#define SAID_MAX   256

/* "signoff help case open" is "signoff case open --help". */
static bool
is_help_word(int argc, char *const *argv)
{
    return argc > 0 && strcmp(argv[0], "help") == 0;
}

/* What argv asks help about: a command, a family of commands, or everything. */
static int
print_help(const struct cli_output *output, int argc, char *const *argv)
{
    int used = 0;
    const struct cli_command *command = cli_find(argc, argv, &used);
    char family[FAMILY_MAX];

    if (command != NULL) {
        cli_help_command(output, command);
        return CLI_OK;
    }
    if (argc > 0 && argv[0][0] != '-') {
        snprintf(family, sizeof(family), "%s", argv[0]);
        if (cli_is_family(family)) {
            cli_help_family(output, family);
            return CLI_OK;
        }
        fputs("signoff: ", output->err);
        fprintf(output->err, sgn_say(output->language, "there is no command %s"), argv[0]);
        fputc('\n', output->err);
        return CLI_USAGE;
    }
    cli_help_all(output);
    return CLI_OK;
}

static bool
asks_help(int argc, char *const *argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

static int
unknown_command(const struct cli_output *output, int argc, char *const *argv)
{
    struct cli_output errors = { .out = output->err,
                                 .err = output->err,
                                 .language = output->language };
    bool further = argc > 1 && argv[1][0] != '-';
    bool family = cli_is_family(argv[0]);
    /* A family's bare name is no mistake in writing: only its second word is missing. */
    const char *nearest = family && !further ? NULL : cli_suggest(argc, argv);
    char said[SAID_MAX];

    snprintf(said, sizeof(said), "%s%s%s", argv[0], family && further ? " " : "",
             family && further ? argv[1] : "");
    fputs("signoff: ", output->err);
    fprintf(
        output->err,
        sgn_say(output->language, family && !further ? "what of %s?" : "there is no command %s"),
        said);
    if (nearest != NULL)
        fprintf(output->err, sgn_say(output->language, "; did you mean signoff %s?"), nearest);
    else if (!family)
        fputs(sgn_say(output->language, "; see signoff --help"), output->err);
    fputc('\n', output->err);
    if (family && nearest == NULL)
        cli_help_family(&errors, argv[0]);
    return CLI_USAGE;
}

static enum sgn_status
check_words(const struct cli *cli, struct sgn_error *err)
{
    int n = (int)json_array_size(cli->args.words);
    int least, most;

    cli_word_bounds(cli->command, &least, &most);
    if (n < least)
        return sgn_fail(err, SGN_INVALID, "%s needs %s", cli->command->name, cli->command->words);
    if (most >= 0 && n > most && cli_is_family(cli->command->name))
        return sgn_fail(err, SGN_INVALID, "there is no command %s %s; see signoff %s --help",
                        cli->command->name, cli_word(&cli->args, (size_t)most), cli->command->name);
    if (most >= 0 && n > most)
        return sgn_fail(err, SGN_INVALID, "%s: %s is one word too many", cli->command->name,
                        cli_word(&cli->args, (size_t)most));
    return SGN_OK;
}

/* Reads what stands behind the command's name. */
static enum sgn_status
read_arguments(struct cli *cli, int argc, char *const *argv, struct sgn_error *err)
{
    static const struct cli_option none[] = { { 0 } };
    const struct cli_option *tables[4] = {
        cli->command->options != NULL ? cli->command->options : none,
        cli_common_options(),
        cli->command->remote ? cli_remote_options() : NULL,
    };
    int used;
    enum sgn_status st = cli_args_read(&cli->args, argc, argv, tables, false, &used, err);

    if (st == SGN_OK)
        st = check_words(cli, err);
    if (st == SGN_OK)
        st = cli_output_init(&cli->output, cli_option(&cli->args, "color"),
                             cli_given(&cli->args, "json"), err);
    cli->output.language = cli->language;
    return st;
}

/* Which option of a table sends this parameter? */
static const struct cli_option *
option_of(const struct cli_option *table, const char *param)
{
    const struct cli_option *found = NULL;

    for (const struct cli_option *o = table; o != NULL && o->name != NULL; o++) {
        if (o->param != NULL && strcmp(o->param, param) == 0)
            found = o; /* the last: --field behind --fields */
    }
    return found;
}

/* A server speaks of parameters, a reader of the command line knows options. */
static void
add_hint(const struct cli *cli, struct sgn_error *err)
{
    const char *pointer = sgn_json_str(err->data, "pointer");
    const struct cli_option *option = NULL;

    if (json_is_true(json_object_get(err->data, "note")))
        option = option_of(cli->command->options, "comment");
    else if (pointer != NULL && pointer[0] == '/' && strchr(pointer + 1, '/') == NULL)
        option = option_of(cli->command->options, pointer + 1);
    if (option == NULL && pointer != NULL && strcmp(pointer, "/team") == 0)
        option = option_of(cli_remote_options(), "team");
    if (option != NULL && option->value != NULL && json_object_get(err->data, "hint") == NULL &&
        !cli_given(&cli->args, option->name))
        sgn_error_add(err, "hint",
                      json_sprintf("say it with --%s %s", option->name, option->value));
}

/* "/by" is where the server looked; whoever wrote one word after the command knows where. */
static void
drop_pointer(const struct cli *cli, struct sgn_error *err)
{
    const char *pointer = sgn_json_str(err->data, "pointer"), *at = cli->command->params;
    size_t n = pointer != NULL && pointer[0] == '/' ? strlen(pointer + 1) : 0;

    while (!cli->output.json && n > 0 && at != NULL && *at != '\0') {
        size_t length = strcspn(at, " ");

        if (strcspn(at, " #") == n && memcmp(at, pointer + 1, n) == 0) {
            (void)json_object_del(err->data, "pointer");
            return;
        }
        at += length + strspn(at + length, " ");
    }
}

static int
run_command(struct cli *cli, struct sgn_error *err)
{
    enum sgn_status st = sgn_hash_init(err);

    if (st == SGN_OK)
        st = cli->command->run(cli, err);
    if (st == SGN_OK && fflush(cli->output.out) != 0)
        st = sgn_fail(err, SGN_UNAVAILABLE, "the output could not be written");
    if (st == SGN_OK)
        return cli->exit_code;
    add_hint(cli, err);
    mistakes_of_error(cli, err);
    drop_pointer(cli, err);
    cli_print_error(&cli->output, err);
    return cli->exit_code == CLI_USAGE ? CLI_USAGE : CLI_FAILED;
}

static int
usage_error(const struct cli *cli, const struct sgn_error *err)
{
    cli_print_error(&cli->output, err);
    if (!cli->output.json)
        fprintf(cli->output.err,
                sgn_say(cli->language, "  usage: signoff %s %s\n  help:  signoff %s --help\n"),
                cli->command->name, cli->command->words, cli->command->name);
    return CLI_USAGE;
}

static int
dispatch(struct cli *cli, int argc, char *const *argv, struct sgn_error *err)
{
    int used = 0;

    if (is_help_word(argc, argv))
        return print_help(&cli->output, argc - 1, argv + 1);
    if (argc == 0 || asks_help(argc, argv))
        return print_help(&cli->output, argc, argv);
    cli->command = cli_find(argc, argv, &used);
    if (cli->command == NULL)
        return unknown_command(&cli->output, argc, argv);
    if (read_arguments(cli, argc - used, argv + used, err) != SGN_OK)
        return usage_error(cli, err);
    return run_command(cli, err);
}

/* ---- the language ---- */

/* --lang wherever it stands: a mistake in what stands before it is said in that language, too. */
static const char *
language_asked(int argc, char *const *argv)
{
    const char *said = getenv("SIGNOFF_LANG");

    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strncmp(argv[i], "--lang=", 7) == 0)
            said = argv[i] + 7;
        else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
            said = argv[i + 1];
    }
    return said != NULL && said[0] != '\0' ? said : NULL;
}

static const char *
language_of_environment(void)
{
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *text = getenv(names[i]);
        if (text != NULL && text[0] != '\0')
            return text;
    }
    return "en";
}

static enum sgn_status
choose_language(struct cli *cli, int argc, char *const *argv, struct sgn_error *err)
{
    const char *asked = language_asked(argc, argv);

    snprintf(cli->language, sizeof(cli->language), "%s",
             sgn_say_is_zh(asked != NULL ? asked : language_of_environment()) ? "zh" : "en");
    cli->language_said = asked != NULL;
    cli->output.language = cli->language;
    if (asked != NULL && !sgn_say_is_zh(asked) && strncmp(asked, "en", 2) != 0)
        return sgn_fail(err, SGN_INVALID, "--lang %s: expected en or zh", asked);
    return SGN_OK;
}

int
cli_main(int argc, char **argv, int (*serve)(const struct cli_serve *options))
{
    struct cli cli = { .serve = serve };
    struct sgn_error err = { 0 };
    const struct cli_option *leading[] = { cli_common_options(), cli_remote_options(), NULL };
    int used = 0, exit_code = CLI_USAGE;

    argc--;
    argv++;
    if (cli_output_init(&cli.output, NULL, false, &err) != SGN_OK ||
        choose_language(&cli, argc, argv, &err) != SGN_OK ||
        cli_args_init(&cli.args, &err) != SGN_OK ||
        cli_args_read(&cli.args, argc, argv, leading, true, &used, &err) != SGN_OK) {
        cli_print_error(&cli.output, &err);
    } else if (cli_given(&cli.args, "version")) {
        printf("signoff %s\n", SGN_VERSION);
        exit_code = CLI_OK;
    } else if (cli_given(&cli.args, "help")) {
        exit_code = print_help(&cli.output, argc - used, argv + used);
    } else {
        exit_code = dispatch(&cli, argc - used, argv + used, &err);
    }
    cli_args_deinit(&cli.args);
    sgn_error_clear(&err);
    return exit_code;
}
