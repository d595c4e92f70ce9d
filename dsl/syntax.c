/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a file does not compile, for somebody who writes Chinese between the quotes and C# during the
 * day: Lua shows a character that it does not know as one byte, and blames the line for the rest.
 *
 * Characters that stand where only ASCII may are looked for only when Lua has refused the file: in
 * strings and comments everything is welcome. All of them are told, each at its place; what Lua
 * said itself is told too unless it comes after the first of them, which is then its cause.
 */
#include "dsl_internal.h"

#include <string.h>

#define TOLD_MAX 20 /* a file in another script would say the same of every line */

/* ---- characters ---- */

/* Punctuation that an input method writes instead of ASCII, and what stands there in Lua. */
static const struct {
    const char *wrong, *what, *right;
} signs[] = {
    { "，", "a full-width comma", "," },
    { "、", "an ideographic comma", "," },
    { "；", "a full-width semicolon", ";" },
    { "：", "a full-width colon", ":" },
    { "。", "an ideographic full stop", "." },
    { "．", "a full-width full stop", "." },
    { "（", "a full-width parenthesis", "(" },
    { "）", "a full-width parenthesis", ")" },
    { "｛", "a full-width brace", "{" },
    { "｝", "a full-width brace", "}" },
    { "［", "a full-width bracket", "[" },
    { "］", "a full-width bracket", "]" },
    { "【", "a Chinese bracket", "[" },
    { "】", "a Chinese bracket", "]" },
    { "＝", "a full-width equals sign", "=" },
    { "＋", "a full-width plus sign", "+" },
    { "－", "a full-width minus sign", "-" },
    { "＂", "a full-width quotation mark", "\"" },
    { "＇", "a full-width apostrophe", "'" },
    { "“", "a typographic quotation mark", "\"" },
    { "”", "a typographic quotation mark", "\"" },
    { "„", "a typographic quotation mark", "\"" },
    { "‘", "a typographic apostrophe", "'" },
    { "’", "a typographic apostrophe", "'" },
    { "《", "a Chinese quotation mark", "\"" },
    { "》", "a Chinese quotation mark", "\"" },
    { "「", "a Chinese quotation mark", "\"" },
    { "」", "a Chinese quotation mark", "\"" },
    { "＜", "a full-width sign", "<" },
    { "＞", "a full-width sign", ">" },
    { "≤", "a mathematical sign", "<=" },
    { "≥", "a mathematical sign", ">=" },
    { "≠", "a mathematical sign", "~=" },
    { "–", "a dash", "-" },
    { "—", "a dash", "-" },
    { "\u3000", "an ideographic space (U+3000)", " " },
    { "\u00a0", "a no-break space (U+00A0)", " " },
    { "\u200b", "a zero-width space (U+200B)", "" },
    { "\ufeff", "a byte order mark (U+FEFF)", "" },
};

/* Which sign does text begin with? -1: none of these. */
static int
sign_at(const char *text)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strncmp(text, signs[i].wrong, strlen(signs[i].wrong)) == 0)
            return (int)i;
    return -1;
}

static bool
is_wide(char c)
{
    return ((unsigned char)c & 0x80) != 0;
}

static bool
in_name(char c)
{
    return is_wide(c) || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/* Where a name ends that has other letters than Lua's. */
static const char *
name_end(const char *text)
{
    while (in_name(*text) && sign_at(text) < 0)
        text++;
    return text;
}

/* ---- telling ---- */

struct telling {
    json_t *mistakes;
    const char *path, *source;
    const struct dsl_tokens *tokens;
    bool failed;
};

static void
tell(struct telling *t, int line, int column, const char *message, const char *hint)
{
    if (!dsl_mistake_at(t->mistakes, t->path, line, column, message, hint))
        t->failed = true;
}

/* The sign that closes the text that begins here, on the same line; NULL when none begins. */
static const char *
closing(const char *text)
{
    static const char *const pairs[][2] = { { "“", "”" },   { "‘", "’" },   { "《", "》" },
                                            { "「", "」" }, { "＂", "＂" }, { "＇", "＇" },
                                            { "”", "”" } };

    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        size_t n = strlen(pairs[i][0]);
        const char *end;

        if (strncmp(text, pairs[i][0], n) != 0)
            continue;
        end = strstr(text + n, pairs[i][1]);
        return end != NULL && (size_t)(end - text) < strcspn(text, "\n") ? end : NULL;
    }
    return NULL;
}

/* A whole text in wrong quotation marks is one mistake. */
static const char *
tell_text(struct telling *t, const char *text, const char *end, int line, int column)
{
    int opens = sign_at(text), closes = sign_at(end);
    int n = (int)(end - text - (ptrdiff_t)strlen(signs[opens].wrong));
    char message[DSL_MESSAGE_MAX], hint[DSL_MESSAGE_MAX];

    snprintf(message, sizeof message, "\"%s\" and \"%s\" are no quotation marks of the language",
             signs[opens].wrong, signs[closes].wrong);
    if (n <= 60)
        snprintf(hint, sizeof hint, "write \"%.*s\"", n, text + strlen(signs[opens].wrong));
    else
        snprintf(hint, sizeof hint, "write \"");
    tell(t, line, column, message, hint);
    return end + strlen(signs[closes].wrong);
}

