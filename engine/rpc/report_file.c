/* SPDX-License-Identifier: Apache-2.0 */
/* A report as a file, see report_file.h. */
#include "report_file.h"
#include "buf.h"
#include "csv_row.h"
#include "data.h"
#include "json.h"
#include "memory.h"
#include "report_page.h"
#include "say.h"
#include <string.h>

#define FILE_MAX ((size_t)16 << 20)

struct sheet {
    struct sgn_buf out;
    const char *language;
    bool first; /* in this line */
};

static void
put(struct sheet *s, const char *text)
{
    (void)sgn_csv_put(&s->out, text, s->first);
    s->first = false;
}

static void
end(struct sheet *s)
{
    (void)sgn_csv_end(&s->out);
    s->first = true;
}

/* A number is no formula, whatever sign it begins with, so it stands as it is. */
static void
put_number(struct sheet *s, const char *text)
{
    if (!s->first)
        (void)sgn_buf_puts(&s->out, ",");
    (void)sgn_buf_puts(&s->out, text);
    s->first = false;
}

static bool
is_time(const char *unit)
{
    return strcmp(unit, "working") == 0 || strcmp(unit, "elapsed") == 0;
}

static void
put_value(struct sheet *s, const char *unit, const json_t *value)
{
    char text[40] = "";
    int64_t n = json_integer_value(value);

    if (json_is_string(value) && strcmp(unit, "text") != 0 && strcmp(unit, "day") != 0) {
        put_number(s, json_string_value(value));
        return;
    }
    if (json_is_integer(value) && is_time(unit)) /* hundredths of an hour, to the nearest */
        snprintf(text, sizeof text, "%lld.%02lld", (long long)((n + 18000) / 3600000),
                 (long long)((n + 18000) / 36000 % 100));
    else if (json_is_integer(value))
        snprintf(text, sizeof text, "%lld", (long long)n);
    if (text[0] != '\0')
        put_number(s, text);
    else
        put(s, json_string_value(value));
}

/* "hours (working time)" */
static const char *
unit_said(const struct sheet *s, const char *unit)
{
    static const struct {
        const char *unit, *said;
    } units[] = { { "working", "hours of working time" },
                  { "elapsed", "hours" },
                  { "percent", "percent" },
                  { "points", "points" } };

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(units[i].unit, unit) == 0)
            return sgn_say(s->language, units[i].said);
    return "";
}

/* ---- one figure a line ---- */

static void
line(struct sheet *s, const json_t *section, const json_t *table, const json_t *row,
     const json_t *column, const json_t *value)
{
    const char *unit = sgn_json_str(column, "unit");

    put(s, sgn_json_str(section, "title"));
    put(s, sgn_json_str(table, "title"));
    put(s, sgn_json_str(row, "title"));
    put(s, sgn_json_str(column, "title"));
    put(s, unit_said(s, unit));
    put_value(s, unit, value);
    end(s);
}

static void
put_section(struct sheet *s, const json_t *section)
{
    const json_t *figure, *table, *row, *column;
    size_t i, j, k;

    json_array_foreach(json_object_get(section, "figures"), i, figure)
        line(s, section, NULL, NULL, figure, json_object_get(figure, "value"));
    json_array_foreach(json_object_get(section, "tables"), i, table)
        json_array_foreach(json_object_get(table, "rows"), j, row)
            json_array_foreach(json_object_get(table, "columns"), k, column)
                line(s, section, table, row, column,
                     json_object_get(row, sgn_json_str(column, "name")));
}

static void
put_all(struct sheet *s, const json_t *report)
{
    static const char *const heads[] = { "Section", "Table", "Row", "Figure", "Unit", "Value" };
    const json_t *section;
    size_t i;

    for (i = 0; i < sizeof heads / sizeof heads[0]; i++)
        put(s, sgn_say(s->language, heads[i]));
    end(s);
    json_array_foreach(json_object_get(report, "sections"), i, section)
        put_section(s, section);
}

/* ---- one table ---- */

static void
put_table(struct sheet *s, const json_t *table)
{
    const json_t *columns = json_object_get(table, "columns"), *column, *row;
    char head[200];
    size_t i, k;

    put(s, sgn_json_str(table, "key"));
    json_array_foreach(columns, k, column) {
        const char *unit = unit_said(s, sgn_json_str(column, "unit"));
        snprintf(head, sizeof head, "%s%s%s%s", sgn_json_str(column, "title"),
                 unit[0] != '\0' ? " (" : "", unit, unit[0] != '\0' ? ")" : "");
        put(s, head);
    }
    end(s);
    json_array_foreach(json_object_get(table, "rows"), i, row) {
        put(s, sgn_json_str(row, "title"));
        json_array_foreach(columns, k, column)
            put_value(s, sgn_json_str(column, "unit"),
                      json_object_get(row, sgn_json_str(column, "name")));
        end(s);
    }
}

/* The table that is called SECTION.TABLE. */
static const json_t *
table_find(const json_t *report, const char *name)
{
    const json_t *section, *table;
    char its[160];
    size_t i, k;

    json_array_foreach(json_object_get(report, "sections"), i, section)
        json_array_foreach(json_object_get(section, "tables"), k, table) {
            snprintf(its, sizeof its, "%s.%s", sgn_json_str(section, "name"),
                     sgn_json_str(table, "name"));
            if (strcmp(its, name) == 0)
                return table;
        }
    return NULL;
}

static void
csv_make(struct sheet *s, const json_t *report, const json_t *params)
{
    const char *name = sgn_json_str(params, "table");

    (void)sgn_buf_puts(&s->out, "\xEF\xBB\xBF");
    s->first = true;
    if (name != NULL)
        put_table(s, table_find(report, name)); /* it was looked for before all was counted */
    else
        put_all(s, report);
}

enum sgn_status
rpc_report_file(const json_t *report, const json_t *params, const char *language, json_t **out,
                struct sgn_error *err)
{
    const char *format = sgn_json_str(params, "format");
    const char *last = sgn_json_str(report, "last_day"), *name = sgn_json_str(report, "report");
    bool page = format != NULL && strcmp(format, "html") == 0;
    uint64_t failures = sgn_memory_failures();
    struct sheet s = { .language = language };
    enum sgn_status status = SGN_OK;

    if (format == NULL || strcmp(format, "json") == 0) {
        *out = json_incref((json_t *)(uintptr_t)report);
        return SGN_OK;
    }
    sgn_buf_init(&s.out, FILE_MAX);
    if (page)
        (void)rpc_report_page(&s.out, report, language);
    else
        csv_make(&s, report, params);
    if (s.out.failed && sgn_memory_failures() == failures) {
        status = sgn_fail(err, SGN_TOO_LARGE,
                          "the report as a file would have more than %d MiB: choose a shorter "
                          "period, a project or a workflow",
                          (int)(FILE_MAX >> 20));
    } else {
        *out = s.out.failed
                   ? NULL
                   : json_pack("{s:s, s:o, s:s, s:s%}", "report", name, "name",
                               json_sprintf("%s-%s.%s", name, last, format), "type",
                               page ? "text/html; charset=utf-8" : "text/csv; charset=utf-8",
                               "text", s.out.bytes, s.out.len);
        status = *out != NULL ? SGN_OK : sgn_nomem(err);
    }
    sgn_buf_deinit(&s.out);
    return status;
}
