/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds things among the tokens of a file: a key of a table, an item, a word on a line. See
 * tokens.h.
 */
#include "tokens_internal.h"

#include <string.h>

int
dsl_tokens_count(const struct dsl_tokens *tokens)
{
    return tokens->list.n;
}

int
dsl_tokens_line(const struct dsl_tokens *tokens, int at)
{
    return at >= 0 && at < tokens->list.n ? tokens->list.items[at].line : 0;
}

const char *
dsl_tokens_text(const struct dsl_tokens *tokens, int at, size_t *n)
{
    if (at < 0 || at >= tokens->list.n || tokens->list.items[at].kind == TOKEN_STRING)
        return NULL;
    *n = tokens->list.items[at].n;
    return tokens->list.items[at].text;
}

/* Characters are counted, not bytes: that is what editors show. */
static int
column_of(const struct dsl_tokens *tokens, const char *text)
{
    int column = 1;

    for (; text > tokens->source && text[-1] != '\n'; text--) {
        if (((unsigned char)text[-1] & 0xc0) != 0x80)
            column++;
    }
    return column;
}

int
dsl_tokens_column(const struct dsl_tokens *tokens, int at)
{
    const char *text;

    if (at < 0 || at >= tokens->list.n)
        return 0;
    text = tokens->list.items[at].text;
    /* A string is kept without its quotes, or its brackets. */
    if (tokens->list.items[at].kind == TOKEN_STRING && *--text == '[') {
        do
            text--;
        while (*text == '=');
    }
    return column_of(tokens, text);
}

static const char *
line_begin(const char *source, const char *text)
{
    while (text > source && text[-1] != '\n')
        text--;
    return text;
}

void
dsl_tokens_remarks(const struct dsl_tokens *tokens, dsl_remark_fn each, void *ctx)
{
    for (int i = 0; i < tokens->remarks.n; i++) {
        const struct token *remark = &tokens->remarks.items[i];
        const char *begin = line_begin(tokens->source, remark->text);
        const char *first = begin + strspn(begin, " \t");
        const char *dashes = remark->text - strlen("signoff:");

        while (dashes > begin && (dashes[0] != '-' || dashes[-1] != '-'))
            dashes--;
        dashes--;
        each(ctx, remark->line, column_of(tokens, dashes), first == dashes, remark->text,
             remark->n);
    }
}

static bool
is_string(const struct token *token, const char *text)
{
    return token->kind == TOKEN_STRING && token->n == strlen(text) &&
           memcmp(token->text, text, token->n) == 0;
}

/* Linear, and so is every question below: a file has some thousand tokens, and only a file with
 * mistakes asks often. */
