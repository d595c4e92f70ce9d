/* SPDX-License-Identifier: Apache-2.0 */
/* Charts, see report_chart.h. Coordinates are whole numbers: what is drawn is smaller than a
 * hundredth of the picture nowhere. */
#include "report_chart.h"
#include "clock.h"
#include "html.h"
#include "json.h"
#include <string.h>

#define WIDTH  640
#define HEIGHT 170
#define BOTTOM 140 /* where columns stand */
#define LEFT   44
#define LABELS 8  /* at most so many under the columns */
#define LABEL  66 /* how wide one is */
#define BAR    144

static const json_t *
series(const json_t *table)
{
    return json_object_get(json_object_get(table, "chart"), "of");
}

/* Colours mean something where a word does: kept is good, missed is not. */
static int
colour_of(const char *name, size_t i, size_t n)
{
    if (strcmp(name, "kept") == 0)
        return 2;
    if (strcmp(name, "missed") == 0)
        return 3;
    return n == 1 ? 1 : (int)i % 4;
}

static int64_t
value_of(const json_t *row, const char *name)
{
    int64_t value = sgn_json_int(row, name, 0);

    return value > 0 ? value : 0;
}

static const json_t *
column_of(const json_t *table, const char *name)
{
    const json_t *column;
    size_t i;

    json_array_foreach(json_object_get(table, "columns"), i, column)
        if (strcmp(sgn_json_str(column, "name"), name) == 0)
            return column;
    return NULL;
}

static bool
is_hours(const json_t *table)
{
    const char *unit =
        sgn_json_str(column_of(table, json_string_value(json_array_get(series(table), 0))), "unit");

    return unit != NULL && (strcmp(unit, "working") == 0 || strcmp(unit, "elapsed") == 0);
}

/* The first of 1, 2, 5, 10, 20 .. steps that is not below the largest value. */
static int64_t
ceiling(int64_t most)
{
    int64_t step = 1;

    while (step < most / 10)
        step *= 10;
    return most <= step       ? step
           : most <= 2 * step ? 2 * step
           : most <= 5 * step ? 5 * step
                              : 10 * step;
}

static void
legend(struct sgn_buf *out, const json_t *table)
{
    const json_t *of = series(table), *name;
    size_t i, n = json_array_size(of);

    (void)sgn_buf_puts(out, "<p class=\"legend\">");
    json_array_foreach(of, i, name) {
        const char *its = json_string_value(name);
        (void)sgn_buf_printf(out, "<i class=\"c%d\"></i>", colour_of(its, i, n));
        rpc_html_put(out, sgn_json_str(column_of(table, its), "title"));
    }
    (void)sgn_buf_puts(out, "</p>");
}

static void
axis(struct sgn_buf *out, int64_t top, bool hours)
{
    for (int part = 0; part <= 2; part++) {
        int y = BOTTOM - part * (BOTTOM - 12) / 2;
        int64_t value = top * part / 2;
        (void)sgn_buf_printf(out, "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
                             LEFT, WIDTH, y, y);
        if (part == 1 && top % 2 != 0)
            continue;
        (void)sgn_buf_printf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%lld%s</text>",
                             LEFT - 6, y + 4, (long long)value, hours ? " h" : "");
    }
}

/* A row's columns, between x and x + width. */
static void
group(struct sgn_buf *out, const json_t *table, const json_t *row, int x, int width, int64_t top,
      int64_t unit)
{
    const json_t *of = series(table), *name;
    size_t i, n = json_array_size(of);
    int each = width * 7 / 10 / (int)n;

    json_array_foreach(of, i, name) {
        const char *its = json_string_value(name);
        int64_t value = value_of(row, its);
        int height = (int)(value * (BOTTOM - 12) / (top * unit));
        if (value > 0)
            (void)sgn_buf_printf(
                out, "<rect class=\"c%d\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
                colour_of(its, i, n), x + width * 15 / 100 + (int)i * each,
                BOTTOM - (height > 0 ? height : 1), each > 1 ? each - 1 : 1,
                height > 0 ? height : 1);
    }
}

void
rpc_chart_columns(struct sgn_buf *out, const json_t *table)
{
    const json_t *rows = json_object_get(table, "rows"), *row, *name;
    int n = (int)json_array_size(rows), every = (n + LABELS - 1) / LABELS;
    bool hours = is_hours(table);
    int64_t most = 0, top, unit = hours ? SGN_HOUR_MS : 1;
    size_t i, k;

    json_array_foreach(rows, i, row)
        json_array_foreach(series(table), k, name)
            if (value_of(row, json_string_value(name)) > most)
                most = value_of(row, json_string_value(name));
    if (most == 0)
        return;
    top = ceiling((most + unit - 1) / unit);
    legend(out, table);
    (void)sgn_buf_printf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH,
                         HEIGHT);
    rpc_html_put(out, sgn_json_str(table, "title"));
    (void)sgn_buf_puts(out, "\">");
    axis(out, top, hours);
    json_array_foreach(rows, i, row) {
        int x = LEFT + (int)i * (WIDTH - LEFT) / n;
        int width = LEFT + ((int)i + 1) * (WIDTH - LEFT) / n - x;
        group(out, table, row, x, width, top, unit);
        if ((int)i % every != 0)
            continue;
        (void)sgn_buf_printf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">",
                             x + width / 2 < WIDTH - LABEL / 2 ? x + width / 2 : WIDTH - LABEL / 2,
                             BOTTOM + 18);
        rpc_html_put(out, sgn_json_str(row, "title"));
        (void)sgn_buf_puts(out, "</text>");
    }
    (void)sgn_buf_puts(out, "</svg>\n");
}

static int64_t
sum_of(const json_t *table, const json_t *row)
{
    const json_t *name;
    int64_t sum = 0;
    size_t i;

    json_array_foreach(series(table), i, name)
        sum += value_of(row, json_string_value(name));
    return sum;
}

int64_t
rpc_chart_most(const json_t *table)
{
    const json_t *row;
    int64_t most = 0;
    size_t i;

    json_array_foreach(json_object_get(table, "rows"), i, row)
        if (sum_of(table, row) > most)
            most = sum_of(table, row);
    return most;
}

void
rpc_chart_bar(struct sgn_buf *out, const json_t *table, const json_t *row, int64_t most)
{
    const json_t *of = series(table), *name;
    size_t i, n = json_array_size(of);
    double x = 0;

    (void)sgn_buf_printf(out,
                         "<svg class=\"bar\" viewBox=\"0 0 %d 12\" preserveAspectRatio=\"none\" "
                         "aria-hidden=\"true\">",
                         BAR);
    json_array_foreach(of, i, name) {
        const char *its = json_string_value(name);
        double width = most > 0 ? (double)value_of(row, its) * BAR / (double)most : 0;
        if (width > 0)
            (void)sgn_buf_printf(
                out, "<rect class=\"c%d\" x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"12\"/>",
                colour_of(its, i, n), x, width);
        x += width;
    }
    (void)sgn_buf_puts(out, "</svg>");
}
