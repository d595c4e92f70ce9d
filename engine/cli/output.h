/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What commands print: tables, times, errors; for people on a terminal, plain elsewhere.
 *
 * Colour is used only on a terminal, never when NO_COLOR is set and not empty; --color
 * decides otherwise. Results go to stdout, errors and progress to stderr. Text that came
 * from a server has its control characters replaced, so that nothing in a case can drive
 * the reader's terminal.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "buf.h"
#include "status.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct cli_output {
    FILE *out, *err;
    bool json;   /* --json: one JSON text per line */
    bool colour; /* of out */
    bool err_colour;
    int width;            /* columns of the terminal; 0: not a terminal, nothing is cut */
    const char *language; /* "en" or "zh"; NULL is English */
};

/* color: "auto", "always", "never" or NULL for auto. SGN_INVALID for another word. */
enum sgn_status cli_output_init(struct cli_output *output, const char *color, bool json,
                                struct sgn_error *err) SGN_MUST_CHECK;

enum cli_style {
    CLI_PLAIN,
    CLI_BOLD,
    CLI_DIM,
    CLI_RED,
    CLI_GREEN,
    CLI_YELLOW,
    CLI_CYAN
};
/* The escape sequence that begins or ends a style; "" without colour. */
const char *cli_style(bool colour, enum cli_style style);

/* ---- text ---- */

/* Columns that the text takes on a terminal: wide characters two, combining ones none. */
int cli_text_width(const char *text);
/* Appends text, control characters replaced by '?', newlines by a space; cut with an
 * ellipsis to at most max columns (0: no bound). Returns the columns it took. */
int cli_text_put(struct sgn_buf *buf, const char *text, int max);
/* Prints text to its end and a newline, control characters replaced. What does not fit on a
 * terminal goes on in further lines, which begin at column indent; the first one has begun
 * already and stands at column first. */
void cli_text_lines(const struct cli_output *output, const char *text, int indent, int first);

/* ---- tables ---- */

/*
 * A table of the members of JSON objects. columns names members, separated by spaces; a member
 * within a member is written with a dot. "member=Title" gives another heading, "member:t" is
 * a time. Columns are as wide as their widest cell; on a terminal the widest are cut until a
 * line fits. A column that is empty in every row is left out.
 */
enum sgn_status cli_table_print(const struct cli_output *output, const char *columns,
                                const json_t *rows, struct sgn_error *err) SGN_MUST_CHECK;

/* ---- values ---- */

/* A value as people read it: strings bare, lists with commas, objects as name=value. */
void cli_value_put(struct sgn_buf *buf, const json_t *value);
/* Who is meant: "li", "pm", "group desk"; from {person}, {role} or {group}, or a list of them. */
void cli_who_put(struct sgn_buf *buf, const json_t *who);
/* A time (ms or RFC 3339) as "2026-01-05 09:00", in the zone it is written in. */
void cli_time_put(struct sgn_buf *buf, const json_t *value);
/* ms of a time in either form; -1 when it is none. */
int64_t cli_time_ms(const json_t *value);
/* The same with the offset of another time, for times that a server gave as a number. */
void cli_time_put_as(struct sgn_buf *buf, const json_t *value, const char *like);
/* "1 case", "7 cases", in the reader's language: one and several are formats of a single %lld that
 * the catalogue knows. Returns count->text. */
struct cli_count {
    char text[96];
};
const char *cli_count(struct cli_count *count, const char *language, long long n, const char *one,
                      const char *several);
/* "2 d 3 h", "5 min": the two largest units. */
void cli_span_put(struct sgn_buf *buf, int64_t ms, const char *language);

/* A title: a string, or {"en", "zh"} in a language. Borrowed. */
const char *cli_title(const json_t *title, const char *language, const char *or_else);

/* ---- results and errors ---- */

/* One line of JSON. */
void cli_print_json(const struct cli_output *output, const json_t *value);
/* "signoff: message", then where (pointer), then what would help (hint, nearest, fields). */
void cli_print_error(const struct cli_output *output, const struct sgn_error *err);

#endif