/* Lines are in order. */
int
dsl_tokens_first(const struct dsl_tokens *tokens, int line)
{
    int low = 0, high = tokens->list.n;

    while (low < high) {
        int middle = low + (high - low) / 2;

        if (tokens->list.items[middle].line < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int
dsl_tokens_word(const struct dsl_tokens *tokens, int line, const char *word, const char *name,
                int nth)
{
    int found = -1;

    for (int i = dsl_tokens_first(tokens, line);
         i < tokens->list.n && tokens->list.items[i].line == line; i++) {
        const struct token *token = &tokens->list.items[i];

        if (token->kind != TOKEN_NAME || !dsl_token_is(token, word))
            continue;
        if (name != NULL && !(i + 1 < tokens->list.n && is_string(token + 1, name)))
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
    int depth = tokens->list.items[at].depth;

    for (at++; at < tokens->list.n; at++) {
        if (tokens->list.items[at].depth <= depth)
            return at + 1;
    }
    return tokens->list.n;
}

bool
dsl_tokens_is_brace(const struct dsl_tokens *tokens, int at)
{
    return at >= 0 && at < tokens->list.n && dsl_token_is(&tokens->list.items[at], "{");
}

int
dsl_tokens_body(const struct dsl_tokens *tokens, int word, int nth)
{
    int at = word + 1;

    if (word < 0)
        return -1;
    while (at < tokens->list.n) {
        const struct token *token = &tokens->list.items[at];

        if (token->kind == TOKEN_STRING) {
            at++;
        } else if (dsl_token_is(token, "{")) {
            if (nth-- == 0)
                return at;
            at = after_bracket(tokens, at);
        } else if (dsl_token_is(token, "(")) {
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
    const struct token *before = &tokens->list.items[at - 1];

    return tokens->list.items[at].depth == depth && !dsl_token_is(&tokens->list.items[at], ",") &&
           !dsl_token_is(&tokens->list.items[at], ";") &&
           ((dsl_token_is(before, "{") && before->depth == depth - 1) ||
            ((dsl_token_is(before, ",") || dsl_token_is(before, ";")) && before->depth == depth));
}

/* Length of "key =" or "[key] =" at at, 0 for a positional item. "[key]" counts only with one
 * token between the brackets: ["two words"] and [1] do, a computed key has no place by its name. */
static int
key_tokens(const struct dsl_tokens *tokens, int at)
{
    if (at + 1 < tokens->list.n && tokens->list.items[at].kind == TOKEN_NAME &&
        dsl_token_is(&tokens->list.items[at + 1], "="))
        return 2;
    if (at + 3 < tokens->list.n && dsl_token_is(&tokens->list.items[at], "[") &&
        dsl_token_is(&tokens->list.items[at + 2], "]") &&
        dsl_token_is(&tokens->list.items[at + 3], "="))
        return 4;
    return 0;
}

/* Does a token behind a brace still stand before the one that closes it? */
static bool
is_inside(const struct dsl_tokens *tokens, int brace, int at)
{
    return at < tokens->list.n && tokens->list.items[at].depth > tokens->list.items[brace].depth;
}

int
dsl_tokens_key(const struct dsl_tokens *tokens, int brace, const char *key)
{
    if (!dsl_tokens_is_brace(tokens, brace))
        return -1;
    for (int i = brace + 1; is_inside(tokens, brace, i); i++) {
        int n;

        if (!begins_item(tokens, i, tokens->list.items[brace].depth + 1))
            continue;
        n = key_tokens(tokens, i);
        if ((n == 2 && dsl_token_is(&tokens->list.items[i], key)) ||
            (n == 4 && is_string(&tokens->list.items[i + 1], key)))
            return i + n;
    }
    return -1;
}

int
dsl_tokens_item(const struct dsl_tokens *tokens, int brace, int nth)
{
    if (!dsl_tokens_is_brace(tokens, brace))
        return -1;
    for (int i = brace + 1; is_inside(tokens, brace, i); i++) {
        if (begins_item(tokens, i, tokens->list.items[brace].depth + 1) &&
            key_tokens(tokens, i) == 0 && --nth == 0)
            return i;
    }
    return -1;
}

/* Ends with the value: the same word in the next item is somebody else's. */
int
dsl_tokens_string(const struct dsl_tokens *tokens, int at, const char *text)
{
    int depth;

    if (at < 0 || at >= tokens->list.n)
        return -1;
    depth = tokens->list.items[at].depth;
    for (int i = at; i < tokens->list.n; i++) {
        const struct token *token = &tokens->list.items[i];

        if (is_string(token, text))
            return i;
        if (i > at && (token->depth < depth || (token->depth == depth && dsl_token_is(token, ","))))
            return -1;
    }
    return -1;
}

bool
dsl_tokens_mentions(const struct dsl_tokens *tokens, int first, int last, const char *name)
{
    for (int i = dsl_tokens_first(tokens, first);
         i < tokens->list.n && tokens->list.items[i].line <= last; i++) {
        const struct token *token = &tokens->list.items[i];

        if (token->kind == TOKEN_NAME && dsl_token_is(token, name))
            return true;
    }
    return false;
}
