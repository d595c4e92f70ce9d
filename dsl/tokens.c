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

struct token_list {
    struct token *items;
    int n, cap;
};

struct dsl_tokens {
    const char *source;
    struct token_list list;
    struct token_list remarks; /* comments for the checker: what stands behind the mark */
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
push(struct dsl_tokens *out, struct token_list *list, struct token token)
{
    if (list->n == list->cap) {
        int cap = list->cap == 0 ? 256 : list->cap * 2;
        struct token *items = realloc(list->items, (size_t)cap * sizeof *items);

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

        if (token->kind != TOKEN_NAME || !is(token, word))
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
    return at >= 0 && at < tokens->list.n && is(&tokens->list.items[at], "{");
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
    const struct token *before = &tokens->list.items[at - 1];

    return tokens->list.items[at].depth == depth && !is(&tokens->list.items[at], ",") &&
           !is(&tokens->list.items[at], ";") &&
           ((is(before, "{") && before->depth == depth - 1) ||
            ((is(before, ",") || is(before, ";")) && before->depth == depth));
}

/* Length of "key =" or "[key] =" at at, 0 for a positional item. "[key]" counts only with one
 * token between the brackets: ["two words"] and [1] do, a computed key has no place by its name. */
static int
key_tokens(const struct dsl_tokens *tokens, int at)
{
    if (at + 1 < tokens->list.n && tokens->list.items[at].kind == TOKEN_NAME &&
        is(&tokens->list.items[at + 1], "="))
        return 2;
    if (at + 3 < tokens->list.n && is(&tokens->list.items[at], "[") &&
        is(&tokens->list.items[at + 2], "]") && is(&tokens->list.items[at + 3], "="))
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
        if ((n == 2 && is(&tokens->list.items[i], key)) ||
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
        if (i > at && (token->depth < depth || (token->depth == depth && is(token, ","))))
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

        if (token->kind == TOKEN_NAME && is(token, name))
            return true;
    }
    return false;
}
