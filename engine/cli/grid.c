/* SPDX-License-Identifier: Apache-2.0 */
/* See grid.h. */
#include "grid.h"

#include "json.h"
#include "say.h"
#include <inttypes.h>
#include <string.h>

#define GAP     2
#define CUT_MIN 8 /* no name is cut below this width */

struct widths {
    int of[GRID_COLUMNS];
    int n; /* columns that are shown */
};

void
cli_grid_begin(struct cli_grid *grid, int names, const char *const *titles)
{
    *grid = (struct cli_grid){ .names = names, .rows = json_array() };
    while (titles[grid->n] != NULL && grid->n < GRID_COLUMNS) {
        grid->titles[grid->n] = titles[grid->n];
        grid->n++;
    }
}

void
cli_grid_add(struct cli_grid *grid, json_t *row_take)
{
    (void)json_array_append_new(grid->rows, row_take);
}

static const char *
cell(const json_t *row, int column, char number[GRID_SPAN])
{
    const json_t *value = json_array_get(row, (size_t)column);

    if (json_is_string(value))
        return json_string_value(value);
    number[0] = '\0';
    if (json_is_integer(value))
        (void)snprintf(number, GRID_SPAN, "%" PRId64, (int64_t)json_integer_value(value));
    return number;
}

static int
sum_of(const struct widths *widths)
{
    int sum = 0;

    for (int c = 0; c < widths->n; c++)
        sum += widths->of[c] + (c > 0 ? GAP : 0);
    return sum;
}

/* Cuts the widest name by one column; false: none is left that may be cut. */
static bool
narrow(struct widths *widths, int names)
{
    int widest = -1;

    for (int c = 0; c < names; c++)
        if (widths->of[c] > CUT_MIN && (widest < 0 || widths->of[c] >= widths->of[widest]))
            widest = c;
    if (widest < 0)
        return false;
    widths->of[widest]--;
    return true;
}

static void
measure(const struct cli_grid *grid, const struct cli_output *output, struct widths *widths)
{
    char number[GRID_SPAN];
    const json_t *row;
    size_t i;

    widths->n = grid->n;
    for (int c = 0; c < grid->n; c++) {
        widths->of[c] = cli_text_width(sgn_say(output->language, grid->titles[c]));
        json_array_foreach(grid->rows, i, row) {
            int width = cli_text_width(cell(row, c, number));
            widths->of[c] = width > widths->of[c] ? width : widths->of[c];
        }
    }
    if (output->width <= 0)
        return;
    while (sum_of(widths) > output->width && narrow(widths, grid->names))
        ;
    while (widths->n > grid->names + 1 && sum_of(widths) > output->width)
        widths->n--;
}

/* At the left or at the right of its column; whoever stands last at the left needs no blanks. */
static void
put_cell(struct sgn_buf *buf, const char *text, int width, bool name, bool last)
{
    int pad = width - cli_text_width(text);

    if (!name && pad > 0)
        sgn_buf_printf(buf, "%*s", pad, "");
    pad = width - cli_text_put(buf, text, width);
    if (name && !last && pad > 0)
        sgn_buf_printf(buf, "%*s", pad, "");
}

static void
put_line(struct sgn_buf *buf, const struct cli_grid *grid, const struct widths *widths,
         const struct cli_output *output, const json_t *row)
{
    char number[GRID_SPAN];

    for (int c = 0; c < widths->n; c++) {
        const char *text =
            row != NULL ? cell(row, c, number) : sgn_say(output->language, grid->titles[c]);

        if (c > 0)
            sgn_buf_printf(buf, "%*s", GAP, "");
        put_cell(buf, text, widths->of[c], c < grid->names, c == widths->n - 1);
    }
}

void
cli_grid_put(struct sgn_buf *buf, const struct cli_grid *grid, const struct cli_output *output,
             int most, const char *end)
{
    struct widths widths;
    const json_t *row;
    size_t i;

    measure(grid, output, &widths);
    sgn_buf_puts(buf, cli_style(output->colour, CLI_BOLD));
    put_line(buf, grid, &widths, output, NULL);
    sgn_buf_printf(buf, "%s%s", cli_style(output->colour, CLI_PLAIN), end);
    json_array_foreach(grid->rows, i, row) {
        if (most > 0 && (int)i >= most)
            return;
        put_line(buf, grid, &widths, output, row);
        sgn_buf_puts(buf, end);
    }
}

/* A tenth is told where it says something. */
const char *
cli_took(int64_t us, char out[GRID_SPAN])
{
    static const struct {
        int64_t below, one;
        const char *unit;
    } scales[] = {
        { 1000000, 1000, "ms" },
        { INT64_C(600000000), 1000000, "s" },
        { INT64_MAX, 60000000, "min" },
    };
    int i = us >= scales[0].below ? us >= scales[1].below ? 2 : 1 : 0;
    int64_t one = scales[i].one;

    if (us < 1000)
        (void)snprintf(out, GRID_SPAN, "%" PRId64 " \xc2\xb5s", us);
    else
        (void)snprintf(out, GRID_SPAN, "%" PRId64 ".%" PRId64 " %s", us / one, us % one * 10 / one,
                       scales[i].unit);
    return out;
}
