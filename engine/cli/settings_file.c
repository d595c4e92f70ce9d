/* SPDX-License-Identifier: Apache-2.0 */
/* The form of signoff.ini. Our own reader: lines of any length, and every mistake with its line. */
#include "settings.h"

#include "site.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r\f\v"
#define MARK   "\xef\xbb\xbf" /* which some editors begin a file with */

struct lines {
    settings_line *take;
    void *ctx;
    const char *section;
    int line;
};

/* Cuts the blanks at both ends. */
static char *
trimmed(char *text)
{
    size_t n;

    text += strspn(text, BLANKS);
    n = strlen(text);
    while (n > 0 && strchr(BLANKS, text[n - 1]) != NULL)
        n--;
    text[n] = '\0';
    return text;
}

/* A semicolon behind a blank begins a comment; one within a value does not. */
static void
cut_comment(char *value)
{
    for (char *c = strchr(value, ';'); c != NULL; c = strchr(c + 1, ';')) {
        if (c > value && strchr(BLANKS, c[-1]) != NULL) {
            *c = '\0';
            return;
        }
    }
}

static void
take_setting(const struct lines *lines, char *text)
{
    char *sign = strpbrk(text, "=:");
    const char *name;

    if (sign == NULL || sign == text) {
        lines->take(lines->ctx, lines->line, lines->section, NULL, NULL);
        return;
    }
    *sign = '\0';
    name = trimmed(text);
    cut_comment(sign + 1);
    lines->take(lines->ctx, lines->line, lines->section, name, trimmed(sign + 1));
}

static void
take_line(struct lines *lines, char *text)
{
    char *end;

    text = trimmed(text);
    if (text[0] == '\0' || text[0] == ';' || text[0] == '#')
        return;
    if (text[0] != '[') {
        take_setting(lines, text);
        return;
    }
    end = strchr(text, ']');
    if (end == NULL) {
        lines->take(lines->ctx, lines->line, lines->section, NULL, NULL);
        return;
    }
    *end = '\0';
    lines->section = trimmed(text + 1);
}

enum sgn_status
settings_lines(const char *path, settings_line *take, void *ctx, struct sgn_error *err)
{
    struct lines lines = { .take = take, .ctx = ctx, .section = "" };
    char *text = NULL, *rest;
    const char *fault;
    size_t n = 0;
    int line, column;
    enum sgn_status st = site_read(path, SITE_FILE_MAX, &text, &n, err);

    if (st != SGN_OK)
        return st;
    fault = sgn_text_fault(text, n, &line, &column);
    if (fault != NULL)
        st = sgn_fail(err, SGN_INVALID, "line %d, column %d: %s", line, column, fault);
    rest = strncmp(text, MARK, strlen(MARK)) == 0 ? text + strlen(MARK) : text;
    while (st == SGN_OK && rest != NULL) {
        char *now = strsep(&rest, "\n");
        lines.line++;
        take_line(&lines, now);
    }
    free(text);
    return st;
}
