/* SPDX-License-Identifier: Apache-2.0 */
/* "reference completion": what bash and zsh complete a command line of signoff by. */
#include "local.h"

#include <string.h>

/* The words of the longest names: project member add. */
#define NAME_WORDS 4

static int
count_words(const char *name)
{
    int n = 1;

    for (; *name != '\0'; name++)
        n += *name == ' ';
    return n;
}

typedef void each_command(FILE *out, const struct cli_command *command);

/* Those with most words first: "case open" before a command that is called case. */
static void
for_each(FILE *out, each_command *print)
{
    for (int words = NAME_WORDS; words > 0; words--) {
        for (const struct cli_group *g = cli_groups(); g->title != NULL; g++) {
            for (const struct cli_command *c = g->commands; c->name != NULL; c++) {
                if (count_words(c->name) == words)
                    print(out, c);
            }
        }
    }
}

static void
option_names(FILE *out, const struct cli_option *table)
{
    for (const struct cli_option *o = table; o != NULL && o->name != NULL; o++)
        fprintf(out, " --%s", o->name);
}

static bool
says_any(const char *text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strstr(text, *words) != NULL)
            return true;
    }
    return false;
}

/* What a word of a command, or the value of an option, is completed by; "" for what only its
 * reader knows. */
static const char *
kind_of(const char *value)
{
    static const char *const files[] = { "FILE", "PATH", "WHAT", NULL };
    static const char *const folders[] = { "DIR", "SITE", NULL };

    return says_any(value, files) ? "files" : says_any(value, folders) ? "folders" : "";
}

/* ---- options that take a value, each once ---- */

struct seen {
    const char *names[256];
    int n;
};

typedef void each_option(FILE *out, const struct cli_option *option);

static void
options_of(FILE *out, const struct cli_option *table, struct seen *seen, each_option *print)
{
    for (const struct cli_option *o = table; o != NULL && o->name != NULL; o++) {
        int i = 0;

        while (i < seen->n && strcmp(seen->names[i], o->name) != 0)
            i++;
        if (o->value == NULL || i < seen->n || seen->n == 256)
            continue;
        seen->names[seen->n++] = o->name;
        print(out, o);
    }
}

static void
each_valued(FILE *out, each_option *print)
{
    struct seen seen = { .n = 0 };

    options_of(out, cli_common_options(), &seen, print);
    options_of(out, cli_remote_options(), &seen, print);
    for (const struct cli_group *g = cli_groups(); g->title != NULL; g++) {
        for (const struct cli_command *c = g->commands; c->name != NULL; c++)
            options_of(out, c->options, &seen, print);
    }
}

static void
valued_name(FILE *out, const struct cli_option *o)
{
    fprintf(out, "|--%s", o->name);
    if (o->letter != 0)
        fprintf(out, "|-%c", o->letter);
}

/* Those whose value is one of a few words, or a file: the others' is for its writer to know. */
static void
valued_case(FILE *out, const struct cli_option *o)
{
    const char *kind = kind_of(o->value);

    if (strcmp(o->name, "color") == 0) {
        fprintf(out, "  --color) value='auto always never' ;;\n");
    } else if (strchr(o->value, '|') != NULL) {
        fprintf(out, "  --%s) value='", o->name);
        for (const char *c = o->value; *c != '\0'; c++)
            fputc(*c == '|' ? ' ' : *c, out);
        fprintf(out, "' ;;\n");
    } else if (kind[0] != '\0') {
        fprintf(out, "  --%s) value=%s ;;\n", o->name, kind);
    }
}

/* ---- the two shells ---- */

static void
command_case(FILE *out, const struct cli_command *c)
{
    fprintf(out, "    \"%s \"*) command='%s' kind='%s' options='", c->name, c->name,
            kind_of(c->words));
    option_names(out, c->options);
    if (c->remote)
        option_names(out, cli_remote_options());
    fprintf(out, "' ;;\n");
}

static void
command_name(FILE *out, const struct cli_command *c)
{
    fprintf(out, "    '%s'\n", c->name);
}

/* A colon ends the name, and a quote the text. */
static void
command_described(FILE *out, const struct cli_command *c)
{
    fprintf(out, "    '%s:", c->name);
    for (const char *s = c->summary; *s != '\0'; s++) {
        if (*s == '\'')
            fputs("'\\''", out);
        else
            fputc(*s, out);
    }
    fputs("'\n", out);
}

