/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is said about cases, in the reader's language. Sentences stand in the sources in English;
 * words.c has their Chinese. Usage, help and errors of the program itself are English only.
 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

/* The sentence in a language, or as it is. A format keeps its conversions and their order. */
const char *cli_say(const char *language, const char *english) __attribute__((format_arg(2)));

#endif
