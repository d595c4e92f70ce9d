/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts of mails: those of the team, else those below. A template that is wrong is logged and the
 * one below used: a mail that is not sent helps nobody.
 */
#include "templates.h"

#include "log.h"
#include "template.h"
#include "text.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES 1024

static const char *const endings[OUTBOX_TEXTS] = { "subject", "txt", "html" };
static const char *const known[] = { "team",  "person",   "case",    "title", "text",
                                     "at",    "link",     "page",    "count", "items",
                                     "enter", "settings", "notices", NULL };

/* clang-format off */
/* By digest, Chinese, kind. */
static const char *const shipped[2][2][OUTBOX_TEXTS] = {
    { { "{{#case}}[{{case}}{{#title}} {{title}}{{/title}}] {{/case}}{{text}}",
        "{{text}}\n\n{{#case}}{{case}}{{#title}}: {{title}}{{/title}}\n{{/case}}{{at}}\n\n"
        "{{#link}}Your answer: {{link}}\n\n{{/link}}{{#page}}The case: {{page}}\n\n{{/page}}{{#enter}}Sign in: {{enter}}\n\n{{/enter}}-- \nSignoff, {{team}}\n{{^enter}}{{#settings}}What comes by mail: {{settings}}\n{{/settings}}{{/enter}}",
        "<p>{{text}}</p>\n{{#case}}<p>{{#page}}<a href=\"{{page}}\">{{/page}}<b>{{case}}</b>{{#page}}</a>{{/page}} {{title}}</p>\n{{/case}}<p>{{at}}</p>\n"
        "{{#link}}<p><a href=\"{{link}}\">Your answer</a></p>\n{{/link}}{{#enter}}<p><a href=\"{{enter}}\">Sign in</a></p>\n{{/enter}}<hr>\n<p>Signoff, {{team}}{{^enter}}{{#settings}} · <a href=\"{{settings}}\">What comes by mail</a>{{/settings}}{{/enter}}</p>\n" },
      { "{{#case}}【{{case}}{{#title}} {{title}}{{/title}}】{{/case}}{{text}}",
        "{{text}}\n\n{{#case}}{{case}}{{#title}}：{{title}}{{/title}}\n{{/case}}{{at}}\n\n"
        "{{#link}}在此答复：{{link}}\n\n{{/link}}{{#page}}查看事项：{{page}}\n\n{{/page}}{{#enter}}登录：{{enter}}\n\n{{/enter}}-- \nSignoff，{{team}}\n{{^enter}}{{#settings}}邮件通知设置：{{settings}}\n{{/settings}}{{/enter}}",
        "<p>{{text}}</p>\n{{#case}}<p>{{#page}}<a href=\"{{page}}\">{{/page}}<b>{{case}}</b>{{#page}}</a>{{/page}} {{title}}</p>\n{{/case}}<p>{{at}}</p>\n"
        "{{#link}}<p><a href=\"{{link}}\">在此答复</a></p>\n{{/link}}{{#enter}}<p><a href=\"{{enter}}\">登录</a></p>\n{{/enter}}<hr>\n<p>Signoff，{{team}}{{^enter}}{{#settings}} · <a href=\"{{settings}}\">邮件通知设置</a>{{/settings}}{{/enter}}</p>\n" } },
    { { "{{count}} {{#notices}}notices{{/notices}}{{^notices}}reminders{{/notices}}",
        "{{#items}}* {{case}}{{#title}} {{title}}{{/title}}: {{text}} ({{at}})\n{{#link}}  {{link}}\n{{/link}}{{#page}}  {{page}}\n{{/page}}{{/items}}\n-- \n"
        "Signoff, {{team}}\n{{#settings}}What comes by mail: {{settings}}\n{{/settings}}",
        "<ul>\n{{#items}}<li>{{#page}}<a href=\"{{page}}\">{{/page}}<b>{{case}}</b>{{#page}}</a>{{/page}} {{title}}: {{text}} ({{at}}){{#link}} <a href=\"{{link}}\">Your answer</a>{{/link}}</li>\n{{/items}}</ul>\n<hr>\n"
        "<p>Signoff, {{team}}{{#settings}} · <a href=\"{{settings}}\">What comes by mail</a>{{/settings}}</p>\n" },
      { "{{count}} 条{{#notices}}通知{{/notices}}{{^notices}}提醒{{/notices}}",
        "{{#items}}* {{case}}{{#title}} {{title}}{{/title}}：{{text}}（{{at}}）\n{{#link}}  {{link}}\n{{/link}}{{#page}}  {{page}}\n{{/page}}{{/items}}\n-- \n"
        "Signoff，{{team}}\n{{#settings}}邮件通知设置：{{settings}}\n{{/settings}}",
        "<ul>\n{{#items}}<li>{{#page}}<a href=\"{{page}}\">{{/page}}<b>{{case}}</b>{{#page}}</a>{{/page}} {{title}}：{{text}}（{{at}}）{{#link}} <a href=\"{{link}}\">在此答复</a>{{/link}}</li>\n{{/items}}</ul>\n<hr>\n"
        "<p>Signoff，{{team}}{{#settings}} · <a href=\"{{settings}}\">邮件通知设置</a>{{/settings}}</p>\n" } },
};
/* clang-format on */