/*
 * The same in both shells. said: the words before the one that is completed, without options, each
 * with a blank behind it; value: how the value of the option before it is completed, "" where there
 * is none; options and kind: what the command takes.
 */
static void
print_tables(FILE *out, const char *words, const char *index, int first)
{
    fprintf(out,
            "  for ((i = %d; i < %s; i++)); do\n"
            "    case ${%s[i]} in\n"
            "    -",
            first, index, words);
    each_valued(out, valued_name);
    fprintf(out,
            ") ((i++)); if [[ ${%s[i]} == '=' ]]; then ((i++)); fi ;;\n"
            "    -*) ;;\n"
            "    *) said+=\"${%s[i]} \" ;;\n"
            "    esac\n"
            "  done\n"
            "  case $said in\n",
            words, words);
    for_each(out, command_case);
    fputs("  esac\n  options+='", out);
    option_names(out, cli_common_options());
    fputs("'\n  case $before in\n", out);
    each_valued(out, valued_case);
    fputs("  -", out);
    each_valued(out, valued_name);
    fputs(") value=none ;;\n  esac\n", out);
}

static void
print_bash(FILE *out)
{
    fputs("# bash completion of signoff, printed by signoff reference completion bash.\n"
          "_signoff() {\n"
          "  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "  local said='' kind='' options='' value='' next='' name i\n"
          "  local names=(\n",
          out);
    for_each(out, command_name);
    fputs("  )\n"
          "  if [[ $before == '=' ]]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi\n"
          "  if [[ $current == '=' ]]; then current=''; fi\n",
          out);
    print_tables(out, "COMP_WORDS", "COMP_CWORD", 1);
    fputs(
        "  COMPREPLY=()\n"
        "  case $value in\n"
        "  none) return ;;\n"
        "  files|folders) kind=$value ;;\n"
        "  '') if [[ $current == -* ]]; then\n"
        "        kind='' next=$options\n"
        "      else\n"
        "        for name in \"${names[@]}\"; do\n"
        "          if [[ $name == \"$said\"?* ]]; then name=${name#\"$said\"}; next+=\" ${name%% "
        "*}\"; fi\n"
        "        done\n"
        "      fi ;;\n"
        "  *) kind='' next=$value ;;\n"
        "  esac\n"
        "  COMPREPLY=($(compgen -W \"$next\" -- \"$current\" | sort -u))\n"
        "  case $kind in\n"
        "  files) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -f -- \"$current\")) ;;\n"
        "  folders) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -d -- \"$current\")) "
        ";;\n"
        "  esac\n"
        "}\n"
        "complete -F _signoff signoff\n",
        out);
}

static void
print_zsh(FILE *out)
{
    fputs("#compdef signoff\n"
          "# zsh completion of signoff, printed by signoff reference completion zsh.\n"
          "local current=${words[CURRENT]} before=${words[CURRENT-1]}\n"
          "local said='' kind='' options='' value='' name rest i\n"
          "local -a next described names\n"
          "names=(\n",
          out);
    for_each(out, command_described);
    fputs(")\n", out);
    print_tables(out, "words", "CURRENT", 2);
    fputs("case $value in\n"
          "none) return ;;\n"
          "files|folders) kind=$value ;;\n"
          "'') if [[ $current == -* ]]; then\n"
          "      kind='' next=(${=options})\n"
          "    else\n"
          "      for name in $names; do\n"
          "        if [[ $name == \"$said\"?* ]]; then\n"
          "          rest=${name#\"$said\"}\n"
          "          if [[ ${rest%%:*} == *' '* ]]; then next+=(${rest%% *}); else "
          "described+=($rest); fi\n"
          "        fi\n"
          "      done\n"
          "    fi ;;\n"
          "*) kind='' next=(${=value}) ;;\n"
          "esac\n"
          "if (( $#described )); then _describe command described; fi\n"
          "if (( $#next )); then compadd -- ${(u)next}; fi\n"
          "case $kind in\n"
          "files) _files ;;\n"
          "folders) _files -/ ;;\n"
          "esac\n",
          out);
}

enum sgn_status
local_completion(struct cli *cli, struct sgn_error *err)
{
    const char *shell = cli_word(&cli->args, 0);

    if (strcmp(shell, "bash") == 0) {
        print_bash(cli->output.out);
    } else if (strcmp(shell, "zsh") == 0) {
        print_zsh(cli->output.out);
    } else {
        cli->exit_code = CLI_USAGE;
        return sgn_fail(err, SGN_INVALID, "%s: expected bash or zsh", shell);
    }
    return SGN_OK;
}
