/* SPDX-License-Identifier: Apache-2.0 */
/* "reference man": the manual's pages signoff(1) and signoff.ini(5), as roff. */
#include "local.h"

#include "say.h"
#include "settings.h"
#include <string.h>

#define PAGE_MAX (4 * 1024 * 1024)

/* A page that is being written. */
struct page {
    struct sgn_buf text;
    const char *language;
};

static const char *say(const struct page *page, const char *english) __attribute__((format_arg(2)));

static const char *
say(const struct page *page, const char *english)
{
    return sgn_say(page->language, english);
}

/* Text as it stands: nothing in it is a request or an escape, and a hyphen stays one that can be
 * copied. */
static void
put(struct page *page, const char *text)
{
    if (text[0] == '.' || text[0] == '\'')
        sgn_buf_puts(&page->text, "\\&");
    for (; *text != '\0'; text++) {
        if (*text == '\\')
            sgn_buf_puts(&page->text, "\\e");
        else if (*text == '-')
            sgn_buf_puts(&page->text, "\\-");
        else if (*text == '"')
            sgn_buf_puts(&page->text, "\\(dq");
        else if (*text == '\'')
            sgn_buf_puts(&page->text, "\\(aq");
        else if (*text == '~')
            sgn_buf_puts(&page->text, "\\(ti");
        else if (*text == '^')
            sgn_buf_puts(&page->text, "\\(ha");
        else if (*text == '`')
            sgn_buf_puts(&page->text, "\\(ga");
        else
            sgn_buf_append(&page->text, text, 1);
    }
}

/* request: ".SH" and the like, with one argument. */
static void
request(struct page *page, const char *name, const char *argument)
{
    sgn_buf_printf(&page->text, "%s \"", name);
    put(page, argument);
    sgn_buf_puts(&page->text, "\"\n");
}

static void
line(struct page *page, const char *text)
{
    put(page, text);
    sgn_buf_puts(&page->text, "\n");
}

static void
paragraph(struct page *page, const char *text)
{
    sgn_buf_puts(&page->text, ".PP\n");
    line(page, text);
}

/* Chinese has no blank where a line ends, and roff makes one of every end of a line. */
static void
prose_line(struct page *page, const char *text)
{
    struct sgn_buf *out = &page->text;
    bool joins = (text[0] & 0x80) != 0 && out->len > 1 && (out->bytes[out->len - 2] & 0x80) != 0;

    if (joins)
        out->bytes[--out->len] = '\0';
    line(page, text);
}

/* One paragraph of a command's help: lines that begin with blanks are code. */
static void
help_paragraph(struct page *page, char *text)
{
    bool code = false;

    sgn_buf_puts(&page->text, ".PP\n");
    for (char *rest = text, *now; (now = strsep(&rest, "\n")) != NULL;) {
        bool is_code = strncmp(now, "  ", 2) == 0;

        if (is_code != code)
            sgn_buf_puts(&page->text, is_code ? ".RS 4\n.EX\n" : ".EE\n.RE\n");
        code = is_code;
        if (is_code)
            line(page, now + 2);
        else
            prose_line(page, now + strspn(now, " "));
    }
    if (code)
        sgn_buf_puts(&page->text, ".EE\n.RE\n");
}

static void
options(struct page *page, const struct cli_option *table)
{
    for (const struct cli_option *o = table; o->name != NULL; o++) {
        sgn_buf_puts(&page->text, ".TP\n.B ");
        if (o->letter != 0)
            sgn_buf_printf(&page->text, "\\-%c, ", o->letter);
        sgn_buf_puts(&page->text, "\\-\\-");
        put(page, o->name);
        if (o->value != NULL) {
            sgn_buf_puts(&page->text, " \\fI");
            put(page, o->value);
            sgn_buf_puts(&page->text, "\\fR");
        }
        sgn_buf_puts(&page->text, "\n");
        put(page, say(page, o->help));
        if (o->kind == CLI_FIELD || o->kind == CLI_MANY)
            put(page, say(page, "; may be repeated"));
        sgn_buf_puts(&page->text, "\n");
    }
}

static void
command(struct page *page, const struct cli_command *c)
{
    char part[CLI_HELP_MAX];
    const char *rest = c->help != NULL ? c->help : "";

    sgn_buf_puts(&page->text, ".SS \"signoff ");
    put(page, c->name);
    if (c->words[0] != '\0') {
        sgn_buf_puts(&page->text, " \\fI");
        put(page, c->words);
        sgn_buf_puts(&page->text, "\\fR");
    }
    sgn_buf_puts(&page->text, "\"\n");
    put(page, say(page, c->summary));
    line(page, say(page, "."));
    while (cli_help_paragraph(&rest, page->language, part))
        help_paragraph(page, part);
    if (c->options != NULL)
        options(page, c->options);
}