/* The text of a file, at most one byte more than a template may have, which is refused then; NULL:
 * there is none. malloc'ed. */
static char *
file_text(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t n = 0;

    if (file == NULL)
        return NULL;
    text = calloc(1, SGN_TEMPLATE_MAX + 2);
    if (text != NULL)
        n = fread(text, 1, SGN_TEMPLATE_MAX + 1, file);
    (void)fclose(file);
    while (n > 0 && text[n - 1] == '\n' && sgn_text_ends(path, ".subject"))
        text[--n] = '\0';
    return text;
}

enum sgn_status
outbox_template_put(const char *dir, bool digest, bool zh, enum outbox_text text,
                    const json_t *values, struct sgn_buf *out, struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    char path[PATH_BYTES], *own = NULL;
    enum sgn_status st = SGN_INVALID;

    if (dir != NULL &&
        snprintf(path, sizeof path, "%s/mail/%s.%s.%s", dir, digest ? "digest" : "message",
                 zh ? "zh" : "en", endings[text]) < (int)sizeof path)
        own = file_text(path);
    if (own != NULL)
        st = sgn_template_put(out, own, values, text == OUTBOX_HTML, &why);
    if (own != NULL && st != SGN_OK) {
        sgn_log(SGN_LOG_WARN, "template not used", "file", path, "why", why.message, NULL);
        sgn_buf_reset(out);
    }
    sgn_error_clear(&why);
    free(own);
    return st == SGN_OK
               ? st
               : sgn_template_put(out, shipped[digest][zh][text], values, text == OUTBOX_HTML, err);
}

/* ---- looking at them ---- */

static bool
is_template(const char *name)
{
    static const char *const firsts[] = { "message.en.", "message.zh.", "digest.en.",
                                          "digest.zh." };

    for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++)
        for (int k = 0; k < OUTBOX_TEXTS; k++)
            if (strncmp(name, firsts[i], strlen(firsts[i])) == 0 &&
                strcmp(name + strlen(firsts[i]), endings[k]) == 0)
                return true;
    return false;
}

static enum sgn_status
add(json_t *mistakes, const char *name, const char *message, struct sgn_error *err)
{
    int line = strncmp(message, "line ", 5) == 0 ? (int)strtol(message + 5, NULL, 10) : 0;
    json_t *one = json_pack("{s:s, s:o, s:i, s:s}", "severity", "error", "file",
                            json_sprintf("mail/%.200s", name), "line", line > 0 ? line : 1,
                            "message", line > 0 ? strchr(message, ':') + 2 : message);

    return json_array_append_new(mistakes, one) == 0 ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
check_one(const char *dir, const char *name, json_t *mistakes, struct sgn_error *err)
{
    struct sgn_error why = { 0 };
    char path[PATH_BYTES], *text = NULL;
    enum sgn_status st = SGN_OK;

    if (snprintf(path, sizeof path, "%s/mail/%s", dir, name) < (int)sizeof path)
        text = file_text(path);
    if (!is_template(name))
        st = add(mistakes, name,
                 "no template has this name: expected message or digest, en or zh, and subject, "
                 "txt or html, as in message.en.txt",
                 err);
    else if (text == NULL)
        st = add(mistakes, name, "the template cannot be read", err);
    else if (sgn_template_check(text, known, &why) != SGN_OK)
        st = add(mistakes, name, why.message, err);
    sgn_error_clear(&why);
    free(text);
    return st;
}

enum sgn_status
outbox_templates_check(const char *dir, json_t *mistakes, struct sgn_error *err)
{
    char path[PATH_BYTES];
    struct dirent **names = NULL;
    enum sgn_status st = SGN_OK;
    int n = -1;

    if (snprintf(path, sizeof path, "%s/mail", dir) < (int)sizeof path)
        n = scandir(path, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        if (st == SGN_OK && names[i]->d_name[0] != '.')
            st = check_one(dir, names[i]->d_name, mistakes, err);
        free(names[i]);
    }
    free(names);
    return st;
}
