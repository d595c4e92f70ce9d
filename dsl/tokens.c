/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lua's lexical rules, as much of them as finding places needs. Each token carries how deep it
 * lies in brackets and blocks, so that a comma inside a function body is not taken for one of
 * the table around it.
 *
 * Never judges: a file that Lua refuses is read as far as it goes, since the place of a mistake is
 * wanted all the more then.
 */
#include "tokens.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum token_kind {
    TOKEN_NAME,
    TOKEN_STRING,
    TOKEN_NUMBER,
    TOKEN_OTHER
};

struct token {
    enum token_kind kind;
    int line;
    int depth;
    const char *text; /* of a string: its content as written */
    size_t n;
};

struct dsl_tokens {
    struct token *items;
    int n, cap;
    bool failed;
};

struct reader {
    const char *at, *end;
    int line, depth;
    struct dsl_tokens *out;
};

/* A word or a sign, never the content of a string that happens to read the same. */
static bool
is(const struct token *token, const char *text)
{
    return token->kind != TOKEN_STRING && token->n == strlen(text) &&
           memcmp(token->text, text, token->n) == 0;
}

/* Fails once for all: the reader goes on without noting, and the caller looks at the end. */
static void
add(struct reader *reader, enum token_kind kind, const char *text, size_t n, int line)
{
    struct dsl_tokens *out = reader->out;

    if (out->n == out->cap) {
        int cap = out->cap == 0 ? 256 : out->cap * 2;
        struct token *items = realloc(out->items, (size_t)cap * sizeof *items);

        if (items == NULL) {
            out->failed = true;
            return;
        }
        out->items = items;
        out->cap = cap;
    }
    out->items[out->n++] = (struct token){ kind, line, reader->depth, text, n };
}

/* The content of a long bracket that begins at text, or NULL when none does. Moves on. */
static const char *
long_bracket(struct reader *reader, size_t *n)
{
    const char *p = reader->at + 1, *begin;
    size_t level = 0;

    /* "[==[" ends at "]==]" only: what looks like an end inside is text. */
    while (p < reader->end && *p == '=') {
        level++;
        p++;
    }
    if (p >= reader->end || *p != '[')
        return NULL;
    begin = ++p;
    for (; p < reader->end; p++) {
        if (*p == '\n') {
            reader->line++;
        } else if (*p == ']' && (size_t)(reader->end - p) > level + 1 && p[level + 1] == ']' &&
                   strspn(p + 1, "=") >= level) {
            *n = (size_t)(p - begin);
            reader->at = p + level + 2;
            return begin;
        }
    }
    *n = (size_t)(p - begin);
    reader->at = p;
    return begin;
}

/* A string without its end stops at the line's: Lua refuses such a file anyway, and all lines
 * behind would count wrongly. */
static void
quoted(struct reader *reader)
{
    char quote = *reader->at++;
    const char *begin = reader->at;
    int line = reader->line;

    while (reader->at < reader->end && *reader->at != quote && *reader->at != '\n') {
        if (*reader->at == '\\' && reader->at + 1 < reader->end) {
            reader->at++;
            if (*reader->at == '\n')
                reader->line++;
        }
        reader->at++;
    }
    add(reader, TOKEN_STRING, begin, (size_t)(reader->at - begin), line);
    if (reader->at < reader->end && *reader->at == quote)
        reader->at++;
}

/* Skipped, long ones as well: a key in a comment is no key. */
static void
comment(struct reader *reader)
{
    size_t n;

    reader->at += 2;
    if (reader->at < reader->end && *reader->at == '[' && long_bracket(reader, &n) != NULL)
        return;
    while (reader->at < reader->end && *reader->at != '\n')
        reader->at++;
}

static bool
one_of(const struct token *token, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (is(token, *words))
            return true;
    }
    return false;
}

/* Names, numbers, signs; keeps the depth. "then" opens nothing here: "if" has, and "end" closes
 * it. */
