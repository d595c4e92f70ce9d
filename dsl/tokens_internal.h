/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file as tokens, between the reader (tokens.c) and what is looked for (tokens_find.c).
 */
#ifndef DSL_TOKENS_INTERNAL_H
#define DSL_TOKENS_INTERNAL_H

#include "tokens.h"
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

/* A word or a sign, never the content of a string that happens to read the same. */
static inline bool
dsl_token_is(const struct token *token, const char *text)
{
    return token->kind != TOKEN_STRING && token->n == strlen(text) &&
           memcmp(token->text, text, token->n) == 0;
}

#endif