static const char *
tell_sign(struct telling *t, const char *text, int line, int column)
{
    int sign = sign_at(text);
    const char *right = signs[sign].right;
    bool seen = right[0] != ' ' && right[0] != '\0';
    char message[DSL_MESSAGE_MAX], hint[32];

    if (seen)
        snprintf(message, sizeof message, "\"%s\" is %s", signs[sign].wrong, signs[sign].what);
    else
        snprintf(message, sizeof message, "%s between the words", signs[sign].what);
    snprintf(hint, sizeof hint, "%s%s", seen ? "write " : "",
             seen            ? right
             : right[0] != 0 ? "write a plain space"
                             : "take it out");
    tell(t, line, column, message, hint);
    return text + strlen(signs[sign].wrong);
}

/* Names that begin with ASCII letters are told from where they leave them. */
static const char *
tell_name(struct telling *t, const char *text, int line, int column)
{
    const char *end = name_end(text);
    int n = (int)(end - text);
    char message[DSL_MESSAGE_MAX];

    while (n > 120 || (n > 0 && !sgn_utf8_valid(text, (size_t)n)))
        n--;
    snprintf(message, sizeof message,
             "\"%.*s\" cannot stand here: names are written with a to z, digits and _", n, text);
    tell(t, line, column, message,
         "other letters belong between quotes: name = text { title = { zh = \"...\" } }");
    return end;
}

/* Returns how many there are, and the line of the first. */
static int
tell_strays(struct telling *t, int *first)
{
    const char *next = t->source;
    int n = 0;

    for (int i = 0; i < dsl_tokens_count(t->tokens) && n < TOLD_MAX; i++) {
        int line = dsl_tokens_line(t->tokens, i), column = dsl_tokens_column(t->tokens, i);
        size_t length;
        const char *text = dsl_tokens_text(t->tokens, i, &length), *end;

        if (text == NULL || text < next || !is_wide(text[0]))
            continue;
        if (n++ == 0)
            *first = line;
        end = closing(text);
        if (end != NULL)
            next = tell_text(t, text, end, line, column);
        else if (sign_at(text) >= 0)
            next = tell_sign(t, text, line, column);
        else
            next = tell_name(t, text, line, column);
    }
    return n;
}

/* ---- what Lua says ---- */

/* Habits of other languages, by the word at which Lua stops. */
static const struct {
    const char *at, *hint;
} habits[] = {
    { "!", "\"is not\" is written ~=, \"not\" is written not" },
    { "&", "\"and\" is written and" },
    { "|", "\"or\" is written or" },
    { "//", "a comment begins with --" },
    { "/", "a comment begins with --" },
    { "else", "if a then ... elseif b then ... else ... end" },
    { "=", "is a comma missing before the key? A comparison is written ==" },
};

/* The word that Lua names, "near 'x'", without its quotes; *n bytes, 0: none. */
static const char *
near_word(const char *said, size_t *n)
{
    const char *at = strstr(said, " near "), *end = strrchr(said, '\'');

    *n = 0;
    if (at == NULL || at[6] != '\'' || end <= at + 6)
        return NULL;
    *n = (size_t)(end - at) - 7;
    return at + 7;
}

/* Only where the line has it once: Lua does not say which of two it means. */
static int
column_of_word(const struct dsl_tokens *tokens, int line, const char *word, size_t n)
{
    int found = 0, column = 0;

    for (int i = dsl_tokens_first(tokens, line);
         i < dsl_tokens_count(tokens) && dsl_tokens_line(tokens, i) == line; i++) {
        size_t length;
        const char *text = dsl_tokens_text(tokens, i, &length);

        if (text == NULL || length != n || memcmp(text, word, n) != 0)
            continue;
        column = found++ == 0 ? dsl_tokens_column(tokens, i) : 0;
    }
    return found == 1 ? column : 0;
}

static const char *
hint_for(const char *said, const char *word, size_t n)
{
    if (word == NULL)
        return NULL;
    if (strncmp(said, "unfinished string", 17) == 0)
        return strstr(word, "”") != NULL || strstr(word, "“") != NULL
                   ? "\"”\" ends no text here: write \""
                   : "a text ends on its line, with the quotation mark with which it began";
    /* "by: "pm"" is read as the call of a method */
    if (strncmp(said, "<name> expected", 15) == 0 ||
        strncmp(said, "function arguments expected", 27) == 0)
        return "a key has its value behind =: by = \"pm\"";
    for (size_t i = 0; i < sizeof habits / sizeof habits[0]; i++)
        if (strlen(habits[i].at) == n && memcmp(word, habits[i].at, n) == 0)
            return habits[i].hint;
    if (said[0] == '\'' && said[1] == '}' && (in_name(word[0]) || strchr("\"'{[", word[0]) != NULL))
        return "is a comma missing before it?";
    return NULL;
}

bool
dsl_syntax_mistakes(json_t *mistakes, const char *path, const char *source,
                    const struct dsl_tokens *tokens, int line, const char *said)
{
    struct telling t = { json_array(), path, source, tokens, false };
    int first = 0;

    if (t.mistakes == NULL)
        return false;
    if (tell_strays(&t, &first) == 0 || line < first) {
        size_t n;
        const char *word = near_word(said, &n);

        int column = word != NULL ? column_of_word(tokens, line, word, n) : 0;

        /* Before the others: the list is in the order of the lines. */
        if (!dsl_mistake_at(mistakes, path, line, column, said, hint_for(said, word, n)))
            t.failed = true;
    }
    if (json_array_extend(mistakes, t.mistakes) != 0)
        t.failed = true;
    json_decref(t.mistakes);
    return !t.failed;
}
