/* SPDX-License-Identifier: Apache-2.0 */
/* The groups of commands, and finding one by its words. */
#include "commands.h"

#include "json.h"
#include <stdlib.h>
#include <string.h>

#define COMMANDS_MAX 160
#define SAID_MAX     128

/* clang-format off */
static const struct cli_group groups[] = {
    { "Sites", cli_commands_site },
    { "Inbox", cli_commands_inbox },
    { "Cases", cli_commands_case },
    { "Files", cli_commands_file },
    { "Links and calendars", cli_commands_link },
    { "People and projects", cli_commands_data },
    { "Clients", cli_commands_client },
    { "Deliveries", cli_commands_endpoint },
    { "Hooks", cli_commands_hook },
    { "Reports", cli_commands_report },
    { "Server", cli_commands_server },
    { "Other programs", cli_commands_exchange },
    { 0 },
};
/* clang-format on */

/* clang-format off */
static const struct cli_option common[] = {
    { "help", 'h', CLI_FLAG, NULL, NULL, "say how the command is used" },
    { "version", 0, CLI_FLAG, NULL, NULL, "print the version" },
    { "json", 'j', CLI_FLAG, NULL, NULL, "print JSON, one text per line, for programs" },
    { "color", 0, CLI_TEXT, "WHEN", NULL, "auto, always or never (NO_COLOR turns it off too)" },
    { "lang", 0, CLI_TEXT, "en|zh", NULL,
      "the language (SIGNOFF_LANG); else your own where you log in, else that of LC_ALL or LANG" },
    { 0 },
};

static const struct cli_option remote[] = {
    { "server", 0, CLI_TEXT, "HOST:PORT", NULL,
      "the server, over TLS tls://HOST:PORT, or its socket's path (SIGNOFF_SERVER)" },
    { "ca", 0, CLI_TEXT, "FILE", NULL, "who signs its certificate (PEM), if the system does not know (SIGNOFF_CA)" },
    { "cert", 0, CLI_TEXT, "FILE", NULL, "your own certificate (PEM), for a server that asks (SIGNOFF_CERT)" },
    { "key", 0, CLI_TEXT, "FILE", NULL, "the key of --cert (SIGNOFF_KEY)" },
    { "token-file", 0, CLI_TEXT, "FILE", NULL, "file with the token (SIGNOFF_TOKEN holds one)" },
    { "site", 0, CLI_TEXT, "DIR", NULL, "the site whose socket and tokens are used (SIGNOFF_SITE)" },
    { "as", 0, CLI_TEXT, "NAME", NULL, "be this person of a demo site (DIR/demo/NAME.token)" },
    { "operator", 0, CLI_FLAG, NULL, NULL, "be the operator (DIR/operator.token)" },
    { "team", 0, CLI_TEXT, "TEAM", "team", "the team meant; only the operator says it" },
    { 0 },
};
/* clang-format on */

const struct cli_group *
cli_groups(void)
{
    return groups;
}

const struct cli_option *
cli_common_options(void)
{
    return common;
}

const struct cli_option *
cli_remote_options(void)
{
    return remote;
}

/* How many of argv the words of name are; 0 when they do not begin it. */
static int
match(const char *name, int argc, char *const *argv)
{
    int n = 0;

    while (*name != '\0') {
        size_t len = strcspn(name, " ");
        if (n == argc || strlen(argv[n]) != len || strncmp(argv[n], name, len) != 0)
            return 0;
        n++;
        name += len + strspn(name + len, " ");
    }
    return n;
}

/* Who knows the protocol may say a method's words: "approval vote", "person create". */
static int
match_method(const char *method, int argc, char *const *argv)
{
    int n = 0;

    while (method != NULL && *method != '\0') {
        size_t len = strcspn(method, ".");
        if (n == argc || strlen(argv[n]) != len || strncmp(argv[n], method, len) != 0)
            return 0;
        n++;
        method += len + strspn(method + len, ".");
    }
    return n;
}

const struct cli_command *
cli_find(int argc, char *const *argv, int *used)
{
    const struct cli_command *best = NULL;

    *used = 0;
    for (const struct cli_group *g = groups; g->title != NULL; g++) {
        for (const struct cli_command *c = g->commands; c->name != NULL; c++) {
            int n = match(c->name, argc, argv);
            int m = match_method(c->method, argc, argv);
            if (n < m)
                n = m;
            if (n > *used) {
                best = c;
                *used = n;
            }
        }
    }
    return best;
}

bool
cli_is_family(const char *words)
{
    size_t n = strlen(words);

    for (const struct cli_group *g = groups; g->title != NULL; g++) {
        for (const struct cli_command *c = g->commands; c->name != NULL; c++) {
            if (strncmp(c->name, words, n) == 0 && c->name[n] == ' ')
                return true;
        }
    }
    return false;
}

const char *
cli_suggest(int argc, char *const *argv)
{
    const char *names[COMMANDS_MAX];
    size_t n = 0;
    const char *nearest = NULL;
    char said[SAID_MAX];

    for (const struct cli_group *g = groups; g->title != NULL; g++) {
        for (const struct cli_command *c = g->commands; c->name != NULL && n < COMMANDS_MAX; c++)
            names[n++] = c->name;
    }
    /* Two words first: "case opne" is nearer to "case open" than "case" is to anything. */
    if (argc > 1 && argv[1][0] != '-') {
        snprintf(said, sizeof(said), "%s %s", argv[0], argv[1]);
        nearest = sgn_nearest(said, names, n);
    }
    return nearest != NULL ? nearest : sgn_nearest(argv[0], names, n);
}

void
cli_word_bounds(const struct cli_command *command, int *least, int *most)
{
    const char *at = command->words;

    *least = 0;
    *most = 0;
    while (*at != '\0') {
        size_t n = strcspn(at, " ");
        if (at[0] != '[')
            (*least)++;
        if (*most >= 0)
            (*most)++;
        if (memmem(at, n, "...", 3) != NULL)
            *most = -1;
        at += n + strspn(at + n, " ");
    }
}
