/* SPDX-License-Identifier: Apache-2.0 */
/* A report's page, see report_page.h. */
#include "report_page.h"

#include "html.h"
#include "json.h"
#include "page_style.h"
#include "report_chart.h"
#include "say.h"
#include <string.h>

#define STYLE                                                                                      \
    RPC_PAGE_STYLE RPC_CHART_STYLE                                                                 \
        "main,header{max-width:60rem}.figures{display:grid;gap:.8rem 1.4rem;padding:0;"            \
        "grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));margin:1rem 0}"                \
        ".figures dt{font-size:.85rem}.figures dd{font-size:1.35rem;font-weight:650;margin:0;"     \
        "font-variant-numeric:tabular-nums}h3{font-size:.95rem;margin:1.5rem 0 .5rem}"             \
        "table.wide th{width:auto}table.wide{font-variant-numeric:tabular-nums;font-size:.92rem}"  \
        "table.wide thead "                                                                        \
        "th{overflow-wrap:normal;font-size:.82rem;vertical-align:bottom;border-top:0}"             \
        "table.wide .d{white-space:nowrap;overflow-wrap:normal} table.wide td,table.wide "         \
        "th{padding-top:.3rem;padding-bottom:.3rem}"                                               \
        "table.wide th:last-child{padding-right:0}"                                                \
        "table.wide td.n,table.wide th.n{text-align:right}table.wide td{white-space:normal}"       \
        ".scroll{overflow-x:auto}p.text{margin:.2rem 0 .6rem;white-space:pre-line}"                \
        ".mean dt{font-weight:600;color:var(--ink)}.mean{padding:0;font-size:.9rem}"               \
        "@media print{.sheet{break-inside:auto}svg,.figures{break-inside:avoid}"                   \
        "h3{break-after:avoid}.scroll{overflow:visible}}"

struct page {
    struct sgn_buf *out;
    const char *language;
};

static void
put(const struct page *p, const char *html)
{
    (void)sgn_buf_puts(p->out, html);
}

static void
put_text(const struct page *p, const char *text)
{
    put(p, "<bdi>");
    rpc_html_put(p->out, text);
    put(p, "</bdi>");
}

static const char *said(const struct page *p, const char *english) __attribute__((format_arg(2)));
static const char *
said(const struct page *p, const char *english)
{
    return sgn_say(p->language, english);
}

/* ---- values ---- */

static void
put_value(const struct page *p, const char *unit, const json_t *value)
{
    long long n = json_integer_value(value), tenths;

    if (value == NULL || json_is_null(value)) {
        put(p, "–");
    } else if (json_is_integer(value) &&
               (strcmp(unit, "working") == 0 || strcmp(unit, "elapsed") == 0)) {
        tenths = (n + 180000) / 360000;
        (void)sgn_buf_printf(p->out, said(p, "%lld.%lld h"), tenths / 10, tenths % 10);
    } else if (json_is_integer(value)) {
        (void)sgn_buf_printf(p->out, "%lld", n);
    } else {
        put_text(p, json_string_value(value));
        if (strcmp(unit, "percent") == 0)
            put(p, "%");
    }
}

static bool
is_words(const json_t *column)
{
    const char *unit = sgn_json_str(column, "unit");

    return strcmp(unit, "text") == 0 || strcmp(unit, "day") == 0;
}

/* ---- a table ---- */

static void
put_table_head(const struct page *p, const json_t *table, bool bars)
{
    const json_t *column;
    size_t i;

    put(p, "<div class=\"scroll\"><table class=\"wide\"><thead><tr><th scope=\"col\">");
    rpc_html_put(p->out, sgn_json_str(table, "key"));
    json_array_foreach(json_object_get(table, "columns"), i, column) {
        put(p, is_words(column) ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">");
        rpc_html_put(p->out, sgn_json_str(column, "title"));
    }
    put(p, bars ? "<td></td></thead>\n<tbody>" : "</thead>\n<tbody>");
}

static void
put_row(const struct page *p, const json_t *table, const json_t *row, bool bars, int64_t most)
{
    const json_t *column;
    size_t i;

    /* A key or a date is not broken at its strokes. */
    put(p, strcmp(sgn_json_str(row, "key"), sgn_json_str(row, "title")) == 0
               ? "<tr><th scope=\"row\" class=\"d\">"
               : "<tr><th scope=\"row\">");
    put_text(p, sgn_json_str(row, "title"));
    json_array_foreach(json_object_get(table, "columns"), i, column) {
        put(p, !is_words(column)                                  ? "<td class=\"n\">"
               : strcmp(sgn_json_str(column, "unit"), "day") == 0 ? "<td class=\"d\">"
                                                                  : "<td>");
        put_value(p, sgn_json_str(column, "unit"),
                  json_object_get(row, sgn_json_str(column, "name")));
    }
    if (bars) {
        put(p, "<td>");
        rpc_chart_bar(p->out, table, row, most);
    }
    put(p, "\n");
}

static bool
has_words(const json_t *table)
{
    const json_t *column;
    size_t i;

    json_array_foreach(json_object_get(table, "columns"), i, column)
        if (is_words(column))
            return true;
    return false;
}

