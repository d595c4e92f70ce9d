/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of figures under headings: names stand at the left, figures end under one another. As wide
 * as what it holds; where that is too much the names are cut, and then columns left out from the
 * right.
 */
#ifndef CLI_GRID_H
#define CLI_GRID_H

#include "output.h"

#define GRID_COLUMNS 10

struct cli_grid {
    int n;                            /* columns */
    const char *titles[GRID_COLUMNS]; /* in English */
    int names;                        /* so many of them, from the left, are names */
    json_t *rows;                     /* [[TEXT...]...] */
};

/* NULL ends titles. grid->rows is to be let go. */
void cli_grid_begin(struct cli_grid *grid, int names, const char *const *titles);
/* A row of so many texts as there are columns; an integer is printed as one. Takes row. */
void cli_grid_add(struct cli_grid *grid, json_t *row_take);
/* Appends the headings and at most so many rows (0: all), each line ended by end. Text from
 * elsewhere is made harmless, as cli_text_put does. */
void cli_grid_put(struct sgn_buf *buf, const struct cli_grid *grid, const struct cli_output *output,
                  int most, const char *end);

#define GRID_SPAN 48
/* How long something took, from microseconds: "830 µs", "1.2 ms", "14.0 s", "31.5 min". */
const char *cli_took(int64_t us, char out[GRID_SPAN]);

#endif