static void
plain(struct reader *reader)
{
    static const char *const openers[] = { "{", "(", "[", "function", "do", "if", "repeat", NULL };
    static const char *const closers[] = { "}", ")", "]", "end", "until", NULL };
    const char *begin = reader->at;
    enum token_kind kind = TOKEN_OTHER;
    struct token token;

    if (isalpha((unsigned char)*begin) || *begin == '_') {
        kind = TOKEN_NAME;
        while (reader->at < reader->end &&
               (isalnum((unsigned char)*reader->at) || *reader->at == '_'))
            reader->at++;
    } else if (isdigit((unsigned char)*begin)) {
        kind = TOKEN_NUMBER;
        while (reader->at < reader->end &&
               (isalnum((unsigned char)*reader->at) || *reader->at == '.'))
            reader->at++;
    } else {
        reader->at++;
        /* "==" and its like are one word, so that a lone "=" always assigns. */
        if (reader->at < reader->end && *reader->at == '=' && strchr("=~<>", *begin) != NULL)
            reader->at++;
    }
    token = (struct token){ kind, 0, 0, begin, (size_t)(reader->at - begin) };
    if (one_of(&token, closers))
        reader->depth--;
    add(reader, kind, token.text, token.n, reader->line);
    if (one_of(&token, openers))
        reader->depth++;
}

/* Never fails for what the text says: an unfinished file is the ordinary case while somebody
 * writes. */
struct dsl_tokens *
dsl_tokens_new(const char *source, size_t n)
{
    struct dsl_tokens *tokens = calloc(1, sizeof *tokens);
    struct reader reader = { source, source + n, 1, 0, tokens };

    if (tokens == NULL)
        return NULL;
    while (reader.at < reader.end && !tokens->failed) {
        char c = *reader.at;
        const char *text;
        size_t length;
        int line = reader.line;

        if (c == '\n') {
            reader.line++;
            reader.at++;
        } else if (isspace((unsigned char)c)) {
            reader.at++;
        } else if (c == '-' && reader.at + 1 < reader.end && reader.at[1] == '-') {
            comment(&reader);
        } else if (c == '"' || c == '\'') {
            quoted(&reader);
        } else if (c == '[' && (text = long_bracket(&reader, &length)) != NULL) {
            add(&reader, TOKEN_STRING, text, length, line);
        } else {
            plain(&reader);
        }
    }
    if (tokens->failed) {
        dsl_tokens_free(tokens);
        return NULL;
    }
    return tokens;
}

void
dsl_tokens_free(struct dsl_tokens *tokens)
{
    if (tokens == NULL)
        return;
    free(tokens->items);
    free(tokens);
}

int
dsl_tokens_line(const struct dsl_tokens *tokens, int at)
{
    return at >= 0 && at < tokens->n ? tokens->items[at].line : 0;
}

static bool
is_string(const struct token *token, const char *text)
{
    return token->kind == TOKEN_STRING && token->n == strlen(text) &&
           memcmp(token->text, text, token->n) == 0;
}

/* Linear, and so is every question below: a file has some thousand tokens, and only a file with
 * mistakes asks often. */
int
dsl_tokens_word(const struct dsl_tokens *tokens, int line, const char *word, const char *name,
                int nth)
{
    int found = -1;

    for (int i = 0; i < tokens->n && tokens->items[i].line <= line; i++) {
        const struct token *token = &tokens->items[i];

        if (token->line != line || token->kind != TOKEN_NAME || !is(token, word))
            continue;
        if (name != NULL && !(i + 1 < tokens->n && is_string(token + 1, name)))
            continue;
        found = i;
        /* The last one that there is serves when there are fewer: a place nearby is better than
         * none. */
        if (nth-- == 0)
            break;
    }
    return found;
}

/* The first token after the bracket that opens at at. By depth, not by counting brackets: "end"
 * closes what "do" opened. */
static int
after_bracket(const struct dsl_tokens *tokens, int at)
{
    int depth = tokens->items[at].depth;

    for (at++; at < tokens->n; at++) {
        if (tokens->items[at].depth <= depth)
            return at + 1;
    }
    return tokens->n;
}