static void
put_table(const struct page *p, const json_t *table)
{
    const json_t *rows = json_object_get(table, "rows"), *row;
    const char *kind = sgn_json_str(json_object_get(table, "chart"), "kind");
    bool columns = kind != NULL && strcmp(kind, "columns") == 0, bars = kind != NULL && !columns;
    int64_t most = bars ? rpc_chart_most(table) : 0;
    size_t i;

    /* One row of many says what the figures have said. */
    if (json_array_size(rows) == 0 ||
        (json_array_size(rows) == 1 && kind == NULL && !has_words(table)))
        return;
    put(p, "<h3>");
    rpc_html_put(p->out, sgn_json_str(table, "title"));
    put(p, "</h3>\n");
    if (columns)
        rpc_chart_columns(p->out, table);
    put_table_head(p, table, bars);
    json_array_foreach(rows, i, row)
        put_row(p, table, row, bars, most);
    put(p, "</tbody></table></div>\n");
    if (json_object_get(table, "more") != NULL) {
        put(p, "<p><small>");
        (void)sgn_buf_printf(p->out, said(p, "and %lld more\n"),
                             (long long)sgn_json_int(table, "more", 0));
        put(p, "</small></p>\n");
    }
}

static void
put_section(const struct page *p, const json_t *section)
{
    const json_t *figures = json_object_get(section, "figures"), *figure, *table;
    const char *note = sgn_json_str(section, "note");
    size_t i;

    put(p, "<section class=\"sheet\"><h2>");
    rpc_html_put(p->out, sgn_json_str(section, "title"));
    put(p, "</h2>\n<p class=\"sub\">");
    rpc_html_put(p->out, sgn_json_str(section, "text"));
    put(p, "</p>\n");
    if (json_array_size(figures) > 0)
        put(p, "<dl class=\"figures\">");
    json_array_foreach(figures, i, figure) {
        put(p, "<div><dt>");
        rpc_html_put(p->out, sgn_json_str(figure, "title"));
        put(p, "<dd>");
        put_value(p, sgn_json_str(figure, "unit"), json_object_get(figure, "value"));
        put(p, "</div>");
    }
    if (json_array_size(figures) > 0)
        put(p, "</dl>\n");
    json_array_foreach(json_object_get(section, "tables"), i, table)
        put_table(p, table);
    if (note != NULL) {
        put(p, "<p><small>");
        rpc_html_put(p->out, note);
        put(p, "</small></p>");
    }
    put(p, "</section>\n");
}

/* ---- the whole ---- */

static void
put_head(const struct page *p, const json_t *report)
{
    const json_t *part, *says;
    const char *name;
    size_t i;

    rpc_html_begin(p->out, p->language, sgn_json_str(report, "title"), STYLE, said(p, "Report"));
    rpc_html_put(p->out, sgn_json_str(report, "title"));
    put(p, "</h1>\n<p class=\"sub\">");
    rpc_html_put(p->out, sgn_json_str(report, "text"));
    put(p, "</p>\n<p class=\"sub\">");
    (void)sgn_buf_printf(p->out, "%.10s – %.10s", sgn_json_str(report, "from"),
                         sgn_json_str(report, "last_day"));
    json_object_foreach((json_t *)(uintptr_t)json_object_get(report, "scope"), name, part) {
        put(p, " · ");
        put_text(p, sgn_json_str(part, "title"));
    }
    (void)sgn_buf_printf(p->out, said(p, " · %lld cases\n"),
                         (long long)sgn_json_int(report, "cases", 0));
    put(p, "</p>");
    if (json_array_size(json_object_get(report, "skipped")) > 0) {
        put(p, "<p class=\"sub\">");
        (void)sgn_buf_printf(p->out,
                             said(p, "%zu cases are not counted: their histories are too long\n"),
                             json_array_size(json_object_get(report, "skipped")));
        put(p, "</p>");
    }
    json_array_foreach(json_object_get(report, "says"), i, says) {
        put(p, i == 0 ? "<p class=\"text\">" : " ");
        rpc_html_put(p->out, json_string_value(says));
    }
    put(p, "</section>\n");
}

static void
put_meanings(const struct page *p, const json_t *report)
{
    const json_t *one;
    size_t i;

    put(p, "<section class=\"sheet\"><h2>");
    rpc_html_put(p->out, said(p, "What the figures mean"));
    put(p, "</h2>\n<dl class=\"mean\">");
    json_array_foreach(json_object_get(report, "defined"), i, one) {
        put(p, "<dt>");
        rpc_html_put(p->out, sgn_json_str(one, "title"));
        put(p, "<dd>");
        rpc_html_put(p->out, sgn_json_str(one, "text"));
        put(p, "\n");
    }
    put(p, "</dl></section>\n</main>\n</body>\n</html>\n");
}

enum sgn_status
rpc_report_page(struct sgn_buf *out, const json_t *report, const char *language)
{
    struct page p = { out, language };
    const json_t *section;
    size_t i;

    put_head(&p, report);
    json_array_foreach(json_object_get(report, "sections"), i, section)
        put_section(&p, section);
    put_meanings(&p, report);
    return out->failed ? SGN_NOMEM : SGN_OK;
}