static void
begin(struct page *page, const char *name, const char *section, const char *summary)
{
    sgn_buf_puts(&page->text, ".\\\" Printed by signoff reference man.\n");
    sgn_buf_printf(&page->text, ".TH %s %s \"\" \"Signoff %s\" \"Signoff\"\n", name, section,
                   SGN_VERSION);
    /* No line is broken within a word, after a heading either, and a long one is no mistake. */
    sgn_buf_puts(&page->text, ".nr HY 0\n.nh\n.ad l\n");
    request(page, ".SH", say(page, "NAME"));
    sgn_buf_printf(&page->text, "%s \\- ", name);
    line(page, say(page, summary));
}

static void
signoff_page(struct page *page)
{
    begin(page, "signoff", "1", "keeps who agreed to exactly what with clients, and when");
    request(page, ".SH", say(page, "SYNOPSIS"));
    sgn_buf_puts(&page->text, ".B signoff\n\\fICOMMAND\\fR [\\fIWORDS\\fR] [\\fIOPTIONS\\fR]\n");
    request(page, ".SH", say(page, "DESCRIPTION"));
    line(page, say(page, "A workflow engine for work that is done with clients. One program serves "
                         "a site, a folder with settings, teams and their data, and is the "
                         "command line to it."));
    paragraph(page, say(page, "Where a command works on the current folder, that is a site or a "
                              "part of one. What speaks to a server finds it by the socket in the "
                              "site's folder, or by --server."));
    for (const struct cli_group *g = cli_groups(); g->title != NULL; g++) {
        request(page, ".SH", say(page, g->title));
        for (const struct cli_command *c = g->commands; c->name != NULL; c++)
            command(page, c);
    }
    request(page, ".SH", say(page, "Options of every command"));
    options(page, cli_common_options());
    request(page, ".SH", say(page, "Which server, and who you are"));
    options(page, cli_remote_options());
    request(page, ".SH", say(page, "EXIT STATUS"));
    line(page, say(page, "0 done, 1 failed or refused, 2 not understood."));
    request(page, ".SH", say(page, "SEE ALSO"));
    sgn_buf_puts(&page->text, ".BR signoff.ini (5)\n");
}

static void
setting(struct page *page, const struct setting *s)
{
    char variable[SETTING_VARIABLE], kind[CLI_HELP_MAX];

    sgn_buf_puts(&page->text, ".TP\n.BI ");
    put(page, s->name);
    sgn_buf_puts(&page->text, " \" = ");
    put(page, s->or_else);
    sgn_buf_puts(&page->text, "\"\n");
    line(page, say(page, s->help));
    sgn_buf_puts(&page->text, ".br\n");
    settings_kind(s, page->language, kind, sizeof kind);
    put(page, kind);
    put(page, say(page, "; "));
    line(page, settings_variable(s, variable));
}

static void
ini_page(struct page *page)
{
    const char *section = "";
    int n;
    const struct setting *table = settings_table(&n);

    begin(page, "signoff.ini", "5", "settings of a site that signoff serves");
    request(page, ".SH", say(page, "DESCRIPTION"));
    line(page, say(page, "It lies in the site's folder. A line says NAME = VALUE, and stands below "
                         "its [SECTION]; a line that begins with ; or # says nothing, and so does "
                         "what follows a blank and a semicolon. Names of files are from the "
                         "site's folder."));
    paragraph(page, say(page, "A setting is taken from the option of signoff serve, else from the "
                              "environment (the variable that is named with it), else from this "
                              "file, else from its default, which is shown here."));
    paragraph(page, say(page, "signoff serve DIR --check-config tells every mistake with its line; "
                              "--print-config says where each value is from."));
    for (int i = 0; i < n; i++) {
        if (strcmp(section, table[i].section) != 0) {
            sgn_buf_printf(&page->text, ".SH \"[%s]\"\n", table[i].section);
            section = table[i].section;
        }
        setting(page, &table[i]);
    }
    request(page, ".SH", say(page, "SEE ALSO"));
    sgn_buf_puts(&page->text, ".BR signoff (1)\n");
}

enum sgn_status
local_man(struct cli *cli, struct sgn_error *err)
{
    const char *name = cli_word(&cli->args, 0);
    struct page page = { .language = cli->language };
    enum sgn_status st = SGN_OK;

    sgn_buf_init(&page.text, PAGE_MAX);
    if (name == NULL || strcmp(name, "signoff") == 0) {
        signoff_page(&page);
    } else if (strcmp(name, "signoff.ini") == 0) {
        ini_page(&page);
    } else {
        cli->exit_code = CLI_USAGE;
        st = sgn_fail(err, SGN_NOT_FOUND, "there is no page %s: signoff and signoff.ini are there",
                      name);
    }
    if (st == SGN_OK && page.text.failed)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        (void)fwrite(page.text.bytes, 1, page.text.len, cli->output.out);
    sgn_buf_deinit(&page.text);
    return st;
}
