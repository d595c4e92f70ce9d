/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reader of Lua's words, for one purpose: to say where in a file a key or a string inside a
 * constructor stands. Lua itself only tells where a call begins.
 *
 * Positions are indexes of tokens; they grow with the text, so they also tell in which order
 * the keys of a table were written. -1 means "not found" everywhere.
 */
#ifndef DSL_TOKENS_H
#define DSL_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

struct dsl_tokens;

/* Reads a text as far as it can be read; NULL only when out of memory. Borrows source. */
struct dsl_tokens *dsl_tokens_new(const char *source, size_t n);
void dsl_tokens_free(struct dsl_tokens *tokens);

int dsl_tokens_count(const struct dsl_tokens *tokens);        /* what a search may walk */
int dsl_tokens_line(const struct dsl_tokens *tokens, int at); /* 0 for -1 */
/* Where the token begins in its line, in characters (not bytes), from 1; 0 for -1. */
int dsl_tokens_column(const struct dsl_tokens *tokens, int at);
/* A word or a sign as it is written, n bytes, not NUL-terminated; NULL for a string's content and
 * for -1. */
const char *dsl_tokens_text(const struct dsl_tokens *tokens, int at, size_t *n);
/* The first token of a line or of a later one; how many there are when there is none. */
int dsl_tokens_first(const struct dsl_tokens *tokens, int line);
/* The nth (from 0) use of a word on a line; with a name, only where that string follows. The
 * last one there is, when there are fewer. */
int dsl_tokens_word(const struct dsl_tokens *tokens, int line, const char *word, const char *name,
                    int nth);
/* The nth table constructor among the arguments that follow a word. */
int dsl_tokens_body(const struct dsl_tokens *tokens, int word, int nth);
/* Where the value of a key of this table constructor begins. */
int dsl_tokens_key(const struct dsl_tokens *tokens, int brace, const char *key);
/* Where the nth (from 1) positional item begins. */
int dsl_tokens_item(const struct dsl_tokens *tokens, int brace, int nth);
/* A string with this content within the value that begins at at. */
int dsl_tokens_string(const struct dsl_tokens *tokens, int at, const char *text);
bool dsl_tokens_is_brace(const struct dsl_tokens *tokens, int at);
/* Calls back for every comment "-- signoff: TEXT": its line and column, whether nothing else stands
 * before it on that line, and TEXT without blanks around it. */
typedef void (*dsl_remark_fn)(void *ctx, int line, int column, bool alone, const char *text,
                              size_t n);
void dsl_tokens_remarks(const struct dsl_tokens *tokens, dsl_remark_fn each, void *ctx);
/* Does this name stand anywhere between two lines (inclusive)? */
bool dsl_tokens_mentions(const struct dsl_tokens *tokens, int first, int last, const char *name);

#endif
