/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lua's lexical rules, as much of them as finding places needs. Each token carries how deep it
 * lies in brackets and blocks, so that a comma inside a function body is not taken for one of
 * the table around it.
 *
 * Never judges: a file that Lua refuses is read as far as it goes, since the place of a mistake is
 * wanted all the more then.
 */
#include "memory.h"
#include "tokens_internal.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *at, *end;
    int line, depth;
    struct dsl_tokens *out;
};

/* Fails once for all: the reader goes on without noting, and the caller looks at the end. */
static void
push(struct dsl_tokens *out, struct token_list *list, struct token token)
{
    if (list->n == list->cap) {
        int cap = list->cap == 0 ? 256 : list->cap * 2;
        struct token *items = sgn_realloc(list->items, (size_t)cap * sizeof *items);

        if (items == NULL) {
            out->failed = true;
            return;
        }
        list->items = items;
        list->cap = cap;
    }
    list->items[list->n++] = token;
}

static void
add(struct reader *reader, enum token_kind kind, const char *text, size_t n, int line)
{
    push(reader->out, &reader->out->list, (struct token){ kind, line, reader->depth, text, n });
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

/* "signoff:" and what is said there; begin stands behind the two dashes. */
static void
remark(struct reader *reader, const char *begin)
{
    static const char mark[] = "signoff:";
    const char *end = reader->at;

    while (begin < end && isspace((unsigned char)*begin))
        begin++;
    if ((size_t)(end - begin) < sizeof mark - 1 || memcmp(begin, mark, sizeof mark - 1) != 0)
        return;
    for (begin += sizeof mark - 1; begin < end && isspace((unsigned char)*begin);)
        begin++;
    while (end > begin && isspace((unsigned char)end[-1]))
        end--;
    push(reader->out, &reader->out->remarks,
         (struct token){ TOKEN_OTHER, reader->line, 0, begin, (size_t)(end - begin) });
}

/* Skipped, long ones as well: a key in a comment is no key. */
static void
comment(struct reader *reader)
{
    const char *begin;
    size_t n;

    reader->at += 2;
    if (reader->at < reader->end && *reader->at == '[' && long_bracket(reader, &n) != NULL)
        return;
    begin = reader->at;
    while (reader->at < reader->end && *reader->at != '\n')
        reader->at++;
    remark(reader, begin);
}

static bool
one_of(const struct token *token, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (dsl_token_is(token, *words))
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
    struct dsl_tokens *tokens = sgn_calloc(1, sizeof *tokens);
    struct reader reader = { source, source + n, 1, 0, tokens };

    if (tokens == NULL)
        return NULL;
    tokens->source = source;
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
    free(tokens->list.items);
    free(tokens->remarks.items);
    free(tokens);
}
