/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people read, in their language.
 *
 * English stands in the sources and nowhere else; the catalogue in zh/ holds the Chinese of every
 * sentence, as pairs of formats (their form is described in zh/table.py, which makes the table from
 * them when the program is built). A text is translated where it is shown, never where it arises:
 * errors, findings and refusals are English on the wire, in --json and in the history, and whoever
 * shows one has sgn_say_text() find the format that it was made with, take its arguments out and
 * put them into the Chinese one.
 *
 * Pure functions over a constant table; any thread. A language is "zh", "zh-CN", "zh_CN.UTF-8"...;
 * everything else, NULL too, is English.
 */
#ifndef SGN_SAY_H
#define SGN_SAY_H

#include <stdbool.h>
#include <stddef.h>

bool sgn_say_is_zh(const char *language);

/* The text of a source, or its translation; English where there is none. A format keeps its
 * arguments. */
const char *sgn_say(const char *language, const char *english) __attribute__((format_arg(2)));

/*
 * A finished text, wherever it came from. Which format made it is decided so: of those that match
 * all of the text, the one with most bytes of its own. A format that ends in ": " (a place, put
 * before a message) matches a beginning, and what follows it is translated by itself; so is what
 * follows any word with a colon, where it is ours. Formats with
 * fewer than SGN_SAY_LETTERS letters of their own are found only within other texts: a team's own
 * sentence must not be taken for ours because it holds a colon. A text that no format made, such as
 * a reason that a team's rules give, stays as it is. Work is bounded, whatever the text.
 * malloc'ed; NULL when out of memory.
 */
#define SGN_SAY_LETTERS 4
char *sgn_say_text(const char *language, const char *text);

/* The rows one by one, ordered by their English, for whoever checks them; false behind the last. */
bool sgn_say_row(size_t i, const char **english, const char **chinese);
/* Which row made a finished text, and its arguments, by place from 0 on, as {start, length} within
 * the text (start -1: not there); -1: none. */
struct sgn_say_argument {
    long start;
    size_t n;
};
#define SGN_SAY_ARGUMENTS 9
long sgn_say_find(const char *text, struct sgn_say_argument arguments[SGN_SAY_ARGUMENTS]);

#endif
