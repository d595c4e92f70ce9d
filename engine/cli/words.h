/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is said about cases, in the reader's language. Sentences stand in the sources in English;
 * words.c has their Chinese. Usage, help and errors of the program itself are English only.
 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* The sentence in a language, or as it is. A format keeps its arguments. */
const char *cli_say(const char *language, const char *english) __attribute__((format_arg(2)));
/* The pairs one by one, for whoever checks them; false behind the last. */
bool cli_words_get(size_t i, const char **en, const char **zh);

#endif
