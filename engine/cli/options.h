/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options of the command line, as tables: a command's options are rows, parsing and help
 * are read from them. Our own and not getopt_long, because a row also knows the parameter
 * of a method that it fills, and because an unknown option is answered with the nearest.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "status.h"
#include <jansson.h>
#include <stdbool.h>

enum cli_option_kind {
    CLI_FLAG,    /* takes no value; as a parameter: true */
    CLI_NO,      /* takes no value; as a parameter: false */
    CLI_TEXT,    /* a string */
    CLI_INTEGER, /* a whole number */
    CLI_JSON,    /* any JSON text */
    CLI_FIELD,   /* NAME=VALUE, may be repeated; as a parameter an object */
    CLI_MANY,    /* a string, may be repeated; as a parameter an array */
};

struct cli_option {
    const char *name; /* without "--"; NULL ends a table */
    char letter;      /* "-j", or 0 */
    enum cli_option_kind kind;
    const char *value; /* what stands for the value in help; NULL for flags */
    const char *param; /* parameter of the method that it fills (a.b: member b of a), or NULL */
    const char *help;  /* one line */
};

/* What was given: options by name (true, a string, or an array of strings), words in order. */
struct cli_args {
    json_t *options;
    json_t *words;
};

enum sgn_status cli_args_init(struct cli_args *args, struct sgn_error *err) SGN_MUST_CHECK;
void cli_args_deinit(struct cli_args *args);

/*
 * Reads argv[0..argc-1] into args. tables: option tables, NULL-terminated list; the first row of
 * a name wins. leading: stop at the first word and do not take it. *used: how many of argv were
 * read. "--" ends the options, "-" is a word. SGN_INVALID says which argument and what
 * would be right.
 */
enum sgn_status cli_args_read(struct cli_args *args, int argc, char *const *argv,
                              const struct cli_option *const *tables, bool leading, int *used,
                              struct sgn_error *err) SGN_MUST_CHECK;

bool cli_given(const struct cli_args *args, const char *name);
const char *cli_option(const struct cli_args *args, const char *name); /* text, or NULL */
const char *cli_word(const struct cli_args *args, size_t i);           /* or NULL */

/*
 * Sets the parameters that the options of this table fill. A field's VALUE is a string; the
 * form NAME:=JSON gives any other type. SGN_INVALID names the option.
 */
enum sgn_status cli_args_params(const struct cli_args *args, const struct cli_option *table,
                                json_t *params, struct sgn_error *err) SGN_MUST_CHECK;

#endif