bool
dsl_tokens_is_brace(const struct dsl_tokens *tokens, int at)
{
    return at >= 0 && at < tokens->n && is(&tokens->items[at], "{");
}

int
dsl_tokens_body(const struct dsl_tokens *tokens, int word, int nth)
{
    int at = word + 1;

    if (word < 0)
        return -1;
    while (at < tokens->n) {
        const struct token *token = &tokens->items[at];

        if (token->kind == TOKEN_STRING) {
            at++;
        } else if (is(token, "{")) {
            if (nth-- == 0)
                return at;
            at = after_bracket(tokens, at);
        } else if (is(token, "(")) {
            /* "({ ... })" is a body as well */
            if (dsl_tokens_is_brace(tokens, at + 1) && nth-- == 0)
                return at + 1;
            at = after_bracket(tokens, at);
        } else {
            return -1;
        }
    }
    return -1;
}

/* Is this token the first of an item of the table whose items lie at depth? Only what follows
 * the brace or a separator of that very table is: separators further in have another depth. */
static bool
begins_item(const struct dsl_tokens *tokens, int at, int depth)
{
    const struct token *before = &tokens->items[at - 1];

    return tokens->items[at].depth == depth && !is(&tokens->items[at], ",") &&
           !is(&tokens->items[at], ";") &&
           ((is(before, "{") && before->depth == depth - 1) ||
            ((is(before, ",") || is(before, ";")) && before->depth == depth));
}

/* Length of "key =" or "[key] =" at at, 0 for a positional item. "[key]" counts only with one
 * token between the brackets: ["two words"] and [1] do, a computed key has no place by its name. */
static int
key_tokens(const struct dsl_tokens *tokens, int at)
{
    if (at + 1 < tokens->n && tokens->items[at].kind == TOKEN_NAME &&
        is(&tokens->items[at + 1], "="))
        return 2;
    if (at + 3 < tokens->n && is(&tokens->items[at], "[") && is(&tokens->items[at + 2], "]") &&
        is(&tokens->items[at + 3], "="))
        return 4;
    return 0;
}

int
dsl_tokens_key(const struct dsl_tokens *tokens, int brace, const char *key)
{
    int end;

    if (!dsl_tokens_is_brace(tokens, brace))
        return -1;
    end = after_bracket(tokens, brace);
    for (int i = brace + 1; i < end; i++) {
        int n;

        if (!begins_item(tokens, i, tokens->items[brace].depth + 1))
            continue;
        n = key_tokens(tokens, i);
        if ((n == 2 && is(&tokens->items[i], key)) ||
            (n == 4 && is_string(&tokens->items[i + 1], key)))
            return i + n;
    }
    return -1;
}

int
dsl_tokens_item(const struct dsl_tokens *tokens, int brace, int nth)
{
    int end;

    if (!dsl_tokens_is_brace(tokens, brace))
        return -1;
    end = after_bracket(tokens, brace) - 1;
    for (int i = brace + 1; i < end; i++) {
        if (begins_item(tokens, i, tokens->items[brace].depth + 1) && key_tokens(tokens, i) == 0 &&
            --nth == 0)
            return i;
    }
    return -1;
}

/* Ends with the value: the same word in the next item is somebody else's. */
int
dsl_tokens_string(const struct dsl_tokens *tokens, int at, const char *text)
{
    int depth;

    if (at < 0 || at >= tokens->n)
        return -1;
    depth = tokens->items[at].depth;
    for (int i = at; i < tokens->n; i++) {
        const struct token *token = &tokens->items[i];

        if (is_string(token, text))
            return i;
        if (i > at && (token->depth < depth || (token->depth == depth && is(token, ","))))
            return -1;
    }
    return -1;
}

bool
dsl_tokens_mentions(const struct dsl_tokens *tokens, int first, int last, const char *name)
{
    for (int i = 0; i < tokens->n && tokens->items[i].line <= last; i++) {
        const struct token *token = &tokens->items[i];

        if (token->line >= first && token->kind == TOKEN_NAME && is(token, name))
            return true;
    }
    return false;
}
