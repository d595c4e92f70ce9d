/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of commands: what "signoff --help" prints, what the words of a command fill, and
 * the function that runs it. To add a command, add a row; a method that needs no page of its
 * own needs no code either (run = remote_call or remote_list).
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli.h"
#include "options.h"
#include "output.h"

struct cli_command;
struct client;

/* One run of the program. */
struct cli {
    const struct cli_command *command;
    struct cli_args args;
    struct cli_output output;
    int (*serve)(const struct cli_serve *options);
    int exit_code;      /* of a run that returned SGN_OK, and CLI_USAGE for one that did not */
    char language[8];   /* "en" or "zh": what was asked for, else the person's once connected */
    bool language_said; /* asked for: --lang or SIGNOFF_LANG */
};

struct cli_command {
    const char *name;                 /* "case open" */
    const char *words;                /* "CASE EVENT [COMMENT]", as usage shows them; "" for none */
    const char *summary;              /* one line, no full stop */
    const char *help;                 /* further paragraphs and examples, or NULL */
    const struct cli_option *options; /* its own, or NULL */
    /* of commands that call one method: */
    const char *method;
    const char *params;  /* parameters that the words fill, in order; NAME# is a number */
    const char *columns; /* of a list, see output.h */
    const char *empty;   /* what an empty list says; NULL: "none" */
    void (*prepare)(struct cli *cli, struct client *client, json_t *rows); /* before its table */
    void (*show)(struct cli *cli, const json_t *result); /* NULL: name and value, line by line */
    enum sgn_status (*run)(struct cli *cli, struct sgn_error *err);
    bool remote; /* speaks to a server: takes the options that say which */
    bool writes; /* the method takes request_id */
};

struct cli_group {
    const char *title;                  /* heading in the list of commands; NULL ends */
    const struct cli_command *commands; /* ended by a row without name */
};

extern const struct cli_command cli_commands_site[], cli_commands_inbox[], cli_commands_case[],
    cli_commands_file[], cli_commands_link[], cli_commands_data[], cli_commands_client[],
    cli_commands_endpoint[], cli_commands_hook[], cli_commands_report[], cli_commands_server[],
    cli_commands_exchange[];

/* Options of many commands. */
#define REQUEST_OPTION                                                                             \
    {                                                                                              \
        "request-id", 0, CLI_TEXT, "ID", "request_id", "repeat a request whose answer was lost"    \
    }
#define LIMIT_OPTION                                                                               \
    {                                                                                              \
        "limit", 'n', CLI_TEXT, "N", NULL, "at most N (50); 0: all"                                \
    }

const struct cli_group *cli_groups(void);
/* Options that every command takes, and those of commands that speak to a server. */
const struct cli_option *cli_common_options(void);
const struct cli_option *cli_remote_options(void);

/*
 * The command whose name begins argv, the longest one; *used is its number of words. NULL when
 * there is none.
 */
const struct cli_command *cli_find(int argc, char *const *argv, int *used);
/* Is this the first word, or words, of some command's name ("case", "project member")? */
bool cli_is_family(const char *words);
/* The name nearest to what argv begins with, or NULL. */
const char *cli_suggest(int argc, char *const *argv);
/* Least and most words a command takes; most -1: no bound. */
void cli_word_bounds(const struct cli_command *command, int *least, int *most);

/* ---- help.c ---- */

#define CLI_HELP_MAX 4096 /* bytes of a paragraph */
/* The next paragraph of a command's help, in a language; false: there is none. Lines that begin
 * with blanks are examples and no language. */
bool cli_help_paragraph(const char **text, const char *language, char out[CLI_HELP_MAX]);

void cli_help_all(const struct cli_output *output);
void cli_help_family(const struct cli_output *output, const char *words);
void cli_help_command(const struct cli_output *output, const struct cli_command *command);

#endif
